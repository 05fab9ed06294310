package plumbline.properties;

import net.jqwik.api.Arbitrary;
import plumbline.spec.claim.Claim;

/**
 * A claim with a source of random inputs from its domain. A jqwik test takes the two apart; a {@link Campaign} runs
 * them from a seed.
 *
 * @param <I> the inputs
 * @param claim what is claimed of every input
 * @param inputs random inputs of the claim's domain; failures shrink as the arbitrary says
 * @param factor how many cases to run for each that is asked for: 1, or more where a case is cheap
 */
public record Property<I>(Claim<I> claim, Arbitrary<I> inputs, int factor) {

  /** A property that runs as many cases as are asked for. */
  public Property(Claim<I> claim, Arbitrary<I> inputs) {
    this(claim, inputs, 1);
  }
}
