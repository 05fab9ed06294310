package plumbline.spec.number;

import java.util.Arrays;
import org.apache.commons.math3.fraction.BigFraction;

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

  /** Entrywise logistic function 1/(1 + exp(−x)): the softmax of the pair (x, 0). */
  default M sigmoid() {
    int size = rows() * columns();
    M pairs = reshape(size, 1).beside(lift(ExactMatrix.zeros(size, 1)));
    return pairs.softmaxRows().columnRange(0, 1).reshape(rows(), columns());
  }

  /** Entrywise hyperbolic tangent. */
  default M tanh() {
    M two = system().lift(2);
    return scaledBy(two).sigmoid().scaledBy(two).minus(lift(ExactMatrix.ones(1, 1)).broadcast(rows(), columns()));
  }

  /** Entrywise error function 2/√π ∫_0^x exp(−t²) dt. */
  default M erf() {
    throw new UnsupportedOperationException(system().name() + " has no error function");
  }

  /**
   * Each row x becomes (x − μ) / √(σ² + ε) with its mean μ and its biased variance σ² (Definition C.9, {@code def-c.9}). One
   * primitive rather than a composition, because implementations find the variance in ways that round differently.
   *
   * @param epsilon ε, at least 0; added where it is not 0
   */
  default M normalizeRows(BigFraction epsilon) {
    Shape.requireColumns("normalization", this);
    int n = rows();
    int c = columns();
    // The sum, divided once, rather than weights 1/c that a binary system would round.
    M count = system().lift(c).broadcast(n, 1);
    M centred = minus(sumOfRows().dividedBy(count).broadcast(n, c));
    M variance = centred.square().sumOfRows().dividedBy(count);
    if (!epsilon.equals(BigFraction.ZERO)) {
      variance = variance.plus(system().lift(epsilon).broadcast(n, 1));
    }
    return centred.dividedBy(variance.sqrt().broadcast(n, c));
  }

  /**
   * Resamples a map of h×w pixels, given as its (h·w)×c matrix, to h'×w' pixels:
   * Y[i,j,·] = Σ_{p,q} vertical[i,p] · X[p,q,·] · horizontal[j,q]. One primitive rather than two products, because
   * implementations take the two axes in either order, and find the weights themselves.
   *
   * @param vertical h'×h
   * @param horizontal w'×w
   */
  default M resample(ExactMatrix vertical, ExactMatrix horizontal) {
    int h = vertical.columns();
    int w = horizontal.columns();
    int c = columns();
    if ((long) h * w != rows()) {
      throw new ShapeException("weights for " + h + "×" + w + " pixels do not fit " + Shape.of(this));
    }
    int height = vertical.rows();
    int width = horizontal.rows();
    // h×(w·c) → h'×(w·c); its axes exchanged, w×(h'·c) → w'×(h'·c).
    M rowsDone = lift(vertical).times(reshape(h, w * c)).reshape(height * w, c);
    int[] swap = new int[height * w];
    Arrays.setAll(swap, e -> (e % height) * w + e / height);
    M done = lift(horizontal).times(rowsDone.selectRows(swap).reshape(w, height * c)).reshape(width * height, c);
    int[] back = new int[height * width];
    Arrays.setAll(back, e -> (e % width) * height + e / width);
    return done.selectRows(back);
  }

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
