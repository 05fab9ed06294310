package plumbline.reference.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds small models, and finds those of other programs. */
final class Models {
  private Models() {}

  static ModelProto model(GraphProto.Builder graph) {
    return ModelProto.newBuilder().setIrVersion(8).addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph).build();
  }

  /** y = relu(x · w + b), with x open in its first dimension; every kind of field that a reader looks at. */
  static GraphProto.Builder perceptron() {
    return GraphProto.newBuilder()
        .addInput(info("x", TensorProto.DataType.FLOAT, -1, 2))
        .addInitializer(floats("w", new long[] {2, 3}, 1, -2, 0.5f, 0.25f, 1e-40f, 3))
        .addInitializer(TensorProto.newBuilder().setName("b").addDims(3).setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addFloatData(1).addFloatData(2).addFloatData(3))
        .addNode(node("MatMul", "product", List.of("x", "w"), "xw"))
        .addNode(node("Add", "", List.of("xw", "b"), "sum"))
        .addNode(node("Constant", "zero", List.of(), "zero").addAttribute(AttributeProto.newBuilder().setName("value")
            .setType(AttributeProto.AttributeType.TENSOR).setT(floats("", new long[] {}, 0))))
        .addNode(node("Max", "relu", List.of("sum", "zero"), "y"))
        .addNode(node("ReduceSum", "total", List.of("y", ""), "s").addAttribute(AttributeProto.newBuilder().setName("keepdims")
            .setType(AttributeProto.AttributeType.INT).setI(0)))
        .addOutput(info("y", TensorProto.DataType.FLOAT, -1, 3)).addOutput(info("s", TensorProto.DataType.FLOAT));
  }

  static NodeProto.Builder node(String operator, String name, List<String> inputs, String... outputs) {
    return NodeProto.newBuilder().setOpType(operator).setName(name).addAllInput(inputs).addAllOutput(List.of(outputs));
  }

  static ValueInfoProto.Builder info(String name, TensorProto.DataType type, int... shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (int dimension : shape) {
      dimensions.addDim(dimension < 0 ? TensorShapeProto.Dimension.newBuilder().setDimParam("n")
          : TensorShapeProto.Dimension.newBuilder().setDimValue(dimension));
    }
    return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(
        TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(dimensions)));
  }

  static TensorProto.Builder raw(String name, TensorProto.DataType type, long[] shape, byte[] data) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.getNumber())
        .setRawData(ByteString.copyFrom(data));
    for (long dimension : shape) {
      tensor.addDims(dimension);
    }
    return tensor;
  }

  static TensorProto.Builder floats(String name, long[] shape, float... values) {
    return raw(name, TensorProto.DataType.FLOAT, shape, bytes(values));
  }

  static byte[] bytes(float... values) {
    ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      data.putFloat(value);
    }
    return data.array();
  }

  /** A tensor in an external file; {@code keys} alternates keys and values. */
  static TensorProto.Builder external(String name, TensorProto.DataType type, long[] shape, String... keys) {
    TensorProto.Builder tensor = raw(name, type, shape, new byte[0]).clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    for (int k = 0; k < keys.length; k += 2) {
      tensor.addExternalData(StringStringEntryProto.newBuilder().setKey(keys[k]).setValue(keys[k + 1]));
    }
    return tensor;
  }

  /** The models that other programs exported, or none where they are not there. */
  static List<Path> ofPeers() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (root != null && !(Files.isDirectory(root.resolve("spec")) && Files.isRegularFile(root.resolve("pom.xml")))) {
      root = root.getParent();
    }
    List<Path> models = new ArrayList<>();
    for (Path folder = root; folder != null && models.isEmpty(); folder = folder.getParent()) {
      Path peers = folder.resolveSibling("shared").resolve("peers").resolve("onnx");
      if (Files.isDirectory(peers)) {
        try (var folders = Files.list(peers)) {
          folders.sorted().map(each -> each.resolve("model.onnx")).filter(Files::isRegularFile).forEach(models::add);
        }
      }
    }
    return models;
  }
}
