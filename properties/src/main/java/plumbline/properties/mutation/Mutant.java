package plumbline.properties.mutation;

import java.util.function.UnaryOperator;

/**
 * An implementation with one bug.
 *
 * @param name the bug, in a few words
 * @param note how it comes about, or what it does
 * @param severity how hard it is to tell from rounding
 * @param kind the inputs on which it shows
 * @param limit why the study may miss it, stage by stage and on one-hot inputs, too; empty if it must not
 * @param change plants it in an honest implementation
 */
record Mutant(String name, String note, Severity severity, Kind kind, String limit, UnaryOperator<Implementation> change) {

  /** How hard a bug is to tell from rounding. */
  enum Severity {
    /** It changes what is computed. */
    GROSS,
    /** It changes digits. */
    SUBTLE
  }

  static Mutant gross(String name, String note, UnaryOperator<Implementation> change) {
    return new Mutant(name, note, Severity.GROSS, Kind.ORDINARY, "", change);
  }

  static Mutant subtle(String name, String note, UnaryOperator<Implementation> change) {
    return new Mutant(name, note, Severity.SUBTLE, Kind.ORDINARY, "", change);
  }

  /** The same bug, which shows on hostile inputs alone. */
  Mutant onHostile() {
    return new Mutant(name, note, severity, Kind.HOSTILE, limit, change);
  }

  /** The same bug, which may be missed. */
  Mutant missed(String why) {
    return new Mutant(name, note, severity, kind, why, change);
  }
}
