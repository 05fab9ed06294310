package plumbline.spec.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PaperTest {

  private static final String IDS = """
      def-3.1 def-3.2 def-3.3 def-3.4 rem-3.5 def-3.6 rem-3.7 def-3.8 def-3.9
      def-4.1 def-4.2 def-4.3 lemma-4.4
      lemma-5.1 asm-5.2 lemma-5.3 lemma-5.4 lemma-5.5 thm-5.6
      cor-6.1 cor-6.2
      fact-a.1 fact-a.2 fact-a.3
      def-b.1 def-b.2 def-b.3 def-b.4 def-b.5 def-b.6 rem-b.7 phase-two phase-three
      def-c.1 def-c.2 def-c.3 def-c.4 def-c.5 rem-c.6 def-c.7 def-c.8 def-c.9 def-c.10 def-c.11 def-c.12 def-c.13
      def-d.1""";

  /** TeX tokens that matter for nesting: escapes, environments, delimiters, braces. */
  private static final Pattern NESTING = Pattern.compile(
      "\\\\(begin|end)\\{([a-z]+)\\}|\\\\(lVert|rVert|lvert|rvert|lfloor|rfloor)(?![A-Za-z])|\\\\.|[{}]", Pattern.DOTALL);
  private static final Map<String, String> CLOSES =
      Map.of("}", "{", "rVert", "lVert", "rvert", "lvert", "rfloor", "lfloor");

  private final Paper paper = Paper.load();

  @Test
  void allStatementsAreThereInThePapersOrder() {
    assertEquals(IDS.replaceAll("\\s+", " "), String.join(" ", paper.statements().stream().map(Statement::id).toList()));
    assertEquals(45, paper.statements().stream().filter(s -> s.kind() != Kind.PHASE).count());
    assertEquals(47, paper.statements().size());
  }

  @Test
  void loadingIsCached() {
    assertSame(paper, Paper.load());
  }

  @Test
  void thePaperItselfIsNamed() {
    assertEquals("2502.06167", paper.publication().arxiv());
    assertEquals("v1", paper.publication().version());
    assertEquals(List.of("42", "48", "51", "84", "99", "110"),
        paper.bibliography().stream().map(Reference::key).toList());
    assertFalse(paper.notation().isEmpty());
  }

  @Test
  void everyFormulaIsBalancedTex() {
    List<String> faults = new ArrayList<>();
    paper.notation().forEach(n -> check("notation", n.formula(), faults));
    for (Statement statement : paper.statements()) {
      check(statement.id(), statement.formula(), faults);
      statement.readings().forEach(r -> r.formula().ifPresent(f -> check(statement.id() + " " + r.id(), f, faults)));
      statement.proof().forEach(step -> check(statement.id() + ", proof", step.formula(), faults));
    }
    assertEquals(List.of(), faults);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "}", "\\frac{1}{2", "\\{{\\}", "\\begin{aligned}a", "\\begin{aligned}{\\end{aligned}}",
      "\\begin{cases}\\end{aligned}", "\\lVert x\\rvert", "x\\rfloor", "x $y$", "a\tb"})
  void theBalanceCheckSeesFaults(String formula) {
    List<String> faults = new ArrayList<>();
    check("formula", formula, faults);
    assertFalse(faults.isEmpty());
  }

  private static void check(String name, String formula, List<String> faults) {
    if (formula.isBlank() || formula.contains("$") || formula.contains("\t")) {
      faults.add(name + ": empty, or with a dollar sign or a tab");
    }
    Deque<String> open = new ArrayDeque<>();
    Matcher token = NESTING.matcher(formula);
    while (token.find()) {
      String word = token.group(3) != null ? token.group(3) : token.group();
      if ("begin".equals(token.group(1))) {
        open.push("begin " + token.group(2));
      } else if ("end".equals(token.group(1)) || CLOSES.containsKey(word)) {
        String expected = "end".equals(token.group(1)) ? "begin " + token.group(2) : CLOSES.get(word);
        if (open.isEmpty() || !open.pop().equals(expected)) {
          faults.add(name + ": " + token.group() + " closes nothing");
          return;
        }
      } else if (CLOSES.containsValue(word)) {
        open.push(word);
      }
    }
    if (!open.isEmpty()) {
      faults.add(name + ": " + open + " stay open");
    }
  }

  @Test
  void textsArePlain() {
    for (Statement statement : paper.statements()) {
      List<String> texts = new ArrayList<>(List.of(statement.title(), statement.text()));
      texts.addAll(statement.hypotheses());
      texts.addAll(statement.remarks());
      statement.readings().forEach(r -> texts.add(r.text()));
      statement.proof().forEach(step -> texts.add(step.text()));
      statement.reconstructed().forEach(r -> texts.addAll(List.of(r.what(), r.why())));
      assertEquals(List.of(), texts.stream().filter(t -> t.contains("\\") || t.contains("$")).toList(), statement.id());
      assertTrue(statement.text().endsWith("."), statement.id());
    }
  }

  @Test
  void everyReferenceResolves() {
    for (Statement statement : paper.statements()) {
      statement.references().forEach(id -> assertEquals(id, paper.statement(id).id()));
      assertTrue(statement.sources().get(0).startsWith("section ") || statement.sources().get(0).startsWith("appendix "),
          statement.id());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "def-3.1, bspline keys amended", "def-3.2, literal standard",
    "lemma-4.4, residual paper-attention amended amended-scale amended-paper-attention",
    "lemma-5.1, function-norm sup-norm", "lemma-5.3, function-norm sup-norm amended",
    "lemma-5.4, function-norm sup-norm amended", "lemma-5.5, function-norm sup-norm amended",
    "cor-6.1, function-norm sup-norm amended amended-density", "thm-5.6, function-norm sup-norm amended", "def-b.3, literal",
    "def-b.5, residual plain", "def-b.6, plain bias", "phase-two, sum blended", "phase-three, reconstructed",
    "def-c.1, nearest linear bicubic area", "def-c.2, area nearest linear bicubic",
    "def-c.3, nearest linear bicubic area", "def-c.4, area nearest linear bicubic",
    "def-c.9, literal epsilon as-written", "def-c.12, literal as-written", "def-d.1, literal ode as-written"})
  void readingsBeginWithTheDefault(String id, String readings) {
    Statement statement = paper.statement(id);
    assertEquals(readings, String.join(" ", statement.readings().stream().map(Reading::id).toList()));
    assertSame(statement.readings().get(0), statement.defaultReading());
  }

  @Test
  void everyStatementHasOneDefaultWithItsReason() {
    for (Statement statement : paper.statements()) {
      List<Reading> defaults = statement.readings().stream().filter(Reading::isDefault).toList();
      assertEquals(List.of(statement.defaultReading()), defaults, statement.id());
      assertFalse(defaults.get(0).whyDefault().orElseThrow().isBlank());
      assertSame(defaults.get(0), statement.reading(defaults.get(0).id()).orElseThrow());
      assertTrue(statement.reading("no-such-reading").isEmpty());
    }
  }

  @Test
  void parametersOfTheLiteralInterpolation() {
    Reading literal = paper.statement("def-3.2").reading("literal").orElseThrow();
    assertEquals(List.of("kernel", "origin", "boundary"), literal.parameters().stream().map(Parameter::name).toList());
    assertEquals(List.of("0", "1"), literal.parameters().get(1).values());
    assertEquals(List.of("zero", "replicate", "reflect"), literal.parameters().get(2).values());
  }

  @ParameterizedTest
  @CsvSource({
    "def-b.3, Definition B.3", "rem-3.5, Remark 3.5", "asm-5.2, Assumption 5.2", "thm-5.6, Theorem 5.6",
    "cor-6.1, Corollary 6.1", "fact-a.1, Fact A.1", "lemma-5.4, Lemma 5.4", "def-c.10, Definition C.10",
    "phase-two, Phase two"})
  void labels(String id, String label) {
    assertEquals(label, paper.statement(id).label());
  }

  @ParameterizedTest
  @CsvSource({
    "def-4.4, lemma-4.4", "4.4, lemma-4.4", "Lemma 4.4, lemma-4.4", "lema-5.4, lemma-5.4", "DEF-B.3, def-b.3",
    "def_b.3, def-b.3", "phase-2, phase-two", "theorem-5.6, thm-5.6"})
  void unknownIdsNameIdsNearThem(String id, String near) {
    assertTrue(paper.find(id).isEmpty());
    UnknownStatementException e = assertThrows(UnknownStatementException.class, () -> paper.statement(id));
    assertTrue(e.getMessage().startsWith("unknown statement '" + id + "'"), e.getMessage());
    assertTrue(e.getMessage().contains(near), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-", "xyzzyxyzzy", "a\nb\u001b[31m", "\ud800", "💥"})
  void hopelessIdsGetOneLine(String id) {
    String message = assertThrows(UnknownStatementException.class, () -> paper.statement(id)).getMessage();
    assertEquals(1, message.lines().count(), message);
    assertFalse(message.contains("\u001b"), message);
    assertTrue(message.contains("def-3.1"), message);
  }

  @Test
  void hugeIdsGetOneShortLine() {
    String message =
        assertThrows(UnknownStatementException.class, () -> paper.statement("x".repeat(1_000_000))).getMessage();
    assertTrue(message.length() < 200, message);
  }
}
