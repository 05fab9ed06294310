package plumbline.reference.kernel;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link DoubleProduct} by the Vector API, in one thread. A tile of 8 or 4 rows and two vectors of columns of the product
 * stays in registers while the inner index runs; each lane carries the sum of one entry, in the order of the inner index, so
 * bits are those of the plain loops. Panels, as wide as a tile, of the right factor are copied so that a tile reads them in
 * one stream. A panel that sticks out at the right is filled up with zeros, which meet columns of the product that nobody
 * keeps; rows and the inner index are never filled up. Rows of a wide left factor are copied closer together, for where they
 * lie a power of two apart they compete for the same lines of the cache.
 */
final class DoubleProductVector {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** Columns of a panel. */
  static final int WIDTH = 2 * LANES;

  /** Rows of the largest tile: its 16 accumulators need the 32 registers that come with 512 bits. */
  private static final int HEIGHT = LANES >= 8 ? 8 : 4;

  /** Terms between two visits to the product: a panel of so many rows stays in the first level cache. */
  private static final int DEPTH = 256;
  /** Rows of the left factor that share a panel before the next one comes: so many rows stay in the second level cache. */
  private static final int ROWS = 128;
  /** Columns of the right factor that are copied at a time. */
  private static final int COLUMNS = 512;
  /** Fewer rows do not repay copying panels. */
  private static final int WORTH_PACKING = 4 * HEIGHT;

  /** How far copied rows are apart: an odd number of cache lines. */
  private static final int ROW = DEPTH + 8;
  /** Fewer columns do not repay copying rows. */
  private static final int WORTH_COPYING = 128;

  /** Each thread's room for panels and for rows: new arrays would be cleared first, which takes as long as filling them. */
  // Proof for the checker: a thread that has set nothing gets the initial value, which is not null, and no thread sets any.
  @SuppressWarnings("nullness")
  private static final ThreadLocal<double[]> PANELS = ThreadLocal.withInitial(() -> new double[DEPTH * COLUMNS]);
  @SuppressWarnings("nullness") // the same
  private static final ThreadLocal<double[]> LEFT = ThreadLocal.withInitial(() -> new double[ROWS * ROW]);

  private DoubleProductVector() {}

  /** See {@link DoubleProduct#multiplyAdd}. */
  static void multiplyAdd(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int cFrom, int cStride, int n, int k, int m) {
    double[] tile = new double[HEIGHT * WIDTH];
    boolean pack = n >= WORTH_PACKING;
    double[] panels = PANELS.get();
    for (int j = 0; j < m; j += COLUMNS) {
      int columns = Math.min(COLUMNS, m - j);
      // Columns that are read where they are.
      int there = pack ? 0 : columns - columns % WIDTH;
      for (int l = 0; l < k; l += DEPTH) {
        int depth = Math.min(DEPTH, k - l);
        int from = bFrom + l * bStride + j;
        for (int p = 0; p < there; p += WIDTH) {
          panel(a, aFrom + l, aStride, b, from + p, bStride, c, cFrom + j + p, cStride, n, depth, WIDTH, tile);
        }
        pack(b, from + there, bStride, depth, columns - there, panels);
        panels(a, aFrom + l, aStride, panels, 0, depth * WIDTH, c, cFrom + j + there, cStride, n, depth, columns - there, tile);
      }
    }
  }

  /** The same for a right factor packed as a whole, from a column on that is a multiple of {@link #WIDTH}. */
  static void multiplyAdd(double[] a, int aFrom, int aStride, double[] packed, int firstColumn,
      double[] c, int cFrom, int cStride, int n, int k, int m) {
    double[] tile = new double[HEIGHT * WIDTH];
    for (int j = 0; j < m; j += COLUMNS) {
      int columns = Math.min(COLUMNS, m - j);
      for (int l = 0; l < k; l += DEPTH) {
        panels(a, aFrom + l, aStride, packed, (firstColumn + j) * k + l * WIDTH, k * WIDTH, c, cFrom + j, cStride,
            n, Math.min(DEPTH, k - l), columns, tile);
      }
    }
  }

  /** The columns of the panels that hold m columns. */
  static int panelled(int m) {
    return Math.addExact(m, WIDTH - 1) / WIDTH * WIDTH;
  }

  /** Copies a block into panels that follow each other, row after row each, zeros beyond the last column. */
  static void pack(double[] b, int from, int stride, int k, int m, double[] panels) {
    for (int j = 0; j < m; j += WIDTH) {
      if (m - j >= WIDTH) {
        copyRows(b, from + j, stride, panels, j * k, k);
      } else {
        int width = m - j;
        Arrays.fill(panels, j * k, (j + WIDTH) * k, 0);
        copy(b, from + j, stride, panels, j * k, WIDTH, k, width);
      }
    }
  }

  private static void copyRows(double[] b, int from, int stride, double[] panels, int to, int k) {
    for (int l = 0; l < k; l++) {
      DoubleVector.fromArray(SPECIES, b, from).intoArray(panels, to);
      DoubleVector.fromArray(SPECIES, b, from + LANES).intoArray(panels, to + LANES);
      from += stride;
      to += WIDTH;
    }
  }

  /** All panels times all rows. */
  private static void panels(double[] a, int aFrom, int aStride, double[] b, int bFrom, int panelStride,
      double[] c, int cFrom, int cStride, int n, int k, int m, double[] tile) {
    boolean copy = m >= WORTH_COPYING && aStride > ROW && n >= WORTH_PACKING;
    double[] left = copy ? LEFT.get() : a;
    int stride = copy ? ROW : aStride;
    for (int i = 0; i < n; i += ROWS) {
      int rows = Math.min(ROWS, n - i);
      if (copy) {
        copy(a, aFrom + i * aStride, aStride, left, 0, ROW, rows, k);
      }
      for (int j = 0; j < m; j += WIDTH) {
        panel(left, copy ? 0 : aFrom + i * aStride, stride, b, bFrom + j / WIDTH * panelStride, WIDTH, c, cFrom + i * cStride + j, cStride,
            rows, k, Math.min(WIDTH, m - j), tile);
      }
    }
  }

  /** One panel times all rows; a narrow one adds to a copy of its part of the product. */
  private static void panel(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int cFrom, int cStride, int n, int k, int width, double[] tile) {
    int i = 0;
    while (i < n) {
      int left = n - i;
      int height = left >= HEIGHT ? HEIGHT : left >= 4 ? 4 : 1;
      int at = aFrom + i * aStride;
      int to = cFrom + i * cStride;
      if (width == WIDTH) {
        tile(height, a, at, aStride, b, bFrom, bStride, c, to, cStride, k, width);
      } else {
        copy(c, to, cStride, tile, 0, WIDTH, height, width);
        tile(height, a, at, aStride, b, bFrom, bStride, tile, 0, WIDTH, k, width);
        copy(tile, 0, WIDTH, c, to, cStride, height, width);
      }
      i += height;
    }
  }

  private static void tile(int height, double[] a, int at, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int to, int cStride, int k, int width) {
    if (height == 8) {
      if (width <= LANES) {
        tile8x1(a, at, aStride, b, bFrom, bStride, c, to, cStride, k);
      } else {
        tile8x2(a, at, aStride, b, bFrom, bStride, c, to, cStride, k);
      }
    } else if (height == 4) {
      tile4x2(a, at, aStride, b, bFrom, bStride, c, to, cStride, k);
    } else {
      tile1x2(a, at, b, bFrom, bStride, c, to, k);
    }
  }

  private static void copy(double[] source, int from, int stride, double[] target, int to, int targetStride, int n, int m) {
    for (int i = 0; i < n; i++) {
      System.arraycopy(source, from + i * stride, target, to + i * targetStride, m);
    }
  }

  private static void tile8x2(double[] a, int a0, int as, double[] b, int bo, int bs, double[] c, int co, int cs, int k) {
    int a1 = a0 + as;
    int a2 = a1 + as;
    int a3 = a2 + as;
    int a4 = a3 + as;
    int a5 = a4 + as;
    int a6 = a5 + as;
    int a7 = a6 + as;
    DoubleVector c00 = DoubleVector.fromArray(SPECIES, c, co);
    DoubleVector c01 = DoubleVector.fromArray(SPECIES, c, co + LANES);
    DoubleVector c10 = DoubleVector.fromArray(SPECIES, c, co + cs);
    DoubleVector c11 = DoubleVector.fromArray(SPECIES, c, co + cs + LANES);
    DoubleVector c20 = DoubleVector.fromArray(SPECIES, c, co + 2 * cs);
    DoubleVector c21 = DoubleVector.fromArray(SPECIES, c, co + 2 * cs + LANES);
    DoubleVector c30 = DoubleVector.fromArray(SPECIES, c, co + 3 * cs);
    DoubleVector c31 = DoubleVector.fromArray(SPECIES, c, co + 3 * cs + LANES);
    DoubleVector c40 = DoubleVector.fromArray(SPECIES, c, co + 4 * cs);
    DoubleVector c41 = DoubleVector.fromArray(SPECIES, c, co + 4 * cs + LANES);
    DoubleVector c50 = DoubleVector.fromArray(SPECIES, c, co + 5 * cs);
    DoubleVector c51 = DoubleVector.fromArray(SPECIES, c, co + 5 * cs + LANES);
    DoubleVector c60 = DoubleVector.fromArray(SPECIES, c, co + 6 * cs);
    DoubleVector c61 = DoubleVector.fromArray(SPECIES, c, co + 6 * cs + LANES);
    DoubleVector c70 = DoubleVector.fromArray(SPECIES, c, co + 7 * cs);
    DoubleVector c71 = DoubleVector.fromArray(SPECIES, c, co + 7 * cs + LANES);
    for (int l = 0; l < k; l++) {
      DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, bo);
      DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, bo + LANES);
      DoubleVector x = DoubleVector.broadcast(SPECIES, a[a0 + l]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = DoubleVector.broadcast(SPECIES, a[a1 + l]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = DoubleVector.broadcast(SPECIES, a[a2 + l]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = DoubleVector.broadcast(SPECIES, a[a3 + l]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = DoubleVector.broadcast(SPECIES, a[a4 + l]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = DoubleVector.broadcast(SPECIES, a[a5 + l]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = DoubleVector.broadcast(SPECIES, a[a6 + l]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = DoubleVector.broadcast(SPECIES, a[a7 + l]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
      bo += bs;
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + LANES);
    c10.intoArray(c, co + cs);
    c11.intoArray(c, co + cs + LANES);
    c20.intoArray(c, co + 2 * cs);
    c21.intoArray(c, co + 2 * cs + LANES);
    c30.intoArray(c, co + 3 * cs);
    c31.intoArray(c, co + 3 * cs + LANES);
    c40.intoArray(c, co + 4 * cs);
    c41.intoArray(c, co + 4 * cs + LANES);
    c50.intoArray(c, co + 5 * cs);
    c51.intoArray(c, co + 5 * cs + LANES);
    c60.intoArray(c, co + 6 * cs);
    c61.intoArray(c, co + 6 * cs + LANES);
    c70.intoArray(c, co + 7 * cs);
    c71.intoArray(c, co + 7 * cs + LANES);
  }

  private static void tile8x1(double[] a, int a0, int as, double[] b, int bo, int bs, double[] c, int co, int cs, int k) {
    int a1 = a0 + as;
    int a2 = a1 + as;
    int a3 = a2 + as;
    int a4 = a3 + as;
    int a5 = a4 + as;
    int a6 = a5 + as;
    int a7 = a6 + as;
    DoubleVector c0 = DoubleVector.fromArray(SPECIES, c, co);
    DoubleVector c1 = DoubleVector.fromArray(SPECIES, c, co + cs);
    DoubleVector c2 = DoubleVector.fromArray(SPECIES, c, co + 2 * cs);
    DoubleVector c3 = DoubleVector.fromArray(SPECIES, c, co + 3 * cs);
    DoubleVector c4 = DoubleVector.fromArray(SPECIES, c, co + 4 * cs);
    DoubleVector c5 = DoubleVector.fromArray(SPECIES, c, co + 5 * cs);
    DoubleVector c6 = DoubleVector.fromArray(SPECIES, c, co + 6 * cs);
    DoubleVector c7 = DoubleVector.fromArray(SPECIES, c, co + 7 * cs);
    for (int l = 0; l < k; l++) {
      DoubleVector y = DoubleVector.fromArray(SPECIES, b, bo);
      c0 = DoubleVector.broadcast(SPECIES, a[a0 + l]).fma(y, c0);
      c1 = DoubleVector.broadcast(SPECIES, a[a1 + l]).fma(y, c1);
      c2 = DoubleVector.broadcast(SPECIES, a[a2 + l]).fma(y, c2);
      c3 = DoubleVector.broadcast(SPECIES, a[a3 + l]).fma(y, c3);
      c4 = DoubleVector.broadcast(SPECIES, a[a4 + l]).fma(y, c4);
      c5 = DoubleVector.broadcast(SPECIES, a[a5 + l]).fma(y, c5);
      c6 = DoubleVector.broadcast(SPECIES, a[a6 + l]).fma(y, c6);
      c7 = DoubleVector.broadcast(SPECIES, a[a7 + l]).fma(y, c7);
      bo += bs;
    }
    c0.intoArray(c, co);
    c1.intoArray(c, co + cs);
    c2.intoArray(c, co + 2 * cs);
    c3.intoArray(c, co + 3 * cs);
    c4.intoArray(c, co + 4 * cs);
    c5.intoArray(c, co + 5 * cs);
    c6.intoArray(c, co + 6 * cs);
    c7.intoArray(c, co + 7 * cs);
  }

  private static void tile4x2(double[] a, int a0, int as, double[] b, int bo, int bs, double[] c, int co, int cs, int k) {
    int a1 = a0 + as;
    int a2 = a1 + as;
    int a3 = a2 + as;
    DoubleVector c00 = DoubleVector.fromArray(SPECIES, c, co);
    DoubleVector c01 = DoubleVector.fromArray(SPECIES, c, co + LANES);
    DoubleVector c10 = DoubleVector.fromArray(SPECIES, c, co + cs);
    DoubleVector c11 = DoubleVector.fromArray(SPECIES, c, co + cs + LANES);
    DoubleVector c20 = DoubleVector.fromArray(SPECIES, c, co + 2 * cs);
    DoubleVector c21 = DoubleVector.fromArray(SPECIES, c, co + 2 * cs + LANES);
    DoubleVector c30 = DoubleVector.fromArray(SPECIES, c, co + 3 * cs);
    DoubleVector c31 = DoubleVector.fromArray(SPECIES, c, co + 3 * cs + LANES);
    for (int l = 0; l < k; l++) {
      DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, bo);
      DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, bo + LANES);
      DoubleVector x = DoubleVector.broadcast(SPECIES, a[a0 + l]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = DoubleVector.broadcast(SPECIES, a[a1 + l]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = DoubleVector.broadcast(SPECIES, a[a2 + l]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = DoubleVector.broadcast(SPECIES, a[a3 + l]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      bo += bs;
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + LANES);
    c10.intoArray(c, co + cs);
    c11.intoArray(c, co + cs + LANES);
    c20.intoArray(c, co + 2 * cs);
    c21.intoArray(c, co + 2 * cs + LANES);
    c30.intoArray(c, co + 3 * cs);
    c31.intoArray(c, co + 3 * cs + LANES);
  }

  private static void tile1x2(double[] a, int ao, double[] b, int bo, int bs, double[] c, int co, int k) {
    DoubleVector c0 = DoubleVector.fromArray(SPECIES, c, co);
    DoubleVector c1 = DoubleVector.fromArray(SPECIES, c, co + LANES);
    for (int l = 0; l < k; l++) {
      DoubleVector x = DoubleVector.broadcast(SPECIES, a[ao + l]);
      c0 = x.fma(DoubleVector.fromArray(SPECIES, b, bo), c0);
      c1 = x.fma(DoubleVector.fromArray(SPECIES, b, bo + LANES), c1);
      bo += bs;
    }
    c0.intoArray(c, co);
    c1.intoArray(c, co + LANES);
  }
}
