package plumbline.properties.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import plumbline.properties.Expression;
import plumbline.properties.arbitrary.LipschitzFunctions.Affine;
import plumbline.properties.arbitrary.LipschitzFunctions.Relu;
import plumbline.properties.semantics.Triangulation;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Composition;
import plumbline.reference.number.Rational;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.NotExactException;

/** Integrals and suprema against values known in closed form, found without simplices. */
class TriangulationTest {
  private static final String ID = "lemma-5.4";

  private static BigFraction value(Expression expression) {
    return expression.in(Rational.INSTANCE).get(0, 0);
  }

  /** x ↦ weights·x + bias, to one number. */
  private static Layer affine(BigFraction bias, BigFraction... weights) {
    return new Affine(ID, ExactMatrix.of(weights.length, 1, weights), ExactMatrix.of(1, 1, bias));
  }

  /** ∫ |x − s|^α over [0,1] = (s^(α+1) + (1 − s)^(α+1)) / (α + 1). */
  @ParameterizedTest
  @CsvSource({"1, 3", "2, 3", "3, 3", "4, 3", "5, 7"})
  void absolutePowersOnAnInterval(int alpha, int q) {
    BigFraction s = new BigFraction(1, q);
    Triangulation cut = Triangulation.of(1, 1, affine(s.negate(), BigFraction.ONE));
    assertEquals(s.pow(alpha + 1).add(BigFraction.ONE.subtract(s).pow(alpha + 1)).divide(alpha + 1), value(cut.power(alpha)));
    assertEquals(BigFraction.ONE.subtract(s).pow(alpha), value(cut.supremum(alpha)));
  }

  /**
   * ∫ |a·x + b|^α over [0,1]^n = Σ_v (−1)^(n − |v|) F(a·v + b) / Π a_i over the corners v, where
   * F(t) = sgn(t)^n |t|^(α+n) / ((α+1)…(α+n)) is the n-th primitive of |t|^α.
   */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "1, 3", "1, 4", "2, 2", "2, 4", "3, 3", "3, 4"})
  void ridgesOnACube(int alpha, int n) {
    BigFraction[] a = {new BigFraction(2, 3), new BigFraction(-5, 4), new BigFraction(1, 2), new BigFraction(-1, 7)};
    BigFraction[] weights = Arrays.copyOf(a, n);
    BigFraction b = new BigFraction(1, 5);
    BigFraction sum = BigFraction.ZERO;
    for (int v = 0; v < 1 << n; v++) {
      BigFraction t = b;
      BigFraction sign = Integer.bitCount(v) % 2 == n % 2 ? BigFraction.ONE : BigFraction.MINUS_ONE;
      for (int i = 0; i < n; i++) {
        t = (v >> i & 1) == 1 ? t.add(weights[i]) : t;
      }
      BigFraction size = t.abs().pow(alpha + n);
      sum = sum.add(sign.multiply(n % 2 == 1 && t.compareTo(BigFraction.ZERO) < 0 ? size.negate() : size));
    }
    for (int i = 0; i < n; i++) {
      sum = sum.divide(weights[i]).divide(alpha + i + 1);
    }
    assertEquals(sum, value(Triangulation.of(n, 1, affine(b, weights)).power(alpha)));
  }

  /** ∫ max(2x − 1, 0) + max(x − y, 0) + max(y − x, 0) over [0,1]² is 1/4 + 1/3, and the integrand is largest at (1, 0). */
  @Test
  void severalEntriesAddUp() {
    Layer kinks = Composition.of(ID,
        new Affine(ID, ExactMatrix.ofIntegers(2, 3, 2, 1, -1, 0, -1, 1), ExactMatrix.ofIntegers(1, 3, -1, 0, 0)), new Relu(ID));
    Triangulation cut = Triangulation.of(2, 1, kinks);
    assertEquals(new BigFraction(7, 12), value(cut.power(1)));
    assertEquals(new BigFraction(2), value(cut.supremum(1)));
  }

  /** A function that is not piecewise affine is refused, not integrated wrongly. */
  @Test
  void curvesAreRefused() {
    ExactMatrix one = ExactMatrix.ones(1, 1);
    assertThrows(NotExactException.class, () -> Triangulation.of(2, 1, new Attention(one, one, one)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7})
  void dimensionsAreLimited(int n) {
    assertThrows(IllegalArgumentException.class, () -> Triangulation.of(n, 1, new Relu(ID)));
  }

  /** The same function in pieces and whole. */
  @Test
  void closedFormsOfTheCounterexamples() {
    for (BigFraction eta : List.of(BigFraction.ONE_HALF, new BigFraction(1, 8), new BigFraction(1, 1 << 20))) {
      for (int alpha = 1; alpha <= 3; alpha++) {
        for (FunctionNorm.Family family : List.of(FunctionNorm.BUMP, FunctionNorm.RIDGE)) {
          FunctionNorm.Counterexample c = family.at(eta);
          assertEquals(family.error(alpha, eta), value(c.error(alpha)));
          assertEquals(family.result(alpha, eta), value(c.result(alpha)));
        }
      }
    }
  }

  /** For small η the quotient of both sides is (α+2)(α+3)(α+4)/(256 η³), as the argument has it. */
  @Test
  void quotientOfTheBumps() {
    BigFraction eta = new BigFraction(1, 64);
    for (int alpha = 1; alpha <= 4; alpha++) {
      assertEquals(new BigFraction((alpha + 2) * (alpha + 3) * (alpha + 4), 256).divide(eta.pow(3)),
          FunctionNorm.BUMP.result(alpha, eta).divide(FunctionNorm.BUMP.error(alpha, eta)));
    }
  }

  /** E|S − 2| = 56/120 for the sum S of four uniform numbers; so 4 E|S/4 − 1/2| = 7/15, and E min(S/4, 1 − S/4) = 23/60. */
  @Test
  void integralsOfTheCounterexamples() {
    BigFraction distance = new BigFraction(2 * (32 - 4), 120);
    assertEquals(distance, FunctionNorm.up().error());
    assertEquals(BigFraction.ONE_HALF.subtract(distance.divide(4)), FunctionNorm.down().result());
  }

  /** For every exponent that is certified the smallest counterexample refutes the lemma with K_2 = 0. */
  @Test
  void theAffineCounterexampleRefutesEveryExponent() {
    for (int alpha = 1; alpha <= 4; alpha++) {
      assertEquals(1, value(FunctionNorm.up().result(alpha)).compareTo(value(FunctionNorm.up().error(alpha))));
    }
  }
}
