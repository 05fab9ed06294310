package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitrary;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.Approximation;
import plumbline.properties.arbitrary.LipschitzFunction;
import plumbline.properties.arbitrary.LipschitzFunctions;
import plumbline.properties.arbitrary.Tape;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Rescaling;
import plumbline.spec.claim.Inequality;
import plumbline.spec.layer.TokenMapLayer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Shape;

/**
 * How errors add up along chains of Lipschitz functions, in the sup norm: {@code asm-5.2}, {@code lemma-5.3}, {@code
 * lemma-5.4}, {@code lemma-5.5}, {@code cor-6.1}, and what the bound of {@code thm-5.6} and {@code cor-6.2} needs.
 *
 * <p>Distances are measured in ‖·‖_∞, whose Lipschitz constants are exact rationals, and all functions are defined
 * everywhere, so that boxes need no care. A claim about a supremum is checked at random points; where the functions are
 * shifted by constants, the two sides are often equal.
 */
final class Chains {
  private static final String SUP = "sup-norm";

  /** The conditional form: if every layer is approximated within ε, then the chain is within the bound. */
  private static final String AMENDED = "amended";

  /**
   * One scale of Assumption 5.2: f_r with φ_r, and g_r with τ_r, both within ε.
   *
   * @param f f_r and its approximation φ_r
   * @param g g_r and its approximation τ_r
   */
  record Scale(Approximation f, Approximation g) {

    /** g_r∘f_r. */
    Expression target(Expression x) {
      return g.target().apply(f.target().apply(x));
    }

    /** τ_r∘φ_r. */
    Expression approximation(Expression x) {
      return g.approximation().apply(f.approximation().apply(x));
    }
  }

  /**
   * The scales of Assumption 5.2 and two points of the domain of the first.
   *
   * @param epsilon ε
   */
  record Scales(List<Scale> scales, BigFraction epsilon, ExactMatrix x, ExactMatrix y) {}

  /**
   * An interpolation of square maps.
   *
   * @param from side of its input
   * @param to side of its output
   */
  record Resize(TokenMapLayer layer, int from, int to) {
    ExactMatrix matrix() {
      return layer instanceof Interpolation up ? up.matrix(from, from) : ((Rescaling) layer).matrix(from, from);
    }
  }

  /**
   * A chain of functions with their approximations, and a point.
   *
   * @param layers f_j with h_j, j = 1 … n
   * @param epsilon ε, at least every error
   * @param index i, from 1 to n
   */
  record Chain(List<Approximation> layers, BigFraction epsilon, int index, ExactMatrix x) {

    /** f_n∘…∘f_{i+1}∘(f_i or h_i)∘h_{i−1}∘…∘h_1. */
    Expression hybrid(int i, boolean target) {
      Expression y = of(x);
      for (int j = 1; j <= layers.size(); j++) {
        Approximation layer = layers.get(j - 1);
        y = (j > i || (j == i && target) ? layer.target() : layer.approximation()).apply(y);
      }
      return y;
    }

    /** Π_{j>i} K_j. */
    BigFraction factor(int i) {
      BigFraction product = BigFraction.ONE;
      for (int j = i + 1; j <= layers.size(); j++) {
        product = product.multiply(layers.get(j - 1).target().constant());
      }
      return product;
    }
  }

  private Chains() {}

  static Property<Scales> assumption() {
    return new Property<>(
        new StatedClaim<>("asm-5.2", SUP,
            "Random functions f_r near an up-interpolation and g_r meet the assumption: their exact constants are Lipschitz "
                + "constants, and f_r is within ε of φ_up,r",
            input -> {
              List<Inequality> all = new ArrayList<>();
              Expression x = of(input.x);
              Expression y = of(input.y);
              for (Scale scale : input.scales) {
                all.add(lipschitz(scale.f.target(), x, y, "‖f_r(x) − f_r(y)‖ ≤ K_1 ‖x − y‖"));
                all.add(distance(scale.f.target().apply(x), scale.f.approximation().apply(x))
                    .atMost(of(input.epsilon), "‖f_r − φ_up,r‖ ≤ ε"));
                x = scale.f.target().apply(x);
                y = scale.f.target().apply(y);
                all.add(lipschitz(scale.g.target(), x, y, "‖g_r(x) − g_r(y)‖ ≤ K_2 ‖x − y‖"));
                all.add(distance(scale.g.target().apply(x), scale.g.approximation().apply(x))
                    .atMost(of(input.epsilon), "‖g_r − τ_r‖ ≤ ε"));
                x = scale.g.target().apply(x);
                y = scale.g.target().apply(y);
              }
              return all;
            },
            Chains::show),
        scales(2, 1, Chains::up));
  }

  private static Inequality lipschitz(LipschitzFunction f, Expression x, Expression y, String name) {
    return distance(f.apply(x), f.apply(y)).atMost(distance(x, y).scaledBy(of(f.constant())), name);
  }

  static Property<Scales> lemma53() {
    return twoLayers("lemma-5.3", "an up-interpolation φ_up,r", scales(1, 2, Chains::up));
  }

  static Property<Scales> corollary61() {
    return twoLayers("cor-6.1", "a down-interpolation φ_down,r", scales(1, 4, Chains::down));
  }

  private static Property<Scales> twoLayers(String statement, String phi, Arbitrary<Scales> scales) {
    return new Property<>(
        new StatedClaim<>(statement, SUP,
            "With " + phi + " within ε of f_r and a one-layer transformer τ_r within ε of g_r: ‖g_r(f_r(x)) − τ_r(φ(x))‖ ≤ "
                + "(1 + K_2) ε at every x",
            input -> {
              Scale scale = input.scales.get(0);
              Expression x = of(input.x);
              BigFraction bound = scale.g.target().constant().add(1).multiply(input.epsilon);
              return List.of(distance(scale.target(x), scale.approximation(x)).atMost(of(bound), "‖g∘f − τ∘φ‖ ≤ (1 + K_2) ε"));
            },
            Chains::show),
        scales);
  }

  static Property<Chain> lemma54() {
    return new Property<>(
        new StatedClaim<>("lemma-5.4", SUP,
            "Chains of n functions that differ in layer i alone, by at most ε, differ by at most ε Π_{j>i} K_j at every point",
            chain -> {
              int i = chain.index;
              return List.of(distance(chain.hybrid(i, true), chain.hybrid(i, false))
                  .atMost(of(chain.factor(i).multiply(chain.epsilon)), "‖…f_i∘h… − …h_i∘h…‖ ≤ ε Π_{j>i} K_j"));
            },
            Chains::show),
        chains());
  }

  static Property<Chain> lemma55() {
    return new Property<>(
        new StatedClaim<>("lemma-5.5", SUP,
            "Chains of n functions that differ by at most ε in every layer differ by at most the sum of the distances of "
                + "Lemma 5.4, which is at most ε Σ_i Π_{j>i} K_j, at every point",
            chain -> {
              Expression sum = of(0);
              BigFraction bound = BigFraction.ZERO;
              for (int i = 1; i <= chain.layers.size(); i++) {
                sum = sum.plus(distance(chain.hybrid(i, true), chain.hybrid(i, false)));
                bound = bound.add(chain.factor(i).multiply(chain.epsilon));
              }
              Expression all = distance(chain.hybrid(0, true), chain.hybrid(chain.layers.size(), false));
              return List.of(all.atMost(sum, "‖f_n∘…∘f_1 − h_n∘…∘h_1‖ ≤ Σ_i (Lemma 5.4, i)"),
                  sum.atMost(of(bound), "Σ_i (Lemma 5.4, i) ≤ ε Σ_i Π_{j>i} K_j"));
            },
            Chains::show),
        chains());
  }

  static Property<Scales> theorem56() {
    return conditional("thm-5.6", "up-interpolation φ_up,r", scales(3, 1, Chains::up));
  }

  static Property<Scales> corollary62() {
    return conditional("cor-6.2", "interpolation φ_up,r by a factor", scales(2, 1, Chains::upByFactor));
  }

  private static Property<Scales> conditional(String statement, String phi, Arbitrary<Scales> scales) {
    return new Property<>(
        new StatedClaim<>(statement, AMENDED,
            "If every f_r is within ε of the " + phi + " and every g_r within ε of a one-layer transformer, in the sup norm, "
                + "the two chains of K scales differ by at most Σ_r (1 + K_2) ε (K_1 K_2)^(K−r) at every point",
            input -> List.of(conditional(input)),
            Chains::show),
        scales);
  }

  /** The bound of Theorem 5.6 for given scales. */
  static Inequality conditional(Scales input) {
    BigFraction k1 = BigFraction.ZERO;
    BigFraction k2 = BigFraction.ZERO;
    Expression target = of(input.x);
    Expression approximation = of(input.x);
    for (Scale scale : input.scales) {
      k1 = max(k1, scale.f.target().constant());
      k2 = max(k2, scale.g.target().constant());
      target = scale.target(target);
      approximation = scale.approximation(approximation);
    }
    BigFraction bound = BigFraction.ZERO;
    for (int r = 1; r <= input.scales.size(); r++) {
      bound = bound.add(k2.add(1).multiply(input.epsilon).multiply(k1.multiply(k2).pow(input.scales.size() - r)));
    }
    return distance(target, approximation).atMost(of(bound), "‖F − f‖ ≤ Σ_r (1 + K_2) ε (K_1 K_2)^(K−r)");
  }

  /** Square maps of 1×1 pixels or more, enlarged by Definition 3.2 in any reading. */
  static Resize up(Tape tape, int side) {
    int to = side + tape.between(1, 2);
    return new Resize(new Interpolation(TokenMaps.reading(tape), to, to), side, to);
  }

  /** The same by a factor of 2, Definition C.1 in any reading. */
  static Resize upByFactor(Tape tape, int side) {
    return new Resize(Rescaling.up(2, tape.oneOf(Rescaling.Reading.values())), side, 2 * side);
  }

  /** Definition C.2 in any reading, by a factor of 2. */
  static Resize down(Tape tape, int side) {
    return new Resize(Rescaling.down(2, tape.oneOf(Rescaling.Reading.values())), side, side / 2);
  }

  static Arbitrary<Scales> scales(int most, int side, BiFunction<Tape, Integer, Resize> resize) {
    return Tape.read(600, tape -> {
      int d = tape.between(1, 2);
      BigFraction epsilon = epsilon(tape);
      List<Scale> scales = new ArrayList<>();
      int count = tape.between(1, most);
      int from = side;
      while (scales.size() < count) {
        Resize phi = resize.apply(tape, from);
        scales.add(scale(tape, phi, d, epsilon));
        from = phi.to;
      }
      return new Scales(scales, epsilon, tape.matrix(side * side, d), tape.matrix(side * side, d));
    });
  }

  /** f_r is φ_r, and g_r is τ_r, up to bounded differences. */
  private static Scale scale(Tape tape, Resize resize, int d, BigFraction epsilon) {
    Shape in = new Shape(resize.from * resize.from, d);
    Shape out = new Shape(resize.to * resize.to, d);
    LipschitzFunction phi = new LipschitzFunction(
        new LipschitzFunctions.OnMaps(resize.layer, resize.from, resize.from),
        LipschitzFunction.rowSum(resize.matrix()));
    LipschitzFunction tau = LipschitzFunctions.drawTransformer(tape, d);
    return new Scale(near(tape, phi, in, out, epsilon), near(tape, tau, out, out, epsilon));
  }

  private static Approximation near(Tape tape, LipschitzFunction h, Shape in, Shape out, BigFraction epsilon) {
    return new Approximation(LipschitzFunctions.drawNear(tape, h, in, out, epsilon), h, epsilon);
  }

  static Arbitrary<Chain> chains() {
    return Tape.read(300, tape -> {
      int n = tape.between(1, 4);
      BigFraction epsilon = epsilon(tape);
      Shape in = shape(tape);
      ExactMatrix x = tape.matrix(in.rows(), in.columns());
      List<Approximation> layers = new ArrayList<>();
      for (int j = 0; j < n; j++) {
        Shape out = shape(tape);
        LipschitzFunction f = LipschitzFunctions.draw(tape, "lemma-5.4", in, out);
        layers.add(new Approximation(f, LipschitzFunctions.drawNear(tape, f, in, out, epsilon), epsilon));
        in = out;
      }
      return new Chain(layers, epsilon, tape.between(1, n), x);
    });
  }

  private static Shape shape(Tape tape) {
    return new Shape(tape.between(1, 2), tape.between(1, 2));
  }

  private static BigFraction epsilon(Tape tape) {
    return new BigFraction(tape.between(1, 8), tape.between(1, 16));
  }

  static Expression distance(Expression x, Expression y) {
    return x.minus(y).largestEntry();
  }

  private static BigFraction max(BigFraction a, BigFraction b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  static Map<String, ExactMatrix> show(Scales input) {
    Map<String, ExactMatrix> shown = new TreeMap<>(
        Map.of("x", input.x, "y", input.y, "ε", ExactMatrix.of(1, 1, input.epsilon)));
    for (int r = 1; r <= input.scales.size(); r++) {
      Scale scale = input.scales.get(r - 1);
      shown.putAll(PiecewiseAffine.weights("f_" + r, scale.f.target()));
      shown.putAll(PiecewiseAffine.weights("g_" + r, scale.g.target()));
      shown.putAll(PiecewiseAffine.weights("φ_" + r, scale.f.approximation()));
      shown.putAll(PiecewiseAffine.weights("τ_" + r, scale.g.approximation()));
    }
    return shown;
  }

  static Map<String, ExactMatrix> show(Chain chain) {
    Map<String, ExactMatrix> shown = new TreeMap<>(Map.of("x", chain.x, "ε", ExactMatrix.of(1, 1, chain.epsilon),
        "i", ExactMatrix.ofIntegers(1, 1, chain.index)));
    for (int j = 1; j <= chain.layers.size(); j++) {
      shown.putAll(PiecewiseAffine.weights("f_" + j, chain.layers.get(j - 1).target()));
      shown.putAll(PiecewiseAffine.weights("h_" + j, chain.layers.get(j - 1).approximation()));
    }
    return shown;
  }
}
