package plumbline.reference.conformance;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import plumbline.reference.number.Directed;
import plumbline.spec.rounding.Down;
import plumbline.spec.rounding.Up;

/**
 * A nonnegative number known between two doubles.
 *
 * @param lower not above the number
 * @param upper not below the number; ∞ if nothing is known
 */
public record Bounds(@Down double lower, @Up double upper) {
  public static final Bounds ZERO = new Bounds(0, 0);
  public static final Bounds UNKNOWN = new Bounds(0, Directed.UNBOUNDED);
  public static final Bounds INFINITE = infinite();

  private static final double RELATIVE_WIDTH = 1e-4;
  private static final MathContext DOWN = new MathContext(4, RoundingMode.DOWN);
  private static final MathContext UP = new MathContext(4, RoundingMode.UP);

  @SuppressWarnings("rounding") // The number is infinite, by definition.
  private static Bounds infinite() {
    return new Bounds(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** The larger of two numbers. */
  @SuppressWarnings("rounding") // Both ends of a maximum are the maxima of the ends.
  public static Bounds max(Bounds a, Bounds b) {
    return new Bounds(Math.max(a.lower, b.lower), Math.max(a.upper, b.upper));
  }

  /** Whether both ends agree to more than three digits, or the number does not exceed {@code negligible}. */
  public boolean isTight(double negligible) {
    return upper <= negligible || lower == upper || (Double.isFinite(upper) && upper - lower <= RELATIVE_WIDTH * upper);
  }

  /** The number as text, rounded up if it is tight; both ends, rounded outward, if it is not. */
  public String text(double negligible) {
    if (upper == 0) {
      return "0";
    }
    if (lower == 0 && upper <= negligible) {
      return "≤ " + text(upper, UP);
    }
    return isTight(negligible) ? text(upper, UP) : "between " + text(lower, DOWN) + " and " + text(upper, UP);
  }

  private static String text(double value, MathContext rounding) {
    if (Double.isInfinite(value)) {
      return "∞";
    }
    BigDecimal decimal = new BigDecimal(value).round(rounding).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (decimal.signum() == 0) {
      return "0";
    }
    return exponent >= -4 && exponent < 7
        ? decimal.toPlainString()
        : decimal.movePointLeft(exponent).toPlainString() + "e" + exponent;
  }
}
