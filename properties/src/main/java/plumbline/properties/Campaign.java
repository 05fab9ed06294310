package plumbline.properties;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.DoubleStream;
import net.jqwik.api.ExhaustiveGenerator;
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
import plumbline.spec.claim.Inequality;
import plumbline.spec.claim.Verdict;
import plumbline.spec.number.ExactMatrix;

/**
 * Runs a property on random cases from a seed, outside of any test engine; on all of its cases, each once and in order,
 * where these can be listed and are no more than asked for. The first failing case is shrunk to a small
 * exact counterexample; the first undecided one is kept as it is.
 */
public final class Campaign {
  /** Shrinking tries at most this many candidates. */
  private static final int SHRINK_LIMIT = 500;

  private final int cases;
  private final long seed;
  private final Ladder ladder;
  private final int keep;
  private final IntConsumer progress;

  /**
   * @param cases number of random cases
   * @param seed the same seed gives the same cases, whatever their number
   * @param ladder decides each inequality
   * @param keep how many decided cases to keep in the evidence: the tightest and the first others
   * @param progress told the number of cases done after each
   */
  public Campaign(int cases, long seed, Ladder ladder, int keep, IntConsumer progress) {
    this.cases = cases;
    this.seed = seed;
    this.ladder = ladder;
    this.keep = keep;
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

  /**
   * How many cases a campaign takes: as many as are asked for, or each input once where there are no more than that.
   *
   * @param requested number of cases asked for
   */
  public static int cases(Property<?> property, int requested) {
    return domain(property, requested).map(domain -> (int) domain.maxCount()).orElse(requested);
  }

  /** All inputs, if they can be listed and are at most {@code most}. */
  private static <I> Optional<ExhaustiveGenerator<I>> domain(Property<I> property, int most) {
    return most < 1 ? Optional.empty() : property.inputs().exhaustive(most).filter(domain -> domain.maxCount() <= most);
  }

  private <I> Evidence search(Property<I> property) {
    Claim<I> claim = property.claim();
    RandomGenerator<I> generator = property.inputs().generator(Math.max(cases, 1), true);
    int last = cases(property, cases);
    Iterator<I> whole = domain(property, cases).map(ExhaustiveGenerator::iterator).orElse(null);
    Tally<I> tally = new Tally<>(claim);
    for (int c = 1; c <= last; c++) {
      Shrinkable<I> candidate = whole == null ? generator.next(random(claim, c)) : Shrinkable.unshrinkable(whole.next());
      List<Decision> decisions = decide(claim, candidate.value());
      if (failure(decisions) != null) {
        return refutation(claim, candidate, decisions, tally);
      }
      tally.add(candidate.value(), decisions);
      progress.accept(c);
    }
    Verdict verdict = tally.undecided == 0 ? Verdict.HOLDS : Verdict.UNDECIDED;
    String text = claim.text() + (whole == null ? "" : " [" + (last == 1 ? "the one case" : "all " + last + " cases") + "]")
        + (tally.undecided == 0 ? "" : " (" + tally.undecided + " of " + last + " cases undecided)");
    return new Evidence(claim.statement(), claim.reading(), claim.step(), text, null, verdict, tally.decided,
        tally.worstSlack, tally.bits, tally.open, tally.kept(), tally.ratios());
  }

  /** Each case has a source of its own, so that any of them can be drawn without the others. */
  private Random random(Claim<?> claim, int c) {
    return new Random((seed ^ (claim.statement() + claim.text()).hashCode()) + c * 0x9E3779B97F4A7C15L);
  }

  /** The decisions of a case, up to the first inequality that fails. */
  private <I> List<Decision> decide(Claim<I> claim, I input) {
    List<Decision> decisions = new ArrayList<>();
    for (Inequality inequality : claim.inequalities(input)) {
      Decision decision = ladder.decide(inequality);
      decisions.add(decision);
      if (decision.fails()) {
        break;
      }
    }
    return decisions;
  }

  private static @Nullable Decision failure(List<Decision> decisions) {
    Decision last = decisions.isEmpty() ? null : decisions.get(decisions.size() - 1);
    return last != null && last.fails() ? last : null;
  }

  private <I> Evidence refutation(Claim<I> claim, Shrinkable<I> failing, List<Decision> decisions, Tally<I> tally) {
    Shrinkable<I> smallest = failing;
    List<Decision> smallestDecisions = decisions;
    int tried = 0;
    boolean smaller = true;
    while (smaller && tried < SHRINK_LIMIT) {
      smaller = false;
      Iterator<Shrinkable<I>> candidates = smallest.shrink().iterator();
      while (candidates.hasNext() && tried++ < SHRINK_LIMIT) {
        Shrinkable<I> candidate = candidates.next();
        List<Decision> again = decide(claim, candidate.value());
        if (failure(again) != null) {
          smallest = candidate;
          smallestDecisions = again;
          smaller = true;
          break;
        }
      }
    }
    Decision witness = smallestDecisions.get(smallestDecisions.size() - 1);
    return new Evidence(claim.statement(), claim.reading(), claim.step(), claim.text(), null, Verdict.REFUTED,
        tally.decided + 1, witness.slack(), Math.max(tally.bits, witness.bits()), describe(claim, smallest.value(), witness),
        List.of(kept(claim, smallest.value(), smallestDecisions)), tally.ratios());
  }

  private static <I> KeptCase kept(Claim<I> claim, I input, List<Decision> decisions) {
    return new KeptCase(new TreeMap<>(claim.show(input)),
        decisions.stream().<Finding>map(Finding.Decided::new).toList());
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

  /** What has been seen so far of cases that do not fail. */
  private final class Tally<I> {
    private final Claim<I> claim;
    private long decided;
    private long undecided;
    private int bits;
    private @Nullable Double worstSlack;
    private Map<String, String> open = Map.of();
    private final List<KeptCase> first = new ArrayList<>();
    private @Nullable KeptCase tightest;
    private final Map<String, DoubleStream.Builder> ratios = new LinkedHashMap<>();

    Tally(Claim<I> claim) {
      this.claim = claim;
    }

    void add(I input, List<Decision> decisions) {
      Decision undecidedOne = null;
      boolean tighter = false;
      for (Decision decision : decisions) {
        if (decision.outcome() == Outcome.UNDECIDED) {
          undecidedOne = decision;
          continue;
        }
        bits = Math.max(bits, decision.bits());
        Double slack = decision.slack();
        Double worst = worstSlack;
        if (slack != null && (worst == null || slack < worst)) {
          worstSlack = slack;
          tighter = true;
        }
        Double ratio = decision.logRatio();
        if (ratio != null) {
          ratios.computeIfAbsent(decision.inequality().name(), name -> DoubleStream.builder()).add(ratio);
        }
      }
      if (undecidedOne != null) {
        if (undecided++ == 0) {
          open = describe(claim, input, undecidedOne);
        }
        return;
      }
      decided++;
      if (first.size() < keep - 1) {
        first.add(Campaign.kept(claim, input, decisions));
      } else if (tighter && keep > 0) {
        tightest = Campaign.kept(claim, input, decisions);
      } else if (first.size() < keep) {
        first.add(Campaign.kept(claim, input, decisions));
      }
    }

    /** The tightest case, unless it is among the first ones, and these. */
    List<KeptCase> kept() {
      List<KeptCase> kept = new ArrayList<>(first);
      if (tightest != null) {
        kept.add(0, tightest);
      }
      return List.copyOf(kept.size() > keep ? kept.subList(0, keep) : kept);
    }

    Map<String, double[]> ratios() {
      Map<String, double[]> arrays = new LinkedHashMap<>();
      ratios.forEach((name, values) -> arrays.put(name, values.build().toArray()));
      return arrays;
    }
  }
}
