package plumbline.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import plumbline.audit.Audit;
import plumbline.audit.AuditReport;
import plumbline.audit.Checks;
import plumbline.audit.Settings;
import plumbline.audit.StatementVerdict;
import plumbline.reference.decide.Ladder;
import plumbline.reference.decide.Rung;
import plumbline.report.Report;
import plumbline.spec.claim.Verdict;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Statement;

/** Runs the checks of every statement and prints a verdict for each. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
        "Check every statement of the paper with certified arithmetic, and print a verdict for each.%n",
        "A verdict is about one reading of a statement, its default; other readings stand in the last column."
            + " 'defined': a definition, implemented, on which all number systems agree. 'holds': every certified case"
            + " satisfies it. 'refuted': an exact counterexample contradicts it. 'undecided': some case could not be"
            + " separated within --max-bits. 'unchecked': not checked, with the reason.%n"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plumbline audit                              the whole paper, under a minute",
        "  plumbline audit --only lemma-5.3,lemma-4.4   two statements",
        "  plumbline audit --cases 5000 --seed 7        more cases, others",
        "  plumbline audit --json audit.json            for a program to read",
        "  plumbline audit --report audit               audit/index.html, for a person to read",
        "  plumbline audit --fail-on undecided          exit 3 if some statement is undecided",
        "",
        "Exit codes: 0 done; 1 --fail-on refuted found one; 2 bad usage; 3 --fail-on undecided found one."})
final class AuditCommand implements Callable<Integer> {

  /** Decided cases that each check keeps for its certificate. */
  private static final int KEPT = 3;

  /** What makes the exit code say more than "done". */
  enum FailOn { refuted, undecided }

  @Option(names = "--only", paramLabel = "ID", split = ",", description = "Audit these statements only.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--cases", paramLabel = "N", defaultValue = "500",
      description = "Random cases for each check (default ${DEFAULT-VALUE}); costly checks take a fixed part of them.")
  private int cases;

  @Option(names = "--seed", paramLabel = "S", defaultValue = "20250206",
      description = "Seed of the random cases (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--max-bits", paramLabel = "B", defaultValue = "16384",
      description = "Precision at which a case is left undecided (default ${DEFAULT-VALUE}, at least 53).")
  private int maxBits;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON, too.")
  private @Nullable Path json;

  @Option(names = "--report", paramLabel = "DIR", description = "Write the report as a web page, DIR/index.html, too.")
  private @Nullable Path page;

  @Option(names = "--fail-on", paramLabel = "WHAT", split = ",",
      description = "Exit 1 if a statement is refuted, or 3 if one is undecided (${COMPLETION-CANDIDATES}).")
  private List<FailOn> failOn = new ArrayList<>();

  @Spec
  @SuppressWarnings("nullness:initialization.field.uninitialized") // picocli sets it before any use
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    require(cases >= 1 && cases <= 1_000_000, "--cases must be from 1 to 1000000, got " + cases);
    require(maxBits >= Rung.MIN_BITS && maxBits <= 1 << 20, "--max-bits must be from 53 to 1048576, got " + maxBits);
    if (json != null) {
      JsonFile.requireWritable(json);
    }
    Paper paper = Paper.load();
    only.forEach(paper::statement);
    if (page != null) {
      Report.prepare(page);
    }
    List<Statement> statements = paper.statements().stream().filter(s -> only.isEmpty() || only.contains(s.id())).toList();
    Audit audit = new Audit(statements, Checks.all());
    List<StatementVerdict> verdicts;
    try (Progress progress = new Progress("audit", audit.cases(cases))) {
      verdicts = audit.run(new Settings(cases, seed, new Ladder(maxBits), KEPT, done -> progress.step(done)));
    }
    AuditReport report = new AuditReport(Main.Version.version(), seed, cases, maxBits, verdicts);
    if (json != null) {
      JsonFile.write(json, report.json());
    }
    if (page != null) {
      Report.write(page, paper, report);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(report.text());
    out.flush();
    return exitCode(verdicts);
  }

  private int exitCode(List<StatementVerdict> verdicts) {
    for (FailOn what : List.of(FailOn.refuted, FailOn.undecided)) {
      Verdict verdict = Verdict.valueOf(what.name().toUpperCase(Locale.ROOT));
      if (failOn.contains(what) && verdicts.stream().anyMatch(each -> each.verdict() == verdict)) {
        return what == FailOn.refuted ? ExitCode.BUG : ExitCode.UNDECIDED;
      }
    }
    return ExitCode.DONE;
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
