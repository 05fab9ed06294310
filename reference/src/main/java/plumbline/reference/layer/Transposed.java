package plumbline.reference.layer;

import plumbline.spec.layer.Layer;
import plumbline.spec.number.Matrix;

/**
 * A layer with tokens as columns, used on tokens as rows, or the other way round: X ↦ layer(Xᵀ)ᵀ.
 *
 * @param layer the layer inside
 */
public record Transposed(Layer layer) implements Layer {

  @Override
  public String statement() {
    return layer.statement();
  }

  @Override
  public <M extends Matrix<M>> M apply(M x) {
    return layer.apply(x.transpose()).transpose();
  }
}
