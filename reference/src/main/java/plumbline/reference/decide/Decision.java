package plumbline.reference.decide;

import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.claim.Inequality;
import plumbline.spec.number.Interval;

/**
 * How an inequality was decided, with its witness.
 *
 * @param inequality what was decided
 * @param outcome whether it holds, with certainty
 * @param system the number system that decided it, or the last one tried
 * @param bits its precision: 53, 128, 256, …, or 0 for exact rationals
 * @param slack smallest (right − left) / max(|left|, |right|) over the entries, to double precision for display (0 where
 *     both are exactly equal); {@code null} where a side is unbounded or zero could not be told from its neighbours
 * @param row row of the entry that decided: the failing, undecided or tightest one
 * @param column its column
 * @param left enclosure of the left side there
 * @param right enclosure of the right side there
 */
public record Decision(
    Inequality inequality,
    Outcome outcome,
    String system,
    int bits,
    @Nullable Double slack,
    int row,
    int column,
    Interval left,
    Interval right) {

  /** Whether the inequality holds, with certainty. */
  public boolean holds() {
    return outcome == Outcome.HOLDS;
  }
}
