package plumbline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import plumbline.peer.OnnxRuntime;
import plumbline.reference.io.DType;
import plumbline.reference.io.NpyArray;
import plumbline.reference.io.NpzFile;
import plumbline.reference.onnx.Literal;
import plumbline.reference.onnx.Literal.ElementType;

/** Models of others, and blocks that are built here, as PyTorch and ONNX Runtime compute them, with and without bugs. */
class ModelCheckTest {
  @TempDir
  private Path folder;

  private static Path peer(String name) {
    return Cli.torchCases().resolveSibling("onnx").resolve(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"paper_attention", "paper_block", "adaptive_block", "next_scale"})
  void whatPyTorchAndOnnxRuntimeComputeIsRounding(String name) throws IOException {
    Path model = peer(name).resolve("model.onnx");
    Path data = peer(name).resolve("data.npz");
    Cli.run("check", model, "--inputs", data, "--outputs", data, "--max-bits", 53).ended(ExitCode.DONE)
        .says("float32", ": rounding", "outputs of " + data);
    Cli.run("check", model, "--inputs", data, "--max-bits", 53).ended(ExitCode.DONE)
        .says(": rounding", "outputs of ONNX Runtime 1.22.0");
    Path json = folder.resolve("report.json");
    Cli.run("check", model, "--inputs", data, "--all-nodes", "--max-bits", 53, "--json", json).ended(ExitCode.DONE)
        .says("which ran each node as it is");
    JsonNode nodes = new ObjectMapper().readTree(json.toFile()).path("cases").path(0).path("nodes");
    assertTrue(nodes.size() >= 7, nodes.toString());
    nodes.forEach(node -> assertEquals("rounding", node.path("verdict").textValue(), node.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"paper_attention", "paper_block", "adaptive_block", "next_scale"})
  void oneWrongEntryIsABug(String name) throws IOException {
    Path model = peer(name).resolve("model.onnx");
    Path data = peer(name).resolve("data.npz");
    Path wrong = folder.resolve("wrong.npz");
    NpzFile.write(wrong, NpzFile.read(data).values().stream()
        .map(array -> array.name().startsWith("y") ? changed(array, array.size() / 2, 0.25) : array).toList());
    Cli run = Cli.run("check", model, "--inputs", data, "--outputs", wrong, "--max-bits", 53).ended(ExitCode.BUG);
    run.says(": bug", "left by 1 of", "first node that breaks");
  }

  private static NpyArray changed(NpyArray array, int e, double by) {
    double[] values = array.values();
    values[e] = (float) (values[e] + by);
    return new NpyArray(array.name(), array.dtype(), array.shape(), values);
  }

  /** All that ONNX Runtime computes for a block, with one tensor changed and what follows computed from it. */
  @Test
  void theFirstNodeThatBreaksIsNamed() throws IOException {
    Path model = BlockModel.write(folder, 3, 16, 2, 32);
    Path inputs = folder.resolve("inputs.npz");
    Map<String, NpyArray> honest = all(model, inputs);
    assertTrue(honest.size() > 40);
    Path outputs = folder.resolve("outputs.npz");
    NpzFile.write(outputs, honest.values());
    Cli.run("check", model, "--inputs", inputs, "--outputs", outputs, "--max-bits", 53).ended(ExitCode.DONE)
        .says("constant or with −∞, not checked: 'masked_out'");

    Map<String, NpyArray> wrong = new LinkedHashMap<>(honest);
    for (String name : List.of("softmax_out", "up_out")) {
      // The error in a later node does not hide the first, and what comes between is right.
      wrong.put(name, changed(honest.get(name), 20, 1e-3));
    }
    NpzFile.write(outputs, wrong.values());
    Path json = folder.resolve("report.json");
    Cli.run("check", model, "--inputs", inputs, "--outputs", outputs, "--json", json, "--max-bits", 53).ended(ExitCode.BUG)
        .says("first node that breaks: Softmax 'softmax', output 'softmax_out'");
    JsonNode report = new ObjectMapper().readTree(json.toFile()).path("cases").path(0);
    List<String> bugs = new ArrayList<>();
    report.path("nodes").forEach(node -> {
      if (node.path("verdict").textValue().equals("bug")) {
        bugs.add(node.path("output").textValue());
      }
    });
    // What was computed from the changed tensors breaks, too, as it was not computed from them as given.
    assertEquals(List.of("softmax_out", "values_out", "up_out", "up.add_out"), bugs);
    assertEquals("Softmax 'softmax', output 'softmax_out'", report.path("first_bug").textValue());
  }

  private static Map<String, NpyArray> all(Path model, Path inputs) {
    Map<String, Literal> literals = new LinkedHashMap<>();
    NpzFile.read(inputs).forEach((name, array) ->
        literals.put(name, Literal.reals(ElementType.FLOAT, array.shape(), array.values())));
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    OnnxRuntime.load().run(model, literals, true).forEach((name, literal) -> {
      if (literal.type() == ElementType.FLOAT) {
        arrays.put(name, new NpyArray(name, DType.F32, literal.shape(), literal.reals()));
      }
    });
    return arrays;
  }

  @Test
  void aResultThatIsNoNumberIsABug() throws IOException {
    Path model = BlockModel.write(folder, 2, 8, 2, 8);
    Path inputs = folder.resolve("inputs.npz");
    NpyArray y = all(model, inputs).get("y");
    double[] values = y.values();
    values[7] = Double.NaN;
    Path outputs = folder.resolve("outputs.npz");
    NpzFile.write(outputs, List.of(new NpyArray("y", DType.F32, y.shape(), values)));
    Cli.run("check", model, "--inputs", inputs, "--outputs", outputs).ended(ExitCode.BUG).says("y float32 5×8: bug", "NaN");
  }

  @Test
  void anImplementationIsNotHeldToAFinerFormatThanItHas() throws IOException {
    Path model = BlockModel.write(folder, 2, 8, 2, 8);
    Path inputs = folder.resolve("inputs.npz");
    Cli.run("check", model, "--inputs", inputs, "--model", "any-f64")
        .refused("computes in float32, but model any-f64 stores results in float64");
    Cli.run("check", model, "--inputs", inputs, "--model", "any-f64", "--model", "any-f32").ended(ExitCode.DONE)
        .says("model any-f32, which assumes");
    Cli.run("check", model, "--inputs", inputs, "--model", "any-f64", "--model", "any-f16", "--max-bits", 53)
        .says("model any-f16, which assumes");
  }

  @Test
  void badInputIsOneLine() throws IOException {
    Path model = BlockModel.write(folder, 2, 8, 2, 8);
    Path inputs = folder.resolve("inputs.npz");
    Collection<NpyArray> good = NpzFile.read(inputs).values();
    Cli.run("check", model).refused("--inputs NPZ is missing");
    Cli.run("check", model, "--inputs", inputs, "--as", "def-b.3").refused("--as and --param are not for ONNX models");
    Cli.run("check", model, "--inputs", inputs, "--outputs", inputs, "--all-nodes").refused("--all-nodes");
    Cli.run("check", inputs, "--inputs", inputs, "--as", "def-b.3").refused("are for ONNX models");
    Cli.run("check", model, "--inputs", inputs, "--outputs", inputs).refused("no output to check", "outputs are y");
    Cli.run("check", folder.resolve("none.onnx"), "--inputs", inputs).refused("none.onnx: no such file");
    Path other = folder.resolve("other.npz");
    NpzFile.write(other, good.stream().filter(array -> !array.name().equals("x")).toList());
    Cli.run("check", model, "--inputs", other).refused("block.onnx", "'x' is missing");
    NpzFile.write(other, good.stream().map(array -> array.name().equals("x")
        ? new NpyArray("x", DType.F64, array.shape(), array.values()) : array).toList());
    Cli.run("check", model, "--inputs", other).refused("'x' must be FLOAT [5, 8], got DOUBLE [5, 8]");
    NpzFile.write(other, List.of(new NpyArray("z", DType.F32, new int[] {1}, new double[1])));
    Cli.run("check", model, "--inputs", other).refused("'z' is no input", "x, scale1");
    Cli.run("check", model, "--inputs", inputs, "--outputs", other).refused("'z' is computed by no node");
    NpzFile.write(other, List.of(new NpyArray("y", DType.F32, new int[] {8, 5}, new double[40])));
    Cli.run("check", model, "--inputs", inputs, "--outputs", other).refused("'y': expected FLOAT [5, 8], got float32 [8, 5]");
    Files.delete(folder.resolve("block.onnx.data"));
    Cli.run("check", model, "--inputs", inputs).refused("block.onnx.data", "no such file");
  }

  @Test
  void anOperatorThatIsMissingIsNamedBeforeAnythingRuns() throws IOException {
    Path model = BlockModel.write(folder, 2, 8, 2, 8);
    ModelProto proto = ModelProto.parseFrom(Files.readAllBytes(model));
    GraphProto.Builder graph = proto.getGraph().toBuilder()
        .addNode(NodeProto.newBuilder().setOpType("Det").setName("d").addInput("y").addOutput("z"));
    Files.write(model, proto.toBuilder().setGraph(graph).build().toByteArray());
    Cli.run("check", model, "--inputs", folder.resolve("inputs.npz")).refused("block.onnx", "Det 'd'", "not supported");
  }

  /** Whether x + 1 is less than 1 depends on rounding. */
  @Test
  void aChoiceThatRoundingMayTurnIsUndecided() throws IOException {
    Path model = BlockModel.write(folder, 1, 2, 1, 2);
    ModelProto proto = ModelProto.parseFrom(Files.readAllBytes(model));
    GraphProto.Builder graph = proto.getGraph().toBuilder().clearNode()
        .addNode(NodeProto.newBuilder().setOpType("Add").setName("sum").addInput("x").addInput("one").addOutput("sum"))
        .addNode(NodeProto.newBuilder().setOpType("Less").setName("less").addInput("sum").addInput("one").addOutput("less"))
        .addNode(NodeProto.newBuilder().setOpType("Where").setName("y").addInput("less").addInput("half").addInput("sum")
            .addOutput("y"));
    Files.write(model, proto.toBuilder().setGraph(graph).build().toByteArray());
    Path inputs = folder.resolve("inputs.npz");
    List<NpyArray> tensors = new ArrayList<>(NpzFile.read(inputs).values());
    tensors.removeIf(array -> array.name().equals("x"));
    tensors.add(new NpyArray("x", DType.F32, new int[] {1, 2}, new double[] {-0x1p-40, 3}));
    NpzFile.write(inputs, tensors);
    Path outputs = folder.resolve("outputs.npz");
    NpzFile.write(outputs, List.of(all(model, inputs).get("y")));
    for (String bits : List.of("53", "256")) {
      Cli.run("check", model, "--inputs", inputs, "--outputs", outputs, "--max-bits", bits).ended(ExitCode.UNDECIDED)
          .says("y float32 1×2: undecided", "Less");
      // From the sum that ONNX Runtime shows, the comparison has one answer.
      Cli.run("check", model, "--inputs", inputs, "--max-bits", bits).ended(ExitCode.DONE)
          .says("y float32 1×2: rounding", "from inputs to outputs nothing can be decided", "Less");
    }
  }

  @Test
  void onnxRuntimeReadsExternalFilesOfAnyFolder() throws IOException {
    Path model = BlockModel.write(Files.createDirectories(folder.resolve("deep")), 1, 4, 1, 4);
    Path inputs = model.resolveSibling("inputs.npz");
    assertEquals(all(model, inputs).get("y").size(), 4);
    try (var files = Files.list(model.getParent())) {
      assertEquals(3, files.count(), "nothing is left beside the model");
    }
    assertFalse(all(model, inputs).isEmpty());
  }
}
