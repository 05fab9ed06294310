package plumbline.properties.theory;

import java.util.Map;
import plumbline.properties.Property;

/**
 * Why a statement that promises an approximation for every accuracy is false: one exact target from which every function of
 * the class keeps a distance. What an argument shows for the whole class, a property certifies at random members.
 *
 * @param statement id of the statement
 * @param reading id of the reading that is refuted
 * @param argument the whole argument
 * @param lowerBound the inequality on which the argument rests, for random members of the class; it holds
 * @param witness the target and the distance
 */
public record Refutation(
    String statement, String reading, String argument, Property<?> lowerBound, Map<String, String> witness) {}
