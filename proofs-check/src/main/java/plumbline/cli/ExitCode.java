package plumbline.cli;

/** What the process's exit code says. */
final class ExitCode {
  /** The work is done and no bug was proved. */
  static final int DONE = 0;
  /** A bug was proved, or what {@code --fail-on} names was found. */
  static final int BUG = 1;
  /** Bad usage or bad input. */
  static final int BAD_INPUT = 2;
  /** Not decided within the precision limit. */
  static final int UNDECIDED = 3;
  /** A defect of Plumbline itself. */
  static final int INTERNAL = 70;

  private ExitCode() {}
}
