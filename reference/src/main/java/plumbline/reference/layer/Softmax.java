package plumbline.reference.layer;

import plumbline.spec.layer.Layer;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/** Softmax of each row (Definition B.1, {@code def-b.1}): Softmax(z)_j = exp(z_j) / Σ_k exp(z_k). Rows are not empty. */
public record Softmax() implements Layer {

  @Override
  public String statement() {
    return "def-b.1";
  }

  @Override
  public <M extends Matrix<M>> M apply(M z) {
    if (z.columns() == 0 && z.rows() > 0) {
      throw new ShapeException("def-b.1: z must have at least one entry, got " + Shape.of(z));
    }
    return z.softmaxRows();
  }
}
