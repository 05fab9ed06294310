package plumbline.reference.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import plumbline.reference.flowar.FlowMatchingNetwork;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Mlp;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.number.ApfloatMatrix;
import plumbline.reference.number.Apfloats;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.Ball;
import plumbline.reference.number.BallMatrix;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.Shape;
import plumbline.spec.paper.Paper;

class OperatorsTest {

  /** Parameters and sizes that make each operator's example; a size not listed is 2. */
  private record Example(String id, int family, boolean optional, Map<String, String> parameters, Map<String,
      Integer> sizes) {}

  private static Example example(Operator operator) {
    Map<String, Integer> pyramid = Map.of("h_1", 1, "w_1", 1, "n_1", 1, "n_2", 4, "c", 3, "k", 2);
    return switch (operator.id()) {
      case "def-3.2" -> new Example(operator.id(), 1, true, Map.of("height", "3", "width", "4"), Map.of());
      case "rem-3.7" -> new Example(operator.id(), 1, true,
          Map.of("height", "3", "width", "4", "from_height", "2", "from_width", "2"), Map.of());
      case "def-b.4" -> new Example(operator.id(), 1, true, Map.of("scales", "1x1,2x2"), Map.of("n", 5));
      case "def-3.4" -> new Example(operator.id(), 1, true, Map.of("scales", "1x1,2x2,3x4"), Map.of("n", 5));
      case "def-3.6" -> new Example(operator.id(), 3, true, Map.of("scales", "1x1,2x2,3x4"), Map.of());
      case "def-3.8" -> new Example(operator.id(), 1, true, Map.of("scales", "1x1,2x3"), Map.of("n", 1));
      case "def-3.9" -> new Example(operator.id(), 2, true,
          Map.of("scales", "1x1,2x2", "heads", "2", "head_size", "2", "hidden", "2"), Map.of());
      case "phase-two" -> new Example(operator.id(), 2, true, Map.of(), Map.of("h_2", 3, "w_2", 4));
      case "phase-three" -> new Example(operator.id(), 2, true, Map.of("blocks",
          "up residual attention, up residual attention"),
          Map.of("c", 3, "h", 1, "w", 1));
      case "def-c.1", "def-c.3" -> new Example(operator.id(), 1, true, Map.of("factor", "3"), Map.of());
      case "def-c.2", "def-c.4" -> new Example(operator.id(), 1, true, Map.of("factor", "2"), Map.of("h", 4, "w", 6));
      case "def-c.5" -> new Example(operator.id(), 1, true, Map.of("scales", "2"), Map.of("w", 4));
      case "def-c.10" -> new Example(operator.id(), 1, true, Map.of(), pyramid);
      case "def-c.13", "def-d.1" -> new Example(operator.id(), 2, true, Map.of(), pyramid);
      default -> new Example(operator.id(), 1, true, Map.of(), Map.of());
    };
  }

  private static Map<String, Tensor> tensors(Operator operator, Example example) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Argument input : operator.inputs()) {
      for (int k = 1; k <= (input.isFamily() ? example.family() : 1); k++) {
        tensors.put(input.name().replace("*", "" + k), tensor(input.shape().replace("*", "" + k), example.sizes(),
            tensors.size()));
      }
    }
    return tensors;
  }

  private static Tensor tensor(String symbols, Map<String, Integer> sizes, int seed) {
    int[] shape = symbols.equals("scalar") ? new int[0] : Stream.of(symbols.split("×"))
        .mapToInt(dim -> Stream.of(dim.split("·")).mapToInt(f -> f.matches("\\d") ? Integer.parseInt(f)
            : sizes.getOrDefault(f, 2))
            .reduce(1, (a, b) -> a * b)).toArray();
    double[] values = new double[java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int e = 0; e < values.length; e++) {
      values[e] = ((e + 1) * 37 * (seed + 3) % 41 - 20) / 16.0;
    }
    return Tensor.of(shape, values);
  }

  static List<Operator> operators() {
    return Operators.all();
  }

  @ParameterizedTest
  @MethodSource("operators")
  void signatureIsConsistent(Operator operator) {
    assertTrue(Paper.load().find(operator.id()).isPresent(), operator.id());
    assertEquals(operator, Operators.find(operator.id()).orElseThrow(), "one operator per statement");
    Set<String> names = new HashSet<>();
    Stream.concat(operator.inputs().stream(), operator.outputs().stream())
        .forEach(a -> assertTrue(names.add(operator.inputs().contains(a) ? a.name() : "out " + a.name()), a.name()));
    operator.parameters().forEach(p -> assertTrue(names.add("parameter " + p.name()), p.name()));
    String readings = operator.id().equals("rem-3.7") ? "def-3.2" : operator.id();
    operator.parameters().stream().filter(p -> p.name().equals("reading")).flatMap(p -> p.allowed().stream()).forEach(word ->
        assertTrue(Paper.load().statement(readings).readings().stream().anyMatch(r -> r.id().equals(word)), word));
  }

  @ParameterizedTest
  @MethodSource("operators")
  void outputsHaveTheDeclaredNamesAndShapes(Operator operator) {
    Example example = example(operator);
    Map<String, Tensor> tensors = tensors(operator, example);
    Map<String, ApfloatMatrix> outputs = operator.evaluate(Apfloats.of(20), tensors, example.parameters());
    for (Argument output : operator.outputs()) {
      String name = output.name().replace("*", "1");
      assertTrue(outputs.containsKey(name), name + " in " + outputs.keySet());
    }
    Map<String, Tensor> all = new HashMap<>(tensors);
    outputs.forEach((name, value) -> {
      Argument output = operator.outputs().stream()
          .filter(o -> o.isFamily() ? name.matches(o.name().replace("*", "\\d+"))
              : o.name().equals(name)).findFirst().orElseThrow();
      int dims = output.shape().equals("scalar") ? 0 : output.shape().split("×").length;
      if (dims == 2) {
        all.put(name, Tensor.of(ExactMatrix.zeros(value.rows(), value.columns())));
      } else if (dims == 1) {
        assertEquals(1, value.rows(), name);
        all.put(name, Tensor.of(new int[] {value.columns()}, ExactMatrix.zeros(1, value.columns())));
      } else if (dims == 0) {
        assertEquals(new Shape(1, 1), Shape.of(value), name);
      }
    });
    operator.validate(all, example.parameters());
  }

  @ParameterizedTest
  @MethodSource("operators")
  void enclosuresContainHighPrecisionValues(Operator operator) {
    Example example = example(operator);
    Evaluation evaluation = operator.prepare(tensors(operator, example), example.parameters());
    Map<String, Ball53Matrix> enclosures = evaluation.in(Ball53.INSTANCE);
    BigFraction slack = new BigFraction(BigInteger.ONE, BigInteger.TEN.pow(25));
    evaluation.in(Apfloats.of(40)).forEach((name, values) -> {
      for (int e = 0; e < values.rows() * values.columns(); e++) {
        Interval enclosure = enclosures.get(name).enclosure(e / values.columns(), e % values.columns());
        BigFraction value = Apfloats.exact(values.get(e / values.columns(), e % values.columns()));
        assertTrue(enclosure.intersects(new Interval(value.subtract(slack), value.add(slack))), name + " entry " + e);
        assertTrue(enclosure.isFinite(), name + " entry " + e);
      }
    });
  }

  @Test
  void lossWithoutTimesIsTheCertifiedIntegral() {
    Operator operator = find("def-c.13");
    Example example = example(operator);
    Map<String, Tensor> tensors = new HashMap<>(tensors(operator, example));
    tensors.remove("t");
    Evaluation evaluation = operator.prepare(tensors, Map.of("epsilon", "1", "subintervals", "256"));
    assertEquals("def-c.13: the integral over t needs a certified number system, got " + Apfloats.of(20).name()
        + "; give t to take the mean over times", assertThrows(OperatorException.class,
            () -> evaluation.in(Apfloats.of(20))).getMessage());
    Interval integral = evaluation.in(Ball53.INSTANCE).get("loss").enclosure(0, 0);
    assertTrue(integral.isFinite());
    // Simpson's rule on 64 panels, far closer than the enclosure is wide
    double simpson = 0;
    for (int k = 0; k <= 128; k++) {
      tensors.put("t", Tensor.of(new int[] {1}, k / 128.0));
      double value = operator.evaluate(Ball53.INSTANCE, tensors, Map.of("epsilon", "1")).get("loss").enclosure(0,
          0).upper().doubleValue();
      simpson += value * (k == 0 || k == 128 ? 1 : k % 2 == 1 ? 4 : 2) / 384;
    }
    assertTrue(integral.contains(ExactMatrix.fraction(simpson)), "about " + simpson);
  }

  @ParameterizedTest
  @MethodSource("operators")
  void everyMissingRequiredTensorIsNamed(Operator operator) {
    Example example = example(operator);
    for (Argument input : operator.inputs()) {
      Map<String, Tensor> tensors = tensors(operator, example);
      String name = input.name().replace("*", "1");
      tensors.remove(name);
      if (!input.optional()) {
        assertTrue(error(operator.id(), tensors, example.parameters()).startsWith(operator.id() + ": tensor " + name
            + " ("), name);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("operators")
  void everyTensorOfAnotherRankIsNamed(Operator operator) {
    Example example = example(operator);
    for (Argument input : operator.inputs()) {
      Map<String, Tensor> tensors = tensors(operator, example);
      String name = input.name().replace("*", "1");
      tensors.put(name, Tensor.of(new int[] {1, 1, 1, 1, 3}, 1, 2, 3));
      String message = error(operator.id(), tensors, example.parameters());
      assertTrue(message.startsWith(operator.id() + ": " + name + " must be ") && message.endsWith(", got 1×1×1×1×3"),
          message);
    }
  }

  @Test
  void tableOfPeerFilesNamesAreTheSignatures() {
    Map<String, String> expected = Map.of(
        "def-b.1", "def-b.1(z: n×m) → y: n×m",
        "def-b.3", "def-b.3(x: n×d, w_q: d×d, w_k: d×d, w_v: d×d) → y: n×d",
        "def-b.5", "def-b.5(x: d×l, w_1: c×d, b_1: c, w_2: d×c, b_2: d) → y: d×l",
        "def-b.6", "def-b.6(x: h×w×c_in, kernels: c_out×3×3×c_in, [b: c_out]) → y: h×w×c_out",
        "def-c.8", "def-c.8(x: n×c, w: c×d, b: d) → y: n×d",
        "def-c.11", "def-c.11(y_i: n×c, f_0: n×c, t: scalar) → f_t: n×c, v: n×c",
        "def-c.12", "def-c.12(f_t: n×c, y_hat: n×c, t: scalar, w_6: c×6·c, b_6: 6·c, w_q: c×c, w_k: c×c, w_v: c×c, w: "
            + "c×c, b: c)"
            + " → y: n×c");
    expected.forEach((id, signature) -> assertEquals(signature, Operators.find(id).orElseThrow().signature()));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "def-b.5 | reading | wrong | parameter reading must be one of residual, plain, got \"wrong\"",
      "def-b.5 | epsilon | 1 | unknown parameter \"epsilon\"; it takes reading",
      "def-b.3 | x | 1 | unknown parameter \"x\"; it takes none",
      "def-b.4 | scales | 1x1 | x must have Σ h_i·w_i = 1 rows for scales 1x1, got 5×2",
      "def-b.4 | scales | 2y2 | parameter scales must be sizes such as 1x1,2x2,3x3, got \"2y2\"",
      "def-c.9 | epsilon | -1 | parameter epsilon must be at least 0, got \"-1\"",
      "def-c.9 | epsilon | 1/0 | parameter epsilon must be a decimal such as 1e-6 or a fraction such as 1/3, got \"1/0\"",
      "def-c.9 | epsilon | 1e999999999 | parameter epsilon must be a decimal such as 1e-6 or a fraction such as 1/3, "
          + "got \"1e999999999\"",
      "def-c.9 | epsilon | NaN | parameter epsilon must be a decimal such as 1e-6 or a fraction such as 1/3, got \"NaN\"",
      "def-3.2 | height | 2 | height×width = 2×4 must be larger in both directions than x, 2×2, which must have at "
          + "least one pixel",
      "def-3.2 | height | 99999999999 | parameter height must be an integer of at least 0, got \"99999999999\"",
      "def-3.2 | height | 2000000000 | a tensor of more than 16777216 entries is needed: 2000000000·2",
      "def-3.2 | kernel | keys(x) | parameter kernel must be bspline or keys(a) such as keys(-3/4), got \"keys(x)\"",
      "def-c.1 | factor | 0 | factor must be at least 1, got 0",
      "def-c.1 | factor | 2000000000 | a tensor of more than 16777216 entries is needed: 2·2000000000·2·2000000000·2",
      "def-c.2 | factor | 3 | x must have sides that are multiples of factor = 3, got 4×6×2",
      "def-c.5 | scales | 3 | x must have sides that are multiples of base^(scales−1) = 4, got 2×4×2",
      "def-c.5 | base | 2000000000 | x must have sides that are multiples of base^(scales−1) = 2000000000, got 2×4×2",
      "def-c.12 | chunks | alpha1 beta1 | parameter chunks must name each of alpha1 alpha2 beta1 beta2 gamma1 gamma2 "
          + "once, got \"alpha1 beta1\"",
      "def-3.4 | scales | 1x1 | parameter scales must hold at least two scales, got \"1x1\"",
      "def-3.4 | scales | 2x2,3x3 | def-3.3: the first scale must be 1×1, got 2×2",
      "def-3.4 | scales | 1x1,2x2,3x3,4x4 | x must have 14 rows, the tokens of all but the last of scales "
          + "1x1,2x2,3x3,4x4, got 5",
      "def-3.4 | scales | 1x1,99999x99999 | a tensor of more than 16777216 entries is needed: 99999·99999",
      "def-3.6 | scales | 1x1,2x2 | there must be weights for each of scales 1x1,2x2, got 3",
      "def-3.6 | scales | 1x1,3x3,2x2 | def-3.2: each scale is larger than the one before in both directions, got 2×2 "
          + "after 3×3",
      "phase-two | reading | both | parameter reading must be one of sum, blended, got \"both\"",
      "phase-three | blocks | up residual | parameter blocks names 1 blocks residual, but weights are given for 2",
      "phase-three | blocks | dropout | parameter blocks must list residual, attention or up, got \"dropout\"",
      "def-d.1 | reading | ode | t is not used in reading ode",
      "def-d.1 | base | 3 | f_2 must be 3×3×3, got 2×2×3"
  })
  void badParametersAreRefusedInOneLine(String id, String name, String value, String message) {
    Operator operator = Operators.find(id).orElseThrow();
    Example example = example(operator);
    Map<String, String> parameters = new HashMap<>(example.parameters());
    parameters.put(name, value);
    assertEquals(id + ": " + message, error(id, tensors(operator, example), parameters));
  }

  @Test
  void badTensorsAreRefusedInOneLine() {
    Map<String, Tensor> attention = new HashMap<>(tensors(Operators.find("def-b.3").orElseThrow(),
        example(find("def-b.3"))));
    attention.put("w_v", Tensor.of(new int[] {2, 3}, new double[6]));
    assertEquals("def-b.3: w_v must be d×d = 2×2, got 2×3", error("def-b.3", attention, Map.of()));
    attention.remove("w_v");
    assertEquals("def-b.3: tensor w_v (d×d) is missing; it takes x: n×d, w_q: d×d, w_k: d×d, w_v: d×d",
        error("def-b.3", attention, Map.of()));
    attention.put("w_v", attention.get("w_q"));
    attention.put("w\n2", attention.get("w_q"));
    assertEquals("def-b.3: unknown tensor \"w?2\"; it takes x: n×d, w_q: d×d, w_k: d×d, w_v: d×d",
        error("def-b.3", attention, Map.of()));
    attention.remove("w\n2");
    attention.put("y", Tensor.of(new int[] {2, 5}, new double[10]));
    assertEquals("def-b.3: y must be n×d = 2×2, got 2×5", error("def-b.3", attention, Map.of()));
    assertEquals("def-c.1: parameter factor is missing: the integer factor r, at least 1",
        error("def-c.1", Map.of("x", Tensor.of(new int[] {1, 1, 1}, 1)), Map.of()));
    assertEquals("def-c.1: y must be h·factor×w·factor×c = 2×2×1, got 2×1×1", error("def-c.1",
        Map.of("x", Tensor.of(new int[] {1, 1, 1}, 1), "y", Tensor.of(new int[] {2, 1, 1}, 1, 2)), Map.of("factor", "2")));
    assertEquals("def-b.1: m must be at least 1, got 0", error("def-b.1", Map.of("z", Tensor.of(new int[] {2, 0})),
        Map.of()));
  }

  @Test
  void constantRowsNeedEpsilon() {
    Map<String, Tensor> tensors = Map.of("x", Tensor.of(new int[] {4, 2}, 1, 3, 3, 1, 0, -2, 0.1, 0.1));
    assertEquals("def-c.9: row 3 of x is constant: its variance is 0 and the layer is undefined without epsilon",
        error("def-c.9", tensors, Map.of()));
    ExactMatrix y = rational("def-c.9", tensors, Map.of("epsilon", "0.5625"));
    assertEquals(BigFraction.ZERO, y.get(3, 0));
    assertEquals(new BigFraction(-4, 5), y.get(0, 0), "(1 − 2)/√(1 + 9/16)");
    assertEquals(y, rational("def-c.9", tensors, Map.of("epsilon", "9/16")));
    assertEquals(y, rational("def-c.9", tensors, Map.of("epsilon", "5625E-4")));
  }

  @Test
  void operatorsAgreeWithTheirLayers() {
    ExactMatrix x = tensor("5×2", Map.of("5", 5), 0).values();
    Map<String, Tensor> attention = new LinkedHashMap<>();
    for (String name : List.of("w_q", "w_k", "w_v")) {
      attention.put(name, tensor("d×d", Map.of(), attention.size()));
    }
    attention.put("x", Tensor.of(x));
    Apfloats system = Apfloats.of(30);
    String expected = new Attention(attention.get("w_q").values(), attention.get("w_k").values(),
        attention.get("w_v").values())
        .apply(system.lift(x)).toString();
    assertEquals(expected, find("def-b.3").evaluate(system, attention, Map.of()).get("y").toString());
    assertEquals(expected, find("def-b.4").evaluate(system, attention, Map.of("scales", "1x1,2x2")).get("y").toString());

    Tensor map = tensor("h×w×c", Map.of("w", 3), 1);
    TokenMap<RationalMatrix> tokens = new TokenMap<>(2, 3, Rational.INSTANCE.lift(map.values()));
    assertEquals(Rescaling.up(2, Rescaling.Reading.LINEAR).apply(tokens).tokens().toExact(),
        rational("def-c.1", Map.of("x", map), Map.of("factor", "2", "reading", "linear")));
    for (String[] pair : new String[][] {{"def-c.1", "def-c.3"}, {"def-c.2", "def-c.4"}}) {
      Tensor large = tensor("h×w×c", Map.of("h", 4, "w", 6), 2);
      for (String word : List.of("nearest", "linear", "bicubic", "area")) {
        Map<String, String> parameters = Map.of("factor", "2", "reading", word);
        assertEquals(rational(pair[0], Map.of("x", large), parameters), rational(pair[1], Map.of("x", large), parameters));
      }
    }
    Map<String, String> literal = Map.of("height", "5", "width", "4", "origin", "1", "boundary", "reflect", "kernel",
        "keys(-1/2)");
    Map<String, String> from = new HashMap<>(literal);
    from.putAll(Map.of("from_height", "2", "from_width", "3"));
    RationalMatrix phi = find("rem-3.7").evaluate(Rational.INSTANCE, Map.of(), from).get("phi");
    assertEquals(phi.times(tokens.tokens()).toExact(), rational("def-3.2", Map.of("x", map), literal));
    assertEquals(new Interpolation(Interpolation.Reading.PYTORCH, 5, 4).apply(tokens).tokens().toExact(),
        rational("def-3.2", Map.of("x", map), Map.of("height", "5", "width", "4", "reading", "standard")));
  }

  @Test
  void feedForwardReadingsDifferByTheInput() {
    Map<String, Tensor> tensors = tensors(find("def-b.5"), example(find("def-b.5")));
    RationalMatrix residual = Rational.INSTANCE.lift(rational("def-b.5", tensors, Map.of()));
    RationalMatrix plain = Rational.INSTANCE.lift(rational("def-b.5", tensors, Map.of("reading", "plain")));
    assertEquals(tensors.get("x").values(), residual.minus(plain).toExact());
  }

  @Test
  void varOperatorsAgreeWithEachOther() {
    Map<String, String> scales = Map.of("scales", "1x1,2x3", "up", "standard");
    Map<String, Tensor> tensors = tensors(find("def-3.8"), example(find("def-3.8")));
    // one token: softmax is 1, so the block is rational on the first scale
    Map<String, Tensor> first = new HashMap<>(tensors);
    first.remove("x");
    RationalMatrix z = Rational.INSTANCE.lift(rational("def-3.8", first, Map.of("scales", "1x1")));
    RationalMatrix attended = Rational.INSTANCE.lift(tensors.get("x_init").values())
        .times(Rational.INSTANCE.lift(tensors.get("w_v").values()));
    Map<String, Tensor> ffn = new HashMap<>();
    List.of("w_1", "b_1", "w_2", "b_2").forEach(name -> ffn.put(name, tensors.get(name)));
    ffn.put("x", Tensor.of(attended.transpose().toExact()));
    assertEquals(rational("def-b.5", ffn, Map.of()), z.transpose().toExact());
    // the second layer of a transformer, on what its first layer returns
    Map<String, Tensor> two = new HashMap<>();
    for (String name : List.of("w_q", "w_k", "w_v", "w_1", "b_1", "w_2", "b_2")) {
      two.put(name + "_1", tensors.get(name));
      two.put(name + "_2", tensors.get(name));
    }
    two.put("x_init", tensors.get("x_init"));
    Map<String, Tensor> second = new HashMap<>(tensors);
    second.put("x", Tensor.of(z.toExact()));
    Apfloats system = Apfloats.of(30);
    assertEquals(find("def-3.8").evaluate(system, second, scales).get("y").toString(),
        find("def-3.6").evaluate(system, two, scales).get("y").toString());
    // the pyramid keeps the initial token and enlarges
    Map<String, Tensor> pyramid = Map.of("x_init", tensors.get("x_init"), "x", second.get("x"));
    RationalMatrix y = Rational.INSTANCE.lift(rational("def-3.4", pyramid, scales));
    assertEquals(tensors.get("x_init").values(), y.rowRange(0, 1).toExact());
    assertEquals(rational("def-3.2", Map.of("x", Tensor.of(new int[] {1, 1, 2}, z.toExact())),
        Map.of("height", "2", "width", "3", "reading", "standard")), y.rowRange(1, 7).toExact());
  }

  @Test
  void reconstructionReadingsBlend() {
    Map<String, Tensor> tensors = tensors(find("phase-two"), example(find("phase-two")));
    RationalMatrix sum = Rational.INSTANCE.lift(rational("phase-two", tensors, Map.of()));
    RationalMatrix blended = Rational.INSTANCE.lift(rational("phase-two", tensors, Map.of("reading", "blended", "rho",
        "1/4")));
    RationalMatrix enlarged = Rational.INSTANCE.lift(
        rational("def-3.2", Map.of("x", tensors.get("y_1")), Map.of("height", "3", "width", "4")))
        .plus(Rational.INSTANCE.lift(tensors.get("y_2").values()));
    RationalMatrix quarter = Rational.INSTANCE.lift(new BigFraction(1, 4));
    RationalMatrix three = Rational.INSTANCE.lift(new BigFraction(3, 4));
    assertEquals(enlarged.scaledBy(three).plus(sum.scaledBy(quarter)).toExact(), blended.toExact());
  }

  @Test
  void decoderAppliesItsBlocksInOrder() {
    Map<String, Tensor> tensors = new HashMap<>(tensors(find("phase-three"), example(find("phase-three"))));
    tensors.keySet().removeIf(name -> name.matches(".*_\\d"));
    Tensor in = tensors.get("kernels_in");
    RationalMatrix plain = Rational.INSTANCE.lift(rational("phase-three", tensors, Map.of("blocks", "none")));
    Map<String, Tensor> first = Map.of("x", tensors.get("x"), "kernels", in);
    RationalMatrix hidden = Rational.INSTANCE.lift(rational("def-b.6", first, Map.of())).relu();
    assertEquals(rational("def-b.6", Map.of("x", Tensor.of(new int[] {1, 1, 3}, hidden.toExact()), "kernels",
        tensors.get("kernels_out")),
        Map.of()), plain.toExact());
    tensors.put("kernels_a_1", tensor("3×3×3×3", Map.of("3", 3), 5));
    tensors.put("kernels_b_1", tensor("3×3×3×3", Map.of("3", 3), 7));
    RationalMatrix start = Rational.INSTANCE.lift(rational("def-b.6", first, Map.of()));
    RationalMatrix inner = convolved(convolved(start.relu(), tensors.get("kernels_a_1")).relu(), tensors.get("kernels_b_1"));
    assertEquals(convolved(start.plus(inner).relu(), tensors.get("kernels_out")).toExact(),
        rational("phase-three", tensors, Map.of("blocks", "residual")));
    tensors.remove("kernels_a_1");
    tensors.remove("kernels_b_1");
    tensors.put("kernels_up_1", tensor("3×3×3×3", Map.of("3", 3), 4));
    assertEquals(4, rational("phase-three", tensors, Map.of("blocks", "up")).rows());
  }

  /** def-b.6 on one pixel of three channels. */
  private static RationalMatrix convolved(RationalMatrix x, Tensor kernels) {
    return Rational.INSTANCE.lift(
        rational("def-b.6", Map.of("x", Tensor.of(new int[] {1, 1, 3}, x.toExact()), "kernels", kernels), Map.of()));
  }

  @Test
  void flowOperatorsAgreeWithTheirLayers() {
    Apfloats system = Apfloats.of(30);
    Map<String, Tensor> c10 = new HashMap<>(tensors(find("def-c.10"), new Example("", 0, true, Map.of(), Map.of())));
    ApfloatMatrix attended = new Attention(c10.get("w_q").values(), c10.get("w_k").values(), c10.get("w_v").values())
        .apply(system.lift(c10.get("z_init").values()));
    for (String ffn : List.of("residual", "plain")) {
      ApfloatMatrix expected = new FeedForward(c10.get("w_1").values(), c10.get("b_1").column(), c10.get("w_2").values(),
          c10.get("b_2").column(), ffn.equals("residual")).apply(attended.transpose()).transpose();
      assertEquals(expected.toString(), find("def-c.10").evaluate(system, c10, Map.of("ffn", ffn)).get("y").toString());
    }
    Map<String, Tensor> c12 = tensors(find("def-c.12"), new Example("", 0, true, Map.of(), Map.of("n", 3, "c", 3)));
    FlowMatchingNetwork network = new FlowMatchingNetwork(new Mlp(c12.get("w_6").values(), c12.get("b_6").row()),
        new Attention(c12.get("w_q").values(), c12.get("w_k").values(), c12.get("w_v").values()),
        new Mlp(c12.get("w").values(), c12.get("b").row()), new LayerNorm(new BigFraction(1, 8)),
            FlowMatchingNetwork.Chunk.PAPER);
    assertEquals(network.apply(system.lift(c12.get("f_t").values()), system.lift(c12.get("y_hat").values()),
            system.lift(c12.get("t").values())).toString(),
        find("def-c.12").evaluate(system, c12, Map.of("epsilon", "0.125")).get("y").toString());
  }

  @Test
  void kernelIsExact() {
    Tensor x = Tensor.of(new int[] {5}, 0, 0.5, 1, -1, 2);
    ExactMatrix w = rational("def-3.1", Map.of("x", x), Map.of());
    List<BigFraction> values = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      values.add(w.get(0, i));
    }
    assertEquals(List.of(new BigFraction(2, 3), new BigFraction(23, 48), new BigFraction(1, 6), new BigFraction(1, 6),
        BigFraction.ZERO), values);
  }

  private static Operator find(String id) {
    return Operators.find(id).orElseThrow();
  }

  private static ExactMatrix rational(String id, Map<String, Tensor> tensors, Map<String, String> parameters) {
    return find(id).evaluate(Rational.INSTANCE, tensors, parameters).get("y").toExact();
  }

  private static String error(String id, Map<String, Tensor> tensors, Map<String, String> parameters) {
    OperatorException e = assertThrows(OperatorException.class, () -> find(id).validate(tensors, parameters));
    assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
    return e.getMessage();
  }

  /** Heads are stacked: a second head whose output weights are zero changes nothing, and one that has any does. */
  @Test
  void headsOfTheFunctionClassAreStacked() {
    Operator operator = find("def-3.9");
    Map<String, Tensor> two = tensors(operator, example(operator));
    Map<String, Tensor> one = new HashMap<>(two);
    Map<String, Tensor> mute = new HashMap<>(two);
    for (String k : List.of("1", "2")) {
      one.put("w_o_" + k, Tensor.of(two.get("w_o_" + k).values().columnRange(0, 2)));
      for (String name : List.of("w_v_", "w_k_", "w_q_")) {
        one.put(name + k, Tensor.of(two.get(name + k).values().rowRange(0, 2)));
      }
      double[] output = two.get("w_o_" + k).values().binary64();
      output[2] = output[3] = output[6] = output[7] = 0;
      mute.put("w_o_" + k, Tensor.of(new int[] {2, 4}, output));
    }
    Map<String, String> parameters = example(operator).parameters();
    Map<String, String> single = new HashMap<>(parameters);
    single.put("heads", "1");
    Ball system = Ball.of(200);
    BallMatrix expected = operator.evaluate(system, one, single).get("y");
    BallMatrix same = operator.evaluate(system, mute, parameters).get("y");
    BallMatrix other = operator.evaluate(system, two, parameters).get("y");
    boolean differs = false;
    for (int i = 0; i < expected.rows(); i++) {
      for (int j = 0; j < expected.columns(); j++) {
        assertTrue(expected.enclosure(i, j).intersects(same.enclosure(i, j)), i + "," + j);
        differs |= !expected.enclosure(i, j).intersects(other.enclosure(i, j));
      }
    }
    assertTrue(differs);
  }

  /** The specification and the catalogue must not tell a user two defaults for one parameter. */
  @ParameterizedTest
  @MethodSource("operators")
  void defaultsAreThoseOfTheDefaultReading(Operator operator) {
    var reading = Paper.load().statement(operator.id()).defaultReading();
    for (Parameter parameter : operator.parameters()) {
      if (parameter.name().equals("reading")) {
        assertEquals(reading.id(), parameter.defaultValue());
      }
      for (var stated : reading.parameters()) {
        if (stated.name().replace('-', '_').equals(parameter.name()) && !parameter.defaultValue().equals("by-reading")) {
          assertEquals(stated.defaultValue(), parameter.defaultValue(), parameter.name());
        }
      }
    }
  }
}
