package plumbline.properties.theory;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static plumbline.properties.Expression.of;

import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.properties.Expression;
import plumbline.properties.theory.Replay.TwoScales;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.claim.Inequality;
import plumbline.spec.claim.Inequality.Sides;

class ReplayTest {

  /**
   * Step 4 of {@code thm-5.6} and {@code cor-6.2} has one K_1 K_2 for all pairs, and one error: what is refuted is the bound
   * (K_1 K_2 + 1) max_r ‖P_r − Q_r‖_1, where K_1 K_2 is a constant of P_1 too.
   */
  @Test
  void stepFourIsRefutedWithConstantsOfAllPairs() {
    for (TwoScales chain : List.of(TwoScales.var(), TwoScales.flow())) {
      List<Inequality> all = chain.inequalities();
      BigFraction error = all.get(0).in(Rational.INSTANCE).right().get(0, 0);
      Sides<RationalMatrix> step = all.get(all.size() - 1).in(Rational.INSTANCE);
      Expression change = chain.first().apply(of(1)).minus(chain.first().apply(of(0)));
      BigFraction slope = change.sumOfAbsolutes().in(Rational.INSTANCE).get(0, 0);
      BigFraction bound = step.right().get(0, 0);
      assertTrue(bound.compareTo(error.multiply(slope.add(1))) >= 0, bound + " with the constant " + slope);
      assertTrue(step.left().get(0, 0).compareTo(bound) > 0, chain.text());
    }
  }
}
