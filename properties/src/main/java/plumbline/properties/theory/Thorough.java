package plumbline.properties.theory;

import plumbline.properties.Property;

/**
 * A campaign that is too costly for every audit.
 *
 * @param property the claim and its inputs
 * @param cases number of random cases
 * @param maxBits precision at which a case is left undecided
 */
public record Thorough(Property<?> property, int cases, int maxBits) {}
