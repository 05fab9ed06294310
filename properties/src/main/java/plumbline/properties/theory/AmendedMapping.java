package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.SeparatedEmbedding;
import plumbline.properties.arbitrary.SeparatedEmbeddings;
import plumbline.properties.arbitrary.Tape;
import plumbline.reference.layer.Attention;
import plumbline.spec.claim.Inequality;
import plumbline.spec.number.ExactMatrix;

/**
 * Amended statements of {@code lemma-4.4}, with weights that meet them.
 *
 * <p><b>Theorem 2 of arXiv 2307.14023</b>, with the weights of its proof made rational, so that every hypothesis stays
 * exact or certified ({@link RankOne#sharp}). The proof needs K ≥ K* for the scores to be far enough apart, and K·max‖x‖
 * ≤ K*·γ_max, so that δ, which contains K*·γ_max, still bounds what K gives; as tokens are strictly shorter than γ_max
 * there is room for both, and both are certified with each case.
 *
 * <p><b>The lemma's own δ, made to scale with the tokens</b>, δ = (ε/2) exp(−5 ε⁻¹|𝒱|⁴ d κ γ_max log L), is met with room
 * to spare by weights that keep the scores small ({@link RankOne#mild}), with residual and, in the paper's own attention,
 * without.
 *
 * <p>The context IDs of two different tokens are compared as the layer computes them: with residual they are more than
 * ε/2 apart, which exceeds δ. Those of one token in two contexts may agree to a hundred thousand digits; their distance
 * is written by {@link SoftmaxMean}.
 */
final class AmendedMapping {
  /** The name of the inequality whose ratios are (ε/2)/δ: with {@link #CONTEXTS}, what is claimed against what is true. */
  static final String CLAIMED = "δ < ε/2";
  /** The name of the inequality whose ratios are true separation/δ, over the tokens that stand in two contexts. */
  static final String CONTEXTS = "δ < ‖q(Z^(i))_{:,k} − q(Z^(j))_{:,l}‖ for equal tokens";

  private AmendedMapping() {}

  /** Theorem 2 of arXiv 2307.14023 on random embeddings in which some token stands in two contexts; L at most 4. */
  static Property<RankOne> theorem2(int maxTokenSize, int maxLength, int maxVocabulary, int maxSequences) {
    return new Property<>(
        new StatedClaim<>("lemma-4.4", "amended",
            "For separated sequences without duplicates, attention with residual and the rank-1 weights of arXiv "
                + "2307.14023, K* rounded up to a rational K, is a (γ, δ)-contextual mapping with γ = γ_max + ε/4 and the δ of its Theorem 2"
                + sizes(maxTokenSize, maxLength, maxVocabulary, maxSequences),
            input -> {
              List<Inequality> all = new ArrayList<>(Separation.hypotheses(input.embedding()));
              all.addAll(hypotheses(input));
              all.addAll(residual(input, theorem2Delta(input.embedding())));
              return all;
            },
            RankOne::show),
        weighted(maxTokenSize, maxLength, maxVocabulary, maxSequences, RankOne::sharp));
  }

  /** The lemma's own γ and a δ that scales with the tokens, met by weights that keep the scores small. */
  static Property<RankOne> scaled(int maxTokenSize, int maxLength, int maxVocabulary, int maxSequences) {
    return new Property<>(
        new StatedClaim<>("lemma-4.4", "amended-scale",
            "For separated sequences without duplicates, attention with residual and rank-1 weights with K = 1/γ_max² is a "
                + "(γ, δ)-contextual mapping with γ = γ_max + ε/4 and δ = (ε/2) exp(−5 ε⁻¹|𝒱|⁴ d κ γ_max log L)"
                + sizes(maxTokenSize, maxLength, maxVocabulary, maxSequences),
            input -> {
              List<Inequality> all = new ArrayList<>(Separation.hypotheses(input.embedding()));
              all.addAll(residual(input, scaledDelta(input.embedding())));
              return all;
            },
            RankOne::show),
        weighted(maxTokenSize, maxLength, maxVocabulary, maxSequences, AmendedMapping::scaledMild));
  }

  /** The same for the paper's own attention, which need not even leave the ball of the tokens. */
  static Property<RankOne> paperAttention(int maxTokenSize, int maxLength, int maxVocabulary, int maxSequences) {
    return new Property<>(
        new StatedClaim<>("lemma-4.4", "amended-paper-attention",
            "For separated sequences without duplicates, the attention of Definition B.3 with W_V = I and W_Q W_Kᵀ = K v vᵀ, "
                + "K = 1/γ_max², is a (γ_max, δ)-contextual mapping with δ = (ε/2) exp(−5 ε⁻¹|𝒱|⁴ d κ γ_max log L)"
                + sizes(maxTokenSize, maxLength, maxVocabulary, maxSequences),
            input -> {
              SeparatedEmbedding embedding = input.embedding();
              Attention attention = input.paper();
              Expression gamma = of(embedding.gammaMax());
              Expression delta = scaledDelta(embedding);
              List<Inequality> all = new ArrayList<>(Separation.hypotheses(embedding));
              all.add(delta.lessThan(of(embedding.epsilon().divide(2)), CLAIMED));
              all.addAll(Separation.contextual(embedding.sequences(),
                  embedding.sequences().stream().map(z -> attention.apply(of(z).transpose()).transpose()).toList(),
                  gamma, delta));
              return all;
            },
            RankOne::show),
        weighted(maxTokenSize, maxLength, maxVocabulary, maxSequences, AmendedMapping::scaledMild));
  }

  /**
   * With large scores, too, the paper's own attention gives different context IDs, if only far behind the point. The means are
   * those of {@link SoftmaxMean}, and different by the theorem of Lindemann and Weierstrass for every rational K ≠ 0: an
   * equality would hold for all K; as P(K) = Σ_{y ∈ 𝒱^(i)} e^(K vᵀx vᵀy) has mean (ln P)'/vᵀx, (ln P − ln L)/vᵀx would be one
   * function for both, whose expansion for K → ∞ has the constant −ln L/vᵀx. So x = x', then P = P', and 𝒱^(i) = 𝒱^(j).
   */
  static Property<RankOne> paperAttentionDiffers(int maxTokenSize, int maxLength, int maxVocabulary, int maxSequences) {
    return new Property<>(
        new StatedClaim<>("lemma-4.4", "amended-paper-attention",
            "With the K of Theorem 2 of arXiv 2307.14023, the attention of Definition B.3 with W_V = I and W_Q W_Kᵀ = K v vᵀ "
                + "gives context IDs that all differ along v" + sizes(maxTokenSize, maxLength, maxVocabulary, maxSequences),
            input -> {
              List<Inequality> all = new ArrayList<>(Separation.hypotheses(input.embedding()));
              all.add(of(0).lessThan(Separation.least(input.means()), "0 < |vᵀq(Z^(i))_{:,k} − vᵀq(Z^(j))_{:,l}|"));
              return all;
            },
            RankOne::show),
        weighted(maxTokenSize, maxLength, maxVocabulary, maxSequences, RankOne::sharp));
  }

  /** Weights for the embedding at some scale. */
  private static RankOne scaledMild(SeparatedEmbedding embedding, int seed) {
    int[] exponents = {0, 0, -100, 100};
    return RankOne.mild(embedding.times(BigFraction.TWO.pow(exponents[seed % exponents.length])), seed);
  }

  /**
   * The lemma as stated where the tokens are not small: some weights meet it. Those of the proof of Theorem 2 alone do
   * not always, as {@link #sharpWeights} shows.
   */
  static Property<RankOne> atModerateScale(int maxTokenSize, int maxLength, int maxVocabulary, int maxSequences) {
    return new Property<>(
        new StatedClaim<>("lemma-4.4", "amended-scale",
            "On separated sequences without duplicates whose tokens are longer than 1/8, attention with residual and rank-1 "
                + "weights with K = 1/γ_max² meets γ and δ as stated"
                + sizes(maxTokenSize, maxLength, maxVocabulary, maxSequences),
            input -> {
              List<Inequality> all = new ArrayList<>(Separation.hypotheses(input.embedding()));
              all.add(of(new BigFraction(1, 8)).atMost(of(input.embedding().gammaMin()), "1/8 ≤ γ_min"));
              all.addAll(residual(input, ContextualMapping.delta(input.embedding())));
              return all;
            },
            RankOne::show),
        weighted(maxTokenSize, maxLength, maxVocabulary, maxSequences, RankOne::mild));
  }

  /**
   * The weights of Theorem 2 on an embedding that scale does not exclude and on which they miss the δ as stated. That
   * they do says nothing about other weights.
   */
  static Property<RankOne> sharpWeights() {
    return new Property<>(
        new StatedClaim<>("lemma-4.4", "amended",
            "The weights of Theorem 2 do not prove the lemma as stated: on one embedding with δ < 2γ they give a token two "
                + "context IDs that are less than δ = exp(−5 ε⁻¹|𝒱|⁴ d κ γ_max log L) apart",
            input -> {
              Expression delta = ContextualMapping.delta(input.embedding());
              Expression gamma = ContextualMapping.gamma(input.embedding());
              List<Inequality> all = new ArrayList<>(Separation.hypotheses(input.embedding()));
              all.addAll(hypotheses(input));
              all.add(delta.lessThan(gamma.plus(gamma), "δ < 2γ"));
              all.add(Separation.least(input.contexts())
                  .lessThan(delta, "‖q(Z^(i))_{:,k} − q(Z^(j))_{:,l}‖ < δ for equal tokens"));
              return all;
            },
            RankOne::show),
        Arbitraries.just(RankOne.sharp(missed(), 0)));
  }

  /** (3, 1) and (3, −1), d = 1. */
  static SeparatedEmbedding missed() {
    return new SeparatedEmbedding(
        List.of(ExactMatrix.ofIntegers(1, 2, 3, 1), ExactMatrix.ofIntegers(1, 2, 3, -1)),
        new BigFraction(15, 16), new BigFraction(49, 16), new BigFraction(15, 8));
  }

  private static String sizes(int maxTokenSize, int maxLength, int maxVocabulary, int maxSequences) {
    return " (d ≤ " + maxTokenSize + ", 2 ≤ L ≤ " + maxLength + ", |𝒱| ≤ " + maxVocabulary + ", 2 ≤ N ≤ " + maxSequences + ")";
  }

  /** (ε/2) exp(−5 ε⁻¹|𝒱|⁴ d κ γ_max log L). */
  private static Expression scaledDelta(SeparatedEmbedding embedding) {
    return ContextualMapping.delta(embedding).hadamard(of(embedding.epsilon().divide(2)));
  }

  /** Random embeddings with a token in two contexts, and weights for them. */
  static Arbitrary<RankOne> weighted(int maxTokenSize, int maxLength, int maxVocabulary, int maxSequences,
      BiFunction<SeparatedEmbedding, Integer, RankOne> weights) {
    return Tape.read(100, tape -> {
      int seed = tape.between(0, 1_000_000);
      return weights.apply(
          SeparatedEmbeddings.drawContexts(tape, maxTokenSize, maxLength, maxVocabulary, maxSequences), seed);
    });
  }

  /** What the proof of Theorem 2 of arXiv 2307.14023 needs of v and K. */
  private static List<Inequality> hypotheses(RankOne input) {
    SeparatedEmbedding embedding = input.embedding();
    List<ExactMatrix> tokens = Vocabulary.of(embedding.sequences()).tokens();
    Expression v = of(input.v());
    List<Inequality> all = new ArrayList<>();

    // The direction: all differences of 𝒱 ∪ {0}.
    List<Expression> points = new ArrayList<>(tokens.stream().map(Expression::of).toList());
    points.add(of(ExactMatrix.zeros(embedding.tokenSize(), 1)));
    Expression squares = Separation.distances(points);
    Expression projections =
        Separation.distances(points.stream().map(x -> v.transpose().times(x)).toList());
    all.add(v.transpose().times(v).equalTo(of(1), "‖v‖² = 1"));
    all.add(projections.atMost(squares, "(vᵀ(x−x'))² ≤ ‖x−x'‖²"));
    all.add(squares.scaledBy(of(8)).atMost(
        projections.scaledBy(
            Expression.pi().hadamard(of(RankOne.vocabulary4(embedding).multiply(embedding.tokenSize())))),
        "8 ‖x−x'‖² ≤ (|𝒱|+1)⁴ π d (vᵀ(x−x'))²"));

    // The scale of the scores.
    Expression least = spread(embedding)
        .hadamard(of(embedding.epsilon().multiply(embedding.gammaMin()).multiply(8).reciprocal()));
    Expression longest = Separation.columns(tokens.stream().map(Expression::of).toList())
        .squaredNormsOfColumns().maxOfRows().sqrt();
    all.add(least.atMost(of(input.k()), "K* ≤ K"));
    all.add(of(input.k()).hadamard(longest).atMost(least.scaledBy(of(embedding.gammaMax())), "K max‖x‖ ≤ K* γ_max"));
    return all;
  }

  /** (|𝒱|+1)⁴ π d (2 ln L + 3). */
  private static Expression spread(SeparatedEmbedding embedding) {
    Expression logarithm = of(embedding.length()).log();
    return Expression.pi().hadamard(logarithm.plus(logarithm).plus(of(3)))
        .hadamard(of(RankOne.vocabulary4(embedding).multiply(embedding.tokenSize())));
  }

  /** δ = 2 (ln L)² ε² γ_min / (γ_max² (|𝒱|+1)⁴ (2 ln L + 3) π d) · exp(−(|𝒱|+1)⁴ (2 ln L + 3) π d γ_max² / (4 ε γ_min)). */
  static Expression theorem2Delta(SeparatedEmbedding embedding) {
    BigFraction front = embedding.epsilon().pow(2).multiply(embedding.gammaMin()).multiply(2)
        .divide(embedding.gammaMax().pow(2));
    BigFraction rate = embedding.gammaMax().pow(2).divide(embedding.epsilon().multiply(embedding.gammaMin()).multiply(4));
    Expression spread = spread(embedding);
    return of(embedding.length()).log().square().hadamard(of(front)).dividedBy(spread)
        .hadamard(spread.hadamard(of(rate)).negate().exp());
  }

  /** That the attention with residual is a (γ_max + ε/4, δ)-contextual mapping. */
  private static List<Inequality> residual(RankOne input, Expression delta) {
    List<ExactMatrix> sequences = input.embedding().sequences();
    List<Expression> images = sequences.stream().map(z -> input.residual().apply(of(z))).toList();
    Expression gamma = ContextualMapping.gamma(input.embedding());
    List<Inequality> all = new ArrayList<>();
    BigFraction half = input.embedding().epsilon().divide(2);
    all.add(Separation.sensitivity(images, gamma));
    all.add(delta.lessThan(of(half), CLAIMED));
    all.add(of(half.pow(2)).lessThan(Separation.least(Separation.squaredDistances(images,
        Separation.pairs(sequences).stream().filter(pair -> !pair.sameToken()).toList())),
        "(ε/2)² < ‖q(Z^(i))_{:,k} − q(Z^(j))_{:,l}‖² for different tokens"));
    List<Expression> contexts = input.contexts();
    if (!contexts.isEmpty()) {
      all.add(delta.lessThan(Separation.least(contexts), CONTEXTS));
    }
    return all;
  }
}
