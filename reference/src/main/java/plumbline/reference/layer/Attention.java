package plumbline.reference.layer;

import plumbline.spec.layer.Layer;
import plumbline.spec.layer.TokenMapLayer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;

/**
 * Single-layer attention (Definition B.3, {@code def-b.3}): Attn(X) = D⁻¹ A X W_V with A of Definition B.2 and
 * D = diag(A 1_n). D⁻¹A is the softmax of each row of scores, and is computed as that. Tokens are the rows of X, n×d.
 *
 * @param scores W_Q and W_K
 * @param wv W_V, d×d
 * @param tokens the number n of tokens that Definition B.4 ({@code def-b.4}) fixes, or −1 for any (Definition B.3)
 */
public record Attention(AttentionMatrix scores, ExactMatrix wv, int tokens) implements Layer {

  public Attention {
    int d = scores.wq().rows();
    Shape.require("def-b.3", "W_V", wv.shape(), d, d);
  }

  /** Attention on any number of tokens, {@code def-b.3}; the weights are d×d. */
  public Attention(ExactMatrix wq, ExactMatrix wk, ExactMatrix wv) {
    this(new AttentionMatrix(wq, wk), wv, -1);
  }

  /** The same attention on exactly {@code n} = Σ_{i≤r} h_i w_i tokens: layer r of the VAR transformer, {@code def-b.4}. */
  public Attention onTokens(int n) {
    return new Attention(scores, wv, n);
  }

  /** The same attention on h×w×c token maps, c = d: Definition C.7, {@code def-c.7}. */
  public TokenMapLayer onTokenMaps() {
    return new Tokenwise("def-c.7", this);
  }

  @Override
  public String statement() {
    return tokens < 0 ? "def-b.3" : "def-b.4";
  }

  @Override
  public <M extends Matrix<M>> M apply(M x) {
    Shape.require(statement(), "X", Shape.of(x), tokens, wv.rows());
    return scores.scores(x).softmaxRows().times(x.times(x.lift(wv)));
  }
}
