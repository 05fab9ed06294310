package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Softmax;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NotExactException;
import plumbline.spec.number.ShapeException;

/** The contract of {@link Tangents}: difference quotients of every primitive lie in the derivatives, hostile inputs included. */
final class TangentsTest {
  private static final int CASES = 200;
  private static final Ball FINE = Ball.of(1024);

  /** Every primitive as a function of one 2×3 matrix. */
  enum Primitive {
    PLUS, MINUS, NEGATE, HADAMARD, SQUARE, DIVIDED_BY, TIMES, EXP, SIGMOID, TANH, ERF, LOG, SQRT, ABS, MAX, RELU, MAX_OF_ROWS,
    SOFTMAX, GATHER, ABOVE, MIXED;

    <M extends Matrix<M>> M apply(M x) {
      M first = x.rowRange(0, 1);
      M second = x.rowRange(1, 2);
      M constant = x.lift(ExactMatrix.of(1, 3, 0.5, -3, 0x1p-30));
      return switch (this) {
        case PLUS -> first.plus(second).plus(constant);
        case MINUS -> constant.minus(first).minus(second);
        case NEGATE -> x.negate();
        case HADAMARD -> first.hadamard(second).above(constant.hadamard(first)).above(first.hadamard(constant));
        case SQUARE -> x.square();
        case DIVIDED_BY -> first.dividedBy(second).above(constant.dividedBy(first)).above(first.dividedBy(constant));
        case TIMES -> first.transpose().times(second).above(constant.transpose().times(first))
            .above(second.transpose().times(constant));
        case EXP -> x.exp();
        case SIGMOID -> x.sigmoid();
        case TANH -> x.tanh();
        case ERF -> x.erf();
        case LOG -> x.log();
        case SQRT -> x.sqrt();
        case ABS -> x.abs();
        case MAX -> first.max(second).above(first.max(constant)).above(constant.max(first));
        case RELU -> x.relu();
        case MAX_OF_ROWS -> x.maxOfRows();
        case SOFTMAX -> x.softmaxRows();
        case GATHER -> x.gather(2, 2, new int[] {5, -1, 0, 5});
        case ABOVE -> x.above(constant).above(x);
        case MIXED -> x.softmaxRows().times(x.abs().transpose()).minus(x.relu().sumOfRows().broadcast(2, 2)).square();
      };
    }

    /** Whether the exponents of what it returns stay small enough to write the numbers down. */
    boolean takes(Hostile.Profile profile) {
      Set<Hostile.Profile> tame = EnumSet.of(Hostile.Profile.TAME, Hostile.Profile.TINY, Hostile.Profile.EDGE_OF_UNDERFLOW);
      return tame.contains(profile) || this != EXP && this != SIGMOID && this != ERF && this != SOFTMAX && this != MIXED || profile == Hostile.Profile.INTEGERS;
    }

    boolean positive() {
      return this == LOG || this == SQRT;
    }
  }

  /** Boxes of every kind: points, huge, tiny, with an end or a kink at 0. */
  private static ExactMatrix[] box(Random random, Primitive primitive) {
    Hostile.Profile profile;
    do {
      profile = Hostile.profile(random);
    } while (!primitive.takes(profile));
    boolean point = random.nextInt(8) == 0;
    double[] low = new double[6];
    double[] high = new double[6];
    for (int e = 0; e < 6; e++) {
      double a = Hostile.value(random, profile);
      double b = point || random.nextInt(6) == 0 ? a : random.nextInt(3) == 0 ? 0 : Hostile.value(random, profile);
      if (random.nextBoolean() && !point) {
        b = a + Math.scalb(random.nextDouble(), -random.nextInt(12));
      }
      if (primitive.positive()) {
        a = Math.abs(a);
        b = Math.abs(b);
      }
      b = Double.isFinite(b) ? b : a;
      low[e] = Math.min(a, b);
      high[e] = Math.max(a, b);
    }
    return new ExactMatrix[] {ExactMatrix.of(2, 3, low), ExactMatrix.of(2, 3, high)};
  }

  /** A point of a box: ends often, for kinks and undefined values stand there. */
  static ExactMatrix point(Random random, ExactMatrix lower, ExactMatrix upper) {
    BigFraction[] values = new BigFraction[lower.size()];
    for (int e = 0; e < values.length; e++) {
      BigFraction share = new BigFraction(random.nextInt(3) == 0 ? random.nextInt(2) * 64 : random.nextInt(65), 64);
      values[e] = lower.get(e).add(upper.get(e).subtract(lower.get(e)).multiply(share));
    }
    return ExactMatrix.of(lower.rows(), lower.columns(), values);
  }

  @ParameterizedTest
  @EnumSource
  void differenceQuotientsLieInTheDerivatives(Primitive primitive) {
    Random random = new Random(primitive.ordinal() + 20250206);
    int informative = 0;
    for (int c = 0; c < CASES; c++) {
      ExactMatrix[] box = box(random, primitive);
      ExactMatrix x = point(random, box[0], box[1]);
      ExactMatrix y = point(random, box[0], box[1]);
      informative += check(Ball53.INSTANCE, primitive, box, x, y);
      if (c % 4 == 0) {
        informative += check(Ball.of(128), primitive, box, x, y);
      }
    }
    assertTrue(informative > CASES, "too few of the slopes are finite: " + informative);
  }

  private static <M extends Certified<M>> int check(
      CertifiedSystem<M> base, Primitive primitive, ExactMatrix[] box, ExactMatrix x, ExactMatrix y) {
    TangentMatrix<M> result = primitive.apply(Tangents.variables(base, box[0], box[1]));
    BallMatrix fx = primitive.apply(FINE.lift(x));
    BallMatrix fy = primitive.apply(FINE.lift(y));
    requireIntersecting(result.value(), fx, () -> primitive + " value at " + x);
    return requireSlopes(result, fx.minus(fy), x, y, primitive + " on " + box[0] + " to " + box[1]);
  }

  private static void requireIntersecting(Certified<?> a, BallMatrix b, java.util.function.Supplier<String> what) {
    for (int i = 0; i < a.rows(); i++) {
      for (int j = 0; j < a.columns(); j++) {
        assertTrue(a.enclosure(i, j).intersects(b.enclosure(i, j)), what);
      }
    }
  }

  /** Σ_k (x_k − y_k) S_k meets the difference; returns the number of entries at which this says something. */
  private static <M extends Certified<M>> int requireSlopes(
      TangentMatrix<M> f, BallMatrix difference, ExactMatrix x, ExactMatrix y, String what) {
    M jacobian = f.jacobian();
    int informative = 0;
    for (int e = 0; e < f.rows() * f.columns(); e++) {
      BigFraction low = BigFraction.ZERO;
      BigFraction high = BigFraction.ZERO;
      boolean finite = true;
      for (int k = 0; k < x.size() && finite; k++) {
        BigFraction step = x.get(k).subtract(y.get(k));
        Interval slope = jacobian.enclosure(e, k);
        BigFraction lower = slope.lower();
        BigFraction upper = slope.upper();
        if (step.equals(BigFraction.ZERO)) {
          continue;
        }
        if (lower == null || upper == null) {
          finite = false;
          continue;
        }
        boolean up = step.compareTo(BigFraction.ZERO) > 0;
        low = low.add(step.multiply(up ? lower : upper));
        high = high.add(step.multiply(up ? upper : lower));
      }
      Interval actual = difference.enclosure(e / f.columns(), e % f.columns());
      if (finite && actual.isFinite()) {
        informative++;
        Interval allowed = new Interval(low, high);
        int entry = e;
        assertTrue(allowed.intersects(actual), () -> what + ": entry " + entry + " changes by " + Decimals.interval(actual, 30)
            + " from " + y + " to " + x + ", outside of " + Decimals.interval(allowed, 30));
      }
    }
    return informative;
  }

  /** Layers are written once: their Jacobians come from the same code. */
  @Test
  void layersHaveJacobians() {
    Random random = new Random(7);
    ExactMatrix w = ExactMatrix.of(2, 2, 1, -0.5, 2, 0.25);
    ExactMatrix v = ExactMatrix.of(2, 2, 0.5, 1, -1, 2);
    FeedForward feedForward = new FeedForward(w, ExactMatrix.of(2, 1, 0, -1), v, ExactMatrix.of(2, 1, 1, 0), true);
    List<Layer> layers = List.of(new Softmax(), new Attention(w, v, w), feedForward, new LayerNorm(new BigFraction(1, 16)));
    for (int c = 0; c < 100; c++) {
      double[] low = new double[6];
      double[] high = new double[6];
      for (int e = 0; e < 6; e++) {
        low[e] = random.nextInt(17) / 8.0 - 1;
        high[e] = low[e] + random.nextInt(5) / (random.nextBoolean() ? 4.0 : 64.0);
      }
      for (Layer layer : layers) {
        int n = layer instanceof FeedForward ? 2 : 3;
        ExactMatrix lower = ExactMatrix.of(n, 6 / n, low);
        ExactMatrix upper = ExactMatrix.of(n, 6 / n, high);
        ExactMatrix x = point(random, lower, upper);
        ExactMatrix y = point(random, lower, upper);
        TangentMatrix<Ball53Matrix> result = layer.apply(Tangents.variables(Ball53.INSTANCE, lower, upper));
        BallMatrix difference = layer.apply(FINE.lift(x)).minus(layer.apply(FINE.lift(y)));
        assertEquals(6, requireSlopes(result, difference, x, y, layer.statement()));
      }
    }
  }

  private static ExactMatrix jacobian(Primitive primitive, double... x) {
    ExactMatrix point = ExactMatrix.of(2, 3, x);
    return primitive.apply(Tangents.variables(Rational.INSTANCE, point, point)).jacobian().toExact();
  }

  private static BigFraction f(int p, int q) {
    return new BigFraction(p, q);
  }

  private static void assertDiagonal(ExactMatrix jacobian, BigFraction... diagonal) {
    for (int i = 0; i < jacobian.rows(); i++) {
      for (int j = 0; j < jacobian.columns(); j++) {
        assertEquals(i == j ? diagonal[i] : BigFraction.ZERO, jacobian.get(i, j));
      }
    }
  }

  /** At a point the derivatives are exact wherever the exact system holds them. */
  @Test
  void derivativesAtAPointAreExact() {
    assertDiagonal(jacobian(Primitive.SQUARE, 1, -2, 3, 0, 0.5, -0.25), f(2, 1), f(-4, 1), f(6, 1), f(0, 1), f(1, 1), f(-1, 2));
    assertDiagonal(jacobian(Primitive.SQRT, 1, 4, 9, 0.25, 16, 0.0625), f(1, 2), f(1, 4), f(1, 6), f(1, 1), f(1, 8), f(2, 1));
    assertDiagonal(jacobian(Primitive.ABS, 1, -4, 9, -0.25, 16, -2), f(1, 1), f(-1, 1), f(1, 1), f(-1, 1), f(1, 1), f(-1, 1));
    assertDiagonal(jacobian(Primitive.RELU, 1, -4, 9, -0.25, 16, -2), f(1, 1), f(0, 1), f(1, 1), f(0, 1), f(1, 1), f(0, 1));
    assertDiagonal(jacobian(Primitive.LOG, 1, 1, 1, 1, 1, 1), f(1, 1), f(1, 1), f(1, 1), f(1, 1), f(1, 1), f(1, 1));
    assertDiagonal(jacobian(Primitive.EXP, 0, 0, 0, 0, 0, 0), f(1, 1), f(1, 1), f(1, 1), f(1, 1), f(1, 1), f(1, 1));
    assertDiagonal(jacobian(Primitive.TANH, 0, 0, 0, 0, 0, 0), f(1, 1), f(1, 1), f(1, 1), f(1, 1), f(1, 1), f(1, 1));
    assertDiagonal(jacobian(Primitive.SIGMOID, 0, 0, 0, 0, 0, 0), f(1, 4), f(1, 4), f(1, 4), f(1, 4), f(1, 4), f(1, 4));
    ExactMatrix softmax = jacobian(Primitive.SOFTMAX, 2, 2, 2, -1, -1, -1);
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        assertEquals(i == j ? f(2, 9) : i / 3 == j / 3 ? f(-1, 9) : f(0, 1), softmax.get(i, j));
      }
    }
    ExactMatrix quotient = jacobian(Primitive.DIVIDED_BY, 3, 1, 1, 2, 4, -1);
    assertEquals(f(1, 2), quotient.get(0, 0));
    assertEquals(f(-3, 4), quotient.get(0, 3));
    assertEquals(f(-1, 18), quotient.get(3, 0));
    assertEquals(f(2, 1), quotient.get(6, 0));
    ExactMatrix product = jacobian(Primitive.TIMES, 3, 5, 7, 2, 4, -1);
    assertEquals(f(4, 1), product.get(1, 0));
    assertEquals(f(3, 1), product.get(1, 4));
    assertEquals(f(0, 1), product.get(1, 3));
    ExactMatrix largest = jacobian(Primitive.MAX_OF_ROWS, 3, 5, -7, -2, -4, -1);
    assertEquals(ExactMatrix.of(2, 6, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), largest);
  }

  /** What has no single derivative is refused by the exact system and enclosed by the others. */
  @Test
  void kinksAreEnclosedOrRefused() {
    ExactMatrix zero = ExactMatrix.zeros(1, 1);
    assertThrows(NotExactException.class, () -> Tangents.variables(Rational.INSTANCE, zero, zero).abs());
    assertThrows(NotExactException.class, () -> Tangents.variables(Rational.INSTANCE, zero, zero).relu());
    assertThrows(ArithmeticException.class, () -> Tangents.variables(Rational.INSTANCE, zero, zero).sqrt());
    TangentMatrix<Ball53Matrix> x = Tangents.variables(Ball53.INSTANCE, zero, zero);
    assertNearly(-1, 1, x.abs().derivative(0).enclosure(0, 0));
    assertNearly(0, 1, x.relu().derivative(0).enclosure(0, 0));
    assertEquals(Interval.WHOLE, x.sqrt().derivative(0).enclosure(0, 0));
    assertEquals(Interval.WHOLE, x.log().derivative(0).enclosure(0, 0));
    assertEquals(Interval.point(f(1, 1)), x.max(x).derivative(0).enclosure(0, 0));
    assertEquals(Interval.point(f(1, 1)), Tangents.variables(Ball53.INSTANCE, zero, ExactMatrix.ones(1, 1)).relu()
        .derivative(0).enclosure(0, 0));
  }

  /** The enclosure holds [low, high] and little more. */
  private static void assertNearly(int low, int high, Interval enclosure) {
    BigFraction slack = f(1, 1 << 30);
    assertTrue(enclosure.contains(new Interval(f(low, 1), f(high, 1))), enclosure::toString);
    assertTrue(new Interval(f(low, 1).subtract(slack), f(high, 1).add(slack)).contains(enclosure), enclosure::toString);
  }

  @Test
  void shapes() {
    TangentMatrix<Ball53Matrix> empty = Tangents.variables(Ball53.INSTANCE, ExactMatrix.zeros(0, 2), ExactMatrix.zeros(0, 2));
    assertEquals(0, empty.softmaxRows().rows());
    assertEquals(0, empty.maxOfRows().rows());
    assertEquals(0, empty.jacobian().rows());
    TangentMatrix<Ball53Matrix> one = Tangents.variables(Ball53.INSTANCE, ExactMatrix.ones(1, 1), ExactMatrix.ones(1, 1));
    assertEquals(Interval.point(f(0, 1)), one.softmaxRows().derivative(0).enclosure(0, 0));
    assertEquals(Interval.point(f(0, 1)), one.system().pi().derivative(0).enclosure(0, 0));
    assertThrows(ShapeException.class, () -> one.plus(empty));
    assertThrows(IndexOutOfBoundsException.class, () -> one.derivative(1));
    assertThrows(ShapeException.class, () -> new Tangents<>(Ball53.INSTANCE, 1).along(one.value(), new ArrayList<>()));
    assertThrows(ShapeException.class,
        () -> new Tangents<>(Ball53.INSTANCE, 1).along(one.value(), List.of(ExactMatrix.zeros(1, 2))));
    assertThrows(IllegalArgumentException.class, () -> new Tangents<>(Ball53.INSTANCE, -1));
  }

  /** A derivative along any direction is the Jacobian times it. */
  @Test
  void directionalDerivatives() {
    ExactMatrix x = ExactMatrix.of(2, 1, 3, -2);
    Tangents<RationalMatrix> along = new Tangents<>(Rational.INSTANCE, 1);
    TangentMatrix<RationalMatrix> line = along.along(Rational.INSTANCE.lift(x), List.of(ExactMatrix.of(2, 1, 5, 7)));
    RationalMatrix expected = Tangents.variables(Rational.INSTANCE, x, x).square().jacobian()
        .times(Rational.INSTANCE.lift(ExactMatrix.of(2, 1, 5, 7)));
    assertEquals(expected.toExact(), line.square().derivative(0).toExact());
    assertEquals("tangents(rational)", along.name());
  }
}
