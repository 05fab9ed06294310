package plumbline.reference.layer;

import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;

/**
 * The MLP layer (Definition C.8, {@code def-c.8}): Y_{j,*} = X_{j,*} W + b. One affine map, no activation. Tokens are
 * the rows of X, n×c.
 *
 * @param w W, c×c'
 * @param b b, 1×c'
 */
public record Mlp(ExactMatrix w, ExactMatrix b) implements Layer {

  public Mlp {
    Shape.require("def-c.8", "b", b.shape(), 1, w.columns());
  }

  @Override
  public String statement() {
    return "def-c.8";
  }

  @Override
  public <M extends Matrix<M>> M apply(M x) {
    Shape.require(statement(), "X", Shape.of(x), -1, w.rows());
    return x.times(x.lift(w)).plus(x.lift(b).broadcast(x.rows(), w.columns()));
  }
}
