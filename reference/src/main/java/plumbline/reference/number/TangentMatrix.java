package plumbline.reference.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.Certified;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/**
 * A matrix with its derivatives along the directions of its {@link Tangents system}, whose contract every primitive meets.
 *
 * @param <M> the certified matrices that hold value and derivatives
 */
public final class TangentMatrix<M extends Certified<M>> implements Matrix<TangentMatrix<M>> {
  private static final BigFraction QUARTER = new BigFraction(1, 4);

  private final Tangents<M> system;
  private final M value;
  /** One for each direction; none if all are zero. */
  private final List<M> derivatives;

  TangentMatrix(Tangents<M> system, M value, List<M> derivatives) {
    this.system = system;
    this.value = value;
    this.derivatives = derivatives;
  }

  /** Encloses the values on the whole box. */
  public M value() {
    return value;
  }

  /** Encloses the derivative along direction {@code k}, from 0; of the shape of the value. */
  public M derivative(int k) {
    Objects.checkIndex(k, system.directions());
    return derivatives.isEmpty() ? value.lift(ExactMatrix.zeros(rows(), columns())) : derivatives.get(k);
  }

  /**
   * The Jacobian: entry (e, k) encloses the derivative of entry e, row-major, along direction k. With
   * {@link Tangents#variables} that is the derivative by the variable k.
   */
  public M jacobian() {
    int size = rows() * columns();
    M columns = value.lift(ExactMatrix.zeros(0, size));
    for (int k = 0; k < system.directions(); k++) {
      columns = columns.above(derivative(k).reshape(1, size));
    }
    return columns.transpose();
  }

  @Override
  public int rows() {
    return value.rows();
  }

  @Override
  public int columns() {
    return value.columns();
  }

  @Override
  public Tangents<M> system() {
    return system;
  }

  /** The value with a linear function of each derivative. */
  private TangentMatrix<M> with(M result, UnaryOperator<M> derivative) {
    List<M> mapped = new ArrayList<>(derivatives.size());
    for (M each : derivatives) {
      mapped.add(derivative.apply(each));
    }
    return new TangentMatrix<>(system, result, mapped);
  }

  /** The value with derivatives made of those of both operands. */
  private TangentMatrix<M> with(TangentMatrix<M> other, M result, BinaryOperator<M> derivative) {
    if (other.system.directions() != system.directions()) {
      throw new ShapeException("operands carry " + system.directions() + " and " + other.system.directions() + " derivatives");
    }
    if (derivatives.isEmpty() && other.derivatives.isEmpty()) {
      return new TangentMatrix<>(system, result, derivatives);
    }
    List<M> combined = new ArrayList<>(system.directions());
    for (int k = 0; k < system.directions(); k++) {
      combined.add(derivative.apply(derivative(k), other.derivative(k)));
    }
    return new TangentMatrix<>(system, result, combined);
  }

  @Override
  public TangentMatrix<M> plus(TangentMatrix<M> other) {
    return with(other, value.plus(other.value), Matrix::plus);
  }

  @Override
  public TangentMatrix<M> minus(TangentMatrix<M> other) {
    return with(other, value.minus(other.value), Matrix::minus);
  }

  @Override
  public TangentMatrix<M> negate() {
    return with(value.negate(), Matrix::negate);
  }

  @Override
  public TangentMatrix<M> hadamard(TangentMatrix<M> other) {
    M result = value.hadamard(other.value);
    if (other.derivatives.isEmpty()) {
      return with(result, d -> d.hadamard(other.value));
    }
    if (derivatives.isEmpty()) {
      return other.with(result, value::hadamard);
    }
    return with(other, result, (d, e) -> d.hadamard(other.value).plus(value.hadamard(e)));
  }

  @Override
  public TangentMatrix<M> square() {
    M twice = value.plus(value);
    return with(value.square(), twice::hadamard);
  }

  @Override
  public TangentMatrix<M> dividedBy(TangentMatrix<M> divisor) {
    M quotient = value.dividedBy(divisor.value);
    if (divisor.derivatives.isEmpty()) {
      return with(quotient, d -> d.dividedBy(divisor.value));
    }
    return with(divisor, quotient, (d, e) -> d.minus(quotient.hadamard(e)).dividedBy(divisor.value));
  }

  @Override
  public TangentMatrix<M> times(TangentMatrix<M> right) {
    M product = value.times(right.value);
    if (right.derivatives.isEmpty()) {
      return with(product, d -> d.times(right.value));
    }
    if (derivatives.isEmpty()) {
      return right.with(product, value::times);
    }
    return with(right, product, (d, e) -> d.times(right.value).plus(value.times(e)));
  }

  @Override
  public TangentMatrix<M> exp() {
    M result = value.exp();
    return with(result, result::hadamard);
  }

  /** {@inheritDoc} The derivative is σ(x)·σ(−x) ≤ 1/4. */
  @Override
  public TangentMatrix<M> sigmoid() {
    M result = value.sigmoid();
    if (derivatives.isEmpty()) {
      return withValue(result);
    }
    M least = value.lift(ExactMatrix.of(1, 1, QUARTER)).broadcast(rows(), columns()).negate();
    M slope = result.hadamard(value.negate().sigmoid()).relu().negate().max(least).negate();
    return with(result, slope::hadamard);
  }

  /** {@inheritDoc} The derivative is 1 − tanh² x ≥ 0. */
  @Override
  public TangentMatrix<M> tanh() {
    M result = value.tanh();
    if (derivatives.isEmpty()) {
      return withValue(result);
    }
    M slope = value.lift(ExactMatrix.ones(rows(), columns())).minus(result.square()).relu();
    return with(result, slope::hadamard);
  }

  /** {@inheritDoc} The derivative is 2/√π · e^(−x²). */
  @Override
  public TangentMatrix<M> erf() {
    M result = value.erf();
    if (derivatives.isEmpty()) {
      return withValue(result);
    }
    M factor = value.lift(ExactMatrix.ofIntegers(1, 1, 2)).dividedBy(system.base().pi().sqrt());
    M slope = value.square().negate().exp().scaledBy(factor);
    return with(result, slope::hadamard);
  }

  @Override
  public TangentMatrix<M> log() {
    return with(value.log(), d -> d.dividedBy(value));
  }

  @Override
  public TangentMatrix<M> sqrt() {
    M root = value.sqrt();
    M twice = root.plus(root);
    return with(root, d -> d.dividedBy(twice));
  }

  @Override
  public TangentMatrix<M> abs() {
    return larger(negate(), value, value.abs());
  }

  @Override
  public TangentMatrix<M> relu() {
    return larger(system.lift(ExactMatrix.zeros(rows(), columns())), value, value.relu());
  }

  /** The same derivatives with another value. */
  private TangentMatrix<M> withValue(M better) {
    return new TangentMatrix<>(system, better, derivatives);
  }

  @Override
  public TangentMatrix<M> max(TangentMatrix<M> other) {
    return larger(other, value.minus(other.value), value.max(other.value));
  }

  /**
   * The larger of this and {@code other}. Where it is not known which, a slope is e + s(d − e) for slopes d and e of the two and
   * some s ∈ [0, 1].
   *
   * @param gap has the signs of this − other
   * @param result encloses the values
   */
  private TangentMatrix<M> larger(TangentMatrix<M> other, M gap, M result) {
    int size = rows() * columns();
    return with(other, result, (d, e) -> {
      M difference = d.minus(e);
      long[] most = new long[size];
      int[] source = new int[size];
      for (int i = 0; i < size; i++) {
        int row = i / columns();
        int column = i % columns();
        boolean larger = gap.signOfLower(row, column) >= 0;
        boolean smaller = gap.signOfUpper(row, column) <= 0;
        boolean same = difference.signOfLower(row, column) == 0 && difference.signOfUpper(row, column) == 0;
        source[i] = i + (larger && !(smaller && !same) ? 0 : smaller && !(larger && !same) ? size : 2 * size);
        most[i] = source[i] >= 2 * size && !same ? 1 : 0;
      }
      M share = system.base().enclose(ExactMatrix.zeros(rows(), columns()), ExactMatrix.ofIntegers(rows(), columns(), most));
      M between = e.plus(share.hadamard(difference));
      return d.above(e).above(between).gather(rows(), columns(), source);
    });
  }

  @Override
  public TangentMatrix<M> maxOfRows() {
    Shape.requireColumns("the maximum", this);
    if (columns() == 0) {
      return new TangentMatrix<>(system, value.maxOfRows(), List.of());
    }
    TangentMatrix<M> largest = columnRange(0, 1);
    for (int j = 1; j < columns(); j++) {
      largest = largest.max(columnRange(j, j + 1));
    }
    return largest.withValue(value.maxOfRows());
  }

  /**
   * {@inheritDoc} The derivative of p_j is Σ_k p_j p_k (z_j' − z_k'): differences of scores rather than scores, since the p_k
   * sum to 1, and each p_j p_k with j ≠ k lies in [0, 1/4], since p_j + p_k ≤ 1.
   */
  @Override
  public TangentMatrix<M> softmaxRows() {
    M p = value.softmaxRows();
    if (derivatives.isEmpty()) {
      return new TangentMatrix<>(system, p, derivatives);
    }
    int n = rows();
    int m = columns();
    M most = value.lift(ExactMatrix.of(1, 1, QUARTER)).broadcast(n, m).negate();
    List<M> weights = new ArrayList<>(m);
    for (int j = 0; j < m; j++) {
      weights.add(p.hadamard(p.columnRange(j, j + 1).broadcast(n, m)).relu().negate().max(most).negate());
    }
    return with(p, d -> {
      M columns = value.lift(ExactMatrix.zeros(0, n));
      for (int j = 0; j < m; j++) {
        M differences = d.columnRange(j, j + 1).broadcast(n, m).minus(d);
        int[] others = new int[n * m];
        for (int e = 0; e < others.length; e++) {
          others[e] = e % m == j ? -1 : e;
        }
        columns = columns.above(weights.get(j).hadamard(differences.gather(n, m, others)).sumOfRows().transpose());
      }
      return columns.transpose();
    });
  }

  @Override
  public TangentMatrix<M> gather(int rows, int columns, int[] source) {
    return with(value.gather(rows, columns, source), d -> d.gather(rows, columns, source));
  }

  @Override
  public TangentMatrix<M> above(TangentMatrix<M> below) {
    return with(below, value.above(below.value), Matrix::above);
  }

  /** The value, then each derivative. */
  @Override
  public String toString() {
    return value + derivatives.toString();
  }
}
