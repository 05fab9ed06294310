package plumbline.properties.operator;

import java.util.Map;
import plumbline.reference.operator.Evaluation;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.Tensor;

/**
 * Exact inputs and parameters of one evaluation.
 *
 * @param operator what is evaluated
 * @param tensors its inputs and weights by name
 * @param parameters its parameters by name; those left out take their defaults
 */
public record OperatorCase(Operator operator, Map<String, Tensor> tensors, Map<String, String> parameters) {

  /** The computation, with every check passed. */
  public Evaluation evaluation() {
    return operator.prepare(tensors, parameters);
  }
}
