package plumbline.reference.kernel;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** What {@link BatchExp} needs to know about a number of digits: the steps of the series, and the tables. */
final class ExpPlan {
  /** Bits of an index of the second and third table; the first has the others. */
  static final int TABLE_BITS = 8;
  private static final int TABLE_SIZE = 1 << TABLE_BITS;
  /** Divisors in {@link Digits#combine} are not larger. */
  private static final int MAX_DIVISOR = 1 << 22;
  private static final int MAX_POWERS = 16;
  private static final SoftCache<ExpPlan> KNOWN = new SoftCache<>();

  final int digits;
  final int digitBits;
  final int limbs;
  /** Doubles that the digits of a block of lanes take. */
  final int stride;
  final double radix;
  /** Powers of s. */
  final int m;
  /** From the last to that of a_0. */
  final List<Level> levels;
  final Tables tables;

  /** (r + Σ factors_i·s^i)/divisor for i from low to high. */
  record Division(int low, int high, int divisor) {}

  /** How a_K, to n digits, comes from a_{K+m}. */
  record Level(int n, double[] factors, List<Division> divisions) {}

  /**
   * Digits, one entry after the other, within one unit: third, e^(i/R) − 1; second, e^(i·2^8/R) − 1; first, e^(i·2^16/R)/4
   * up to the largest argument.
   */
  record Tables(float[] first, float[] second, float[] third) {}

  /** The plan for so many digits; it is kept as long as there is memory. */
  static ExpPlan of(int digits) {
    return KNOWN.get(digits, ExpPlan::new);
  }

  private ExpPlan(int digits) {
    this.digits = digits;
    digitBits = digitBits(digits);
    limbs = (digits * digitBits + 63) / 64;
    stride = digits * Digits.LANES;
    radix = 1L << digitBits;
    int best = 1;
    for (int k = 2; k <= Math.min(MAX_POWERS, digits - 1); k++) {
      best = cost(k, digits) < cost(best, digits) ? k : best;
    }
    m = best;
    levels = levels(m, digits);
    tables = tables(digits);
  }

  /** As {@link Digits} asks: 120·0.255 &lt; 2^5 − 1 at 24 bits, 480·0.255 &lt; 2^7 − 4 at 23. */
  static int digitBits(int digits) {
    return digits <= 120 ? 24 : 23;
  }

  private static List<Level> levels(int m, int digits) {
    List<Level> levels = new ArrayList<>();
    double logarithm = 0; // of K!, to base 2, rather less than that
    for (int k = 0; ; k += m) {
      int n = k == 0 ? digits : digits + 1 - k - (int) (logarithm / digitBits(digits));
      if (n <= 1) {
        return levels;
      }
      levels.add(0, level(k, m, n));
      for (int i = 1; i <= m; i++) {
        logarithm += 0.9999999 * Math.log(k + i) / Math.log(2);
      }
    }
  }

  private static Level level(int k, int m, int n) {
    double[] factors = new double[m + 1];
    List<Division> divisions = new ArrayList<>();
    factors[m] = 1;
    int high = m;
    int product = 1;
    for (int i = m - 1; i >= 0; i--) {
      int factor = k + i + 1;
      if (product > MAX_DIVISOR / factor) {
        divisions.add(new Division(i + 1, high, product));
        high = i;
        product = 1;
      }
      product *= factor;
      factors[i] = product;
    }
    divisions.add(new Division(1, high, product));
    return new Level(n, factors, divisions);
  }

  /** About how many vector instructions the series takes with m powers. */
  private static double cost(int m, int digits) {
    double cost = 0;
    for (int i = 2; i <= m; i++) {
      cost += multiplication(digits - i);
    }
    for (Level level : levels(m, digits)) {
      cost += multiplication(Math.max(0, level.n - m - 1)) + level.n * (m + 10.0 * level.divisions.size());
    }
    return cost;
  }

  private static double multiplication(int n) {
    return n * (0.5 * n + 8);
  }

  /**
   * All entries are powers of e^(1/R), at a precision of 64 bits more than the digits have. Of fewer than 2^24 factors
   * e^(1/R), each off by less than 2^11 units, one for each term and floor, and floors of as many products, none of which
   * more than doubles afterwards, come less than 2^37 units.
   */
  private static Tables tables(int digits) {
    int w = digits * digitBits(digits) + 64;
    BigInteger one = BigInteger.ONE.shiftLeft(w);
    BigInteger step = BigInteger.ZERO;
    BigInteger term = one;
    // Terms fall by a factor of 2^23 each; the floors of all of them are off by less than two units each.
    for (int k = 1; term.signum() != 0; k++) {
      step = step.add(term);
      term = term.shiftRight(digitBits(digits)).divide(BigInteger.valueOf(k));
    }
    BigInteger[] entries = powers(step, TABLE_SIZE, w);
    float[] third = toDigits(entries, one, 0, w, digits);
    entries = powers(entries[TABLE_SIZE], TABLE_SIZE, w);
    float[] second = toDigits(entries, one, 0, w, digits);
    int size = (int) (BatchExp.MAX_ARGUMENT * (1 << digitBits(digits) - 2 * TABLE_BITS)) + 2;
    float[] first = toDigits(powers(entries[TABLE_SIZE], size, w), BigInteger.ZERO, 2, w, digits);
    return new Tables(first, second, third);
  }

  /** The powers from 0 to {@code size}. */
  private static BigInteger[] powers(BigInteger x, int size, int w) {
    BigInteger[] powers = new BigInteger[size + 1];
    powers[0] = BigInteger.ONE.shiftLeft(w);
    for (int i = 1; i <= size; i++) {
      powers[i] = powers[i - 1].multiply(x).shiftRight(w);
    }
    return powers;
  }

  /** (entry − less)/2^shift for all entries but the last, rounded to digits. */
  private static float[] toDigits(BigInteger[] entries, BigInteger less, int shift, int w, int digits) {
    int b = digitBits(digits);
    int limbs = (digits * b + 63) / 64;
    long[] fraction = new long[limbs];
    double[] digit = new double[digits * Digits.LANES];
    float[] table = new float[(entries.length - 1) * digits];
    for (int i = 0; i < entries.length - 1; i++) {
      BigInteger twice = entries[i].subtract(less).shiftRight(w + shift - digits * b - 1);
      BigInteger rounded = twice.add(BigInteger.ONE).shiftRight(1);
      BigInteger aligned = rounded.shiftLeft(64 * limbs - digits * b);
      for (int k = 0; k < limbs; k++) {
        fraction[k] = aligned.shiftRight(64 * k).longValue();
      }
      int at = i * digits;
      table[at] = Digits.load(fraction, 0, limbs, digit, 0, digits, b);
      for (int j = 1; j < digits; j++) {
        table[at + j] = (float) digit[j * Digits.LANES];
      }
    }
    return table;
  }
}
