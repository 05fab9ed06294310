package plumbline.spec.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class PaperReaderTest {

  private static final String GOOD = """
      paper: {title: T, authors: A, arxiv: "1", version: v1, date: D, later-title: L, later-venue: V}
      notation:
        - {formula: x, text: a number}
      bibliography:
        - {key: "42", authors: A, title: T, venue: V, arxiv: "2"}
      statements:
        - id: def-3.1
          kind: definition
          title: First
          formula: x = 1
          hypotheses: [one, two]
          text: It is one.
          reconstructed:
            - {what: the one, why: it was lost}
          readings:
            - id: literal
              text: As it stands.
              default: It is plain.
              parameters:
                - {name: a, values: [p, q], default: p, text: a choice}
            - {id: other, text: Another., formula: x = 2}
          references: [rem-3.5]
          sources: [section 3, "[42] Lemma 1"]
          remarks: []
        - id: rem-3.5
          kind: remark
          title: Second
          formula: x = 1
          hypotheses: []
          text: It is one.
          reconstructed: []
          readings:
            - {id: literal, text: As it stands., default: It is plain.}
          references: []
          sources: [section 3]
          remarks: [a remark]
          unchecked: nothing checks it
      """;

  @Test
  void readsEveryField() {
    Paper paper = PaperReader.read(GOOD);
    assertEquals(new Publication("T", "A", "1", "v1", "D", "L", "V"), paper.publication());
    assertEquals(List.of(new Notation("x", "a number")), paper.notation());
    assertEquals(List.of(new Reference("42", "A", "T", "V", "2")), paper.bibliography());
    Statement first = paper.statement("def-3.1");
    assertEquals(List.of(first, paper.statement("rem-3.5")), paper.statements());
    assertEquals(Kind.DEFINITION, first.kind());
    assertEquals("First", first.title());
    assertEquals("x = 1", first.formula());
    assertEquals(List.of("one", "two"), first.hypotheses());
    assertEquals("It is one.", first.text());
    assertEquals(List.of(new Reconstruction("the one", "it was lost")), first.reconstructed());
    assertEquals("literal", first.defaultReading().id());
    assertEquals(Optional.of("It is plain."), first.defaultReading().whyDefault());
    assertEquals(List.of(new Parameter("a", List.of("p", "q"), "p", "a choice")), first.defaultReading().parameters());
    assertEquals(Optional.of("x = 2"), first.reading("other").orElseThrow().formula());
    assertEquals(List.of("rem-3.5"), first.references());
    assertEquals(List.of("section 3", "[42] Lemma 1"), first.sources());
    assertEquals(Optional.empty(), first.unchecked());
    assertEquals(List.of("a remark"), paper.statement("rem-3.5").remarks());
    assertEquals(Optional.of("nothing checks it"), paper.statement("rem-3.5").unchecked());
  }

  static List<Arguments> faults() {
    return List.of(
        fault("title: First", "title: First\n    colour: red", "def-3.1: unknown field 'colour'"),
        fault("title: Second\n    ", "", "rem-3.5: missing field 'title'"),
        fault("remarks: []", "", "def-3.1: missing field 'remarks'"),
        fault("title: First", "title: ' '", "def-3.1: 'title' must be non-empty text"),
        fault("title: First", "title: 3.1", "def-3.1: 'title' must be non-empty text"),
        fault("title: First", "title:", "def-3.1: 'title' must be non-empty text"),
        fault("hypotheses: [one, two]", "hypotheses: one", "def-3.1: 'hypotheses' must be a list"),
        fault("hypotheses: [one, two]", "hypotheses: [one, [two]]", "def-3.1: 'hypotheses' must be non-empty text"),
        fault("id: rem-3.5\n    kind: remark", "id: def-3.1\n    kind: definition", "def-3.1: duplicate id"),
        fault("title: First", "title: First\n    title: Twice", "Duplicate"),
        fault("kind: remark", "kind: rumour", "rem-3.5: unknown kind 'rumour'"),
        fault("kind: remark", "kind: lemma", "rem-3.5: not the id of a lemma"),
        fault("kind: remark", "kind: phase", "rem-3.5: not the id of a phase"),
        fault("id: def-3.1", "id: def-9.1", "def-9.1: not the id of a definition"),
        fault("references: [rem-3.5]", "references: [rem-3.7]", "def-3.1: dangling reference 'rem-3.7'"),
        fault("references: [rem-3.5]", "references: [def-3.1]", "def-3.1: dangling reference 'def-3.1'"),
        fault("references: [rem-3.5]", "references: [rem-3.5, rem-3.5]", "def-3.1: duplicate reference 'rem-3.5'"),
        fault("[42] Lemma 1", "[43] Lemma 1", "def-3.1: source [43] is not in the bibliography"),
        fault("sources: [section 3]", "sources: []", "rem-3.5: 'sources' is empty"),
        fault("id: other, text: Another.", "id: other, text: Another., default: So.",
            "def-3.1: two default readings, 'literal' and 'other'"),
        fault("default: It is plain.\n        ", "", "def-3.1: no default reading"),
        fault("default: It is plain.\n", "default: true\n", "def-3.1, reading literal: 'default' must be non-empty text"),
        fault("- {id: literal, text: As it stands., default: It is plain.}", "[]", "rem-3.5: no default reading"),
        fault("id: other", "id: literal", "def-3.1, reading literal: duplicate reading"),
        fault("id: other", "id: An Other", "def-3.1, reading An Other: not a reading's id"),
        fault("formula: x = 2}", "formel: x = 2}", "def-3.1, reading other: unknown field 'formel'"),
        fault("default: p,", "default: r,",
            "def-3.1, reading literal: the default of parameter 'a' is not one of its values"),
        fault("default: p,", "", "def-3.1, reading literal: the default of parameter 'a' is not one of its values"),
        fault("why: it was lost", "who: me", "item 1 of 'reconstructed': missing field 'why'"),
        fault("- {formula: x, text: a number}", "- {formula: x, text: a number, more: 1}",
            "item 1 of 'notation': unknown field 'more'"),
        fault("- {key: \"42\"", "- {key: \"42\", authors: A, title: T, venue: V, arxiv: \"2\"}\n  - {key: \"42\"",
            "duplicate key '42'"),
        fault("notation:", "notes: []\nnotation:", "paper.yaml: unknown field 'notes'"),
        fault("version: v1", "version: 1", "paper: 'version' must be non-empty text"),
        fault("statements:", "statements: {", "paper.yaml: "),
        fault(GOOD, "", "paper.yaml: expected a mapping"),
        fault(GOOD, "- a\n- b\n", "paper.yaml: expected a mapping"));
  }

  private static Arguments fault(String part, String replacement, String message) {
    return Arguments.of(part, replacement, message);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void faultsNameTheEntry(String part, String replacement, String message) {
    assertTrue(GOOD.contains(part), "the good specification has no " + part);
    int at = GOOD.indexOf(part);
    String broken = GOOD.substring(0, at) + replacement + GOOD.substring(at + part.length());
    SpecificationException e = assertThrows(SpecificationException.class, () -> PaperReader.read(broken));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }
}
