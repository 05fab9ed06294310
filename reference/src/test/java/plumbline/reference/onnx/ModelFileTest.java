package plumbline.reference.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plumbline.reference.onnx.Models.bytes;
import static plumbline.reference.onnx.Models.external;
import static plumbline.reference.onnx.Models.floats;
import static plumbline.reference.onnx.Models.info;
import static plumbline.reference.onnx.Models.model;
import static plumbline.reference.onnx.Models.node;
import static plumbline.reference.onnx.Models.perceptron;
import static plumbline.reference.onnx.Models.raw;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TypeProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import plumbline.reference.io.InputException;
import plumbline.reference.onnx.Literal.ElementType;

class ModelFileTest {
  @TempDir
  private Path folder;

  private Graph read(GraphProto.Builder graph) throws IOException {
    return ModelFile.read(write(model(graph).toByteArray()));
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("model.onnx"), bytes);
  }

  /** One line that names the file and holds all words. */
  private void assertRefused(byte[] bytes, String... words) throws IOException {
    Path file = write(bytes);
    String message = String.valueOf(assertThrows(InputException.class, () -> ModelFile.read(file)).getMessage());
    assertTrue(message.startsWith(file + ": ") && message.lines().count() == 1, message);
    for (String word : words) {
      assertTrue(message.contains(word), message);
    }
  }

  private void assertRefused(GraphProto.Builder graph, String... words) throws IOException {
    assertRefused(model(graph).toByteArray(), words);
  }

  @Test
  void aModelIsReadWhole() throws IOException {
    Graph graph = read(perceptron());
    assertEquals(17, graph.opset());
    assertEquals(List.of("y", "s"), graph.outputs());
    assertEquals(List.of("MatMul 'product'", "Add '#1'", "Constant 'zero'", "Max 'relu'", "ReduceSum 'total'"),
        graph.nodes().stream().map(Node::toString).toList());
    assertEquals(List.of("xw", "b"), graph.nodes().get(1).inputs());
    assertEquals(List.of("y", ""), graph.nodes().get(4).inputs());
    assertEquals(0L, graph.nodes().get(4).attributes().get("keepdims"));
    assertArrayEquals(new double[] {0}, ((Literal) graph.nodes().get(2).attributes().get("value")).reals());
    Graph.Input x = graph.inputs().get(0);
    assertEquals("x FLOAT [-1, 2]", x.name() + " " + x.type() + " " + Arrays.toString(x.shape()));
    assertArrayEquals(new double[] {1, -2, 0.5, 0.25, 1e-40f, 3}, graph.initializers().get("w").reals());
    assertArrayEquals(new int[] {2, 3}, graph.initializers().get("w").shape());
    assertArrayEquals(new double[] {1, 2, 3}, graph.initializers().get("b").reals());
  }

  @Test
  void modelsOfOtherProgramsAreRead() throws IOException {
    for (Path file : Models.ofPeers()) {
      Graph graph = ModelFile.read(file);
      assertEquals(17, graph.opset(), file.toString());
      assertTrue(graph.nodes().size() >= 5 && graph.inputs().size() >= 1, file.toString());
    }
  }

  /** Each type in raw_data and in its own field: its least and largest values, and ones that wrong decoding would change. */
  static Stream<Arguments> types() {
    double[] half = {-65504, 0x1p-24, 1.5, -0x1.ff8p-15, 0x1p-14};
    int[] halves = {0xfbff, 0x0001, 0x3e00, 0x83ff, 0x0400};
    double[] brain = {-0x1.fep127, 0x1p-133, 1.5, 3.140625, 0x1p-126};
    int[] brains = {0xff7f, 0x0001, 0x3fc0, 0x4049, 0x0080};
    return Stream.of(
        Arguments.of(DataType.FLOAT16, half, shorts(halves), int32(halves)),
        Arguments.of(DataType.BFLOAT16, brain, shorts(brains), int32(brains)),
        Arguments.of(DataType.FLOAT, new double[] {Float.MAX_VALUE, Float.MIN_VALUE, -0.1f},
            bytes(Float.MAX_VALUE, Float.MIN_VALUE, -0.1f),
            edit(t -> t.addAllFloatData(List.of(Float.MAX_VALUE, Float.MIN_VALUE, -0.1f)))),
        Arguments.of(DataType.DOUBLE, new double[] {Double.MAX_VALUE, -Double.MIN_VALUE, 0.1},
            buffer(24).putDouble(Double.MAX_VALUE).putDouble(-Double.MIN_VALUE).putDouble(0.1).array(),
            edit(t -> t.addAllDoubleData(List.of(Double.MAX_VALUE, -Double.MIN_VALUE, 0.1)))),
        Arguments.of(DataType.INT8, new long[] {-128, 127, -1}, new byte[] {-128, 127, -1}, int32(-128, 127, -1)),
        Arguments.of(DataType.UINT8, new long[] {128, 255, 0}, new byte[] {-128, -1, 0}, int32(128, 255, 0)),
        Arguments.of(DataType.INT16, new long[] {-32768, 32767}, shorts(0x8000, 0x7fff), int32(-32768, 32767)),
        Arguments.of(DataType.UINT16, new long[] {32768, 65535}, shorts(0x8000, 0xffff), int32(32768, 65535)),
        Arguments.of(DataType.INT32, new long[] {Integer.MIN_VALUE, 7}, buffer(8).putInt(1 << 31).putInt(7).array(),
            int32(1 << 31, 7)),
        Arguments.of(DataType.UINT32, new long[] {0x80000000L, 0xffffffffL}, buffer(8).putInt(1 << 31).putInt(-1).array(),
            edit(t -> t.addUint64Data(0x80000000L).addUint64Data(0xffffffffL))),
        Arguments.of(DataType.INT64, new long[] {Long.MIN_VALUE, Long.MAX_VALUE},
            buffer(16).putLong(Long.MIN_VALUE).putLong(Long.MAX_VALUE).array(),
            edit(t -> t.addInt64Data(Long.MIN_VALUE).addInt64Data(Long.MAX_VALUE))),
        Arguments.of(DataType.UINT64, new long[] {0, Long.MAX_VALUE}, buffer(16).putLong(0).putLong(Long.MAX_VALUE).array(),
            edit(t -> t.addUint64Data(0).addUint64Data(Long.MAX_VALUE))),
        Arguments.of(DataType.BOOL, new long[] {0, 1}, new byte[] {0, 1}, int32(0, 1)));
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] shorts(int... values) {
    ByteBuffer data = buffer(2 * values.length);
    for (int value : values) {
      data.putShort((short) value);
    }
    return data.array();
  }

  private static Consumer<TensorProto.Builder> edit(Consumer<TensorProto.Builder> edit) {
    return edit;
  }

  private static Consumer<TensorProto.Builder> int32(int... values) {
    return tensor -> Arrays.stream(values).forEach(tensor::addInt32Data);
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyTypeIsReadExactly(DataType type, Object expected, byte[] raw, Consumer<TensorProto.Builder> typed)
      throws IOException {
    int count = expected instanceof double[] reals ? reals.length : ((long[]) expected).length;
    long[] shape = {1, count};
    TensorProto.Builder inField = raw("typed", type, shape, new byte[0]).clearRawData();
    typed.accept(inField);
    Files.write(folder.resolve("weights.bin"), ByteBuffer.allocate(raw.length + 7).put(new byte[7]).put(raw).array());
    Graph graph = read(perceptron().addInitializer(raw("raw", type, shape, raw)).addInitializer(inField)
        .addInitializer(external("external", type, shape, "location", "weights.bin", "offset", "7", "length",
            Integer.toString(raw.length))));
    for (String name : List.of("raw", "typed", "external")) {
      Literal literal = graph.initializers().get(name);
      assertEquals(ElementType.valueOf(type.name()), literal.type());
      assertArrayEquals(new int[] {1, count}, literal.shape());
      if (expected instanceof double[] reals) {
        assertArrayEquals(reals, literal.reals(), name);
      } else {
        assertArrayEquals((long[]) expected, literal.integers(), name);
      }
    }
  }

  @Test
  void emptyTensorsAndScalarsAreRead() throws IOException {
    Graph graph = read(perceptron().addInitializer(floats("empty", new long[] {3, 0, 1L << 30, 1L << 30}))
        .addInitializer(floats("scalar", new long[0], 5)));
    assertEquals(0, graph.initializers().get("empty").size());
    assertArrayEquals(new double[] {5}, graph.initializers().get("scalar").reals());
  }

  @Test
  void anInitializerThatIsAlsoAnInputNeedNotBeGiven() throws IOException {
    assertEquals(1, read(perceptron().addInput(info("w", DataType.FLOAT, 2, 3))).inputs().size());
  }

  @Test
  void nodesMayComeInAnyOrder() throws IOException {
    GraphProto.Builder graph = perceptron();
    List<NodeProto> nodes = graph.getNodeList();
    GraphProto.Builder reversed = graph.clone().clearNode();
    for (int k = nodes.size() - 1; k >= 0; k--) {
      reversed.addNode(nodes.get(k));
    }
    List<String> operators = read(reversed).nodes().stream().map(Node::operator).toList();
    assertEquals(List.of("Constant", "MatMul", "Add", "Max", "ReduceSum"), operators);
  }

  @Test
  void cyclesAreNamed() throws IOException {
    assertRefused(perceptron().addNode(node("Neg", "n", List.of("q"), "p")).addNode(node("Exp", "e", List.of("p"), "q"))
        .addNode(node("Abs", "after", List.of("q"), "r")), "cycle", "needs its own output", "Neg 'n'", "Exp 'e'");
    assertRefused(perceptron().addNode(node("Abs", "after", List.of("q"), "r")).addNode(node("Neg", "n", List.of("q"), "q")),
        "cycle: Neg 'n' needs its own output");
  }

  @Test
  void namesThatDoNotFitAreNamed() throws IOException {
    assertRefused(perceptron().addNode(node("Neg", "n", List.of("v"), "q")), "Neg 'n'", "missing initializer 'v'");
    assertRefused(perceptron().addNode(node("Neg", "n", List.of("x"), "y")), "Neg 'n'", "'y' is already an output");
    assertRefused(perceptron().addNode(node("Neg", "n", List.of("x"), "w")), "Neg 'n'", "'w' is already an input or init");
    assertRefused(perceptron().addOutput(info("z", DataType.FLOAT)), "output 'z'");
    assertRefused(perceptron().addOutput(info("y", DataType.FLOAT)), "output 'y' is there twice");
    assertRefused(perceptron().clearOutput(), "no outputs");
    assertRefused(perceptron().addInput(info("x", DataType.FLOAT)), "input 'x' is there twice");
    assertRefused(perceptron().addInitializer(floats("w", new long[] {1}, 1)), "initializer 'w' is there twice");
    assertRefused(perceptron().addInitializer(floats("", new long[] {1}, 1)), "has no name");
    assertRefused(perceptron().addNode(node("", "n", List.of("x"), "q")), "node 'n' names no operator");
  }

  @Test
  void whatIsNotSupportedIsNamed() throws IOException {
    AttributeProto.Builder body = AttributeProto.newBuilder().setName("then_branch")
        .setType(AttributeProto.AttributeType.GRAPH).setG(perceptron());
    assertRefused(perceptron().addNode(node("If", "choice", List.of("x"), "q").addAttribute(body)), "If 'choice'", "subgraph");
    assertRefused(model(perceptron()).toBuilder().addFunctions(FunctionProto.newBuilder().setName("f")).build().toByteArray(),
        "function 'f'");
    assertRefused(perceptron().addSparseInitializer(SparseTensorProto.newBuilder().setValues(floats("v", new long[] {1}, 1))),
        "'v'", "sparse");
    assertRefused(perceptron().addNode(node("Foo", "n", List.of("x"), "q").addAttribute(AttributeProto.newBuilder()
        .setName("words").setType(AttributeProto.AttributeType.STRINGS))), "Foo 'n'", "'words'", "STRINGS");
    assertRefused(perceptron().addInput(info("z", DataType.FLOAT).setType(TypeProto.newBuilder()
        .setSequenceType(TypeProto.Sequence.newBuilder()))), "input 'z'", "SEQUENCE");
    assertRefused(perceptron().addInput(info("z", DataType.STRING)), "input 'z'", "STRING");
    assertRefused(perceptron().addInitializer(raw("z", DataType.COMPLEX64, new long[] {1}, new byte[8])), "COMPLEX64");
    assertRefused(perceptron().addInput(info("z", DataType.FLOAT).setType(TypeProto.newBuilder()
        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1)))), "input 'z'", "number of dimensions");
    assertRefused(ModelProto.newBuilder().setGraph(perceptron()).build().toByteArray(), "operator set");
    assertRefused(model(perceptron()).toBuilder().addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("ai.onnx")
        .setVersion(9)).build().toByteArray(), "operator set twice");
  }

  @Test
  void tensorsThatAreNotWhatTheyClaimAreNamed() throws IOException {
    GraphProto.Builder graph = perceptron();
    long large = 1L << 31;
    for (var wrong : List.of(
        floats("t", new long[] {2, 3}, 1, 2, 3, 4, 5), floats("t", new long[] {-1}, 1), floats("t", new long[] {large}, 1),
        floats("t", new long[] {1 << 20, 1 << 20, 1 << 24}, 1), floats("t", new long[] {1 << 16, 1 << 16}),
        floats("t", new long[] {1 << 15, 1 << 15}, 1), floats("t", new long[65]),
        floats("t", new long[] {1}, 1).addFloatData(1), floats("t", new long[] {1}).addInt32Data(1),
        floats("t", new long[] {1}).addFloatData(1).addInt32Data(1), floats("t", new long[] {1}).addFloatData(1).addFloatData(2),
        raw("t", DataType.BOOL, new long[] {1}, new byte[] {2}),
        raw("t", DataType.INT8, new long[] {1}, new byte[0]).addInt32Data(128),
        raw("t", DataType.FLOAT16, new long[] {1}, new byte[0]).addInt32Data(65536),
        raw("t", DataType.UINT64, new long[] {1}, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}),
        raw("t", DataType.UINT32, new long[] {1}, new byte[0]).addUint64Data(1L << 32),
        floats("t", new long[] {1}, 1).setSegment(TensorProto.Segment.newBuilder().setBegin(1)),
        floats("t", new long[] {1}, 1).setDataType(99))) {
      assertRefused(graph.clone().addInitializer(wrong), "initializer 't'");
    }
    assertRefused(graph.clone().addInitializer(floats("t", new long[] {2, 2}, 1, 2, Float.NaN, 4)), "'t' is NaN at [1, 0]");
    assertRefused(graph.clone().addInitializer(floats("t", new long[] {2}, 1, Float.POSITIVE_INFINITY)),
        "'t' is Infinity at [1]");
    assertEquals(Double.NEGATIVE_INFINITY, read(graph.clone().addInitializer(floats("mask", new long[] {2}, 0,
        Float.NEGATIVE_INFINITY))).initializers().get("mask").reals()[1]);
    assertRefused(graph.clone().addNode(node("Constant", "c", List.of(), "q").addAttribute(AttributeProto.newBuilder()
        .setName("value_float").setType(AttributeProto.AttributeType.FLOAT).setF(Float.NaN))), "Constant 'c'", "NaN");
  }

  @Test
  void noFileOutsideTheFolderIsRead() throws IOException {
    Path outside = Files.write(Files.createDirectories(folder.resolve("other")).resolve("weights.bin"), bytes(1, 2));
    Path inside = Files.createDirectories(folder.resolve("models"));
    Files.createSymbolicLink(inside.resolve("link.bin"), outside);
    Files.createSymbolicLink(inside.resolve("up"), folder);
    Files.write(inside.resolve("weights.bin"), bytes(3, 4));
    Files.createSymbolicLink(inside.resolve("near.bin"), Path.of("weights.bin"));
    for (String location : List.of("../other/weights.bin", outside.toString(), "link.bin", "up/other/weights.bin",
        "a/../../other/weights.bin", "", ".", "none.bin", "\0")) {
      Path file = Files.write(inside.resolve("model.onnx"), model(perceptron().addInitializer(
          external("t", DataType.FLOAT, new long[] {2}, "location", location))).toByteArray());
      String message = String.valueOf(assertThrows(InputException.class, () -> ModelFile.read(file)).getMessage());
      assertTrue(message.startsWith(file + ": initializer 't'") && message.lines().count() == 1, message);
    }
    Path file = Files.write(inside.resolve("model.onnx"), model(perceptron().addInitializer(
        external("t", DataType.FLOAT, new long[] {2}, "location", "near.bin"))).toByteArray());
    assertArrayEquals(new double[] {3, 4}, ModelFile.read(file).initializers().get("t").reals());
  }

  @ParameterizedTest
  @CsvSource({
      "location,w,offset,4,length,8,got a file of 8", "location,w,offset,-4,,,at least 0",
      "location,w,offset,9223372036854775807,,,got a file of 8", "location,w,length,4,,,got 4 bytes",
      "location,w,offset,0x0,,,expected a number as offset", "location,w,location,v,,,twice", "offset,0,,,,,names no file"})
  void regionsOfExternalFilesAreChecked(String k1, String v1, String k2, String v2, String k3, String v3, String word)
      throws IOException {
    Files.write(folder.resolve("w"), bytes(1, 2));
    String[] keys = Stream.of(k1, v1, k2, v2, k3, v3).filter(text -> text != null).toArray(String[]::new);
    assertRefused(perceptron().addInitializer(external("t", DataType.FLOAT, new long[] {2}, keys)), "initializer 't'", word);
  }

  @Test
  void tensorsMayShareARegionButNotOverlap() throws IOException {
    Files.write(folder.resolve("w"), bytes(1, 2, 3, 4));
    GraphProto.Builder graph = perceptron();
    for (int k = 0; k < 5; k++) {
      graph.addInitializer(external("t" + k, DataType.FLOAT, new long[] {4}, "location", "w"));
    }
    assertArrayEquals(new double[] {1, 2, 3, 4}, read(graph).initializers().get("t4").reals());
    assertRefused(graph.addInitializer(external("u", DataType.INT16, new long[] {8}, "location", "w")), "'u'", "overlap");
  }

  @Test
  void largeExternalFilesAreRead() throws IOException {
    int count = (3 << 18) + 5;
    float[] values = new float[count];
    Random random = new Random(5);
    for (int e = 0; e < count; e++) {
      values[e] = random.nextFloat();
    }
    Files.write(folder.resolve("w"), bytes(values));
    double[] read = read(perceptron().addInitializer(external("t", DataType.FLOAT, new long[] {count}, "location", "w")))
        .initializers().get("t").reals();
    for (int e = 0; e < count; e++) {
      assertEquals(values[e], read[e]);
    }
  }

  @Test
  void memoryIsNotTakenForClaims() throws IOException {
    Path sparse = folder.resolve("w");
    try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
      file.setLength(1L << 42);
    }
    assertRefused(perceptron().addInitializer(external("t", DataType.UINT8, new long[] {1 << 30, 1}, "location", "w"))
        .addInitializer(external("u", DataType.UINT8, new long[] {1 << 30}, "location", "w", "offset", "1073741824")),
        "memory is left for");
    ByteArrayOutputStream empty = new ByteArrayOutputStream();
    for (int k = 0; k <= WireFormat.MOST_PARTS; k++) {
      empty.writeBytes(new byte[] {0x0a, 0});
    }
    byte[] nodes = empty.toByteArray();
    assertRefused(tagged(7, nodes), "more than 2000000 nodes");
    assertRefused(tagged(7, tagged(5, tagged(7, new byte[WireFormat.MOST_PACKED + 1]))), "bytes of packed integers");
    byte[] deep = new byte[0];
    for (int k = 0; k < 100; k++) {
      deep = tagged(1, tagged(5, tagged(6, deep)));
    }
    assertRefused(tagged(7, deep), "nested");
  }

  private static byte[] tagged(int field, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeBytes(field, ByteString.copyFrom(content));
    out.flush();
    return bytes.toByteArray();
  }

  @Test
  void whatIsNoModelIsRefused() throws IOException {
    byte[] good = model(perceptron()).toByteArray();
    assertRefused(new byte[0], "empty");
    assertRefused("not a protocol buffer".getBytes(), "not an ONNX model");
    assertRefused(Arrays.copyOf(good, good.length - 3), "not an ONNX model, or damaged");
    assertRefused(new byte[] {0x3b, 0x3c}, "group");
    assertRefused(new byte[] {8, 8}, "no graph");
    assertRefused(new byte[] {0x3a, -1, -1, -1, -1, 7}, "damaged");
    assertRefused(new byte[] {0x3a, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, "damaged");
    assertThrows(InputException.class, () -> ModelFile.read(folder));
    assertThrows(InputException.class, () -> ModelFile.read(folder.resolve("none.onnx")));
  }
}
