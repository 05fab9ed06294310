package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs javac with the build's two checkers on a kernel with mistakes, each on a line marked REJECT. */
class RoundingCheckerTest {
  private static final String SNIPPET = """
      package plumbline.reference.number;

      import plumbline.spec.rounding.Down;
      import plumbline.spec.rounding.Up;

      final class Snippet {
        static @Up double[] radii(double a, double b, double plain, @Up double up, @Down double down, double[] others) {
          @Up double[] rad = new @Up double[4];
          rad[0] = a + b; // REJECT
          rad[1] = plain; // REJECT
          rad[2] = up * 2; // REJECT
          rad[3] = down; // REJECT
          rad[0] = -down; // REJECT
          rad[1] = Math.max(a, b); // REJECT
          rad[2] = Directed.addDown(a, b); // REJECT
          rad[3] = others[0]; // REJECT
          rad[0] += up; // REJECT
          rad[0] = Directed.addUp(a, b);
          rad[1] = up;
          rad[2] = 0;
          rad[3] = Directed.mulUp(up, 2) > up ? Directed.mulUp(up, 2) : up;
          return rad;
        }

        static @Down double lower(double a, double b) {
          @Down double low = Directed.subDown(a, b);
          low = Rounding.up(org.apache.commons.math3.fraction.BigFraction.ONE); // REJECT
          low = Rounding.down(org.apache.commons.math3.fraction.BigFraction.ONE);
          return low;
        }

        static @Up double plainResult(double a) {
          return a * a; // REJECT
        }

        static Ball53Matrix plainRadius(double[] mid, double[] plain) {
          return Ball53Matrix.normal(1, 1, mid, plain); // REJECT
        }
      }
      """;

  @Test
  void whatIsNotDirectedDoesNotCompile(@TempDir Path directory) throws IOException, InterruptedException {
    Path source = directory.resolve("Snippet.java");
    Files.writeString(source, SNIPPET);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
    for (String flag : Files.readAllLines(root().resolve(".mvn").resolve("jvm.config"))) {
      command.add("-J" + flag);
    }
    command.addAll(List.of("-encoding", "UTF-8", "-J-Duser.language=en", "-d", directory.toString(),
        "-cp", System.getProperty("java.class.path"), "-Xmaxerrs", "1000", "-processor",
        "org.checkerframework.checker.nullness.NullnessChecker,plumbline.spec.rounding.RoundingChecker", source.toString()));
    Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(javac.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, javac.waitFor(), output);

    TreeSet<Integer> rejected = new TreeSet<>();
    Matcher error = Pattern.compile("Snippet\\.java:(\\d+): error: \\[").matcher(output);
    while (error.find()) {
      rejected.add(Integer.valueOf(error.group(1)));
    }
    TreeSet<Integer> expected = new TreeSet<>();
    String[] lines = SNIPPET.split("\n");
    for (int line = 0; line < lines.length; line++) {
      if (lines[line].endsWith("// REJECT")) {
        expected.add(line + 1);
      }
    }
    assertEquals(expected, rejected, output);
  }

  /** The folder with {@code spec} and {@code pom.xml}, from the working directory upwards. */
  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !(Files.isDirectory(folder.resolve("spec")) && Files.exists(folder.resolve("pom.xml")))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("no repository root above " + Path.of("").toAbsolutePath());
    }
    return folder;
  }
}
