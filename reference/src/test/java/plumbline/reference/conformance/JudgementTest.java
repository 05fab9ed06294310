package plumbline.reference.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.envelope.Format;
import plumbline.reference.number.Ball;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Rational;
import plumbline.reference.number.Rounding;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.ShapeException;

class JudgementTest {
  private static final BigFraction THIRD = new BigFraction(1, 3);

  private static Certified<?> row(CertifiedSystem<?> system, BigFraction... values) {
    return system.lift(ExactMatrix.of(1, values.length, values));
  }

  private static Certified<?> row(double... values) {
    return Ball53.INSTANCE.lift(ExactMatrix.of(1, values.length, values));
  }

  private static double[] of(double... values) {
    return values;
  }

  @Test
  void theBorderItselfIsRounding() {
    double next = Math.nextUp(0.25);
    Judgement judgement = Judge.judge(of(1.25, 1.25, 0.75, 0.75), row(1, 1, 1, 1), of(0.25, Math.nextDown(0.25), 0.25,
        next), null);
    assertEquals(Ruling.ROUNDING, judgement.ruling(0));
    assertEquals(Ruling.BUG, judgement.ruling(1));
    assertEquals(Ruling.ROUNDING, judgement.ruling(2));
    assertEquals(Ruling.ROUNDING, judgement.ruling(3));
    assertEquals(Ruling.BUG, judgement.ruling());
    assertEquals(1, judgement.worst());
    assertEquals(1, judgement.count(Ruling.BUG));
    assertEquals(new Bounds(1, 1), judgement.share(0));
    assertTrue(judgement.isSettled());
    assertNull(judgement.reason());
  }

  @Test
  void anEnclosureThatTouchesTheEnvelopeIsOpen() {
    Certified<?> exact = Ball53.INSTANCE.enclose(ExactMatrix.of(1, 2, 0.5, 4), ExactMatrix.of(1, 2, 1, 4.0));
    assertEquals(Ruling.UNDECIDED, Judge.judge(of(1.25, 4), exact, of(0.25, 1), null).ruling(0));
    assertEquals(Ruling.BUG, Judge.judge(of(1.25, 4), exact, of(Math.nextDown(0.25), 1), null).ruling(0));
    assertEquals(Ruling.UNDECIDED, Judge.judge(of(1.25, 4), exact, of(Math.nextDown(0.75), 1), null).ruling(0));
    assertEquals(Ruling.ROUNDING, Judge.judge(of(1.25, 4), exact, of(0.75, 1), null).ruling(0));
  }

  @Test
  void aBorderThatNoDoubleShowsIsDecidedInRationals() {
    // v = 1/3, y = 1 and errors just below and above 2/3: both at distances that directed doubles cannot tell from 2/3.
    double below = Rounding.down(new BigFraction(2, 3));
    double above = Rounding.up(new BigFraction(2, 3));
    for (CertifiedSystem<?> system : new CertifiedSystem<?>[] {Rational.INSTANCE, Ball.of(200)}) {
      Judgement judgement = Judge.judge(of(1, 1), row(system, THIRD, THIRD), of(below, above), null);
      assertEquals(Ruling.BUG, judgement.ruling(0));
      assertEquals(above < 1 && Rounding.up(THIRD) > above ? Ruling.ROUNDING : Ruling.UNDECIDED, judgement.ruling(1));
    }
    // With 1 beside it the envelope says something.
    Judgement judgement = Judge.judge(of(1, 1), row(Rational.INSTANCE, THIRD, BigFraction.ONE), of(above, 0), null);
    assertEquals(Ruling.ROUNDING, judgement.ruling());
    // A wide enclosure leaves it open.
    BigFraction margin = new BigFraction(1, 1_000_000);
    Certified<?> wide = Ball53.INSTANCE.enclose(ExactMatrix.of(1, 2, THIRD.subtract(margin), BigFraction.ONE),
        ExactMatrix.of(1, 2, THIRD.add(margin), BigFraction.ONE));
    judgement = Judge.judge(of(1, 1), wide, of(below, 0), null);
    assertEquals(Ruling.UNDECIDED, judgement.ruling());
    assertFalse(judgement.isSettled());
    assertTrue(judgement.reason().contains("not known well enough at 53 bits"));
    judgement.refine(row(Ball.of(128), THIRD, BigFraction.ONE), 128);
    assertEquals(Ruling.BUG, judgement.ruling());
    assertTrue(judgement.isSettled());
    // What is proved stays proved, whatever comes.
    judgement.refine(wide, 53);
    assertEquals(Ruling.BUG, judgement.ruling());
  }

  @Test
  void zeroErrorAsksForTheExactValue() {
    Judgement judgement = Judge.judge(of(-0.0, 3, Double.MIN_VALUE), row(0, 3, 0), of(0, 0, 0), null);
    assertEquals(Ruling.ROUNDING, judgement.ruling(0));
    assertEquals(Ruling.ROUNDING, judgement.ruling(1));
    assertEquals(Ruling.BUG, judgement.ruling(2));
    assertEquals(Bounds.INFINITE, judgement.share(2));
    assertEquals(Bounds.ZERO, judgement.share(0));
    assertEquals(Ruling.ROUNDING, Judge.judge(of(0, -0.0), row(0, 0), of(0, 0), null).ruling());
  }

  @Test
  void whatIsNoNumberIsABugWhereTheErrorIsFinite() {
    double infinity = Double.POSITIVE_INFINITY;
    double[] error = of(Double.MAX_VALUE, 1, 1, infinity, infinity, infinity);
    double[] y = of(Double.NaN, infinity, -infinity, Double.NaN, -infinity, 5);
    Judgement judgement = Judge.judge(y, row(Double.MAX_VALUE, 2, 2, 2, 2, 2), error, "exp");
    for (int e = 0; e < y.length; e++) {
      assertEquals(e < 3 ? Ruling.BUG : Ruling.UNDECIDED, judgement.ruling(e), "entry " + e);
    }
    assertEquals(Ruling.BUG, judgement.ruling());
    assertTrue(judgement.worst() < 3);
    assertEquals(Bounds.INFINITE, judgement.share());
    judgement = Judge.judge(of(Double.NaN, 2), row(2, 2), of(infinity, 1), "exp");
    assertEquals(Ruling.UNDECIDED, judgement.ruling());
    assertEquals("the model allows any result, because of exp", judgement.reason());
    assertTrue(judgement.isSettled());
  }

  @Test
  void anEnvelopeAsLargeAsTheValuesSaysNothing() {
    Judgement judgement = Judge.judge(of(1, 4), row(1, 4), of(0.5, 4), null);
    assertEquals(Ruling.ROUNDING, judgement.ruling(0));
    assertEquals(Ruling.UNDECIDED, judgement.ruling(1));
    assertEquals(Ruling.UNDECIDED, judgement.ruling());
    assertTrue(judgement.isSettled());
    assertEquals("the envelope is as large as the values", judgement.reason());
    assertEquals(Ruling.ROUNDING, Judge.judge(of(1, 4), row(1, 4), of(0.5, Math.nextDown(4.0)), null).ruling());
    assertEquals(Ruling.BUG, Judge.judge(of(1, 9), row(1, 4), of(0.5, 4), null).ruling());
    // The largest value is known only to lie around the error.
    Certified<?> around = Ball53.INSTANCE.enclose(ExactMatrix.of(1, 1, 0.75), ExactMatrix.of(1, 1, 1.25));
    judgement = Judge.judge(of(1), around, of(1), null);
    assertFalse(judgement.isSettled());
    judgement.refine(row(Math.nextUp(1.0)), 53);
    assertTrue(judgement.isSettled());
    assertEquals(Ruling.ROUNDING, judgement.ruling());
    // Around a double that is the error it stays so at any precision.
    judgement = Judge.judge(of(1 / 3.0), row(Rational.INSTANCE, THIRD), of(Rounding.down(THIRD)), null);
    assertTrue(judgement.isSettled());
    assertEquals(Ruling.UNDECIDED, judgement.ruling());
  }

  @Test
  void anUnboundedExactValueLeavesItOpen() {
    Certified<?> whole = Ball53.INSTANCE.lift(ExactMatrix.of(1, 1, 1.0)).dividedBy(Ball53.INSTANCE.lift(ExactMatrix.zeros(1,
        1)));
    Judgement judgement = Judge.judge(of(7), whole, of(1), null);
    assertEquals(Ruling.UNDECIDED, judgement.ruling());
    assertEquals(new Bounds(0, Double.POSITIVE_INFINITY), judgement.share());
    assertEquals(Ruling.BUG, Judge.judge(of(Double.NaN), whole, of(1), null).ruling());
  }

  @Test
  void tightnessIsTheMedianOverEntriesWithAnError() {
    // Ratios 8, 2, 4; the entry without error does not count, nor does the one where anything is allowed.
    Judgement judgement = Judge.judge(of(9, 12, 10, 8, 0), row(8, 8, 8, 8, 8),
        of(7.9, 7.9, 7.9, 7.9, Double.POSITIVE_INFINITY), null);
    assertEquals(3.95, judgement.tightness(), 1e-12);
    assertEquals(7.9 / 4, judgement.tightnessOfLargest(), 1e-12);
    assertTrue(Double.isNaN(Judge.judge(of(1), row(1), of(0.5), null).tightness()));
    assertTrue(Double.isNaN(Judge.judge(of(1), row(1), of(0.5), null).tightnessOfLargest()));
  }

  @Test
  void theWorstComeInOrder() {
    double[] y = of(1, 1.5, 1.25, 3, 1.125);
    Judgement judgement = Judge.judge(y, row(1, 1, 1, 1, 1), of(0.5, 0.5, 0.5, 0.5, 0.5), null);
    assertArrayEquals(new int[] {3, 1, 2}, judgement.worst(3));
    assertArrayEquals(new int[] {3, 1, 2, 4, 0}, judgement.worst(9));
    assertEquals(-1, Judge.judge(of(), Ball53.INSTANCE.lift(ExactMatrix.zeros(0, 3)), of(), null).worst());
    assertEquals(Ruling.ROUNDING, Judge.judge(of(), Ball53.INSTANCE.lift(ExactMatrix.zeros(0, 3)), of(), null).ruling());
  }

  @Test
  void rulingsAreThoseOfExactComparison() {
    Random random = new Random(5);
    int[] seen = new int[3];
    for (int i = 0; i < 3000; i++) {
      double middle = Math.scalb(random.nextGaussian(), random.nextInt(400) - 200);
      BigFraction v = ExactMatrix.fraction(middle);
      CertifiedSystem<?> system = i % 2 == 0 ? Ball53.INSTANCE : Ball.of(60);
      Certified<?> exact = row(system, i % 3 == 0 ? v.multiply(THIRD) : v, ExactMatrix.fraction(Double.MAX_VALUE));
      double y = middle * (i % 3 == 0 ? 1 / 3.0 : 1) * (1 + Math.scalb(random.nextGaussian(), -random.nextInt(60)));
      BigFraction distance = ExactMatrix.fraction(y).subtract(i % 3 == 0 ? v.multiply(THIRD) : v).abs();
      double error = switch (random.nextInt(4)) {
        case 0 -> Rounding.up(distance);
        case 1 -> Rounding.down(distance);
        default -> Rounding.nearest(distance) * (1 + Math.scalb(random.nextGaussian(), -random.nextInt(55)));
      };
      Ruling ruling = Judge.judge(of(y, Double.MAX_VALUE), exact, of(Math.abs(error), 0), null).ruling(0);
      Ruling truth = distance.compareTo(ExactMatrix.fraction(Math.abs(error))) <= 0 ? Ruling.ROUNDING : Ruling.BUG;
      seen[ruling.ordinal()]++;
      assertTrue(ruling == truth || (ruling == Ruling.UNDECIDED && i % 3 == 0), middle + " " + y + " " + error + " "
          + ruling);
    }
    assertTrue(Arrays.stream(seen).allMatch(count -> count > 100), Arrays.toString(seen));
  }

  @Test
  void ulpsInDoublesHoldThoseInRationals() {
    Random random = new Random(6);
    for (int i = 0; i < 3000; i++) {
      Format format = Format.values()[random.nextInt(5)];
      int e = Math.min(1020, random.nextInt(format.maxExponent() - format.minExponent() + 60) + format.minExponent() - 50);
      double v = i % 7 == 0 ? 0 : Math.scalb(i % 5 == 0 ? 1 : random.nextGaussian(), e);
      BigFraction value = i % 2 == 0 ? ExactMatrix.fraction(v) : ExactMatrix.fraction(v).multiply(THIRD);
      double y = format.round(Rounding.nearest(value) * (1 + Math.scalb(random.nextGaussian(), -random.nextInt(60))));
      if (!Double.isFinite(y)) {
        continue;
      }
      BigFraction width = value.abs().multiply(new BigFraction(i % 4 < 2 ? 0 : random.nextInt(64), 64));
      Certified<?> enclosure = Ball53.INSTANCE.enclose(ExactMatrix.of(1, 1, value.subtract(width)),
          ExactMatrix.of(1, 1, value.add(width)));
      UlpErrors wide = new UlpErrors(format, Judge.judge(of(y), enclosure, of(0), null));
      Bounds all = UlpError.of(format, y, enclosure.enclosure(0, 0)).ulps();
      assertTrue(wide.ulps(0).lower() <= all.lower() && all.upper() <= wide.ulps(0).upper(), format + " " + y + " ± "
          + value);
      Judgement judgement = Judge.judge(of(y), row(Ball53.INSTANCE, value), of(0), null);
      UlpErrors errors = new UlpErrors(format, judgement);
      Bounds exact = UlpError.of(format, y, Interval.point(value)).ulps();
      assertTrue(errors.ulps(0).lower() <= exact.lower() && exact.upper() <= errors.ulps(0).upper(), format + " " + y
          + " " + value);
      if (i % 2 == 0) {
        assertEquals(exact, errors.ulps(0));
      }
    }
  }

  @Test
  void sevenHundredThousandEntriesTakeASecond() {
    int n = 700_000;
    double[] v = new Random(7).doubles(n).map(u -> u - 0.5).toArray();
    double[] y = Arrays.stream(v).map(x -> (float) x).toArray();
    double[] error = Arrays.stream(v).map(x -> Math.ulp((float) x)).toArray();
    long start = System.nanoTime();
    Judgement judgement = Judge.judge(y, row(v), error, null);
    assertEquals(Ruling.ROUNDING, judgement.ruling());
    assertTrue(judgement.share().upper() <= 0.5);
    assertEquals(5, judgement.worst(5).length);
    assertTrue(System.nanoTime() - start < 3_000_000_000L, "took " + (System.nanoTime() - start) / 1e9 + " s");
  }

  @Test
  void sizesMustFit() {
    assertThrows(ShapeException.class, () -> Judge.judge(of(1), row(1, 2), of(1, 1), null));
    assertThrows(IllegalArgumentException.class, () -> Judge.judge(of(1, 2), row(1, 2), of(1), null));
  }
}
