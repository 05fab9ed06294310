package plumbline.reference.number;

import java.util.Arrays;
import java.util.Objects;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.kernel.DoubleProduct;
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
 */
public final class Ball53Matrix implements Certified<Ball53Matrix> {
  /** 1 + 2^−50 = 1 + 8u; covers up to six roundings to nearest of numbers that are not subnormal. */
  private static final double INFLATE = 1 + 0x1p-50;

  private final int rows;
  private final int columns;
  private final double[] mid;
  /** {@code null} when every entry is exact. */
  private final @Up double @Nullable [] rad;

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
    return scaledPlus(1, mid, rad);
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

  /**
   * {@inheritDoc}
   *
   * <p>The midpoint is the product of the midpoints, summed in the same fixed order as in {@link Binary64}. An entry is
   * exact when all entries of its row and column are exact and all its products and partial sums are multiples of some
   * power of two that fit 53 bits, as for small integers, identities and dyadic weights on modest grids. Elsewhere the
   * radius is at most a few ulps times the inner size of |A||B|, plus what the radii of the factors bring.
   */
  @Override
  public Ball53Matrix times(Ball53Matrix right) {
    Shape.requireProduct(this, right);
    DoubleArrays.size(rows, right.columns);
    boolean[] aWhole = wholeEntries();
    boolean[] bWhole = right.wholeEntries();
    if (aWhole.length == 0 && bWhole.length == 0) {
      return boundedProduct(this, right);
    }
    // Whole entries count as exact zeros first; then each spreads to all sums in which its partner is not exactly zero.
    int n = rows;
    int k = columns;
    int m = right.columns;
    Ball53Matrix product = boundedProduct(withoutWhole(aWhole), right.withoutWhole(bWhole));
    double[] result = product.midpoints();
    @Up double[] radius = product.radii();
    for (int l = 0; l < k; l++) {
      for (int i = 0; i < n; i++) {
        boolean whole = aWhole.length > 0 && aWhole[i * k + l];
        if (!whole && (bWhole.length == 0 || isExactZero(i * k + l))) {
          continue;
        }
        for (int j = 0; j < m; j++) {
          if (whole ? !right.isExactZero(l * m + j) : bWhole[l * m + j]) {
            radius[i * m + j] = Directed.UNBOUNDED;
          }
        }
      }
    }
    return normal(n, m, result, radius);
  }

  /**
   * The product of matrices without whole entries. With M = fl(A_m·B_m), |M − A_m·B_m| ≤ γ|A_m||B_m| + k·2^−1074, where γ
   * bounds (1 + u)^k − 1: each term passes at most k fused operations, which round once each; one whose result is
   * subnormal may be off by 2^−1075 instead, which later roundings less than double. So
   *
   * <pre>|AB − M| ≤ γ|A_m||B_m| + A_r(|B_m| + B_r) + |A_m|B_r + k·2^−1074,</pre>
   *
   * which is U·V + W·Z for (U, V, W, Z) = (γ|A_m| + A_r, |B_m|, |A_m| + A_r, B_r) or (|A_m|, B_r + γ|B_m|, A_r,
   * |B_m| + B_r); W·Z vanishes for exact B in the former and for exact A in the latter. The factors are rounded up
   * entry by entry. The rounded value t of one entry of U·V + W·Z has at most k + 2 roundings on each path, and 2k
   * multiplications that may underflow by 2^−1075. With tiny = (6k + 16)·2^−1074 the radius is (t + tiny)(1 + (2k + 16)u):
   * (1 − u)^−(k+4) ≤ 1 + (2k + 16)u covers all roundings, the last two included, of numbers that are not subnormal, and
   * tiny covers the k + 2k underflows of both products (less than doubled again) as well as, where t is
   * subnormal, what the factor would have added: at most (2k + 16)u·2^−1021. Entries that overflow become the whole line.
   *
   * <p>A factor 1 + γ and k·2^−1074 more (with the same margins) enclose what binary64 returns for any points A', B' of the
   * factors: its error is at most γ|A'||B'| + k·2^−1074 with |A'| ≤ |A_m| + A_r, |B'| ≤ |B_m| + B_r, and γ times the right
   * side above, which bounds γ(|A_m|B_r + A_r|B_m| + A_rB_r), is what that exceeds γ|A_m||B_m| by.
   */
  @SuppressWarnings("rounding")
  private static Ball53Matrix boundedProduct(Ball53Matrix a, Ball53Matrix b) {
    int n = a.rows;
    int k = a.columns;
    int m = b.columns;
    double[] product = DoubleProduct.multiply(a.mid, b.mid, n, k, m);
    boolean[] inexact = inexactEntries(a, b);
    if (inexact.length == 0) {
      return normal(n, m, product, new @Up double[n * m]);
    }
    // (1 + u)^k − 1 ≤ ku/(1 − ku) = ku + (ku)²/(1 − ku), whose last term is below u up to k = 2^26, and below ku always.
    double gamma = (k <= 1 << 26 ? k + 1.0 : 2.0 * k) * Directed.U;
    double[] t;
    if (b.rad == null || (a.rad != null && n <= m)) {
      t = DoubleProduct.multiply(scaledPlus(gamma, a.mid, a.rad()), scaledPlus(1, b.mid, null), n, k, m);
      if (b.rad != null) {
        addTo(t, DoubleProduct.multiply(scaledPlus(1, a.mid, a.rad()), b.rad(), n, k, m));
      }
    } else {
      t = DoubleProduct.multiply(scaledPlus(1, a.mid, null), scaledPlus(gamma, b.mid, b.rad()), n, k, m);
      if (a.rad != null) {
        addTo(t, DoubleProduct.multiply(a.rad(), scaledPlus(1, b.mid, b.rad()), n, k, m));
      }
    }
    double tiny = (8.0 * k + 16) * Double.MIN_VALUE;
    double factor = 1 + (2.0 * k + 24) * Directed.U + 2 * gamma;
    @Up double[] radius = new @Up double[n * m];
    for (int e = 0; e < radius.length; e++) {
      radius[e] = inexact[e] ? (t[e] + tiny) * factor : 0;
    }
    return normal(n, m, product, radius);
  }

  /** factor·|x| + r, entry by entry and rounded up; {@code null} for r = 0. */
  private static @Up double[] scaledPlus(double factor, double[] x, @Up double @Nullable [] r) {
    @Up double[] result = new @Up double[x.length];
    if (factor == 1 && r == null) {
      for (int e = 0; e < result.length; e++) {
        result[e] = Directed.abs(x[e]);
      }
      return result;
    }
    for (int e = 0; e < result.length; e++) {
      @Up double scaled = factor == 1 ? Directed.abs(x[e]) : Directed.mulUp(factor, Math.abs(x[e]));
      result[e] = r == null ? scaled : Directed.addUp(scaled, r[e]);
    }
    return result;
  }

  private static void addTo(double[] target, double[] addend) {
    for (int e = 0; e < target.length; e++) {
      target[e] += addend[e];
    }
  }

  /**
   * Which entries of a·b may be inexact; empty when none is. Entry (i,j) is exact if row i and column j are, and for
   * g = (lowest bit over row i) + (lowest bit over column j) ≥ −1074 the sum S of |a_il b_lj| satisfies S ≤ 2^(53+g): all
   * products and partial sums are multiples of 2^g and at most S, hence doubles, and no operation rounds. S is bounded
   * by (row sum)·(column maximum) and by (row maximum)·(column sum). (An overflow shows in the product itself.)
   */
  private static boolean[] inexactEntries(Ball53Matrix a, Ball53Matrix b) {
    Lines left = new Lines(a, a.rows, a.columns, a.columns, 1);
    Lines right = new Lines(b, b.columns, a.columns, 1, b.columns);
    int m = b.columns;
    boolean[] inexact = new boolean[a.rows * m];
    boolean any = false;
    for (int i = 0; i < a.rows; i++) {
      for (int j = 0; j < m; j++) {
        boolean mayRound = !Lines.isExact(left, i, right, j);
        inexact[i * m + j] = mayRound;
        any |= mayRound;
      }
    }
    return any ? inexact : new boolean[0];
  }

  /** What decides exactness about the rows of a left factor, or the columns of a right one. */
  private static final class Lines {
    /** Lowest set bit over the line; {@link #INEXACT} if some entry has a radius. */
    private final int[] low;
    private final @Up double[] sum;
    private final double[] largest;
    /** Least exponents with sum ≤ 2^sumTop and largest ≤ 2^largestTop. */
    private final int[] sumTop;
    private final int[] largestTop;

    private static final int INEXACT = Integer.MIN_VALUE / 4;

    Lines(Ball53Matrix matrix, int count, int length, int lineStep, int entryStep) {
      low = new int[count];
      sum = new @Up double[count];
      largest = new double[count];
      sumTop = new int[count];
      largestTop = new int[count];
      @Up double[] radii = matrix.rad();
      for (int line = 0; line < count; line++) {
        int lowest = Directed.ANY_POWER;
        @Up double total = 0;
        double most = 0;
        for (int l = 0, e = line * lineStep; l < length; l++, e += entryStep) {
          if (radii[e] != 0) {
            lowest = INEXACT;
            break;
          }
          double magnitude = Math.abs(matrix.mid[e]);
          if (magnitude != 0) {
            lowest = Math.min(lowest, Directed.lowestBit(magnitude));
            total = Directed.addUp(total, magnitude);
            most = Math.max(most, magnitude);
          }
        }
        low[line] = lowest;
        sum[line] = total;
        largest[line] = most;
        sumTop[line] = top(total);
        largestTop[line] = top(most);
      }
    }

    static boolean isExact(Lines left, int i, Lines right, int j) {
      int grid = left.low[i] + right.low[j];
      return grid >= -1074
          && (fits(left.sum[i], left.sumTop[i], right.largest[j], right.largestTop[j], grid + 53)
              || fits(left.largest[i], left.largestTop[i], right.sum[j], right.sumTop[j], grid + 53));
    }

    /** Whether x·y ≤ 2^limit. The powers of two settle all but products within a factor of four of the limit. */
    private static boolean fits(double x, int xTop, double y, int yTop, int limit) {
      return xTop + yTop <= limit || (xTop + yTop == limit + 1 && Directed.mulUp(x, y) <= Math.scalb(1.0, limit));
    }

    /** The least t with x ≤ 2^t, x ≥ 0; far below all others for zero, and far above for +∞. */
    private static int top(double x) {
      if (x == 0) {
        return -Directed.ANY_POWER;
      }
      if (x > Double.MAX_VALUE) {
        return 8 * Directed.ANY_POWER;
      }
      int exponent = Math.getExponent(x);
      return x < Double.MIN_NORMAL ? exponent + 1 : x == Math.scalb(1.0, exponent) ? exponent : exponent + 1;
    }
  }

  /** Flags of the whole entries; empty when there is none. */
  private boolean[] wholeEntries() {
    boolean[] whole = new boolean[0];
    if (rad != null) {
      for (int e = 0; e < mid.length; e++) {
        if (rad[e] > Double.MAX_VALUE) {
          if (whole.length == 0) {
            whole = new boolean[mid.length];
          }
          whole[e] = true;
        }
      }
    }
    return whole;
  }

  private Ball53Matrix withoutWhole(boolean[] whole) {
    if (whole.length == 0) {
      return this;
    }
    @Up double[] radius = radii();
    for (int e = 0; e < radius.length; e++) {
      if (whole[e]) {
        radius[e] = 0;
      }
    }
    return normal(rows, columns, mid.clone(), radius);
  }

  private boolean isExactZero(int e) {
    return mid[e] == 0 && (rad == null || rad[e] == 0);
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

  /**
   * {@inheritDoc}
   *
   * <p>Definition B.1 ({@code def-b.1}). p_i is least where z_i is at its lower end and every other score at its upper
   * end, and greatest the other way round, so its ends come from e^lower/(e^lower + Σ_{j≠i} e^upper) rounded down and
   * e^upper/(e^upper + Σ_{j≠i} e^lower) rounded up; both fractions grow with their own exponential. Sums that leave out
   * one term are sums of a prefix and a suffix. Enclosures lie in [0,1]; one column gives exactly 1.
   *
   * <p>What {@link Binary64} returns for any points z' of the scores is enclosed as well. With D_j = max z' − z'_j, it
   * rounds D_j by u·D_j, e^−D_j by 2u or 2^−1074, sums m terms and divides. The rounded D_j change the sum by at most
   * u Σ_j p_j D_j ≤ u ln m (entropy), and D_i ≤ ln(1/p_i), so the relative error is at most u(ln(1/p) + ln m + m + 5) to first
   * order, for which 1.25 times that stands, and 2^−1072 absolutely. p(1 ± that) grows with p, so the ends of the enclosure
   * give its ends. Where they meet nothing was rounded, here or there.
   */
  @Override
  public Ball53Matrix softmaxRows() {
    double[] result = new double[mid.length];
    @Up double[] radius = new @Up double[mid.length];
    if (columns <= 1) {
      Arrays.fill(result, 1);
      return exact(rows, columns, result);
    }
    SoftmaxRow row = new SoftmaxRow(columns);
    for (int i = 0; i < rows; i++) {
      row.load(this, i);
      row.put(result, radius, i * columns);
    }
    return normal(rows, columns, result, radius);
  }

  /** One row of a softmax: exponentials under two shifts, and the sums of those to the right of each place. */
  private static final class SoftmaxRow {
    private static final double BINARY64_UNDERFLOW = 4 * Double.MIN_VALUE;
    private final int m;
    private final @Down double[] low;
    private final @Up double[] high;
    /** Shifted by the greatest upper end (no exponential above 1), for the lower ends. */
    private final @Down double[] ownDown;
    private final @Up double[] othersUp;
    /** Shifted by the greatest lower end (no exponential that is summed above 1), for the upper ends. */
    private final @Up double[] ownUp;
    private final @Down double[] othersDown;
    private final @Up double[] rightUp;
    private final @Down double[] rightDown;
    /** Where the greatest upper end is, and the lower end of that probability if the shift would underflow it; or 0. */
    private int peak;
    private @Down double leastOfPeak;

    SoftmaxRow(int m) {
      this.m = m;
      low = new @Down double[m];
      high = new @Up double[m];
      ownDown = new @Down double[m];
      othersUp = new @Up double[m];
      ownUp = new @Up double[m];
      othersDown = new @Down double[m];
      rightUp = new @Up double[m + 1];
      rightDown = new @Down double[m + 1];
    }

    void load(Ball53Matrix scores, int row) {
      double highShift = Double.NEGATIVE_INFINITY;
      double lowShift = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < m; j++) {
        low[j] = scores.lower(row * m + j);
        high[j] = scores.upper(row * m + j);
        if (j == 0 || high[j] > highShift) {
          highShift = high[j];
          peak = j;
        }
        lowShift = Math.max(lowShift, low[j]);
      }
      // Without a finite greatest end nothing is known on that side: the exponentials below then give 0 and 1.
      boolean someLow = lowShift > Double.NEGATIVE_INFINITY;
      boolean allHigh = highShift < Double.POSITIVE_INFINITY;
      for (int j = 0; j < m; j++) {
        ownDown[j] = allHigh ? Directed.expDown(Directed.subDown(low[j], highShift)) : 0;
        othersUp[j] = allHigh ? Directed.expUp(Directed.subUp(high[j], highShift)) : Directed.UNBOUNDED;
        ownUp[j] = someLow ? Directed.expUp(Directed.subUp(high[j], lowShift)) : Directed.UNBOUNDED;
        othersDown[j] = someLow ? Directed.expDown(Directed.subDown(low[j], lowShift)) : 0;
      }
      leastOfPeak = leastOfPeak();
      for (int j = m - 1; j >= 0; j--) {
        rightUp[j] = Directed.addUp(rightUp[j + 1], othersUp[j]);
        rightDown[j] = Directed.addDown(rightDown[j + 1], othersDown[j]);
      }
    }

    /** 1.25 u(ln(1/p) + ln m + m + 5), see above, or more; the margin covers the roundings in here. */
    @SuppressWarnings("rounding")
    private @Up double binary64Error(double p) {
      // For 2^e ≤ p, ln(1/p) ≤ −e ln 2; a subnormal p has e = −1023 and ln(1/p) < 745.
      double lnInverse = -0.75 * Math.getExponent(p);
      double lnCount = 32 - Integer.numberOfLeadingZeros(m);
      return 1.25 * Directed.U * (Math.max(lnInverse, 0) + lnCount + m + 5);
    }

    /** The lower end at the peak, shifted by the scores in its own formula, when its upper end is far above all of them. */
    private @Down double leastOfPeak() {
      double shift = low[peak];
      for (int j = 0; j < m; j++) {
        shift = j == peak ? shift : Math.max(shift, high[j]);
      }
      if (!(high[peak] - shift > 500) || Double.isInfinite(shift)) {
        return 0;
      }
      @Up double others = 0;
      for (int j = 0; j < m; j++) {
        others = j == peak ? others : Directed.addUp(others, Directed.expUp(Directed.subUp(high[j], shift)));
      }
      @Down double own = Directed.expDown(Directed.subDown(low[peak], shift));
      return own > 0 ? Directed.divDown(own, Directed.addUp(own, others)) : 0;
    }

    void put(double[] mid, @Up double[] rad, int at) {
      @Up double leftUp = 0;
      @Down double leftDown = 0;
      for (int j = 0; j < m; j++) {
        @Up double others = Directed.addUp(leftUp, rightUp[j + 1]);
        @Down double otherLeast = Directed.addDown(leftDown, rightDown[j + 1]);
        @Down double least = ownDown[j] > 0 ? Directed.divDown(ownDown[j], Directed.addUp(ownDown[j], others)) : 0;
        least = j == peak && leastOfPeak > least ? leastOfPeak : least;
        @Up double most = ownUp[j] <= Double.MAX_VALUE
            ? Directed.divUp(ownUp[j], Directed.addDown(ownUp[j], otherLeast)) : 1;
        if (least != most) {
          least = Directed.subDown(Directed.mulDown(least, Directed.subDown(1, binary64Error(least))), BINARY64_UNDERFLOW);
          most = Directed.addUp(Directed.mulUp(most, Directed.addUp(1, binary64Error(most))), BINARY64_UNDERFLOW);
        }
        putUnitEnds(mid, rad, at + j, least > 0 ? least : 0, most < 1 ? most : 1);
        leftUp = Directed.addUp(leftUp, othersUp[j]);
        leftDown = Directed.addDown(leftDown, othersDown[j]);
      }
    }
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

  private @Up double radius(int e) {
    return rad == null ? 0 : rad[e];
  }

  private int index(int row, int column) {
    return Objects.checkIndex(row, rows) * columns + Objects.checkIndex(column, columns);
  }

  private @Down double lower(int e) {
    return Directed.subDown(mid[e], radius(e));
  }

  private @Up double upper(int e) {
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
  private static void putUnitEnds(double[] mid, @Up double[] rad, int e, @Down double low, @Up double high) {
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
