package plumbline.reference.decide;

/** What the ladder found. */
public enum Outcome {
  /** The relation holds of every entry, with certainty. */
  HOLDS,
  /** The relation fails at some entry, with certainty. */
  FAILS,
  /** Neither could be separated within the precision limit. */
  UNDECIDED
}
