package plumbline.reference.onnx;

import java.util.List;
import java.util.Map;

/**
 * One operation of a graph.
 *
 * @param name its name, or {@code #k} for the k-th node where it has none
 * @param operator the operator's name, such as {@code MatMul}
 * @param domain the operator set, empty for ONNX's own
 * @param inputs names of values; an empty name is an optional input left out
 * @param outputs names of values; an empty name is an output not used
 * @param attributes a {@code Long}, {@code Float} (exactly as in the file), {@code String}, {@code long[]}, {@code float[]},
 *     or {@link Literal}, by name
 */
public record Node(String name, String operator, String domain, List<String> inputs, List<String> outputs,
    Map<String, Object> attributes) {

  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Map.copyOf(attributes);
  }

  /** How messages name this node: {@code MatMul 'scores'}. */
  @Override
  public String toString() {
    return operator + " '" + name + "'";
  }
}
