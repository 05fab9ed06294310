package plumbline.properties.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.LayerInput;
import plumbline.properties.arbitrary.Layers;
import plumbline.properties.arbitrary.LipschitzFunction;
import plumbline.properties.arbitrary.LipschitzFunctions.OnMaps;
import plumbline.properties.arbitrary.Matrices;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Convolution;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Mlp;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.layer.Softmax;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.claim.Inequality;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;

/**
 * Lipschitz inequalities of the layers in the norm ‖·‖ of the largest absolute entry: ‖f(X) − f(Y)‖ ≤ K ‖X − Y‖ with K
 * computed exactly from the weights. Each method's comment proves its K.
 */
public final class Lipschitz {
  private static final Layers.Entries ENTRIES = Layers.Entries.ORDINARY;

  /**
   * A layer with two different inputs.
   *
   * @param layer the layer
   * @param x the one input
   * @param y the other, of the same shape
   */
  public record Pair<L extends Layer>(L layer, ExactMatrix x, ExactMatrix y) {}

  private Lipschitz() {}

  /** All of them, one for each reading of each statement. */
  public static List<Property<?>> all() {
    List<Property<?>> all = new ArrayList<>(List.of(interpolation("literal"), interpolation("standard"), softmax(), attention(),
        feedForward("residual"), feedForward("plain"), convolution("plain"), convolution("bias")));
    for (Rescaling.Direction direction : Rescaling.Direction.values()) {
      for (Rescaling.Reading reading : Rescaling.Reading.values()) {
        all.add(rescaling(direction, reading));
      }
    }
    all.add(mlp());
    all.add(layerNorm());
    return List.copyOf(all);
  }

  /**
   * Definition 3.2, reading {@code literal} or {@code standard}. The layer is the matrix of Remark 3.7 on each channel; a
   * linear map changes no entry by more than its largest sum of absolute values of a row, times the largest change of the
   * input.
   */
  public static Property<Pair<OnMaps>> interpolation(String reading) {
    return property("def-3.2", reading, "the largest sum of absolute weights of a pixel",
        Layers.interpolation(reading.equals("standard") ? Layers.standard() : Layers.literal(), ENTRIES), p -> {
          Interpolation layer = (Interpolation) p.layer.layer();
          return LipschitzFunction.rowSum(layer.matrix(p.layer.height(), p.layer.width()));
        });
  }

  /** Definitions C.1 and C.2; as {@link #interpolation}, with the matrices of Definitions C.3 and C.4. */
  public static Property<Pair<OnMaps>> rescaling(Rescaling.Direction direction, Rescaling.Reading reading) {
    return property(new Rescaling(direction, 1, reading).statement(), reading.toString(),
        "the largest sum of absolute weights of a pixel", Layers.rescaling(direction, reading, ENTRIES), p -> {
          Rescaling layer = (Rescaling) p.layer.layer();
          return LipschitzFunction.rowSum(layer.matrix(p.layer.height(), p.layer.width()));
        });
  }

  /**
   * Definition B.1, K = 1/2. With p = softmax(z), the derivative along v is p_i (v_i − Σ_j p_j v_j). For ‖v‖ ≤ 1 the sum of
   * its absolute values is the mean absolute deviation of a random variable with values in [−1, 1], at most its standard
   * deviation, at most 1. The entries sum to 0, so none exceeds half of that sum: 1/2. The mean value inequality on the
   * segment from X to Y ends the proof. At two equal scores nothing smaller than 1/2 will do.
   */
  public static Property<Pair<Softmax>> softmax() {
    return property("def-b.1", "literal", "1/2", Layers.softmax(ENTRIES), p -> new BigFraction(1, 2));
  }

  /**
   * Definition B.3 on ‖X‖, ‖Y‖ ≤ B: K = ω (1 + 2 B² g) with g the sum of all |entries| of W_Q W_Kᵀ and ω the largest sum of
   * absolute values of a column of W_V.
   *
   * <p>Let δ = ‖X − Y‖, P and P' the softmax weights for X and Y. (1) Attn(X) − Attn(Y) = P(X − Y)W_V + (P − P') Y W_V.
   * (2) ‖(X − Y) W_V‖ ≤ δω, and rows of P are nonnegative with sum 1, so the first term is at most δω. (3) Entries of
   * Y W_V are at most Bω, so the second is at most Bω times the largest ‖P_i − P'_i‖₁. (4) The scores x_i G x_jᵀ and
   * y_i G y_jᵀ, G = W_Q W_Kᵀ, differ by (x_i − y_i) G x_jᵀ + y_i G (x_j − y_j)ᵀ, at most 2δBg. (5) By the derivative of
   * softmax (see {@link #softmax()}), ‖P_i − P'_i‖₁ is at most the largest difference of scores. Together:
   * δω + Bω·2δBg = δω (1 + 2 B² g).
   */
  public static Property<Pair<Attention>> attention() {
    return property("def-b.3", "literal", "ω(1 + 2B²g), where B bounds the entries of both inputs, g is the sum of |W_Q W_Kᵀ|, and ω the "
        + "largest column sum of |W_V|,", Layers.attention(ENTRIES),
        p -> attentionConstant(p.layer, larger(norm(p.x), norm(p.y))));
  }

  /** ω (1 + 2 B² g) of {@link #attention()}. */
  static BigFraction attentionConstant(Attention layer, BigFraction bound) {
    RationalMatrix wq = Rational.INSTANCE.lift(layer.scores().wq());
    RationalMatrix g = wq.times(Rational.INSTANCE.lift(layer.scores().wk()).transpose()).abs().sum();
    return LipschitzFunction.columnSum(layer.wv())
        .multiply(bound.multiply(bound).multiply(2).multiply(g.get(0, 0)).add(1));
  }

  /**
   * Definition B.5, reading {@code residual} or {@code plain}: K = ‖W_2‖ ‖W_1‖, plus 1 with the residual, where ‖W‖ is the largest sum of absolute values of a row.
   * Columns are tokens: W_1 and W_2 act on each as linear maps, ReLU changes no two numbers by more than their distance,
   * biases cancel, and the residual adds X − Y.
   */
  public static Property<Pair<FeedForward>> feedForward(String reading) {
    boolean residual = reading.equals("residual");
    return property("def-b.5", reading, "‖W_2‖‖W_1‖" + (residual ? " + 1" : "") + " with the largest row sums of |W_2|, |W_1|,",
        Layers.feedForward(ENTRIES).filter(input -> input.layer().residual() == residual),
        p -> LipschitzFunction.rowSum(p.layer.w2()).multiply(LipschitzFunction.rowSum(p.layer.w1()))
            .add(p.layer.residual() ? 1 : 0));
  }

  /**
   * Definition B.6, reading {@code plain} or {@code bias}: K = the largest sum of absolute values of a kernel. An entry of the result is a kernel's inner product
   * with a patch of the input (zero outside) plus a bias that cancels.
   */
  public static Property<Pair<OnMaps>> convolution(String reading) {
    return property("def-b.6", reading, "the largest sum of absolute values of a kernel", Layers.convolution(ENTRIES)
            .filter(input -> (((Convolution) input.layer().layer()).bias() != null) == reading.equals("bias")),
        p -> LipschitzFunction.rowSum(((Convolution) p.layer.layer()).kernels()));
  }

  /** Definition C.8: K = the largest sum of absolute values of a column of W, since tokens are rows. */
  public static Property<Pair<Mlp>> mlp() {
    return property("def-c.8", "literal", "the largest column sum of |W|", Layers.mlp(ENTRIES),
        p -> LipschitzFunction.columnSum(p.layer.w()));
  }

  /**
   * Definition C.9 with ε &gt; 0: K = (c + 2)/√ε for rows of c numbers. With the centred row u, its variance v and
   * s = √(v + ε), the derivative of u/s along a row e with ‖e‖ ≤ 1, centred to f, is f_i/s − u_i (Σ_j u_j f_j) / (c s³).
   * Centring at most doubles: |f_i| ≤ 2. By Cauchy–Schwarz |Σ_j u_j f_j| / c ≤ √v · √(Σ_j f_j²/c) ≤ √v, because centring
   * does not enlarge Σ e_j² ≤ c. And |u_i| ≤ √(c v) ≤ c√v. So the derivative is at most 2/s + c v/s³ ≤ (2 + c)/s ≤ (c + 2)/√ε.
   */
  public static Property<Pair<LayerNorm>> layerNorm() {
    return property("def-c.9", "epsilon", "(c + 2)/√ε", Layers.layerNorm(ENTRIES), p -> {
      BigFraction root = Rational.INSTANCE.lift(p.layer.epsilon()).sqrt().get(0, 0);
      return new BigFraction(p.x.columns() + 2).divide(root);
    });
  }

  private static <L extends Layer> Property<Pair<L>> property(
      String statement, String reading, String constant, Arbitrary<LayerInput<L>> layers, Function<Pair<L>, BigFraction> k) {
    return new Property<>(
        new StatedClaim<>(statement, reading,
            "‖f(X) − f(Y)‖ ≤ K ‖X − Y‖ in the norm of the largest absolute entry, K = " + constant + " for X ≠ Y",
            pair -> List.of(inequality(pair, k.apply(pair))), Lipschitz::show),
        layers.flatMap(input -> neighbours(input.x()).map(y -> new Pair<>(input.layer(), input.x(), y))));
  }

  /** |f(X) − f(Y)| ≤ K ‖X − Y‖ at every entry. */
  static Inequality inequality(Pair<?> pair, BigFraction k) {
    Expression change = pair.layer.apply(Expression.of(pair.x)).minus(pair.layer.apply(Expression.of(pair.y))).abs();
    BigFraction distance = BigFraction.ZERO;
    for (int e = 0; e < pair.x.size(); e++) {
      distance = larger(distance, pair.x.get(e).subtract(pair.y.get(e)).abs());
    }
    Expression bound = Expression.of(k.multiply(distance)).broadcast(change.rows(), change.columns());
    return change.atMost(bound, "|f(X) − f(Y)| ≤ K ‖X − Y‖");
  }

  /** Inputs at a distance of 1/64 to 2 in the directions that change linear maps most: each entry up, down or (rarely) kept. */
  private static Arbitrary<ExactMatrix> neighbours(ExactMatrix x) {
    Arbitrary<BigFraction> steps = Arbitraries.of(BigFraction.ONE, new BigFraction(1, 8), new BigFraction(1, 64), BigFraction.TWO);
    Arbitrary<ExactMatrix> directions = Matrices.doubles(x.rows(), x.columns(), Arbitraries.of(1.0, 1.0, -1.0, -1.0, 0.0))
        .filter(d -> !norm(d).equals(BigFraction.ZERO));
    return Combinators.combine(steps, directions).as((step, direction) -> {
      List<BigFraction> moved = new ArrayList<>();
      for (int e = 0; e < x.size(); e++) {
        moved.add(x.get(e).add(direction.get(e).multiply(step)));
      }
      return ExactMatrix.of(x.rows(), x.columns(), moved.toArray(new BigFraction[0]));
    });
  }

  static Map<String, ExactMatrix> show(Pair<?> pair) {
    Map<String, ExactMatrix> shown = Weights.of(pair.layer);
    shown.put("X", pair.x);
    shown.put("Y", pair.y);
    return shown;
  }

  /** The largest absolute entry; 0 for an empty matrix. */
  static BigFraction norm(ExactMatrix x) {
    BigFraction largest = BigFraction.ZERO;
    for (int e = 0; e < x.size(); e++) {
      largest = larger(largest, x.get(e).abs());
    }
    return largest;
  }

  private static BigFraction larger(BigFraction a, BigFraction b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
