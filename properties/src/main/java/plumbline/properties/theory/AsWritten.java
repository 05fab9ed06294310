package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.reference.flowar.AutoregressiveTransformer;
import plumbline.reference.flowar.Flow;
import plumbline.reference.flowar.FlowMatchingNetwork;
import plumbline.reference.flowar.Inference;
import plumbline.reference.flowar.Tokenizer;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Kernel;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Mlp;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.layer.Transposed;
import plumbline.reference.number.Rational;
import plumbline.reference.var.Pyramid;
import plumbline.reference.var.ScaleSchedule;
import plumbline.reference.var.VarBlock;
import plumbline.reference.var.VarTransformer;
import plumbline.spec.claim.Inequality;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;

/**
 * Definitions whose text, taken word for word, defines nothing for some input, or something else than is meant: sizes that do not
 * fit, a division by zero, an argument that is not there. Each is the reading {@code as-written} of its statement, refuted by the
 * smallest exact input; the default reading says what was done instead.
 */
final class AsWritten {
  static final String READING = "as-written";

  /** One exact input with what the text claims of it: all hold but the last. */
  record Defect(Map<String, ExactMatrix> shown, List<Inequality> inequalities) {}

  private AsWritten() {}

  /** All of them. */
  static List<Property<?>> all() {
    return List.of(initialTokenIsNoState(), tokensAsRowsAndColumns(), squareBlockIsAnotherMap(), firstScaleHasNoSource(),
        oneMapAgainstMergedMaps(), scalesThatDoNotDivide(), constantRow(), oneNameForTwoMlps(), outputNeedsTheTarget(),
        velocityForMap());
  }

  private static Property<Defect> refuted(String statement, String text, Map<String, ExactMatrix> shown, Inequality... inequalities) {
    return new Property<>(new StatedClaim<>(statement, READING, text, Defect::inequalities, Defect::shown),
        Arbitraries.just(new Defect(shown, List.of(inequalities))));
  }

  /** The message with which the reference refuses; it must. */
  static String refusal(Supplier<?> attempt) {
    try {
      throw new AssertionError("the reference accepts what the text does not define: " + attempt.get());
    } catch (IllegalArgumentException | ArithmeticException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  private static ExactMatrix integers(int rows, int columns, long... values) {
    return ExactMatrix.ofIntegers(rows, columns, values);
  }

  private static ExactMatrix size(int size) {
    return integers(1, 1, size);
  }

  private static Attention uniform(int d) {
    return new Attention(ExactMatrix.zeros(d, d), ExactMatrix.zeros(d, d), ExactMatrix.identity(d));
  }

  private static FeedForward zero(int d, boolean residual) {
    return new FeedForward(ExactMatrix.zeros(1, d), ExactMatrix.zeros(1, 1), ExactMatrix.zeros(d, 1), ExactMatrix.zeros(d, 1),
        residual);
  }

  /** Definition 3.6: a composition hands on the state alone, yet Φ_up,2 reads X_init again. */
  static Property<Defect> initialTokenIsNoState() {
    ScaleSchedule schedule = ScaleSchedule.square(1, 2);
    Interpolation.Reading reading = new Interpolation.Standard(Kernel.BSPLINE);
    VarTransformer.Stage forget = new VarTransformer.Stage(uniform(1), new Transposed(zero(1, false)));
    VarTransformer.Stage keep = new VarTransformer.Stage(uniform(1), new Transposed(zero(1, true)));
    VarTransformer first = new VarTransformer(schedule.prefix(1), reading, List.of(forget));
    VarTransformer both = new VarTransformer(schedule, reading, List.of(forget, keep));
    Expression x = of(0);
    Expression y = of(1);
    return refuted("def-3.6",
        "TF is a composition, each layer a function of what the layer before returns: two initial tokens that layer 1 maps to one "
            + "state have one result (r = 2, d = 1, g_1 = 0, uniform attention)",
        Map.of("X_init", integers(1, 1, 0), "X_init'", integers(1, 1, 1)),
        first.apply(x).equalTo(first.apply(y), "g_1(Attn_1(Φ_up,1(X))) = g_1(Attn_1(Φ_up,1(X')))"),
        both.apply(x).equalTo(both.apply(y), "TF(X) = TF(X')"));
  }

  /** Definition 3.8: B.3 returns n×d, B.5 takes d×L. */
  static Property<Defect> tokensAsRowsAndColumns() {
    FeedForward feedForward = zero(2, true);
    ExactMatrix x = integers(1, 2, 1, 2);
    int rows = uniform(2).apply(of(x)).rows();
    return refuted("def-3.8",
        "FFN ∘ Attn ∘ Φ_up is defined with Attn of B.3 and FFN of B.5 as they stand: the rows that Attn returns, one for each token, are "
            + "as many as FFN takes, one for each channel (the reference refuses it for one token of two numbers: "
            + refusal(() -> feedForward.apply(uniform(2).apply(of(x)))) + ")",
        shown("X_init", x, "n", size(rows), "d", size(feedForward.tokenSize())),
        of(rows).equalTo(of(feedForward.tokenSize()), "n = d"));
  }

  /** Definition 3.8 where n = d = 5: no size is wrong, but FFN then acts on channels and mixes tokens. */
  static Property<Defect> squareBlockIsAnotherMap() {
    int n = 5;
    Pyramid pyramid = new Pyramid(ScaleSchedule.square(1, 2), new Interpolation.Standard(Kernel.BSPLINE));
    FeedForward feedForward = new FeedForward(ExactMatrix.ones(1, n), ExactMatrix.zeros(1, 1),
        integers(n, 1, 1, 0, 0, 0, 0), ExactMatrix.zeros(n, 1), true);
    VarBlock block = new VarBlock(pyramid, uniform(n), feedForward);
    ExactMatrix init = integers(1, n, 5, 0, 0, 0, 0);
    ExactMatrix merged = ExactMatrix.zeros(1, n);
    Expression attended = uniform(n).apply(pyramid.apply(of(init), of(merged)));
    return refuted("def-3.8",
        "Where n = d, FFN ∘ Attn ∘ Φ_up without transposes is the layer that is meant, FFN applied to each token (r = 2, scales 1 and 2, "
            + "d = 5)",
        shown("X_init", init, "X_1", merged, "W_1", feedForward.w1(), "W_2", feedForward.w2()),
        of(attended.rows()).equalTo(of(attended.columns()), "n = d"),
        feedForward.apply(attended).equalTo(block.apply(of(init), of(merged)), "FFN(Attn(Φ_up(X))) = FFN(Attn(Φ_up(X))ᵀ)ᵀ"));
  }

  /** Assumption 5.2: f_1 comes from a map of h_0×w_0 pixels, and an up-interpolation layer must enlarge. */
  static Property<Defect> firstScaleHasNoSource() {
    return refuted("asm-5.2",
        "f_1 is near an up-interpolation layer φ_up,1 from h_0×w_0 to h_1×w_1: with h_1 = 1 (Definition 3.3) and h_1 > h_0 (Definition "
            + "3.2), the source has a pixel (the reference refuses such a layer: "
            + refusal(() -> new Interpolation(new Interpolation.Standard(Kernel.BSPLINE), 1, 1)) + ")",
        shown("h_1", size(1), "largest h_0", size(0)),
        of(0).lessThan(of(1), "h_0 < h_1 = 1"),
        of(1).atMost(of(0), "1 ≤ h_0"));
  }

  /**
   * Assumption 5.2 against Definition 3.6: if n_r = h_r w_r, the target has fewer rows than the transformer that is to be near it;
   * if n_r = Σ_{i≤r} h_i w_i, g_r does not accept what f_r returns. Both ask for one equation.
   */
  static Property<Defect> oneMapAgainstMergedMaps() {
    ScaleSchedule schedule = ScaleSchedule.square(1, 2);
    return refuted("asm-5.2",
        "Target and transformer have one size: the h_K w_K tokens of the last map are as many as the Σ_{i≤K} h_i w_i tokens that "
            + "Definition 3.6 returns (K = 2, the first two scales of VAR; with n_r = Σ_{i≤r} h_i w_i instead, g_2 would have to accept "
            + "the 4 tokens of f_2 as 5)",
        shown("h_2 w_2", size(schedule.last().tokens()), "h_1 w_1 + h_2 w_2", size(schedule.tokens())),
        of(schedule.last().tokens()).equalTo(of(schedule.tokens()), "h_K w_K = Σ_i h_i w_i"));
  }

  /** Definition C.5: h/r_i pixels. */
  static Property<Defect> scalesThatDoNotDivide() {
    Tokenizer tokenizer = new Tokenizer(2, 2, r -> Rescaling.down(r, Rescaling.Reading.AREA));
    Expression x = of(1);
    return refuted("def-c.5",
        "TN is defined for a latent of any size: h/r_i is a whole number (K = 2, a = 2, one pixel; the reference refuses it: "
            + refusal(() -> tokenizer.apply(new TokenMap<>(1, 1, x))) + ")",
        shown("h", size(1), "r_1", size(tokenizer.factor(1))),
        of(tokenizer.factor(1) * (1 / tokenizer.factor(1))).equalTo(of(1), "r_1 · ⌊h/r_1⌋ = h"));
  }

  /** Definition C.9: one channel is a constant row, whatever it holds. */
  static Property<Defect> constantRow() {
    ExactMatrix x = integers(1, 1, 1);
    Expression mean = of(x).sumOfRows().dividedBy(of(x.columns()));
    return refuted("def-c.9",
        "LN is defined on every row: its variance is positive (one channel; the exact reference refuses it: "
            + refusal(() -> new LayerNorm().apply(Rational.INSTANCE.lift(x))) + ")",
        Map.of("X", x),
        of(0).lessThan(of(x).minus(mean).square(), "0 < σ²"));
  }

  /** Definition C.12: one name MLP_i for a map to 6c channels and one to c. */
  static Property<Defect> oneNameForTwoMlps() {
    Mlp mlp = new Mlp(ExactMatrix.identity(1), ExactMatrix.zeros(1, 1));
    FlowMatchingNetwork network =
        new FlowMatchingNetwork(mlp, uniform(1), mlp, new LayerNorm(BigFraction.ONE), FlowMatchingNetwork.Chunk.PAPER);
    return refuted("def-c.12",
        "MLP_i is one map: its c' output channels are the 6c of step 1 and the c of step 3 (c = 1, c' = c; the reference refuses it: "
            + refusal(() -> network.apply(of(1), of(1), of(0))) + ")",
        shown("c", size(1), "c'", size(mlp.w().columns())),
        of(mlp.w().columns()).equalTo(of(1), "c' = c"),
        of(mlp.w().columns()).equalTo(of(6), "c' = 6c"));
  }

  /** One scale of one pixel and two channels; the network returns LN(F). */
  private static Expression infer(ExactMatrix y, ExactMatrix noise, BigFraction t) {
    AutoregressiveTransformer transformer = new AutoregressiveTransformer(2, Rescaling.up(2, Rescaling.Reading.NEAREST),
        List.of(new AutoregressiveTransformer.Block(uniform(2), new Transposed(zero(2, true)))));
    Mlp modulation = new Mlp(ExactMatrix.zeros(2, 12), integers(1, 12, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1));
    FlowMatchingNetwork network = new FlowMatchingNetwork(modulation, uniform(2),
        new Mlp(ExactMatrix.identity(2), ExactMatrix.zeros(1, 2)), new LayerNorm(), FlowMatchingNetwork.Chunk.PAPER);
    Expression flow = Flow.at(of(y), of(noise), of(t));
    TokenMap<Expression> initial = new TokenMap<>(1, 1, of(ExactMatrix.zeros(1, 2)));
    return new Inference(transformer, List.of(network))
        .literal(initial, List.of(new TokenMap<>(1, 1, flow)), List.of(of(t))).get(0).tokens();
  }

  /** Definition D.1: F^i_{t_i} comes from the true Y^i by C.11, so that the output depends on what inference is to find. */
  static Property<Defect> outputNeedsTheTarget() {
    ExactMatrix y = integers(1, 2, 0, 1);
    ExactMatrix other = integers(1, 2, 1, 0);
    ExactMatrix noise = integers(1, 2, 0, 0);
    BigFraction half = new BigFraction(1, 2);
    return refuted("def-d.1",
        "Inference is a function of the model, Z_init, noise and times: two true maps Y^1 give one output (K = 1, one pixel, c = 2, "
            + "t = 1/2, a network that returns LN(F)); they do give one at t = 0",
        shown("Y^1", y, "Y^1'", other, "F_0", noise, "t", ExactMatrix.of(1, 1, half)),
        Flow.at(of(y), of(noise), of(0)).equalTo(Flow.at(of(other), of(noise), of(0)), "F_0 from Y^1 = F_0 from Y^1'"),
        infer(y, noise, half).equalTo(infer(other, noise, half), "Ỹ from Y^1 = Ỹ from Y^1'"));
  }

  /** Definition D.1: a network that is trained to return velocities (C.13) is read as if it returned maps. */
  static Property<Defect> velocityForMap() {
    ExactMatrix y = integers(1, 2, 0, 2);
    ExactMatrix noise = integers(1, 2, 1, 1);
    BigFraction half = new BigFraction(1, 2);
    Expression output = infer(y, noise, half);
    return refuted("def-d.1",
        "A network without loss (Definition C.13) at the input, NN(F_t, Ŷ, t) = V = Y − F_0, makes inference return the true map (K = 1, "
            + "one pixel, c = 2, t = 1/2, a network that returns LN(F))",
        shown("Y^1", y, "F_0", noise, "t", ExactMatrix.of(1, 1, half)),
        output.equalTo(Flow.velocity(of(y), of(noise)), "Ỹ^1 = V^1"),
        output.equalTo(of(y), "Ỹ^1 = Y^1"));
  }

  private static Map<String, ExactMatrix> shown(Object... namesAndValues) {
    Map<String, ExactMatrix> shown = new LinkedHashMap<>();
    for (int k = 0; k < namesAndValues.length; k += 2) {
      if (!(namesAndValues[k] instanceof String name) || !(namesAndValues[k + 1] instanceof ExactMatrix value)) {
        throw new IllegalArgumentException("a name and a value are meant, got " + Arrays.toString(namesAndValues));
      }
      shown.put(name, value);
    }
    return shown;
  }
}
