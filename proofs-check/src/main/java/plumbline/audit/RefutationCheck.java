package plumbline.audit;

import java.util.List;
import java.util.TreeMap;
import plumbline.properties.Evidence;
import plumbline.properties.theory.Refutation;
import plumbline.spec.claim.Verdict;

/**
 * Checks that a statement which promises an approximation is refuted by one target: the inequality that keeps a whole
 * class of functions away from it is certified at random members.
 *
 * @param refutation the argument, the target, and the inequality
 */
public record RefutationCheck(Refutation refutation) implements Check {

  @Override
  public String statement() {
    return refutation.statement();
  }

  @Override
  public List<String> readings() {
    return refutation.readings();
  }

  @Override
  public int cases(int requested) {
    return bound().cases(requested);
  }

  private PropertyCheck bound() {
    return new PropertyCheck(refutation.lowerBound());
  }

  @Override
  public Work start(Settings settings) {
    Work bound = bound().start(settings);
    return Work.shared(bound::help, () -> {
      Evidence found = bound.evidence().get(0);
      return readings().stream().map(reading -> evidence(reading, found)).toList();
    });
  }

  private Evidence evidence(String reading, Evidence bound) {
    if (bound.verdict() != Verdict.HOLDS) {
      return bound.as(reading, Verdict.UNDECIDED, "The lower bound that would refute it could not be certified: " + bound.text());
    }
    return bound.refuting(reading, refutation.argument(), new TreeMap<>(refutation.witness()));
  }
}
