package plumbline.reference.number;

import java.math.BigInteger;
import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.rounding.Up;

/**
 * One matrix product of balls: (n×k)·(k×m). Each dot product is summed in a fixed-point accumulator of twice the
 * precision that hangs from its largest term, so it is exact unless exponents spread widely, and rounded once. Where
 * cancellation leaves too little of a sum that lost bits, it is summed again, as far down as its terms reach (but for an
 * extreme spread).
 */
final class BallProduct {
  private final int bits;
  private final int limbs;
  private final int inner;
  private final int columns;
  private final Balls a;
  /** The right factor, transposed: both factors are read in rows. */
  private final Balls b;
  private final BallKernel kernel;
  private final long[] product;
  private final long[] accumulator;
  private BigInteger @Nullable [] bigA;
  private BigInteger @Nullable [] bigB;
  private final Mag error = new Mag();
  private final Mag s = new Mag();
  private final Mag t = new Mag();

  BallProduct(Balls a, Balls transposed, int inner, int columns) {
    bits = a.bits;
    limbs = a.limbs;
    this.inner = inner;
    this.columns = columns;
    this.a = a;
    b = transposed;
    kernel = new BallKernel(bits);
    product = new long[2 * limbs];
    accumulator = new long[2 * limbs + 2];
    if (limbs >= BallKernel.BIG_LIMBS) {
      bigA = mantissas(a);
      bigB = mantissas(b);
    }
  }

  private static BigInteger[] mantissas(Balls a) {
    BigInteger[] m = new BigInteger[a.size];
    for (int e = 0; e < m.length; e++) {
      m[e] = Limbs.toBig(a.mantissas, e * a.limbs, a.limbs);
    }
    return m;
  }

  Balls compute(int rows) {
    Balls d = new Balls(bits, Math.multiplyExact(rows, columns));
    boolean exact = a.areExact() && b.areExact();
    Scaled scaledA = exact ? null : new Scaled(a, inner);
    Scaled scaledB = exact ? null : new Scaled(b, inner);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        Mag radius = kernel.radius();
        if (scaledA == null || scaledB == null) {
          radius.setZero();
        } else if (scaledA.isWide[i] || scaledB.isWide[j]) {
          wideRadius(i, j, radius);
        } else {
          scaledRadius(scaledA, i, scaledB, j, radius);
        }
        dot(d, i * columns + j, i * inner, j * inner, radius);
      }
    }
    return d;
  }

  /** Midpoint of entry {@code e}: the product of the runs that start at {@code i} and {@code j}. */
  private void dot(Balls d, int e, int i, int j, Mag radius) {
    if (radius.isInfinite()) {
      d.setWhole(e, s);
      return;
    }
    long top = Long.MIN_VALUE;
    for (int k = 0; k < inner; k++) {
      if (a.signs[i + k] != 0 && b.signs[j + k] != 0) {
        top = Math.max(top, a.exponent(i + k) + b.exponent(j + k));
      }
    }
    if (top == Long.MIN_VALUE) {
      d.setRadius(e, radius);
      return;
    }
    // One limb above the largest term for carries and the sign, one below for spread.
    int n = accumulator.length;
    long unit = top + 64 - 64L * n;
    if (bigA != null && bigB != null) {
      bigDot(d, e, i, j, radius, top, unit, bigA, bigB);
      return;
    }
    Arrays.fill(accumulator, 0);
    int lost = 0;
    for (int k = 0; k < inner; k++) {
      int sign = a.signs[i + k] * b.signs[j + k];
      if (sign == 0) {
        continue;
      }
      Limbs.multiply(product, 0, a.mantissas, (i + k) * limbs, b.mantissas, (j + k) * limbs, limbs);
      long shift = top - a.exponent(i + k) - b.exponent(j + k) + 64;
      if (Limbs.addAligned(accumulator, 0, n, product, 0, 2 * limbs, shift, sign < 0)) {
        lost++;
      }
    }
    int sign = 1;
    if (accumulator[n - 1] < 0) {
      sign = -1;
      Limbs.negate(accumulator, 0, n);
    }
    if (lost > 0) {
      int high = n - 1;
      while (high > 0 && accumulator[high] == 0) {
        high--;
      }
      int length = 64 * high + 64 - Long.numberOfLeadingZeros(accumulator[high]);
      if (isPoor(length, lost, unit, radius)) {
        bigDot(d, e, i, j, radius, top, bottom(i, j, top), null, null);
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
  private long bottom(int i, int j, long top) {
    long least = top;
    for (int k = 0; k < inner; k++) {
      if (a.signs[i + k] != 0 && b.signs[j + k] != 0) {
        least = Math.min(least, a.exponent(i + k) + b.exponent(j + k));
      }
    }
    return Math.max(least - 128L * limbs, top - 64L * bits - 65536);
  }

  private void bigDot(Balls d, int e, int i, int j, Mag radius, long top, long unit, BigInteger @Nullable [] x,
      BigInteger @Nullable [] y) {
    BigInteger sum = BigInteger.ZERO;
    int lost = 0;
    for (int k = 0; k < inner; k++) {
      int sign = a.signs[i + k] * b.signs[j + k];
      if (sign == 0) {
        continue;
      }
      long shift = a.exponent(i + k) + b.exponent(j + k) - 128L * limbs - unit;
      if (shift <= -128L * limbs) {
        lost++;
        continue;
      }
      BigInteger p = (x == null ? Limbs.toBig(a.mantissas, (i + k) * limbs, limbs) : x[i + k])
          .multiply(y == null ? Limbs.toBig(b.mantissas, (j + k) * limbs, limbs) : y[j + k]);
      if (shift < 0 && p.getLowestSetBit() < -shift) {
        lost++;
      }
      p = p.shiftLeft((int) shift);
      sum = sign > 0 ? sum.add(p) : sum.subtract(p);
    }
    if (lost > 0) {
      boolean poor = isPoor(sum.bitLength(), lost, unit, radius);
      long bottom = poor ? bottom(i, j, top) : unit;
      if (bottom < unit) {
        bigDot(d, e, i, j, radius, top, bottom, x, y);
        return;
      }
      radius.add(error);
    }
    kernel.store(d, e, sum, unit);
  }

  // ---- radii: Σ |a|·rad(b) + rad(a)·(|b| + rad(b))

  /** Each row's magnitudes and radii as doubles, upper bounds, each under one power of two per row. */
  private static final class Scaled {
    /** Whether a row's exponents spread too far for that. */
    final boolean[] isWide;
    final long[] scale;
    final long[] radiusScale;
    final @Up double[] magnitudes;
    /** Magnitude plus radius. */
    final @Up double[] reaches;
    final @Up double[] radii;

    Scaled(Balls a, int width) {
      int rows = width == 0 ? 0 : a.size / width;
      isWide = new boolean[rows];
      scale = new long[rows];
      radiusScale = new long[rows];
      magnitudes = new @Up double[a.size];
      reaches = new @Up double[a.size];
      radii = new @Up double[a.size];
      Mag m = new Mag();
      Mag r = new Mag();
      for (int i = 0; i < rows; i++) {
        Span size = new Span();
        Span radius = new Span();
        for (int e = i * width; e < (i + 1) * width; e++) {
          a.magnitude(e, m);
          a.radius(e, r);
          isWide[i] |= r.isInfinite();
          radius.add(r);
          size.add(m);
          size.add(m.add(r));
        }
        isWide[i] |= size.isWide() || radius.isWide();
        if (isWide[i]) {
          continue;
        }
        scale[i] = size.most;
        radiusScale[i] = radius.most;
        for (int e = i * width; e < (i + 1) * width; e++) {
          a.magnitude(e, m);
          a.radius(e, r);
          magnitudes[e] = value(m, size.most);
          radii[e] = value(r, radius.most);
          reaches[e] = value(m.add(r), size.most);
        }
      }
    }

    /** m·2^−scale, at most 2 and at least 2^−400 unless 0. */
    // Proof: scaling by a power of two in the normal range is exact.
    @SuppressWarnings("rounding")
    private static @Up double value(Mag m, long scale) {
      return m.isZero() ? 0 : m.m * Mag.power((int) (m.e - scale));
    }
  }

  /** The range of some exponents. */
  private static final class Span {
    long most;
    long least;
    boolean any;

    void add(Mag m) {
      if (!m.isZero() && !m.isInfinite()) {
        most = any ? Math.max(most, m.e) : m.e;
        least = any ? Math.min(least, m.e) : m.e;
        any = true;
      }
    }

    boolean isWide() {
      return most - least > 400;
    }
  }

  // Proof: every factor is 0 or between 2^−400 and 2, so each product and sum has a relative error of at most 2^−53, and
  // a sum of that many terms ≥ 0 at most (inner + 8)·2^−53·1.01; the last factor makes up for that.
  @SuppressWarnings("rounding")
  private void scaledRadius(Scaled x, int i, Scaled y, int j, Mag radius) {
    double right = 0;
    double left = 0;
    int e = i * inner;
    int f = j * inner;
    for (int k = 0; k < inner; k++) {
      right += x.magnitudes[e + k] * y.radii[f + k];
      left += x.radii[e + k] * y.reaches[f + k];
    }
    double factor = 1 + (inner + 8.0) * 0x1p-52;
    if (inner > 0) {
      radius.set(right * factor, x.scale[i] + y.radiusScale[j]);
      s.set(left * factor, x.radiusScale[i] + y.scale[j]);
      radius.add(s);
    } else {
      radius.setZero();
    }
  }

  private void wideRadius(int i, int j, Mag radius) {
    radius.setZero();
    for (int k = 0; k < inner; k++) {
      kernel.productRadius(a, i * inner + k, b, j * inner + k, t);
      radius.add(t);
    }
  }
}
