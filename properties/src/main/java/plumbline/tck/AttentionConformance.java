package plumbline.tck;

import java.util.Map;
import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.properties.operator.OperatorCase;
import plumbline.reference.number.Rational;
import plumbline.spec.number.ExactMatrix;

/**
 * Attention D⁻¹ A X W_V (Definition B.3, {@code def-b.3}): one head, no scaling of the scores, no mask.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public abstract class AttentionConformance<A> extends Conformance<A> {
  private static final int N = 5;
  private static final int D = 3;

  protected AttentionConformance() {
    super("def-b.3");
  }

  /**
   * The implementation. It may change its arguments.
   *
   * @param x tokens as rows, n×d
   * @param queryWeights d×d; scores are (x·queryWeights)·(x·keyWeights)ᵀ
   * @param keyWeights d×d
   * @param valueWeights d×d
   * @return n×d
   */
  protected abstract A attention(A x, A queryWeights, A keyWeights, A valueWeights, int n, int d);

  @Override
  final A compute(OperatorCase inputs) {
    int[] shape = tensor(inputs, "x").shape();
    return attention(array(inputs, "x"), array(inputs, "w_q"), array(inputs, "w_k"), array(inputs, "w_v"), shape[0], shape[1]);
  }

  private Computed of(String name, int n, int d, double[] x, double[] wq, double[] wk, double[] wv) {
    return computed(name, inputs(Map.of(), "x", matrix(n, d, x), "w_q", matrix(d, d, wq), "w_k", matrix(d, d, wk), "w_v",
        matrix(d, d, wv)));
  }

  private double[] tokens(int salt) {
    return coarse(random(salt), N * D);
  }

  private double[] weights(int salt) {
    return scaled(coarse(random(salt), D * D), 0.5);
  }

  @Test
  public void required_defB3_rowsAreConvexCombinations() {
    double[] x = tokens(1);
    double[] wv = weights(2);
    ExactMatrix values = Rational.INSTANCE.lift(ExactMatrix.of(N, D, x)).times(Rational.INSTANCE.lift(ExactMatrix.of(D, D, wv))).toExact();
    Computed y = of("attention", N, D, x, weights(3), weights(4), wv);
    for (int e = 0; e < y.size(); e++) {
      BigFraction low = values.get(0, e % D);
      BigFraction high = low;
      for (int i = 1; i < N; i++) {
        BigFraction value = values.get(i, e % D);
        low = value.compareTo(low) < 0 ? value : low;
        high = value.compareTo(high) > 0 ? value : high;
      }
      requireBetween("between the least and the largest value", y, e, low, high);
    }
  }

  @Test
  public void required_defB3_permutationEquivariance() {
    double[] x = tokens(5);
    requireEqual("tokens in another order give results in that order", of("attention(x)", N, D, x, weights(6), weights(7), weights(8)),
        1, of("attention(x reversed)", N, D, permuted(x, AttentionConformance::mirrored), weights(6), weights(7), weights(8)),
        AttentionConformance::mirrored);
  }

  private static int mirrored(int e) {
    return (N - 1 - e / D) * D + e % D;
  }

  @Test
  public void required_defB3_equalTokensGetEqualResults() {
    double[] x = tokens(9);
    System.arraycopy(x, 0, x, D, D);
    Computed y = of("attention", N, D, x, weights(10), weights(11), weights(12));
    requireEqual("tokens 0 and 1 are equal", y, 1, y, e -> e < D ? e + D : -1);
  }

  @Test
  public void required_defB3_oneTokenIsItsValue() {
    requireConforming(of("one token", 1, D, coarse(random(13), D), weights(14), weights(15), weights(16)), "");
  }

  @Test
  public void required_defB3_zeroQueriesGiveTheMeanOfTheValues() {
    requireConforming(of("zero query weights", N, D, tokens(17), filled(D * D, 0), weights(18), weights(19)), "");
  }

  @Test
  public void required_defB3_linearInTheValueWeights() {
    double[] x = tokens(20);
    double[] one = weights(21);
    double[] two = weights(22);
    requireSum("W_V ↦ attention is linear", of("attention with W", N, D, x, weights(23), weights(24), one),
        of("attention with W'", N, D, x, weights(23), weights(24), two),
        of("attention with W + W'", N, D, x, weights(23), weights(24), sum(one, two)));
  }

  @Test
  public void required_defB3_scoresAreNotScaled() {
    requireConforming(of("orthogonal tokens", 2, 2, new double[] {1, 0, 0, 1}, identity(2), identity(2), identity(2)),
        "; likely bug: scores divided by √d");
  }

  @Test
  public void required_defB3_laterTokensAreSeen() {
    requireConforming(of("two tokens", 2, 1, new double[] {1, 2}, new double[] {1}, new double[] {1}, new double[] {1}),
        "; likely bug: a causal mask");
  }

  @Test
  public void required_defB3_largeScoresDoNotOverflow() {
    requireConforming(of("large scores", 2, 1, new double[] {32, 31.5}, new double[] {1}, new double[] {1}, new double[] {1}),
        "; likely bug: exponentials of the scores themselves");
  }

  @Test
  public void stochastic_defB3_randomTokens() {
    Random random = random(25);
    for (int k = 0; k < 20; k++) {
      int n = 1 + random.nextInt(9);
      int d = 1 + random.nextInt(8);
      requireConforming(of("random tokens " + k, n, d, uniform(random, n * d, 1), uniform(random, d * d, 1), uniform(random, d * d, 1),
          uniform(random, d * d, 1)), "; -Dplumbline.seed=" + seed());
    }
  }

  @Test
  public void optional_defB3_noTokensGiveNoResults() {
    optional(() -> of("no tokens", 0, 2, new double[0], identity(2), identity(2), identity(2)));
  }

  @Test
  public void untested_defB3_otherMachines() {
    untested(OTHER_MACHINES);
  }
}
