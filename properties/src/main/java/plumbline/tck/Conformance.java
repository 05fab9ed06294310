package plumbline.tck;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;
import plumbline.properties.operator.OperatorCase;
import plumbline.properties.vector.GoldenVector;
import plumbline.properties.vector.GoldenVectors;
import plumbline.reference.conformance.Judge;
import plumbline.reference.conformance.Judgement;
import plumbline.reference.conformance.Ruling;
import plumbline.reference.envelope.Format;
import plumbline.reference.envelope.Model;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.Decimals;
import plumbline.reference.operator.Operators;
import plumbline.reference.operator.Tensor;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;

/**
 * What the suites of all layers share.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public abstract class Conformance<A> {
  private static final int MAX_BITS = 2048;
  private static final int DIGITS = 9;
  private static final long DEFAULT_SEED = 20250206;

  private final Format format;
  private final String statement;

  Conformance(String statement) {
    this.statement = statement;
    this.format = format(getClass());
  }

  /** What is assumed of the implementation: the most general assumptions for its numbers, unless overridden. */
  protected Model model() {
    return Model.of(format);
  }

  /** The seed of random inputs: the system property {@code plumbline.seed}, or a fixed one. */
  protected long seed() {
    return Long.getLong("plumbline.seed", DEFAULT_SEED);
  }

  /** Runs the implementation on a case of its statement; the result row-major. */
  abstract A compute(OperatorCase inputs);

  /** The golden vectors of the layer, each a test. */
  @TestFactory
  public Stream<DynamicTest> goldenVectors() {
    return GoldenVectors.of(statement()).stream().filter(this::applies)
        .map(vector -> DynamicTest.dynamicTest(vector.id(), () -> requireConforming(vector)));
  }

  /** Whether a vector is about what this implementation computes. */
  boolean applies(GoldenVector vector) {
    return true;
  }

  /** The inputs of a vector for this implementation. */
  OperatorCase adapted(GoldenVector vector) {
    return vector.inputs();
  }

  /** Id of the layer's statement. */
  String statement() {
    return statement;
  }

  private void requireConforming(GoldenVector vector) {
    String hint = "; likely bug: " + vector.bug();
    requireConforming(computed(vector.id(), adapted(vector), hint), hint);
  }

  /** Runs the implementation and judges what it returns. */
  final Computed computed(String name, OperatorCase inputs) {
    return computed(name, inputs, "");
  }

  private Computed computed(String name, OperatorCase inputs, String hint) {
    double[] y;
    try {
      y = numbers(compute(inputs));
    } catch (RuntimeException e) {
      throw new AssertionFailedError(name + ": the implementation raised " + e + hint, e);
    }
    String output = inputs.operator().outputs().get(0).name();
    Ball53Matrix shape = inputs.evaluation().in(Ball53.INSTANCE).get(output);
    if (shape == null) {
      throw new IllegalStateException(statement + " has no output " + output);
    }
    if (shape.rows() * shape.columns() != y.length) {
      throw new AssertionFailedError(name + ": the result has " + y.length + " entries, expected " + shape.rows() + "×"
          + shape.columns() + hint);
    }
    Judgement judgement = new Judge(model(), MAX_BITS).judge(inputs.evaluation(), Map.of(output, y)).get(output);
    if (judgement == null) {
      throw new IllegalStateException(statement + " has no output " + output);
    }
    return new Computed(name, Math.max(1, shape.columns()), judgement);
  }

  /** Fails if some entry is certainly none that the model allows. */
  final void requireConforming(Computed computed, String hint) {
    int e = computed.judgement().worst();
    if (e >= 0 && computed.judgement().ruling() == Ruling.BUG) {
      Judgement judgement = computed.judgement();
      int bug = judgement.ruling(e) == Ruling.BUG ? e : firstBug(judgement);
      throw new AssertionFailedError(computed.place(bug) + ": expected " + text(judgement.exact(bug)) + " ± "
          + text(judgement.error(bug)) + " (" + model().name() + "), got " + computed.get(bug) + ": "
          + judgement.share(bug).text(0) + " times the error allowed" + hint);
    }
  }

  private static int firstBug(Judgement judgement) {
    int e = 0;
    while (judgement.ruling(e) != Ruling.BUG) {
      e++;
    }
    return e;
  }

  private static String text(Interval exact) {
    BigFraction lower = exact.lower();
    BigFraction upper = exact.upper();
    if (lower != null && upper != null) {
      String low = Decimals.scientific(lower, DIGITS, RoundingMode.HALF_EVEN);
      if (low.equals(Decimals.scientific(upper, DIGITS, RoundingMode.HALF_EVEN))) {
        return low;
      }
    }
    return Decimals.interval(exact, DIGITS);
  }

  private static String text(double error) {
    return Double.isInfinite(error) ? "∞" : Decimals.scientific(ExactMatrix.fraction(error), 3, RoundingMode.UP);
  }

  /** Whether {@code factor}·a equals b within both envelopes, b taken in another order, where the exact results are equal. */
  final void requireEqual(String law, Computed a, int factor, Computed b, IntUnaryOperator entryOfB) {
    for (int e = 0; e < a.size(); e++) {
      int other = entryOfB.applyAsInt(e);
      if (other < 0 || a.isUnbounded(e) || b.isUnbounded(other)) {
        continue;
      }
      if (!a.isFinite(e) || !b.isFinite(other)) {
        throw new AssertionFailedError(law + ": " + a.place(e) + " is " + a.get(e) + ", " + b.place(other) + " is " + b.get(other));
      }
      requireAtMost(law + ": " + (factor == 1 ? "" : factor + " × ") + a.place(e) + " = " + a.get(e) + " and " + b.place(other)
          + " = " + b.get(other), a.value(e).multiply(factor).subtract(b.value(other)).abs(),
          a.error(e).multiply(Math.abs(factor)).add(b.error(other)));
    }
  }

  /** As above in the same order. */
  final void requireEqual(String law, Computed a, Computed b) {
    requireEqual(law, a, 1, b, e -> e);
  }

  /** Whether a + b equals c within the three envelopes. */
  final void requireSum(String law, Computed a, Computed b, Computed c) {
    for (int e = 0; e < a.size(); e++) {
      if (a.isUnbounded(e) || b.isUnbounded(e) || c.isUnbounded(e)) {
        continue;
      }
      requireNumber(law, a, e);
      requireNumber(law, b, e);
      requireNumber(law, c, e);
      requireAtMost(law + ": " + c.place(e) + " = " + c.get(e) + ", the sum of the parts " + (a.get(e) + b.get(e)),
          a.value(e).add(b.value(e)).subtract(c.value(e)).abs(), a.error(e).add(b.error(e)).add(c.error(e)));
    }
  }

  /** Whether an entry lies between two exact numbers, widened by its envelope. */
  final void requireBetween(String law, Computed a, int e, BigFraction low, BigFraction high) {
    if (a.isUnbounded(e)) {
      return;
    }
    requireNumber(law, a, e);
    BigFraction beyond = low.subtract(a.value(e)).compareTo(a.value(e).subtract(high)) > 0 ? low.subtract(a.value(e))
        : a.value(e).subtract(high);
    requireAtMost(law + ": " + a.place(e) + " = " + a.get(e) + " beyond " + text(new Interval(low, low)) + " … "
        + text(new Interval(high, high)), beyond, a.error(e));
  }

  final void requireNumber(String law, Computed a, int e) {
    if (!a.isFinite(e) && !a.isUnbounded(e)) {
      throw new AssertionFailedError(law + ": " + a.place(e) + " is " + a.get(e));
    }
  }

  /** Fails unless {@code distance} is at most what the envelopes allow. */
  final void requireAtMost(String what, BigFraction distance, BigFraction allowed) {
    if (distance.compareTo(allowed) > 0) {
      throw new AssertionFailedError(what + ": apart by " + Decimals.scientific(distance, 3, RoundingMode.DOWN) + ", "
          + model().name() + " allows " + Decimals.scientific(allowed, 3, RoundingMode.UP));
    }
  }

  /** Skips, with what happened, where something desirable is not so. */
  static void optional(Runnable check) {
    try {
      check.run();
    } catch (AssertionError | RuntimeException e) {
      throw new TestAbortedException("optional, and not so here: " + e.getMessage(), e);
    }
  }

  /** Skips a test that nobody wrote, and says so. */
  static void untested(String why) {
    throw new TestAbortedException("untested: " + why);
  }

  /** What the untested_ tests of all layers say. */
  static final String OTHER_MACHINES =
      "one run on one machine says nothing about other machines, compilers, numbers of threads, or sizes that were not tried";

  // Inputs.

  final Random random(int salt) {
    return new Random(seed() * 31 + salt);
  }

  /** Numbers with all the bits of the implementation's format, uniform in [−scale, scale). */
  final double[] uniform(Random random, int size, double scale) {
    double[] values = new double[size];
    Arrays.setAll(values, e -> scale * (format == Format.FLOAT32 ? (random.nextInt(1 << 24) - (1 << 23)) * 0x1p-23
        : random.nextDouble() * 2 - 1));
    return format == Format.FLOAT32 ? Arrays.stream(values).map(v -> (float) v).toArray() : values;
  }

  /** Multiples of 1/16 in [−2, 2]: sums and differences of a few are exact. */
  static double[] coarse(Random random, int size) {
    double[] values = new double[size];
    Arrays.setAll(values, e -> (random.nextInt(65) - 32) / 16.0);
    return values;
  }

  static Tensor matrix(int n, int m, double... values) {
    return Tensor.of(new int[] {n, m}, values);
  }

  static Tensor vector(double... values) {
    return Tensor.of(new int[] {values.length}, values);
  }

  static Tensor map(int h, int w, int c, double... values) {
    return Tensor.of(new int[] {h, w, c}, values);
  }

  static double[] identity(int n) {
    double[] values = new double[n * n];
    for (int i = 0; i < n; i++) {
      values[i * n + i] = 1;
    }
    return values;
  }

  static double[] filled(int size, double value) {
    double[] values = new double[size];
    Arrays.fill(values, value);
    return values;
  }

  static double[] scaled(double[] values, double factor) {
    return Arrays.stream(values).map(v -> v * factor).toArray();
  }

  static double[] sum(double[] a, double[] b) {
    double[] sum = new double[a.length];
    Arrays.setAll(sum, e -> a[e] + b[e]);
    return sum;
  }

  static double[] permuted(double[] values, IntUnaryOperator source) {
    double[] permuted = new double[values.length];
    Arrays.setAll(permuted, e -> values[source.applyAsInt(e)]);
    return permuted;
  }

  /** A case of the statement; {@code named} alternates names and tensors. */
  final OperatorCase inputs(Map<String, String> parameters, Object... named) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int k = 0; k < named.length; k += 2) {
      tensors.put((String) named[k], (Tensor) named[k + 1]);
    }
    return new OperatorCase(Operators.find(statement()).orElseThrow(), tensors, parameters);
  }

  /** A tensor as the implementation's array. */
  @SuppressWarnings("unchecked") // A is float[] or double[], as the constructor made sure.
  final A array(double[] values) {
    if (format == Format.FLOAT32) {
      float[] floats = new float[values.length];
      for (int e = 0; e < values.length; e++) {
        floats[e] = (float) values[e];
      }
      return (A) floats;
    }
    return (A) values.clone();
  }

  final A array(OperatorCase inputs, String name) {
    return array(tensor(inputs, name).values().binary64());
  }

  static Tensor tensor(OperatorCase inputs, String name) {
    Tensor tensor = inputs.tensors().get(name);
    if (tensor == null) {
      throw new IllegalStateException(inputs.operator().id() + ": no tensor " + name);
    }
    return tensor;
  }

  static String parameter(OperatorCase inputs, String name) {
    return inputs.parameters().getOrDefault(name, inputs.operator().parameters().stream()
        .filter(parameter -> parameter.name().equals(name)).findFirst().orElseThrow().defaultValue());
  }

  /** The returned array as doubles, copied. */
  final double[] numbers(A returned) {
    if (returned instanceof float[] floats) {
      return doubles(floats);
    }
    if (returned instanceof double[] doubles) {
      return doubles.clone();
    }
    throw new AssertionFailedError(statement + ": the implementation returned null");
  }

  private static double[] doubles(float[] floats) {
    double[] values = new double[floats.length];
    Arrays.setAll(values, e -> floats[e]);
    return values;
  }

  /** The format that the type argument of the suite names, however deep the class hierarchy. */
  private static Format format(Class<?> suite) {
    List<Class<?>> raws = new ArrayList<>();
    List<Type[]> arguments = new ArrayList<>();
    for (Class<?> level = suite; level != null && level != Conformance.class; level = level.getSuperclass()) {
      if (level.getGenericSuperclass() instanceof ParameterizedType type && type.getRawType() instanceof Class<?> raw) {
        raws.add(0, raw);
        arguments.add(0, type.getActualTypeArguments());
      }
    }
    // From Conformance down: its variable is bound to that of the class below, and so on.
    @Nullable Type numbers = Conformance.class.getTypeParameters()[0];
    for (int k = 0; k < raws.size(); k++) {
      TypeVariable<?>[] variables = raws.get(k).getTypeParameters();
      for (int v = 0; v < variables.length; v++) {
        if (variables[v].equals(numbers)) {
          numbers = arguments.get(k)[v];
          break;
        }
      }
    }
    if (numbers == float[].class) {
      return Format.FLOAT32;
    }
    if (numbers == double[].class) {
      return Format.FLOAT64;
    }
    throw new IllegalStateException(suite.getName() + ": the type argument of the suite must be float[] or double[], got " + numbers);
  }
}
