package plumbline.spec.number;

import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A closed interval with exact rational ends; {@code null} stands for an infinite end.
 *
 * @param lower the lower end, or {@code null} for −∞
 * @param upper the upper end, or {@code null} for +∞
 */
public record Interval(@Nullable BigFraction lower, @Nullable BigFraction upper) {

  /** The whole real line. */
  public static final Interval WHOLE = new Interval(null, null);

  public Interval {
    if (lower != null && upper != null && lower.compareTo(upper) > 0) {
      throw new IllegalArgumentException("empty interval: lower end above upper end");
    }
  }

  /** The interval that holds one number. */
  public static Interval point(BigFraction value) {
    return new Interval(value, value);
  }

  /** Whether both ends are finite. */
  public boolean isFinite() {
    return lower != null && upper != null;
  }

  /** Whether the interval holds exactly one number. */
  public boolean isPoint() {
    return lower != null && upper != null && lower.equals(upper);
  }

  /** Whether {@code value} lies in the interval, ends included. */
  public boolean contains(BigFraction value) {
    return (lower == null || lower.compareTo(value) <= 0) && (upper == null || upper.compareTo(value) >= 0);
  }

  /** Whether {@code other} lies wholly in this interval. */
  public boolean contains(Interval other) {
    BigFraction low = other.lower;
    BigFraction high = other.upper;
    return (lower == null || (low != null && lower.compareTo(low) <= 0))
        && (upper == null || (high != null && upper.compareTo(high) >= 0));
  }

  /** Whether the two intervals share a number. */
  public boolean intersects(Interval other) {
    BigFraction low = other.lower;
    BigFraction high = other.upper;
    return (lower == null || high == null || lower.compareTo(high) <= 0)
        && (upper == null || low == null || low.compareTo(upper) <= 0);
  }
}
