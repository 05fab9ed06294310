package plumbline.reference.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.reference.onnx.Literal.ElementType;
import plumbline.spec.number.ExactMatrix;

/** Graphs of one node, and their outputs. */
final class Runs {

  private Runs() {}

  /** A node: operator and attributes. Attribute values: int and long as Long, double as Float, arrays likewise. */
  record Op(String name, int opset, int outputs, Map<String, Object> attributes) {
    static Op of(String name, int opset, Object... attributes) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int k = 0; k < attributes.length; k += 2) {
        Object value = attributes[k + 1];
        map.put((String) attributes[k], value instanceof Integer i ? (Object) (long) i
            : value instanceof Double d ? (Object) (float) (double) d
            : value instanceof int[] is ? Arrays.stream(is).asLongStream().toArray() : value);
      }
      return new Op(name, opset, 1, map);
    }

    Op with(int count) {
      return new Op(name, opset, count, attributes);
    }

    Graph graph(Literal... inputs) {
      List<String> names = new ArrayList<>();
      Map<String, Literal> initializers = new LinkedHashMap<>();
      for (Literal input : inputs) {
        String name = input == null ? "" : "x" + names.size();
        if (input != null) {
          initializers.put(name, input);
        }
        names.add(name);
      }
      List<String> results = new ArrayList<>();
      for (int k = 0; k < outputs; k++) {
        results.add("y" + k);
      }
      return new Graph(opset, List.of(new Node("it", name, "", names, results, attributes)), initializers, List.of(), results);
    }

    List<Value<RationalMatrix>> run(Literal... inputs) {
      return List.copyOf(GraphEvaluation.prepare(graph(inputs), Map.of()).in(Rational.INSTANCE).values());
    }

    /** The exact result has this shape and these entries. */
    void gives(int[] shape, double[] expected, Literal... inputs) {
      assertValue(shape, expected, run(inputs).get(0));
    }

    /** The exact result of inputs that are taken as they are; entries are fractions {@code p/q}. */
    void gives(int[] shape, String expected, Literal... inputs) {
      Value<RationalMatrix> value = run(inputs).get(0);
      assertArrayEquals(shape, value.shape(), "shape");
      assertEquals(expected, text(value));
    }

    /** The enclosure is as narrow as binary64 lets it be, and at what plain doubles give. */
    void isNear(int[] shape, double[] expected, Literal... inputs) {
      Value<Ball53Matrix> value =
          GraphEvaluation.prepare(graph(inputs), Map.of()).in(Ball53.INSTANCE).values().iterator().next();
      assertArrayEquals(shape, value.shape(), "shape");
      assertClose(expected, ((Value.Real<Ball53Matrix>) value).matrix());
    }

    /** The node is refused with a line that begins with its name and holds these words. */
    void fails(String words, Literal... inputs) {
      GraphException failure = assertThrows(GraphException.class, () -> run(inputs));
      assertTrue(failure.getMessage().startsWith(name + " 'it': "), failure.getMessage());
      assertTrue(failure.getMessage().contains(words), failure.getMessage());
      assertEquals(1, failure.getMessage().lines().count());
    }
  }

  static void assertClose(double[] expected, Ball53Matrix matrix) {
    double[] mid = matrix.midpoints();
    double[] rad = matrix.radii();
    assertEquals(expected.length, mid.length);
    for (int e = 0; e < mid.length; e++) {
      double margin = 1e-12 * Math.max(1, Math.abs(expected[e]));
      assertTrue(rad[e] <= margin && Math.abs(mid[e] - expected[e]) <= margin,
          "entry " + e + ": " + mid[e] + " ± " + rad[e] + " instead of " + expected[e]);
    }
  }

  static void assertValue(int[] shape, double[] expected, Value<RationalMatrix> value) {
    assertArrayEquals(shape, value.shape(), "shape");
    if (value instanceof Value.Whole<RationalMatrix> whole) {
      assertArrayEquals(Arrays.stream(expected).mapToLong(v -> (long) v).toArray(), whole.values());
      return;
    }
    RationalMatrix matrix = ((Value.Real<RationalMatrix>) value).matrix();
    assertEquals(ExactMatrix.of(matrix.rows(), matrix.columns(), expected), matrix.toExact());
  }

  private static String text(Value<RationalMatrix> value) {
    ExactMatrix exact = ((Value.Real<RationalMatrix>) value).matrix().toExact();
    List<String> entries = new ArrayList<>();
    for (int e = 0; e < exact.size(); e++) {
      BigFraction entry = exact.get(e);
      entries.add(entry.toString().replace(" ", ""));
    }
    return String.join(" ", entries);
  }

  static int[] dims(int... shape) {
    return shape;
  }

  static Literal f(int[] shape, double... values) {
    return Literal.reals(ElementType.FLOAT, shape, values);
  }

  static Literal f(double... values) {
    return f(dims(values.length), values);
  }

  static Literal scalar(double value) {
    return f(dims(), value);
  }

  static Literal i(long... values) {
    return Literal.integers(ElementType.INT64, dims(values.length), values);
  }

  static Literal i(int[] shape, long... values) {
    return Literal.integers(ElementType.INT64, shape, values);
  }

  static Literal b(int[] shape, long... values) {
    return Literal.integers(ElementType.BOOL, shape, values);
  }

  /** Small integers, with which doubles compute sums and products exactly. */
  static Literal random(Random random, int... shape) {
    int size = Arrays.stream(shape).reduce(1, (a, c) -> a * c);
    return f(shape, random.doubles(size).map(v -> Math.rint(v * 16 - 8)).toArray());
  }

  /** 0, 1, 2, … */
  static Literal count(int... shape) {
    int size = Arrays.stream(shape).reduce(1, (a, c) -> a * c);
    double[] values = new double[size];
    Arrays.setAll(values, e -> e);
    return f(shape, values);
  }
}
