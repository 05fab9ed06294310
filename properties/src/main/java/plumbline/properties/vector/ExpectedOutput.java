package plumbline.properties.vector;

/**
 * What is known of one output of a golden vector. An implementation in float32 is accepted if
 * {@code lower − float32Error ≤ y ≤ upper + float32Error} for every entry; these two sums may be rounded to nearest, because
 * y is itself a binary64 number.
 *
 * @param name the tensor's name
 * @param shape its shape; empty for a scalar
 * @param lower a certified lower bound of each exact entry, row-major
 * @param upper a certified upper bound of each exact entry
 * @param float32Error how far a correct float32 implementation may be from the exact entry
 */
public record ExpectedOutput(String name, int[] shape, double[] lower, double[] upper, double[] float32Error) {

  /** Number of entries. */
  public int size() {
    return lower.length;
  }

  /** Whether entry {@code e} may be {@code y}; NaN never. */
  public boolean accepts(int e, double y) {
    return lower[e] - float32Error[e] <= y && y <= upper[e] + float32Error[e];
  }
}
