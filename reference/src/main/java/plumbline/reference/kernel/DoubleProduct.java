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
    if (!threads || work(n, k, m) < 2 * TASK) {
      inThread(a, aFrom, aStride, b, bFrom, bStride, c, cFrom, cStride, n, k, m);
    } else if (m >= n) {
      split(m, work(n, k, UNIT), (from, to) ->
          inThread(a, aFrom, aStride, b, bFrom + from, bStride, c, cFrom + from, cStride, n, k, to - from));
    } else {
      split(n, work(UNIT, k, m), (from, to) ->
          inThread(a, aFrom + from * aStride, aStride, b, bFrom, bStride, c, cFrom + from * cStride, cStride,
              to - from, k, m));
    }
  }

  /** {@link #multiplyAdd(double[], int, int, double[], int, int, double[], int, int, int, int, int)} for a prepared factor. */
  public static void multiplyAdd(double[] a, int aFrom, int aStride, Right b, double[] c, int cFrom, int cStride, int n) {
    int k = b.k;
    int m = b.m;
    if (n == 0 || k == 0 || m == 0) {
      return;
    }
    if (work(n, k, m) < 2 * TASK) {
      b.inThread(a, aFrom, aStride, 0, c, cFrom, cStride, n, m);
    } else if (m >= n) {
      split(m, work(n, k, UNIT), (from, to) ->
          b.inThread(a, aFrom, aStride, from, c, cFrom + from, cStride, n, to - from));
    } else {
      split(n, work(UNIT, k, m), (from, to) ->
          b.inThread(a, aFrom + from * aStride, aStride, 0, c, cFrom + from * cStride, cStride, to - from, m));
    }
  }

  /** A right factor k×m in the order in which the kernel reads it, for many products with it or with others of its shape. */
  public static final class Right {
    private final int k;
    private final int m;
    private final boolean panels;
    private final double[] entries;

    /** A matrix of zeros. */
    public Right(int k, int m) {
      this.k = k;
      this.m = m;
      panels = Simd.AVAILABLE && !isNarrow(m);
      entries = new double[Math.multiplyExact(k, panels ? DoubleProductVector.panelled(m) : m)];
    }

    /** Copies the entries of a block. */
    public Right load(double[] b, int from, int stride) {
      if (panels) {
        DoubleProductVector.pack(b, from, stride, k, m, entries);
      } else {
        for (int l = 0; l < k; l++) {
          System.arraycopy(b, from + l * stride, entries, l * m, m);
        }
      }
      return this;
    }

    private void inThread(double[] a, int aFrom, int aStride, int column, double[] c, int cFrom, int cStride, int n, int width) {
      if (panels) {
        DoubleProductVector.multiplyAdd(a, aFrom, aStride, entries, column, c, cFrom, cStride, n, k, width);
      } else {
        DoubleProductPlain.multiplyAdd(a, aFrom, aStride, entries, column, m, c, cFrom, cStride, n, k, width);
      }
    }
  }

  private static void inThread(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int cFrom, int cStride, int n, int k, int m) {
    if (Simd.AVAILABLE && !isNarrow(m) && work(n, k, m) >= SMALL) {
      DoubleProductVector.multiplyAdd(a, aFrom, aStride, b, bFrom, bStride, c, cFrom, cStride, n, k, m);
    } else {
      DoubleProductPlain.multiplyAdd(a, aFrom, aStride, b, bFrom, bStride, c, cFrom, cStride, n, k, m);
    }
  }

  /** Whether vectors would mostly hold columns that are not there. */
  private static boolean isNarrow(int m) {
    return m < 3;
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
