package plumbline.cli;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import plumbline.reference.io.DType;
import plumbline.reference.io.NpyArray;
import plumbline.reference.io.NpzFile;

/**
 * Writes a transformer block like those of VAR as an ONNX model with random float32 weights in an external file: attention and
 * MLP, each after a layer normalization with scale and shift from outside, block-causal over scales of 1, 4, 9, … tokens.
 *
 * <p>{@link #main} writes one of the size of VAR-d16: 680 tokens, width 1024, 16 heads, hidden width 4096.
 */
final class BlockModel {
  private static final int[] SCALES = {1, 2, 3, 4, 5, 6, 8, 10, 13, 16};

  private final int tokens;
  private final int width;
  private final int heads;
  private final int hidden;
  private final int[] scaleOf;
  private final Random random = new Random(20250206);
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("block");
  private final List<NpyArray> inputs = new ArrayList<>();
  private final OutputStream weights;
  private long offset;

  private BlockModel(int scales, int width, int heads, int hidden, OutputStream weights) {
    this.tokens = Arrays.stream(SCALES, 0, scales).map(side -> side * side).sum();
    this.width = width;
    this.heads = heads;
    this.hidden = hidden;
    this.weights = weights;
    this.scaleOf = new int[tokens];
    for (int scale = 0, token = 0; scale < scales; scale++) {
      for (int end = token + SCALES[scale] * SCALES[scale]; token < end; token++) {
        scaleOf[token] = scale;
      }
    }
  }

  /** Writes {@code block.onnx}, {@code block.onnx.data} and {@code inputs.npz} to a folder. */
  public static void main(String[] args) throws IOException {
    write(Path.of(args[0]), 10, 1024, 16, 4096);
  }

  /** As {@link #main}, with the first few of VAR's ten scales. */
  static Path write(Path folder, int scales, int width, int heads, int hidden) throws IOException {
    Path file = folder.resolve("block.onnx");
    try (OutputStream weights = Files.newOutputStream(folder.resolve("block.onnx.data"))) {
      BlockModel block = new BlockModel(scales, width, heads, hidden, weights);
      block.build();
      Files.write(file, ModelProto.newBuilder().setIrVersion(8).setGraph(block.graph)
          .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17)).build().toByteArray());
      NpzFile.write(folder.resolve("inputs.npz"), block.inputs);
    }
    return file;
  }

  private void build() throws IOException {
    input("x", tokens, width, 1);
    for (String name : List.of("scale1", "shift1", "gate1", "scale2", "shift2", "gate2")) {
      input(name, 1, width, 0.5);
    }
    constant("one", 1);
    weight("ones", 0, width);
    String h = modulated("x", "1");
    h = linear("qkv", h, width, 3 * width);
    integers("heads", tokens, 3, heads, width / heads);
    h = node("Transpose", "by_head", ints("perm", 1, 2, 0, 3), node("Reshape", "split_heads", null, h, "heads"));
    integers("thirds", 1, 1, 1);
    NodeProto.Builder split = NodeProto.newBuilder().setOpType("Split").setName("split").addInput(h).addInput("thirds")
        .addAttribute(AttributeProto.newBuilder().setName("axis").setType(AttributeProto.AttributeType.INT).setI(0));
    graph.addNode(split.addOutput("q3").addOutput("k3").addOutput("v3"));
    integers("first", 0);
    String q = node("Squeeze", "q", null, "q3", "first");
    String k = node("Transpose", "keys", ints("perm", 0, 2, 1), node("Squeeze", "k", null, "k3", "first"));
    String v = node("Squeeze", "v", null, "v3", "first");
    constant("root", Math.sqrt(width / heads));
    String scores = node("Div", "scale", null, node("MatMul", "scores", null, q, k), "root");
    mask();
    String p = node("Softmax", "softmax", ints("axis", -1), node("Add", "masked", null, scores, "mask"));
    integers("tokens", tokens, width);
    h = node("Reshape", "join_heads", null,
        node("Transpose", "by_token", ints("perm", 1, 0, 2), node("MatMul", "values", null, p, v)), "tokens");
    h = node("Mul", "gated1", null, linear("out", h, width, width), "gate1");
    String residual = node("Add", "residual1", null, "x", h);
    h = gelu(linear("up", modulated(residual, "2"), width, hidden));
    h = node("Mul", "gated2", null, linear("down", h, hidden, width), "gate2");
    graph.addNode(NodeProto.newBuilder().setOpType("Add").setName("residual2").addInput(residual).addInput(h).addOutput("y"));
    graph.addOutput(info("y", tokens, width));
  }

  private String modulated(String x, String number) {
    String h = node("LayerNormalization", "norm" + number, AttributeProto.newBuilder().setName("epsilon")
        .setType(AttributeProto.AttributeType.FLOAT).setF(1e-6f), x, "ones");
    h = node("Mul", "scaled" + number, null, h, node("Add", "plus_one" + number, null, "scale" + number, "one"));
    return node("Add", "shifted" + number, null, h, "shift" + number);
  }

  private String linear(String name, String x, int from, int to) throws IOException {
    weight(name + ".weight", 1 / Math.sqrt(from), from, to);
    weight(name + ".bias", 0.02, to);
    return node("Add", name + ".add", null, node("MatMul", name, null, x, name + ".weight"), name + ".bias");
  }

  /** x/2 · (1 + tanh(√(2/π)(x + 0.044715 x³))). */
  private String gelu(String x) {
    constant("half", 0.5);
    constant("cubic", 0.044715);
    constant("slope", Math.sqrt(2 / Math.PI));
    String cube = node("Mul", "cube", null, node("Mul", "square", null, x, x), x);
    String inner = node("Mul", "inner", null,
        node("Add", "sum", null, x, node("Mul", "cubic_term", null, cube, "cubic")), "slope");
    String gate = node("Add", "gate", null, node("Tanh", "tanh", null, inner), "one");
    return node("Mul", "gelu", null, node("Mul", "half_x", null, x, "half"), gate);
  }

  /** −∞ where a token may not look: at tokens of later scales. */
  private void mask() throws IOException {
    float[] values = new float[tokens * tokens];
    for (int e = 0; e < values.length; e++) {
      values[e] = scaleOf[e % tokens] > scaleOf[e / tokens] ? Float.NEGATIVE_INFINITY : 0;
    }
    external("mask", values, tokens, tokens);
  }

  private String node(String operator, String name, AttributeProto.Builder attribute, String... inputs) {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).setName(name).addAllInput(List.of(inputs))
        .addOutput(name + "_out");
    if (attribute != null) {
      node.addAttribute(attribute);
    }
    graph.addNode(node);
    return name + "_out";
  }

  private static AttributeProto.Builder ints(String name, long... values) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    if (name.equals("axis")) {
      return attribute.setType(AttributeProto.AttributeType.INT).setI(values[0]);
    }
    Arrays.stream(values).forEach(attribute::addInts);
    return attribute.setType(AttributeProto.AttributeType.INTS);
  }

  private void input(String name, int rows, int columns, double scale) {
    double[] values = new double[rows * columns];
    for (int e = 0; e < values.length; e++) {
      values[e] = (float) (scale * random.nextGaussian());
    }
    inputs.add(new NpyArray(name, DType.F32, new int[] {rows, columns}, values));
    graph.addInput(info(name, rows, columns));
  }

  private static ValueInfoProto info(String name, int... shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (int dimension : shape) {
      dimensions.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dimension));
    }
    return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(
        TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT.getNumber()).setShape(dimensions))).build();
  }

  private void constant(String name, double value) {
    graph.addInitializer(TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT.getNumber())
        .addFloatData((float) value));
  }

  private void integers(String name, long... values) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(DataType.INT64.getNumber())
        .addDims(values.length);
    Arrays.stream(values).forEach(tensor::addInt64Data);
    graph.addInitializer(tensor);
  }

  /** Gaussian weights; ones where the deviation is 0. */
  private void weight(String name, double deviation, int... shape) throws IOException {
    float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int e = 0; e < values.length; e++) {
      values[e] = deviation == 0 ? 1 : (float) (deviation * random.nextGaussian());
    }
    external(name, values, shape);
  }

  private void external(String name, float[] values, int... shape) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      data.putFloat(value);
    }
    weights.write(data.array());
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT.getNumber())
        .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    Arrays.stream(shape).forEach(tensor::addDims);
    String[] keys = {"location", "block.onnx.data", "offset", Long.toString(offset), "length", Integer.toString(data.capacity())};
    for (int k = 0; k < keys.length; k += 2) {
      tensor.addExternalData(StringStringEntryProto.newBuilder().setKey(keys[k]).setValue(keys[k + 1]));
    }
    graph.addInitializer(tensor);
    offset += data.capacity();
  }
}
