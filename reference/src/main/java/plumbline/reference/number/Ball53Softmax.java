package plumbline.reference.number;

import java.util.Arrays;
import plumbline.spec.rounding.Down;
import plumbline.spec.rounding.Up;

/**
 * Softmax of the rows of a {@link Ball53Matrix}, Definition B.1 ({@code def-b.1}). p_i is least where z_i is at its lower end and
 * every other score at its upper end, and greatest the other way round, so its ends come from
 * e^lower/(e^lower + Σ_{j≠i} e^upper) and e^upper/(e^upper + Σ_{j≠i} e^lower); both fractions grow with their own exponential.
 * Enclosures lie in [0,1]; one column gives exactly 1, and equal exact scores the exact 1/m if that is a double.
 *
 * <p>What {@link Binary64} returns for any points z' of the scores is enclosed as well. With D_j = max z' − z'_j, it
 * rounds D_j by u·D_j, e^−D_j by 2u or 2^−1074, sums m terms and divides. The rounded D_j change the sum by at most
 * u Σ_j p_j D_j ≤ u ln m (entropy), and D_i ≤ ln(1/p_i), so the relative error is at most u(ln(1/p) + ln m + m + 5) to first
 * order, for which 1.25 times that stands, and 2^−1072 absolutely. p(1 ± that) grows with p, so the ends of the enclosure
 * give its ends. Where they meet nothing was rounded, here or there.
 *
 * <p>Rows of scores that are known to within 2^−7 and lie within 650 of the greatest take one exponential each
 * ({@link #near}); others four, with every operation directed ({@link #far}).
 *
 * <p>It rests on these theorems, proved in Coq ({@code proofs-check/coq}): Enclosures.softmax_enclosure,
 * Enclosures.softmax_enclosure_tight, Enclosures.exp_upper, Enclosures.exp_lower.
 */
final class Ball53Softmax {
  private static final double BINARY64_UNDERFLOW = 4 * Double.MIN_VALUE;
  /** The widest radius of a score, and the largest distance below the greatest one, on the short way. */
  private static final double WIDEST = 0x1p-7;
  private static final double FARTHEST = 650;
  /** An enclosure with a greater upper end might reach beyond 1. */
  private static final double NEAR_ONE = 1 - 0x1p-20;

  private final int m;
  private final double[] mid;
  private final @Up double[] rad;
  private final @Down double[] low;
  private final @Up double[] high;
  /** Shifted by the greatest upper end (no exponential above 1), for the lower ends. */
  private final @Down double[] ownDown;
  private final @Up double[] othersUp;
  /** Shifted by the greatest lower end (no exponential that is summed above 1), for the upper ends. */
  private final @Up double[] ownUp;
  private final @Down double[] othersDown;
  private final @Up double[] rightUp;
  private final @Down double[] rightDown;
  /** Where the greatest upper end is, and the lower end of that probability if the shift would underflow it; or 0. */
  private int peak;
  private @Down double leastOfPeak;

  private Ball53Softmax(int size, int m) {
    this.m = m;
    mid = new double[size];
    rad = new @Up double[size];
    low = new @Down double[m];
    high = new @Up double[m];
    ownDown = new @Down double[m];
    othersUp = new @Up double[m];
    ownUp = new @Up double[m];
    othersDown = new @Down double[m];
    rightUp = new @Up double[m + 1];
    rightDown = new @Down double[m + 1];
  }

  static Ball53Matrix ofRows(Ball53Matrix scores) {
    int n = scores.rows();
    int m = scores.columns();
    if (m <= 1) {
      double[] ones = new double[n * m];
      Arrays.fill(ones, 1);
      return Ball53Matrix.exact(n, m, ones);
    }
    Ball53Softmax softmax = new Ball53Softmax(n * m, m);
    for (int i = 0; i < n; i++) {
      if (!softmax.near(scores, i * m)) {
        softmax.load(scores, i * m);
        softmax.far(i * m);
      }
    }
    return Ball53Matrix.normal(n, m, softmax.mid, softmax.rad);
  }

  /**
   * The row from {@code at} on, if its scores are near each other and narrow; false if not, or if all are equal and exact.
   *
   * <p>With s the greatest midpoint, z_j − s = d ± r for d = fl(z_j − s) and r the radius plus the error of d, which TwoSum
   * gives; r is inflated and at most 2^−7. e^d is off by 4u relatively (two ulps), and for such r
   *
   * <pre>1 − r + r²/2 − r³/6 ≤ e^−r and e^r ≤ 1 + r + r²/2 + r³/4</pre>
   *
   * (an alternating series; Σ_{k≥3} 1/k! ≤ 1/4), as close as r³/10. These F ≤ 1.01 and G ≥ 0.99 are off by at most 7u and 8u relatively, the
   * factors 1 ± 16u make up for all that, and e^d F and e^d G enclose e^(z_j − s). Sums of m terms are off by
   * (m − 1)u(1 + mu), for which (2m + 8)u stands.
   *
   * <p>The denominator (S⁺ − e⁺_i) + e⁻_i of the lower end has an error of at most u(S⁺ + D), D its value, and
   * D ≥ S⁺ − e⁺(1 − G/F) ≥ 0.98 S⁺, so at most 3u relatively. That of the upper end, (S⁻ − e⁻_i) + e⁺_i, is at least S⁻ and
   * is off by at most 3u. With the quotient and two factors rounded, 16u more suffice.
   * The lower end is at least e^d G/(1.01 m), so ln(1/p) ≤ −d + ln m + 1.1; the upper end is larger. Nothing here is
   * subnormal: e^d ≥ e^−650.
   */
  @SuppressWarnings("rounding")
  private boolean near(Ball53Matrix scores, int at) {
    double shift = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < m; j++) {
      shift = Math.max(shift, scores.mid[at + j]);
    }
    double[] d = low;
    double[] r = high;
    double widest = 0;
    double nearest = 0;
    for (int j = 0; j < m; j++) {
      double x = scores.mid[at + j];
      double distance = x - shift;
      double part = distance - x;
      double error = (x - (distance - part)) - (shift + part);
      d[j] = distance;
      r[j] = (scores.radius(at + j) + Math.abs(error)) * Ball53Matrix.INFLATE;
      widest = Math.max(widest, r[j]);
      nearest = Math.min(nearest, distance);
    }
    // Written so that NaN, from an overflow, fails.
    if (!(widest <= WIDEST && nearest >= -FARTHEST && m <= 1 << 20) || (widest == 0 && nearest == 0)) {
      return false;
    }
    double[] up = ownUp;
    double[] down = ownDown;
    double sumUp = 0;
    double sumDown = 0;
    for (int j = 0; j < m; j++) {
      double exp = StrictMath.exp(d[j]);
      double x = r[j];
      up[j] = exp * (1 + x * (1 + x * (0.5 + x * 0.25))) * (1 + 16 * Directed.U);
      down[j] = exp * (1 - x * (1 - x * (0.5 - x * (1.0 / 6)))) * (1 - 16 * Directed.U);
      sumUp += up[j];
      sumDown += down[j];
    }
    sumUp *= 1 + (2.0 * m + 8) * Directed.U;
    sumDown *= 1 - (2.0 * m + 8) * Directed.U;
    double slack = 1.25 * (2.0 * lnCount() + m + 7) + 24;
    double greatest = 0;
    double[] leasts = othersDown;
    double[] mosts = othersUp;
    for (int j = 0; j < m; j++) {
      double relative = Directed.U * (slack - 1.25 * d[j]);
      double least = down[j] / ((sumUp - up[j]) + down[j]) * (1 - relative);
      double most = up[j] / ((sumDown - down[j]) + up[j]) * (1 + relative);
      greatest = Math.max(greatest, most);
      leasts[j] = least;
      mosts[j] = most;
      mid[at + j] = 0.5 * (least + most);
      // Half the width, the rounding of the middle (u·most), and twice that for the roundings here.
      rad[at + j] = (0.5 * (most - least) + 3 * Directed.U * most) * Ball53Matrix.INFLATE;
    }
    for (int j = 0; j < m && greatest > NEAR_ONE; j++) {
      if (mosts[j] > NEAR_ONE) {
        Ball53Matrix.putUnitEnds(mid, rad, at + j, leasts[j], Math.min(mosts[j], 1));
      }
    }
    return true;
  }

  private void load(Ball53Matrix scores, int at) {
    double highShift = Double.NEGATIVE_INFINITY;
    double lowShift = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < m; j++) {
      low[j] = scores.lower(at + j);
      high[j] = scores.upper(at + j);
      if (j == 0 || high[j] > highShift) {
        highShift = high[j];
        peak = j;
      }
      lowShift = Math.max(lowShift, low[j]);
    }
    // Without a finite greatest end nothing is known on that side: the exponentials below then give 0 and 1.
    boolean someLow = lowShift > Double.NEGATIVE_INFINITY;
    boolean allHigh = highShift < Double.POSITIVE_INFINITY;
    for (int j = 0; j < m; j++) {
      ownDown[j] = allHigh ? Directed.expDown(Directed.subDown(low[j], highShift)) : 0;
      othersUp[j] = allHigh ? Directed.expUp(Directed.subUp(high[j], highShift)) : Directed.UNBOUNDED;
      ownUp[j] = someLow ? Directed.expUp(Directed.subUp(high[j], lowShift)) : Directed.UNBOUNDED;
      othersDown[j] = someLow ? Directed.expDown(Directed.subDown(low[j], lowShift)) : 0;
    }
    leastOfPeak = leastOfPeak();
    for (int j = m - 1; j >= 0; j--) {
      rightUp[j] = Directed.addUp(rightUp[j + 1], othersUp[j]);
      rightDown[j] = Directed.addDown(rightDown[j + 1], othersDown[j]);
    }
  }

  /** At least ln m. */
  private double lnCount() {
    return 32 - Integer.numberOfLeadingZeros(m);
  }

  /** 1.25 u(ln(1/p) + ln m + m + 5), see above, or more; the margin covers the roundings in here. */
  @SuppressWarnings("rounding")
  private @Up double binary64Error(double p) {
    // For 2^e ≤ p, ln(1/p) ≤ −e ln 2; a subnormal p has e = −1023 and ln(1/p) < 745.
    double lnInverse = -0.75 * Math.getExponent(p);
    return 1.25 * Directed.U * (Math.max(lnInverse, 0) + lnCount() + m + 5);
  }

  /** The lower end at the peak, shifted by the scores in its own formula, when its upper end is far above all of them. */
  private @Down double leastOfPeak() {
    double shift = low[peak];
    for (int j = 0; j < m; j++) {
      shift = j == peak ? shift : Math.max(shift, high[j]);
    }
    if (!(high[peak] - shift > 500) || Double.isInfinite(shift)) {
      return 0;
    }
    @Up double others = 0;
    for (int j = 0; j < m; j++) {
      others = j == peak ? others : Directed.addUp(others, Directed.expUp(Directed.subUp(high[j], shift)));
    }
    @Down double own = Directed.expDown(Directed.subDown(low[peak], shift));
    return own > 0 ? Directed.divDown(own, Directed.addUp(own, others)) : 0;
  }

  private void far(int at) {
    @Up double leftUp = 0;
    @Down double leftDown = 0;
    for (int j = 0; j < m; j++) {
      @Up double others = Directed.addUp(leftUp, rightUp[j + 1]);
      @Down double otherLeast = Directed.addDown(leftDown, rightDown[j + 1]);
      @Down double least = ownDown[j] > 0 ? Directed.divDown(ownDown[j], Directed.addUp(ownDown[j], others)) : 0;
      least = j == peak && leastOfPeak > least ? leastOfPeak : least;
      @Up double most = ownUp[j] <= Double.MAX_VALUE
          ? Directed.divUp(ownUp[j], Directed.addDown(ownUp[j], otherLeast)) : 1;
      if (least != most) {
        least = Directed.subDown(Directed.mulDown(least, Directed.subDown(1, binary64Error(least))), BINARY64_UNDERFLOW);
        most = Directed.addUp(Directed.mulUp(most, Directed.addUp(1, binary64Error(most))), BINARY64_UNDERFLOW);
      }
      Ball53Matrix.putUnitEnds(mid, rad, at + j, least > 0 ? least : 0, most < 1 ? most : 1);
      leftUp = Directed.addUp(leftUp, othersUp[j]);
      leftDown = Directed.addDown(leftDown, othersDown[j]);
    }
  }
}
