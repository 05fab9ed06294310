package plumbline.reference.layer;

import java.util.List;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;

/**
 * Attention as arXiv 2411.16525 has it, the one that Lemma 4.4 ({@code lemma-4.4}) is about:
 * q(Z) = Z + Σ_heads W_O W_V Z · softmax_columns((W_K Z)ᵀ (W_Q Z)). Tokens are the <em>columns</em> of Z, d×L.
 *
 * <p>Unlike Definition B.3 it has a residual connection and an output projection.
 *
 * @param heads the heads, all of one d; at least one
 */
public record ResidualAttention(List<Head> heads) implements Layer {

  /**
   * One head of size s.
   *
   * @param wo W_O, d×s
   * @param wv W_V, s×d
   * @param wk W_K, s×d
   * @param wq W_Q, s×d
   */
  public record Head(ExactMatrix wo, ExactMatrix wv, ExactMatrix wk, ExactMatrix wq) {

    public Head {
      Shape.require("lemma-4.4", "W_V", wv.shape(), wo.columns(), wo.rows());
      Shape.require("lemma-4.4", "W_K", wk.shape(), wo.columns(), wo.rows());
      Shape.require("lemma-4.4", "W_Q", wq.shape(), wo.columns(), wo.rows());
    }

    /** The size s. */
    public int size() {
      return wo.columns();
    }

    private <M extends Matrix<M>> M apply(M z) {
      // The softmax of the columns of (W_K Z)ᵀ(W_Q Z), transposed: the rows of (W_Q Z)ᵀ(W_K Z).
      M weights = z.lift(wq).times(z).transpose().times(z.lift(wk).times(z)).softmaxRows();
      return z.lift(wo).times(z.lift(wv).times(z).times(weights.transpose()));
    }
  }

  public ResidualAttention {
    if (heads.isEmpty()) {
      throw new IllegalArgumentException("lemma-4.4: attention needs at least one head");
    }
    heads = List.copyOf(heads);
    int d = heads.get(0).wo().rows();
    for (Head head : heads) {
      Shape.require("lemma-4.4", "W_O", head.wo().shape(), d, -1);
    }
  }

  /** A single head: W_O d×s; W_V, W_K, W_Q s×d. */
  public ResidualAttention(ExactMatrix wo, ExactMatrix wv, ExactMatrix wk, ExactMatrix wq) {
    this(List.of(new Head(wo, wv, wk, wq)));
  }

  /** Size d of a token. */
  public int tokenSize() {
    return heads.get(0).wo().rows();
  }

  @Override
  public String statement() {
    return "lemma-4.4";
  }

  @Override
  public <M extends Matrix<M>> M apply(M z) {
    Shape.require(statement(), "Z", Shape.of(z), tokenSize(), -1);
    M sum = z;
    for (Head head : heads) {
      sum = sum.plus(head.apply(z));
    }
    return sum;
  }
}
