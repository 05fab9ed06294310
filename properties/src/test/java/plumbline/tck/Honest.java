package plumbline.tck;

import java.util.Arrays;
import plumbline.reference.layer.Rescaling;

/** Layers as an honest programmer writes them, in float32 and in binary64. Nested classes are run by {@link TckTest}. */
final class Honest {

  private Honest() {}

  // float32: each operation in float, exp through double.

  static float[] product(float[] a, float[] b, int n, int k, int m) {
    float[] y = new float[n * m];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < m; j++) {
        float sum = 0;
        for (int l = 0; l < k; l++) {
          sum += a[i * k + l] * b[l * m + j];
        }
        y[i * m + j] = sum;
      }
    }
    return y;
  }

  static float[] transpose(float[] a, int n, int m) {
    float[] y = new float[n * m];
    for (int e = 0; e < y.length; e++) {
      y[e] = a[e % n * m + e / n];
    }
    return y;
  }

  static float[] softmax(float[] z, int n, int m) {
    float[] y = new float[n * m];
    for (int i = 0; i < n; i++) {
      float largest = Float.NEGATIVE_INFINITY;
      for (int j = 0; j < m; j++) {
        largest = Math.max(largest, z[i * m + j]);
      }
      float sum = 0;
      for (int j = 0; j < m; j++) {
        y[i * m + j] = (float) Math.exp(z[i * m + j] - largest);
        sum += y[i * m + j];
      }
      for (int j = 0; j < m; j++) {
        y[i * m + j] /= sum;
      }
    }
    return y;
  }

  static float[] attention(float[] x, float[] wq, float[] wk, float[] wv, int n, int d) {
    float[] scores = product(product(x, wq, n, d, d), transpose(product(x, wk, n, d, d), n, d), n, d, n);
    return product(softmax(scores, n, n), product(x, wv, n, d, d), n, n, d);
  }

  static float[] feedForward(float[] x, float[] w1, float[] b1, float[] w2, float[] b2, int d, int l, int c, boolean residual) {
    float[] hidden = product(w1, x, c, d, l);
    for (int e = 0; e < hidden.length; e++) {
      hidden[e] = Math.max(0, hidden[e] + b1[e / l]);
    }
    float[] y = product(w2, hidden, d, c, l);
    for (int e = 0; e < y.length; e++) {
      y[e] = (y[e] + b2[e / l]) + (residual ? x[e] : 0);
    }
    return y;
  }

  static float[] convolve(float[] x, float[] kernels, float[] bias, int h, int w, int in, int out) {
    float[] y = new float[h * w * out];
    for (int i = 0; i < h; i++) {
      for (int j = 0; j < w; j++) {
        for (int o = 0; o < out; o++) {
          float sum = bias[o];
          for (int m = 0; m < 3; m++) {
            for (int n = 0; n < 3; n++) {
              for (int c = 0; c < in; c++) {
                int row = i + m - 1;
                int column = j + n - 1;
                if (row >= 0 && row < h && column >= 0 && column < w) {
                  sum += x[(row * w + column) * in + c] * kernels[((o * 3 + m) * 3 + n) * in + c];
                }
              }
            }
          }
          y[(i * w + j) * out + o] = sum;
        }
      }
    }
    return y;
  }

  static float[] mlp(float[] x, float[] w, float[] b, int n, int c, int d) {
    float[] y = product(x, w, n, c, d);
    for (int e = 0; e < y.length; e++) {
      y[e] += b[e % d];
    }
    return y;
  }

  static float[] layerNorm(float[] x, int n, int c, float epsilon) {
    float[] y = new float[n * c];
    for (int i = 0; i < n; i++) {
      float sum = 0;
      for (int j = 0; j < c; j++) {
        sum += x[i * c + j];
      }
      float mean = sum / c;
      float squares = 0;
      for (int j = 0; j < c; j++) {
        float centred = x[i * c + j] - mean;
        squares += centred * centred;
      }
      float deviation = (float) Math.sqrt(squares / c + epsilon);
      for (int j = 0; j < c; j++) {
        y[i * c + j] = (x[i * c + j] - mean) / deviation;
      }
    }
    return y;
  }

  /** Where an output sample lies between input samples, and how it weighs them. */
  interface Axis {
    float[] weights(int from, int to);
  }

  /** Bicubic with half-pixel centres, a = −3/4 and a replicated border. */
  static final Axis BICUBIC = (from, to) -> bicubic(from, to, -0.75f, (float) from / to, 0.5f);

  static final Axis LINEAR = (from, to) -> {
    float[] weights = new float[to * from];
    for (int i = 0; i < to; i++) {
      float u = (i + 0.5f) * ((float) from / to) - 0.5f;
      int first = (int) Math.floor(u);
      float phase = u - first;
      weights[i * from + Math.max(0, Math.min(from - 1, first))] += 1 - phase;
      weights[i * from + Math.max(0, Math.min(from - 1, first + 1))] += phase;
    }
    return weights;
  };

  static final Axis NEAREST = (from, to) -> {
    float[] weights = new float[to * from];
    for (int i = 0; i < to; i++) {
      weights[i * from + i * from / to] = 1;
    }
    return weights;
  };

  static final Axis AREA = (from, to) -> {
    float[] weights = new float[to * from];
    int r = from / to;
    for (int e = 0; e < weights.length; e++) {
      weights[e] = e % from / r == e / from ? 1f / r : 0;
    }
    return weights;
  };

  static float[] bicubic(int from, int to, float a, float step, float centre) {
    float[] weights = new float[to * from];
    for (int i = 0; i < to; i++) {
      float u = (i + centre) * step - centre;
      int first = (int) Math.floor(u);
      for (int s = -1; s <= 2; s++) {
        float t = Math.abs(u - first - s);
        float weight = t <= 1 ? ((a + 2) * t - (a + 3)) * t * t + 1 : t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0;
        weights[i * from + Math.max(0, Math.min(from - 1, first + s))] += weight;
      }
    }
    return weights;
  }

  static float[] resample(float[] x, int h, int w, int c, int height, int width, Axis axis) {
    float[] rows = product(axis.weights(h, height), x, height, h, w * c);
    float[] columns = axis.weights(w, width);
    float[] y = new float[height * width * c];
    for (int i = 0; i < height; i++) {
      System.arraycopy(product(columns, Arrays.copyOfRange(rows, i * w * c, (i + 1) * w * c), width, w, c), 0, y, i * width * c,
          width * c);
    }
    return y;
  }

  static class Softmax32 extends SoftmaxConformance<float[]> {
    @Override
    protected float[] softmax(float[] scores, int rows, int columns) {
      return Honest.softmax(scores, rows, columns);
    }
  }

  static class Attention32 extends AttentionConformance<float[]> {
    @Override
    protected float[] attention(float[] x, float[] wq, float[] wk, float[] wv, int n, int d) {
      return Honest.attention(x, wq, wk, wv, n, d);
    }
  }

  static class FeedForward32 extends FeedForwardConformance<float[]> {
    @Override
    protected float[] feedForward(float[] x, float[] w1, float[] b1, float[] w2, float[] b2, int d, int l, int c) {
      return Honest.feedForward(x, w1, b1, w2, b2, d, l, c, residual());
    }
  }

  static class PlainFeedForward32 extends FeedForward32 {
    @Override
    protected boolean residual() {
      return false;
    }
  }

  static class Convolution32 extends ConvolutionConformance<float[]> {
    @Override
    protected float[] convolve(float[] x, float[] kernels, float[] bias, int h, int w, int in, int out) {
      return Honest.convolve(x, kernels, bias, h, w, in, out);
    }
  }

  static class Mlp32 extends MlpConformance<float[]> {
    @Override
    protected float[] mlp(float[] x, float[] w, float[] b, int n, int c, int d) {
      return Honest.mlp(x, w, b, n, c, d);
    }
  }

  static class LayerNorm32 extends LayerNormConformance<float[]> {
    @Override
    protected float[] layerNorm(float[] x, int n, int c, double epsilon) {
      return Honest.layerNorm(x, n, c, (float) epsilon);
    }
  }

  static class Interpolation32 extends InterpolationConformance<float[]> {
    @Override
    protected float[] interpolate(float[] x, int h, int w, int c, int height, int width) {
      return resample(x, h, w, c, height, width, BICUBIC);
    }
  }

  static class UpLinear32 extends RescalingConformance<float[]> {
    UpLinear32() {
      super(Rescaling.Direction.UP, Rescaling.Reading.LINEAR);
    }

    @Override
    protected float[] rescale(float[] x, int h, int w, int c, int factor) {
      return resample(x, h, w, c, h * factor, w * factor, LINEAR);
    }
  }

  static class UpNearest32 extends RescalingConformance<float[]> {
    UpNearest32() {
      super(Rescaling.Direction.UP, Rescaling.Reading.NEAREST);
    }

    @Override
    protected float[] rescale(float[] x, int h, int w, int c, int factor) {
      return resample(x, h, w, c, h * factor, w * factor, NEAREST);
    }
  }

  static class DownArea32 extends RescalingConformance<float[]> {
    DownArea32() {
      super(Rescaling.Direction.DOWN, Rescaling.Reading.AREA);
    }

    @Override
    protected float[] rescale(float[] x, int h, int w, int c, int factor) {
      return resample(x, h, w, c, h / factor, w / factor, AREA);
    }
  }

  static class Product32 extends MatrixProductConformance<float[]> {
    @Override
    protected float[] multiply(float[] a, float[] b, int n, int k, int m) {
      return product(a, b, n, k, m);
    }
  }

  // binary64.

  static double[] product(double[] a, double[] b, int n, int k, int m) {
    double[] y = new double[n * m];
    for (int i = 0; i < n; i++) {
      for (int l = 0; l < k; l++) {
        for (int j = 0; j < m; j++) {
          y[i * m + j] = Math.fma(a[i * k + l], b[l * m + j], y[i * m + j]);
        }
      }
    }
    return y;
  }

  static double[] transpose(double[] a, int n, int m) {
    double[] y = new double[n * m];
    Arrays.setAll(y, e -> a[e % n * m + e / n]);
    return y;
  }

  static double[] softmax(double[] z, int n, int m) {
    double[] y = new double[n * m];
    for (int i = 0; i < n; i++) {
      double largest = Arrays.stream(z, i * m, i * m + m).max().orElse(0);
      double sum = 0;
      for (int e = i * m; e < i * m + m; e++) {
        y[e] = Math.exp(z[e] - largest);
        sum += y[e];
      }
      for (int e = i * m; e < i * m + m; e++) {
        y[e] /= sum;
      }
    }
    return y;
  }

  static class Softmax64 extends SoftmaxConformance<double[]> {
    @Override
    protected double[] softmax(double[] scores, int rows, int columns) {
      return Honest.softmax(scores, rows, columns);
    }
  }

  static class Attention64 extends AttentionConformance<double[]> {
    @Override
    protected double[] attention(double[] x, double[] wq, double[] wk, double[] wv, int n, int d) {
      double[] scores = product(product(x, wq, n, d, d), transpose(product(x, wk, n, d, d), n, d), n, d, n);
      return product(Honest.softmax(scores, n, n), product(x, wv, n, d, d), n, n, d);
    }
  }

  static class Product64 extends MatrixProductConformance<double[]> {
    @Override
    protected double[] multiply(double[] a, double[] b, int n, int k, int m) {
      return product(a, b, n, k, m);
    }
  }

  static class Mlp64 extends MlpConformance<double[]> {
    @Override
    protected double[] mlp(double[] x, double[] w, double[] b, int n, int c, int d) {
      double[] y = product(x, w, n, c, d);
      Arrays.setAll(y, e -> y[e] + b[e % d]);
      return y;
    }
  }

  static class FeedForward64 extends FeedForwardConformance<double[]> {
    @Override
    protected double[] feedForward(double[] x, double[] w1, double[] b1, double[] w2, double[] b2, int d, int l, int c) {
      double[] hidden = product(w1, x, c, d, l);
      Arrays.setAll(hidden, e -> Math.max(0, hidden[e] + b1[e / l]));
      double[] y = product(w2, hidden, d, c, l);
      Arrays.setAll(y, e -> x[e] + (y[e] + b2[e / l]));
      return y;
    }
  }

  static class LayerNorm64 extends LayerNormConformance<double[]> {
    @Override
    protected double[] layerNorm(double[] x, int n, int c, double epsilon) {
      double[] y = new double[n * c];
      for (int i = 0; i < n; i++) {
        double mean = Arrays.stream(x, i * c, i * c + c).sum() / c;
        double squares = 0;
        for (int e = i * c; e < i * c + c; e++) {
          squares += (x[e] - mean) * (x[e] - mean);
        }
        for (int e = i * c; e < i * c + c; e++) {
          y[e] = (x[e] - mean) / Math.sqrt(squares / c + epsilon);
        }
      }
      return y;
    }
  }
}
