package plumbline.spec.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactMatrixTest {
  private static ExactMatrix matrix(boolean binary64) {
    double[] values = {1, 0.5, -3, Double.MIN_VALUE, 0, -0.0, Double.MAX_VALUE, 8, 9, 10, 11, 12};
    BigFraction[] fractions = new BigFraction[values.length];
    for (int e = 0; e < values.length; e++) {
      fractions[e] = ExactMatrix.fraction(values[e]);
    }
    return binary64 ? ExactMatrix.of(3, 4, values) : ExactMatrix.of(3, 4, fractions);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rangesHoldTheEntriesInTheirOrder(boolean binary64) {
    ExactMatrix whole = matrix(binary64);
    for (int from = 0; from <= 4; from++) {
      for (int to = from; to <= 4; to++) {
        ExactMatrix columns = whole.columnRange(from, to);
        assertEquals(new Shape(3, to - from), columns.shape());
        for (int e = 0; e < columns.size(); e++) {
          assertEquals(whole.get(e / (to - from), from + e % (to - from)), columns.get(e));
        }
        if (to <= 3) {
          ExactMatrix rows = whole.rowRange(from, to);
          assertEquals(new Shape(to - from, 4), rows.shape());
          for (int e = 0; e < rows.size(); e++) {
            assertEquals(whole.get(from * 4 + e), rows.get(e));
          }
        }
      }
    }
    assertThrows(IndexOutOfBoundsException.class, () -> whole.rowRange(0, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> whole.columnRange(3, 2));
  }
}
