package plumbline.audit;

import java.util.List;
import plumbline.properties.Evidence;

/** One check of one statement, on one of its readings or on several at once. */
public interface Check {

  /** Id of the statement, such as {@code lemma-5.4}. */
  String statement();

  /** Ids of the readings, as the specification lists them. */
  List<String> readings();

  /** Number of cases that this check will report to the campaign's progress when {@code requested} are asked for. */
  int cases(int requested);

  /** Runs the check; one evidence for each reading, and the same for the same settings. */
  List<Evidence> run(Settings settings);

  /** Prepares a run, for several threads to help where the check can be shared. */
  default Work start(Settings settings) {
    return Work.whole(() -> run(settings));
  }
}
