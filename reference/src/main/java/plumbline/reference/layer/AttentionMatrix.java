package plumbline.reference.layer;

import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;

/**
 * The attention matrix (Definition B.2, {@code def-b.2}): A_{ij} = exp(X_{i,*} W_Q W_Kᵀ X_{j,*}ᵀ), n×n, not normalised and
 * not scaled by 1/√d. Tokens are the rows of X, n×d.
 *
 * @param wq W_Q, d×d
 * @param wk W_K, d×d
 */
public record AttentionMatrix(ExactMatrix wq, ExactMatrix wk) implements Layer {

  public AttentionMatrix {
    Shape.require("def-b.2", "W_Q", wq.shape(), wq.rows(), wq.rows());
    Shape.require("def-b.2", "W_K", wk.shape(), wq.rows(), wq.rows());
  }

  @Override
  public String statement() {
    return "def-b.2";
  }

  @Override
  public <M extends Matrix<M>> M apply(M x) {
    return scores(x).exp();
  }

  /** The scores X W_Q W_Kᵀ Xᵀ, n×n: the logarithms of the attention matrix. */
  public <M extends Matrix<M>> M scores(M x) {
    Shape.require("def-b.2", "X", Shape.of(x), -1, wq.rows());
    return x.times(x.lift(wq)).times(x.times(x.lift(wk)).transpose());
  }
}
