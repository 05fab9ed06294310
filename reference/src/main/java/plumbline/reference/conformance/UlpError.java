package plumbline.reference.conformance;

import java.math.BigInteger;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.envelope.Format;
import plumbline.reference.number.Rounding;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;

/**
 * Certified distance of a floating-point value from the exact value that an interval encloses.
 *
 * <p><b>Unit in the last place.</b> ulp(v) of an exact value v in a format of precision p with exponents from e_min to
 * e_max is 2^(e − p + 1), where e = ⌊log₂|v|⌋, but at least e_min (below it the spacing is that of the subnormals; v = 0
 * too) and at most e_max. An infinity stands for 2^(e_max + 1), the number it would be if exponents went on; exact values
 * beyond that count as it. So an overflow to ∞ that correct rounding gives costs at most half an ulp, and any other is an
 * error like any other.
 *
 * @param ulps |y − v| / ulp(v)
 * @param absolute |y − v|
 */
public record UlpError(Bounds ulps, Bounds absolute) {
  private static final UlpError UNKNOWN = new UlpError(Bounds.UNKNOWN, Bounds.UNKNOWN);
  private static final UlpError INFINITE = new UlpError(Bounds.INFINITE, Bounds.INFINITE);

  /**
   * The error of {@code y}.
   *
   * @param format of which {@code y} is a value
   * @param exact holds the exact value
   */
  public static UlpError of(Format format, double y, Interval exact) {
    BigFraction lower = exact.lower();
    BigFraction upper = exact.upper();
    if (lower == null || upper == null) {
      return UNKNOWN;
    }
    if (Double.isNaN(y)) {
      return INFINITE;
    }
    BigFraction end = power(format.maxExponent() + 1);
    BigFraction low = clamp(lower, end);
    BigFraction high = clamp(upper, end);
    BigFraction value = Double.isInfinite(y) ? (y > 0 ? end : end.negate()) : ExactMatrix.fraction(y);
    BigFraction toLow = value.subtract(low).abs();
    BigFraction toHigh = value.subtract(high).abs();
    boolean inside = low.compareTo(value) <= 0 && value.compareTo(high) <= 0;
    BigFraction nearest = inside ? BigFraction.ZERO : min(toLow, toHigh);
    BigFraction farthest = max(toLow, toHigh);
    boolean aroundZero = low.getNumerator().signum() * high.getNumerator().signum() <= 0;
    BigFraction smallest = aroundZero ? BigFraction.ZERO : min(low.abs(), high.abs());
    BigFraction largest = max(low.abs(), high.abs());
    // The ulp grows with |v|: the least error over the largest ulp is a lower bound, and the reverse an upper one.
    return new UlpError(
        bounds(nearest.multiply(power(-ulpExponent(format, largest))),
            farthest.multiply(power(-ulpExponent(format, smallest)))),
        bounds(nearest, farthest));
  }

  /** Bounds of |v| for v in the interval, where values beyond the format's range count as in {@link UlpError}. */
  static Bounds magnitude(Format format, Interval exact) {
    BigFraction lower = exact.lower();
    BigFraction upper = exact.upper();
    if (lower == null || upper == null) {
      return Bounds.UNKNOWN;
    }
    BigFraction end = power(format.maxExponent() + 1);
    BigFraction low = clamp(lower, end);
    BigFraction high = clamp(upper, end);
    boolean aroundZero = low.getNumerator().signum() * high.getNumerator().signum() <= 0;
    return bounds(aroundZero ? BigFraction.ZERO : min(low.abs(), high.abs()), max(low.abs(), high.abs()));
  }

  /** The exponent k of ulp(v) = 2^k for |v| = {@code magnitude}. */
  static int ulpExponent(Format format, BigFraction magnitude) {
    int exponent = format.minExponent();
    if (magnitude.getNumerator().signum() > 0) {
      long floor = floorLog2(magnitude);
      exponent = (int) Math.max(format.minExponent(), Math.min(format.maxExponent(), floor));
    }
    return exponent - format.precision() + 1;
  }

  private static long floorLog2(BigFraction positive) {
    BigInteger top = positive.getNumerator();
    BigInteger bottom = positive.getDenominator();
    int guess = top.bitLength() - bottom.bitLength();
    // 2^(guess − 1) < top / bottom < 2^(guess + 1)
    BigInteger left = guess < 0 ? top.shiftLeft(-guess) : top;
    BigInteger right = guess > 0 ? bottom.shiftLeft(guess) : bottom;
    return left.compareTo(right) >= 0 ? guess : guess - 1;
  }

  static BigFraction power(int exponent) {
    return exponent >= 0
        ? new BigFraction(BigInteger.ONE.shiftLeft(exponent), BigInteger.ONE)
        : new BigFraction(BigInteger.ONE, BigInteger.ONE.shiftLeft(-exponent));
  }

  private static Bounds bounds(BigFraction lower, BigFraction upper) {
    return new Bounds(Rounding.down(lower), Rounding.up(upper));
  }

  private static BigFraction clamp(BigFraction value, BigFraction end) {
    return max(end.negate(), min(end, value));
  }

  private static BigFraction min(BigFraction a, BigFraction b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static BigFraction max(BigFraction a, BigFraction b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
