package plumbline.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import plumbline.proof.Proof;
import plumbline.proof.Proofs;
import plumbline.reference.operator.Argument;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.Operators;
import plumbline.reference.operator.Parameter;
import plumbline.spec.paper.Explanation;
import plumbline.spec.paper.Paper;

/** Prints a statement of the paper and, where it can be evaluated, the tensors and parameters that it takes. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
        "Print a statement of the paper, or the list of all.%n",
        "For one statement: formula, hypotheses, readings, what was reconstructed; the theorems about it that Coq checked; and"
            + " the names and shapes of the tensors that 'check' reads for it.%n"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plumbline explain              all ids with their titles",
        "  plumbline explain lemma-5.4    a lemma",
        "  plumbline explain def-b.3      a layer, with its tensors"})
final class ExplainCommand implements Callable<Integer> {
  private static final int WIDTH = 100;

  @Parameters(arity = "0..1", paramLabel = "ID", description = "Id of a statement, such as def-3.2, lemma-4.4, phase-two.")
  private @Nullable String id;

  @Spec
  @SuppressWarnings("nullness:initialization.field.uninitialized") // picocli sets it before any use
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Paper paper = Paper.load();
    Explanation explanation = new Explanation(paper, WIDTH);
    if (id == null) {
      out.print(explanation.list());
      out.println();
      out.println("'plumbline explain ID' prints one. 'plumbline check FILE.npz --as ID' evaluates: "
          + ids(Operators.all()));
      out.println("and, though no statements, layers of VAR's code: " + ids(Operators.implementations()));
    } else if (Operators.implementations().stream().anyMatch(operator -> operator.id().equals(id))) {
      Operators.find(id).ifPresent(operator -> {
        out.println(operator.id() + ": " + operator.title() + "; no statement of the paper");
        signature(out, operator);
      });
    } else {
      out.print(explanation.of(paper.statement(id)));
      theorems(out, Proofs.packaged().of(paper.statement(id).id()));
      Operators.find(id).ifPresent(operator -> signature(out, operator));
    }
    out.flush();
    return ExitCode.DONE;
  }

  private static String ids(List<Operator> operators) {
    return operators.stream().map(Operator::id).collect(Collectors.joining(" "));
  }

  private static void theorems(PrintWriter out, List<Proof> proofs) {
    if (!proofs.isEmpty()) {
      out.println();
      out.println("Theorems checked by Coq");
      proofs.forEach(proof -> out.print("  - " + proof.tie().reading() + proof.text("    ")));
    }
  }

  private static void signature(PrintWriter out, Operator operator) {
    out.println();
    out.println("Signature");
    out.println("  " + operator.signature());
    arguments(out, "Tensors read from the npz", operator.inputs());
    arguments(out, "Tensors compared with the exact result", operator.outputs());
    if (!operator.parameters().isEmpty()) {
      out.println();
      out.println("Parameters (--param NAME=VALUE)");
      for (Parameter parameter : operator.parameters()) {
        String values = parameter.allowed().isEmpty() ? "" : " (" + String.join(" | ", parameter.allowed()) + ")";
        out.println("  " + parameter.name() + values + (parameter.required() ? ", must be given" : ", default "
            + parameter.defaultValue()) + ": " + parameter.doc());
      }
    }
    String required = operator.parameters().stream().filter(Parameter::required)
        .map(parameter -> " --param " + parameter.name() + "=…").collect(Collectors.joining());
    out.println();
    out.println("Check an implementation");
    out.println("  plumbline check FILE.npz --as " + operator.id() + required);
  }

  private static void arguments(PrintWriter out, String title, List<Argument> arguments) {
    out.println();
    out.println(title);
    for (Argument argument : arguments) {
      out.println("  " + argument.name() + ": " + argument.shape() + (argument.optional() ? ", optional" : "") + ". "
          + argument.doc());
    }
  }
}
