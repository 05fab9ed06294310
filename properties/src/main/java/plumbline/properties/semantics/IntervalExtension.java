package plumbline.properties.semantics;

import java.util.Arrays;
import plumbline.properties.Expression;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;
import plumbline.spec.number.Shape;

/**
 * The natural interval extension of a formula over a box: for every choice of the box's points, the value of each entry lies
 * between the two ends. The ends are themselves formulas over exact constants, with no rounding in them; so a bound for
 * <em>all</em> points of a box becomes an inequality like any other, to be decided by enclosures, and to be checked again by
 * others.
 *
 * <p>A quotient is refused: its ends depend on the sign of the divisor, which a formula does not tell.
 *
 * @param lower not above any value, entry by entry
 * @param upper not below any value
 * @param point whether this is one exact matrix, so that both ends are the same
 */
public record IntervalExtension(Expression lower, Expression upper, boolean point) implements Matrix<IntervalExtension> {

  /** Where constants come from. */
  public static final NumberSystem<IntervalExtension> SYSTEM = new NumberSystem<>() {
    @Override
    public String name() {
      return "interval extension";
    }

    @Override
    public IntervalExtension lift(ExactMatrix exact) {
      Expression constant = Expression.of(exact);
      return new IntervalExtension(constant, constant, true);
    }

    @Override
    public IntervalExtension pi() {
      return new IntervalExtension(Expression.pi(), Expression.pi(), true);
    }
  };

  /** All matrices between two exact ones. */
  public static IntervalExtension box(ExactMatrix lower, ExactMatrix upper) {
    return new IntervalExtension(Expression.of(lower), Expression.of(upper), false);
  }

  /** The largest absolute value that an entry can have: max(upper, −lower). */
  public Expression magnitude() {
    return upper.max(lower.negate());
  }

  private static IntervalExtension between(Expression lower, Expression upper) {
    return new IntervalExtension(lower, upper, false);
  }

  private static Expression min(Expression x, Expression y) {
    return x.negate().max(y.negate()).negate();
  }

  @Override
  public int rows() {
    return lower.rows();
  }

  @Override
  public int columns() {
    return lower.columns();
  }

  @Override
  public NumberSystem<IntervalExtension> system() {
    return SYSTEM;
  }

  @Override
  public IntervalExtension plus(IntervalExtension other) {
    return between(lower.plus(other.lower), upper.plus(other.upper));
  }

  @Override
  public IntervalExtension minus(IntervalExtension other) {
    return between(lower.minus(other.upper), upper.minus(other.lower));
  }

  @Override
  public IntervalExtension negate() {
    return between(upper.negate(), lower.negate());
  }

  /** The least and the largest of the four products of ends. */
  @Override
  public IntervalExtension hadamard(IntervalExtension other) {
    Expression a = lower.hadamard(other.lower);
    Expression b = lower.hadamard(other.upper);
    Expression c = upper.hadamard(other.lower);
    Expression d = upper.hadamard(other.upper);
    return between(min(min(a, b), min(c, d)), a.max(b).max(c.max(d)));
  }

  @Override
  public IntervalExtension square() {
    IntervalExtension size = abs();
    return between(size.lower.square(), size.upper.square());
  }

  @Override
  public IntervalExtension dividedBy(IntervalExtension divisor) {
    throw new UnsupportedOperationException("the interval extension of a quotient depends on the sign of the divisor");
  }

  @Override
  public IntervalExtension times(IntervalExtension right) {
    Shape.requireProduct(this, right);
    if (right.point) {
      return timesPoint(right.lower);
    }
    if (point) {
      return right.transpose().timesPoint(lower.transpose()).transpose();
    }
    int n = rows();
    int m = right.columns();
    IntervalExtension sum = SYSTEM.lift(ExactMatrix.zeros(n, m));
    for (int k = 0; k < columns(); k++) {
      sum = sum.plus(columnRange(k, k + 1).broadcast(n, m).hadamard(right.rowRange(k, k + 1).broadcast(n, m)));
    }
    return sum;
  }

  /** The product with an exact matrix W = W⁺ − W⁻, of parts that are not negative: the ends of each term are known. */
  private IntervalExtension timesPoint(Expression w) {
    Expression positive = w.relu();
    Expression negative = w.negate().relu();
    return between(lower.times(positive).minus(upper.times(negative)), upper.times(positive).minus(lower.times(negative)));
  }

  @Override
  public IntervalExtension exp() {
    return between(lower.exp(), upper.exp());
  }

  @Override
  public IntervalExtension log() {
    return between(lower.log(), upper.log());
  }

  @Override
  public IntervalExtension sqrt() {
    return between(lower.sqrt(), upper.sqrt());
  }

  @Override
  public IntervalExtension erf() {
    return between(lower.erf(), upper.erf());
  }

  /** |x| ≥ max(lower, −upper, 0) and |x| ≤ max(upper, −lower). */
  @Override
  public IntervalExtension abs() {
    return between(lower.max(upper.negate()).relu(), magnitude());
  }

  @Override
  public IntervalExtension max(IntervalExtension other) {
    return between(lower.max(other.lower), upper.max(other.upper));
  }

  @Override
  public IntervalExtension relu() {
    return between(lower.relu(), upper.relu());
  }

  @Override
  public IntervalExtension maxOfRows() {
    return between(lower.maxOfRows(), upper.maxOfRows());
  }

  /** p_j grows with z_j and falls with every other score: least where z_j is least and all others are largest. */
  @Override
  public IntervalExtension softmaxRows() {
    return between(extremeSoftmax(lower, upper), extremeSoftmax(upper, lower));
  }

  /** Entry (i, j) of the softmax in which z_ij comes from {@code own} and the rest of its row from {@code others}. */
  private static Expression extremeSoftmax(Expression own, Expression others) {
    int n = own.rows();
    int m = own.columns();
    Expression both = own.above(others);
    int[] source = new int[n * m * m];
    Arrays.setAll(source, e -> {
      int row = e / m / m;
      int j = e / m % m;
      int k = e % m;
      return (k == j ? row : n + row) * m + k;
    });
    int[] diagonal = new int[n * m];
    Arrays.setAll(diagonal, e -> e * m + e % m);
    return both.gather(n * m, m, source).softmaxRows().gather(n, m, diagonal);
  }

  @Override
  public IntervalExtension gather(int rows, int columns, int[] source) {
    return new IntervalExtension(lower.gather(rows, columns, source), upper.gather(rows, columns, source), point);
  }

  @Override
  public IntervalExtension above(IntervalExtension below) {
    return new IntervalExtension(lower.above(below.lower), upper.above(below.upper), point && below.point);
  }
}
