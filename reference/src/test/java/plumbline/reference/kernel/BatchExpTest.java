package plumbline.reference.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engines of {@link Digits} against each other, bit for bit, and against integers; e^t against its series. */
class BatchExpTest {
  private static final int LANES = Digits.LANES;

  private interface Product {
    void multiply(double[] r, int rFrom, double[] a, int aFrom, double[] b, int bFrom, int n,
        double aShare, double bShare, double radix, int lanes, double[] columns);
  }

  private interface Combination {
    void combine(double[] r, int first, int n, double[] p, int stride, int low, int high, double[] c, double divisor,
        double radix, int lanes);
  }

  private static final Product[] PRODUCTS = {Digits::multiply, DigitsVector::multiply,
      (r, rFrom, a, aFrom, b, bFrom, n, aShare, bShare, radix, lanes, columns) ->
          DigitsPlain.multiply(r, rFrom, a, aFrom, b, bFrom, n, aShare, bShare, radix, lanes)};
  private static final Combination[] COMBINATIONS = {Digits::combine, DigitsVector::combine, DigitsPlain::combine};

  /** Normal digits: any, the largest, the least, zeros, few. */
  private static double[] digits(Random random, int count, double radix) {
    long most = (long) (0.505 * radix);
    double[] x = new double[count];
    int kind = random.nextInt(6);
    for (int k = 0; k < count; k++) {
      x[k] = switch (kind) {
        case 0 -> most;
        case 1 -> -most;
        case 2 -> random.nextBoolean() ? most : -most;
        case 3 -> random.nextInt(9) == 0 ? random.nextInt(5) - 2 : 0;
        default -> Math.rint((2 * random.nextDouble() - 1) * most);
      };
    }
    return x;
  }

  /** The integer whose n digits, most significant first, are those of a lane. */
  private static BigInteger integer(double[] x, int from, int n, int b) {
    BigInteger sum = BigInteger.ZERO;
    for (int j = 0; j < n; j++) {
      sum = sum.shiftLeft(b).add(BigInteger.valueOf((long) x[from + j * LANES]));
    }
    return sum;
  }

  @Test
  void productsAreNormalAndWithinTheirBound() {
    Random random = new Random(1);
    for (int trial = 0; trial < 400; trial++) {
      int n = trial < 40 ? 1 + trial : trial < 360 ? 1 + random.nextInt(24) : trial < 380 ? 60 + random.nextInt(61)
          : 121 + random.nextInt(360);
      int b = ExpPlan.digitBits(n);
      double radix = 1L << b;
      int lanes = 1 + random.nextInt(LANES);
      // a and b in one array, the result in another, or over one of them, or behind.
      double[] x = digits(random, 2 * n * LANES + 6 * LANES, radix);
      int aFrom = random.nextInt(3) * LANES;
      int bFrom = random.nextInt(4) == 0 ? aFrom : (n + 2 + random.nextInt(3)) * LANES;
      int rFrom = random.nextInt(3) == 0 ? bFrom : random.nextBoolean() ? aFrom : bFrom + LANES;
      int aShare = random.nextInt(2);
      int bShare = random.nextInt(2);
      double[] known = x.clone();
      double[][] results = new double[PRODUCTS.length][];
      for (int e = 0; e < PRODUCTS.length; e++) {
        double[] y = x.clone();
        PRODUCTS[e].multiply(y, rFrom, y, aFrom, y, bFrom, n, aShare, bShare, radix, lanes, new double[(n + 1) * LANES]);
        results[e] = y;
        for (int k = 0; k < y.length; k++) {
          boolean written = k >= rFrom && k < rFrom + n * LANES;
          assertTrue(written || y[k] == known[k], "outside of the result");
          assertTrue(k % LANES >= lanes || y[k] == results[0][k], "engines differ");
        }
      }
      for (int l = 0; l < lanes; l++) {
        BigInteger a = integer(known, aFrom + l, n, b);
        BigInteger c = integer(known, bFrom + l, n, b);
        BigInteger share = a.multiply(BigInteger.valueOf(aShare)).add(c.multiply(BigInteger.valueOf(bShare)));
        BigInteger exact = a.multiply(c).add(share.shiftLeft(b * n));
        BigInteger off = integer(results[0], rFrom + l, n, b).shiftLeft(b * n).subtract(exact).abs();
        BigInteger bound = BigInteger.valueOf((long) ((0.256 * n + 0.5) * (1 << 20))).shiftLeft(b * n - 20);
        assertTrue(off.compareTo(bound) <= 0, () -> "off by " + off.shiftRight(b * n));
        for (int j = 1; j < n; j++) {
          assertTrue(Math.abs(results[0][rFrom + l + j * LANES]) <= radix / 2);
        }
      }
    }
  }

  @Test
  void combinationsAreNormalAndWithinTheirBound() {
    Random random = new Random(2);
    for (int trial = 0; trial < 400; trial++) {
      int n = 2 + random.nextInt(trial % 20 == 0 ? 300 : 20);
      int b = ExpPlan.digitBits(n);
      double radix = 1L << b;
      int lanes = 1 + random.nextInt(LANES);
      int first = 1 + random.nextInt(n);
      int high = random.nextInt(7);
      int low = 1 + random.nextInt(high + 1);
      double[] r = digits(random, n * LANES, radix);
      double[] p = digits(random, (high + 1) * n * LANES, radix);
      // Factors that sum up to twice the divisor.
      int divisor = trial % 3 == 0 ? 1 << 22 : trial % 7 == 0 ? 1 : 1 + random.nextInt(1 << random.nextInt(23));
      double[] c = new double[high + 1];
      int left = 2 * divisor;
      for (int i = low; i <= high; i++) {
        c[i] = i == high ? left : random.nextInt(left + 1);
        left -= (int) c[i];
      }
      double[][] results = new double[COMBINATIONS.length][];
      for (int e = 0; e < COMBINATIONS.length; e++) {
        results[e] = r.clone();
        COMBINATIONS[e].combine(results[e], first, n, p, n * LANES, low, high, c, divisor, radix, lanes);
        for (int k = 0; k < r.length; k++) {
          assertTrue(k % LANES >= lanes || results[e][k] == results[0][k], "engines differ");
        }
      }
      for (int l = 0; l < lanes; l++) {
        BigInteger sum = BigInteger.ZERO;
        for (int j = 1; j < n; j++) {
          BigInteger x = j < first ? BigInteger.ZERO : BigInteger.valueOf((long) r[j * LANES + l]);
          for (int i = low; i <= Math.min(high, j); i++) {
            x = x.add(BigInteger.valueOf((long) c[i] * (long) p[(i * n + j) * LANES + l]));
          }
          sum = sum.shiftLeft(b).add(x);
        }
        BigInteger off = integer(results[0], l, n, b).multiply(BigInteger.valueOf(divisor)).subtract(sum).abs();
        assertTrue(off.multiply(BigInteger.valueOf(100)).compareTo(BigInteger.valueOf(51L * divisor)) <= 0);
        for (int j = 1; j < n; j++) {
          assertTrue(Math.abs(results[0][j * LANES + l]) <= 0.505 * radix);
        }
      }
    }
  }

  private static long[] arguments(Random random, int count, int limbs) {
    long[] x = new long[count * limbs];
    long most = Long.divideUnsigned(-1, 10) * 7;
    for (int e = 0; e < count; e++) {
      int kind = e % 8;
      for (int k = 0; k < limbs; k++) {
        x[e * limbs + k] = switch (kind) {
          case 0 -> 0;
          case 1 -> -1;
          case 2 -> 0x8000008000008000L;
          case 3 -> 0x7fffff7fffff7fffL;
          default -> random.nextLong();
        };
      }
      int top = (e + 1) * limbs - 1;
      x[top] = kind == 0 ? (e == 0 ? 0 : most) : kind == 4 ? x[top] >>> 1 + random.nextInt(63) : x[top];
      if (Long.compareUnsigned(x[top], most) >= 0) {
        x[top] = kind == 1 ? most - 1 : Long.remainderUnsigned(x[top], most);
      }
      x[e * limbs] += kind == 0 && e % 16 == 8 && limbs > 1 ? 1 : 0;
    }
    return x;
  }

  /** e^t in units of 2^−w, for t in units of 2^−unit, by the series, a few units off. */
  static BigInteger exp(BigInteger t, int unit, int w) {
    BigInteger sum = BigInteger.ZERO;
    BigInteger term = BigInteger.ONE.shiftLeft(w);
    for (int k = 1; term.signum() != 0; k++) {
      sum = sum.add(term);
      term = term.multiply(t).shiftRight(unit).divide(BigInteger.valueOf(k));
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 12, 63, 75, 138, 177, 343, 500, 1010, 2000, 2860, 2900, 3332, 6010})
  void exponentialsAreWithinTheirAccuracy(int accuracy) {
    Random random = new Random(accuracy);
    BatchExp batch = new BatchExp(accuracy);
    assertTrue(batch.accuracy() >= Math.max(60, accuracy) && batch.bits() <= 64 * batch.limbs());
    int limbs = batch.limbs();
    int count = accuracy > 1000 ? 37 : 203;
    long[] x = arguments(random, count, limbs);
    long[] y = x.clone();
    batch.exp(y, count);
    for (int e = 0; e < count; e++) {
      // In units of 2^−(64·limbs + 64).
      int w = 64 * limbs + 64;
      BigInteger off = LongMultiplicationTest.big(y, e * limbs, limbs).shiftLeft(66).subtract(exp(LongMultiplicationTest.big(x, e * limbs, limbs), 64 * limbs, w));
      assertTrue(off.abs().bitLength() <= w - batch.accuracy(), "argument " + e);
      // The proof says 0.72·d + 10 units of a quarter.
      int d = batch.bits() / (batch.bits() > 2880 ? 23 : 24);
      BigInteger units = off.shiftRight(w - batch.bits() + 2);
      assertTrue(units.abs().compareTo(BigInteger.valueOf((int) (0.72 * d) + 10)) <= 0, () -> units + " units off");
    }
    // What shares a batch does not matter.
    for (int e : new int[] {0, 1, 2, 15, 16, 36}) {
      long[] one = Arrays.copyOfRange(x, e * limbs, (e + 1) * limbs);
      batch.exp(one, 1);
      assertArrayEquals(Arrays.copyOfRange(y, e * limbs, (e + 1) * limbs), one);
    }
  }

  @Test
  void tablesAreWithinOneUnit() {
    for (int digits : new int[] {3, 8, 15, 120, 121}) {
      ExpPlan plan = ExpPlan.of(digits);
      int b = plan.digitBits;
      int w = b * digits;
      float[][] tables = {plan.tables.third(), plan.tables.second(), plan.tables.first()};
      for (int t = 0; t < 3; t++) {
        for (int i = 0; i < tables[t].length / digits; i += digits > 100 ? 41 : 1) {
          BigInteger value = BigInteger.ZERO;
          for (int j = 0; j < digits; j++) {
            value = value.shiftLeft(b).add(BigInteger.valueOf((long) tables[t][i * digits + j]));
          }
          BigInteger exact = exp(BigInteger.valueOf(i).shiftLeft(8 * t), b, w + 64);
          exact = t < 2 ? exact.subtract(BigInteger.ONE.shiftLeft(w + 64)) : exact.shiftRight(2);
          assertTrue(value.shiftLeft(64).subtract(exact).abs().bitLength() <= 64, "table " + t + ", entry " + i);
        }
      }
    }
  }

  @Test
  void accuracyHasLimits() {
    assertThrows(IllegalArgumentException.class, () -> new BatchExp(-1));
    assertThrows(IllegalArgumentException.class, () -> new BatchExp(BatchExp.MAX_ACCURACY + 1));
    assertEquals(BatchExp.MAX_ACCURACY, Math.min(BatchExp.MAX_ACCURACY, new BatchExp(BatchExp.MAX_ACCURACY).accuracy()));
  }
}
