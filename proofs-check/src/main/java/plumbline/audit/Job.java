package plumbline.audit;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.properties.Evidence;

/** A check that workers do. The lock of its {@link Workers} guards it. */
final class Job {
  final Check check;
  final Work work;
  /** Threads that help now. */
  int helpers;
  /** Whether somebody has helped. */
  boolean begun;
  /** Whether no case is left to take. */
  boolean exhausted;
  private @Nullable List<Evidence> evidence;

  Job(Check check, Work work) {
    this.check = check;
    this.work = work;
  }

  void finish() {
    evidence = work.evidence();
  }

  /** What was found, once the workers are done. */
  List<Evidence> evidence() {
    List<Evidence> found = evidence;
    if (found == null) {
      throw new IllegalStateException("a check of " + check.statement() + " was not finished");
    }
    return found;
  }
}
