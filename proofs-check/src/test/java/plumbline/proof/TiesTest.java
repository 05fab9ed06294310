package plumbline.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plumbline.reference.io.InputException;
import plumbline.spec.paper.Paper;

class TiesTest {

  private static Ties read(String yaml) {
    return Ties.read(yaml, Paper.load());
  }

  @Test
  void whatIsMissingKeepsAReadingFromBeingSettled() {
    Ties ties = read(TinyProject.TIES);
    assertTrue(ties.readings().get(0).settles());
    assertFalse(ties.readings().get(1).settles());
    assertEquals("[B.decided, B.twice_equal, B.twice_two]", ties.theorems().toString());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "fact-a.1,|fact-a.9,|fact-a.9, literal: no such statement",
      "reading: literal|reading: other|fact-a.1, other: no such reading",
      "role: proves|role: shows|theorems.yaml: ",
      "says: Both.|says: ''|'says' is empty",
      "missing: The rest.|missing: ''|'missing' is empty",
      "missing: The rest.|mising: The rest.|theorems.yaml: ",
      "[B.decided]|[]|no theorems",
      "[B.decided]|[decided]|expected a theorem as File.name, found 'decided'",
      "fact-a.1, reading: literal, role: proves|fact-a.1, reading: literal|theorems.yaml: ",
      "role: proves, theorems: [B.decided]|role: supports, theorems: [B.decided]|what only supports has nothing missing",
      "number.Ball,|number.Bell,|plumbline.reference.number.Bell: no such class",
  })
  void whatIsNotAsItShouldBeIsRefused(String old, String with, String message) {
    String yaml = TinyProject.TIES.replaceFirst(java.util.regex.Pattern.quote(old), with);
    assertFalse(yaml.equals(TinyProject.TIES));
    String said = assertThrows(InputException.class, () -> read(yaml)).getMessage();
    assertTrue(said.contains(message), said);
  }

  @Test
  void aReadingIsSettledOnce() {
    String yaml = TinyProject.TIES.replace("fact-a.2", "fact-a.1").replace(", missing: The rest.", "");
    assertTrue(assertThrows(InputException.class, () -> read(yaml)).getMessage().contains("fact-a.1, literal: settled twice"));
  }

  /** The Javadoc of a kernel names what it rests on, under the names that the proofs have now. */
  @Test
  void kernelsNameTheirTheorems() throws IOException {
    Ties ties = read(Files.readString(Path.of("coq", Ties.FILE)));
    assertFalse(ties.kernels().isEmpty());
    for (KernelTie tie : ties.kernels()) {
      Path source = Path.of("../reference/src/main/java", tie.kernel().replace('.', '/') + ".java");
      String javadoc = Files.readString(source).split("\nfinal class |\npublic final class ", 2)[0];
      for (String theorem : tie.theorems()) {
        assertTrue(Pattern.compile(Pattern.quote(theorem) + "\\b").matcher(javadoc).find(), source + " does not name " + theorem);
      }
    }
  }
}
