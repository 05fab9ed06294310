package plumbline.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.audit.Audit;
import plumbline.audit.AuditReport;
import plumbline.audit.Checks;
import plumbline.audit.Settings;
import plumbline.audit.StatementVerdict;
import plumbline.proof.Proof;
import plumbline.proof.Proofs;
import plumbline.proof.Role;
import plumbline.proof.Theorem;
import plumbline.proof.Tie;
import plumbline.properties.Evidence;
import plumbline.reference.decide.Ladder;
import plumbline.spec.claim.Verdict;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Papers;

/** Audits to make pages from. */
final class Samples {
  /** Text that does something bad wherever it is taken for HTML, an attribute or a script. */
  static final String HOSTILE = "\"'><script>window.hacked = 1</script><img src=x onerror=\"window.hacked = 2\"></style>";

  static final List<Figures.Source> FIGURES = List.of((audit, verdict) -> figures(verdict.statement().id()));

  private Samples() {}

  /** A few cases of every check of the paper. */
  static AuditReport wholePaper() throws InterruptedException {
    List<StatementVerdict> verdicts = new Audit(Paper.load().statements(), Checks.all(), Proofs.packaged())
        .run(new Settings(3, 20250206, new Ladder(4096), 1, done -> { }));
    return new AuditReport("0.0", 20250206, 3, 4096, verdicts);
  }

  /** One theorem with a broken proof, everything in it hostile, and one that nothing checks. */
  static Paper hostilePaper() {
    String text = "'" + HOSTILE.replace("'", "''") + "'";
    return Papers.read("""
        paper:
          {title: TEXT, authors: TEXT, arxiv: TEXT, version: TEXT, date: TEXT, later-title: TEXT, later-venue: TEXT}
        notation: [{formula: TEXT, text: TEXT}]
        bibliography: [{key: "42", authors: TEXT, title: TEXT, venue: TEXT, arxiv: TEXT}]
        statements:
          - id: thm-5.6
            kind: theorem
            title: TEXT
            formula: '\\href{javascript:window.hacked=3}{x} \\htmlData{onclick=1}{y} < "1"'
            hypotheses: [TEXT]
            text: TEXT
            reconstructed: [{what: TEXT, why: TEXT}]
            readings:
              - {id: literal, text: TEXT, default: TEXT, parameters: [{name: p, values: [TEXT], default: TEXT, text: TEXT}]}
              - {id: amended, text: TEXT, formula: 'a<b'}
            references: [lemma-5.3]
            sources: ["section 5", "[42] Lemma 2", TEXT]
            remarks: [TEXT]
            proof:
              - {formula: 'a \\le b', text: The first step}
              - {formula: 'b \\le c', text: TEXT}
              - {formula: 'c \\le d', text: The third step}
          - id: lemma-5.3
            kind: lemma
            title: Unchecked one
            formula: 'x'
            hypotheses: []
            text: Nothing to see
            reconstructed: []
            readings: [{id: literal, text: As it stands, default: It leaves no choice}]
            references: []
            sources: ["section 5"]
            remarks: []
            unchecked: TEXT
        """.replace("TEXT", text));
  }

  static AuditReport hostileAudit(Paper paper) {
    Map<String, String> witness = new LinkedHashMap<>();
    witness.put("inequality", "‖a‖_1 ≤ " + HOSTILE);
    witness.put("left", "2");
    witness.put("right", "[1, 1.5]");
    witness.put("system", "ball(53)");
    witness.put("Z^(1)", "[[1/2, -3], [7/1267650600228229401496703205376, 0]]");
    witness.put(HOSTILE, "[[" + HOSTILE + ", 1]]");
    witness.put("long", "[[" + String.join(", ", IntStream.range(0, 100).mapToObj(Integer::toString).toList()) + "]]");
    witness.put("text", HOSTILE.repeat(20));
    return new AuditReport(HOSTILE, 1, 2, 53, List.of(
        StatementVerdict.of(paper.statement("thm-5.6"), List.of(
            evidence("literal", 0, Verdict.REFUTED, HOSTILE, witness),
            evidence("amended", 0, Verdict.HOLDS, null, Map.of()),
            evidence("literal", 1, Verdict.HOLDS, null, Map.of()),
            evidence("literal", 2, Verdict.REFUTED, null, witness)), List.of(
            proof("literal", Role.REFUTES, null, false), proof("amended", Role.PROVES, HOSTILE, false),
            proof("amended", Role.PROVES, null, true))),
        StatementVerdict.of(paper.statement("lemma-5.3"), List.of())));
  }

  private static Proof proof(String reading, Role role, @Nullable String missing, boolean changed) {
    Theorem theorem = new Theorem("File" + HOSTILE + ".v", List.of(HOSTILE, "  " + HOSTILE), List.of(HOSTILE), List.of(), "0");
    return new Proof(new Tie("thm-5.6", reading, role, List.of(theorem.name()), HOSTILE, missing), List.of(theorem), changed);
  }

  private static Evidence evidence(String reading, int step, Verdict verdict, @Nullable String argument, Map<String, String> witness) {
    return new Evidence("check", reading, step, HOSTILE, argument, verdict, 1234, 0.5, 0, witness, List.of(),
        Map.of(HOSTILE, new double[] {0.5, 1, 2, Double.POSITIVE_INFINITY}));
  }

  /** One of each kind, under lemma-4.4, def-b.3 and def-3.2. */
  private static List<Figure> figures(String statement) {
    double[] x = IntStream.range(0, 200).mapToDouble(i -> -3000 + 15 * i + 40 * Math.sin(i)).toArray();
    double[] above = IntStream.range(0, 200).mapToDouble(i -> -900 + 4.4 * i + 60 * Math.sin(7 * i)).toArray();
    double[] radius = DoubleStream.iterate(-2, r -> r + 0.25).limit(17).toArray();
    return switch (statement) {
      case "lemma-4.4" -> List.of(new Figure.Plot(statement, "Claimed against true separation",
          "Each point is an embedding: above the dashed line the true separation exceeds the claimed δ. <b>",
          new Figure.Axis("claimed δ", true), new Figure.Axis("true separation", true),
          List.of(new Figure.Series("embeddings", Figure.Mark.POINTS, x, above),
              new Figure.Series("equality", Figure.Mark.REFERENCE, new double[] {-3000, 0}, new double[] {-3000, 0}))));
      case "def-b.3" -> List.of(new Figure.Plot(statement, "Lipschitz ratio against radius",
          "The ratio of distances grows with the radius; no constant bounds it.",
          new Figure.Axis("radius", true), new Figure.Axis("ratio", true),
          List.of(new Figure.Series("family of pairs", Figure.Mark.LINE, radius, DoubleStream.of(radius).map(r -> 2 * r).toArray()),
              new Figure.Series("certified constant", Figure.Mark.LINE, radius,
                  DoubleStream.of(radius).map(r -> 2 * r + 1).toArray()),
              new Figure.Series("random pairs", Figure.Mark.POINTS, radius,
                  DoubleStream.of(radius).map(r -> 2 * r - 1 + Math.sin(9 * r)).toArray()))));
      case "def-3.2" -> List.of(new Figure.Grid(statement, "Equal pixels after up-interpolation",
          "Pixels of one colour and number are equal for every input.",
          List.of(new Figure.Panel("3×3 → 5×5, origin 0", classes(3, 5, 0)), new Figure.Panel("3×3 → 5×5, origin 1", classes(3, 5, 1)),
              new Figure.Panel("4×4 → 16×16, origin 0", classes(4, 16, 0)))));
      default -> List.of();
    };
  }

  private static int[][] classes(int from, int to, int origin) {
    int[][] classes = new int[to][to];
    for (int i = 0; i < to; i++) {
      for (int j = 0; j < to; j++) {
        classes[i][j] = 100 * ((i + origin) * from / to) + (j + origin) * from / to;
      }
    }
    return classes;
  }
}
