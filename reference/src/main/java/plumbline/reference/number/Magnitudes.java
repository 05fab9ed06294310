package plumbline.reference.number;

import plumbline.reference.kernel.DoubleProduct;
import plumbline.spec.rounding.Up;

/** Sums and products of upper bounds: arrays of numbers at least 0, +∞ for no bound, row-major, rounded up. */
public final class Magnitudes {
  private Magnitudes() {}

  /**
   * The product of an n×k and a k×m matrix of upper bounds: not below the exact product of any matrices below them. A sum in
   * which some factor is +∞ is +∞, even where the other factor is 0.
   *
   * <p>A computed sum t of nonnegative terms has at most k roundings on each path, one for each fused operation, of which each
   * may instead be off by 2^−1075 if its result is subnormal, which later roundings less than double. So the exact sum is at most t(1 − u)^−k + k·2^−1074. With
   * tiny = (2k + 4)·2^−1074, (t + tiny)(1 + (2k + 8)u) is above it: (1 − u)^−(k+2) ≤ 1 + (2k + 8)u as long as k ≤ 2^48
   * covers the last two roundings as well, and where t is subnormal tiny covers what the factor would have added.
   */
  @SuppressWarnings("rounding") // see above
  public static @Up double[] product(@Up double[] a, @Up double[] b, int n, int k, int m) {
    double[] t = DoubleProduct.multiply(a, b, n, k, m);
    double tiny = (2.0 * k + 4) * Double.MIN_VALUE;
    double factor = 1 + (2.0 * k + 8) * Directed.U;
    @Up double[] result = new @Up double[t.length];
    for (int e = 0; e < result.length; e++) {
      double bound = (t[e] + tiny) * factor;
      result[e] = bound <= Double.MAX_VALUE ? bound : Directed.UNBOUNDED; // 0·∞ is NaN
    }
    return result;
  }

  /** Entry by entry a + b; arrays of one length. */
  public static @Up double[] sum(@Up double[] a, @Up double[] b) {
    @Up double[] sum = new @Up double[a.length];
    for (int e = 0; e < sum.length; e++) {
      sum[e] = Directed.addUp(a[e], b[e]);
    }
    return sum;
  }

  /** The sum of each row of an n×m matrix of upper bounds; the proof is that of {@link #product}, without underflow. */
  @SuppressWarnings("rounding")
  public static @Up double[] rowSums(@Up double[] a, int n, int m) {
    @Up double[] result = new @Up double[n];
    double factor = 1 + (2.0 * m + 8) * Directed.U;
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int e = i * m; e < (i + 1) * m; e++) {
        sum += a[e];
      }
      result[i] = sum * factor + (sum == 0 ? 0 : Double.MIN_VALUE);
    }
    return result;
  }
}
