package plumbline.properties.vector;

import java.util.function.DoubleUnaryOperator;

/** Layers as a programmer writes them, in binary64; bugs begin from these. */
final class PlainLayers {

  private PlainLayers() {}

  /** (n×k)·(k×m). */
  static double[] product(double[] a, double[] b, int n, int k, int m) {
    double[] y = new double[n * m];
    for (int i = 0; i < n; i++) {
      for (int l = 0; l < k; l++) {
        for (int j = 0; j < m; j++) {
          y[i * m + j] += a[i * k + l] * b[l * m + j];
        }
      }
    }
    return y;
  }

  static double[] softmax(double[] z, int n, int m) {
    double[] y = new double[n * m];
    for (int i = 0; i < n; i++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < m; j++) {
        largest = Math.max(largest, z[i * m + j]);
      }
      double sum = 0;
      for (int j = 0; j < m; j++) {
        y[i * m + j] = Math.exp(z[i * m + j] - largest);
        sum += y[i * m + j];
      }
      for (int j = 0; j < m; j++) {
        y[i * m + j] /= sum;
      }
    }
    return y;
  }

  static double[] attention(double[] x, double[] wq, double[] wk, double[] wv, int n, int d, boolean causal) {
    double[] q = product(x, wq, n, d, d);
    double[] k = product(x, wk, n, d, d);
    double[] scores = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int l = 0; l < d; l++) {
          scores[i * n + j] += q[i * d + l] * k[j * d + l];
        }
        if (causal && j > i) {
          scores[i * n + j] = Double.NEGATIVE_INFINITY;
        }
      }
    }
    return product(softmax(scores, n, n), product(x, wv, n, d, d), n, n, d);
  }

  /** Tokens are the columns of x, d×l; with residual. */
  static double[] feedForward(double[] x, double[] w1, double[] b1, double[] w2, double[] b2, int d, int l, int c,
      DoubleUnaryOperator activation) {
    double[] hidden = product(w1, x, c, d, l);
    for (int e = 0; e < hidden.length; e++) {
      hidden[e] = activation.applyAsDouble(hidden[e] + b1[e / l]);
    }
    double[] y = product(w2, hidden, d, c, l);
    for (int e = 0; e < y.length; e++) {
      y[e] += b2[e / l] + x[e];
    }
    return y;
  }
}
