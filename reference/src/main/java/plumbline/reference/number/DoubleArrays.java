package plumbline.reference.number;

import plumbline.spec.number.ShapeException;

/** Loops over row-major arrays that the systems on doubles share. */
final class DoubleArrays {
  private DoubleArrays() {}

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
