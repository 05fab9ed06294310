package plumbline.properties.vector;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.operator.OperatorCase;
import plumbline.reference.envelope.Format;
import plumbline.reference.layer.Kernel;
import plumbline.reference.number.Rational;
import plumbline.reference.operator.Parameter;
import plumbline.reference.operator.Tensor;
import plumbline.spec.number.ExactMatrix;

/** For each flag, what an implementation with that bug makes of a vector: bounds of its outputs. */
final class Mutants {

  /** Bounds of a buggy output; equal where the bug was run in plain floating point. */
  record Returned(double[] lower, double[] upper) {
    static Returned of(double... y) {
      return new Returned(y, y);
    }

    /** Whether the vector certainly rejects this for some entry, or for its size. */
    boolean isRejected(ExpectedOutput expected) {
      if (lower.length != expected.size()) {
        return true;
      }
      for (int e = 0; e < lower.length; e++) {
        double least = Math.nextDown(expected.lower()[e] - expected.float32Error()[e]);
        double most = Math.nextUp(expected.upper()[e] + expected.float32Error()[e]);
        if (Double.isNaN(lower[e]) || lower[e] > most || upper[e] < least) {
          return true;
        }
      }
      return false;
    }
  }

  private Mutants() {}

  /** The outputs by name; those that the bug leaves as they are may be missing. */
  static Map<String, Returned> of(Flag flag, GoldenVector vector) {
    OperatorCase c = vector.inputs();
    String id = vector.statement();
    return switch (flag) {
      case TRANSPOSED_WEIGHTS -> run(vector, eachTensor(c, "(tf_)?w(_.*)?|kernels.*", Mutants::transposed));
      case HALF_PRECISION -> run(vector, eachTensor(c, ".*", t -> map(t, Format.FLOAT16::round)));
      case CANCELLATION -> run(vector, eachTensor(c, ".*", t -> map(t, Format.BFLOAT16::round)));
      case MISSING_BIAS -> run(vector, eachTensor(c, "(tf_)?b(_.*)?", t -> map(t, v -> 0)));
      case SCALED_SCORES -> run(vector, eachTensor(c, "(tf_)?w_q.*",
          t -> map(t, v -> v / Math.sqrt(t.shape()[t.rank() - 1]))));
      case SWAPPED_QUERIES_AND_KEYS -> run(vector, renamed(c, "w_q", "w_k"));
      case VALUES_NOT_PROJECTED -> run(vector, eachTensor(c, "(tf_)?w_v.*", t -> Tensor.of(ExactMatrix.identity(t.shape()[0]))));
      case RESIDUAL -> run(vector, toggled(c, has(c, "ffn") ? "ffn" : "reading", "residual", "plain"));
      case KERNEL_FLIP -> run(vector, eachTensor(c, "kernels.*", Mutants::flipped));
      case CHANNELS_FIRST -> run(vector, eachTensor(c, c.tensors().containsKey("kernels") ? "kernels" : "x", Mutants::channelsFirst));
      case CHUNK_ORDER -> run(vector, parameter(c, "chunks", Arrays.stream(text(c, "chunks").split(" "))
          .reduce("", (words, word) -> word + " " + words).strip()));
      case TIME_IGNORED -> run(vector, eachTensor(c, "t", t -> map(t, v -> 0)));
      case DATA_AND_NOISE_SWAPPED -> run(vector, id.equals("def-c.11") ? renamed(c, "y_i", "f_0")
          : renamed(renamed(renamed(c, "y_hat_", "keep"), "y_", "f_0_"), "keep", "y_hat_"));
      case BASE_TWO -> run(vector, eachTensor(c, "z", t -> map(t, v -> v * Math.log(2))));
      case SCALE_ORDER -> scaleOrder(vector);
      case SAMPLING -> run(vector, sampling(c));
      case INDEX_ORIGIN -> has(c, "origin") ? run(vector, toggled(c, "origin", "0", "1"))
          : resampled(vector, (i, from, to) -> from < to ? Math.ceil((double) i * from / to) : (i + 1.0) * from / to - 1, "nearest",
              Kernel.KEYS, true);
      case ALIGN_CORNERS -> resampled(vector, (i, from, to) -> to == 1 ? 0 : (double) i * (from - 1) / (to - 1), mode(c),
          Kernel.KEYS, true);
      case HALF_PIXEL -> resampled(vector, (i, from, to) -> (double) i * from / to, mode(c), Kernel.KEYS, true);
      case KERNEL_COEFFICIENT -> has(c, "kernel") ? run(vector, parameter(c, "kernel", "keys(-1/2)"))
          : resampled(vector, HALF_PIXEL_CENTRES, "bicubic", Kernel.parse("keys(-1/2)"), true);
      case PADDING -> padding(vector);
      case EPSILON -> epsilon(vector);
      case WRONG_AXIS -> wrongAxis(vector);
      case ACTIVATION -> Map.of("y", Returned.of(id.equals("def-b.5") ? gelu(c) : relu(middle(vector))));
      case EMPTY -> {
        double[] honest = middle(vector);
        yield Map.of("y", Returned.of(honest.length == 0 ? new double[] {Double.NaN} : new double[honest.length]));
      }
      case CAUSAL_MASK -> Map.of("y", Returned.of(PlainLayers.attention(data(c, "x"), data(c, "w_q"), data(c, "w_k"), data(c, "w_v"),
          tokens(c), channels(c), true)));
      case SINGLE_TOKEN -> Map.of("y", Returned.of(singleToken(c)));
      case OVERFLOW_WITHOUT_MAX_SUBTRACTION -> Map.of("y", Returned.of(id.equals("def-b.1")
          ? softmax(c, (row, all) -> 0, 0) : attentionWithoutMaximum(c)));
      case GLOBAL_MAXIMUM -> Map.of("y", Returned.of(softmax(c, (row, all) -> all, 0)));
      case SUBNORMAL -> Map.of("y", Returned.of(softmaxThatWraps(c)));
      case MEAN_NOT_SUBTRACTED -> Map.of("y", Returned.of(rootMeanSquare(c)));
      case BIASED_OR_UNBIASED_VARIANCE -> {
        double factor = Math.sqrt((channels(c) - 1.0) / channels(c));
        yield Map.of("y", Returned.of(Arrays.stream(middle(vector)).map(v -> v * factor).toArray()));
      }
    };
  }

  // The outputs of a changed case, certified like those of a vector.
  private static Map<String, Returned> run(GoldenVector vector, OperatorCase changed) {
    Map<String, Returned> returned = new HashMap<>();
    for (ExpectedOutput output : new GoldenVector(vector.id(), "", "", List.of(), changed, vector.shapes()).expected()) {
      returned.put(output.name(), new Returned(output.lower(), output.upper()));
    }
    return returned;
  }

  private static double[] middle(GoldenVector vector) {
    return vector.expected().get(0).lower();
  }

  private static double[] data(OperatorCase c, String name) {
    return c.tensors().get(name).values().binary64();
  }

  private static int channels(OperatorCase c) {
    int[] shape = c.tensors().get("x").shape();
    return shape[shape.length - 1];
  }

  private static int tokens(OperatorCase c) {
    return c.tensors().get("x").values().rows();
  }

  private static boolean has(OperatorCase c, String parameter) {
    return c.operator().parameters().stream().anyMatch(p -> p.name().equals(parameter));
  }

  private static String text(OperatorCase c, String parameter) {
    return c.parameters().getOrDefault(parameter,
        c.operator().parameters().stream().filter(p -> p.name().equals(parameter)).map(Parameter::defaultValue).findFirst().orElseThrow());
  }

  private static OperatorCase parameter(OperatorCase c, String name, String value) {
    Map<String, String> parameters = new HashMap<>(c.parameters());
    parameters.put(name, value);
    return new OperatorCase(c.operator(), c.tensors(), parameters);
  }

  private static OperatorCase toggled(OperatorCase c, String name, String one, String other) {
    return parameter(c, name, text(c, name).equals(one) ? other : one);
  }

  private static OperatorCase tensors(OperatorCase c, Map<String, Tensor> tensors) {
    return new OperatorCase(c.operator(), tensors, c.parameters());
  }

  private static OperatorCase eachTensor(OperatorCase c, String names, UnaryOperator<Tensor> change) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    c.tensors().forEach((name, tensor) -> tensors.put(name, name.matches(names) ? change.apply(tensor) : tensor));
    return tensors(c, tensors);
  }

  /** Exchanges two prefixes of tensor names. */
  private static OperatorCase renamed(OperatorCase c, String one, String other) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    c.tensors().forEach((name, tensor) -> tensors.put(name.startsWith(one) ? other + name.substring(one.length())
        : name.startsWith(other) ? one + name.substring(other.length()) : name, tensor));
    return tensors(c, tensors);
  }

  private static Tensor map(Tensor tensor, DoubleUnaryOperator change) {
    return Tensor.of(tensor.shape(), Arrays.stream(tensor.values().binary64()).map(change).toArray());
  }

  /** Entry e of the result is entry {@code source[e]}. */
  private static Tensor permuted(Tensor tensor, java.util.function.IntUnaryOperator source) {
    double[] values = tensor.values().binary64();
    double[] result = new double[values.length];
    Arrays.setAll(result, e -> values[source.applyAsInt(e)]);
    return Tensor.of(tensor.shape(), result);
  }

  private static Tensor transposed(Tensor tensor) {
    int[] shape = tensor.shape();
    if (shape.length == 4) {
      int c = shape[3];
      return permuted(tensor, e -> (e / (9 * c)) * 9 * c + (e / c % 3) * 3 * c + (e / (3 * c) % 3) * c + e % c);
    }
    int n = shape[0];
    return shape.length == 2 && n == shape[1] ? permuted(tensor, e -> (e % n) * n + e / n) : tensor;
  }

  private static Tensor flipped(Tensor kernels) {
    int c = kernels.shape()[3];
    return permuted(kernels, e -> (e / (9 * c)) * 9 * c + (8 - e / c % 9) * c + e % c);
  }

  private static Tensor channelsFirst(Tensor tensor) {
    int[] shape = tensor.shape();
    int c = shape[shape.length - 1];
    int pixels = shape[shape.length - 2] * shape[shape.length - 3];
    return permuted(tensor, e -> (e / (pixels * c)) * pixels * c + (e % c) * pixels + e / c % pixels);
  }

  /** Data read in column-major order. */
  private static Tensor columnMajor(Tensor tensor) {
    int[] shape = tensor.shape();
    int c = shape.length == 2 ? 1 : shape[2];
    return permuted(tensor, e -> ((e / c % shape[1]) * shape[0] + e / (c * shape[1])) * c + e % c);
  }

  private static Map<String, Returned> scaleOrder(GoldenVector vector) {
    OperatorCase c = vector.inputs();
    switch (vector.statement()) {
      case "def-3.4" -> {
        double[] y = middle(vector);
        int d = channels(c);
        double[] reversed = new double[y.length];
        Arrays.setAll(reversed, e -> y[y.length - d - e / d * d + e % d]);
        return Map.of("y", Returned.of(reversed));
      }
      case "def-c.5" -> {
        return Map.of("y_1", Returned.of(vector.expected().get(2).lower()));
      }
      default -> {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        c.tensors().forEach((name, tensor) -> tensors.put(!name.matches("[wbk].*_[12]") ? name
            : name.substring(0, name.length() - 1) + (name.endsWith("1") ? 2 : 1), tensor));
        return run(vector, tensors(c, tensors));
      }
    }
  }

  private static OperatorCase sampling(OperatorCase c) {
    String name = has(c, "down") ? "down" : has(c, "up") ? "up" : "reading";
    String other = switch (text(c, name)) {
      case "literal" -> "standard";
      case "standard" -> "literal";
      case "nearest" -> "linear";
      case "linear" -> "nearest";
      default -> "nearest";
    };
    return parameter(c, name, other);
  }

  /** The position in the input of a sample of the output. */
  private interface Position {
    double of(int i, int from, int to);
  }

  private static final Position HALF_PIXEL_CENTRES = (i, from, to) -> (i + 0.5) * from / to - 0.5;

  private static String mode(OperatorCase c) {
    String reading = text(c, "reading");
    return reading.equals("standard") ? "bicubic" : reading;
  }

  private static Map<String, Returned> resampled(GoldenVector vector, Position position, String mode, Kernel kernel, boolean replicate) {
    int[] from = vector.inputs().tensors().get("x").shape();
    int[] to = vector.expected().get(0).shape();
    ExactMatrix y = Rational.INSTANCE.lift(vector.inputs().tensors().get("x").values())
        .resample(axis(from[0], to[0], position, mode, kernel, replicate), axis(from[1], to[1], position, mode, kernel, replicate)).toExact();
    double[] values = new double[y.size()];
    Arrays.setAll(values, e -> y.get(e).doubleValue());
    return Map.of("y", Returned.of(values));
  }

  private static ExactMatrix axis(int from, int to, Position position, String mode, Kernel kernel, boolean replicate) {
    double[] weights = new double[to * from];
    for (int i = 0; i < to; i++) {
      double u = position.of(i, from, to);
      int first = (int) Math.floor(u);
      for (int s = -1; s <= 2; s++) {
        double phase = u - first - s;
        double weight = switch (mode) {
          case "nearest" -> s == 0 ? 1 : 0;
          case "linear" -> Math.max(0, 1 - Math.abs(phase));
          default -> kernel.at(new BigFraction(phase)).doubleValue();
        };
        int k = first + s;
        if (replicate || (k >= 0 && k < from)) {
          weights[i * from + Math.max(0, Math.min(from - 1, k))] += weight;
        }
      }
    }
    return ExactMatrix.of(to, from, weights);
  }

  private static Map<String, Returned> padding(GoldenVector vector) {
    OperatorCase c = vector.inputs();
    if (has(c, "boundary")) {
      return run(vector, parameter(c, "boundary", text(c, "boundary").equals("replicate") ? "zero" : "replicate"));
    }
    return switch (vector.statement()) {
      case "def-b.6" -> Map.of("y", Returned.of(convolutionWithReplicatedBorder(c)));
      case "def-b.3" -> {
        Tensor x = c.tensors().get("x");
        double[] padded = Arrays.copyOf(x.values().binary64(), 2 * x.size());
        double[] y = PlainLayers.attention(padded, data(c, "w_q"), data(c, "w_k"), data(c, "w_v"), 2 * tokens(c), channels(c), false);
        yield Map.of("y", Returned.of(Arrays.copyOf(y, x.size())));
      }
      default -> resampled(vector, HALF_PIXEL_CENTRES, "bicubic", Kernel.KEYS, false);
    };
  }

  private static double[] convolutionWithReplicatedBorder(OperatorCase c) {
    int[] shape = c.tensors().get("x").shape();
    int out = c.tensors().get("kernels").shape()[0];
    double[] x = data(c, "x");
    double[] kernels = data(c, "kernels");
    double[] y = new double[shape[0] * shape[1] * out];
    for (int e = 0; e < y.length; e++) {
      int i = e / out / shape[1];
      int j = e / out % shape[1];
      for (int tap = 0; tap < 9; tap++) {
        int row = Math.max(0, Math.min(shape[0] - 1, i + tap / 3 - 1));
        int column = Math.max(0, Math.min(shape[1] - 1, j + tap % 3 - 1));
        for (int k = 0; k < shape[2]; k++) {
          y[e] += x[(row * shape[1] + column) * shape[2] + k] * kernels[((e % out) * 9 + tap) * shape[2] + k];
        }
      }
    }
    return y;
  }

  private static Map<String, Returned> epsilon(GoldenVector vector) {
    OperatorCase c = vector.inputs();
    if (vector.statement().equals("def-b.1")) {
      return Map.of("y", Returned.of(softmax(c, (row, all) -> row, 1e-5f)));
    }
    String epsilon = text(c, "epsilon");
    return run(vector, parameter(c, "epsilon", epsilon.equals("0") ? "1e-5" : new BigDecimal(epsilon).add(new BigDecimal(epsilon)).toString()));
  }

  private static Map<String, Returned> wrongAxis(GoldenVector vector) {
    OperatorCase c = vector.inputs();
    String first = c.operator().inputs().get(0).name();
    int[] shape = c.tensors().get(first).shape();
    switch (vector.statement()) {
      case "def-b.1", "def-c.9" -> {
        Tensor turned = Tensor.of(new int[] {shape[1], shape[0]}, columnMajor(Tensor.of(new int[] {shape[1], shape[0]},
            data(c, first))).values());
        Map<String, Returned> columns = run(vector, tensors(c, Map.of(first, turned)));
        double[] y = columns.get("y").lower();
        double[] back = new double[y.length];
        Arrays.setAll(back, e -> y[(e % shape[1]) * shape[0] + e / shape[1]]);
        return Map.of("y", Returned.of(back));
      }
      case "def-c.8" -> {
        double[] y = middle(vector);
        double[] b = data(c, "b");
        double[] wrong = new double[y.length];
        Arrays.setAll(wrong, e -> y[e] - b[e % b.length] + b[e / b.length]);
        return Map.of("y", Returned.of(wrong));
      }
      default -> {
        return run(vector, eachTensor(c, first, Mutants::columnMajor));
      }
    }
  }

  private static double[] relu(double[] y) {
    return Arrays.stream(y).map(v -> Math.max(0, v)).toArray();
  }

  /** The feed-forward layer with the tanh form of GELU. */
  private static double[] gelu(OperatorCase c) {
    return PlainLayers.feedForward(data(c, "x"), data(c, "w_1"), data(c, "b_1"), data(c, "w_2"), data(c, "b_2"),
        c.tensors().get("x").shape()[0], c.tensors().get("x").shape()[1], c.tensors().get("w_1").shape()[0],
        v -> v / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v))));
  }

  private static double[] rootMeanSquare(OperatorCase c) {
    double[] x = data(c, "x");
    int n = channels(c);
    double[] y = new double[x.length];
    for (int row = 0; row < tokens(c); row++) {
      double sum = 0;
      for (int j = 0; j < n; j++) {
        sum += x[row * n + j] * x[row * n + j];
      }
      for (int j = 0; j < n; j++) {
        y[row * n + j] = x[row * n + j] / Math.sqrt(sum / n);
      }
    }
    return y;
  }

  /** The one token as d tokens of one channel. */
  private static double[] singleToken(OperatorCase c) {
    int d = channels(c);
    double[] x = data(c, "x");
    double[] q = PlainLayers.product(x, data(c, "w_q"), 1, d, d);
    double[] k = PlainLayers.product(x, data(c, "w_k"), 1, d, d);
    double[] v = PlainLayers.product(x, data(c, "w_v"), 1, d, d);
    return PlainLayers.product(PlainLayers.softmax(PlainLayers.product(q, k, d, 1, d), d, d), v, d, d, 1);
  }

  private static double[] attentionWithoutMaximum(OperatorCase c) {
    int n = tokens(c);
    int d = channels(c);
    double[] x = data(c, "x");
    double[] q = PlainLayers.product(x, data(c, "w_q"), n, d, d);
    double[] k = PlainLayers.product(x, data(c, "w_k"), n, d, d);
    float[] y = new float[n * d];
    double[] v = PlainLayers.product(x, data(c, "w_v"), n, d, d);
    for (int i = 0; i < n; i++) {
      float sum = 0;
      float[] a = new float[n];
      for (int j = 0; j < n; j++) {
        double score = 0;
        for (int l = 0; l < d; l++) {
          score += q[i * d + l] * k[j * d + l];
        }
        a[j] = (float) Math.exp(score);
        sum += a[j];
      }
      for (int j = 0; j < n; j++) {
        for (int l = 0; l < d; l++) {
          y[i * d + l] += a[j] / sum * (float) v[j * d + l];
        }
      }
    }
    return doubles(y);
  }

  private interface Shift {
    float of(float largestOfRow, float largest);
  }

  /** Softmax in float32 that subtracts {@code shift} and adds {@code epsilon} to the sum. */
  private static double[] softmax(OperatorCase c, Shift shift, float epsilon) {
    double[] z = data(c, "z");
    int m = c.tensors().get("z").shape()[1];
    float all = (float) Arrays.stream(z).max().orElse(0);
    float[] y = new float[z.length];
    for (int row = 0; row < z.length / m; row++) {
      float largest = (float) Arrays.stream(z, row * m, row * m + m).max().orElse(0);
      float sum = epsilon;
      for (int e = row * m; e < row * m + m; e++) {
        y[e] = (float) Math.exp((float) z[e] - shift.of(largest, all));
        sum += y[e];
      }
      for (int e = row * m; e < row * m + m; e++) {
        y[e] /= sum;
      }
    }
    return doubles(y);
  }

  /** exp(x) = 2^n·e^r with 2^n put together from the bits of n + 127, which must not be negative. */
  private static double[] softmaxThatWraps(OperatorCase c) {
    double[] z = data(c, "z");
    int m = c.tensors().get("z").shape()[1];
    float[] y = new float[z.length];
    for (int row = 0; row < z.length / m; row++) {
      double largest = Arrays.stream(z, row * m, row * m + m).max().orElse(0);
      float sum = 0;
      for (int e = row * m; e < row * m + m; e++) {
        double x = z[e] - largest;
        int n = (int) Math.rint(x / Math.log(2));
        y[e] = Float.intBitsToFloat((n + 127) << 23) * (float) Math.exp(x - n * Math.log(2));
        sum += y[e];
      }
      for (int e = row * m; e < row * m + m; e++) {
        y[e] /= sum;
      }
    }
    return doubles(y);
  }

  private static double[] doubles(float[] y) {
    double[] wide = new double[y.length];
    Arrays.setAll(wide, e -> y[e]);
    return wide;
  }
}
