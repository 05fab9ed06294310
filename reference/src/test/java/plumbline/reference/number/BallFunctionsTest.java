package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Duration;
import org.apache.commons.math3.fraction.BigFraction;
import org.apfloat.Apfloat;
import org.apfloat.ApfloatMath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import plumbline.reference.number.BallSamples.Exact;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;

/** exp, log, softmax and π against apfloat, and against themselves at higher precision. */
class BallFunctionsTest {
  static int[] bits() {
    return BallSamples.BITS;
  }

  /** Asserts that entry {@code e} contains a number that apfloat knows to {@code digits − 8} digits. */
  private static void assertHolds(String what, BallMatrix r, int e, Apfloat value, int digits) {
    if (BallSamples.isWhole(r, e)) {
      return;
    }
    Apfloat slack = ApfloatMath.abs(value).multiply(ApfloatMath.pow(new Apfloat(10, digits), 8 - digits));
    assertTrue(BallSamples.lower(r, e).apfloat(digits + 20).compareTo(value.add(slack)) <= 0
        && BallSamples.upper(r, e).apfloat(digits + 20).compareTo(value.subtract(slack)) >= 0,
        () -> what + " is " + value + ", not in " + r.balls().toString(e));
  }

  /** Digits with which {@link #assertHolds} sees a thousandth of an ulp. */
  private static int digits(int bits) {
    return (int) (bits * 0.302) + 16 + 8;
  }

  @ParameterizedTest
  @MethodSource("bits")
  void expAgreesWithApfloat(int bits) {
    BallSamples samples = new BallSamples(bits + 4, bits);
    for (int n = 0; n < (bits > 1000 ? 8 : 32); n++) {
      BallMatrix a = argument(samples, n);
      BallMatrix r = a.exp();
      for (Exact x : samples.points(a, 0)) {
        // Only arguments that apfloat can hold; the others are below.
        if (x.m().signum() == 0 || Math.abs(x.e() + x.m().bitLength()) < 20) {
          // The argument's integer digits are lost to apfloat's own reduction.
          int digits = digits(bits) + 10;
          Apfloat value = x.m().signum() == 0 ? new Apfloat(1, digits) : ApfloatMath.exp(x.apfloat(digits));
          assertHolds("exp " + x, r, 0, value, digits - 8);
        }
      }
      assertTrue(BallSamples.isWhole(r, 0) || r.signOfLower(0, 0) >= 0);
    }
  }

  /** Balls whose midpoint is moderate, with any radius. */
  private static BallMatrix argument(BallSamples samples, int n) {
    BallMatrix a;
    do {
      a = samples.ball(5, false);
    } while (a.balls().exponent(0) > 22 || a.balls().exponent(0) < -4 * samples.system.bits() - 100);
    return a;
  }

  @ParameterizedTest
  @MethodSource("bits")
  void logAgreesWithApfloat(int bits) {
    BallSamples samples = new BallSamples(bits + 5, bits);
    for (int n = 0; n < (bits > 1000 ? 8 : 32); n++) {
      BallMatrix a = samples.ball(n % 2 == 0 ? 50 : 2000, false).abs();
      if (n % 5 == 0) {
        // Next to 1, where the logarithm cancels.
        a = samples.system.lift(1).plus(BallContainmentTest.power(samples.system, -n * (bits - 1) / 36));
        assertNarrow(a.log(), 0, bits, 1);
      }
      BallMatrix r = a.log();
      for (Exact x : samples.points(a, 0)) {
        if (x.m().signum() <= 0) {
          assertTrue(BallSamples.isWhole(r, 0));
        } else if (x.compareTo(Exact.of(1, 0)) == 0) {
          BallSamples.assertContains("log 1", r, 0, Exact.of(0, 0));
        } else {
          // Twice the digits: apfloat does not look after cancellation next to 1.
          Apfloat value = ApfloatMath.log(x.apfloat(2 * digits(bits)));
          assertHolds("log " + x, r, 0, value.precision(digits(bits)), digits(bits));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("bits")
  void piAgreesWithApfloat(int bits) {
    BallMatrix pi = Ball.of(bits).pi();
    assertHolds("π", pi, 0, ApfloatMath.pi(digits(bits)), digits(bits));
    assertNarrow(pi, 0, bits, 1);
  }

  /** Asserts a radius of at most {@code ulps} half ulps and a little. */
  private static void assertNarrow(BallMatrix r, int e, int bits, int halfUlps) {
    if (!BallSamples.isExact(r, e)) {
      Exact mid = BallSamples.exact(r.balls().midpoint(e)).abs();
      Exact radius = BallSamples.exact(r.balls().radius(e));
      // An ulp is 2^(1 − bits) of the least mantissa.
      assertTrue(radius.times(Exact.of(16, bits)).compareTo(mid.times(Exact.of(17L * halfUlps, 0))) <= 0,
          () -> r.balls().toString(e) + " is wide");
    }
  }

  @ParameterizedTest
  @MethodSource("bits")
  void exactArgumentsGiveHalfAnUlp(int bits) {
    BallSamples samples = new BallSamples(bits + 6, bits);
    for (int n = 0; n < (bits > 1000 ? 20 : 100); n++) {
      Exact x = new Exact(new BigInteger(bits, samples.random).setBit(0), samples.random.nextInt(40) - 20L - bits);
      BallMatrix a = samples.system.lift(x.fraction());
      assertTrue(BallSamples.isExact(a, 0));
      BallMatrix b = samples.system.lift(3);
      for (BallMatrix r : new BallMatrix[] {a.exp(), a.negate().exp(), a.log(), a.sqrt(), a.dividedBy(b), a.hadamard(b),
          a.square(), a.plus(b)}) {
        assertNarrow(r, 0, bits, 1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 24, 64, 113, 333, 1200, 1700})
  void lowPrecisionMeetsHighPrecision(int bits) {
    BallSamples samples = new BallSamples(bits + 7, bits);
    Ball high = Ball.of(4 * bits + 20);
    for (int n = 0; n < (bits > 1000 ? 30 : 2000); n++) {
      Exact x = samples.number(n % 3 == 0 ? 61 : 8);
      if (x.m().signum() == 0 || x.e() + x.m().bitLength() > 300) {
        continue;
      }
      BallMatrix a = samples.system.lift(x.fraction());
      BallMatrix b = high.lift(x.fraction());
      BallSamples.assertMeets("exp " + x, a.exp(), b.exp(), 0);
      BallSamples.assertMeets("log " + x, a.abs().log(), b.abs().log(), 0);
      BallSamples.assertMeets("sqrt " + x, a.abs().sqrt(), b.abs().sqrt(), 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 53, 128, 1000})
  void extremesStaySoundAndQuick(int bits) {
    assertTimeout(Duration.ofSeconds(5), () -> {
      Ball system = Ball.of(bits);
      BallMatrix huge = system.lift(BigFraction.TWO.pow(100));
      for (int n = 0; n < 1000; n++) {
        assertTrue(BallSamples.isWhole(huge.exp(), 0));
      }
      BallMatrix tiny = huge.negate().exp();
      assertTrue(tiny.signOfLower(0, 0) == 0 && tiny.signOfUpper(0, 0) == 1);
      assertTrue(tiny.balls().end(0, 1, 1000).top() < -(1L << 59));
      assertEquals(BigFraction.ZERO, tiny.enclosure(0, 0).lower());
      // The product of two exponentials whose exponents nearly fill the range.
      BallMatrix large = system.lift(BigFraction.TWO.pow(59)).exp();
      assertFalse(BallSamples.isWhole(large, 0));
      assertTrue(BallSamples.isWhole(large.square(), 0));
      assertEquals(Interval.WHOLE, large.square().enclosure(0, 0));
      BallMatrix small = system.lift(BigFraction.TWO.pow(59)).negate().exp();
      assertTrue(small.signOfLower(0, 0) > 0);
      BallMatrix vanished = small.square();
      assertTrue(vanished.signOfLower(0, 0) <= 0 && vanished.signOfUpper(0, 0) > 0);
      // log undoes exp, near the ends of the range as well.
      BallSamples.assertMeets("log exp", large.log(), system.lift(BigFraction.TWO.pow(59)), 0);
      BallSamples.assertMeets("log exp", small.log(), system.lift(BigFraction.TWO.pow(59)).negate(), 0);
      BallMatrix whole = system.lift(1).dividedBy(system.lift(0));
      for (BallMatrix r : new BallMatrix[] {whole, whole.exp(), whole.log(), whole.sqrt(), whole.square(), whole.abs(),
          whole.relu(), whole.plus(large), large.minus(whole), whole.hadamard(small), large.dividedBy(whole),
          whole.max(large), whole.beside(large).maxOfRows(), whole.beside(large).sumOfRows(), system.lift(-1).sqrt(),
          system.lift(-1).log(), system.lift(0).log()}) {
        assertEquals(Interval.WHOLE, r.enclosure(0, 0));
        assertEquals(-1, r.signOfLower(0, 0));
        assertEquals(1, r.signOfUpper(0, 0));
      }
      assertEquals(Interval.point(BigFraction.ZERO), whole.hadamard(system.lift(0)).enclosure(0, 0));
      BallMatrix p = whole.beside(system.lift(3)).beside(huge).beside(huge.negate()).softmaxRows();
      for (int j = 0; j < 4; j++) {
        assertTrue(p.signOfLower(0, j) >= 0 && !BallSamples.isWhole(p, j));
        BallSamples.assertContains("p", p, j, Exact.of(0, 0));
        assertTrue(BallSamples.upper(p, j).compareTo(Exact.of(2, 0)) < 0);
      }
      BallSamples.assertContains("p of the whole line", p, 0, Exact.of(1, 0));
      BallSamples.assertContains("p of 2^100", p, 2, Exact.of(1, 0));
      assertTrue(p.balls().end(0, 1, 1000).compareTo(Dyadic.ONE) >= 0);
      assertTrue(p.balls().end(1, 1, 1000).top() < -1000);
    });
  }

  @ParameterizedTest
  @MethodSource("bits")
  void exactResultsHaveNoRadius(int bits) {
    Ball system = Ball.of(bits);
    BallMatrix three = system.lift(3);
    BallMatrix two = system.lift(2);
    assertPoint(new BigFraction(2), system.lift(6).dividedBy(three));
    assertPoint(new BigFraction(3, 2), three.dividedBy(two));
    assertPoint(new BigFraction(3, 2), three.square().dividedBy(system.lift(4)).sqrt(), bits > 3);
    assertPoint(new BigFraction(3, 2), system.lift(new BigFraction(9, 4)).sqrt(), bits > 3);
    assertPoint(BigFraction.ONE, system.lift(0).exp());
    assertPoint(BigFraction.ZERO, system.lift(1).log());
    assertPoint(BigFraction.ZERO, three.minus(three));
    assertPoint(BigFraction.ONE, system.lift(new BigFraction(1, 3)).softmaxRows());
    assertPoint(BigFraction.ONE_HALF, three.beside(three).softmaxRows());
    assertPoint(BigFraction.ZERO, system.lift(-3).relu());
    assertPoint(new BigFraction(3), system.lift(-3).abs());
    assertPoint(new BigFraction(3), system.lift(-3).max(three));
    assertPoint(BigFraction.ZERO, system.lift(ExactMatrix.zeros(1, 0)).times(system.lift(ExactMatrix.zeros(0, 1))));
    BigFraction least = ExactMatrix.fraction(Double.MIN_VALUE);
    assertPoint(least, system.lift(ExactMatrix.of(1, 1, Double.MIN_VALUE)));
    assertPoint(least.negate(), system.lift(ExactMatrix.of(1, 1, -Double.MIN_VALUE)));
    assertPoint(least.multiply(least), system.lift(ExactMatrix.of(1, 1, -Double.MIN_VALUE)).square());
    assertPoint(ExactMatrix.fraction(Double.MAX_VALUE), system.lift(ExactMatrix.of(1, 1, Double.MAX_VALUE)), bits >= 53);
    // A third is not exact, and within half an ulp.
    BallMatrix third = system.lift(new BigFraction(1, 3));
    assertFalse(BallSamples.isExact(third, 0));
    assertTrue(third.enclosure(0, 0).contains(new BigFraction(1, 3)));
    assertNarrow(third, 0, bits, 1);
  }

  private static void assertPoint(BigFraction value, BallMatrix r) {
    assertPoint(value, r, true);
  }

  private static void assertPoint(BigFraction value, BallMatrix r, boolean representable) {
    Interval interval = r.enclosure(0, 0);
    assertTrue(interval.contains(value));
    assertEquals(representable, interval.isPoint(), r::toString);
  }

  @ParameterizedTest
  @MethodSource("bits")
  void enclosesExactEnds(int bits) {
    BallSamples samples = new BallSamples(bits + 8, bits);
    for (int n = 0; n < (bits > 1000 ? 40 : 200); n++) {
      BigFraction x = samples.number(100).fraction().divide(BigInteger.valueOf(samples.random.nextInt(5) + 1));
      BigFraction y = samples.number(100).fraction().divide(BigInteger.valueOf(samples.random.nextInt(5) + 1));
      BigFraction low = x.compareTo(y) <= 0 ? x : y;
      BigFraction high = x.compareTo(y) <= 0 ? y : x;
      BallMatrix r = samples.system.enclose(BallSamples.matrix(low), BallSamples.matrix(high));
      Interval interval = r.enclosure(0, 0);
      assertTrue(interval.contains(new Interval(low, high)));
      assertTrue(low.compareTo(BigFraction.ZERO) < 0 || r.signOfLower(0, 0) >= 0, "a known sign is lost");
      assertTrue(high.compareTo(BigFraction.ZERO) > 0 || r.signOfUpper(0, 0) <= 0, "a known sign is lost");
      // No wider than the ends ask, but for roundings: half an ulp of the midpoint and one of the radius.
      BigFraction width = interval.upper().subtract(interval.lower());
      BigFraction allowed = high.subtract(low).add(
          (low.compareTo(BigFraction.ZERO) < 0 && high.compareTo(high.negate().add(high).subtract(low)) < 0
              ? low.negate() : high).multiply(new BigFraction(9, 4)).divide(BigFraction.TWO.pow(Math.min(bits - 1, 20))));
      assertTrue(width.compareTo(allowed) <= 0 || bits < 4, () -> r + " is wide for " + low + ", " + high);
    }
  }

  @Test
  void radiiShrinkAsBitsGrow() {
    long last = Long.MAX_VALUE;
    for (int bits : new int[] {8, 24, 53, 64, 128, 333, 1000, 3000}) {
      Ball system = Ball.of(bits);
      ExactMatrix exact = ExactMatrix.of(2, 2, new BigFraction(1, 3), new BigFraction(-7, 5), new BigFraction(22, 7),
          new BigFraction(1, 1000));
      BallMatrix x = system.lift(exact).scaledBy(system.pi());
      BallMatrix r = x.times(x).exp().plus(system.lift(ExactMatrix.ones(2, 2))).log().sqrt()
          .dividedBy(x.square()).softmaxRows().max(x.relu()).abs().maxOfRows().minus(x.beside(x.negate()).sumOfRows());
      long now = r.radiusExponent();
      assertTrue(now < last && now < 24 - bits, bits + " bits: radius 2^" + now);
      last = now;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 24, 53, 64, 128, 333, 1000})
  void softmaxContains(int bits) {
    BallSamples samples = new BallSamples(bits + 9, bits);
    Ball high = Ball.of(4 * bits + 200);
    for (int n = 0; n < (bits > 500 ? 15 : 80); n++) {
      int m = 1 + samples.random.nextInt(4);
      BallMatrix z = samples.system.lift(ExactMatrix.zeros(0, 1));
      for (int j = 0; j < m; j++) {
        z = z.above(softmaxArgument(samples, n));
      }
      z = z.transpose();
      BallMatrix p = z.softmaxRows();
      for (int trial = 0; trial < 6; trial++) {
        BigFraction[] point = new BigFraction[m];
        for (int j = 0; j < m; j++) {
          Exact[] points = samples.points(z, j);
          // The ends matter most: low here and high elsewhere, and the other way round.
          point[j] = points[trial < 4 && points.length > 1 ? (trial + (j == 0 ? 1 : 0)) % 2
              : samples.random.nextInt(points.length)].fraction();
        }
        BallMatrix e = high.lift(ExactMatrix.of(1, m, point)).exp();
        BallMatrix q = e.dividedBy(e.sumOfRows().broadcast(1, m));
        for (int j = 0; j < m; j++) {
          BallSamples.assertMeets("softmax", p, q, j);
        }
      }
    }
  }

  private static BallMatrix softmaxArgument(BallSamples samples, int n) {
    BallMatrix a = argument(samples, n);
    while (!BallSamples.isExact(a, 0) && a.radiusExponent() > 14 || a.balls().exponent(0) > 14) {
      a = argument(samples, n);
    }
    return a;
  }

  /** The least of the p_j has as many digits as the largest. */
  @ParameterizedTest
  @ValueSource(ints = {24, 53, 128, 333, 1000})
  void softmaxKeepsTheRelativeAccuracyOfTheLeast(int bits) {
    Ball system = Ball.of(bits);
    BallMatrix z = system.lift(ExactMatrix.ofIntegers(1, 5, 0, -9210, 3, -300_000, 1));
    BallMatrix p = z.softmaxRows();
    for (int j = 0; j < 5; j++) {
      assertNarrow(p, j, bits, 1);
    }
    assertTrue(p.balls().end(0 + 1, 1, 1000).top() < -13_280, "10^−4000");
    assertTrue(p.signOfLower(0, 3) > 0);
    BallSamples.assertContains("row sum", p.sumOfRows(), 0, Exact.of(1, 0));
    // Exact arguments far from zero: only their differences count.
    BigFraction far = BigFraction.TWO.pow(bits - 20);
    BallMatrix shifted = z.plus(system.lift(far).broadcast(1, 5)).softmaxRows();
    for (int j = 0; bits >= 53 && j < 5; j++) {
      assertEquals(BallSamples.interval(p, j), BallSamples.interval(shifted, j));
    }
  }

  /** With wide arguments the bounds are those of the formula, not of exp, sum and quotient in sequence. */
  /** Each inverse tangent is within its 2 units of what the same series gives 300 bits further. */
  @ParameterizedTest
  @ValueSource(ints = {26, 57, 239, 12943})
  void seriesOfTheConstantsReachTheirPrecision(int n) {
    for (boolean alternating : new boolean[] {false, true}) {
      for (int w = 64; w < 4000; w += 97) {
        BigInteger further = FixedPoint.inverse(n, alternating, w + 300).shiftRight(300);
        BigInteger off = FixedPoint.inverse(n, alternating, w).subtract(further).abs();
        assertTrue(off.compareTo(BigInteger.valueOf(3)) <= 0, () -> "off by " + off);
      }
    }
  }

  /** The bounds of e^x bound it on their side, though the error that they allow for is far below an ulp. */
  @ParameterizedTest
  @ValueSource(ints = {24, 64, 333, 2000, 7000})
  void boundsOfExpKeepTheirSide(int bits) {
    BallSamples samples = new BallSamples(bits + 11, bits);
    BallKernel low = new BallKernel(bits);
    BallKernel high = new BallKernel(bits + 400);
    for (int n = 0; n < (bits > 1000 ? 20 : 300); n++) {
      Dyadic x = new Dyadic(new BigInteger(bits, samples.random).subtract(BigInteger.ONE.shiftLeft(bits - 1)),
          samples.random.nextInt(30) - 10L - bits);
      for (int side : new int[] {-1, 1}) {
        Dyadic bound = low.expBound(x, side);
        Dyadic other = high.expBound(x, -side);
        assertTrue(bound != null && other != null && side * bound.compareTo(other) >= 0, x::toString);
      }
    }
  }

  @Test
  void squareRootsOfIntegersAreExact() {
    BallSamples samples = new BallSamples(10, 64);
    for (int n = 0; n < 5000; n++) {
      BigInteger r = new BigInteger(1 + samples.random.nextInt(n % 50 == 0 ? 4000 : 200), samples.random);
      BigInteger x = switch (n % 4) {
        case 0 -> r.multiply(r);
        case 1 -> r.multiply(r).subtract(BigInteger.ONE).max(BigInteger.ZERO);
        case 2 -> r.multiply(r).add(r.shiftLeft(1));
        default -> r;
      };
      BigInteger[] root = FixedPoint.sqrt(x);
      assertEquals(x.sqrt(), root[0]);
      assertEquals(x, root[0].multiply(root[0]).add(root[1]));
    }
  }

  @Test
  void softmaxIsTight() {
    Ball system = Ball.of(128);
    BallMatrix z = system.enclose(ExactMatrix.ofIntegers(1, 2, -1, -1), ExactMatrix.ofIntegers(1, 2, 1, 1));
    BallMatrix p = z.softmaxRows();
    // p_0 from 1/(1 + e²) to 1/(1 + e^−2).
    BallMatrix e2 = system.lift(2).exp();
    BallMatrix one = system.lift(1);
    for (int j = 0; j < 2; j++) {
      Exact low = BallSamples.lower(one.dividedBy(one.plus(e2)), 0);
      Exact high = BallSamples.upper(e2.dividedBy(one.plus(e2)), 0);
      Exact tolerance = Exact.of(1, -21);
      assertTrue(BallSamples.lower(p, j).plus(tolerance).compareTo(low) >= 0);
      assertTrue(BallSamples.upper(p, j).plus(tolerance.negate()).compareTo(high) <= 0);
    }
  }

  @Test
  void tenThousandDigits() {
    int bits = 33_220;
    Ball system = Ball.of(bits);
    BallMatrix x = system.lift(new BigFraction(22, 7));
    assertHolds("exp", x.exp(), 0, ApfloatMath.exp(new Apfloat(22, 10_030).divide(new Apfloat(7, 10_030))), 10_020);
    assertHolds("log", x.log(), 0, ApfloatMath.log(new Apfloat(22, 10_030).divide(new Apfloat(7, 10_030))), 10_020);
    assertNarrow(system.lift(3).sqrt().log().exp(), 0, bits, 64);
    assertHolds("π", system.pi(), 0, ApfloatMath.pi(10_020), 10_020);
    BallMatrix row = x.beside(system.pi());
    BallSamples.assertMeets("times", row.times(row.transpose()), x.square().plus(system.pi().square()), 0);
  }
}
