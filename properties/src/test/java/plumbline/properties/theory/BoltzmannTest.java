package plumbline.properties.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.analysis.MultivariateFunction;
import org.apache.commons.math3.exception.TooManyEvaluationsException;
import org.apache.commons.math3.fraction.BigFraction;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.SimpleValueChecker;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;
import org.junit.jupiter.api.Test;
import plumbline.properties.Campaign;
import plumbline.properties.Evidence;
import plumbline.properties.Expression;
import plumbline.reference.decide.Ladder;
import plumbline.reference.decide.Outcome;
import plumbline.spec.claim.Inequality;
import plumbline.spec.claim.Verdict;

/** How sharp the Boltzmann lemma ({@code lemma-4.4}, amended) is. */
class BoltzmannTest {
  private static final Ladder LADDER = new Ladder(1024);
  private static final double[] FAILS_UP_TO = {1.094, 1.213, 1.287};

  /** The tightest random case is the tightest that there is for n = 2: (0, −c) against (0, −2c) with c hardly above 2 ln 2 + 3. */
  @Test
  void randomVectorsReachTheTightestCase() {
    Evidence evidence = new Campaign(3000, 1, LADDER, 3, done -> { }).run(Boltzmann.separates());
    assertEquals(Verdict.HOLDS, evidence.verdict());
    double tightest = Arrays.stream(evidence.ratios().getOrDefault("(ln n)² e^(−2r) < |boltz(a) − boltz(b)|", new double[0]))
        .min().orElseThrow();
    double gap = 2 * Math.log(2) + 3;
    double expected = (tail(new double[] {gap}) - tail(new double[] {2 * gap})) * Math.exp(2 * gap) / Math.pow(Math.log(2), 2);
    assertEquals(Math.log10(expected), tightest, 1e-6);
  }

  /** A directed search finds vectors that fail at the gaps of {@link Boltzmann#sharpness}, and none at larger ones. */
  @Test
  void searchFindsNoLargerGapThatFails() {
    Random random = new Random(8);
    for (int n = 2; n <= 4; n++) {
      double c = FAILS_UP_TO[n - 2];
      Boltzmann.Scores found = search(n, c - 0.02, random);
      assertTrue(found != null, "nothing found for n = " + n);
      List<Inequality> claim = Boltzmann.separates().claim().inequalities(found);
      assertEquals(Outcome.FAILS, LADDER.decide(claim.get(1)).outcome(), "a rounding artefact for n = " + n);
      assertEquals(null, search(n, c + 0.02, random), "a larger gap fails for n = " + n);
      assertEquals(null, search(n, 2 * Math.log(n) + 3, random));
    }
  }

  /** The inequality of the lemma fails where the gap is left out, so the property can turn red. */
  @Test
  void gapIsChecked() {
    Boltzmann.Scores tooClose = scores(List.of(0, 2), List.of(0, 1), new double[] {4.3, 4.4}, 4.386294361119891);
    assertEquals(Outcome.FAILS, LADDER.decide(Boltzmann.separates().claim().inequalities(tooClose).get(0)).outcome());
  }

  /** Vectors of n entries on m levels at least c apart for which the conclusion fails in floating point, or null. */
  private static Boltzmann.Scores search(int n, double c, Random random) {
    for (int levels = n + 1; levels <= 2 * n; levels++) {
      for (List<Integer> a : subsets(levels, n)) {
        for (List<Integer> b : subsets(levels, n)) {
          List<Integer> union = new ArrayList<>(a);
          b.stream().filter(level -> !a.contains(level)).forEach(union::add);
          if (a.toString().compareTo(b.toString()) < 0 && union.size() == levels) {
            double[] gaps = minimize(a, b, c, levels - 1, random);
            if (logRatio(a, b, c, gaps) <= 0) {
              return scores(a, b, Arrays.stream(gaps).map(e -> c + Math.abs(e)).toArray(), c);
            }
          }
        }
      }
    }
    return null;
  }

  private static double[] minimize(List<Integer> a, List<Integer> b, double c, int size, Random random) {
    MultivariateFunction objective = gaps -> logRatio(a, b, c, gaps);
    double[] best = new double[size];
    for (int attempt = 0; attempt < 4 && logRatio(a, b, c, best) > 0; attempt++) {
      double[] start = new double[size];
      start[random.nextInt(size)] = attempt * 0.8;
      try {
        double[] point = new SimplexOptimizer(new SimpleValueChecker(-1, 1e-9)).optimize(new MaxEval(600),
            new ObjectiveFunction(objective), GoalType.MINIMIZE, new InitialGuess(start),
            new NelderMeadSimplex(size, 0.3)).getPoint();
        best = logRatio(a, b, c, point) < logRatio(a, b, c, best) ? point : best;
      } catch (TooManyEvaluationsException tooMany) {
        assertFalse(size < 2, "one variable takes no 600 evaluations");
      }
    }
    return best;
  }

  /** ln(|boltz(a) − boltz(b)| e^(2r) / (ln n)²) in floating point, with 0 in the middle; the gaps are c + |gaps_k|. */
  private static double logRatio(List<Integer> a, List<Integer> b, double c, double[] gaps) {
    double[] depth = new double[gaps.length + 1];
    for (int k = 0; k < gaps.length; k++) {
      depth[k + 1] = depth[k] + c + Math.abs(gaps[k]);
    }
    double difference = Math.abs(mean(a, depth) - mean(b, depth));
    // Below this, the rounding errors of the difference are all that is seen.
    return difference < 1e-13 ? Double.MAX_VALUE
        : Math.log(difference) + depth[gaps.length] - 2 * Math.log(Math.log(a.size()));
  }

  private static double mean(List<Integer> levels, double[] depth) {
    double sum = 0;
    double weights = 0;
    for (int level : levels) {
      sum -= depth[level] * Math.exp(-depth[level]);
      weights += Math.exp(-depth[level]);
    }
    return sum / weights;
  }

  /** Σ x e^(−x) / (1 + Σ e^(−x)). */
  private static double tail(double[] depths) {
    return Arrays.stream(depths).map(x -> x * Math.exp(-x)).sum() / (1 + Arrays.stream(depths).map(x -> Math.exp(-x)).sum());
  }

  private static Boltzmann.Scores scores(List<Integer> a, List<Integer> b, double[] gaps, double gap) {
    List<BigFraction> levels = new ArrayList<>(List.of(BigFraction.ZERO));
    for (double g : gaps) {
      levels.add(levels.get(levels.size() - 1).subtract(new BigFraction(Math.round(g * 1e9)).divide(1_000_000_000)));
    }
    BigFraction middle = levels.get(levels.size() - 1).divide(2);
    return new Boltzmann.Scores(a.stream().map(level -> levels.get(level).subtract(middle)).toList(),
        b.stream().map(level -> levels.get(level).subtract(middle)).toList(),
        Expression.of(new BigFraction(Math.round(gap * 1e9)).divide(1_000_000_000)));
  }

  private static List<List<Integer>> subsets(int levels, int size) {
    List<List<Integer>> all = new ArrayList<>();
    for (int mask = 0; mask < 1 << levels; mask++) {
      if (Integer.bitCount(mask) == size) {
        List<Integer> subset = new ArrayList<>();
        for (int k = 0; k < levels; k++) {
          if ((mask >> k & 1) == 1) {
            subset.add(k);
          }
        }
        all.add(subset);
      }
    }
    return all;
  }
}
