package plumbline.reference.onnx;

import java.util.Arrays;

/**
 * An exact n-dimensional array of an ONNX element type, row-major: an initializer, a constant or an input.
 *
 * @param type the element type
 * @param shape the dimensions, each at least 0; empty for a scalar
 * @param reals the entries of a floating-point type, exactly; empty for others
 * @param integers the entries of an integer or boolean type (0 or 1); empty for others
 */
public record Literal(ElementType type, int[] shape, double[] reals, long[] integers) {

  /** Element types that graphs here may hold. */
  public enum ElementType {
    FLOAT16, BFLOAT16, FLOAT, DOUBLE, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, BOOL;

    /** Whether entries are floating-point numbers. */
    public boolean isReal() {
      return ordinal() <= DOUBLE.ordinal();
    }
  }

  /** A floating-point array. */
  public static Literal reals(ElementType type, int[] shape, double... values) {
    return new Literal(type, shape.clone(), values, new long[0]);
  }

  /** An integer or boolean array. */
  public static Literal integers(ElementType type, int[] shape, long... values) {
    return new Literal(type, shape.clone(), new double[0], values);
  }

  /** Number of entries. */
  public int size() {
    return type.isReal() ? reals.length : integers.length;
  }

  /** Type and shape, such as {@code FLOAT [2, 3]}. */
  @Override
  public String toString() {
    return type + " " + Arrays.toString(shape);
  }
}
