package plumbline.tck;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import plumbline.properties.operator.OperatorCase;
import plumbline.properties.vector.GoldenVector;

/**
 * The feed-forward layer X + W_2 ReLU(W_1 X + b_1) + b_2 (Definition B.5, {@code def-b.5}); tokens are columns.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public abstract class FeedForwardConformance<A> extends Conformance<A> {
  private static final int D = 3;
  private static final int L = 4;
  private static final int C = 5;

  protected FeedForwardConformance() {
    super("def-b.5");
  }

  /**
   * The implementation. It may change its arguments.
   *
   * @param x tokens as columns, d×l
   * @param w1 c×d
   * @param b1 c
   * @param w2 d×c
   * @param b2 d
   * @return d×l
   */
  protected abstract A feedForward(A x, A w1, A b1, A w2, A b2, int d, int l, int c);

  /** Whether X is added to the result. */
  protected boolean residual() {
    return true;
  }

  private String reading() {
    return residual() ? "residual" : "plain";
  }

  @Override
  final A compute(OperatorCase inputs) {
    int[] shape = tensor(inputs, "x").shape();
    return feedForward(array(inputs, "x"), array(inputs, "w_1"), array(inputs, "b_1"), array(inputs, "w_2"), array(inputs, "b_2"),
        shape[0], shape[1], tensor(inputs, "b_1").size());
  }

  @Override
  final boolean applies(GoldenVector vector) {
    return parameter(vector.inputs(), "reading").equals(reading());
  }

  private Computed of(String name, double[] x, double[] w1, double[] b1, double[] w2, double[] b2) {
    return of(name, D, L, C, x, w1, b1, w2, b2);
  }

  private Computed of(String name, int d, int l, int c, double[] x, double[] w1, double[] b1, double[] w2, double[] b2) {
    return computed(name, inputs(Map.of("reading", reading()), "x", matrix(d, l, x), "w_1", matrix(c, d, w1), "b_1", vector(b1),
        "w_2", matrix(d, c, w2), "b_2", vector(b2)));
  }

  private double[] tensor(int salt, int size) {
    return coarse(random(salt), size);
  }

  @Test
  public void required_defB5_tokensAreIndependent() {
    double[] x = tensor(1, D * L);
    double[] other = x.clone();
    for (int e = 0; e < other.length; e++) {
      other[e] = e % L == 0 ? x[e] : -x[e] - 1;
    }
    requireEqual("token 0 does not depend on the others", of("ffn(x)", x, tensor(2, C * D), tensor(3, C), tensor(4, D * C), tensor(5, D)),
        1, of("ffn(x with other tokens)", other, tensor(2, C * D), tensor(3, C), tensor(4, D * C), tensor(5, D)),
        e -> e % L == 0 ? e : -1);
  }

  @Test
  public void required_defB5_permutationEquivariance() {
    double[] x = tensor(6, D * L);
    requireEqual("tokens in another order give results in that order",
        of("ffn(x)", x, tensor(7, C * D), tensor(8, C), tensor(9, D * C), tensor(10, D)), 1,
        of("ffn(x reversed)", permuted(x, FeedForwardConformance::mirrored), tensor(7, C * D), tensor(8, C), tensor(9, D * C),
            tensor(10, D)), FeedForwardConformance::mirrored);
  }

  private static int mirrored(int e) {
    return e / L * L + L - 1 - e % L;
  }

  @Test
  public void required_defB5_deadNeuronsDoNothing() {
    requireConforming(of("b_1 = −100", tensor(11, D * L), tensor(12, C * D), filled(C, -100), tensor(13, D * C), tensor(14, D)),
        "; likely bug: another activation than max(x, 0)");
  }

  @Test
  public void required_defB5_zeroWeightsLeaveTheBias() {
    requireConforming(of("W_2 = 0", tensor(15, D * L), tensor(16, C * D), tensor(17, C), filled(D * C, 0), tensor(18, D)), "");
  }

  @Test
  public void required_defB5_positivelyHomogeneousWithoutBiases() {
    double[] x = tensor(19, D * L);
    requireEqual("2·ffn(x) = ffn(2x) without biases", of("ffn(x)", x, tensor(20, C * D), filled(C, 0), tensor(21, D * C), filled(D, 0)),
        2, of("ffn(2x)", scaled(x, 2), tensor(20, C * D), filled(C, 0), tensor(21, D * C), filled(D, 0)), e -> e);
  }

  @Test
  public void stochastic_defB5_randomTokens() {
    Random random = random(22);
    for (int k = 0; k < 20; k++) {
      int d = 1 + random.nextInt(6);
      int l = 1 + random.nextInt(6);
      int c = 1 + random.nextInt(20);
      requireConforming(of("random tokens " + k, d, l, c, uniform(random, d * l, 2), uniform(random, c * d, 1), uniform(random, c, 1),
          uniform(random, d * c, 1), uniform(random, d, 1)), "; -Dplumbline.seed=" + seed());
    }
  }

  @Test
  public void optional_defB5_nanStaysInItsToken() {
    optional(() -> {
      double[] y = numbers(feedForward(array(new double[] {Double.NaN, 1}), array(new double[] {1}), array(new double[] {0}),
          array(new double[] {1}), array(new double[] {0}), 1, 2, 1));
      if (!Double.isNaN(y[0]) || Double.isNaN(y[1])) {
        throw new AssertionError("the tokens NaN and 1 give " + java.util.Arrays.toString(y));
      }
    });
  }

  @Test
  public void untested_defB5_otherMachines() {
    untested(OTHER_MACHINES);
  }
}
