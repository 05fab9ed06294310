package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.apfloat.Apfloat;
import org.apfloat.ApfloatMath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import plumbline.reference.number.BallSamples.Exact;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NotExactException;

/** The logistic function, tanh and erf in every number system, against {@link Truth}. */
class SaturatingTest {
  private static final BigFraction U = Hostile.exact(0x1p-53);

  /** A function in the tested code, with bounds of its error in units of 2^−53 and of the width of its ends. */
  enum Case {
    SIGMOID(Saturating.SIGMOID, Truth.SIGMOID, 4, 1.5, 10), TANH(Saturating.TANH, Truth.TANH, 5, 2.5, 12),
    ERF(Saturating.ERF, Truth.ERF, 1.2, 0.56, 4);

    final Saturating function;
    final Truth truth;
    final BigFraction relative;
    final BigFraction absolute;
    final int ulps;

    Case(Saturating function, Truth truth, double relative, double absolute, int ulps) {
      this.function = function;
      this.truth = truth;
      this.relative = Hostile.exact(relative).multiply(U);
      this.absolute = Hostile.exact(absolute).multiply(U);
      this.ulps = ulps;
    }

    <M extends Matrix<M>> M apply(M x) {
      return switch (this) {
        case SIGMOID -> x.sigmoid();
        case TANH -> x.tanh();
        case ERF -> x.erf();
      };
    }

    double up(double x) {
      return switch (this) {
        case SIGMOID -> Directed.sigmoidUp(x);
        case TANH -> Directed.tanhUp(x);
        case ERF -> Directed.erfUp(x);
      };
    }

    double down(double x) {
      return switch (this) {
        case SIGMOID -> Directed.sigmoidDown(x);
        case TANH -> Directed.tanhDown(x);
        case ERF -> Directed.erfDown(x);
      };
    }

    int least() {
      return this == SIGMOID ? 0 : -1;
    }

    BigFraction limit(boolean upper) {
      return new BigFraction(upper ? 1 : least());
    }
  }

  /** Where algorithms change: between centres of the table, near the limits, in the subnormals. */
  private static List<Double> arguments(int random) {
    List<Double> result = new ArrayList<>();
    for (double x : new double[] {Double.MIN_VALUE, 3 * Double.MIN_VALUE, 1e-310, Double.MIN_NORMAL, 0x1p-600, 0x1p-56, 0x1p-55,
        0x1p-28, 1e-5, 0.25, 0.5, 1, 5.84, 5.9, 6, 18.7, 19.1, 22, 36.7, 40, 700, 708.5, 720, 744.4, 745.2, 800, 1e5, 1e300,
        Double.MAX_VALUE}) {
      result.addAll(List.of(x, Math.nextUp(x), Math.nextDown(x)));
    }
    for (int i = 1; i <= 6 * 64; i += 7) {
      result.addAll(List.of(i / 64.0, Math.nextDown(i / 64.0), (i + 0.5) / 64));
    }
    Random generator = new Random(20250206);
    for (int i = 0; i < random; i++) {
      result.add(i % 3 == 0 ? generator.nextDouble() * 8 : i % 3 == 1 ? Math.scalb(generator.nextDouble(), generator.nextInt(40) - 28)
          : Hostile.value(generator, Hostile.profile(generator)));
    }
    result.replaceAll(x -> generator.nextBoolean() ? -x : x);
    result.removeIf(x -> !Double.isFinite(x));
    return result;
  }

  /** The tests' own values against the apfloat library. */
  @Test
  void theTruthIsTrue() {
    for (double x : new double[] {-11.75, -0.3, 1e-20, 2, 9}) {
      Apfloat point = new Apfloat(new BigDecimal(x), 150);
      Apfloat power = ApfloatMath.exp(point);
      Apfloat[] values = {power.divide(power.add(Apfloat.ONE)),
          power.multiply(power).subtract(Apfloat.ONE).divide(power.multiply(power).add(Apfloat.ONE)), ApfloatMath.erf(point)};
      for (Case function : Case.values()) {
        BigFraction expected = Apfloats.exact(values[function.ordinal()].precision(120));
        BigFraction error = function.truth.value(Hostile.exact(x)).divide(expected).subtract(BigFraction.ONE).abs();
        assertTrue(error.compareTo(new BigFraction(BigInteger.ONE, BigInteger.TEN.pow(115))) < 0, function + " " + x);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void directedEndsHoldTheTruthTightly(Case function) {
    for (double x : arguments(700)) {
      Interval truth = function.truth.at(x);
      double up = function.up(x);
      double down = function.down(x);
      String text = function + " of " + x + ": " + down + " to " + up;
      // Beyond the limits of Truth only that they meet is known, and that is as much as 2^−200 can tell.
      assertTrue(Hostile.exact(up).compareTo(truth.lower()) >= 0 && Hostile.exact(down).compareTo(truth.upper()) <= 0, text);
      assertTrue(x == 0 || down < up, text);
      assertTrue(down >= function.least() && up <= 1, text);
      // In the subnormals, two ulps more on either side.
      int ulps = function.ulps + (Math.abs(down) < 1e-300 ? 4 : 0);
      assertTrue(up - down <= ulps * Math.ulp(Math.max(Math.abs(up), Math.abs(down))), text);
      double value = function.function.value(x);
      assertTrue(down <= value && value <= up, text + " lacks " + value);
    }
  }

  /** The bounds of the errors that the enclosures rest on, without their margins. */
  @ParameterizedTest
  @EnumSource
  void binary64IsAsAccurateAsProven(Case function) {
    for (double x : arguments(700)) {
      Interval truth = function.truth.at(x);
      BigFraction exact = truth.lower().add(truth.upper()).divide(2);
      BigFraction error = Hostile.exact(function.function.value(x)).subtract(exact).abs();
      BigFraction relative = exact.abs().multiply(function.relative);
      BigFraction bound = relative.compareTo(function.absolute) < 0 ? relative : function.absolute;
      assertTrue(error.compareTo(bound.add(Hostile.exact(2 * Double.MIN_VALUE))) <= 0,
          () -> function + " of " + x + " is off by " + error.divide(U).doubleValue() + " u");
    }
  }

  @ParameterizedTest
  @EnumSource
  void exactAndExtremeValues(Case function) {
    double middle = function == Case.SIGMOID ? 0.5 : 0;
    assertEquals(middle, function.up(0) + 0.0);
    assertEquals(middle, function.down(-0.0) + 0.0);
    assertEquals(1, function.up(Double.POSITIVE_INFINITY));
    assertEquals(function.least(), function.down(Double.NEGATIVE_INFINITY));
    assertEquals(1, function.up(50));
    assertEquals(Math.nextDown(1.0), function.down(50));
    assertEquals(Double.POSITIVE_INFINITY, function.up(Double.NaN));
    assertEquals(Double.NEGATIVE_INFINITY, function.down(Double.NaN));
    assertTrue(Double.isNaN(function.function.value(Double.NaN)));
    assertEquals(1, function.function.value(Double.POSITIVE_INFINITY));
    assertEquals(function.least(), function.function.value(Double.NEGATIVE_INFINITY));
    // Signs survive: a positive number has a value above 0 (1/2).
    assertTrue(function.down(Double.MIN_VALUE) >= 0 && function.up(-Double.MIN_VALUE) <= Math.max(middle, 1));
    if (function != Case.SIGMOID) {
      assertTrue(function.up(-Double.MIN_VALUE) <= 0);
    }
    Interval range = new Interval(function.limit(false), function.limit(true));
    assertEquals(range, function.apply(Ball53Matrix.normal(1, 1, new double[1], new double[] {Double.POSITIVE_INFINITY}))
        .enclosure(0, 0));
    Balls whole = new Balls(64, 1);
    whole.setWhole(0, new Mag());
    assertEquals(range, function.apply(new BallMatrix(Ball.of(64), 1, 1, whole)).enclosure(0, 0));
    assertEquals(0, function.apply(Ball53.INSTANCE.lift(ExactMatrix.zeros(0, 3))).rows());
  }

  @ParameterizedTest
  @EnumSource
  void ball53HoldsTheTruthOfEveryPoint(Case function) {
    Random random = new Random(53 + function.ordinal());
    Interval range = new Interval(function.limit(false), function.limit(true));
    for (int c = 0; c < 500; c++) {
      Ball53Matrix x = Hostile.ball(random, 1, 3);
      Ball53Matrix result = function.apply(x);
      BigFraction[] points = Hostile.points(random, x);
      for (int j = 0; j < 3; j++) {
        Interval enclosure = result.enclosure(0, j);
        Interval truth = function.truth.at(points[j]);
        int column = j;
        assertTrue(enclosure.intersects(truth), () -> function + " of " + x + " at " + column + ": " + result);
        assertTrue(range.contains(enclosure), () -> function + " leaves its range: " + result);
      }
    }
  }

  /** Enclosures that touch a limit stay within it, and lose little by that. */
  @ParameterizedTest
  @EnumSource
  void clampingAtTheLimitsIsTight(Case function) {
    Random random = new Random(11);
    Interval range = new Interval(function.limit(false), function.limit(true));
    for (int c = 0; c < 2000; c++) {
      double a = (random.nextDouble() - 0.5) * 100;
      double b = random.nextInt(3) == 0 ? a + random.nextDouble() : (random.nextDouble() - 0.5) * 100;
      ExactMatrix low = ExactMatrix.of(1, 1, Math.min(a, b));
      ExactMatrix high = ExactMatrix.of(1, 1, Math.max(a, b));
      Interval enclosure = function.apply(Ball53.INSTANCE.enclose(low, high)).enclosure(0, 0);
      assertTrue(range.contains(enclosure), enclosure::toString);
      double width = enclosure.upper().subtract(enclosure.lower()).doubleValue();
      double expected = function.function.value(Math.max(a, b)) - function.function.value(Math.min(a, b));
      assertTrue(width <= expected * (1 + 0x1p-40) + 0x1p-48, () -> function + " from " + low + " to " + high + " is " + enclosure);
    }
  }

  /** Asserts a radius of half an ulp and a little. */
  private static void assertNarrow(String what, BallMatrix r, int bits) {
    if (!BallSamples.isExact(r, 0)) {
      Exact mid = BallSamples.exact(r.balls().midpoint(0)).abs();
      Exact radius = BallSamples.exact(r.balls().radius(0));
      assertTrue(radius.times(Exact.of(16, bits)).compareTo(mid.times(Exact.of(17, 0))) <= 0,
          () -> what + ": " + r.balls().toString(0) + " is wide");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 24, 53, 64, 113, 333, 1000})
  void ballsHoldTheTruth(int bits) {
    BallSamples samples = new BallSamples(bits + 8, bits);
    for (int n = 0; n < (bits > 300 ? 40 : 80); n++) {
      BallMatrix a;
      do {
        a = samples.ball(5, n % 20 == 0);
      } while (a.balls().exponent(0) > 40 || a.balls().exponent(0) < -2500);
      for (Case function : Case.values()) {
        BallMatrix r = function.apply(a);
        for (Exact x : samples.points(a, 0)) {
          assertTrue(BallSamples.interval(r, 0).intersects(function.truth.at(x.fraction())),
              () -> function + " of " + x + " is not in " + r);
        }
        if (BallSamples.isExact(a, 0) && BallSamples.interval(r, 0).lower() != null) {
          assertNarrow(function + " of " + a, r, bits);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 24, 64, 113, 333, 1200})
  void lowPrecisionMeetsHighPrecision(int bits) {
    BallSamples samples = new BallSamples(bits + 9, bits);
    for (int n = 0; n < (bits > 300 ? 10 : 100); n++) {
      BallMatrix a = samples.ball(6, false);
      BallMatrix x = samples.ball(6, false).negate();
      BallMatrix mixed = n % 2 == 0 ? a : a.plus(x);
      Balls fine = new Balls(4 * bits + 20, 1);
      new BallKernel(4 * bits + 20).convert(fine, 0, mixed.balls(), 0);
      BallMatrix same = new BallMatrix(Ball.of(4 * bits + 20), 1, 1, fine);
      for (Case function : Case.values()) {
        BallSamples.assertMeets(function + " of " + mixed, function.apply(mixed), function.apply(same), 0);
      }
    }
  }

  private static BallMatrix power(int bits, long exponent, int sign) {
    Balls d = new Balls(bits, 1);
    BallKernel kernel = new BallKernel(bits);
    kernel.radius().setZero();
    kernel.store(d, 0, BigInteger.valueOf(sign), exponent);
    return new BallMatrix(Ball.of(bits), 1, 1, d);
  }

  /** Exponents far beyond those of fractions: near 0 the functions are multiples of x, far out they are the limits. */
  @ParameterizedTest
  @ValueSource(ints = {2, 53, 400})
  void hugeExponents(int bits) {
    Ball system = Ball.of(bits);
    BallMatrix root = system.pi().sqrt();
    for (long exponent : new long[] {300, 100_000, 1L << 40, 1L << 58}) {
      for (int sign : new int[] {1, -1}) {
        BallMatrix tiny = power(bits, -exponent, sign);
        BallMatrix huge = power(bits, exponent, sign);
        for (Case function : Case.values()) {
          BallMatrix far = function.apply(huge);
          if (function == Case.SIGMOID) {
            assertTrue(exponent < 1000 || function.apply(tiny).enclosure(0, 0).contains(new BigFraction(1, 2)));
            assertNarrow("σ of a tiny number", function.apply(tiny), bits);
          } else {
            BallMatrix near = function.apply(tiny);
            assertNarrow(function + " of 2^-" + exponent, near, bits);
            assertEquals(sign, sign > 0 ? near.signOfLower(0, 0) : near.signOfUpper(0, 0));
            BallMatrix ratio = near.dividedBy(tiny);
            BallMatrix expected = function == Case.TANH ? system.lift(1) : system.lift(2).dividedBy(root);
            BallSamples.assertMeets(function + " of 2^-" + exponent, ratio, expected, 0);
          }
          if (function == Case.SIGMOID && sign < 0) {
            assertTrue(far.signOfLower(0, 0) >= 0);
            assertTrue(far.enclosure(0, 0).upper().compareTo(new BigFraction(BigInteger.ONE, BigInteger.ONE.shiftLeft(300))) < 0);
          } else {
            assertTrue(far.enclosure(0, 0).contains(new BigFraction(sign)));
            assertNarrow(function + " of 2^" + exponent, far, bits);
          }
        }
      }
    }
  }

  /** σ(x) ≈ e^x for very negative x, to full relative precision. */
  @ParameterizedTest
  @ValueSource(ints = {24, 53, 200})
  void sigmoidKeepsItsRelativeAccuracy(int bits) {
    for (int exponent : new int[] {0, 3, 6, 10, 20, 40, 59}) {
      BallMatrix x = power(bits, exponent, -1);
      BallMatrix result = x.sigmoid();
      assertNarrow("σ of −2^" + exponent, result, bits);
      BallMatrix expected = x.exp().dividedBy(x.exp().plus(x.system().lift(1)));
      BallSamples.assertMeets("σ of −2^" + exponent, result, expected, 0);
      assertTrue(result.signOfLower(0, 0) > 0);
    }
    for (double x : new double[] {-30, -300, -700}) {
      Ball53Matrix result = Ball53.INSTANCE.lift(ExactMatrix.of(1, 1, x)).sigmoid();
      assertTrue(result.radii()[0] <= 8 * Math.ulp(result.midpoints()[0]), result::toString);
    }
  }

  /** With the distance to its limit as radius, a sum that cancels the limit keeps that much accuracy. */
  @Test
  void cancellationAtTheLimit() {
    BallMatrix one = Ball.of(53).lift(1);
    for (Case function : Case.values()) {
      BallMatrix gap = one.minus(function.apply(Ball.of(53).lift(100)));
      assertTrue(gap.enclosure(0, 0).contains(BigFraction.ZERO));
      assertTrue(gap.enclosure(0, 0).upper().compareTo(new BigFraction(BigInteger.ONE, BigInteger.ONE.shiftLeft(143))) < 0,
          gap::toString);
    }
  }

  @ParameterizedTest
  @EnumSource
  void rationalsAreExactAtZeroOrRefuse(Case function) {
    RationalMatrix zero = Rational.INSTANCE.lift(ExactMatrix.zeros(2, 1));
    BigFraction middle = function == Case.SIGMOID ? new BigFraction(1, 2) : BigFraction.ZERO;
    assertEquals(middle, function.apply(zero).get(1, 0));
    assertEquals(2, function.apply(zero).rows());
    NotExactException refusal = assertThrows(NotExactException.class,
        () -> function.apply(Rational.INSTANCE.lift(ExactMatrix.of(1, 2, 0, 3))));
    assertTrue(refusal.getMessage().startsWith(function.name().toLowerCase() + " of 3 at entry (0,1)"), refusal.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void apfloatAgrees(Case function) {
    for (double x : new double[] {-20, -2.5, -1e-30, 0, 1e-12, 0.7, 3, 30}) {
      ApfloatMatrix result = function.apply(Apfloats.of(60).lift(ExactMatrix.of(1, 1, x)));
      Interval enclosure = function.apply(Ball.of(150).lift(ExactMatrix.of(1, 1, x))).enclosure(0, 0);
      BigFraction value = Apfloats.exact(result.get(0, 0));
      BigFraction slack = value.abs().multiply(new BigFraction(BigInteger.ONE, BigInteger.TEN.pow(25)));
      assertTrue(new Interval(value.subtract(slack), value.add(slack)).intersects(enclosure), function + " of " + x);
    }
  }

  /** A derivative on an interval holds the mean slope between any two of its points (mean value theorem). */
  @ParameterizedTest
  @EnumSource
  void derivativesHoldMeanSlopes(Case function) {
    Random random = new Random(29);
    for (int c = 0; c < 150; c++) {
      double a = (random.nextDouble() - 0.5) * (c % 3 == 0 ? 0.01 : 10);
      double b = a + Math.scalb(1 + random.nextDouble(), -random.nextInt(20));
      TangentMatrix<Ball53Matrix> result = function.apply(
          Tangents.variables(Ball53.INSTANCE, ExactMatrix.of(1, 1, a), ExactMatrix.of(1, 1, b)));
      BigFraction slope = function.truth.value(Hostile.exact(b)).subtract(function.truth.value(Hostile.exact(a)))
          .divide(Hostile.exact(b).subtract(Hostile.exact(a)));
      Interval derivative = result.derivative(0).enclosure(0, 0);
      assertTrue(derivative.contains(slope), () -> function + " between " + a + " and " + b + ": " + slope.doubleValue()
          + " is not in " + Decimals.interval(derivative, 20));
      // And little more than the slopes: at a point, only rounding.
      Interval point = function.apply(Tangents.variables(Ball53.INSTANCE, ExactMatrix.of(1, 1, a), ExactMatrix.of(1, 1, a)))
          .derivative(0).enclosure(0, 0);
      assertTrue(derivative.intersects(point));
      assertTrue(point.upper().subtract(point.lower()).doubleValue() < 1e-14, () -> Decimals.interval(point, 20));
    }
    // No slope is negative or above that in the middle, by more than the rounding of a product with 1.
    Interval all = function.apply(Tangents.variables(Ball53.INSTANCE, ExactMatrix.of(1, 1, -1e9), ExactMatrix.of(1, 1, 1e9)))
        .derivative(0).enclosure(0, 0);
    double most = function == Case.SIGMOID ? 0.25 : function == Case.TANH ? 1 : 1.1283791670955126;
    assertTrue(all.lower().doubleValue() > -1e-14 && all.upper().doubleValue() < most + 1e-14, all::toString);
  }
}
