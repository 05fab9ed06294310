package plumbline.reference.number;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.apache.commons.math3.fraction.BigFraction;

/**
 * An exact dyadic rational {@code mantissa·2^exponent} with an odd or zero mantissa: the scalar for whatever is rare
 * enough not to need flat arrays, such as the ends of an enclosure.
 */
record Dyadic(BigInteger mantissa, long exponent) implements Comparable<Dyadic> {
  static final Dyadic ZERO = new Dyadic(BigInteger.ZERO, 0);
  static final Dyadic ONE = new Dyadic(BigInteger.ONE, 0);

  Dyadic {
    if (mantissa.signum() == 0) {
      exponent = 0;
    } else {
      int trailing = mantissa.getLowestSetBit();
      if (trailing > 0) {
        mantissa = mantissa.shiftRight(trailing);
        exponent += trailing;
      }
    }
  }

  static Dyadic of(double value, long scale) {
    if (value == 0) {
      return ZERO;
    }
    int exponent = Math.max(Math.getExponent(value), Double.MIN_EXPONENT);
    long bits = Double.doubleToRawLongBits(value) & (1L << 52) - 1;
    if (Math.getExponent(value) >= Double.MIN_EXPONENT) {
      bits |= 1L << 52;
    }
    return new Dyadic(BigInteger.valueOf(value < 0 ? -bits : bits), scale + exponent - 52);
  }

  /** The value of a fraction moved in {@code direction} to at least {@code bits} leading bits, exact if dyadic. */
  static Dyadic of(BigFraction value, int bits, int direction) {
    BigInteger denominator = value.getDenominator();
    int power = denominator.bitLength() - 1;
    return denominator.getLowestSetBit() == power
        ? new Dyadic(value.getNumerator(), -power)
        : new Dyadic(value.getNumerator(), 0).dividedBy(new Dyadic(denominator, 0), bits, direction);
  }

  int signum() {
    return mantissa.signum();
  }

  /** The least t with |value| &lt; 2^t; for zero, meaningless. */
  long top() {
    return exponent + mantissa.abs().bitLength();
  }

  Dyadic negate() {
    return new Dyadic(mantissa.negate(), exponent);
  }

  Dyadic shift(long by) {
    return signum() == 0 ? this : new Dyadic(mantissa, exponent + by);
  }

  /** The largest multiple (direction −1) or the least (direction 1) of 2^unit on that side of the value, as the factor. */
  BigInteger onGrid(long unit, int direction) {
    long shift = exponent - unit;
    if (shift >= 0 || signum() == 0) {
      return mantissa.shiftLeft((int) shift);
    }
    int right = (int) Math.min(-shift, Integer.MAX_VALUE);
    return direction < 0 ? mantissa.shiftRight(right) : mantissa.negate().shiftRight(right).negate();
  }

  /** The value moved outward in {@code direction} to at most {@code bits} (+1) mantissa bits. */
  Dyadic round(int bits, int direction) {
    long unit = top() - bits;
    return signum() == 0 || exponent >= unit ? this : new Dyadic(onGrid(unit, direction), unit);
  }

  /**
   * The sum, exact if it fits below 2^(larger top) in {@code bits} bits, else a lower (direction −1) or upper bound
   * (direction 1) within 2^(1−bits) of the larger term.
   */
  Dyadic plus(Dyadic other, int bits, int direction) {
    if (signum() == 0) {
      return other;
    }
    if (other.signum() == 0) {
      return this;
    }
    long unit = Math.max(Math.max(top(), other.top()) - bits, Math.min(exponent, other.exponent));
    return new Dyadic(onGrid(unit, direction).add(other.onGrid(unit, direction)), unit);
  }

  Dyadic times(Dyadic other) {
    return new Dyadic(BigIntegers.multiply(mantissa, other.mantissa), exponent + other.exponent);
  }

  /** The quotient moved in {@code direction} to at least {@code bits} leading bits; the divisor is not 0. */
  Dyadic dividedBy(Dyadic divisor, int bits, int direction) {
    int shift = Math.max(0, bits + 1 + divisor.mantissa.bitLength() - mantissa.bitLength());
    BigInteger[] quotient = mantissa.shiftLeft(shift).divideAndRemainder(divisor.mantissa);
    BigInteger q = quotient[0];
    // divideAndRemainder rounds towards 0.
    if (quotient[1].signum() != 0 && signum() * divisor.signum() == direction) {
      q = q.add(BigInteger.valueOf(direction));
    }
    return new Dyadic(q, exponent - divisor.exponent - shift);
  }

  @Override
  public int compareTo(Dyadic other) {
    int sign = signum();
    if (sign != other.signum() || sign == 0) {
      return Integer.compare(sign, other.signum());
    }
    if (top() != other.top()) {
      return top() > other.top() ? sign : -sign;
    }
    long unit = Math.min(exponent, other.exponent);
    return onGrid(unit, -1).compareTo(other.onGrid(unit, -1));
  }

  /** The value as a fraction; the exponent must be moderate. */
  BigFraction fraction() {
    int shift = Math.toIntExact(exponent);
    return shift >= 0
        ? new BigFraction(mantissa.shiftLeft(shift), BigInteger.ONE)
        : new BigFraction(mantissa, BigInteger.ONE.shiftLeft(-shift));
  }

  /** About the value, to a number of significant digits, or a power of two where the exponent is extreme. */
  String toDecimal(int digits) {
    if (signum() == 0) {
      return "0";
    }
    if (Math.abs(top()) > 1 << 20) {
      return (signum() < 0 ? "-" : "") + "2^" + (top() - 1);
    }
    MathContext context = new MathContext(digits);
    BigDecimal decimal = new BigDecimal(mantissa);
    int power = (int) Math.abs(exponent);
    BigDecimal scale = new BigDecimal(BigInteger.ONE.shiftLeft(power));
    return (exponent >= 0 ? decimal.multiply(scale, context) : decimal.divide(scale, context)).toString();
  }
}
