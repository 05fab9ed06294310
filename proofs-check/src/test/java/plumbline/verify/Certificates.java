package plumbline.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import plumbline.reference.number.Ball;
import plumbline.reference.number.Decimals;
import plumbline.reference.number.Rational;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.Interval;
import plumbline.spec.number.NotExactException;

/** Writes certificates for tests, with enclosures from Plumbline's own number systems. */
final class Certificates {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private Certificates() {}

  /** A certificate without cases, not sealed. */
  static ObjectNode start(String verdict) {
    ObjectNode file = MAPPER.createObjectNode();
    file.put("format", "plumbline-certificate-1").put("statement", "lemma-5.3").put("reading", "sup").put("step", 0)
        .put("check", "a check").put("claim", "a claim").put("verdict", verdict).put("decided", 500)
        .put("replay", "./plumbline audit --only lemma-5.3");
    file.putArray("cases");
    return file;
  }

  /** Adds a case; {@code inputs} and {@code formulas} are JSON with single quotes. */
  static Case add(ObjectNode file, String inputs, String... formulas) {
    ObjectNode example = ((ArrayNode) file.get("cases")).addObject();
    try {
      example.set("inputs", MAPPER.readTree(inputs.replace('\'', '"')));
      ArrayNode nodes = example.putArray("formulas");
      for (String formula : formulas) {
        nodes.add(MAPPER.readTree(formula.replace('\'', '"')));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    example.putArray("findings");
    return new Case(example);
  }

  /** A case to which findings are added. */
  record Case(ObjectNode json) {

    Case value(int node) {
      ObjectNode finding = ((ArrayNode) json.get("findings")).addObject().put("name", "y").put("value", node);
      finding.set("enclosures", enclosures(json, node));
      return this;
    }

    Case holds(int left, String relation, int right) {
      relation(left, relation, right, "holds");
      return this;
    }

    Case fails(int left, String relation, int right, int row, int column) {
      relation(left, relation, right, "fails").putArray("at").add(row).add(column);
      return this;
    }

    private ObjectNode relation(int left, String relation, int right, String outcome) {
      ObjectNode finding = ((ArrayNode) json.get("findings")).addObject().put("name", "a " + relation + " b").put("left", left)
          .put("relation", relation).put("right", right).put("outcome", outcome);
      finding.set("left_enclosures", enclosures(json, left));
      finding.set("right_enclosures", enclosures(json, right));
      return finding;
    }
  }

  /** The enclosures of a node's entries, exact where they are decimals of 20 digits. */
  static ArrayNode enclosures(ObjectNode example, int node) {
    try {
      return enclosures(example, node, Rational.INSTANCE);
    } catch (NotExactException e) {
      return enclosures(example, node, Ball.of(512));
    }
  }

  private static <M extends Certified<M>> ArrayNode enclosures(ObjectNode example, int node, CertifiedSystem<M> system) {
    M value = new FormulaTree<>(example, system).value(node);
    ArrayNode list = MAPPER.createArrayNode();
    for (int i = 0; i < value.rows(); i++) {
      for (int j = 0; j < value.columns(); j++) {
        Interval interval = value.enclosure(i, j);
        list.addArray().add(Decimals.scientific(interval.lower(), 20, RoundingMode.FLOOR))
            .add(Decimals.scientific(interval.upper(), 20, RoundingMode.CEILING));
      }
    }
    return list;
  }

  /** The bytes of a certificate with the right digest. */
  static byte[] seal(ObjectNode file) {
    ObjectNode sealed = file.deepCopy();
    sealed.remove("sha256");
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(
          MAPPER.writeValueAsString(sealed).getBytes(StandardCharsets.UTF_8));
      return MAPPER.writeValueAsBytes(sealed.put("sha256", HexFormat.of().formatHex(digest)));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String constant(int rows, int columns, String... entries) {
    return "{'op':'constant','rows':" + rows + ",'columns':" + columns + ",'entries':['" + String.join("','", entries) + "']}";
  }

  static String node(String op, Integer... of) {
    return "{'op':'" + op + "','of':" + List.of(of) + "}";
  }

  /** Valid certificates with every verdict, relation and operation. */
  static Map<String, ObjectNode> valid() {
    ObjectNode holds = start("holds");
    add(holds, "{'x':{'rows':2,'columns':3,'entries':['1/2','-3','7/3','0','22/7','-5/4']}}",
        "{'op':'input','name':'x'}", node("softmaxRows", 0), node("maxOfRows", 0), node("exp", 2), node("square", 0),
        node("sqrt", 4), node("abs", 0), node("hadamard", 1, 4), constant(1, 1, "3"), "{'op':'pi'}",
        constant(2, 1, "17", "24"), node("relu", 0), node("negate", 0), node("max", 11, 12), node("minus", 6, 0))
        .holds(5, "=", 6).holds(13, "≤", 6).holds(8, "<", 9).holds(3, "≤", 10).value(7).value(14);
    add(holds, "{}", constant(2, 2, "1", "2", "3", "4"), node("times", 0, 0), node("log", 1), node("above", 0, 1),
        "{'op':'gather','of':[3],'rows':1,'columns':3,'source':[7,-1,0]}", node("dividedBy", 0, 1), node("plus", 5, 2))
        .holds(5, "≤", 0).value(2).value(3).value(4).value(6);
    ObjectNode refuted = start("refuted");
    add(refuted, "{'x':{'rows':1,'columns':2,'entries':['1','2']}}", "{'op':'input','name':'x'}", node("exp", 0),
        node("exp", 1), node("square", 1), node("negate", 2), node("exp", 4), constant(1, 2, "0", "0"), constant(1, 2, "3", "3"))
        .holds(6, "<", 5).value(5).value(3).fails(1, "≤", 7, 0, 1);
    ObjectNode argued = start("refuted").put("argument", "Every map of the class commutes with permutations.");
    add(argued, "{}", constant(1, 2, "1/3", "2/3"), node("softmaxRows", 0), constant(1, 1, "1/7"), node("softmaxRows", 2))
        .holds(0, "=", 0).value(1).value(3);
    ObjectNode defined = start("defined").put("step", 2);
    add(defined, "{}", constant(1, 3, "1000", "-1000", "0"), node("softmaxRows", 0), node("exp", 0)).value(1).value(2);
    return Map.of("holds", holds, "refuted", refuted, "argued", argued, "defined", defined);
  }
}
