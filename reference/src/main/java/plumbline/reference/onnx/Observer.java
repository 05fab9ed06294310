package plumbline.reference.onnx;

import java.util.Map;
import plumbline.spec.number.Matrix;

/** Sees each node of a graph as it has been computed. */
public interface Observer<M extends Matrix<M>> {

  /**
   * Called after each node but those of the operator {@code Constant}, in order.
   *
   * @param node the node
   * @param outputs its outputs by name, without those that have no name or hold −∞ (masks and masked scores)
   * @return what the nodes after this one get for these names: {@code outputs}, or values of the same types and shapes
   *     instead of them, such as those that another implementation computed
   */
  Map<String, Value<M>> after(Node node, Map<String, Value<M>> outputs);
}
