package plumbline.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.number.Decimals;
import plumbline.proof.Proof;
import plumbline.properties.Evidence;
import plumbline.spec.claim.Verdict;

/**
 * An audit's verdicts for people and for programs.
 *
 * @param version version of the tool
 * @param claims the file of a user's claims that were audited, or empty for the paper's
 * @param seed the seed that the cases came from
 * @param cases random cases asked for per check
 * @param maxBits precision limit of the ladder
 * @param thorough whether the costly campaigns were run, too
 * @param verdicts one verdict per statement
 */
public record AuditReport(
    String version, String claims, long seed, int cases, int maxBits, boolean thorough, List<StatementVerdict> verdicts) {
  private static final int LONGEST_WITNESS = 400;

  /** The report of an audit of the paper without the costly campaigns. */
  public AuditReport(String version, long seed, int cases, int maxBits, List<StatementVerdict> verdicts) {
    this(version, "", seed, cases, maxBits, false, verdicts);
  }

  /** The command that runs one statement's checks again on the same cases. */
  public String replay(StatementVerdict verdict) {
    return command(verdict.statement().id());
  }

  private String command(String only) {
    return "./plumbline audit" + (claims.isEmpty() ? "" : " --claims " + claims) + " --only " + only + settings();
  }

  private String settings() {
    return (thorough ? " --thorough" : "") + " --seed " + seed + " --cases " + cases + " --max-bits " + maxBits;
  }

  /**
   * The table, then each numbered refutation, open case and reason, then the count of verdicts.
   *
   * @param witnesses whether to print the witnesses of each note as well
   */
  public String text(boolean witnesses) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {
        "statement", "verdict", "reading", "cases", "worst slack", "bits", "witness", "proof", "Coq", "other readings"});
    List<String> notes = new ArrayList<>();
    for (StatementVerdict each : verdicts) {
      Double slack = each.worstSlack();
      boolean checked = each.verdict() != Verdict.UNCHECKED;
      int first = notes.size() + 1;
      notes.addAll(notes(each, witnesses));
      int last = notes.size();
      rows.add(new String[] {
          each.statement().id(),
          each.verdict().word(),
          each.statement().defaultReading().id(),
          checked ? Long.toString(each.cases()) : "-",
          slack == null ? "-" : Decimals.brief(slack),
          !checked ? "-" : each.bits() == 0 ? "exact" : Integer.toString(each.bits()),
          first > last ? "-" : first == last ? "[" + first + "]" : "[" + first + "-" + last + "]",
          proof(each),
          Proof.word(each.proofs(each.statement().defaultReading().id())),
          each.otherReadings().entrySet().stream().map(e -> e.getKey() + ": " + e.getValue().word()
              + (each.proofs(e.getKey()).stream().anyMatch(Proof::refutes) ? " (Coq)" : "")).collect(Collectors.joining(", "))});
    }
    StringBuilder text = new StringBuilder(table(rows));
    for (int n = 0; n < notes.size(); n++) {
      text.append(n == 0 || witnesses ? "\n[" : "[").append(n + 1).append("] ").append(notes.get(n));
    }
    if (!notes.isEmpty() && !witnesses) {
      text.append("\nTheir exact witnesses: --only STATEMENT, --json FILE or --report DIR.\n");
    }
    Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
    verdicts.forEach(each -> counts.merge(each.verdict(), 1L, Long::sum));
    text.append('\n').append(verdicts.size()).append(verdicts.size() == 1 ? " statement: " : " statements: ")
        .append(counts.entrySet().stream().map(e -> e.getValue() + " " + e.getKey().word()).collect(Collectors.joining(", ")))
        .append(".\n").append(theorems()).append("Replay a row: ").append(command("STATEMENT")).append('\n');
    return text.toString();
  }

  /** How many readings theorems settle, in a line. */
  private String theorems() {
    List<Proof> proofs = verdicts.stream().flatMap(each -> each.proofs().stream()).toList();
    long proved = proofs.stream().filter(Proof::proves).count();
    return proofs.isEmpty() ? "" : "Theorems checked by Coq prove " + proved + (proved == 1 ? " reading" : " readings") + " and refute "
        + proofs.stream().filter(Proof::refutes).count() + ": ./plumbline explain STATEMENT shows them.\n";
  }

  /** How the paper's proof fares on the default reading. */
  private static String proof(StatementVerdict verdict) {
    String reading = verdict.statement().defaultReading().id();
    List<Evidence> steps = verdict.proof(reading);
    int broken = verdict.brokenStep(reading);
    return steps.isEmpty() ? "-"
        : broken > 0 ? "step " + broken + " fails"
        : steps.stream().allMatch(e -> e.verdict() == Verdict.HOLDS) ? "holds" : "open";
  }

  /** What a row's witness column points to: why it is unchecked, and each refutation and open case. */
  private static List<String> notes(StatementVerdict verdict, boolean witnesses) {
    List<String> notes = new ArrayList<>();
    if (verdict.verdict() == Verdict.UNCHECKED) {
      notes.add(verdict.statement().id() + " is unchecked: " + reason(verdict) + "\n");
    }
    for (Evidence evidence : verdict.evidence()) {
      if (evidence.verdict() == Verdict.REFUTED || evidence.verdict() == Verdict.UNDECIDED) {
        notes.add(witnesses ? details(verdict, evidence) : heading(verdict, evidence));
      }
    }
    for (Proof proof : verdict.proofs()) {
      if (witnesses || proof.changed()) {
        notes.add(verdict.statement().id() + " (" + proof.tie().reading() + ")" + (witnesses ? proof.text("    ")
            : ": " + proof.standing() + "\n"));
      }
    }
    return notes;
  }

  private static String reason(StatementVerdict verdict) {
    return verdict.statement().unchecked().orElse("no check was run");
  }

  private static String heading(StatementVerdict verdict, Evidence evidence) {
    return verdict.statement().id() + " (" + evidence.reading() + ") is " + evidence.verdict().word()
        + (evidence.step() > 0 ? " in step " + evidence.step() + " of its proof" : "")
        + (evidence.argument() == null ? ": " : ", by an argument that rests on this, which holds: ") + evidence.text() + "\n";
  }

  private static String details(StatementVerdict verdict, Evidence evidence) {
    StringBuilder text = new StringBuilder(heading(verdict, evidence));
    String argument = evidence.argument();
    if (argument != null) {
      text.append("    why: ").append(argument).append('\n');
    }
    evidence.witness().forEach((name, value) -> text.append("    ").append(name).append(" = ")
        .append(value.length() <= LONGEST_WITNESS ? value : value.substring(0, LONGEST_WITNESS) + "… (whole in --json)")
        .append('\n'));
    return text.toString();
  }

  private static String table(List<String[]> rows) {
    int columns = rows.get(0).length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row[c].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        boolean number = c >= 3 && c <= 5;
        String padding = " ".repeat(widths[c] - row[c].length());
        line.append(number ? padding + row[c] : row[c] + padding).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** The report as JSON; keys in a fixed order. */
  public ObjectNode json() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("tool", "plumbline").put("version", version).put("seed", seed).put("cases", cases).put("max_bits", maxBits);
    ArrayNode statements = root.putArray("statements");
    for (StatementVerdict each : verdicts) {
      ObjectNode node = statements.addObject();
      node.put("id", each.statement().id()).put("title", each.statement().title())
          .put("reading", each.statement().defaultReading().id()).put("verdict", each.verdict().word())
          .put("cases", each.cases());
      putSlack(node, each.worstSlack());
      node.put("bits", each.bits());
      if (each.verdict() == Verdict.UNCHECKED) {
        node.put("reason", reason(each));
      }
      ArrayNode list = node.putArray("evidence");
      for (Evidence evidence : each.evidence()) {
        ObjectNode item = list.addObject();
        item.put("check", evidence.check()).put("reading", evidence.reading()).put("step", evidence.step())
            .put("verdict", evidence.verdict().word()).put("text", evidence.text());
        String argument = evidence.argument();
        if (argument != null) {
          item.put("argument", argument);
        }
        item.put("cases", evidence.cases());
        putSlack(item, evidence.worstSlack());
        item.put("bits", evidence.bits());
        ObjectNode witness = item.putObject("witness");
        evidence.witness().forEach(witness::put);
      }
      ArrayNode proofs = node.putArray("proofs");
      each.proofs().forEach(proof -> proofs.add(proof.json()));
      node.put("replay", replay(each));
    }
    return root;
  }

  private static void putSlack(ObjectNode node, @Nullable Double slack) {
    if (slack == null) {
      node.putNull("worst_slack");
    } else {
      node.put("worst_slack", slack);
    }
  }
}
