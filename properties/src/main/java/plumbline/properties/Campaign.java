package plumbline.properties;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import net.jqwik.api.ExhaustiveGenerator;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.decide.Decision;
import plumbline.reference.decide.Ladder;
import plumbline.reference.decide.Outcome;
import plumbline.spec.claim.Claim;
import plumbline.spec.claim.Inequality;
import plumbline.spec.claim.Verdict;

/**
 * Runs a property on random cases from a seed, outside of any test engine; on all of its cases, each once and in order,
 * where these can be listed and are no more than asked for. The first failing case is shrunk to a small exact
 * counterexample; the first undecided one is kept as it is.
 */
public final class Campaign {
  /** Shrinking tries at most this many candidates. */
  private static final int SHRINK_LIMIT = 500;

  /** The first cases also try edge cases, such as ties; jqwik takes too long over them to try them among thousands. */
  private static final int WITH_EDGES = 200;

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
   * @param progress told the number of cases done after each; by several threads where several help
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
    Run<I> run = start(property, CaseLog.NONE);
    run.help(Integer.MAX_VALUE);
    return run.evidence();
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

  /** Prepares the check of {@code property}, so that several threads may help with it. */
  public <I> Run<I> start(Property<I> property, CaseLog log) {
    return new Run<>(property, log);
  }

  /** A case as it was drawn. */
  private record Candidate<I>(Shrinkable<I> shrinkable, I input) {

    static <I> Candidate<I> of(Shrinkable<I> shrinkable) {
      return new Candidate<>(shrinkable, shrinkable.value());
    }
  }

  /**
   * The check of a property while it is done.
   *
   * @param <I> the inputs
   */
  public final class Run<I> {
    private final Claim<I> claim;
    private final int count;
    private final boolean complete;
    private final Cases<Candidate<I>> candidates;

    private Run(Property<I> property, CaseLog log) {
      Claim<I> claim = property.claim();
      this.claim = claim;
      Optional<ExhaustiveGenerator<I>> domain = domain(property, cases);
      this.count = cases(property, cases);
      this.complete = domain.isPresent();
      this.candidates = new Cases<>(count, () -> {
        if (domain.isPresent()) {
          List<Candidate<I>> all = new ArrayList<>();
          domain.get().forEach(input -> all.add(Candidate.of(Shrinkable.unshrinkable(input))));
          return c -> all.get(c - 1);
        }
        RandomGenerator<I> edges = property.inputs().generator(Math.max(cases, 1), true);
        RandomGenerator<I> others = property.inputs().generator(Math.max(cases, 1), false);
        return c -> Candidate.of((c <= WITH_EDGES ? edges : others).next(random(claim, c)));
      }, (c, candidate) -> judge(claim, c, candidate.input), log, progress);
    }

    /** Decides up to {@code limit} cases that nobody has taken; see {@link Cases#help}. */
    public boolean help(int limit) {
      return candidates.help(limit);
    }

    /**
     * What was found, once no case is left and every helper has returned. The cases that it shows are drawn and decided
     * again.
     */
    public Evidence evidence() {
      Tally tally = new Tally(candidates.records());
      IntFunction<Candidate<I>> again = candidates.again();
      if (tally.failing > 0) {
        return refutation(claim, again.apply(tally.failing), tally);
      }
      List<KeptCase> kept = new ArrayList<>();
      for (int c : tally.kept()) {
        I input = again.apply(c).input;
        kept.add(KeptCase.of(claim, input, decide(claim, input)));
      }
      Map<String, String> open = tally.open == 0 ? Map.of() : open(claim, again.apply(tally.open).input);
      Verdict verdict = tally.undecided == 0 ? Verdict.HOLDS : Verdict.UNDECIDED;
      String text = claim.text() + (complete ? " [" + (count == 1 ? "the one case" : "all " + count + " cases") + "]" : "")
          + (tally.undecided == 0 ? "" : " (" + tally.undecided + " of " + count + " cases undecided)");
      return new Evidence(claim.statement(), claim.reading(), claim.step(), text, null, verdict, tally.decided,
          tally.worstSlack, tally.bits, open, List.copyOf(kept), tally.ratios());
    }
  }

  private <I> CaseRecord judge(Claim<I> claim, int c, I input) {
    Outcome outcome = Outcome.HOLDS;
    double slack = Double.NaN;
    int bits = 0;
    List<String> names = new ArrayList<>();
    DoubleStream.Builder ratios = DoubleStream.builder();
    for (Decision decision : decide(claim, input)) {
      if (decision.outcome() != Outcome.HOLDS) {
        outcome = decision.outcome();
      }
      if (decision.outcome() == Outcome.UNDECIDED) {
        continue;
      }
      bits = Math.max(bits, decision.bits());
      Double here = decision.slack();
      if (here != null && !(here >= slack)) {
        slack = here;
      }
      Double ratio = decision.logRatio();
      if (ratio != null) {
        names.add(decision.inequality().name());
        ratios.add(ratio);
      }
    }
    return new CaseRecord(c, outcome, slack, bits, names, ratios.build().toArray(), 0);
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

  private <I> Evidence refutation(Claim<I> claim, Candidate<I> failing, Tally tally) {
    Candidate<I> smallest = failing;
    List<Decision> smallestDecisions = decide(claim, failing.input);
    int tried = 0;
    boolean smaller = true;
    while (smaller && tried < SHRINK_LIMIT) {
      smaller = false;
      Candidate<I> parent = smallest;
      Iterator<Shrinkable<I>> shrunk = Cases.inSession(() -> parent.shrinkable.shrink().iterator());
      Optional<Candidate<I>> candidate = next(shrunk);
      while (candidate.isPresent() && tried++ < SHRINK_LIMIT) {
        List<Decision> again = decide(claim, candidate.get().input);
        if (failure(again) != null) {
          smallest = candidate.get();
          smallestDecisions = again;
          smaller = true;
          break;
        }
        candidate = next(shrunk);
      }
    }
    Decision witness = smallestDecisions.get(smallestDecisions.size() - 1);
    KeptCase kept = KeptCase.of(claim, smallest.input, smallestDecisions);
    return new Evidence(claim.statement(), claim.reading(), claim.step(), claim.text(), null, Verdict.REFUTED,
        tally.decided + 1, witness.slack(), Math.max(tally.bits, witness.bits()), kept.witness(witness),
        List.of(kept), tally.ratios());
  }

  /** jqwik shrinks within its sessions; what it returns is decided outside, where others need not wait. */
  private static <I> Optional<Candidate<I>> next(Iterator<Shrinkable<I>> shrunk) {
    return Cases.inSession(() -> shrunk.hasNext() ? Optional.of(Candidate.of(shrunk.next())) : Optional.empty());
  }

  private <I> Map<String, String> open(Claim<I> claim, I input) {
    Decision last = null;
    for (Decision decision : decide(claim, input)) {
      last = decision.outcome() == Outcome.UNDECIDED ? decision : last;
    }
    return last == null ? Map.of() : KeptCase.of(claim, input, List.of()).witness(last);
  }

  /** What the records of the cases add up to. */
  private final class Tally {
    private long decided;
    private long undecided;
    private int bits;
    private @Nullable Double worstSlack;
    /** Index of the first case that fails; 0 if none does. */
    private int failing;
    /** Index of the first undecided case; 0 if there is none. */
    private int open;
    private final List<Integer> first = new ArrayList<>();
    private int tightest;
    private final Map<String, DoubleStream.Builder> ratios = new LinkedHashMap<>();

    Tally(List<CaseRecord> records) {
      for (CaseRecord each : records) {
        add(each);
      }
    }

    private void add(CaseRecord each) {
      if (each.outcome() == Outcome.FAILS) {
        failing = each.index();
        return;
      }
      bits = Math.max(bits, each.bits());
      Double worst = worstSlack;
      boolean tighter = !Double.isNaN(each.slack()) && (worst == null || each.slack() < worst);
      if (tighter) {
        worstSlack = each.slack();
      }
      for (int k = 0; k < each.ratios().length; k++) {
        ratios.computeIfAbsent(each.names().get(k), name -> DoubleStream.builder()).add(each.ratios()[k]);
      }
      if (each.outcome() == Outcome.UNDECIDED) {
        if (undecided++ == 0) {
          open = each.index();
        }
        return;
      }
      decided++;
      if (first.size() < keep - 1) {
        first.add(each.index());
      } else if (tighter && keep > 0) {
        tightest = each.index();
      } else if (first.size() < keep) {
        first.add(each.index());
      }
    }

    /** The tightest case, unless it is among the first ones, and these. */
    List<Integer> kept() {
      List<Integer> kept = new ArrayList<>(first);
      if (tightest > 0) {
        kept.add(0, tightest);
      }
      return kept.size() > keep ? kept.subList(0, keep) : kept;
    }

    Map<String, double[]> ratios() {
      Map<String, double[]> arrays = new LinkedHashMap<>();
      ratios.forEach((name, values) -> arrays.put(name, values.build().toArray()));
      return arrays;
    }
  }
}
