package plumbline.properties.search;

import plumbline.spec.claim.Claim;

/**
 * A claim with a family of inputs to search.
 *
 * @param <I> the inputs
 * @param claim the claim
 * @param family where to look
 * @param parameters what the family varies, in a few words
 */
public record Directed<I>(Claim<I> claim, Family<I> family, String parameters) {}
