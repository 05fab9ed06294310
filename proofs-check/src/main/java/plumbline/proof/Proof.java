package plumbline.proof;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What machine-checked theorems do for a reading.
 *
 * @param tie the reading, and their role
 * @param theorems the theorems
 * @param changed whether some of their sources are not those that were checked; then they settle nothing
 */
public record Proof(Tie tie, List<Theorem> theorems, boolean changed) {
  private static final int WIDTH = 100;

  /** Whether they prove the reading as a whole. */
  public boolean proves() {
    return tie.role() == Role.PROVES && tie.settles() && !changed;
  }

  /** Whether they refute it. */
  public boolean refutes() {
    return tie.role() == Role.REFUTES && tie.settles() && !changed;
  }

  /** Those about a reading. */
  public static List<Proof> on(List<Proof> proofs, String reading) {
    return proofs.stream().filter(proof -> proof.tie.reading().equals(reading)).toList();
  }

  /** The word for a table: {@code proved}, {@code refuted}, {@code in part}, {@code changed} or {@code theorems}. */
  public String word() {
    return changed ? "changed"
        : tie.role() == Role.SUPPORTS ? "theorems"
        : tie.missing() != null ? "in part"
        : tie.role() == Role.PROVES ? "proved" : "refuted";
  }

  /** The strongest word for several about one reading, or a dash. */
  public static String word(List<Proof> proofs) {
    return proofs.stream().map(Proof::word)
        .min(Comparator.comparing(List.of("proved", "refuted", "changed", "in part", "theorems")::indexOf)).orElse("-");
  }

  /** What they do for the reading, in words that follow its name and a colon. */
  public String standing() {
    String names = theorems.stream().map(Theorem::name).collect(Collectors.joining(", "));
    String part = tie.missing() == null ? "" : " in part";
    return changed ? "the sources of " + names + " have changed since Coq checked them, so that they settle nothing here;"
            + " ./plumbline proofs checks them again"
        : switch (tie.role()) {
          case PROVES -> "proved" + part + " by " + names;
          case REFUTES -> "refuted" + part + " by " + names;
          case SUPPORTS -> "see " + names;
        };
  }

  /** All of it as lines of text, to follow the reading's name; the lines after the first are indented. */
  public String text(String indent) {
    StringBuilder text = new StringBuilder(": " + standing() + "\n" + wrapped(indent, tie.says()));
    if (tie.missing() != null) {
      text.append(wrapped(indent, "Not proved: " + tie.missing()));
    }
    for (Theorem theorem : theorems) {
      text.append(indent).append(theorem.name()).append(" (").append(theorem.file()).append("), axioms: ")
          .append(theorem.assumptions()).append('\n');
      theorem.statement().forEach(line -> text.append(indent).append("  ").append(line).append('\n'));
    }
    return text.toString();
  }

  private static String wrapped(String indent, String text) {
    return text.replaceAll("(.{1," + WIDTH + "})(?: +|$)", indent + "$1\n");
  }

  /** For a program. */
  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("reading", tie.reading()).put("role", tie.role().word()).put("whole", tie.settles()).put("says", tie.says());
    String missing = tie.missing();
    if (missing != null) {
      node.put("missing", missing);
    }
    node.put("changed_since_checked", changed);
    ArrayNode list = node.putArray("theorems");
    for (Theorem theorem : theorems) {
      ObjectNode item = list.addObject().put("name", theorem.name()).put("file", theorem.file())
          .put("statement", String.join("\n", theorem.statement()));
      theorem.axioms().forEach(item.putArray("axioms")::add);
      item.put("sha256", theorem.sha256());
    }
    return node;
  }
}
