package plumbline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import plumbline.reference.decide.Rung;
import plumbline.reference.io.InputException;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.Operators;
import plumbline.spec.paper.Paper;

/** Measures how far an implementation's outputs are from the exact result. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
        "Measure how far an implementation's outputs are from the exact result.%n",
        "Read inputs, weights and outputs of an implementation from an npz file, evaluate the statement on exactly these"
            + " inputs, and report how far each output is from the exact result. Every number reported is a certified"
            + " bound.%n",
        "Tensor names and shapes are those that 'plumbline explain ID' prints. The ulp of an exact value v is the spacing of"
            + " the output's type at |v|, never below that of its subnormals. A result near 0 after cancellation has a tiny"
            + " ulp; the error is therefore also given in units of epsilon * max|y|.%n",
        "Given a directory with an index.json, check all its cases and print a table.%n"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plumbline check attention.npz --as def-b.3",
        "  plumbline check norm.npz --as def-c.9 --param epsilon=1e-6",
        "  plumbline check up.npz --as def-3.2 --param height=16 --param width=16",
        "  plumbline check DIR --json report.json",
        "",
        "Exit codes:",
        "  0  measured, or within --max-ulps",
        "  1  a bug was proved: an error certainly exceeds --max-ulps, or is NaN",
        "  2  bad usage or input",
        "  3  undecided within --max-bits"})
final class CheckCommand implements Callable<Integer> {
  private static final int LARGEST_MAX_BITS = 1 << 20;

  @Parameters(paramLabel = "FILE", description = "An npz file, or a directory with an index.json.")
  private Path file = Path.of("");

  @Option(names = "--as", paramLabel = "ID", description = "The statement that the file's outputs claim to compute.")
  private @Nullable String id;

  @Option(names = "--param", paramLabel = "NAME=VALUE", description = "A parameter of the statement; may be repeated.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(names = "--max-ulps", paramLabel = "N", description = "Largest error that is no bug; asks for a verdict.")
  private @Nullable Double maxUlps;

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
    if (maxUlps != null && !(maxUlps >= 0 && Double.isFinite(maxUlps))) {
      throw usage("--max-ulps must be a finite number of at least 0, got " + maxUlps);
    }
    if (json != null) {
      JsonFile.requireWritable(json);
    }
    PrintWriter out = spec.commandLine().getOut();
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("tool", "plumbline").put("version", Main.Version.version());
    ArrayNode cases = report.putArray("cases");
    int code;
    if (Files.isDirectory(file)) {
      if (id != null || !parameters.isEmpty()) {
        throw usage("--as and --param come from the directory's index.json, not from the command line");
      }
      CaseIndex index = CaseIndex.read(file);
      try (Progress progress = new Progress("check", index.size())) {
        index.run(maxUlps, maxBits, progress);
      }
      index.print(out);
      index.checks().forEach(check -> cases.add(check.json()));
      code = index.exitCode();
    } else {
      if (id == null) {
        throw usage("--as ID is missing: which statement is " + file + " a case of? ('plumbline explain' lists them)");
      }
      CaseCheck check;
      Operator operator = operator(id);
      try (Progress progress = new Progress("check", -1)) {
        check = CaseCheck.run(file, operator, parameters, maxUlps, maxBits, progress);
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

  /**
   * The operator of a statement.
   *
   * @throws plumbline.spec.paper.UnknownStatementException if there is no such statement
   * @throws InputException if the statement cannot be evaluated
   */
  static Operator operator(String id) {
    return Operators.find(id).orElseThrow(() -> new InputException(Paper.load().statement(id).id()
        + " is no map from tensors to tensors; statements that can be checked so: "
        + Operators.all().stream().map(Operator::id).collect(Collectors.joining(" "))));
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
