package plumbline.spec.paper;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The specification: every statement of arXiv 2502.06167 in the paper's order, its notation and its bibliography. */
public final class Paper {
  private static final int SHOWN = 40;

  private final Publication publication;
  private final List<Notation> notation;
  private final List<Reference> bibliography;
  private final Map<String, Statement> statements;

  Paper(
      Publication publication,
      List<Notation> notation,
      List<Reference> bibliography,
      Map<String, Statement> statements) {
    this.publication = publication;
    this.notation = List.copyOf(notation);
    this.bibliography = List.copyOf(bibliography);
    this.statements = new LinkedHashMap<>(statements);
  }

  /** The specification that this library carries; it is read once. */
  public static Paper load() {
    return Holder.PAPER;
  }

  /** The paper itself: title, authors, version. */
  public Publication publication() {
    return publication;
  }

  public List<Notation> notation() {
    return notation;
  }

  /** The cited works that statements refer to. */
  public List<Reference> bibliography() {
    return bibliography;
  }

  /** All statements in the paper's order. */
  public List<Statement> statements() {
    return List.copyOf(statements.values());
  }

  /** The statement of this id, if there is one. */
  public Optional<Statement> find(String id) {
    return Optional.ofNullable(statements.get(id));
  }

  /**
   * The statement of this id.
   *
   * @throws UnknownStatementException if there is none; its one-line message names ids near it
   */
  public Statement statement(String id) {
    return find(id).orElseThrow(() -> new UnknownStatementException(unknown(id)));
  }

  private String unknown(String id) {
    String shown = id.codePoints().limit(SHOWN)
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    if (id.codePointCount(0, id.length()) > SHOWN) {
      shown += "…";
    }
    // An id is mistyped, or has the right number and the wrong kind: "def-4.4", "4.4", "Lemma 4.4".
    String wanted = shown.toLowerCase(Locale.ROOT).strip().replaceAll("[\\s_]+", "-");
    List<String> near = statements.values().stream()
        .map(Statement::id)
        .filter(s -> distance(s, wanted) <= 2 || number(s).equals(number(wanted)))
        .sorted(Comparator.comparing((String s) -> !number(s).equals(number(wanted)))
            .thenComparing(s -> distance(s, wanted)))
        .limit(5)
        .toList();
    return "unknown statement '" + shown + "'"
        + (near.isEmpty() ? "; ids look like def-3.1, lemma-4.4, thm-5.6, phase-two"
            : "; did you mean " + String.join(", ", near) + "?");
  }

  private static String number(String id) {
    return id.substring(id.lastIndexOf('-') + 1);
  }

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int above = row[j];
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substituted, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }

  private static final class Holder {
    static final Paper PAPER = PaperReader.readResource();
  }
}
