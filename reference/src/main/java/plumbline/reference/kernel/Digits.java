package plumbline.reference.kernel;

/**
 * Fractions in fixed point, many at once: fraction l is Σ_j x[j·{@link #LANES} + l]·R^−(j+1), R = 2^b the radix, and one
 * instruction works on a digit of several of them. Digits are integers in doubles, of either sign, and called
 * <i>normal</i> if at most 0.505·R in size. All that is computed here are integers below 2^53, so that every operation is
 * exact and the engines cannot differ, as long as n digits at b bits satisfy n·0.255·R² ≤ 2^53 − 2^50.
 *
 * <p>An offset is a number of doubles: an array may hold several runs of digits, and a run may start at a digit that is not
 * the first, which multiplies the fraction by a power of R. Operations on {@code lanes} lanes leave the others with some
 * number or other.
 */
final class Digits {
  /** Lanes of a block. */
  static final int LANES = 16;

  /** Added and subtracted, it rounds a number below 2^51 in size to the nearest integer, ties to even. */
  static final double ROUND = 0x1.8p52;

  private Digits() {}

  /**
   * The product of fractions of n digits, r = a·b + aShare·a + bShare·b, where a share is 0 or 1. The digits of the result
   * are normal, but for the first, which is what the size of the result makes it. Where it overlaps a or b it may not begin
   * before them; {@code columns} is scratch space for n + 1 digits.
   *
   * <p>Products of digits of weight R^−(n+2) or less are left out: at most n − 1 of weight R^−(n+2), and so on, each
   * below 0.2551·R², hence less than 0.256·n units R^−n; rounding to n digits adds half a unit.
   */
  static void multiply(double[] r, int rFrom, double[] a, int aFrom, double[] b, int bFrom, int n,
      double aShare, double bShare, double radix, int lanes, double[] columns) {
    if (Simd.AVAILABLE) {
      DigitsVector.multiply(r, rFrom, a, aFrom, b, bFrom, n, aShare, bShare, radix, lanes, columns);
    } else {
      DigitsPlain.multiply(r, rFrom, a, aFrom, b, bFrom, n, aShare, bShare, radix, lanes);
    }
  }

  /**
   * Divides a combination: digits 1 to n − 1 of r become those of (r + Σ_i c_i·p_i)/divisor, with i from {@code low} to
   * {@code high}, and digit 0 what they carry. Fraction p_i starts at {@code i·stride} and its digits before digit i count
   * as zeros, those of r before digit {@code first}, at least 1, too.
   *
   * <p>All digits that come in are normal, Σ c_i ≤ 2·divisor, divisor ≤ 2^22 and the radix at most 2^24. The digits of the
   * result are normal. It is off by at most 0.51 units R^−n.
   *
   * <p>Proof. Long division from the first digit on: a remainder at most 0.501·divisor in size times R, and a digit x of the
   * combination, at most (2·divisor + 1)·0.505·R in size, stay below 2^48 together. Their quotient, off by
   * 2^−50 of itself, is at most 2.1·R, so that what is rounded to an integer is within 0.501 of the true one, and carries at
   * most 3 to the digit before. The last remainder is dropped.
   */
  static void combine(double[] r, int first, int n, double[] p, int stride, int low, int high, double[] c, double divisor,
      double radix, int lanes) {
    if (Simd.AVAILABLE) {
      DigitsVector.combine(r, first, n, p, stride, low, high, c, divisor, radix, lanes);
    } else {
      DigitsPlain.combine(r, first, n, p, stride, low, high, c, divisor, radix, lanes);
    }
  }

  /**
   * Cuts the fraction in a run of limbs, least significant first, to n digits of b bits, n·b ≤ 64·limbs, and writes those
   * from the second on to lane {@code at}, from −R/2 to R/2 − 1. The first, from 0 to R, becomes 0 there, and is returned.
   */
  static int load(long[] x, int from, int limbs, double[] to, int at, int n, int b) {
    long mask = (1L << b) - 1;
    long half = 1L << b - 1;
    int position = 64 * limbs - b * n;
    long carry = 0;
    for (int k = at + (n - 1) * LANES; k > at; k -= LANES) {
      long digit = (bits(x, from, position, 64 - b) & mask) + carry;
      carry = digit + half >> b;
      to[k] = digit - (carry << b);
      position += b;
    }
    to[at] = 0;
    return (int) ((bits(x, from, position, 64 - b) & mask) + carry);
  }

  /** Bits from a position on, at least 64 − room of them right. */
  private static long bits(long[] x, int from, int position, int room) {
    int limb = from + (position >> 6);
    int offset = position & 63;
    long low = x[limb] >>> offset;
    return offset <= room ? low : low | x[limb + 1] << 64 - offset;
  }

  /** Writes a fraction of n digits of b bits, at least 0 and less than 1, to a run of limbs. */
  static void store(double[] digit, int at, int n, int b, long[] x, int to, int limbs) {
    long mask = (1L << b) - 1;
    int fill = 64 * limbs - b * n;
    int limb = to;
    long carry = 0;
    long current = 0;
    for (int k = at + (n - 1) * LANES; k >= at; k -= LANES) {
      long value = (long) digit[k] + carry;
      carry = value >> b;
      value &= mask;
      current |= value << fill;
      fill += b;
      if (fill >= 64) {
        x[limb++] = current;
        fill -= 64;
        current = value >>> b - fill;
      }
    }
  }
}
