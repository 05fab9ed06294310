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
 * @param most cases beyond which more would not be worth their time: each is costly, or there are no others
 */
public record Property<I>(Claim<I> claim, Arbitrary<I> inputs, int most) {

  /** A property to be tried on as many cases as are asked for. */
  public Property(Claim<I> claim, Arbitrary<I> inputs) {
    this(claim, inputs, Integer.MAX_VALUE);
  }
}
