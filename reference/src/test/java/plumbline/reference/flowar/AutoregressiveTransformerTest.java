package plumbline.reference.flowar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import plumbline.reference.layer.Mlp;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.ShapeException;

class AutoregressiveTransformerTest {

  /** Block i multiplies by i (attention) and then adds 1 (feed-forward), so that order and number of a block show. */
  private static final AutoregressiveTransformer TRANSFORMER = new AutoregressiveTransformer(
      2, Rescaling.up(2, Rescaling.Reading.NEAREST), List.of(block(1), block(2), block(3)));

  private static AutoregressiveTransformer.Block block(int i) {
    return new AutoregressiveTransformer.Block(new Mlp(ExactMatrix.ofIntegers(1, 1, i), ExactMatrix.zeros(1, 1)),
        new Mlp(ExactMatrix.identity(1), ExactMatrix.ones(1, 1)));
  }

  private static TokenMap<RationalMatrix> map(int height, int width, long... values) {
    return new TokenMap<>(height, width, Rational.INSTANCE.lift(ExactMatrix.ofIntegers(height * width, 1, values)));
  }

  @Test
  void inputIsInitialMapAndEnlargedCoarserMaps() {
    List<TokenMap<RationalMatrix>> coarser = List.of(map(1, 2, 3, 4), map(2, 4, 10, 11, 12, 13, 14, 15, 16, 17));
    assertEquals(ExactMatrix.ofIntegers(42, 1,
        7, 8,
        3, 3, 4, 4, 3, 3, 4, 4,
        10, 10, 11, 11, 12, 12, 13, 13, 10, 10, 11, 11, 12, 12, 13, 13,
        14, 14, 15, 15, 16, 16, 17, 17, 14, 14, 15, 15, 16, 16, 17, 17),
        TRANSFORMER.merge(map(1, 2, 7, 8), coarser).toExact());
  }

  @Test
  void predictionIsTheLastBlockOfItsOwnTransformer() {
    TokenMap<RationalMatrix> initial = map(1, 2, 7, 8);
    List<TokenMap<RationalMatrix>> coarser = new ArrayList<>();
    TokenMap<RationalMatrix> first = TRANSFORMER.predict(initial, coarser);
    assertEquals("1×2×1", first.shape());
    assertEquals(ExactMatrix.ofIntegers(2, 1, 8, 9), first.tokens().toExact());
    coarser.add(map(1, 2, 3, 4));
    TokenMap<RationalMatrix> second = TRANSFORMER.predict(initial, coarser);
    assertEquals("2×4×1", second.shape());
    assertEquals(ExactMatrix.ofIntegers(8, 1, 7, 7, 9, 9, 7, 7, 9, 9), second.tokens().toExact());
    coarser.add(second);
    TokenMap<RationalMatrix> third = TRANSFORMER.predict(initial, coarser);
    assertEquals("4×8×1", third.shape());
    assertEquals(ExactMatrix.ofIntegers(1, 1, 3 * 9 + 1), third.tokens().rowRange(7, 8).toExact());
  }

  @Test
  void sizesAreChecked() {
    TokenMap<RationalMatrix> initial = map(1, 2, 7, 8);
    assertEquals("def-c.10: Y^1 must be 1×2×1, got 2×1×1",
        assertThrows(ShapeException.class, () -> TRANSFORMER.merge(initial, List.of(map(2, 1, 1, 2)))).getMessage());
    assertEquals("def-c.10: Y^2 must be 2×4×1, got 1×2×1", assertThrows(ShapeException.class,
        () -> TRANSFORMER.merge(initial, List.of(map(1, 2, 1, 2), map(1, 2, 1, 2)))).getMessage());
    AutoregressiveTransformer wrongUp =
        new AutoregressiveTransformer(2, Rescaling.up(3, Rescaling.Reading.NEAREST), List.of(block(1), block(2)));
    assertEquals("def-c.10: φ_up(Y^1) must be 2×4×1, got 3×6×1",
        assertThrows(ShapeException.class, () -> wrongUp.predict(initial, List.of(map(1, 2, 1, 2)))).getMessage());
    assertEquals("def-c.10: scale 4 asked of 3 scales", assertThrows(ShapeException.class,
        () -> TRANSFORMER.predict(initial, List.of(initial, initial, initial))).getMessage());
  }
}
