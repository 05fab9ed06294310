package plumbline.properties.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.fraction.BigFraction;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.PointValuePair;
import org.apache.commons.math3.optim.SimpleBounds;
import org.apache.commons.math3.optim.SimpleValueChecker;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.decide.Decision;
import plumbline.reference.decide.Ladder;
import plumbline.reference.number.Binary64;
import plumbline.reference.number.Binary64Matrix;
import plumbline.spec.claim.Claim;
import plumbline.spec.claim.Inequality;
import plumbline.spec.claim.Relation;
import plumbline.spec.number.ExactMatrix;

/**
 * Looks for an input of a family that violates a claim. CMA-ES and then Nelder–Mead minimise the smallest slack of the
 * claim's inequalities in binary64, which proves nothing; where that leads is decided exactly by the ladder. What is
 * certified to violate the claim is then made simple: the smallest size, and for each number 0, ±1 or the fraction with the
 * smallest denominator that leaves the violation certified.
 *
 * <p>The same seed and budget give the same result. The claim's inequalities must be defined for binary64 on the family.
 *
 * @param <I> the inputs
 */
public final class Search<I> {
  /** Proposals are rounded to multiples of 2⁻²⁰, which keeps exact inputs short. */
  private static final double GRID = 0x1p20;

  private static final int FINEST = 20;
  private static final int[] GRIDS = {1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 32, 64, 1024};
  private static final int POLISH_SHARE = 4;
  private static final int MOST_RUNS = 100;
  /** A proposal outside of the domain, or where binary64 gives no number; worse than anything else. */
  private static final double NOWHERE = 3;
  private static final double TIE = 1.5;
  /** A violation smaller than this may be rounding, and the search goes on. */
  private static final double ROUNDING = 1e-12;
  /** Inequalities that hold this well in binary64 are not worth an exact decision while a violation is simplified. */
  private static final double CLEARLY = 1e-6;

  private final Family<I> family;
  private final Claim<I> claim;
  private final long seed;
  private final int budget;
  private final Ladder ladder;
  private final String aim;

  private Search(Family<I> family, Claim<I> claim, long seed, int budget, Ladder ladder, String aim) {
    this.family = family;
    this.claim = claim;
    this.seed = seed;
    this.budget = budget;
    this.ladder = ladder;
    this.aim = aim;
  }

  /** A search with 2000 evaluations, and 1024 bits for decisions. */
  public static <I> Search<I> of(Family<I> family, Claim<I> claim) {
    return new Search<>(family, claim, 0, 2000, new Ladder(1024), "");
  }

  /** This search from another seed. */
  public Search<I> seed(long seed) {
    return new Search<>(family, claim, seed, budget, ladder, aim);
  }

  /** This search with about so many evaluations of the claim in floating point, over all sizes. */
  public Search<I> evaluations(int budget) {
    return new Search<>(family, claim, seed, budget, ladder, aim);
  }

  /** This search with other exact decisions. */
  public Search<I> ladder(Ladder ladder) {
    return new Search<>(family, claim, seed, budget, ladder, aim);
  }

  /**
   * This search aimed at the inequality with this name; the others are hypotheses, which lead nowhere and must hold. With an
   * empty name, the default, every inequality is aimed at.
   */
  public Search<I> aim(String name) {
    return new Search<>(family, claim, seed, budget, ladder, name);
  }

  /** A certified counterexample, if one is found. */
  public Optional<Counterexample<I>> run() {
    return explore().counterexample();
  }

  /** Searches size by size, from the smallest; ends with the first certified counterexample. */
  public Exploration<I> explore() {
    int sizes = family.largest() - family.smallest() + 1;
    long evaluations = 0;
    Best<I> tightest = new Best<>(family.smallest());
    List<Decision> decisions = List.of();
    for (int size = family.smallest(); size <= family.largest(); size++) {
      Best<I> best = new Best<>(size);
      climb(best, Math.max(budget / sizes, 1));
      evaluations += best.evaluations;
      I input = best.input;
      if (input == null) {
        continue;
      }
      List<Decision> decided = decide(input);
      if (fails(decided)) {
        return new Exploration<>(evaluations, Optional.of(simplify(new Counterexample<>(input, size, best.numbers, decided))),
            input, decided);
      }
      if (best.slack < tightest.slack) {
        tightest = best;
        decisions = decided;
      }
    }
    return new Exploration<>(evaluations, Optional.empty(), tightest.input, decisions);
  }

  /** The least slack seen so far for a size. */
  private static final class Best<I> {
    private final int size;
    private double slack = NOWHERE;
    private @Nullable I input;
    private List<BigFraction> numbers = List.of();
    private int evaluations;

    Best(int size) {
      this.size = size;
    }
  }

  /** CMA-ES from random points, each followed by Nelder–Mead, until the budget is spent or a violation is seen. */
  private void climb(Best<I> best, int evaluations) {
    int n = family.dimension().applyAsInt(best.size);
    RandomGenerator random = new MersenneTwister(seed * 31 + best.size);
    double low = family.low().doubleValue();
    double high = family.high().doubleValue();
    double[] lower = filled(n, low);
    double[] upper = filled(n, high);
    ObjectiveFunction objective = new ObjectiveFunction(x -> slack(best, x));
    for (int run = 0; run < MOST_RUNS && best.evaluations < evaluations && best.slack > -ROUNDING; run++) {
      int share = evaluations - best.evaluations;
      int polish = Math.max(1, share / POLISH_SHARE);
      double[] start = new double[n];
      for (int i = 0; i < n; i++) {
        start[i] = low + (high - low) * random.nextDouble();
      }
      int population = 4 + (int) (3 * Math.log(n + 1));
      spend(() -> new CMAESOptimizer(
              share, Double.NEGATIVE_INFINITY, true, 0, 1, random, false, new SimpleValueChecker(-1, 1e-12))
          .optimize(objective, GoalType.MINIMIZE, new InitialGuess(start), new SimpleBounds(lower, upper),
              new CMAESOptimizer.Sigma(filled(n, (high - low) / 4)), new CMAESOptimizer.PopulationSize(population),
              new MaxEval(Math.max(1, share - polish))));
      double[] from = best.numbers.stream().mapToDouble(BigFraction::doubleValue).toArray();
      if (from.length > 0) {
        spend(() -> new SimplexOptimizer(new SimpleValueChecker(-1, 1e-14))
            .optimize(objective, GoalType.MINIMIZE, new InitialGuess(from),
                new NelderMeadSimplex(n, (high - low) / 64), new MaxEval(polish)));
      }
    }
  }

  /** Runs an optimiser until it is content or its budget is spent: what counts is the best that the objective has seen. */
  private static boolean spend(Supplier<PointValuePair> optimiser) {
    try {
      return optimiser.get() != null;
    } catch (MathIllegalStateException spentOrStuck) {
      return false;
    }
  }

  private static double[] filled(int n, double value) {
    double[] all = new double[n];
    Arrays.fill(all, value);
    return all;
  }

  /** The slack at a proposal, remembered if it is the least. */
  private double slack(Best<I> best, double[] x) {
    best.evaluations++;
    List<BigFraction> numbers = new ArrayList<>(x.length);
    for (double each : x) {
      BigFraction number = ExactMatrix.fraction(Math.rint(each * GRID) / GRID);
      if (!family.contains(number)) {
        return NOWHERE;
      }
      numbers.add(number);
    }
    Optional<I> input = family.member().at(best.size, numbers);
    if (input.isEmpty()) {
      return NOWHERE;
    }
    double slack = slack(input.get());
    if (slack < best.slack) {
      best.slack = slack;
      best.input = input.get();
      best.numbers = List.copyOf(numbers);
    }
    return slack;
  }

  /** The least {@link #lead} of an entry of an inequality, in binary64. */
  private double slack(I input) {
    double least = NOWHERE;
    for (Inequality inequality : claim.inequalities(input)) {
      if (!aim.isEmpty() && !inequality.name().equals(aim)) {
        continue;
      }
      Inequality.Sides<Binary64Matrix> sides = inequality.in(Binary64.INSTANCE);
      double[] left = sides.left().toArray();
      double[] right = sides.right().toArray();
      for (int e = 0; e < left.length; e++) {
        double lead = inequality.relation() == Relation.EQUAL ? equality(left[e], right[e]) : lead(left[e], right[e]);
        if (!Double.isNaN(lead)) {
          least = Math.min(least, lead);
        }
      }
    }
    return least;
  }

  /**
   * Negative where left > right, and less the more so: by their ratio if they have one sign, which has no plateau where one
   * is far below the other; else by their difference, above (or below) what any ratio gives. Two zeros lead nowhere.
   */
  private static double lead(double left, double right) {
    if (left > 0 && right > 0) {
      return squash(Math.log(right) - Math.log(left));
    }
    if (left < 0 && right < 0) {
      return squash(Math.log(-left) - Math.log(-right));
    }
    double gap = right - left;
    return gap == 0 ? TIE : Math.signum(gap) + squash(gap);
  }

  /** Negative where the sides differ by more than rounding. */
  private static double equality(double left, double right) {
    double difference = Math.abs(right - left) / Math.max(1, Math.max(Math.abs(left), Math.abs(right)));
    return difference <= CLEARLY ? TIE : -squash(difference);
  }

  private static double squash(double x) {
    return x / (1 + Math.abs(x));
  }

  /** The decisions up to the first inequality that fails. */
  private List<Decision> decide(I input) {
    List<Decision> decisions = new ArrayList<>();
    for (Inequality inequality : claim.inequalities(input)) {
      Decision decision = ladder.decide(inequality);
      decisions.add(decision);
      if (decision.fails()) {
        break;
      }
    }
    return List.copyOf(decisions);
  }

  /** Whether the claim is violated: where the search has an aim, that inequality fails, and those before it hold. */
  private boolean fails(List<Decision> decisions) {
    if (decisions.isEmpty()) {
      return false;
    }
    Decision last = decisions.get(decisions.size() - 1);
    return last.fails() && (aim.isEmpty() || (last.inequality().name().equals(aim)
        && decisions.subList(0, decisions.size() - 1).stream().allMatch(Decision::holds)));
  }

  /** All numbers together, then one by one, until nothing gets simpler. */
  private Counterexample<I> simplify(Counterexample<I> found) {
    Counterexample<I> simple = found;
    boolean simpler = true;
    while (simpler) {
      Optional<Counterexample<I>> next = first(simple, together(simple.numbers()));
      simpler = next.isPresent();
      simple = next.orElse(simple);
      for (int i = 0; i < simple.numbers().size(); i++) {
        next = first(simple, alone(simple.numbers(), i));
        simpler |= next.isPresent();
        simple = next.orElse(simple);
      }
    }
    return simple;
  }

  /** The shortest of these that is shorter than what was found and certainly violates the claim. */
  private Optional<Counterexample<I>> first(Counterexample<I> found, Collection<List<BigFraction>> candidates) {
    int length = length(found.numbers());
    List<List<BigFraction>> shortest = new ArrayList<>(candidates);
    shortest.removeIf(numbers -> length(numbers) >= length || !numbers.stream().allMatch(family::contains));
    shortest.sort(Comparator.comparing(Search::length));
    for (List<BigFraction> numbers : shortest) {
      Optional<I> input = family.member().at(found.size(), numbers);
      if (input.isPresent() && slack(input.get()) < CLEARLY) {
        List<Decision> decisions = decide(input.get());
        if (fails(decisions)) {
          return Optional.of(new Counterexample<>(input.get(), found.size(), List.copyOf(numbers), decisions));
        }
      }
    }
    return Optional.empty();
  }

  private static int length(List<BigFraction> numbers) {
    return numbers.stream().mapToInt(Simplest::length).sum();
  }

  /** All numbers moved so that one of them is 0, or not at all; stretched; and rounded to a grid. */
  private static Set<List<BigFraction>> together(List<BigFraction> numbers) {
    Set<BigFraction> origins = new LinkedHashSet<>(numbers);
    origins.add(BigFraction.ZERO);
    Set<List<BigFraction>> all = new LinkedHashSet<>();
    for (BigFraction origin : origins) {
      for (int k = 0; k <= FINEST; k++) {
        for (int grid : GRIDS) {
          int factor = 1 << k;
          all.add(numbers.stream().map(x -> rounded(x.subtract(origin).doubleValue() * factor, grid)).toList());
        }
      }
    }
    return all;
  }

  private static BigFraction rounded(double x, int grid) {
    return new BigFraction(Math.round(x * grid)).divide(grid);
  }

  /** Number {@code i} replaced by 0, ±1 and the simplest fractions ever nearer to it. */
  private Set<List<BigFraction>> alone(List<BigFraction> numbers, int i) {
    BigFraction x = numbers.get(i);
    Set<BigFraction> replacements = new LinkedHashSet<>(List.of(BigFraction.ZERO, BigFraction.ONE, BigFraction.MINUS_ONE));
    for (int k = -2; k <= FINEST; k++) {
      BigFraction width = k < 0 ? new BigFraction(1 << -k) : new BigFraction(1, 1 << k);
      BigFraction low = x.subtract(width);
      BigFraction high = x.add(width);
      replacements.add(Simplest.between(family.contains(low) ? low : family.low(), family.contains(high) ? high : family.high()));
    }
    Set<List<BigFraction>> all = new LinkedHashSet<>();
    for (BigFraction replacement : replacements) {
      List<BigFraction> changed = new ArrayList<>(numbers);
      changed.set(i, replacement);
      all.add(changed);
    }
    return all;
  }
}
