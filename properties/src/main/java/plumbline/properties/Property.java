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
 * @param most cases beyond which more would not be worth their time: each is costly, or there are no others
 */
public record Property<I>(Claim<I> claim, Arbitrary<I> inputs, int factor, int most) {

  /** A property that runs several times as many cases as are asked for. */
  public Property(Claim<I> claim, Arbitrary<I> inputs, int factor) {
    this(claim, inputs, factor, Integer.MAX_VALUE);
  }

  /** A property that runs as many cases as are asked for. */
  public Property(Claim<I> claim, Arbitrary<I> inputs) {
    this(claim, inputs, 1);
  }

  /** The same, with at most so many cases. */
  public Property<I> atMost(int cases) {
    return new Property<>(claim, inputs, factor, cases);
  }

  /** How many cases to run where {@code requested} are asked for. */
  public int cases(int requested) {
    return Math.min(Math.multiplyExact(requested, factor), most);
  }
}
