package plumbline.properties.theory;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.arbitrary.Approximation;
import plumbline.properties.arbitrary.LipschitzFunction;
import plumbline.properties.layer.Lipschitz;
import plumbline.properties.layer.Lipschitz.Pair;
import plumbline.properties.search.Directed;
import plumbline.properties.search.Family;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Kernel;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Softmax;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;

/** Claims that hold as far as is known, each with a family of inputs in which to look for a violation. */
public final class DirectedSearches {
  private DirectedSearches() {}

  /** All of them, in the order of the statements. */
  public static List<Directed<?>> all() {
    return List.of(
        new Directed<>(Kernels.bspline().claim(), kernels(false), "x"),
        new Directed<>(Kernels.keysAmended().claim(), kernels(true), "x and a"),
        new Directed<>(Boltzmann.separates().claim(), scores(Boltzmann::gapAbove, Boltzmann::gap),
            "two vectors of 2 to 4 entries, as far apart as the hypotheses ask, or farther", Boltzmann.SEPARATES),
        new Directed<>(Chains.lemma54().claim(), chains(), "1 to 3 layers of one neuron, and a point"),
        new Directed<>(Chains.lemma55().claim(), chains(), "1 to 3 layers of one neuron, and a point"),
        new Directed<>(Lipschitz.softmax().claim(), pairs(2, 3, 0, 2, (w, n) -> Optional.of(new Softmax()), true),
            "two rows of 2 or 3 scores"),
        new Directed<>(Lipschitz.attention().claim(),
            pairs(1, 2, 3, 2, (w, n) -> Optional.of(new Attention(scalar(w.get(0)), scalar(w.get(1)), scalar(w.get(2)))), false),
            "scalar weights, and two inputs of 1 or 2 tokens"),
        new Directed<>(Lipschitz.layerNorm().claim(),
            pairs(2, 3, 1, 2, (w, n) -> w.get(0).compareTo(BigFraction.ZERO) > 0
                ? Optional.of(new LayerNorm(w.get(0).multiply(w.get(0)))) : Optional.empty(), true),
            "√ε, and two rows of 2 or 3 channels"));
  }

  /** A kernel at a point of [−3, 3]: the B-spline, or a Keys kernel with −2 ≤ a ≤ 0. */
  private static Family<Kernels.Point> kernels(boolean keys) {
    return Family.of(keys ? 2 : 1, -3, 3, (size, numbers) -> {
      BigFraction x = numbers.get(0);
      BigFraction a = keys ? numbers.get(1) : BigFraction.ZERO;
      int piece = Math.min(2, (int) Math.floor(x.doubleValue()));
      return a.compareTo(BigFraction.ZERO) > 0 || a.compareTo(new BigFraction(-2)) < 0 ? Optional.empty()
          : Optional.of(new Kernels.Point(keys ? new Kernel.Keys(a) : Kernel.BSPLINE, piece, x));
    });
  }


  /**
   * Two vectors of n entries for the Boltzmann operator: 2n levels, each above the last by the gap or more; the levels with
   * the greatest ranks are those of a. The lowest is free.
   *
   * @param gap for n entries
   * @param exceeded what the claim names as their gap, less than that
   */
  static Family<Boltzmann.Scores> scores(IntFunction<BigFraction> gap, IntFunction<Expression> exceeded) {
    return new Family<>(2, 4, n -> 4 * n, new BigFraction(-6), new BigFraction(6), (n, numbers) -> {
      List<BigFraction> ranks = numbers.subList(2 * n, 4 * n);
      BigFraction median = ranks.stream().sorted().toList().get(n);
      List<BigFraction> a = new ArrayList<>();
      List<BigFraction> b = new ArrayList<>();
      BigFraction level = numbers.get(0);
      for (int k = 0; k < 2 * n; k++) {
        level = k == 0 ? level : level.add(gap.apply(n)).add(numbers.get(k).abs());
        (ranks.get(k).compareTo(median) >= 0 ? a : b).add(level);
      }
      // Equal ranks may give one of them too many.
      return a.size() != n ? Optional.empty()
          : Optional.of(new Boltzmann.Scores(List.copyOf(a), List.copyOf(b), exceeded.apply(n)));
    });
  }

  /** Chains of n layers x ↦ w_2 max(w_1 x + b_1, 0) + b_2, approximated by the same with another b_2 within ε = 1. */
  private static Family<Chains.Chain> chains() {
    return new Family<>(1, 3, n -> 5 * n + 1, new BigFraction(-2), new BigFraction(2), (n, numbers) -> {
      Iterator<BigFraction> next = numbers.iterator();
      List<Approximation> layers = new ArrayList<>();
      for (int j = 0; j < n; j++) {
        BigFraction w1 = next.next();
        BigFraction b1 = next.next();
        BigFraction w2 = next.next();
        BigFraction b2 = next.next();
        BigFraction shift = next.next().divide(2);
        layers.add(new Approximation(neuron(w1, b1, w2, b2), neuron(w1, b1, w2, b2.add(shift)), BigFraction.ONE));
      }
      return Optional.of(new Chains.Chain(layers, BigFraction.ONE, 1, scalar(next.next())));
    });
  }

  private static LipschitzFunction neuron(BigFraction w1, BigFraction b1, BigFraction w2, BigFraction b2) {
    return new LipschitzFunction(new FeedForward(scalar(w1), scalar(b1), scalar(w2), scalar(b2), false),
        w1.multiply(w2).abs());
  }

  /** A layer from its weights. */
  interface Weighted<L extends Layer> {
    Optional<L> of(List<BigFraction> weights, int size);
  }

  /** Layers with two different inputs of the given size: one row, or one column. */
  static <L extends Layer> Family<Pair<L>> pairs(
      int smallest, int largest, int weights, int reach, Weighted<L> layer, boolean asRow) {
    return new Family<>(smallest, largest, n -> weights + 2 * n, new BigFraction(-reach), new BigFraction(reach), (n, numbers) -> {
      List<BigFraction> x = numbers.subList(weights, weights + n);
      List<BigFraction> y = numbers.subList(weights + n, weights + 2 * n);
      return x.equals(y) ? Optional.empty()
          : layer.of(numbers.subList(0, weights), n).map(l -> new Pair<>(l, matrix(x, asRow), matrix(y, asRow)));
    });
  }

  private static ExactMatrix matrix(List<BigFraction> entries, boolean asRow) {
    return asRow ? row(entries) : ExactMatrix.of(entries.size(), 1, entries.toArray(new BigFraction[0]));
  }

  private static ExactMatrix row(List<BigFraction> entries) {
    return ExactMatrix.of(1, entries.size(), entries.toArray(new BigFraction[0]));
  }

  private static ExactMatrix scalar(BigFraction value) {
    return ExactMatrix.of(1, 1, value);
  }
}
