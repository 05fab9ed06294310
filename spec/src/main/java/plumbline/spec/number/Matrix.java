package plumbline.spec.number;

import java.util.Arrays;

/**
 * A matrix of real numbers in some number system, immutable, row-major.
 *
 * <p>These are the primitives that layers are written in. Each acts on whole matrices; what "equal to" means (exactly,
 * rounded, enclosed) is the promise of the {@link #system() number system}. A matrix with no rows or no columns is
 * legal. Shapes that do not fit raise {@link ShapeException}.
 *
 * @param <M> the matrix type itself
 */
public interface Matrix<M extends Matrix<M>> {

  /** Number of rows, at least 0. */
  int rows();

  /** Number of columns, at least 0. */
  int columns();

  /** The number system that gives the entries their meaning. */
  NumberSystem<M> system();

  /** Entrywise sum; same shape. */
  M plus(M other);

  /** Entrywise difference; same shape. */
  M minus(M other);

  /** Entrywise negation; exact in every system. */
  M negate();

  /** Entrywise (Hadamard) product; same shape. */
  M hadamard(M other);

  /** Entrywise square: like {@code hadamard(this)}, but an enclosing system knows that both factors are one number. */
  M square();

  /** Entrywise quotient; same shape. */
  M dividedBy(M divisor);

  /** Matrix product: (n×k)·(k×m) is n×m; an empty sum (k = 0) is zero. */
  M times(M right);

  /** Entrywise exponential. */
  M exp();

  /** Entrywise natural logarithm; defined for positive entries. */
  M log();

  /** Entrywise square root; defined for entries at least 0. */
  M sqrt();

  /** Entrywise absolute value. */
  M abs();

  /** Entrywise maximum; same shape. */
  M max(M other);

  /** Entrywise max(x, 0). */
  M relu();

  /** Largest entry of each row: n×m gives n×1; m at least 1. */
  M maxOfRows();

  /**
   * Softmax of each row (Definition B.1): p_j = exp(z_j) / Σ_k exp(z_k). One primitive rather than a composition,
   * because p_j grows with z_j and falls with every other score, which gives an enclosing system tight bounds.
   */
  M softmaxRows();

  /**
   * Rearranges entries, exactly in every system: entry e (row-major) of the result is entry {@code source[e]} of this
   * matrix, or zero where {@code source[e]} is −1. Entries may be repeated or left out.
   *
   * @param rows rows of the result
   * @param columns columns of the result
   * @param source {@code rows * columns} row-major indices into this matrix, or −1
   */
  M gather(int rows, int columns, int[] source);

  /** This matrix on top of {@code below}: (n×m) and (k×m) give (n+k)×m. */
  M above(M below);

  /** An exact matrix, brought into this matrix's number system. */
  default M lift(ExactMatrix exact) {
    return system().lift(exact);
  }

  /** The transpose. */
  default M transpose() {
    int n = rows();
    int m = columns();
    int[] source = new int[n * m];
    for (int j = 0, e = 0; j < m; j++) {
      for (int i = 0; i < n; i++, e++) {
        source[e] = i * m + j;
      }
    }
    return gather(m, n, source);
  }

  /** The same entries in row-major order under another shape of the same size. */
  default M reshape(int rows, int columns) {
    if ((long) rows * columns != (long) rows() * columns()) {
      throw new ShapeException("cannot reshape " + Shape.of(this) + " to " + rows + "×" + columns);
    }
    int[] source = new int[rows * columns];
    Arrays.setAll(source, e -> e);
    return gather(rows, columns, source);
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
  default M rowRange(int from, int to) {
    return block(from, to, 0, columns());
  }

  /** Columns {@code from} (inclusive) to {@code to} (exclusive). */
  default M columnRange(int from, int to) {
    return block(0, rows(), from, to);
  }

  /** The block of rows and columns {@code from} (inclusive) to {@code to} (exclusive). */
  default M block(int fromRow, int toRow, int fromColumn, int toColumn) {
    if (fromRow < 0 || toRow < fromRow || toRow > rows() || fromColumn < 0 || toColumn < fromColumn || toColumn > columns()) {
      throw new ShapeException("no block " + fromRow + ".." + toRow + " × " + fromColumn + ".." + toColumn
          + " in " + Shape.of(this));
    }
    int height = toRow - fromRow;
    int width = toColumn - fromColumn;
    int[] source = new int[height * width];
    for (int i = 0, e = 0; i < height; i++) {
      for (int j = 0; j < width; j++, e++) {
        source[e] = (fromRow + i) * columns() + fromColumn + j;
      }
    }
    return gather(height, width, source);
  }

  /** One entry as a 1×1 matrix. */
  default M entry(int row, int column) {
    return block(row, row + 1, column, column + 1);
  }

  /** The given rows in the given order, repeats allowed. */
  default M selectRows(int... rowIndices) {
    int m = columns();
    int[] source = new int[rowIndices.length * m];
    for (int i = 0, e = 0; i < rowIndices.length; i++) {
      for (int j = 0; j < m; j++, e++) {
        source[e] = rowIndices[i] * m + j;
      }
    }
    return gather(rowIndices.length, m, source);
  }

  /** Repeats a 1×1 matrix, a row (1×m), or a column (n×1) to fill the given shape. */
  default M broadcast(int rows, int columns) {
    boolean oneRow = rows() == 1;
    boolean oneColumn = columns() == 1;
    if (!(oneRow || rows() == rows) || !(oneColumn || columns() == columns)) {
      throw new ShapeException("cannot broadcast " + Shape.of(this) + " to " + rows + "×" + columns);
    }
    int[] source = new int[rows * columns];
    for (int i = 0, e = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++, e++) {
        source[e] = (oneRow ? 0 : i) * columns() + (oneColumn ? 0 : j);
      }
    }
    return gather(rows, columns, source);
  }

  /** This matrix to the left of {@code right}: (n×m) and (n×k) give n×(m+k). */
  default M beside(M right) {
    return transpose().above(right.transpose()).transpose();
  }

  /** Sum of each row: n×m gives n×1. */
  default M sumOfRows() {
    return times(lift(ExactMatrix.ones(columns(), 1)));
  }

  /** Sum of all entries, 1×1. */
  default M sum() {
    return reshape(1, rows() * columns()).sumOfRows();
  }

  /** Every entry multiplied by the one entry of {@code factor}, a 1×1 matrix. */
  default M scaledBy(M factor) {
    return hadamard(factor.broadcast(rows(), columns()));
  }
}
