package plumbline.properties.arbitrary;

import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/**
 * A layer with an input that fits it, both exact.
 *
 * @param layer the layer with its weights
 * @param x its input
 */
public record LayerInput<L extends Layer>(L layer, ExactMatrix x) {

  /** The layer's value at the input, in a number system. */
  public <M extends Matrix<M>> M in(NumberSystem<M> system) {
    return layer.apply(system.lift(x));
  }
}
