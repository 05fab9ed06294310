package plumbline.tck;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import plumbline.properties.operator.OperatorCase;
import plumbline.properties.vector.GoldenVector;
import plumbline.reference.operator.Tensor;

/**
 * The matrix product, for libraries that only multiply: Definition C.8 ({@code def-c.8}) with b = 0.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public abstract class MatrixProductConformance<A> extends Conformance<A> {
  private static final int N = 3;
  private static final int K = 4;
  private static final int M = 2;

  protected MatrixProductConformance() {
    super("def-c.8");
  }

  /** The implementation: a·b for a n×k and b k×m; n×m. It may change its arguments. */
  protected abstract A multiply(A a, A b, int n, int k, int m);

  @Override
  final A compute(OperatorCase inputs) {
    int[] shape = tensor(inputs, "x").shape();
    return multiply(array(inputs, "x"), array(inputs, "w"), shape[0], shape[1], tensor(inputs, "b").size());
  }

  @Override
  final OperatorCase adapted(GoldenVector vector) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(vector.inputs().tensors());
    tensors.put("b", vector(filled(tensor(vector.inputs(), "b").size(), 0)));
    return new OperatorCase(vector.inputs().operator(), tensors, Map.of());
  }

  private Computed of(String name, int n, int k, int m, double[] a, double[] b) {
    return computed(name, inputs(Map.of(), "x", matrix(n, k, a), "w", matrix(k, m, b), "b", vector(filled(m, 0))));
  }

  @Test
  public void required_defC8_identityIsNeutral() {
    double[] a = uniform(random(1), N * K, 1);
    requireConforming(of("A·I", N, K, K, a, identity(K)), "");
    requireConforming(of("I·A", N, N, K, identity(N), a), "");
  }

  @Test
  public void required_defC8_theOrderOfTheInnerIndexDoesNotMatter() {
    double[] a = coarse(random(2), N * K);
    double[] b = coarse(random(3), K * M);
    requireEqual("columns of A and rows of B in another order", of("A·B", N, K, M, a, b), of("A·B, inner index reversed", N, K, M,
        permuted(a, e -> e / K * K + K - 1 - e % K), permuted(b, e -> (K - 1 - e / M) * M + e % M)));
  }

  @Test
  public void required_defC8_theTransposeIsTheProductOfTransposes() {
    double[] a = coarse(random(4), N * K);
    double[] b = coarse(random(5), K * M);
    requireEqual("(A·B)ᵀ = Bᵀ·Aᵀ", of("A·B", N, K, M, a, b), 1,
        of("Bᵀ·Aᵀ", M, K, N, permuted(b, e -> e % K * M + e / K), permuted(a, e -> e % N * K + e / N)), e -> e % M * N + e / M);
  }

  @Test
  public void required_defC8_linear() {
    double[] a = coarse(random(6), N * K);
    double[] other = coarse(random(7), N * K);
    double[] b = coarse(random(8), K * M);
    requireSum("A·B + A'·B = (A + A')·B", of("A·B", N, K, M, a, b), of("A'·B", N, K, M, other, b),
        of("(A + A')·B", N, K, M, sum(a, other), b));
  }

  @Test
  public void stochastic_defC8_randomMatrices() {
    Random random = random(9);
    for (int t = 0; t < 30; t++) {
      int n = 1 + random.nextInt(8);
      int k = 1 + random.nextInt(40);
      int m = 1 + random.nextInt(8);
      requireConforming(of("random matrices " + t, n, k, m, uniform(random, n * k, 2), uniform(random, k * m, 2)),
          "; -Dplumbline.seed=" + seed());
    }
  }

  @Test
  public void optional_defC8_nanTimesZeroIsNan() {
    optional(() -> {
      double[] y = numbers(multiply(array(new double[] {Double.NaN}), array(new double[] {0}), 1, 1, 1));
      if (!Double.isNaN(y[0])) {
        throw new AssertionError("NaN · 0 is " + y[0]);
      }
    });
  }

  @Test
  public void untested_defC8_otherMachines() {
    untested(OTHER_MACHINES);
  }
}
