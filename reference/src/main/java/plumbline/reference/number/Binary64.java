package plumbline.reference.number;

import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.NumberSystem;

/**
 * IEEE 754 binary64: every operation rounded to nearest, in a fixed order, so that each result has the same bits on every
 * machine and run. A matrix product sums each entry sequentially over the inner index, by a fused multiply-add (one
 * rounding) for each term; exponentials and logarithms are those of {@link StrictMath}. Nothing is guaranteed about the error.
 */
public final class Binary64 implements NumberSystem<Binary64Matrix> {
  /** The one instance. */
  public static final Binary64 INSTANCE = new Binary64();

  private Binary64() {}

  @Override
  public String name() {
    return "binary64";
  }

  /** Each entry rounded to nearest, ties to even; ±∞ where it exceeds the range. */
  @Override
  public Binary64Matrix lift(ExactMatrix exact) {
    double[] values;
    if (exact.isBinary64()) {
      values = exact.binary64();
    } else {
      values = new double[exact.size()];
      for (int e = 0; e < values.length; e++) {
        values[e] = Rounding.nearest(exact.get(e));
      }
    }
    return new Binary64Matrix(exact.rows(), exact.columns(), values);
  }

  @Override
  public Binary64Matrix pi() {
    return new Binary64Matrix(1, 1, new double[] {Math.PI});
  }
}
