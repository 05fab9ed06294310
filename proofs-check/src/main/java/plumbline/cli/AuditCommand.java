package plumbline.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
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
import plumbline.audit.Build;
import plumbline.audit.Checks;
import plumbline.audit.OwnClaims;
import plumbline.audit.Settings;
import plumbline.audit.StatementVerdict;
import plumbline.audit.ThoroughCheck;
import plumbline.proof.Proofs;
import plumbline.reference.decide.Ladder;
import plumbline.reference.decide.Rung;
import plumbline.reference.io.InputException;
import plumbline.reference.io.WholeFile;
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
            + " satisfies it. 'proved': it is a theorem that Coq checked. 'refuted': an exact counterexample contradicts it. 'undecided': some case could not be"
            + " separated within --max-bits. 'unchecked': not checked, with the reason.%n"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plumbline audit                              the whole paper, under a minute",
        "  plumbline audit --only lemma-5.3,lemma-4.4   two statements, with their exact witnesses",
        "  plumbline audit --cases 5000 --seed 7        more cases, others",
        "  plumbline audit --thorough                   10000 cases each and the costly campaigns; resumable",
        "  plumbline audit --json audit.json            for a program to read",
        "  plumbline audit --claims Mine.java           your own claims, with all of this",
        "  plumbline audit --certificates DIR           what 'plumbline verify DIR' checks again",
        "  plumbline audit --report audit               audit/index.html, for a person to read",
        "  plumbline audit --fail-on undecided          exit 3 if some statement is undecided",
        "",
        "Exit codes: 0 done; 1 --fail-on refuted found one; 2 bad usage; 3 --fail-on undecided found one;",
        "130 a thorough audit was stopped by Ctrl-C."})
final class AuditCommand implements Callable<Integer> {

  /** Decided cases that each check keeps for its certificate. */
  private static final int KEPT = 3;

  private static final int CASES = 500;
  private static final int THOROUGH_CASES = ThoroughCheck.FULL;
  private static final Duration PROGRESS = Duration.ofSeconds(30);

  /** What makes the exit code say more than "done". */
  enum FailOn { refuted, undecided }

  @Option(names = "--only", paramLabel = "ID", split = ",", description = "Audit these statements only.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--cases", paramLabel = "N",
      description = "Random cases for each check (default " + CASES + ", with --thorough " + THOROUGH_CASES
          + "); costly checks take a fixed part of them.")
  private @Nullable Integer chosenCases;

  @Option(names = "--thorough",
      description = "Run more cases, and the costly campaigns too, for minutes or hours, with progress and the time left on"
          + " standard error. Stop it at any time (Ctrl-C, or a crash): decided cases are kept in the journal, and the same"
          + " command goes on from there to the same report.")
  private boolean thorough;

  @Option(names = "--journal", paramLabel = "DIR",
      description = "With --thorough: keep the journal in this directory (default " + ThoroughAudit.JOURNAL
          + " under the working directory). Cases of another build of Plumbline or of other settings are not used. Delete it"
          + " to start afresh.")
  private @Nullable Path journal;

  @Option(names = "--seed", paramLabel = "S", defaultValue = "20250206",
      description = "Seed of the random cases (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--max-bits", paramLabel = "B", defaultValue = "16384",
      description = "Precision at which a case is left undecided (default ${DEFAULT-VALUE}, at least 53).")
  private int maxBits;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON, too.")
  private @Nullable Path json;

  @Option(names = "--claims", paramLabel = "FILE.java",
      description = "Audit the claims of this Java file instead of the paper's: each public static method without parameters"
          + " that returns a Property. It is compiled and run.")
  private @Nullable Path claims;

  @Option(names = "--certificates", paramLabel = "DIR",
      description = "Write a certificate of each piece of evidence, for 'plumbline verify' to check again.")
  private @Nullable Path certificates;

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
    int cases = chosenCases != null ? chosenCases : thorough ? THOROUGH_CASES : CASES;
    require(thorough || journal == null, "--journal is for --thorough");
    require(cases >= 1 && cases <= 1_000_000, "--cases must be from 1 to 1000000, got " + cases);
    require(maxBits >= Rung.MIN_BITS && maxBits <= 1 << 20, "--max-bits must be from 53 to 1048576, got " + maxBits);
    if (json != null) {
      JsonFile.requireWritable(json);
    }
    if (certificates != null) {
      WholeFile.prepare(certificates);
    }
    if (page != null) {
      Report.prepare(page);
    }
    Audit audit = audit();
    List<StatementVerdict> verdicts = run(audit, cases);
    AuditReport report = new AuditReport(
        Main.Version.version(), claims == null ? "" : claims.toString(), seed, cases, maxBits, thorough, verdicts);
    if (json != null) {
      JsonFile.write(json, report.json());
    }
    if (page != null) {
      Report.write(page, Paper.load(), report);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(report.text(!only.isEmpty() || claims != null));
    if (certificates != null) {
      out.println(CertificateFiles.write(certificates, report));
    }
    out.flush();
    return exitCode(verdicts);
  }

  private Audit audit() {
    if (claims != null) {
      OwnClaims own = OwnClaims.load(claims);
      return new Audit(chosen(own.statements()), own.checks());
    }
    return new Audit(chosen(Paper.load().statements()), thorough ? Checks.thorough() : Checks.all(), Proofs.packaged());
  }

  /** The statements that --only names, or all. */
  private List<Statement> chosen(List<Statement> statements) {
    for (String id : only) {
      if (statements.stream().noneMatch(statement -> statement.id().equals(id))) {
        if (claims == null) {
          Paper.load().statement(id);
        }
        throw new InputException(claims + ": no claim " + id);
      }
    }
    return statements.stream().filter(s -> only.isEmpty() || only.contains(s.id())).toList();
  }

  private List<StatementVerdict> run(Audit audit, int cases) throws IOException, InterruptedException {
    if (thorough) {
      Path directory = journal != null ? journal : Path.of(ThoroughAudit.JOURNAL);
      return new ThoroughAudit(audit, Build.fingerprint(claims), directory, spec.commandLine().getErr(), PROGRESS)
          .run(new Settings(cases, seed, new Ladder(maxBits), KEPT, done -> { }));
    }
    try (Progress progress = new Progress("audit", audit.cases(cases))) {
      return audit.run(new Settings(cases, seed, new Ladder(maxBits), KEPT, done -> progress.step(done)));
    }
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
