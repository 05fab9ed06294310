package plumbline.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;

/** The layers return what Coq proves of its own definitions of them. */
class CoqExamplesTest {
  private static final Path FILE = Path.of("coq", "Examples.v");

  /** Writes the file instead where {@code -Dplumbline.examples=write} is given; Coq has to accept it then. */
  @Test
  void theTheoremsAreAboutWhatTheLayersReturn() throws IOException {
    if (System.getProperty("plumbline.examples", "").equals("write")) {
      Files.writeString(FILE, CoqExamples.text());
    }
    assertEquals(CoqExamples.text(), Files.readString(FILE));
  }

  @Test
  void theFileIsCompiledAndNamesDiffer() throws IOException {
    assertTrue(Files.readAllLines(Path.of("coq", "_CoqProject")).contains("Examples.v"));
    Set<String> names = new HashSet<>();
    CoqExamples.all().forEach(example -> assertTrue(names.add(example.name()), example.name()));
  }

  /** At 53 bits an enclosure may be wider than the interval that Coq proves; from 128 bits on it lies within. */
  @Test
  void enclosuresMeetTheIntervalsThatCoqProves() {
    int enclosed = 0;
    for (CoqExamples.Example example : CoqExamples.all()) {
      if (!example.exact()) {
        meets(example, Ball53.INSTANCE, false);
        meets(example, Ball.of(128), true);
        meets(example, Ball.of(256), true);
        enclosed++;
      }
    }
    assertTrue(enclosed > 0);
  }

  private static <M extends Certified<M>> void meets(
      CoqExamples.Example example, CertifiedSystem<M> system, boolean within) {
    ExactMatrix centres = example.stated();
    M y = example.layer().apply(system.lift(example.input()));
    assertEquals(centres.rows(), y.rows());
    assertEquals(centres.columns(), y.columns());
    for (int i = 0; i < y.rows(); i++) {
      for (int j = 0; j < y.columns(); j++) {
        BigFraction centre = centres.get(i, j);
        Interval proved = new Interval(centre.subtract(CoqExamples.RADIUS), centre.add(CoqExamples.RADIUS));
        Interval found = y.enclosure(i, j);
        String where = example.name() + ", " + system.name() + ", entry " + i + ", " + j;
        assertTrue(found.isFinite() && proved.intersects(found), where);
        assertTrue(!within || proved.contains(found), where);
      }
    }
  }
}
