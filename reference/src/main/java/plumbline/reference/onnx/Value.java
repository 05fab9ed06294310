package plumbline.reference.onnx;

import java.util.Arrays;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;

/**
 * An n-dimensional array that a graph computes, row-major.
 *
 * @param <M> the matrices of the number system that the graph is evaluated in
 */
public sealed interface Value<M extends Matrix<M>> permits Value.Real, Value.Whole, Masked {

  /** The element type that the graph gives it. */
  Literal.ElementType type();

  /** The dimensions, each at least 0; empty for a scalar. */
  int[] shape();

  /**
   * An array of real numbers.
   *
   * @param type the floating-point type that the graph says; the numbers are not rounded to it
   * @param matrix the entries: all dimensions but the last become rows, the last becomes columns; a scalar is 1×1
   */
  record Real<M extends Matrix<M>>(Literal.ElementType type, int[] shape, M matrix) implements Value<M> {
    public Real {
      if (!type.isReal() || matrix.rows() != Dimensions.rows(shape) || matrix.columns() != Dimensions.columns(shape)) {
        throw new IllegalArgumentException(Shape.of(matrix) + " entries are no " + type + " " + Arrays.toString(shape));
      }
    }

    @Override
    public String toString() {
      return type + " " + Arrays.toString(shape);
    }
  }

  /**
   * An array of integers or booleans (0 or 1), which are exact in every number system.
   *
   * @param values the entries, row-major
   */
  record Whole<M extends Matrix<M>>(Literal.ElementType type, int[] shape, long[] values) implements Value<M> {
    public Whole {
      if (type.isReal() || values.length != Dimensions.size(shape)) {
        throw new IllegalArgumentException(values.length + " integers are no " + type + " " + Arrays.toString(shape));
      }
    }

    @Override
    public String toString() {
      return type + " " + Arrays.toString(shape);
    }
  }
}
