package plumbline.reference.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plumbline.reference.onnx.Runs.b;
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
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import plumbline.reference.envelope.Envelope;
import plumbline.reference.envelope.Format;
import plumbline.reference.envelope.Model;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Binary64;
import plumbline.reference.onnx.Literal.ElementType;
import plumbline.reference.onnx.Runs.Op;

/** Entrywise operators, comparisons, choices and casts. */
final class ArithmeticTest {
  private final Random random = new Random(5);

  @Test
  void arithmeticBroadcasts() {
    Literal column = f(dims(2, 1), 1, 2);
    Literal row = f(10, 20, 40);
    Op.of("Add", 13).gives(dims(2, 3), new double[] {11, 21, 41, 12, 22, 42}, column, row);
    Op.of("Sub", 7).gives(dims(2, 3), new double[] {-9, -19, -39, -8, -18, -38}, column, row);
    Op.of("Mul", 14).gives(dims(2, 3), new double[] {10, 20, 40, 20, 40, 80}, column, row);
    Op.of("Div", 14).gives(dims(2, 3), "1/10 1/20 1/40 1/5 1/10 1/20", column, row);
    Op.of("Add", 13).gives(dims(2, 3), new double[] {1, 2, 3, 4, 5, 6}, count(2, 3), scalar(1));
    Op.of("Add", 13).gives(dims(2, 1, 3), new double[] {0, 2, 4, 3, 5, 7}, count(2, 1, 3), count(1, 3));
    Op.of("Add", 13).gives(dims(2, 2, 2), new double[] {0, 1, 2, 3, 6, 7, 8, 9}, count(2, 2, 2), f(dims(2, 1, 1), 0, 2));
    Op.of("Add", 13).gives(dims(), new double[] {5}, scalar(2), scalar(3));
    Op.of("Mul", 13).gives(dims(0, 3), new double[0], f(dims(0, 1)), row);
    Op.of("Sum", 8).gives(dims(2, 3), new double[] {11, 21, 41, 13, 23, 43}, column, row, f(dims(2, 1), 0, 1));
    Op.of("Add", 13).fails("do not broadcast", f(1, 2), f(1, 2, 3));
    Op.of("Add", 13).fails("one type", f(1, 2), i(1, 2));
    Op.of("Add", 13, "axis", 0).fails("attribute axis", f(1, 2), f(1, 2));
  }

  @Test
  void integersAreExactAndInRange() {
    Op.of("Add", 13).gives(dims(2), new double[] {4, -1}, i(1, 2), i(3, -3));
    Op.of("Div", 13).gives(dims(4), new double[] {2, -2, -2, 2}, i(7, -7, 7, -7), i(3, 3, -3, -3));
    Op.of("Mul", 13).fails("overflow", i(Long.MAX_VALUE), i(2));
    Op.of("Div", 13).fails("zero", i(1), i(0));
    Op.of("Div", 13).fails("overflow", i(Long.MIN_VALUE), i(-1));
    Literal bytes = Literal.integers(ElementType.UINT8, dims(1), 200);
    Op.of("Add", 14).fails("range of UINT8", bytes, bytes);
    Op.of("Neg", 13).gives(dims(2), new double[] {-1, 2}, i(1, -2));
    Op.of("Abs", 13).gives(dims(2), new double[] {1, 2}, i(1, -2));
    Op.of("Max", 13).gives(dims(2), new double[] {4, 3}, i(4, 2), i(3));
    Op.of("Min", 13).gives(dims(2), new double[] {3, 2}, i(4, 2), i(3));
    Op.of("Pow", 13).gives(dims(3), new double[] {9, 1, -8}, i(3, 7, -2), i(2, 0, 3));
  }

  @Test
  void functions() {
    Literal x = f(dims(2, 2), -1.5, 0.25, 2, 3);
    Op.of("Neg", 13).gives(dims(2, 2), new double[] {1.5, -0.25, -2, -3}, x);
    Op.of("Abs", 13).gives(dims(2, 2), new double[] {1.5, 0.25, 2, 3}, x);
    Op.of("Relu", 14).gives(dims(2, 2), new double[] {0, 0.25, 2, 3}, x);
    Op.of("Reciprocal", 13).gives(dims(2, 2), "-2/3 4 1/2 1/3", x);
    Op.of("Sqrt", 13).gives(dims(2), "1/2 3", f(0.25, 9));
    check("Exp", 13, Math::exp, x);
    check("Tanh", 13, Math::tanh, x);
    check("Sigmoid", 13, v -> 1 / (1 + Math.exp(-v)), x);
    check("Log", 13, Math::log, f(dims(2, 2), 0.5, 1, 2, 3));
    check("Sqrt", 13, Math::sqrt, f(dims(2, 2), 0.5, 1, 2, 3));
    Op tanhGelu = Op.of("Gelu", 20, "approximate", "tanh");
    tanhGelu.isNear(dims(2, 2), Arrays.stream(x.reals()).map(
        v -> 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)))).toArray(), x);
    // erf −1.5, 0.25, 2 and 3 by Abramowitz and Stegun's table and its continuations.
    double[] erf = {-0.96610514647531072707, 0.27632639016823693, 0.99532226501895273416, 0.99997790950300141456};
    Op.of("Erf", 13).isNear(dims(2, 2), erf, x);
    double root = Math.sqrt(2);
    Op.of("Gelu", 20).isNear(dims(4),
        new double[] {-0.75 * root * (1 + erf[0]), 0.125 * root * (1 + erf[1]), root * (1 + erf[2]), 1.5 * root * (1 + erf[3])},
        Literal.reals(ElementType.DOUBLE, dims(4), new double[] {-1.5 * root, 0.25 * root, 2 * root, 3 * root}));
    Op.of("Gelu", 20, "approximate", "sigmoid").fails("approximate", x);
    Op.of("Gelu", 19).fails("begins with opset 20", x);
    Op.of("Exp", 13).fails("floating-point", i(1));
  }

  private static void check(String name, int opset, DoubleUnaryOperator function, Literal x) {
    Op.of(name, opset).isNear(x.shape(), Arrays.stream(x.reals()).map(function).toArray(), x);
  }

  @Test
  void powers() {
    Literal x = f(-2, 0.5, 4);
    Op.of("Pow", 13).gives(dims(3), "4 1/4 16", x, scalar(2));
    Op.of("Pow", 13).gives(dims(3), "-8 1/8 64", x, scalar(3));
    Op.of("Pow", 13).gives(dims(3), "-1/2 2 1/4", x, scalar(-1));
    Op.of("Pow", 13).gives(dims(3), "1 1 1", x, scalar(0));
    Op.of("Pow", 13).gives(dims(3), "4 1 4", x, f(2, 0, 1));
    Op.of("Pow", 13).gives(dims(3), "-128 1/128 16384", x, i(dims(), 7));
    Op.of("Pow", 13).gives(dims(2), "2 1/2", f(4, 0.25), scalar(0.5));
    Op.of("Pow", 13).gives(dims(2), "1/2 2", f(4, 0.25), scalar(-0.5));
    Op.of("Pow", 13).gives(dims(2, 2), "2 4 3 9", f(dims(2, 1), 2, 3), f(1, 2));
    Op.of("Pow", 13).isNear(dims(2), new double[] {Math.pow(2, 1.25), Math.pow(3, 1.25)}, f(2, 3), scalar(1.25));
    Op.of("Pow", 13).fails("not positive", x, scalar(1.25));
    Op.of("Pow", 13).fails("more than 16 different exponents", f(1), count(17));
    Op.of("Pow", 13).gives(dims(0), new double[0], f(dims(0)), scalar(3));
    // An exponent that is computed is known exactly where its enclosure is one number.
    assertThrows(UndecidedException.class, () -> GraphEvaluation.prepare(new Graph(13, List.of(
        new Node("n", "Exp", "", List.of("x"), List.of("p"), Map.of()),
        new Node("it", "Pow", "", List.of("x", "p"), List.of("y"), Map.of())),
        Map.of("x", scalar(1)), List.of(), List.of("y")), Map.of()).in(Ball53.INSTANCE));
  }

  @Test
  void extremaAndClip() {
    Literal x = f(-2, 0.5, 4);
    Op.of("Min", 13).gives(dims(3), new double[] {-2, 0.5, 1}, x, scalar(1));
    Op.of("Max", 13).gives(dims(3), new double[] {0, 0.5, 4}, x, scalar(0), f(-1, -1, 3));
    Op.of("Clip", 7, "min", -1.0, "max", 3.0).gives(dims(3), new double[] {-1, 0.5, 3}, x);
    Op.of("Clip", 7, "min", -1.0).gives(dims(3), new double[] {-1, 0.5, 4}, x);
    Op.of("Clip", 7, "max", 3.0).gives(dims(3), new double[] {-2, 0.5, 3}, x);
    Op.of("Clip", 7).gives(dims(3), new double[] {-2, 0.5, 4}, x);
    Op.of("Clip", 13).gives(dims(3), new double[] {-1, 0.5, 3}, x, scalar(-1), scalar(3));
    Op.of("Clip", 11).gives(dims(3), new double[] {-2, 0.5, 3}, x, null, scalar(3));
    Op.of("Clip", 13).gives(dims(3), new double[] {1, 1, 1}, x, scalar(3), scalar(1)); // the upper bound comes last
    Op.of("Clip", 13).gives(dims(2), new double[] {0, 5}, i(-3, 9), i(dims(), 0), i(dims(), 5));
    Op.of("Clip", 13, "min", 0.0).fails("attribute min", x);
    Op.of("Clip", 13).fails("scalars", x, f(1, 2));
  }

  @Test
  void comparisonsOfExactNumbers() {
    Literal x = f(dims(3, 1), 1, 2, 3);
    Literal y = f(2);
    Op.of("Equal", 13).gives(dims(3, 1), new double[] {0, 1, 0}, x, y);
    Op.of("Less", 13).gives(dims(3, 1), new double[] {1, 0, 0}, x, y);
    Op.of("LessOrEqual", 16).gives(dims(3, 1), new double[] {1, 1, 0}, x, y);
    Op.of("Greater", 13).gives(dims(3, 1), new double[] {0, 0, 1}, x, y);
    Op.of("GreaterOrEqual", 16).gives(dims(3, 1), new double[] {0, 1, 1}, x, y);
    Op.of("Less", 13).gives(dims(2), new double[] {1, 0}, i(Long.MIN_VALUE, 3), i(Long.MAX_VALUE, 3));
    Op.of("Equal", 13).gives(dims(2), new double[] {1, 0}, b(dims(2), 1, 0), b(dims(), 1));
    Op.of("Less", 13).fails("one type", x, i(1));
  }

  @Test
  void comparisonsThatEnclosuresDecideOrNot() {
    Literal x = f(1, 2);
    Graph graph = new Graph(13, List.of(
        new Node("exp", "Exp", "", List.of("x"), List.of("e"), Map.of()),
        new Node("log", "Log", "", List.of("e"), List.of("l"), Map.of()),
        new Node("cmp", "Less", "", List.of("l", "b"), List.of("y"), Map.of())),
        Map.of("x", x), List.of(new Graph.Input("b", ElementType.FLOAT, dims(2))), List.of("y"));
    Value<?> decided = GraphEvaluation.prepare(graph, Map.of("b", f(1.5, 1.5))).in(Ball53.INSTANCE).get("y");
    assertArrayEquals(new long[] {1, 0}, ((Value.Whole<?>) decided).values());
    GraphEvaluation tie = GraphEvaluation.prepare(graph, Map.of("b", f(1.5, 2)));
    UndecidedException open = assertThrows(UndecidedException.class, () -> tie.in(Ball53.INSTANCE));
    assertTrue(open.getMessage().startsWith("Less 'cmp': ") && open.getMessage().contains("entry 1 in ball(53)"),
        open.getMessage());
    UndecidedException none = assertThrows(UndecidedException.class, () -> tie.in(Binary64.INSTANCE));
    assertTrue(none.getMessage().contains("certifies nothing"), none.getMessage());
  }

  @Test
  void logicAndChoice() {
    Literal p = b(dims(2, 2), 0, 0, 1, 1);
    Literal q = b(dims(2), 0, 1);
    Op.of("And", 7).gives(dims(2, 2), new double[] {0, 0, 0, 1}, p, q);
    Op.of("Or", 7).gives(dims(2, 2), new double[] {0, 1, 1, 1}, p, q);
    Op.of("Xor", 7).gives(dims(2, 2), new double[] {0, 1, 1, 0}, p, q);
    Op.of("Not", 7).gives(dims(2), new double[] {1, 0}, q);
    Op.of("Where", 9).gives(dims(2, 2), new double[] {10, 1, 10, 3}, q, count(2, 2), scalar(10));
    Op.of("Where", 16).gives(dims(2, 3), new double[] {5, 5, 5, 0, 1, 2}, b(dims(2, 1), 1, 0), scalar(5), count(3));
    Op.of("Where", 16).gives(dims(2), new double[] {-1, 7}, q, i(7), i(-1));
    Op.of("And", 7).fails("BOOL", i(1), q);
    Op.of("Where", 9).fails("one type", q, i(1), f(1));
  }

  @Test
  void casts() {
    Op.of("Cast", 13, "to", 11).gives(dims(2), new double[] {0.5, 3}, f(0.5, 3));
    Op.of("Cast", 13, "to", 1).gives(dims(2), new double[] {3, -4}, i(3, -4));
    Op.of("Cast", 13, "to", 7).gives(dims(4), new double[] {1, -1, 0, 3}, f(1.75, -1.75, 0.5, 3));
    Op.of("Cast", 13, "to", 9).gives(dims(3), new double[] {1, 0, 1}, f(0.5, 0, -1));
    Op.of("Cast", 13, "to", 9).gives(dims(3), new double[] {1, 0, 1}, i(2, 0, -1));
    Op.of("Cast", 13, "to", 6).gives(dims(2), new double[] {1, 0}, b(dims(2), 1, 0));
    Op.of("Cast", 13, "to", 2).fails("range of UINT8", i(256));
    Op.of("Cast", 13, "to", 8).fails("type 8", i(1));
    // What is known exactly is rounded to nearest, ties to even.
    Op.of("Cast", 13, "to", 1).gives(dims(2), new double[] {(float) 0.1, 1 << 24}, Literal.reals(ElementType.DOUBLE, dims(2),
        0.1, (1 << 24) + 1));
    Op.of("Cast", 13, "to", 1).gives(dims(1), new double[] {1 << 24}, i((1 << 24) + 1));
    Op.of("Cast", 13, "to", 10).gives(dims(2), new double[] {2048, 0.0999755859375}, f(2049, (float) 0.1));
    Op.of("Cast", 13, "to", 10).fails("range of FLOAT16", f(65520));
    Op.of("Cast", 13, "to", 1).fails("too large", i((1L << 60) + 1));
    // A constant is known exactly even where its type is wider than what an implementation computes with.
    GraphEvaluation.prepare(Op.of("Cast", 13, "to", 1).graph(Literal.reals(ElementType.DOUBLE, dims(1), 0.1)), Map.of())
        .in(new Envelope(Model.of(Format.FLOAT32)));
    // What is not known exactly may round either way.
    Graph graph = new Graph(13, List.of(
        new Node("exp", "Exp", "", List.of("x"), List.of("e"), Map.of()),
        new Node("half", "Cast", "", List.of("e"), List.of("y"), Map.of("to", 10L))),
        Map.of("x", f(1)), List.of(), List.of("y"));
    UndecidedException open =
        assertThrows(UndecidedException.class, () -> GraphEvaluation.prepare(graph, Map.of()).in(Ball53.INSTANCE));
    assertTrue(open.getMessage().startsWith("Cast 'half': the rounding to FLOAT16"), open.getMessage());
  }

  /** ln e² may lie below 2 for all that its enclosure says; ln e^2.5 does not. */
  @Test
  void castsToIntegersThatEnclosuresDecideOrNot() {
    Graph graph = new Graph(13, List.of(
        new Node("exp", "Exp", "", List.of("x"), List.of("e"), Map.of()),
        new Node("log", "Log", "", List.of("e"), List.of("l"), Map.of()),
        new Node("whole", "Cast", "", List.of("l"), List.of("y"), Map.of("to", 7L))),
        Map.of(), List.of(new Graph.Input("x", ElementType.FLOAT, dims())), List.of("y"));
    Value<?> decided = GraphEvaluation.prepare(graph, Map.of("x", scalar(2.5))).in(Ball53.INSTANCE).get("y");
    assertArrayEquals(new long[] {2}, ((Value.Whole<?>) decided).values());
    GraphEvaluation tie = GraphEvaluation.prepare(graph, Map.of("x", scalar(2)));
    UndecidedException open = assertThrows(UndecidedException.class, () -> tie.in(Ball53.INSTANCE));
    assertEquals("Cast 'whole': the cast to INT64 cannot be decided for entry 0 in ball(53)", open.getMessage());
  }

  @Test
  void randomBroadcastsAgreeWithIndexArithmetic() {
    for (int run = 0; run < 200; run++) {
      int rank = random.nextInt(5);
      int[] out = random.ints(rank, 1, 4).toArray();
      Literal a = random(random, cut(out));
      Literal c = random(random, cut(out));
      int[] shape = Dimensions.broadcast(a.shape(), c.shape());
      double[] expected = new double[Dimensions.size(shape)];
      for (int e = 0; e < expected.length; e++) {
        expected[e] = read(a, shape, e) - read(c, shape, e);
      }
      Op.of("Sub", 13).gives(shape, expected, a, c);
    }
  }

  /** Leading axes dropped and others set to 1 at random. */
  private int[] cut(int[] shape) {
    int[] result = Arrays.copyOfRange(shape, random.nextInt(shape.length + 1), shape.length);
    for (int k = 0; k < result.length; k++) {
      result[k] = random.nextInt(3) == 0 ? 1 : result[k];
    }
    return result;
  }

  /** The entry of {@code x}, broadcast to {@code shape}, at row-major index {@code e}. */
  private static double read(Literal x, int[] shape, int e) {
    int index = 0;
    int stride = 1;
    int rest = e;
    for (int k = 1; k <= shape.length; k++) {
      int place = rest % shape[shape.length - k];
      rest /= shape[shape.length - k];
      if (k <= x.shape().length) {
        int length = x.shape()[x.shape().length - k];
        index += (length == 1 ? 0 : place) * stride;
        stride *= length;
      }
    }
    assertEquals(0, rest);
    return x.reals()[index];
  }
}
