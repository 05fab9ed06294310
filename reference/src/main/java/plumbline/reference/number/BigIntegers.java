package plumbline.reference.number;

import java.math.BigInteger;
import plumbline.reference.kernel.LongMultiplication;

/**
 * Products and quotients of big integers: {@link BigInteger}'s own where operands are short, else by {@link
 * LongMultiplication}.
 */
final class BigIntegers {
  /** From this length of the shorter factor on, going over limbs repays the way there and back. */
  private static final int LONG_PRODUCT = 8000;
  /** From this length of divisor and quotient on, Newton's iteration is faster. */
  private static final int LONG_QUOTIENT = 40_000;
  /** Reciprocals up to this length are {@link BigInteger}'s. */
  private static final int SHORT_RECIPROCAL = 8000;

  private BigIntegers() {}

  static BigInteger multiply(BigInteger a, BigInteger b) {
    if (Math.min(a.bitLength(), b.bitLength()) < LONG_PRODUCT) {
      return a.multiply(b);
    }
    int an = Limbs.length(a.abs());
    long[] x = limbs(a, an);
    int bn = a == b ? an : Limbs.length(b.abs());
    long[] y = a == b ? x : limbs(b, bn);
    long[] product = new long[an + bn];
    LongMultiplication.multiply(product, 0, x, 0, an, y, 0, bn);
    BigInteger result = Limbs.toBig(product, 0, product.length);
    return a.signum() == b.signum() ? result : result.negate();
  }

  private static long[] limbs(BigInteger a, int n) {
    long[] limbs = new long[n];
    Limbs.fromBig(a.abs(), limbs, n);
    return limbs;
  }

  static BigInteger square(BigInteger a) {
    return multiply(a, a);
  }

  /**
   * Quotient, rounded down, and remainder of x ≥ 0 and y &gt; 0.
   *
   * <p>With n bits in y and at most q in the quotient, let h = q + 4, y' the leading h bits of y (zeros appended if there
   * are fewer) and I its reciprocal, so that I·2^−h is off 2^n/y by at most 3·2^−h ({@link #reciprocal}) and
   * 4.1·2^−h for what was cut from y. x·2^−n &lt; 2^(q−1) is cut after three bits, so the product of both is off by at most
   * 7.1/32 + 2/8 and, rounded down, by one more: the remainder tells, and two corrections suffice.
   */
  static BigInteger[] divideAndRemainder(BigInteger x, BigInteger y) {
    int n = y.bitLength();
    int q = x.bitLength() - n + 1;
    if (Math.min(n, q) < LONG_QUOTIENT) {
      return x.divideAndRemainder(y);
    }
    int h = q + 4;
    BigInteger reciprocal = reciprocal(y.shiftRight(n - h), h);
    BigInteger quotient = multiply(x.shiftRight(n - 3), reciprocal).shiftRight(h + 3);
    BigInteger rest = x.subtract(multiply(quotient, y));
    while (rest.signum() < 0) {
      quotient = quotient.subtract(BigInteger.ONE);
      rest = rest.add(y);
    }
    while (rest.compareTo(y) >= 0) {
      quotient = quotient.add(BigInteger.ONE);
      rest = rest.subtract(y);
    }
    return new BigInteger[] {quotient, rest};
  }

  static BigInteger divide(BigInteger x, BigInteger y) {
    return divideAndRemainder(x, y)[0];
  }

  /**
   * 2^(2h)/y within 3, for a y of h bits.
   *
   * <p>Let α = y·2^−h, in [1/2, 1), k ≥ h/2 + 3, and A·2^k the reciprocal of the leading k bits of y, within 3. What is cut
   * from α, below 2^−k, moves 1/α by at most 4.1·2^−k, so A = 1/α + ε, |ε| ≤ 7.1·2^−k. Then A(2 − αA) = 1/α − αε², off by at
   * most 51·2^−2k ≤ 51/64·2^−h, and the product is rounded down, by less than 1.
   */
  private static BigInteger reciprocal(BigInteger y, int h) {
    if (h <= SHORT_RECIPROCAL) {
      return BigInteger.ONE.shiftLeft(2 * h).divide(y);
    }
    int k = (h + 1) / 2 + 3;
    BigInteger a = reciprocal(y.shiftRight(h - k), k);
    return a.shiftLeft(h - k + 1).subtract(multiply(square(a), y).shiftRight(2 * k));
  }
}
