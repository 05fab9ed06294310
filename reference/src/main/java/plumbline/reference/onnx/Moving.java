package plumbline.reference.onnx;

import java.util.Arrays;
import java.util.Map;
import plumbline.reference.onnx.Literal.ElementType;

/** Operators that move entries, or make constants. Exact in every number system. */
final class Moving {

  private Moving() {}

  /** The value of a node of the operator {@code Constant}. */
  static Literal constant(Node node, int opset) {
    if (node.attributes().size() != 1 || !node.inputs().isEmpty()) {
      throw new GraphException(node, "has " + node.attributes().size() + " attributes and " + node.inputs().size()
          + " inputs, not one and none", null);
    }
    Map.Entry<String, Object> attribute = node.attributes().entrySet().iterator().next();
    String name = attribute.getKey();
    Object value = attribute.getValue();
    if (name.equals("value") && value instanceof Literal literal) {
      return literal;
    }
    if (opset >= 12 && name.equals("value_float") && value instanceof Float number) {
      return Literal.reals(ElementType.FLOAT, new int[0], number);
    }
    if (opset >= 12 && name.equals("value_floats") && value instanceof float[] numbers) {
      double[] values = new double[numbers.length];
      Arrays.setAll(values, e -> numbers[e]);
      return Literal.reals(ElementType.FLOAT, new int[] {numbers.length}, values);
    }
    if (opset >= 12 && name.equals("value_int") && value instanceof Long number) {
      return Literal.integers(ElementType.INT64, new int[0], number);
    }
    if (opset >= 12 && name.equals("value_ints") && value instanceof long[] numbers) {
      return Literal.integers(ElementType.INT64, new int[] {numbers.length}, numbers);
    }
    throw new GraphException(node, "attribute " + name + " is not supported in opset " + opset, null);
  }
}
