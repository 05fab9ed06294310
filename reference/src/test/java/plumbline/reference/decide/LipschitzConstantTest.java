package plumbline.reference.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Mlp;
import plumbline.reference.layer.Softmax;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;

final class LipschitzConstantTest {
  private static final ExactMatrix ONE = ExactMatrix.ones(1, 1);

  private static ExactMatrix all(int rows, int columns, double value) {
    double[] values = new double[rows * columns];
    java.util.Arrays.fill(values, value);
    return ExactMatrix.of(rows, columns, values);
  }

  private static LipschitzConstant.Bound cube(Layer layer, int rows, int columns, double radius, int boxes) {
    return LipschitzConstant.onBox(layer, all(rows, columns, -radius), all(rows, columns, radius), boxes);
  }

  private static void assertBetween(double low, double high, @Nullable BigFraction value) {
    assertNotNull(value);
    assertTrue(ExactMatrix.fraction(low).compareTo(value) <= 0 && value.compareTo(ExactMatrix.fraction(high)) <= 0,
        () -> value.doubleValue() + " is not in [" + low + ", " + high + "]");
  }

  /** A linear layer's constant is its largest sum of absolute weights, exactly and at once. */
  @Test
  void linearLayers() {
    Mlp mlp = new Mlp(ExactMatrix.of(2, 2, 1, -2, 3, 0.5), ExactMatrix.zeros(1, 2));
    LipschitzConstant.Bound bound = cube(mlp, 1, 2, 5, 10);
    assertEquals(new BigFraction(4), bound.constant());
  }

  /** Softmax of two scores has constant 1/2; subdivision comes close from above. */
  @Test
  void softmaxOfTwoScores() {
    assertBetween(0.5, 0.5001, cube(new Softmax(), 1, 2, 1, 1).constant());
  }

  /** At (0, R) attention with unit weights has a row of derivatives p + R²/4 and p − 0: its constant exceeds 1 + R²/4 − … */
  @Test
  void attentionBetweenItsBounds() {
    Attention attention = new Attention(ONE, ONE, ONE);
    assertBetween(1.5, 2.6, cube(attention, 2, 1, 2, 1000).constant());
    assertBetween(16.5, 40, cube(attention, 2, 1, 8, 1000).constant());
  }

  @Test
  void moreBoxesGiveNoLargerConstant() {
    Attention attention = new Attention(ONE, ONE, ONE);
    BigFraction last = null;
    for (int boxes : new int[] {1, 4, 16, 64, 256}) {
      BigFraction constant = cube(attention, 2, 1, 1, boxes).constant();
      assertNotNull(constant);
      if (last != null) {
        assertTrue(constant.compareTo(last) <= 0);
      }
      last = constant;
    }
  }

  @Test
  void stopsWhenEnoughIsKnown() {
    LipschitzConstant.Bound bound = LipschitzConstant.onBox(new Attention(ONE, ONE, ONE), all(2, 1, -1), all(2, 1, 1), 10_000,
        new BigFraction(3));
    assertBetween(1, 3, bound.constant());
    assertTrue(bound.boxes() < 100);
  }

  /** Layer normalisation without ε has no constant around a constant row, and one away from it. */
  @Test
  void noConstantWhereThereIsNone() {
    assertNull(cube(new LayerNorm(), 1, 2, 1, 20).constant());
    BigFraction away = LipschitzConstant.onBox(
        new LayerNorm(), ExactMatrix.of(1, 3, -1, 0, 1), ExactMatrix.of(1, 3, -0.875, 0.125, 1.125), 20).constant();
    assertBetween(0.1, 20, away);
  }

  @Test
  void aPointHasAConstantAndCannotBeHalved() {
    LipschitzConstant.Bound bound = LipschitzConstant.onBox(new Softmax(), all(1, 2, 0), all(1, 2, 0), 100);
    assertEquals(1, bound.boxes());
    assertBetween(0.5, 0.5000001, bound.constant());
  }

  @Test
  void refusals() {
    assertThrows(IllegalArgumentException.class, () -> cube(new Softmax(), 1, 2, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> cube(new Softmax(), 0, 2, 1, 1));
    assertThrows(IllegalArgumentException.class,
        () -> LipschitzConstant.onBox(new Softmax(), all(1, 2, 1), all(1, 2, 0), 1));
  }
}
