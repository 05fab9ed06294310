package plumbline.reference.layer;

import java.util.List;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.Matrix;

/**
 * Layers one after the other; none is the identity.
 *
 * @param statement id of the statement that defines the whole
 * @param layers the layers, the first to be applied first (the paper's f_n ∘ … ∘ f_1 names the last first)
 */
public record Composition(String statement, List<Layer> layers) implements Layer {

  public Composition {
    layers = List.copyOf(layers);
  }

  /** The given layers, the first to be applied first. */
  public static Composition of(String statement, Layer... layers) {
    return new Composition(statement, List.of(layers));
  }

  @Override
  public <M extends Matrix<M>> M apply(M x) {
    M y = x;
    for (Layer layer : layers) {
      y = layer.apply(y);
    }
    return y;
  }
}
