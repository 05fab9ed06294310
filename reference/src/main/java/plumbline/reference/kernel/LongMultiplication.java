package plumbline.reference.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Products of natural numbers: runs of 64-bit limbs inside {@code long} arrays, least significant limb first. Exact at every
 * length: by the definition, from some length on through {@link Convolution}.
 */
public final class LongMultiplication {
  /** From this many limbs of the shorter factor on, the transform is faster. */
  static final int TRANSFORM = 28;
  /** More limbs than so many in both factors together are multiplied in parts, so that arrays stay moderate. */
  private static final int MOST = 1 << 20;

  /** 1.5·2^52: added to a number below 2^51, it leaves the nearest integer in the low bits. */
  private static final double ROUND = 0x1.8p52;

  /** Limbs that start at any byte. */
  private static final VarHandle BYTES = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private LongMultiplication() {}

  /** The high 64 bits of the unsigned product. */
  public static long multiplyHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
  }

  /** The carry out of {@code sum = x + y} or {@code x + y + 1}; without a branch, for it is as good as random. */
  public static long carry(long x, long y, long sum) {
    return ((x & y) | ((x | y) & ~sum)) >>> 63;
  }

  /** {@code r[ro..ro+an+bn) = a[ao..ao+an) · b[bo..bo+bn)}; {@code r} overlaps neither factor; an, bn ≥ 1. */
  public static void multiply(long[] r, int ro, long[] a, int ao, int an, long[] b, int bo, int bn) {
    if (an < bn) {
      multiply(r, ro, b, bo, bn, a, ao, an);
    } else if (bn < TRANSFORM) {
      multiplyByDefinition(r, ro, a, ao, an, b, bo, bn, 0);
    } else if (an > 3L * bn || an + bn > MOST) {
      multiplyParts(r, ro, a, ao, an, b, bo, bn, Math.min(Math.max(2 * bn, an / 2), MOST / 2));
    } else {
      new Transform(an, bn).multiply(r, ro, a, ao, b, bo);
    }
  }

  /**
   * Sets {@code r[from..an+bn)} to the limbs of {@code a[ao..ao+an) · b[bo..bo+bn)} from there on, as a number perhaps too
   * small by 1, and {@code r[0..from)} to anything; {@code from} is at most the length of the longer factor.
   */
  static void multiplyHigh(long[] r, int from, long[] a, int ao, int an, long[] b, int bo, int bn) {
    if (Math.min(an, bn) >= TRANSFORM) {
      multiply(r, 0, a, ao, an, b, bo, bn);
      return;
    }
    // Products of two limbs that end below limb from − 1 are left out: fewer than 2^32, of less than 2^−64 of the unit each.
    int low = Math.max(0, from - 2);
    if (an < bn) {
      multiplyByDefinition(r, 0, b, bo, bn, a, ao, an, low);
    } else {
      multiplyByDefinition(r, 0, a, ao, an, b, bo, bn, low);
    }
  }

  /** The longer factor cut into parts of {@code part} limbs. */
  private static void multiplyParts(
      long[] r, int ro, long[] a, int ao, int an, long[] b, int bo, int bn, int part) {
    Arrays.fill(r, ro, ro + an + bn, 0);
    long[] product = new long[Math.min(part, an) + bn];
    for (int from = 0; from < an; from += part) {
      int n = Math.min(part, an - from);
      multiply(product, 0, a, ao + from, n, b, bo, bn);
      add(r, ro + from, product, 0, n + bn);
      // No carry is left: the sum so far is the product of b and the parts so far, which ends here.
    }
  }

  /** From limb {@code low} ≤ an on, of products of two limbs that begin there or above. */
  private static void multiplyByDefinition(long[] r, int ro, long[] a, int ao, int an, long[] b, int bo, int bn, int low) {
    Arrays.fill(r, ro + low, ro + an, 0);
    for (int i = 0; i < bn; i++) {
      long x = b[bo + i];
      int skip = Math.max(0, low - i);
      r[ro + i + an] = x == 0 ? 0 : addMultiple(r, ro + i + skip, a, ao + skip, an - skip, x);
    }
  }

  /** Adds {@code a[ao..ao+n)} to {@code r[ro..ro+n)}, which may be the same, and returns the carry. */
  static long add(long[] r, int ro, long[] a, int ao, int n) {
    long carry = 0;
    for (int i = 0; i < n; i++) {
      long x = r[ro + i];
      long y = a[ao + i];
      long sum = x + y + carry;
      carry = carry(x, y, sum);
      r[ro + i] = sum;
    }
    return carry;
  }

  /** Adds {@code a[ao..ao+n)·factor} to {@code r[ro..ro+n)}, and returns what goes beyond. */
  static long addMultiple(long[] r, int ro, long[] a, int ao, int n, long factor) {
    long carry = 0;
    for (int j = 0; j < n; j++) {
      long y = a[ao + j];
      long low = factor * y;
      long high = multiplyHigh(factor, y);
      long z = r[ro + j];
      long first = low + carry;
      long sum = first + z;
      r[ro + j] = sum;
      carry = high + carry(low, carry, first) + carry(first, z, sum);
    }
    return carry;
  }

  /**
   * Divides {@code x[0..n)} by a number from 1 to 2^63 − 1 whose {@link #reciprocal} is known, and rounds down. By Möller and
   * Granlund, "Improved division by invariant integers" (2011), algorithm 4.
   */
  static void divide(long[] x, int n, long divisor, long reciprocal) {
    int shift = Long.numberOfLeadingZeros(divisor);
    long d = divisor << shift;
    // The remainder before the first limb: what the shift moves out of it.
    long remainder = x[n - 1] >>> 64 - shift;
    for (int i = n - 1; i >= 0; i--) {
      long low = x[i] << shift | (i > 0 ? x[i - 1] >>> 64 - shift : 0);
      long productLow = reciprocal * remainder;
      long q0 = productLow + low;
      long q = multiplyHigh(reciprocal, remainder) + remainder + carry(productLow, low, q0) + 1;
      long r = low - q * d;
      if (Long.compareUnsigned(r, q0) > 0) {
        q--;
        r += d;
      }
      if (Long.compareUnsigned(r, d) >= 0) {
        q++;
        r -= d;
      }
      x[i] = q;
      remainder = r;
    }
  }

  /** ⌊(2^128 − 1)/d⌋ − 2^64, never 0, where d is the divisor, 1 to 2^63 − 1, moved up so that its top bit is set. */
  static long reciprocal(long divisor) {
    long d = divisor << Long.numberOfLeadingZeros(divisor);
    // The 128 bits of (2^64 − 1 − d)·2^64 + 2^64 − 1, divided in two steps of 32 bits each.
    long high = d >>> 32;
    long low = d & 0xffffffffL;
    long rest = ~d;
    long quotient = 0;
    for (int step = 0; step < 2; step++) {
      long q = Long.divideUnsigned(rest, high);
      long r = rest - q * high;
      while (q >>> 32 != 0 || Long.compareUnsigned(q * low, r << 32 | 0xffffffffL) > 0) {
        q--;
        r += high;
        if (r >>> 32 != 0) {
          break;
        }
      }
      rest = (rest << 32 | 0xffffffffL) - q * d;
      quotient = quotient << 32 | q;
    }
    return quotient;
  }

  /**
   * How two factors of given lengths are cut into digits of {@link #bits} bits, the coefficients of polynomials.
   *
   * <p>Digits are from −2^(bits−1) to 2^(bits−1), so that norms are at most 2^(bits−1) times the root of their number, and
   * the bound of {@link Convolution#error} times both norms is kept below 1/2: the nearest integers are the coefficients.
   * Those are at most the product of the norms, and so below 2^52/20: {@code ROUND} finds them.
   */
  static final class Transform {
    private final int an;
    private final int bn;
    final int bits;
    final int block;
    final int levels;

    Transform(int an, int bn) {
      this.an = an;
      this.bn = bn;
      // 8, 16, 24, 32, 48, 64, 96, … positions: 8·2^l or 24·2^(l−1).
      int l = 0;
      int b = 8;
      int width = width(an, bn, b, l);
      while (digits(an, width) + digits(bn, width) > 2L * b << l) {
        if (b == 8 && l > 0) {
          b = 24;
          l--;
        } else {
          l += b == 8 ? 1 : 2;
          b = 8;
        }
        width = width(an, bn, b, l);
      }
      bits = width;
      block = b;
      levels = l;
    }

    private static long digits(int limbs, int width) {
      return 64L * limbs / width + 1;
    }

    /** The most bits per digit that the bound allows. */
    private static int width(int an, int bn, int block, int levels) {
      int width = 25;
      while (Convolution.error(block, levels) * Math.sqrt((double) digits(an, width) * digits(bn, width))
          * Math.scalb(1.0, 2 * width - 2) > 0.499) {
        width--;
      }
      return width;
    }

    void multiply(long[] r, int ro, long[] a, int ao, long[] b, int bo) {
      int size = block << levels;
      double[] xr = new double[size];
      double[] xi = new double[size];
      double[] yr = xr;
      double[] yi = xi;
      split(a, ao, an, xr, xi);
      if (a != b || ao != bo || an != bn) {
        yr = new double[size];
        yi = new double[size];
        split(b, bo, bn, yr, yi);
      }
      Convolution.multiply(xr, xi, yr, yi, block, levels);
      join(xr, xi, r, ro);
    }

    /**
     * Digit j is the two's complement of the bits from j·bits on, plus the bit before, which makes up for the sign of the
     * digit before.
     */
    void split(long[] a, int ao, int n, double[] re, double[] im) {
      // A byte of zeros below, for the bit before the first, and zeros above the last.
      byte[] bytes = new byte[8 * n + 17];
      for (int i = 0; i < n; i++) {
        BYTES.set(bytes, 8 * i + 1, a[ao + i]);
      }
      int count = (int) digits(n, bits);
      int m = re.length;
      split(bytes, 0, Math.min(m, count), re);
      split(bytes, m, count, im);
    }

    private void split(byte[] bytes, int from, int to, double[] digits) {
      int drop = 63 - bits;
      int at = from * bits + 7;
      for (int j = 0; j < to - from; j++) {
        long field = (long) BYTES.get(bytes, at >>> 3) >>> (at & 7);
        digits[j] = ((field << drop >> drop) + 1) >> 1;
        at += bits;
      }
    }

    /** Digits of any sign, 2^levels too large, to limbs: by two, with up to seven bits before them that fill no byte yet. */
    void join(double[] re, double[] im, long[] r, int ro) {
      double scale = Math.scalb(1.0, -levels);
      long mask = (1L << bits) - 1;
      int count = (int) (digits(an, bits) + digits(bn, bits));
      int m = re.length;
      byte[] bytes = new byte[8 * (an + bn) + 24];
      int at = 0;
      int filled = 0;
      long carry = 0;
      long last = 0;
      for (int half = 0; half < 2; half++) {
        double[] x = half == 0 ? re : im;
        int end = half == 0 ? Math.min(m, count) : count - m;
        for (int k = 0; k < end; k += 2) {
          carry += nearest(x[k], scale);
          long low = carry & mask;
          carry = (carry >> bits) + nearest(x[k + 1], scale);
          last |= (low | (carry & mask) << bits) << filled;
          carry >>= bits;
          BYTES.set(bytes, at, last);
          filled += 2 * bits;
          last >>>= filled & ~7;
          at += filled >>> 3;
          filled &= 7;
        }
      }
      for (int i = 0; i < an + bn; i++) {
        r[ro + i] = (long) BYTES.get(bytes, 8 * i);
      }
      if (carry != 0 || (long) BYTES.get(bytes, 8 * (an + bn)) != 0) {
        throw new AssertionError("a product of " + an + " and " + bn + " limbs has the wrong length");
      }
    }

    /** The integer nearest to x·scale, below 2^51. */
    private static long nearest(double x, double scale) {
      return Double.doubleToRawLongBits(x * scale + ROUND) - Double.doubleToRawLongBits(ROUND);
    }
  }
}
