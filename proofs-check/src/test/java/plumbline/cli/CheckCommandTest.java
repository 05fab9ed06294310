package plumbline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import plumbline.reference.envelope.Model;
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
    DType dtype = DType.valueOf(type);
    Cli.run("check", mlp(dtype, 6, 1, 12, 1), "--as", "def-c.8").ended(ExitCode.DONE)
        .says("y " + dtype.word() + " 2×2: rounding", "envelope        0 of it used", "largest error   0 ulp");
  }

  @Test
  void anErrorIsFoundLocatedAndJudged() throws IOException {
    Path file = mlp(DType.F32, 6, 1, Math.nextUp(12f), 1);
    Cli.run("check", file, "--as", "def-c.8").ended(ExitCode.DONE)
        .says("y float32 2×2: rounding", "largest error   1 ulp at [1, 0]",
            "nearest to it   [1, 0]: file 12.000001, exact 12,");
    file = mlp(DType.F32, 6, 1, 12.0001f, 1);
    Cli.run("check", file, "--as", "def-c.8").ended(ExitCode.BUG).says("y float32 2×2: bug", "left by 1 of 4 entries",
        "worst           [1, 0]: file 12.0001, exact 12, error 0.0001002 of 2.208e-6 allowed");
    // bfloat16 has 16 bits less.
    Cli.run("check", file, "--as", "def-c.8", "--model", "torch-bf16").ended(ExitCode.DONE).says(": rounding");
  }

  @Test
  void theAssumptionsOfTheModelAreSaid() throws IOException {
    Path file = mlp(DType.F32, 6, 1, 12, 1);
    for (Model model : List.of(Model.named("any-f32"), Model.named("torch-cuda-tf32"), Model.named("torch-bf16"))) {
      Cli run = Cli.run("check", file, "--as", "def-c.8", "--model", model.name()).ended(ExitCode.DONE)
          .says("model " + model.name() + ", which assumes\n");
      model.assumptions().forEach(line -> run.says("  " + line + "\n"));
    }
    assertEquals(Cli.run("check", file, "--as", "def-c.8", "--model", "any-f32").out(),
        Cli.run("check", file, "--as", "def-c.8").out());
    Cli.run("check", file, "--as", "def-c.8", "--model", "any-f64")
        .refused("'y' is float32, but model any-f64 stores results in float64");
    Cli.run("check", file, "--as", "def-c.8", "--model", "any-f64", "--model", "ieee-f32").ended(ExitCode.DONE)
        .says("model ieee-f32");
    Cli.run("check", file, "--as", "def-c.8", "--model", "pytorch").refused("no model is called 'pytorch'", "torch-cpu-f32");
    // Results of a float32 implementation may be kept in float64.
    file = mlp(DType.F64, 6, 1, Math.nextUp(12f), 1);
    Cli.run("check", file, "--as", "def-c.8").ended(ExitCode.BUG).says("model any-f64");
    Cli.run("check", file, "--as", "def-c.8", "--model", "any-f32").ended(ExitCode.DONE);
  }

  @Test
  void halfAnUlpIsMeasuredExactly() throws IOException {
    // y of 2049 = 2048 + 1 lies between two float16: an error of half an ulp of 2.
    Path file = write(array("x", DType.F16, new int[] {1, 1}, 2048), array("w", DType.F16, new int[] {1, 1}, 1),
        array("b", DType.F16, new int[] {1}, 1), array("y", DType.F16, new int[] {1, 1}, 2048));
    Cli.run("check", file, "--as", "def-c.8").ended(ExitCode.DONE).says("largest error   0.5 ulp");
  }

  @Test
  void notANumberIsABug() throws IOException {
    Path file = mlp(DType.F32, 6, Double.NaN, 12, 1);
    Cli.run("check", file, "--as", "def-c.8").ended(ExitCode.BUG).says("y float32 2×2: bug",
        "worst           [0, 1]: file NaN, exact 1",
        "1 of 4 entries, the first at [0, 1]", "largest error   0 ulp");
  }

  @Test
  void infinityIsABugWhereTheExactValueIsInRange() throws IOException {
    double large = 60000;
    NpyArray x = array("x", DType.F16, new int[] {1, 1}, large);
    NpyArray b = array("b", DType.F16, new int[] {1}, 0);
    NpyArray y = array("y", DType.F16, new int[] {1, 1}, Double.POSITIVE_INFINITY);
    Path file = write(x, array("w", DType.F16, new int[] {1, 1}, 2), b, y);
    Cli.run("check", file, "--as", "def-c.8").ended(ExitCode.UNDECIDED)
        .says("undecided: the model allows any result, because of", "1 of them the exact value rounds");
    file = write(x, array("w", DType.F16, new int[] {1, 1}, 1), b, y);
    Cli.run("check", file, "--as", "def-c.8").ended(ExitCode.BUG).says("0 of them the exact value rounds");
  }

  @Test
  void precisionThatDoesNotDecideIsSaid() throws IOException {
    double[] z = {0.1, 0.7, -3};
    double sum = Arrays.stream(z).map(Math::exp).sum();
    Path file = write(array("z", DType.F64, new int[] {1, 3}, z),
        array("y", DType.F64, new int[] {1, 3}, Arrays.stream(z).map(v -> Math.exp(v) / sum).toArray()));
    Cli.run("check", file, "--as", "def-b.1", "--max-bits", 53).says("53 bits; more would narrow the errors in ulps", "between 0 and");
    Cli.run("check", file, "--as", "def-b.1").ended(ExitCode.DONE).says(": rounding", "128 bits");
    Cli.run("check", file, "--as", "def-b.1", "--max-bits", 52).refused("--max-bits must be 53 to");
  }

  @Test
  void anEnvelopeAsLargeAsTheValuesIsUndecided() throws IOException {
    // 1 + 2^-23 - 1: any order of summation and any rounding leaves an error as large as the result.
    Path file = write(array("x", DType.F32, new int[] {1, 2}, 1 + 0x1p-23, -1),
        array("w", DType.F32, new int[] {2, 1}, 1, 1),
        array("b", DType.F32, new int[] {1}, 0), array("y", DType.F32, new int[] {1, 1}, 0x1p-23));
    Cli.run("check", file, "--as", "def-c.8").ended(ExitCode.UNDECIDED)
        .says("undecided: the envelope is as large as the values, because of", "1 of 1 entries are undecided");
  }

  /** Two affine maps, one after the other: (3, 5) to (24, 32, 40) to (64, 71). */
  private List<NpyArray> chain() {
    return new ArrayList<>(List.of(array("1.x", DType.F32, new int[] {1, 2}, 3, 5),
        array("1.w", DType.F32, new int[] {2, 3}, 1, 2, 3, 4, 5, 6), array("1.b", DType.F32, new int[] {3}, 1, 1, 1),
        array("2.w", DType.F32, new int[] {3, 2}, 1, 0, 0, 1, 1, 1), array("2.b", DType.F32, new int[] {2}, 0, -1)));
  }

  private Cli chain(List<NpyArray> more, Object... arguments) throws IOException {
    List<NpyArray> all = chain();
    all.addAll(more);
    Object[] words = Stream.concat(Stream.of("check", write(all.toArray(NpyArray[]::new)), "--as", "def-c.8,def-c.8"),
        Arrays.stream(arguments)).toArray();
    return Cli.run(words);
  }

  private static NpyArray first(double... y) {
    return array("1.y", DType.F32, new int[] {1, 3}, y);
  }

  private static NpyArray second(double... y) {
    return array("2.y", DType.F32, new int[] {1, 2}, y);
  }

  @Test
  void chainsAreJudgedEndToEndOrLayerByLayer() throws IOException {
    chain(List.of(second(64, 71))).ended(ExitCode.DONE).says("as 1.def-c.8, 2.def-c.8", "2.y float32 1×2: rounding",
        "not in the file, not checked: 1.y", "largest error   0 ulp");
    chain(List.of(second(64, 72))).ended(ExitCode.BUG).says("2.y float32 1×2: bug", "first layer that breaks: 2.def-c.8");
    chain(List.of(first(24, 32, 40), second(64, 71))).ended(ExitCode.DONE).says("1.y float32 1×3: rounding",
        "2.y float32 1×2: rounding");
    // The second layer is right about what it got, which is wrong.
    chain(List.of(first(24, 33, 40), second(64, 72))).ended(ExitCode.BUG).says("1.y float32 1×3: bug",
        "2.y float32 1×2: rounding",
        "first layer that breaks: 1.def-c.8");
    chain(List.of(first(24, 32, 40), second(64, 72))).ended(ExitCode.BUG).says("1.y float32 1×3: rounding",
        "2.y float32 1×2: bug",
        "first layer that breaks: 2.def-c.8");
    chain(List.of(first(24, 33, 40), second(64, 99))).ended(ExitCode.BUG).says("2.y float32 1×2: bug",
        "first layer that breaks: 1.def-c.8");
    chain(List.of(first(24, 32, 40))).ended(ExitCode.DONE).says("not in the file, not checked: 2.y");
    // What the second layer was given need not be what the first returned.
    chain(List.of(array("2.x", DType.F32, new int[] {1, 3}, 1, 1, 1), first(24, 32, 40), second(2, 1))).ended(ExitCode.DONE);
    chain(List.of(first(24, Double.NaN, 40), second(64, 71))).ended(ExitCode.BUG)
        .says("1.y float32 1×3: bug", "not checked: 2.def-c.8, whose input is not finite",
            "first layer that breaks: 1.def-c.8");
    Path json = folder.resolve("chain.json");
    chain(List.of(first(24, 33, 40), second(64, 72)), "--json", json).ended(ExitCode.BUG);
    JsonNode report = new ObjectMapper().readTree(json.toFile()).path("cases").path(0);
    assertEquals("1.def-c.8", report.path("first_bug").textValue());
    assertEquals("def-c.8,def-c.8", report.path("statement").textValue());
  }

  @Test
  void chainsThatDoNotFitAreOneLine() throws IOException {
    chain(List.of()).refused("no output to check: expected 2.y");
    chain(List.of(second(64, 71), array("x", DType.F32, new int[] {1}, 1))).refused("tensor 'x' belongs to no layer",
        "1.NAME to 2.NAME");
    chain(List.of(second(64, 71), array("3.x", DType.F32, new int[] {1}, 1))).refused("tensor '3.x' belongs to no layer");
    chain(List.of(second(64, 71)), "--param", "epsilon=1").refused("parameter 'epsilon' belongs to no layer");
    chain(List.of(second(64, 71)), "--param", "2.epsilon=1").refused("unknown parameter \"epsilon\"");
    chain(List.of(array("2.y", DType.F32, new int[] {2, 1}, 64, 71))).refused("y must be n×d = 1×2, got 2×1");
    chain(List.of(array("2.x", DType.F32, new int[] {1, 2}, 1, 1), second(64, 71))).refused("w must be c×d", "got 3×2");
    Path file = write(chain().toArray(NpyArray[]::new));
    Cli.run("check", file, "--as", "def-c.8,").refused("unknown statement ''");
    Cli.run("check", file, "--as", "def-c.8,def-c.88").refused("unknown statement 'def-c.88'");
  }

  @Test
  void theLayersOfTheCodeOfVarAreRounding() {
    Path cases = Cli.torchCases().resolveSibling("var");
    Cli.run("check", cases.resolve("self_attention.npz"), "--as", "var.self-attention").ended(ExitCode.DONE)
        .says("y float32 1×30×64: rounding");
    Cli.run("check", cases.resolve("ffn_gelu.npz"), "--as", "var.ffn").ended(ExitCode.DONE)
        .says("y float32 1×30×64: rounding");
    Cli.run("check", cases.resolve("phi.npz"), "--as", "var.phi").ended(ExitCode.DONE)
        .says("up float32 1×8×16×16: rounding", "y float32 1×8×16×16: rounding");
    Cli.run("check", cases.resolve("adaln_block.npz"), "--as", "var.adaln-block").ended(ExitCode.DONE)
        .says("y float32 1×30×64: rounding");
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
    bytes = Files.readAllBytes(mlp(DType.F32, 6, 1, 12, 1));
    int directory = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 24, 1 << 30);
    Path bomb = Files.write(folder.resolve("bomb.npz"), bytes);
    Cli.run("check", bomb, "--as", "def-c.8").refused("bomb.npz", "unpack to 1073741824");
    for (double value : new double[] {Double.NEGATIVE_INFINITY, Double.NaN}) {
      Cli.run("check", write(array("x", DType.F32, new int[] {1, 1}, 1), array("w", DType.F32, new int[] {1, 1}, value),
          array("b", DType.F32, new int[] {1}, 1), array("y", DType.F32, new int[] {1, 1}, 2)), "--as", "def-c.8")
          .refused("tensor 'w' at [0, 0]", "must be finite");
    }
    Cli.run("check", folder).refused("without an index.json");
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
    Cli.run("check", file, "--as", "def-c.8", "--bogus").refused("--bogus");
    Cli.run("check", file, "--as", "def-c.8", "--json", folder.resolve("no/such/r.json"))
        .refused("r.json", "cannot be written");
    Cli.run("explain", "def-9.9").refused("unknown statement");
    assertTrue(Cli.run("--debug", "explain", "def-9.9").err().lines().count() > 1);
    assertTrue(Cli.run("explain", "def-9.9", "--debug").err().lines().count() > 1);
  }

  @Test
  void jsonIsWrittenWholeOrNotAtAll() throws IOException {
    Path file = mlp(DType.F32, 6, 1, 12.5, 1);
    Path json = folder.resolve("report.json");
    Cli.run("check", file, "--as", "def-c.8", "--json", json).ended(ExitCode.BUG);
    JsonNode check = new ObjectMapper().readTree(json.toFile()).path("cases").path(0);
    JsonNode output = check.path("outputs").path(0);
    assertEquals("bug", output.path("verdict").textValue());
    assertEquals("any-f32", output.path("model").textValue());
    assertEquals(Model.named("any-f32").assumptions().size(), check.path("models").path("any-f32").size());
    assertEquals("{\"rounding\":3,\"bug\":1,\"undecided\":0}", output.path("entries").toString());
    assertTrue(output.path("share").path(0).doubleValue() > 1);
    assertEquals(4, output.path("worst_entries").size());
    assertEquals("[1,0]", output.path("worst_entries").path(0).path("index").toString());
    assertEquals("12", output.path("worst_entries").path(0).path("exact").textValue());
    assertEquals(0.5, output.path("worst_entries").path(0).path("error").path(1).doubleValue());
    assertEquals(0.5 * 0x1p20, output.path("max_ulps").path(1).doubleValue());
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
    Cli.run("check", "--help").says("torch-cpu-f32", "ieee-f64");
    Cli.run("explain").says("var.phi");
    Cli.run("explain", "var.phi").ended(ExitCode.DONE).says("no statement of the paper", "conv_weight: c×c×3×3",
        "plumbline check FILE.npz --as var.phi");
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
    Cli.run("check", file, "--as", "def-c.8").ended(ExitCode.BUG)
        .says("largest error   98 ulp at [0, 98]", "99 %: 98 ulp or less; half: 49 ulp or less");
  }
}
