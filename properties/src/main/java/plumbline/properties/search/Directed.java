package plumbline.properties.search;

import plumbline.spec.claim.Claim;

/**
 * A claim with a family of inputs to search.
 *
 * @param <I> the inputs
 * @param claim the claim
 * @param family where to look
 * @param parameters what the family varies, in a few words
 * @param aim name of the inequality to violate while the others hold, or empty for any
 */
public record Directed<I>(Claim<I> claim, Family<I> family, String parameters, String aim) {

  /** Aimed at every inequality of the claim. */
  public Directed(Claim<I> claim, Family<I> family, String parameters) {
    this(claim, family, parameters, "");
  }

  /** The search. */
  public Search<I> search() {
    return Search.of(family, claim).aim(aim);
  }
}
