package plumbline.reference.decide;

import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.number.Ball;
import plumbline.reference.number.BallMatrix;
import plumbline.reference.number.Decimals;
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
  private static final int FINER_BITS = 128;

  /** Whether the inequality holds, with certainty. */
  public boolean holds() {
    return outcome == Outcome.HOLDS;
  }

  /** Whether the inequality fails, with certainty. */
  public boolean fails() {
    return outcome == Outcome.FAILS;
  }

  /**
   * log₁₀ (right / left) at that entry, for display; {@code null} unless both are certainly positive. Where binary64's
   * range has decided but cannot tell the size of a side, both are computed again with more.
   */
  public @Nullable Double logRatio() {
    if (bits == Rung.MIN_BITS && (isVague(left) || isVague(right))) {
      Inequality.Sides<BallMatrix> sides = inequality.in(Ball.of(FINER_BITS));
      return logRatio(sides.left().enclosure(row, column), sides.right().enclosure(row, column));
    }
    return logRatio(left, right);
  }

  /** Whether a side may be positive, but is not known within a factor of 2. */
  private static boolean isVague(Interval side) {
    BigFraction lower = side.lower();
    BigFraction upper = side.upper();
    return upper == null || (upper.compareTo(BigFraction.ZERO) > 0
        && (lower == null || lower.multiply(2).compareTo(upper) < 0));
  }

  private static @Nullable Double logRatio(Interval left, Interval right) {
    BigFraction above = left.upper();
    BigFraction below = right.lower();
    BigFraction least = left.lower();
    return above == null || below == null || least == null || least.compareTo(BigFraction.ZERO) <= 0
            || below.compareTo(BigFraction.ZERO) <= 0
        ? null
        : (Double) (Decimals.log10(below) - Decimals.log10(above));
  }
}
