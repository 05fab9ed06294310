package plumbline.reference.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.envelope.Format;
import plumbline.reference.number.Rounding;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;

class UlpErrorTest {
  private static final BigFraction NEARLY_ONE = new BigFraction(1_000_000, 999_999);

  @Test
  void ulpIsThatOfTheJavaTypes() {
    Random random = new Random(1);
    for (int i = 0; i < 5000; i++) {
      float single = Float.intBitsToFloat(random.nextInt());
      double wide = Double.longBitsToDouble(random.nextLong());
      if (Float.isFinite(single)) {
        assertEquals(Math.getExponent((double) Math.ulp(single)), exponent(Format.FLOAT32, single), "float " + single);
      }
      if (Double.isFinite(wide) && Math.ulp(wide) >= Double.MIN_NORMAL) {
        assertEquals(Math.getExponent(Math.ulp(wide)), exponent(Format.FLOAT64, wide), "double " + wide);
      }
    }
    assertEquals(-1074, exponent(Format.FLOAT64, 0));
    assertEquals(-149, exponent(Format.FLOAT32, Float.MIN_VALUE));
    assertEquals(-24, exponent(Format.FLOAT16, 0));
    assertEquals(-10, exponent(Format.FLOAT16, 1));
    assertEquals(-11, exponent(Format.FLOAT16, Math.nextDown(1.0)));
    assertEquals(5, exponent(Format.FLOAT16, 1e9));
  }

  private static int exponent(Format type, double value) {
    return UlpError.ulpExponent(type, ExactMatrix.fraction(value).abs());
  }

  @Test
  void aNeighbourIsOneUlpAway() {
    UlpError error = UlpError.of(Format.FLOAT32, Math.nextUp(3f), Interval.point(new BigFraction(3)));
    assertEquals(new Bounds(1, 1), error.ulps());
    assertEquals(new Bounds(Math.ulp(3f), Math.ulp(3f)), error.absolute());
    assertEquals(Bounds.ZERO, UlpError.of(Format.FLOAT32, 3, Interval.point(new BigFraction(3))).ulps());
  }

  @Test
  void boundsHoldTheTrueErrorWhateverTheEnclosure() {
    Random random = new Random(2);
    for (int i = 0; i < 2000; i++) {
      // Every other value lies near a border of binades; every fourth enclosure holds 0.
      double near = i % 2 == 0 ? 1 + random.nextGaussian() * 0x1p-6 : random.nextGaussian();
      BigFraction v = ExactMatrix.fraction(near * Math.scalb(1, random.nextInt(280) - 170)).multiply(NEARLY_ONE);
      int noise = i % 4 == 0 ? 3 : -random.nextInt(24);
      double y = (float) (Rounding.nearest(v) * (1 + random.nextGaussian() * Math.scalb(1, noise)));
      int spread = i % 4 == 0 ? 6 : -random.nextInt(24);
      BigFraction width = v.abs().multiply(ExactMatrix.fraction(Math.scalb(random.nextDouble(), spread)));
      BigFraction share = ExactMatrix.fraction(random.nextDouble());
      Interval interval = new Interval(v.subtract(width.multiply(share)),
          v.add(width.multiply(BigFraction.ONE.subtract(share))));
      Bounds bounds = UlpError.of(Format.FLOAT32, y, interval).ulps();
      BigFraction truth = ExactMatrix.fraction(y).subtract(v).abs()
          .multiply(UlpError.power(-UlpError.ulpExponent(Format.FLOAT32, v.abs())));
      assertTrue(ExactMatrix.fraction(bounds.lower()).compareTo(truth) <= 0, v + " " + y);
      assertTrue(Double.isInfinite(bounds.upper()) || ExactMatrix.fraction(bounds.upper()).compareTo(truth) >= 0,
          v + " " + y);
    }
  }

  @Test
  void anOverflowThatRoundingGivesIsNoError() {
    BigFraction largest = ExactMatrix.fraction(Float.MAX_VALUE);
    BigFraction ulp = ExactMatrix.fraction(Math.ulp(Float.MAX_VALUE));
    BigFraction beyond = largest.add(ulp.multiply(new BigFraction(3, 4)));
    assertEquals(new Bounds(0.25, 0.25), UlpError.of(Format.FLOAT32, Double.POSITIVE_INFINITY, Interval.point(beyond))
        .ulps());
    assertEquals(new Bounds(0.75, 0.75), UlpError.of(Format.FLOAT32, Float.MAX_VALUE, Interval.point(beyond)).ulps());
    BigFraction huge = largest.multiply(largest);
    assertEquals(Bounds.ZERO, UlpError.of(Format.FLOAT32, Double.NEGATIVE_INFINITY, Interval.point(huge.negate())).ulps());
    assertEquals(new Bounds(0x1p25, 0x1p25), UlpError.of(Format.FLOAT32, Double.POSITIVE_INFINITY,
        Interval.point(huge.negate()))
        .ulps());
    assertEquals(new Bounds(1, 1), UlpError.of(Format.FLOAT32, Float.MAX_VALUE, Interval.point(huge)).ulps());
  }

  @Test
  void nothingIsClaimedWhereNothingIsKnown() {
    assertEquals(Bounds.UNKNOWN, UlpError.of(Format.FLOAT32, Double.NaN, Interval.WHOLE).ulps());
    assertEquals(Bounds.UNKNOWN, UlpError.of(Format.FLOAT32, 1, new Interval(BigFraction.ONE, null)).ulps());
    assertEquals(Bounds.INFINITE, UlpError.of(Format.FLOAT32, Double.NaN, Interval.point(BigFraction.ONE)).ulps());
    assertFalse(Bounds.UNKNOWN.isTight(1));
    Judgement judgement = new Judgement(new double[] {1}, new double[] {1e300}, null);
    assertFalse(new UlpErrors(Format.FLOAT32, judgement).isTight());
    assertFalse(judgement.isSettled());
    assertEquals(Ruling.UNDECIDED, judgement.ruling());
  }

  @Test
  void textNamesBothEndsUnlessTheyAgree() {
    assertEquals("12.35", new Bounds(12.3449, 12.345).text(0));
    assertEquals("between 12 and 13", new Bounds(12, 13).text(0));
    assertEquals("≤ 9.314e-10", new Bounds(0, 0x1p-30).text(1e-3));
    assertEquals("0", Bounds.ZERO.text(0));
    assertEquals("between 0 and ∞", Bounds.UNKNOWN.text(0));
    assertEquals("∞", Bounds.INFINITE.text(0));
    assertEquals("1.235e20", new Bounds(1.2345e20, 1.2345e20).text(0));
  }
}
