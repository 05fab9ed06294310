package plumbline.reference.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.spec.claim.Inequality;
import plumbline.spec.claim.Relation;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

class LadderTest {
  private final Ladder ladder = new Ladder(2048);

  /** Σ exp(a) against b·exp(c), entry by entry. */
  private static Inequality exponentials(Relation relation, ExactMatrix a, BigFraction factor, BigFraction c) {
    return new Inequality("exp", relation) {
      @Override
      public <M extends Matrix<M>> Sides<M> in(NumberSystem<M> system) {
        M left = system.lift(a).exp();
        return new Sides<>(left,
            system.lift(factor).hadamard(system.lift(c).exp()).broadcast(left.rows(), left.columns()));
      }
    };
  }

  private static Inequality plain(Relation relation, ExactMatrix left, ExactMatrix right) {
    return new Inequality("plain", relation) {
      @Override
      public <M extends Matrix<M>> Sides<M> in(NumberSystem<M> system) {
        return new Sides<>(system.lift(left), system.lift(right));
      }
    };
  }

  @Test
  void anEasyInequalityTakesTheFastEnclosure() {
    Decision decision = ladder.decide(exponentials(Relation.LESS, ExactMatrix.ofIntegers(1, 2, 1, 2), BigFraction.ONE,
        new BigFraction(3)));
    assertEquals(Outcome.HOLDS, decision.outcome());
    assertEquals(53, decision.bits());
    assertEquals(1, decision.column());
    Double slack = decision.slack();
    assertEquals(1 - Math.exp(-1), slack == null ? Double.NaN : slack, 1e-12);
  }

  @Test
  void aCloseInequalityTakesMoreBits() {
    BigFraction close = BigFraction.ONE.add(new BigFraction(BigInteger.ONE, BigInteger.ONE.shiftLeft(300)));
    Inequality below = exponentials(Relation.LESS, ExactMatrix.ofIntegers(1, 1, 2), close, new BigFraction(2));
    assertEquals(Outcome.HOLDS, ladder.decide(below).outcome());
    assertEquals(512, ladder.decide(below).bits());
    assertEquals(Outcome.UNDECIDED, new Ladder(256).decide(below).outcome());
    Inequality above = exponentials(Relation.LESS, ExactMatrix.ofIntegers(1, 1, 2), close.reciprocal(), new BigFraction(2));
    assertEquals(Outcome.FAILS, ladder.decide(above).outcome());
  }

  @Test
  void tiesAreDecidedExactlyOrNotAtAll() {
    ExactMatrix third = ExactMatrix.of(1, 1, new BigFraction(1, 3));
    assertEquals(Outcome.HOLDS, ladder.decide(plain(Relation.LESS_OR_EQUAL, third, third)).outcome());
    assertEquals(Outcome.HOLDS, ladder.decide(plain(Relation.EQUAL, third, third)).outcome());
    assertEquals(0, ladder.decide(plain(Relation.EQUAL, third, third)).bits());
    assertEquals(Outcome.FAILS, ladder.decide(plain(Relation.LESS, third, third)).outcome());
    assertEquals(Outcome.UNDECIDED, ladder.decide(
        exponentials(Relation.EQUAL, ExactMatrix.ofIntegers(1, 1, 2), BigFraction.ONE, new BigFraction(2))).outcome());
    assertEquals(Outcome.FAILS, ladder.decide(
        exponentials(Relation.EQUAL, ExactMatrix.ofIntegers(1, 1, 2), BigFraction.TWO, new BigFraction(2))).outcome());
  }

  @Test
  void oneFailingEntryFailsTheWhole() {
    Decision decision = ladder.decide(
        plain(Relation.LESS_OR_EQUAL, ExactMatrix.ofIntegers(1, 3, 1, 2, 3), ExactMatrix.ofIntegers(1, 3, 1, 1, 4)));
    assertEquals(Outcome.FAILS, decision.outcome());
    assertEquals(1, decision.column());
    assertTrue(decision.left().contains(new BigFraction(2)));
  }

  @Test
  void anUndefinedSideIsUndecided() {
    Inequality undefined = new Inequality("1/0 < 1", Relation.LESS) {
      @Override
      public <M extends Matrix<M>> Sides<M> in(NumberSystem<M> system) {
        return new Sides<>(system.lift(1).dividedBy(system.lift(0)), system.lift(1));
      }
    };
    assertEquals(Outcome.UNDECIDED, new Ladder(128).decide(undefined).outcome());
  }

  @Test
  void anEmptyMatrixHoldsVacuously() {
    assertEquals(Outcome.HOLDS,
        ladder.decide(plain(Relation.LESS, ExactMatrix.zeros(0, 3), ExactMatrix.zeros(0, 3))).outcome());
  }

  @Test
  void aLimitBelowTheFirstRungIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Ladder(52));
  }
}
