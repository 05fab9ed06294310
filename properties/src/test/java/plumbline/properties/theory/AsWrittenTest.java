package plumbline.properties.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import plumbline.properties.Property;
import plumbline.reference.number.Rational;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Statement;

/** What the reading {@code as-written} shows beyond its verdict. */
class AsWrittenTest {

  /** Every such reading of the specification has a defect that refutes it, and the other way round. */
  @Test
  void everyReadingHasItsDefect() {
    List<String> stated = Paper.load().statements().stream().filter(s -> s.reading(AsWritten.READING).isPresent()).map(Statement::id)
        .toList();
    List<String> shown = AsWritten.all().stream().map(p -> p.claim().statement()).distinct().toList();
    assertEquals(stated.stream().sorted().toList(), shown.stream().sorted().toList());
  }

  /** The reference refuses what has no meaning, and says what it expected. */
  @Test
  void refusalsNameTheSizes() {
    assertText(AsWritten.tokensAsRowsAndColumns(), "def-b.5: X must be 2×m, got 1×2");
    assertText(AsWritten.firstScaleHasNoSource(), "at least 2×2, got 1×1");
    assertText(AsWritten.scalesThatDoNotDivide(), "multiples of r_1 = 2, got 1×1×1");
    assertText(AsWritten.constantRow(), "division by zero at entry (0,0)");
    assertText(AsWritten.oneNameForTwoMlps(), "must be 1×6, got 1×1");
  }

  private static void assertText(Property<?> property, String part) {
    assertTrue(property.claim().text().contains(part), property.claim()::text);
  }

  @Test
  void anAcceptedInputIsNoRefusal() {
    assertThrows(AssertionError.class, () -> AsWritten.refusal(() -> Rational.INSTANCE.lift(ExactMatrix.ones(1, 1)).sqrt()));
  }
}
