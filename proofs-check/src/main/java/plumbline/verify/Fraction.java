package plumbline.verify;

import java.math.BigInteger;

/** The exact number top / bottom · 2^exponent, bottom > 0. Its own exponent keeps huge and tiny magnitudes cheap. */
record Fraction(BigInteger top, BigInteger bottom, long exponent) implements Comparable<Fraction> {
  static final Fraction ZERO = of(0);
  private static final long LARGEST_EXPONENT = 1L << 50;
  private static final int LONGEST_SHIFT = 1 << 26;
  private static final int LONGEST_EXACT = 1 << 18;

  Fraction {
    Rejection.unless(Math.abs(exponent) <= LARGEST_EXPONENT, "a magnitude is out of range", false);
  }

  static Fraction of(long value) { return new Fraction(BigInteger.valueOf(value), BigInteger.ONE, 0); }
  int signum() { return top.signum(); }
  int size() { return top.bitLength() + bottom.bitLength(); }
  Fraction max(Fraction y) { return compareTo(y) < 0 ? y : this; }
  Fraction negate() { return new Fraction(top.negate(), bottom, exponent); }
  Fraction scaled(long k) { return new Fraction(top, bottom, exponent + k); } // this · 2^k
  Fraction times(Fraction y) { return new Fraction(top.multiply(y.top), bottom.multiply(y.bottom), exponent + y.exponent); }
  /** m with 2^(m−1) < |this| < 2^(m+1): numbers of b bits are 2^(b−1) to 2^b − 1. */
  long magnitude() { return top.abs().bitLength() - bottom.bitLength() + exponent; }
  /** this / y, for y ≠ 0. */
  Fraction over(Fraction y) {
    return times(new Fraction(y.signum() < 0 ? y.bottom.negate() : y.bottom, y.top.abs(), -y.exponent));
  }

  Fraction plus(Fraction y) {
    if (signum() == 0 || y.signum() == 0) { return signum() == 0 ? y : this; }
    BigInteger left = shifted(top.multiply(y.bottom), exponent - y.exponent);
    BigInteger right = shifted(y.top.multiply(bottom), y.exponent - exponent);
    return new Fraction(left.add(right), bottom.multiply(y.bottom), Math.min(exponent, y.exponent));
  }
  /** n · 2^max(shift, 0). */
  private static BigInteger shifted(BigInteger n, long shift) {
    Rejection.unless(shift <= LONGEST_SHIFT, "an exact value has too many digits", false);
    return n.shiftLeft((int) Math.max(0, shift));
  }

  @Override
  public int compareTo(Fraction y) {
    long gap = magnitude() - y.magnitude();
    return signum() != y.signum() || signum() == 0 ? Integer.compare(signum(), y.signum())
        : Math.abs(gap) >= 2 ? signum() * Long.signum(gap) : plus(y.negate()).signum();
  }
  /** The multiple of 2^k next to this: not below it if up, not above it otherwise. */
  Fraction multipleOf(long k, boolean up) {
    if (signum() == 0 || bottom.equals(BigInteger.ONE) && exponent >= k) { return this; }
    boolean isSmall = magnitude() < k - 1; // then 0 < |this| < 2^k, and it is as if the quotient below were 0
    BigInteger[] q = isSmall ? new BigInteger[] {BigInteger.ZERO, top} // rounded toward 0, and the remainder
        : shifted(top, exponent - k).divideAndRemainder(shifted(bottom, k - exponent));
    boolean away = q[1].signum() != 0 && up == signum() > 0;
    return new Fraction(away ? q[0].add(BigInteger.valueOf(signum())) : q[0], BigInteger.ONE, k);
  }
  /** This in lowest terms, top and bottom odd. */
  Fraction reduced() {
    if (signum() == 0) { return ZERO; }
    BigInteger p = top.shiftRight(top.getLowestSetBit());
    BigInteger q = bottom.shiftRight(bottom.getLowestSetBit());
    Rejection.unless(p.bitLength() + q.bitLength() <= LONGEST_EXACT, "an exact value has too many digits", false);
    BigInteger divisor = p.gcd(q);
    return new Fraction(p.divide(divisor), q.divide(divisor), exponent + top.getLowestSetBit() - bottom.getLowestSetBit());
  }

  /**
   * √this for this ≥ 0, as √(top · bottom · 2^exponent) / bottom: not below it if up, not above it otherwise. With 0 bits it
   * is exact, for a number in lowest terms: a rational root needs an even exponent, and squares above and below.
   */
  Fraction root(int bits, boolean up) {
    int least = bits == 0 ? 0 : Math.max(0, 2 * bits + 2 - top.bitLength());
    int shift = least + (int) (exponent - least & 1);
    BigInteger[] root = top.multiply(bottom).shiftLeft(shift).sqrtAndRemainder();
    Rejection.unless(bits > 0 || root[1].signum() == 0, "a square root is irrational", false);
    BigInteger rounded = up && root[1].signum() != 0 ? root[0].add(BigInteger.ONE) : root[0];
    return new Fraction(rounded, bottom, (exponent - shift) / 2);
  }
}
