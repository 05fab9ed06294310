package plumbline.reference.number;

import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;
import plumbline.reference.kernel.Workers;

/**
 * e^s in fixed point at high precision by the bit-burst method: s is cut into runs of bits, each reaching twice as far down
 * as the one before. The series of e to the power of a run r·2^−e is rational: binary splitting sums it in a few long
 * products.
 */
final class BitBurst {
  /** From this precision on, runs are shared among threads. */
  private static final int THREADS = 1 << 15;

  private final BigInteger r;
  private final int e;
  /** Powers of r. */
  private final Map<Integer, BigInteger> powers = new TreeMap<>();

  private BitBurst(BigInteger r, int e) {
    this.r = r;
    this.e = e;
    powers.put(1, r);
  }

  /**
   * e^s for 0 ≤ s &lt; 2^−bits, bits ≥ 8, as a multiple of 2^−w: too small by less than 128 units.
   *
   * <p>There are at most 28 runs, since w &lt; 2^31. {@link #lessOne} is less than 1.5 units too small; the product of y ≤
   * 1.01 with an error of d units and 1 + S is too small by d(1 + S) + 1.5·1.01 and, rounded down, by one more. All factors
   * 1 + S together are at most 1.01, so the last error is below 28 · 2.6 · 1.01.
   */
  static BigInteger exp(BigInteger s, int w, int bits) {
    int runs = 0;
    for (long end = bits; end < w; end *= 2) {
      runs++;
    }
    BigInteger[] less = new BigInteger[runs];
    Workers.run(runs, w < THREADS ? runs : 1, (from, to) -> {
      for (int i = from; i < to; i++) {
        int above = bits << i;
        int end = (int) Math.min(w, 2L * above);
        BigInteger r = s.shiftRight(w - end);
        r = r.subtract(r.shiftRight(end - above).shiftLeft(end - above));
        less[i] = lessOne(r, end, w);
      }
    });
    BigInteger y = BigInteger.ONE.shiftLeft(w);
    for (BigInteger x : less) {
      y = y.add(BigIntegers.multiply(y, x).shiftRight(w));
    }
    return y;
  }

  /**
   * e^x − 1 for x = r·2^−e, r ≥ 0, as a multiple of 2^−w, too small by less than 1.5 units: with K terms, x^(K+1)/(K+1)! ≤
   * 2^−(w+2), the terms left out are at most twice the first of them, half a unit; the quotient is rounded down.
   */
  private static BigInteger lessOne(BigInteger r, int e, int w) {
    if (r.signum() == 0) {
      return r;
    }
    int trailing = r.getLowestSetBit();
    int small = e - r.bitLength();
    int terms = 0;
    double log = 0;
    do {
      terms++;
      log += Math.log(terms + 1) / FixedPoint.LN2;
    } while ((double) small * (terms + 1) + log * 0.999999 < w + 2);
    BitBurst burst = new BitBurst(r.shiftRight(trailing), e - trailing);
    Sum sum = burst.sum(0, terms);
    long shift = w - (long) burst.e * terms;
    BigInteger t = shift >= 0 ? sum.t.shiftLeft((int) shift) : sum.t.shiftRight(Math.toIntExact(-shift));
    return BigIntegers.divide(t, sum.q);
  }

  /** Σ_{from&lt;k≤to} x^(k−from)·from!/k! = t/(q·2^(e(to−from))), q = to!/from!. */
  private record Sum(BigInteger t, BigInteger q) {}

  private Sum sum(int from, int to) {
    if (to - from == 1) {
      return new Sum(r, BigInteger.valueOf(to));
    }
    int middle = (from + to) >>> 1;
    Sum left = sum(from, middle);
    Sum right = sum(middle, to);
    BigInteger t = BigIntegers.multiply(left.t, right.q).shiftLeft(e * (to - middle))
        .add(BigIntegers.multiply(power(middle - from), right.t));
    return new Sum(t, BigIntegers.multiply(left.q, right.q));
  }

  private BigInteger power(int n) {
    BigInteger known = powers.get(n);
    if (known == null) {
      known = BigIntegers.multiply(power(n / 2), power(n - n / 2));
      powers.put(n, known);
    }
    return known;
  }
}
