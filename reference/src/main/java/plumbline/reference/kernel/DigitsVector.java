package plumbline.reference.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Digits} by the Vector API, two vectors of lanes at a time: while one waits for a carry, the other goes on. */
final class DigitsVector {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED.length() > Digits.LANES / 2
      ? DoubleVector.SPECIES_512 : DoubleVector.SPECIES_PREFERRED;
  private static final int WIDTH = SPECIES.length();
  private static final int LANES = Digits.LANES;

  private DigitsVector() {}

  /** See {@link Digits#multiply}. */
  static void multiply(double[] r, int rFrom, double[] a, int aFrom, double[] b, int bFrom, int n,
      double aShare, double bShare, double radix, int lanes, double[] columns) {
    for (int l = 0; l < lanes; l += 2 * WIDTH) {
      int c = n - 1;
      for (; c >= 3; c -= 4) {
        fourColumns(columns, (c - 3) * LANES, a, aFrom + l, b, bFrom + l, c - 3);
        carry(columns, c, c - 3, n, r, rFrom + l, a, aFrom + l, b, bFrom + l, aShare, bShare, radix);
      }
      for (int k = c; k >= 0; k--) {
        column(columns, k * LANES, a, aFrom + l, b, bFrom + l, k);
      }
      carry(columns, c, -1, n, r, rFrom + l, a, aFrom + l, b, bFrom + l, aShare, bShare, radix);
    }
  }

  private static DoubleVector at(double[] x, int from) {
    return DoubleVector.fromArray(SPECIES, x, from);
  }

  private static DoubleVector round(DoubleVector x) {
    return x.add(Digits.ROUND).sub(Digits.ROUND);
  }

  /** Columns c to c + 3: column k is the sum of all a_i·b_{k−i}. */
  private static void fourColumns(double[] columns, int to, double[] a, int ai, double[] b, int bFrom, int c) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    DoubleVector w0 = s0;
    DoubleVector w1 = s0;
    DoubleVector w2 = s0;
    DoubleVector w3 = s0;
    int bi = bFrom + c * LANES;
    for (int i = 0; i <= c; i++) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, a, ai);
      DoubleVector y = DoubleVector.fromArray(SPECIES, a, ai + WIDTH);
      s0 = x.fma(DoubleVector.fromArray(SPECIES, b, bi), s0);
      w0 = y.fma(DoubleVector.fromArray(SPECIES, b, bi + WIDTH), w0);
      s1 = x.fma(DoubleVector.fromArray(SPECIES, b, bi + LANES), s1);
      w1 = y.fma(DoubleVector.fromArray(SPECIES, b, bi + LANES + WIDTH), w1);
      s2 = x.fma(DoubleVector.fromArray(SPECIES, b, bi + 2 * LANES), s2);
      w2 = y.fma(DoubleVector.fromArray(SPECIES, b, bi + 2 * LANES + WIDTH), w2);
      s3 = x.fma(DoubleVector.fromArray(SPECIES, b, bi + 3 * LANES), s3);
      w3 = y.fma(DoubleVector.fromArray(SPECIES, b, bi + 3 * LANES + WIDTH), w3);
      ai += LANES;
      bi -= LANES;
    }
    s0.intoArray(columns, to);
    w0.intoArray(columns, to + WIDTH);
    DoubleVector x = DoubleVector.fromArray(SPECIES, a, ai);
    DoubleVector y = DoubleVector.fromArray(SPECIES, a, ai + WIDTH);
    DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, bFrom);
    DoubleVector v0 = DoubleVector.fromArray(SPECIES, b, bFrom + WIDTH);
    x.fma(b0, s1).intoArray(columns, to + LANES);
    y.fma(v0, w1).intoArray(columns, to + LANES + WIDTH);
    DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, bFrom + LANES);
    DoubleVector v1 = DoubleVector.fromArray(SPECIES, b, bFrom + LANES + WIDTH);
    s2 = x.fma(b1, s2);
    w2 = y.fma(v1, w2);
    s3 = x.fma(DoubleVector.fromArray(SPECIES, b, bFrom + 2 * LANES), s3);
    w3 = y.fma(DoubleVector.fromArray(SPECIES, b, bFrom + 2 * LANES + WIDTH), w3);
    x = DoubleVector.fromArray(SPECIES, a, ai + LANES);
    y = DoubleVector.fromArray(SPECIES, a, ai + LANES + WIDTH);
    x.fma(b0, s2).intoArray(columns, to + 2 * LANES);
    y.fma(v0, w2).intoArray(columns, to + 2 * LANES + WIDTH);
    s3 = x.fma(b1, s3);
    w3 = y.fma(v1, w3);
    DoubleVector.fromArray(SPECIES, a, ai + 2 * LANES).fma(b0, s3).intoArray(columns, to + 3 * LANES);
    DoubleVector.fromArray(SPECIES, a, ai + 2 * LANES + WIDTH).fma(v0, w3).intoArray(columns, to + 3 * LANES + WIDTH);
  }

  private static void column(double[] columns, int to, double[] a, int ai, double[] b, int bFrom, int c) {
    DoubleVector s = DoubleVector.zero(SPECIES);
    DoubleVector w = s;
    int bi = bFrom + c * LANES;
    for (int i = 0; i <= c; i++) {
      s = DoubleVector.fromArray(SPECIES, a, ai).fma(DoubleVector.fromArray(SPECIES, b, bi), s);
      w = DoubleVector.fromArray(SPECIES, a, ai + WIDTH).fma(DoubleVector.fromArray(SPECIES, b, bi + WIDTH), w);
      ai += LANES;
      bi -= LANES;
    }
    s.intoArray(columns, to);
    w.intoArray(columns, to + WIDTH);
  }

  /** Makes digits of columns {@code high} to {@code low}, −1 being the last carry; a carry is kept behind the columns. */
  private static void carry(double[] columns, int high, int low, int n, double[] r, int rFrom, double[] a, int aFrom,
      double[] b, int bFrom, double aShare, double bShare, double radix) {
    DoubleVector carry;
    DoubleVector wCarry;
    int c = high;
    if (c == n - 1) {
      carry = round(DoubleVector.fromArray(SPECIES, columns, c * LANES).mul(1 / radix));
      wCarry = round(DoubleVector.fromArray(SPECIES, columns, c * LANES + WIDTH).mul(1 / radix));
      c--;
    } else {
      carry = DoubleVector.fromArray(SPECIES, columns, n * LANES);
      wCarry = DoubleVector.fromArray(SPECIES, columns, n * LANES + WIDTH);
    }
    for (; c >= low; c--) {
      int k = (c + 1) * LANES;
      carry = DoubleVector.fromArray(SPECIES, a, aFrom + k).mul(aShare).add(carry);
      wCarry = DoubleVector.fromArray(SPECIES, a, aFrom + k + WIDTH).mul(aShare).add(wCarry);
      carry = DoubleVector.fromArray(SPECIES, b, bFrom + k).mul(bShare).add(carry);
      wCarry = DoubleVector.fromArray(SPECIES, b, bFrom + k + WIDTH).mul(bShare).add(wCarry);
      if (c < 0) {
        carry.intoArray(r, rFrom);
        wCarry.intoArray(r, rFrom + WIDTH);
        return;
      }
      DoubleVector s = DoubleVector.fromArray(SPECIES, columns, k - LANES).add(carry);
      DoubleVector w = DoubleVector.fromArray(SPECIES, columns, k - LANES + WIDTH).add(wCarry);
      carry = round(s.mul(1 / radix));
      wCarry = round(w.mul(1 / radix));
      s.sub(carry.mul(radix)).intoArray(r, rFrom + k);
      w.sub(wCarry.mul(radix)).intoArray(r, rFrom + k + WIDTH);
    }
    carry.intoArray(columns, n * LANES);
    wCarry.intoArray(columns, n * LANES + WIDTH);
  }

  /** See {@link Digits#combine}. */
  static void combine(double[] r, int first, int n, double[] p, int stride, int low, int high, double[] c, double divisor,
      double radix, int lanes) {
    DoubleVector inverse = DoubleVector.broadcast(SPECIES, 1 / radix);
    DoubleVector vRadix = DoubleVector.broadcast(SPECIES, radix);
    DoubleVector minusRadix = DoubleVector.broadcast(SPECIES, -radix);
    DoubleVector reciprocal = DoubleVector.broadcast(SPECIES, 1 / divisor);
    DoubleVector minusDivisor = DoubleVector.broadcast(SPECIES, -divisor);
    for (int l = 0; l < lanes; l += 2 * WIDTH) {
      DoubleVector remainder = DoubleVector.zero(SPECIES);
      DoubleVector wRemainder = remainder;
      DoubleVector before = remainder;
      DoubleVector wBefore = remainder;
      for (int j = 1; j < n; j++) {
        int at = j * LANES + l;
        DoubleVector x = DoubleVector.zero(SPECIES);
        DoubleVector w = x;
        if (j >= first) {
          x = at(r, at);
          w = at(r, at + WIDTH);
        }
        int top = Math.min(high, j);
        for (int i = low, pi = low * stride + at; i <= top; i++, pi += stride) {
          DoubleVector factor = DoubleVector.broadcast(SPECIES, c[i]);
          x = factor.fma(at(p, pi), x);
          w = factor.fma(at(p, pi + WIDTH), w);
        }
        x = remainder.fma(vRadix, x);
        w = wRemainder.fma(vRadix, w);
        DoubleVector quotient = round(x.mul(reciprocal));
        DoubleVector wQuotient = round(w.mul(reciprocal));
        remainder = quotient.fma(minusDivisor, x);
        wRemainder = wQuotient.fma(minusDivisor, w);
        DoubleVector carry = round(quotient.mul(inverse));
        DoubleVector wCarry = round(wQuotient.mul(inverse));
        before.add(carry).intoArray(r, at - LANES);
        wBefore.add(wCarry).intoArray(r, at - LANES + WIDTH);
        before = carry.fma(minusRadix, quotient);
        wBefore = wCarry.fma(minusRadix, wQuotient);
      }
      before.intoArray(r, (n - 1) * LANES + l);
      wBefore.intoArray(r, (n - 1) * LANES + l + WIDTH);
    }
  }
}
