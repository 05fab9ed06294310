package plumbline.reference.number;

import java.util.Arrays;
import plumbline.spec.number.ShapeException;

/** Loops over row-major arrays that the systems on doubles share. */
final class DoubleArrays {
  private DoubleArrays() {}

  /**
   * The product of an n×k and a k×m matrix. Entry (i,j) is ((0 + a_i1·b_1j) + a_i2·b_2j) + …, in this order, each
   * multiplication and each addition rounded on its own (no fused operations), so the bits never depend on the machine.
   */
  static double[] multiply(double[] a, double[] b, int n, int k, int m) {
    double[] product = new double[n * m];
    if (m < 4) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < m; j++) {
          double sum = 0;
          for (int l = 0; l < k; l++) {
            sum += a[i * k + l] * b[l * m + j];
          }
          product[i * m + j] = sum;
        }
      }
      return product;
    }
    double[] row = new double[m];
    for (int i = 0; i < n; i++) {
      Arrays.fill(row, 0);
      int l = 0;
      for (; l + 4 <= k; l += 4) {
        int at = i * k + l;
        addFour(row, a[at], a[at + 1], a[at + 2], a[at + 3], b, l * m, m);
      }
      for (; l < k; l++) {
        addOne(row, a[i * k + l], b, l * m, m);
      }
      System.arraycopy(row, 0, product, i * m, m);
    }
    return product;
  }

  /** Four terms of every sum at a time: the order per entry is kept, the row is loaded and stored a quarter as often. */
  private static void addFour(double[] row, double a0, double a1, double a2, double a3, double[] b, int from, int m) {
    int from1 = from + m;
    int from2 = from1 + m;
    int from3 = from2 + m;
    for (int j = 0; j < m; j++) {
      row[j] = (((row[j] + a0 * b[from + j]) + a1 * b[from1 + j]) + a2 * b[from2 + j]) + a3 * b[from3 + j];
    }
  }

  private static void addOne(double[] row, double a0, double[] b, int from, int m) {
    for (int j = 0; j < m; j++) {
      row[j] += a0 * b[from + j];
    }
  }

  /** {@code target[e] = source[index[e]]}, or zero where the index is −1; the index is checked. */
  static void gather(double[] source, int[] index, double[] target) {
    if (index.length != target.length) {
      throw new ShapeException(index.length + " indices do not fill " + target.length + " entries");
    }
    for (int e = 0; e < index.length; e++) {
      int from = index[e];
      if (from < -1 || from >= source.length) {
        throw new ShapeException("index " + from + " at " + e + " is outside −1.." + (source.length - 1));
      }
      target[e] = from < 0 ? 0 : source[from];
    }
  }

  /** The transpose of an n×m matrix. */
  static void transpose(double[] source, int n, int m, double[] target) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < m; j++) {
        target[j * n + i] = source[i * m + j];
      }
    }
  }

  /** Copies a block of rows and columns out of a matrix with {@code columns} columns. */
  static void block(double[] source, int columns, int fromRow, int fromColumn, int height, int width, double[] target) {
    for (int i = 0; i < height; i++) {
      System.arraycopy(source, (fromRow + i) * columns + fromColumn, target, i * width, width);
    }
  }

  /** Row by row, an n×m matrix followed by an n×k one. */
  static void beside(double[] left, int m, double[] right, int k, int n, double[] target) {
    for (int i = 0; i < n; i++) {
      System.arraycopy(left, i * m, target, i * (m + k), m);
      System.arraycopy(right, i * k, target, i * (m + k) + m, k);
    }
  }

  static void requireBlock(int fromRow, int toRow, int rows, int fromColumn, int toColumn, int columns) {
    if (fromRow < 0 || toRow < fromRow || toRow > rows || fromColumn < 0 || toColumn < fromColumn || toColumn > columns) {
      throw new ShapeException("no block " + fromRow + ".." + toRow + " × " + fromColumn + ".." + toColumn
          + " in " + rows + "×" + columns);
    }
  }

  /** {@code rows * columns} if that is a legal array size. */
  static int size(int rows, int columns) {
    if (rows < 0 || columns < 0 || (long) rows * columns > Integer.MAX_VALUE) {
      throw new ShapeException("no matrix has the shape " + rows + "×" + columns);
    }
    return rows * columns;
  }

  static void requireSameRows(int rows, int otherRows) {
    if (rows != otherRows) {
      throw new ShapeException("side by side needs equal numbers of rows, got " + rows + " and " + otherRows);
    }
  }
}
