package plumbline.properties;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import net.jqwik.api.JqwikException;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.decide.Decision;
import plumbline.reference.decide.Ladder;
import plumbline.reference.decide.Outcome;
import plumbline.reference.number.Decimals;
import plumbline.spec.claim.Claim;
import plumbline.spec.claim.Evidence;
import plumbline.spec.claim.Inequality;
import plumbline.spec.claim.Verdict;
import plumbline.spec.number.ExactMatrix;

/**
 * Runs a property on random cases from a seed, outside of any test engine. The first failing case is shrunk to a small
 * exact counterexample; the first undecided one is kept as it is.
 */
public final class Campaign {
  /** Shrinking tries at most this many candidates. */
  private static final int SHRINK_LIMIT = 500;

  private final int cases;
  private final long seed;
  private final Ladder ladder;
  private final IntConsumer progress;

  /**
   * @param cases number of random cases
   * @param seed the same seed gives the same cases
   * @param ladder decides each inequality
   * @param progress told the number of cases done after each
   */
  public Campaign(int cases, long seed, Ladder ladder, IntConsumer progress) {
    this.cases = cases;
    this.seed = seed;
    this.ladder = ladder;
    this.progress = progress;
  }

  /** Checks {@code property}; its inputs depend on the seed and on the claim's statement and text only. */
  public <I> Evidence run(Property<I> property) {
    Evidence[] result = new Evidence[1];
    JqwikSession.run(() -> result[0] = search(property));
    Evidence evidence = result[0];
    if (evidence == null) {
      throw new JqwikException("the session ended without a result");
    }
    return evidence;
  }

  private <I> Evidence search(Property<I> property) {
    Claim<I> claim = property.claim();
    RandomGenerator<I> generator = property.inputs().generator(Math.max(cases, 1), true);
    Random random = new Random(seed ^ (claim.statement() + claim.text()).hashCode());
    Tally tally = new Tally(ladder);
    for (int c = 1; c <= cases; c++) {
      Shrinkable<I> candidate = generator.next(random);
      Decision decisive = tally.add(claim, candidate.value());
      if (decisive != null && decisive.outcome() == Outcome.FAILS) {
        return refutation(claim, candidate, decisive, tally);
      }
      progress.accept(c);
    }
    Verdict verdict = tally.undecided == 0 ? Verdict.HOLDS : Verdict.UNDECIDED;
    String text = claim.text() + (tally.undecided == 0 ? "" : " (" + tally.undecided + " of " + cases + " cases undecided)");
    return new Evidence(claim.statement(), claim.reading(), text, verdict, tally.decided, tally.worstSlack, tally.bits,
        tally.witness);
  }

  private <I> Evidence refutation(Claim<I> claim, Shrinkable<I> failing, Decision decision, Tally tally) {
    Shrinkable<I> smallest = failing;
    Decision witness = decision;
    int tried = 0;
    boolean smaller = true;
    while (smaller && tried < SHRINK_LIMIT) {
      smaller = false;
      Iterator<Shrinkable<I>> candidates = smallest.shrink().iterator();
      while (candidates.hasNext() && tried++ < SHRINK_LIMIT) {
        Shrinkable<I> candidate = candidates.next();
        Decision failed = new Tally(ladder).add(claim, candidate.value());
        if (failed != null && failed.outcome() == Outcome.FAILS) {
          smallest = candidate;
          witness = failed;
          smaller = true;
          break;
        }
      }
    }
    return new Evidence(claim.statement(), claim.reading(), claim.text(), Verdict.REFUTED, tally.decided + 1,
        witness.slack(), Math.max(tally.bits, witness.bits()), describe(claim, smallest.value(), witness));
  }

  /** The exact input of a case with both sides of the inequality that decided it. */
  private static <I> Map<String, String> describe(Claim<I> claim, I input, Decision decision) {
    Map<String, String> witness = new LinkedHashMap<>();
    witness.put("inequality", decision.inequality().name());
    witness.put("left", Decimals.interval(decision.left(), 12));
    witness.put("right", Decimals.interval(decision.right(), 12));
    witness.put("system", decision.system());
    for (Map.Entry<String, ExactMatrix> tensor : new TreeMap<>(claim.show(input)).entrySet()) {
      witness.put(tensor.getKey(), tensor.getValue().toString());
    }
    return witness;
  }

  /** What has been seen so far. */
  private static final class Tally {
    private final Ladder ladder;
    private long decided;
    private long undecided;
    private int bits;
    private @Nullable Double worstSlack;
    private Map<String, String> witness = Map.of();

    Tally(Ladder ladder) {
      this.ladder = ladder;
    }

    /** Decides one case; the failing or undecided decision, or {@code null} if all inequalities hold. */
    <I> @Nullable Decision add(Claim<I> claim, I input) {
      Decision open = null;
      for (Inequality inequality : claim.inequalities(input)) {
        Decision decision = ladder.decide(inequality);
        if (decision.outcome() == Outcome.FAILS) {
          return decision;
        }
        if (decision.outcome() == Outcome.UNDECIDED) {
          open = decision;
        } else {
          bits = Math.max(bits, decision.bits());
          Double slack = decision.slack();
          Double worst = worstSlack;
          if (slack != null && (worst == null || slack < worst)) {
            worstSlack = slack;
          }
        }
      }
      if (open == null) {
        decided++;
      } else {
        if (undecided++ == 0) {
          witness = describe(claim, input, open);
        }
      }
      return open;
    }
  }
}
