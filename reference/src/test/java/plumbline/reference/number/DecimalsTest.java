package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.math.RoundingMode;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;

class DecimalsTest {
  private static final BigFraction TINY = new BigFraction(BigInteger.ONE, BigInteger.TEN.pow(5000));

  @Test
  void approximatesAnyMagnitude() {
    for (double x : new double[] {1.5, -3e300, 4.9e-320, 7, 0, Double.MIN_VALUE, Double.MAX_VALUE}) {
      assertEquals(x, Decimals.approximate(ExactMatrix.fraction(x)));
    }
    assertEquals(0.1, Decimals.approximate(new BigFraction(1, 10)), Math.ulp(0.1));
    assertEquals(0, Decimals.approximate(TINY));
    assertEquals(Double.NEGATIVE_INFINITY, Decimals.approximate(TINY.reciprocal().negate()));
  }

  @Test
  void logarithmsReachBeyondBinary64() {
    assertEquals(-5000, Decimals.log10(TINY), 1e-9);
    assertEquals(Math.log10(0.3), Decimals.log10(new BigFraction(-3, 10)), 1e-15);
  }

  @Test
  void decimalsRoundOutward() {
    assertEquals("3.3e-5001", Decimals.scientific(TINY.divide(3), 2, RoundingMode.FLOOR));
    assertEquals("0.3334", Decimals.scientific(new BigFraction(1, 3), 4, RoundingMode.CEILING));
    assertEquals("[0.3333, 0.3334]", Decimals.interval(Interval.point(new BigFraction(1, 3)), 4));
    assertEquals("0.5", Decimals.interval(Interval.point(new BigFraction(1, 2)), 4));
    assertEquals("[-∞, ∞]", Decimals.interval(Interval.WHOLE, 4));
    assertEquals("0", Decimals.scientific(BigFraction.ZERO, 3, RoundingMode.FLOOR));
    assertEquals("-2e20", Decimals.scientific(new BigFraction(BigInteger.TEN.pow(20)).multiply(-2), 3, RoundingMode.FLOOR));
  }

  @Test
  void briefNumbersForTables() {
    assertEquals("0.333", Decimals.brief(1 / 3.0));
    assertEquals("1.23e-07", Decimals.brief(1.234e-7));
    assertEquals("0", Decimals.brief(0));
  }
}
