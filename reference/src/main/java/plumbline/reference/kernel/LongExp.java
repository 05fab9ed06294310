package plumbline.reference.kernel;

/**
 * e^t of one number in fixed point: runs of limbs, least significant first, n of which lie below the point; a unit is
 * 2^(−64n). Not for use by two threads.
 *
 * <p>With tables, two parts of {@value #TABLE_BITS} bits each are taken off t: e^(i/2^7) and e^(j/2^14) come from there. What
 * is left, or else all of t, is halved q times, to s &lt; 2^−R; e^s is summed and squared q times.
 *
 * <p>The series, by rectangular splitting: let A_K = Σ_k s^k·K!/(K + k)! and a_K = A_K − 1, so that e^s = 1 + a_0. For every
 * m, (K + m)!/K!·a_K = Σ_{1≤i&lt;m} (K+i+1)···(K+m)·s^i + s^m·(1 + a_{K+m}). Only the powers up to s^m and the products s^m·a
 * are long products; the others are by one limb, and (K + m)!/K! is divided off in parts of less than a limb. As a_K counts
 * in e^s times s^K/K!, at most 2^(−KR), it is kept to ⌊KR/64⌋ − 1 limbs less than n, if that is less, for K > 0.
 *
 * <p>Errors. All numbers are cut off, so results are too small; let units be those of the run in question. A power s^i is off
 * by 1.01 units, for errors of its factors count at most 2^−R of themselves; cut to the length of a_K, by 2.01. So a_K is off
 * by 2.01·Σ_{1≤i&lt;m} 1/i! &lt; 3.5 for the powers below s^m, by 2.01·1.01 + 1 &lt; 3.1 for s^m and its product, and by less
 * than 2 for the divisions (the quotient of one is divided by the next, a divisor of at least 2): 8.6 units, and what comes
 * from a_{K+m}. Of e^s, K > 0, these are at most 8.6·2^−64 units, or 8.6·2^(−KR)/K! where a_K has all n limbs; with R ≥ 8,
 * all of them together, and the terms left out, s^K/K!·a_K at most a unit for the last K, come to less than 1.04. At K = 0 nothing is cut: 1.01·1.72 + 2.1 + 2 &lt; 5.9. One unit of s is
 * lost when t is halved. So e^s is off by d ≤ 7.95 units. Squared, y² of a y off by d is off by at most 2y·d + 1, and the
 * product of all these y is at most e^t &lt; 2.02: at the end by 2^q·2.02·(7.95 + 1) ≤ 18.1·2^q. With tables that product is
 * at most 1.0001, which leaves 9·2^q; table entries are off by less than 1.01, and each product is cut off: by an entry below
 * 1.008, and then one below 2.005, 1.008·9·2^q + 2.1 and at last 18.3·2^q + 6.3. Either way it is less than 2^(q + 5).
 */
public final class LongExp {
  /** The largest argument; a little above ln 2. */
  public static final double MAX_ARGUMENT = 0.7;

  /** Bits per table; two tables. */
  private static final int TABLE_BITS = 7;
  private static final int TABLE_SIZE = 1 << TABLE_BITS;
  /** With more limbs than so many, tables are too large and take too long to make. */
  private static final int TABLE_LIMBS = 640;
  /** With so many limbs at most, one halving does; then a unit is not small against what is wanted. */
  private static final int SHORT_LIMBS = 96;
  private static final int MAX_HALVINGS = 32;
  private static final SoftCache<Plan> PLANS = new SoftCache<>();

  private final int n;
  private final Plan plan;
  /** s^i, from i = 1 on. */
  private final long[][] powers;
  private final long[] sum;
  private final long[] a;
  private final long[] product;

  /** The steps for so many limbs. */
  private static final class Plan {
    final int n;
    final int halvings;
    /** s &lt; 2^−bits. */
    final int bits;
    final int m;
    final int blocks;
    /** For K + i, what s^i counts in (K + m)!/K!·a_K, or in what is left of it after divisions. */
    final long[] multiples;
    /** For K + i, the reciprocal of that where it is then divided by, or else 0. */
    final long[] reciprocals;
    /** e^(i/2^7), then e^(j/2^14), of n + 1 limbs each, one after the other; empty if there are none. */
    final long[] table;

    Plan(int n, boolean withTable) {
      this.n = n;
      int tableBits = withTable ? 2 * TABLE_BITS : 0;
      double best = Double.POSITIVE_INFINITY;
      int bestHalvings = 0;
      int bestM = 1;
      int most = withTable && n <= SHORT_LIMBS ? 1 : MAX_HALVINGS;
      for (int q = withTable ? 0 : 8; q <= most; q++) {
        int terms = terms(n, tableBits + q);
        for (int k = 1; k <= Math.min(terms, 64); k++) {
          double cost = cost(n, q, terms, k);
          if (cost < best) {
            best = cost;
            bestHalvings = q;
            bestM = k;
          }
        }
      }
      halvings = bestHalvings;
      bits = tableBits + halvings;
      m = bestM;
      blocks = (terms(n, bits) + m - 1) / m;
      multiples = new long[blocks * m];
      reciprocals = new long[blocks * m];
      for (int k = 0; k < blocks * m; k += m) {
        long multiple = 1;
        for (int i = k + m - 1; i >= k; i--) {
          multiple *= i + 1;
          multiples[i] = multiple;
          if (i == k || multiple > Long.MAX_VALUE / i) {
            reciprocals[i] = LongMultiplication.reciprocal(multiple);
            multiple = 1;
          }
        }
      }
      table = withTable ? table(n) : new long[0];
    }

    /** The least K ≥ 1 with s^(K+1)/K!·2 at most half a unit. */
    static int terms(int n, int bits) {
      int terms = 1;
      double log = 0;
      while ((double) bits * (terms + 1) + log * 0.999999 < 64.0 * n + 2) {
        terms++;
        log += Math.log(terms) / Math.log(2);
      }
      return terms;
    }

    /** In products by one limb, about: a long product is worth at most 24 of them, by measurement. */
    private static double cost(int n, int halvings, int terms, int m) {
      double product = Math.min(n, 24);
      return product * (0.8 * halvings + 0.9 * (m - 1) + 0.5 * terms / m) + 0.5 * terms + 1.5 * (1 + m / 7) * terms / m;
    }

    /** How many limbs a_K has. */
    int length(int k) {
      return k == 0 ? n : (int) Math.max(1, Math.min(n, n + 1 - (long) k * bits / 64));
    }
  }

  /** For results of n limbs below the point. */
  public LongExp(int n) {
    this(PLANS.get(n, limbs -> new Plan(limbs, limbs <= TABLE_LIMBS)));
  }

  private LongExp(Plan plan) {
    this.plan = plan;
    n = plan.n;
    powers = new long[plan.m + 1][n];
    sum = new long[n + 1];
    a = new long[n + 1];
    product = new long[2 * n + 1];
  }

  /** How often the argument is halved: results are too small by less than 2^(this + 5) units. */
  int halvings() {
    return plan.halvings;
  }

  /** Results of n limbs below the point are too small by less than 2 to this, in units. */
  public static int error(int n) {
    return 5 + (n <= SHORT_LIMBS ? 1 : MAX_HALVINGS);
  }

  /**
   * Entries are powers of the first but one, at one limb more. That is off by 2^37 units of these, which, with what is cut
   * off each of at most 128 powers, none of which more than doubles afterwards, come to less than 2^46 of 2^64.
   */
  private static long[] table(int n) {
    int more = n + 1;
    LongExp exp = new LongExp(new Plan(more, false));
    long[] table = new long[2 * TABLE_SIZE * (n + 1)];
    long[] product = new long[2 * more + 2];
    for (int level = 0; level < 2; level++) {
      long[] step = new long[more];
      step[more - 1] = 1L << 64 - (level + 1) * TABLE_BITS;
      long[] base = new long[more + 1];
      exp.exp(step, base);
      long[] entry = new long[more + 1];
      entry[more] = 1;
      for (int i = 0; i < TABLE_SIZE; i++) {
        System.arraycopy(entry, 1, table, (level * TABLE_SIZE + i) * (n + 1), n + 1);
        LongMultiplication.multiplyHigh(product, more, entry, 0, more + 1, base, 0, more + 1);
        System.arraycopy(product, more, entry, 0, more + 1);
      }
    }
    return table;
  }

  /**
   * Sets the n + 1 limbs of {@code result} to e^t, too small by less than 2^{@link #error} units, for the n limbs of {@code t}
   * below the point, t at most {@link #MAX_ARGUMENT}.
   */
  public void exp(long[] t, long[] result) {
    long[] s = powers[1];
    System.arraycopy(t, 0, s, 0, n);
    int index = 0;
    if (plan.table.length > 0) {
      index = (int) (s[n - 1] >>> 64 - 2 * TABLE_BITS);
      s[n - 1] &= -1L >>> 2 * TABLE_BITS;
    }
    shiftRight(s, n, plan.halvings);
    series();
    long above = 1;
    for (int i = 0; i < plan.halvings; i++) {
      LongMultiplication.multiplyHigh(product, n, a, 0, n, a, 0, n);
      // (1 + a)² = 1 + 2a + a².
      above += LongMultiplication.add(a, 0, a, 0, n) + LongMultiplication.add(a, 0, product, n, n);
    }
    a[n] = above;
    if (plan.table.length > 0) {
      multiply(TABLE_SIZE + (index & TABLE_SIZE - 1));
      multiply(index >> TABLE_BITS);
    }
    System.arraycopy(a, 0, result, 0, n + 1);
  }

  /** Multiplies the number a, a[n] above the point, 1 at most, by an entry of the table. */
  private void multiply(int entry) {
    int at = entry * (n + 1);
    LongMultiplication.multiplyHigh(product, n, plan.table, at, n + 1, a, 0, n);
    System.arraycopy(product, n, a, 0, n + 1);
    LongMultiplication.add(a, 0, plan.table, at, n + 1);
  }

  /** Leaves a_0 in the lowest n limbs of {@link #a}. */
  private void series() {
    int m = plan.m;
    for (int i = 2; i <= m; i++) {
      LongMultiplication.multiplyHigh(product, n, powers[i / 2], 0, n, powers[i - i / 2], 0, n);
      System.arraycopy(product, n, powers[i], 0, n);
    }
    long[] last = powers[m];
    int top = n;
    while (top > 0 && last[top - 1] == 0) {
      top--;
    }
    int known = 0;
    for (int block = plan.blocks - 1; block >= 0; block--) {
      int base = block * m;
      int length = plan.length(base);
      int cut = n - length;
      System.arraycopy(last, cut, sum, 0, length);
      sum[length] = 0;
      if (known > 0 && top > cut) {
        LongMultiplication.multiplyHigh(product, known, last, cut, top - cut, a, 0, known);
        long carry = LongMultiplication.add(sum, 0, product, known, top - cut);
        for (int i = top - cut; carry != 0; i++) {
          carry = ++sum[i] == 0 ? 1 : 0;
        }
      }
      for (int i = m - 1; i >= 0; i--) {
        long multiple = plan.multiples[base + i];
        if (i > 0) {
          sum[length] += LongMultiplication.addMultiple(sum, 0, powers[i], cut, length, multiple);
        }
        if (plan.reciprocals[base + i] != 0) {
          LongMultiplication.divide(sum, length + 1, multiple, plan.reciprocals[base + i]);
        }
      }
      System.arraycopy(sum, 0, a, 0, length);
      known = length;
    }
  }

  private static void shiftRight(long[] x, int n, int bits) {
    if (bits > 0) {
      for (int i = 0; i < n; i++) {
        x[i] = x[i] >>> bits | (i + 1 < n ? x[i + 1] << 64 - bits : 0);
      }
    }
  }
}
