package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import plumbline.reference.number.BallSamples.Exact;

/** Every algebraic primitive against exact arithmetic, at points of its operands. */
class BallContainmentTest {
  private static final int CASES = 1000;

  static int[] bits() {
    return BallSamples.BITS;
  }

  @ParameterizedTest
  @MethodSource("bits")
  void sumsAndProductsContain(int bits) {
    BallSamples samples = new BallSamples(bits, bits);
    for (int n = 0; n < CASES; n++) {
      long reach = n % 10 == 0 ? 300_000 : 200;
      BallMatrix a = samples.ball(reach, true);
      BallMatrix b = n % 7 == 0 ? a.plus(samples.ball(10, false)) : samples.ball(reach, true);
      BallMatrix sum = a.plus(b);
      BallMatrix difference = a.minus(b);
      BallMatrix product = a.hadamard(b);
      BallMatrix square = a.square();
      for (Exact x : samples.points(a, 0)) {
        BallSamples.assertContains("square", square, 0, x.times(x));
        BallSamples.assertContains("negate", a.negate(), 0, x.negate());
        for (Exact y : samples.points(b, 0)) {
          BallSamples.assertContains("plus", sum, 0, x.plus(y));
          BallSamples.assertContains("minus", difference, 0, x.plus(y.negate()));
          BallSamples.assertContains("hadamard", product, 0, x.times(y));
        }
      }
      assertTrue(square.signOfLower(0, 0) >= 0 || BallSamples.isWhole(square, 0), "a square below 0");
      for (BallMatrix r : new BallMatrix[] {sum, difference, product, square}) {
        assertSigns(r);
      }
    }
  }

  private static void assertSigns(BallMatrix r) {
    if (BallSamples.isWhole(r, 0)) {
      assertEquals(-1, r.signOfLower(0, 0));
      assertEquals(1, r.signOfUpper(0, 0));
    } else {
      assertEquals(BallSamples.lower(r, 0).m().signum(), r.signOfLower(0, 0));
      assertEquals(BallSamples.upper(r, 0).m().signum(), r.signOfUpper(0, 0));
    }
  }

  @ParameterizedTest
  @MethodSource("bits")
  void quotientsAndRootsContain(int bits) {
    BallSamples samples = new BallSamples(bits + 1, bits);
    for (int n = 0; n < CASES; n++) {
      long reach = n % 10 == 0 ? 300_000 : 200;
      BallMatrix a = samples.ball(reach, true);
      BallMatrix b = samples.ball(reach, true);
      BallMatrix quotient = a.dividedBy(b);
      BallMatrix root = a.sqrt();
      for (Exact x : samples.points(a, 0)) {
        for (Exact y : samples.points(b, 0)) {
          if (y.m().signum() != 0 && !BallSamples.isWhole(quotient, 0)) {
            // lower ≤ x/y ≤ upper, times |y|.
            Exact size = y.abs();
            Exact value = y.m().signum() < 0 ? x.negate() : x;
            assertTrue(BallSamples.lower(quotient, 0).times(size).compareTo(value) <= 0
                && BallSamples.upper(quotient, 0).times(size).compareTo(value) >= 0,
                () -> x + " / " + y + " not in " + quotient);
          }
        }
        if (x.m().signum() >= 0 && !BallSamples.isWhole(root, 0)) {
          Exact low = BallSamples.lower(root, 0);
          Exact high = BallSamples.upper(root, 0);
          assertTrue((low.m().signum() <= 0 || low.times(low).compareTo(x) <= 0)
              && high.m().signum() >= 0 && high.times(high).compareTo(x) >= 0, () -> "√" + x + " not in " + root);
        }
      }
      if (a.signOfUpper(0, 0) < 0) {
        assertTrue(BallSamples.isWhole(root, 0));
      } else if (!BallSamples.isWhole(a, 0)) {
        assertTrue(root.signOfLower(0, 0) >= 0);
      }
      if (b.signOfLower(0, 0) <= 0 && b.signOfUpper(0, 0) >= 0) {
        assertTrue(BallSamples.isWhole(quotient, 0));
      }
      assertSigns(quotient);
      assertSigns(root);
    }
  }

  @ParameterizedTest
  @MethodSource("bits")
  void maximaContain(int bits) {
    BallSamples samples = new BallSamples(bits + 2, bits);
    for (int n = 0; n < CASES; n++) {
      long reach = n % 10 == 0 ? 300_000 : 200;
      BallMatrix a = samples.ball(reach, true);
      BallMatrix b = n % 3 == 0 ? a.plus(samples.ball(10, false)) : samples.ball(reach, true);
      BallMatrix max = a.max(b);
      BallMatrix row = a.beside(b).beside(a.negate()).maxOfRows();
      for (Exact x : samples.points(a, 0)) {
        BallSamples.assertContains("abs", a.abs(), 0, x.abs());
        BallSamples.assertContains("relu", a.relu(), 0, x.m().signum() < 0 ? Exact.of(0, 0) : x);
        for (Exact y : samples.points(b, 0)) {
          Exact most = x.compareTo(y) >= 0 ? x : y;
          BallSamples.assertContains("max", max, 0, most);
          for (Exact z : samples.points(a.negate(), 0)) {
            BallSamples.assertContains("maxOfRows", row, 0, most.compareTo(z) >= 0 ? most : z);
          }
        }
      }
      if (!BallSamples.isWhole(a, 0)) {
        assertTrue(a.abs().signOfLower(0, 0) >= 0 && a.relu().signOfLower(0, 0) >= 0);
      }
      assertSigns(a.abs());
      assertSigns(a.relu());
      assertSigns(max);
    }
  }

  @ParameterizedTest
  @MethodSource("bits")
  void matrixProductsContain(int bits) {
    BallSamples samples = new BallSamples(bits + 3, bits);
    for (int n = 0; n < CASES / 4; n++) {
      long reach = n % 4 == 0 ? 50_000 : n % 4 == 1 ? 1000 : 40;
      int rows = samples.random.nextInt(3);
      int inner = samples.random.nextInt(6);
      int columns = 1 + samples.random.nextInt(2);
      boolean whole = n % 5 == 0;
      boolean exact = n % 3 == 0;
      BallMatrix a = random(samples, rows, inner, reach, whole, exact);
      BallMatrix b = random(samples, inner, columns, reach, whole, exact);
      BallMatrix c = a.times(b);
      assertEquals(rows, c.rows());
      assertEquals(columns, c.columns());
      for (int trial = 0; trial < 4; trial++) {
        Exact[] x = pick(samples, a);
        Exact[] y = pick(samples, b);
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            Exact sum = Exact.of(0, 0);
            for (int k = 0; k < inner; k++) {
              sum = sum.plus(x[i * inner + k].times(y[k * columns + j]));
            }
            BallSamples.assertContains("times", c, i * columns + j, sum);
          }
        }
      }
    }
  }

  private static BallMatrix random(BallSamples samples, int rows, int columns, long reach, boolean whole, boolean exact) {
    BallMatrix m = samples.system.lift(plumbline.spec.number.ExactMatrix.zeros(0, 1));
    for (int e = 0; e < rows * columns; e++) {
      BallMatrix entry = samples.ball(reach, whole);
      while (exact && !BallSamples.isExact(entry, 0)) {
        entry = samples.ball(reach, false);
      }
      m = m.above(entry);
    }
    return m.reshape(rows, columns);
  }

  private static Exact[] pick(BallSamples samples, BallMatrix m) {
    Exact[] points = new Exact[m.rows() * m.columns()];
    for (int e = 0; e < points.length; e++) {
      Exact[] all = samples.points(m, e);
      points[e] = all[samples.random.nextInt(all.length)];
    }
    return points;
  }

  /** The exact sum cancels to what only the far ends of the accumulator hold. */
  @ParameterizedTest
  @MethodSource("bits")
  void cancellationIsUndone(int bits) {
    Ball system = Ball.of(bits);
    long far = 20L * bits + 500;
    BallMatrix one = system.lift(1);
    BallMatrix big = power(system, far);
    BallMatrix small = power(system, -far);
    BallMatrix row = big.beside(one).beside(small).beside(big.negate()).beside(one.negate());
    BallMatrix sum = row.sumOfRows();
    assertTrue(BallSamples.isExact(sum, 0), sum::toString);
    assertEquals(0, BallSamples.lower(sum, 0).compareTo(new Exact(BigInteger.ONE, -far)));
  }

  static BallMatrix power(Ball system, long exponent) {
    Balls d = new Balls(system.bits(), 1);
    BallKernel kernel = new BallKernel(system.bits());
    kernel.radius().setZero();
    kernel.store(d, 0, BigInteger.ONE, exponent);
    return new BallMatrix(system, 1, 1, d);
  }
}
