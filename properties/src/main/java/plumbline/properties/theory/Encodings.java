package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.Tape;
import plumbline.properties.semantics.IntervalExtension;
import plumbline.reference.flowar.AutoregressiveTransformer;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Composition;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Kernel;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.layer.Transposed;
import plumbline.reference.var.ScaleSchedule;
import plumbline.reference.var.VarTransformer;
import plumbline.spec.claim.Inequality;
import plumbline.spec.layer.Layer;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;

/**
 * What mends {@code lemma-5.1}, {@code thm-5.6} and {@code cor-6.2} for the targets that refute them: a positional encoding,
 * or a target that commutes with permuting the tokens. All d = 1, one head, weights of B.3 without residual.
 *
 * <p>With an encoding E the tokens X + E of different positions lie on different sides of 0; scores s·y_i·y_j then draw a
 * positive token to the largest and a negative one to the least, the more so the larger s; and
 * FFN(y) = y + max(1 − y, 0) − 1 = max(y − 1, 0) takes the encoding off. How far the result is from the target is bounded on the whole box: cell by cell
 * through the {@link IntervalExtension} of the layers.
 */
final class Encodings {
  /** The largest k for two tokens; more would make certificates large, not stronger: errors are at most 2/(1 + exp(2s)). */
  private static final int MOST = 4;

  /** The largest k for models of five tokens. */
  private static final int MOST_OF_MODELS = 3;

  /** The encoding of two tokens: the first goes to [1, 2], the second to [−2, −1]. */
  private static final ExactMatrix PAIR = ExactMatrix.ofIntegers(2, 1, 1, -2);

  /** The encoding of X_init and four pixels: the first pixel to [1, 2], the last to [−4, −3], others to [−2, −1]. */
  private static final ExactMatrix SCALES = ExactMatrix.ofIntegers(5, 1, -2, 1, -2, -2, -4);

  /** The matrix of the target f(x1, x2) = (x1, 0). */
  private static final ExactMatrix KEEP_FIRST = ExactMatrix.ofIntegers(2, 2, 1, 0, 0, 0);

  /** A layer on tokens to which their positions' encoding was added: X ↦ layer(X + E), E of the shape of X. */
  record Encoded(ExactMatrix encoding, Layer layer) implements Layer {

    @Override
    public String statement() {
      return layer.statement();
    }

    @Override
    public <M extends Matrix<M>> M apply(M x) {
      return layer.apply(x.plus(x.lift(encoding)));
    }
  }

  /** Tokens, and the factor s of the scores. */
  record Tokens(ExactMatrix x, int sharpness) {}

  private Encodings() {}

  /** f(x1, x2) = (x1, 0), which no τ without encoding approximates. */
  static Property<Integer> lemma51() {
    return new Property<>(
        new StatedClaim<>("lemma-5.1", "amended",
            "With the positional encoding E = (1, −2) added to the input and W_Q = k + 1, interval bounds of |f − τ_k| "
                + "for f(x1, x2) = (x1, 0) and τ_k = FFN_2∘Attn∘FFN_1 are at most 2^(−k) on cells that cover [0,1]²: so "
                + "is |f − τ_k| at every point (k ≤ " + MOST + ")",
            k -> {
              Layer tau = new Encoded(PAIR, oneLayer(k + 1));
              int cells = (1 << k) + 1;
              List<Inequality> all = new ArrayList<>();
              for (int c = 0; c < cells; c++) {
                all.add(small(distance(tau, cell(c, cells, 0)).entry(0, 0), k, "|x1 − τ_1| on a cell ≤ 2^(−k)"));
                all.add(small(distance(tau, cell(c, cells, 1)).entry(1, 0), k, "|0 − τ_2| on a cell ≤ 2^(−k)"));
              }
              return all;
            },
            k -> Map.of("E", PAIR, "W_Q", integer(k + 1), "k", integer(k))),
        Arbitraries.integers().between(1, MOST));
  }

  /** How the error falls with the sharpness, at points. */
  static Property<Tokens> lemma51Rate() {
    return new Property<>(
        new StatedClaim<>("lemma-5.1", "amended",
            "With the encoding E = (1, −2) and W_Q = s, |f − τ| ≤ 2/(1 + exp(2s)) in every entry for f(x1, x2) = (x1, "
                + "0), 1 ≤ s ≤ 40 (random points of [0,1]²)",
            tokens -> {
              Expression x = of(tokens.x);
              Expression difference = of(KEEP_FIRST).times(x).minus(new Encoded(PAIR, oneLayer(tokens.sharpness)).apply(x));
              Expression bound = of(2).dividedBy(of(1).plus(of(2L * tokens.sharpness).exp()));
              return List.of(difference.largestEntry().atMost(bound, "|f − τ| ≤ 2/(1 + exp(2s))"));
            },
            tokens -> Map.of("X", tokens.x, "E", PAIR, "W_Q", integer(tokens.sharpness))),
        Tape.read(3, tape -> {
          int s = tape.between(1, 40);
          return new Tokens(ExactMatrix.of(2, 1, tape.unit(), tape.unit()), s);
        }));
  }

  /** The unit square with x1 (i = 0) or x2 (i = 1) in one of some cells. */
  private static IntervalExtension cell(int c, int cells, int i) {
    BigFraction[] lower = {BigFraction.ZERO, BigFraction.ZERO};
    BigFraction[] upper = {BigFraction.ONE, BigFraction.ONE};
    lower[i] = new BigFraction(c, cells);
    upper[i] = new BigFraction(c + 1, cells);
    return IntervalExtension.box(ExactMatrix.of(2, 1, lower), ExactMatrix.of(2, 1, upper));
  }

  /** Bounds of |f − τ|, entry by entry, for f(x1, x2) = (x1, 0). */
  private static Expression distance(Layer tau, IntervalExtension x) {
    return x.lift(KEEP_FIRST).times(x).minus(tau.apply(x)).magnitude();
  }

  /** FFN_2 ∘ Attn ∘ FFN_1 with scores s·y_i·y_j, FFN_1 the identity, FFN_2 = max(y − 1, 0). */
  private static Layer oneLayer(int s) {
    return Composition.of("lemma-5.1", Equivariance.identity(1), attention(s), shiftedRelu());
  }

  private static Attention attention(int s) {
    return new Attention(integer(s), integer(1), integer(1));
  }

  /** y ↦ y + max(1 − y, 0) − 1. */
  private static Layer shiftedRelu() {
    return new Transposed(new FeedForward(integer(-1), integer(1), integer(1), integer(-1), true));
  }

  private static Inequality small(Expression distance, int k, String name) {
    return distance.atMost(of(new BigFraction(1, 1 << k)), name);
  }

  private static ExactMatrix integer(long value) {
    return ExactMatrix.ofIntegers(1, 1, value);
  }

  /** Targets that commute with permutations need no encoding. */
  static Property<Tokens> lemma51Equivariant() {
    return new Property<>(
        new StatedClaim<>("lemma-5.1", "amended",
            "Without encoding, targets that commute with permuting the tokens: the mean of all tokens in each place is "
                + "reached exactly (scores 0); the largest token in each place within 7(L − 1)/(25 s) (scores s·y_i·y_j of "
                + "y = x + 1), s = 2 … 2⁹ (random points of [0,1]^L, L ≤ 4)",
            tokens -> {
              Expression x = of(tokens.x);
              int n = x.rows();
              Layer mean = Composition.of("lemma-5.1", Equivariance.identity(1), attention(0), Equivariance.identity(1));
              Layer largest = Composition.of("lemma-5.1", shift(1), attention(tokens.sharpness), shift(-1));
              return List.of(
                  mean.apply(x).equalTo(x.sum().scaledBy(of(new BigFraction(1, n))).broadcast(n, 1), "τ(X) = mean of X"),
                  x.largestEntry().broadcast(n, 1).minus(largest.apply(x)).largestEntry()
                      .atMost(of(new BigFraction(7L * (n - 1), 25L * tokens.sharpness)), 
                          "|max X − τ(X)| ≤ 7(L − 1)/(25 s)"));
            },
            tokens -> Map.of("X", tokens.x, "W_Q", integer(tokens.sharpness))),
        Tape.read(6, tape -> {
          BigFraction[] x = new BigFraction[tape.between(2, 4)];
          Arrays.setAll(x, e -> tape.unit());
          return new Tokens(ExactMatrix.of(x.length, 1, x), 1 << tape.between(1, 9));
        }));
  }

  /** y ↦ y + b. */
  private static Layer shift(int b) {
    return new Transposed(new FeedForward(integer(0), integer(0), integer(0), integer(b), true));
  }

  /** The target that keeps the first pixel, which no VAR transformer without encoding approximates. */
  static Property<Integer> theorem56() {
    return new Property<>(
        new StatedClaim<>("thm-5.6", "amended-positional",
            "With a positional encoding added before the attention, a VAR transformer of two scales, 1×1 and 2×2, one "
                + "head, one hidden neuron and W_Q = 2k + 4: interval bounds of the distance of its last scale from (x, "
                + "0, 0, 0) are at most 2^(−k) on cells that cover [0, 1], so it is that close for every X_init = x (k ≤ "
                + MOST_OF_MODELS + ")",
            k -> onCells(k, x -> {
              IntervalExtension y = varTransformer(2 * k + 4).apply(x);
              return y.rowRange(1, 5);
            }),
            k -> Map.of("E", SCALES, "W_Q", integer(2L * k + 4), "k", integer(k))),
        Arbitraries.integers().between(1, MOST_OF_MODELS));
  }

  private static VarTransformer varTransformer(int s) {
    return new VarTransformer(ScaleSchedule.square(1, 2), new Literal(Kernel.BSPLINE, 0, Boundary.REPLICATE), List.of(
        new VarTransformer.Stage(attention(0), Equivariance.identity(1)),
        new VarTransformer.Stage(new Encoded(SCALES, attention(s)), shiftedRelu())));
  }

  /** The same target for FlowAR. */
  static Property<Integer> corollary62() {
    return new Property<>(
        new StatedClaim<>("cor-6.2", "amended-positional",
            "With a positional encoding added before the attention, the autoregressive transformer of a FlowAR model of "
                + "two scales, 1×1 and 2×2 (a = 2, nearest), W_Q = 2k + 4: interval bounds of the distance of Ŷ^2 from "
                + "(x, 0, 0, 0) are at most 2^(−k) on cells that cover [0, 1], so it is that close for every Z_init = x "
                + "(k ≤ " + MOST_OF_MODELS + ")",
            k -> onCells(k, x -> {
              Rescaling up = Rescaling.up(2, Rescaling.Reading.NEAREST);
              AutoregressiveTransformer transformer = new AutoregressiveTransformer(2, up,
                  List.of(new AutoregressiveTransformer.Block(attention(0), Equivariance.identity(1)),
                      new AutoregressiveTransformer.Block(new Encoded(SCALES, attention(2 * k + 4)), shiftedRelu())));
              TokenMap<IntervalExtension> z = new TokenMap<>(1, 1, x);
              return transformer.predict(z, List.of(transformer.predict(z, List.of()))).tokens();
            }),
            k -> Map.of("E", SCALES, "W_Q", integer(2L * k + 4), "k", integer(k))),
        Arbitraries.integers().between(1, MOST_OF_MODELS));
  }

  /** The last scale, four pixels, as a function of one number. */
  private interface Model {
    IntervalExtension apply(IntervalExtension x);
  }

  /** On each cell of [0, 1] the distance of a model from (x, 0, 0, 0) is at most 2^(−k). */
  private static List<Inequality> onCells(int k, Model model) {
    int cells = (1 << k) + 1;
    List<Inequality> all = new ArrayList<>();
    for (int c = 0; c < cells; c++) {
      IntervalExtension x = IntervalExtension.box(
          ExactMatrix.of(1, 1, new BigFraction(c, cells)), ExactMatrix.of(1, 1, new BigFraction(c + 1, cells)));
      IntervalExtension target = x.lift(ExactMatrix.ofIntegers(4, 1, 1, 0, 0, 0)).times(x);
      all.add(target.minus(model.apply(x)).magnitude().largestEntry()
          .atMost(of(new BigFraction(1, 1 << k)), "largest |F − f| on a cell ≤ 2^(−k)"));
    }
    return all;
  }
}
