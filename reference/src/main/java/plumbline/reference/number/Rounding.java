package plumbline.reference.number;

import java.math.BigInteger;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.rounding.Down;
import plumbline.spec.rounding.Up;

/** Correct rounding of rationals of any size to binary64, subnormals and overflow included. */
public final class Rounding {
  private static final int PRECISION = 53;
  private static final int MIN_QUANTUM = -1074;

  private enum Mode { TOWARD_ZERO, AWAY_FROM_ZERO, TO_NEAREST_EVEN }

  private Rounding() {}

  /** The nearest double, ties to even; ±∞ from 2^1024 − 2^970 on, as IEEE 754 has it. Never −0. */
  public static double nearest(BigFraction value) {
    return round(value, Mode.TO_NEAREST_EVEN);
  }

  /** The least double not below {@code value}; +∞ above the largest finite one. */
  @SuppressWarnings("rounding") // Away from zero is up for a positive number, toward zero is up for a negative one.
  public static @Up double up(BigFraction value) {
    return round(value, value.getNumerator().signum() > 0 ? Mode.AWAY_FROM_ZERO : Mode.TOWARD_ZERO);
  }

  /** The greatest double not above {@code value}; −∞ below the least finite one. */
  @SuppressWarnings("rounding") // As in up, with the signs exchanged.
  public static @Down double down(BigFraction value) {
    return round(value, value.getNumerator().signum() > 0 ? Mode.TOWARD_ZERO : Mode.AWAY_FROM_ZERO);
  }

  private static double round(BigFraction value, Mode mode) {
    BigInteger numerator = value.getNumerator();
    double magnitude = magnitude(numerator.abs(), value.getDenominator(), mode);
    return numerator.signum() < 0 && magnitude != 0 ? -magnitude : magnitude;
  }

  private static double magnitude(BigInteger numerator, BigInteger denominator, Mode mode) {
    if (numerator.signum() == 0) {
      return 0;
    }
    // floor(log2(numerator / denominator)) is the difference of the bit lengths or one less.
    int exponent = numerator.bitLength() - denominator.bitLength();
    if (exponent <= Double.MAX_EXPONENT + 1 && exponent >= MIN_QUANTUM - 1
        && shifted(numerator, -exponent).compareTo(shifted(denominator, exponent)) < 0) {
      exponent--;
    }
    if (exponent > Double.MAX_EXPONENT) {
      return mode == Mode.TOWARD_ZERO ? Double.MAX_VALUE : Double.POSITIVE_INFINITY;
    }
    int quantum = Math.max(exponent - PRECISION + 1, MIN_QUANTUM);
    BigInteger divisor = shifted(denominator, quantum);
    BigInteger[] division = shifted(numerator, -quantum).divideAndRemainder(divisor);
    long quotient = division[0].longValueExact();
    boolean away = switch (mode) {
      case TOWARD_ZERO -> false;
      case AWAY_FROM_ZERO -> division[1].signum() != 0;
      case TO_NEAREST_EVEN -> {
        int half = division[1].shiftLeft(1).compareTo(divisor);
        yield half > 0 || (half == 0 && (quotient & 1) != 0);
      }
    };
    // At most 2^53 quanta of at least 2^−1074: exact, or +∞ when the result is 2^1024.
    return Math.scalb((double) (away ? quotient + 1 : quotient), quantum);
  }

  /** {@code value · 2^max(bits, 0)}: numerator and denominator shifted by opposite amounts keep integers. */
  private static BigInteger shifted(BigInteger value, int bits) {
    return bits > 0 ? value.shiftLeft(bits) : value;
  }
}
