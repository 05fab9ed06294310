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
  static final int TRANSFORM = 32;
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
      multiplyByDefinition(r, ro, a, ao, an, b, bo, bn);
    } else if (an > 3L * bn || an + bn > MOST) {
      multiplyParts(r, ro, a, ao, an, b, bo, bn, Math.min(Math.max(2 * bn, an / 2), MOST / 2));
    } else {
      new Transform(an, bn).multiply(r, ro, a, ao, b, bo);
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
      long carry = 0;
      int to = ro + from;
      for (int k = 0; k < n + bn; k++) {
        long x = r[to + k];
        long sum = x + product[k] + carry;
        carry = carry(x, product[k], sum);
        r[to + k] = sum;
      }
      // No carry is left: the sum so far is the product of b and the parts so far, which ends here.
    }
  }

  private static void multiplyByDefinition(long[] r, int ro, long[] a, int ao, int an, long[] b, int bo, int bn) {
    Arrays.fill(r, ro, ro + an, 0);
    for (int i = 0; i < bn; i++) {
      long x = b[bo + i];
      long carry = 0;
      if (x != 0) {
        for (int j = 0; j < an; j++) {
          long y = a[ao + j];
          long low = x * y;
          long high = multiplyHigh(x, y);
          long z = r[ro + i + j];
          long first = low + carry;
          long sum = first + z;
          r[ro + i + j] = sum;
          carry = high + carry(low, carry, first) + carry(first, z, sum);
        }
      }
      r[ro + i + an] = carry;
    }
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

    void join(double[] re, double[] im, long[] r, int ro) {
      double scale = Math.scalb(1.0, -levels);
      long mask = (1L << bits) - 1;
      int count = (int) (digits(an, bits) + digits(bn, bits));
      int m = re.length;
      int end = ro + an + bn;
      long carry = 0;
      long limb = 0;
      int filled = 0;
      for (int k = 0; k < count; k++) {
        double x = k < m ? re[k] : im[k - m];
        carry += Double.doubleToRawLongBits(x * scale + ROUND) - Double.doubleToRawLongBits(ROUND);
        long digit = carry & mask;
        carry >>= bits;
        limb |= digit << filled;
        filled += bits;
        if (filled >= 64) {
          if (ro < end) {
            r[ro++] = limb;
          }
          filled -= 64;
          limb = digit >>> bits - filled;
        }
      }
      if (ro < end) {
        r[ro++] = limb;
      }
      if (carry != 0 || ro != end) {
        throw new AssertionError("a product of " + an + " and " + bn + " limbs has the wrong length");
      }
    }
  }
}
