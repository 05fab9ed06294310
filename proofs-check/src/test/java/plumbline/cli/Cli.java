package plumbline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/** What a run of the command line printed and returned. */
record Cli(int code, String out, String err) {

  static Cli run(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    int code = Main.run(words, new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Cli(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The run ended with this code and nothing on standard error. */
  Cli ended(int expected) {
    assertEquals(expected, code, this::toString);
    assertEquals("", err);
    return this;
  }

  /** The run was refused: exit code 2, nothing on standard output, one line on standard error that says all of this. */
  void refused(String... parts) {
    assertEquals(ExitCode.BAD_INPUT, code, this::toString);
    assertEquals("", out);
    assertEquals(1, err.lines().count(), err);
    assertTrue(err.startsWith("plumbline: "), err);
    for (String part : parts) {
      assertTrue(err.contains(part), err + "  does not say: " + part);
    }
  }

  Cli says(String... parts) {
    for (String part : parts) {
      assertTrue(out.contains(part), out + "  does not say: " + part);
    }
    return this;
  }

  /** The folder of cases that PyTorch wrote; the test is skipped where there is none. */
  static Path torchCases() {
    Path root = Path.of("").toAbsolutePath();
    while (root != null && !(Files.isDirectory(root.resolve("spec")) && Files.isRegularFile(root.resolve("pom.xml")))) {
      root = root.getParent();
    }
    for (Path folder = root; folder != null; folder = folder.getParent()) {
      Path cases = folder.resolveSibling("shared").resolve("peers").resolve("torch");
      if (Files.isRegularFile(cases.resolve("index.json"))) {
        return cases;
      }
    }
    String skipped = "SKIPPED: PyTorch's cases are not there (expected ../shared/peers/torch beside the repository)";
    System.err.println(skipped);
    Assumptions.abort(skipped);
    throw new AssertionError();
  }
}
