package plumbline.tck;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import plumbline.properties.operator.OperatorCase;

/**
 * The affine map X W + b (Definition C.8, {@code def-c.8}); tokens are rows.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public abstract class MlpConformance<A> extends Conformance<A> {
  private static final int N = 3;
  private static final int C = 4;
  private static final int D = 2;

  protected MlpConformance() {
    super("def-c.8");
  }

  /**
   * The implementation. It may change its arguments.
   *
   * @param x tokens as rows, n×c
   * @param w c×d
   * @param b d
   * @return n×d
   */
  protected abstract A mlp(A x, A w, A b, int n, int c, int d);

  @Override
  final A compute(OperatorCase inputs) {
    int[] shape = tensor(inputs, "x").shape();
    return mlp(array(inputs, "x"), array(inputs, "w"), array(inputs, "b"), shape[0], shape[1], tensor(inputs, "b").size());
  }

  private Computed of(String name, int n, int c, int d, double[] x, double[] w, double[] b) {
    return computed(name, inputs(Map.of(), "x", matrix(n, c, x), "w", matrix(c, d, w), "b", vector(b)));
  }

  @Test
  public void required_defC8_identityWeightsReturnTheTokens() {
    requireConforming(of("W = I, b = 0", N, C, C, uniform(random(1), N * C, 1), identity(C), filled(C, 0)), "");
  }

  @Test
  public void required_defC8_tokensAreIndependent() {
    double[] x = coarse(random(2), N * C);
    double[] other = x.clone();
    for (int e = C; e < other.length; e++) {
      other[e] = -x[e] - 1;
    }
    double[] w = coarse(random(3), C * D);
    double[] b = coarse(random(4), D);
    requireEqual("token 0 does not depend on the others", of("mlp(x)", N, C, D, x, w, b), 1,
        of("mlp(x with other tokens)", N, C, D, other, w, b), e -> e < D ? e : -1);
  }

  @Test
  public void required_defC8_linearWithoutBias() {
    double[] x = coarse(random(5), N * C);
    double[] other = coarse(random(6), N * C);
    double[] w = coarse(random(7), C * D);
    requireSum("mlp(x) + mlp(x') = mlp(x + x') without bias", of("mlp(x)", N, C, D, x, w, filled(D, 0)),
        of("mlp(x')", N, C, D, other, w, filled(D, 0)), of("mlp(x + x')", N, C, D, sum(x, other), w, filled(D, 0)));
  }

  @Test
  public void required_defC8_biasIsAddedToEachToken() {
    requireConforming(of("W = 0", N, C, D, coarse(random(8), N * C), filled(C * D, 0), coarse(random(9), D)), "");
  }

  @Test
  public void stochastic_defC8_randomTokens() {
    Random random = random(10);
    for (int k = 0; k < 30; k++) {
      int n = 1 + random.nextInt(5);
      int c = 1 + random.nextInt(40);
      int d = 1 + random.nextInt(5);
      requireConforming(of("random tokens " + k, n, c, d, uniform(random, n * c, 2), uniform(random, c * d, 2), uniform(random, d, 1)),
          "; -Dplumbline.seed=" + seed());
    }
  }

  @Test
  public void optional_defC8_nanStaysInItsToken() {
    optional(() -> {
      double[] y = numbers(mlp(array(new double[] {Double.NaN, 1}), array(new double[] {1}), array(new double[] {0}), 2, 1, 1));
      if (!Double.isNaN(y[0]) || Double.isNaN(y[1])) {
        throw new AssertionError("the tokens NaN and 1 give " + java.util.Arrays.toString(y));
      }
    });
  }

  @Test
  public void untested_defC8_otherMachines() {
    untested(OTHER_MACHINES);
  }
}
