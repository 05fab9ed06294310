package plumbline.reference.number;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import plumbline.reference.kernel.BatchExp;
import plumbline.reference.kernel.LongMultiplication;
import plumbline.reference.kernel.Workers;
import plumbline.spec.rounding.Up;

/**
 * exp and softmax of many balls at once: usual ones in batches ({@link BatchExp}), on all cores, others one by one as
 * {@link BallKernel} does it. An instance is the scratch space of one thread.
 *
 * <p>Numbers on the way are runs of limbs in fixed point, with {@code limbs} limbs below the point. The argument m of an
 * exponential becomes t + k·ln 2 with t from 0 to a little above ln 2.
 *
 * <p>It rests on these theorems, proved in Coq ({@code proofs-check/coq}): Enclosures.exp_reduced,
 * Enclosures.fixed_reduction, Enclosures.ball_exp.
 */
final class BallExp {
  /** At higher precisions {@link FixedPoint}, with fewer and longer products, is faster. */
  private static final int MAX_BITS = 6000;
  /** Fewer do not fill the lanes. */
  private static final int LEAST = 4;
  /** Usual midpoints are below 2^30: then all exponents are 32-bit integers, which threads may write side by side. */
  private static final int MAX_EXPONENT = 30;
  /** What a batch holds, at least. */
  private static final int BATCH = 64;
  private static final double LOG2E = 1.4426950408889634;

  private final int bits;
  private final BallKernel kernel;
  private final BatchExp batch;
  private final int limbs;
  /** ln 2, with one limb more than other numbers, off by at most 2 units. */
  private final long[] ln2;
  /** A magnitude: {@code limbs} limbs below the point, and above it as many as there may be. */
  private final long[] magnitude;
  private final long[] source;
  private long[] arguments = new long[0];
  private int[] powers = new int[0];
  private Mag[] mass = new Mag[0];
  private Mag[] weight = new Mag[0];
  private final Mag t = new Mag();
  private final Mag u = new Mag();

  private BallExp(int bits) {
    this.bits = bits;
    kernel = new BallKernel(bits);
    // Errors are below 1/64 of half an ulp, for softmax too.
    batch = new BatchExp(bits + 10);
    limbs = batch.limbs();
    ln2 = new long[limbs + 1];
    Limbs.fromBig(FixedPoint.ln2(64 * (limbs + 1)), ln2, limbs + 1);
    magnitude = new long[2 * limbs + 2];
    source = new long[2 * limbs];
  }

  private void room(int count) {
    if (powers.length < count) {
      powers = new int[count];
      arguments = new long[Math.multiplyExact(count, limbs)];
    }
  }

  /** How many exponentials are worth a task for another thread. */
  private static int task(int bits) {
    return Math.max(2 * BATCH, 100_000 / (bits + 200));
  }

  // ---- exp

  static Balls exp(Balls a) {
    Balls d = new Balls(a.bits, a.size);
    BallKernel kernel = new BallKernel(a.bits);
    int[] usual = a.bits > MAX_BITS ? new int[0] : usual(a);
    if (usual.length < LEAST) {
      for (int e = 0; e < a.size; e++) {
        kernel.exp(d, e, a, e);
      }
      return d;
    }
    d.allocateRadii();
    Workers.run(usual.length, task(a.bits), (from, to) -> new BallExp(a.bits).exp(d, a, usual, from, to));
    for (int e = 0, next = 0; e < a.size; e++) {
      if (next < usual.length && usual[next] == e) {
        next++;
      } else {
        kernel.exp(d, e, a, e);
      }
    }
    return d;
  }

  /** Entries with a moderate midpoint and a small radius, other than an exact 0. */
  private static int[] usual(Balls a) {
    Mag r = new Mag();
    return IntStream.range(0, a.size).filter(e -> a.exponent(e) <= MAX_EXPONENT
        && (a.radius(e, r).isZero() ? a.signs[e] != 0 : !r.isInfinite() && r.e < -6)).toArray();
  }

  private void exp(Balls d, Balls a, int[] entries, int from, int to) {
    room(BATCH);
    for (int start = from; start < to; start += BATCH) {
      int count = Math.min(BATCH, to - start);
      for (int k = 0; k < count; k++) {
        int e = entries[start + k];
        Arrays.fill(magnitude, 0, limbs + 1, 0);
        Limbs.addAligned(magnitude, 0, limbs + 1, a.mantissas, e * a.limbs, a.limbs, 64 - a.exponent(e), false);
        powers[k] = reduce(a.signs[e] < 0, k);
      }
      batch.exp(arguments, count);
      for (int k = 0; k < count; k++) {
        int e = entries[start + k];
        a.radius(e, t);
        // e^(m+x) − e^m ≤ e^m·(r + r²) for r < 1.
        Mag radius = bound(kernel.radius(), arguments[(k + 1) * limbs - 1], powers[k] + 2).multiply(t);
        radius.multiply(t.add(1, 0)).addPower(powers[k] - batch.accuracy());
        System.arraycopy(arguments, k * limbs, source, 0, limbs);
        // The ball stays above 0: r and half an ulp are at most 2^−6 and 1/4 of the midpoint.
        kernel.store(d, e, 1, source, limbs, powers[k] + 2);
      }
    }
  }

  /** An upper bound of fraction·2^exponent, where the true fraction is off by at most 2^−60 and starts with this limb. */
  // Proof: up to 2^53 + 1, an even number there, is exact as a double.
  @SuppressWarnings("rounding")
  private static Mag bound(Mag to, long limb, long exponent) {
    @Up double mantissa = (double) ((limb >>> 12) + 2);
    return to.set(mantissa, exponent - 52);
  }

  /**
   * Finds k and t with ±{@link #magnitude} = t + k·ln 2, for a magnitude below 2^30, makes t argument {@code index}, and
   * returns k.
   *
   * <p>The quotient is found in binary64, within 2^−20, so t is above −2^−20 and below ln 2 + 2^−20; if negative, ln 2 is
   * added. k·ln 2 is off by less than 1.001 units, a floor and 2^31 · 3 units of the limb below; in the sum, with the
   * magnitude itself off by less than one unit, t is off by less than 2.1 units, as {@link BatchExp#bits} allows. A
   * t between −1 unit and 0 that should be 0 becomes ln 2, which is as good.
   */
  private int reduce(boolean negative, int index) {
    int at = index * limbs;
    double estimate = (magnitude[limbs] + (magnitude[limbs - 1] >>> 11) * 0x1p-53) * LOG2E;
    long k = (long) estimate + (negative ? 1 : 0);
    long high = LongMultiplication.multiplyHigh(k, ln2[0]);
    long borrow = 0;
    for (int i = 0; i < limbs; i++) {
      long factor = ln2[i + 1];
      long low = k * factor + high;
      high = LongMultiplication.multiplyHigh(k, factor) + (Long.compareUnsigned(low, high) < 0 ? 1 : 0);
      long x = negative ? low : magnitude[i];
      long y = negative ? magnitude[i] : low;
      long difference = x - y;
      long next = Long.compareUnsigned(x, y) < 0 || borrow > 0 && difference == 0 ? 1 : 0;
      arguments[at + i] = difference - borrow;
      borrow = next;
    }
    long top = (negative ? high - magnitude[limbs] : magnitude[limbs] - high) - borrow;
    if (top < 0) {
      long carry = 0;
      for (int i = 0; i < limbs; i++) {
        long x = arguments[at + i];
        long sum = x + ln2[i + 1];
        long next = Long.compareUnsigned(sum, x) < 0 || carry > 0 && sum == -1 ? 1 : 0;
        arguments[at + i] = sum + carry;
        carry = next;
      }
      k += negative ? 1 : -1;
    }
    return (int) (negative ? -k : k);
  }

  // ---- softmax

  static Balls softmax(Balls z, int rows, int columns) {
    Balls d = new Balls(z.bits, z.size);
    if (columns == 0) {
      return d;
    }
    boolean[] done = new boolean[rows];
    if (z.bits <= MAX_BITS && columns > 1 && z.size >= LEAST) {
      d.allocateRadii();
      Workers.run(rows, task(z.bits) / columns, (from, to) -> new BallExp(z.bits).softmax(d, z, columns, from, to, done));
    }
    BallKernel kernel = new BallKernel(z.bits);
    for (int i = 0; i < rows; i++) {
      if (!done[i]) {
        kernel.softmax(d, z, i * columns, columns);
      }
    }
    return d;
  }

  /** The usual ones of rows {@code first} to {@code end}. */
  private void softmax(Balls d, Balls z, int columns, int first, int end, boolean[] done) {
    int most = Math.max(1, BATCH / columns);
    room(Math.multiplyExact(Math.min(most, end - first), columns));
    int[] rows = new int[most];
    for (int i = first; i < end; ) {
      int count = 0;
      for (; i < end && count < most; i++) {
        if (softmaxOfEqual(d, z, i * columns, columns)) {
          done[i] = true;
        } else if (prepare(z, i * columns, columns, count * columns)) {
          done[i] = true;
          rows[count++] = i;
        }
      }
      batch.exp(arguments, count * columns);
      for (int k = 0; k < count; k++) {
        normalise(d, z, rows[k] * columns, columns, k * columns);
      }
    }
  }

  /** Whether all scores are exact and the same; then each p is 1/n. */
  private boolean softmaxOfEqual(Balls d, Balls z, int from, int n) {
    for (int e = from; e < from + n; e++) {
      if (!z.isExact(e) || kernel.compareMidpoints(z, e, z, from) != 0) {
        return false;
      }
    }
    kernel.radius().setZero();
    kernel.divide(d, from, BigInteger.ONE, BigInteger.valueOf(n), 0);
    for (int e = from + 1; e < from + n; e++) {
      d.copy(e, d, from);
    }
    return true;
  }

  /**
   * Makes a row's midpoints, less the greatest of them, arguments from {@code index} on. A difference of two numbers, both
   * cut off towards 0, is off by less than one unit.
   *
   * @return false if some entry is unusual: of a radius of 2^−20 or more, or 2^30 or more below the greatest
   */
  private boolean prepare(Balls z, int from, int n, int index) {
    int largest = from;
    long top = 1;
    for (int e = from; e < from + n; e++) {
      if (!z.isExact(e) && (z.isWhole(e) || z.radius(e, t).e >= -20)) {
        return false;
      }
      top = Math.max(top, z.exponent(e));
      largest = kernel.compareMidpoints(z, e, z, largest) > 0 ? e : largest;
    }
    if (top >= 64L * limbs) {
      return false;
    }
    int above = (int) (top >> 6) + 1;
    int length = limbs + above;
    for (int e = from; e < from + n; e++) {
      Arrays.fill(magnitude, 0, length, 0);
      addMidpoint(length, 64L * above, z, largest, false);
      addMidpoint(length, 64L * above, z, e, true);
      for (int i = limbs + 1; i < length; i++) {
        if (magnitude[i] != 0) {
          return false;
        }
      }
      if (magnitude[limbs] >>> MAX_EXPONENT != 0) {
        return false;
      }
      int k = index + e - from;
      if (e == largest) {
        Arrays.fill(arguments, k * limbs, (k + 1) * limbs, 0);
        powers[k] = 0;
      } else {
        powers[k] = reduce(true, k);
      }
    }
    return true;
  }

  private void addMidpoint(int length, long top, Balls z, int e, boolean negate) {
    if (z.signs[e] != 0) {
      boolean subtract = z.signs[e] > 0 == negate;
      Limbs.addAligned(magnitude, 0, length, z.mantissas, e * z.limbs, z.limbs, top - z.exponent(e), subtract);
    }
  }

  /**
   * Stores p_i = e_i/Σe_j, where the exponentials e_j start at {@code index}.
   *
   * <p>Each e_j is off by 2^−a of itself, a the accuracy, as e^t ≥ 1 is within 2^−a. Their sum S is at least 1 − 2^−a: in
   * it, each term is cut off at 2^−64 of the unit in which S/4 is kept, all of them at less than 2^−30 units. 1/S becomes a
   * number r of all limbs, off by at most 2 units of the last, 2^(1 − 64·limbs) of itself, which is less than 2^−a/8, and so
   * is what is cut off the product of two fractions of at least 1/4 and 1/2. So p is within 2^(2 − a) of itself.
   *
   * <p>Radii: let r_j be those of the scores, below 2^−20, and u = Σ_{j≠i} p_j·(r_i + r_j). From 1/p_i = Σ_j e^(z_j − z_i),
   * the largest p_i is p_i/(1 − v) with v = Σ_{j≠i} p_j·(1 − e^(−r_i−r_j)) ≤ u &lt; 2^−19, the least is p_i/(1 + v') with
   * v' = Σ_{j≠i} p_j·(e^(r_i+r_j) − 1) ≤ u·(1 + 2^−18). So both are within p_i·u·(1 + 2^−17) of p_i.
   */
  private void normalise(Balls d, Balls z, int from, int n, int index) {
    long[] sum = new long[limbs + 2];
    for (int k = index; k < index + n; k++) {
      Limbs.addAligned(sum, 0, limbs + 2, arguments, k * limbs, limbs, 64L - powers[k], false);
    }
    BigInteger s = Limbs.toBig(sum, 0, limbs + 2);
    int length = s.bitLength();
    BigInteger most = BigInteger.ONE.shiftLeft(64 * limbs).subtract(BigInteger.ONE);
    BigInteger r = BigInteger.ONE.shiftLeft(64 * limbs + length - 1).divide(s).min(most);
    long[] reciprocal = new long[limbs];
    Limbs.fromBig(r, reciprocal, limbs);
    boolean exact = true;
    for (int k = 0; k < n; k++) {
      multiply((index + k) * limbs, reciprocal);
      // e = 4·E·2^power, E the fraction of before, S = 4·s·2^(−64·(limbs + 1)), and 1/s = r·2^(1 − length), r as a fraction.
      powers[index + k] += 64 * (limbs + 1) + 1 - length;
      exact &= z.isExact(from + k);
    }
    if (!exact) {
      sumOthers(z, from, n, index);
    }
    for (int k = 0; k < n; k++) {
      Mag radius = kernel.radius().setPower(2 - batch.accuracy());
      if (!exact) {
        z.radius(from + k, u).multiply(mass[k]).add(weight[k]);
        radius.add(u).add(u.shift(-17));
      }
      int at = (index + k) * limbs;
      radius.multiply(bound(t, arguments[at + limbs - 1], powers[index + k]));
      System.arraycopy(arguments, at, source, 0, limbs);
      // The ball stays above 0: the radius is at most 2^−18 of the midpoint, and half an ulp 1/4.
      kernel.store(d, from + k, 1, source, limbs, powers[index + k]);
    }
  }

  /** Multiplies an argument by a fraction, and cuts off what is below its limbs. */
  private void multiply(int at, long[] fraction) {
    Limbs.multiply(source, 0, arguments, at, fraction, 0, limbs);
    System.arraycopy(source, limbs, arguments, at, limbs);
  }

  /**
   * Bounds, for each entry of the row of p that starts at {@code index}, Σ p_j over the others, as {@link #mass}, and
   * Σ p_j·r_j, as {@link #weight}.
   */
  private void sumOthers(Balls z, int from, int n, int index) {
    if (mass.length < n) {
      mass = Stream.generate(Mag::new).limit(n).toArray(Mag[]::new);
      weight = Stream.generate(Mag::new).limit(n).toArray(Mag[]::new);
    }
    for (int k = 0; k < n; k++) {
      mass[k].setZero();
      weight[k].setZero();
    }
    for (int direction = 1; direction >= -1; direction -= 2) {
      Mag sum = new Mag();
      Mag weighted = new Mag();
      for (int k = direction > 0 ? 0 : n - 1; k >= 0 && k < n; k += direction) {
        mass[k].add(sum);
        weight[k].add(weighted);
        bound(t, arguments[(index + k + 1) * limbs - 1], powers[index + k]);
        sum.add(t);
        weighted.add(t.multiply(z.radius(from + k, u)));
      }
    }
  }
}
