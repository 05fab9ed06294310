package plumbline.spec.paper;

import java.util.List;

/**
 * A choice that a reading leaves open.
 *
 * @param name its name, as the command line takes it
 * @param values the values that it can take; empty if they cannot be listed, and {@code text} says what they are
 * @param defaultValue the value taken unless another is given; empty if one must be given
 * @param text what it means, and which values it admits
 */
public record Parameter(String name, List<String> values, String defaultValue, String text) {
  public Parameter {
    values = List.copyOf(values);
  }
}
