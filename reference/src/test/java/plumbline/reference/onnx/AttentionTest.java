package plumbline.reference.onnx;

import static plumbline.reference.onnx.Runs.b;
import static plumbline.reference.onnx.Runs.count;
import static plumbline.reference.onnx.Runs.dims;
import static plumbline.reference.onnx.Runs.f;
import static plumbline.reference.onnx.Runs.random;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import plumbline.reference.onnx.Runs.Op;

/** The operator Attention against loops in plain doubles. */
final class AttentionTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private final Random random = new Random(9);

  /** {@code bias} is added to score (b, h, i, j) at its row-major index in batch × heads × n × m. */
  private static double[] attention(Literal q, Literal k, Literal v, double scale, DoubleUnaryOperator cap, double[] bias) {
    int batch = q.shape()[0];
    int heads = q.shape()[1];
    int n = q.shape()[2];
    int d = q.shape()[3];
    int m = k.shape()[2];
    int w = v.shape()[3];
    int shared = heads / k.shape()[1];
    double[] y = new double[batch * heads * n * w];
    for (int row = 0; row < batch * heads * n; row++) {
      int head = row / n % heads;
      int other = row / (n * heads) * k.shape()[1] + head / shared;
      double sum = 0;
      for (int j = 0; j < m; j++) {
        double score = 0;
        for (int l = 0; l < d; l++) {
          score += q.reals()[row * d + l] * k.reals()[(other * m + j) * d + l];
        }
        double p = Math.exp(cap.applyAsDouble(scale * score) + bias[row * m + j]);
        sum += p;
        for (int l = 0; l < w; l++) {
          y[row * w + l] += p * v.reals()[(other * m + j) * w + l];
        }
      }
      for (int l = 0; l < w; l++) {
        y[row * w + l] /= sum;
      }
    }
    return y;
  }

  /** Small entries, so that no score dominates. */
  private Literal small(int... shape) {
    Literal x = random(random, shape);
    return f(shape, Arrays.stream(x.reals()).map(value -> value / 8).toArray());
  }

  @Test
  void fourDimensions() {
    Literal q = small(2, 4, 3, 2);
    Literal k = small(2, 2, 5, 2);
    Literal v = small(2, 2, 5, 3);
    int[] shape = dims(2, 4, 3, 3);
    double[] none = new double[2 * 4 * 3 * 5];
    DoubleUnaryOperator plain = s -> s;
    double usual = 1 / Math.sqrt(2);
    Op.of("Attention", 23).isNear(shape, attention(q, k, v, usual, plain, none), q, k, v);
    Op.of("Attention", 23, "scale", 0.375).isNear(shape, attention(q, k, v, 0.375, plain, none), q, k, v);
    Op.of("Attention", 23, "scale", -0.375).isNear(shape, attention(q, k, v, -0.375, plain, none), q, k, v);
    Op.of("Attention", 23, "softcap", 0.5).isNear(shape, attention(q, k, v, usual, s -> 0.5 * Math.tanh(s / 0.5), none), q, k, v);
    double[] causal = none.clone();
    for (int e = 0; e < causal.length; e++) {
      causal[e] = e % 5 > e / 5 % 3 ? -INFINITY : 0;
    }
    Op.of("Attention", 23, "is_causal", 1).isNear(shape, attention(q, k, v, usual, plain, causal), q, k, v);
    Literal mask = f(dims(3, 5), random.doubles(15).map(u -> u < 0.3 ? -INFINITY : Math.rint(8 * u)).toArray());
    mask.reals()[0] = 1;
    mask.reals()[5] = 1;
    mask.reals()[10] = 1;
    double[] bias = none.clone();
    double[] both = none.clone();
    double[] allowed = none.clone();
    for (int e = 0; e < bias.length; e++) {
      bias[e] = mask.reals()[e % 15];
      both[e] = bias[e] + causal[e];
      allowed[e] = bias[e] == -INFINITY ? -INFINITY : 0;
    }
    Op.of("Attention", 23).isNear(shape, attention(q, k, v, usual, plain, bias), q, k, v, mask);
    Op.of("Attention", 23, "is_causal", 1).isNear(shape, attention(q, k, v, usual, plain, both), q, k, v, mask);
    Literal bool = b(dims(3, 5), Arrays.stream(mask.reals()).mapToLong(s -> s == -INFINITY ? 0 : 1).toArray());
    Op.of("Attention", 23).isNear(shape, attention(q, k, v, usual, plain, allowed), q, k, v, bool);
    Literal perHead = small(2, 1, 1, 5);
    for (int e = 0; e < bias.length; e++) {
      bias[e] = perHead.reals()[e / 60 * 5 + e % 5];
    }
    Op.of("Attention", 23).isNear(shape, attention(q, k, v, usual, plain, bias), q, k, v, perHead);
  }

  @Test
  void threeDimensions() {
    Literal q = small(1, 3, 4);
    Literal k = small(1, 2, 4);
    Literal v = small(1, 2, 2);
    // Heads apart: [1, heads, tokens, width].
    Literal apartQ = heads(q, 2);
    Literal apartK = heads(k, 2);
    Literal apartV = heads(v, 2);
    double[] y = attention(apartQ, apartK, apartV, 1 / Math.sqrt(2), s -> s, new double[12]);
    double[] together = new double[6];
    for (int h = 0; h < 2; h++) {
      for (int t = 0; t < 3; t++) {
        together[t * 2 + h] = y[h * 3 + t];
      }
    }
    Op.of("Attention", 23, "q_num_heads", 2, "kv_num_heads", 2).isNear(dims(1, 3, 2), together, q, k, v);
  }

  private static Literal heads(Literal x, int heads) {
    int tokens = x.shape()[1];
    int width = x.shape()[2] / heads;
    double[] apart = new double[x.size()];
    for (int e = 0; e < apart.length; e++) {
      int h = e / (tokens * width);
      apart[e] = x.reals()[(e / width % tokens * heads + h) * width + e % width];
    }
    return f(dims(1, heads, tokens, width), apart);
  }

  @Test
  void equalScoresAreExact() {
    Op.of("Attention", 23, "q_num_heads", 1, "kv_num_heads", 1).gives(dims(1, 1, 1), "5/2", f(dims(1, 1, 1), 0),
        f(dims(1, 2, 1), 3, 4), f(dims(1, 2, 1), 2, 3));
    Op.of("Attention", 23).gives(dims(0, 1, 1, 1), new double[0], f(dims(0, 1, 1, 1)), f(dims(0, 1, 1, 1)), f(dims(0, 1, 1, 1)));
  }

  @Test
  void errors() {
    Literal x = count(1, 2, 4);
    Op.of("Attention", 23).fails("heads do not fit", x, x, x);
    Op.of("Attention", 23, "q_num_heads", 3, "kv_num_heads", 3).fails("heads do not fit", x, x, x);
    Op.of("Attention", 23, "q_num_heads", 2, "kv_num_heads", 1).fails("do not fit", x, x, x);
    Op.of("Attention", 23, "q_num_heads", 1, "kv_num_heads", 1).fails("all have 3 or all 4", x, count(1, 1, 2, 4), x);
    Literal y = count(1, 1, 2, 2);
    Op.of("Attention", 23).fails("column for each key", y, y, y, f(dims(2, 1), 0, 0));
    Op.of("Attention", 23).fails("row 1 are −∞", y, y, y, b(dims(2, 2), 1, 0, 0, 0));
    Op.of("Attention", 23).fails("cache", y, y, y, null, y, y);
    Op.of("Attention", 23).with(2).fails("output 1 is not supported", y, y, y);
    Op.of("Attention", 22).fails("begins with opset 23", y, y, y);
  }
}
