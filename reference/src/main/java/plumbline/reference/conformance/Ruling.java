package plumbline.reference.conformance;

import java.util.Locale;

/** What is known about a returned number, or a tensor of them, beside the exact one. */
public enum Ruling {
  /** Certainly within the error that the model allows. */
  ROUNDING,
  /** Certainly not: no implementation within the model returns this. */
  BUG,
  /** Neither is certain, or the error allowed is so large that being within it says nothing. */
  UNDECIDED;

  /** The word that reports print. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
