package plumbline.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import plumbline.properties.vector.GoldenVectors;
import plumbline.properties.vector.VectorFiles;
import plumbline.reference.io.InputException;
import plumbline.reference.io.WholeFile;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.Operators;
import plumbline.spec.paper.Paper;

/** Writes golden vectors. */
@Command(
    name = "vectors",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
        "Write golden vectors as JSON, one file per statement, for tests in any language.%n",
        "Each vector has exact inputs and weights (float32 numbers, in hexadecimal), certified lower and upper bounds of every"
            + " output, how far a correct float32 implementation may be off, and the bugs that it catches. An output y is"
            + " accepted if lower - float32_error <= y <= upper + float32_error.%n",
        "The same bytes on every run. vectors.schema.json, written beside them, is their JSON schema.%n"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plumbline vectors --out vectors",
        "  plumbline vectors --out vectors --only def-b.1 def-b.3"})
final class VectorsCommand implements Callable<Integer> {
  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where to write; made if it is not there.")
  private Path out = Path.of("");

  @Option(names = "--only", paramLabel = "ID", arity = "1..*", description = "Write these statements alone.")
  private List<String> only = new ArrayList<>();

  @Spec
  @SuppressWarnings("nullness:initialization.field.uninitialized") // picocli sets it before any use
  private CommandSpec spec;

  @Override
  public Integer call() {
    List<Operator> operators = only.isEmpty() ? Operators.all() : only.stream().distinct().map(VectorsCommand::operator).toList();
    WholeFile.prepare(out);
    int vectors = 0;
    try (Progress progress = new Progress("vectors", operators.size())) {
      VectorFiles.writeSchema(out);
      for (Operator operator : operators) {
        vectors += VectorFiles.write(out, operator);
        progress.step();
      }
    }
    PrintWriter printer = spec.commandLine().getOut();
    printer.println(vectors + " vectors of " + operators.size() + (operators.size() == 1 ? " statement in " : " statements in ") + out);
    printer.flush();
    return ExitCode.DONE;
  }

  private static Operator operator(String id) {
    Optional<Operator> operator = Operators.find(id);
    String known = operator.map(Operator::id).orElseGet(() -> Paper.load().statement(id).id());
    return operator.filter(found -> !GoldenVectors.of(known).isEmpty()).orElseThrow(() -> new InputException(known
        + " has no golden vectors; these have: "
        + Operators.all().stream().map(Operator::id).collect(Collectors.joining(" "))));
  }
}
