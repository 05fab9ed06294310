package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
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

  /**
   * Two vectors for the Boltzmann operator.
   *
   * @param gap what different entries are farther apart than
   */
  record Scores(List<BigFraction> a, List<BigFraction> b, Expression gap) {

    /** The distances of different entries, all in all, in order. */
    List<BigFraction> gaps() {
      List<BigFraction> levels = new ArrayList<>(a);
      levels.addAll(b);
      levels = levels.stream().distinct().sorted(Comparator.naturalOrder()).toList();
      List<BigFraction> gaps = new ArrayList<>();
      for (int k = 1; k < levels.size(); k++) {
        gaps.add(levels.get(k).subtract(levels.get(k - 1)));
      }
      return gaps;
    }

    /** The largest absolute value of an entry. */
    BigFraction r() {
      return java.util.stream.Stream.concat(a.stream(), b.stream()).map(BigFraction::abs).max(Comparator.naturalOrder()).orElseThrow();
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
    Expression logarithm = of(scores.a.size()).log();
    BigFraction least = scores.gaps().stream().min(Comparator.naturalOrder()).orElseThrow();
    Expression bound = logarithm.square().hadamard(of(scores.r().multiply(-2)).exp());
    Expression difference =
        new SoftmaxMean(BigFraction.ONE, scores.a).minus(new SoftmaxMean(BigFraction.ONE, scores.b)).abs();
    return List.of(
        scores.gap.lessThan(of(least), "gap < |x − y| for all different entries"),
        bound.lessThan(difference, "(ln n)² e^(−2r) < |boltz(a) − boltz(b)|"));
  }

  private static Map<String, ExactMatrix> show(Scores scores) {
    Map<String, ExactMatrix> shown = new LinkedHashMap<>();
    shown.put("a", ExactMatrix.of(1, scores.a.size(), scores.a.toArray(new BigFraction[0])));
    shown.put("b", ExactMatrix.of(1, scores.b.size(), scores.b.toArray(new BigFraction[0])));
    return shown;
  }

  /** The gap of the lemma, 2 ln n + 3. */
  private static Expression gap(int n) {
    Expression logarithm = of(n).log();
    return logarithm.plus(logarithm).plus(of(3));
  }

  private static Arbitrary<Scores> hostile() {
    return Tape.read(48, tape -> {
      int n = tape.between(2, LARGEST);
      BigFraction gap = new BigFraction(GAP_ABOVE[n - 2]).divide(new BigFraction(10_000_000_000L));
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
      return new Scores(a, pick(tape, levels, n, levels.indexOf(a.get(0))), gap(n));
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
