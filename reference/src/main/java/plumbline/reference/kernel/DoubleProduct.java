package plumbline.reference.kernel;

/**
 * Products of binary64 matrices. Entry (i, j) is fma(a_ik, b_kj, …fma(a_i2, b_2j, fma(a_i1, b_1j, 0))…): one rounding per
 * term, in the order of the inner index, so the bits never depend on the machine. (Where an entry is NaN, which of the many
 * NaNs it is may.)
 *
 * <p>Small products are plain loops, larger ones go through registers tile by tile ({@link DoubleProductVector}, or
 * {@link DoubleProductPlain} where the Vector API is missing), and the largest are split among threads by rows or columns.
 *
 * <p>It rests on these theorems, proved in Coq ({@code proofs-check/coq}): Ball53.fused_error, Ball53.fused_error_gamma,
 * Ball53.fused_exact, Binary64.gamma_short, Binary64.gamma_long.
 */
public final class DoubleProduct {
  /** Below so many terms in all, the vector kernel gains nothing. */
  private static final long SMALL = 1 << 11;
  /** So many terms are worth a task for another thread. */
  private static final long TASK = 1 << 20;
  /** A split among threads is at multiples of so many rows or columns, full tiles on every machine. */
  private static final int UNIT = 32;
  /** So many rows can be shared among threads. */
  private static final int MANY = 4 * UNIT;
  /** To pack an entry of the right factor takes as long as so many terms. */
  private static final int PACKING = 8;

  private DoubleProduct() {}

  /** The product of a row-major n×k and a k×m matrix. */
  public static double[] multiply(double[] a, double[] b, int n, int k, int m) {
    double[] product = new double[n * m];
    multiplyAdd(a, 0, k, b, 0, m, product, 0, m, n, k, m);
    return product;
  }

  /**
   * Continues the sums of an n×m block of {@code c} with the terms of an n×k block of {@code a} times a k×m block of
   * {@code b}. A block starts at its offset, and its rows lie as many entries apart as the number after that says. The block
   * of {@code c} must not overlap the others.
   */
  public static void multiplyAdd(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int cFrom, int cStride, int n, int k, int m) {
    multiplyAdd(a, aFrom, aStride, b, bFrom, bStride, c, cFrom, cStride, n, k, m, true);
  }

  /** The same, by several threads or not. */
  static void multiplyAdd(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int cFrom, int cStride, int n, int k, int m, boolean threads) {
    if (n == 0 || k == 0 || m == 0) {
      return;
    }
    if (!threads || Workers.threads() == 1 || work(n, k, m) < 2 * TASK) {
      inThread(a, aFrom, aStride, b, bFrom, bStride, c, cFrom, cStride, n, k, m);
    } else if (n >= MANY && isWorthVectors(n, k, m)) {
      shared(a, aFrom, aStride, b, bFrom, bStride, c, cFrom, cStride, n, k, m);
    } else if (m >= n) {
      split(m, work(n, k, UNIT), (from, to) ->
          inThread(a, aFrom, aStride, b, bFrom + from, bStride, c, cFrom + from, cStride, n, k, to - from));
    } else {
      split(n, work(UNIT, k, m), (from, to) ->
          inThread(a, aFrom + from * aStride, aStride, b, bFrom, bStride, c, cFrom + from * cStride, cStride,
              to - from, k, m));
    }
  }

  /** Threads pack the right factor together, and then share the rows: nothing is copied twice. */
  private static void shared(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int cFrom, int cStride, int n, int k, int m) {
    double[] packed = Room.DOUBLES.take(Math.multiplyExact(k, DoubleProductVector.panelled(m)));
    split(m, work(UNIT, k, PACKING), (from, to) ->
        DoubleProductVector.pack(b, bFrom, bStride, k, m, from, to, packed));
    split(n, work(UNIT, k, m), (from, to) ->
        DoubleProductVector.multiplyAdd(a, aFrom + from * aStride, aStride, packed, c, cFrom + from * cStride, cStride,
            to - from, k, m));
    Room.DOUBLES.giveBack(packed);
  }

  private static void inThread(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int cFrom, int cStride, int n, int k, int m) {
    if (isWorthVectors(n, k, m)) {
      DoubleProductVector.multiplyAdd(a, aFrom, aStride, b, bFrom, bStride, c, cFrom, cStride, n, k, m);
    } else {
      DoubleProductPlain.multiplyAdd(a, aFrom, aStride, b, bFrom, bStride, c, cFrom, cStride, n, k, m);
    }
  }

  /** With fewer columns, vectors would mostly hold some that are not there. */
  private static boolean isWorthVectors(int n, int k, int m) {
    return Simd.AVAILABLE && m >= 3 && work(n, k, m) >= SMALL;
  }

  private static long work(int n, int k, int m) {
    return (long) n * k * m;
  }

  private static void split(int length, long unitWork, Workers.Range range) {
    int units = (length + UNIT - 1) / UNIT;
    Workers.run(units, (int) Math.max(1, Math.min(units, TASK / unitWork)),
        (from, to) -> range.run(from * UNIT, Math.min(to * UNIT, length)));
  }
}
