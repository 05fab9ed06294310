package plumbline.reference.envelope;

import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.rounding.Up;

/** A binary floating-point format of IEEE 754 or one made like it, with gradual underflow and infinities. */
public enum Format {
  FLOAT16("float16", 11, -14, 15),
  BFLOAT16("bfloat16", 8, -126, 127),
  /** What tensor cores of NVIDIA make of a float32 before they multiply. */
  TF32("tf32", 11, -126, 127),
  FLOAT32("float32", 24, -126, 127),
  FLOAT64("float64", 53, -1022, 1023);

  private final String word;
  private final int precision;
  private final int minExponent;
  private final int maxExponent;

  Format(String word, int precision, int minExponent, int maxExponent) {
    this.word = word;
    this.precision = precision;
    this.minExponent = minExponent;
    this.maxExponent = maxExponent;
  }

  /** NumPy's name, such as {@code float32}. */
  public String word() {
    return word;
  }

  /** The format of that name, or {@code null}. */
  public static @Nullable Format named(String word) {
    for (Format format : values()) {
      if (format.word.equals(word)) {
        return format;
      }
    }
    return null;
  }

  /** Significant bits p. */
  public int precision() {
    return precision;
  }

  /** The exponent of the least normal number. */
  public int minExponent() {
    return minExponent;
  }

  /** The exponent of the largest number. */
  public int maxExponent() {
    return maxExponent;
  }

  /** u = 2^−p: half the distance from 1 to the next number. */
  public @Up double unitRoundoff() {
    return power(-precision);
  }

  /** The least positive number, 2^(e_min − p + 1). */
  public @Up double leastSubnormal() {
    return power(minExponent - precision + 1);
  }

  /** The least normal number, 2^e_min. */
  public @Up double leastNormal() {
    return power(minExponent);
  }

  /** The largest finite number, (2 − 2^(1 − p)) 2^e_max. */
  public double largest() {
    return (2 - Math.scalb(1.0, 1 - precision)) * Math.scalb(1.0, maxExponent);
  }

  /** Every real up to this size is rounded to a finite number: the largest number and a quarter of its last place. */
  public double roundsToFinite() {
    return largest() + (this == FLOAT64 ? 0 : Math.scalb(1.0, maxExponent - precision - 1));
  }

  /** Whether {@code value} is a finite number of this format. */
  public boolean holds(double value) {
    double magnitude = Math.abs(value);
    if (!(magnitude <= largest())) {
      return false;
    }
    if (this == FLOAT64 || value == 0) {
      return true;
    }
    int quantum = Math.max(Math.getExponent(magnitude), minExponent) - precision + 1;
    double units = magnitude * Math.scalb(1.0, -quantum); // below 2^53, and exact: both are powers of two apart
    return units == Math.rint(units);
  }

  /** The nearest number of this format, ties to even; ±∞ beyond the largest. NaN and infinities stay. */
  public double round(double value) {
    if (this == FLOAT64 || value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return value;
    }
    int exponent = Math.getExponent(value);
    if (exponent > maxExponent) {
      return Math.copySign(Double.POSITIVE_INFINITY, value);
    }
    int quantum = Math.max(exponent, minExponent) - precision + 1;
    double rounded = Math.scalb(Math.rint(Math.scalb(value, -quantum)), quantum);
    return Math.abs(rounded) > largest() ? Math.copySign(Double.POSITIVE_INFINITY, value) : rounded;
  }

  @SuppressWarnings("rounding") // A power of two in the range of binary64 is exact.
  private static @Up double power(int exponent) {
    return Math.scalb(1.0, exponent);
  }
}
