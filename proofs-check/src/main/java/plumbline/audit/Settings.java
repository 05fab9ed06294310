package plumbline.audit;

import java.util.function.IntConsumer;
import plumbline.reference.decide.Ladder;

/**
 * What a check is run with.
 *
 * @param cases random cases asked for
 * @param seed the same seed gives the same cases
 * @param ladder decides inequalities, up to its precision limit
 * @param keep how many decided cases each check keeps for its certificate
 * @param progress told how many further cases are done; by several threads
 * @param logs where decided cases are written down, and found again
 */
public record Settings(int cases, long seed, Ladder ladder, int keep, IntConsumer progress, CaseLogs logs) {

  /** Settings without logs. */
  public Settings(int cases, long seed, Ladder ladder, int keep, IntConsumer progress) {
    this(cases, seed, ladder, keep, progress, CaseLogs.NONE);
  }

  /** These with another ladder. */
  Settings with(Ladder ladder) {
    return new Settings(cases, seed, ladder, keep, progress, logs);
  }
}
