package plumbline.properties.mutation;

import java.util.Arrays;
import plumbline.reference.operator.Tensor;

/**
 * A float32 array, row-major.
 *
 * @param values the entries
 * @param shape the dimensions
 */
record FloatTensor(float[] values, int... shape) {

  /** A tensor of zeros. */
  static FloatTensor zeros(int... shape) {
    return new FloatTensor(new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)], shape);
  }

  int dim(int k) {
    return shape[k];
  }

  int size() {
    return values.length;
  }

  /** A copy of which any entry may be changed. */
  FloatTensor copy() {
    return new FloatTensor(values.clone(), shape);
  }

  /** The same entries under another shape. */
  FloatTensor as(int... dims) {
    return new FloatTensor(values, dims);
  }

  /** The entries, which binary64 holds exactly. */
  double[] doubles() {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, e -> values[e]);
    return doubles;
  }

  /** The same tensor of exact numbers. */
  Tensor exact() {
    return Tensor.of(shape, doubles());
  }

  /** Whether the other has the same bits, entry by entry; all NaNs are one. */
  boolean same(FloatTensor other) {
    return Arrays.equals(values, other.values);
  }

  boolean finite() {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
