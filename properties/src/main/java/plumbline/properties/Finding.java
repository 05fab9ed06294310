package plumbline.properties;

import plumbline.reference.decide.Decision;

/** One thing that was found about a case. */
public interface Finding {

  /**
   * An inequality that was decided.
   *
   * @param decision how
   */
  record Decided(Decision decision) implements Finding {}

  /**
   * A value that was computed.
   *
   * @param name what it is
   * @param formula how it comes from the inputs
   */
  record Value(String name, Expression formula) implements Finding {}
}
