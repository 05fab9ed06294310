package plumbline.reference.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plumbline.reference.onnx.Runs.assertClose;
import static plumbline.reference.onnx.Runs.assertValue;
import static plumbline.reference.onnx.Runs.count;
import static plumbline.reference.onnx.Runs.dims;
import static plumbline.reference.onnx.Runs.f;
import static plumbline.reference.onnx.Runs.i;
import static plumbline.reference.onnx.Runs.random;
import static plumbline.reference.onnx.Runs.scalar;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import plumbline.reference.envelope.Envelope;
import plumbline.reference.envelope.EnvelopeMatrix;
import plumbline.reference.envelope.Format;
import plumbline.reference.envelope.Model;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.Rational;
import plumbline.reference.onnx.Runs.Op;

/** Sums, means, extrema, softmax and normalization along axes. */
final class ReductionsTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private final Random random = new Random(6);

  @Test
  void sumsMeansExtrema() {
    Literal x = count(2, 3);
    Op.of("ReduceSum", 13).gives(dims(2, 1), new double[] {3, 12}, x, i(1));
    Op.of("ReduceSum", 13, "keepdims", 0).gives(dims(3), new double[] {3, 5, 7}, x, i(-2));
    Op.of("ReduceSum", 11, "axes", dims(0), "keepdims", 0).gives(dims(3), new double[] {3, 5, 7}, x);
    Op.of("ReduceSum", 13).gives(dims(1, 1), new double[] {15}, x);
    Op.of("ReduceSum", 13, "keepdims", 0).gives(dims(), new double[] {15}, x, i());
    Op.of("ReduceSum", 13, "noop_with_empty_axes", 1).gives(dims(2, 3), x.reals(), x);
    Op.of("ReduceSum", 13, "noop_with_empty_axes", 1).gives(dims(1, 3), new double[] {3, 5, 7}, x, i(0));
    Op.of("ReduceSum", 13).gives(dims(2, 1, 2), new double[] {6, 9, 24, 27}, count(2, 3, 2), i(1));
    Op.of("ReduceSum", 13, "keepdims", 0).gives(dims(3), new double[] {14, 22, 30}, count(2, 3, 2), i(2, 0));
    Op.of("ReduceSum", 13).gives(dims(2, 1), new double[2], f(dims(2, 0)), i(1));
    Op.of("ReduceSum", 13).gives(dims(1), new double[] {6}, i(1, 2, 3));
    Op.of("ReduceMean", 17, "axes", dims(0)).gives(dims(1, 2), "4/3 7/3", f(dims(3, 2), 0, 1, 1, 2, 3, 4));
    Op.of("ReduceMean", 18).gives(dims(2, 1), new double[] {1, 4}, x, i(1));
    Op.of("ReduceMean", 17).fails("before opset 18", x, i(1));
    Op.of("ReduceMean", 18, "axes", dims(1)).fails("attribute axes", x);
    Op.of("ReduceMean", 18).fails("no numbers", f(dims(2, 0)), i(1));
    Op.of("ReduceMax", 18).gives(dims(2, 1), new double[] {2, 5}, x, i(1));
    Op.of("ReduceMax", 13, "axes", dims(0), "keepdims", 0).gives(dims(3), new double[] {3, 4, 5}, x);
    Op.of("ReduceMin", 18).gives(dims(1, 3), new double[] {0, 1, 2}, x, i(0));
    Op.of("ReduceMax", 18).gives(dims(1), new double[] {3}, i(1, 3, 2));
    Op.of("ReduceMax", 18).fails("extremum", i());
    Op.of("ReduceMax", 18).fails("", f(dims(2, 0)), i(1));
    Op.of("ReduceSum", 13).fails("no axis 2", x, i(2));
    Op.of("ReduceSum", 13).fails("not different", x, i(1, -1));
    Op.of("GlobalAveragePool", 9).gives(dims(1, 2, 1, 1), "1 4", count(1, 2, 1, 3));
    Op.of("GlobalAveragePool", 13).fails("3 dimensions", x);
  }

  /** Each line along the axis, or all from the axis on before opset 13. */
  private static double[] softmax(Literal x, int axis, boolean flat) {
    int[] shape = x.shape();
    int inner = flat ? 1 : Arrays.stream(shape, axis + 1, shape.length).reduce(1, (a, b) -> a * b);
    int length = flat ? Arrays.stream(shape, axis, shape.length).reduce(1, (a, b) -> a * b) : shape[axis];
    double[] y = x.reals().clone();
    for (int start = 0; start < y.length; start++) {
      if (start / inner % length != 0) {
        continue;
      }
      double sum = 0;
      for (int k = 0; k < length; k++) {
        sum += Math.exp(x.reals()[start + k * inner]);
      }
      for (int k = 0; k < length; k++) {
        y[start + k * inner] = Math.exp(x.reals()[start + k * inner]) / sum;
      }
    }
    return y;
  }

  @Test
  void softmaxAlongAnyAxis() {
    Literal x = random(random, 2, 3, 4);
    for (int axis = 0; axis < 3; axis++) {
      Op.of("Softmax", 13, "axis", axis).isNear(x.shape(), softmax(x, axis, false), x);
      Op.of("Softmax", 13, "axis", axis - 3).isNear(x.shape(), softmax(x, axis, false), x);
      Op.of("Softmax", 11, "axis", axis).isNear(x.shape(), softmax(x, axis, true), x);
    }
    Op.of("Softmax", 13).isNear(x.shape(), softmax(x, 2, false), x);
    Op.of("Softmax", 12).isNear(x.shape(), softmax(x, 1, true), x);
    Op.of("Softmax", 13).gives(dims(2), "1/2 1/2", f(1000, 1000));
    Op.of("Softmax", 13).gives(dims(2, 1), "1 1", f(dims(2, 1), 1, 2));
    Op.of("Softmax", 13, "axis", 3).fails("no axis 3", x);
    Op.of("Softmax", 13).fails("floating-point", i(1));
  }

  @Test
  void masks() {
    Literal mask = f(dims(2, 2), 0, -INFINITY, 0, 0);
    Graph graph = new Graph(13, List.of(
        new Node("add", "Add", "", List.of("x", "m"), List.of("s"), Map.of()),
        new Node("move", "Transpose", "", List.of("s"), List.of("t"), Map.of("perm", new long[] {0, 2, 1})),
        new Node("soft", "Softmax", "", List.of("t"), List.of("y"), Map.of("axis", 1L))),
        Map.of("m", mask, "x", f(dims(2, 2, 2), 7, 8, 1, 1, -3, 1, 2, 2)), List.of(), List.of("y"));
    Value<Ball53Matrix> y = GraphEvaluation.prepare(graph, Map.of()).in(Ball53.INSTANCE).get("y");
    assertArrayEquals(dims(2, 2, 2), y.shape());
    assertClose(new double[] {1, 0.5, 0, 0.5, 1, 0.5, 0, 0.5}, ((Value.Real<Ball53Matrix>) y).matrix());
    Op.of("Relu", 13).fails("−∞", mask);
    Op.of("Softmax", 13).fails("row 1", f(dims(2, 1), 0, -INFINITY));
    Op.of("Softmax", 13).gives(dims(3), "1/2 0 1/2", f(3, -INFINITY, 3));
    Graph joined = new Graph(13, List.of(
        new Node("join", "Concat", "", List.of("x", "m"), List.of("j"), Map.of("axis", 0L)),
        new Node("soft", "Softmax", "", List.of("j"), List.of("y"), Map.of())),
        Map.of("m", mask, "x", f(dims(1, 2), 7, 7)), List.of(), List.of("y"));
    assertValue(dims(3, 2), new double[] {0.5, 0.5, 1, 0, 0.5, 0.5},
        GraphEvaluation.prepare(joined, Map.of()).in(Rational.INSTANCE).get("y"));
    Graph identity = new Graph(13, List.of(new Node("i", "Identity", "", List.of("m"), List.of("y"), Map.of())),
        Map.of("m", mask), List.of(), List.of("y"));
    assertThrows(GraphException.class, () -> GraphEvaluation.prepare(identity, Map.of()));
  }

  @Test
  void layerNormalization() {
    Literal x = random(random, 2, 3, 4);
    float epsilon = 0.25f;
    for (int axis = 0; axis < 3; axis++) {
      int[] tail = Arrays.copyOfRange(x.shape(), axis, 3);
      Literal scale = random(random, tail);
      Literal shift = random(random, tail);
      int columns = scale.size();
      int rows = 24 / columns;
      double[] y = new double[24];
      double[] means = new double[rows];
      double[] inverses = new double[rows];
      for (int r = 0; r < rows; r++) {
        double[] row = Arrays.copyOfRange(x.reals(), r * columns, (r + 1) * columns);
        double mean = Arrays.stream(row).sum() / columns;
        double variance = Arrays.stream(row).map(v -> (v - mean) * (v - mean)).sum() / columns;
        means[r] = mean;
        inverses[r] = 1 / Math.sqrt(variance + epsilon);
        for (int c = 0; c < columns; c++) {
          y[r * columns + c] = (row[c] - mean) * inverses[r] * scale.reals()[c] + shift.reals()[c];
        }
      }
      Op op = Op.of("LayerNormalization", 17, "axis", axis - 3, "epsilon", 0.25).with(3);
      op.isNear(x.shape(), y, x, scale, shift);
      List<Value<Ball53Matrix>> all =
          List.copyOf(GraphEvaluation.prepare(op.graph(x, scale, shift), Map.of()).in(Ball53.INSTANCE).values());
      int[] reduced = x.shape().clone();
      Arrays.fill(reduced, axis, 3, 1);
      assertArrayEquals(reduced, all.get(1).shape());
      assertClose(means, ((Value.Real<Ball53Matrix>) all.get(1)).matrix());
      assertClose(inverses, ((Value.Real<Ball53Matrix>) all.get(2)).matrix());
    }
    // ε = 0: variance 1 for ±1, so everything is rational.
    Op.of("LayerNormalization", 17, "epsilon", 0.0).gives(dims(2), new double[] {-2, 3}, f(-1, 1), scalar(2.5), scalar(0.5));
    Op.of("LayerNormalization", 17).fails("broadcast", x, f(1, 2));
    Op.of("LayerNormalization", 17, "axis", 3).fails("no axis 3", x, f(1));
    Op.of("LayerNormalization", 17).fails("of an empty row", f(dims(2, 0)), f(dims(0)));
  }

  /** Rows of 2 images × 4 channels × 3 places, normalized over {@code together} channels of an image at once. */
  private static double[] normalized(Literal x, Literal scale, Literal shift, int together, double epsilon) {
    double[] y = new double[24];
    int columns = 3 * together;
    for (int e = 0; e < 24; e++) {
      double[] row = Arrays.copyOfRange(x.reals(), e / columns * columns, (e / columns + 1) * columns);
      double mean = Arrays.stream(row).average().orElseThrow();
      double variance = Arrays.stream(row).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      y[e] = (x.reals()[e] - mean) / Math.sqrt(variance + epsilon) * scale.reals()[e / 3 % 4] + shift.reals()[e / 3 % 4];
    }
    return y;
  }

  @Test
  void otherNormalizations() {
    Literal x = random(random, 2, 4, 3);
    Literal scale = random(random, 4);
    Literal shift = random(random, 4);
    Op.of("InstanceNormalization", 13, "epsilon", 0.5).isNear(x.shape(), normalized(x, scale, shift, 1, 0.5), x, scale, shift);
    Op.of("GroupNormalization", 21, "epsilon", 0.5, "num_groups", 2).isNear(x.shape(), normalized(x, scale, shift, 2, 0.5),
        x, scale, shift);
    Op.of("GroupNormalization", 21, "num_groups", 3).fails("3 groups", x, scale, shift);
    Op.of("InstanceNormalization", 13).fails("must be [4]", x, f(1), shift);
    // √(8 + 1) = 3 and √(0 + 1) = 1.
    Op.of("BatchNormalization", 9, "epsilon", 1.0).gives(dims(1, 2, 2), "11 13 2 0", f(dims(1, 2, 2), 1, 4, 5, 7), f(2, -1),
        f(9, 3), f(-2, 4), f(8, 0));
    Op.of("BatchNormalization", 14, "training_mode", 1).fails("training", x, scale, shift, scale, shift);
    // √(16/2 + 1) = 3.
    Op.of("RMSNormalization", 23, "epsilon", 1.0).gives(dims(1, 2), "4/3 0", f(dims(1, 2), 4, 0), f(1, 5));
    double root = Math.sqrt(12.5 + 0.5);
    Op.of("RMSNormalization", 23, "epsilon", 0.5, "axis", 0).isNear(dims(2, 1), new double[] {6 / root, 4 / root},
        f(dims(2, 1), 3, 4), f(dims(2, 1), 2, 1));
  }

  /** x · f − mean · f with both products rounded is conforming. */
  @Test
  void envelopesOfBatchNormalizationCoverFoldedMeans() {
    float mean = 1000.1f;
    float x = 1000.7f;
    float factor = (float) (1 / Math.sqrt(2.3f + 1e-5f)) * 0.7f;
    float folded = x * factor + (0.3f - mean * factor);
    Value<EnvelopeMatrix> y = GraphEvaluation.prepare(Op.of("BatchNormalization", 15)
        .graph(f(dims(1, 1), x), f(0.7f), f(0.3f), f(mean), f(2.3f)), Map.of())
        .in(new Envelope(Model.of(Format.FLOAT32))).values().iterator().next();
    EnvelopeMatrix matrix = ((Value.Real<EnvelopeMatrix>) y).matrix();
    double error = Math.abs(folded - matrix.exact().midpoints()[0]);
    assertTrue(error > 1e-6 && error <= matrix.error()[0], error + " of " + matrix);
  }
}
