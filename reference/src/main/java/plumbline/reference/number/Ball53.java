package plumbline.reference.number;

import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.ShapeException;
import plumbline.spec.rounding.Up;

/**
 * Enclosures on binary64: each entry is a midpoint and a radius, at a small multiple of the cost of plain doubles. The
 * contract is that of {@code plumbline.spec.number}; precision is fixed, so enclosures do not shrink below some ulps
 * unless the computation needs no rounding, which is detected and gives radius 0. What leaves the range of binary64
 * becomes the whole line.
 *
 * <p>Beyond that contract, the result of an operation also contains what {@link Binary64} returns, where that is finite, for
 * any doubles in the inputs. So the enclosure of a whole layer is a certified bound on binary64's rounding error in it.
 */
public final class Ball53 implements CertifiedSystem<Ball53Matrix> {
  /** The one instance. */
  public static final Ball53 INSTANCE = new Ball53();

  private static final BigFraction HALF = new BigFraction(1, 2);

  private Ball53() {}

  @Override
  public String name() {
    return "ball(53)";
  }

  /** Midpoints rounded to nearest; radius 0 for binary64 values. The whole line beyond the range of binary64. */
  @Override
  public Ball53Matrix lift(ExactMatrix exact) {
    return exact.isBinary64() ? Ball53Matrix.exact(exact.rows(), exact.columns(), exact.binary64()) : enclose(exact, exact);
  }

  /** The double nearest to π, with its distance to π rounded up. */
  @Override
  public Ball53Matrix pi() {
    // π − Math.PI = 1.22464679914735317722…e-16.
    return new Ball53Matrix(1, 1, new double[] {Math.PI}, new @Up double[] {1.2246467991473533e-16});
  }

  /** {@inheritDoc} An enclosure of numbers of one sign holds numbers of that sign only. */
  @Override
  public Ball53Matrix enclose(ExactMatrix lower, ExactMatrix upper) {
    if (!lower.shape().equals(upper.shape())) {
      throw new ShapeException("enclosure needs equal shapes, got " + lower.shape() + " and " + upper.shape());
    }
    double[] mid = new double[lower.size()];
    @Up double[] rad = new @Up double[mid.length];
    for (int e = 0; e < mid.length; e++) {
      BigFraction low = lower.get(e);
      BigFraction high = upper.get(e);
      int order = low.compareTo(high);
      if (order > 0) {
        throw new IllegalArgumentException("entry (" + e / lower.columns() + "," + e % lower.columns() + "): lower end "
            + low + " exceeds upper end " + high);
      }
      mid[e] = Rounding.nearest(order == 0 ? low : low.add(high).multiply(HALF));
      if (Double.isInfinite(mid[e])) {
        rad[e] = Directed.UNBOUNDED;
        continue;
      }
      BigFraction middle = ExactMatrix.fraction(mid[e]);
      BigFraction below = middle.subtract(low);
      BigFraction above = high.subtract(middle);
      rad[e] = Rounding.up(below.compareTo(above) > 0 ? below : above);
      // Rounding the radius must not carry the enclosure across zero: [0, 2r] and [−2r, 0] then hold all numbers meant.
      if (rad[e] > Math.abs(mid[e]) && low.getNumerator().signum() >= 0) {
        rad[e] = Rounding.up(high.multiply(HALF));
        mid[e] = rad[e];
      } else if (rad[e] > Math.abs(mid[e]) && high.getNumerator().signum() <= 0) {
        rad[e] = Rounding.up(low.multiply(HALF).negate());
        mid[e] = -rad[e];
      }
    }
    return Ball53Matrix.normal(lower.rows(), lower.columns(), mid, rad);
  }
}
