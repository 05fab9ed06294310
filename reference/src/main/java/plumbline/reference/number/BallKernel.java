package plumbline.reference.number;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.number.ErrorFunction.Bounds;

/**
 * Scalar ball arithmetic on entries of {@link Balls}, with the scratch space of one call: {@code d} and {@code e} are the
 * result and its index, written once; {@code a, i} and {@code b, j} the operands. Not for use by two threads.
 *
 * <p>The pattern: {@link #radius} collects what the operands' radii do to the result; {@link #store} rounds the midpoint,
 * adds what that costs and writes both.
 *
 * <p>It rests on these theorems, proved in Coq ({@code proofs-check/coq}): Binary64.store_half_ulp,
 * Enclosures.rounded_midpoint, Enclosures.ball_plus, Enclosures.ball_times, Enclosures.ball_dot, Enclosures.ball_of_ends,
 * Enclosures.ball_from_zero, Enclosures.ball_quotient, Enclosures.ball_sqrt, Enclosures.ball_exp, Enclosures.ball_ln,
 * Enclosures.log_correction, Enclosures.softmax_enclosure, Enclosures.softmax_enclosure_tight,
 * Enclosures.others_prefix_suffix.
 */
final class BallKernel {
  private final int bits;
  private final int limbs;
  /** Room for a sum of two aligned mantissas or a product. */
  private long[] scratch;
  private final Mag radius = new Mag();
  private final Mag s = new Mag();
  private final Mag t = new Mag();
  private final Mag u = new Mag();

  BallKernel(int bits) {
    this.bits = bits;
    limbs = (bits + 63) / 64;
    scratch = new long[2 * limbs + 2];
  }

  /** What the next {@link #store} adds its rounding error to. */
  Mag radius() {
    return radius;
  }

  /** Enough bits to hold the ends of ordinary balls exactly, and everything else with room to spare. */
  private int endPrecision() {
    return 2 * bits + 256;
  }

  // ---- storing

  /**
   * Stores {@code sign·S·2^(top − 64·n)}, S the run {@code source[0..n)}, rounded to nearest, with {@link #radius} plus the
   * rounding error: at most half an ulp, 2^(exponent − bits − 1).
   */
  void store(Balls d, int e, int sign, long[] source, int n, long top) {
    int high = n - 1;
    while (high >= 0 && source[high] == 0) {
      high--;
    }
    if (radius.isInfinite()) {
      d.setWhole(e, s);
      return;
    }
    if (high < 0) {
      d.setRadius(e, radius);
      return;
    }
    int shift = Long.numberOfLeadingZeros(source[high]);
    long exponent = top - 64L * (n - 1 - high) - shift;
    long[] m = d.mantissas;
    int base = e * limbs;
    int i = high;
    for (int k = limbs - 1; k >= 0 && i >= 0; k--, i--) {
      m[base + k] = shift == 0 ? source[i]
          : (source[i] << shift) | (i > 0 ? source[i - 1] >>> (64 - shift) : 0);
    }
    int drop = 64 * limbs - bits;
    // Without branches, for a bit cannot be foreseen.
    long half;
    boolean inexact;
    // What lies below the mantissa's limbs: limb i shifted, and all under it.
    long next = i < 0 ? 0 : shift == 0 ? source[i] : (source[i] << shift) | (i > 0 ? source[i - 1] >>> (64 - shift) : 0);
    if (drop == 0) {
      half = next >>> 63;
      inexact = next != 0;
    } else {
      long low = m[base] & (1L << drop) - 1;
      half = low >>> drop - 1;
      inexact = low != 0 || next != 0;
      m[base] -= low;
    }
    for (int k = i - 1; !inexact && k >= 0; k--) {
      inexact = source[k] != 0;
    }
    m[base] += half << drop;
    if (m[base] == 0 && half != 0) {
      boolean carry = true;
      for (int k = 1; carry && k < limbs; k++) {
        carry = ++m[base + k] == 0;
      }
      if (carry) {
        m[base + limbs - 1] = Long.MIN_VALUE;
        exponent++;
      }
    }
    if (inexact) {
      radius.addPower(exponent - bits - 1);
    }
    if (exponent > Mag.MAX_EXPONENT || radius.isInfinite()) {
      d.setWhole(e, s);
    } else if (exponent < -Mag.MAX_EXPONENT) {
      d.clearMidpoint(e);
      d.setRadius(e, radius.addPower(exponent));
    } else {
      d.setExponent(e, exponent);
      d.signs[e] = (byte) sign;
      d.setRadius(e, radius);
    }
  }

  /** Stores {@code value·2^unit} as {@link #store} does. */
  void store(Balls d, int e, BigInteger value, long unit) {
    int n = Limbs.length(value.abs());
    long[] source = room(n);
    Limbs.fromBig(value.abs(), source, n);
    store(d, e, value.signum(), source, n, unit + 64L * n);
  }

  private long[] room(int n) {
    if (scratch.length < n) {
      scratch = new long[n];
    }
    return scratch;
  }

  /** Stores a number that is {@code value} units or, if {@code truncated}, strictly between that and one unit more. */
  private void storeTruncated(Balls d, int e, BigInteger value, boolean truncated, long unit) {
    // With at least bits + 2 bits, 2·value + 1 rounds as every number strictly between 2·value and 2·value + 2 does, with
    // the same bound, half an ulp.
    BigInteger twice = value.shiftLeft(1);
    store(d, e, truncated ? twice.setBit(0) : twice, unit - 1);
  }

  /**
   * Stores a ball around [lower, upper]; a known sign of the interval stays known.
   */
  void storeEnds(Balls d, int e, Dyadic lower, Dyadic upper) {
    if (lower.signum() == 0 && upper.signum() == 0) {
      radius.setZero();
      d.clearMidpoint(e);
      d.setRadius(e, radius);
      return;
    }
    long top = lower.signum() == 0 ? upper.top()
        : upper.signum() == 0 ? lower.top() : Math.max(lower.top(), upper.top());
    if (top > Mag.MAX_EXPONENT) {
      d.setWhole(e, s);
      return;
    }
    long unit = top - bits - 64;
    if (lower.exponent() >= unit && upper.exponent() >= unit) {
      unit = lower.signum() == 0 ? upper.exponent()
          : upper.signum() == 0 ? lower.exponent() : Math.min(lower.exponent(), upper.exponent());
    }
    BigInteger low = lower.onGrid(unit, -1);
    BigInteger high = upper.onGrid(unit, 1);
    setUp(radius, high.subtract(low), unit - 1);
    store(d, e, low.add(high), unit - 1);
    if (lower.signum() >= 0 && d.signOfLower(e) < 0) {
      storeFromZero(d, e, 1);
    } else if (upper.signum() <= 0 && d.signOfUpper(e) > 0) {
      storeFromZero(d, e, -1);
    }
  }

  /** Sets an upper bound of value·2^unit, value ≥ 0. */
  // Proof: the top 53 bits, plus one if there are more, are exact as a double.
  @SuppressWarnings("rounding")
  private static void setUp(Mag to, BigInteger value, long unit) {
    int length = value.bitLength();
    if (length <= 53) {
      to.set(value.longValue(), unit);
    } else {
      to.set(value.shiftRight(length - 53).longValue() + 1, unit + length - 53);
    }
  }

  /** Replaces entry {@code e}, whose true value has the given sign or is 0, by a ball from 0 to its far end. */
  private void storeFromZero(Balls d, int e, int sign) {
    if (d.isWhole(e)) {
      return;
    }
    d.magnitude(e, u);
    if (d.signs[e] == -sign) {
      // The midpoint is on the wrong side; the far end is at most the radius.
      u.setZero();
    }
    d.radius(e, t);
    u.add(t);
    fromZero(d, e, sign, u);
  }

  /** Sets entry {@code e} to the ball [0, far] or [−far, 0]: midpoint and radius are one number of at most 24 bits. */
  private void fromZero(Balls d, int e, int sign, Mag far) {
    far.ceiling(Math.min(bits, 24)).shift(-1);
    if (far.isZero() || far.isInfinite()) {
      d.clearMidpoint(e);
      d.setRadius(e, far);
      return;
    }
    d.clearMidpoint(e);
    d.mantissas[(e + 1) * limbs - 1] = (long) (far.m * 0x1p52) << 11;
    d.setExponent(e, far.e + 1);
    d.signs[e] = (byte) sign;
    d.setRadius(e, far);
  }

  private static void setZero(Balls d, int e, Mag zero) {
    d.clearMidpoint(e);
    d.setRadius(e, zero.setZero());
  }

  // ---- exact matrices

  void lift(Balls d, int e, double value) {
    radius.setZero();
    if (value == 0) {
      return;
    }
    int exponent = Math.max(Math.getExponent(value), Double.MIN_EXPONENT);
    long m = Double.doubleToRawLongBits(value) & (1L << 52) - 1;
    if (Math.getExponent(value) >= Double.MIN_EXPONENT) {
      m |= 1L << 52;
    }
    scratch[0] = m;
    store(d, e, value < 0 ? -1 : 1, scratch, 1, exponent - 52 + 64);
  }

  void lift(Balls d, int e, BigFraction value) {
    radius.setZero();
    BigInteger denominator = value.getDenominator();
    int power = denominator.bitLength() - 1;
    if (denominator.getLowestSetBit() == power) {
      store(d, e, value.getNumerator(), -power);
    } else {
      divide(d, e, value.getNumerator(), denominator, 0);
    }
  }

  void enclose(Balls d, int e, BigFraction lower, BigFraction upper) {
    if (lower.equals(upper)) {
      lift(d, e, lower);
    } else {
      storeEnds(d, e, Dyadic.of(lower, bits + 64, -1), Dyadic.of(upper, bits + 64, 1));
    }
  }

  /** Stores π with what its error and rounding cost. */
  void pi(Balls d, int e) {
    int w = bits + 16;
    radius.setPower(1L - w);
    store(d, e, FixedPoint.pi(w), -w);
  }

  /** A ball of another precision, rounded to this one. */
  void convert(Balls d, int e, Balls a, int i) {
    a.radius(i, radius);
    long[] source = room(a.limbs);
    System.arraycopy(a.mantissas, i * a.limbs, source, 0, a.limbs);
    store(d, e, a.signs[i], source, a.limbs, a.exponent(i));
  }

  // ---- + − ×

  /** a + sign·b, sign ±1. */
  void add(Balls d, int e, Balls a, int i, Balls b, int j, int sign) {
    a.radius(i, radius).add(b.radius(j, s));
    if (radius.isInfinite()) {
      d.setWhole(e, s);
      return;
    }
    int signA = a.signs[i];
    int signB = b.signs[j] * sign;
    if (signA == 0 || (signB != 0 && a.exponent(i) < b.exponent(j))) {
      Balls c = a;
      a = b;
      b = c;
      int k = i;
      i = j;
      j = k;
      k = signA;
      signA = signB;
      signB = k;
    }
    // Now |a| ≥ |b|/2, or both are 0.
    long gap = a.exponent(i) - b.exponent(j);
    if (signB == 0 || gap >= 64L * limbs + 2) {
      // b adds nothing that shows: less than a quarter of an ulp of a.
      if (signB != 0) {
        radius.addPower(b.exponent(j));
      }
      System.arraycopy(a.mantissas, i * limbs, d.mantissas, e * limbs, limbs);
      d.setExponent(e, a.exponent(i));
      d.signs[e] = (byte) signA;
      d.setRadius(e, radius);
      return;
    }
    int n = 2 * limbs + 2;
    int low = Math.max(0, limbs + 1 - (int) (gap + 63 >>> 6));
    // a fills limbs limbs+1 .. 2·limbs; one limb above takes the carry, those from `low` on take b.
    long[] r = scratch;
    Arrays.fill(r, 0, limbs + 1, 0);
    System.arraycopy(a.mantissas, i * limbs, r, limbs + 1, limbs);
    r[n - 1] = 0;
    boolean subtract = signA != signB;
    Limbs.addAligned(r, low, n - low, b.mantissas, j * limbs, limbs, gap + 64, subtract);
    if (subtract) {
      signA *= Limbs.magnitude(r, low, r, low, n - low);
    }
    store(d, e, signA, r, n, a.exponent(i) + 64);
  }

  void multiply(Balls d, int e, Balls a, int i, Balls b, int j) {
    radius.setZero();
    addProductRadius(a, i, b, j, radius);
    multiplyMidpoints(d, e, a, i, b, j);
  }

  /** Adds |a|·rad(b) + rad(a)·(|b| + rad(b)). */
  void addProductRadius(Balls a, int i, Balls b, int j, Mag to) {
    if (!b.isExact(j)) {
      to.add(a.magnitude(i, t).multiply(b.radius(j, s)));
    }
    if (!a.isExact(i)) {
      to.add(b.magnitude(j, t).add(b.radius(j, s)).multiply(a.radius(i, s)));
    }
  }

  private void multiplyMidpoints(Balls d, int e, Balls a, int i, Balls b, int j) {
    int sign = a.signs[i] * b.signs[j];
    if (sign == 0) {
      if (radius.isInfinite()) {
        d.setWhole(e, s);
      } else {
        d.setRadius(e, radius);
      }
      return;
    }
    Limbs.multiply(scratch, 0, a.mantissas, i * limbs, b.mantissas, j * limbs, limbs);
    store(d, e, sign, scratch, 2 * limbs, a.exponent(i) + b.exponent(j));
  }

  /** a²: m² + r² ± 2|m|r where that matters, and never below 0. */
  void square(Balls d, int e, Balls a, int i) {
    if (a.isExact(i)) {
      radius.setZero();
      multiplyMidpoints(d, e, a, i, a, i);
      return;
    }
    if (a.isWhole(i)) {
      d.setWhole(e, s);
      return;
    }
    a.magnitude(i, s);
    a.radius(i, t);
    if (s.isZero() || t.e > s.e - 10) {
      int precision = endPrecision();
      Dyadic low = a.end(i, -1, precision);
      Dyadic high = a.end(i, 1, precision);
      if (low.signum() < 0 && high.signum() > 0) {
        fromZero(d, e, 1, u.set(s.add(t)).multiply(s));
      } else {
        Dyadic near = low.signum() < 0 ? high.negate() : low;
        Dyadic far = low.signum() < 0 ? low.negate() : high;
        storeEnds(d, e, new Dyadic(BigIntegers.square(near.mantissa()), 2 * near.exponent()),
            new Dyadic(BigIntegers.square(far.mantissa()), 2 * far.exponent()));
      }
      return;
    }
    // 2|m|r + r², and r < |m|/2^9, so that the ball stays above 0.
    radius.set(s).shift(1).add(t).multiply(t);
    multiplyMidpoints(d, e, a, i, a, i);
  }

  // ---- ÷ √

  /** The quotient of two integers, times 2^scale, with {@link #radius}. */
  void divide(Balls d, int e, BigInteger x, BigInteger y, long scale) {
    if (x.signum() == 0) {
      store(d, e, x, 0);
      return;
    }
    int shift = Math.max(0, bits + 2 + y.bitLength() - x.bitLength());
    BigInteger[] quotient = BigIntegers.divideAndRemainder(x.abs().shiftLeft(shift), y.abs());
    // A sign of its own, for truncation is towards 0.
    BigInteger twice = quotient[0].shiftLeft(1);
    if (quotient[1].signum() != 0) {
      twice = twice.setBit(0);
    }
    store(d, e, x.signum() * y.signum() < 0 ? twice.negate() : twice, scale - shift - 1);
  }

  void divide(Balls d, int e, Balls a, int i, Balls b, int j) {
    if (b.compareToRadius(j) <= 0 || a.isWhole(i)) {
      d.setWhole(e, s);
      return;
    }
    b.radius(j, t);
    if (!t.isZero() && t.e > b.exponent(j) - 20) {
      divideEnds(d, e, a, i, b, j);
      return;
    }
    // x/y − a/b = ((x − a)·b − a·(y − b))/(y·b), so at most (rad(a) + |a/b|·rad(b))/(|b| − rad(b)).
    a.radius(i, radius);
    if (!radius.isZero() || !t.isZero()) {
      long scale = b.exponent(j) - 1;
      if (!t.isZero()) {
        radius.add(a.magnitude(i, s).divide(b.least(j, u.setZero()), scale).multiply(t));
      }
      radius.divide(b.least(j, t), scale);
    }
    if (a.signs[i] == 0) {
      d.setRadius(e, radius);
      return;
    }
    BigInteger x = Limbs.toBig(a.mantissas, i * limbs, limbs);
    BigInteger y = Limbs.toBig(b.mantissas, j * limbs, limbs);
    divide(d, e, a.signs[i] < 0 ? x.negate() : x, b.signs[j] < 0 ? y.negate() : y, a.exponent(i) - b.exponent(j));
  }

  /** A wide divisor without 0: the hull of the quotients of the ends. */
  private void divideEnds(Balls d, int e, Balls a, int i, Balls b, int j) {
    int precision = endPrecision();
    Dyadic low = a.end(i, -1, precision);
    Dyadic high = a.end(i, 1, precision);
    Dyadic near = b.end(j, b.signs[j] < 0 ? 1 : -1, precision);
    Dyadic far = b.end(j, b.signs[j] < 0 ? -1 : 1, precision);
    if (near.signum() != b.signs[j]) {
      // Rounded to 0 or over it.
      d.setWhole(e, s);
      return;
    }
    if (b.signs[j] < 0) {
      Dyadic least = low;
      low = high.negate();
      high = least.negate();
      near = near.negate();
      far = far.negate();
    }
    storeEnds(d, e, low.dividedBy(low.signum() < 0 ? near : far, bits + 64, -1),
        high.dividedBy(high.signum() < 0 ? far : near, bits + 64, 1));
  }

  void sqrt(Balls d, int e, Balls a, int i) {
    if (a.signOfUpper(i) < 0 || a.isWhole(i)) {
      d.setWhole(e, s);
      return;
    }
    a.radius(i, t);
    if (a.signs[i] <= 0 || (!t.isZero() && t.e > a.exponent(i) - 20)) {
      if (a.isExact(i)) {
        setZero(d, e, radius);
        return;
      }
      Dyadic low = a.end(i, -1, endPrecision());
      Dyadic high = a.end(i, 1, endPrecision());
      storeEnds(d, e, low.signum() <= 0 ? Dyadic.ZERO : root(low, -1), high.signum() <= 0 ? Dyadic.ZERO : root(high, 1));
      return;
    }
    radius.set(t);
    if (!t.isZero()) {
      // |√x − √m| = |x − m|/(√x + √m) ≤ r/(2·√(m − r)) ; 2^k is the power of two below m, made even.
      long k = a.exponent(i) - 1 & ~1L;
      radius.divide(Mag.sqrtDown(a.least(i, t), k != a.exponent(i) - 1), k / 2 + 1);
    }
    int odd = (int) (a.exponent(i) & 1);
    BigInteger m = Limbs.toBig(a.mantissas, i * limbs, limbs);
    // M·2^(exponent − 64·limbs) with an even shift and an even exponent; at least 2·bits + 5 bits.
    int shift = Math.max(0, 2 * bits + 6 - 64 * limbs);
    shift += shift + odd & 1;
    BigInteger[] root = FixedPoint.sqrt(m.shiftLeft(shift));
    storeTruncated(d, e, root[0], root[1].signum() != 0, (a.exponent(i) - 64L * limbs - shift) / 2);
  }

  /** A bound of √x, x &gt; 0. */
  private Dyadic root(Dyadic x, int direction) {
    int shift = Math.max(0, 2 * bits + 128 - x.mantissa().bitLength());
    shift += shift + (int) (x.exponent() & 1) & 1;
    BigInteger[] root = FixedPoint.sqrt(x.mantissa().shiftLeft(shift));
    BigInteger r = direction > 0 && root[1].signum() != 0 ? root[0].add(BigInteger.ONE) : root[0];
    return new Dyadic(r, (x.exponent() - shift) / 2);
  }

  // ---- | | and maxima

  void abs(Balls d, int e, Balls a, int i) {
    if (a.isWhole(i)) {
      d.setWhole(e, s);
    } else if (a.compareToRadius(i) >= 0) {
      d.copy(e, a, i);
      d.signs[e] = (byte) Math.abs(d.signs[e]);
    } else {
      fromZero(d, e, 1, a.magnitude(i, u).add(a.radius(i, t)));
    }
  }

  void relu(Balls d, int e, Balls a, int i) {
    if (a.isWhole(i)) {
      d.setWhole(e, s);
    } else if (a.signOfUpper(i) <= 0) {
      setZero(d, e, radius);
    } else if (a.signOfLower(i) >= 0) {
      d.copy(e, a, i);
    } else {
      storeEnds(d, e, Dyadic.ZERO, a.end(i, 1, endPrecision()));
    }
  }

  void max(Balls d, int e, Balls a, int i, Balls b, int j) {
    if (a.isWhole(i) || b.isWhole(j)) {
      d.setWhole(e, s);
      return;
    }
    if (a.isExact(i) && b.isExact(j)) {
      if (compareMidpoints(a, i, b, j) >= 0) {
        d.copy(e, a, i);
      } else {
        d.copy(e, b, j);
      }
      return;
    }
    int precision = endPrecision();
    Dyadic lowA = a.end(i, -1, precision);
    Dyadic highA = a.end(i, 1, precision);
    Dyadic lowB = b.end(j, -1, precision);
    Dyadic highB = b.end(j, 1, precision);
    if (lowA.compareTo(highB) >= 0) {
      d.copy(e, a, i);
    } else if (lowB.compareTo(highA) >= 0) {
      d.copy(e, b, j);
    } else {
      storeEnds(d, e, lowA.compareTo(lowB) >= 0 ? lowA : lowB, highA.compareTo(highB) >= 0 ? highA : highB);
    }
  }

  /** The maximum of entries {@code from .. from + n}. */
  void max(Balls d, int e, Balls a, int from, int n) {
    boolean exact = true;
    int best = from;
    for (int k = from; k < from + n; k++) {
      if (a.isWhole(k)) {
        d.setWhole(e, s);
        return;
      }
      exact &= a.isExact(k);
      best = compareMidpoints(a, k, a, best) > 0 ? k : best;
    }
    if (exact || n == 1) {
      d.copy(e, a, best);
      return;
    }
    int precision = endPrecision();
    Dyadic bestLow = a.end(best, -1, precision);
    Dyadic low = bestLow;
    Dyadic high = a.end(best, 1, precision);
    boolean alone = true;
    for (int k = from; k < from + n; k++) {
      if (k != best) {
        Dyadic l = a.end(k, -1, precision);
        Dyadic h = a.end(k, 1, precision);
        alone &= bestLow.compareTo(h) >= 0;
        low = l.compareTo(low) > 0 ? l : low;
        high = h.compareTo(high) > 0 ? h : high;
      }
    }
    if (alone) {
      d.copy(e, a, best);
    } else {
      storeEnds(d, e, low, high);
    }
  }

  int compareMidpoints(Balls a, int i, Balls b, int j) {
    int sign = a.signs[i];
    if (sign != b.signs[j] || sign == 0) {
      return Integer.compare(sign, b.signs[j]);
    }
    int c = Long.compare(a.exponent(i), b.exponent(j));
    return sign * (c != 0 ? c : Limbs.compare(a.mantissas, i * limbs, b.mantissas, j * limbs, limbs));
  }

  // ---- exp log softmax

  private static int wordUp(int w) {
    return w + 63 & ~63;
  }

  /** Working precision for exp: the error is below 2^−10 ulp. */
  private int expPrecision() {
    int w = bits + FixedPoint.EXP_ERROR + 12;
    return wordUp(w + FixedPoint.squarings(wordUp(w + 512)));
  }

  void exp(Balls d, int e, Balls a, int i) {
    if (a.isWhole(i)) {
      d.setWhole(e, s);
      return;
    }
    a.radius(i, t);
    if (a.exponent(i) > 61 || t.e >= -6 && !t.isZero()) {
      Dyadic high = expBound(a.end(i, 1, Math.max(endPrecision(), bits + 192)), 1);
      if (high == null) {
        d.setWhole(e, s);
        return;
      }
      Dyadic low = expBound(a.end(i, -1, Math.max(endPrecision(), bits + 192)), -1);
      storeEnds(d, e, low == null ? Dyadic.ZERO : low, high);
      return;
    }
    if (a.signs[i] == 0 && t.isZero()) {
      radius.setZero();
      store(d, e, BigInteger.ONE, 0);
      return;
    }
    int w = expPrecision();
    FixedPoint.Power power = FixedPoint.exp(a.midpoint(i), w);
    // e^(m+x) − e^m ≤ e^m·(r + r²) for r < 1; e^m < 2^power·(2 + error), and more tightly its top bits rounded up.
    radius.setZero();
    if (!t.isZero()) {
      setUp(radius, power.value().add(BigInteger.ONE.shiftLeft(FixedPoint.EXP_ERROR + FixedPoint.squarings(w))),
          power.power() - w);
      radius.multiply(t);
      radius.multiply(u.setPower(0).add(t));
    }
    radius.addPower(power.power() - w + FixedPoint.EXP_ERROR + FixedPoint.squarings(w));
    store(d, e, power.value(), power.power() - w);
    if (d.signOfLower(e) < 0) {
      storeFromZero(d, e, 1);
    }
  }

  /** A bound of e^x from below (direction −1) or above (1), to about {@link #expPrecision} bits; null is +∞. */
  @Nullable Dyadic expBound(Dyadic x, int direction) {
    if (x.signum() == 0) {
      return Dyadic.ONE;
    }
    if (x.top() > 61) {
      // |x| ≥ 2^61 and e^(2^61) > 2^(2^61).
      if (x.signum() > 0) {
        return direction > 0 ? null : Dyadic.ONE.shift(Mag.MAX_EXPONENT);
      }
      return direction > 0 ? Dyadic.ONE.shift(-Mag.MAX_EXPONENT) : Dyadic.ZERO;
    }
    int w = expPrecision();
    FixedPoint.Power power = FixedPoint.exp(x, w);
    BigInteger error = BigInteger.ONE.shiftLeft(FixedPoint.EXP_ERROR + FixedPoint.squarings(w));
    return new Dyadic(direction < 0 ? power.value().subtract(error) : power.value().add(error), power.power() - w);
  }

  /** log x = value·2^−w within 2^error units. */
  private record Logarithm(BigInteger value, int w, int error) {}

  private Logarithm logarithm(Dyadic x) {
    long exponent = x.top();
    BigInteger m = x.mantissa();
    // f = x/2^exponent in [1/2, 1), moved to [3/4, 3/2).
    if (m.bitLength() < 2 || !m.testBit(m.bitLength() - 2)) {
      exponent--;
    }
    int guard = FixedPoint.LOG_ERROR + 1 + 14;
    int cancelled = 0;
    if (exponent == 0) {
      Dyadic offset = x.plus(Dyadic.ONE.negate(), Integer.MAX_VALUE / 2, 1);
      cancelled = offset.signum() == 0 ? 0 : (int) Math.max(0, -offset.top());
    }
    int w = bits + guard + cancelled;
    w = wordUp(w + FixedPoint.squarings(wordUp(w + 1024)));
    // |log x| ≥ |x − 1|/2 ≥ 2^−cancelled/4 without a power of two, ≥ log 2 − log 3/2 > 1/4 with one.
    BigInteger value = FixedPoint.log(x.onGrid(exponent - w, -1), w);
    if (exponent != 0) {
      // 2 units at w + 64 times |exponent| < 2^62, and a floor: 2 units.
      value = value.add(FixedPoint.ln2(w + 64).multiply(BigInteger.valueOf(exponent)).shiftRight(64));
    }
    return new Logarithm(value, w, FixedPoint.LOG_ERROR + 1 + FixedPoint.squarings(w));
  }

  void log(Balls d, int e, Balls a, int i) {
    if (a.signs[i] <= 0 || a.compareToRadius(i) <= 0) {
      d.setWhole(e, s);
      return;
    }
    a.radius(i, t);
    if (!t.isZero() && t.e > a.exponent(i) - 20) {
      Dyadic low = a.end(i, -1, endPrecision());
      if (low.signum() <= 0) {
        d.setWhole(e, s);
        return;
      }
      Logarithm lower = logarithm(low);
      Logarithm upper = logarithm(a.end(i, 1, endPrecision()));
      storeEnds(d, e, new Dyadic(lower.value.subtract(BigInteger.ONE.shiftLeft(lower.error)), -lower.w),
          new Dyadic(upper.value.add(BigInteger.ONE.shiftLeft(upper.error)), -upper.w));
      return;
    }
    Dyadic m = a.midpoint(i);
    radius.set(t);
    if (!t.isZero()) {
      // |log x − log m| ≤ r/(m − r), and m − r as in the division.
      radius.divide(a.least(i, t), a.exponent(i) - 1);
    }
    if (m.equals(Dyadic.ONE)) {
      store(d, e, BigInteger.ZERO, 0);
      return;
    }
    Logarithm l = logarithm(m);
    radius.addPower(l.error - l.w);
    store(d, e, l.value, -l.w);
  }

  // ---- functions that level off

  private static final int EXACT = Integer.MAX_VALUE / 2;

  /** Bounds of e^x for x &lt; 0, as {@link #expBound} has them. */
  private static Bounds decay(Dyadic x, int w) {
    if (x.top() > 61) {
      return new Bounds(Dyadic.ZERO, Dyadic.ONE.shift(-Mag.MAX_EXPONENT));
    }
    FixedPoint.Power power = FixedPoint.exp(x, w);
    BigInteger error = BigInteger.ONE.shiftLeft(FixedPoint.EXP_ERROR + FixedPoint.squarings(w));
    return new Bounds(new Dyadic(power.value().subtract(error), power.power() - w),
        new Dyadic(power.value().add(error), power.power() - w));
  }

  /** Whether 2e^−x &lt; 2^−(bits + 2) is certain: e^−0.7 &lt; 2^−1. */
  private boolean isNegligible(Dyadic x) {
    return x.compareTo(new Dyadic(BigInteger.valueOf(7L * (bits + 3) / 10 + 1), 0)) >= 0;
  }

  /** Stores sign·(1 ± factor·e^−x), the radius not so small that nobody could write down the ends. */
  private void storeLimit(Balls d, int e, int sign, int factor, Dyadic x) {
    Dyadic distance = decay(x.negate(), expPrecision()).upper().times(new Dyadic(BigInteger.valueOf(factor), 0));
    setUp(radius, distance.mantissa(), distance.exponent());
    if (radius.compareTo(s.setPower(-endPrecision())) < 0) {
      radius.set(s);
    }
    store(d, e, BigInteger.valueOf(sign), 0);
  }

  /** 1/(1 + e^−x): from e^x/(1 + e^x) below 0, with the relative accuracy of e^x. */
  void sigmoid(Balls d, int e, Balls a, int i) {
    if (a.isWhole(i)) {
      storeEnds(d, e, Dyadic.ZERO, Dyadic.ONE);
      return;
    }
    Dyadic low = a.end(i, -1, endPrecision());
    if (low.signum() > 0 && isNegligible(low)) {
      // 1 − 1/(1 + e^−x) < e^−x.
      storeLimit(d, e, 1, 1, low);
      return;
    }
    Bounds least = sigmoid(low);
    Bounds most = a.isExact(i) ? least : sigmoid(a.end(i, 1, endPrecision()));
    storeEnds(d, e, least.lower(), most.upper());
  }

  private Bounds sigmoid(Dyadic x) {
    if (x.signum() == 0) {
      return new Bounds(Dyadic.ONE.shift(-1), Dyadic.ONE.shift(-1));
    }
    if (x.signum() > 0 && isNegligible(x)) {
      return almostOne();
    }
    int w = expPrecision();
    Bounds power = decay(x.signum() < 0 ? x : x.negate(), w);
    // Both fractions are monotone in the power of e.
    Dyadic least = x.signum() < 0 ? power.lower() : power.upper();
    Dyadic most = x.signum() < 0 ? power.upper() : power.lower();
    Dyadic below = x.signum() < 0 ? least : Dyadic.ONE;
    Dyadic above = x.signum() < 0 ? most : Dyadic.ONE;
    return new Bounds(below.dividedBy(Dyadic.ONE.plus(least, w, 1), w, -1), above.dividedBy(Dyadic.ONE.plus(most, w, -1), w, 1));
  }

  private Bounds almostOne() {
    return new Bounds(Dyadic.ONE.plus(Dyadic.ONE.shift(-bits - 2).negate(), EXACT, -1), Dyadic.ONE);
  }

  void tanh(Balls d, int e, Balls a, int i) {
    // 1 − tanh x = 2e^−2x/(1 + e^−2x).
    odd(d, e, a, i, 2, x -> x.shift(1), this::tanh);
  }

  void erf(Balls d, int e, Balls a, int i) {
    // 1 − erf x ≤ e^−x² for x ≥ 0.
    int w = expPrecision() + 64;
    odd(d, e, a, i, 1, x -> x.times(x), x -> ErrorFunction.bounds(x, w));
  }

  /** tanh x for x > 0, not negligibly far from 1. */
  private Bounds tanh(Dyadic x) {
    if (2 * x.top() <= -bits - 64) {
      // x − x³/3 < tanh x < x.
      return new Bounds(x.times(Dyadic.ONE.plus(Dyadic.ONE.shift(-bits - 64).negate(), EXACT, -1)), x);
    }
    // 1 − e^−2x is above x/2 for x < 1.
    int w = bits + FixedPoint.EXP_ERROR + 64 + (int) Math.max(0, -x.top());
    w = wordUp(w + FixedPoint.squarings(wordUp(w + 1024)));
    Bounds power = decay(x.shift(1).negate(), w);
    return new Bounds(tanh(power.upper(), -1), tanh(power.lower(), 1));
  }

  /** (1 − p)/(1 + p), which falls with p. */
  private Dyadic tanh(Dyadic p, int direction) {
    return Dyadic.ONE.plus(p.negate(), EXACT, direction).dividedBy(Dyadic.ONE.plus(p, EXACT, -direction), bits + 64, direction);
  }

  /**
   * An odd, increasing function f below 1.
   *
   * @param exponent of x &gt; 0, with 1 − f(x) ≤ factor·e^−exponent
   * @param at bounds of f at points at which that is not negligible
   */
  private void odd(
      Balls d, int e, Balls a, int i, int factor, UnaryOperator<Dyadic> exponent, Function<Dyadic, Bounds> at) {
    if (a.isWhole(i)) {
      storeEnds(d, e, Dyadic.ONE.negate(), Dyadic.ONE);
      return;
    }
    Dyadic low = a.end(i, -1, endPrecision());
    Dyadic high = a.end(i, 1, endPrecision());
    boolean negative = high.signum() < 0;
    Dyadic near = negative ? high.negate() : low;
    Dyadic far = negative ? low.negate() : high;
    if (near.signum() > 0 && isNegligible(exponent.apply(near))) {
      storeLimit(d, e, negative ? -1 : 1, factor, exponent.apply(near));
      return;
    }
    Function<Dyadic, Bounds> bounds = x -> x.signum() == 0 ? new Bounds(x, x)
        : isNegligible(exponent.apply(x)) ? almostOne() : at.apply(x);
    Bounds outer = bounds.apply(far);
    Dyadic most = outer.upper().compareTo(Dyadic.ONE) > 0 ? Dyadic.ONE : outer.upper();
    Dyadic least = a.isExact(i) ? outer.lower()
        : near.signum() < 0 ? bounds.apply(near.negate()).upper().negate() : bounds.apply(near).lower();
    least = least.compareTo(Dyadic.ONE.negate()) < 0 ? Dyadic.ONE.negate() : least;
    storeEnds(d, e, negative ? most.negate() : least, negative ? least.negate() : most);
  }

  /**
   * Softmax of the entries {@code from .. from + n}: p_i is least at the low end of z_i and the high ends of the others,
   * greatest the other way round. Sums over the others are of positive terms only.
   */
  void softmax(Balls d, Balls z, int from, int n) {
    if (n == 1) {
      radius.setZero();
      store(d, from, BigInteger.ONE, 0);
      return;
    }
    int precision = 2 * bits + 512;
    // The shift may be any number; the largest midpoint keeps the terms near 1.
    int largest = -1;
    for (int k = from; k < from + n; k++) {
      if (!z.isWhole(k) && (largest < 0 || compareMidpoints(z, k, z, largest) > 0)) {
        largest = k;
      }
    }
    Dyadic shift = largest < 0 ? Dyadic.ZERO : z.midpoint(largest).negate();
    @Nullable Dyadic[] low = new @Nullable Dyadic[n];
    @Nullable Dyadic[] high = new @Nullable Dyadic[n];
    for (int k = 0; k < n; k++) {
      int e = from + k;
      if (z.isWhole(e)) {
        low[k] = Dyadic.ZERO;
        high[k] = null;
      } else if (z.isExact(e) || z.radius(e, t).e < -20) {
        // One exponential for both ends: 1 − r ≤ e^−r and e^r ≤ 1 + r + r² for a small r.
        Dyadic x = z.midpoint(e).plus(shift, precision, -1);
        Dyadic y = z.midpoint(e).plus(shift, precision, 1);
        low[k] = expBound(x, -1);
        high[k] = x.equals(y) ? above(low[k], x) : expBound(y, 1);
        if (!z.isExact(e)) {
          Dyadic r = z.radius(e);
          int w = expPrecision();
          low[k] = times(low[k], Dyadic.ONE.plus(r.negate(), w, -1), w, -1);
          high[k] = times(high[k], Dyadic.ONE.plus(r.round(w, 1).plus(r.times(r), w, 1), w, 1), w, 1);
        }
      } else {
        low[k] = expBound(z.end(e, -1, endPrecision()).plus(shift, precision, -1), -1);
        high[k] = expBound(z.end(e, 1, endPrecision()).plus(shift, precision, 1), 1);
      }
    }
    int w = expPrecision() + 32;
    @Nullable Dyadic[] lowOthers = sumsOfOthers(low, w, -1);
    @Nullable Dyadic[] highOthers = sumsOfOthers(high, w, 1);
    for (int k = 0; k < n; k++) {
      Dyadic least = Dyadic.ZERO;
      Dyadic l = low[k];
      Dyadic more = highOthers[k];
      if (l != null && l.signum() > 0 && more != null) {
        least = l.dividedBy(l.plus(more, w, 1), w, -1);
      }
      Dyadic most = Dyadic.ONE;
      Dyadic h = high[k];
      Dyadic less = lowOthers[k];
      if (h != null && less != null) {
        most = h.dividedBy(h.plus(less, w, -1), w, 1);
      }
      storeEnds(d, from + k, least, most.compareTo(Dyadic.ONE) > 0 ? Dyadic.ONE : most);
    }
  }

  /** The upper bound of e^x that goes with the lower bound {@code low} of {@link #expBound}: one exponential for both. */
  private @Nullable Dyadic above(@Nullable Dyadic low, Dyadic x) {
    if (low == null || x.signum() == 0 || x.top() > 61) {
      return expBound(x, 1);
    }
    // low ≥ 2^k(1 − 2^(8+q−w)) with error units 2^(k − w): two of these, and 2^k ≤ low·2.
    int w = expPrecision();
    return low.plus(Dyadic.ONE.shift(low.top() + 1 - w + FixedPoint.EXP_ERROR + 1 + FixedPoint.squarings(w)), w + 64, 1);
  }

  /** Entry k is a bound of the sum of all terms but k; null is +∞. */
  private static @Nullable Dyadic[] sumsOfOthers(@Nullable Dyadic[] terms, int w, int direction) {
    int n = terms.length;
    @Nullable Dyadic[] sums = new @Nullable Dyadic[n];
    @Nullable Dyadic sum = Dyadic.ZERO;
    for (int k = 0; k < n; k++) {
      sums[k] = sum;
      sum = plus(sum, terms[k], w, direction);
    }
    sum = Dyadic.ZERO;
    for (int k = n - 1; k >= 0; k--) {
      sums[k] = plus(sums[k], sum, w, direction);
      sum = plus(sum, terms[k], w, direction);
    }
    return sums;
  }

  private static @Nullable Dyadic times(@Nullable Dyadic a, Dyadic factor, int w, int direction) {
    return a == null ? null : a.times(factor).round(w, direction);
  }

  private static @Nullable Dyadic plus(@Nullable Dyadic a, @Nullable Dyadic b, int w, int direction) {
    return a == null || b == null ? null : a.plus(b, w, direction);
  }
}
