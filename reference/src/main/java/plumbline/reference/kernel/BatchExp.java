package plumbline.reference.kernel;

/**
 * e^t for many t at once, in fixed point: a run of {@link #limbs} limbs, least significant first, stands for the integer in
 * them times 2^(−64·limbs). Not for use by two threads.
 *
 * <p>Inside, t becomes d digits to the radix R = 2^b ({@link Digits}). Let i be its first digit, so that t = i/R + s with
 * |s| ≤ 0.501/R. Three tables hold e^(i'·2^16/R), e^(i''·2^8/R) and e^(i'''/R) for the three parts of i; e^s comes from its
 * Taylor series. With A_K = Σ_k s^k·K!/(K + k)! and a_K = A_K − 1, so that e^s = 1 + a_0,
 * (K + m)!/K!·a_K = Σ_{1≤i≤m} (K+i+1)···(K+m)·s^i + s^m·a_{K+m}; the powers up to s^m are products, everything else
 * is a sum with small factors and a division by small numbers (rectangular splitting).
 *
 * <p>Errors, in units of R^−d, with P = 0.256·d + 1.6 for a product (0.256·d + 1/2 of its own, and what is cut off two
 * factors below 1.01, at most 0.51 units each). A power s^i is off by P, for errors of its factors, times at most 1/R, do
 * not count. All that reaches a_0 from a_K is s^K/K! times errors of a_K; a_K has so many digits, n_K, that
 * R^(−n_K)·|s|^K/K! ≤ R^(−d−1)·2^−K·1.01, so a few times P of its units are nothing: they take 0.01 altogether, as does
 * what is left out behind the last level, where n_K ≤ 1 and |a_K| &lt; 1/R. In a_0 itself, powers beyond the first count
 * Σ_{i≥2} P/i! ≤ 0.72·P, the product s^m·a_m at most P/2 with powers, P without any, and divisions at most 0.51·2 (the
 * quotient of one is divided by the next, a divisor of at least 2): together at most 1.22·P + 1.1. A table entry is off by
 * at most 1. So (1 + a_0)·e^(i'''/R), by one product, is off by at most 2.3·P + 2.2, times e^(i''·2^8/R) &lt; 1.02,
 * 3.4·P + 3.4; a quarter of the last entry is below 0.504, which leaves 0.504·(3.4·P + 3.4) + P + 1.1 ≤ 2.8·P + 2.9; and t,
 * cut to d digits and off by 3 units before, adds at most 0.51·4. Altogether less than 0.72·d + 10.
 */
public final class BatchExp {
  /** The largest argument; a little above ln 2. */
  public static final double MAX_ARGUMENT = 0.7;
  /** The highest accuracy. */
  public static final int MAX_ACCURACY = 7000;

  private static final int LANES = Digits.LANES;
  private static final int TABLE_BITS = ExpPlan.TABLE_BITS;

  private final ExpPlan plan;
  private final double[] powers;
  private final double[] sum;
  private final double[] factor;
  private final double[] columns;
  private final int[] index = new int[LANES];

  /**
   * Results will be within 2^−{@code accuracy}.
   *
   * @throws IllegalArgumentException unless 0 ≤ {@code accuracy} ≤ {@link #MAX_ACCURACY}
   */
  public BatchExp(int accuracy) {
    if (accuracy < 0 || accuracy > MAX_ACCURACY) {
      throw new IllegalArgumentException("accuracy must be 0 to " + MAX_ACCURACY + " bits, got " + accuracy);
    }
    int digits = 3;
    while (accuracy(digits) < accuracy) {
      digits++;
    }
    plan = ExpPlan.of(digits);
    powers = new double[(plan.m + 1) * plan.stride];
    sum = new double[plan.stride];
    factor = new double[plan.stride];
    columns = new double[plan.stride + LANES];
  }

  /** d + 12 &gt; 0.72·d + 10 units R^−d of a quarter of the result are at most 2^−accuracy of the whole. */
  private static int accuracy(int digits) {
    return ExpPlan.digitBits(digits) * digits - 2 - (32 - Integer.numberOfLeadingZeros(digits + 11));
  }

  /** Limbs of an argument and of a result. */
  public int limbs() {
    return plan.limbs;
  }

  /** The bits that count: an argument may be off by 3 units of 2^−bits. Not more than 64·{@link #limbs}. */
  public int bits() {
    return plan.digits * plan.digitBits;
  }

  /** Results are within 2^−accuracy: a little more than was asked for, and at least 2^−60. */
  public int accuracy() {
    return accuracy(plan.digits);
  }

  /**
   * Replaces the first {@code count} arguments in {@code x}, at least 0 and at most {@link #MAX_ARGUMENT}, by e^t/4.
   */
  public void exp(long[] x, int count) {
    for (int from = 0; from < count; from += LANES) {
      int lanes = Math.min(LANES, count - from);
      for (int l = 0; l < lanes; l++) {
        index[l] = Digits.load(x, (from + l) * plan.limbs, plan.limbs, powers, plan.stride + l, plan.digits, plan.digitBits);
      }
      series(lanes);
      multiply(plan.tables.third(), 0, 1, lanes);
      multiply(plan.tables.second(), TABLE_BITS, 1, lanes);
      multiply(plan.tables.first(), 2 * TABLE_BITS, 0, lanes);
      for (int l = 0; l < lanes; l++) {
        Digits.store(sum, l, plan.digits, plan.digitBits, x, (from + l) * plan.limbs, plan.limbs);
      }
    }
  }

  /** Leaves a_0 in {@link #sum}. */
  private void series(int lanes) {
    int d = plan.digits;
    int stride = plan.stride;
    int m = plan.m;
    for (int i = 2; i <= m; i++) {
      int p = i / 2;
      int q = i - p;
      Digits.multiply(powers, i * (stride + LANES), powers, p * (stride + LANES), powers, q * (stride + LANES), d - i, 0, 0,
          plan.radix, lanes, columns);
    }
    int known = 0;
    for (ExpPlan.Level level : plan.levels) {
      int first = level.n();
      int n = level.n() - m - 1;
      if (known > 1 && n > 0) {
        // Digits that nobody computed.
        for (int k = known * LANES; k < (n + 1) * LANES; k++) {
          sum[k] = 0;
        }
        first = m + 1;
        Digits.multiply(sum, first * LANES, powers, m * (stride + LANES), sum, LANES, n, 0, 0, plan.radix, lanes, columns);
      }
      for (ExpPlan.Division division : level.divisions()) {
        Digits.combine(sum, first, level.n(), powers, stride, division.low(), division.high(), level.factors(),
            division.divisor(), plan.radix, lanes);
        first = 1;
      }
      known = level.n();
    }
  }

  /** Multiplies 1 + {@link #sum} by 1 + an entry of a table, and takes 1 off again; with share 0, by the entry. */
  private void multiply(float[] table, int shift, int share, int lanes) {
    int d = plan.digits;
    for (int l = 0; l < lanes; l++) {
      int entry = index[l] >> shift;
      int at = (shift == 2 * TABLE_BITS ? entry : entry & (1 << TABLE_BITS) - 1) * d;
      for (int j = 0, k = l; j < d; j++, k += LANES) {
        factor[k] = table[at + j];
      }
    }
    Digits.multiply(sum, 0, factor, 0, sum, 0, d, 1, share, plan.radix, lanes, columns);
  }
}
