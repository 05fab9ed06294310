package plumbline.benchmark;

import java.math.BigInteger;
import java.util.HexFormat;

/**
 * The numbers from {@code m·2^e − r·2^s} to {@code m·2^e + r·2^s}, exactly. As text, in inputs and results, it is the four
 * numbers with blanks between, {@code m} and {@code r} in hexadecimal.
 */
record Enclosure(BigInteger m, long e, BigInteger r, long s) {
  Enclosure {
    if (r.signum() < 0) {
      throw new IllegalArgumentException("a radius must not be negative, got " + r);
    }
  }

  /** The one number {@code m·2^e}. */
  static Enclosure exactly(BigInteger m, long e) {
    return new Enclosure(m, e, BigInteger.ZERO, 0);
  }

  /** A finite double. */
  static Enclosure exactly(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(value + " is not a real number");
    }
    int exponent = Math.max(Math.getExponent(value), Double.MIN_EXPONENT) - 52;
    return exactly(BigInteger.valueOf((long) Math.scalb(value, -exponent)), exponent);
  }

  static Enclosure parse(String text) {
    String[] parts = text.trim().split(" ");
    if (parts.length != 4) {
      throw new IllegalArgumentException("expected four numbers, got " + text);
    }
    return new Enclosure(hexadecimal(parts[0]), Long.parseLong(parts[1]), hexadecimal(parts[2]), Long.parseLong(parts[3]));
  }

  /** In linear time, which {@link BigInteger} does not take for a million digits. */
  private static BigInteger hexadecimal(String text) {
    String digits = text.startsWith("-") ? text.substring(1) : text;
    byte[] bytes = HexFormat.of().parseHex(digits.length() % 2 == 0 ? digits : "0" + digits);
    return new BigInteger(text.startsWith("-") ? -1 : 1, bytes);
  }

  /** Whether this and {@code other}, of radius larger by {@code slack}, have a number in common. */
  boolean meets(Enclosure other, Enclosure slack) {
    long unit = Math.min(Math.min(Math.min(e, s), Math.min(other.e, other.s)), slack.e);
    BigInteger apart = at(m, e, unit).subtract(at(other.m, other.e, unit)).abs();
    BigInteger reach = at(r, s, unit).add(at(other.r, other.s, unit)).add(at(slack.m, slack.e, unit));
    return apart.compareTo(reach) <= 0;
  }

  private static BigInteger at(BigInteger m, long e, long unit) {
    return m.signum() == 0 ? BigInteger.ZERO : m.shiftLeft(Math.toIntExact(e - unit));
  }

  /** About log2 of the radius; −∞ where it is 0. */
  double logOfRadius() {
    return log2(r, s);
  }

  /** About the midpoint. */
  double midpoint() {
    int drop = Math.max(0, m.bitLength() - 64);
    return Math.scalb(m.shiftRight(drop).doubleValue(), (int) Math.max(-5000, Math.min(5000, e + drop)));
  }

  private static double log2(BigInteger m, long e) {
    if (m.signum() == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    int drop = Math.max(0, m.bitLength() - 64);
    return Math.log(m.shiftRight(drop).doubleValue()) / Math.log(2) + drop + e;
  }

  @Override
  public String toString() {
    return m.toString(16) + " " + e + " " + r.toString(16) + " " + s;
  }
}
