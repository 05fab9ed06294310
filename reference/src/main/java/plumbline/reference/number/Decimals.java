package plumbline.reference.number;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.Interval;

/** Exact numbers as decimals and doubles for people to read. Nothing here decides anything. */
public final class Decimals {
  private Decimals() {}

  /** The value to about binary64 precision: within two units in the last place, ±∞ or 0 beyond binary64's range. */
  public static double approximate(BigFraction value) {
    BigInteger top = value.getNumerator();
    if (top.signum() == 0) {
      return 0;
    }
    BigInteger bottom = value.getDenominator();
    int shift = top.bitLength() - bottom.bitLength() - 64;
    BigInteger quotient = shift >= 0 ? top.divide(bottom.shiftLeft(shift)) : top.shiftLeft(-shift).divide(bottom);
    return Math.scalb(quotient.doubleValue(), shift);
  }

  /** The middle of a finite interval to about binary64 precision; NaN for an unbounded one. */
  public static double midpoint(Interval interval) {
    BigFraction lower = interval.lower();
    BigFraction upper = interval.upper();
    if (lower == null || upper == null) {
      return Double.NaN;
    }
    return approximate(lower.equals(upper) ? lower : lower.add(upper).divide(2));
  }

  /** log₁₀ |value| for display, at any magnitude; −∞ for 0. */
  public static double log10(BigFraction value) {
    BigInteger top = value.getNumerator().abs();
    BigInteger bottom = value.getDenominator();
    if (top.signum() == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    int shift = top.bitLength() - bottom.bitLength();
    BigFraction significand = shift >= 0
        ? new BigFraction(top, bottom.shiftLeft(shift))
        : new BigFraction(top.shiftLeft(-shift), bottom);
    return Math.log10(approximate(significand)) + shift * Math.log10(2);
  }

  /** A decimal with the given number of significant digits, rounded in the given direction, such as {@code 1.25e-4200}. */
  public static String scientific(BigFraction value, int digits, RoundingMode mode) {
    BigDecimal decimal = new BigDecimal(value.getNumerator())
        .divide(new BigDecimal(value.getDenominator()), new MathContext(digits, mode)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (decimal.signum() == 0) {
      return "0";
    }
    if (exponent >= -4 && exponent <= 15) {
      return decimal.toPlainString();
    }
    BigDecimal significand = decimal.movePointLeft(exponent);
    return significand.toPlainString() + "e" + exponent;
  }

  /** An interval with ends rounded outward to the given number of digits: {@code [lower, upper]} or a single number. */
  public static String interval(Interval interval, int digits) {
    BigFraction lower = interval.lower();
    BigFraction upper = interval.upper();
    String low = lower == null ? "-∞" : scientific(lower, digits, RoundingMode.FLOOR);
    String high = upper == null ? "∞" : scientific(upper, digits, RoundingMode.CEILING);
    return low.equals(high) ? low : "[" + low + ", " + high + "]";
  }

  /** A double for a table: three significant digits. */
  public static String brief(double value) {
    if (value == 0 || Double.isInfinite(value) || Double.isNaN(value)) {
      return value == 0 ? "0" : String.valueOf(value);
    }
    double magnitude = Math.abs(value);
    return magnitude >= 1e-3 && magnitude < 1e6
        ? new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString()
        : String.format(Locale.ROOT, "%.2e", value);
  }
}
