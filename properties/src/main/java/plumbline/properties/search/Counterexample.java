package plumbline.properties.search;

import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.decide.Decision;

/**
 * An input that certainly violates a claim.
 *
 * @param <I> the inputs
 * @param input the input, exact
 * @param size its size in the family, the smallest for which a violation was found
 * @param numbers its numbers in the family
 * @param decisions how the claim's inequalities were decided, up to the one that fails
 */
public record Counterexample<I>(I input, int size, List<BigFraction> numbers, List<Decision> decisions) {

  /** The inequality that fails. */
  public Decision violated() {
    return decisions.get(decisions.size() - 1);
  }
}
