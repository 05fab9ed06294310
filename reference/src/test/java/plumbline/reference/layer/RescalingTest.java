package plumbline.reference.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static plumbline.reference.layer.Exact.assertExact;
import static plumbline.reference.layer.Exact.assertShapeError;
import static plumbline.reference.layer.Exact.f;

import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.layer.Rescaling.Direction;
import plumbline.reference.layer.Rescaling.Reading;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;

final class RescalingTest {
  private final Random random = new Random(1);

  @Test
  void matrixIsTheMap() {
    for (Reading reading : Reading.values()) {
      for (Direction direction : Direction.values()) {
        for (int factor = 1; factor <= 3; factor++) {
          Rescaling layer = new Rescaling(direction, factor, reading);
          int h = direction == Direction.UP ? 2 : 2 * factor;
          int w = direction == Direction.UP ? 3 : 3 * factor;
          ExactMatrix x = Exact.random(random, h * w, 2);
          TokenMap<RationalMatrix> y = layer.apply(Exact.map(h, w, x));
          int f = direction == Direction.UP ? factor : 1;
          assertEquals(2 * f + "×" + 3 * f + "×2", y.shape());
          assertExact(Exact.lift(layer.matrix(h, w)).times(Exact.lift(x)).toExact(), y.tokens());
          if (factor == 1) {
            assertExact(x, y.tokens());
          }
          assertExact(ExactMatrix.ones(y.tokens().rows(), 1), Exact.lift(layer.matrix(h, w)).sumOfRows());
        }
      }
    }
  }

  @Test
  void areaIsTheMeanOfBlocks() {
    ExactMatrix x = Exact.random(random, 6 * 9, 2);
    ExactMatrix expected = Exact.fill(2 * 3, 2, e -> {
      int i = e / 2 / 3;
      int j = e / 2 % 3;
      BigFraction sum = BigFraction.ZERO;
      for (int p = 0; p < 3; p++) {
        for (int q = 0; q < 3; q++) {
          sum = sum.add(x.get((3 * i + p) * 9 + 3 * j + q, e % 2));
        }
      }
      return sum.divide(9);
    });
    assertExact(expected, Rescaling.down(3, Reading.AREA).apply(Exact.map(6, 9, x)).tokens());
  }

  @Test
  void linesByHand() {
    ExactMatrix line = ExactMatrix.ofIntegers(2, 1, 0, 4);
    assertExact(ExactMatrix.ofIntegers(4 * 2, 1, 0, 0, 1, 1, 3, 3, 4, 4),
        Rescaling.up(2, Reading.LINEAR).apply(Exact.map(2, 1, line)).tokens());
    assertExact(ExactMatrix.ofIntegers(4 * 2, 1, 0, 0, 0, 0, 4, 4, 4, 4),
        Rescaling.up(2, Reading.NEAREST).apply(Exact.map(2, 1, line)).tokens());
    assertExact(Rescaling.up(2, Reading.NEAREST).apply(Exact.map(2, 1, line)).tokens().toExact(),
        Rescaling.up(2, Reading.AREA).apply(Exact.map(2, 1, line)).tokens());
    ExactMatrix square = ExactMatrix.ofIntegers(4, 1, 1, 2, 3, 5);
    assertExact(ExactMatrix.ofIntegers(1, 1, 1), Rescaling.down(2, Reading.NEAREST).apply(Exact.map(2, 2, square)).tokens());
    assertExact(ExactMatrix.of(1, 1, f(11, 4)), Rescaling.down(2, Reading.LINEAR).apply(Exact.map(2, 2, square)).tokens());
    // Bicubic at the half: −3/32, 19/32, 19/32, −3/32, the border samples read twice.
    assertExact(ExactMatrix.of(1, 1, f(11, 4)), Rescaling.down(2, Reading.BICUBIC).apply(Exact.map(2, 2, square)).tokens());
    ExactMatrix four = ExactMatrix.ofIntegers(16, 1, 0, 32, 0, 0, 0, 32, 0, 0, 0, 32, 0, 0, 0, 32, 0, 0);
    assertExact(ExactMatrix.ofIntegers(4, 1, 16, 0, 16, 0),
        Rescaling.down(2, Reading.LINEAR).apply(Exact.map(4, 4, four)).tokens());
    assertExact(ExactMatrix.ofIntegers(4, 1, 19, -3, 19, -3),
        Rescaling.down(2, Reading.BICUBIC).apply(Exact.map(4, 4, four)).tokens());
  }

  @Test
  void refusesSidesThatDoNotDivide() {
    ExactMatrix x = ExactMatrix.zeros(6, 1);
    assertShapeError(() -> Rescaling.down(2, Reading.AREA).apply(Exact.map(2, 3, x)), "def-c.2", "r = 2", "3");
    assertShapeError(() -> Rescaling.down(2, Reading.AREA).matrix(3, 2), "def-c.4");
    assertShapeError(() -> Rescaling.up(2, Reading.AREA).apply(Exact.map(0, 0, ExactMatrix.zeros(0, 1))), "def-c.1");
    assertThrows(IllegalArgumentException.class, () -> Rescaling.up(0, Reading.NEAREST));
  }
}
