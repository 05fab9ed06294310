package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import org.apfloat.Apfloat;
import org.apfloat.ApfloatMath;
import org.junit.jupiter.api.Test;
import plumbline.spec.number.Interval;

/** Directed operations against correctly rounded exact results. */
class DirectedTest {
  private static final int CASES = 10_000;

  @Test
  void sums() {
    check(Directed::addUp, Directed::addDown, BigFraction::add, 11);
    check(Directed::subUp, Directed::subDown, BigFraction::subtract, 12);
  }

  @Test
  void products() {
    check(Directed::mulUp, Directed::mulDown, BigFraction::multiply, 13);
  }

  @Test
  void quotients() {
    check(Directed::divUp, Directed::divDown, BigFraction::divide, 14);
    assertEquals(Double.POSITIVE_INFINITY, Directed.divUp(1, 0));
    assertEquals(Double.NEGATIVE_INFINITY, Directed.divDown(0, 0));
  }

  private static void check(DoubleBinaryOperator up, DoubleBinaryOperator down, BinaryOperator<BigFraction> exact, int seed) {
    Random random = new Random(seed);
    for (int c = 0; c < CASES; c++) {
      double a = Hostile.value(random, Hostile.profile(random));
      double b = random.nextInt(10) == 0
          ? Math.scalb(-a, random.nextInt(3) - 1) + Math.ulp(a) * random.nextInt(2)
          : Hostile.value(random, Hostile.profile(random));
      if (seed == 14 && b == 0 || !Double.isFinite(b)) {
        continue;
      }
      BigFraction truth = exact.apply(Hostile.exact(a), Hostile.exact(b));
      String text = a + ", " + b;
      double above = up.applyAsDouble(a, b) + 0.0;
      double below = down.applyAsDouble(a, b) + 0.0;
      double tightAbove = Rounding.up(truth);
      double tightBelow = Rounding.down(truth);
      // Residuals of the size of truth·2^−53 (of a·2^−53 for quotients) may underflow, and then one more ulp is allowed.
      boolean mayUnderflow = tightAbove != tightBelow
          && (seed == 13 && Math.abs(tightAbove) < 0x1p-960 || seed == 14 && Math.abs(a) < 0x1p-900);
      if (mayUnderflow) {
        assertTrue(above == tightAbove || above == Math.nextUp(tightAbove), text);
        assertTrue(below == tightBelow || below == Math.nextDown(tightBelow), text);
      } else {
        assertEquals(tightAbove, above, text);
        assertEquals(tightBelow, below, text);
      }
    }
  }

  @Test
  void roots() {
    Random random = new Random(15);
    for (int c = 0; c < CASES; c++) {
      double x = Math.abs(Hostile.value(random, Hostile.profile(random)));
      x = random.nextInt(4) == 0 && x < 1e150 ? x * x : x;
      double up = Directed.sqrtUp(x);
      double down = Directed.sqrtDown(x);
      BigFraction truth = Hostile.exact(x);
      assertTrue(Hostile.exact(up).pow(2).compareTo(truth) >= 0, "up " + x);
      assertTrue(Hostile.exact(down).pow(2).compareTo(truth) <= 0, "down " + x);
      boolean exact = Hostile.exact(up).pow(2).equals(truth);
      assertEquals(exact ? up : Math.nextDown(up), down, "one ulp " + x);
    }
  }

  @Test
  void exponentialsAndLogarithms() {
    Random random = new Random(16);
    for (int c = 0; c < CASES; c++) {
      double x = random.nextInt(3) == 0
          ? Hostile.value(random, Hostile.Profile.TAME) % 800
          : (random.nextDouble() - 0.52) * 1500;
      if (x < 709) {
        Interval truth = Hostile.exp(Hostile.exact(x));
        double up = Directed.expUp(x);
        double down = Directed.expDown(x);
        assertTrue(new Interval(Hostile.exact(down), Hostile.exact(up)).intersects(truth), "exp " + x);
        assertTrue(up - down <= 5 * Math.ulp(up), "ulps of exp " + x);
      }
      double y = Math.abs(Hostile.value(random, Hostile.profile(random)));
      if (y > 0) {
        Interval least = Hostile.exp(Hostile.exact(Directed.logDown(y)));
        Interval most = Hostile.exp(Hostile.exact(Directed.logUp(y)));
        assertTrue(new Interval(least.lower(), most.upper()).contains(Hostile.exact(y)), "log " + y);
        assertTrue(Directed.logUp(y) - Directed.logDown(y) <= 5 * Math.ulp(Directed.logUp(y)), "ulps of log " + y);
      }
    }
  }

  /** The test's own exponential against the apfloat library. */
  @Test
  void theTestsExponentialIsRight() {
    for (double x : new double[] {0, 1, -1, 0.1, -700.25, 700.5, 1e-10, -999.5}) {
      Apfloat value = ApfloatMath.exp(new Apfloat(new BigDecimal(x), 45));
      BigFraction truth = Hostile.fraction(new BigDecimal(value.toString()));
      assertTrue(Hostile.exp(Hostile.exact(x)).contains(truth), "exp " + x);
    }
  }

  @Test
  void infinitiesAndNaN() {
    double inf = Double.POSITIVE_INFINITY;
    assertEquals(inf, Directed.addUp(inf, -inf));
    assertEquals(-inf, Directed.addDown(inf, -inf));
    assertEquals(inf, Directed.mulUp(0, inf));
    assertEquals(-inf, Directed.mulDown(0, inf));
    assertEquals(-Double.MAX_VALUE, Directed.addUp(-Double.MAX_VALUE, -Double.MAX_VALUE));
    assertEquals(Double.MAX_VALUE, Directed.mulDown(Double.MAX_VALUE, Double.MAX_VALUE));
    assertTrue(Directed.divUp(1, inf) > 0);
    assertEquals(inf, Directed.sqrtUp(-1));
    assertEquals(inf, Directed.expUp(inf));
    assertEquals(0.0, Directed.expDown(-inf));
    assertEquals(-inf, Directed.logDown(0));
    for (double x : new double[] {Double.NaN}) {
      assertEquals(inf, Directed.addUp(x, 1));
      assertEquals(inf, Directed.mulUp(x, 1));
      assertEquals(inf, Directed.divUp(x, 1));
      assertEquals(inf, Directed.sqrtUp(x));
      assertEquals(inf, Directed.expUp(x));
      assertEquals(inf, Directed.logUp(x));
    }
  }
}
