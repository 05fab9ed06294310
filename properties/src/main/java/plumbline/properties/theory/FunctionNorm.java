package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.apache.commons.math3.fraction.BigFraction;
import org.apache.commons.math3.util.CombinatoricsUtils;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.LipschitzFunctions.Affine;
import plumbline.properties.arbitrary.LipschitzFunctions.OnMaps;
import plumbline.properties.arbitrary.LipschitzFunctions.Relu;
import plumbline.properties.semantics.Triangulation;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Composition;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Kernel;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.layer.Transposed;
import plumbline.spec.claim.Inequality;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;

/**
 * Why {@code lemma-5.3}, {@code lemma-5.4}, {@code lemma-5.5} and {@code cor-6.1} fail in the function norm ‖·‖_α: two
 * functions that are close in the mean over a box may be far apart on the image of the layer before them. All integrals are
 * exact ({@link Triangulation}).
 *
 * <p><b>Up.</b> φ_up: 1×1 → 2×2 maps x to (x, x, x, x); f = φ_up, g = 0, K_2 = 0. The transformer τ(u) = mean(u) − 1/2 in
 * each token has ‖g∘f − τ∘φ_up‖_α^α = 4 E|x − 1/2|^α over [0,1], and ‖g − τ‖_α^α = 4 E|m − 1/2|^α with the mean m of four
 * independent uniform numbers: less for every α ≥ 1, by Jensen's inequality, and at α = 1 it is 7/15 against 1. No
 * counterexample is smaller: Definition 3.2 enlarges both sides, so 1×1 → 2×2 is its least case, d = 1, and τ is affine;
 * with a τ that acts on each token alone, and so without attention, both sides are equal, since each token of φ_up(x) is
 * uniform.
 *
 * <p><b>No constant.</b> τ_η(u) = max(0, 1 − mean(u)/η) has ‖g∘f − τ∘φ_up‖_α^α = 4η/(α+1), of the order of η, and
 * ‖g − τ‖_α^α = 4 (4η)⁴/((α+1)(α+2)(α+3)(α+4)) for η ≤ 1/4, of the order of η⁴.
 *
 * <p><b>Any functions.</b> Lemma 5.4 does not ask h_j to be a layer: f_1 = h_1 = 0, f_2 = 0 and h_2(y) = 1 − y on [0,1].
 * With n = 1 the lemma is its hypothesis, so n = 2 and one real number are the least.
 *
 * <p><b>Down.</b> φ_down: 2×2 → 1×1 maps a block to its mean; τ(y) = min(y, 1 − y) has ‖g − τ‖_1 = 1/4 over [0,1] and
 * ‖g∘f − τ∘φ_down‖_1 = 23/60 over [0,1]⁴. One kink is needed: for a convex |τ| Jensen's inequality gives the statement.
 */
final class FunctionNorm {
  static final String READING = "function-norm";
  private static final BigFraction HALF = BigFraction.ONE_HALF;

  /**
   * A counterexample with f = φ and g = 0: the distance of g∘f and τ∘φ is that of τ∘φ from 0.
   *
   * @param in number of tokens of size 1 that φ takes
   * @param out number of tokens of size 1 that it returns
   * @param error ‖g − τ‖_1, exactly
   * @param result ‖g∘f − τ∘φ‖_1, exactly
   * @param names what the statement calls g − τ and g∘f − τ∘φ
   */
  record Counterexample(Layer phi, int in, int out, Layer tau, BigFraction error, BigFraction result, Names names) {

    /** ‖g − τ‖_α^α over [0,1]^out. */
    Expression error(int alpha) {
      return Triangulation.of(out, 1, tau).power(alpha);
    }

    /** ‖g∘f − τ∘φ‖_α^α over [0,1]^in. */
    Expression result(int alpha) {
      return Triangulation.of(in, 1, PiecewiseAffine.then(phi, tau)).power(alpha);
    }
  }

  /** What a statement calls φ, τ, g − τ and g∘f − τ∘φ. */
  record Names(String phi, String tau, String error, String result) {
    private static final Names PAIR = new Names("φ", "τ", "g − τ", "g∘f − τ∘φ");
    private static final Names CHAIN = new Names("h_1", "h_2", "f_2 − h_2", "f_2∘h_1 − h_2∘h_1");
  }

  /** Counterexamples with η → 0, and their integrals ‖·‖_α^α in closed form. */
  interface Family {
    Counterexample at(BigFraction eta);

    /** ‖g − τ‖_α^α. */
    BigFraction error(int alpha, BigFraction eta);

    /** ‖g∘f − τ∘φ‖_α^α. */
    BigFraction result(int alpha, BigFraction eta);
  }

  /** φ_up with a bump at 0. */
  static final Family BUMP = new Family() {
    @Override
    public Counterexample at(BigFraction eta) {
      return bump(eta);
    }

    /** 4 E(1 − S/a)_+^α for the sum S of four uniform numbers, a = 4η: Σ_k (−1)^k C(4,k) (a − k)_+^(α+4) α!/((α+4)! a^α). */
    @Override
    public BigFraction error(int alpha, BigFraction eta) {
      BigFraction a = eta.multiply(4);
      BigFraction sum = BigFraction.ZERO;
      for (int k = 0; k <= 4 && a.compareTo(new BigFraction(k)) > 0; k++) {
        BigFraction term = a.subtract(k).pow(alpha + 4).multiply((int) CombinatoricsUtils.binomialCoefficient(4, k));
        sum = k % 2 == 0 ? sum.add(term) : sum.subtract(term);
      }
      for (int k = 1; k <= 4; k++) {
        sum = sum.divide(alpha + k);
      }
      return sum.multiply(4).divide(a.pow(alpha));
    }

    @Override
    public BigFraction result(int alpha, BigFraction eta) {
      return eta.multiply(4).divide(alpha + 1);
    }
  };

  /** x ↦ (x, x) with a ridge on the diagonal. */
  static final Family RIDGE = new Family() {
    @Override
    public Counterexample at(BigFraction eta) {
      return ridge(eta);
    }

    /** 2 ∫ (1 − t/η)^α (1 − t) dt over [0, η]. */
    @Override
    public BigFraction error(int alpha, BigFraction eta) {
      return eta.multiply(2).divide(alpha + 1).subtract(eta.multiply(eta).multiply(2).divide((alpha + 1) * (alpha + 2)));
    }

    @Override
    public BigFraction result(int alpha, BigFraction eta) {
      return BigFraction.ONE;
    }
  };

  /**
   * An exponent and a constant that is to be refuted.
   *
   * @param alpha α
   * @param constant C
   * @param eta η, small enough for C
   */
  record Bound(int alpha, BigFraction constant, BigFraction eta) {}

  private FunctionNorm() {}

  /** The counterexamples, each with every hypothesis; and that no constant will do. */
  static List<Property<?>> all() {
    return List.of(
        property("lemma-5.3", "‖g_r∘f_r − τ_r∘φ_up,r‖_1 ≤ (1 + K_2) ε for f_r = φ_up,r: 1×1 → 2×2 (d = 1), g_r = 0, K_2 "
            + "= 0, "
            + "τ_r(u) = mean(u) − 1/2 in each of four tokens, ε = ‖g_r − τ_r‖_1 on [0,1]⁴", up()),
        unbounded("lemma-5.3", BUMP),
        property("lemma-5.4", "‖f_2∘h_1 − h_2∘h_1‖_1 ≤ ε for n = i = 2 (an empty product), f_1 = h_1 = 0 and f_2 = 0 on "
            + "[0,1], "
            + "h_2(y) = 1 − y, ε = ‖f_2 − h_2‖_1", scalar()),
        unbounded("lemma-5.4", RIDGE),
        property("lemma-5.5", "‖f_2∘f_1 − h_2∘h_1‖_1 ≤ ε (1 + K_2) for f_1 = h_1 = 0 and f_2 = 0 on [0,1], K_2 = 0, "
            + "h_2(y) = 1 − y, "
            + "ε = ‖f_2 − h_2‖_1", scalar()),
        unbounded("lemma-5.5", RIDGE),
        property("cor-6.1", "‖g_r∘f_r − τ_r∘φ_down,r‖_1 ≤ (1 + K_2) ε for f_r = φ_down,r: 2×2 → 1×1 (d = 1; the area, "
            + "linear "
            + "and bicubic readings are all the mean), g_r = 0, K_2 = 0, τ_r(y) = min(y, 1 − y), ε = ‖g_r − τ_r‖_1 on "
            + "[0,1]", down()));
  }

  /** φ_up: 1×1 → 2×2 of Definition 3.2. */
  static OnMaps enlarge() {
    return new OnMaps(new Interpolation(new Literal(Kernel.BSPLINE, 0, Boundary.REPLICATE), 2, 2), 1, 1);
  }

  /** φ_up, and τ(u) = mean(u) − 1/2. */
  static Counterexample up() {
    FeedForward ffn = ffn(ExactMatrix.zeros(1, 1), ExactMatrix.zeros(1, 1), ExactMatrix.zeros(1, 1), HALF.negate());
    return new Counterexample(enlarge(), 1, 4, onMean(ffn), new BigFraction(7, 15), BigFraction.ONE, Names.PAIR);
  }

  /** φ_up, and τ(u) = max(0, 1 − mean(u)/η) where mean(u) ≥ 0: FFN(y) = y − max(y, 0) + max(1 − y/η, 0). */
  static Counterexample bump(BigFraction eta) {
    FeedForward ffn = ffn(column(BigFraction.ONE, BigFraction.ONE.divide(eta).negate()), ExactMatrix.ofIntegers(2, 1, 0, 1),
        ExactMatrix.ofIntegers(1, 2, -1, 1), BigFraction.ZERO);
    return new Counterexample(enlarge(), 1, 4, onMean(ffn), BUMP.error(1, eta), BUMP.result(1, eta), Names.PAIR);
  }

  /** φ: x ↦ (x, x), and τ(u, v) = max(0, 1 − |u − v|/η). */
  static Counterexample ridge(BigFraction eta) {
    String id = "lemma-5.4";
    BigFraction slope = BigFraction.ONE.divide(eta).negate();
    Layer tau = Composition.of(id,
        new Affine(id, ExactMatrix.ofIntegers(2, 2, 1, -1, -1, 1), ExactMatrix.zeros(1, 2)), new Relu(id),
        new Affine(id, column(slope, slope), ExactMatrix.ones(1, 1)), new Relu(id));
    Affine twice = new Affine(id, ExactMatrix.ones(1, 2), ExactMatrix.zeros(2, 1));
    return new Counterexample(twice, 1, 2, tau, RIDGE.error(1, eta),
        RIDGE.result(1, eta), Names.CHAIN);
  }

  /** The constant map to 0, and τ(y) = 1 − y. */
  static Counterexample scalar() {
    ExactMatrix zero = ExactMatrix.zeros(1, 1);
    return new Counterexample(new Affine("lemma-5.4", zero, zero), 1, 1,
        new Affine("lemma-5.4", ExactMatrix.ofIntegers(1, 1, -1), ExactMatrix.ones(1, 1)), HALF, BigFraction.ONE,
        Names.CHAIN);
  }

  /** φ_down, and τ(y) = min(y, 1 − y): FFN(y) = y − 2 max(y − 1/2, 0). */
  static Counterexample down() {
    FeedForward ffn = ffn(ExactMatrix.ones(1, 1), column(HALF.negate()), ExactMatrix.ofIntegers(1, 1, -2), BigFraction.ZERO);
    return new Counterexample(shrink(Rescaling.Reading.AREA), 4, 1, onMean(ffn), BigFraction.ONE_QUARTER,
        new BigFraction(23, 60), Names.PAIR);
  }

  /** φ_down: 2×2 → 1×1 of Definition C.2. */
  static OnMaps shrink(Rescaling.Reading reading) {
    return new OnMaps(Rescaling.down(2, reading), 2, 2);
  }

  /** Attention with zero scores and W_V = 1: each token becomes the mean of all, on tokens as rows. */
  static Attention mean(int d) {
    return new Attention(ExactMatrix.zeros(d, d), ExactMatrix.zeros(d, d), ExactMatrix.identity(d));
  }

  private static Layer onMean(FeedForward ffn) {
    return Composition.of("def-3.8", mean(1), new Transposed(ffn));
  }

  private static FeedForward ffn(ExactMatrix w1, ExactMatrix b1, ExactMatrix w2, BigFraction b2) {
    return new FeedForward(w1, b1, w2, ExactMatrix.of(1, 1, b2), true);
  }

  private static ExactMatrix column(BigFraction... entries) {
    return ExactMatrix.of(entries.length, 1, entries);
  }

  private static Property<Counterexample> property(String statement, String text, Counterexample counterexample) {
    return new Property<>(
        new StatedClaim<>(statement, READING, text, FunctionNorm::inequalities, FunctionNorm::show),
        Arbitraries.just(counterexample)).atMost(1);
  }

  /** Both integrals, which are what is claimed, and last the statement, which fails. */
  static List<Inequality> inequalities(Counterexample c) {
    Expression error = c.error(1);
    Expression result = c.result(1);
    List<Inequality> all = new ArrayList<>();
    if (c.phi instanceof OnMaps map && map.layer() instanceof Rescaling) {
      for (Rescaling.Reading same : List.of(Rescaling.Reading.LINEAR, Rescaling.Reading.BICUBIC)) {
        all.add(of(Rescaling.down(2, Rescaling.Reading.AREA).matrix(2, 2)).equalTo(of(Rescaling.down(2, same).matrix(2, 2)),
            "Φ_down, area = Φ_down, " + same));
      }
    }
    String left = "‖" + c.names.result + "‖_1";
    String right = "‖" + c.names.error + "‖_1";
    all.add(error.equalTo(of(c.error), right + " = ε"));
    all.add(result.equalTo(of(c.result), left + ", its value"));
    all.add(result.atMost(of(c.error), left + (c.names == Names.PAIR ? " ≤ (1 + 0)·ε" : " ≤ ε")));
    return all;
  }

  static Map<String, ExactMatrix> show(Counterexample c) {
    Map<String, ExactMatrix> shown = PiecewiseAffine.weights(c.names.phi, c.phi);
    shown.putAll(PiecewiseAffine.weights(c.names.tau, c.tau));
    shown.put("‖" + c.names.error + "‖_1", ExactMatrix.of(1, 1, c.error));
    shown.put("‖" + c.names.result + "‖_1", ExactMatrix.of(1, 1, c.result));
    return shown;
  }

  /** The statements that fail with every constant in place of (1 + K_2), Π K_j and Σ Π K_j. */
  static List<Refutation> refutations() {
    String ridge = "φ: x ↦ (x, x), f_2 = 0 and h_2(u, v) = max(0, 1 − |u − v|/η), which has values in [0, 1]. On [0,1] "
        + "‖f_2∘h_1 − h_2∘h_1‖_α = 1, and on [0,1]² ‖f_2 − h_2‖_α^α = 2η/(α+1) − 2η²/((α+1)(α+2)), for every real α ≥ "
        + "1, which "
        + "vanishes as η → 0: no constant C gives ‖f_2∘h_1 − h_2∘h_1‖_α ≤ C ε. Certified with exact integrals, α = 1 to "
        + "4 and "
        + "C = 1 to 2²⁰.";
    Map<String, String> ridgeWitness = Map.of("h_2", "max(0, 1 − |u − v|/η), η → 0", "(left/right)^α", "at least "
        + "(α+1)/(2η)");
    return List.of(
        new Refutation("lemma-5.3", List.of(READING),
            "Let f_r = φ_up,r: 1×1 → 2×2, which maps x to (x, x, x, x), d = 1, g_r = 0 and K_2 = 0. The transformer "
                + "τ(u) = max(0, 1 − mean(u)/η), attention with zero scores and a feed-forward layer, has values in [0, "
                + "1]. Over [0,1] "
                + "‖g∘f − τ∘φ‖_α^α = 4η/(α+1), and over [0,1]⁴, for η ≤ 1/4, ‖g − τ‖_α^α = "
                + "4·(4η)⁴/((α+1)(α+2)(α+3)(α+4)): the sum of "
                + "four uniform numbers has the density s³/6 on [0,1]. So for every real α ≥ 1 the quotient "
                + "(‖g∘f − τ∘φ‖_α / ‖g − τ‖_α)^α = (α+2)(α+3)(α+4)/(256 η³) grows without bound as η → 0: no constant C "
                + "gives "
                + "‖g∘f − τ∘φ‖_α ≤ C ε. Certified with the exact integrals of the layers, α = 1 to 4 and C = 1 to 2²⁰.",
            unbounded("lemma-5.3", BUMP),
            Map.of("τ", "max(0, 1 − mean(u)/η), η → 0", "(left/right)^α", "(α+2)(α+3)(α+4)/(256 η³)")),
        new Refutation("lemma-5.4", List.of(READING), "Let n = i = 2, where the product over j > 2 is 1, f_1 = h_1 = "
            + "" + ridge,
            unbounded("lemma-5.4", RIDGE), ridgeWitness),
        new Refutation("lemma-5.5", List.of(READING), "Let n = 2 and K_2 = 0, where the sum over i is 1, f_1 = h_1 = "
            + "" + ridge,
            unbounded("lemma-5.5", RIDGE), ridgeWitness));
  }

  private static Property<Bound> unbounded(String statement, Family family) {
    Arbitrary<Bound> bounds = Combinators
        .combine(Arbitraries.integers().between(1, 4), Arbitraries.integers().between(0, 20))
        .as((alpha, log) -> bound(family, alpha, BigFraction.TWO.pow(log)));
    Names names = family.at(HALF).names;
    return new Property<>(
        new StatedClaim<>(statement, "lower-bound",
            "For every C there is an η with C·‖" + names.error + "‖_α < ‖" + names.result + "‖_α, and both integrals "
                + "have the values "
                + "stated for them",
            b -> {
              Counterexample c = family.at(b.eta);
              Expression error = c.error(b.alpha);
              Expression result = c.result(b.alpha);
              return List.of(
                  error.equalTo(of(family.error(b.alpha, b.eta)), "∫ |" + names.error + "|^α, closed form"),
                  result.equalTo(of(family.result(b.alpha, b.eta)), "∫ |" + names.result + "|^α, closed form"),
                  error.scaledBy(of(b.constant.pow(b.alpha))).lessThan(result,
                      "C^α ‖" + names.error + "‖_α^α < ‖" + names.result + "‖_α^α"));
            },
            b -> Map.of("α", ExactMatrix.ofIntegers(1, 1, b.alpha), "C", ExactMatrix.of(1, 1, b.constant),
                "η", ExactMatrix.of(1, 1, b.eta))),
        bounds).atMost(20);
  }

  /** The largest η = 2^−k with C^α ‖g − τ‖_α^α < ‖g∘f − τ∘φ‖_α^α. */
  static Bound bound(Family family, int alpha, BigFraction c) {
    BigFraction eta = HALF;
    while (family.error(alpha, eta).multiply(c.pow(alpha)).compareTo(family.result(alpha, eta)) >= 0) {
      eta = eta.divide(2);
    }
    return new Bound(alpha, c, eta);
  }
}
