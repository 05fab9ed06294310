package plumbline.reference.flowar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.Rational;
import plumbline.spec.number.Interval;
import plumbline.spec.number.NotExactException;
import plumbline.spec.number.ShapeException;

class UnitIntegralTest {

  private static Interval enclose(UnitIntegral.Integrand<Ball53Matrix> f, int subintervals) {
    return UnitIntegral.enclose(Ball53.INSTANCE, f, subintervals, BigFraction.ZERO).enclosure(0, 0);
  }

  private static BigFraction width(Interval interval) {
    assertTrue(interval.isFinite(), "finite");
    return interval.upper().subtract(interval.lower());
  }

  /** Contains the integral at every number of parts, and shrinks at least threefold when the parts are quadrupled. */
  private static void check(UnitIntegral.Integrand<Ball53Matrix> f, Interval integral) {
    BigFraction before = null;
    for (int n : new int[] {1, 2, 3, 5, 16, 64, 256}) {
      Interval enclosure = enclose(f, n);
      assertTrue(enclosure.contains(integral), n + " parts");
      if (n >= 64) {
        assertTrue(width(enclosure).multiply(3).compareTo(before) < 0, n + " parts");
      }
      before = n >= 16 ? width(enclosure) : null;
    }
  }

  @Test
  void containsKnownIntegralsAndConverges() {
    check(t -> t.square(), Interval.point(new BigFraction(1, 3)));
    check(t -> t.minus(t.lift(plumbline.spec.number.ExactMatrix.of(1, 1, new BigFraction(1, 3)))).abs(),
        Interval.point(new BigFraction(5, 18)));
    check(t -> t.sqrt(), Interval.point(new BigFraction(2, 3)));
    BigFraction e = BigFraction.ZERO;
    BigFraction term = BigFraction.ONE;
    for (int k = 1; k <= 40; k++) {
      term = term.divide(k);
      e = e.add(term);
    }
    check(t -> t.exp(), new Interval(e, e.add(term)));
  }

  @Test
  void constantsAreExact() {
    for (int n : new int[] {1, 2, 7, 100}) {
      assertEquals(Interval.point(BigFraction.ONE), enclose(t -> Ball53.INSTANCE.lift(1), n));
    }
  }

  @Test
  void integrandsWithoutBoundGiveNoBound() {
    Interval enclosure = enclose(t -> Ball53.INSTANCE.lift(1).dividedBy(t), 50);
    assertFalse(enclosure.isFinite());
  }

  @Test
  void piecesWithoutBoundAreHalvedFirst() {
    // bounded wherever 2t − 1/4 − t stays away from −1/2, which wide enclosures of t do not show
    UnitIntegral.Integrand<Ball53Matrix> f = t -> Ball53.INSTANCE.lift(1)
        .dividedBy(t.plus(t).minus(t).plus(Ball53.INSTANCE.lift(new BigFraction(1, 2))));
    assertFalse(enclose(f, 1).isFinite());
    assertTrue(enclose(f, 64).isFinite());
  }

  @Test
  void stopsWhenNarrowEnough() {
    AtomicInteger calls = new AtomicInteger();
    BigFraction goal = new BigFraction(1, 50);
    Interval enclosure = UnitIntegral.enclose(Ball53.INSTANCE, t -> {
      calls.incrementAndGet();
      return t.square();
    }, 100_000, goal).enclosure(0, 0);
    assertTrue(width(enclosure).compareTo(goal) <= 0);
    assertTrue(calls.get() <= 256, calls + " evaluations");
  }

  @Test
  void misuseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> enclose(t -> t, 0));
    assertThrows(ShapeException.class, () -> enclose(t -> t.above(t), 4));
    assertThrows(NotExactException.class, () -> UnitIntegral.enclose(Rational.INSTANCE, t -> t, 4, BigFraction.ZERO));
  }
}
