package plumbline.reference.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plumbline.reference.onnx.Runs.assertValue;
import static plumbline.reference.onnx.Runs.count;
import static plumbline.reference.onnx.Runs.dims;
import static plumbline.reference.onnx.Runs.f;
import static plumbline.reference.onnx.Runs.i;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.envelope.Envelope;
import plumbline.reference.envelope.EnvelopeMatrix;
import plumbline.reference.envelope.Format;
import plumbline.reference.envelope.Model;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.Binary64;
import plumbline.reference.number.Binary64Matrix;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.reference.onnx.Literal.ElementType;
import plumbline.spec.number.NotExactException;

/** Graphs: what is checked before a run, and how a run goes. */
final class GraphEvaluationTest {

  private static Node node(String name, String operator, List<String> inputs, String... outputs) {
    return new Node(name, operator, "", inputs, List.of(outputs), Map.of());
  }

  private static Graph graph(List<Node> nodes, String... outputs) {
    return new Graph(13, nodes, Map.of("w", f(dims(2, 2), 1, 2, 3, 4)),
        List.of(new Graph.Input("x", ElementType.FLOAT, dims(-1, 2))), List.of(outputs));
  }

  /** y = relu(x·w) − x·w. */
  private static Graph chain() {
    return graph(List.of(node("product", "MatMul", List.of("x", "w"), "p"), node("clip", "Relu", List.of("p"), "r"),
        node("difference", "Sub", List.of("r", "p"), "y")), "y", "p");
  }

  private static void fails(String line, Graph graph, Map<String, Literal> inputs) {
    GraphException failure = assertThrows(GraphException.class, () -> GraphEvaluation.prepare(graph, inputs));
    assertEquals(line, failure.getMessage());
  }

  @Test
  void evaluatesInEverySystem() {
    GraphEvaluation evaluation = GraphEvaluation.prepare(chain(), Map.of("x", f(dims(1, 2), 1, -1)));
    Map<String, Value<RationalMatrix>> exact = evaluation.in(Rational.INSTANCE);
    assertEquals(List.of("y", "p"), List.copyOf(exact.keySet()));
    assertValue(dims(1, 2), new double[] {2, 2}, exact.get("y"));
    assertValue(dims(1, 2), new double[] {-2, -2}, exact.get("p"));
    assertEquals(0, ((Value.Real<Ball53Matrix>) evaluation.in(Ball53.INSTANCE).get("y")).matrix().radii()[0]);
    assertArrayEquals(new double[] {2, 2},
        ((Value.Real<Ball53Matrix>) evaluation.in(Ball53.INSTANCE).get("y")).matrix().midpoints());
    assertEquals(1, evaluation.in(Binary64.INSTANCE).get("p").shape()[0]);
    EnvelopeMatrix envelope = ((Value.Real<EnvelopeMatrix>)
        evaluation.in(new Envelope(Model.of(Format.FLOAT32))).get("y")).matrix();
    assertTrue(envelope.error()[0] >= 0 && envelope.error()[0] < 1e-5);
  }

  @Test
  void inputsAreChecked() {
    Graph graph = chain();
    fails("input 'x' is missing: FLOAT [?, 2]", graph, Map.of());
    fails("input 'x' must be FLOAT [?, 2], got FLOAT [1, 3]", graph, Map.of("x", f(dims(1, 3), 1, 2, 3)));
    fails("input 'x' must be FLOAT [?, 2], got FLOAT [2]", graph, Map.of("x", f(1, 2)));
    fails("input 'x' must be FLOAT [?, 2], got INT64 [1, 2]", graph, Map.of("x", i(dims(1, 2), 1, 2)));
    fails("input 'x': entry 1 is NaN, not a real number", graph, Map.of("x", f(dims(1, 2), 1, Double.NaN)));
    fails("input 'x': entry 0 is -Infinity, not a real number", graph,
        Map.of("x", f(dims(1, 2), Double.NEGATIVE_INFINITY, 1)));
    fails("input 'x': 1 entries do not fill FLOAT [1, 2]", graph, Map.of("x", f(dims(1, 2), 1)));
    fails("the model has no input 'z'; it has [x]", graph, Map.of("x", f(dims(1, 2), 1, 2), "z", f(1)));
    Graph bytes = new Graph(13, List.of(), Map.of(), List.of(new Graph.Input("x", ElementType.UINT8, dims())), List.of("x"));
    fails("input 'x': 256 is beyond the range of UINT8", bytes, Map.of("x", Literal.integers(ElementType.UINT8, dims(), 256)));
  }

  /** An input that has an initializer may be left out, or given. */
  @Test
  void defaultInputs() {
    Graph graph = new Graph(13, List.of(node("n", "Neg", List.of("x"), "y")), Map.of("x", f(3)),
        List.of(new Graph.Input("x", ElementType.FLOAT, dims(1))), List.of("y"));
    assertValue(dims(1), new double[] {-3}, GraphEvaluation.prepare(graph, Map.of()).in(Rational.INSTANCE).get("y"));
    assertValue(dims(1), new double[] {-4}, GraphEvaluation.prepare(graph, Map.of("x", f(4))).in(Rational.INSTANCE).get("y"));
  }

  @Test
  void graphsAreChecked() {
    Map<String, Literal> x = Map.of("x", f(dims(1, 2), 1, 2));
    fails("Frobnicate 'a': operator Frobnicate of domain 'ai.onnx' is not supported",
        graph(List.of(node("a", "Frobnicate", List.of("x"), "y")), "y"), x);
    fails("Gelu 'a': operator Gelu of domain 'com.microsoft' is not supported",
        graph(List.of(new Node("a", "Gelu", "com.microsoft", List.of("x"), List.of("y"), Map.of())), "y"), x);
    fails("Add 'a': has 1 inputs, not 2 to 2", graph(List.of(node("a", "Add", List.of("x"), "y")), "y"), x);
    fails("Neg 'a': input 'q' is not computed by any node before", graph(List.of(node("a", "Neg", List.of("q"), "y")), "y"), x);
    fails("Neg 'a': output 'x' is there already", graph(List.of(node("a", "Neg", List.of("x"), "x")), "x"), x);
    fails("output 'z' is not computed by any node", graph(List.of(node("a", "Neg", List.of("x"), "y")), "z"), x);
    fails("MatMul 'b': inner dimensions differ: FLOAT [2, 1] · FLOAT [2, 2]", graph(List.of(
        node("a", "Transpose", List.of("x"), "t"), node("b", "MatMul", List.of("t", "w"), "y")), "y"), x);
    fails("the model uses opset 6; 7 to 23 are supported", new Graph(6, List.of(), Map.of(), List.of(), List.of()), Map.of());
    fails("the model uses opset 24; 7 to 23 are supported", new Graph(24, List.of(), Map.of(), List.of(), List.of()), Map.of());
    fails("Add 'a': input 1 is missing", graph(List.of(node("a", "Add", List.of("x", ""), "y")), "y"), x);
    assertTrue(GraphEvaluation.operators().containsAll(List.of("Constant", "MatMul", "Attention")));
    assertFalse(GraphEvaluation.operators().contains("Frobnicate"));
  }

  /** Each array fits, but not all of them together. */
  @Test
  void memoryIsBounded() {
    List<Node> nodes = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    for (int k = 0; k < 20; k++) {
      nodes.add(node("n" + k, "Expand", List.of("x", "s"), "y" + k));
      outputs.add("y" + k);
    }
    Graph graph = new Graph(13, nodes, Map.of("s", i(1 << 11, 1 << 12)),
        List.of(new Graph.Input("x", ElementType.FLOAT, dims())), outputs);
    fails("Expand 'n16': all values together would have more than 134217728 entries", graph, Map.of("x", Runs.scalar(1)));
  }

  @Test
  void observersSeeAndReplace() {
    List<String> seen = new ArrayList<>();
    GraphEvaluation evaluation = GraphEvaluation.prepare(chain(), Map.of("x", f(dims(1, 2), 1, -1)));
    Map<String, Value<RationalMatrix>> outputs = evaluation.run(Rational.INSTANCE, (node, values) -> {
      seen.add(node.name() + " " + values);
      Value<RationalMatrix> r = values.get("r");
      return r == null ? values : Map.of("r", new Value.Real<>(ElementType.FLOAT, dims(1, 2),
          ((Value.Real<RationalMatrix>) r).matrix().system().lift(BigFraction.ONE).broadcast(1, 2)));
    });
    assertEquals(List.of("product {p=FLOAT [1, 2]}", "clip {r=FLOAT [1, 2]}", "difference {y=FLOAT [1, 2]}"), seen);
    assertValue(dims(1, 2), new double[] {3, 3}, outputs.get("y"));
    GraphException wrong = assertThrows(GraphException.class, () -> evaluation.run(Rational.INSTANCE, (node, values) ->
        Map.of("p", new Value.Whole<>(ElementType.INT64, dims(1), new long[1]))));
    assertEquals("MatMul 'product': output 'p' FLOAT [1, 2] cannot be replaced by INT64 [1]", wrong.getMessage());
  }

  /** When the last node is seen, nothing holds on to the first one's result any more. */
  @Test
  void valuesAreDroppedAfterTheirLastUse() {
    List<Node> nodes = List.of(node("a", "Neg", List.of("x"), "a"), node("b", "Neg", List.of("a"), "b"),
        node("c", "Neg", List.of("b"), "c"));
    Map<String, Reference<Object>> matrices = new LinkedHashMap<>();
    GraphEvaluation.prepare(graph(nodes, "c"), Map.of("x", count(1, 2))).run(Binary64.INSTANCE, (node, values) -> {
      values.forEach((name, value) -> matrices.put(name, new WeakReference<>(((Value.Real<Binary64Matrix>) value).matrix())));
      if (node.name().equals("c")) {
        for (int k = 0; k < 50 && !matrices.get("a").refersTo(null); k++) {
          System.gc();
        }
        assertTrue(matrices.get("a").refersTo(null));
        assertFalse(matrices.get("c").refersTo(null));
      }
      return values;
    });
    assertEquals(3, matrices.size());
  }

  @Test
  void whatIsNotExactNamesItsNode() {
    GraphEvaluation evaluation =
        GraphEvaluation.prepare(graph(List.of(node("e", "Exp", List.of("x"), "y")), "y"), Map.of("x", f(dims(1, 2), 1, 2)));
    NotExactException failure = assertThrows(NotExactException.class, () -> evaluation.in(Rational.INSTANCE));
    assertTrue(failure.getMessage().startsWith("Exp 'e': exp of 1 "), failure.getMessage());
    GraphEvaluation quotient = GraphEvaluation.prepare(graph(List.of(node("d", "Div", List.of("x", "x"), "y")), "y"),
        Map.of("x", f(dims(1, 2), 1, 0)));
    assertEquals("Div 'd': division by zero at entry (0,1)",
        assertThrows(GraphException.class, () -> quotient.in(Rational.INSTANCE)).getMessage());
  }

  /** A comparison that the exact numbers decide, but not those of every implementation. */
  @Test
  void envelopesDecideForAllImplementations() {
    Graph graph = new Graph(13, List.of(node("third", "Div", List.of("x", "three"), "t"),
        node("compare", "Less", List.of("t", "b"), "y")),
        Map.of("three", f(3)), List.of(new Graph.Input("x", ElementType.FLOAT, dims(1)),
        new Graph.Input("b", ElementType.FLOAT, dims(1))), List.of("y"));
    Envelope envelope = new Envelope(Model.of(Format.FLOAT32));
    GraphEvaluation clear = GraphEvaluation.prepare(graph, Map.of("x", f(1), "b", f(0.5)));
    assertArrayEquals(new long[] {1}, ((Value.Whole<?>) clear.in(envelope).get("y")).values());
    GraphEvaluation close = GraphEvaluation.prepare(graph, Map.of("x", f(1), "b", f((float) (1 / 3.0))));
    assertArrayEquals(new long[] {1}, ((Value.Whole<?>) close.in(Rational.INSTANCE).get("y")).values());
    assertThrows(UndecidedException.class, () -> close.in(envelope));
  }
}
