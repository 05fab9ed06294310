package plumbline.spec.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExplanationTest {
  private final Paper paper = Paper.load();

  @Test
  void explainsTheWholeStatement() {
    for (Statement statement : paper.statements()) {
      String text = new Explanation(paper, 100).of(statement);
      String flat = flat(text);
      assertTrue(flat.startsWith(statement.label() + " (" + statement.id() + "): " + statement.title()), text);
      Stream.of(List.of(statement.text()), statement.hypotheses(), statement.remarks(), statement.sources())
          .flatMap(List::stream)
          .forEach(part -> assertTrue(flat.contains(flat(part)), () -> statement.id() + " lacks: " + part));
      statement.formula().lines().forEach(line -> assertTrue(text.contains("\n  " + line.stripTrailing() + "\n"), line));
      for (Reading reading : statement.readings()) {
        assertTrue(flat.contains("- " + reading.id() + (reading.isDefault() ? " (default): " : ": ") + flat(reading.text())),
            reading.id());
        reading.whyDefault().ifPresent(why -> assertTrue(flat.contains("Default because: " + flat(why)), why));
        reading.formula().ifPresent(f -> assertTrue(flat.contains(flat(f)), f));
        reading.parameters().forEach(p -> assertTrue(flat.contains("Parameter " + p.name()), p.name()));
      }
      statement.proof().forEach(step -> assertTrue(flat.contains(flat(step.text()) + " " + flat(step.formula())), step.text()));
      statement.reconstructed().forEach(r ->
          assertTrue(flat.contains("- " + flat(r.what()) + ". Why: " + flat(r.why())), r.what()));
      statement.references().forEach(id ->
          assertTrue(flat.contains("- " + id + ", " + paper.statement(id).title()), id));
      assertTrue(text.endsWith("\n") && !text.endsWith("\n\n"));
    }
  }

  @Test
  void namesTheCitedWorksInFull() {
    String text = flat(new Explanation(paper, 80).of(paper.statement("lemma-4.4")));
    assertTrue(text.contains("- [42] Lemma 2.2"), text);
    assertTrue(text.contains("[42] Jerry Yao-Chieh Hu"), text);
    assertTrue(text.contains("[51] Tokio Kajitsuka"), text);
    assertFalse(text.contains("[110] Chulhee Yun"), text);
  }

  @Test
  void saysWhyNothingChecksAStatement() {
    Statement checked = paper.statement("fact-a.1");
    Statement unchecked = new Statement("fact-a.1", Kind.FACT, "T", "x", List.of(), "Text.", List.of(), checked.readings(),
        checked.defaultReading(), List.of(), List.of("appendix A"), List.of(), List.of(), "it waits for a proof");
    assertTrue(flat(new Explanation(paper, 80).of(unchecked)).contains("Not checked yet - it waits for a proof"));
    assertFalse(new Explanation(paper, 80).of(checked).contains("Not checked yet"));
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 72, 100, 120})
  void wrapsAllButFormulas(int width) {
    for (Statement statement : paper.statements()) {
      Set<String> formulaLines = Stream.of(Stream.of(statement.formula()),
              statement.readings().stream().flatMap(r -> r.formula().stream()),
              statement.proof().stream().map(ProofStep::formula))
          .flatMap(formulas -> formulas).flatMap(String::lines).map(String::strip).collect(Collectors.toSet());
      new Explanation(paper, width).of(statement).lines().filter(line -> !formulaLines.contains(line.strip()))
          .forEach(line -> assertTrue(line.codePointCount(0, line.length()) <= width && line.equals(line.stripTrailing()),
              statement.id() + ": " + line));
    }
  }

  @Test
  void widthChangesNothingButLineBreaks() {
    for (Statement statement : paper.statements()) {
      assertEquals(flat(new Explanation(paper, 40).of(statement)), flat(new Explanation(paper, 1000).of(statement)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 39})
  void narrowWidthsAreTheNarrowestAllowed(int width) {
    Statement statement = paper.statement("def-3.2");
    assertEquals(new Explanation(paper, Explanation.MIN_WIDTH).of(statement), new Explanation(paper, width).of(statement));
  }

  @Test
  void listsOneLinePerStatement() {
    List<String> lines = new Explanation(paper, 80).list().lines().toList();
    assertEquals(47, lines.size());
    assertEquals("def-3.1      Definition 3.1: Bicubic spline kernel", lines.get(0));
    assertTrue(lines.contains("phase-three  Phase three: VQ-VAE decoder"));
  }

  private static String flat(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
