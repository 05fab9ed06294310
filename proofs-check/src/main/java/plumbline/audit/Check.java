package plumbline.audit;

import plumbline.spec.claim.Evidence;

/** One check of one statement on one of its readings. */
public interface Check {

  /** Id of the statement, such as {@code lemma-5.4}. */
  String statement();

  /** Id of the reading, as the specification lists it. */
  String reading();

  /** Number of cases that this check will report to the campaign's progress when {@code requested} are asked for. */
  int cases(int requested);

  /** Runs the check; the same settings give the same evidence. */
  Evidence run(Settings settings);
}
