package plumbline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plumbline.reference.io.NpyArray;
import plumbline.reference.io.NpzFile;

/** The layers as PyTorch computed them. */
class TorchCasesTest {
  /**
   * Largest error per statement in units of ε·max|y|, the same for both types: what the cases measure, rounded up. Another
   * reading of a layer is 10^3 to 10^15 times as far away.
   */
  private static final Map<String, Double> LIMITS = Map.of("def-b.1", 0.6, "def-b.3", 7.2, "def-b.5", 0.7, "def-b.6", 2.6,
      "def-c.2", 1.2, "def-c.8", 1.7, "def-c.9", 1.0, "def-c.11", 0.5, "def-c.12", 1.1, "def-3.2", 7.1);

  @TempDir
  private Path folder;

  @Test
  void allCasesAreWithinTheMeasuredErrors() throws IOException {
    Path cases = Cli.torchCases();
    Path json = folder.resolve("report.json");
    Cli run = Cli.run("check", cases, "--json", json).ended(ExitCode.DONE);
    System.out.println(run.out());
    JsonNode report = new ObjectMapper().readTree(json.toFile()).path("cases");
    assertEquals(50, report.size());
    Set<String> seen = new LinkedHashSet<>();
    for (JsonNode check : report) {
      for (JsonNode output : check.path("outputs")) {
        String statement = check.path("statement").textValue();
        seen.add(statement);
        String where = check.path("file").textValue() + " " + output.path("name").textValue();
        assertTrue(output.path("settled").booleanValue(), where);
        assertEquals("rounding", output.path("verdict").textValue(), where);
        assertTrue(output.path("bits").intValue() <= 256, where + " took " + output.path("bits") + " bits");
        double error = output.path("max_relative_epsilon").path(1).doubleValue();
        assertTrue(error <= LIMITS.get(statement), where + ": " + error + " ε·max|y|");
      }
    }
    assertEquals(LIMITS.keySet(), Set.copyOf(seen));
  }

  /** What PyTorch is known to do is less than what anything may do. */
  @Test
  void allCasesAreWithinTheModelOfPyTorch() throws IOException {
    Path json = folder.resolve("report.json");
    Cli.run("check", Cli.torchCases(), "--model", "torch-cpu-f32", "--model", "torch-cpu-f64", "--json", json)
        .ended(ExitCode.DONE);
    for (JsonNode check : new ObjectMapper().readTree(json.toFile()).path("cases")) {
      assertEquals("rounding", check.path("outputs").path(0).path("verdict").textValue());
      assertTrue(check.path("outputs").path(0).path("model").textValue().startsWith("torch-cpu-"));
    }
  }

  @Test
  void aBugOfOneEntryIsFoundAndLocated() throws IOException {
    Path cases = Cli.torchCases();
    for (String dtype : List.of("f32", "f64")) {
      List<NpyArray> tensors = new ArrayList<>(NpzFile.read(cases.resolve("attention_30x16_" + dtype + ".npz")).values());
      NpyArray y = tensors.remove(tensors.size() - 1);
      assertEquals("y", y.name());
      double[] values = y.values();
      int entry = 7 * 16 + 3;
      values[entry] = dtype.equals("f32") ? (float) (values[entry] * 1.001) : values[entry] * 1.001;
      tensors.add(new NpyArray("y", y.dtype(), y.shape(), values));
      Path file = folder.resolve(dtype + ".npz");
      NpzFile.write(file, tensors);
      Path json = folder.resolve("bug.json");
      Cli.run("check", file, "--as", "def-b.3", "--json", json).ended(ExitCode.BUG).says("worst           [7, 3]",
          "left by 1 of 480");
      JsonNode output = new ObjectMapper().readTree(json.toFile()).path("cases").path(0).path("outputs").path(0);
      assertTrue(output.path("max_relative_epsilon").path(0).doubleValue() > 10 * LIMITS.get("def-b.3"), output::toString);
      assertEquals("[7,3]", output.path("worst_absolute").path("index").toString());
    }
  }

  @Test
  void swappedWeightsAreFound() throws IOException {
    List<NpyArray> tensors = new ArrayList<>();
    for (NpyArray t : NpzFile.read(Cli.torchCases().resolve("attention_14x8_f32.npz")).values()) {
      String name = t.name().equals("w_q") ? "w_k" : t.name().equals("w_k") ? "w_q" : t.name();
      tensors.add(new NpyArray(name, t.dtype(), t.shape(), t.values()));
    }
    Path file = folder.resolve("swapped.npz");
    NpzFile.write(file, tensors);
    Cli.run("check", file, "--as", "def-b.3").ended(ExitCode.BUG);
  }

  @Test
  void otherReadingsAreFound() {
    Path cases = Cli.torchCases();
    for (String kernel : List.of("keys(-1/2)", "bspline")) {
      Cli.run("check", cases.resolve("bicubic_4to5_f32.npz"), "--as", "def-3.2", "--param", "reading=standard", "--param",
          "kernel=" + kernel, "--param", "height=5", "--param", "width=5").ended(ExitCode.BUG);
    }
    Cli.run("check", cases.resolve("layernorm_eps_f64.npz"), "--as", "def-c.9").ended(ExitCode.BUG);
    Cli.run("check", cases.resolve("flow_network_f32.npz"), "--as", "def-c.12", "--param",
        "chunks=gamma1 alpha2 beta1 beta2 alpha1 gamma2").ended(ExitCode.BUG);
  }
}
