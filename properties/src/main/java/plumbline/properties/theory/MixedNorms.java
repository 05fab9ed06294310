package plumbline.properties.theory;

import static plumbline.properties.Expression.of;
import static plumbline.properties.theory.PiecewiseAffine.then;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.LipschitzFunction;
import plumbline.properties.arbitrary.LipschitzFunctions.Affine;
import plumbline.properties.arbitrary.LipschitzFunctions.OnMaps;
import plumbline.properties.arbitrary.LipschitzFunctions.Perturbed;
import plumbline.properties.arbitrary.Tape;
import plumbline.properties.semantics.Triangulation;
import plumbline.properties.theory.PiecewiseAffine.Difference;
import plumbline.properties.theory.Replay.Hybrids;
import plumbline.properties.theory.Replay.Pair;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Rescaling;
import plumbline.spec.claim.Inequality;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Shape;

/**
 * What holds in the function norm ‖·‖_α over a box of measure 1: {@code asm-5.2} itself, and the amended {@code lemma-5.3},
 * {@code lemma-5.4}, {@code lemma-5.5} and {@code cor-6.1}. A first layer needs to be close in ‖·‖_α only; a later one in
 * the sup norm, on what the approximations before it return; or, where those spread the box so that the density of what
 * they return is at most M, in ‖·‖_α, with a factor M^{1/α}. Norms and suprema are exact ({@link Triangulation}).
 */
final class MixedNorms {
  private static final String AMENDED = "amended";

  /** Cases of a claim about exact integrals, as their cost allows. */
  private static final int INTEGRALS = 40;

  /**
   * Functions f_r and g_r of Assumption 5.2 on [0,1]^{rows×columns}, and two points of the box.
   *
   * @param epsilon ε: f_r − φ_r is at most ε/n in each of its n entries
   */
  record Near(OnMaps phi, PiecewiseAffine f, PiecewiseAffine g, BigFraction epsilon, int rows, int columns, ExactMatrix x,
      ExactMatrix y) {

    Map<String, ExactMatrix> shown() {
      Map<String, ExactMatrix> shown = PiecewiseAffine.weights("f_r", f);
      shown.putAll(PiecewiseAffine.weights("g_r", g));
      shown.putAll(Map.of("x", x, "y", y, "ε", ExactMatrix.of(1, 1, epsilon)));
      return shown;
    }
  }

  private MixedNorms() {}

  static List<Property<?>> all() {
    return List.of(
        new Property<>(
            new StatedClaim<>("asm-5.2", FunctionNorm.READING,
                "Random functions f_r near an up-interpolation and g_r meet the assumption: ‖f_r − φ_up,r‖_1 ≤ ε, an exact "
                    + "integral over the unit box, and their exact constants K_1, K_2 bound the quotients of differences at "
                    + "two random points, for α = 1 and 2",
                near -> {
                  List<Inequality> all = new ArrayList<>(closeness(near));
                  all.addAll(lipschitz(near.f, of(near.x), of(near.y), "f_r", "K_1"));
                  all.addAll(lipschitz(near.g, near.f.apply(of(near.x)), near.f.apply(of(near.y)), "g_r", "K_2"));
                  return all;
                },
                Near::shown),
            near()).atMost(INTEGRALS),
        twoLayers("lemma-5.3", Replay.pairs(Replay::up), INTEGRALS),
        oneLayer(),
        allLayers(),
        twoLayers("cor-6.1", Replay.pairs(Replay::down), Replay.LARGE_INTEGRALS),
        density());
  }

  /** Functions near an up-interpolation: 1×1 to 2×2 or 3×2 with d = 1 or 2, or 1×2 to 2×3 with d = 1. */
  static Arbitrary<Near> near() {
    return Tape.read(200, tape -> {
      int from = tape.between(1, 2);
      int d = from == 2 ? 1 : tape.between(1, 2);
      int height = tape.between(2, 3);
      Interpolation up = new Interpolation(TokenMaps.reading(tape), height, from + 1);
      OnMaps phi = new OnMaps(up, 1, from);
      int entries = height * (from + 1) * d;
      Shape in = new Shape(from, d);
      Shape out = new Shape(height * (from + 1), d);
      BigFraction epsilon = new BigFraction(tape.between(1, 8), tape.between(1, 16));
      PiecewiseAffine inner = PiecewiseAffine.affine(tape, "asm-5.2", in, new Shape(1, 1));
      Affine spread = new Affine("asm-5.2", ExactMatrix.ones(1, entries), ExactMatrix.zeros(out.rows(), d));
      BigFraction each = epsilon.divide(entries);
      ExactMatrix matrix = up.matrix(1, from);
      BigFraction rows = LipschitzFunction.rowSum(matrix);
      BigFraction columns = LipschitzFunction.columnSum(matrix);
      BigFraction k = (rows.compareTo(columns) > 0 ? rows : columns).add(epsilon.multiply(inner.constant()));
      PiecewiseAffine f = new PiecewiseAffine(new Perturbed(phi, then(inner, spread), each), k);
      return new Near(phi, f, PiecewiseAffine.draw(tape, "asm-5.2", out, out), epsilon, from, d, Replay.unit(tape, from, d),
          Replay.unit(tape, from, d));
    });
  }

  /** ‖f_r − φ_r‖_1 ≤ ε. */
  static List<Inequality> closeness(Near near) {
    return List.of(Triangulation.of(near.rows, near.columns, new Difference(near.f, near.phi)).power(1)
        .atMost(of(near.epsilon), "‖f_r − φ_up,r‖_1 ≤ ε"));
  }

  private static List<Inequality> lipschitz(PiecewiseAffine f, Expression x, Expression y, String name, String constant) {
    Expression images = f.apply(x).minus(f.apply(y));
    Expression points = x.minus(y);
    BigFraction k = f.constant();
    return List.of(
        images.sumOfAbsolutes().atMost(points.sumOfAbsolutes().scaledBy(of(k)),
            "‖" + name + "(x) − " + name + "(y)‖_1 ≤ " + constant + " ‖x − y‖_1"),
        images.square().sum().atMost(points.square().sum().scaledBy(of(k.multiply(k))),
            "‖" + name + "(x) − " + name + "(y)‖_2² ≤ " + constant + "² ‖x − y‖_2²"));
  }

  /** ‖g∘f − τ∘φ‖_α ≤ K_2 ‖f − φ‖_α + sup ‖(g − τ)∘φ‖_α. */
  private static Property<Pair> twoLayers(String statement, Arbitrary<Pair> pairs, int most) {
    return new Property<>(
        new StatedClaim<>(statement, AMENDED,
            "‖g∘f − τ∘φ‖_α ≤ (1 + K_2) ε for ‖f − φ‖_α ≤ ε over the unit box and ‖g(y) − τ(y)‖_α ≤ ε at every y in the "
                + "image of φ: "
                + "exact integrals and suprema, α = 1 and 2, ε the larger of the two",
            p -> {
              Triangulation whole = p.between(p.target(), p.approximation());
              Triangulation first = p.between(p.f(), p.phi());
              Triangulation onImage = p.between(p.middle(), p.approximation());
              List<Inequality> inequalities = new ArrayList<>();
              for (int alpha = 1; alpha <= 2; alpha++) {
                Expression epsilon = first.power(alpha).max(onImage.supremum(alpha));
                inequalities.add(whole.power(alpha).atMost(epsilon.scaledBy(of(p.g().constant().add(1).pow(alpha))),
                    "‖g∘f − τ∘φ‖_" + alpha + "^" + alpha + " ≤ (1 + K_2)^" + alpha + " ε^" + alpha));
              }
              return inequalities;
            },
            Pair::shown),
        pairs).atMost(most);
  }

  /** ‖g∘f − τ∘φ‖_1 ≤ (K_2 + M) ε for a φ_down that returns each region with at most M times its measure. */
  private static Property<Pair> density() {
    return new Property<>(
        new StatedClaim<>("cor-6.1", "amended-density",
            "‖g∘f − τ∘φ_down‖_1 ≤ K_2 ‖f − φ_down‖_1 + M ‖g − τ‖_1, φ_down: 2×2 → 1×1, with M = 1 for the nearest "
                + "reading, which keeps "
                + "one pixel, and M = 8/3 for the others, the mean of four, whose density is largest at 1/2: exact "
                + "integrals",
            p -> {
              Expression distance = Triangulation.of(1, 1, new Difference(p.g(), p.tau())).power(1);
              return List.of(p.between(p.target(), p.approximation()).power(1).atMost(
                  p.between(p.f(), p.phi()).power(1).scaledBy(of(p.g().constant()))
                      .plus(distance.scaledBy(of(density(p.phi())))),
                  "‖g∘f − τ∘φ‖_1 ≤ K_2 ‖f − φ‖_1 + M ‖g − τ‖_1"));
            },
            Pair::shown),
        Replay.pairs(Replay::down)).atMost(INTEGRALS);
  }

  /** M of a down-interpolation 2×2 → 1×1: the largest density of what it makes of four independent uniform numbers. */
  private static BigFraction density(Layer phi) {
    boolean nearest = phi instanceof OnMaps maps && maps.layer() instanceof Rescaling down
        && down.reading() == Rescaling.Reading.NEAREST;
    return nearest ? BigFraction.ONE : new BigFraction(8, 3);
  }

  /** δ_i^α: of ‖f_i − h_i‖_α over the box for i = 1, and its supremum after h_{i−1}∘…∘h_1 for later i. */
  private static Expression layerError(Hybrids c, int i, int alpha) {
    Triangulation apart = c.difference(i, i);
    return i == 1 ? apart.power(alpha) : apart.supremum(alpha);
  }

  private static Property<Hybrids> oneLayer() {
    return new Property<>(
        new StatedClaim<>("lemma-5.4", AMENDED,
            "‖…f_i∘h… − …h_i∘h…‖_α ≤ (Π_{j>i} K_j) δ_i, where δ_1 = ‖f_1 − h_1‖_α over the unit box and, for later i, "
                + "δ_i is the "
                + "supremum of ‖f_i − h_i‖_α over the image of h_{i−1}∘…∘h_1: exact integrals and suprema, α = 1 and 2, "
                + "every i",
            c -> {
              List<Inequality> inequalities = new ArrayList<>();
              int n = c.f().size();
              for (int i = 1; i <= n; i++) {
                Triangulation whole = c.difference(i, n);
                for (int alpha = 1; alpha <= 2; alpha++) {
                  inequalities.add(whole.power(alpha).atMost(
                      layerError(c, i, alpha).scaledBy(of(c.factor(i, n).pow(alpha))),
                      "‖…f_i∘h… − …h_i∘h…‖_" + alpha + "^" + alpha + " ≤ (Π_{j>i} K_j δ_i)^" + alpha));
                }
              }
              return inequalities;
            },
            Hybrids::shown),
        Replay.hybrids(1)).atMost(INTEGRALS);
  }

  private static Property<Hybrids> allLayers() {
    return new Property<>(
        new StatedClaim<>("lemma-5.5", AMENDED,
            "‖f_n∘…∘f_1 − h_n∘…∘h_1‖_1 ≤ Σ_i (Π_{j>i} K_j) δ_i, where δ_1 = ‖f_1 − h_1‖_1 over the unit box and, for "
                + "later i, δ_i is "
                + "the supremum of ‖f_i − h_i‖_1 over the image of h_{i−1}∘…∘h_1: exact integrals and suprema",
            c -> {
              int n = c.f().size();
              Expression bound = of(0);
              for (int i = 1; i <= n; i++) {
                bound = bound.plus(layerError(c, i, 1).scaledBy(of(c.factor(i, n))));
              }
              return List.of(c.whole().power(1).atMost(bound, "‖f_n∘…∘f_1 − h_n∘…∘h_1‖_1 ≤ Σ_i (Π_{j>i} K_j) δ_i"));
            },
            Hybrids::shown),
        Replay.hybrids(1)).atMost(INTEGRALS);
  }
}
