package plumbline.reference.flowar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import plumbline.reference.flowar.FlowMatchingNetwork.Chunk;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Mlp;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.ShapeException;

/**
 * With two channels, layer norm of a row (a, b) is ±(1, −1), and with W_Q = 0 attention is a mean: then the whole network
 * is rational, and plain loops can say what it must return.
 */
class FlowMatchingNetworkTest {

  private static BigFraction[][] random(Random random, int rows, int columns) {
    BigFraction[][] values = new BigFraction[rows][columns];
    for (BigFraction[] row : values) {
      for (int j = 0; j < columns; j++) {
        row[j] = new BigFraction(random.nextInt(41) - 20, 1 + random.nextInt(5));
      }
    }
    return values;
  }

  private static ExactMatrix exact(BigFraction[][] values) {
    List<BigFraction> entries = new ArrayList<>();
    for (BigFraction[] row : values) {
      entries.addAll(List.of(row));
    }
    return ExactMatrix.of(values.length, values[0].length, entries.toArray(new BigFraction[0]));
  }

  private static BigFraction[][] affine(BigFraction[][] x, BigFraction[][] w, BigFraction[][] b) {
    BigFraction[][] y = new BigFraction[x.length][w[0].length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < w[0].length; j++) {
        y[i][j] = b[0][j];
        for (int k = 0; k < w.length; k++) {
          y[i][j] = y[i][j].add(x[i][k].multiply(w[k][j]));
        }
      }
    }
    return y;
  }

  /** γ ∘ (±1, ∓1) + β, where blocks hold γ and β from these columns on. */
  private static BigFraction[][] modulated(BigFraction[][] x, BigFraction[][] blocks, int gamma, int beta) {
    BigFraction[][] y = new BigFraction[x.length][2];
    for (int i = 0; i < x.length; i++) {
      int sign = x[i][0].compareTo(x[i][1]);
      if (sign == 0) {
        throw new IllegalStateException("constant row");
      }
      y[i][0] = blocks[i][gamma].multiply(sign).add(blocks[i][beta]);
      y[i][1] = blocks[i][gamma + 1].multiply(-sign).add(blocks[i][beta + 1]);
    }
    return y;
  }

  private static void scale(BigFraction[][] x, BigFraction[][] blocks, int alpha) {
    for (int i = 0; i < x.length; i++) {
      x[i][0] = x[i][0].multiply(blocks[i][alpha]);
      x[i][1] = x[i][1].multiply(blocks[i][alpha + 1]);
    }
  }

  @RepeatedTest(20)
  void agreesWithPlainLoops(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    int n = 1 + random.nextInt(4);
    BigFraction[][] flow = random(random, n, 2);
    BigFraction[][] prediction = random(random, n, 2);
    BigFraction t = new BigFraction(random.nextInt(9), 8);
    BigFraction[][] w6 = random(random, 2, 12);
    BigFraction[][] b6 = random(random, 1, 12);
    BigFraction[][] wv = random(random, 2, 2);
    BigFraction[][] w = random(random, 2, 2);
    BigFraction[][] b = random(random, 1, 2);
    for (int i = 0; i < n; i++) {
      flow[i][0] = flow[i][1].add(1 + i);
    }
    List<Chunk> order = new ArrayList<>(Chunk.PAPER);
    Collections.shuffle(order, random);

    BigFraction[][] shifted = new BigFraction[n][2];
    for (int i = 0; i < n; i++) {
      shifted[i] = new BigFraction[] {prediction[i][0].add(t), prediction[i][1].add(t)};
    }
    BigFraction[][] blocks = affine(shifted, w6, b6);
    BigFraction[][] values = affine(modulated(flow, blocks, 2 * order.indexOf(Chunk.GAMMA1),
        2 * order.indexOf(Chunk.BETA1)), wv,
        new BigFraction[][] {{BigFraction.ZERO, BigFraction.ZERO}});
    BigFraction[][] attended = new BigFraction[n][2];
    for (int j = 0; j < 2; j++) {
      BigFraction mean = BigFraction.ZERO;
      for (BigFraction[] value : values) {
        mean = mean.add(value[j].divide(n));
      }
      for (int i = 0; i < n; i++) {
        attended[i][j] = mean;
      }
    }
    scale(attended, blocks, 2 * order.indexOf(Chunk.ALPHA1));
    BigFraction[][] expected =
        affine(modulated(attended, blocks, 2 * order.indexOf(Chunk.GAMMA2), 2 * order.indexOf(Chunk.BETA2)), w, b);
    scale(expected, blocks, 2 * order.indexOf(Chunk.ALPHA2));

    FlowMatchingNetwork network = new FlowMatchingNetwork(new Mlp(exact(w6), exact(b6)),
        new Attention(ExactMatrix.zeros(2, 2), exact(random(random, 2, 2)), exact(wv)), new Mlp(exact(w), exact(b)),
        new LayerNorm(), order);
    RationalMatrix y = network.apply(lift(flow), lift(prediction), Rational.INSTANCE.lift(t));
    assertEquals(exact(expected), y.toExact());
  }

  private static RationalMatrix lift(BigFraction[][] values) {
    return Rational.INSTANCE.lift(exact(values));
  }

  @Test
  void chunksAndShapesAreChecked() {
    Mlp modulation = new Mlp(ExactMatrix.zeros(2, 10), ExactMatrix.zeros(1, 10));
    Mlp output = new Mlp(ExactMatrix.zeros(2, 2), ExactMatrix.zeros(1, 2));
    Attention attention = new Attention(ExactMatrix.zeros(2, 2), ExactMatrix.zeros(2, 2), ExactMatrix.zeros(2, 2));
    List<Chunk> twice = List.of(Chunk.ALPHA1, Chunk.ALPHA1, Chunk.BETA1, Chunk.BETA2, Chunk.GAMMA1, Chunk.GAMMA2);
    assertThrows(IllegalArgumentException.class,
        () -> new FlowMatchingNetwork(modulation, attention, output, new LayerNorm(), twice));
    FlowMatchingNetwork network = new FlowMatchingNetwork(modulation, attention, output, new LayerNorm(), Chunk.PAPER);
    RationalMatrix x = Rational.INSTANCE.lift(ExactMatrix.ofIntegers(3, 2, 1, 2, 3, 4, 5, 6));
    RationalMatrix t = Rational.INSTANCE.lift(0);
    assertEquals("def-c.12: MLP(Ŷ + t·1) must be 3×12, got 3×10",
        assertThrows(ShapeException.class, () -> network.apply(x, x, t)).getMessage());
    assertEquals("def-c.12: Ŷ must be 3×2, got 2×3",
        assertThrows(ShapeException.class, () -> network.apply(x, x.transpose(), t)).getMessage());
    assertEquals("def-c.12: t must be 1×1, got 3×2", assertThrows(ShapeException.class, () -> network.apply(x, x,
        x)).getMessage());
  }
}
