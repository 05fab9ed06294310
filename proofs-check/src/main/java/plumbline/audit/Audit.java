package plumbline.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import plumbline.proof.Proofs;
import plumbline.properties.Evidence;
import plumbline.spec.paper.Statement;

/** Runs the checks of statements, several at a time, and adds up their evidence. The outcome does not depend on timing. */
public final class Audit {
  /** Where cases are logged, this many of every check come first, so that their cost is known soon. */
  static final int MEASURED = 40;

  private final List<Statement> statements;
  private final List<Check> checks;
  private final Proofs proofs;
  private final Map<Thread, String> running = new ConcurrentHashMap<>();

  /**
   * @param statements the statements to audit, in the order of the report
   * @param checks the checks to choose from
   * @param proofs machine-checked theorems
   */
  public Audit(List<Statement> statements, List<Check> checks, Proofs proofs) {
    this.statements = List.copyOf(statements);
    this.checks = List.copyOf(checks);
    this.proofs = proofs;
  }

  /** An audit by checks alone. */
  public Audit(List<Statement> statements, List<Check> checks) {
    this(statements, checks, Proofs.NONE);
  }

  /** How many cases a run will report to the progress of its settings. */
  public long cases(int requested) {
    return statements.stream().flatMap(s -> checksOf(s).stream()).mapToLong(check -> check.cases(requested)).sum();
  }

  /** Runs every check and returns one verdict per statement, in order. */
  public List<StatementVerdict> run(Settings settings) throws InterruptedException {
    List<Job> jobs = new ArrayList<>();
    List<List<Job>> jobsOf = new ArrayList<>();
    for (Statement statement : statements) {
      List<Job> own = checksOf(statement).stream().map(check -> new Job(check, check.start(settings))).toList();
      jobs.addAll(own);
      jobsOf.add(own);
    }
    new Workers(jobs, settings.logs() == CaseLogs.NONE ? 0 : MEASURED, running).run();
    List<StatementVerdict> verdicts = new ArrayList<>();
    for (int s = 0; s < statements.size(); s++) {
      List<Evidence> evidence = jobsOf.get(s).stream().flatMap(job -> job.evidence().stream()).toList();
      verdicts.add(StatementVerdict.of(statements.get(s), evidence, proofs.of(statements.get(s).id())));
    }
    return verdicts;
  }

  /** The statements whose checks are being run just now. */
  public Set<String> running() {
    return new TreeSet<>(running.values());
  }

  private List<Check> checksOf(Statement statement) {
    return checks.stream().filter(check -> check.statement().equals(statement.id())).toList();
  }
}
