package plumbline.reference.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.onnx.Operators.Operator;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NotExactException;
import plumbline.spec.number.NumberSystem;

/**
 * A graph with checked inputs, ready to be evaluated in any number system.
 *
 * <p>Floating-point values denote real numbers: initializers and inputs exactly, everything else what the nodes' formulas give
 * without any rounding; what a number system adds (an enclosure, an error bound) is its own. Integers and booleans are exact in
 * every system. A question with a discrete answer about a real number (a comparison, a cast to integers) is answered only where
 * the system decides it for every number that it admits; elsewhere {@link UndecidedException} names the node.
 */
public final class GraphEvaluation {
  /** The first opset whose arithmetic broadcasts. */
  public static final int FIRST_OPSET = 7;
  /** The last opset that is implemented. */
  public static final int LAST_OPSET = 23;

  private final Graph graph;
  /** Initializers, inputs and constants by name. */
  private final Map<String, Literal> literals;
  /** The index of the last node that uses a value; that of no node for outputs of the graph. */
  private final Map<String, Integer> lastUse;

  private GraphEvaluation(Graph graph, Map<String, Literal> literals, Map<String, Integer> lastUse) {
    this.graph = graph;
    this.literals = literals;
    this.lastUse = lastUse;
  }

  /** Names of the operators of ONNX's own domain that can be evaluated. */
  public static Set<String> operators() {
    Set<String> names = new TreeSet<>(Set.of("Constant"));
    names.addAll(Operators.names());
    return names;
  }

  /**
   * Checks graph and inputs, among these the shapes of all values as far as they do not depend on real numbers.
   *
   * @param inputs the graph's inputs by name; those that have an initializer may be left out
   * @throws GraphException with one line that names the node or the input
   */
  public static GraphEvaluation prepare(Graph graph, Map<String, Literal> inputs) {
    if (graph.opset() < FIRST_OPSET || graph.opset() > LAST_OPSET) {
      throw new GraphException("the model uses opset " + graph.opset() + "; " + FIRST_OPSET + " to " + LAST_OPSET
          + " are supported");
    }
    requireOperators(graph);
    Map<String, Literal> literals = new HashMap<>();
    graph.initializers().forEach((name, literal) -> literals.put(name, checked("initializer '" + name + "'", literal, true)));
    for (Graph.Input input : graph.inputs()) {
      Literal given = inputs.get(input.name());
      if (given != null) {
        literals.put(input.name(), checked(input, given));
      } else if (!literals.containsKey(input.name())) {
        throw new GraphException("input '" + input.name() + "' is missing: " + input.type() + " " + text(input.shape()));
      }
    }
    for (String name : inputs.keySet()) {
      if (graph.inputs().stream().noneMatch(input -> input.name().equals(name))) {
        throw new GraphException("the model has no input '" + name + "'; it has "
            + graph.inputs().stream().map(Graph.Input::name).toList());
      }
    }
    GraphEvaluation evaluation = new GraphEvaluation(graph, literals, connected(graph, literals));
    try {
      evaluation.run(DryMatrix.SYSTEM, (node, outputs) -> outputs);
    } catch (DryMatrix.UnknownException unknown) {
      // What follows depends on real numbers, which only a run in a number system has.
      return evaluation;
    }
    return evaluation;
  }

  private static void requireOperators(Graph graph) {
    for (Node node : graph.nodes()) {
      boolean own = node.domain().isEmpty() || node.domain().equals("ai.onnx");
      if (own && node.operator().equals("Constant")) {
        continue;
      }
      Operator operator = own ? Operators.named(node.operator()) : null;
      if (operator == null) {
        throw new GraphException(node, "operator " + node.operator() + " of domain '" + (own ? "ai.onnx" : node.domain())
            + "' is not supported", null);
      }
      if (graph.opset() < operator.since()) {
        throw new GraphException(node, "operator " + node.operator() + " begins with opset " + operator.since()
            + ", the model uses opset " + graph.opset(), null);
      }
      int inputs = node.inputs().size();
      if (inputs < operator.least() || inputs > operator.most()) {
        throw new GraphException(node, "has " + inputs + " inputs, not " + operator.least() + " to "
            + (operator.most() == Integer.MAX_VALUE ? "any number" : operator.most()), null);
      }
    }
  }

  /** Evaluates constants, checks that all names are known, and finds where each is used last. */
  private static Map<String, Integer> connected(Graph graph, Map<String, Literal> literals) {
    Set<String> known = new HashSet<>(literals.keySet());
    Map<String, Integer> lastUse = new HashMap<>();
    for (int k = 0; k < graph.nodes().size(); k++) {
      Node node = graph.nodes().get(k);
      for (String name : node.inputs()) {
        if (!name.isEmpty() && !known.contains(name)) {
          throw new GraphException(node, "input '" + name + "' is not computed by any node before", null);
        }
        lastUse.put(name, k);
      }
      for (String name : node.outputs()) {
        if (!name.isEmpty() && !known.add(name)) {
          throw new GraphException(node, "output '" + name + "' is there already", null);
        }
      }
      if (node.operator().equals("Constant")) {
        if (node.outputs().size() != 1) {
          throw new GraphException(node, "has " + node.outputs().size() + " outputs, not 1", null);
        }
        literals.put(node.outputs().get(0), checked(node.toString(), Moving.constant(node, graph.opset()), true));
      }
    }
    for (String name : graph.outputs()) {
      if (!known.contains(name)) {
        throw new GraphException("output '" + name + "' is not computed by any node");
      }
      lastUse.put(name, graph.nodes().size());
    }
    return lastUse;
  }

  private static Literal checked(Graph.Input input, Literal given) {
    String where = "input '" + input.name() + "'";
    int[] shape = given.shape();
    boolean fits = given.type() == input.type() && shape.length == input.shape().length;
    for (int k = 0; fits && k < shape.length; k++) {
      fits = input.shape()[k] < 0 || input.shape()[k] == shape[k];
    }
    if (!fits) {
      throw new GraphException(where + " must be " + input.type() + " " + text(input.shape()) + ", got " + given);
    }
    return checked(where, given, false);
  }

  /** A literal whose entries fill its shape, are in its type's range, and are real numbers, or also −∞ where masks may be. */
  private static Literal checked(String where, Literal literal, boolean mask) {
    int size;
    try {
      size = Dimensions.size(literal.shape());
      Dimensions.rows(literal.shape());
    } catch (IllegalArgumentException e) {
      throw new GraphException(where + ": " + e.getMessage());
    }
    if (size != literal.size()) {
      throw new GraphException(where + ": " + literal.size() + " entries do not fill " + literal);
    }
    for (int e = 0; e < literal.reals().length; e++) {
      double value = literal.reals()[e];
      if (!Double.isFinite(value) && !(mask && value == Double.NEGATIVE_INFINITY)) {
        throw new GraphException(where + ": entry " + e + " is " + value + ", not a real number");
      }
    }
    for (long value : literal.integers()) {
      if (!Values.holds(literal.type(), value)) {
        throw new GraphException(where + ": " + value + " is beyond the range of " + literal.type());
      }
    }
    return literal;
  }

  private static String text(int[] shape) {
    return Arrays.toString(shape).replace("-1", "?");
  }

  /** The nodes in the order in which they are evaluated. */
  public List<Node> nodes() {
    return graph.nodes();
  }

  /** The outputs by name. */
  public <M extends Matrix<M>> Map<String, Value<M>> in(NumberSystem<M> system) {
    return run(system, (node, outputs) -> outputs);
  }

  /**
   * Evaluates node by node; a value is dropped when no later node uses it.
   *
   * @param observer sees each node with its outputs, and may replace these
   * @return the outputs by name, in the graph's order
   * @throws GraphException if a node cannot be evaluated; {@link UndecidedException} where more precision may help
   * @throws NotExactException if an exact system cannot hold a result; the message begins with the node
   */
  public <M extends Matrix<M>> Map<String, Value<M>> run(NumberSystem<M> system, Observer<M> observer) {
    Map<String, Value<M>> values = new HashMap<>();
    long entries = 0;
    for (int k = 0; k < graph.nodes().size(); k++) {
      Node node = graph.nodes().get(k);
      if (node.operator().equals("Constant")) {
        continue;
      }
      Map<String, Value<M>> outputs = outputs(system, node, values);
      Map<String, Value<M>> shown = new LinkedHashMap<>(outputs);
      shown.values().removeIf(Masked.class::isInstance);
      if (!shown.isEmpty()) {
        replace(node, outputs, observer.after(node, shown));
      }
      for (Value<M> value : outputs.values()) {
        entries += Dimensions.size(value.shape());
      }
      if (entries > Dimensions.LIMIT) {
        throw new GraphException(node, "all values together would have more than " + Dimensions.LIMIT + " entries", null);
      }
      values.putAll(outputs);
      Set<String> used = new HashSet<>(node.inputs());
      used.addAll(outputs.keySet());
      for (String name : used) {
        Integer last = lastUse.get(name);
        if (last == null || last <= k) {
          Value<M> dropped = values.remove(name);
          entries -= dropped == null ? 0 : Dimensions.size(dropped.shape());
        }
      }
    }
    Map<String, Value<M>> results = new LinkedHashMap<>();
    for (String name : graph.outputs()) {
      Value<M> value = value(system, name, values);
      if (value instanceof Masked) {
        throw new GraphException("output '" + name + "' holds −∞");
      }
      results.put(name, value);
    }
    return results;
  }

  private static <M extends Matrix<M>> void replace(
      Node node, Map<String, Value<M>> outputs, Map<String, Value<M>> replacements) {
    replacements.forEach((name, value) -> {
      Value<M> output = outputs.get(name);
      if (output == null || output.type() != value.type() || !Arrays.equals(output.shape(), value.shape())) {
        throw new GraphException(node, "output '" + name + "' " + output + " cannot be replaced by " + value, null);
      }
      outputs.put(name, value);
    });
  }

  private <M extends Matrix<M>> Value<M> value(NumberSystem<M> system, String name, Map<String, Value<M>> values) {
    Value<M> value = values.get(name);
    if (value != null) {
      return value;
    }
    Literal literal = literals.get(name);
    if (literal == null) {
      throw new GraphException("'" + name + "' has no value");
    }
    return Values.of(system, literal);
  }

  private <M extends Matrix<M>> Map<String, Value<M>> outputs(
      NumberSystem<M> system, Node node, Map<String, Value<M>> values) {
    List<@Nullable Value<M>> inputs = new ArrayList<>();
    List<@Nullable Literal> known = new ArrayList<>();
    for (String name : node.inputs()) {
      inputs.add(name.isEmpty() ? null : value(system, name, values));
      known.add(name.isEmpty() ? null : literals.get(name));
    }
    Operator operator = Operators.named(node.operator());
    if (operator == null) {
      throw new GraphException(node, "is not supported", null);
    }
    Call<M> call = new Call<>(node, graph.opset(), system, inputs, known);
    List<Value<M>> results;
    try {
      results = operator.kernels().apply(call);
    } catch (NotExactException e) {
      throw new NotExactException(node + ": " + e.getMessage());
    } catch (IllegalArgumentException | ArithmeticException | UnsupportedOperationException e) {
      throw new GraphException(node, String.valueOf(e.getMessage()), e);
    }
    call.requireAllRead();
    Map<String, Value<M>> outputs = new LinkedHashMap<>();
    for (int k = 0; k < node.outputs().size(); k++) {
      String name = node.outputs().get(k);
      if (name.isEmpty()) {
        continue;
      }
      if (k >= results.size()) {
        throw new GraphException(node, "output " + k + " is not supported", null);
      }
      outputs.put(name, results.get(k));
    }
    return outputs;
  }
}
