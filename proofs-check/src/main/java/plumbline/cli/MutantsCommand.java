package plumbline.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import plumbline.properties.mutation.Study;
import plumbline.properties.mutation.Study.Extent;
import plumbline.properties.mutation.StudyReport;
import plumbline.properties.mutation.StudyReport.Row;
import plumbline.properties.mutation.StudyReport.Tally;
import plumbline.reference.envelope.Model;

/** Runs the mutation study: which bugs does the verdict catch? */
@Command(
    name = "mutants",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
        "Measure which bugs the verdict of 'plumbline check' catches.%n",
        "Float32 implementations of ten layers, written apart from the reference, are judged on random inputs: honest ones"
            + " (sums in any order, fused, in float64; variances in one pass, two, or Welford's; …), none of which may be"
            + " called a bug, and over 200 with a planted bug, from a wrong axis to one entry that is off by 3e-5.%n",
        "The table says how many percent of the results with a bug were proved to have one, for each bug and size. A number"
            + " alone is end to end: only the layer's inputs and its result are known. After an arrow, stage by stage: each"
            + " tensor that the implementation hands out (queries, scores, …) is judged from the tensors that it was made"
            + " of. After a dashed arrow, the same on one-hot inputs, which leave honest arithmetic little to round.%n"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plumbline mutants                       sizes up to 64 tokens, seconds",
        "  plumbline mutants --only attention",
        "  plumbline mutants --sizes full --brief  680 tokens of width 1024, minutes",
        "",
        "Exit codes:",
        "  0  no honest implementation was called a bug",
        "  1  one was",
        "  2  bad usage"})
final class MutantsCommand implements Callable<Integer> {

  @Option(names = "--sizes", paramLabel = "EXTENT", defaultValue = "small",
      description = "small or full; default ${DEFAULT-VALUE}.")
  private String sizes = "small";

  @Option(names = "--only", paramLabel = "LAYER",
      description = "One layer, by its name in the table or the beginning of it.")
  private @Nullable String only;

  @Option(names = "--model", paramLabel = "MODEL", defaultValue = "any-f32",
      description = "What is assumed of an implementation; default ${DEFAULT-VALUE}. Honest ones that do what a"
          + " stricter model rules out, such as a variance in one pass, then count as bugs.")
  private String model = "any-f32";

  @Option(names = "--brief", description = "No rows for bugs that were always proved end to end, at every size.")
  private boolean brief;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all counts as JSON, too.")
  private @Nullable Path json;

  @Spec
  @SuppressWarnings("nullness:initialization.field.uninitialized") // picocli sets it before any use
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Extent extent = switch (sizes) {
      case "small" -> Extent.SMALL;
      case "full" -> Extent.FULL;
      default -> throw usage("--sizes must be small or full, got '" + sizes + "'");
    };
    Model assumed;
    try {
      assumed = Model.named(model);
    } catch (IllegalArgumentException e) {
      throw usage("--model: " + e.getMessage());
    }
    List<String> layers = layers();
    if (json != null) {
      JsonFile.requireWritable(json);
    }
    StudyReport report;
    try (Progress progress = new Progress("mutants", Study.size(extent, layers))) {
      report = new Study(assumed).run(extent, layers, new Study.Watcher() {
        @Override
        public void started(String what) {
          progress.doing(what);
        }

        @Override
        public void finished() {
          progress.step();
        }
      });
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(report.markdown(brief));
    if (!report.falseAlarms().isEmpty()) {
      out.println();
      report.falseAlarms().forEach(alarm -> out.println("false alarm: " + alarm));
    }
    out.flush();
    if (json != null) {
      JsonFile.write(json, json(report, assumed));
    }
    return report.falseAlarms().isEmpty() ? ExitCode.DONE : ExitCode.BUG;
  }

  private List<String> layers() {
    String start = only;
    if (start == null) {
      return Study.layers();
    }
    List<String> found = Study.layers().stream()
        .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(start.toLowerCase(Locale.ROOT))).toList();
    if (start.isBlank() || found.isEmpty()) {
      throw usage("--only: no layer is called '" + start + "'; there are " + String.join("; ", Study.layers()));
    }
    return found;
  }

  private static ObjectNode json(StudyReport report, Model model) throws IOException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("tool", "plumbline").put("version", Main.Version.version()).put("model", model.name());
    ObjectNode honest = json.putObject("honest");
    report.layers().forEach(layer -> tally(honest.putObject(layer), report.honest(layer)));
    report.falseAlarms().forEach(json.putArray("false_alarms")::add);
    for (Row row : report.rows()) {
      ObjectNode bug = json.withArray("/bugs").addObject().put("layer", row.layer()).put("bug", row.bug())
          .put("note", row.note()).put("severity", row.severity());
      row.cells().forEach((size, cell) -> {
        ObjectNode at = bug.withArray("/sizes").addObject().put("size", size).put("equivalent", cell.equivalent());
        tally(at.putObject("end_to_end"), cell.whole());
        tally(at.putObject("by_stages"), cell.staged());
        tally(at.putObject("one_hot"), cell.probed());
        if (cell.whole().judged() > 0) {
          // Infinite where a NaN was returned, which JSON cannot hold.
          at.putArray("share_of_error_used").add(Math.min(cell.leastUsed(), Double.MAX_VALUE))
              .add(Math.min(cell.mostUsed(), Double.MAX_VALUE));
        }
      });
    }
    return json;
  }

  private static void tally(ObjectNode node, Tally tally) {
    node.put("judged", tally.judged()).put("bug", tally.bugs()).put("undecided", tally.undecided());
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
