package plumbline.reference.kernel;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link DoubleProduct} by the Vector API, in one thread. A tile of 8 or 4 rows and two vectors of columns of the product
 * stays in registers while the inner index runs; each lane carries the sum of one entry, in the order of the inner index, so
 * bits are those of the plain loops. Both factors are copied so that a tile reads each of them in one stream: panels, as wide
 * as a tile, of the right one, and of the left one strips as high as a tile, column after column. A panel that sticks out at
 * the right is filled up with zeros, which meet columns of the product that nobody keeps; rows and the inner index are never
 * filled up.
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
  private static final int ROWS = 64;
  /** Columns of the right factor that are copied at a time. */
  private static final int COLUMNS = 512;
  /** Fewer rows do not repay copying panels. */
  private static final int WORTH_PACKING = 4;

  /** Each thread's room for panels and for strips: new arrays would be cleared first, which takes as long as filling them. */
  // Not null: withInitial supplies each thread's array, and none is ever set or removed.
  @SuppressWarnings("nullness:type.argument")
  private static final ThreadLocal<double[]> PANELS = ThreadLocal.withInitial(() -> new double[DEPTH * COLUMNS]);
  @SuppressWarnings("nullness:type.argument")
  private static final ThreadLocal<double[]> STRIPS = ThreadLocal.withInitial(() -> new double[ROWS * DEPTH]);

  private DoubleProductVector() {}

  /** See {@link DoubleProduct#multiplyAdd}. */
  static void multiplyAdd(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int cFrom, int cStride, int n, int k, int m) {
    if (n < WORTH_PACKING) {
      fewRows(a, aFrom, aStride, b, bFrom, bStride, c, cFrom, cStride, n, k, m);
      return;
    }
    double[] panels = PANELS.get();
    for (int j = 0; j < m; j += COLUMNS) {
      int columns = Math.min(COLUMNS, m - j);
      for (int l = 0; l < k; l += DEPTH) {
        int depth = Math.min(DEPTH, k - l);
        pack(b, bFrom + l * bStride + j, bStride, depth, columns, panels, 0);
        panels(a, aFrom + l, aStride, panels, 0, c, cFrom + j, cStride, n, depth, columns);
      }
    }
  }

  /** Row by row; the right factor is read where it is. */
  private static void fewRows(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int cFrom, int cStride, int n, int k, int m) {
    int there = m - m % WIDTH;
    for (int j = 0; j < there; j += WIDTH) {
      for (int i = 0; i < n; i++) {
        tile1x2(a, aFrom + i * aStride, b, bFrom + j, bStride, c, cFrom + i * cStride + j, k);
      }
    }
    DoubleProductPlain.multiplyAdd(a, aFrom, aStride, b, bFrom + there, bStride, c, cFrom + there, cStride, n, k, m - there);
  }

  /**
   * Packs the columns from {@code from} to {@code to} of a right factor of k×m, to where {@link #multiplyAdd(double[], int, int,
   * double[], double[], int, int, int, int, int) multiplyAdd} looks for them. Panels that are read one after the other follow
   * each other: at a distance that is a power of two, few of them would fit into a cache.
   */
  static void pack(double[] b, int bFrom, int bStride, int k, int m, int from, int to, double[] packed) {
    for (int l = 0; l < k; l += DEPTH) {
      int depth = Math.min(DEPTH, k - l);
      pack(b, bFrom + l * bStride + from, bStride, depth, to - from, packed, l * panelled(m) + from * depth);
    }
  }

  /** The same as {@link #multiplyAdd}, for a right factor of k×m that has been packed as a whole. */
  static void multiplyAdd(double[] a, int aFrom, int aStride, double[] packed, double[] c, int cFrom, int cStride,
      int n, int k, int m) {
    for (int j = 0; j < m; j += COLUMNS) {
      int columns = Math.min(COLUMNS, m - j);
      for (int l = 0; l < k; l += DEPTH) {
        int depth = Math.min(DEPTH, k - l);
        panels(a, aFrom + l, aStride, packed, l * panelled(m) + j * depth, c, cFrom + j, cStride, n, depth, columns);
      }
    }
  }

  /** The columns of the panels that hold m columns. */
  static int panelled(int m) {
    return Math.addExact(m, WIDTH - 1) / WIDTH * WIDTH;
  }

  /** Copies a block into panels that follow each other, row after row each, zeros beyond the last column. */
  private static void pack(double[] b, int from, int stride, int k, int m, double[] panels, int to) {
    for (int j = 0; j < m; j += WIDTH) {
      int panel = to + j * k;
      if (m - j >= WIDTH) {
        copyRows(b, from + j, stride, panels, panel, k);
      } else {
        Arrays.fill(panels, panel, panel + WIDTH * k, 0);
        copy(b, from + j, stride, panels, panel, WIDTH, k, m - j);
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
  private static void panels(double[] a, int aFrom, int aStride, double[] b, int bFrom,
      double[] c, int cFrom, int cStride, int n, int k, int m) {
    double[] strips = STRIPS.get();
    double[] tile = new double[HEIGHT * WIDTH];
    for (int i = 0; i < n; i += ROWS) {
      int rows = Math.min(ROWS, n - i);
      strips(a, aFrom + i * aStride, aStride, rows, k, strips);
      for (int j = 0; j < m; j += WIDTH) {
        panel(strips, b, bFrom + j * k, c, cFrom + i * cStride + j, cStride, rows, k,
            Math.min(WIDTH, m - j), tile);
      }
    }
  }

  /** The rows of the next tile where so many are left: strips and tiles are cut alike. */
  private static int height(int left) {
    return left >= HEIGHT ? HEIGHT : left >= 4 ? 4 : 1;
  }

  /** Copies n×k entries into strips that follow each other, column after column each. */
  private static void strips(double[] a, int from, int stride, int n, int k, double[] strips) {
    int height;
    for (int i = 0; i < n; i += height) {
      height = height(n - i);
      int to = i * k;
      if (height == HEIGHT) {
        strip(a, from + i * stride, stride, k, strips, to);
      } else {
        for (int r = 0; r < height; r++) {
          for (int l = 0; l < k; l++) {
            strips[to + l * height + r] = a[from + (i + r) * stride + l];
          }
        }
      }
    }
  }

  private static void strip(double[] a, int from, int stride, int k, double[] strips, int to) {
    for (int l = 0; l < k; l++) {
      for (int r = 0; r < HEIGHT; r++) {
        strips[to + l * HEIGHT + r] = a[from + r * stride + l];
      }
    }
  }

  /** One panel times all rows; a narrow one adds to a copy of its part of the product. */
  private static void panel(double[] strips, double[] b, int bFrom, double[] c, int cFrom, int cStride,
      int n, int k, int width, double[] tile) {
    int height;
    for (int i = 0; i < n; i += height) {
      height = height(n - i);
      int to = cFrom + i * cStride;
      if (width == WIDTH) {
        tile(height, strips, i * k, b, bFrom, c, to, cStride, k, width);
      } else {
        copy(c, to, cStride, tile, 0, WIDTH, height, width);
        tile(height, strips, i * k, b, bFrom, tile, 0, WIDTH, k, width);
        copy(tile, 0, WIDTH, c, to, cStride, height, width);
      }
    }
  }

  private static void tile(int height, double[] a, int ao, double[] b, int bo,
      double[] c, int co, int cs, int k, int width) {
    if (height == 8) {
      if (width <= LANES) {
        tile8x1(a, ao, b, bo, c, co, cs, k);
      } else {
        int pairs = k & ~1;
        tile8x2(a, ao, b, bo, c, co, cs, pairs);
        if (pairs < k) {
          tile4x2(a, ao + 8 * pairs, b, bo + WIDTH * pairs, c, co, cs, 1);
          tile4x2(a, ao + 8 * pairs + 4, b, bo + WIDTH * pairs, c, co + 4 * cs, cs, 1);
        }
      }
    } else if (height == 4) {
      tile4x2(a, ao, b, bo, c, co, cs, k);
    } else {
      tile1x2(a, ao, b, bo, WIDTH, c, co, k);
    }
  }

  private static void copy(double[] source, int from, int stride, double[] target, int to, int targetStride, int n, int m) {
    for (int i = 0; i < n; i++) {
      System.arraycopy(source, from + i * stride, target, to + i * targetStride, m);
    }
  }

  // In tiles, indices advance by constants, for only then does the compiler take their checks out of the loop.

  /** An even number of terms, two in a turn: what a turn takes besides would slow one term down. */
  private static void tile8x2(double[] a, int ao, double[] b, int bo, double[] c, int co, int cs, int k) {
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
    for (int l = 0; l < k; l += 2) {
      DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, bo + WIDTH * l);
      DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, bo + WIDTH * l + LANES);
      DoubleVector x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 1]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 2]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 3]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 4]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 5]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 6]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 7]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
      b0 = DoubleVector.fromArray(SPECIES, b, bo + WIDTH * l + WIDTH);
      b1 = DoubleVector.fromArray(SPECIES, b, bo + WIDTH * l + WIDTH + LANES);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 8]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 9]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 10]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 11]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 12]);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 13]);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 14]);
      c60 = x.fma(b0, c60);
      c61 = x.fma(b1, c61);
      x = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 15]);
      c70 = x.fma(b0, c70);
      c71 = x.fma(b1, c71);
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

  private static void tile8x1(double[] a, int ao, double[] b, int bo, double[] c, int co, int cs, int k) {
    DoubleVector c0 = DoubleVector.fromArray(SPECIES, c, co);
    DoubleVector c1 = DoubleVector.fromArray(SPECIES, c, co + cs);
    DoubleVector c2 = DoubleVector.fromArray(SPECIES, c, co + 2 * cs);
    DoubleVector c3 = DoubleVector.fromArray(SPECIES, c, co + 3 * cs);
    DoubleVector c4 = DoubleVector.fromArray(SPECIES, c, co + 4 * cs);
    DoubleVector c5 = DoubleVector.fromArray(SPECIES, c, co + 5 * cs);
    DoubleVector c6 = DoubleVector.fromArray(SPECIES, c, co + 6 * cs);
    DoubleVector c7 = DoubleVector.fromArray(SPECIES, c, co + 7 * cs);
    for (int l = 0; l < k; l++) {
      DoubleVector y = DoubleVector.fromArray(SPECIES, b, bo + WIDTH * l);
      c0 = DoubleVector.broadcast(SPECIES, a[ao + 8 * l]).fma(y, c0);
      c1 = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 1]).fma(y, c1);
      c2 = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 2]).fma(y, c2);
      c3 = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 3]).fma(y, c3);
      c4 = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 4]).fma(y, c4);
      c5 = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 5]).fma(y, c5);
      c6 = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 6]).fma(y, c6);
      c7 = DoubleVector.broadcast(SPECIES, a[ao + 8 * l + 7]).fma(y, c7);
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

  private static void tile4x2(double[] a, int ao, double[] b, int bo, double[] c, int co, int cs, int k) {
    DoubleVector c00 = DoubleVector.fromArray(SPECIES, c, co);
    DoubleVector c01 = DoubleVector.fromArray(SPECIES, c, co + LANES);
    DoubleVector c10 = DoubleVector.fromArray(SPECIES, c, co + cs);
    DoubleVector c11 = DoubleVector.fromArray(SPECIES, c, co + cs + LANES);
    DoubleVector c20 = DoubleVector.fromArray(SPECIES, c, co + 2 * cs);
    DoubleVector c21 = DoubleVector.fromArray(SPECIES, c, co + 2 * cs + LANES);
    DoubleVector c30 = DoubleVector.fromArray(SPECIES, c, co + 3 * cs);
    DoubleVector c31 = DoubleVector.fromArray(SPECIES, c, co + 3 * cs + LANES);
    for (int l = 0; l < k; l++) {
      DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, bo + WIDTH * l);
      DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, bo + WIDTH * l + LANES);
      DoubleVector x = DoubleVector.broadcast(SPECIES, a[ao + 4 * l]);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = DoubleVector.broadcast(SPECIES, a[ao + 4 * l + 1]);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = DoubleVector.broadcast(SPECIES, a[ao + 4 * l + 2]);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = DoubleVector.broadcast(SPECIES, a[ao + 4 * l + 3]);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
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
