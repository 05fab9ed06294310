package plumbline.reference.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Binary64;

/** The layers of VAR's code beside a computation entry by entry. */
class ImplementationOperatorsTest {
  private final Random random = new Random(11);

  private Tensor tensor(int... shape) {
    int size = 1;
    for (int dimension : shape) {
      size *= dimension;
    }
    return Tensor.of(shape, random.doubles(size).map(u -> 2 * u - 1).toArray());
  }

  private static double[] values(Tensor tensor) {
    return tensor.row().binary64();
  }

  private static double[] evaluate(String id, Map<String, Tensor> tensors, Map<String, String> parameters, String output) {
    Operator operator = Operators.find(id).orElseThrow();
    var y = operator.evaluate(Binary64.INSTANCE, tensors, parameters).get(output);
    var enclosure = operator.evaluate(Ball53.INSTANCE, tensors, parameters).get(output);
    double[] values = new double[y.rows() * y.columns()];
    for (int e = 0; e < values.length; e++) {
      values[e] = y.get(e / y.columns(), e % y.columns());
      assertEquals(values[e], enclosure.midpoints()[e], 1e-12);
      assertTrue(enclosure.radii()[e] < 1e-10);
    }
    return values;
  }

  /** row·Wᵀ + b, where the row begins at {@code from}. */
  private static double[] linear(double[] x, int from, int width, double[] w, int firstRow, int rows, double[] b) {
    double[] y = new double[rows];
    for (int i = 0; i < rows; i++) {
      y[i] = b.length == 0 ? 0 : b[i];
      for (int j = 0; j < width; j++) {
        y[i] += w[(firstRow + i) * width + j] * x[from + j];
      }
    }
    return y;
  }

  private static double[] attention(double[] x, int images, int l, int c, int heads, double scale, double[] wQkv,
      double[] qBias,
      double[] vBias, double[] wProj, double[] bProj) {
    double[] y = new double[x.length];
    int d = c / heads;
    for (int n = 0; n < images; n++) {
      for (int i = 0; i < l; i++) {
        double[] q = linear(x, (n * l + i) * c, c, wQkv, 0, c, qBias);
        double[] joined = new double[c];
        for (int head = 0; head < heads; head++) {
          double total = 0;
          for (int j = 0; j < l; j++) {
            double[] k = linear(x, (n * l + j) * c, c, wQkv, c, c, new double[0]);
            double[] v = linear(x, (n * l + j) * c, c, wQkv, 2 * c, c, vBias);
            double score = 0;
            for (int s = head * d; s < (head + 1) * d; s++) {
              score += q[s] * k[s] * scale;
            }
            total += Math.exp(score);
            for (int s = head * d; s < (head + 1) * d; s++) {
              joined[s] += Math.exp(score) * v[s];
            }
          }
          for (int s = head * d; s < (head + 1) * d; s++) {
            joined[s] /= total;
          }
        }
        System.arraycopy(linear(joined, 0, c, wProj, 0, c, bProj), 0, y, (n * l + i) * c, c);
      }
    }
    return y;
  }

  private static double[] feedForward(double[] x, int rows, int c, int r, double[] w1, double[] b1, double[] w2,
      double[] b2) {
    double[] y = new double[rows * c];
    for (int i = 0; i < rows; i++) {
      double[] hidden = linear(x, i * c, c, w1, 0, r, b1);
      for (int j = 0; j < r; j++) {
        double t = hidden[j];
        hidden[j] = 0.5 * t * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (t + 0.044715 * t * t * t)));
      }
      System.arraycopy(linear(hidden, 0, r, w2, 0, c, b2), 0, y, i * c, c);
    }
    return y;
  }

  private static void assertClose(double[] expected, double[] actual) {
    assertEquals(expected.length, actual.length);
    for (int e = 0; e < expected.length; e++) {
      assertEquals(expected[e], actual[e], 1e-11, "entry " + e);
    }
  }

  private Map<String, Tensor> attentionTensors(double heads) {
    return new HashMap<>(Map.of("x", tensor(2, 3, 8), "w_qkv", tensor(24, 8), "q_bias", tensor(8), "v_bias", tensor(8),
        "w_proj", tensor(8, 8), "b_proj", tensor(8), "heads", Tensor.of(new int[0], heads)));
  }

  @Test
  void selfAttention() {
    Map<String, Tensor> t = attentionTensors(2);
    for (double scale : new double[] {0.125, 0.7}) {
      if (scale == 0.7) {
        t.put("scale", Tensor.of(new int[0], scale));
      }
      assertClose(attention(values(t.get("x")), 2, 3, 8, 2, scale, values(t.get("w_qkv")), values(t.get("q_bias")),
          values(t.get("v_bias")), values(t.get("w_proj")), values(t.get("b_proj"))), evaluate("var.self-attention", t,
              Map.of(), "y"));
    }
    for (double heads : new double[] {3, 0, -2, 16, 0.5}) {
      t.put("heads", Tensor.of(new int[0], heads));
      assertTrue(assertThrows(OperatorException.class, () -> Operators.find("var.self-attention").orElseThrow().prepare(t,
          Map.of()))
          .getMessage().contains("heads must be a divisor of c = 8"));
    }
  }

  @Test
  void feedForwardLayer() {
    Map<String, Tensor> t = Map.of("x", tensor(2, 3, 4), "w_1", tensor(6, 4), "b_1", tensor(6), "w_2", tensor(4, 6), "b_2",
        tensor(4));
    assertClose(feedForward(values(t.get("x")), 6, 4, 6, values(t.get("w_1")), values(t.get("b_1")), values(t.get("w_2")),
        values(t.get("b_2"))), evaluate("var.ffn", t, Map.of(), "y"));
  }

  @Test
  void adaptiveBlock() {
    int c = 4;
    Map<String, Tensor> t = new HashMap<>(Map.of("x", tensor(2, 3, c), "cond", tensor(2, 5), "attn_mat_qkv_weight",
        tensor(3 * c, c),
        "attn_q_bias", tensor(c), "attn_v_bias", tensor(c), "attn_proj_weight", tensor(c, c), "attn_proj_bias", tensor(c)));
    t.putAll(Map.of("ffn_fc1_weight", tensor(7, c), "ffn_fc1_bias", tensor(7), "ffn_fc2_weight", tensor(c, 7),
        "ffn_fc2_bias", tensor(c), "ada_lin_1_weight", tensor(6 * c, 5), "ada_lin_1_bias", tensor(6 * c)));
    double[] x = values(t.get("x"));
    double[] modulation = new double[2 * 6 * c];
    for (int n = 0; n < 2; n++) {
      double[] cond = new double[5];
      for (int j = 0; j < 5; j++) {
        double value = values(t.get("cond"))[n * 5 + j];
        cond[j] = value / (1 + Math.exp(-value));
      }
      System.arraycopy(linear(cond, 0, 5, values(t.get("ada_lin_1_weight")), 0, 6 * c, values(t.get("ada_lin_1_bias"))), 0,
          modulation, n * 6 * c, 6 * c);
    }
    double[] y = attention(modulated(x, c, modulation, 2, 4), 2, 3, c, 2, 0.25 / Math.sqrt(2),
        values(t.get("attn_mat_qkv_weight")),
        values(t.get("attn_q_bias")), values(t.get("attn_v_bias")), values(t.get("attn_proj_weight")),
            values(t.get("attn_proj_bias")));
    for (int e = 0; e < y.length; e++) {
      y[e] = x[e] + y[e] * modulation[e / (3 * c) * 6 * c + e % c];
    }
    double[] z = feedForward(modulated(y, c, modulation, 3, 5), 6, c, 7, values(t.get("ffn_fc1_weight")),
        values(t.get("ffn_fc1_bias")), values(t.get("ffn_fc2_weight")), values(t.get("ffn_fc2_bias")));
    for (int e = 0; e < y.length; e++) {
      z[e] = y[e] + z[e] * modulation[e / (3 * c) * 6 * c + c + e % c];
    }
    assertClose(z, evaluate("var.adaln-block", t, Map.of("heads", "2", "epsilon", "0.125"), "y"));
  }

  /** Rows normalized with ε = 1/8, times 1 + part {@code scale} of the image's modulation, plus part {@code shift}. */
  private static double[] modulated(double[] x, int c, double[] modulation, int scale, int shift) {
    double[] y = new double[x.length];
    for (int row = 0; row < x.length / c; row++) {
      double mean = 0;
      double square = 0;
      for (int j = 0; j < c; j++) {
        mean += x[row * c + j] / c;
        square += x[row * c + j] * x[row * c + j] / c;
      }
      for (int j = 0; j < c; j++) {
        int at = row / 3 * 6 * c + j;
        y[row * c + j] = (x[row * c + j] - mean) / Math.sqrt(square - mean * mean + 0.125) * (1 + modulation[at + scale * c])
            + modulation[at + shift * c];
      }
    }
    return y;
  }

  @Test
  void enlargingKeepsTheLayoutOfImages() {
    // Two images of two channels; each is compared with the map of its own channel.
    Tensor x = tensor(2, 2, 3, 2);
    Map<String, Tensor> t = Map.of("x", x, "conv_weight", tensor(2, 2, 3, 3), "conv_bias", tensor(2), "ratio",
        Tensor.of(new int[0], 0.25));
    Map<String, String> size = Map.of("height", "5", "width", "4");
    double[] up = evaluate("var.phi", t, size, "up");
    double[] y = evaluate("var.phi", t, size, "y");
    for (int map = 0; map < 4; map++) {
      double[] channel = new double[6];
      System.arraycopy(values(x), map * 6, channel, 0, 6);
      var expected = Operators.find("def-3.2").orElseThrow().evaluate(Binary64.INSTANCE,
          Map.of("x", Tensor.of(new int[] {3, 2, 1}, channel)),
          Map.of("height", "5", "width", "4", "reading", "standard", "kernel", "keys(-3/4)")).get("y");
      for (int e = 0; e < 20; e++) {
        assertEquals(expected.get(e, 0), up[map * 20 + e], 1e-12);
      }
    }
    double[] kernel = values(t.get("conv_weight"));
    for (int e = 0; e < y.length; e++) {
      int image = e / 40;
      int out = e / 20 % 2;
      int i = e / 4 % 5;
      int j = e % 4;
      double sum = values(t.get("conv_bias"))[out];
      for (int in = 0; in < 2; in++) {
        for (int tap = 0; tap < 9; tap++) {
          int row = i + tap / 3 - 1;
          int column = j + tap % 3 - 1;
          if (row >= 0 && row < 5 && column >= 0 && column < 4) {
            sum += kernel[(out * 2 + in) * 9 + tap] * up[((image * 2 + in) * 5 + row) * 4 + column];
          }
        }
      }
      assertEquals(0.75 * up[e] + 0.25 * sum, y[e], 1e-12, "entry " + e);
    }
    // The last scale is not interpolated; one that is larger in one direction only does not occur.
    assertClose(values(x), evaluate("var.phi", t, Map.of("height", "3", "width", "2"), "up"));
    assertTrue(assertThrows(OperatorException.class, () -> evaluate("var.phi", t, Map.of("height", "5", "width", "2"), "y"))
        .getMessage().contains("in both directions"));
  }

  @Test
  void theyAreNoStatements() {
    assertEquals(4, Operators.implementations().size());
    for (Operator operator : Operators.implementations()) {
      assertFalse(Operators.all().contains(operator));
      assertEquals(operator, Operators.find(operator.id()).orElseThrow());
    }
  }
}
