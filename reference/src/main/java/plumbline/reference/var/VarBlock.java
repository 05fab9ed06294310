package plumbline.reference.var;

import plumbline.reference.layer.Attention;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Transposed;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;

/**
 * A single VAR layer (Definition 3.8, {@code def-3.8}): F_var = FFN ∘ Attn ∘ Φ_up. Definition B.3 has tokens as rows,
 * Definition B.5 as columns: what is computed is FFN(Attn(Φ_up(X))ᵀ)ᵀ.
 *
 * @param pyramid Φ_up,r
 * @param attention Attn, on the Σ_{i≤r} h_i w_i tokens that Φ_up,r returns (Definition B.4)
 * @param feedForward FFN
 */
public record VarBlock(Pyramid pyramid, Attention attention, FeedForward feedForward) {

  public VarBlock {
    attention = attention.onTokens(pyramid.tokensOut());
    Shape.require("def-3.8", "W_1", feedForward.w1().shape(), -1, attention.wv().rows());
  }

  /** Id of the statement that defines this layer. */
  public String statement() {
    return "def-3.8";
  }

  /** The stage of a {@link VarTransformer} that this layer is. */
  public VarTransformer.Stage stage() {
    return new VarTransformer.Stage(attention, new Transposed(feedForward));
  }

  /**
   * Applies the layer; arguments and result as {@link Pyramid#apply}.
   *
   * @param init X_init, 1×d
   * @param merged X_1, …, X_{r−1} merged
   */
  public <M extends Matrix<M>> M apply(M init, M merged) {
    return stage().apply(pyramid.apply(init, merged));
  }
}
