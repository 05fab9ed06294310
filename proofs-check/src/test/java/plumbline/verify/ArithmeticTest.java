package plumbline.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.number.Ball;
import plumbline.reference.number.BallMatrix;
import plumbline.spec.number.ExactMatrix;

class ArithmeticTest {
  private static final Arithmetic EXACT = at(0);
  private static final String E = "2.71828182845904523536028747135266249775724709369995957496696762772407663035354759457138217";
  private static final String LN2 = "0.69314718055994530941723212145817656807550013436025525412068000949339362196969471560586332";
  private static final String ROOT2 = "1.41421356237309504880168872420969807856967187537694807317667973799073247846210703885038753";
  private static final String PI = "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482";

  private static Arithmetic at(int bits) {
    return new Arithmetic(bits, new double[] {1e9});
  }

  private static Interval number(long p, long q) {
    return Interval.of(Fraction.of(p).over(Fraction.of(q)));
  }

  /** The interval holds a number whose digits are these and some more, and is as narrow as its bits let one expect. */
  private static void assertEncloses(String digits, Interval interval, int bits) {
    BigDecimal low = new BigDecimal(digits);
    Arithmetic fine = at(1024);
    assertTrue(interval.isAtMost(fine.decimal(low.add(low.ulp()))), digits);
    assertTrue(fine.decimal(low).isAtMost(interval), digits);
    assertNarrow(interval, bits);
  }

  private static void assertNarrow(Interval interval, int bits) {
    Fraction width = interval.hi().plus(interval.lo().negate());
    Fraction size = interval.hi().signum() > 0 ? interval.hi() : interval.lo().negate();
    assertTrue(width.signum() >= 0);
    assertTrue(width.compareTo(size.scaled(8 - bits)) <= 0, () -> "too wide at " + bits + " bits: " + interval);
  }

  @Test
  void constantsHaveTheirKnownDigits() {
    for (int bits : new int[] {128, 256, 1024, 4096}) {
      Arithmetic a = at(bits);
      assertOverlaps(E, a.exp(Interval.of(1)), bits);
      assertOverlaps(LN2, a.log(Interval.of(2)), bits);
      assertOverlaps(ROOT2, a.sqrt(Interval.of(2)), bits);
      assertOverlaps(PI, a.pi(), bits);
    }
    assertEncloses(E, at(1024).exp(Interval.of(1)), 1024);
    assertEncloses(PI, at(1024).pi(), 1024);
    assertEncloses(LN2, at(1024).log(Interval.of(2)), 1024);
    assertEncloses(ROOT2, at(1024).sqrt(Interval.of(2)), 1024);
  }

  private static void assertOverlaps(String digits, Interval interval, int bits) {
    BigDecimal low = new BigDecimal(digits);
    Interval known = new Interval(at(1024).decimal(low).lo(), at(1024).decimal(low.add(low.ulp())).hi());
    assertTrue(!known.isBelow(interval) && !interval.isBelow(known), digits + " at " + bits);
    assertNarrow(interval, bits);
  }

  @Test
  void functionsAgreeWithPlumblinesEnclosures() {
    Random random = new Random(3);
    for (int n = 0; n < 90; n++) {
      long p = random.nextLong() >> random.nextInt(63);
      long q = 1 + (random.nextLong() >>> 1 + random.nextInt(62));
      BigFraction x = new BigFraction(BigInteger.valueOf(p), BigInteger.valueOf(q));
      int bits = List.of(128, 256, 512).get(n % 3);
      if (x.abs().compareTo(new BigFraction(1 << 20)) < 0) {
        assertMeets(at(bits).exp(at(bits).hull(number(p, q).lo())), ball(x).exp(), "exp", x);
      }
      if (p > 0) {
        assertMeets(at(bits).log(at(bits).hull(number(p, q).lo())), ball(x).log(), "log", x);
        assertMeets(at(bits).sqrt(at(bits).hull(number(p, q).lo())), ball(x).sqrt(), "sqrt", x);
      }
    }
  }

  private static BallMatrix ball(BigFraction x) {
    return Ball.of(700).lift(ExactMatrix.of(1, 1, x));
  }

  /** Both hold the true value, so they meet; and Plumbline's, which is much narrower, lies in the checker's. */
  private static void assertMeets(Interval ours, BallMatrix theirs, String what, BigFraction x) {
    plumbline.spec.number.Interval enclosure = theirs.enclosure(0, 0);
    Interval other = new Interval(fraction(enclosure.lower()), fraction(enclosure.upper()));
    assertTrue(ours.lo().compareTo(other.lo()) <= 0 && other.hi().compareTo(ours.hi()) <= 0 || other.lo().equals(other.hi()),
        () -> what + " of " + x + ": " + ours + " and " + other);
    assertTrue(!other.isBelow(ours) && !ours.isBelow(other), () -> what + " of " + x);
  }

  private static Fraction fraction(BigFraction value) {
    return new Fraction(value.getNumerator(), value.getDenominator(), 0);
  }

  /** For every choice of points in the operands, the result of exact arithmetic lies in the rounded interval. */
  @Test
  void operationsHoldTheResultsOfAllPointsInTheirOperands() {
    Random random = new Random(5);
    Arithmetic a = at(16); // rounds hard
    for (int n = 0; n < 2000; n++) {
      Fraction[] x = sorted(random);
      Fraction[] y = sorted(random);
      Interval u = new Interval(x[0], x[2]);
      Interval v = new Interval(y[0], y[2]);
      for (Fraction p : x) {
        unary(a::negate, EXACT::negate, u, p);
        unary(a::square, EXACT::square, u, p);
        unary(a::abs, EXACT::abs, u, p);
        unary(a::relu, EXACT::relu, u, p);
        for (Fraction q : y) {
          binary(a::plus, EXACT::plus, u, v, p, q);
          binary(a::minus, EXACT::minus, u, v, p, q);
          binary(a::times, EXACT::times, u, v, p, q);
          binary(a::max, EXACT::max, u, v, p, q);
          if (v.lo().signum() * v.hi().signum() > 0) {
            binary(a::dividedBy, EXACT::dividedBy, u, v, p, q);
          } else {
            assertThrows(Rejection.class, () -> a.dividedBy(u, v));
          }
        }
      }
    }
  }

  private static Fraction[] sorted(Random random) {
    Fraction[] x = new Fraction[3];
    for (int i = 0; i < 3; i++) {
      long p = random.nextInt(4) == 0 ? 0 : random.nextInt() >> random.nextInt(31);
      x[i] = Fraction.of(p).over(Fraction.of(1 + random.nextInt(1000))).scaled(random.nextInt(120) - 60);
    }
    Arrays.sort(x);
    return x;
  }

  private static void unary(UnaryOperator<Interval> op, UnaryOperator<Interval> exact, Interval x, Fraction p) {
    assertHolds(op.apply(x), exact.apply(Interval.of(p)));
  }

  private static void binary(BinaryOperator<Interval> op, BinaryOperator<Interval> exact, Interval x, Interval y, Fraction p,
      Fraction q) {
    assertHolds(op.apply(x, y), exact.apply(Interval.of(p), Interval.of(q)));
  }

  private static void assertHolds(Interval interval, Interval point) {
    assertEquals(0, point.lo().compareTo(point.hi()));
    assertTrue(interval.lo().compareTo(point.lo()) <= 0 && point.hi().compareTo(interval.hi()) <= 0,
        () -> interval + " does not hold " + point);
  }

  @Test
  void functionsUndoEachOtherAtAnyMagnitude() {
    for (Arithmetic a : List.of(at(128), at(256))) {
      for (long k : new long[] {-(1L << 40), -1_000_000, -1100, -1, 0, 1, 1100, 1_000_000, 1L << 40}) {
        Interval x = Interval.of(Fraction.of(3).scaled(k));
        for (Interval back : List.of(a.exp(a.log(x)), a.square(a.sqrt(x)))) {
          assertHolds(back, x);
        }
      }
      for (long n : new long[] {-50_000, -1, 1, 50_000, 1L << 30}) {
        assertHolds(a.log(a.exp(Interval.of(n))), Interval.of(n));
      }
    }
    // e^−50000 = 1.0…e−21715 lies between powers of ten
    Interval tiny = at(128).exp(Interval.of(-50_000));
    assertTrue(at(128).decimal(new BigDecimal("1e-21715")).isBelow(tiny)
        && tiny.isBelow(at(128).decimal(new BigDecimal("1e-21714"))));
  }

  @Test
  void whatIsRationalIsExact() {
    assertEquals(Interval.of(1), EXACT.exp(Interval.of(0)));
    assertEquals(Interval.of(0), EXACT.log(Interval.of(1)));
    assertHolds(EXACT.sqrt(EXACT.hull(number(9, 50).lo().times(Fraction.of(2)))), number(3, 5));
    for (UnaryOperator<Interval> op : List.<UnaryOperator<Interval>>of(EXACT::exp, EXACT::log, EXACT::sqrt)) {
      assertThrows(Rejection.class, () -> op.apply(Interval.of(2)));
    }
    assertThrows(Rejection.class, () -> EXACT.sqrt(EXACT.hull(number(1, 3).lo())));
    assertThrows(Rejection.class, EXACT::pi);
    Interval around = new Interval(Fraction.of(-2), Fraction.of(1));
    assertEquals(0, at(128).abs(around).lo().signum());
    assertEquals(0, at(128).square(around).lo().signum());
    Interval seven = at(128).sqrt(Interval.of(49));
    assertTrue(seven.isAtMost(Interval.of(7)) && Interval.of(7).isAtMost(seven));
  }

  @Test
  void argumentsOutsideTheDomainAreRefused() {
    Arithmetic a = at(128);
    Interval aroundZero = new Interval(Fraction.of(-1), Fraction.of(1));
    for (Interval x : List.of(aroundZero, Interval.of(-1))) {
      boolean certain = x != aroundZero;
      assertEquals(certain, assertThrows(Rejection.class, () -> a.log(x)).isFinal);
      assertEquals(certain, assertThrows(Rejection.class, () -> a.sqrt(x)).isFinal);
    }
    assertThrows(Rejection.class, () -> a.log(Interval.of(0)));
    assertEquals(false, assertThrows(Rejection.class, () -> a.dividedBy(Interval.of(1), aroundZero)).isFinal);
    assertEquals(true, assertThrows(Rejection.class, () -> a.dividedBy(Interval.of(1), Interval.of(0))).isFinal);
    assertThrows(Rejection.class, () -> a.exp(Interval.of(1L << 49)));
    assertThrows(Rejection.class, () -> a.exp(Interval.of(-(1L << 49))));
    assertThrows(Rejection.class, () -> new Arithmetic(128, new double[] {0}).plus(Interval.of(1), Interval.of(1)));
  }
}
