package plumbline.reference.onnx;

import java.util.List;
import java.util.Map;

/**
 * A graph whose nodes are in an order in which each uses only values that are known before it: inputs, initializers and
 * outputs of earlier nodes.
 *
 * @param opset the version of ONNX's operator set
 * @param nodes the nodes
 * @param initializers weights and constants by name
 * @param inputs what must be given
 * @param outputs names of the results
 */
public record Graph(int opset, List<Node> nodes, Map<String, Literal> initializers, List<Input> inputs, List<String> outputs) {

  /**
   * An input.
   *
   * @param shape the dimensions; −1 where the model leaves one open
   */
  public record Input(String name, Literal.ElementType type, int[] shape) {}

  public Graph {
    nodes = List.copyOf(nodes);
    initializers = Map.copyOf(initializers);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
