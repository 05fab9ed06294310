package plumbline.spec.paper;

import java.util.List;

/** Renders the specification as plain text for a terminal. Formulas are TeX source, never rewrapped. */
public final class Explanation {
  /** The narrowest width: below it, indented texts have no room. */
  public static final int MIN_WIDTH = 40;

  private static final String INDENT = "  ";

  private final Paper paper;
  private final int width;

  /**
   * @param width the longest line of wrapped text, in characters; {@link #MIN_WIDTH} if it is less
   */
  public Explanation(Paper paper, int width) {
    this.paper = paper;
    this.width = Math.max(width, MIN_WIDTH);
  }

  /** One line for each statement: id, kind and number, title. Lines end in a newline and are not cut. */
  public String list() {
    int idWidth = paper.statements().stream().mapToInt(s -> s.id().length()).max().orElse(0);
    StringBuilder out = new StringBuilder();
    for (Statement statement : paper.statements()) {
      out.append(pad(statement.id(), idWidth)).append(INDENT).append(statement.label()).append(": ")
          .append(statement.title()).append('\n');
    }
    return out.toString();
  }

  /** All that the specification says of a statement; ends in a newline. */
  public String of(Statement statement) {
    StringBuilder out = new StringBuilder();
    wrap(out, "", "", statement.label() + " (" + statement.id() + "): " + statement.title());
    out.append('\n');
    wrap(out, "", "", statement.text());
    head(out, "Formula (TeX)");
    formula(out, INDENT, statement.formula());
    items(out, "Hypotheses", statement.hypotheses());
    head(out, "Readings");
    for (Reading reading : statement.readings()) {
      reading(out, reading);
    }
    if (!statement.reconstructed().isEmpty()) {
      items(out, "Reconstructed", statement.reconstructed().stream().map(r -> r.what() + ". Why: " + r.why()).toList());
    }
    if (!statement.remarks().isEmpty()) {
      items(out, "Remarks", statement.remarks());
    }
    if (!statement.proof().isEmpty()) {
      head(out, "Proof, step by step");
      for (int k = 1; k <= statement.proof().size(); k++) {
        ProofStep step = statement.proof().get(k - 1);
        wrap(out, INDENT + k + ". ", INDENT + INDENT + INDENT, step.text());
        formula(out, INDENT + INDENT + INDENT, step.formula());
      }
    }
    statement.unchecked().ifPresent(why -> items(out, "Not checked yet", List.of(why)));
    items(out, "See also", statement.references().stream()
        .map(id -> id + ", " + paper.statement(id).title()).toList());
    items(out, "Sources", statement.sources());
    for (Reference work : paper.bibliography()) {
      if (statement.sources().stream().anyMatch(s -> s.contains("[" + work.key() + "]"))) {
        wrap(out, INDENT + INDENT, INDENT + INDENT + INDENT, work.toString());
      }
    }
    return out.toString();
  }

  private void reading(StringBuilder out, Reading reading) {
    String inner = INDENT + INDENT;
    wrap(out, INDENT + "- ", inner, reading.id() + (reading.isDefault() ? " (default)" : "") + ": " + reading.text());
    reading.whyDefault().ifPresent(why -> wrap(out, inner, inner, "Default because: " + why));
    for (Parameter parameter : reading.parameters()) {
      String values = parameter.values().isEmpty() ? "" : " (" + String.join(", ", parameter.values()) + ")";
      String given = parameter.defaultValue().isEmpty() ? "" : ", default " + parameter.defaultValue();
      wrap(out, inner, inner + INDENT, "Parameter " + parameter.name() + values + given + ": " + parameter.text());
    }
    reading.formula().ifPresent(formula -> formula(out, inner, formula));
  }

  private void items(StringBuilder out, String title, List<String> items) {
    head(out, title);
    if (items.isEmpty()) {
      out.append(INDENT).append("none\n");
    }
    for (String item : items) {
      wrap(out, INDENT + "- ", INDENT + INDENT, item);
    }
  }

  private static void head(StringBuilder out, String title) {
    out.append('\n').append(title).append('\n');
  }

  private static void formula(StringBuilder out, String indent, String formula) {
    formula.lines().forEach(line -> out.append(indent).append(line.stripTrailing()).append('\n'));
  }

  /** Breaks text at spaces; a word longer than a line stands alone on its own. */
  private void wrap(StringBuilder out, String first, String next, String text) {
    int column = length(first);
    out.append(first);
    boolean empty = true;
    for (String word : text.strip().split("\\s+")) {
      if (!empty && column + 1 + length(word) > width) {
        out.append('\n').append(next);
        column = length(next);
        empty = true;
      }
      if (!empty) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += length(word);
      empty = false;
    }
    out.append('\n');
  }

  private static String pad(String text, int length) {
    return text + " ".repeat(length - text.length());
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
