package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.arbitrary.SeparatedEmbedding;
import plumbline.properties.arbitrary.SeparatedEmbeddings;
import plumbline.properties.arbitrary.Tape;
import plumbline.reference.layer.ResidualAttention;
import plumbline.spec.claim.Inequality;
import plumbline.spec.number.ExactMatrix;

/**
 * Section 4: {@code def-4.1}, {@code def-4.2}, {@code def-4.3} and {@code lemma-4.4}.
 *
 * <p><b>Lemma 4.4 as stated is false.</b> Two context IDs below γ in norm are less than 2γ apart, so a (γ, δ)-contextual mapping
 * that has two context IDs to separate needs δ &lt; 2γ, whatever the map. But the lemma's δ is 1 for L = 1, and for every L it
 * stays the same when all tokens are made smaller, while γ shrinks with them.
 *
 * <p><b>The amended statement</b> is Theorem 2 of arXiv 2307.14023, with the weights of its proof. They are made rational so that
 * every hypothesis stays exact or certified: v is a rational unit vector; K = uᵀu' is a rational a little above the
 * irrational K* = (|𝒱|+1)⁴ π d (2 ln L + 3) / (8 ε γ_min) of the proof. The proof needs K ≥ K* for the scores to be far enough
 * apart, and K·max‖x‖ ≤ K*·γ_max, so that δ, which contains K*·γ_max, still bounds what K gives; as tokens are strictly shorter
 * than γ_max there is room for both, and both are certified with each case.
 */
final class ContextualMapping {
  private static final String LITERAL = "literal";
  private static final BigFraction PI_BELOW = new BigFraction(333, 106);
  private static final BigFraction PI_ABOVE = new BigFraction(355, 113);
  /** Upper bounds of ln 2, ln 3 and ln 4 within 10⁻⁷. */
  private static final int[] LOG_ABOVE = {6_931_472, 10_986_123, 13_862_944};

  /**
   * An embedding with the weights of the amended lemma.
   *
   * @param v the unit vector v, d×1
   * @param k K = uᵀu'
   */
  record Weighted(SeparatedEmbedding embedding, ExactMatrix v, BigFraction k) {

    /** The attention with W_K = vᵀ, W_Q = K vᵀ, W_V = vᵀ (so u = u'' = 1) and W_O = ε/(4 γ_max) e_1; s = 1. */
    ResidualAttention attention() {
      int d = v.rows();
      BigFraction[] output = new BigFraction[d];
      BigFraction[] row = new BigFraction[d];
      BigFraction[] query = new BigFraction[d];
      for (int i = 0; i < d; i++) {
        output[i] = i == 0 ? embedding.epsilon().divide(embedding.gammaMax().multiply(4)) : BigFraction.ZERO;
        row[i] = v.get(i);
        query[i] = v.get(i).multiply(k);
      }
      ExactMatrix vt = ExactMatrix.of(1, d, row);
      return new ResidualAttention(ExactMatrix.of(d, 1, output), vt, vt, ExactMatrix.of(1, d, query));
    }
  }

  /**
   * Two vectors for the Boltzmann operator.
   *
   * @param a a row of n ≥ 2 numbers
   * @param b another
   */
  record Scores(ExactMatrix a, ExactMatrix b) {}

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

  /** The hypotheses of the lemma, and last δ &lt; 2γ. */
  private static List<Inequality> necessary(SeparatedEmbedding embedding) {
    List<Inequality> all = new ArrayList<>(Separation.tokenwise(embedding));
    BigFraction factor = new BigFraction(-5).divide(embedding.epsilon())
        .multiply(new BigFraction(Vocabulary.of(embedding.sequences()).size()).pow(4)).multiply(embedding.tokenSize())
        .multiply(embedding.gammaMax().pow(2)).divide(embedding.gammaMin());
    Expression delta = of(factor).hadamard(of(embedding.length()).log()).exp();
    all.add(delta.lessThan(gamma(embedding).plus(gamma(embedding)), "δ < 2γ"));
    return all;
  }

  /** γ = γ_max + ε/4. */
  private static Expression gamma(SeparatedEmbedding embedding) {
    return of(embedding.gammaMax().add(embedding.epsilon().divide(4)));
  }

  /** The amended lemma on embeddings whose precision a default audit can afford. */
  static Property<Weighted> amended() {
    return amended(2, 2, 3, 2);
  }

  /** The amended lemma on random embeddings of at most the given sizes; L at most 4. */
  static Property<Weighted> amended(int maxTokenSize, int maxLength, int maxVocabulary, int maxSequences) {
    return new Property<>(
        new StatedClaim<>("lemma-4.4", "amended",
            "For separated sequences without duplicates, L ≥ 2, attention with residual and the rank-1 weights of arXiv "
                + "2307.14023 is a (γ, δ)-contextual mapping with γ = γ_max + ε/4 and the δ of its Theorem 2 (d ≤ " + maxTokenSize
                + ", L ≤ " + maxLength + ", |𝒱| ≤ " + maxVocabulary + ")",
            ContextualMapping::constructed, ContextualMapping::show),
        weighted(maxTokenSize, maxLength, maxVocabulary, maxSequences));
  }

  private static List<Inequality> constructed(Weighted input) {
    SeparatedEmbedding embedding = input.embedding;
    List<ExactMatrix> sequences = embedding.sequences();
    List<ExactMatrix> tokens = Vocabulary.of(sequences).tokens();
    Expression v = of(input.v);
    List<Inequality> all = new ArrayList<>(Separation.tokenwise(embedding));

    // The direction: all differences of 𝒱 ∪ {0}.
    List<Expression> points = new ArrayList<>(tokens.stream().map(Expression::of).toList());
    points.add(of(ExactMatrix.zeros(v.rows(), 1)));
    Expression squares = Separation.distances(points);
    Expression projections =
        Separation.distances(points.stream().map(x -> v.transpose().times(x)).toList());
    BigFraction vocabulary4 = new BigFraction(tokens.size() + 1).pow(4);
    all.add(v.transpose().times(v).equalTo(of(1), "‖v‖² = 1"));
    all.add(projections.atMost(squares, "(vᵀ(x−x'))² ≤ ‖x−x'‖²"));
    all.add(squares.scaledBy(of(8)).atMost(
        projections.scaledBy(Expression.pi().hadamard(of(vocabulary4.multiply(v.rows())))),
        "8 ‖x−x'‖² ≤ (|𝒱|+1)⁴ π d (vᵀ(x−x'))²"));

    // The scale of the scores.
    Expression logarithm = of(embedding.length()).log();
    Expression gap = logarithm.plus(logarithm).plus(of(3));
    Expression spread = Expression.pi().hadamard(gap).hadamard(of(vocabulary4.multiply(v.rows())));
    Expression least = spread.hadamard(of(embedding.epsilon().multiply(embedding.gammaMin()).multiply(8).reciprocal()));
    Expression longest = Separation.columns(tokens.stream().map(Expression::of).toList())
        .squaredNormsOfColumns().maxOfRows().sqrt();
    all.add(least.atMost(of(input.k), "K* ≤ K"));
    all.add(of(input.k).hadamard(longest).atMost(least.scaledBy(of(embedding.gammaMax())), "K max‖x‖ ≤ K* γ_max"));

    // δ = 2 (ln L)² ε² γ_min / (γ_max² (|𝒱|+1)⁴ (2 ln L + 3) π d) · exp(−(|𝒱|+1)⁴ (2 ln L + 3) π d γ_max² / (4 ε γ_min)).
    BigFraction front = embedding.epsilon().pow(2).multiply(embedding.gammaMin()).multiply(2)
        .divide(embedding.gammaMax().pow(2));
    BigFraction rate = embedding.gammaMax().pow(2).divide(embedding.epsilon().multiply(embedding.gammaMin()).multiply(4));
    Expression delta = logarithm.square().hadamard(of(front)).dividedBy(spread)
        .hadamard(spread.hadamard(of(rate)).negate().exp());

    ResidualAttention attention = input.attention();
    List<Expression> images = sequences.stream().map(z -> attention.apply(of(z))).toList();
    all.addAll(Separation.contextual(sequences, images, gamma(embedding), delta));
    return all;
  }

  private static Map<String, ExactMatrix> show(Weighted input) {
    Map<String, ExactMatrix> shown = new LinkedHashMap<>(input.embedding.show());
    shown.put("v", input.v);
    shown.put("K", ExactMatrix.of(1, 1, input.k));
    return shown;
  }

  private static Arbitrary<Weighted> weighted(int maxTokenSize, int maxLength, int maxVocabulary, int maxSequences) {
    return Tape.read(100, tape -> {
      int seed = tape.between(0, 1_000_000);
      return weigh(SeparatedEmbeddings.draw(tape, maxTokenSize, maxLength, maxVocabulary, maxSequences), seed);
    });
  }

  /** Chooses the weights for an embedding; directions are tried until one is certified. */
  static Weighted weigh(SeparatedEmbedding embedding, int seed) {
    List<ExactMatrix> tokens = Vocabulary.of(embedding.sequences()).tokens();
    BigFraction vocabulary4 = new BigFraction(tokens.size() + 1).pow(4);
    int d = embedding.tokenSize();
    BigFraction gap = new BigFraction(LOG_ABOVE[embedding.length() - 2], 10_000_000).multiply(2).add(3);
    BigFraction k = vocabulary4.multiply(PI_ABOVE).multiply(d).multiply(gap)
        .divide(embedding.epsilon().multiply(embedding.gammaMin()).multiply(8));
    Random random = new Random(seed);
    ExactMatrix v = direction(random, d);
    while (!spreads(v, tokens, vocabulary4.multiply(d).multiply(PI_BELOW))) {
      v = direction(random, d);
    }
    return new Weighted(embedding, v, k);
  }

  /** Whether 8‖x−x'‖² ≤ factor·(vᵀ(x−x'))² for all x, x' in 𝒱 ∪ {0}. */
  private static boolean spreads(ExactMatrix v, List<ExactMatrix> tokens, BigFraction factor) {
    List<ExactMatrix> points = new ArrayList<>(tokens);
    points.add(ExactMatrix.zeros(v.rows(), 1));
    for (ExactMatrix x : points) {
      for (ExactMatrix y : points) {
        BigFraction square = BigFraction.ZERO;
        BigFraction projection = BigFraction.ZERO;
        for (int i = 0; i < v.rows(); i++) {
          BigFraction difference = x.get(i).subtract(y.get(i));
          square = square.add(difference.pow(2));
          projection = projection.add(difference.multiply(v.get(i)));
        }
        if (square.multiply(8).compareTo(factor.multiply(projection.pow(2))) > 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** A random unit vector with rational entries: the inverse stereographic projection of a rational point. */
  private static ExactMatrix direction(Random random, int d) {
    BigFraction[] point = new BigFraction[d - 1];
    BigFraction square = BigFraction.ZERO;
    for (int i = 0; i < d - 1; i++) {
      point[i] = new BigFraction(random.nextInt(129) - 64, 32);
      square = square.add(point[i].pow(2));
    }
    BigFraction[] v = new BigFraction[d];
    for (int i = 0; i < d - 1; i++) {
      v[i] = point[i].multiply(2).divide(square.add(1));
    }
    v[d - 1] = BigFraction.ONE.subtract(square).divide(square.add(1));
    return ExactMatrix.of(d, 1, v);
  }

  /** The engine of the proof. */
  static Property<Scores> boltzmann() {
    return new Property<>(
        new StatedClaim<>("lemma-4.4", "amended",
            "The Boltzmann operator separates: if a ≠ b have n ≥ 2 entries each, different entries more than 2 ln n + 3 apart "
                + "within each and across both, and none above r in absolute value, then |boltz(a) − boltz(b)| > (ln n)² e^(−2r)",
            scores -> {
              Expression a = of(scores.a);
              Expression b = of(scores.b);
              Expression r = a.largestEntry().max(b.largestEntry());
              Expression bound = of(a.columns()).log().square().hadamard(r.plus(r).negate().exp());
              return List.of(bound.lessThan(boltz(a).minus(boltz(b)).abs(), "(ln n)² e^(−2r) < |boltz(a) − boltz(b)|"));
            },
            scores -> Map.of("a", scores.a, "b", scores.b)),
        Tape.read(40, tape -> {
          int n = tape.between(2, 4);
          BigFraction gap = gap(n);
          List<BigFraction> levels = new ArrayList<>();
          BigFraction level = gap.multiply(-tape.between(0, n));
          for (int k = 0; k < n + 2; k++) {
            levels.add(level);
            level = level.add(gap).add(new BigFraction(tape.between(0, 8), 4));
          }
          BigFraction[] a = pick(tape, levels, n, -1);
          return new Scores(ExactMatrix.of(1, n, a), ExactMatrix.of(1, n, pick(tape, levels, n, levels.indexOf(a[0]))));
        }));
  }

  /** A little above 2 ln n + 3, for n from 2 to 4. */
  static BigFraction gap(int n) {
    return new BigFraction(new int[] {44, 52, 58}[n - 2], 10);
  }

  /** n different levels, sorted, the level {@code without} not among them. */
  private static BigFraction[] pick(Tape tape, List<BigFraction> levels, int n, int without) {
    List<BigFraction> left = new ArrayList<>(levels);
    if (without >= 0) {
      left.remove(without);
    }
    List<BigFraction> picked = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      picked.add(left.remove(tape.between(0, left.size() - 1)));
    }
    picked.sort(Comparator.naturalOrder());
    return picked.toArray(new BigFraction[0]);
  }

  /** boltz(a) = Σ a_i softmax(a)_i. */
  private static Expression boltz(Expression a) {
    return a.hadamard(a.softmaxRows()).sum();
  }
}
