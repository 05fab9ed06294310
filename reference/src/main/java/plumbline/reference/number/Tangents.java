package plumbline.reference.number;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.NumberSystem;
import plumbline.spec.number.ShapeException;

/**
 * Values with derivatives, by forward accumulation over a certified system: every layer, unchanged, computes its Jacobian.
 *
 * <p>Contract. Let the variables of {@link #variables} range over a box, and f be what a layer computes of them. Then
 * {@link TangentMatrix#value} contains f(X) for every X of the box, and the {@linkplain TangentMatrix#derivative derivatives}
 * contain <em>slopes</em>: for all X, Y of the box at which f is defined there are matrices S_k in the derivatives with
 * f(X) − f(Y) = Σ_k (x_k − y_k) S_k. Where f is differentiable the partial derivatives are among the slopes (let Y go to X).
 * So the largest absolute row sum of the derivatives is a Lipschitz constant of f on the box.
 *
 * <p>Each primitive keeps the contract, because a slope of a composition is a product of slopes: those of exp, log and softmax
 * are derivatives at a point between (mean value theorem); (x + y)(x − y) = x² − y²; 1/(√x + √y) is one of √;
 * a/b − a'/b' = ((a − a') − (a'/b')(b − b'))/b. Those of |x|, max and relu lie between the one-sided derivatives (Clarke's
 * derivative): in [−1, 1] or [0, 1] where the enclosure does not tell which side is meant. Where no finite slope exists, as for
 * √ at 0, the derivative is the whole line, or an {@link ArithmeticException} over the rationals.
 *
 * @param <M> the certified matrices that hold values and derivatives
 */
public final class Tangents<M extends Certified<M>> implements NumberSystem<TangentMatrix<M>> {
  private final CertifiedSystem<M> base;
  private final int directions;

  /**
   * @param base where values and derivatives are enclosed
   * @param directions number of derivatives that every matrix carries, at least 0
   */
  public Tangents(CertifiedSystem<M> base, int directions) {
    if (directions < 0) {
      throw new IllegalArgumentException("the number of directions must be at least 0, got " + directions);
    }
    this.base = base;
    this.directions = directions;
  }

  /**
   * All matrices between {@code lower} and {@code upper}, with one direction for each entry, row-major.
   *
   * @throws IllegalArgumentException if some lower end exceeds its upper end
   */
  public static <M extends Certified<M>> TangentMatrix<M> variables(CertifiedSystem<M> base, ExactMatrix lower, ExactMatrix upper) {
    List<ExactMatrix> units = new ArrayList<>();
    for (int k = 0; k < lower.size(); k++) {
      long[] unit = new long[lower.size()];
      unit[k] = 1;
      units.add(ExactMatrix.ofIntegers(lower.rows(), lower.columns(), unit));
    }
    return new Tangents<>(base, lower.size()).along(base.enclose(lower, upper), units);
  }

  /** {@code value} with the given derivatives, one for each direction and of its shape. */
  public TangentMatrix<M> along(M value, List<ExactMatrix> derivatives) {
    if (derivatives.size() != directions) {
      throw new ShapeException(directions + " directions need as many derivatives, got " + derivatives.size());
    }
    List<M> lifted = new ArrayList<>();
    for (ExactMatrix derivative : derivatives) {
      if (derivative.rows() != value.rows() || derivative.columns() != value.columns()) {
        throw new ShapeException("a derivative must be " + value.rows() + "×" + value.columns() + ", got " + derivative.shape());
      }
      lifted.add(base.lift(derivative));
    }
    return new TangentMatrix<>(this, value, lifted);
  }

  /** The system that encloses values and derivatives. */
  public CertifiedSystem<M> base() {
    return base;
  }

  /** Number of derivatives that every matrix carries. */
  public int directions() {
    return directions;
  }

  @Override
  public String name() {
    return "tangents(" + base.name() + ")";
  }

  /** A constant: its derivatives are zero. */
  @Override
  public TangentMatrix<M> lift(ExactMatrix exact) {
    return constant(base.lift(exact));
  }

  @Override
  public TangentMatrix<M> pi() {
    return constant(base.pi());
  }

  private TangentMatrix<M> constant(M value) {
    return new TangentMatrix<>(this, value, Collections.emptyList());
  }

  @Override
  public String toString() {
    return name();
  }
}
