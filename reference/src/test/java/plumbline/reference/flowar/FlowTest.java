package plumbline.reference.flowar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.flowar.FlowMatchingNetwork.Chunk;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Mlp;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;
import plumbline.spec.number.ShapeException;

/** Flow, loss and inference on networks simple enough to be done by hand. */
class FlowTest {
  // in every row the second entry is the larger, so that no F_t has a constant row
  private static final ExactMatrix TARGET = ExactMatrix.ofIntegers(2, 2, 1, 5, -2, 4);
  private static final ExactMatrix NOISE = ExactMatrix.ofIntegers(2, 2, 0, 1, 1, 3);
  private static final ExactMatrix PREDICTION = ExactMatrix.ofIntegers(2, 2, 2, 7, 1, 3);

  /** NN(F, Ŷ, t) = Ŷ + t: β_2 = Ŷ + t, γ = 0, α = 1, and β_1 = (0, 1) keeps the second layer norm defined. */
  private static FlowMatchingNetwork shift() {
    long[] w6 = new long[24];
    w6[6] = 1;
    w6[12 + 7] = 1;
    return new FlowMatchingNetwork(
        new Mlp(ExactMatrix.ofIntegers(2, 12, w6), ExactMatrix.ofIntegers(1, 12, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0)),
        new Attention(ExactMatrix.zeros(2, 2), ExactMatrix.zeros(2, 2), ExactMatrix.identity(2)),
        new Mlp(ExactMatrix.identity(2), ExactMatrix.zeros(1, 2)), new LayerNorm(), Chunk.PAPER);
  }

  private static <M extends Matrix<M>> List<FlowMatchingLoss.Scale<M>> data(NumberSystem<M> system) {
    return List.of(
        new FlowMatchingLoss.Scale<>(system.lift(TARGET), system.lift(PREDICTION), system.lift(NOISE)),
        new FlowMatchingLoss.Scale<>(system.lift(PREDICTION), system.lift(TARGET), system.lift(NOISE)));
  }

  /** Σ over both scales and all entries of f(Ŷ − V). */
  private static BigFraction sum(java.util.function.UnaryOperator<BigFraction> f) {
    BigFraction sum = BigFraction.ZERO;
    for (int e = 0; e < 4; e++) {
      sum = sum.add(f.apply(PREDICTION.get(e).subtract(TARGET.get(e).subtract(NOISE.get(e)))));
      sum = sum.add(f.apply(TARGET.get(e).subtract(PREDICTION.get(e).subtract(NOISE.get(e)))));
    }
    return sum;
  }

  @Test
  void flowGoesFromNoiseToTargetAtConstantVelocity() {
    RationalMatrix y = Rational.INSTANCE.lift(TARGET);
    RationalMatrix noise = Rational.INSTANCE.lift(NOISE);
    RationalMatrix velocity = Flow.velocity(y, noise);
    assertEquals(ExactMatrix.ofIntegers(2, 2, 1, 4, -3, 1), velocity.toExact());
    assertEquals(NOISE, Flow.at(y, noise, Rational.INSTANCE.lift(0)).toExact());
    assertEquals(TARGET, Flow.at(y, noise, Rational.INSTANCE.lift(1)).toExact());
    RationalMatrix third = Rational.INSTANCE.lift(new BigFraction(1, 3));
    assertEquals(noise.plus(velocity.scaledBy(third)).toExact(), Flow.at(y, noise, third).toExact());
    assertEquals("def-c.11: F_0 must be 2×2, got 1×2",
        assertThrows(ShapeException.class, () -> Flow.at(y, noise.rowRange(0, 1), third)).getMessage());
  }

  @Test
  void lossIsTheSquaredDistanceToTheVelocity() {
    FlowMatchingLoss loss = new FlowMatchingLoss(List.of(shift(), shift()));
    BigFraction half = new BigFraction(1, 2);
    assertEquals(sum(a -> a.add(half).pow(2)), loss.at(data(Rational.INSTANCE), Rational.INSTANCE.lift(half)).get(0, 0));
    assertEquals(sum(a -> a.pow(2).add(a.add(half).pow(2)).add(a.add(1).pow(2)).divide(3)),
        loss.mean(data(Rational.INSTANCE), List.of(Rational.INSTANCE.lift(0), Rational.INSTANCE.lift(half),
            Rational.INSTANCE.lift(1)))
            .get(0, 0));
    assertThrows(IllegalArgumentException.class, () -> loss.mean(data(Rational.INSTANCE), List.<RationalMatrix>of()));
    assertThrows(ShapeException.class, () -> new FlowMatchingLoss(List.of(shift()))
        .at(data(Rational.INSTANCE), Rational.INSTANCE.lift(0)));
  }

  @Test
  void lossOverAllTimesIsEnclosed() {
    FlowMatchingLoss loss = new FlowMatchingLoss(List.of(shift(), shift()));
    BigFraction integral = sum(a -> a.pow(2).add(a).add(new BigFraction(1, 3)));
    BigFraction before = null;
    for (int parts : new int[] {32, 128, 512}) {
      Interval enclosure = loss.enclose(Ball53.INSTANCE, data(Ball53.INSTANCE), parts, BigFraction.ZERO).enclosure(0, 0);
      assertTrue(enclosure.isFinite() && enclosure.contains(integral), parts + " parts");
      BigFraction width = enclosure.upper().subtract(enclosure.lower());
      assertTrue(before == null || width.multiply(3).compareTo(before) < 0, parts + " parts");
      before = width;
    }
    assertTrue(before.compareTo(integral.divide(100)) < 0);
  }

  private static TokenMap<RationalMatrix> map(int height, int width, long... values) {
    return new TokenMap<>(height, width, Rational.INSTANCE.lift(ExactMatrix.ofIntegers(height * width, 2, values)));
  }

  private static Inference inference() {
    AutoregressiveTransformer.Block identity = new AutoregressiveTransformer.Block(
        new Mlp(ExactMatrix.identity(2), ExactMatrix.zeros(1, 2)), new Mlp(ExactMatrix.identity(2), ExactMatrix.zeros(1,
            2)));
    return new Inference(new AutoregressiveTransformer(2, Rescaling.up(2, Rescaling.Reading.NEAREST), List.of(identity,
        identity)),
        List.of(shift(), shift()));
  }

  @Test
  void literalInferenceFeedsEachResultToTheNextScale() {
    List<RationalMatrix> times = List.of(Rational.INSTANCE.lift(new BigFraction(1, 4)), Rational.INSTANCE.lift(1));
    List<TokenMap<RationalMatrix>> found =
        inference().literal(map(1, 1, 3, 8), List.of(map(1, 1, 1, 2), map(2, 2, 1, 2, 3, 4, 5, 6, 7, 8)), times);
    assertEquals(ExactMatrix.of(1, 2, 3.25, 8.25), found.get(0).tokens().toExact());
    assertEquals("2×2×2", found.get(1).shape());
    assertEquals(ExactMatrix.of(4, 2, 4.25, 9.25, 4.25, 9.25, 4.25, 9.25, 4.25, 9.25), found.get(1).tokens().toExact());
  }

  @Test
  void eulerStepsIntegrateFromNoise() {
    List<TokenMap<RationalMatrix>> noise = List.of(map(1, 1, 1, 2), map(2, 2, 1, 2, 3, 40, 5, 6, 7, 8));
    for (int steps : new int[] {1, 2, 5}) {
      // Σ_k (Ŷ + k/N)/N = Ŷ + (N−1)/(2N)
      BigFraction drift = new BigFraction(steps - 1, 2 * steps);
      List<TokenMap<RationalMatrix>> found = inference().ode(map(1, 1, 3, 8), noise, steps);
      assertEquals(new BigFraction(1 + 3).add(drift), found.get(0).tokens().get(0, 0));
      assertEquals(new BigFraction(2 + 8).add(drift), found.get(0).tokens().get(0, 1));
      assertEquals(new BigFraction(40 + 2 + 8).add(drift).add(drift), found.get(1).tokens().get(1, 1), steps + " steps");
    }
    assertThrows(IllegalArgumentException.class, () -> inference().ode(map(1, 1, 3, 8), noise, 0));
    assertEquals("def-d.1: F_0 must be given for each of 2 scales, got 1",
        assertThrows(ShapeException.class, () -> inference().ode(map(1, 1, 3, 8), noise.subList(0, 1), 1)).getMessage());
    assertEquals("def-d.1: F_0^2 must be 2×2×2, got 1×4×2", assertThrows(ShapeException.class,
        () -> inference().ode(map(1, 1, 3, 8),
        List.of(noise.get(0), map(1, 4, 1, 2, 3, 4, 5, 6, 7, 8)), 1)).getMessage());
    assertThrows(ShapeException.class, () -> new Inference(
        new AutoregressiveTransformer(2, Rescaling.up(2, Rescaling.Reading.NEAREST), List.of()), List.of(shift())));
  }
}
