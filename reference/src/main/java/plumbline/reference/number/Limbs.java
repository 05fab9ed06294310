package plumbline.reference.number;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import plumbline.reference.kernel.LongMultiplication;

/**
 * Natural numbers as runs of 64-bit limbs inside {@code long} arrays, least significant limb first. Static kernels that
 * allocate nothing (but for the conversions to and from {@link BigInteger}).
 */
final class Limbs {
  private Limbs() {}

  /** {@code r[ro..ro+2n) = a[ao..ao+n) · b[bo..bo+n)}; {@code r} overlaps neither factor. */
  static void multiply(long[] r, int ro, long[] a, int ao, long[] b, int bo, int n) {
    if (n == 1) {
      r[ro] = a[ao] * b[bo];
      r[ro + 1] = LongMultiplication.multiplyHigh(a[ao], b[bo]);
      return;
    }
    LongMultiplication.multiply(r, ro, a, ao, n, b, bo, n);
  }

  /** −1, 0 or 1 as {@code a[ao..ao+n)} is below, equal to or above {@code b[bo..bo+n)}. */
  static int compare(long[] a, int ao, long[] b, int bo, int n) {
    for (int i = n - 1; i >= 0; i--) {
      int c = Long.compareUnsigned(a[ao + i], b[bo + i]);
      if (c != 0) {
        return c;
      }
    }
    return 0;
  }

  /**
   * Adds {@code floor(a[ao..ao+n) · 2^−shift · 2^(64·(rn−n)))} into {@code r[ro..ro+rn)}, that is, {@code a} aligned with
   * the top of {@code r} and moved right by {@code shift} ≥ 0 bits. Carries off the top are lost (two's complement).
   *
   * @return whether bits fell off below
   */
  static boolean addAligned(long[] r, int ro, int rn, long[] a, int ao, int n, long shift, boolean subtract) {
    if (shift >= 64L * rn) {
      return true;
    }
    int bits = (int) shift & 63;
    // Limb k of r meets the shifted limb k + offset of a.
    int offset = n - rn + (int) (shift >>> 6);
    int from = Math.max(0, -offset - (bits == 0 ? 0 : 1));
    int to = Math.min(rn, n - offset);
    // Subtracting is adding the complement and 1; all above `to` is then a string of ones.
    long mask = subtract ? -1 : 0;
    long carry = subtract ? 1 : 0;
    long low = from + offset >= 0 ? a[ao + from + offset] : 0;
    int shiftUp = 63 - bits;
    for (int k = from; k < to; k++) {
      int i = k + offset + 1;
      long high = i < n ? a[ao + i] : 0;
      // Two shifts, for one by 64 would do nothing.
      long x = ((low >>> bits) | (high << 1 << shiftUp)) ^ mask;
      low = high;
      long y = r[ro + k];
      long sum = x + y + carry;
      r[ro + k] = sum;
      carry = LongMultiplication.carry(x, y, sum);
    }
    if (subtract) {
      for (int k = to; carry == 0 && k < rn; k++) {
        carry = r[ro + k]-- == 0 ? 0 : 1;
      }
    } else {
      for (int k = to; carry != 0 && k < rn; k++) {
        carry = ++r[ro + k] == 0 ? 1 : 0;
      }
    }
    // Lost: limbs of a below index offset, and the low bits of limb `offset` itself.
    for (int i = 0; i < Math.min(n, offset); i++) {
      if (a[ao + i] != 0) {
        return true;
      }
    }
    return bits != 0 && offset >= 0 && offset < n && a[ao + offset] << (64 - bits) != 0;
  }

  /**
   * Sets {@code r[ro..ro+n)} to the magnitude of {@code a[ao..ao+n)}, a number in two's complement, and returns −1 or 1, its
   * sign. The two may be the same limbs.
   */
  static int magnitude(long[] a, int ao, long[] r, int ro, int n) {
    // Without branches: signs cannot be foreseen.
    long negative = a[ao + n - 1] >> 63;
    long carry = negative & 1;
    for (int i = 0; i < n; i++) {
      r[ro + i] = (a[ao + i] ^ negative) + carry;
      carry = r[ro + i] == 0 ? carry : 0;
    }
    return (int) negative | 1;
  }

  /** The bits of {@code a[0..n)}; 0 if it is 0. */
  static int bitLength(long[] a, int n) {
    int high = n - 1;
    while (high > 0 && a[high] == 0) {
      high--;
    }
    return 64 * high + 64 - Long.numberOfLeadingZeros(a[high]);
  }

  /** Whether the bits of {@code a} from {@code from} on, below {@code to}, are all 0 or all 1. */
  static boolean areEqual(long[] a, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      if (((a[i >> 6] >>> i ^ a[from >> 6] >>> from) & 1) != 0) {
        return false;
      }
    }
    return true;
  }

  /** {@code a[ao..ao+n)} as a big integer. */
  static BigInteger toBig(long[] a, int ao, int n) {
    byte[] bytes = new byte[8 * n];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    for (int i = n - 1; i >= 0; i--) {
      buffer.putLong(a[ao + i]);
    }
    return new BigInteger(1, bytes);
  }

  /** Number of limbs that hold {@code value} ≥ 0, at least 1. */
  static int length(BigInteger value) {
    return Math.max(1, (value.bitLength() + 63) / 64);
  }

  /** Writes {@code value} ≥ 0 into {@code r[0..n)}, {@code n} at least {@link #length}. */
  static void fromBig(BigInteger value, long[] r, int n) {
    byte[] bytes = value.toByteArray();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int end = bytes.length;
    for (int i = 0; i < n; i++, end -= 8) {
      if (end >= 8) {
        r[i] = buffer.getLong(end - 8);
      } else {
        long limb = 0;
        for (int k = 0; k < end; k++) {
          limb = limb << 8 | (bytes[k] & 0xff);
        }
        r[i] = limb;
      }
    }
  }
}
