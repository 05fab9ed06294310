package plumbline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import plumbline.reference.decide.Rung;
import plumbline.reference.envelope.Model;
import plumbline.reference.io.InputException;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.Operators;
import plumbline.spec.paper.Paper;

/** Judges whether an implementation's outputs differ from the exact result by rounding, or by a bug. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
        "Judge whether an implementation's outputs differ from the exact result by rounding, or by a bug.%n",
        "Read inputs, weights and outputs of an implementation from an npz file, evaluate the statement on exactly these"
            + " inputs, and compare each output with the error that an implementation within the model's assumptions can"
            + " have. Every number reported is a certified bound.%n",
        "rounding   every entry is certainly within that error",
        "bug        some entry is not: no implementation within the model returns it",
        "undecided  the error allowed is as large as the values, or the exact value is",
        "           not known well enough%n",
        "Tensor names and shapes are those that 'plumbline explain ID' prints. In a chain of layers, --as ID,ID,…, the"
            + " tensors of the k-th layer are called k.NAME, and its first input is the output of the layer before. If the"
            + " file gives that output, the layer is judged from it, so that the first layer that breaks is found.%n",
        "The ulp of an exact value v is the spacing of the output's type at |v|, never below that of its subnormals. A"
            + " result near 0 after cancellation has a tiny ulp; the error is therefore also given in units of"
            + " epsilon * max|y|.%n",
        "Given a directory with an index.json, check all its cases and print a table.%n",
        "Given an ONNX model, evaluate its graph on the inputs of an npz file, named as the graph names them. Outputs come"
            + " from an npz file, or else from ONNX Runtime. An npz file may hold outputs of inner nodes, too: each is judged,"
            + " and what follows is computed from it, so that the first node that breaks is found. --all-nodes does the same"
            + " with all that ONNX Runtime computes; so does check by itself where ONNX Runtime computes the outputs and"
            + " nothing can be decided from inputs to outputs.%n"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plumbline check attention.npz --as def-b.3",
        "  plumbline check attention.npz --as def-b.3 --model torch-cuda-tf32",
        "  plumbline check norm.npz --as def-c.9 --param epsilon=1e-6",
        "  plumbline check up.npz --as def-3.2 --param reading=standard \\",
        "      --param height=16 --param width=16",
        "  plumbline check block.npz --as def-c.9,def-b.3 --param 1.epsilon=1e-6",
        "  plumbline check DIR --json report.json",
        "  plumbline check model.onnx --inputs x.npz",
        "  plumbline check model.onnx --inputs x.npz --outputs y.npz",
        "  plumbline check model.onnx --inputs x.npz --all-nodes",
        "",
        "Exit codes:",
        "  0  all outputs: rounding",
        "  1  a bug was proved",
        "  2  bad usage or input",
        "  3  undecided"})
final class CheckCommand implements Callable<Integer> {
  private static final int LARGEST_MAX_BITS = 1 << 20;

  @Parameters(paramLabel = "FILE", description = "An npz file, a directory with an index.json, or an ONNX"
      + " model (.onnx).")
  private Path file = Path.of("");

  @Option(names = "--as", paramLabel = "ID", description = "The statement that the file's outputs claim to compute; or a"
      + " chain of them, ID,ID,….")
  private @Nullable String id;

  @Option(names = "--param", paramLabel = "NAME=VALUE", description = "A parameter of the statement; may be repeated.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(names = "--model", paramLabel = "NAME", completionCandidates = ModelNames.class,
      description = "What is assumed of the implementation: ${COMPLETION-CANDIDATES}. By default the first of the output's"
          + " type. May be repeated; each output is judged by the first of its type, an ONNX model by the first of the type"
          + " that it computes in.")
  private List<String> models = new ArrayList<>();

  @Option(names = "--inputs", paramLabel = "NPZ", description = "The inputs of an ONNX model.")
  private @Nullable Path inputs;

  @Option(names = "--outputs", paramLabel = "NPZ", description = "What an implementation computed for an ONNX model; without"
      + " it, ONNX Runtime computes it.")
  private @Nullable Path outputs;

  @Option(names = "--all-nodes", description = "Judge the outputs of all nodes of an ONNX model, as ONNX Runtime has them.")
  private boolean allNodes;

  @Option(names = "--max-bits", paramLabel = "B", defaultValue = "4096",
      description = "Highest precision to try, at least 53; default ${DEFAULT-VALUE}.")
  private int maxBits;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON, too.")
  private @Nullable Path json;

  @Spec
  @SuppressWarnings("nullness:initialization.field.uninitialized") // picocli sets it before any use
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (maxBits < Rung.MIN_BITS || maxBits > LARGEST_MAX_BITS) {
      throw usage("--max-bits must be " + Rung.MIN_BITS + " to " + LARGEST_MAX_BITS + ", got " + maxBits);
    }
    CaseCheck.Settings settings = new CaseCheck.Settings(models.stream().map(this::model).toList(), maxBits);
    if (json != null) {
      JsonFile.requireWritable(json);
    }
    PrintWriter out = spec.commandLine().getOut();
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("tool", "plumbline").put("version", Main.Version.version());
    ArrayNode cases = report.putArray("cases");
    int code;
    boolean isModel = file.toString().endsWith(".onnx") && !Files.isDirectory(file);
    if (!isModel && (inputs != null || outputs != null || allNodes)) {
      throw usage("--inputs, --outputs and --all-nodes are for ONNX models (.onnx)");
    }
    if (isModel) {
      ModelCheck check;
      ModelCheck.Files files = modelFiles();
      try (Progress progress = new Progress("check", -1)) {
        check = ModelCheck.run(files, settings, progress);
      }
      check.print(out);
      cases.add(check.json());
      code = check.exitCode();
    } else if (Files.isDirectory(file)) {
      if (id != null || !parameters.isEmpty()) {
        throw usage("--as and --param come from the directory's index.json, not from the command line");
      }
      CaseIndex index = CaseIndex.read(file);
      try (Progress progress = new Progress("check", index.size())) {
        index.run(settings, progress);
      }
      index.print(out);
      index.checks().forEach(check -> cases.add(check.json()));
      code = index.exitCode();
    } else {
      if (id == null) {
        throw usage("--as ID is missing: which statement is " + file + " a case of? ('plumbline explain' lists them)");
      }
      CaseCheck check;
      List<Operator> operators = operators(id);
      try (Progress progress = new Progress("check", -1)) {
        check = CaseCheck.run(file, operators, parameters, settings, progress);
      }
      check.print(out);
      cases.add(check.json());
      code = check.exitCode();
    }
    out.flush();
    if (json != null) {
      JsonFile.write(json, report);
    }
    return code;
  }

  private ModelCheck.Files modelFiles() {
    if (id != null || !parameters.isEmpty()) {
      throw usage("--as and --param are not for ONNX models, which say themselves what they compute");
    }
    if (inputs == null) {
      throw usage("--inputs NPZ is missing: the inputs of " + file);
    }
    if (outputs != null && allNodes) {
      throw usage("--all-nodes has ONNX Runtime compute the outputs; the file of --outputs may hold outputs of nodes itself");
    }
    return new ModelCheck.Files(file, inputs, outputs, allNodes);
  }

  /** Names for the help text. */
  static final class ModelNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Model.presets().stream().map(Model::name).iterator();
    }
  }

  private Model model(String name) {
    try {
      return Model.named(name);
    } catch (IllegalArgumentException e) {
      throw usage("--model: " + e.getMessage());
    }
  }

  /**
   * The operators of statements, given by their ids with commas between them.
   *
   * @throws plumbline.spec.paper.UnknownStatementException if there is no such statement
   * @throws InputException if a statement cannot be evaluated
   */
  static List<Operator> operators(String ids) {
    return Arrays.stream(ids.split(",", -1)).map(String::strip).map(CheckCommand::operator).toList();
  }

  static Operator operator(String id) {
    return Operators.find(id).orElseThrow(() -> new InputException(Paper.load().statement(id).id()
        + " is no map from tensors to tensors; statements that can be checked so: "
        + Stream.concat(Operators.all().stream(), Operators.implementations().stream()).map(Operator::id)
            .collect(Collectors.joining(" "))));
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
