package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bounds against exact arithmetic: never below, and above by few roundings. */
class MagTest {
  private static final double[] MANTISSAS = {1, Math.nextUp(1.0), 1.5, Math.nextDown(1.5), Math.nextDown(2.0), 0x1.fffffffffffp0};
  private static final int[] GAPS = {0, 1, 2, 51, 52, 53, 54, 59, 60, 61, 62, 100, 999, 1000, 1001, 1100};
  /** Exact values count exponents from here, for 2^(2^59) has no digits to look at. */
  private static final long[] BASES = {0, -40, Mag.MAX_EXPONENT - 3000, 3000 - Mag.MAX_EXPONENT};

  private static BigDecimal power(int k) {
    BigDecimal two = BigDecimal.valueOf(2);
    return k >= 0 ? two.pow(k) : BigDecimal.valueOf(0.5).pow(-k);
  }

  private static BigDecimal exact(double m, long e) {
    return new BigDecimal(m).multiply(power(Math.toIntExact(e)));
  }

  private static double mantissa(Random random) {
    int kind = random.nextInt(2 * MANTISSAS.length);
    return kind < MANTISSAS.length ? MANTISSAS[kind] : 1 + random.nextDouble();
  }

  /** The bound, with exponents counted from {@code base}, is the exact number or above it by at most 2^−51 of it. */
  private static void check(BigDecimal exact, Mag bound, long base, String what) {
    assertTrue(bound.m >= 1 && bound.m < 2, () -> what + ": mantissa " + bound.m);
    BigDecimal found = exact(bound.m, bound.e - base);
    assertTrue(found.compareTo(exact) >= 0, () -> what + ": below");
    assertTrue(found.compareTo(exact.add(exact.multiply(power(-51)))) <= 0, () -> what + ": far above");
  }

  @Test
  void sumsAreBounded() {
    Random random = new Random(1);
    for (long base : BASES) {
      for (int gap : GAPS) {
        for (int sign = -1; sign <= 1; sign += 2) {
          for (int repeat = 0; repeat < 40; repeat++) {
            double x = mantissa(random);
            double y = mantissa(random);
            Mag sum = new Mag().set(x, base).add(y, base + sign * gap);
            check(exact(x, 0).add(exact(y, sign * gap)), sum, base, x + " + " + y + "·2^" + sign * gap + ", from " + base);
          }
        }
      }
    }
  }

  @Test
  void productsAndQuotientsAreBounded() {
    Random random = new Random(2);
    for (long base : BASES) {
      for (int repeat = 0; repeat < 500; repeat++) {
        double x = mantissa(random);
        double y = mantissa(random);
        int shift = random.nextInt(2000) - 1000;
        check(exact(x, 0).multiply(exact(y, shift)), new Mag().set(x, base).multiply(y, shift), base, x + " · " + y);
        Mag quotient = new Mag().set(x, base).divide(y, shift);
        BigDecimal back = exact(quotient.m, quotient.e - base).multiply(exact(y, shift));
        assertTrue(back.compareTo(exact(x, 0)) >= 0 && back.compareTo(exact(x, 0).multiply(new BigDecimal(1 + 0x1p-51))) <= 0,
            () -> x + " / " + y);
      }
    }
  }

  /** Quotients by the largest doubles have no bits of a normal mantissa to spare. */
  @Test
  void quotientsMayBeSubnormal() {
    for (long base : BASES) {
      for (double x : MANTISSAS) {
        for (double y : new double[] {0x1p1022, 0x1p1023, 0x1.8p1023, Double.MAX_VALUE}) {
          Mag quotient = new Mag().set(x, base).divide(y, 0);
          assertTrue(quotient.m >= 1 && quotient.m < 2, () -> x + " / " + y + ": mantissa " + quotient.m);
          BigDecimal back = exact(quotient.m, quotient.e - base).multiply(new BigDecimal(y));
          assertTrue(back.compareTo(exact(x, 0)) >= 0
              && back.compareTo(exact(x, 0).multiply(new BigDecimal(1 + 0x1p-48))) <= 0, () -> x + " / " + y);
        }
      }
    }
  }

  @Test
  void anyNormalMantissaIsTaken() {
    Random random = new Random(3);
    for (long base : BASES) {
      for (int repeat = 0; repeat < 500; repeat++) {
        double x = mantissa(random);
        int k = random.nextInt(2045) - 1022;
        Mag mag = new Mag().set(Math.scalb(x, k), base);
        assertEquals(x, mag.m);
        assertEquals(base + k, mag.e);
        int bits = 2 + random.nextInt(52);
        BigDecimal step = power(1 - bits);
        Mag rounded = new Mag().set(x, base).ceiling(bits);
        BigDecimal up = exact(rounded.m, rounded.e - base);
        assertTrue(up.compareTo(exact(x, 0)) >= 0 && up.compareTo(exact(x, 0).add(step)) < 0
            && up.remainder(step).signum() == 0, () -> x + " to " + bits + " bits");
      }
    }
  }

  @Test
  void endsOfTheRange() {
    assertTrue(new Mag().setPower(Mag.MAX_EXPONENT + 1).isInfinite());
    assertTrue(new Mag().setPower(Mag.MAX_EXPONENT).addPower(Mag.MAX_EXPONENT).isInfinite());
    Mag least = new Mag().setPower(-Mag.MAX_EXPONENT - 5);
    assertEquals(1, least.m);
    assertEquals(-Mag.MAX_EXPONENT, least.e);
    assertTrue(new Mag().set(0.0, 17).isZero());
    assertTrue(new Mag().setInfinite().add(1.5, 3).isInfinite());
    assertTrue(new Mag().setZero().multiply(Double.POSITIVE_INFINITY, 0).isZero());
    Mag sum = new Mag().setZero().add(1.5, 3);
    assertEquals(1.5, sum.m);
    assertEquals(3, sum.e);
  }
}
