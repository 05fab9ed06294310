package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;

/** A product of inexact balls gets as narrow as the precision allows, however high. */
class BallProductConvergenceTest {

  @ParameterizedTest
  @ValueSource(ints = {128, 384, 512, 4096, 32768})
  void radiusFollowsPrecision(int bits) {
    ExactMatrix third = ExactMatrix.of(1, 1, new BigFraction(1, 3));
    BallMatrix x = Ball.of(bits).lift(third);
    Interval product = x.times(x).enclosure(0, 0);
    BigFraction width = product.upper().subtract(product.lower());
    assertTrue(product.contains(new BigFraction(1, 9)));
    assertTrue(width.compareTo(BigFraction.TWO.pow(bits - 2).reciprocal()) < 0,
        () -> "width 2^" + (width.getNumerator().bitLength() - width.getDenominator().bitLength()) + " at " + bits + " bits");
  }
}
