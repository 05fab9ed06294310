package plumbline.reference.kernel;

/** {@link DoubleProduct} in loops that HotSpot turns into vector instructions by itself, in one thread. */
final class DoubleProductPlain {
  /** Fewer columns are summed one by one, eight rows at a time. */
  private static final int NARROW = 4;
  /** Fewer rows do not repay a copy of the right factor. */
  private static final int WORTH_COPYING = 6;
  /** Columns and rows of the right factor that are copied at a time, and stay in the second level cache. */
  private static final int COLUMNS = 512;
  private static final int DEPTH = 64;

  private DoubleProductPlain() {}

  /** See {@link DoubleProduct#multiplyAdd}. */
  static void multiplyAdd(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int cFrom, int cStride, int n, int k, int m) {
    if (m < NARROW) {
      for (int j = 0; j < m; j++) {
        column(a, aFrom, aStride, b, bFrom + j, bStride, c, cFrom + j, cStride, n, k);
      }
      return;
    }
    if (n < WORTH_COPYING) {
      for (int i = 0; i < n; i++) {
        row(a, aFrom + i * aStride, b, bFrom, bStride, c, cFrom + i * cStride, k, m);
      }
      return;
    }
    double[][] rows = new double[Math.min(DEPTH, k)][Math.min(COLUMNS, m)];
    double[] sums = new double[Math.min(COLUMNS, m)];
    for (int j = 0; j < m; j += COLUMNS) {
      int width = Math.min(COLUMNS, m - j);
      for (int l = 0; l < k; l += DEPTH) {
        int depth = Math.min(DEPTH, k - l);
        for (int r = 0; r < depth; r++) {
          System.arraycopy(b, bFrom + (l + r) * bStride + j, rows[r], 0, width);
        }
        for (int i = 0; i < n; i++) {
          int to = cFrom + i * cStride + j;
          System.arraycopy(c, to, sums, 0, width);
          row(a, aFrom + i * aStride + l, rows, sums, depth, width);
          System.arraycopy(sums, 0, c, to, width);
        }
      }
    }
  }

  /** Four terms of every sum at a time: the row of the product is loaded and stored a quarter as often. */
  private static void row(double[] a, int at, double[][] rows, double[] sums, int k, int m) {
    int l = 0;
    for (; l + 4 <= k; l += 4) {
      addFour(sums, a[at + l], a[at + l + 1], a[at + l + 2], a[at + l + 3],
          rows[l], rows[l + 1], rows[l + 2], rows[l + 3], m);
    }
    for (; l < k; l++) {
      addOne(sums, 0, a[at + l], rows[l], 0, m);
    }
  }

  /** HotSpot vectorises loops in which all arrays are indexed by the loop's variable alone: hence one array for each row. */
  private static void addFour(double[] c, double a0, double a1, double a2, double a3,
      double[] b0, double[] b1, double[] b2, double[] b3, int m) {
    for (int j = 0; j < m; j++) {
      c[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], c[j]))));
    }
  }

  /** The same without a copy of the right factor. */
  private static void row(double[] a, int at, double[] b, int from, int stride, double[] c, int to, int k, int m) {
    int l = 0;
    for (; l + 4 <= k; l += 4) {
      addFour(c, to, a[at + l], a[at + l + 1], a[at + l + 2], a[at + l + 3], b, from + l * stride, stride, m);
    }
    for (; l < k; l++) {
      addOne(c, to, a[at + l], b, from + l * stride, m);
    }
  }

  private static void addFour(double[] c, int to, double a0, double a1, double a2, double a3,
      double[] b, int from, int stride, int m) {
    int from1 = from + stride;
    int from2 = from1 + stride;
    int from3 = from2 + stride;
    for (int j = 0; j < m; j++) {
      c[to + j] = Math.fma(a3, b[from3 + j],
          Math.fma(a2, b[from2 + j], Math.fma(a1, b[from1 + j], Math.fma(a0, b[from + j], c[to + j]))));
    }
  }

  private static void addOne(double[] c, int to, double a0, double[] b, int from, int m) {
    for (int j = 0; j < m; j++) {
      c[to + j] = Math.fma(a0, b[from + j], c[to + j]);
    }
  }

  /** One column of the product; the sums of several rows overlap in time. */
  private static void column(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int cFrom, int cStride, int n, int k) {
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      eightSums(a, aFrom + i * aStride, aStride, b, bFrom, bStride, c, cFrom + i * cStride, cStride, k);
    }
    for (; i < n; i++) {
      int at = aFrom + i * aStride;
      double sum = c[cFrom + i * cStride];
      for (int l = 0; l < k; l++) {
        sum = Math.fma(a[at + l], b[bFrom + l * bStride], sum);
      }
      c[cFrom + i * cStride] = sum;
    }
  }

  private static void eightSums(double[] a, int at, int as, double[] b, int from, int bs, double[] c, int to, int cs, int k) {
    double c0 = c[to];
    double c1 = c[to + cs];
    double c2 = c[to + 2 * cs];
    double c3 = c[to + 3 * cs];
    double c4 = c[to + 4 * cs];
    double c5 = c[to + 5 * cs];
    double c6 = c[to + 6 * cs];
    double c7 = c[to + 7 * cs];
    for (int l = 0; l < k; l++) {
      double y = b[from + l * bs];
      c0 = Math.fma(a[at + l], y, c0);
      c1 = Math.fma(a[at + as + l], y, c1);
      c2 = Math.fma(a[at + 2 * as + l], y, c2);
      c3 = Math.fma(a[at + 3 * as + l], y, c3);
      c4 = Math.fma(a[at + 4 * as + l], y, c4);
      c5 = Math.fma(a[at + 5 * as + l], y, c5);
      c6 = Math.fma(a[at + 6 * as + l], y, c6);
      c7 = Math.fma(a[at + 7 * as + l], y, c7);
    }
    c[to] = c0;
    c[to + cs] = c1;
    c[to + 2 * cs] = c2;
    c[to + 3 * cs] = c3;
    c[to + 4 * cs] = c4;
    c[to + 5 * cs] = c5;
    c[to + 6 * cs] = c6;
    c[to + 7 * cs] = c7;
  }
}
