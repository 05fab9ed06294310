package plumbline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.peer.OnnxRuntime;
import plumbline.reference.conformance.Judge;
import plumbline.reference.conformance.Judgement;
import plumbline.reference.conformance.Ruling;
import plumbline.reference.conformance.UlpErrors;
import plumbline.reference.decide.Rung;
import plumbline.reference.envelope.Envelope;
import plumbline.reference.envelope.EnvelopeMatrix;
import plumbline.reference.envelope.Format;
import plumbline.reference.envelope.Model;
import plumbline.reference.io.DType;
import plumbline.reference.io.InputException;
import plumbline.reference.io.NpyArray;
import plumbline.reference.io.NpzFile;
import plumbline.reference.number.Decimals;
import plumbline.reference.onnx.Graph;
import plumbline.reference.onnx.GraphEvaluation;
import plumbline.reference.onnx.GraphException;
import plumbline.reference.onnx.Literal;
import plumbline.reference.onnx.Literal.ElementType;
import plumbline.reference.onnx.ModelFile;
import plumbline.reference.onnx.Node;
import plumbline.reference.onnx.UndecidedException;
import plumbline.reference.onnx.Value;
import plumbline.reference.operator.Evaluation;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/**
 * The tensors that an implementation computed for an ONNX model, beside the exact ones. What is given of a node's outputs is
 * judged, and what follows is computed from what is given: errors do not accumulate, and the first node that breaks is found.
 */
final class ModelCheck {
  /** Graphs with more numbers than this are not evaluated in rationals, which could take hours. */
  private static final long RATIONAL_ENTRIES = 1 << 13;
  /** Graphs with more numbers than this are evaluated in higher precision only to decide a verdict. */
  private static final long SMALL = 1 << 17;
  private static final String BY_NODE =
      "nodes are computed as the graph has them, or fused where that only leaves out roundings";
  private static final Map<ElementType, DType> DTYPES = Map.ofEntries(
      Map.entry(ElementType.FLOAT16, DType.F16), Map.entry(ElementType.FLOAT, DType.F32),
      Map.entry(ElementType.DOUBLE, DType.F64), Map.entry(ElementType.INT8, DType.I8),
      Map.entry(ElementType.INT16, DType.I16), Map.entry(ElementType.INT32, DType.I32),
      Map.entry(ElementType.INT64, DType.I64), Map.entry(ElementType.UINT8, DType.U8),
      Map.entry(ElementType.UINT16, DType.U16), Map.entry(ElementType.UINT32, DType.U32),
      Map.entry(ElementType.UINT64, DType.U64), Map.entry(ElementType.BOOL, DType.BOOL));

  /**
   * What to check.
   *
   * @param inputs an npz file with the graph's inputs
   * @param outputs an npz file with outputs of nodes, or {@code null} to have ONNX Runtime compute them
   * @param allNodes whether ONNX Runtime shows the outputs of all nodes
   */
  record Files(Path model, Path inputs, @Nullable Path outputs, boolean allNodes) {}

  /** The judgement of a tensor, in small. */
  private record NodeReport(String node, String operator, NpyArray y, Ruling ruling, String share, double tightness,
      @Nullable String reason) {

    static NodeReport of(@Nullable Node node, NpyArray y, Judgement judgement) {
      return new NodeReport(node == null ? "" : node.name(), node == null ? "" : node.operator(), y, judgement.ruling(),
          judgement.share().text(0), judgement.tightness(), judgement.reason());
    }

    List<String> row() {
      return List.of(node, operator, y.name(), y.dtype().word() + " " + NpyArray.describe(y.shape()), ruling.word(), share,
          Double.isNaN(tightness) ? "-" : Decimals.brief(tightness));
    }

    ObjectNode json() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("node", node).put("operator", operator).put("output", y.name()).put("dtype", y.dtype().word());
      ArrayNode shape = json.putArray("shape");
      for (int dimension : y.shape()) {
        shape.add(dimension);
      }
      if (reason != null) {
        json.put("reason", reason);
      }
      return json.put("verdict", ruling.word()).put("share", share).put("tightness", tightness);
    }
  }

  private final Files files;
  private final Graph graph;
  private final GraphEvaluation evaluation;
  private final String source;
  private final Model model;
  private final int maxBits;
  private final Progress progress;
  private final Map<String, NpyArray> given;
  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, NodeReport> nodes = new LinkedHashMap<>();
  private final Map<String, TensorReport> outputs = new LinkedHashMap<>();
  private final Set<String> open = new LinkedHashSet<>();
  private final Set<String> notes = new LinkedHashSet<>();

  private ModelCheck(Files files, Graph graph, GraphEvaluation evaluation, String source, Map<String, NpyArray> given,
      CaseCheck.Settings settings, Progress progress) {
    this.files = files;
    this.graph = graph;
    this.evaluation = evaluation;
    this.source = source;
    this.given = given;
    this.model = settings.model(coarsest(graph, given)).orElseGet(() -> settings.models().get(0));
    this.maxBits = settings.maxBits();
    this.progress = progress;
    for (Node node : graph.nodes()) {
      node.outputs().forEach(output -> producers.put(output, node));
    }
  }

  /**
   * Reads a model with inputs and judges outputs.
   *
   * <p>If ONNX Runtime computes the outputs and the envelope from inputs to outputs tells nothing, checks node by node.
   *
   * @throws InputException if a file cannot be used
   */
  static ModelCheck run(Files files, CaseCheck.Settings settings, Progress progress) {
    progress.doing("reading");
    Graph graph = ModelFile.read(files.model());
    Map<String, Literal> inputs = inputs(files, graph);
    try {
      GraphEvaluation evaluation = GraphEvaluation.prepare(graph, inputs);
      ModelCheck check = judged(files, graph, inputs, evaluation, settings, progress);
      if (files.outputs() == null && !files.allNodes() && check.exitCode() == ExitCode.UNDECIDED) {
        Files allNodes = new Files(files.model(), files.inputs(), null, true);
        ModelCheck byNode = judged(allNodes, graph, inputs, evaluation, settings, progress);
        byNode.notes.add("from inputs to outputs nothing can be decided: " + check.firstReason()
            + "; so each node is checked, from what ONNX Runtime computed before it");
        return byNode;
      }
      return check;
    } catch (GraphException e) {
      throw new InputException(files.model() + ": " + e.getMessage(), e);
    }
  }

  /** Reads or computes the outputs and judges them. */
  private static ModelCheck judged(Files files, Graph graph, Map<String, Literal> inputs, GraphEvaluation evaluation,
      CaseCheck.Settings settings, Progress progress) {
    Map<String, NpyArray> given;
    String source;
    if (files.outputs() != null) {
      given = tensors(files.outputs(), graph);
      source = files.outputs().toString();
    } else {
      OnnxRuntime runtime = runtime();
      progress.doing(runtime.name());
      given = arrays(graph, runtime.run(files.model(), inputs, files.allNodes()));
      source = runtime.name() + ", which ran each node as it is";
    }
    ModelCheck check = new ModelCheck(files, graph, evaluation, source, given, settings, progress);
    check.judge();
    return check;
  }

  private static OnnxRuntime runtime() {
    try {
      return OnnxRuntime.load();
    } catch (NoClassDefFoundError e) {
      // Its jar lies beside this one, and may be missing where only this one was copied.
      throw new InputException("ONNX Runtime is not there (lib/ beside plumbline.jar); --outputs NPZ does without", e);
    }
  }

  private static Set<String> values(Graph graph) {
    Set<String> names = new HashSet<>(graph.initializers().keySet());
    graph.nodes().forEach(node -> names.addAll(node.outputs()));
    return names;
  }

  /** The graph's inputs; tensors that belong to the graph's outputs may be in the same file. */
  private static Map<String, Literal> inputs(Files files, Graph graph) {
    Map<String, Literal> inputs = new LinkedHashMap<>();
    Set<String> values = values(graph);
    Set<String> names = graph.inputs().stream().map(Graph.Input::name).collect(Collectors.toCollection(LinkedHashSet::new));
    for (NpyArray array : NpzFile.read(files.inputs()).values()) {
      if (names.contains(array.name())) {
        inputs.put(array.name(), literal(array));
      } else if (!values.contains(array.name())) {
        throw new InputException(files.inputs() + ": '" + array.name() + "' is no input of " + files.model() + ", whose inputs are "
            + (names.isEmpty() ? "none" : String.join(", ", names)));
      }
    }
    return inputs;
  }

  private static Literal literal(NpyArray array) {
    for (Map.Entry<ElementType, DType> type : DTYPES.entrySet()) {
      if (type.getValue() == array.dtype()) {
        return array.dtype().isFloat() ? Literal.reals(type.getKey(), array.shape(), array.values())
            : Literal.integers(type.getKey(), array.shape(), Arrays.stream(array.values()).mapToLong(v -> (long) v).toArray());
      }
    }
    throw new InputException("'" + array.name() + "': no ONNX type is " + array.dtype().word());
  }

  /** Tensors of a file by the names of outputs of nodes; the graph's inputs may be in the same file. */
  private static Map<String, NpyArray> tensors(Path file, Graph graph) {
    Map<String, NpyArray> tensors = new LinkedHashMap<>();
    Set<String> values = values(graph);
    Set<String> inputs = graph.inputs().stream().map(Graph.Input::name).collect(Collectors.toSet());
    for (NpyArray array : NpzFile.read(file).values()) {
      if (values.contains(array.name())) {
        tensors.put(array.name(), array);
      } else if (!inputs.contains(array.name())) {
        throw new InputException(file + ": '" + array.name() + "' is computed by no node; the model's outputs are "
            + String.join(", ", graph.outputs()));
      }
    }
    if (tensors.isEmpty()) {
      throw new InputException(file + ": no output to check; the model's outputs are " + String.join(", ", graph.outputs()));
    }
    return tensors;
  }

  private static Map<String, NpyArray> arrays(Graph graph, Map<String, Literal> literals) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    literals.forEach((name, literal) -> {
      DType dtype = DTYPES.get(literal.type());
      if (dtype != null) {
        double[] values = literal.type().isReal() ? literal.reals()
            : Arrays.stream(literal.integers()).mapToDouble(v -> v).toArray();
        arrays.put(name, new NpyArray(name, dtype, literal.shape(), values));
      } else if (graph.outputs().contains(name)) {
        throw new InputException("output '" + name + "' " + literal + ": results of this type cannot be judged");
      }
    });
    return arrays;
  }

  /** The format with the fewest bits that some tensor has, which an implementation may have gone through. */
  private static Format coarsest(Graph graph, Map<String, NpyArray> given) {
    Stream<ElementType> casts = graph.nodes().stream().filter(node -> node.operator().equals("Cast"))
        .map(node -> node.attributes().get("to")).map(to -> Objects.equals(to, 10L) ? ElementType.FLOAT16
            : Objects.equals(to, 16L) ? ElementType.BFLOAT16 : ElementType.DOUBLE);
    Stream<ElementType> types = Stream.of(graph.inputs().stream().map(Graph.Input::type),
        graph.initializers().values().stream().map(Literal::type), casts).flatMap(stream -> stream);
    Stream<Format> formats = types.filter(ElementType::isReal).map(ModelCheck::format);
    Stream<Format> returned = given.values().stream().filter(y -> y.dtype().isFloat()).map(ModelCheck::format);
    return Stream.concat(formats, returned).min(Comparator.comparingInt(Format::precision)).orElse(Format.FLOAT32);
  }

  private static Format format(ElementType type) {
    return switch (type) {
      case FLOAT16 -> Format.FLOAT16;
      case BFLOAT16 -> Format.BFLOAT16;
      case FLOAT -> Format.FLOAT32;
      default -> Format.FLOAT64;
    };
  }

  private static Format format(NpyArray y) {
    Format format = Format.named(y.dtype().word());
    if (format == null) {
      throw new InputException("'" + y.name() + "' is " + y.dtype().word() + ", not floating point");
    }
    return format;
  }

  /** Judges node by node in one run, then what is left open in higher precision. */
  private void judge() {
    for (String name : graph.outputs()) {
      if (!given.containsKey(name)) {
        notes.add("not given, not checked: output '" + name + "'");
      }
    }
    Envelope envelope = new Envelope(model);
    try {
      Map<String, Value<EnvelopeMatrix>> results = evaluation.run(envelope, (node, values) -> {
        progress.doing(node.toString());
        requireModel(node, values);
        values.forEach((name, value) -> judge(node, name, value));
        progress.step();
        return replaced(envelope, values);
      });
      results.forEach((name, value) -> {
        if (!nodes.containsKey(name)) {
          judge(producers.get(name), name, value);
        }
      });
    } catch (UndecidedException notInEnvelopes) {
      given.forEach((name, y) -> {
        if (!nodes.containsKey(name) && y.dtype().isFloat()) {
          open.add(name);
        }
      });
    }
    if (!open.isEmpty() && (maxBits > Rung.MIN_BITS || !nodes.keySet().containsAll(open))) {
      judgeOpen();
    }
    String others = given.keySet().stream().filter(name -> !nodes.containsKey(name) && !isConstant(name))
        .map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    if (!others.isEmpty()) {
      notes.add("constant or with −∞, not checked: " + others);
    }
    if (nodes.isEmpty()) {
      throw new InputException(source + ": nothing could be checked: " + String.join("; ", notes));
    }
  }

  /** An implementation that computes in a coarser type than the model's is not within the model. */
  private void requireModel(Node node, Map<String, Value<EnvelopeMatrix>> values) {
    for (Value<EnvelopeMatrix> value : values.values()) {
      if (value.type().isReal() && format(value.type()).precision() < model.storage().precision()
          && !node.operator().equals("Cast")) {
        throw new InputException(files.model() + ": " + node + " computes in " + format(value.type()).word() + ", but model "
            + model.name() + " stores results in " + model.storage().word());
      }
    }
  }

  private void judge(@Nullable Node node, String name, Value<EnvelopeMatrix> value) {
    NpyArray y = given.get(name);
    if (y == null) {
      return;
    }
    requireShape(y, value);
    if (value instanceof Value.Whole<EnvelopeMatrix> whole) {
      judge(node, y, whole.values());
    } else if (value instanceof Value.Real<EnvelopeMatrix> real) {
      EnvelopeMatrix matrix = real.matrix();
      Judgement judgement = Judge.judge(y.values(), matrix.exact(), matrix.error(), matrix.cause());
      report(node, y, judgement);
      boolean coarse = graph.outputs().contains(name) && isSmall(SMALL) && !new UlpErrors(format(y), judgement).isTight();
      if (!judgement.isSettled() || coarse) {
        open.add(name);
      }
    }
  }

  private boolean isConstant(String name) {
    Node producer = producers.get(name);
    return producer != null && producer.operator().equals("Constant");
  }

  private void requireShape(NpyArray y, Value<?> value) {
    if (DTYPES.get(value.type()) != y.dtype() || !Arrays.equals(value.shape(), y.shape())) {
      throw new InputException(source + ": '" + y.name() + "': expected " + value + ", got " + y.dtype().word() + " "
          + Arrays.toString(y.shape()));
    }
  }

  /** Integers have no rounding: they are right or wrong. */
  private void judge(@Nullable Node node, NpyArray y, long[] exact) {
    int wrong = 0;
    while (wrong < exact.length && y.get(wrong) == exact[wrong]) {
      wrong++;
    }
    boolean right = wrong == exact.length;
    nodes.put(y.name(), new NodeReport(node == null ? "" : node.name(), node == null ? "" : node.operator(), y,
        right ? Ruling.ROUNDING : Ruling.BUG, right ? "0" : "∞", Double.NaN, null));
    if (!right) {
      notes.add("'" + y.name() + "' at " + y.index(wrong) + ": given " + (long) y.get(wrong) + ", exact " + exact[wrong]);
    }
  }

  /** Keeps the judgement of each output and of the first bug; of others little, since there may be many. */
  private void report(@Nullable Node node, NpyArray y, Judgement judgement) {
    boolean firstBug = judgement.ruling() == Ruling.BUG
        && nodes.values().stream().noneMatch(report -> report.ruling() == Ruling.BUG);
    nodes.put(y.name(), NodeReport.of(node, y, judgement));
    if (firstBug || graph.outputs().contains(y.name())) {
      outputs.put(y.name(), new TensorReport(y, y.name(), node == null ? "input" : node.toString(), model, judgement,
          new UlpErrors(format(y), judgement)));
    }
  }

  private boolean isSmall(long most) {
    long entries = graph.initializers().values().stream().mapToLong(Literal::size).sum()
        + given.values().stream().mapToLong(NpyArray::size).sum();
    return entries <= most;
  }

  /** What a node's outputs are for the nodes after it: what is given, if that is numbers. */
  private <M extends Matrix<M>> Map<String, Value<M>> replaced(NumberSystem<M> system, Map<String, Value<M>> values) {
    Map<String, Value<M>> replaced = new LinkedHashMap<>(values);
    values.forEach((name, value) -> {
      NpyArray y = given.get(name);
      if (y == null || !(value instanceof Value.Real<M> real)) {
        return;
      }
      if (y.firstNonFinite() < 0) {
        M matrix = system.lift(ExactMatrix.of(real.matrix().rows(), real.matrix().columns(), y.values()));
        replaced.put(name, new Value.Real<>(real.type(), real.shape(), matrix));
      } else {
        notes.add("'" + name + "' is " + y.get(y.firstNonFinite()) + " at " + y.index(y.firstNonFinite())
            + ": what follows is compared with exact results");
      }
    });
    return replaced;
  }

  private void judgeOpen() {
    Map<String, double[]> returned = new LinkedHashMap<>();
    given.forEach((name, y) -> {
      if (open.contains(name)) {
        returned.put(name, y.values());
      }
    });
    Judge.Observer observer = new Judge.Observer() {
      @Override
      public void evaluating(String system) {
        progress.doing("again in " + system);
      }

      @Override
      public boolean allowsRationals() {
        return isSmall(RATIONAL_ENTRIES);
      }

      @Override
      public boolean isEnough(String name, Judgement judgement) {
        NpyArray y = given.get(name);
        return y == null || !isSmall(SMALL) || !graph.outputs().contains(name)
            || new UlpErrors(format(y), judgement).isTight();
      }
    };
    new Judge(model, maxBits).judge(new Open(), returned, observer).forEach((name, judgement) -> {
      NpyArray y = given.get(name);
      if (y != null) {
        report(producers.get(name), y, judgement);
      }
    });
  }

  /** The outputs of nodes that are open, computed from what is given before them. */
  private final class Open implements Evaluation {
    @Override
    public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
      Map<String, M> results = new LinkedHashMap<>();
      try {
        evaluation.run(system, (node, values) -> {
          keep(values, results);
          return replaced(system, values);
        }).forEach((name, value) -> {
          if (!results.containsKey(name)) {
            keep(Map.of(name, value), results);
          }
        });
      } catch (UndecidedException e) {
        if (system instanceof Envelope) {
          throw new UnsupportedOperationException(e.getMessage(), e);
        }
        throw e;
      }
      return results;
    }

    private <M extends Matrix<M>> void keep(Map<String, Value<M>> values, Map<String, M> results) {
      values.forEach((name, value) -> {
        if (open.contains(name) && value instanceof Value.Real<M> real) {
          results.put(name, real.matrix());
        }
      });
    }
  }

  /** Exit code of the worst ruling. */
  int exitCode() {
    Set<Ruling> rulings = nodes.values().stream().map(NodeReport::ruling).collect(Collectors.toSet());
    return rulings.contains(Ruling.BUG) ? ExitCode.BUG
        : rulings.contains(Ruling.UNDECIDED) ? ExitCode.UNDECIDED : ExitCode.DONE;
  }

  /** Why the first undecided output is that. */
  private String firstReason() {
    return outputs.values().stream().map(TensorReport::reason).filter(Objects::nonNull).map(Objects::toString).findFirst()
        .orElse("the precision does not suffice");
  }

  private @Nullable String firstBug() {
    return inOrder().filter(report -> report.ruling() == Ruling.BUG).findFirst()
        .map(report -> report.operator() + " '" + report.node() + "', output '" + report.y().name() + "'").orElse(null);
  }

  /** The reports in the order of the nodes. */
  private Stream<NodeReport> inOrder() {
    Set<String> names = new LinkedHashSet<>();
    graph.nodes().forEach(node -> names.addAll(node.outputs()));
    names.addAll(graph.outputs());
    return names.stream().flatMap(name -> Stream.ofNullable(nodes.get(name)));
  }

  private boolean isByNode() {
    return nodes.size() > graph.outputs().size() || files.allNodes();
  }

  /** Prints the report. */
  void print(PrintWriter out) {
    out.println(files.model() + ": " + graph.nodes().size() + " nodes, opset " + graph.opset() + "; inputs " + files.inputs()
        + "; outputs of " + source);
    out.println("model " + model.name() + ", which assumes");
    model.assumptions().forEach(line -> out.println("  " + line));
    out.println("  " + BY_NODE);
    if (isByNode()) {
      printTable(out);
      inOrder().forEach(report -> {
        if (report.reason() != null) {
          out.println("'" + report.y().name() + "': " + report.reason());
        }
      });
    }
    outputs.values().forEach(output -> output.print(out));
    notes.forEach(out::println);
    String bug = firstBug();
    if (bug != null) {
      out.println("first node that breaks" + (isByNode() ? "" : ", of those whose outputs are given") + ": " + bug);
    }
  }

  private void printTable(PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("node", "operator", "output", "shape", "verdict", "share", "tightness"));
    inOrder().forEach(report -> rows.add(report.row()));
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int k = 0; k < widths.length; k++) {
        widths[k] = Math.max(widths[k], row.get(k).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int k = 0; k < widths.length; k++) {
        line.append(row.get(k)).append(" ".repeat(widths[k] - row.get(k).length() + 2));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /** The report as JSON. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("file", files.model().toString()).put("inputs", files.inputs().toString()).put("outputs_of", source);
    ArrayNode assumptions = json.putObject("models").putArray(model.name());
    model.assumptions().forEach(assumptions::add);
    assumptions.add(BY_NODE);
    ArrayNode array = json.putArray("outputs");
    outputs.values().forEach(output -> array.add(output.json()));
    ArrayNode table = json.putArray("nodes");
    inOrder().forEach(report -> table.add(report.json()));
    ArrayNode remarks = json.putArray("notes");
    notes.forEach(remarks::add);
    String bug = firstBug();
    if (bug != null) {
      json.put("first_bug", bug);
    }
    return json;
  }
}
