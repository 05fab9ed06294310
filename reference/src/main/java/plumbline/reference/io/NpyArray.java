package plumbline.reference.io;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A tensor read from a file, or to be written to one. Every element is held exactly as a binary64 value.
 */
public final class NpyArray {
  private final String name;
  private final DType dtype;
  private final int[] shape;
  private final double[] values;

  /**
   * Takes the arrays as they are, without a copy.
   *
   * @param name the tensor's name
   * @param dtype the element type in the file
   * @param shape the dimensions; empty for a scalar
   * @param values the elements in C order (the last dimension varies fastest)
   */
  public NpyArray(String name, DType dtype, int[] shape, double[] values) {
    long size = 1;
    for (int dimension : shape) {
      size = dimension < 0 ? -1 : Math.multiplyExact(size, (long) dimension);
    }
    if (size != values.length) {
      throw new IllegalArgumentException(values.length + " values do not fill shape " + describe(shape));
    }
    this.name = name;
    this.dtype = dtype;
    this.shape = shape;
    this.values = values;
  }

  public String name() {
    return name;
  }

  public DType dtype() {
    return dtype;
  }

  /** The dimensions, outermost first. */
  public int[] shape() {
    return shape.clone();
  }

  /** Number of elements. */
  public int size() {
    return values.length;
  }

  /** Element {@code e} in C order; may be NaN or infinite. */
  public double get(int e) {
    return values[e];
  }

  /** The elements in C order, exactly; NaN and infinities as they are. */
  public double[] values() {
    return values.clone();
  }

  /** The first element in C order that is NaN or infinite, or −1. */
  public int firstNonFinite() {
    for (int e = 0; e < values.length; e++) {
      if (!Double.isFinite(values[e])) {
        return e;
      }
    }
    return -1;
  }

  /** The index of element {@code e} in this shape, as {@code [2, 0, 7]}. */
  public String index(int e) {
    return Arrays.toString(index(shape, e));
  }

  /** The multi-index of element {@code e} (C order) in a tensor of the given shape. */
  public static int[] index(int[] shape, int e) {
    int[] index = new int[shape.length];
    for (int d = shape.length - 1, rest = e; d >= 0; d--) {
      index[d] = rest % shape[d];
      rest /= shape[d];
    }
    return index;
  }

  /** A shape as {@code 16×16×8}; {@code scalar} without dimensions. */
  public static String describe(int[] shape) {
    return shape.length == 0 ? "scalar" : Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining("×"));
  }

  /** Name, element type and shape. */
  @Override
  public String toString() {
    return name + " " + dtype.word() + " " + describe(shape);
  }
}
