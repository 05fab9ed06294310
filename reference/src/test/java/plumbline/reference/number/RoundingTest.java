package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;

class RoundingTest {
  private static final BigFraction HALF = new BigFraction(1, 2);

  @Test
  void dyadicsRoundToThemselves() {
    Random random = new Random(1);
    for (int c = 0; c < 5_000; c++) {
      double value = Hostile.value(random, Hostile.profile(random)) + 0.0;
      BigFraction exact = Hostile.exact(value);
      assertEquals(value, Rounding.nearest(exact));
      assertEquals(value, Rounding.up(exact));
      assertEquals(value, Rounding.down(exact));
    }
  }

  @Test
  void betweenNeighboursEachModeChoosesItsOwn() {
    Random random = new Random(2);
    for (int c = 0; c < 5_000; c++) {
      double low = Hostile.value(random, Hostile.profile(random)) + 0.0;
      double high = Math.nextUp(low) + 0.0;
      if (Double.isInfinite(high)) {
        continue;
      }
      BigFraction step = Hostile.exact(high).subtract(Hostile.exact(low));
      for (BigFraction share : new BigFraction[] {
          new BigFraction(1, 3), new BigFraction(2, 3), HALF, HALF.subtract(new BigFraction(BigInteger.ONE,
              BigInteger.TEN.pow(40))), HALF.add(new BigFraction(BigInteger.ONE, BigInteger.TEN.pow(40)))}) {
        BigFraction value = Hostile.exact(low).add(step.multiply(share));
        assertEquals(low, Rounding.down(value));
        assertEquals(high, Rounding.up(value));
        int half = share.compareTo(HALF);
        boolean lowIsEven = (Double.doubleToRawLongBits(low) & 1) == 0;
        assertEquals(half < 0 || (half == 0 && lowIsEven) ? low : high, Rounding.nearest(value), value.toString());
      }
    }
  }

  @Test
  void agreesWithDecimalParsing() {
    Random random = new Random(3);
    for (int c = 0; c < 5_000; c++) {
      BigDecimal decimal = new BigDecimal(new BigInteger(1 + random.nextInt(200), random), random.nextInt(720) - 340);
      assertEquals(Double.parseDouble(decimal.toString()), Rounding.nearest(Hostile.fraction(decimal)));
    }
  }

  @Test
  void overflowAndUnderflow() {
    BigFraction max = Hostile.exact(Double.MAX_VALUE);
    BigFraction halfUlp = Hostile.exact(0x1p970);
    BigFraction little = new BigFraction(BigInteger.ONE, BigInteger.TEN.pow(500));
    assertEquals(Double.MAX_VALUE, Rounding.nearest(max.add(halfUlp).subtract(little)));
    assertEquals(Double.POSITIVE_INFINITY, Rounding.nearest(max.add(halfUlp)));
    assertEquals(Double.NEGATIVE_INFINITY, Rounding.nearest(max.add(halfUlp).negate()));
    assertEquals(Double.POSITIVE_INFINITY, Rounding.up(max.add(little)));
    assertEquals(Double.MAX_VALUE, Rounding.down(max.add(little)));
    assertEquals(-Double.MAX_VALUE, Rounding.up(max.multiply(max).negate()));
    assertEquals(Double.NEGATIVE_INFINITY, Rounding.down(max.multiply(max).negate()));
    assertEquals(Double.MIN_VALUE, Rounding.up(little));
    assertEquals(0.0, Rounding.down(little));
    assertEquals(0.0, Rounding.nearest(little.negate()));
    assertEquals(0.0, Rounding.nearest(Hostile.exact(Double.MIN_VALUE).multiply(HALF)));
    assertEquals(Double.MIN_VALUE, Rounding.nearest(Hostile.exact(Double.MIN_VALUE).multiply(HALF).add(little)));
    assertEquals(-Double.MIN_VALUE, Rounding.down(little.negate()));
    assertTrue(Rounding.nearest(BigFraction.ZERO) == 0);
  }
}
