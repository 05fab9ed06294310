package plumbline.spec.claim;

import java.util.Locale;

/** What an audit says of a statement on a reading. */
public enum Verdict {
  /** A definition: implemented, and the number systems agree on it. */
  DEFINED,
  /** Machine-checked by a proof assistant. */
  PROVED,
  /** Every certified case satisfies it. */
  HOLDS,
  /** An exact counterexample contradicts it. */
  REFUTED,
  /** Some case could not be separated within the precision limit. */
  UNDECIDED,
  /** Not checked; the specification states why. */
  UNCHECKED;

  /** The word that reports and JSON print. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
