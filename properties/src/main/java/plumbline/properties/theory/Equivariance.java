package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.arbitrary.Tape;
import plumbline.reference.flowar.AutoregressiveTransformer;
import plumbline.reference.flowar.FlowMatchingNetwork;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Composition;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Interpolation.Reading;
import plumbline.reference.layer.Interpolation.Standard;
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

/**
 * Why {@code lemma-5.1}, {@code thm-5.6} and {@code cor-6.2} fail without positional encodings: attention and token-wise
 * layers treat all positions alike.
 *
 * <p>Each lower bound has the form |v − a| + |v'| &gt; (1 − 2⁻⁴⁰)·a, where v and v' are two outputs of the transformer that
 * equivariance makes equal. They are computed apart: were the layers not equivariant, the inequality would fail. The triangle
 * inequality gives |v − a| + |v| ≥ a, with equality for v between 0 and a; the factor leaves enclosures room to decide.
 */
final class Equivariance {
  /** 1 − 2⁻⁴⁰. */
  private static final BigFraction NEARLY_ONE = BigFraction.ONE.subtract(ExactMatrix.fraction(0x1p-40));

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

  /** A FlowAR model of two scales, its first token, and noise for the second scale. */
  record Flow(
      AutoregressiveTransformer transformer, FlowMatchingNetwork network, ExactMatrix init, ExactMatrix noise, BigFraction t) {}

  private Equivariance() {}

  static List<Refutation> refutations() {
    return List.of(
        new Refutation("lemma-5.1", NORMS,
          "Take d = 1, L = 2 and f(x1, x2) = (x1, 0), which is 1-Lipschitz. Every τ = FFN_2∘Attn∘FFN_1 commutes with swapping "
              + "the tokens: τ_2(x1, x2) = τ_1(x2, x1). Hence ∫ |τ_2(x1,x2)| over [0,1]² equals ∫ |τ_2(x2,x1)| = ∫ |v| with "
              + "v = τ_1(x1,x2), and ‖f − τ‖_1 = ∫ |x1 − v| + |v| ≥ ∫ x1 = 1/2 for every τ. By Hölder's inequality ‖f − τ‖_α ≥ "
              + "(1/2)·2^(1/α − 1) ≥ 1/4 for every α, and the largest entry of the difference is at least 1/2 somewhere: at "
              + "x1 = 1.",
          lemma51(), Map.of("f", "f(x1, x2) = (x1, 0) on [0,1]²", "‖f − τ‖_1", "≥ 1/2 for every τ")),
        new Refutation("thm-5.6", NORMS,
          "Start from one token X_init = x and interpolate by weights that sum to 1 at every pixel (Definition 3.2 with the "
              + "B-spline or a Keys kernel, replicate boundary). By induction over the scales all tokens of one scale are "
              + "equal: interpolation of equal tokens gives equal tokens; equal tokens have equal queries, so attention and "
              + "token-wise layers keep them equal. Let f_r = φ_up,r, which meets Assumption 5.2 with error 0 for every ε, and "
              + "let g_K keep the first entry at the first pixel and set all else to 0, a 1-Lipschitz map. Then f has the value "
              + "x at the first pixel of the last scale and 0 at the last pixel, F_VAR has one value v at both, and "
              + "|v − x| + |v − 0| ≥ x: ‖F_VAR − f‖_1 ≥ ∫ x = 1/2 over X_init in [0,1], for every F_VAR; the largest entry is at "
              + "least 1/2 at x = 1.",
          theorem56(), Map.of("f", "K = 2, h_2 = w_2 = 2, d = 1: f_2 = φ_up,2, g_2 = diag(1, 0, 0, 0), the rest identities",
              "‖F_VAR − f‖_1", "≥ 1/2 for every F_VAR")),
        new Refutation("cor-6.2", NORMS,
          "Let the first scale be one token. Up-sampling by a factor in any reading of Definition C.1 makes all tokens of the "
              + "second scale equal, and the blocks of Definition C.10 keep them equal; so Ŷ^2 has one value v at every pixel, "
              + "and the target of Theorem 5.6 keeps the distance 1/2. The flow-matching network of Definition C.12 commutes "
              + "with permuting the pixels of its noise, Ŷ^2 being the same everywhere. Gaussian noise has the same law when "
              + "permuted, so E|NN_1(F) − x| + E|NN_4(F)| = E(|NN_1(F) − x| + |NN_4(PF)|) ≥ x: the distance stays at least 1/2 "
              + "on average over the noise too.",
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
            "Lemma 5.1 gives no τ_r for g_r = diag(1, 0, 0, 0): |x1 − τ_1(X)| + |τ_2(PX)| > (1 − 2⁻⁴⁰) x1 for every "
                + "τ = FFN_2∘Attn∘FFN_1 on four tokens, P swapping the first two (random τ)",
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
          Layer tau = Composition.of("lemma-5.1", feedForward(tape, 1), attention(tape, 1), feedForward(tape, 1));
          return new Pair(tau, token(tape, 1), Replay.unit(tape, 3, 1));
        })).atMost(100);
  }

  static Property<Pair> lemma51() {
    return new Property<>(
        new StatedClaim<>("lemma-5.1", "lower-bound",
            "For every τ = FFN_2∘Attn∘FFN_1 without positional encoding, |x1 − τ_1(x1, x2)| + |τ_2(x2, x1)| > (1 − 2⁻⁴⁰) x1: so "
                + "no τ is closer than 1/2 to f(x1, x2) = (x1, 0) in ‖·‖_1 (random τ)",
            pair -> {
              Expression a = of(pair.x1);
              Expression b = of(pair.x2);
              Expression v = pair.tau.apply(a.above(b)).entry(0, 0);
              Expression swapped = pair.tau.apply(b.above(a)).entry(1, 0);
              return List.of(apart(a.entry(0, 0), v, swapped, "(1 − 2⁻⁴⁰) x1 < |x1 − τ_1(x1,x2)| + |τ_2(x2,x1)|"));
            },
            pair -> Map.of("x1", pair.x1, "x2", pair.x2)),
        Tape.read(120, tape -> {
          int d = tape.between(1, 2);
          Layer tau = Composition.of("lemma-5.1", feedForward(tape, d), attention(tape, d), feedForward(tape, d));
          return new Pair(tau, token(tape, d), token(tape, d));
        }));
  }

  static Property<Var> theorem56() {
    return new Property<>(
        new StatedClaim<>("thm-5.6", "lower-bound",
            "For every VAR transformer F on interpolations whose weights sum to 1, |F_first(x) − x| + |F_last(x)| > (1 − 2⁻⁴⁰) x "
                + "at the first and the last pixel of the last scale: so none is closer than 1/2 in ‖·‖_1 to the target that "
                + "keeps the first pixel alone (random transformers)",
            var -> {
              Expression init = of(var.init);
              ScaleSchedule schedule = var.transformer.schedule();
              Expression y = var.transformer.apply(init);
              int first = y.rows() - schedule.last().tokens();
              return List.of(apart(init.entry(0, 0), y.entry(first, 0), y.entry(y.rows() - 1, 0),
                  "(1 − 2⁻⁴⁰) x < |F_first(x) − x| + |F_last(x)|"));
            },
            var -> Map.of("X_init", var.init)),
        Tape.read(200, tape -> {
          int d = tape.between(1, 2);
          int scales = tape.between(2, 3);
          Reading reading = tape.oneOf(new Literal(TokenMaps.kernel(tape), tape.between(0, 1), Boundary.REPLICATE),
              new Standard(TokenMaps.kernel(tape)));
          List<VarTransformer.Stage> stages = tape.list(scales, t -> new VarTransformer.Stage(attention(t, d), feedForward(t, d)));
          ScaleSchedule schedule = scales == 2 ? ScaleSchedule.square(1, 2) : ScaleSchedule.square(1, 2, 3);
          return new Var(new VarTransformer(schedule, reading, stages), token(tape, d));
        }));
  }

  static Property<Flow> corollary62() {
    return new Property<>(
        new StatedClaim<>("cor-6.2", "lower-bound",
            "For every FlowAR model whose first scale is one token, |Ŷ_first − x| + |Ŷ_last| > (1 − 2⁻⁴⁰) x at the second scale, "
                + "and with noise F and its reversal PF, |NN_first(F) − x| + |NN_last(PF)| > (1 − 2⁻⁴⁰) x: so none is closer than "
                + "1/2 in ‖·‖_1 to the target that keeps the first pixel alone (random models)",
            flow -> {
              Expression init = of(flow.init);
              TokenMap<Expression> z = new TokenMap<>(1, 1, init);
              TokenMap<Expression> first = flow.transformer.predict(z, List.of());
              Expression y = flow.transformer.predict(z, List.of(first)).tokens();
              Expression noise = of(flow.noise);
              Expression forwards = flow.network.apply(noise, y, of(flow.t));
              Expression backwards = flow.network.apply(noise.selectRows(3, 2, 1, 0), y, of(flow.t));
              Expression x = init.entry(0, 0);
              return List.of(
                  apart(x, y.entry(0, 0), y.entry(3, 0), "(1 − 2⁻⁴⁰) x < |Ŷ_first − x| + |Ŷ_last|"),
                  apart(x, forwards.entry(0, 0), backwards.entry(3, 0), "(1 − 2⁻⁴⁰) x < |NN_first(F) − x| + |NN_last(PF)|"));
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
          List<AutoregressiveTransformer.Block> blocks =
              tape.list(2, t -> new AutoregressiveTransformer.Block(attention(t, c), feedForward(t, c)));
          FlowMatchingNetwork network = new FlowMatchingNetwork(new Mlp(small(tape, c, 6 * c), small(tape, 1, 6 * c)),
              attention(tape, c), new Mlp(small(tape, c, c), small(tape, 1, c)), new LayerNorm(new BigFraction(1, 1000)),
              FlowMatchingNetwork.Chunk.PAPER);
          return new Flow(new AutoregressiveTransformer(2, up, blocks), network, token(tape, c), tape.matrix(4, c), tape.unit());
        }));
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
  private static Layer attention(Tape tape, int d) {
    return new Attention(small(tape, d, d), small(tape, d, d), small(tape, d, d));
  }

  /** A feed-forward layer of Definition B.5 with four hidden neurons, on tokens as rows. */
  private static Layer feedForward(Tape tape, int d) {
    return new Transposed(new FeedForward(small(tape, 4, d), small(tape, 4, 1), small(tape, d, 4), small(tape, d, 1),
        tape.between(0, 1) == 1));
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
