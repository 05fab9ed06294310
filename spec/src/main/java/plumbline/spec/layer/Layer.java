package plumbline.spec.layer;

import plumbline.spec.number.Matrix;

/**
 * A map between matrices that a statement of the paper defines. It is written once and knows nothing of the number
 * system it runs in: its weights are exact and lifted into the system of its input.
 */
public interface Layer {

  /** Id of the statement that defines this layer, such as {@code def-b.3}. */
  String statement();

  /**
   * Applies the layer.
   *
   * @throws plumbline.spec.number.ShapeException if {@code x} has not the shape that the statement gives it
   */
  <M extends Matrix<M>> M apply(M x);
}
