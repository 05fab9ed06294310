package plumbline.reference.operator;

import java.util.Map;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/** An operator with checked tensors and parameters, ready to be computed in any number system. */
public interface Evaluation {

  /** The outputs by name, flattened like {@link Tensor#values()}. */
  <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system);
}
