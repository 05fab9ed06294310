package plumbline.reference.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import plumbline.reference.io.NpyArray;
import plumbline.reference.io.NpzFile;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;

/** Models that PyTorch exported, with the outputs that PyTorch computed in float32. */
final class PeerModelsTest {

  /** The folder of models beside the repository; the test is skipped where there is none. */
  private static Path peers() {
    Path root = Path.of("").toAbsolutePath();
    while (root != null && !(Files.isDirectory(root.resolve("spec")) && Files.isRegularFile(root.resolve("pom.xml")))) {
      root = root.getParent();
    }
    for (Path folder = root; folder != null; folder = folder.getParent()) {
      Path models = folder.resolveSibling("shared").resolve("peers").resolve("onnx");
      if (Files.isDirectory(models)) {
        return models;
      }
    }
    return Assumptions.abort("SKIPPED: exported models are not there (expected ../shared/peers/onnx beside the repository)");
  }

  /** A gross check: outputs lie within 10^−4 of PyTorch's, and the enclosures are far narrower. */
  @ParameterizedTest
  @ValueSource(strings = {"paper_attention", "paper_block", "adaptive_block", "next_scale"})
  void outputsAreClose(String name) {
    Path folder = peers().resolve(name);
    Graph graph = ModelFile.read(folder.resolve("model.onnx"));
    Map<String, NpyArray> data = NpzFile.read(folder.resolve("data.npz"));
    Map<String, Literal> inputs = new HashMap<>();
    for (Graph.Input input : graph.inputs()) {
      NpyArray array = data.get(input.name());
      inputs.put(input.name(), Literal.reals(input.type(), array.shape(), array.values()));
    }
    Map<String, Value<Ball53Matrix>> outputs = GraphEvaluation.prepare(graph, inputs).in(Ball53.INSTANCE);
    assertEquals(graph.outputs(), List.copyOf(outputs.keySet()));
    for (String output : graph.outputs()) {
      NpyArray expected = data.get(output);
      Value.Real<Ball53Matrix> value = (Value.Real<Ball53Matrix>) outputs.get(output);
      assertArrayEquals(expected.shape(), value.shape());
      double[] mid = value.matrix().midpoints();
      double[] rad = value.matrix().radii();
      for (int e = 0; e < mid.length; e++) {
        assertTrue(rad[e] < 1e-10 && Math.abs(mid[e] - expected.get(e)) < 1e-4,
            output + " entry " + e + ": " + mid[e] + " ± " + rad[e] + " instead of " + expected.get(e));
      }
    }
  }
}
