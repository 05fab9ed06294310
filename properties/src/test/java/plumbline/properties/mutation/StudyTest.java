package plumbline.properties.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import plumbline.properties.mutation.Study.Case;
import plumbline.properties.mutation.Study.Extent;
import plumbline.properties.mutation.Study.Outcome;
import plumbline.reference.conformance.Ruling;
import plumbline.reference.envelope.Model;
import plumbline.reference.number.Ball53;
import plumbline.reference.operator.Tensor;

class StudyTest {
  private static final Model MODEL = Model.named("any-f32");

  /** Red if an envelope is too small anywhere, or so large that a bug hides in it. */
  @Test
  void everyBugIsProvedAndNoHonestImplementationIsOne() throws InterruptedException {
    StudyReport report = new Study(MODEL).run(Extent.SMALL, Study.layers(), new Study.Watcher() {});
    assertEquals(List.of(), report.falseAlarms());
    assertEquals(List.of(), report.missed());
    for (Subject layer : Subjects.all()) {
      assertTrue(report.honest(layer.name()).judged() >= 8 * 3 * 3, layer.name());
      List<StudyReport.Row> bugs = report.rows().stream().filter(row -> row.layer().equals(layer.name())).toList();
      assertTrue(bugs.size() >= 12, layer.name());
      for (StudyReport.Row bug : bugs) {
        int judged = bug.cells().values().stream().mapToInt(cell -> cell.whole().judged()).sum();
        assertTrue(judged > 0, layer + ": " + bug.bug() + " changes nothing");
        if (bug.severity().equals("gross")) {
          bug.cells().forEach((size, cell) ->
              assertEquals(cell.whole().judged(), cell.whole().bugs(), layer + ": " + bug.bug() + " " + size));
        }
      }
      // Of honest results within ordinary and one-hot inputs the envelope must say something.
      for (Case c : Study.cases(Extent.SMALL, List.of(layer))) {
        if (c.position() == 0 && c.kind() != Kind.HOSTILE) {
          for (Outcome outcome : new Study(MODEL).run(c)) {
            assertTrue(outcome.bug() != null || (outcome.whole() == Ruling.ROUNDING && outcome.staged() == Ruling.ROUNDING),
                c + ", " + outcome.name());
          }
        }
      }
    }
  }

  /** The study itself is tested: envelopes a thousand times too small accuse honest ones, and too large ones hide bugs. */
  @Test
  void wrongEnvelopesAreSeen() {
    for (Subject layer : Subjects.all()) {
      StudyReport small = new StudyReport(MODEL, List.of(layer));
      StudyReport large = new StudyReport(MODEL, List.of(layer));
      for (Case c : Study.cases(Extent.SMALL, List.of(layer))) {
        if (c.position() == 1) {
          small.add(c, new Study(MODEL, 1e-3).run(c));
          large.add(c, new Study(MODEL, 1e3).run(c));
        }
      }
      assertTrue(!small.falseAlarms().isEmpty(), layer.name());
      assertEquals(List.of(), large.falseAlarms());
      assertTrue(!large.missed().isEmpty(), layer.name());
    }
  }

  @Test
  void honestImplementationsComputeTheLayer() {
    Set<String> names = new HashSet<>();
    for (Subject layer : Subjects.all()) {
      assertTrue(names.add(layer.name()));
      Set<String> bugs = new TreeSet<>();
      layer.mutants().forEach(mutant -> assertTrue(bugs.add(mutant.name()), layer + " has two bugs " + mutant.name()));
      for (Subject.Size size : layer.sizes().subList(0, 2)) {
        Tensors inputs = layer.inputs(size, Kind.ORDINARY, new Random(1));
        Map<String, Tensor> exact = new HashMap<>();
        inputs.all().forEach((name, tensor) -> exact.put(name, tensor.exact()));
        double[] expected = Objects.requireNonNull(
            layer.operator().evaluate(Ball53.INSTANCE, exact, layer.parameters(size)).get("y")).midpoints();
        for (Style style : Style.HONEST) {
          FloatTensor y = layer.implementation(style).run(inputs).get("y");
          assertEquals(expected.length, y.size());
          for (int e = 0; e < expected.length; e++) {
            assertEquals(expected[e], y.values()[e], 1e-4 * Math.max(1, Math.abs(expected[e])),
                layer + " " + style.name() + " entry " + e);
          }
        }
      }
    }
  }

  /** What does not depend on a bug is not computed again, and that changes nothing. */
  @Test
  void knownStagesAreReused() {
    for (Subject layer : Subjects.all()) {
      Tensors inputs = layer.inputs(layer.sizes().get(1), Kind.ORDINARY, new Random(2));
      Implementation plain = layer.implementation(Style.PLAIN);
      Tensors known = plain.run(inputs);
      for (Mutant mutant : layer.mutants()) {
        Implementation planted = mutant.change().apply(plain);
        Tensors all = planted.run(inputs);
        planted.run(inputs, known).all().forEach((name, tensor) ->
            assertTrue(tensor.same(all.get(name)), layer + ": " + mutant.name() + ", " + name));
        plain.run(inputs).all().forEach((name, tensor) ->
            assertTrue(tensor.same(known.get(name)), layer + ": " + mutant.name() + " spoils " + name));
      }
    }
  }

  @Test
  void unknownLayersAreRefused() {
    assertThrows(IllegalArgumentException.class,
        () -> new Study(MODEL).run(Extent.SMALL, List.of("pooling"), new Study.Watcher() {}));
  }
}
