package plumbline.reference.number;

import java.util.Arrays;
import java.util.Objects;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.number.Certified;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;
import plumbline.spec.rounding.Down;
import plumbline.spec.rounding.Up;

/**
 * A matrix of enclosures midpoint ± radius on binary64; see {@link Ball53}. Midpoints are finite; radii are at least 0,
 * and +∞ (with midpoint 0) for the whole line. The whole line stands for a real number of which nothing is known: times
 * an exact zero it gives an exact zero.
 *
 * <p>It rests on these theorems, proved in Coq ({@code proofs-check/coq}): Ball53.sum_of_exact, Ball53.sum_of_balls,
 * Ball53.product_of_balls, Enclosures.ball_square, Enclosures.square_ends, Enclosures.ball_abs, Enclosures.abs_ends,
 * Enclosures.max_ends, Enclosures.relu_ends, Enclosures.quotient_ends, Enclosures.increasing_ends.
 */
public final class Ball53Matrix implements Certified<Ball53Matrix> {
  /** 1 + 2^−50 = 1 + 8u; covers up to six roundings to nearest of numbers that are not subnormal. */
  static final double INFLATE = 1 + 0x1p-50;

  private final int rows;
  private final int columns;
  /** Midpoints; not to be written to. */
  final double[] mid;
  /** Radii, not to be written to; {@code null} when every entry is exact. */
  final @Up double @Nullable [] rad;

  /** Keeps the arrays; entries must be in the normal form above. */
  Ball53Matrix(int rows, int columns, double[] mid, @Up double @Nullable [] rad) {
    if (DoubleArrays.size(rows, columns) != mid.length) {
      throw new ShapeException(mid.length + " values do not fill " + rows + "×" + columns);
    }
    this.rows = rows;
    this.columns = columns;
    this.mid = mid;
    this.rad = rad;
  }

  /** Finite values, exactly; keeps the array. */
  static Ball53Matrix exact(int rows, int columns, double[] mid) {
    return new Ball53Matrix(rows, columns, mid, null);
  }

  /** Brings the arrays into normal form in place: NaN or infinite midpoints or radii become the whole line. */
  static Ball53Matrix normal(int rows, int columns, double[] mid, @Up double[] rad) {
    boolean exact = true;
    for (int e = 0; e < mid.length; e++) {
      if (!(Math.abs(mid[e]) <= Double.MAX_VALUE && rad[e] <= Double.MAX_VALUE)) {
        mid[e] = 0;
        rad[e] = Directed.UNBOUNDED;
      }
      exact &= rad[e] == 0;
    }
    return new Ball53Matrix(rows, columns, mid, exact ? null : rad);
  }

  /** The midpoints in row-major order, copied. */
  public double[] midpoints() {
    return mid.clone();
  }

  /** The radii in row-major order, copied; +∞ for the whole line. */
  public @Up double[] radii() {
    @Up double[] copy = new @Up double[mid.length];
    System.arraycopy(rad(), 0, copy, 0, copy.length);
    return copy;
  }

  /** Upper bounds of the sizes of entries, row-major; +∞ for the whole line. */
  public @Up double[] magnitudes() {
    @Up double[] result = new @Up double[mid.length];
    for (int e = 0; e < result.length; e++) {
      result[e] = Directed.addUp(Math.abs(mid[e]), radius(e));
    }
    return result;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public Ball53 system() {
    return Ball53.INSTANCE;
  }

  @Override
  public int signOfLower(int row, int column) {
    int e = index(row, column);
    double radius = radius(e);
    return mid[e] > radius ? 1 : mid[e] == radius ? 0 : -1;
  }

  @Override
  public int signOfUpper(int row, int column) {
    int e = index(row, column);
    double radius = radius(e);
    return -mid[e] > radius ? -1 : -mid[e] == radius ? 0 : 1;
  }

  @Override
  public Interval enclosure(int row, int column) {
    int e = index(row, column);
    double radius = radius(e);
    if (radius > Double.MAX_VALUE) {
      return Interval.WHOLE;
    }
    BigFraction middle = ExactMatrix.fraction(mid[e]);
    if (radius == 0) {
      return Interval.point(middle);
    }
    BigFraction distance = ExactMatrix.fraction(radius);
    return new Interval(middle.subtract(distance), middle.add(distance));
  }

  @Override
  public Ball53Matrix plus(Ball53Matrix other) {
    Shape.requireSame("sum", this, other);
    return sum(other, 1);
  }

  @Override
  public Ball53Matrix minus(Ball53Matrix other) {
    Shape.requireSame("difference", this, other);
    return sum(other, -1);
  }

  /**
   * this ± other. The radius is t(1 + 8u) for the rounded sum t of both radii and the rounding error of the midpoint,
   * which TwoSum gives exactly; of inexact entries also u|s|, so that with a share u·t of t all rounded sums s' of their
   * points are enclosed: |s' − (x + y)| ≤ u|x + y| ≤ u(|s| + t). t has three roundings, so the exact sum is at most
   * t(1 − u)^−3, and t(1 + 8u)(1 − u)^4 ≥ t(1 + u).
   * Sums below 2^−1022 are exact, and there multiplying by 1 + 8u still does not decrease t. An overflow inside TwoSum
   * leaves NaN or infinity, hence the whole line.
   */
  @SuppressWarnings("rounding")
  private Ball53Matrix sum(Ball53Matrix other, double sign) {
    double[] b = other.mid;
    double[] sum = new double[mid.length];
    @Up double[] radius = new @Up double[mid.length];
    @Up double[] aRad = rad();
    @Up double[] bRad = other.rad();
    for (int e = 0; e < sum.length; e++) {
      double x = mid[e];
      double y = sign * b[e];
      double s = x + y;
      double yPart = s - x;
      double error = (x - (s - yPart)) + (y - yPart);
      sum[e] = s;
      double both = aRad[e] + bRad[e];
      radius[e] = both == 0 ? Math.abs(error) : ((both + Math.abs(error)) + Math.abs(s) * Directed.U) * INFLATE;
    }
    return normal(rows, columns, sum, radius);
  }

  @Override
  public Ball53Matrix negate() {
    double[] result = new double[mid.length];
    for (int e = 0; e < result.length; e++) {
      result[e] = 0.0 - mid[e];
    }
    return new Ball53Matrix(rows, columns, result, rad);
  }

  @Override
  public Ball53Matrix hadamard(Ball53Matrix other) {
    Shape.requireSame("entrywise product", this, other);
    double[] product = new double[mid.length];
    @Up double[] radius = new @Up double[mid.length];
    @Up double[] aRad = rad();
    @Up double[] bRad = other.rad();
    for (int e = 0; e < product.length; e++) {
      double a = mid[e];
      double b = other.mid[e];
      if ((a == 0 && aRad[e] == 0) || (b == 0 && bRad[e] == 0)) {
        continue;
      }
      product[e] = a * b;
      radius[e] = productRadius(a, aRad[e], b, bRad[e], product[e]);
    }
    return normal(rows, columns, product, radius);
  }

  /**
   * A radius around {@code product} = fl(a·b) for (a ± r)(b ± s): |a|s + r(|b| + s) + |ab − product|. For r = s = 0 just
   * the error of the product. Otherwise the rounded value t of this and u|product| has at most four roundings on each path
   * and three products that may underflow by 2^−1075 each, so the exact value is at most t(1 − u)^−4 + 2^−1073. In
   * t(1 + 16u) + 8·2^−1074 the factor covers the former, the last two roundings and a share u·t where t ≥ 2^−1022; below, the
   * last sums are exact, t(1 + 16u) ≥ t, and the constant covers the underflows. The terms u|product|, u·t and 2^−1075
   * enclose the rounded products of all points as well. NaN and infinity become the whole line.
   */
  @SuppressWarnings("rounding")
  private static @Up double productRadius(double a, @Up double r, double b, @Up double s, double product) {
    double error = Directed.productErrorUp(a, b, product);
    if (r == 0 && s == 0) {
      return error;
    }
    double t = (Math.abs(a) * s + r * (Math.abs(b) + s)) + (error + Math.abs(product) * Directed.U);
    return t * (1 + 16 * Directed.U) + 8 * Double.MIN_VALUE;
  }

  /** {@inheritDoc} Nonnegative: the enclosure has no negative numbers. */
  @Override
  public Ball53Matrix square() {
    double[] result = new double[mid.length];
    @Up double[] radius = new @Up double[mid.length];
    @Up double[] r = rad();
    for (int e = 0; e < result.length; e++) {
      double a = Math.abs(mid[e]);
      result[e] = a * a;
      radius[e] = r[e] == 0 ? Directed.productErrorUp(a, a, result[e]) : Directed.UNBOUNDED;
      if (r[e] != 0 || radius[e] > result[e]) {
        @Down double low = a > r[e] ? Directed.subDown(a, r[e]) : 0;
        @Up double high = Directed.addUp(a, r[e]);
        putEnds(result, radius, e, Directed.mulDown(low, low), Directed.mulUp(high, high));
      }
    }
    return normal(rows, columns, result, radius);
  }

  /** {@inheritDoc} The whole line where the divisor's enclosure contains 0. */
  @Override
  public Ball53Matrix dividedBy(Ball53Matrix divisor) {
    Shape.requireSame("entrywise quotient", this, divisor);
    double[] quotient = new double[mid.length];
    @Up double[] radius = new @Up double[mid.length];
    @Up double[] aRad = rad();
    @Up double[] bRad = divisor.rad();
    for (int e = 0; e < quotient.length; e++) {
      double b = divisor.mid[e];
      @Up double s = bRad[e];
      if (!(Math.abs(b) > s)) {
        radius[e] = Directed.UNBOUNDED;
      } else if (s > Math.abs(b) * 0x1p-10) {
        quotientByEnds(quotient, radius, e, mid[e], aRad[e], b, s);
      } else {
        quotient[e] = mid[e] / b;
        radius[e] = Math.abs(quotient[e]) <= Double.MAX_VALUE
            ? quotientRadius(mid[e], aRad[e], b, s, quotient[e])
            : Directed.UNBOUNDED;
      }
    }
    return normal(rows, columns, quotient, radius);
  }

  /**
   * For x = a + δ, y = b + ε with |δ| ≤ r, |ε| ≤ s < |b| and any q: |x/y − q| = |(a − qb) + δ − qε| / |y|, at most
   * (|a − qb| + r + |q|s) / (|b| − s) = t. Of inexact operands, the rounded quotients of all points are enclosed with
   * u(|q| + t) + 2^−1075 more.
   */
  private static @Up double quotientRadius(double a, @Up double r, double b, @Up double s, double q) {
    @Up double numerator = Directed.quotientResidualUp(a, b, q);
    if (r == 0 && s == 0) {
      return Directed.divUp(numerator, Directed.abs(b));
    }
    numerator = Directed.addUp(Directed.addUp(numerator, r), Directed.mulUp(Math.abs(q), s));
    @Up double t = Directed.divUp(numerator, Directed.subDown(Math.abs(b), s));
    @Up double rounding = Directed.mulUp(Directed.addUp(Math.abs(q), t), Directed.U);
    return Directed.addUp(Directed.addUp(t, rounding), Double.MIN_VALUE);
  }

  /** A wide divisor: the quotient is monotone in each argument, so its ends are among four quotients of ends. */
  private static void quotientByEnds(
      double[] result, @Up double[] radius, int e, double a, @Up double r, double b, @Up double s) {
    // Dividing by −b instead of b < 0 and negating the result leaves one case of positive divisors.
    double dividend = b < 0 ? 0.0 - a : a;
    @Down double low = Directed.subDown(dividend, r);
    @Up double high = Directed.addUp(dividend, r);
    @Down double least = Directed.subDown(Math.abs(b), s);
    @Up double greatest = Directed.addUp(Math.abs(b), s);
    if (!(least > 0)) {
      radius[e] = Directed.UNBOUNDED;
      return;
    }
    putEnds(result, radius, e,
        low > 0 ? Directed.divDown(low, greatest) : Directed.divDown(low, least),
        high > 0 ? Directed.divUp(high, least) : Directed.divUp(high, greatest));
  }

  /** {@inheritDoc} See {@link Ball53Product}. */
  @Override
  public Ball53Matrix times(Ball53Matrix right) {
    Shape.requireProduct(this, right);
    DoubleArrays.size(rows, right.columns);
    return Ball53Product.multiply(this, right);
  }

  @Override
  public Ball53Matrix exp() {
    double[] result = new double[mid.length];
    @Up double[] radius = new @Up double[mid.length];
    for (int e = 0; e < result.length; e++) {
      putEnds(result, radius, e, Directed.expDown(lower(e)), Directed.expUp(upper(e)));
    }
    return normal(rows, columns, result, radius);
  }

  /** {@inheritDoc} Of the positive part of the enclosure; the whole line where that is empty or reaches 0. */
  @Override
  public Ball53Matrix log() {
    double[] result = new double[mid.length];
    @Up double[] radius = new @Up double[mid.length];
    for (int e = 0; e < result.length; e++) {
      @Down double low = lower(e);
      if (low > 0) {
        putEnds(result, radius, e, Directed.logDown(low), Directed.logUp(upper(e)));
      } else {
        radius[e] = Directed.UNBOUNDED;
      }
    }
    return normal(rows, columns, result, radius);
  }

  /** {@inheritDoc} Of the nonnegative part of the enclosure; the whole line where that is empty. */
  @Override
  public Ball53Matrix sqrt() {
    double[] result = new double[mid.length];
    @Up double[] radius = new @Up double[mid.length];
    for (int e = 0; e < result.length; e++) {
      @Up double high = upper(e);
      if (high >= 0) {
        putEnds(result, radius, e, Directed.sqrtDown(lower(e)), Directed.sqrtUp(high));
      } else {
        radius[e] = Directed.UNBOUNDED;
      }
    }
    return normal(rows, columns, result, radius);
  }

  /** {@inheritDoc} Within [0, 1]. */
  @Override
  public Ball53Matrix sigmoid() {
    return map(Saturating.SIGMOID);
  }

  /** {@inheritDoc} Within [−1, 1]. */
  @Override
  public Ball53Matrix tanh() {
    return map(Saturating.TANH);
  }

  /** {@inheritDoc} Within [−1, 1]. */
  @Override
  public Ball53Matrix erf() {
    return map(Saturating.ERF);
  }

  /** From the values at the ends. Those of a point enclose what {@link Binary64} returns; those of more, with twice its error. */
  private Ball53Matrix map(Saturating function) {
    double[] result = new double[mid.length];
    @Up double[] radius = new @Up double[mid.length];
    for (int e = 0; e < result.length; e++) {
      int times = radius(e) == 0 ? 1 : 2;
      putUnitEnds(result, radius, e, function.down(lower(e), times), function.up(upper(e), times));
    }
    return normal(rows, columns, result, radius);
  }

  @Override
  public Ball53Matrix abs() {
    double[] result = new double[mid.length];
    @Up double[] radius = radii();
    for (int e = 0; e < result.length; e++) {
      result[e] = Math.abs(mid[e]);
      if (result[e] < radius[e]) {
        putEnds(result, radius, e, 0, Directed.addUp(result[e], radius[e]));
      }
    }
    return normal(rows, columns, result, radius);
  }

  @Override
  public Ball53Matrix max(Ball53Matrix other) {
    Shape.requireSame("entrywise maximum", this, other);
    double[] result = new double[mid.length];
    @Up double[] radius = new @Up double[mid.length];
    @Up double[] aRad = rad();
    @Up double[] bRad = other.rad();
    for (int e = 0; e < result.length; e++) {
      @Down double aLow = lower(e);
      @Up double aHigh = upper(e);
      @Down double bLow = other.lower(e);
      @Up double bHigh = other.upper(e);
      if (aLow >= bHigh) {
        result[e] = mid[e];
        radius[e] = aRad[e];
      } else if (bLow >= aHigh) {
        result[e] = other.mid[e];
        radius[e] = bRad[e];
      } else {
        putEnds(result, radius, e, aLow > bLow ? aLow : bLow, aHigh > bHigh ? aHigh : bHigh);
      }
    }
    return normal(rows, columns, result, radius);
  }

  @Override
  public Ball53Matrix relu() {
    double[] result = mid.clone();
    @Up double[] radius = radii();
    for (int e = 0; e < result.length; e++) {
      if (result[e] < radius[e]) {
        if (-result[e] >= radius[e]) {
          result[e] = 0;
          radius[e] = 0;
        } else {
          putEnds(result, radius, e, 0, Directed.addUp(result[e], radius[e]));
        }
      } else if (result[e] <= 0) {
        result[e] = 0;
      }
    }
    return normal(rows, columns, result, radius);
  }

  @Override
  public Ball53Matrix maxOfRows() {
    Shape.requireColumns("the maximum", this);
    double[] result = new double[rows];
    @Up double[] radius = new @Up double[rows];
    @Up double[] r = rad();
    for (int i = 0; i < rows; i++) {
      int start = i * columns;
      int best = start;
      @Down double low = lower(start);
      @Up double high = upper(start);
      for (int e = start + 1; e < start + columns; e++) {
        @Down double entryLow = lower(e);
        @Up double entryHigh = upper(e);
        if (entryLow > low) {
          low = entryLow;
          best = e;
        }
        high = entryHigh > high ? entryHigh : high;
      }
      boolean dominant = true;
      for (int e = start; e < start + columns; e++) {
        dominant &= e == best || upper(e) <= low;
      }
      if (dominant) {
        result[i] = mid[best];
        radius[i] = r[best];
      } else {
        putEnds(result, radius, i, low, high);
      }
    }
    return normal(rows, 1, result, radius);
  }

  /** {@inheritDoc} See {@link Ball53Softmax}. */
  @Override
  public Ball53Matrix softmaxRows() {
    return Ball53Softmax.ofRows(this);
  }

  @Override
  public Ball53Matrix gather(int rows, int columns, int[] source) {
    double[] result = new double[DoubleArrays.size(rows, columns)];
    DoubleArrays.gather(mid, source, result);
    if (rad == null) {
      return exact(rows, columns, result);
    }
    @Up double[] radius = new @Up double[result.length];
    DoubleArrays.gather(rad, source, radius);
    return normal(rows, columns, result, radius);
  }

  @Override
  public Ball53Matrix above(Ball53Matrix below) {
    Shape.requireStackable(this, below);
    int height = Math.addExact(rows, below.rows);
    double[] result = Arrays.copyOf(mid, DoubleArrays.size(height, columns));
    System.arraycopy(below.mid, 0, result, mid.length, below.mid.length);
    if (rad == null && below.rad == null) {
      return exact(height, columns, result);
    }
    @Up double[] radius = new @Up double[result.length];
    System.arraycopy(rad(), 0, radius, 0, mid.length);
    System.arraycopy(below.rad(), 0, radius, mid.length, below.mid.length);
    return normal(height, columns, result, radius);
  }

  @Override
  public Ball53Matrix beside(Ball53Matrix right) {
    DoubleArrays.requireSameRows(rows, right.rows);
    int width = Math.addExact(columns, right.columns);
    double[] result = new double[DoubleArrays.size(rows, width)];
    DoubleArrays.beside(mid, columns, right.mid, right.columns, rows, result);
    if (rad == null && right.rad == null) {
      return exact(rows, width, result);
    }
    @Up double[] radius = new @Up double[result.length];
    DoubleArrays.beside(rad(), columns, right.rad(), right.columns, rows, radius);
    return normal(rows, width, result, radius);
  }

  @Override
  public Ball53Matrix transpose() {
    double[] result = new double[mid.length];
    DoubleArrays.transpose(mid, rows, columns, result);
    if (rad == null) {
      return exact(columns, rows, result);
    }
    @Up double[] radius = new @Up double[mid.length];
    DoubleArrays.transpose(rad, rows, columns, radius);
    return new Ball53Matrix(columns, rows, result, radius);
  }

  @Override
  public Ball53Matrix reshape(int rows, int columns) {
    return new Ball53Matrix(rows, columns, mid, rad);
  }

  @Override
  public Ball53Matrix block(int fromRow, int toRow, int fromColumn, int toColumn) {
    DoubleArrays.requireBlock(fromRow, toRow, rows, fromColumn, toColumn, columns);
    int height = toRow - fromRow;
    int width = toColumn - fromColumn;
    double[] result = new double[height * width];
    DoubleArrays.block(mid, columns, fromRow, fromColumn, height, width, result);
    if (rad == null) {
      return exact(height, width, result);
    }
    @Up double[] radius = new @Up double[result.length];
    DoubleArrays.block(rad, columns, fromRow, fromColumn, height, width, radius);
    return normal(height, width, result, radius);
  }

  /** Shape, midpoints and radii. */
  @Override
  public String toString() {
    return Shape.of(this) + " " + Arrays.toString(mid) + (rad == null ? "" : " ± " + Arrays.toString(rad));
  }

  /** The radii, zeros when all are exact; not to be written to. */
  private @Up double[] rad() {
    return rad == null ? new @Up double[mid.length] : rad;
  }

  /** Radius of entry e. */
  @Up double radius(int e) {
    return rad == null ? 0 : rad[e];
  }

  private int index(int row, int column) {
    return Objects.checkIndex(row, rows) * columns + Objects.checkIndex(column, columns);
  }

  /** Lower end of entry e, rounded down. */
  @Down double lower(int e) {
    return Directed.subDown(mid[e], radius(e));
  }

  /** Upper end of entry e, rounded up. */
  @Up double upper(int e) {
    return Directed.addUp(mid[e], radius(e));
  }

  /** Stores an enclosure of [low, high]; the whole line if an end is infinite. Ends of one sign give one sign. */
  private static void putEnds(double[] mid, @Up double[] rad, int e, @Down double low, @Up double high) {
    double middle = (low + high) * 0.5;
    if (!(Math.abs(middle) <= Double.MAX_VALUE)) {
      middle = low * 0.5 + high * 0.5;
    }
    @Up double below = Directed.subUp(middle, low);
    @Up double above = Directed.subUp(high, middle);
    mid[e] = middle;
    rad[e] = below > above ? below : above;
    if (low >= 0 && rad[e] > middle) {
      // [0, 2r] with r not below high/2.
      rad[e] = Directed.mulUp(high, 0.5);
      mid[e] = rad[e];
    } else if (high <= 0 && rad[e] > -middle) {
      rad[e] = Directed.mulUp(-low, 0.5);
      mid[e] = -rad[e];
    }
  }

  /** As {@link #putEnds} for −1 ≤ low ≤ high ≤ 1, with an enclosure inside [−1, 1], or inside [0, 1] for low ≥ 0. */
  static void putUnitEnds(double[] mid, @Up double[] rad, int e, @Down double low, @Up double high) {
    putEnds(mid, rad, e, low, high);
    if (rad[e] > Directed.subDown(1, Math.abs(mid[e]))) {
      // [2c − 1, 1] or [−1, 1 − 2c] with c ≤ (1 + near)/2.
      boolean positive = mid[e] >= 0;
      double near = positive ? low : -high;
      double c = Directed.addDown(1, near) * 0.5;
      if (near < 0) {
        // A multiple of 2^−52, c ≥ 0.
        c = Directed.addDown(1, c) - 1;
      }
      // c is a multiple of 2^−53 in [1/2, 1], or of 2^−52 in [0, 1/2]: 1 − c is a double.
      mid[e] = positive ? c : -c;
      rad[e] = Directed.subUp(1, c);
    }
  }
}
