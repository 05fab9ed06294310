package plumbline.reference.number;

import java.math.BigInteger;
import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Midpoints of a matrix product, (n×k)·(k×m), entry by entry. A dot product is summed in a fixed-point accumulator of twice
 * the precision that hangs from its largest term, so it is exact unless exponents spread widely, and rounded once. Where
 * cancellation leaves too little of a sum that lost bits, it is summed again, as far down as its terms reach (but for an
 * extreme spread). Not for use by two threads.
 *
 * <p>It rests on these theorems, proved in Coq ({@code proofs-check/coq}): Enclosures.ball_dot, Enclosures.truncated_sum.
 */
final class DotProduct {
  /** From this many limbs on, products go through {@link BigInteger}, which multiplies in fewer steps. */
  private static final int BIG_LIMBS = 24;

  private final int bits;
  private final int limbs;
  private final int inner;
  private final int columns;
  private final Balls a;
  private final Balls b;
  private final BallKernel kernel;
  private final long[] product;
  private final long[] accumulator;
  private final @Nullable BigInteger[] bigA;
  private final @Nullable BigInteger[] bigB;
  private final Mag error = new Mag();
  private final Mag s = new Mag();

  DotProduct(Balls a, Balls b, int inner, int columns, BallKernel kernel) {
    bits = a.bits;
    limbs = a.limbs;
    this.inner = inner;
    this.columns = columns;
    this.a = a;
    this.b = b;
    this.kernel = kernel;
    product = new long[2 * limbs];
    accumulator = new long[2 * limbs + 2];
    boolean big = limbs >= BIG_LIMBS;
    bigA = new @Nullable BigInteger[big ? a.size : 0];
    bigB = new @Nullable BigInteger[big ? b.size : 0];
  }

  /** The midpoint of an entry, which is made once if products are those of {@link BigInteger}. */
  private BigInteger mantissa(Balls x, int e, @Nullable BigInteger[] known) {
    if (known.length == 0) {
      return Limbs.toBig(x.mantissas, e * limbs, limbs);
    }
    BigInteger mantissa = known[e];
    if (mantissa == null) {
      mantissa = Limbs.toBig(x.mantissas, e * limbs, limbs);
      known[e] = mantissa;
    }
    return mantissa;
  }

  /** Stores entry (row, column) as entry {@code e}; its radius is what the kernel holds, and what rounding costs. */
  void store(Balls d, int e, int row, int column) {
    Mag radius = kernel.radius();
    int i = row * inner;
    if (radius.isInfinite()) {
      d.setWhole(e, s);
      return;
    }
    long top = Long.MIN_VALUE;
    for (int k = 0; k < inner; k++) {
      int j = column + k * columns;
      if (a.signs[i + k] != 0 && b.signs[j] != 0) {
        top = Math.max(top, a.exponent(i + k) + b.exponent(j));
      }
    }
    if (top == Long.MIN_VALUE) {
      d.setRadius(e, radius);
      return;
    }
    // One limb above the largest term for carries and the sign, one below for spread.
    int n = accumulator.length;
    long unit = top + 64 - 64L * n;
    if (bigA.length > 0) {
      bigDot(d, e, i, column, radius, top, unit);
      return;
    }
    Arrays.fill(accumulator, 0);
    int lost = 0;
    for (int k = 0; k < inner; k++) {
      int j = column + k * columns;
      int sign = a.signs[i + k] * b.signs[j];
      if (sign == 0) {
        continue;
      }
      Limbs.multiply(product, 0, a.mantissas, (i + k) * limbs, b.mantissas, j * limbs, limbs);
      long shift = top - a.exponent(i + k) - b.exponent(j) + 64;
      if (Limbs.addAligned(accumulator, 0, n, product, 0, 2 * limbs, shift, sign < 0)) {
        lost++;
      }
    }
    int sign = Limbs.magnitude(accumulator, 0, accumulator, 0, n);
    if (lost > 0) {
      if (isPoor(Limbs.bitLength(accumulator, n), lost, unit, radius)) {
        bigDot(d, e, i, column, radius, top, bottom(i, column, top));
        return;
      }
      radius.add(error);
    }
    kernel.store(d, e, sign, accumulator, n, top + 64);
  }

  /** Whether {@code lost} truncations below a unit each spoil a sum of {@code length} bits; sets {@link #error}. */
  private boolean isPoor(int length, int lost, long unit, Mag radius) {
    // lost < 2^(32 − leading zeros).
    int log = 32 - Integer.numberOfLeadingZeros(lost);
    error.setPower(unit + log);
    return length < bits + 8 + log && error.compareTo(radius) > 0;
  }

  /** The unit that no term goes below, or one far enough down. */
  private long bottom(int i, int column, long top) {
    long least = top;
    for (int k = 0; k < inner; k++) {
      int j = column + k * columns;
      if (a.signs[i + k] != 0 && b.signs[j] != 0) {
        least = Math.min(least, a.exponent(i + k) + b.exponent(j));
      }
    }
    return Math.max(least - 128L * limbs, top - 64L * bits - 65536);
  }

  private void bigDot(Balls d, int e, int i, int column, Mag radius, long top, long unit) {
    BigInteger sum = BigInteger.ZERO;
    int lost = 0;
    for (int k = 0; k < inner; k++) {
      int j = column + k * columns;
      int sign = a.signs[i + k] * b.signs[j];
      if (sign == 0) {
        continue;
      }
      long shift = a.exponent(i + k) + b.exponent(j) - 128L * limbs - unit;
      if (shift <= -128L * limbs) {
        lost++;
        continue;
      }
      BigInteger p = BigIntegers.multiply(mantissa(a, i + k, bigA), mantissa(b, j, bigB));
      if (shift < 0 && p.getLowestSetBit() < -shift) {
        lost++;
      }
      p = p.shiftLeft((int) shift);
      sum = sign > 0 ? sum.add(p) : sum.subtract(p);
    }
    if (lost > 0) {
      boolean poor = isPoor(sum.bitLength(), lost, unit, radius);
      long bottom = poor ? bottom(i, column, top) : unit;
      if (bottom < unit) {
        bigDot(d, e, i, column, radius, top, bottom);
        return;
      }
      radius.add(error);
    }
    kernel.store(d, e, sum, unit);
  }
}
