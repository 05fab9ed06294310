package plumbline.reference.number;

import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.kernel.DoubleProduct;
import plumbline.spec.rounding.Up;

/**
 * Products of {@link Ball53Matrix}, n×k times k×m. The midpoint is the product of the midpoints, summed in the same fixed
 * order as in {@link Binary64}. An entry is exact when all entries of its row and column are exact and all its products and
 * partial sums are multiples of some power of two that fit 53 bits, as for small integers, identities and dyadic weights on
 * modest grids. Elsewhere the radius is at most a few ulps times the inner size of |A||B|, plus what the radii of the factors
 * bring.
 *
 * <p>It rests on these theorems, proved in Coq ({@code proofs-check/coq}): Ball53.bounded_product, Ball53.dot_of_balls,
 * Ball53.inflated_fused_sum, Binary64.gamma_short, Binary64.gamma_long.
 */
final class Ball53Product {
  /** Times γ ≥ 2^−53, numbers from here on give no subnormals. */
  private static final double SMALL = 0x1p-900;

  private Ball53Product() {}

  static Ball53Matrix multiply(Ball53Matrix a, Ball53Matrix b) {
    boolean[] aWhole = wholeEntries(a);
    boolean[] bWhole = wholeEntries(b);
    if (aWhole.length == 0 && bWhole.length == 0) {
      return bounded(a, b);
    }
    // Whole entries count as exact zeros first; then each spreads to all sums in which its partner is not exactly zero.
    int n = a.rows();
    int k = a.columns();
    int m = b.columns();
    Ball53Matrix product = bounded(withoutWhole(a, aWhole), withoutWhole(b, bWhole));
    double[] result = product.midpoints();
    @Up double[] radius = product.radii();
    for (int l = 0; l < k; l++) {
      for (int i = 0; i < n; i++) {
        boolean whole = aWhole.length > 0 && aWhole[i * k + l];
        if (!whole && (bWhole.length == 0 || isExactZero(a, i * k + l))) {
          continue;
        }
        for (int j = 0; j < m; j++) {
          if (whole ? !isExactZero(b, l * m + j) : bWhole[l * m + j]) {
            radius[i * m + j] = Directed.UNBOUNDED;
          }
        }
      }
    }
    return Ball53Matrix.normal(n, m, result, radius);
  }

  /**
   * The product of matrices without whole entries. With M = fl(A_m·B_m), |M − A_m·B_m| ≤ γ|A_m||B_m| + k·2^−1074, where γ
   * bounds (1 + u)^k − 1: each term passes at most k fused operations, which round once each; one whose result is
   * subnormal may be off by 2^−1075 instead, which later roundings less than double. So
   *
   * <pre>|AB − M| ≤ γ|A_m||B_m| + A_r(|B_m| + B_r) + |A_m|B_r + k·2^−1074,</pre>
   *
   * which is U·V + W·Z for (U, V, W, Z) = (γ|A_m| + A_r, |B_m|, |A_m| + A_r, B_r) or (|A_m|, B_r + γ|B_m|, A_r,
   * |B_m| + B_r); W·Z vanishes for exact B in the former and for exact A in the latter. Both products are one sum of 2k
   * terms. Its rounded value t has on each path at most 2k roundings, two of the entry of U or V that is a sum, and one of its
   * partner's, and 2k operations that may underflow by 2^−1075. With tiny = (6k + 16)·2^−1074 the radius is
   * (t + tiny)(1 + (4k + 16)u): (1 − u)^−(2k+5) ≤ 1 + (4k + 16)u covers all roundings, the last two included, of
   * numbers that are not subnormal, and tiny covers the k + 2k underflows of both products (less than doubled again) as well
   * as, where t is subnormal, what the factor would have added: at most (4k + 16)u·2^−1021. Entries that overflow become the
   * whole line.
   *
   * <p>A factor 1 + γ and k·2^−1074 more (with the same margins) enclose what binary64 returns for any points A', B' of the
   * factors: its error is at most γ|A'||B'| + k·2^−1074 with |A'| ≤ |A_m| + A_r, |B'| ≤ |B_m| + B_r, and γ times the right
   * side above, which bounds γ(|A_m|B_r + A_r|B_m| + A_rB_r), is what that exceeds γ|A_m||B_m| by.
   */
  @SuppressWarnings("rounding")
  private static Ball53Matrix bounded(Ball53Matrix a, Ball53Matrix b) {
    int n = a.rows();
    int k = a.columns();
    int m = b.columns();
    double[] product = DoubleProduct.multiply(a.mid, b.mid, n, k, m);
    boolean[] exact = exactEntries(a, b);
    if (areAll(exact, n * m)) {
      return Ball53Matrix.normal(n, m, product, new @Up double[n * m]);
    }
    // (1 + u)^k − 1 ≤ ku/(1 − ku) = ku + (ku)²/(1 − ku), whose last term is below u up to k = 2^26, and below ku always.
    double gamma = (k <= 1 << 26 ? k + 1.0 : 2.0 * k) * Directed.U;
    double[] t = new double[n * m];
    if (b.rad == null || (a.rad != null && n <= m)) {
      addProduct(t, scaledPlus(gamma, a.mid, a.rad), scaledPlus(1, b.mid, null), n, k, m);
      if (b.rad != null) {
        addProduct(t, scaledPlus(1, a.mid, a.rad), b.rad, n, k, m);
      }
    } else {
      addProduct(t, scaledPlus(1, a.mid, null), scaledPlus(gamma, b.mid, b.rad), n, k, m);
      if (a.rad != null) {
        addProduct(t, a.rad, scaledPlus(1, b.mid, b.rad), n, k, m);
      }
    }
    double tiny = (8.0 * k + 16) * Double.MIN_VALUE;
    double factor = 1 + (4.0 * k + 32) * Directed.U + 2 * gamma;
    @Up double[] radius = new @Up double[n * m];
    for (int e = 0; e < radius.length; e++) {
      radius[e] = (t[e] + tiny) * factor;
    }
    for (int e = 0; e < exact.length; e++) {
      if (exact[e]) {
        radius[e] = 0;
      }
    }
    return Ball53Matrix.normal(n, m, product, radius);
  }

  private static void addProduct(double[] sums, double[] a, double[] b, int n, int k, int m) {
    DoubleProduct.multiplyAdd(a, 0, k, b, 0, m, sums, 0, m, n, k, m);
  }

  /** factor·|x| + r, entry by entry, with at most two roundings to nearest each; rounded up where a product might underflow. */
  private static double[] scaledPlus(double factor, double[] x, double @Nullable [] r) {
    double[] result = new double[x.length];
    if (factor == 1) {
      for (int e = 0; e < result.length; e++) {
        result[e] = Math.abs(x[e]);
      }
    } else {
      for (int e = 0; e < result.length; e++) {
        double magnitude = Math.abs(x[e]);
        result[e] = magnitude < SMALL ? Directed.mulUp(factor, magnitude) : factor * magnitude;
      }
    }
    if (r != null) {
      for (int e = 0; e < result.length; e++) {
        result[e] += r[e];
      }
    }
    return result;
  }

  /**
   * Which entries of a·b are exact for sure; empty when none is. Entry (i,j) is exact if row i and column j are, and for
   * g = (lowest bit over row i) + (lowest bit over column j) ≥ −1074 the sum S of |a_il b_lj| satisfies S ≤ 2^(53+g): all
   * products and partial sums are multiples of 2^g and at most S, hence doubles, and no operation rounds. S is bounded
   * by (row sum)·(column maximum) and by (row maximum)·(column sum). (An overflow shows in the product itself.)
   */
  private static boolean[] exactEntries(Ball53Matrix a, Ball53Matrix b) {
    int n = a.rows();
    int m = b.columns();
    Lines left = new Lines(a, n, a.columns(), a.columns(), 1);
    Lines right = new Lines(b, m, a.columns(), 1, m);
    boolean[] exact = new boolean[0];
    for (int i = 0; i < n; i++) {
      if (!left.mayFit(i, right)) {
        continue;
      }
      for (int j = 0; j < m; j++) {
        if (Lines.fit(left, i, right, j)) {
          if (exact.length == 0) {
            exact = new boolean[n * m];
          }
          exact[i * m + j] = true;
        }
      }
    }
    return exact;
  }

  private static boolean areAll(boolean[] flags, int size) {
    if (flags.length != size) {
      return false;
    }
    for (boolean flag : flags) {
      if (!flag) {
        return false;
      }
    }
    return true;
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
    /** The highest lowest bit, and the least of the tops, of all lines. */
    private int highestLow = INEXACT;
    private int leastSumTop = Integer.MAX_VALUE / 2;
    private int leastLargestTop = Integer.MAX_VALUE / 2;

    private static final int INEXACT = Integer.MIN_VALUE / 4;

    Lines(Ball53Matrix matrix, int count, int length, int lineStep, int entryStep) {
      low = new int[count];
      sum = new @Up double[count];
      largest = new double[count];
      sumTop = new int[count];
      largestTop = new int[count];
      @Up double @Nullable [] radii = matrix.rad;
      for (int line = 0; line < count; line++) {
        int lowest = Directed.ANY_POWER;
        @Up double total = 0;
        double most = 0;
        for (int l = 0, e = line * lineStep; l < length; l++, e += entryStep) {
          if (radii != null && radii[e] != 0) {
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
        highestLow = Math.max(highestLow, lowest);
        leastSumTop = Math.min(leastSumTop, sumTop[line]);
        leastLargestTop = Math.min(leastLargestTop, largestTop[line]);
      }
    }

    /** Whether line i might fit with some of the others; a filter for {@link #fit}. */
    boolean mayFit(int i, Lines others) {
      int grid = low[i] + others.highestLow;
      return grid >= -1074
          && (sumTop[i] + others.leastLargestTop <= grid + 54 || largestTop[i] + others.leastSumTop <= grid + 54);
    }

    static boolean fit(Lines left, int i, Lines right, int j) {
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
  private static boolean[] wholeEntries(Ball53Matrix a) {
    boolean[] whole = new boolean[0];
    if (a.rad != null) {
      for (int e = 0; e < a.mid.length; e++) {
        if (a.rad[e] > Double.MAX_VALUE) {
          if (whole.length == 0) {
            whole = new boolean[a.mid.length];
          }
          whole[e] = true;
        }
      }
    }
    return whole;
  }

  private static Ball53Matrix withoutWhole(Ball53Matrix a, boolean[] whole) {
    if (whole.length == 0) {
      return a;
    }
    @Up double[] radius = a.radii();
    for (int e = 0; e < radius.length; e++) {
      if (whole[e]) {
        radius[e] = 0;
      }
    }
    return Ball53Matrix.normal(a.rows(), a.columns(), a.mid.clone(), radius);
  }

  private static boolean isExactZero(Ball53Matrix a, int e) {
    return a.mid[e] == 0 && a.radius(e) == 0;
  }
}
