package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.SeparatedEmbedding;
import plumbline.properties.arbitrary.SeparatedEmbeddings;
import plumbline.spec.claim.Inequality;
import plumbline.spec.number.ExactMatrix;

/**
 * Section 4: {@code def-4.1}, {@code def-4.2}, {@code def-4.3} and {@code lemma-4.4}.
 *
 * <p><b>Lemma 4.4 as stated is false.</b> Two context IDs below γ in norm are less than 2γ apart, so a (γ, δ)-contextual
 * mapping that has two context IDs to separate needs δ &lt; 2γ, whatever the map. But the lemma's δ is 1 for L = 1, and
 * for every L it stays the same when all tokens are made smaller, while γ shrinks with them.
 *
 * <p><b>The amended statement</b> is Theorem 2 of arXiv 2307.14023, with the weights of its proof. They are made rational
 * so that every hypothesis stays exact or certified: v is a rational unit vector; K = uᵀu' is a rational a little above
 * the irrational K* = (|𝒱|+1)⁴ π d (2 ln L + 3) / (8 ε γ_min) of the proof. The proof needs K ≥ K* for the scores to be
 * far enough apart, and K·max‖x‖ ≤ K*·γ_max, so that δ, which contains K*·γ_max, still bounds what K gives; as tokens are
 * strictly shorter than γ_max there is room for both, and both are certified with each case.
 */
final class ContextualMapping {
  private static final String LITERAL = "literal";

  private ContextualMapping() {}

  static Property<SeparatedEmbedding> vocabulary() {
    return new Property<>(
        new StatedClaim<>("def-4.1", LITERAL,
            "The vocabulary holds every column of every sequence once: |𝒱| is the number of columns that differ from all before",
            embedding -> {
              List<ExactMatrix> tokens = Vocabulary.of(embedding.sequences()).tokens();
              List<ExactMatrix> columns = new ArrayList<>();
              int fresh = 0;
              List<Inequality> all = new ArrayList<>();
              for (ExactMatrix z : embedding.sequences()) {
                for (int k = 0; k < z.columns(); k++) {
                  ExactMatrix column = Vocabulary.token(z, k);
                  fresh += columns.stream().noneMatch(before -> before.toString().equals(column.toString())) ? 1 : 0;
                  columns.add(column);
                  Expression product = of(1);
                  for (ExactMatrix token : tokens) {
                    // Zero just where one of the distances is.
                    product = product.hadamard(of(column).minus(of(token)).sumOfAbsolutes());
                  }
                  all.add(product.equalTo(of(0), "Π_{x ∈ 𝒱} ‖Z_{:,k} − x‖ = 0"));
                }
              }
              all.add(of(tokens.size()).equalTo(of(fresh), "|𝒱| = number of different columns"));
              return all;
            },
            SeparatedEmbedding::show),
        SeparatedEmbeddings.of(3, 4, 6, 3));
  }

  static Property<SeparatedEmbedding> separation() {
    return new Property<>(
        new StatedClaim<>("def-4.2", LITERAL,
            "Random embeddings are (γ_min, γ_max, ε)-tokenwise separated for constants close to the best",
            Separation::tokenwise, SeparatedEmbedding::show),
        SeparatedEmbeddings.of(3, 4, 6, 3));
  }

  /** Without different vocabularies there is only the token to tell. */
  static Property<SeparatedEmbedding> identity() {
    return new Property<>(
        new StatedClaim<>("def-4.3", LITERAL,
            "On sequences with one vocabulary, the identity is a (γ_max, ε)-contextual mapping",
            embedding -> {
              List<ExactMatrix> sequences = rotations(embedding.sequences().get(0));
              SeparatedEmbedding rotated = new SeparatedEmbedding(
                  sequences, embedding.gammaMin(), embedding.gammaMax(), embedding.epsilon());
              return Separation.contextual(sequences, sequences.stream().map(Expression::of).toList(),
                  of(rotated.gammaMax()), of(rotated.epsilon()));
            },
            SeparatedEmbedding::show),
        SeparatedEmbeddings.of(3, 4, 6, 3));
  }

  /** A sequence and the same with its tokens moved round by one. */
  private static List<ExactMatrix> rotations(ExactMatrix z) {
    BigFraction[] entries = new BigFraction[z.size()];
    for (int i = 0; i < z.rows(); i++) {
      for (int k = 0; k < z.columns(); k++) {
        entries[i * z.columns() + k] = z.get(i, (k + 1) % z.columns());
      }
    }
    return List.of(z, ExactMatrix.of(z.rows(), z.columns(), entries));
  }

  /** Two sequences of one token each: log L = 0, δ = 1, and 2γ = 5/6. */
  static SeparatedEmbedding singleTokens() {
    return scalars(1, BigFraction.ONE, new BigFraction(1, 5), new BigFraction(1, 3), new BigFraction(1, 3), 1, -1, 4);
  }

  /** One sequence of the tokens ±4·2⁻¹⁰⁰, γ_min = 3·2⁻¹⁰⁰, γ_max = 5·2⁻¹⁰⁰, ε = 7·2⁻¹⁰⁰: δ ≈ 2^−95.2 and 2γ ≈ 2^−96.2. */
  static SeparatedEmbedding smallTokens() {
    BigFraction unit = ExactMatrix.fraction(0x1p-100);
    return scalars(2, unit, unit.multiply(3), unit.multiply(5), unit.multiply(7), 4, -4, 1);
  }

  /** One sequence of the tokens ±4·2⁻³⁰⁰⁰, γ_min = 2⁻³⁰⁰⁰, γ_max = 8·2⁻³⁰⁰⁰, ε = 2·2⁻³⁰⁰⁰: δ = 2⁻²⁵⁶⁰ and 2γ = 17·2⁻³⁰⁰⁰. */
  static SeparatedEmbedding tinyTokens() {
    BigFraction unit = BigFraction.ONE.divide(BigFraction.TWO.pow(3000));
    return scalars(2, unit, unit, unit.multiply(8), unit.multiply(2), 4, -4, 1);
  }

  /** The tokens a·unit/q and b·unit/q with d = 1: as two sequences (L = 1) or as one (L = 2). */
  private static SeparatedEmbedding scalars(
      int length, BigFraction unit, BigFraction gammaMin, BigFraction gammaMax, BigFraction epsilon, int a, int b, int q) {
    BigFraction x = unit.multiply(a).divide(q);
    BigFraction y = unit.multiply(b).divide(q);
    List<ExactMatrix> sequences =
        length == 1 ? List.of(ExactMatrix.of(1, 1, x), ExactMatrix.of(1, 1, y)) : List.of(ExactMatrix.of(1, 2, x, y));
    return new SeparatedEmbedding(sequences, gammaMin, gammaMax, epsilon);
  }

  /** The lemma as stated, for whichever map, on one exact instance. */
  static Property<SeparatedEmbedding> asStated(String reading, String instance, SeparatedEmbedding embedding) {
    return new Property<>(
        new StatedClaim<>("lemma-4.4", reading,
            "Some map is a (γ, δ)-contextual mapping with γ = γ_max + ε/4 and δ = exp(−5 ε⁻¹|𝒱|⁴ d κ γ_max log L), which needs "
                + "δ < 2γ: " + instance,
            ContextualMapping::necessary, SeparatedEmbedding::show),
        Arbitraries.just(embedding));
  }

  /**
   * The lemma as stated, for every single-head attention, on the sequence of {@link #closeTokens}, which scale does not
   * exclude.
   *
   * <p>For d = 1 an attention is given by w = W_O W_V and β = W_Kᵀ W_Q. With tokens 0 &lt; x &lt; y = (1 + η) x, h = y −
   * x, σ the logistic function and ξ = β x h, the two means are a(x) = x + h σ(ξ) and a(y) = x + h σ((1 + η) ξ). As σ'(t)
   * = 1/(4 cosh²(t/2)) falls with |t|, and cosh²(ξ/2) ≥ 1 + ξ²/4 ≥ |ξ|, they differ by at most h η |ξ| σ'(ξ) ≤ h η/4.
   * With residual, |x + w a(x)| &lt; γ and a(x) &gt; x give |w| &lt; (γ + x)/x, so the context IDs are less than h + (γ +
   * x) η²/4 apart; without, |w a(x)| &lt; γ gives |w| &lt; γ/x, and they are less than γ η²/4 apart.
   *
   * @param exponent the tokens are 4·2^exponent and 5·2^exponent, and δ = 2^−1280
   */
  static Property<SeparatedEmbedding> closeTokens(String reading, int exponent) {
    boolean residual = reading.equals("residual");
    return new Property<>(
        new StatedClaim<>("lemma-4.4", reading,
            "Some attention layer with one head is a (γ, δ)-contextual mapping with the γ and δ as stated, on one sequence of two "
                + "tokens 0 < x < y = (1+η)x, d = 1, where δ < 2γ, but "
                + (residual ? "all such layers with context IDs shorter than γ give IDs less than (y−x) + (γ+x)η²/4 apart"
                    : "all such layers, without residual, with context IDs shorter than γ give IDs less than γη²/4 apart"),
            embedding -> {
              BigFraction x = embedding.sequences().get(0).get(0);
              BigFraction h = embedding.sequences().get(0).get(1).subtract(x);
              BigFraction quarter = h.divide(x).pow(2).divide(4);
              Expression reach = residual
                  ? of(h).plus(gamma(embedding).plus(of(x)).hadamard(of(quarter)))
                  : gamma(embedding).hadamard(of(quarter));
              List<Inequality> all = new ArrayList<>(necessary(embedding));
              all.add(delta(embedding).lessThan(reach, residual ? "δ < (y−x) + (γ+x)η²/4" : "δ < γη²/4"));
              return all;
            },
            SeparatedEmbedding::show),
        Arbitraries.just(
            scalars(2, BigFraction.ONE, new BigFraction(3), new BigFraction(6), new BigFraction(3, 4), 4, 5, 1)
                .times(BigFraction.TWO.pow(exponent))));
  }

  /** The hypotheses of the lemma, and last δ &lt; 2γ. */
  private static List<Inequality> necessary(SeparatedEmbedding embedding) {
    List<Inequality> all = new ArrayList<>(Separation.hypotheses(embedding));
    all.add(delta(embedding).lessThan(gamma(embedding).plus(gamma(embedding)), "δ < 2γ"));
    return all;
  }

  /** δ = exp(−5 ε⁻¹|𝒱|⁴ d κ γ_max log L), κ = γ_max/γ_min. */
  static Expression delta(SeparatedEmbedding embedding) {
    BigFraction factor = new BigFraction(-5).divide(embedding.epsilon())
        .multiply(new BigFraction(Vocabulary.of(embedding.sequences()).size()).pow(4)).multiply(embedding.tokenSize())
        .multiply(embedding.gammaMax().pow(2)).divide(embedding.gammaMin());
    return of(factor).hadamard(of(embedding.length()).log()).exp();
  }

  /** γ = γ_max + ε/4. */
  static Expression gamma(SeparatedEmbedding embedding) {
    return of(embedding.gammaMax().add(embedding.epsilon().divide(4)));
  }
}
