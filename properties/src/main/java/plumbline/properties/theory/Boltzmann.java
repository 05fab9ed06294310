package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.Tape;
import plumbline.spec.claim.Inequality;
import plumbline.spec.number.ExactMatrix;

/** The Boltzmann operator boltz(a) = Σ a_i softmax(a)_i, the engine of the amended {@code lemma-4.4}. */
final class Boltzmann {
  /** Rationals between 2 ln n + 3 and 10⁻⁹ above it, for n from 2 to 8, in units of 10⁻¹⁰. */
  private static final long[] GAP_ABOVE = {
    43_862_943_612L, 51_972_245_774L, 57_725_887_223L, 62_188_758_249L, 65_835_189_385L, 68_918_202_982L, 71_588_830_834L
  };
  private static final int LARGEST = 8;

  /** Name of what the lemma concludes. */
  static final String SEPARATES = "(ln n)² e^(−2r) < |boltz(a) − boltz(b)|";

  /**
   * Two vectors for the Boltzmann operator.
   *
   * @param gap what different entries are farther apart than
   */
  record Scores(List<BigFraction> a, List<BigFraction> b, Expression gap) {

    /** The least distance of different entries, all in all. */
    BigFraction leastGap() {
      List<BigFraction> levels = Stream.concat(a.stream(), b.stream()).distinct().sorted().toList();
      return IntStream.range(1, levels.size()).mapToObj(k -> levels.get(k).subtract(levels.get(k - 1)))
          .min(Comparator.naturalOrder()).orElseThrow();
    }

    /** The largest absolute value of an entry. */
    BigFraction r() {
      return Stream.concat(a.stream(), b.stream()).map(BigFraction::abs).max(Comparator.naturalOrder()).orElseThrow();
    }
  }

  private Boltzmann() {}

  /** The lemma on random vectors, many of them with entries hardly farther apart than they must be. */
  static Property<Scores> separates() {
    return new Property<>(
        new StatedClaim<>("lemma-4.4", "amended",
            "The Boltzmann operator separates: if a ≠ b have n ≥ 2 entries each, different entries more than 2 ln n + 3 apart "
                + "within each and across both, and none above r in absolute value, then |boltz(a) − boltz(b)| > (ln n)² e^(−2r) "
                + "(n ≤ " + LARGEST + ")",
            Boltzmann::inequalities, Boltzmann::show),
        hostile(), 20);
  }

  private static List<Inequality> inequalities(Scores scores) {
    return List.of(
        scores.gap.lessThan(of(scores.leastGap()), "gap < |x − y| for different entries x, y"),
        bound(scores).lessThan(difference(scores), SEPARATES));
  }

  /** (ln n)² e^(−2r). */
  private static Expression bound(Scores scores) {
    return of(scores.a.size()).log().square().hadamard(of(scores.r().multiply(-2)).exp());
  }

  /** |boltz(a) − boltz(b)|. */
  private static Expression difference(Scores scores) {
    return new SoftmaxMean(BigFraction.ONE, scores.a).minus(new SoftmaxMean(BigFraction.ONE, scores.b)).abs();
  }

  /**
   * How far the gap 2 ln n + 3 could be lowered at most: vectors with smaller gaps for which the conclusion fails. With y
   * = e^(−c) the mean of a = (0, −2c, −3c, …, −nc) is that of b = (0, −c, −X, −X−c, …) for X → ∞ if Σ_{k=2}^n k yᵏ / (1 +
   * Σ_{k=2}^n yᵏ) = y/(1 + y); for a little less c a finite X makes them equal. The solutions c grow with n to ln(2 + √3)
   * = 1.31695…; a search by Nelder and Mead's method found no larger gap that fails.
   */
  static Property<Scores> sharpness() {
    return new Property<>(
        new StatedClaim<>("lemma-4.4", "amended",
            "The Boltzmann operator needs a gap: vectors whose different entries are at least 1.094, 1.213, 1.287, 1.308, 1.314, "
                + "1.316 and 1.3166 apart, for n = 2, …, 8, with |boltz(a) − boltz(b)| < (ln n)² e^(−2r)",
            scores -> List.of(
                scores.gap.atMost(of(scores.leastGap()), "gap ≤ |x − y| for different entries x, y"),
                difference(scores).lessThan(bound(scores), "|boltz(a) − boltz(b)| < (ln n)² e^(−2r)")),
            Boltzmann::show),
        Arbitraries.of(
            close(2, 10_940, 0), close(3, 12_130, 107_034), close(4, 12_870, 108_548), close(5, 13_080, 125_312),
            close(6, 13_140, 115_838), close(7, 13_160, 122_622), close(8, 13_166, 125_197)));
  }

  /** The vectors a and b of {@link #sharpness}, moved to have 0 in the middle; gap c and X in units of 10⁻⁴. */
  private static Scores close(int n, int gap, int x) {
    BigFraction c = new BigFraction(gap, 10_000);
    List<BigFraction> a = new ArrayList<>(List.of(BigFraction.ZERO));
    List<BigFraction> b = new ArrayList<>(List.of(BigFraction.ZERO, c.negate()));
    for (int k = 2; k <= n; k++) {
      a.add(c.multiply(-k));
      if (k > 2) {
        b.add(new BigFraction(-x, 10_000).subtract(c.multiply(k - 3)));
      }
    }
    BigFraction middle = Stream.concat(a.stream(), b.stream()).min(Comparator.naturalOrder()).orElseThrow().divide(2);
    a.replaceAll(entry -> entry.subtract(middle));
    b.replaceAll(entry -> entry.subtract(middle));
    return new Scores(List.copyOf(a), List.copyOf(b), of(c));
  }

  private static Map<String, ExactMatrix> show(Scores scores) {
    Map<String, ExactMatrix> shown = new LinkedHashMap<>();
    shown.put("a", ExactMatrix.of(1, scores.a.size(), scores.a.toArray(new BigFraction[0])));
    shown.put("b", ExactMatrix.of(1, scores.b.size(), scores.b.toArray(new BigFraction[0])));
    return shown;
  }

  /** A rational a little above the gap of the lemma; n from 2 to 8. */
  static BigFraction gapAbove(int n) {
    return new BigFraction(GAP_ABOVE[n - 2]).divide(new BigFraction(10_000_000_000L));
  }

  /** The gap of the lemma, 2 ln n + 3. */
  static Expression gap(int n) {
    Expression logarithm = of(n).log();
    return logarithm.plus(logarithm).plus(of(3));
  }

  private static Arbitrary<Scores> hostile() {
    return Tape.read(48, tape -> {
      int n = tape.between(2, LARGEST);
      BigFraction gap = gapAbove(n);
      // Between n + 1 levels, so that the vectors differ in one entry, and 2n, so that they may have none in common.
      int count = n + tape.between(1, n);
      boolean tight = tape.between(0, 1) == 0;
      List<BigFraction> levels = new ArrayList<>(List.of(BigFraction.ZERO));
      while (levels.size() < count) {
        BigFraction more = tight ? BigFraction.ZERO : new BigFraction(tape.between(0, 8), 4);
        levels.add(levels.get(levels.size() - 1).add(gap).add(more));
      }
      // Around 0, where the bound is largest, or elsewhere.
      BigFraction middle = levels.get(count - 1).divide(2);
      BigFraction shift = tape.between(0, 2) > 0 ? middle : middle.multiply(new BigFraction(tape.between(0, 16), 8));
      levels.replaceAll(level -> level.subtract(shift));
      List<BigFraction> a = pick(tape, levels, n, -1);
      return new Scores(a, pick(tape, levels, n, levels.indexOf(a.get(tape.between(0, n - 1)))), gap(n));
    });
  }

  /** n different levels in decreasing order, the level {@code without} not among them. */
  private static List<BigFraction> pick(Tape tape, List<BigFraction> levels, int n, int without) {
    List<BigFraction> left = new ArrayList<>(levels);
    if (without >= 0) {
      left.remove(without);
    }
    List<BigFraction> picked = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      picked.add(left.remove(tape.between(0, left.size() - 1)));
    }
    picked.sort(Comparator.reverseOrder());
    return picked;
  }
}
