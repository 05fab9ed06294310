package plumbline.reference.operator;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.ShapeException;

/**
 * An exact n-dimensional array, row-major. Its {@link #values() values} are kept flattened: all dimensions but the last
 * become rows, the last becomes columns. So {@code []} is 1×1, {@code [n]} is 1×n, {@code [h, w, c]} is (h·w)×c, the
 * token matrix of a token map.
 */
public final class Tensor {
  private final int[] shape;
  private final ExactMatrix values;

  private Tensor(int[] shape, ExactMatrix values) {
    this.shape = shape;
    this.values = values;
  }

  /**
   * A tensor of the given shape.
   *
   * @param shape the dimensions, each at least 0; empty for a scalar
   * @param values all entries in row-major order, whatever their own shape
   * @throws ShapeException if the values do not fill the shape
   */
  public static Tensor of(int[] shape, ExactMatrix values) {
    int[] dims = shape.clone();
    long rows = 1;
    for (int k = 0; k < dims.length; k++) {
      if (dims[k] < 0) {
        throw new ShapeException("dimension " + k + " of " + text(dims) + " is negative");
      }
      if (k < dims.length - 1) {
        // kept within a long: more rows than this fit no matrix, whatever the last dimension is
        rows = Math.min(rows * dims[k], 1L << 31);
      }
    }
    int columns = dims.length == 0 ? 1 : dims[dims.length - 1];
    if (rows > Integer.MAX_VALUE || rows * columns != values.size()) {
      throw new ShapeException(values.size() + " values do not fill " + text(dims));
    }
    return new Tensor(dims, reshape(values, (int) rows, columns));
  }

  /** A tensor of binary64 values, taken exactly. */
  public static Tensor of(int[] shape, double... values) {
    return of(shape, ExactMatrix.of(1, values.length, values));
  }

  /** A two-dimensional tensor. */
  public static Tensor of(ExactMatrix matrix) {
    return new Tensor(new int[] {matrix.rows(), matrix.columns()}, matrix);
  }

  /** The dimensions; empty for a scalar. */
  public int[] shape() {
    return shape.clone();
  }

  /** Number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** Number of entries. */
  public int size() {
    return values.size();
  }

  /** The entries flattened to (product of all dimensions but the last) × (the last). */
  public ExactMatrix values() {
    return values;
  }

  /** The entries as one row, 1×size. */
  public ExactMatrix row() {
    return reshape(values, 1, values.size());
  }

  /** The entries as one column, size×1. */
  public ExactMatrix column() {
    return reshape(values, values.size(), 1);
  }

  /** The only entry. */
  public BigFraction scalar() {
    if (values.size() != 1) {
      throw new ShapeException("a scalar has one entry, got " + text(shape));
    }
    return values.get(0);
  }

  /** A shape as reports print it: {@code 4×4×8}, or {@code scalar}; −1 prints as {@code ?}. */
  public static String text(int[] shape) {
    return shape.length == 0 ? "scalar"
        : IntStream.of(shape).mapToObj(d -> d < 0 ? "?" : Integer.toString(d)).collect(Collectors.joining("×"));
  }

  private static ExactMatrix reshape(ExactMatrix values, int rows, int columns) {
    if (values.rows() == rows && values.columns() == columns) {
      return values;
    }
    if (values.isBinary64()) {
      return ExactMatrix.of(rows, columns, values.binary64());
    }
    BigFraction[] entries = new BigFraction[values.size()];
    Arrays.setAll(entries, values::get);
    return ExactMatrix.of(rows, columns, entries);
  }

  @Override
  public boolean equals(@Nullable Object object) {
    return object instanceof Tensor other && Arrays.equals(shape, other.shape) && values.equals(other.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shape) + values.hashCode();
  }

  @Override
  public String toString() {
    return text(shape) + " " + values;
  }
}
