package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Composition;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Kernel;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.layer.Transposed;
import plumbline.spec.claim.Inequality;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.layer.TokenMapLayer;
import plumbline.spec.number.ExactMatrix;

/**
 * Why {@code lemma-5.3}, {@code lemma-5.4}, {@code lemma-5.5} and {@code cor-6.1} fail in the function norm ‖·‖_1: two
 * functions that are close in the mean over a box may be far apart on the image of an interpolation.
 *
 * <p><b>Up.</b> φ_up: 1×1 → 2×2 maps x to (x, x, x, x); f = φ_up, g = 0, K_2 = 0. The transformer τ = FFN ∘ Attn with zero
 * scores takes four tokens with mean m to 4 × |2m − 1|; one channel, one head of size 1, four hidden neurons. Then
 * ‖f − φ_up‖_1 = 0 and ‖g − τ‖_1 = 14/15 over [0,1]⁴, but ‖g∘f − τ∘φ_up‖_1 = 2 over [0,1], more than (1 + K_2)·14/15; it
 * would be more with K_2 = 1 as well.
 *
 * <p><b>Down.</b> φ_down: 2×2 → 1×1 maps a block to its mean m (area reading); f = φ_down, g = 0. The transformer τ takes one
 * token y to 1 − |2y − 1|. Then ‖g − τ‖_1 = 1/2 over [0,1], but ‖g∘f − τ∘φ_down‖_1 = 23/30 over [0,1]⁴.
 *
 * <p><b>Certificates for the integrals.</b> |2m − 1| is a convex function of the tokens. On each cell of a grid the mean of a
 * convex function is at least its value in the centre (Jensen) and at most the mean of its values in the corners (a convex
 * function of one variable lies below its chord; use this in each variable). So the midpoint sum is a lower bound of the
 * integral and the trapezoid sum an upper bound; for a concave function the other way round. Both are sums of values of
 * the layers themselves, in exact rationals; grids of two cells a side suffice.
 */
final class FunctionNorm {
  private static final String READING = "function-norm";
  private static final BigFraction HALF = BigFraction.ONE_HALF;
  private static final BigFraction QUARTER = BigFraction.ONE_QUARTER;

  /**
   * A counterexample with f = φ and g = 0.
   *
   * @param phi the interpolation
   * @param side side of its input: 1 or 2
   * @param tau the one-layer transformer τ on tokens as rows
   * @param convex whether the entries of τ are convex, else concave, in [0, 1] in either case
   * @param error ‖g − τ‖_1, exactly
   * @param result ‖g∘f − τ∘φ‖_1, exactly
   */
  record Counterexample(
      TokenMapLayer phi, int side, Composition tau, boolean convex, BigFraction error, BigFraction result) {

    /** ‖τ(φ(x))‖_1 for x with the given entries. */
    Expression composed(List<BigFraction> x) {
      TokenMap<Expression> map = new TokenMap<>(side, side, column(x));
      return tau.apply(phi.apply(map).tokens()).sumOfAbsolutes();
    }

    /** ‖τ(y)‖_1. */
    Expression alone(List<BigFraction> y) {
      return tau.apply(column(y)).sumOfAbsolutes();
    }

    /** Number of pixels that φ returns. */
    int tokensOut() {
      return side == 1 ? 4 : 1;
    }
  }

  private FunctionNorm() {}

  /** (1 + K_2) ε is exceeded. */
  static Property<Counterexample> lemma53() {
    return property("lemma-5.3", "‖g_r∘f_r − τ_r∘φ_up,r‖_1 ≤ (1 + K_2) ε for f_r = φ_up,r: 1×1 → 2×2 (d = 1), g_r = 0, K_2 = 0,"
        + " τ_r(u) = |2·mean(u) − 1| in each of four tokens, ε ≥ ‖g_r − τ_r‖_1 on [0,1]⁴", up());
  }

  /** f_1 = h_1 = φ_up, f_2 = g, h_2 = τ, i = n = 2: the product is empty. */
  static Property<Counterexample> lemma54() {
    return property("lemma-5.4", "‖f_2∘h_1 − h_2∘h_1‖_1 ≤ ε for n = i = 2, f_1 = h_1 = φ_up: 1×1 → 2×2 (d = 1), f_2 = 0, "
        + "h_2(u) = |2·mean(u) − 1| in each of four tokens, ε ≥ ‖f_2 − h_2‖_1 on [0,1]⁴", up());
  }

  /** The same: of the sum only the second term is not zero; K_2 = 0 removes the first factor. */
  static Property<Counterexample> lemma55() {
    return property("lemma-5.5", "‖f_2∘f_1 − h_2∘h_1‖_1 ≤ ε (1 + K_2) for f_1 = h_1 = φ_up: 1×1 → 2×2 (d = 1), f_2 = 0, "
        + "K_2 = 0, h_2(u) = |2·mean(u) − 1| in each of four tokens, ε ≥ ‖f_2 − h_2‖_1 on [0,1]⁴", up());
  }

  static Property<Counterexample> corollary61() {
    return property("cor-6.1", "‖g_r∘f_r − τ_r∘φ_down,r‖_1 ≤ (1 + K_2) ε for f_r = φ_down,r: 2×2 → 1×1 (the mean, d = 1), "
        + "g_r = 0, K_2 = 0, τ_r(y) = 1 − |2y − 1|, ε ≥ ‖g_r − τ_r‖_1 on [0,1]", down());
  }

  /** φ_up, and τ(u) = |2·mean(u) − 1|. */
  static Counterexample up() {
    return new Counterexample(new Interpolation(new Literal(Kernel.BSPLINE, 0, Boundary.REPLICATE), 2, 2), 1,
        transformer(1, 0), true, new BigFraction(14, 15), new BigFraction(2));
  }

  /** φ_down, and τ(y) = 1 − |2y − 1|. */
  static Counterexample down() {
    return new Counterexample(Rescaling.down(2, Rescaling.Reading.AREA), 2, transformer(-1, 1), false, HALF,
        new BigFraction(23, 30));
  }

  /** FFN ∘ Attn with zero scores: FFN(y) = y − max(y, 0) + max(−y, 0) + s·(max(2y−1, 0) + max(1−2y, 0)) + b = s·|2y−1| + b. */
  private static Composition transformer(int s, int b) {
    ExactMatrix zero = ExactMatrix.zeros(1, 1);
    return Composition.of("def-3.8", new Attention(zero, zero, ExactMatrix.ones(1, 1)),
        new Transposed(new FeedForward(ExactMatrix.ofIntegers(4, 1, 1, -1, 2, -2), ExactMatrix.ofIntegers(4, 1, 0, 0, -1, 1),
            ExactMatrix.ofIntegers(1, 4, -1, 1, s, s), ExactMatrix.ofIntegers(1, 1, b), true)));
  }

  private static Property<Counterexample> property(String statement, String text, Counterexample counterexample) {
    return new Property<>(new StatedClaim<>(statement, READING, text, FunctionNorm::inequalities, FunctionNorm::show),
        Arbitraries.just(counterexample));
  }

  /** The certificates of both integrals, which hold, and last the statement, which fails. */
  private static List<Inequality> inequalities(Counterexample c) {
    int in = c.side * c.side;
    Expression errorMidpoint = midpoints(c.tokensOut(), c::alone);
    Expression errorTrapezoid = trapezoids(c.tokensOut(), c::alone);
    Expression resultMidpoint = midpoints(in, c::composed);
    Expression resultTrapezoid = trapezoids(in, c::composed);
    Expression errorAbove = c.convex ? errorTrapezoid : errorMidpoint;
    Expression resultBelow = c.convex ? resultMidpoint : resultTrapezoid;
    List<Inequality> all = new ArrayList<>();
    all.add((c.convex ? errorMidpoint : errorTrapezoid).atMost(of(c.error), "lower sum ≤ ‖g − τ‖_1"));
    all.add(of(c.error).atMost(errorAbove, "‖g − τ‖_1 ≤ upper sum"));
    all.add(resultBelow.atMost(of(c.result), "lower sum ≤ ‖g∘f − τ∘φ‖_1"));
    all.add(of(c.result).atMost(c.convex ? resultTrapezoid : resultMidpoint, "‖g∘f − τ∘φ‖_1 ≤ upper sum"));
    all.add(resultBelow.atMost(errorAbove, "lower sum of ‖g∘f − τ∘φ‖_1 ≤ (1 + 0)·(upper sum of ‖g − τ‖_1)"));
    return all;
  }

  /** The midpoint sum over [0,1]^n with two cells a side. */
  private static Expression midpoints(int n, Function<List<BigFraction>, Expression> f) {
    BigFraction[] nodes = {QUARTER, new BigFraction(3, 4)};
    return sum(n, nodes, new BigFraction[] {HALF, HALF}, f);
  }

  /** The trapezoid sum over [0,1]^n with two cells a side: the mean over the corners of each cell. */
  private static Expression trapezoids(int n, Function<List<BigFraction>, Expression> f) {
    BigFraction[] nodes = {BigFraction.ZERO, HALF, BigFraction.ONE};
    return sum(n, nodes, new BigFraction[] {QUARTER, HALF, QUARTER}, f);
  }

  private static Expression sum(
      int n, BigFraction[] nodes, BigFraction[] weights, Function<List<BigFraction>, Expression> f) {
    Expression sum = of(0);
    int points = (int) Math.round(Math.pow(nodes.length, n));
    for (int code = 0; code < points; code++) {
      BigFraction[] x = new BigFraction[n];
      BigFraction weight = BigFraction.ONE;
      for (int i = 0, rest = code; i < n; i++, rest /= nodes.length) {
        x[i] = nodes[rest % nodes.length];
        weight = weight.multiply(weights[rest % nodes.length]);
      }
      sum = sum.plus(f.apply(Arrays.asList(x)).scaledBy(of(weight)));
    }
    return sum;
  }

  private static Expression column(List<BigFraction> entries) {
    return of(ExactMatrix.of(entries.size(), 1, entries.toArray(new BigFraction[0])));
  }

  private static Map<String, ExactMatrix> show(Counterexample c) {
    FeedForward ffn = (FeedForward) ((Transposed) c.tau.layers().get(1)).layer();
    return Map.of("W_Q", ExactMatrix.zeros(1, 1), "W_K", ExactMatrix.zeros(1, 1), "W_V", ExactMatrix.ones(1, 1),
        "W_1", ffn.w1(), "b_1", ffn.b1(), "W_2", ffn.w2(), "b_2", ffn.b2(),
        "‖g − τ‖_1", ExactMatrix.of(1, 1, c.error), "‖g∘f − τ∘φ‖_1", ExactMatrix.of(1, 1, c.result));
  }
}
