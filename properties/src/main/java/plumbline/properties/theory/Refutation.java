package plumbline.properties.theory;

import java.util.List;
import java.util.Map;
import plumbline.properties.Property;

/**
 * Why a statement that promises an approximation for every accuracy is false: one exact target from which every function of
 * the class keeps a distance. What an argument shows for the whole class, a property certifies at random members.
 *
 * @param statement id of the statement
 * @param readings ids of the readings that it refutes
 * @param argument the whole argument
 * @param lowerBound the inequality on which the argument rests, for random members of the class; it holds
 * @param witness the target and the distance
 */
public record Refutation(
    String statement, List<String> readings, String argument, Property<?> lowerBound, Map<String, String> witness) {}
