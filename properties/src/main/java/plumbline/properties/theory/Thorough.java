package plumbline.properties.theory;

import plumbline.properties.Property;

/**
 * A wide campaign of a property, for those who have more time than the default audit takes.
 *
 * @param property the claim and its inputs
 * @param cases how many random cases to run
 * @param maxBits the precision up to which each of them is decided
 */
public record Thorough(Property<?> property, int cases, int maxBits) {}
