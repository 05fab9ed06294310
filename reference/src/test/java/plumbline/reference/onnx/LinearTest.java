package plumbline.reference.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plumbline.reference.onnx.Runs.count;
import static plumbline.reference.onnx.Runs.dims;
import static plumbline.reference.onnx.Runs.f;
import static plumbline.reference.onnx.Runs.i;
import static plumbline.reference.onnx.Runs.random;
import static plumbline.reference.onnx.Runs.scalar;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import plumbline.reference.envelope.Envelope;
import plumbline.reference.envelope.EnvelopeMatrix;
import plumbline.reference.envelope.Format;
import plumbline.reference.envelope.Model;
import plumbline.reference.onnx.Runs.Op;

/** Matrix products, convolution and pooling, against loops over small integers, which doubles compute exactly. */
final class LinearTest {
  private final Random random = new Random(7);

  @Test
  void matMul() {
    Op op = Op.of("MatMul", 13);
    op.gives(dims(2, 2), new double[] {10, 13, 28, 40}, count(2, 3), count(3, 2));
    op.gives(dims(2), new double[] {5, 14}, count(2, 3), f(0, 1, 2));
    op.gives(dims(2), new double[] {10, 13}, f(0, 1, 2), count(3, 2));
    op.gives(dims(), new double[] {5}, f(0, 1, 2), f(0, 1, 2));
    op.gives(dims(2, 0), new double[0], count(2, 3), f(dims(3, 0)));
    op.gives(dims(2, 2), new double[4], f(dims(2, 0)), f(dims(0, 2)));
    op.gives(dims(0, 2, 2), new double[0], f(dims(0, 2, 3)), count(1, 3, 2));
    op.gives(dims(2, 1, 2), new double[] {2, 3, 6, 11}, count(2, 1, 2), count(2, 2));
    op.fails("inner dimensions", count(2, 3), count(2, 3));
    op.fails("scalar", count(2, 3), scalar(1));
    op.fails("pairs of matrices", count(1 << 21, 1, 1), count(1 << 21, 1, 1));
    op.fails("do not broadcast", count(2, 1, 1), count(3, 1, 1));
    op.fails("floating-point", i(dims(1, 1), 1), i(dims(1, 1), 1));
  }

  @Test
  void matMulBroadcastsBatches() {
    int[][][] cases = {{{2, 3}, {2, 3}, {2, 3}}, {{2, 3}, {}, {2, 3}}, {{}, {3}, {3}}, {{2, 1}, {3}, {2, 3}}, {{3}, {2, 1}, {2, 3}},
        {{1}, {2, 1}, {2, 1}}, {{2}, {1}, {2}}};
    for (int[][] batches : cases) {
      int n = 2;
      int k = 3;
      int m = 4;
      Literal a = random(random, Dimensions.concat(batches[0], dims(n, k)));
      Literal b = random(random, Dimensions.concat(batches[1], dims(k, m)));
      int slices = Dimensions.size(batches[2]);
      double[] expected = new double[slices * n * m];
      for (int s = 0; s < slices; s++) {
        int p = slice(batches[0], batches[2], s);
        int q = slice(batches[1], batches[2], s);
        for (int e = 0; e < n * m; e++) {
          for (int l = 0; l < k; l++) {
            expected[s * n * m + e] += a.reals()[(p * n + e / m) * k + l] * b.reals()[(q * k + l) * m + e % m];
          }
        }
      }
      Op.of("MatMul", 13).gives(Dimensions.concat(batches[2], dims(n, m)), expected, a, b);
    }
  }

  /** The slice that slice {@code s} of the broadcast batch reads; batches have at most two axes here. */
  private static int slice(int[] batch, int[] all, int s) {
    int last = all[all.length - 1];
    int row = all.length == 1 ? 0 : s / last;
    int column = s % last;
    int width = batch.length == 0 ? 1 : batch[batch.length - 1];
    int height = batch.length < 2 ? 1 : batch[0];
    return (height == 1 ? 0 : row) * width + (width == 1 ? 0 : column);
  }

  @Test
  void gemm() {
    Literal a = count(2, 3);
    Literal b = count(3, 2);
    Op.of("Gemm", 13).gives(dims(2, 2), new double[] {10, 13, 28, 40}, a, b);
    Op.of("Gemm", 13, "alpha", 0.5, "beta", 2.0).gives(dims(2, 2), new double[] {7, 10.5, 16, 24}, a, b, f(1, 2));
    Op.of("Gemm", 13, "transA", 1).gives(dims(3, 3), new double[] {9, 12, 15, 12, 17, 22, 15, 22, 29}, a, a);
    Op.of("Gemm", 7, "transB", 1).gives(dims(2, 2), new double[] {6, 15, 16, 52}, a, a, f(dims(2, 1), 1, 2));
    Op.of("Gemm", 13, "transA", 1, "transB", 1).gives(dims(3, 3), new double[] {3, 9, 15, 4, 14, 24, 5, 19, 33}, a, b);
    Op.of("Gemm", 7).fails("input 2 is missing", a, b);
    Op.of("Gemm", 13).fails("inner dimensions", a, a);
    Op.of("Gemm", 13).fails("must be a matrix", a, f(1));
    Op.of("Gemm", 13).fails("broadcast", a, b, f(1, 2, 3));
    Op.of("Gemm", 13, "transA", 2).fails("must be 0 or 1", a, b);
  }

  private static int at(Literal x, int... place) {
    int index = 0;
    for (int k = 0; k < place.length; k++) {
      if (place[k] < 0 || place[k] >= x.shape()[k]) {
        return -1;
      }
      index = index * x.shape()[k] + place[k];
    }
    return index;
  }

  /** N×C×H×W by M×(C/g)×p×q, as the definition has it. */
  private static double[] conv(Literal x, Literal w, Literal bias, int groups, int[] strides, int[] pads, int[] dilations,
      int height, int width) {
    int outputs = w.shape()[0];
    int perGroup = w.shape()[1];
    double[] y = new double[x.shape()[0] * outputs * height * width];
    for (int e = 0; e < y.length; e++) {
      int j = e % width;
      int i = e / width % height;
      int o = e / (width * height) % outputs;
      int n = e / (width * height * outputs);
      y[e] = bias == null ? 0 : bias.reals()[o];
      for (int c = 0; c < perGroup; c++) {
        for (int p = 0; p < w.shape()[2]; p++) {
          for (int q = 0; q < w.shape()[3]; q++) {
            int from = at(x, n, o / (outputs / groups) * perGroup + c, i * strides[0] + p * dilations[0] - pads[0],
                j * strides[1] + q * dilations[1] - pads[1]);
            y[e] += from < 0 ? 0 : x.reals()[from] * w.reals()[at(w, o, c, p, q)];
          }
        }
      }
    }
    return y;
  }

  @Test
  void convAgainstLoops() {
    Literal x = random(random, 2, 4, 5, 6);
    int[] one = {1, 1};
    Literal w = random(random, 6, 4, 3, 3);
    Literal bias = random(random, 6);
    Op.of("Conv", 11).gives(dims(2, 6, 3, 4), conv(x, w, null, 1, one, dims(0, 0), one, 3, 4), x, w);
    Op.of("Conv", 11, "pads", dims(1, 1, 1, 1), "kernel_shape", dims(3, 3)).gives(dims(2, 6, 5, 6),
        conv(x, w, bias, 1, one, dims(1, 1), one, 5, 6), x, w, bias);
    Op.of("Conv", 11, "pads", dims(0, 2, 1, 0), "strides", dims(2, 1)).gives(dims(2, 6, 2, 6),
        conv(x, w, bias, 1, dims(2, 1), dims(0, 2), one, 2, 6), x, w, bias);
    Op.of("Conv", 11, "pads", dims(1, 1, 1, 1), "dilations", dims(2, 1)).gives(dims(2, 6, 3, 6),
        conv(x, w, null, 1, one, dims(1, 1), dims(2, 1), 3, 6), x, w);
    Literal grouped = random(random, 6, 2, 2, 3);
    Op.of("Conv", 11, "group", 2).gives(dims(2, 6, 4, 4), conv(x, grouped, bias, 2, one, dims(0, 0), one, 4, 4), x, grouped, bias);
    Literal depthwise = random(random, 4, 1, 1, 2);
    Op.of("Conv", 11, "group", 4).gives(dims(2, 4, 5, 5), conv(x, depthwise, null, 4, one, dims(0, 0), one, 5, 5), x, depthwise);
    // Padded to ⌈5/2⌉ × ⌈6/2⌉: one row above and below; one column, on the right or on the left.
    Op.of("Conv", 11, "auto_pad", "SAME_UPPER", "strides", dims(2, 2)).gives(dims(2, 6, 3, 3),
        conv(x, w, null, 1, dims(2, 2), dims(1, 0), one, 3, 3), x, w);
    Op.of("Conv", 11, "auto_pad", "SAME_LOWER", "strides", dims(2, 2)).gives(dims(2, 6, 3, 3),
        conv(x, w, null, 1, dims(2, 2), dims(1, 1), one, 3, 3), x, w);
    Op.of("Conv", 11, "auto_pad", "VALID").gives(dims(2, 6, 3, 4), conv(x, w, null, 1, one, dims(0, 0), one, 3, 4), x, w);
  }

  @Test
  void convInOneDimensionAndErrors() {
    Op.of("Conv", 11, "pads", dims(1, 0)).gives(dims(1, 1, 3), new double[] {0, 1, 4},
        f(dims(1, 1, 3), 0, 1, 2), f(dims(1, 1, 2), 2, 1));
    Op.of("Conv", 11).gives(dims(0, 1, 2), new double[0], f(dims(0, 1, 3)), f(dims(1, 1, 2), 1, 1));
    Op.of("Conv", 11).gives(dims(1, 2, 2), new double[] {7, 7, 8, 8}, f(dims(1, 0, 3)), f(dims(2, 0, 2)), f(7, 8));
    Op.of("Conv", 11).fails("groups", count(1, 3, 4, 4), count(2, 2, 1, 1));
    Op.of("Conv", 11, "group", 2).fails("groups", count(1, 3, 4, 4), count(2, 1, 1, 1));
    Op.of("Conv", 11).fails("does not fit", count(1, 1, 2, 2), count(1, 1, 3, 1));
    Op.of("Conv", 11, "kernel_shape", dims(2, 2)).fails("kernel_shape", count(1, 1, 4, 4), count(1, 1, 3, 3));
    Op.of("Conv", 11).fails("bias", count(1, 1, 4, 4), count(1, 1, 3, 3), f(1, 2));
    Op.of("Conv", 11).fails("one and two dimensions", count(1, 1, 2, 2, 2), count(1, 1, 1, 1, 1));
    Op.of("Conv", 11, "pads", dims(-1, 0, 0, 0)).fails("pads", count(1, 1, 4, 4), count(1, 1, 1, 1));
    Op.of("Conv", 11, "strides", dims(0, 1)).fails("strides", count(1, 1, 4, 4), count(1, 1, 1, 1));
    Op.of("Conv", 11, "pads", dims(1 << 20, 1 << 20, 0, 0)).fails("] has more than", count(1, 1, 4, 4), count(1, 1, 1, 1));
    Op.of("Conv", 11, "auto_pad", "FULL").fails("auto_pad", count(1, 1, 4, 4), count(1, 1, 1, 1));
  }

  @Test
  void averagePool() {
    Literal x = count(1, 1, 3, 4);
    Op.of("AveragePool", 11, "kernel_shape", dims(2, 2)).gives(dims(1, 1, 2, 3), "5/2 7/2 9/2 13/2 15/2 17/2", x);
    Op.of("AveragePool", 11, "kernel_shape", dims(2, 2), "strides", dims(2, 2)).gives(dims(1, 1, 1, 2), "5/2 9/2", x);
    Op.of("AveragePool", 11, "kernel_shape", dims(2, 2), "strides", dims(2, 2), "ceil_mode", 1)
        .gives(dims(1, 1, 2, 2), "5/2 9/2 17/2 21/2", x);
    Op.of("AveragePool", 11, "kernel_shape", dims(2, 2), "strides", dims(2, 2), "pads", dims(1, 0, 0, 0))
        .gives(dims(1, 1, 2, 2), "1/2 5/2 13/2 17/2", x);
    Op.of("AveragePool", 11, "kernel_shape", dims(2, 2), "strides", dims(2, 2), "pads", dims(1, 0, 0, 0), "count_include_pad", 1)
        .gives(dims(1, 1, 2, 2), "1/4 5/4 13/2 17/2", x);
    // ⌊(3 + 1 − 2)/2⌋ + 1 = 2 windows; the second reads entry 2 and, with count_include_pad, a padded place after it.
    Op.of("AveragePool", 11, "kernel_shape", dims(2), "strides", dims(2), "pads", dims(0, 1), "count_include_pad", 1)
        .gives(dims(1, 1, 2), "1/2 1", count(1, 1, 3));
    // Beyond all padding, where only ceil_mode reaches, nothing counts.
    Op.of("AveragePool", 11, "kernel_shape", dims(2), "strides", dims(2), "ceil_mode", 1, "count_include_pad", 1)
        .gives(dims(1, 1, 2), "1/2 2", count(1, 1, 3));
    Op.of("AveragePool", 11, "kernel_shape", dims(2, 2), "strides", dims(2, 2), "ceil_mode", 1, "count_include_pad", 1)
        .gives(dims(1, 1, 2, 2), "5/2 9/2 17/2 21/2", x);
    // A last window that would begin after the axis is dropped.
    Op.of("AveragePool", 11, "kernel_shape", dims(1), "strides", dims(2), "ceil_mode", 1).gives(dims(1, 1, 1), "0",
        count(1, 1, 2));
    Op.of("AveragePool", 19, "kernel_shape", dims(2), "dilations", dims(2)).gives(dims(1, 2, 2), "1 2 5 6", count(1, 2, 4));
    Op.of("AveragePool", 11, "kernel_shape", dims(2), "dilations", dims(2)).fails("dilations", count(1, 2, 4));
    Op.of("AveragePool", 11).fails("kernel_shape is missing", x);
    Op.of("AveragePool", 11, "kernel_shape", dims(4, 4)).fails("does not fit", x);
    Op.of("AveragePool", 11, "kernel_shape", dims(1, 1), "pads", dims(1, 0, 0, 0)).fails("lies in the padding", x);
  }

  private static double errorOfFirst(Op op, Literal... inputs) {
    Value<EnvelopeMatrix> y = GraphEvaluation.prepare(op.graph(inputs), Map.of())
        .in(new Envelope(Model.of(Format.FLOAT32))).values().iterator().next();
    return ((Value.Real<EnvelopeMatrix>) y).matrix().error()[0];
  }

  /** 2^25 and then four times 1 more is 2^25 in float32, if one is added after the other. */
  @Test
  void envelopesAddProductsToAddends() {
    double large = 0x1p25;
    Literal row = f(dims(1, 4), 1, 1, 1, 1);
    Literal column = f(dims(4, 1), 1, 1, 1, 1);
    assertTrue(errorOfFirst(Op.of("Gemm", 13), row, column, f(large)) >= 4);
    assertTrue(errorOfFirst(Op.of("Gemm", 13), f(dims(2, 4), 1, 1, 1, 1, 1, 1, 1, 1), column, f(dims(2, 1), large, 1)) >= 4);
    assertTrue(errorOfFirst(Op.of("Gemm", 13, "alpha", 2.0), row, column, f(2 * large)) >= 8);
    assertTrue(errorOfFirst(Op.of("Conv", 13), f(dims(1, 4, 1), 1, 1, 1, 1), f(dims(1, 4, 1), 1, 1, 1, 1), f(large)) >= 4);
    assertTrue(errorOfFirst(Op.of("Gemm", 13), row, column, f(1)) < 0x1p-18);
    // The factor may come after the product, which overflows.
    assertEquals(Double.POSITIVE_INFINITY, errorOfFirst(Op.of("Gemm", 13, "alpha", 0x1p-100),
        f(dims(1, 1), 0x1p100), f(dims(1, 1), 0x1p100), f(1)));
  }
}
