package plumbline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import plumbline.reference.io.DType;
import plumbline.reference.io.NpyArray;
import plumbline.reference.io.NpzFile;

class CheckCommandTest {
  @TempDir
  private Path folder;

  /** X W + b with small integers: every entry is exact in every type. */
  private Path mlp(DType type, double... y) throws IOException {
    return write(array("x", type, new int[] {2, 2}, 1, 2, 3, 4), array("w", type, new int[] {2, 2}, 1, -1, 2, 1),
        array("b", type, new int[] {2}, 1, 0), array("y", type, new int[] {2, 2}, y));
  }

  private static NpyArray array(String name, DType type, int[] shape, double... values) {
    return new NpyArray(name, type, shape, values);
  }

  private Path write(NpyArray... arrays) throws IOException {
    Path file = folder.resolve("case.npz");
    NpzFile.write(file, List.of(arrays));
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"F16", "F32", "F64"})
  void anExactResultHasErrorZero(String type) throws IOException {
    Cli.run("check", mlp(DType.valueOf(type), 6, 1, 12, 1), "--as", "def-c.8", "--max-ulps", 0).ended(ExitCode.DONE)
        .says("largest error   0 ulp", "verdict         within 0 ulp");
  }

  @Test
  void oneUlpIsFoundAndLocated() throws IOException {
    Path file = mlp(DType.F32, 6, 1, Math.nextUp(12f), 1);
    Cli.run("check", file, "--as", "def-c.8", "--max-ulps", 1).ended(ExitCode.DONE).says("largest error   1 ulp at [1, 0]");
    Cli.run("check", file, "--as", "def-c.8", "--max-ulps", 0.99).ended(ExitCode.BUG).says("exceeds 0.99 ulp", "exact 12");
    Cli.run("check", file, "--as", "def-c.8").ended(ExitCode.DONE);
  }

  @Test
  void halfAnUlpIsDecidedExactly() throws IOException {
    // y of 2049 = 2048 + 1 lies between two float16: an error of half an ulp of 2.
    Path file = write(array("x", DType.F16, new int[] {1, 1}, 2048), array("w", DType.F16, new int[] {1, 1}, 1),
        array("b", DType.F16, new int[] {1}, 1), array("y", DType.F16, new int[] {1, 1}, 2048));
    Cli.run("check", file, "--as", "def-c.8", "--max-ulps", 0.5).ended(ExitCode.DONE).says("largest error   0.5 ulp");
    Cli.run("check", file, "--as", "def-c.8", "--max-ulps", 0.499999).ended(ExitCode.BUG);
  }

  @Test
  void notANumberIsABug() throws IOException {
    Path file = mlp(DType.F32, 6, Double.NaN, 12, 1);
    Cli.run("check", file, "--as", "def-c.8", "--max-ulps", 1e9).ended(ExitCode.BUG)
        .says("1 of 4 entries, the first at [0, 1]");
    Cli.run("check", file, "--as", "def-c.8").ended(ExitCode.DONE).says("NaN");
  }

  @Test
  void infinityIsRightOnlyWhereTheExactValueRoundsToIt() throws IOException {
    double large = 60000;
    NpyArray x = array("x", DType.F16, new int[] {1, 1}, large);
    NpyArray b = array("b", DType.F16, new int[] {1}, 0);
    NpyArray y = array("y", DType.F16, new int[] {1, 1}, Double.POSITIVE_INFINITY);
    Path file = write(x, array("w", DType.F16, new int[] {1, 1}, 2), b, y);
    Cli.run("check", file, "--as", "def-c.8", "--max-ulps", 0.5).ended(ExitCode.DONE)
        .says("1 of them the exact value rounds");
    file = write(x, array("w", DType.F16, new int[] {1, 1}, 1), b, y);
    Cli.run("check", file, "--as", "def-c.8", "--max-ulps", 100).ended(ExitCode.BUG)
        .says("0 of them the exact value rounds");
  }

  @Test
  void precisionThatDoesNotDecideIsSaid() throws IOException {
    double[] z = {0.1, 0.7, -3};
    double sum = Arrays.stream(z).map(Math::exp).sum();
    Path file = write(array("z", DType.F64, new int[] {1, 3}, z),
        array("y", DType.F64, new int[] {1, 3}, Arrays.stream(z).map(v -> Math.exp(v) / sum).toArray()));
    Cli.run("check", file, "--as", "def-b.1", "--max-bits", 53).ended(ExitCode.UNDECIDED)
        .says("undecided at 53 bits", "between 0 and");
    Cli.run("check", file, "--as", "def-b.1", "--max-bits", 53, "--max-ulps", 0.1).ended(ExitCode.UNDECIDED)
        .says("undecided:");
    Cli.run("check", file, "--as", "def-b.1", "--max-ulps", 4).ended(ExitCode.DONE).says("within 4 ulp", "128 bits");
    Cli.run("check", file, "--as", "def-b.1", "--max-bits", 52).refused("--max-bits must be 53 to");
  }

  @Test
  void aTinyResultOfCancellationIsExplained() throws IOException {
    double tiny = 0x1p-20;
    Path file = write(array("x", DType.F32, new int[] {1, 2}, 1 + tiny, -1),
        array("w", DType.F32, new int[] {2, 2}, 1, 1, 1, -1),
        array("b", DType.F32, new int[] {2}, 0, 0), array("y", DType.F32, new int[] {1, 2}, tiny + 0x1p-24, 2));
    Cli.run("check", file, "--as", "def-c.8").ended(ExitCode.DONE)
        .says("at [0, 0]", "times smaller than max|y|", "ε·max|y|");
  }

  @Test
  void badFilesAndTensorsAreOneLine() throws IOException {
    Cli.run("check", folder.resolve("none.npz"), "--as", "def-c.8").refused("none.npz", "no such file");
    Path file = mlp(DType.F32, 6, 1, 12, 1);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(folder.resolve("cut.npz"), Arrays.copyOf(bytes, bytes.length / 2));
    Cli.run("check", folder.resolve("cut.npz"), "--as", "def-c.8").refused("cut.npz", "truncated");
    Cli.run("check", file, "--as", "def-b.1").refused("case.npz", "def-b.1", "z");
    Cli.run("check", write(array("x", DType.F32, new int[] {1, 2}, 1, 2), array("y", DType.F32, new int[] {1, 2}, 1, 2)),
        "--as", "def-c.8").refused("tensor w", "missing");
    Cli.run("check", write(array("z", DType.F32, new int[] {1, 2}, 1, 2)), "--as", "def-b.1")
        .refused("no output to check: expected y (n×m)", "found only the inputs z float32 1×2");
    Cli.run("check", write(array("z", DType.F32, new int[] {1, 2}, 1, 2), array("y", DType.F32, new int[] {2, 1}, 1, 2)),
        "--as", "def-b.1").refused("y must be n×m = 1×2, got 2×1");
    Cli.run("check", write(array("z", DType.F32, new int[] {1, 2}, 1, 2), array("y", DType.I32, new int[] {1, 2}, 1, 2)),
        "--as", "def-b.1").refused("output 'y' must be floating point", "int32");
    Cli.run("check", write(array("z", DType.F32, new int[] {1, 2}, 1, Double.NaN),
        array("y", DType.F32, new int[] {1, 2}, 1, 2)),
        "--as", "def-b.1").refused("tensor 'z' at [0, 1]", "NaN");
    Cli.run("check", write(array("x", DType.F32, new int[] {2, 2}, 1, 2, 3, 4),
        array("w", DType.F32, new int[] {3, 1}, 1, 2, 3),
        array("b", DType.F32, new int[] {1}, 1), array("y", DType.F32, new int[] {2, 1}, 1, 2)), "--as", "def-c.8")
        .refused("def-c.8", "w must be", "got 3×1");
    Cli.run("check", write(array("x", DType.F32, new int[] {2, 2}, 1, 2, 3, 3),
        array("y", DType.F32, new int[] {2, 2}, 0, 0, 0, 0)),
        "--as", "def-c.9").refused("def-c.9", "row 1", "variance is 0");
    Cli.run("check", folder, "--max-ulps", 1).refused("without an index.json");
    Cli.run("check", Files.writeString(folder.resolve("index.json"), "{").getParent()).refused("index.json", "not JSON");
    Files.writeString(folder.resolve("index.json"), "{\"cases\":[{\"file\":\"../x.npz\",\"statement\":\"def-b.1\"}]}");
    Cli.run("check", folder).refused("cases[0]", "../x.npz");
  }

  @Test
  void badUsageIsOneLine() throws IOException {
    Path file = mlp(DType.F32, 6, 1, 12, 1);
    Cli.run().refused("command", "--help");
    Cli.run("chekc").refused("chekc");
    Cli.run("check").refused("FILE", "plumbline check --help");
    Cli.run("check", file).refused("--as ID is missing");
    Cli.run("check", file, "--as", "def-c.88").refused("unknown statement 'def-c.88'", "def-c.8");
    Cli.run("check", file, "--as", "thm-5.6").refused("thm-5.6", "def-c.8");
    Cli.run("check", file, "--as", "def-c.8", "--param", "epsilon=1").refused("unknown parameter \"epsilon\"");
    Cli.run("check", file, "--as", "def-c.8", "--param", "epsilon").refused("epsilon");
    Cli.run("check", file, "--as", "def-c.8", "--max-ulps", -1).refused("--max-ulps");
    Cli.run("check", file, "--as", "def-c.8", "--max-ulps", "NaN").refused("--max-ulps");
    Cli.run("check", file, "--as", "def-c.8", "--max-ulps", "ten").refused("ten");
    Cli.run("check", file, "--as", "def-c.8", "--bogus").refused("--bogus");
    Cli.run("check", file, "--as", "def-c.8", "--json", folder.resolve("no/such/r.json"))
        .refused("r.json", "cannot be written");
    Cli.run("explain", "def-9.9").refused("unknown statement");
    assertTrue(Cli.run("--debug", "explain", "def-9.9").err().lines().count() > 1);
    assertTrue(Cli.run("explain", "def-9.9", "--debug").err().lines().count() > 1);
  }

  @Test
  void jsonIsWrittenWholeOrNotAtAll() throws IOException {
    Path file = mlp(DType.F32, 6, 1, Math.nextUp(12f), 1);
    Path json = folder.resolve("report.json");
    Cli.run("check", file, "--as", "def-c.8", "--max-ulps", 0.5, "--json", json).ended(ExitCode.BUG);
    JsonNode output = new ObjectMapper().readTree(json.toFile()).path("cases").path(0).path("outputs").path(0);
    assertEquals("exceeds", output.path("verdict").textValue());
    assertEquals(1.0, output.path("max_ulps").path(1).doubleValue());
    assertEquals("[1,0]", output.path("worst").path("index").toString());
    Files.delete(json);
    Cli.run("check", file, "--as", "def-b.1", "--json", json).refused("def-b.1");
    assertFalse(Files.exists(json));
    try (var files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void helpTeaches() throws IOException {
    for (String[] words : new String[][] {{"--help"}, {"check", "--help"}}) {
      Cli.run((Object[]) words).ended(ExitCode.DONE).says("Examples:", "Exit codes:", "3  undecided");
    }
    Cli.run("--version").ended(ExitCode.DONE).says("plumbline 0.1.0");
    Cli.run("explain").ended(ExitCode.DONE).says("def-3.1", "lemma-4.4", "phase-three", "def-d.1");
    Cli.run("explain", "def-b.3").ended(ExitCode.DONE).says("w_q: d×d", "plumbline check FILE.npz --as def-b.3");
    Cli.run("explain", "def-3.2").ended(ExitCode.DONE).says("--param height=…", "kernel");
    Cli.run("explain", "lemma-5.4").ended(ExitCode.DONE);
  }

  @Test
  void percentilesAreOrderStatistics() throws IOException {
    // 99 entries of 1 with errors of 0, 1, …, 98 ulps
    double[] y = IntStream.range(0, 99).mapToDouble(k -> 1 + k * 0x1p-23).toArray();
    double[] zero = new double[99];
    double[] one = new double[99];
    Arrays.fill(one, 1);
    List<NpyArray> arrays = new ArrayList<>();
    arrays.add(array("x", DType.F32, new int[] {1, 1}, 1));
    arrays.add(array("w", DType.F32, new int[] {1, 99}, one));
    arrays.add(array("b", DType.F32, new int[] {99}, zero));
    arrays.add(array("y", DType.F32, new int[] {1, 99}, y));
    Path file = write(arrays.toArray(NpyArray[]::new));
    Cli.run("check", file, "--as", "def-c.8").ended(ExitCode.DONE)
        .says("largest error   98 ulp at [0, 98]", "99 %: 98 ulp or less; half: 49 ulp or less");
  }
}
