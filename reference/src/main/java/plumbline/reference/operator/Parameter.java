package plumbline.reference.operator;

import java.util.List;

/**
 * A parameter of an operator: a choice of reading, a size, a constant.
 *
 * @param name its name
 * @param kind what its text must be
 * @param defaultValue its value where none is given; empty if one must be given
 * @param allowed the words that a {@link Kind#CHOICE} admits; empty for other kinds
 * @param doc what it means, in one sentence
 */
public record Parameter(String name, Kind kind, String defaultValue, List<String> allowed, String doc) {

  /** What a parameter's text must be. */
  public enum Kind {
    /** One of the allowed words. */
    CHOICE,
    /** An integer, at least 0. */
    INTEGER,
    /** A real number, written as a decimal or as a fraction and taken exactly. */
    NUMBER,
    /** Text that the operator itself reads; its documentation gives the form. */
    TEXT
  }

  public Parameter {
    allowed = List.copyOf(allowed);
  }

  /** Whether it has no default. */
  public boolean required() {
    return defaultValue.isEmpty();
  }
}
