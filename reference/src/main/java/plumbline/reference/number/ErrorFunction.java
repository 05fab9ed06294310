package plumbline.reference.number;

import java.math.BigInteger;

/**
 * The error function erf x = 2/√π ∫_0^x exp(−t²) dt: bounds at any precision, and an approximation in binary64 whose error is
 * proven.
 */
final class ErrorFunction {
  /** Centres of the table are multiples of 1/32: from 1/4, below which the series at 0 is used, to 6. */
  private static final int CENTRES = 32;
  private static final int FIRST = 8;
  private static final int LAST = 192;
  private static final double SERIES_BELOW = 0.25;
  private static final double ONE_FROM = 6;

  /** Terms c_1 z … c_10 z^10 of the series at 0, and derivatives 1 to 9 at a centre. */
  private static final int SERIES = 10;
  private static final int DEGREE = 9;
  /** Numbers for each centre: erf as a sum of two doubles, then the coefficients of h, h², …. */
  private static final int STRIDE = DEGREE + 2;
  /** Precision of the table before it is rounded, in bits. */
  private static final int W = 192;

  /** c_0 = 2/√π as a sum of two doubles, and c_n = (−1)^n 2/√π / (n!(2n+1)). */
  private static final double C_HIGH;
  private static final double C_LOW;
  private static final double[] C = new double[SERIES + 1];
  private static final double[] TABLE = new double[(LAST + 1) * STRIDE];

  /** Bounds of a positive number. */
  record Bounds(Dyadic lower, Dyadic upper) {}

  static {
    BigInteger c = BigInteger.ONE.shiftLeft(2 * W + 1).divide(rootOfPi(W));
    C_HIGH = nearest(c);
    C_LOW = nearest(c.subtract(fixed(C_HIGH)));
    BigInteger factorial = BigInteger.ONE;
    for (int n = 1; n <= SERIES; n++) {
      factorial = factorial.multiply(BigInteger.valueOf(-n));
      C[n] = nearest(c.divide(factorial.multiply(BigInteger.valueOf(2L * n + 1))));
    }
    for (int i = FIRST; i <= LAST; i++) {
      Dyadic centre = new Dyadic(BigInteger.valueOf(i), -5);
      BigInteger value = bounds(centre, W).lower().onGrid(-W, -1);
      int at = i * STRIDE;
      TABLE[at] = nearest(value);
      TABLE[at + 1] = nearest(value.subtract(fixed(TABLE[at])));
      // b_k, the coefficients of erf'(centre + h), from y' = −2xy: (k + 1) b_(k+1) = −2(centre·b_k + b_(k−1)).
      FixedPoint.Power power = FixedPoint.exp(centre.times(centre).negate(), W);
      BigInteger b = power.value().multiply(c).shiftRight((int) (W - power.power()));
      BigInteger before = BigInteger.ZERO;
      for (int k = 0; k < DEGREE; k++) {
        TABLE[at + 2 + k] = nearest(b.divide(BigInteger.valueOf(k + 1)));
        BigInteger next = b.multiply(BigInteger.valueOf(i)).shiftRight(4).add(before.shiftLeft(1))
            .divide(BigInteger.valueOf(-k - 1));
        before = b;
        b = next;
      }
    }
  }

  private ErrorFunction() {}

  /** The double nearest to value·2^−W; a number other than 0 is normal. */
  private static double nearest(BigInteger value) {
    return Math.scalb(value.doubleValue(), -W);
  }

  /** x·2^W, an integer for the numbers of the table (their last bits are above 2^−110). */
  private static BigInteger fixed(double x) {
    return Dyadic.of(x, 0).onGrid(-W, -1);
  }

  /** √π within 1.6 units of 2^−w: π within 2 units changes the root by 2/(2√π) < 0.6, and it is floored. */
  private static BigInteger rootOfPi(int w) {
    return FixedPoint.sqrt(FixedPoint.pi(w).shiftLeft(w))[0];
  }

  /**
   * erf x for x &gt; 0 with x² &lt; 2^31, within a relative error of about n·2^(2−w), n the number of terms, or 2^(9+q−w) with
   * q the {@linkplain FixedPoint#squarings squarings}.
   *
   * <p>erf x = x·G(z), z = x², G(z) = 2/√π · e^−z · T(z) and T(z) = Σ (2z)^n / (3·5···(2n+1)), a sum of positive terms: nothing
   * cancels, and the relative error is small for small x too. Relative errors in units of 2^−w:
   * <ul>
   * <li>z rounded to w bits, by 2: G changes by 1, for d ln G / d ln z = (x·erf'(x)/erf(x) − 1)/2 lies between −1/2 and 0;
   * <li>e^−z: 2^(7+q), as {@link FixedPoint#exp} says of a value of at least 2^w units, less its error;
   * <li>T: n. Each term is floored once, which takes ε_j &lt; 1 unit from term j and, with that,
   * ε_j Σ_{m≥j} Π_{j&lt;i≤m} 2z/(2i+1) ≤ ε_j T from the sum. A term 0 makes all later terms 0 in the same computation without
   * more flooring, so where the series ends is covered;
   * <li>√π: 1.6 of a number above 1.7, hence 1; the quotient is at least 2^w/1.8 units, so its floor adds 1.8.
   * </ul>
   * Together, products of errors included, below 2^e for the bit length e of 2^(7+q) + n + 5, and dividing by 1 ± 2^(e−w)
   * changes a number by less than 2^(e+1−w) of it.
   */
  static Bounds bounds(Dyadic x, int w) {
    Dyadic z = x.times(x).round(w, -1);
    BigInteger term = BigInteger.ONE.shiftLeft(w);
    BigInteger sum = term;
    long n = 0;
    if (z.top() < -w) {
      // Term 1 is below one unit.
      n = 1;
    } else {
      BigInteger twice = z.mantissa().shiftLeft(1);
      int shift = Math.toIntExact(-z.exponent());
      while (term.signum() > 0) {
        n++;
        term = term.multiply(twice).shiftRight(shift).divide(BigInteger.valueOf(2 * n + 1));
        sum = sum.add(term);
      }
    }
    FixedPoint.Power power = FixedPoint.exp(z.negate(), w);
    BigInteger g = power.value().multiply(sum).divide(rootOfPi(w));
    int error = BigInteger.ONE.shiftLeft(FixedPoint.EXP_ERROR + FixedPoint.squarings(w)).add(BigInteger.valueOf(n + 5)).bitLength();
    BigInteger half = g.shiftRight(w - error - 1).add(BigInteger.ONE);
    long unit = power.power() + 1 - w;
    return new Bounds(x.times(new Dyadic(g.subtract(half), unit)), x.times(new Dyadic(g.add(half), unit)));
  }

  /**
   * erf x, off by at most min(1.2u·|erf x|, 0.56u) and 2^−1074 (u = 2^−53); an odd function, of magnitude at most 1.
   *
   * <p>Below 1/4: x·(c_0 + Y), Y = Σ_{n≥1} c_n z^n with z = x² ≤ 1/16 and |Y| ≤ c_0·z/3 &lt; 0.0236. What is left out is below
   * c_11 z^11 &lt; 2^−70. In the computed Y the leading term has z off by u, c_1 by u, the last fused operation and the product
   * by u each, and the other terms, of relative size below 0.02, at most ten times that: together below 4.8u|Y|. Adding the
   * low part of c_0 and the product with x round twice more; so before the last rounding the relative error is at most
   * 6.9u·0.0236/1.10 &lt; 0.15u, and the last rounding, of the fused operation, adds u. Underflows: z, and the product by x, by
   * at most 2^−1075, and the result by another.
   *
   * <p>From 1/4 to 6: with the nearest centre c, h = x − c exactly (both lie within a factor of two of each other), |h| ≤ 1/64, and
   * erf(c + h) = erf c + Σ t_k h^k, where t_k = erf^(k)(c)/k!. Cramér's inequality |H_n(c)| ≤ 1.09·2^(n/2) √n! e^(c²/2) for Hermite
   * polynomials, erf^(n+1)(c) = ± 2/√π e^(−c²) H_n(c), gives |t_k| ≤ 1.23·2^((k−1)/2)/(k √(k−1)!): the terms left out,
   * k ≥ 10, are together below 2^−67, and t_2 ≤ 0.87, t_3 ≤ 0.58, t_4 ≤ 0.36. By Horner's rule with fused operations
   * p_k = t_k + h·p_(k+1), |p_2| ≤ 0.88, whose error is at most u(|t_2| + |p_2|) + u(|t_3| + |p_3|)/64 + … ≤ 1.78u; that of p_1 is at
   * most u(|t_1| + |p_1|) + 1.78u/64 ≤ u(2|t_1| + 0.042). h·p_1 plus the low part of erf c is at most |p_1|/64 + u and rounded
   * once: so before the last rounding the error is at most u(3|t_1| + 0.06)/64 + 2^−67 &lt; 0.052u, for t_1 ≤ erf'(1/4) &lt; 1.061.
   * The last sum rounds to nearest: by at most u/2, for it is at most 1 (below 1 + u before rounding), and by at most u times
   * it. erf x ≥ 0.276, so the relative error is at most u + 0.052u/0.276 &lt; 1.19u.
   *
   * <p>From 6 on: 1 − erf x &lt; e^(−x²)/(x√π) &lt; 2^−55, a quarter of u.
   */
  static double erf(double x) {
    double a = Math.abs(x);
    if (a < SERIES_BELOW) {
      double z = a * a;
      double y = C[SERIES];
      for (int n = SERIES - 1; n >= 1; n--) {
        y = Math.fma(y, z, C[n]);
      }
      return Math.fma(x, C_HIGH, x * Math.fma(y, z, C_LOW));
    }
    if (a < ONE_FROM) {
      int i = (int) (a * CENTRES + 0.5);
      double h = a - i * (1.0 / CENTRES);
      int at = i * STRIDE;
      double p = TABLE[at + STRIDE - 1];
      for (int k = at + STRIDE - 2; k > at + 1; k--) {
        p = Math.fma(p, h, TABLE[k]);
      }
      return Math.copySign(TABLE[at] + Math.fma(p, h, TABLE[at + 1]), x);
    }
    return Double.isNaN(x) ? x : Math.copySign(1, x);
  }
}
