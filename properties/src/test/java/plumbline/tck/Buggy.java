package plumbline.tck;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import plumbline.reference.envelope.Format;
import plumbline.reference.layer.Rescaling;

/** Implementations with one bug each. */
final class Buggy {
  /** Tests that must fail, by suite. */
  static final Map<Class<?>, List<String>> EXPECTED = new LinkedHashMap<>();

  static {
    EXPECTED.put(NaiveSoftmax.class, List.of("required_defB1_largeScoresDoNotOverflow", "def-b.1/large-scores"));
    EXPECTED.put(ColumnSoftmax.class, List.of("required_defB1_rowsSumToOne", "required_defB1_rowsAreIndependent", "def-b.1/wrong-axis"));
    EXPECTED.put(CoarseSoftmax.class, List.of("stochastic_defB1_randomScores", "def-b.1/wide-row"));
    EXPECTED.put(TinySoftmax.class, List.of("stochastic_defB1_randomScores"));
    EXPECTED.put(SoftmaxOfSomeRows.class, List.of("def-b.1/no-rows"));
    EXPECTED.put(NullSoftmax.class, List.of("def-b.1/no-rows", "required_defB1_rowsSumToOne"));
    EXPECTED.put(LongSoftmax.class, List.of("def-b.1/wrong-axis"));
    EXPECTED.put(ScaledAttention.class, List.of("required_defB3_scoresAreNotScaled", "def-b.3/random"));
    EXPECTED.put(CausalAttention.class, List.of("required_defB3_laterTokensAreSeen", "required_defB3_permutationEquivariance",
        "def-b.3/causal-mask"));
    EXPECTED.put(UnprojectedAttention.class, List.of("required_defB3_oneTokenIsItsValue", "required_defB3_linearInTheValueWeights"));
    EXPECTED.put(LeakyFeedForward.class, List.of("required_defB5_deadNeuronsDoNothing", "def-b.5/small-activations"));
    EXPECTED.put(FeedForwardWithoutResidual.class, List.of("def-b.5/residual", "required_defB5_zeroWeightsLeaveTheBias"));
    EXPECTED.put(FlippedConvolution.class, List.of("required_defB6_theKernelIsNotFlipped", "def-b.6/impulse"));
    EXPECTED.put(CircularConvolution.class, List.of("required_defB6_zeroOutside", "def-b.6/ones"));
    EXPECTED.put(TransposedMlp.class, List.of("def-c.8/transposed-weights"));
    EXPECTED.put(UnbiasedLayerNorm.class, List.of("def-c.9/biased-variance", "stochastic_defC9_randomTokens"));
    EXPECTED.put(LayerNormWithoutMean.class, List.of("required_defC9_shiftInvariance", "required_defC9_rowsHaveMeanZero"));
    EXPECTED.put(OtherBicubic.class, List.of("def-3.2/half-pixel-centres", "stochastic_def32_randomMaps"));
    EXPECTED.put(WithoutHalfPixel.class, List.of("def-3.2/half-pixel-centres"));
    EXPECTED.put(NearestForLinear.class, List.of("def-c.1/linear", "stochastic_defC1C2_randomMaps"));
    EXPECTED.put(HalfPrecisionProduct.class, List.of("stochastic_defC8_randomMatrices", "def-c.8/cancellation"));
    EXPECTED.put(FloatProductAsDouble.class, List.of("stochastic_defC8_randomMatrices"));
  }

  private Buggy() {}

  static class NaiveSoftmax extends SoftmaxConformance<float[]> {
    @Override
    protected float[] softmax(float[] scores, int rows, int columns) {
      float[] y = new float[scores.length];
      for (int row = 0; row < rows; row++) {
        float sum = 0;
        for (int e = row * columns; e < (row + 1) * columns; e++) {
          y[e] = (float) Math.exp(scores[e]);
          sum += y[e];
        }
        for (int e = row * columns; e < (row + 1) * columns; e++) {
          y[e] /= sum;
        }
      }
      return y;
    }
  }

  static class ColumnSoftmax extends Honest.Softmax32 {
    @Override
    protected float[] softmax(float[] scores, int rows, int columns) {
      return Honest.transpose(super.softmax(Honest.transpose(scores, rows, columns), columns, rows), columns, rows);
    }
  }

  /** An exponential with a relative error of 10^−4. */
  static class CoarseSoftmax extends Honest.Softmax32 {
    @Override
    protected float[] softmax(float[] scores, int rows, int columns) {
      float[] y = super.softmax(scores, rows, columns);
      for (int e = 0; e < y.length; e += 2) {
        y[e] *= 1.0001f;
      }
      return y;
    }
  }

  /** One entry is off by 3·10^−5 relatively. */
  static class TinySoftmax extends Honest.Softmax32 {
    @Override
    protected float[] softmax(float[] scores, int rows, int columns) {
      float[] y = super.softmax(scores, rows, columns);
      if (y.length > 0) {
        y[y.length - 1] *= 1.00003f;
      }
      return y;
    }
  }

  /** Raises an exception where there are no rows. */
  static class SoftmaxOfSomeRows extends Honest.Softmax32 {
    @Override
    protected float[] softmax(float[] scores, int rows, int columns) {
      float first = scores[0];
      return Float.isNaN(first) ? scores : super.softmax(scores, rows, columns);
    }
  }

  static class NullSoftmax extends Honest.Softmax32 {
    @Override
    protected float[] softmax(float[] scores, int rows, int columns) {
      return null;
    }
  }

  static class LongSoftmax extends Honest.Softmax32 {
    @Override
    protected float[] softmax(float[] scores, int rows, int columns) {
      return Arrays.copyOf(super.softmax(scores, rows, columns), rows * columns + 1);
    }
  }

  static class ScaledAttention extends Honest.Attention32 {
    @Override
    protected float[] attention(float[] x, float[] wq, float[] wk, float[] wv, int n, int d) {
      float[] scaled = wq.clone();
      for (int e = 0; e < scaled.length; e++) {
        scaled[e] /= (float) Math.sqrt(d);
      }
      return super.attention(x, scaled, wk, wv, n, d);
    }
  }

  static class CausalAttention extends Honest.Attention32 {
    @Override
    protected float[] attention(float[] x, float[] wq, float[] wk, float[] wv, int n, int d) {
      float[] y = new float[n * d];
      for (int i = 0; i < n; i++) {
        System.arraycopy(super.attention(Arrays.copyOf(x, (i + 1) * d), wq, wk, wv, i + 1, d), i * d, y, i * d, d);
      }
      return y;
    }
  }

  static class UnprojectedAttention extends Honest.Attention32 {
    @Override
    protected float[] attention(float[] x, float[] wq, float[] wk, float[] wv, int n, int d) {
      float[] identity = new float[d * d];
      for (int i = 0; i < d; i++) {
        identity[i * d + i] = 1;
      }
      return super.attention(x, wq, wk, identity, n, d);
    }
  }

  static class LeakyFeedForward extends Honest.FeedForward32 {
    @Override
    protected float[] feedForward(float[] x, float[] w1, float[] b1, float[] w2, float[] b2, int d, int l, int c) {
      float[] hidden = Honest.product(w1, x, c, d, l);
      for (int e = 0; e < hidden.length; e++) {
        float v = hidden[e] + b1[e / l];
        hidden[e] = Math.max(0.01f * v, v);
      }
      float[] y = Honest.product(w2, hidden, d, c, l);
      for (int e = 0; e < y.length; e++) {
        y[e] += b2[e / l] + x[e];
      }
      return y;
    }
  }

  static class FeedForwardWithoutResidual extends Honest.FeedForward32 {
    @Override
    protected float[] feedForward(float[] x, float[] w1, float[] b1, float[] w2, float[] b2, int d, int l, int c) {
      return Honest.feedForward(x, w1, b1, w2, b2, d, l, c, false);
    }
  }

  static class FlippedConvolution extends Honest.Convolution32 {
    @Override
    protected float[] convolve(float[] x, float[] kernels, float[] bias, int h, int w, int in, int out) {
      float[] flipped = new float[kernels.length];
      for (int e = 0; e < flipped.length; e++) {
        flipped[e] = kernels[(e / (9 * in) * 9 + 8 - e / in % 9) * in + e % in];
      }
      return super.convolve(x, flipped, bias, h, w, in, out);
    }
  }

  /** The border is that of the opposite side. */
  static class CircularConvolution extends Honest.Convolution32 {
    @Override
    protected float[] convolve(float[] x, float[] kernels, float[] bias, int h, int w, int in, int out) {
      if (h == 0 || w == 0) {
        return new float[0];
      }
      float[] wide = new float[(h + 2) * (w + 2) * in];
      for (int e = 0; e < wide.length; e++) {
        int row = Math.floorMod(e / in / (w + 2) - 1, h);
        int column = Math.floorMod(e / in % (w + 2) - 1, w);
        wide[e] = x[(row * w + column) * in + e % in];
      }
      float[] all = super.convolve(wide, kernels, bias, h + 2, w + 2, in, out);
      float[] y = new float[h * w * out];
      for (int e = 0; e < y.length; e++) {
        y[e] = all[((e / out / w + 1) * (w + 2) + e / out % w + 1) * out + e % out];
      }
      return y;
    }
  }

  static class TransposedMlp extends Honest.Mlp32 {
    @Override
    protected float[] mlp(float[] x, float[] w, float[] b, int n, int c, int d) {
      return super.mlp(x, c == d ? Honest.transpose(w, c, d) : w, b, n, c, d);
    }
  }

  static class UnbiasedLayerNorm extends Honest.LayerNorm32 {
    @Override
    protected float[] layerNorm(float[] x, int n, int c, double epsilon) {
      float[] y = super.layerNorm(x, n, c, epsilon * c / (c - 1));
      for (int e = 0; e < y.length; e++) {
        y[e] *= (float) Math.sqrt((c - 1.0) / c);
      }
      return y;
    }
  }

  static class LayerNormWithoutMean extends Honest.LayerNorm32 {
    @Override
    protected float[] layerNorm(float[] x, int n, int c, double epsilon) {
      float[] y = new float[x.length];
      for (int row = 0; row < n; row++) {
        double squares = 0;
        for (int e = row * c; e < row * c + c; e++) {
          squares += x[e] * x[e];
        }
        for (int e = row * c; e < row * c + c; e++) {
          y[e] = (float) (x[e] / Math.sqrt(squares / c + epsilon));
        }
      }
      return y;
    }
  }

  static class OtherBicubic extends Honest.Interpolation32 {
    @Override
    protected float[] interpolate(float[] x, int h, int w, int c, int height, int width) {
      return Honest.resample(x, h, w, c, height, width, (from, to) -> Honest.bicubic(from, to, -0.5f, (float) from / to, 0.5f));
    }
  }

  static class WithoutHalfPixel extends Honest.Interpolation32 {
    @Override
    protected float[] interpolate(float[] x, int h, int w, int c, int height, int width) {
      return Honest.resample(x, h, w, c, height, width, (from, to) -> Honest.bicubic(from, to, -0.75f, (float) from / to, 0));
    }
  }

  static class NearestForLinear extends RescalingConformance<float[]> {
    NearestForLinear() {
      super(Rescaling.Direction.UP, Rescaling.Reading.LINEAR);
    }

    @Override
    protected float[] rescale(float[] x, int h, int w, int c, int factor) {
      return Honest.resample(x, h, w, c, h * factor, w * factor, Honest.NEAREST);
    }
  }

  static class HalfPrecisionProduct extends Honest.Product32 {
    @Override
    protected float[] multiply(float[] a, float[] b, int n, int k, int m) {
      float[] narrow = a.clone();
      for (int e = 0; e < narrow.length; e++) {
        narrow[e] = (float) Format.TF32.round(narrow[e]);
      }
      return super.multiply(narrow, b, n, k, m);
    }
  }

  /** Claims binary64 and computes in float32. */
  static class FloatProductAsDouble extends MatrixProductConformance<double[]> {
    @Override
    protected double[] multiply(double[] a, double[] b, int n, int k, int m) {
      double[] y = Honest.product(a, b, n, k, m);
      return Arrays.stream(y).map(v -> (float) v).toArray();
    }
  }

  static class OfIntegers extends SoftmaxConformance<int[]> {
    @Override
    protected int[] softmax(int[] scores, int rows, int columns) {
      return scores;
    }
  }

  /** The type argument comes through a class in between. */
  abstract static class Between<T, N> extends SoftmaxConformance<N> {}

  static class Inherited extends Between<String, double[]> {
    @Override
    protected double[] softmax(double[] scores, int rows, int columns) {
      return Honest.softmax(scores, rows, columns);
    }
  }
}
