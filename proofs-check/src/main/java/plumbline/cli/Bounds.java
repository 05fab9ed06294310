package plumbline.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * A nonnegative number known between two doubles.
 *
 * @param lower not above the number
 * @param upper not below the number; ∞ if nothing is known
 */
record Bounds(double lower, double upper) {
  static final Bounds ZERO = new Bounds(0, 0);
  static final Bounds UNKNOWN = new Bounds(0, Double.POSITIVE_INFINITY);
  static final Bounds INFINITE = new Bounds(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  private static final double RELATIVE_WIDTH = 1e-4;
  private static final MathContext DOWN = new MathContext(4, RoundingMode.DOWN);
  private static final MathContext UP = new MathContext(4, RoundingMode.UP);

  /** Whether both ends agree to more than three digits, or the number does not exceed {@code negligible}. */
  boolean isTight(double negligible) {
    return upper <= negligible || lower == upper || (Double.isFinite(upper) && upper - lower <= RELATIVE_WIDTH * upper);
  }

  /** The number as text, rounded up if it is tight; both ends, rounded outward, if it is not. */
  String text(double negligible) {
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
