package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import java.util.function.BinaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.NotExactException;
import plumbline.spec.number.ShapeException;

/** RationalMatrix keeps one denominator for all entries; entry-by-entry fractions must agree with it. */
class RationalMatrixTest {
  private static final Rational Q = Rational.INSTANCE;
  private final Random random = new Random(20250206);

  private ExactMatrix random(int rows, int columns) {
    BigFraction[] values = new BigFraction[rows * columns];
    for (int e = 0; e < values.length; e++) {
      switch (random.nextInt(4)) {
        case 0:
          values[e] = BigFraction.ZERO;
          break;
        case 1:
          values[e] = new BigFraction(random.nextInt(19) - 9, 1 + random.nextInt(9));
          break;
        case 2:
          double hostile = Math.scalb(random.nextDouble() - 0.5, random.nextInt(2040) - 1020);
          values[e] = ExactMatrix.fraction(hostile);
          break;
        default:
          values[e] = new BigFraction(new BigInteger(200, random), new BigInteger(200, random).add(BigInteger.ONE));
      }
    }
    return ExactMatrix.of(rows, columns, values);
  }

  private static void assertEntrywise(BinaryOperator<RationalMatrix> whole, BinaryOperator<BigFraction> entry,
      ExactMatrix a, ExactMatrix b) {
    RationalMatrix result = whole.apply(Q.lift(a), Q.lift(b));
    for (int e = 0; e < a.size(); e++) {
      assertEquals(entry.apply(a.get(e), b.get(e)), result.toExact().get(e));
    }
  }

  @Test
  void entrywiseOperationsAgreeWithFractions() {
    for (int trial = 0; trial < 1700; trial++) {
      ExactMatrix a = random(2, 3);
      ExactMatrix b = random(2, 3);
      assertEntrywise(RationalMatrix::plus, BigFraction::add, a, b);
      assertEntrywise(RationalMatrix::minus, BigFraction::subtract, a, b);
      assertEntrywise(RationalMatrix::hadamard, BigFraction::multiply, a, b);
      assertEntrywise(RationalMatrix::max, (x, y) -> x.compareTo(y) >= 0 ? x : y, a, b);
      assertEntrywise((x, y) -> x.abs(), (x, y) -> x.abs(), a, b);
      assertEntrywise((x, y) -> x.negate().relu(), (x, y) -> x.compareTo(BigFraction.ZERO) < 0 ? x.negate() : BigFraction.ZERO, a, b);
      BigFraction[] nonzero = new BigFraction[b.size()];
      for (int e = 0; e < nonzero.length; e++) {
        nonzero[e] = b.get(e).equals(BigFraction.ZERO) ? new BigFraction(-7, 3) : b.get(e);
      }
      assertEntrywise(RationalMatrix::dividedBy, BigFraction::divide, a, ExactMatrix.of(2, 3, nonzero));
    }
  }

  @Test
  void productSumsProducts() {
    for (int trial = 0; trial < 2500; trial++) {
      ExactMatrix a = random(2, 3);
      ExactMatrix b = random(3, 2);
      RationalMatrix product = Q.lift(a).times(Q.lift(b));
      for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
          BigFraction sum = BigFraction.ZERO;
          for (int k = 0; k < 3; k++) {
            sum = sum.add(a.get(i, k).multiply(b.get(k, j)));
          }
          assertEquals(sum, product.get(i, j));
        }
      }
    }
  }

  @Test
  void anEmptyInnerSizeSumsToZero() {
    assertEquals(ExactMatrix.zeros(2, 3),
        Q.lift(ExactMatrix.zeros(2, 0)).times(Q.lift(ExactMatrix.zeros(0, 3))).toExact());
  }

  @Test
  void stackingAndGatheringKeepValues() {
    ExactMatrix a = random(2, 3);
    ExactMatrix b = random(1, 3);
    RationalMatrix stacked = Q.lift(a).above(Q.lift(b));
    assertEquals(a, stacked.rowRange(0, 2).toExact());
    assertEquals(b, stacked.rowRange(2, 3).toExact());
    assertEquals(stacked.toExact(), stacked.transpose().transpose().toExact());
    assertEquals(a.get(1, 2), Q.lift(a).beside(Q.lift(a)).get(1, 5));
    assertEquals(BigFraction.ZERO, Q.lift(a).gather(1, 1, new int[] {-1}).get(0, 0));
    assertThrows(ShapeException.class, () -> stacked.gather(1, 1, new int[] {9}));
    assertThrows(ShapeException.class, () -> Q.lift(a).above(Q.lift(random(1, 2))));
  }

  @Test
  void transcendentalFunctionsAreExactOrRefused() {
    RationalMatrix quarter = Q.lift(new BigFraction(9, 4));
    assertEquals(new BigFraction(3, 2), quarter.sqrt().get(0, 0));
    String message = assertThrows(NotExactException.class, () -> Q.lift(2).sqrt()).getMessage();
    assertEquals("sqrt of 2 at entry (0,0) is not rational", message);
    assertThrows(NotExactException.class, () -> Q.lift(-4).sqrt());
    assertEquals(BigFraction.ONE, Q.lift(0).exp().get(0, 0));
    assertThrows(NotExactException.class, () -> Q.lift(1).exp());
    assertEquals(BigFraction.ZERO, Q.lift(1).log().get(0, 0));
    assertThrows(NotExactException.class, () -> Q.lift(2).log());
    assertThrows(NotExactException.class, Q::pi);
    assertEquals(new BigFraction(1, 3), Q.lift(ExactMatrix.ofIntegers(1, 3, 7, 7, 7)).softmaxRows().get(0, 1));
    assertThrows(NotExactException.class, () -> Q.lift(ExactMatrix.ofIntegers(1, 2, 7, 8)).softmaxRows());
    assertTrue(assertThrows(ArithmeticException.class, () -> Q.lift(1).dividedBy(Q.lift(0))).getMessage()
        .contains("(0,0)"));
  }

  @Test
  void theLargestEntryOfEachRow() {
    assertEquals(ExactMatrix.ofIntegers(2, 1, 5, -1),
        Q.lift(ExactMatrix.ofIntegers(2, 2, 3, 5, -1, -2)).maxOfRows().toExact());
    assertThrows(ShapeException.class, () -> Q.lift(ExactMatrix.zeros(2, 0)).maxOfRows());
  }

  @Test
  void apfloatRoundsTheSameComputation() {
    Apfloats digits = Apfloats.of(50);
    for (int trial = 0; trial < 50; trial++) {
      ExactMatrix a = random(2, 3);
      ExactMatrix b = random(3, 2);
      RationalMatrix exact = Q.lift(a).times(Q.lift(b)).plus(Q.lift(ExactMatrix.ones(2, 2))).square();
      ApfloatMatrix rounded = digits.lift(a).times(digits.lift(b)).plus(digits.lift(ExactMatrix.ones(2, 2))).square();
      BigFraction scale = Q.lift(a).abs().times(Q.lift(b).abs()).sum().get(0, 0).add(1).pow(2);
      BigFraction bound = scale.multiply(new BigFraction(BigInteger.ONE, BigInteger.TEN.pow(45)));
      for (int e = 0; e < 4; e++) {
        BigFraction error = exact.get(e / 2, e % 2).subtract(Apfloats.exact(rounded.get(e / 2, e % 2)));
        assertTrue(error.abs().compareTo(bound) <= 0);
      }
    }
  }
}
