package plumbline.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.encog.engine.network.activation.ActivationSoftMax;
import org.junit.jupiter.api.Test;

/** What the suites find in two libraries from Maven Central; the README reports it. */
class LibrariesTest {

  /** EJML 0.44.0, the float32 matrix product. */
  static class Ejml extends MatrixProductConformance<float[]> {
    @Override
    protected float[] multiply(float[] a, float[] b, int n, int k, int m) {
      FMatrixRMaj product = new FMatrixRMaj(n, m);
      CommonOps_FDRM.mult(FMatrixRMaj.wrap(n, k, a), FMatrixRMaj.wrap(k, m, b), product);
      return product.data;
    }
  }

  /** Encog 3.4, the activation function "softmax". */
  static class Encog extends SoftmaxConformance<double[]> {
    @Override
    protected double[] softmax(double[] scores, int rows, int columns) {
      for (int row = 0; row < rows; row++) {
        new ActivationSoftMax().activationFunction(scores, row * columns, columns);
      }
      return scores;
    }
  }

  @Test
  void ejmlPassesEverything() {
    assertEquals(Map.of(), TckTest.failures(Ejml.class));
  }

  /** Exponentials are clipped at 10^20, and where their sum is below 10^−13 all probabilities are taken to be equal. */
  @Test
  void encogFailsWhereScoresAreLarge() {
    Map<String, String> failures = TckTest.failures(Encog.class);
    assertEquals(Set.of("def-b.1/large-scores", "def-b.1/very-negative-scores", "def-b.1/rows-far-apart",
        "required_defB1_largeScoresDoNotOverflow", "required_defB1_shiftInvariance"), failures.keySet());
    assertTrue(failures.get("def-b.1/large-scores").contains("got 0.3333333333333333"), failures.get("def-b.1/large-scores"));
    assertTrue(failures.get("def-b.1/very-negative-scores").contains("got 0.3333333333333333"), failures.toString());
  }
}
