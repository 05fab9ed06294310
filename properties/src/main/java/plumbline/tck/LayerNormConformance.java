package plumbline.tck;

import java.util.Map;
import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import plumbline.properties.operator.OperatorCase;
import plumbline.properties.vector.GoldenVector;

/**
 * Layer norm (Definition C.9, {@code def-c.9}): each row less its mean, divided by √(σ² + ε) with the biased variance σ².
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public abstract class LayerNormConformance<A> extends Conformance<A> {
  private static final int N = 3;
  private static final int C = 6;
  private static final String ORDINARY = "0.00390625";

  protected LayerNormConformance() {
    super("def-c.9");
  }

  /** The implementation, without scale and shift: n×c to n×c. It may change {@code x}. */
  protected abstract A layerNorm(A x, int n, int c, double epsilon);

  /** The one ε that the implementation has, as a decimal such as {@code 1e-5}; {@code null} if it takes any. */
  protected @Nullable String fixedEpsilon() {
    return null;
  }

  private String epsilon(String wanted) {
    String fixed = fixedEpsilon();
    return fixed == null ? wanted : fixed;
  }

  @Override
  final A compute(OperatorCase inputs) {
    int[] shape = tensor(inputs, "x").shape();
    return layerNorm(array(inputs, "x"), shape[0], shape[1], Double.parseDouble(parameter(inputs, "epsilon")));
  }

  @Override
  final boolean applies(GoldenVector vector) {
    String epsilon = parameter(vector.inputs(), "epsilon");
    return epsilon(epsilon).equals(epsilon);
  }

  private Computed of(String name, int n, int c, double... x) {
    return computed(name, inputs(Map.of("epsilon", epsilon(ORDINARY)), "x", matrix(n, c, x)));
  }

  @Test
  public void required_defC9_rowsHaveMeanZero() {
    Computed y = of("layer norm", N, C, coarse(random(1), N * C));
    for (int row = 0; row < N; row++) {
      BigFraction sum = BigFraction.ZERO;
      BigFraction allowed = BigFraction.ZERO;
      for (int e = row * C; e < row * C + C; e++) {
        requireNumber("an entry", y, e);
        sum = sum.add(y.value(e));
        allowed = allowed.add(y.error(e));
      }
      requireAtMost("row " + row + " sums to " + sum.doubleValue() + ", not 0", sum.abs(), allowed);
    }
  }

  @Test
  public void required_defC9_shiftInvariance() {
    double[] x = coarse(random(2), N * C);
    requireEqual("layer norm of x + 4 is that of x", of("layer norm of x", N, C, x), of("layer norm of x + 4", N, C,
        sum(x, filled(x.length, 4))));
  }

  @Test
  public void required_defC9_oddSymmetry() {
    double[] x = coarse(random(3), N * C);
    requireEqual("layer norm of −x is minus that of x", of("layer norm of x", N, C, x), -1, of("layer norm of −x", N, C, scaled(x, -1)),
        e -> e);
  }

  @Test
  public void required_defC9_permutationEquivariance() {
    double[] x = coarse(random(4), N * C);
    requireEqual("the order of channels does not matter", of("layer norm of x", N, C, x), 1,
        of("layer norm of x reversed", N, C, permuted(x, LayerNormConformance::mirrored)), LayerNormConformance::mirrored);
  }

  private static int mirrored(int e) {
    return e / C * C + C - 1 - e % C;
  }

  @Test
  public void required_defC9_tokensAreIndependent() {
    double[] x = coarse(random(5), N * C);
    double[] other = x.clone();
    for (int e = C; e < other.length; e++) {
      other[e] = 3 * x[e] - 1 + e;
    }
    requireEqual("row 0 does not depend on the others", of("layer norm of x", N, C, x), 1,
        of("layer norm of x with other rows", N, C, other), e -> e < C ? e : -1);
  }

  @Test
  public void stochastic_defC9_randomTokens() {
    Random random = random(6);
    for (int k = 0; k < 30; k++) {
      int n = 1 + random.nextInt(4);
      int c = 2 + random.nextInt(30);
      requireConforming(of("random tokens " + k, n, c, uniform(random, n * c, 4)), "; -Dplumbline.seed=" + seed());
    }
  }

  @Test
  public void optional_defC9_nanStaysInItsToken() {
    optional(() -> {
      double[] y = numbers(layerNorm(array(new double[] {Double.NaN, 1, 1, 2}), 2, 2, Double.parseDouble(epsilon(ORDINARY))));
      if (!Double.isNaN(y[0]) || !Double.isNaN(y[1]) || Double.isNaN(y[2]) || Double.isNaN(y[3])) {
        throw new AssertionError("the rows (NaN, 1) and (1, 2) give " + java.util.Arrays.toString(y));
      }
    });
  }

  @Test
  public void untested_defC9_otherMachines() {
    untested(OTHER_MACHINES);
  }
}
