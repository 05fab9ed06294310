package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitrary;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.arbitrary.SeparatedEmbedding;
import plumbline.properties.arbitrary.SeparatedEmbeddings;
import plumbline.properties.arbitrary.Tape;
import plumbline.spec.claim.Inequality;
import plumbline.spec.number.ExactMatrix;

/**
 * Amended statements of {@code lemma-4.4}, with weights that meet them.
 *
 * <p><b>Theorem 2 of arXiv 2307.14023</b>, with the weights of its proof made rational, so that every hypothesis stays exact or
 * certified ({@link RankOne#sharp}). The proof needs K ≥ K* for the scores to be far enough apart, and K·max‖x‖ ≤ K*·γ_max, so
 * that δ, which contains K*·γ_max, still bounds what K gives; as tokens are strictly shorter than γ_max there is room for both,
 * and both are certified with each case.
 *
 * <p>The context IDs of two different tokens are compared as the layer computes them: they are more than ε/2 apart. Those of
 * one token in two contexts may agree to a hundred thousand digits; their distance is written by {@link SoftmaxMean}.
 */
final class AmendedMapping {
  /** The name of the inequality whose ratios are γ/δ: what is claimed, in units of γ. */
  static final String CLAIMED = "δ < γ";
  /** The name of the inequality whose ratios are true separation/δ, over the tokens that stand in two contexts. */
  static final String CONTEXTS = "δ < ‖q(Z^(i))_{:,k} − q(Z^(j))_{:,l}‖ for equal tokens";
  private static final String TOKENS = "δ² < ‖q(Z^(i))_{:,k} − q(Z^(j))_{:,l}‖² for different tokens";

  private AmendedMapping() {}

  /** Theorem 2 of arXiv 2307.14023 on random embeddings in which some token stands in two contexts; L at most 4. */
  static Property<RankOne> theorem2(int maxTokenSize, int maxLength, int maxVocabulary, int maxSequences) {
    return new Property<>(
        new StatedClaim<>("lemma-4.4", "amended",
            "For separated sequences without duplicates, L ≥ 2, attention with residual and the rank-1 weights of arXiv "
                + "2307.14023 is a (γ, δ)-contextual mapping with γ = γ_max + ε/4 and the δ of its Theorem 2 (d ≤ " + maxTokenSize
                + ", L ≤ " + maxLength + ", |𝒱| ≤ " + maxVocabulary + ", 2 ≤ N ≤ " + maxSequences + ")",
            input -> {
              List<Inequality> all = new ArrayList<>(Separation.tokenwise(input.embedding()));
              all.addAll(hypotheses(input));
              all.addAll(residual(input, theorem2Delta(input.embedding())));
              return all;
            },
            RankOne::show),
        weighted(maxTokenSize, maxLength, maxVocabulary, maxSequences, RankOne::sharp));
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
    all.add(delta.lessThan(gamma, CLAIMED));
    all.add(Separation.sensitivity(images, gamma));
    all.add(delta.square().lessThan(Separation.least(Separation.squaredDistances(images,
        Separation.pairs(sequences).stream().filter(pair -> !pair.sameToken()).toList())), TOKENS));
    List<Expression> contexts = input.contexts();
    if (!contexts.isEmpty()) {
      all.add(delta.lessThan(Separation.least(contexts), CONTEXTS));
    }
    return all;
  }
}
