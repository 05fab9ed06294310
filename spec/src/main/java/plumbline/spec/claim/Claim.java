package plumbline.spec.claim;

import java.util.List;
import java.util.Map;
import plumbline.spec.number.ExactMatrix;

/**
 * A checkable claim: for every input of some domain, all of its inequalities hold.
 *
 * @param <I> the inputs: layers, tensors, parameters, all exact
 */
public interface Claim<I> {

  /** Id of the statement that it belongs to, such as {@code lemma-5.4}. */
  String statement();

  /** Id of the reading of the statement that it takes, as the specification lists it. */
  String reading();

  /** Number of the step of the statement's proof that it claims, from 1; 0 if it claims the statement itself. */
  default int step() {
    return 0;
  }

  /** What is claimed and on what domain, in one sentence. */
  String text();

  /** The inequalities that must all hold for this input. */
  List<Inequality> inequalities(I input);

  /** The exact tensors of an input by name, to show a counterexample. */
  Map<String, ExactMatrix> show(I input);
}
