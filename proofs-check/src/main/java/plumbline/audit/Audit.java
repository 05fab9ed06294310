package plumbline.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import plumbline.properties.Evidence;
import plumbline.spec.paper.Statement;

/** Runs the checks of statements, several at a time, and adds up their evidence. The outcome does not depend on timing. */
public final class Audit {
  private final List<Statement> statements;
  private final List<Check> checks;

  /**
   * @param statements the statements to audit, in the order of the report
   * @param checks the checks to choose from
   */
  public Audit(List<Statement> statements, List<Check> checks) {
    this.statements = List.copyOf(statements);
    this.checks = List.copyOf(checks);
  }

  /** How many cases a run will report to the progress of its settings. */
  public long cases(int requested) {
    return statements.stream().flatMap(s -> checksOf(s).stream()).mapToLong(check -> check.cases(requested)).sum();
  }

  /** Runs every check and returns one verdict per statement, in order. */
  public List<StatementVerdict> run(Settings settings) throws InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), task -> {
      Thread thread = new Thread(task, "audit");
      thread.setDaemon(true);
      return thread;
    });
    try {
      List<List<Future<List<Evidence>>>> pending = new ArrayList<>();
      for (Statement statement : statements) {
        List<Future<List<Evidence>>> evidence = new ArrayList<>();
        for (Check check : checksOf(statement)) {
          evidence.add(workers.submit(() -> check.run(settings)));
        }
        pending.add(evidence);
      }
      List<StatementVerdict> verdicts = new ArrayList<>();
      for (int s = 0; s < statements.size(); s++) {
        List<Evidence> evidence = new ArrayList<>();
        for (Future<List<Evidence>> each : pending.get(s)) {
          evidence.addAll(result(each));
        }
        verdicts.add(StatementVerdict.of(statements.get(s), evidence));
      }
      return verdicts;
    } finally {
      workers.shutdownNow();
    }
  }

  private static List<Evidence> result(Future<List<Evidence>> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a check broke down: " + failure.getCause(), failure.getCause());
    }
  }

  private List<Check> checksOf(Statement statement) {
    return checks.stream().filter(check -> check.statement().equals(statement.id())).toList();
  }
}
