package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.arbitrary.SeparatedEmbedding;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.ResidualAttention;
import plumbline.spec.number.ExactMatrix;

/**
 * An embedding with rank-1 attention weights for it ({@code lemma-4.4}): the scores of the tokens x and y are K (vᵀx)(vᵀy).
 *
 * @param v a rational unit vector, d×1, that keeps the tokens apart: vᵀx = vᵀx' only for x = x', and vᵀx ≠ 0
 * @param k K = uᵀu'
 */
record RankOne(SeparatedEmbedding embedding, ExactMatrix v, BigFraction k) {
  private static final BigFraction PI_BELOW = new BigFraction(333, 106);
  private static final BigFraction PI_ABOVE = new BigFraction(355, 113);
  /** Upper bounds of ln 2, ln 3 and ln 4 within 10⁻⁷. */
  private static final int[] LOG_ABOVE = {6_931_472, 10_986_123, 13_862_944};

  /**
   * The weights of arXiv 2307.14023 for an embedding, made rational: K is a little above the K* = (|𝒱|+1)⁴ π d (2 ln L +
   * 3) / (8 ε γ_min) of the proof; directions v are tried until one is certified.
   */
  static RankOne sharp(SeparatedEmbedding embedding, int seed) {
    BigFraction gap = new BigFraction(LOG_ABOVE[embedding.length() - 2], 10_000_000).multiply(2).add(3);
    return new RankOne(embedding, direction(embedding, seed),
        vocabulary4(embedding).multiply(PI_ABOVE).multiply(embedding.tokenSize()).multiply(gap)
            .divide(embedding.epsilon().multiply(embedding.gammaMin()).multiply(8)));
  }

  /** The same direction with K = 1/γ_max²: no score exceeds 1, and the softmax is far from its limits. */
  static RankOne mild(SeparatedEmbedding embedding, int seed) {
    return new RankOne(embedding, direction(embedding, seed), embedding.gammaMax().pow(2).reciprocal());
  }

  /** (|𝒱|+1)⁴. */
  static BigFraction vocabulary4(SeparatedEmbedding embedding) {
    return new BigFraction(Vocabulary.of(embedding.sequences()).size() + 1).pow(4);
  }

  /** ‖W_O u''‖ = ε/(4 γ_max): what attention adds to a token is shorter than ε/4. */
  BigFraction output() {
    return embedding.epsilon().divide(embedding.gammaMax().multiply(4));
  }

  /** The attention with residual: W_K = vᵀ, W_Q = K vᵀ, W_V = vᵀ (so u = u'' = 1) and W_O = ε/(4 γ_max) e_1; s = 1. */
  ResidualAttention residual() {
    int d = v.rows();
    BigFraction[] output = new BigFraction[d];
    BigFraction[] row = new BigFraction[d];
    BigFraction[] query = new BigFraction[d];
    for (int i = 0; i < d; i++) {
      output[i] = i == 0 ? output() : BigFraction.ZERO;
      row[i] = v.get(i);
      query[i] = v.get(i).multiply(k);
    }
    ExactMatrix vt = ExactMatrix.of(1, d, row);
    return new ResidualAttention(ExactMatrix.of(d, 1, output), vt, vt, ExactMatrix.of(1, d, query));
  }

  /** The paper's own attention ({@code def-b.3}) with W_Q = K v vᵀ, W_K = v vᵀ (so W_Q W_Kᵀ = K v vᵀ) and W_V the identity. */
  Attention paper() {
    int d = v.rows();
    BigFraction[] keys = new BigFraction[d * d];
    BigFraction[] queries = new BigFraction[d * d];
    BigFraction[] identity = new BigFraction[d * d];
    for (int e = 0; e < d * d; e++) {
      keys[e] = v.get(e / d).multiply(v.get(e % d));
      queries[e] = keys[e].multiply(k);
      identity[e] = e / d == e % d ? BigFraction.ONE : BigFraction.ZERO;
    }
    return new Attention(
        ExactMatrix.of(d, d, queries), ExactMatrix.of(d, d, keys), ExactMatrix.of(d, d, identity));
  }

  /** m(K vᵀx; vᵀ𝒱^(i)) for x = Z^(i)_{:,k}: {@link #residual} adds ε/(4 γ_max) times this along e_1 to x. */
  SoftmaxMean mean(int i, int k) {
    ExactMatrix z = embedding.sequences().get(i);
    return new SoftmaxMean(this.k.multiply(project(v, Vocabulary.token(z, k))),
        IntStream.range(0, z.columns()).mapToObj(l -> project(v, Vocabulary.token(z, l))).toList());
  }

  /**
   * The distances of the context IDs that {@link #residual} gives to one token in two contexts, ε/(4 γ_max) |m − m'|, as
   * formulas free of cancellation: the token itself is the same on both sides.
   */
  List<Expression> contexts() {
    return Separation.pairs(embedding.sequences()).stream().filter(Separation.Pair::sameToken)
        .map(pair -> difference(pair).hadamard(of(output()))).toList();
  }

  /** The distances along v of the context IDs that {@link #paper} gives, |m − m'|, of all that are to be apart. */
  List<Expression> means() {
    return Separation.pairs(embedding.sequences()).stream().map(this::difference).toList();
  }

  private Expression difference(Separation.Pair pair) {
    return mean(pair.i(), pair.k()).minus(mean(pair.j(), pair.l())).abs();
  }

  /** The embedding with v and K, by name. */
  Map<String, ExactMatrix> show() {
    Map<String, ExactMatrix> shown = new LinkedHashMap<>(embedding.show());
    shown.put("v", v);
    shown.put("K", ExactMatrix.of(1, 1, k));
    return shown;
  }

  /** A unit vector v with 8‖x−x'‖² ≤ (|𝒱|+1)⁴ π d (vᵀ(x−x'))² for all x, x' ∈ 𝒱 ∪ {0}. */
  private static ExactMatrix direction(SeparatedEmbedding embedding, int seed) {
    List<ExactMatrix> points = new ArrayList<>(Vocabulary.of(embedding.sequences()).tokens());
    points.add(ExactMatrix.zeros(embedding.tokenSize(), 1));
    BigFraction factor = vocabulary4(embedding).multiply(embedding.tokenSize()).multiply(PI_BELOW);
    Random random = new Random(seed);
    ExactMatrix v = unitVector(random, embedding.tokenSize());
    while (!spreads(v, points, factor)) {
      v = unitVector(random, embedding.tokenSize());
    }
    return v;
  }

  /** Whether 8‖x−x'‖² ≤ factor·(vᵀ(x−x'))² for all points x, x'. */
  private static boolean spreads(ExactMatrix v, List<ExactMatrix> points, BigFraction factor) {
    for (ExactMatrix x : points) {
      for (ExactMatrix y : points) {
        BigFraction square = BigFraction.ZERO;
        for (int i = 0; i < v.rows(); i++) {
          square = square.add(x.get(i).subtract(y.get(i)).pow(2));
        }
        BigFraction projection = project(v, x).subtract(project(v, y));
        if (square.multiply(8).compareTo(factor.multiply(projection.pow(2))) > 0) {
          return false;
        }
      }
    }
    return true;
  }

  private static BigFraction project(ExactMatrix v, ExactMatrix x) {
    BigFraction sum = BigFraction.ZERO;
    for (int i = 0; i < v.rows(); i++) {
      sum = sum.add(v.get(i).multiply(x.get(i)));
    }
    return sum;
  }

  /** A random unit vector with rational entries: the inverse stereographic projection of a rational point. */
  private static ExactMatrix unitVector(Random random, int d) {
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
}
