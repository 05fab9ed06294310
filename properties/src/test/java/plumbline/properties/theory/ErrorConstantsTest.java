package plumbline.properties.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.properties.arbitrary.LipschitzFunction;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Interpolation.Standard;
import plumbline.reference.layer.Kernel;
import plumbline.reference.var.ScaleSchedule;
import plumbline.spec.number.ExactMatrix;

/** The numbers that the remark of Theorem 5.6 states. */
class ErrorConstantsTest {
  private static BigFraction f(long p, long q) {
    return new BigFraction(java.math.BigInteger.valueOf(p), java.math.BigInteger.valueOf(q));
  }

  @Test
  void constantsOfTheTable() {
    List<ErrorConstants.Row> rows = ErrorConstants.table();
    assertEquals(16, rows.size());
    assertEquals(f(20, 1), rows.get(0).constant());
    assertEquals(f(1, 5120), rows.get(0).epsilon());
    assertEquals(f(3069, 1), rows.get(3).constant());
    assertEquals(f(2046, 1), rows.get(12).constant());
    assertEquals(f(1048575, 1), rows.get(15).constant());
    for (ErrorConstants.Row row : rows) {
      BigFraction sum = BigFraction.ZERO;
      BigFraction power = BigFraction.ONE;
      for (int r = 0; r < 10; r++) {
        sum = sum.add(power.multiply(row.k2().add(1)));
        power = power.multiply(row.k1()).multiply(row.k2());
      }
      assertEquals(sum, row.constant());
      assertEquals(ErrorConstants.TARGET, row.constant().multiply(row.epsilon()));
    }
    assertWithin(rows.get(5).constant(), f(2201, 100), f(2203, 100));
    assertWithin(rows.get(10).constant(), f(5727, 100), f(5728, 100));
  }

  private static void assertWithin(BigFraction value, BigFraction low, BigFraction high) {
    assertTrue(low.compareTo(value) <= 0 && value.compareTo(high) <= 0, value::toString);
  }

  @Test
  void constantsOfInterpolations() {
    List<ErrorConstants.ScaleRow> rows = ErrorConstants.scaleTable();
    assertEquals(List.of("literal", "standard", "literal", "standard"),
        rows.stream().map(row -> row.reading().toString().replaceAll("\\(.*", "")).toList());
    for (ErrorConstants.ScaleRow row : rows.subList(0, 3)) {
      assertEquals(BigFraction.ONE, row.k1());
      assertEquals(f(20, 1), row.constant());
      assertEquals(f(20, 1), row.sharper());
    }
    ErrorConstants.ScaleRow keys = rows.get(3);
    assertEquals(f(121, 64), keys.k1());
    assertWithin(keys.constant(), f(13081, 10), f(13082, 10));
    assertWithin(keys.sharper(), f(6681, 10), f(6682, 10));
    assertEquals(f(4, 1), keys.sumNorm().get(0));
  }

  /** The constants per scale are those of the whole matrices, which the table takes from their axes. */
  @Test
  void axesGiveTheConstantsOfTheMatrices() {
    ErrorConstants.ScaleRow row = ErrorConstants.scaleRow(new Standard(Kernel.KEYS), BigFraction.TWO);
    for (int i = 1; i < 5; i++) {
      int from = ScaleSchedule.VAR.get(i - 1).height();
      int to = ScaleSchedule.VAR.get(i).height();
      ExactMatrix matrix = new Interpolation(row.reading(), to, to).matrix(from, from);
      assertEquals(LipschitzFunction.rowSum(matrix), row.perScale().get(i - 1));
      assertEquals(LipschitzFunction.columnSum(matrix), row.sumNorm().get(i - 1));
    }
    BigFraction product = BigFraction.ONE;
    BigFraction sum = BigFraction.ONE;
    for (int j = 8; j >= 0; j--) {
      product = product.multiply(row.perScale().get(j)).multiply(2);
      sum = sum.add(product);
    }
    assertEquals(sum.multiply(3), row.sharper());
  }
}
