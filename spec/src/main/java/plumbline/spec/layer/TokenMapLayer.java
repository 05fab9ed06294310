package plumbline.spec.layer;

import plumbline.spec.number.Matrix;

/** A map between token maps (h×w×c tensors) that a statement of the paper defines. */
public interface TokenMapLayer {

  /** Id of the statement that defines this layer, such as {@code def-3.2}. */
  String statement();

  /**
   * Applies the layer.
   *
   * @throws plumbline.spec.number.ShapeException if {@code x} has not the shape that the statement gives it
   */
  <M extends Matrix<M>> TokenMap<M> apply(TokenMap<M> x);
}
