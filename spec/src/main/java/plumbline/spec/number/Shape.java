package plumbline.spec.number;

/**
 * The shape of a matrix.
 *
 * @param rows number of rows
 * @param columns number of columns
 */
public record Shape(int rows, int columns) {

  /** The shape of {@code matrix}. */
  public static Shape of(Matrix<?> matrix) {
    return new Shape(matrix.rows(), matrix.columns());
  }

  /** Raises {@link ShapeException} unless {@code a} and {@code b} have one shape; {@code operation} names the primitive. */
  public static void requireSame(String operation, Matrix<?> a, Matrix<?> b) {
    if (a.rows() != b.rows() || a.columns() != b.columns()) {
      throw new ShapeException(operation + " needs equal shapes, got " + of(a) + " and " + of(b));
    }
  }

  /** Raises {@link ShapeException} unless {@code a·b} is defined. */
  public static void requireProduct(Matrix<?> a, Matrix<?> b) {
    if (a.columns() != b.rows()) {
      throw new ShapeException("matrix product of " + of(a) + " and " + of(b) + ": inner sizes differ");
    }
  }

  /** Raises {@link ShapeException} unless {@code above} and {@code below} have as many columns. */
  public static void requireStackable(Matrix<?> above, Matrix<?> below) {
    if (above.columns() != below.columns()) {
      throw new ShapeException("cannot stack " + of(above) + " on " + of(below) + ": the numbers of columns differ");
    }
  }

  /** Raises {@link ShapeException} unless {@code matrix} has a column, so that a row has a largest entry. */
  public static void requireColumns(String operation, Matrix<?> matrix) {
    if (matrix.columns() == 0 && matrix.rows() > 0) {
      throw new ShapeException(operation + " of an empty row is undefined: " + of(matrix));
    }
  }

  /** Raises {@link ShapeException} unless {@code source} fills {@code rows × columns} with indices below {@code size} or −1. */
  public static void requireSource(int rows, int columns, int[] source, int size) {
    if (rows < 0 || columns < 0 || (long) rows * columns != source.length) {
      throw new ShapeException(source.length + " indices do not fill " + rows + "×" + columns);
    }
    for (int index : source) {
      if (index < -1 || index >= size) {
        throw new ShapeException("index " + index + " is outside the " + size + " entries");
      }
    }
  }

  /**
   * Raises {@link ShapeException} unless {@code actual} is {@code rows × columns}; −1 admits any size.
   *
   * @param statement id of the statement whose layer asks
   * @param tensor the tensor's name there
   */
  public static void require(String statement, String tensor, Shape actual, int rows, int columns) {
    if ((rows >= 0 && actual.rows() != rows) || (columns >= 0 && actual.columns() != columns)) {
      throw new ShapeException(statement + ": " + tensor + " must be " + (rows < 0 ? "n" : rows) + "×"
          + (columns < 0 ? "m" : columns) + ", got " + actual);
    }
  }

  @Override
  public String toString() {
    return rows + "×" + columns;
  }
}
