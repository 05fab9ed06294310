package plumbline.audit;

import java.util.List;

/** One check of one statement, on one of its readings or on several at once. */
public interface Check {

  /** Id of the statement, such as {@code lemma-5.4}. */
  String statement();

  /** Ids of the readings, as the specification lists them. */
  List<String> readings();

  /** Number of cases that this check will report to the campaign's progress when {@code requested} are asked for. */
  int cases(int requested);

  /** Prepares a run, which finds one evidence for each reading, and the same for the same settings. */
  Work start(Settings settings);
}
