package plumbline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plumbline.reference.operator.Operators;

class VectorsCommandTest {
  @TempDir
  Path folder;

  @Test
  void aFileForEachStatementAndTheSchema() throws IOException {
    Path out = folder.resolve("made").resolve("here");
    Cli.run("vectors", "--out", out).ended(ExitCode.DONE).says(" vectors of " + Operators.all().size() + " statements in ");
    try (Stream<Path> files = Files.list(out)) {
      assertEquals(Stream.concat(Operators.all().stream().map(operator -> operator.id() + ".json"), Stream.of("vectors.schema.json"))
          .collect(Collectors.toSet()), files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
    }
  }

  @Test
  void onlySomeStatements() {
    Cli.run("vectors", "--out", folder, "--only", "def-b.1", "def-c.9").ended(ExitCode.DONE).says("of 2 statements in");
    assertTrue(Files.exists(folder.resolve("def-c.9.json")));
    Cli.run("vectors", "--out", folder, "--only", "lemma-5.4").refused("lemma-5.4", "def-b.3");
    Cli.run("vectors", "--out", folder, "--only", "lemma-9.9").refused("lemma-9.9");
    Cli.run("vectors").refused("--out");
  }

  @Test
  void aPlaceThatCannotBeWrittenIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Cli.run("vectors", "--out", file, "--only", "def-b.1").refused("file");
  }

  /** The NumPy script of the README accepts NumPy's own layers, and rejects a softmax that overflows. */
  @Test
  void theScriptOfTheReadmeRuns() throws Exception {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("README.md"))) {
      root = root.getParent();
    }
    Matcher found = Pattern.compile("## Golden vectors.*?```python\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(root.resolve("README.md")));
    assertTrue(found.find());
    String script = found.group(1);
    assertTrue(script.lines().count() <= 40);
    String naive = script.replace("z - z.max(axis=1, keepdims=True)", "z");
    assertTrue(!naive.equals(script));
    if (python("-c", "import numpy").code != 0) {
      String skipped = "SKIPPED: the NumPy script of the README did not run, there is no python3 with numpy";
      System.err.println(skipped);
      Assumptions.abort(skipped);
    }
    Cli.run("vectors", "--out", folder, "--only", "def-b.1", "def-c.9").ended(ExitCode.DONE);
    Ended honest = python(Files.writeString(folder.resolve("honest.py"), script).toString(), folder.toString());
    assertEquals(0, honest.code, honest.out);
    assertEquals(16, honest.out.lines().filter(line -> line.startsWith("passed ")).count(), honest.out);
    Ended buggy = python("-W", "ignore", Files.writeString(folder.resolve("naive.py"), naive).toString(), folder.toString());
    assertEquals(1, buggy.code, buggy.out);
    assertTrue(buggy.out.contains("FAILED: def-b.1/large-scores"), buggy.out);
  }

  private record Ended(int code, String out) {}

  /** Runs python3; a missing one ends with code −1. */
  private Ended python(String... arguments) throws InterruptedException {
    try {
      Path out = folder.resolve("out.txt");
      Process process = new ProcessBuilder(Stream.concat(Stream.of("python3"), Stream.of(arguments)).toList())
          .redirectErrorStream(true).redirectOutput(out.toFile()).start();
      int code = process.waitFor();
      return new Ended(code, Files.readString(out, StandardCharsets.UTF_8));
    } catch (IOException missing) {
      return new Ended(-1, missing.toString());
    }
  }
}
