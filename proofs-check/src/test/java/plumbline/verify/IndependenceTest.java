package plumbline.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The checker is small and shares nothing with what it checks. */
class IndependenceTest {
  private static List<Path> sources() throws IOException {
    Path folder = Path.of("src/main/java/plumbline/verify");
    Path here = Files.isDirectory(folder) ? folder : Path.of("proofs-check").resolve(folder);
    try (Stream<Path> files = Files.walk(here)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void theCheckerHasLessThan600Lines() throws IOException {
    int lines = 0;
    for (Path source : sources()) {
      lines += Files.readAllLines(source).size();
    }
    assertTrue(lines > 100 && lines < 600, "lines: " + lines);
  }

  @Test
  void theCheckerUsesJavaAndJacksonAlone() throws IOException {
    Pattern name = Pattern.compile("\\b(?:[a-z][a-z0-9]*\\.){2,}[A-Z]\\w*|plumbline\\.\\w+");
    List<String> foreign = new ArrayList<>();
    for (Path source : sources()) {
      String text = Files.readString(source);
      assertFalse(text.contains("Class.forName"), source.toString());
      Matcher matcher = name.matcher(text);
      while (matcher.find()) {
        if (!matcher.group().matches("(java\\.|com\\.fasterxml\\.jackson\\.|plumbline\\.verify\\b).*")) {
          foreign.add(source.getFileName() + " " + matcher.group());
        }
      }
    }
    assertEquals(List.of(), foreign);
  }
}
