package plumbline.properties.search;

import java.math.BigInteger;
import org.apache.commons.math3.fraction.BigFraction;

/** Simple rationals, by the Stern–Brocot tree. */
final class Simplest {
  private Simplest() {}

  /** The fraction with the smallest denominator in [low, high], and of these the one nearest to 0; by continued fractions. */
  static BigFraction between(BigFraction low, BigFraction high) {
    if (low.compareTo(high) > 0) {
      throw new IllegalArgumentException("no number from " + low + " to " + high);
    }
    if (low.compareTo(BigFraction.ZERO) <= 0 && high.compareTo(BigFraction.ZERO) >= 0) {
      return BigFraction.ZERO;
    }
    return high.compareTo(BigFraction.ZERO) < 0 ? positive(high.negate(), low.negate()).negate() : positive(low, high);
  }

  private static BigFraction positive(BigFraction low, BigFraction high) {
    BigInteger floor = low.getNumerator().divide(low.getDenominator());
    BigFraction whole = new BigFraction(floor);
    if (whole.equals(low)) {
      return whole;
    }
    BigFraction next = whole.add(1);
    if (next.compareTo(high) <= 0) {
      return next;
    }
    // Both have the same whole part: go on with what is left, turned over.
    BigFraction rest = positive(high.subtract(whole).reciprocal(), low.subtract(whole).reciprocal());
    return whole.add(rest.reciprocal());
  }

  /** How long a fraction is to write, to compare simplicity: bits of numerator and denominator, and one for a sign. */
  static int length(BigFraction x) {
    return x.getNumerator().abs().bitLength() + x.getDenominator().bitLength() + (x.getNumerator().signum() < 0 ? 1 : 0);
  }
}
