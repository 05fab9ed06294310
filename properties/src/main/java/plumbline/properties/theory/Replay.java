package plumbline.properties.theory;

import static plumbline.properties.Expression.of;
import static plumbline.properties.theory.Chains.distance;
import static plumbline.properties.theory.PiecewiseAffine.then;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.LipschitzFunction;
import plumbline.properties.arbitrary.LipschitzFunctions.OnMaps;
import plumbline.properties.arbitrary.Tape;
import plumbline.properties.semantics.Triangulation;
import plumbline.properties.theory.Chains.Chain;
import plumbline.properties.theory.Chains.Scale;
import plumbline.properties.theory.Chains.Scales;
import plumbline.properties.theory.FunctionNorm.Counterexample;
import plumbline.properties.theory.PiecewiseAffine.Difference;
import plumbline.properties.theory.PiecewiseAffine.Sum;
import plumbline.reference.layer.Composition;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Kernel;
import plumbline.reference.layer.Rescaling;
import plumbline.spec.claim.Inequality;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Shape;

/**
 * The proofs of {@code lemma-5.3}, {@code lemma-5.4}, {@code lemma-5.5}, {@code thm-5.6}, {@code cor-6.1} and {@code
 * cor-6.2}, step by step, as the specification numbers the steps.
 *
 * <p>In the sup norm each step is checked at random points of random chains. In the function norm ‖·‖_α the steps that are
 * identities are checked at random points, where they hold in every norm; the triangle inequality and the Lipschitz steps
 * with exact integrals ({@link Triangulation}) of random piecewise affine functions, α = 1 and, for the triangle inequality
 * of two terms and for Lipschitz constants, α = 2; and the steps that take a distance over a box for the distance on the
 * image of a layer are refuted by the exact counterexamples of {@link FunctionNorm}.
 *
 * <p>Which steps break in the function norm: 5 of {@code lemma-5.3} and {@code cor-6.1}, 3 of {@code lemma-5.4} and
 * {@code lemma-5.5}, and 1, 3 and 4 of {@code thm-5.6} and {@code cor-6.2}; in the sup norm step 1 of the last two alone.
 */
final class Replay {
  private static final String SUP = "sup-norm";
  private static final String NORM = FunctionNorm.READING;

  /** Cases of a step that needs exact integrals over an interval or a square. */
  private static final int INTEGRALS = 40;

  /** The same in four dimensions. */
  static final int LARGE_INTEGRALS = 3;

  /** Cases of a step that is checked at points. */
  private static final int POINTS = 100;

  private static final String IDENTITY = "g∘f − τ∘φ = (g∘f − g∘φ) + (g∘φ − τ∘φ) at every point (random points)";
  private static final String REGROUP = "g∘φ − τ∘φ = (g − τ)∘φ at every point (random points)";

  /**
   * Functions as in Lemma 5.3 on [0,1]^{rows×columns}, piecewise affine.
   *
   * @param x a point of the box
   */
  record Pair(Layer phi, Layer f, PiecewiseAffine g, Layer tau, int rows, int columns, ExactMatrix x) {

    Layer target() {
      return then(f, g);
    }

    Layer middle() {
      return then(phi, g);
    }

    Layer approximation() {
      return then(phi, tau);
    }

    /** a − b over the box. */
    Triangulation between(Layer a, Layer b) {
      return Triangulation.of(rows, columns, new Difference(a, b));
    }

    Map<String, ExactMatrix> shown() {
      Map<String, ExactMatrix> shown = PiecewiseAffine.weights("φ", phi);
      shown.putAll(PiecewiseAffine.weights("f", f));
      shown.putAll(PiecewiseAffine.weights("g", g));
      shown.putAll(PiecewiseAffine.weights("τ", tau));
      shown.put("x", x);
      return shown;
    }
  }

  /**
   * A chain as in Lemma 5.4 on [0,1]: f_j with its approximation h_j.
   *
   * @param index i
   * @param x a point
   */
  record Hybrids(List<PiecewiseAffine> f, List<PiecewiseAffine> h, int index, ExactMatrix x) {

    /** f_m∘…∘f_{i+1}∘(f_i or h_i)∘h_{i−1}∘…∘h_1. */
    Layer hybrid(int i, boolean target, int m) {
      List<Layer> layers = new ArrayList<>();
      for (int j = 1; j <= m; j++) {
        layers.add((j > i || (j == i && target) ? f : h).get(j - 1));
      }
      return new Composition("lemma-5.4", layers);
    }

    /** f_m∘…∘f_i∘h_{i−1}… − f_m∘…∘h_i∘h_{i−1}… over [0,1]. */
    Triangulation difference(int i, int m) {
      return Triangulation.of(1, 1, new Difference(hybrid(i, true, m), hybrid(i, false, m)));
    }

    /** f_n∘…∘f_1 − h_n∘…∘h_1 over [0,1]. */
    Triangulation whole() {
      return Triangulation.of(1, 1, new Difference(hybrid(0, true, f.size()), hybrid(f.size(), false, f.size())));
    }

    Map<String, ExactMatrix> shown() {
      Map<String, ExactMatrix> shown = new TreeMap<>(Map.of("i", ExactMatrix.ofIntegers(1, 1, index), "x", x));
      for (int j = 1; j <= f.size(); j++) {
        shown.putAll(PiecewiseAffine.weights("f_" + j, f.get(j - 1)));
        shown.putAll(PiecewiseAffine.weights("h_" + j, h.get(j - 1)));
      }
      return shown;
    }

    /** Π_{j=i+1}^m K_j. */
    BigFraction factor(int i, int m) {
      BigFraction product = BigFraction.ONE;
      for (int j = i + 1; j <= m; j++) {
        product = product.multiply(f.get(j - 1).constant());
      }
      return product;
    }
  }

  private Replay() {}

  static List<Property<?>> all() {
    List<Property<?>> all = new ArrayList<>();
    all.addAll(twoLayers("lemma-5.3", Chains.scales(1, 2, Chains::up), Arbitraries.just(FunctionNorm.up()),
        "φ = φ_up,r: 1×1 → 2×2, g = 0, τ(u) = mean(u) − 1/2", pairs(Replay::up), INTEGRALS));
    all.addAll(oneLayer());
    all.addAll(allLayers());
    all.addAll(theorem("thm-5.6", Chains.scales(2, 1, Chains::up), FunctionNorm.up(), "φ_up,r: 1×1 → 2×2, g_r = 0, "
        + "τ_r(u) = mean(u) − 1/2", TwoScales.var()));
    all.addAll(twoLayers("cor-6.1", Chains.scales(1, 4, Chains::down), Arbitraries.just(FunctionNorm.down()),
        "φ = φ_down,r: 2×2 → 1×1, g = 0, τ(y) = min(y, 1 − y)", pairs(Replay::down), LARGE_INTEGRALS));
    all.addAll(theorem("cor-6.2", Chains.scales(2, 1, Chains::upByFactor), FunctionNorm.down(),
        "φ_down,r: 2×2 → 1×1, g_r = 0, τ_r(y) = min(y, 1 − y)", TwoScales.flow()));
    return all;
  }

  private static <I> Property<I> step(String statement, String reading, int step, String text, int most, Arbitrary<I> inputs,
      Function<I, List<Inequality>> stated, Function<I, Map<String, ExactMatrix>> shown) {
    return new Property<>(new StatedClaim<>(statement, reading, step, text, stated, shown), inputs).atMost(most);
  }

  // Lemma 5.3 and Corollary 6.1

  private static List<Property<?>> twoLayers(String statement, Arbitrary<Scales> scales,
      Arbitrary<Counterexample> counterexample, String roles, Arbitrary<Pair> pairs, int most) {
    List<Property<?>> steps = new ArrayList<>();
    steps.add(step(statement, NORM, 1, IDENTITY, INTEGRALS, pairs,
        p -> identity(p.target(), p.middle(), p.approximation(), p.x), Pair::shown));
    steps.add(step(statement, NORM, 2, "‖g∘f − τ∘φ‖_α ≤ ‖g∘f − g∘φ‖_α + ‖g∘φ − τ∘φ‖_α, exact integrals, α = 1 and "
        + "2", most, pairs,
        p -> {
          Triangulation whole = p.between(p.target(), p.approximation());
          Triangulation first = p.between(p.target(), p.middle());
          Triangulation second = p.between(p.middle(), p.approximation());
          Expression excess = whole.power(2).minus(first.power(2)).minus(second.power(2)).relu();
          return List.of(
              whole.power(1).atMost(first.power(1).plus(second.power(1)), "‖g∘f − τ∘φ‖_1 ≤ ‖g∘f − g∘φ‖_1 + ‖g∘φ − τ∘φ‖_1"),
              excess.square().atMost(first.power(2).hadamard(second.power(2)).scaledBy(of(4)),
                  "max(0, A − B − C)² ≤ 4 B C for the squares A, B, C of the same norms with α = 2"));
        },
        Pair::shown));
    steps.add(step(statement, NORM, 3, REGROUP, INTEGRALS, pairs,
        p -> List.of(regroup(p.middle(), p.approximation(), p.g, p.tau, p.phi, p.x)), Pair::shown));
    steps.add(step(statement, NORM, 4, "‖g∘f − g∘φ‖_α ≤ K_2 ‖f − φ‖_α, exact integrals, α = 1 and 2", most, pairs,
        p -> {
          Triangulation after = p.between(p.target(), p.middle());
          Triangulation before = p.between(p.f, p.phi);
          BigFraction k = p.g.constant();
          return List.of(
              after.power(1).atMost(before.power(1).scaledBy(of(k)), "‖g∘f − g∘φ‖_1 ≤ K_2 ‖f − φ‖_1"),
              after.power(2).atMost(before.power(2).scaledBy(of(k.multiply(k))), "‖g∘f − g∘φ‖_2² ≤ K_2² ‖f − φ‖_2²"));
        },
        Pair::shown));
    steps.add(image(statement, 5, "K_2 ‖f − φ‖_1 + ‖(g − τ)∘φ‖_1 ≤ (1 + K_2) ε, where ‖f − φ‖_1 ≤ ε and ‖g − τ‖_1 ≤ ε: "
        + "fails for "
        + "f = " + roles + ", K_2 = 0, ε = ‖g − τ‖_1, because the distance of g and τ is needed on the image of φ. It "
        + "holds with "
        + "sup ‖g − τ‖ over that image in place of ‖g − τ‖_1, and with a factor M^{1/α} on the second ε where the image "
        + "of the "
        + "uniform distribution under φ has a density of at most M", counterexample));

    steps.add(step(statement, SUP, 1, IDENTITY, POINTS, scales,
        s -> identity(s.scales().get(0), s.x()), Chains::show));
    steps.add(step(statement, SUP, 2, "‖g(f(x)) − τ(φ(x))‖ ≤ ‖g(f(x)) − g(φ(x))‖ + ‖g(φ(x)) − τ(φ(x))‖ at every "
        + "x", POINTS, scales,
        s -> {
          Scale scale = s.scales().get(0);
          Expression x = of(s.x());
          Expression middle = scale.g().target().apply(scale.f().approximation().apply(x));
          return List.of(distance(scale.target(x), scale.approximation(x)).atMost(
              distance(scale.target(x), middle).plus(distance(middle, scale.approximation(x))),
              "‖g(f(x)) − τ(φ(x))‖ ≤ ‖g(f(x)) − g(φ(x))‖ + ‖g(φ(x)) − τ(φ(x))‖"));
        },
        Chains::show));
    steps.add(step(statement, SUP, 3, REGROUP, POINTS, scales,
        s -> {
          Scale scale = s.scales().get(0);
          return List.of(regroup(then(scale.f().approximation(), scale.g().target()),
              then(scale.f().approximation(), scale.g().approximation()), scale.g().target(), scale.g().approximation(),
              scale.f().approximation(), s.x()));
        },
        Chains::show));
    steps.add(step(statement, SUP, 4, "‖g(f(x)) − g(φ(x))‖ ≤ K_2 ‖f(x) − φ(x)‖ at every x", POINTS, scales,
        s -> {
          Scale scale = s.scales().get(0);
          Expression x = of(s.x());
          Expression f = scale.f().target().apply(x);
          Expression phi = scale.f().approximation().apply(x);
          return List.of(distance(scale.g().target().apply(f), scale.g().target().apply(phi))
              .atMost(distance(f, phi).scaledBy(of(scale.g().target().constant())), "‖g(f(x)) − g(φ(x))‖ ≤ K_2 ‖f(x) − "
                  + "φ(x)‖"));
        },
        Chains::show));
    steps.add(step(statement, SUP, 5, "K_2 ‖f(x) − φ(x)‖ + ‖(g − τ)(φ(x))‖ ≤ (1 + K_2) ε at every x, where sup ‖f − φ‖ "
        + "≤ ε and "
        + "sup ‖g − τ‖ ≤ ε", POINTS, scales,
        s -> {
          Scale scale = s.scales().get(0);
          Expression x = of(s.x());
          BigFraction k = scale.g().target().constant();
          Expression phi = scale.f().approximation().apply(x);
          return List.of(distance(scale.f().target().apply(x), phi).scaledBy(of(k))
              .plus(distance(scale.g().target().apply(phi), scale.g().approximation().apply(phi)))
              .atMost(of(k.add(1).multiply(s.epsilon())), "K_2 ‖f(x) − φ(x)‖ + ‖(g − τ)(φ(x))‖ ≤ (1 + K_2) ε"));
        },
        Chains::show));
    return steps;
  }

  private static List<Inequality> identity(Scale s, ExactMatrix x) {
    return identity(then(s.f().target(), s.g().target()), then(s.f().approximation(), s.g().target()),
        then(s.f().approximation(), s.g().approximation()), x);
  }

  private static List<Inequality> identity(Layer a, Layer b, Layer c, ExactMatrix x) {
    Expression ax = a.apply(of(x));
    Expression bx = b.apply(of(x));
    Expression cx = c.apply(of(x));
    return List.of(ax.minus(cx).equalTo(ax.minus(bx).plus(bx.minus(cx)), "g∘f − τ∘φ = (g∘f − g∘φ) + (g∘φ − τ∘φ)"));
  }

  private static Inequality regroup(Layer middle, Layer approximation, Layer g, Layer tau, Layer phi, ExactMatrix x) {
    return middle.apply(of(x)).minus(approximation.apply(of(x)))
        .equalTo(then(phi, new Difference(g, tau)).apply(of(x)), "g∘φ − τ∘φ = (g − τ)∘φ");
  }

  /** The step that needs a distance on an image, with f = φ and g = 0. */
  private static Property<Counterexample> image(
      String statement, int step, String text, Arbitrary<Counterexample> counterexample) {
    return step(statement, NORM, step, text, 1, counterexample,
        FunctionNorm::inequalities, FunctionNorm::show);
  }

  /** Random functions as in Lemma 5.3 or Corollary 6.1: f is φ plus a piecewise affine function. */
  static Arbitrary<Pair> pairs(Function<Tape, Pair> reader) {
    return Tape.read(160, reader);
  }

  /** φ_up from 1×1 to 2×2 or 2×3 in any reading, d = 1 or 2. */
  static Pair up(Tape tape) {
    int d = tape.between(0, 5) == 5 ? 2 : 1;
    int width = tape.between(2, 3);
    OnMaps phi = new OnMaps(new Interpolation(TokenMaps.reading(tape), 2, width), 1, 1);
    Shape in = new Shape(1, d);
    Shape out = new Shape(2 * width, d);
    Layer f = new Sum(phi, PiecewiseAffine.draw(tape, "lemma-5.3", in, out));
    return new Pair(phi, f, PiecewiseAffine.draw(tape, "lemma-5.3", out, out), PiecewiseAffine.transformer(tape, d), 1, d,
        unit(tape, 1, d));
  }

  /** φ_down from 2×2 to 1×1 in any reading, d = 1, with an affine g. */
  static Pair down(Tape tape) {
    OnMaps phi = FunctionNorm.shrink(tape.oneOf(Rescaling.Reading.values()));
    Shape in = new Shape(4, 1);
    Shape out = new Shape(1, 1);
    Layer f = new Sum(phi, PiecewiseAffine.affine(tape, "cor-6.1", in, out));
    return new Pair(phi, f, PiecewiseAffine.affine(tape, "cor-6.1", out, out), PiecewiseAffine.transformer(tape, 1), 4, 1,
        unit(tape, 4, 1));
  }

  static ExactMatrix unit(Tape tape, int rows, int columns) {
    return ExactMatrix.of(rows, columns, tape.list(rows * columns, Tape::unit).toArray(new BigFraction[0]));
  }

  // Lemma 5.4

  private static List<Property<?>> oneLayer() {
    String id = "lemma-5.4";
    List<Property<?>> steps = new ArrayList<>();
    steps.add(step(id, NORM, 1, "‖f_n∘…f_i∘h… − f_n∘…h_i∘h…‖_α ≤ K_n ‖f_{n−1}∘…f_i∘h… − f_{n−1}∘…h_i∘h…‖_α for i < n, exact "
        + "integrals over [0,1], α = 1 and 2", INTEGRALS, hybrids(2), c -> peeled(c, c.f.size() - 1), Hybrids::shown));
    steps.add(step(id, NORM, 2, "the same for f_{n−1} … f_{i+1}: ‖f_n∘…f_i∘h… − f_n∘…h_i∘h…‖_α ≤ (Π_{j>i} K_j) ‖f_i∘h… "
        + "− h_i∘h…‖_α, "
        + "exact integrals over [0,1], α = 1 and 2", INTEGRALS, hybrids(2), c -> peeled(c, c.index), Hybrids::shown));
    steps.add(image(id, 3, "(Π_{j>i} K_j) ‖f_i∘h… − h_i∘h…‖_1 ≤ (Π_{j>i} K_j) ε, where ‖f_i − h_i‖_1 ≤ ε: fails for n = "
        + "i = 2, "
        + "h_1 = 0, f_2 = 0, h_2(y) = 1 − y on [0,1], ε = ‖f_2 − h_2‖_1. It holds with sup ‖f_i − h_i‖ over the image of "
        + "h_{i−1}∘…∘h_1", Arbitraries.just(FunctionNorm.scalar())));
    Arbitrary<Chain> chains = Chains.chains();
    steps.add(step(id, SUP, 1, "‖f_n(y) − f_n(z)‖ ≤ K_n ‖y − z‖ for the two values before layer n > i, at every "
        + "point", POINTS, chains,
        c -> {
          int n = c.layers().size();
          return List.of(distance(c.hybrid(c.index(), true), c.hybrid(c.index(), false)).atMost(
              before(c, n - 1).scaledBy(of(c.index() < n ? c.layers().get(n - 1).target().constant() : BigFraction.ONE)),
              "‖…f_i∘h… − …h_i∘h…‖ ≤ K_n ‖the same without f_n‖"));
        },
        Chains::show));
    steps.add(step(id, SUP, 2, "the same for f_{n−1} … f_{i+1}: ‖…f_i∘h… − …h_i∘h…‖ ≤ (Π_{j>i} K_j) ‖f_i∘h… − h_i∘h…‖ "
        + "at every point",
        POINTS, chains,
        c -> List.of(distance(c.hybrid(c.index(), true), c.hybrid(c.index(), false))
            .atMost(before(c, c.index()).scaledBy(of(c.factor(c.index()))), "‖…f_i∘h… − …h_i∘h…‖ ≤ Π K_j ‖f_i∘h… − "
                + "h_i∘h…‖")),
        Chains::show));
    steps.add(step(id, SUP, 3, "(Π_{j>i} K_j) ‖f_i∘h… − h_i∘h…‖ ≤ (Π_{j>i} K_j) ε at every point, where sup ‖f_i − h_i‖ "
        + "≤ ε", POINTS,
        chains,
        c -> List.of(before(c, c.index()).scaledBy(of(c.factor(c.index())))
            .atMost(of(c.factor(c.index()).multiply(c.epsilon())), "Π K_j ‖f_i∘h… − h_i∘h…‖ ≤ Π K_j ε")),
        Chains::show));
    return steps;
  }

  /** The distance of the two chains of Lemma 5.4 after layer m, or after layer i where that comes later. */
  private static Expression before(Chain c, int m) {
    Chain shorter = new Chain(c.layers().subList(0, Math.max(m, c.index())), c.epsilon(), c.index(), c.x());
    return distance(shorter.hybrid(c.index(), true), shorter.hybrid(c.index(), false));
  }

  /** The chains' distance is at most Π_{j>m} K_j times that after layer m. */
  private static List<Inequality> peeled(Hybrids c, int m) {
    int n = c.f.size();
    int i = c.index;
    Triangulation whole = c.difference(i, n);
    Triangulation shorter = c.difference(i, m);
    BigFraction k = c.factor(m, n);
    return List.of(
        whole.power(1).atMost(shorter.power(1).scaledBy(of(k)), "‖…f_i∘h… − …h_i∘h…‖_1 ≤ Π K_j ‖shorter chains‖_1"),
        whole.power(2).atMost(shorter.power(2).scaledBy(of(k.multiply(k))), "‖…f_i∘h… − …h_i∘h…‖_2² ≤ Π K_j² ‖shorter "
            + "chains‖_2²"));
  }

  /** Chains of {@code least} to 3 layers on [0,1], on matrices of one or two entries; i < n where n > 1. */
  static Arbitrary<Hybrids> hybrids(int least) {
    return Tape.read(160, tape -> {
      int n = tape.between(least, 3);
      List<PiecewiseAffine> f = new ArrayList<>();
      List<PiecewiseAffine> h = new ArrayList<>();
      Shape in = new Shape(1, 1);
      for (int j = 1; j <= n; j++) {
        Shape out = new Shape(tape.between(1, 2), 1);
        f.add(PiecewiseAffine.draw(tape, "lemma-5.4", in, out));
        h.add(PiecewiseAffine.draw(tape, "lemma-5.4", in, out));
        in = out;
      }
      return new Hybrids(f, h, tape.between(1, Math.max(1, n - 1)), unit(tape, 1, 1));
    });
  }

  // Lemma 5.5

  private static List<Property<?>> allLayers() {
    String id = "lemma-5.5";
    List<Property<?>> steps = new ArrayList<>();
    String telescope = "f_n∘…∘f_1 − h_n∘…∘h_1 = Σ_i (…f_i∘h… − …h_i∘h…) at every point (random points)";
    steps.add(step(id, NORM, 1, telescope, INTEGRALS, hybrids(1),
        c -> {
          int n = c.f.size();
          Expression x = of(c.x);
          Expression sum = c.hybrid(1, true, n).apply(x).minus(c.hybrid(1, false, n).apply(x));
          for (int i = 2; i <= n; i++) {
            sum = sum.plus(c.hybrid(i, true, n).apply(x).minus(c.hybrid(i, false, n).apply(x)));
          }
          return List.of(c.hybrid(0, true, n).apply(x).minus(c.hybrid(n, false, n).apply(x))
              .equalTo(sum, "f_n∘…∘f_1 − h_n∘…∘h_1 = Σ_i"));
        },
        Hybrids::shown));
    steps.add(step(id, NORM, 2, "‖f_n∘…∘f_1 − h_n∘…∘h_1‖_1 ≤ Σ_i ‖…f_i∘h… − …h_i∘h…‖_1, exact integrals over "
        + "[0,1]", INTEGRALS,
        hybrids(1), Replay::triangle, Hybrids::shown));
    steps.add(image(id, 3, "Σ_i ‖…f_i∘h… − …h_i∘h…‖_1 ≤ ε Σ_i Π_{j>i} K_j, by Lemma 5.4 for each term: fails for n = 2, "
        + "f_1 = h_1 = 0, f_2 = 0, K_2 = 0, h_2(y) = 1 − y on [0,1], ε = ‖f_2 − h_2‖_1, in the term i = 2. It holds "
        + "with what mends "
        + "step 3 of Lemma 5.4, in every layer but the first", Arbitraries.just(FunctionNorm.scalar())));
    Arbitrary<Chain> chains = Chains.chains();
    steps.add(step(id, SUP, 1, telescope, POINTS, chains,
        c -> {
          int n = c.layers().size();
          Expression sum = c.hybrid(1, true).minus(c.hybrid(1, false));
          for (int i = 2; i <= n; i++) {
            sum = sum.plus(c.hybrid(i, true).minus(c.hybrid(i, false)));
          }
          return List.of(c.hybrid(0, true).minus(c.hybrid(n, false)).equalTo(sum, "f_n∘…∘f_1 − h_n∘…∘h_1 = Σ_i"));
        },
        Chains::show));
    steps.add(step(id, SUP, 2, "‖f_n∘…∘f_1 − h_n∘…∘h_1‖ ≤ Σ_i ‖…f_i∘h… − …h_i∘h…‖ at every point", POINTS, chains,
        c -> List.of(distance(c.hybrid(0, true), c.hybrid(c.layers().size(), false)).atMost(terms(c), "‖f_n… − h_n…‖ ≤ "
            + "Σ_i")),
        Chains::show));
    steps.add(step(id, SUP, 3, "Σ_i ‖…f_i∘h… − …h_i∘h…‖ ≤ ε Σ_i Π_{j>i} K_j at every point, by Lemma 5.4 for each "
        + "term", POINTS, chains,
        c -> {
          BigFraction bound = BigFraction.ZERO;
          for (int i = 1; i <= c.layers().size(); i++) {
            bound = bound.add(c.factor(i).multiply(c.epsilon()));
          }
          return List.of(terms(c).atMost(of(bound), "Σ_i ≤ ε Σ_i Π_{j>i} K_j"));
        },
        Chains::show));
    return steps;
  }

  private static Expression terms(Chain c) {
    Expression sum = of(0);
    for (int i = 1; i <= c.layers().size(); i++) {
      sum = sum.plus(distance(c.hybrid(i, true), c.hybrid(i, false)));
    }
    return sum;
  }

  /** The first inequality of Lemma 5.5, with exact integrals. */
  static List<Inequality> triangle(Hybrids c) {
    int n = c.f.size();
    Expression sum = of(0);
    for (int i = 1; i <= n; i++) {
      sum = sum.plus(c.difference(i, n).power(1));
    }
    return List.of(c.whole().power(1).atMost(sum, "‖f_n∘…∘f_1 − h_n∘…∘h_1‖_1 ≤ Σ_i ‖…f_i∘h… − …h_i∘h…‖_1"));
  }

  // Theorem 5.6 and Corollary 6.2

  /**
   * Two scales with g_1 = τ_1, f_1 = φ_1, f_2 = φ_2, g_2 = 0: so the pairs P_r = g_r∘f_r and Q_r = τ_r∘φ_r differ for r = 2
   * alone. Assumption 5.2 has one K_1 and one K_2 for all scales: K_2 = 1, that of the mean in the entrywise 1-norm.
   *
   * @param k1 K_1, the larger one of the constants of φ_1 and φ_2 in the entrywise 1-norm
   * @param first Q_1
   * @param tokens how many tokens of size 1 it returns
   * @param second Q_2
   * @param start how many tokens of size 1 it starts from
   */
  record TwoScales(String text, BigFraction k1, Layer first, int start, int tokens, Layer second) {

    Map<String, ExactMatrix> shown() {
      Map<String, ExactMatrix> shown = PiecewiseAffine.weights("Q_1", first);
      shown.putAll(PiecewiseAffine.weights("Q_2", second));
      shown.putAll(Map.of("K_1", ExactMatrix.of(1, 1, k1), "K_2", ExactMatrix.ones(1, 1)));
      return shown;
    }

    /** 1×1 → 2×2 → 3×3. */
    static TwoScales var() {
      Interpolation second = new Interpolation(new Literal(Kernel.BSPLINE, 0, Boundary.REPLICATE), 3, 3);
      return along("1×1 → 2×2 → 3×3, d = 1: f_r = φ_up,r", new Interpolation(second.reading(), 2, 2).matrix(1, 1),
          FunctionNorm.enlarge(), second.matrix(2, 2), new OnMaps(second, 2, 2));
    }

    /** By the factor 2: 1×1 → 2×2 → 4×4. */
    static TwoScales flow() {
      Rescaling up = Rescaling.up(2, Rescaling.Reading.NEAREST);
      return along("1×1 → 2×2 → 4×4, d = 1: f_r = φ_up,r (nearest)", up.matrix(1, 1), new OnMaps(up, 1, 1),
          up.matrix(2, 2), new OnMaps(up, 2, 2));
    }

    /** τ_1 the mean, τ_2 the bump of height 1 and width 1/16. */
    private static TwoScales along(String text, ExactMatrix phi1, OnMaps first, ExactMatrix phi2, OnMaps second) {
      BigFraction a = LipschitzFunction.columnSum(phi1);
      BigFraction b = LipschitzFunction.columnSum(phi2);
      return new TwoScales("K = 2, " + text + ", g_1 = τ_1 the mean, g_2 = 0, τ_2(u) = max(0, 1 − 16·mean(u))",
          a.compareTo(b) > 0 ? a : b, then(first, FunctionNorm.mean(1)), 1, 4,
          then(second, FunctionNorm.bump(new BigFraction(1, 16)).tau()));
    }

    /** ‖P_2∘P_1 − Q_2∘Q_1‖_1 ≤ (K_1 K_2 + 1) max_r ‖P_r − Q_r‖_1, where P_1 = Q_1 and K_2 = 1. */
    List<Inequality> inequalities() {
      Layer all = then(first, second);
      Expression whole = Triangulation.of(start, 1, all).power(1);
      Expression pair = Triangulation.of(tokens, 1, second).power(1);
      return List.of(of(0).lessThan(pair, "0 < ‖P_2 − Q_2‖_1"),
          whole.atMost(pair.scaledBy(of(k1.add(1))), "‖P_2∘P_1 − Q_2∘Q_1‖_1 ≤ (K_1 K_2 + 1) max_r ‖P_r − Q_r‖_1"));
    }
  }

  /**
   * Steps 2 to 5; step 1 is refuted by {@link Equivariance}.
   *
   * @param pair the counterexample of Lemma 5.3 or Corollary 6.1
   */
  private static List<Property<?>> theorem(
      String id, Arbitrary<Scales> scales, Counterexample pair, String roles, TwoScales chain) {
    List<Property<?>> steps = new ArrayList<>();
    String assumed = "Random f_r near φ_up,r meet the assumption: ";
    steps.add(step(id, NORM, 2, assumed + "‖f_r − φ_up,r‖_1 ≤ ε, exact integrals", INTEGRALS, MixedNorms.near(),
        MixedNorms::closeness, MixedNorms.Near::shown));
    steps.add(image(id, 3, "‖g_r∘f_r − τ_r∘φ_r‖_1 ≤ (1 + K_2) ε' for each r, from ‖f_r − φ_r‖_1 ≤ ε' and ‖g_r − τ_r‖_1 "
        + "≤ ε', which is "
        + "all that Lemma 5.1 gives: fails for f_r = " + roles + ", ε' = ‖g_r − τ_r‖_1. A Lemma 5.1 with ‖g_r − τ_r‖ "
        + "small in the "
        + "sup norm over a box that contains the image of φ_r would mend it", Arbitraries.just(pair)));
    steps.add(step(id, NORM, 4, "‖P_K∘…∘P_1 − Q_K∘…∘Q_1‖_1 ≤ Σ_r (K_1 K_2)^{K−r} max_r ‖P_r − Q_r‖_1 for P_r = g_r∘f_r, "
        + "Q_r = τ_r∘φ_r: "
        + "fails for " + chain.text + ", where P_1 = Q_1, K_2 = 1, K_1 is the larger constant of the "
        + "φ_up,r in the entrywise 1-norm, and the sum is (K_1 K_2 + 1) ‖P_2 − Q_2‖_1. The pairs must be close in the "
        + "sup norm over "
        + "boxes that contain what is mapped into them", 1, Arbitraries.just(chain),
        TwoScales::inequalities, TwoScales::shown));
    String sum = "Σ_r (1 + K_2) ε' (K_1 K_2)^{K−r} = ε for ε' = ε / Σ_r (1 + K_2)(K_1 K_2)^{K−r}, ε' > 0";
    for (String reading : List.of(NORM, SUP)) {
      steps.add(step(id, reading, 5, sum, POINTS,
          Tape.read(8, t -> t.list(4, r -> new BigFraction(r.between(1, 60), r.between(1, 9)))),
          k -> accuracy(k.get(0).getNumeratorAsInt() % 10 + 1, k.get(1), k.get(2), k.get(3)),
          k -> Map.of("K_1", ExactMatrix.of(1, 1, k.get(1)), "K_2", ExactMatrix.of(1, 1, k.get(2)))));
    }
    steps.add(step(id, SUP, 2, assumed + "‖f_r(x) − φ_r(x)‖ ≤ ε at every x", POINTS, scales,
        s -> {
          Scale scale = s.scales().get(0);
          return List.of(distance(scale.f().target().apply(of(s.x())), scale.f().approximation().apply(of(s.x())))
              .atMost(of(s.epsilon()), "‖f_r(x) − φ_r(x)‖ ≤ ε"));
        },
        Chains::show));
    steps.add(step(id, SUP, 3, "‖g_r(f_r(x)) − τ_r(φ_r(x))‖ ≤ (1 + K_2) ε' for each r at every x", POINTS, scales,
        s -> {
          Scale scale = s.scales().get(0);
          return List.of(distance(scale.target(of(s.x())), scale.approximation(of(s.x())))
              .atMost(of(scale.g().target().constant().add(1).multiply(s.epsilon())), "‖g_r∘f_r − τ_r∘φ_r‖ ≤ (1 + K_2) ε'"));
        },
        Chains::show));
    steps.add(step(id, SUP, 4, "‖P_K∘…∘P_1 − Q_K∘…∘Q_1‖ ≤ Σ_r (K_1 K_2)^{K−r} (1 + K_2) ε' for the pairs P_r = g_r∘f_r, "
        + "Q_r = τ_r∘φ_r, "
        + "at every point", POINTS, scales, s -> List.of(Chains.conditional(s)), Chains::show));
    return steps;
  }

  private static List<Inequality> accuracy(int count, BigFraction k1, BigFraction k2, BigFraction epsilon) {
    BigFraction sum = BigFraction.ZERO;
    for (int r = 1; r <= count; r++) {
      sum = sum.add(k2.add(1).multiply(k1.multiply(k2).pow(count - r)));
    }
    Expression each = of(epsilon).dividedBy(of(sum));
    Expression total = of(0);
    for (int r = 1; r <= count; r++) {
      total = total.plus(each.scaledBy(of(k2.add(1).multiply(k1.multiply(k2).pow(count - r)))));
    }
    return List.of(of(0).lessThan(each, "0 < ε'"), total.equalTo(of(epsilon), "Σ_r (1 + K_2) ε' (K_1 K_2)^{K−r} = ε"));
  }
}
