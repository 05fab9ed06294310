package plumbline.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plumbline.audit.AuditReport;
import plumbline.audit.StatementVerdict;
import plumbline.reference.io.InputException;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Statement;

class ReportTest {
  private static final Paper PAPER = Paper.load();

  @TempDir
  Path folder;

  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).toList();
  }

  private static AuditReport unchecked() {
    return new AuditReport("0.0", 1, 2, 53,
        PAPER.statements().stream().map(s -> StatementVerdict.of(s, List.of())).toList());
  }

  /** What stands before the scripts of libraries. */
  private static String body(String html) {
    return html.substring(html.indexOf("<body"), html.indexOf("</main>"));
  }

  @Test
  void everyStatementStandsInThePapersOrderWithAllThatIsSaidOfIt() {
    String body = body(Report.html(PAPER, unchecked(), List.of()));
    List<String> ids = PAPER.statements().stream().map(Statement::id).toList();
    assertEquals(ids, Pattern.compile("<article id=\"([^\"]+)\"").matcher(body).results().map(m -> m.group(1)).toList());
    String text = plain(body);
    for (Statement statement : PAPER.statements()) {
      Stream<String> said = Stream.of(List.of(statement.text(), statement.title(), statement.formula()), statement.hypotheses(),
          statement.remarks(), statement.readings().stream().map(r -> r.text()).toList(),
          statement.readings().stream().flatMap(r -> r.formula().stream()).toList(),
          statement.readings().stream().flatMap(r -> r.whyDefault().stream()).toList(),
          statement.reconstructed().stream().flatMap(r -> Stream.of(r.what(), r.why())).toList()).flatMap(List::stream);
      // The sole reading of a statement needs no reason to be the default.
      said.filter(s -> statement.readings().size() > 1 || !statement.defaultReading().whyDefault().orElse("").equals(s))
          .forEach(s -> assertTrue(text.contains(plain(s)), statement.id() + " does not say: " + s));
    }
    PAPER.notation().forEach(n -> assertTrue(text.contains(plain(n.formula())) && text.contains(plain(n.text()))));
    PAPER.bibliography().forEach(work -> assertTrue(body.contains("id=\"work-" + work.key() + "\"")));
  }

  /** Text without tags, braces of indices, entities and spaces: what a reader sees, whatever its typography. */
  private static String plain(String text) {
    return text.replaceAll("</?(sub|sup|a|p|li|b)( [^>]*)?>", "").replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", "\"")
        .replace("&#39;", "'").replace("&amp;", "&").replaceAll("[\\s{}_^]", "");
  }

  @Test
  void noLinkLeadsNowhereAndNoIdStandsTwice() {
    String body = body(Report.html(PAPER, unchecked(), Samples.FIGURES));
    List<String> ids = all("(?<= id=\")[^\"]+", body);
    assertEquals(ids.size(), Set.copyOf(ids).size());
    for (String target : all("(?<= href=\"#)[^\"]+", body)) {
      assertTrue(ids.contains(target), target);
    }
    for (String label : all("(?<= aria-labelledby=\")[^\"]+", body)) {
      assertTrue(ids.contains(label), label);
    }
  }

  @Test
  void aPartOfThePaperLinksOnlyToWhatIsThere() {
    Statement lemma = PAPER.statement("lemma-5.4");
    String body = body(Report.html(PAPER, new AuditReport("0.0", 1, 2, 53, List.of(StatementVerdict.of(lemma, List.of()))), List.of()));
    assertEquals(1, all("<article ", body).size());
    List<String> ids = all("(?<= id=\")[^\"]+", body);
    all("(?<= href=\"#)[^\"]+", body).forEach(target -> assertTrue(ids.contains(target), target));
    lemma.references().forEach(id -> assertTrue(body.contains(PAPER.statement(id).label()), id));
  }

  @Test
  void aUsersOwnClaimsAreNotThePapers() {
    Statement own = Statement.own("A-claim", "literal", "softmax sums to 1");
    String html = Report.html(PAPER, new AuditReport("0.0", "Own.java", 1, 2, 53, false, List.of(StatementVerdict.of(own, List.of()))),
        List.of());
    String body = body(html);
    assertTrue(body.contains("<h1>Claims of Own.java</h1>") && body.contains("<article id=\"A-claim\""));
    assertTrue(body.contains("./plumbline audit --claims Own.java --only A-claim"));
    assertEquals(List.of(), all(PAPER.publication().arxiv() + "|Appendix|class=\"tex|#works|#notation", body));
  }

  @Test
  void theSameAuditGivesTheSameBytes() {
    // Not assertEquals, which would print both pages.
    assertTrue(Report.html(PAPER, unchecked(), Samples.FIGURES).equals(Report.html(PAPER, unchecked(), Samples.FIGURES)));
  }

  @Test
  void nothingIsFetched() {
    String html = Report.html(PAPER, unchecked(), Samples.FIGURES);
    assertFalse(html.contains("url(fonts/"));
    assertEquals(20, all("url\\(data:font/woff2;base64,", html).size());
    assertEquals(List.of(), all("(?:<link|<img|<iframe|@import|src=\")[^>]*", body(html)));
    assertTrue(html.length() < 3_000_000, "the page has " + html.length() + " characters");
  }

  @Test
  void hostileTextIsEscapedEverywhere() {
    Paper paper = Samples.hostilePaper();
    String html = Report.html(paper, Samples.hostileAudit(paper), List.of());
    assertEquals(List.of(), all("<script|<img|</style|\"'>", body(html)));
    assertEquals(1, all("</style", html).size());
    assertEquals(5, all("(?m)^<script>", html).size());
    assertTrue(all("&lt;script>window.hacked|&lt;script&gt;window.hacked", body(html)).size() > 20);
  }

  @Test
  void theoremsStandUnderTheirReadings() {
    Paper paper = Samples.hostilePaper();
    String body = body(Report.html(paper, Samples.hostileAudit(paper), List.of()));
    assertEquals(List.of("refuted", "in-part", "changed"), Pattern.compile("<div class=\"theorems ([^\"]*)\"").matcher(body).results()
        .map(m -> m.group(1)).toList());
    assertEquals(3, all("<pre class=\"coq scroll\">", body).size());
    assertEquals(1, all("<b>Not proved:</b>", body).size());
    assertEquals(1, all("have changed since Coq checked them", body).size());
    assertEquals(2, all("data-verdict=\"(refuted|unchecked)\"", body).size());
  }

  @Test
  void aBrokenProofNamesItsStep() {
    Paper paper = Samples.hostilePaper();
    String body = body(Report.html(paper, Samples.hostileAudit(paper), List.of()));
    assertTrue(body.contains("breaks in step 2"));
    List<String> steps = all("(?s)<li class=\"step .*?(?=<li class=\"step |</ol>)", body);
    assertEquals(3, steps.size());
    assertEquals(List.of("step holds", "step refuted", "step unchecked"),
        steps.stream().map(s -> all("step \\w+", s).get(0)).toList());
    assertEquals(List.of(false, true, false), steps.stream().map(s -> s.contains("the proof breaks here")).toList());
  }

  @Test
  void counterexamplesAreExactMatricesAndLongOnesAreFolded() {
    Paper paper = Samples.hostilePaper();
    String body = body(Report.html(paper, Samples.hostileAudit(paper), List.of()));
    assertTrue(body.contains("<tr><td>1/2</td><td>-3</td></tr><tr><td>7/2<sup>100</sup></td><td>0</td></tr>"));
    assertTrue(body.contains("<dt>Z<sup>(1)</sup></dt>"));
    assertTrue(Pattern.compile("<details class=\"fold\"><summary>1×100</summary>").matcher(body).find());
    assertFalse(body.contains("<summary>2×2</summary>"));
    assertTrue(body.contains("1\u202f234 cases · worst slack 0.5 · exact rationals"));
  }

  @Test
  void eachStatementHasItsReplayCommand() {
    String body = body(Report.html(PAPER, unchecked(), List.of()));
    for (Statement statement : PAPER.statements()) {
      String command = "./plumbline audit --only " + statement.id() + " --seed 1 --cases 2 --max-bits 53";
      assertTrue(body.contains("<code>" + command + "</code>") && body.contains("data-copy=\"" + command + "\""), statement.id());
    }
  }

  private static String prose(String text) {
    StringOutput output = new StringOutput();
    new Prose(PAPER, Set.of("lemma-5.4", "def-b.3")).of(text).writeTo(new OwaspHtmlTemplateOutput(output));
    return output.toString();
  }

  @Test
  void textIsTypeset() {
    assertEquals("h<sub>r−1</sub>×w<sub>r</sub>", prose("h_{r−1}×w_r"));
    assertEquals("ℝ<sup>h<sub>i</sub>×d</sup>", prose("ℝ^{h_i×d}"));
    assertEquals("Φ<sub>up,r</sub>, 10<sup>−300</sup>", prose("Φ_up,r, 10^−300"));
    assertEquals("‖f<sub>i</sub>‖<sub>α</sub>", prose("‖f_i‖_α"));
    assertEquals("Z<sup>(i)</sup><sub>:,k</sub>", prose("Z^{(i)}_{:,k}"));
    assertEquals("f<sub>j</sub>, g", prose("f_j, g"));
    assertEquals("2<sup>(1/α − 1)</sup> (x)", prose("2^(1/α − 1) (x)"));
    assertEquals("align_corners is false", prose("align_corners is false"));
    assertEquals("<a href=\"#lemma-5.4\">Lemma 5.4</a> and Lemma 5.5", prose("Lemma 5.4 and Lemma 5.5"));
    assertEquals("<a href=\"#def-b.3\">def-b.3</a> <a href=\"#work-42\">[42]</a> [7]", prose("def-b.3 [42] [7]"));
    assertEquals("a &lt; b<sub>&lt;i&gt;</sub>", prose("a < b_{<i>}"));
  }

  private static Figure histogram(Figure.Row... rows) {
    return new Figure.Histogram("lemma-5.4", "t", "c", new Figure.Axis("x", false), List.of(rows));
  }

  private static JsonNode json(Figure figure, int part) throws IOException {
    return new ObjectMapper().readTree(FigureData.parts(figure).get(part).json());
  }

  @Test
  void histogramsKeepEveryFiniteValueAndSplitAtZero() throws IOException {
    Figure figure = histogram(
        new Figure.Row("a", new double[] {-0.25, -1e-9, 0, 0, 1e-9, 3.5, 3.5, Double.NaN, Double.POSITIVE_INFINITY}),
        new Figure.Row("same", new double[] {2, 2}), new Figure.Row("b", new double[] {0.5, 3}));
    assertEquals(List.of("a", "b"), FigureData.parts(figure).stream().map(FigureData.Part::name).toList());
    JsonNode data = json(figure, 0);
    int below = 0;
    int sum = 0;
    for (JsonNode bin : data.get("counts")) {
      below += data.get("first").asDouble() + (bin.get(0).asInt() + 0.5) * data.get("width").asDouble() < 0 ? bin.get(1).asInt() : 0;
      sum += bin.get(1).asInt();
    }
    assertEquals(7, sum);
    assertEquals(2, below);
    assertEquals(data.get("first"), json(figure, 1).get("first"));
    assertEquals(data.get("width"), json(figure, 1).get("width"));
    assertEquals(List.of("a", "9", "−0.25", "0", "3.5"), FigureData.table(figure).rows().get(0));
    assertEquals(3, FigureData.table(figure).rows().size());
  }

  @Test
  void aRowOfAnotherMagnitudeIsNotSqueezed() throws IOException {
    Figure figure = histogram(new Figure.Row("small", new double[] {0.001, 0.002}), new Figure.Row("large", new double[] {10, 9000}));
    assertTrue(json(figure, 0).get("width").asDouble() < 0.001);
    assertTrue(json(figure, 1).get("width").asDouble() > 100);
  }

  @Test
  void histogramsOfExtremeValuesAreFinite() throws IOException {
    for (double[] values : List.of(new double[] {1e300, -1e300}, new double[] {Double.MAX_VALUE, -Double.MAX_VALUE},
        new double[] {Double.MIN_VALUE, 1}, new double[] {-98765.4, 12345.6}, new double[] {0, 1e-300})) {
      JsonNode data = json(histogram(new Figure.Row("a", values)), 0);
      assertTrue(data.get("width").isNumber() && data.get("first").isNumber(), data.toString());
      assertTrue(data.get("bins").asInt() >= 2 && data.get("bins").asInt() <= 60, data.toString());
      int sum = 0;
      for (JsonNode bin : data.get("counts")) {
        sum += bin.get(1).asInt();
      }
      assertEquals(values.length, sum, data.toString());
    }
  }

  @Test
  void gridsCountWhatIsShared() {
    Figure figure = new Figure.Grid("s", "t", "c", List.of(new Figure.Panel("p", new int[][] {{1, 1}, {2, 3}})));
    assertEquals(List.of("p", "4", "3", "1"), FigureData.table(figure).rows().get(0));
  }

  @Test
  void seriesNeedAnOrdinateForEachAbscissa() {
    assertThrows(IllegalArgumentException.class,
        () -> new Figure.Series("s", Figure.Mark.LINE, new double[] {1, 2}, new double[] {1}));
  }

  @Test
  void thePageIsWrittenWholeOrNotAtAll() throws IOException {
    Path made = folder.resolve("new").resolve("deep");
    Report.write(made, PAPER, unchecked());
    try (Stream<Path> files = Files.list(made)) {
      assertArrayEquals(new String[] {"index.html"}, files.map(f -> f.getFileName().toString()).toArray());
    }
    assertTrue(Files.readString(made.resolve("index.html")).endsWith("</html>\n"));
    Path file = Files.writeString(folder.resolve("file"), "kept");
    InputException refused = assertThrows(InputException.class, () -> Report.write(file, PAPER, unchecked()));
    assertTrue(String.valueOf(refused.getMessage()).contains("file"), refused.getMessage());
    assertEquals("kept", Files.readString(file));
    Path taken = Files.createDirectories(folder.resolve("taken").resolve("index.html")).getParent();
    assertThrows(InputException.class, () -> Report.prepare(taken));
  }
}
