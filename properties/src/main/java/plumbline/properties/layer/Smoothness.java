package plumbline.properties.layer;

import static plumbline.properties.Expression.of;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.Tape;
import plumbline.properties.layer.Lipschitz.Pair;
import plumbline.reference.decide.LipschitzConstant;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.claim.Inequality;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;

/**
 * Where attention ({@code def-b.3}) and layer normalisation ({@code def-c.9}) are Lipschitz and where they are not. ‖·‖ is the
 * largest absolute entry unless another norm is named; all norms of a finite-dimensional space are equivalent, so that what is
 * not Lipschitz in one is not in any.
 */
public final class Smoothness {
  private static final BigFraction FIFTH = new BigFraction(1, 5);

  /** Parts into which a box is divided for its constant. */
  private static final int BOXES = 4;

  /**
   * Two inputs of a box on which a constant of the layer was certified.
   *
   * @param lower least entries of the box
   * @param upper its greatest entries
   */
  record Boxed<L extends Layer>(Pair<L> pair, ExactMatrix lower, ExactMatrix upper) {}

  private Smoothness() {}

  /** All of them. */
  public static List<Property<?>> all() {
    return List.of(unbounded(), unboundedForAnyWeights(), onBoxes(), euclidean(), normUnbounded(), normOnBoxes());
  }

  /**
   * With two tokens of one number and unit weights the first output is y + σ(x(x − y))(x − y) for the tokens x, y, where
   * σ(u) = 1/(1 + e^−u). Let a = 1 − 1/t². At X_t = (0, t) it is t/2, at Y_t = (1/t, t) it is t − σ(−a)(t − 1/t), and
   * σ(−a) = 1 − σ(a); so it changes by t(σ(a) − 1/2) + (1 − σ(a))/t over a distance of 1/t. The ratio is
   * t²(σ(a) − 1/2) + 1 − σ(a). On [0, 1] σ is concave, so σ(a) − 1/2 ≥ a(σ(1) − 1/2), and the ratio is at least
   * t²(σ(1) − 1/2) + 3/2 − 2σ(1) &gt; t²/5, because σ(1) = e/(1 + e) lies in (7/10, 3/4) for 7/3 &lt; e &lt; 3.
   *
   * <p>One token cannot do it: softmax of one score is 1, and attention is then the linear map W_V.
   */
  static Property<Pair<Attention>> unbounded() {
    ExactMatrix one = ExactMatrix.ones(1, 1);
    return new Property<>(
        new StatedClaim<>("def-b.3", "literal",
            "Attention is not globally Lipschitz: with two tokens of one number and W_Q = W_K = W_V = 1, the ratio "
                + "‖Attn(X) − Attn(Y)‖ / ‖X − Y‖ at X = (0, t), Y = (1/t, t) exceeds t²/5 for every t ≥ 1",
            p -> List.of(steeper(p, square(p.x().get(1)).multiply(FIFTH))), Smoothness::show),
        Tape.read(3, tape -> pair(new Attention(one, one, one), magnitude(tape))));
  }

  /**
   * The same for all weights w_Q, w_K, w_V ≠ 0, with g = w_Q w_K and Y_t = (1/(gt), t): now a = 1 − 1/(gt²), and the change of the
   * first output is |w_V| times t(σ(a) − 1/2) + (1 − σ(a))/(gt) over a distance of 1/(|g|t). The ratio divided by |w_V| is
   * |g|t²(σ(a) − 1/2) + sign(g)(1 − σ(a)). For g &gt; 0 it is bounded as before, with gt² in place of t². For g &lt; 0, a ≥ 1, and it
   * is at least |g|t²(σ(1) − 1/2) − (1 − σ(1)), which exceeds |g|t²/5 once |g|t² ≥ 9, because σ(1) &gt; 0.731.
   */
  static Property<Pair<Attention>> unboundedForAnyWeights() {
    return new Property<>(
        new StatedClaim<>("def-b.3", "literal",
            "Attention on two tokens of one number is globally Lipschitz for no nonzero weights: with g = W_Q W_K, the ratio at "
                + "X = (0, t), Y = (1/(gt), t) exceeds |W_V| |g| t²/5 whenever |g| t² ≥ 9",
            p -> {
              BigFraction g = bilinear(p.layer());
              BigFraction m = g.abs().multiply(square(p.x().get(1)));
              return List.of(of(9).atMost(of(m), "9 ≤ |g| t²"), steeper(p, m.multiply(p.layer().wv().get(0).abs()).multiply(FIFTH)));
            },
            Smoothness::show),
        Tape.read(10, tape -> pair(new Attention(nonzero(tape), nonzero(tape), nonzero(tape)), magnitude(tape).multiply(12))));
  }

  /** Definition B.3 on a box: K from an enclosure of the Jacobian, see {@link LipschitzConstant}. */
  static Property<Boxed<Attention>> onBoxes() {
    return boxes("def-b.3", "Attention on a box of inputs has the Lipschitz constant K that an enclosure of its Jacobian over the "
            + "box certifies, for n ≤ 3 tokens of d ≤ 2 numbers", Tape.read(120, tape -> {
              int n = tape.between(1, 3);
              int d = tape.between(1, 2);
              Attention layer = new Attention(tape.matrix(d, d), tape.matrix(d, d), tape.matrix(d, d));
              BigFraction edge = new BigFraction(1, 1 << 2 * tape.between(0, 4));
              return boxed(tape, layer, halves(tape, n, d, 4), edge);
            }));
  }

  /**
   * Definition B.3 in Euclidean norms: on tokens of Euclidean norm at most R the constant is at most
   * √3 ‖W_V‖ (‖G‖² R⁴ (n + 1) + n)^(1/2), G = W_Q W_Kᵀ, with ‖·‖ the Frobenius norm.
   *
   * <p>Along H = (h_1, …, h_n) the derivative of row i is W_Vᵀ applied to Σ_j P_ij h_j + C_i Gᵀ h_i + Σ_j P_ij (x_j − m_i) x_iᵀ G h_j,
   * where m_i and C_i are mean and covariance of the tokens under the weights P_ij. As Σ_j P_ij |x_j − m_i|² ≤ Σ_j P_ij |x_j|² ≤ R²,
   * the three are at most q_i, R²‖G‖|h_i| and R²‖G‖q_i with q_i² = Σ_j P_ij |h_j|² (Cauchy–Schwarz). Since (a + b + c)² ≤
   * 3(a² + b² + c²) and Σ_i q_i² ≤ n|H|², the squares sum to at most 3(n + R⁴‖G‖² + n R⁴‖G‖²)|H|². The growth with √n on bounded
   * sets is that of arXiv 2312.14820.
   */
  static Property<Pair<Attention>> euclidean() {
    return new Property<>(
        new StatedClaim<>("def-b.3", "literal",
            "‖Attn(X) − Attn(Y)‖_F ≤ K ‖X − Y‖_F with K² = 3‖W_V‖_F² (‖W_Q W_Kᵀ‖_F² R⁴ (n + 1) + n), where R bounds the Euclidean "
                + "norms of all tokens",
            p -> {
              BigFraction square = rowSquares(p.x()).compareTo(rowSquares(p.y())) > 0 ? rowSquares(p.x()) : rowSquares(p.y());
              Expression change = p.layer().apply(of(p.x())).minus(p.layer().apply(of(p.y()))).square().sum();
              Expression distance = of(p.x()).minus(of(p.y())).square().sum();
              return List.of(change.atMost(distance.scaledBy(of(euclideanSquare(p.layer(), p.x().rows(), square))),
                  "‖Attn(X) − Attn(Y)‖² ≤ K² ‖X − Y‖²"));
            },
            Smoothness::show),
        Tape.read(120, tape -> {
          int n = tape.between(1, 4);
          int d = tape.between(1, 3);
          Attention layer = new Attention(tape.matrix(d, d), tape.matrix(d, d), tape.matrix(d, d));
          ExactMatrix x = halves(tape, n, d, 2);
          return new Pair<>(layer, x, different(x, halves(tape, n, d, 2), BigFraction.ONE));
        }));
  }

  /** K² of {@link #euclidean()}, from R². */
  static BigFraction euclideanSquare(Attention layer, int tokens, BigFraction radiusSquare) {
    RationalMatrix g = Rational.INSTANCE.lift(layer.scores().wq()).times(Rational.INSTANCE.lift(layer.scores().wk()).transpose());
    BigFraction v = Rational.INSTANCE.lift(layer.wv()).square().sum().get(0, 0);
    return g.square().sum().get(0, 0).multiply(square(radiusSquare)).multiply(tokens + 1).add(tokens).multiply(v).multiply(3);
  }

  /** Two channels: (u, v) goes to (−1, 1) for u &lt; v and to (1, −1) for u &gt; v, a step on the line of constant rows. */
  static Property<Pair<LayerNorm>> normUnbounded() {
    return new Property<>(
        new StatedClaim<>("def-c.9", "literal",
            "Layer normalisation without ε has no continuous extension to constant rows and no Lipschitz constant off them: at "
                + "X = (0, s), Y = (s, 0) the results differ by 2 for every s > 0, so the ratio is 2/s",
            p -> {
              BigFraction s = p.x().get(1);
              return List.of(of(2).equalTo(change(p), "‖LN(X) − LN(Y)‖ = 2"), steeper(p, BigFraction.ONE.divide(s)));
            },
            Smoothness::show),
        Tape.read(3, tape -> {
          BigFraction s = BigFraction.ONE.divide(magnitude(tape));
          return new Pair<>(new LayerNorm(), ExactMatrix.of(1, 2, BigFraction.ZERO, s), ExactMatrix.of(1, 2, s, BigFraction.ZERO));
        }));
  }

  /** Definition C.9 on a box that stays away from constant rows; there is no constant for all of them. */
  static Property<Boxed<LayerNorm>> normOnBoxes() {
    return boxes("def-c.9", "Layer normalisation without ε on a box of rows that differ from constant ones has the Lipschitz constant "
            + "K that an enclosure of its Jacobian over the box certifies", Tape.read(40, tape -> {
              int n = tape.between(1, 2);
              int c = tape.between(2, 4);
              BigFraction[] values = new BigFraction[n * c];
              for (int e = 0; e < values.length; e++) {
                values[e] = new BigFraction(e % c).add(tape.unit().divide(4));
              }
              return boxed(tape, new LayerNorm(), ExactMatrix.of(n, c, values), new BigFraction(1, 1 << 2 * tape.between(1, 4)));
            }));
  }

  private static <L extends Layer> Property<Boxed<L>> boxes(String statement, String text, Arbitrary<Boxed<L>> inputs) {
    return new Property<>(
        new StatedClaim<>(statement, "literal", text,
            b -> {
              BigFraction k = LipschitzConstant.onBox(b.pair.layer(), b.lower, b.upper, BOXES).constant();
              if (k == null) {
                throw new AssertionError(statement + " has no certified constant from " + b.lower + " to " + b.upper);
              }
              return List.of(Lipschitz.inequality(b.pair, k));
            },
            b -> {
              Map<String, ExactMatrix> shown = show(b.pair);
              shown.put("least entries of the box", b.lower);
              shown.put("greatest entries of the box", b.upper);
              return shown;
            }),
        inputs);
  }

  /** A box of a given edge from {@code lower} on, and two of its points. */
  private static <L extends Layer> Boxed<L> boxed(Tape tape, L layer, ExactMatrix lower, BigFraction edge) {
    BigFraction[] upper = new BigFraction[lower.size()];
    BigFraction[] x = new BigFraction[lower.size()];
    BigFraction[] y = new BigFraction[lower.size()];
    for (int e = 0; e < upper.length; e++) {
      upper[e] = lower.get(e).add(edge);
      x[e] = lower.get(e).add(edge.multiply(tape.unit()));
      y[e] = lower.get(e).add(edge.multiply(tape.unit()));
    }
    ExactMatrix from = like(lower, x);
    BigFraction step = x[0].equals(lower.get(0)) ? edge : lower.get(0).subtract(x[0]);
    return new Boxed<>(new Pair<>(layer, from, different(from, like(lower, y), step)), lower, like(lower, upper));
  }

  /** {@code y}, or x with its first entry moved by {@code step} if the two are equal: a ratio needs two points. */
  private static ExactMatrix different(ExactMatrix x, ExactMatrix y, BigFraction step) {
    if (!x.equals(y)) {
      return y;
    }
    BigFraction[] moved = new BigFraction[x.size()];
    Arrays.setAll(moved, e -> e == 0 ? x.get(0).add(step) : x.get(e));
    return like(x, moved);
  }

  private static ExactMatrix like(ExactMatrix shape, BigFraction... values) {
    return ExactMatrix.of(shape.rows(), shape.columns(), values);
  }

  /** (0, t) and (1/(gt), t). */
  private static Pair<Attention> pair(Attention layer, BigFraction t) {
    BigFraction step = BigFraction.ONE.divide(bilinear(layer).multiply(t));
    return new Pair<>(layer, ExactMatrix.of(2, 1, BigFraction.ZERO, t), ExactMatrix.of(2, 1, step, t));
  }

  private static BigFraction bilinear(Attention layer) {
    return layer.scores().wq().get(0).multiply(layer.scores().wk().get(0));
  }

  /** ‖f(X) − f(Y)‖. */
  private static Expression change(Pair<?> pair) {
    return pair.layer().apply(of(pair.x())).minus(pair.layer().apply(of(pair.y()))).largestEntry();
  }

  /** ratio · ‖X − Y‖ &lt; ‖f(X) − f(Y)‖. */
  static Inequality steeper(Pair<?> pair, BigFraction ratio) {
    return of(pair.x()).minus(of(pair.y())).largestEntry().scaledBy(of(ratio))
        .lessThan(change(pair), "ratio · ‖X − Y‖ < ‖f(X) − f(Y)‖");
  }

  /** 1, 2, 4, …, 2²⁰, or a rational between; shrinks to 1. */
  private static BigFraction magnitude(Tape tape) {
    BigFraction power = new BigFraction(1 << tape.between(0, 20));
    return tape.between(0, 1) == 0 ? power : power.multiply(new BigFraction(tape.between(33, 64), 64)).add(BigFraction.ONE);
  }

  private static ExactMatrix nonzero(Tape tape) {
    BigFraction value = tape.rational();
    return ExactMatrix.of(1, 1, value.equals(BigFraction.ZERO) ? BigFraction.ONE : value);
  }

  /** Multiples of 1/2 in [−bound/2, bound/2]. */
  private static ExactMatrix halves(Tape tape, int rows, int columns, int bound) {
    BigFraction[] values = new BigFraction[rows * columns];
    for (int e = 0; e < values.length; e++) {
      int p = tape.between(0, 2 * bound);
      values[e] = new BigFraction(p % 2 == 0 ? p / 2 : -(p + 1) / 2, 2);
    }
    return ExactMatrix.of(rows, columns, values);
  }

  /** The largest squared Euclidean norm of a row. */
  private static BigFraction rowSquares(ExactMatrix x) {
    return Rational.INSTANCE.lift(x).square().sumOfRows().transpose().maxOfRows().get(0, 0);
  }

  private static BigFraction square(BigFraction x) {
    return x.multiply(x);
  }

  private static Map<String, ExactMatrix> show(Pair<?> pair) {
    return Lipschitz.show(pair);
  }
}
