package plumbline.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import plumbline.reference.decide.Decision;
import plumbline.reference.decide.Ladder;
import plumbline.reference.decide.Outcome;
import plumbline.reference.number.Decimals;
import plumbline.spec.claim.Claim;
import plumbline.spec.claim.Inequality;

/**
 * An input of a claim, to be decided with certainty: an undecided inequality is as red as a refuted one.
 *
 * @param claim the claim
 * @param input an input of its domain
 */
public record Case<I>(Claim<I> claim, I input) {
  private static final Ladder LADDER = new Ladder(16384);

  /** Random inputs of random ones of these properties. */
  public static Arbitrary<Case<?>> of(List<? extends Property<?>> properties) {
    List<Arbitrary<Case<?>>> cases = properties.stream().map(Case::cases).toList();
    return Arbitraries.oneOf(cases);
  }

  /** Random inputs of a property. */
  public static Arbitrary<Case<?>> of(Property<?> property) {
    return cases(property);
  }

  private static <I> Arbitrary<Case<?>> cases(Property<I> property) {
    return property.inputs().map(input -> new Case<>(property.claim(), input));
  }

  /** Fails unless every inequality of the claim holds. */
  public void check() {
    for (Inequality inequality : claim.inequalities(input)) {
      Decision decision = LADDER.decide(inequality);
      assertEquals(Outcome.HOLDS, decision.outcome(), () -> claim.statement() + ": " + inequality.name() + " at ("
          + decision.row() + "," + decision.column() + "): left " + Decimals.interval(decision.left(), 20) + ", right "
          + Decimals.interval(decision.right(), 20) + " in " + decision.system());
    }
  }

  /** The claim and the exact tensors: what a report of a failure prints. */
  @Override
  public String toString() {
    return claim.statement() + " (" + claim.reading() + "): " + claim.text() + " " + claim.show(input);
  }
}
