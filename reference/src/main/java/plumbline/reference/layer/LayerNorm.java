package plumbline.reference.layer;

import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/**
 * Layer normalization (Definition C.9, {@code def-c.9}): Y_{j,*} = (X_{j,*} − μ_j) / √(σ_j² + ε) with the mean μ_j and the
 * biased variance σ_j² of row j. The paper has ε = 0, which leaves constant rows undefined; ε &gt; 0 is what
 * implementations do. No learned scale and shift. Tokens are the rows of X, n×c with c at least 1.
 *
 * @param epsilon ε, at least 0
 */
public record LayerNorm(BigFraction epsilon) implements Layer {

  public LayerNorm {
    if (epsilon.compareTo(BigFraction.ZERO) < 0) {
      throw new IllegalArgumentException("def-c.9: epsilon must be at least 0, got " + epsilon);
    }
  }

  /** As the paper writes it: ε = 0. */
  public LayerNorm() {
    this(BigFraction.ZERO);
  }

  @Override
  public String statement() {
    return "def-c.9";
  }

  @Override
  public <M extends Matrix<M>> M apply(M x) {
    if (x.columns() == 0) {
      throw new ShapeException("def-c.9: X must have at least one channel, got " + Shape.of(x));
    }
    return x.normalizeRows(epsilon);
  }
}
