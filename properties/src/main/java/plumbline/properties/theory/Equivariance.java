package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.Tape;
import plumbline.properties.semantics.Formal;
import plumbline.reference.flowar.AutoregressiveTransformer;
import plumbline.reference.flowar.FlowMatchingNetwork;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Composition;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Interpolation.Reading;
import plumbline.reference.layer.Interpolation.Standard;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Mlp;
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
 * Why {@code lemma-5.1}, {@code thm-5.6} and {@code cor-6.2} fail without positional encodings: attention and token-wise
 * layers treat all positions alike.
 *
 * <p>That two outputs of a transformer are equal is established as an identity of formulas: the layers are run on variables
 * for all weights and inputs ({@link Formal}), at the sizes of each case. That this holds at all sizes is the argument.
 *
 * <p>Each lower bound has the form |v − a| + |v'| &gt; (1 − 2⁻⁴⁰)·a, where v and v' are two outputs of the transformer that
 * equivariance makes equal. They are computed apart: were the layers not equivariant, the inequality would fail. The triangle
 * inequality gives |v − a| + |v| ≥ a, with equality for v between 0 and a; the factor leaves enclosures room to decide.
 */
final class Equivariance {
  /** 1 − 2⁻⁴⁰. */
  private static final BigFraction NEARLY_ONE = BigFraction.ONE.subtract(ExactMatrix.fraction(0x1p-40));

  /** The numbers of different formulas that were found, by what was looked at. */
  private static final Map<List<Object>, Integer> DISTINCT = new ConcurrentHashMap<>();

  /** The norm that the paper writes, and the sup norm. */
  private static final List<String> NORMS = List.of("function-norm", "sup-norm");

  /**
   * A transformer τ on two tokens, and their first entries.
   *
   * @param tau FFN_2 ∘ Attn ∘ FFN_1, tokens as rows
   * @param x1 the first token, 1×d, its first entry positive
   * @param x2 the second token
   */
  record Pair(Layer tau, ExactMatrix x1, ExactMatrix x2) {}

  /** A VAR transformer and its first token, the first entry of which is positive. */
  record Var(VarTransformer transformer, ExactMatrix init) {}

  /**
   * Two scales from a first map of side×side tokens to side+1, no positional encoding: the first scale is τ_1(X), the second
   * the last map of τ_2(X, φ_up(τ_1(X))).
   *
   * @param x X, side²×d, its entries positive
   */
  record Larger(int side, Reading reading, Layer tau1, Layer tau2, ExactMatrix x) {

    /** The second scale, (side+1)²×d. */
    <M extends Matrix<M>> M apply(M first) {
      M enlarged = up(tau1.apply(first));
      M y = tau2.apply(first.above(enlarged));
      return y.rowRange(first.rows(), y.rows());
    }

    /** φ_up. */
    <M extends Matrix<M>> M up(M map) {
      return new Interpolation(reading, side + 1, side + 1).apply(new TokenMap<>(side, side, map)).tokens();
    }
  }

  /** Where weights come from: a tape of numbers, or variables. */
  private interface Weights {
    ExactMatrix of(int rows, int columns);
  }

  /** A FlowAR model of two scales, its first token, and noise for the second scale. */
  record Flow(
      AutoregressiveTransformer transformer, FlowMatchingNetwork network, Rescaling up, ExactMatrix init, ExactMatrix noise,
      BigFraction t) {}

  private Equivariance() {}

  static List<Refutation> refutations() {
    return List.of(
        new Refutation("lemma-5.1", NORMS,
          "Take d = 1, L = 2 and f(x1, x2) = (x1, 0), which is 1-Lipschitz. Every τ = FFN_2∘Attn∘FFN_1 commutes with "
              + "swapping the tokens: τ_2(x1, x2) = τ_1(x2, x1). Hence ∫ |τ_2(x1,x2)| over [0,1]² equals ∫ |τ_2(x2,x1)| "
              + "= ∫ |v| with v = τ_1(x1,x2), and ‖f − τ‖_1 = ∫ |x1 − v| + |v| ≥ ∫ x1 = 1/2 for every τ. For every α, "
              + "|x1 − v|^α + |v|^α is least at v = x1/2, so ‖f − τ‖_α^α ≥ 2^(1−α) ∫ x1^α = 2^(1−α)/(α+1): the best "
              + "bound over all maps that commute with the swap, reached by x ↦ x/2. The largest entry of the difference "
              + "is at least 1/2 at x1 = 1. Both bounds are reached by members of the class, α = 1 by τ = 0 and the sup "
              + "norm by τ = 1/2.",
          lemma51(), Map.of("f", "f(x1, x2) = (x1, 0) on [0,1]²", "‖f − τ‖_1", "≥ 1/2 for every τ, and = 1/2 for τ = 0",
              "‖f − τ‖_α", "≥ (2^(1−α)/(α+1))^(1/α) for every τ: 1/√6 for α = 2",
              "sup |f − τ|", "≥ 1/2 for every τ, and = 1/2 for τ = 1/2")),
        new Refutation("thm-5.6", NORMS,
          "Start from one token X_init = x and interpolate by weights that sum to 1 at every pixel (Definition 3.2 with the "
              + "B-spline or a Keys kernel, replicate boundary). By induction over the scales all tokens of one scale are "
              + "equal: interpolation of equal tokens gives equal tokens; equal tokens have equal queries, so attention and "
              + "token-wise layers keep them equal. Let f_r = φ_up,r, which meets Assumption 5.2 with error 0 for every "
              + "ε, and let g_K keep the first entry at the first pixel and set all else to 0, a 1-Lipschitz map. Then f "
              + "has the value x at the first pixel of the last scale and 0 at the last pixel, F_VAR has one value v at "
              + "both, and |v − x| + |v − 0| ≥ x: ‖F_VAR − f‖_1 ≥ ∫ x = 1/2 over X_init in [0,1], for every F_VAR; the "
              + "largest entry is at least 1/2 at x = 1.",
          theorem56(), Map.of("f", "K = 2, h_2 = w_2 = 2, d = 1: f_2 = φ_up,2, g_2 = diag(1, 0, 0, 0), the rest identities",
              "‖F_VAR − f‖_1", "≥ 1/2 for every F_VAR")),
        new Refutation("thm-5.6", List.of("larger-start"),
          "Let the first scale have h_1 = w_1 = 2 tokens a side, and interpolate to 3×3 by weights that sum to 1; in the "
              + "standard reading all nine pixels then differ for almost every input. The layer uses one matrix on both "
              + "axes, so it commutes with transposing the map, T; attention and token-wise layers commute with every "
              + "permutation. Hence F(TX) = T F(X), and with v = F_01(X): F_10(TX) = v. Let f_2 = φ_up,2 with values u "
              + "and let g_2 keep the first entry at pixel (0, 1) alone. Then ‖F − f‖_1 ≥ ∫ |u_01(X) − F_01(X)| + "
              + "|F_10(X)| = ∫ |u_01 − v| + |v| ≥ ∫ u_01 = 1/2 over X in [0,1]^{2×2}, since T keeps the measure: "
              + "distinct first tokens do not mend the theorem.",
          largerStart(), Map.of("f", "K = 2, h_1 = w_1 = 2, h_2 = w_2 = 3, d = 1: f_2 = φ_up,2, g_2 keeps pixel (0, 1)",
              "‖F_VAR − f‖_1", "≥ 1/2 for every F_VAR")),
        new Refutation("cor-6.2", NORMS,
          "Let the first scale be one token. Up-sampling by a factor in any reading of Definition C.1 makes all tokens "
              + "of the second scale equal, and the blocks of Definition C.10 keep them equal; so Ŷ^2 has one value v at "
              + "every pixel, and the target of Theorem 5.6 keeps the distance 1/2. The flow-matching network of "
              + "Definition C.12 commutes with permuting the pixels of its noise, Ŷ^2 being the same everywhere. "
              + "Gaussian noise has the same law when permuted, so E|NN_1(F) − x| + E|NN_4(F)| = E(|NN_1(F) − x| + "
              + "|NN_4(PF)|) ≥ x: the distance stays at least 1/2 on average over the noise too.",
          corollary62(), Map.of("f", "K = 2, first scale 1×1, second 2×2: f_2 = φ_up,2, g_2 = diag(1, 0, 0, 0)",
              "‖F_FlowAR − f‖_1", "≥ 1/2 for every F_FlowAR, on average over the noise")),
        firstStep("thm-5.6"), firstStep("cor-6.2"));
  }

  /** Step 1 of the proofs of Theorem 5.6 and Corollary 6.2. */
  private static Refutation firstStep(String statement) {
    return new Refutation(statement, NORMS,
        "Step 1 takes τ_r from Lemma 5.1. Let g_r keep the first of n_r ≥ 2 tokens and set all others to 0, d = 1. Every τ_r commutes "
            + "with the swap P of the first two tokens: τ_2(PX) = τ_1(X). So ‖g_r − τ_r‖_1 ≥ ∫ |x1 − τ_1(X)| + |τ_2(X)| = "
            + "∫ |x1 − v| + |v| ≥ ∫ x1 = 1/2 over the unit box with v = τ_1(X), for every τ_r, and the largest distance is at least 1/2 "
            + "too. A positional encoding before the attention, or an equivariant g_r, would mend it.",
        step(statement), Map.of("g_r", "diag(1, 0, …, 0) on [0,1]^{n_r}", "‖g_r − τ_r‖_1", "≥ 1/2 for every τ_r"));
  }

  static Property<Pair> step(String statement) {
    return new Property<>(
        new StatedClaim<>(statement, "lower-bound", 1,
            "Lemma 5.1 gives no τ_r for g_r = diag(1, 0, 0, 0): |x1 − τ_1(X)| + |τ_2(PX)| > (1 − 2⁻⁴⁰) x1 for "
                + "τ = FFN_2∘Attn∘FFN_1 on four tokens, P swapping the first two (random τ; for every τ by the argument)",
            pair -> {
              Expression x = of(pair.x1).above(of(pair.x2));
              Expression v = pair.tau.apply(x).entry(0, 0);
              Expression swapped = pair.tau.apply(x.selectRows(1, 0, 2, 3)).entry(1, 0);
              return List.of(apart(x.entry(0, 0), v, swapped, "(1 − 2⁻⁴⁰) x1 < |x1 − τ_1(X)| + |τ_2(PX)|"));
            },
            pair -> {
              Map<String, ExactMatrix> shown = PiecewiseAffine.weights("τ", pair.tau);
              shown.putAll(Map.of("x1", pair.x1, "others", pair.x2));
              return shown;
            }),
        Tape.read(120, tape -> {
          Layer tau = oneLayer((rows, columns) -> small(tape, rows, columns), tape.between(0, 1) == 1, 1);
          return new Pair(tau, token(tape, 1), Replay.unit(tape, 3, 1));
        })).atMost(100);
  }

  static Property<Pair> lemma51() {
    return new Property<>(
        new StatedClaim<>("lemma-5.1", "lower-bound",
            "For every τ = FFN_2∘Attn∘FFN_1 without positional encoding, |x1 − τ_1(x1, x2)| + |τ_2(x2, x1)| > (1 − 2⁻⁴⁰) "
                + "x1: so no τ is closer than 1/2 to f(x1, x2) = (x1, 0) in ‖·‖_1 (random τ)",
            pair -> {
              Expression a = of(pair.x1);
              Expression b = of(pair.x2);
              Expression v = pair.tau.apply(a.above(b)).entry(0, 0);
              Expression swapped = pair.tau.apply(b.above(a)).entry(1, 0);
              return List.of(swapIdentity(pair.x1.columns(), true), swapIdentity(pair.x1.columns(), false),
                  apart(a.entry(0, 0), v, swapped, "(1 − 2⁻⁴⁰) x1 < |x1 − τ_1(x1,x2)| + |τ_2(x2,x1)|"));
            },
            pair -> Map.of("x1", pair.x1, "x2", pair.x2)),
        Tape.read(120, tape -> {
          int d = tape.between(1, 2);
          Layer tau = oneLayer((rows, columns) -> small(tape, rows, columns), tape.between(0, 1) == 1, d);
          return new Pair(tau, token(tape, d), token(tape, d));
        }));
  }

  /** τ_1(x1, x2) and τ_2(x2, x1) are one formula, in variables for both tokens and all weights; FFN with residual or not. */
  private static Inequality swapIdentity(int d, boolean residual) {
    return oneFormula("formulas among τ_1(x1,x2), τ_2(x2,x1), for all weights = 1", List.of(d, residual), formal -> {
      Layer tau = oneLayer(formal::variables, residual, d);
      Formal.Formulas x = formal.lift(formal.variables(2, d));
      return tau.apply(x).rowRange(0, 1).above(tau.apply(x.selectRows(1, 0)).rowRange(1, 2));
    });
  }

  /** The claim that all rows are one formula; what is found is kept for the next case of the same sizes. */
  private static Inequality oneFormula(String name, List<Object> sizes, Function<Formal, Formal.Formulas> rows) {
    List<Object> key = new ArrayList<>(sizes);
    key.add(name);
    return of(DISTINCT.computeIfAbsent(key, k -> rows.apply(new Formal()).distinctRows())).equalTo(of(1), name);
  }

  /** FFN_2 ∘ Attn ∘ FFN_1. */
  private static Layer oneLayer(Weights weights, boolean residual, int d) {
    return Composition.of("lemma-5.1", feedForward(weights, residual, d), attention(weights, d),
        feedForward(weights, residual, d));
  }

  /** A member of the class at distance exactly 1/2. */
  static Property<BigFraction> lemma51Attained() {
    return new Property<>(
        new StatedClaim<>("lemma-5.1", "distance",
            "The bound 1/2 is reached: with W_V = 0 in its attention, τ is the constant c of its last bias. τ = 0 has ‖f "
                + "− τ‖_1 = ∫ x1 = 1/2 for f(x1, x2) = (x1, 0), and τ = 1/2 has |f − τ| ≤ 1/2 in every entry at every x "
                + "(affine in x: the corners decide)",
            c -> {
              ExactMatrix zero = ExactMatrix.zeros(1, 1);
              Layer tau = new Composition("lemma-5.1", List.of(identity(1), new Attention(zero, zero, zero),
                  new Transposed(new FeedForward(ExactMatrix.zeros(1, 1), zero, zero, ExactMatrix.of(1, 1, c), true))));
              Expression mean = of(0);
              List<Inequality> all = new ArrayList<>();
              for (int corner = 0; corner < 4; corner++) {
                Expression x = of(ExactMatrix.ofIntegers(2, 1, corner / 2, corner % 2));
                Expression difference = of(ExactMatrix.ofIntegers(2, 2, 1, 0, 0, 0)).times(x).minus(tau.apply(x));
                mean = mean.plus(difference.sumOfAbsolutes().scaledBy(of(BigFraction.ONE_QUARTER)));
                if (c.compareTo(BigFraction.ZERO) > 0) {
                  all.add(difference.largestEntry().atMost(of(BigFraction.ONE_HALF),
                      "largest entry of |f − τ| at a corner ≤ 1/2"));
                }
              }
              if (all.isEmpty()) {
                all.add(mean.equalTo(of(BigFraction.ONE_HALF), "mean of ‖f − τ‖_1 over the corners, its integral = 1/2"));
              }
              return all;
            },
            c -> Map.of("b_2", ExactMatrix.of(1, 1, c))),
        Arbitraries.of(BigFraction.ZERO, BigFraction.ONE_HALF));
  }

  /** The least |x − v|^α + |v|^α over v, for integers α. */
  static Property<Split> lemma51AllNorms() {
    return new Property<>(
        new StatedClaim<>("lemma-5.1", "distance",
            "For every α: 2 (x/2)^α ≤ |x − v|^α + |v|^α, whose integral over [0,1]² is 2^(1−α)/(α+1) ≤ ‖f − τ‖_α^α "
                + "(random x, v, and integers α ≤ 8)",
            split -> {
              BigFraction half = split.x.divide(2).pow(split.alpha).multiply(2);
              return List.of(of(half).atMost(
                  of(split.x.subtract(split.v).abs().pow(split.alpha).add(split.v.abs().pow(split.alpha))),
                  "2 (x/2)^α ≤ |x − v|^α + |v|^α"));
            },
            split -> Map.of("x", ExactMatrix.of(1, 1, split.x), "v", ExactMatrix.of(1, 1, split.v),
                "α", ExactMatrix.ofIntegers(1, 1, split.alpha))),
        Tape.read(4, tape -> new Split(tape.between(1, 8), tape.unit(), tape.rational())));
  }

  /** A value x of the target, a value v of the transformer, and an exponent. */
  record Split(int alpha, BigFraction x, BigFraction v) {}

  static Property<Var> theorem56() {
    return new Property<>(
        new StatedClaim<>("thm-5.6", "lower-bound",
            "For every VAR transformer F on interpolations whose weights sum to 1, |F_first(x) − x| + |F_last(x)| > (1 − "
                + "2⁻⁴⁰) x at the first and the last pixel of the last scale: so none is closer than 1/2 in ‖·‖_1 to the "
                + "target that keeps the first pixel alone (random transformers)",
            var -> {
              Expression init = of(var.init);
              ScaleSchedule schedule = var.transformer.schedule();
              Expression y = var.transformer.apply(init);
              int first = y.rows() - schedule.last().tokens();
              return List.of(constantMaps(schedule, var.transformer.reading(), var.init.columns()),
                  apart(init.entry(0, 0), y.entry(first, 0), y.entry(y.rows() - 1, 0),
                  "(1 − 2⁻⁴⁰) x < |F_first(x) − x| + |F_last(x)|"));
            },
            var -> Map.of("X_init", var.init)),
        Tape.read(200, tape -> {
          int d = tape.between(1, 2);
          int scales = tape.between(2, 3);
          Reading reading = tape.oneOf(new Literal(TokenMaps.kernel(tape), tape.between(0, 1), Boundary.REPLICATE),
              new Standard(TokenMaps.kernel(tape)));
          ScaleSchedule schedule = scales == 2 ? ScaleSchedule.square(1, 2) : ScaleSchedule.square(1, 2, 3);
          return new Var(transformer((rows, columns) -> small(tape, rows, columns), schedule, reading, d), token(tape, d));
        }));
  }

  private static VarTransformer transformer(Weights weights, ScaleSchedule schedule, Reading reading, int d) {
    List<VarTransformer.Stage> stages = new ArrayList<>();
    for (int i = 0; i < schedule.size(); i++) {
      stages.add(new VarTransformer.Stage(attention(weights, d), feedForward(weights, true, d)));
    }
    return new VarTransformer(schedule, reading, stages);
  }

  /** All tokens of the last scale are one formula, in variables for X_init and all weights. */
  static Inequality constantMaps(ScaleSchedule schedule, Reading reading, int d) {
    return oneFormula("formulas among the tokens of the last scale, for all weights = 1",
        List.of(schedule, reading, d), formal -> {
      Formal.Formulas y = transformer(formal::variables, schedule, reading, d).apply(formal.lift(formal.variables(1, d)));
      return y.rowRange(y.rows() - schedule.last().tokens(), y.rows());
    });
  }

  /** From a first map of several tokens: transposing the map commutes with all layers. */
  static Property<Larger> largerStart() {
    return new Property<>(
        new StatedClaim<>("thm-5.6", "lower-bound",
            "For every VAR transformer of two scales from a first map X of 2×2 tokens, TX its transpose and u = φ_up(X): "
                + "|u_01 − F_01(X)| + |F_10(TX)| ≥ (1 − 2⁻⁴⁰) |u_01|, so none is closer than 1/2 in ‖·‖_1 to the target "
                + "that keeps pixel (0, 1) alone (random transformers)",
            larger -> {
              Expression x = of(larger.x);
              Expression u = larger.up(x).entry(1, 0);
              Expression value = larger.apply(x).entry(1, 0);
              Expression transposed = larger.apply(x.selectRows(0, 2, 1, 3)).entry(3, 0);
              return List.of(transposeIdentity(larger.reading),
                  u.abs().scaledBy(of(NEARLY_ONE)).atMost(u.minus(value).abs().plus(transposed.abs()),
                      "(1 − 2⁻⁴⁰) |u_01| ≤ |u_01 − F_01(X)| + |F_10(TX)|"));
            },
            larger -> Map.of("X", larger.x)),
        Tape.read(120, tape -> {
          Reading reading = tape.oneOf(new Standard(TokenMaps.kernel(tape)),
              new Literal(TokenMaps.kernel(tape), tape.between(0, 1), tape.oneOf(Boundary.REPLICATE, Boundary.REFLECT)));
          return larger((rows, columns) -> small(tape, rows, columns), reading,
              token(tape, 1).get(0), token(tape, 1).get(0), token(tape, 1).get(0), token(tape, 1).get(0));
        }));
  }

  private static Larger larger(Weights weights, Reading reading, BigFraction... x) {
    return new Larger(2, reading, Composition.of("def-3.6", attention(weights, 1), feedForward(weights, true, 1)),
        Composition.of("def-3.6", attention(weights, 1), feedForward(weights, true, 1)), ExactMatrix.of(4, 1, x));
  }

  /** F_01(X) and F_10(TX) are one formula, in variables for X and all weights. */
  private static Inequality transposeIdentity(Reading reading) {
    return oneFormula("formulas among F_01(X), F_10(TX), for all weights = 1", List.of(reading), formal -> {
      Larger larger = larger(formal::variables, reading, BigFraction.ONE, BigFraction.ONE, BigFraction.ONE, BigFraction.ONE);
      Formal.Formulas x = formal.lift(formal.variables(4, 1));
      return larger.apply(x).rowRange(1, 2).above(larger.apply(x.selectRows(0, 2, 1, 3)).rowRange(3, 4));
    });
  }

  static Property<Flow> corollary62() {
    return new Property<>(
        new StatedClaim<>("cor-6.2", "lower-bound",
            "For every FlowAR model whose first scale is one token, |Ŷ_first − x| + |Ŷ_last| > (1 − 2⁻⁴⁰) x at the "
                + "second scale, and with noise F and its reversal PF, |NN_first(F) − x| + |NN_last(PF)| > (1 − 2⁻⁴⁰) x: "
                + "so none is closer than 1/2 in ‖·‖_1 to the target that keeps the first pixel alone (random models)",
            flow -> {
              Expression init = of(flow.init);
              TokenMap<Expression> z = new TokenMap<>(1, 1, init);
              TokenMap<Expression> first = flow.transformer.predict(z, List.of());
              Expression y = flow.transformer.predict(z, List.of(first)).tokens();
              Expression noise = of(flow.noise);
              Expression forwards = flow.network.apply(noise, y, of(flow.t));
              Expression backwards = flow.network.apply(noise.selectRows(3, 2, 1, 0), y, of(flow.t));
              Expression x = init.entry(0, 0);
              List<Inequality> all = new ArrayList<>(flowIdentities(flow.up, flow.init.columns()));
              all.add(apart(x, y.entry(0, 0), y.entry(3, 0), "(1 − 2⁻⁴⁰) x < |Ŷ_first − x| + |Ŷ_last|"));
              all.add(apart(x, forwards.entry(0, 0), backwards.entry(3, 0),
                  "(1 − 2⁻⁴⁰) x < |NN_first(F) − x| + |NN_last(PF)|"));
              return all;
            },
            flow -> {
              Map<String, ExactMatrix> shown = new LinkedHashMap<>();
              shown.put("Z_init", flow.init);
              shown.put("F", flow.noise);
              shown.put("t", ExactMatrix.of(1, 1, flow.t));
              return shown;
            }),
        Tape.read(260, tape -> {
          int c = 2;
          Rescaling up = Rescaling.up(2, tape.oneOf(Rescaling.Reading.values()));
          Weights weights = (rows, columns) -> small(tape, rows, columns);
          return new Flow(autoregressive(weights, up, c), network(weights, c), up, token(tape, c), tape.matrix(4, c),
              tape.unit());
        }));
  }

  private static AutoregressiveTransformer autoregressive(Weights weights, Rescaling up, int c) {
    return new AutoregressiveTransformer(2, up, List.of(
        new AutoregressiveTransformer.Block(attention(weights, c), feedForward(weights, true, c)),
        new AutoregressiveTransformer.Block(attention(weights, c), feedForward(weights, true, c))));
  }

  private static FlowMatchingNetwork network(Weights weights, int c) {
    return new FlowMatchingNetwork(new Mlp(weights.of(c, 6 * c), weights.of(1, 6 * c)), attention(weights, c),
        new Mlp(weights.of(c, c), weights.of(1, c)), new LayerNorm(new BigFraction(1, 1000)),
        FlowMatchingNetwork.Chunk.PAPER);
  }

  /** All tokens of Ŷ^2 are one formula, and so are NN_first(F) and NN_last(PF), in variables for inputs and all weights. */
  private static List<Inequality> flowIdentities(Rescaling up, int c) {
    return List.of(
        oneFormula("formulas among the tokens of Ŷ^2, for all weights = 1", List.of(up, c),
            formal -> condition(formal, up, c)),
        oneFormula("formulas among NN_first(F), NN_last(PF), for all weights = 1", List.of(up, c), formal -> {
          Formal.Formulas y = condition(formal, up, c);
          FlowMatchingNetwork network = network(formal::variables, c);
          Formal.Formulas noise = formal.lift(formal.variables(4, c));
          Formal.Formulas t = formal.lift(formal.variables(1, 1));
          return network.apply(noise, y, t).rowRange(0, 1)
              .above(network.apply(noise.selectRows(3, 2, 1, 0), y, t).rowRange(3, 4));
        }));
  }

  /** Ŷ^2 on variables. */
  private static Formal.Formulas condition(Formal formal, Rescaling up, int c) {
    AutoregressiveTransformer transformer = autoregressive(formal::variables, up, c);
    TokenMap<Formal.Formulas> z = new TokenMap<>(1, 1, formal.lift(formal.variables(1, c)));
    return transformer.predict(z, List.of(transformer.predict(z, List.of()))).tokens();
  }

  /** (1 − 2⁻⁴⁰)·a &lt; |a − v| + |w|. */
  private static Inequality apart(Expression a, Expression v, Expression w, String name) {
    return a.scaledBy(of(NEARLY_ONE)).lessThan(a.minus(v).abs().plus(w.abs()), name);
  }

  /** A token with entries in [0, 1], the first of them not zero. */
  private static ExactMatrix token(Tape tape, int d) {
    BigFraction[] entries = new BigFraction[d];
    entries[0] = new BigFraction(tape.between(1, 64), 64);
    for (int i = 1; i < d; i++) {
      entries[i] = tape.unit();
    }
    return ExactMatrix.of(1, d, entries);
  }

  /** Attention of Definition B.3. */
  private static Layer attention(Weights weights, int d) {
    return new Attention(weights.of(d, d), weights.of(d, d), weights.of(d, d));
  }

  /** A feed-forward layer of Definition B.5 with four hidden neurons, on tokens as rows. */
  private static Layer feedForward(Weights weights, boolean residual, int d) {
    return new Transposed(new FeedForward(weights.of(4, d), weights.of(4, 1), weights.of(d, 4), weights.of(d, 1), residual));
  }

  /** The feed-forward layer that changes nothing: W_2 = 0. */
  static Layer identity(int d) {
    return new Transposed(new FeedForward(ExactMatrix.zeros(1, d), ExactMatrix.zeros(1, 1), ExactMatrix.zeros(d, 1),
        ExactMatrix.zeros(d, 1), true));
  }

  /** Entries in [−2, 2], multiples of 1/8. */
  private static ExactMatrix small(Tape tape, int rows, int columns) {
    BigFraction[] values = new BigFraction[rows * columns];
    for (int e = 0; e < values.length; e++) {
      values[e] = new BigFraction(tape.between(-16, 16), 8);
    }
    return ExactMatrix.of(rows, columns, values);
  }
}
