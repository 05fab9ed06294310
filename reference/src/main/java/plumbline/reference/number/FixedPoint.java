package plumbline.reference.number;

import java.math.BigInteger;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.kernel.LongExp;

/**
 * π, ln 2, exp and log in fixed point: an integer V at precision w stands for V·2^−w. Every method states its error in
 * units of 2^−w and proves it in a comment.
 *
 * <p>It rests on these theorems, proved in Coq ({@code proofs-check/coq}): Enclosures.exp_reduced,
 * Enclosures.fixed_reduction, Enclosures.fixed_exp, Enclosures.fixed_product.
 */
final class FixedPoint {
  /** {@link #exp} is within 2^{@value #EXP_ERROR}+squarings units; see {@link #squarings}. */
  static final int EXP_ERROR = 7;
  /** {@link #log} is within 2^{@value #LOG_ERROR}+squarings units. */
  static final int LOG_ERROR = 10;

  /** Beyond this precision exp halves, sums bursts of bits and squares. */
  private static final int BURST = 100_000;

  static final double LN2 = 0.6931471805599453;

  private static volatile @Nullable Constant pi;
  private static volatile @Nullable Constant ln2;

  private FixedPoint() {}

  /** A constant at precision {@code w}, within one unit. */
  private record Constant(int w, BigInteger value) {
    /** At precision {@code to} ≤ w − 1: off by at most 1 (floor) + 1/2. */
    BigInteger at(int to) {
      return value.shiftRight(w - to);
    }
  }

  private static int grown(int w) {
    return (w + w / 8 + 128) / 64 * 64;
  }

  /** π within 2 units. */
  static BigInteger pi(int w) {
    Constant known = pi;
    if (known == null || known.w <= w) {
      // Størmer: π = 176 atan(1/57) + 28 atan(1/239) − 48 atan(1/682) + 96 atan(1/12943).
      // Each inverse tangent is within 2 units at w + 16: 348 · 2 < 2^16.
      int more = grown(w) + 16;
      BigInteger value = scaled(176, 57, true, more).add(scaled(28, 239, true, more))
          .add(scaled(-48, 682, true, more)).add(scaled(96, 12943, true, more));
      known = new Constant(more - 16, value.shiftRight(16));
      pi = known;
    }
    return known.at(w);
  }

  /** The natural logarithm of 2 within 2 units. */
  static BigInteger ln2(int w) {
    Constant known = ln2;
    if (known == null || known.w <= w) {
      // ln 2 = 18 atanh(1/26) − 2 atanh(1/4801) + 8 atanh(1/8749); 28 · 2 < 2^16 units at w + 16.
      int more = grown(w) + 16;
      BigInteger value = scaled(18, 26, false, more).add(scaled(-2, 4801, false, more))
          .add(scaled(8, 8749, false, more));
      known = new Constant(more - 16, value.shiftRight(16));
      ln2 = known;
    }
    return known.at(w);
  }

  private static BigInteger scaled(long factor, long n, boolean alternating, int w) {
    return inverse(n, alternating, w).multiply(BigInteger.valueOf(factor));
  }

  /**
   * atan(1/n) (alternating) or atanh(1/n) within 2 units: Σ (±1)^k / ((2k+1) n^(2k+1)), by binary splitting.
   *
   * <p>K terms leave less than n^−(2K+1) · n²/(n² − 1) &lt; 2^−w once K·2·log2 n ≥ w (n ≥ 2); the one division floors.
   */
  static BigInteger inverse(long n, boolean alternating, int w) {
    double log = Math.log(n) / LN2;
    int terms = (int) (w / (2 * log) * 1.0001) + 2;
    // Σ_{k<K} = p / (n·q·b) with b = Π (2k+1), q = n^(2(K−1)) (and signs).
    Split s = split(0, terms, BigInteger.valueOf(n * n), alternating);
    return BigIntegers.divide(s.p.shiftLeft(w), BigIntegers.multiply(s.b, s.q).multiply(BigInteger.valueOf(n)));
  }

  /** Σ_{from≤k<to} (±1)^(k−from) · s^(to−1−k)/(2k+1) = p/b with s = n², and q = s^(to−1−from): sum over s^q is p/(b q). */
  private record Split(BigInteger p, BigInteger b, BigInteger q) {}

  private static Split split(int from, int to, BigInteger square, boolean alternating) {
    if (to - from == 1) {
      return new Split(BigInteger.ONE, BigInteger.valueOf(2L * from + 1), BigInteger.ONE);
    }
    int middle = (from + to) >>> 1;
    Split l = split(from, middle, square, alternating);
    Split r = split(middle, to, square, alternating);
    // left/(bl ql) ± right/(br qr) / s^(middle−from), and s^(middle−from) = ql·s.
    BigInteger step = l.q.multiply(square);
    boolean minus = alternating && ((middle - from) & 1) == 1;
    BigInteger left = BigIntegers.multiply(BigIntegers.multiply(l.p, r.b), r.q).multiply(square);
    BigInteger right = BigIntegers.multiply(r.p, l.b);
    return new Split(minus ? left.subtract(right) : left.add(right), BigIntegers.multiply(l.b, r.b),
        BigIntegers.multiply(step, r.q));
  }

  /** Bits that {@link #exp} loses at precision {@code w} because it halves its argument as often. */
  static int squarings(int w) {
    return w <= BURST ? 0 : 32;
  }

  /** A result of {@link #exp}: {@code value·2^(power − w)}, with 2^w ≤ value + error and value &lt; 2^(w+1) + error. */
  record Power(BigInteger value, long power) {}

  /**
   * e^x for |x| &lt; 2^61, within 2^({@link #EXP_ERROR} + squarings) units of 2^(power − w).
   *
   * <p>Proof: x is floored to 2^−w (1 unit), k·ln 2 is off by at most 2 units (|k| &lt; 2^62 times 2 units at w + 64,
   * plus a floor), so t by 3 units, e^t by at most 3·2·1.01 &lt; 7; {@link #expReduced} adds 2^(6+squarings).
   */
  static Power exp(Dyadic x, int w) {
    BigInteger fixed = x.onGrid(-w, -1);
    BigInteger l = ln2(w);
    if (fixed.signum() >= 0 && fixed.compareTo(l) < 0) {
      return new Power(expReduced(fixed, w), 0);
    }
    BigInteger wide = ln2(w + 64);
    // A little above ln 2 is as good, and keeps the floors from sending k back and forth.
    BigInteger limit = l.add(BigInteger.valueOf(8));
    long k = 0;
    BigInteger t = fixed;
    while (t.signum() < 0 || t.compareTo(limit) > 0) {
      double quotient = t.shiftRight(w - 52).doubleValue() * 0x1p-52 / LN2;
      k += Math.abs(quotient) < 2 ? (t.signum() < 0 ? -1 : 1) : (long) Math.floor(quotient);
      t = fixed.subtract(wide.multiply(BigInteger.valueOf(k)).shiftRight(64));
    }
    return new Power(expReduced(t, w), k);
  }

  /**
   * e^t for 0 ≤ t &lt; ln 2 + 8 units, within 2^(6 + squarings) units.
   *
   * <p>{@link LongExp} is within that, or else it has a limb more, and its 2^37 units are less than 2^−27 of these. With q
   * squarings, at 16 bits more: y is off by 128 units ({@link BitBurst#exp}) and 1.01 for a floor; y² of a y with
   * error d by at most (2y + d)·d + 1, and the product of all the y is at most e^t ≤ 2.01, so at the end by at most
   * 2^q · 2.1 · (129.1 + 1) ≤ 2^(q + 9), or 2^(q − 7) at w and a floor.
   */
  private static BigInteger expReduced(BigInteger t, int w) {
    if (w <= BURST) {
      int n = (w + 63) / 64;
      n += LongExp.error(n) > 6 ? 1 : 0;
      long[] x = new long[n];
      Limbs.fromBig(t.shiftLeft(64 * n - w), x, n);
      long[] y = new long[n + 1];
      new LongExp(n).exp(x, y);
      return Limbs.toBig(y, 0, n + 1).shiftRight(64 * n - w);
    }
    int q = squarings(w);
    int more = w + 16;
    BigInteger y = BitBurst.exp(t.shiftLeft(16).shiftRight(q), more, q);
    for (int i = 0; i < q; i++) {
      y = BigIntegers.square(y).shiftRight(more);
    }
    return y.shiftRight(16);
  }

  /**
   * The square root of n ≥ 0, rounded down, and what is left: n = root² + rest, 0 ≤ rest ≤ 2·root. By Zimmermann's
   * recursion: with n = (h·b + c)·b + d and h = r² + t, the root is r·b + (t·b + c)/(2r), or that less 1.
   */
  static BigInteger[] sqrt(BigInteger n) {
    int length = n.bitLength();
    if (length <= 62) {
      long value = n.longValue();
      long root = (long) Math.sqrt((double) value);
      // Correctly rounded on a value off by 2^−53 of itself: at most one off.
      if (root * root > value) {
        root--;
      } else if ((root + 1) * (root + 1) <= value) {
        root++;
      }
      return new BigInteger[] {BigInteger.valueOf(root), BigInteger.valueOf(value - root * root)};
    }
    // b = 2^k; h = n/b² has more than 2k bits, so that r ≥ b, and one correction is enough.
    int k = (length - 1) / 4;
    BigInteger mask = BigInteger.ONE.shiftLeft(k).subtract(BigInteger.ONE);
    BigInteger[] high = sqrt(n.shiftRight(2 * k));
    BigInteger[] quotient =
        BigIntegers.divideAndRemainder(high[1].shiftLeft(k).add(n.shiftRight(k).and(mask)), high[0].shiftLeft(1));
    BigInteger root = high[0].shiftLeft(k).add(quotient[0]);
    BigInteger rest = quotient[1].shiftLeft(k).add(n.and(mask)).subtract(BigIntegers.square(quotient[0]));
    if (rest.signum() < 0) {
      rest = rest.add(root.shiftLeft(1)).subtract(BigInteger.ONE);
      root = root.subtract(BigInteger.ONE);
    }
    return new BigInteger[] {root, rest};
  }

  /**
   * log f for 1/2 ≤ f ≤ 2, f = value·2^−w exactly or within 1 unit, within 2^({@link #LOG_ERROR} + squarings) units.
   *
   * <p>Let y approximate log f and G be e^−y within 2^(8 + q) units (a factor 2 for the power in {@link Power}). Then
   * log f = y + log(1 + d) with d = f·e^−y − 1, whatever y is. The computed d is off by at most
   * 2·2^(7+q)·2 + e^−y + 1 units, hence log(1 + d), |d| ≤ 2^−5, by 1.04 times that; its series adds two units per term.
   * Together below 2^(10 + q).
   */
  static BigInteger log(BigInteger value, int w) {
    BigInteger one = BigInteger.ONE.shiftLeft(w);
    BigInteger d = value.subtract(one);
    int near = w - d.abs().bitLength();
    if (near > 8 && near >= w / 8) {
      return logOnePlus(d, w);
    }
    if (w < 48) {
      return log(value.shiftLeft(48 - w), 48).shiftRight(48 - w);
    }
    BigInteger y;
    int coarse;
    if (w <= 132) {
      coarse = 48;
      double f = value.shiftRight(w - 52).doubleValue() * 0x1p-52;
      y = BigInteger.valueOf((long) (Math.log(f) * 0x1p48));
    } else {
      // A multiple of 64, for the sake of the tables.
      coarse = w / 3 + 16 + 63 & ~63;
      y = log(value.shiftRight(w - coarse), coarse);
    }
    Power power = exp(new Dyadic(y.negate(), -coarse), w);
    BigInteger product = BigIntegers.multiply(value, power.value);
    // power is −1, 0 or 1 as |y| < 0.7.
    d = product.shiftRight((int) (w - power.power)).subtract(one);
    return y.shiftLeft(w - coarse).add(logOnePlus(d, w));
  }

  /** log(1 + d) for |d| ≤ 2^−5: d − d²/2 + d³/3 − …, one unit of error per power and two for the rest. */
  private static BigInteger logOnePlus(BigInteger d, int w) {
    if (w - d.abs().bitLength() < 5) {
      throw new ArithmeticException("logarithm: the first approximation is not near");
    }
    BigInteger sum = d;
    BigInteger power = d;
    for (int k = 2; power.signum() != 0 && power.bitLength() > 1; k++) {
      power = BigIntegers.multiply(power, d).shiftRight(w);
      BigInteger term = power.divide(BigInteger.valueOf(k));
      sum = (k & 1) == 0 ? sum.subtract(term) : sum.add(term);
    }
    return sum;
  }
}
