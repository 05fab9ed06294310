package plumbline.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import plumbline.verify.Formula.Values;

/**
 * Decides whether all that a certificate claims of its formulas is so, by evaluating them anew: that each enclosure holds
 * the true value and, unless it reaches 0, is narrow, that each relation holds or fails as claimed, and that the verdict
 * follows. That the formulas are those of the statement is for a reader to see.
 */
public final class Verifier {
  private static final String KEYS = "format statement reading step check claim verdict decided replay cases sha256";
  private static final String RELATION_KEYS = "name left relation right outcome left_enclosures right_enclosures";
  private static final String DECIMAL = "(0|-?[1-9][0-9]{0,19}|-?[0-9]{1,20}\\.[0-9]{1,40})(e-?[1-9][0-9]{0,6})?";
  private static final int DIGITS = 20;
  private static final int LARGEST_FILE = 64 << 20;
  private static final int MOST_ENTRIES = 1_000_000;
  private static final int MOST_BITS = 1 << 18;
  private static final long MOST_MEMORY = 1L << 32; // entries times bits
  /** The answer: if not accepted, the reason in one line; the highest precision needed, 0 if all was settled exactly. */
  public record Verification(boolean accepted, String reason, String statement, String reading, String verdict, int cases,
      int findings, int bits) {}
  /** What narrow enclosures of all nodes' entries settle; where they refute it, it raises a rejection. */
  private record Question(Json where, BiPredicate<List<Values>, Arithmetic> isSettled) {}

  private final double[] time = {100e6}; // about microseconds, in all
  private final double[] exactTime = {10e6};
  private final List<Formula> nodes = new ArrayList<>(); // of the case at hand, as are the open questions
  private final List<Question> open = new ArrayList<>();
  private String statement = "", reading = "", verdict = "";
  private long entries;
  private int cases, findings, bits;

  private Verifier() {}
  /** Checks one certificate; whatever the bytes are, the answer is a {@link Verification}. */
  public static Verification verify(byte[] file) {
    Verifier it = new Verifier();
    String reason = "";
    try {
      Rejection.unless(file.length <= LARGEST_FILE, "larger than " + LARGEST_FILE + " bytes", true);
      it.check(Json.parse(file));
    } catch (Rejection | IOException | GeneralSecurityException | ArithmeticException | OutOfMemoryError e) {
      reason = e instanceof Rejection ? String.valueOf(e.getMessage()) : "it cannot be read: " + Json.shown(e.toString());
    }
    return new Verification(reason.isEmpty(), reason, it.statement, it.reading, it.verdict, it.cases, it.findings, it.bits);
  }

  private void check(Json file) throws IOException, GeneralSecurityException {
    boolean argued = file.keys().contains("argument");
    String more = (argued ? " argument" : "") + (file.keys().contains("theorems") ? " theorems" : ""); // Coq checks these
    file.withKeys(KEYS + more).get("format").oneOf("plumbline-certificate-1");
    List.of("check", "claim", "replay").forEach(key -> file.get(key).text());
    statement = Json.shown(file.get("statement").text());
    reading = Json.shown(file.get("reading").text());
    verdict = file.get("verdict").oneOf("holds defined refuted");
    boolean refuted = verdict.equals("refuted");
    file.require(!argued || refuted && !file.get("argument").text().isBlank(), "only a refutation has an argument");
    file.get("step").integer(0, Integer.MAX_VALUE);
    String rest = Json.MAPPER.writeValueAsString(((ObjectNode) file.node()).deepCopy().without("sha256"));
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(rest.getBytes(StandardCharsets.UTF_8)));
    file.require(file.get("sha256").text().equals(digest), "sha256 is not the digest of the rest");
    cases = file.get("cases").list().size();
    file.require(1 <= cases && cases <= file.get("decided").integer(0, Integer.MAX_VALUE), "expected 1 to 'decided' cases");
    file.get("cases").list().forEach(each -> check(each.withKeys("inputs formulas findings"), refuted && !argued));
  }
  /** The case of a counterexample ends in a finding that fails; every other finding holds. */
  private void check(Json example, boolean counterexample) {
    nodes.clear();
    Map<String, Formula> inputs = new HashMap<>();
    for (String name : example.get("inputs").keys()) {
      inputs.put(name, Formula.matrix(example.get("inputs").get(name).withKeys("rows columns entries")));
    }
    for (Json json : example.get("formulas").list()) {
      nodes.add(Formula.read(json, inputs, nodes));
      entries += nodes.get(nodes.size() - 1).size();
      json.require(entries <= MOST_ENTRIES, "by now there are more than " + MOST_ENTRIES + " entries");
    }
    List<Json> list = example.get("findings").list();
    example.require(!list.isEmpty(), "there is no finding");
    for (int f = 0; f < list.size(); f++, findings++) {
      boolean fails = read(list.get(f));
      list.get(f).require(fails == (counterexample && f == list.size() - 1), "the verdict asks for the other outcome");
    }
    for (int b = 0; !open.isEmpty(); b = Math.max(128, 2 * b)) { settle(new Arithmetic(b, b == 0 ? exactTime : time)); }
  }

  private void settle(Arithmetic arithmetic) {
    bits = Math.max(bits, arithmetic.bits());
    open.get(0).where.require(bits <= MOST_BITS && entries * arithmetic.bits() <= MOST_MEMORY, "not settled, with most bits");
    List<Values> values = Formula.evaluate(nodes, arithmetic);
    open.removeIf(question -> {
      try {
        return question.isSettled.test(values, arithmetic);
      } catch (Rejection e) { // what is final in itself comes from here, what is not from a question
        question.where.require(!e.isFinal && arithmetic.bits() < MOST_BITS, String.valueOf(e.getMessage()));
        return false;
      }
    });
  }
  /** Opens the questions of a finding and returns whether it says that it fails. */
  private boolean read(Json finding) {
    boolean isValue = finding.keys().contains("value");
    boolean fails = !isValue && finding.get("outcome").oneOf("holds fails").equals("fails");
    finding.withKeys(isValue ? "name value enclosures" : fails ? RELATION_KEYS + " at" : RELATION_KEYS).get("name").text();
    int left = readEnclosures(finding, isValue ? "value" : "left", isValue ? "enclosures" : "left_enclosures");
    if (isValue) { return false; }
    int right = readEnclosures(finding, "right", "right_enclosures");
    Formula x = nodes.get(left);
    finding.require(x.rows() == nodes.get(right).rows() && x.columns() == nodes.get(right).columns(), "shapes differ");
    List<Json> at = fails ? finding.get("at").list(2) : List.of();
    int first = fails ? at.get(0).integer(0, x.rows() - 1) * x.columns() + at.get(1).integer(0, x.columns() - 1) : 0;
    String relation = finding.get("relation").oneOf("< ≤ =");
    for (int e = first; e < (fails ? first + 1 : x.size()); e++) {
      int entry = e;
      open.add(new Question(finding, (values, arithmetic) -> {
        Interval l = values.get(left).get(entry);
        Interval r = values.get(right).get(entry);
        boolean holds = relation.equals("<") ? l.isBelow(r) : l.isAtMost(r) && (relation.equals("≤") || r.isAtMost(l));
        boolean isFalse = relation.equals("<") ? r.isAtMost(l) : r.isBelow(l) || relation.equals("=") && l.isBelow(r);
        Rejection.unless(!(fails ? holds : isFalse), "entry " + entry + " certainly " + (fails ? "holds" : "fails"), true);
        return fails ? isFalse : holds;
      }));
    }
    return fails;
  }
  /** Requires that enclosures are narrow, asks whether each holds the true value, and returns the node that they enclose. */
  private int readEnclosures(Json finding, String key, String enclosures) {
    int node = finding.get(key).integer(0, nodes.size() - 1);
    List<Json> list = finding.get(enclosures).list(nodes.get(node).size());
    for (int e = 0; e < list.size(); e++) {
      int entry = e;
      BigDecimal lo = decimal(list.get(e).list(2).get(0));
      BigDecimal hi = decimal(list.get(e).list(2).get(1));
      int exponent = Math.max(exponent(lo), exponent(hi));
      boolean isNear = exponent(lo) + exponent(hi) >= 2 * exponent - 1; // else their difference could be long
      boolean isNarrow = isNear && hi.subtract(lo).compareTo(BigDecimal.valueOf(2, DIGITS - exponent)) <= 0;
      list.get(e).require(lo.compareTo(hi) <= 0, "the ends are in the wrong order");
      list.get(e).require(isNarrow || lo.signum() * hi.signum() <= 0, "wider than 2 units of digit " + DIGITS);
      open.add(new Question(list.get(e), (values, arithmetic) -> {
        Interval value = values.get(node).get(entry);
        Interval low = arithmetic.decimal(lo);
        Interval high = arithmetic.decimal(hi);
        Rejection.unless(!value.isBelow(low) && !high.isBelow(value), "the true value is outside", true);
        return low.isAtMost(value) && value.isAtMost(high);
      }));
    }
    return node;
  }
  /** e with 10^(e−1) ≤ |value| < 10^e. */
  private static int exponent(BigDecimal value) { return value.precision() - value.scale(); }

  private static BigDecimal decimal(Json json) {
    json.require(json.text().length() <= 80 && json.text().matches(DECIMAL), "expected a decimal");
    BigDecimal value = new BigDecimal(json.text());
    json.require(value.precision() <= DIGITS, "expected at most " + DIGITS + " digits");
    return value;
  }
}
