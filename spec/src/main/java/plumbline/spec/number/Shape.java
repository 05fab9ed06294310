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
