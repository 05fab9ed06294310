package plumbline.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Altered copies of a certificate, any certificate. */
final class CertificateMutants {
  /** What is altered. All but {@code RAW} get a new digest, so that only the content can give them away. */
  enum Kind { RAW, ENCLOSURE, OUTCOME, RELATION, VERDICT, OPERAND, ENTRY, NODE, FINDING, PLACE, SHAPE }

  /**
   * An altered certificate.
   *
   * @param tree the certificate without digest; for {@code RAW} the original
   * @param mustReject whether it cannot be true: a digit without a new digest, a turned outcome, a verdict that asks for
   *     another outcome, or an enclosure that is empty or wider than the format allows
   */
  record Mutant(Kind kind, String what, ObjectNode tree, byte[] file, boolean mustReject) {}

  private final ObjectNode original;
  private final Random random;

  CertificateMutants(ObjectNode original, Random random) {
    this.original = original.deepCopy();
    this.original.remove("sha256");
    this.random = random;
  }

  /** So many mutants of a kind; fewer if the certificate has nothing of the kind to alter. */
  List<Mutant> of(Kind kind, int count) {
    List<Mutant> mutants = new ArrayList<>();
    for (int attempt = 0; attempt < 20 * count && mutants.size() < count; attempt++) {
      Mutant mutant = kind == Kind.RAW ? raw() : resealed(kind);
      if (mutant != null && (kind == Kind.RAW || !mutant.tree.equals(original))) {
        mutants.add(mutant);
      }
    }
    return mutants;
  }

  /** One digit of the file is another; JSON that is written by Jackson has digits only in keys and values. */
  private Mutant raw() {
    byte[] file = Certificates.seal(original);
    int at = random.nextInt(file.length);
    while (file[at] < '0' || file[at] > '9') {
      at = (at + 1) % file.length;
    }
    file[at] = (byte) ('0' + (file[at] - '0' + 1 + random.nextInt(9)) % 10);
    String around = new String(file, Math.max(0, at - 10), Math.min(20, file.length - Math.max(0, at - 10)),
        StandardCharsets.UTF_8);
    return new Mutant(Kind.RAW, "byte " + at + ": " + around, original, file, true);
  }

  private Mutant resealed(Kind kind) {
    ObjectNode tree = original.deepCopy();
    JsonNode example = pick(tree.get("cases"));
    ObjectNode finding = (ObjectNode) pick(example.get("findings"));
    ObjectNode node = (ObjectNode) pick(example.get("formulas"));
    boolean mustReject = false;
    String what;
    switch (kind) {
      case ENCLOSURE -> {
        String key = finding.has("value") ? "enclosures" : random.nextBoolean() ? "left_enclosures" : "right_enclosures";
        if (finding.get(key).isEmpty()) {
          return null;
        }
        ArrayNode ends = (ArrayNode) pick(finding.get(key));
        alterDigit(ends, random.nextInt(2));
        mustReject = CertificateOracle.breaksTheWidthRule(new BigDecimal(ends.get(0).asText()),
            new BigDecimal(ends.get(1).asText()));
        what = key + " " + ends;
      }
      case OUTCOME -> {
        if (finding.has("value")) {
          return null;
        }
        mustReject = true;
        if (finding.get("outcome").asText().equals("fails")) {
          finding.put("outcome", "holds").remove("at");
        } else {
          finding.put("outcome", "fails").putArray("at").add(0).add(0);
        }
        what = finding.get("name") + " " + finding.get("outcome");
      }
      case RELATION -> {
        if (finding.has("value")) {
          return null;
        }
        finding.put("relation", List.of("<", "≤", "=").get(random.nextInt(3)));
        what = finding.get("name") + " " + finding.get("relation");
      }
      case VERDICT -> {
        String old = tree.get("verdict").asText();
        String verdict = List.of("holds", "defined", "refuted").get(random.nextInt(3));
        tree.put("verdict", verdict);
        mustReject = old.equals("refuted") != verdict.equals("refuted");
        what = verdict;
      }
      case OPERAND -> {
        ObjectNode owner = random.nextBoolean() && node.has("of") ? node : finding;
        int index = random.nextInt(example.get("formulas").size() + 1);
        if (owner == node) {
          ((ArrayNode) node.get("of")).set(random.nextInt(node.get("of").size()), IntNode.valueOf(index));
        } else {
          finding.put(finding.has("value") ? "value" : random.nextBoolean() ? "left" : "right", index);
        }
        what = owner == node ? node.toString() : finding.get("name") + " of node " + index;
      }
      case ENTRY -> {
        JsonNode matrix = random.nextBoolean() && !example.get("inputs").isEmpty() ? pick(example.get("inputs")) : node;
        if (matrix.path("entries").isEmpty()) {
          return null;
        }
        alterDigit((ArrayNode) matrix.get("entries"), random.nextInt(matrix.get("entries").size()));
        what = matrix.toString();
      }
      case NODE -> what = rearrange((ArrayNode) example.get("formulas"));
      case FINDING -> what = rearrange((ArrayNode) example.get("findings"));
      case PLACE -> {
        boolean at = random.nextBoolean() && finding.has("at");
        if (!at && node.path("source").isEmpty()) {
          return null;
        }
        ArrayNode list = (ArrayNode) (at ? finding.get("at") : node.get("source"));
        list.set(random.nextInt(list.size()), IntNode.valueOf(random.nextInt(5) - 1));
        what = list.toString();
      }
      case SHAPE -> {
        if (!node.has("rows")) {
          return null;
        }
        String side = random.nextBoolean() ? "rows" : "columns";
        node.put(side, Math.max(0, node.get(side).intValue() + random.nextInt(3) - 1));
        what = node.toString();
      }
      default -> throw new IllegalArgumentException(kind.toString());
    }
    return new Mutant(kind, what, tree, Certificates.seal(tree), mustReject);
  }

  private JsonNode pick(JsonNode container) {
    List<JsonNode> children = new ArrayList<>();
    container.forEach(children::add);
    return children.get(random.nextInt(children.size()));
  }

  private void alterDigit(ArrayNode texts, int index) {
    StringBuilder text = new StringBuilder(texts.get(index).asText());
    int at = random.nextInt(text.length());
    while (!Character.isDigit(text.charAt(at))) {
      at = (at + 1) % text.length();
    }
    text.setCharAt(at, (char) ('0' + (text.charAt(at) - '0' + 1 + random.nextInt(9)) % 10));
    texts.set(index, TextNode.valueOf(text.toString()));
  }

  /** Drops, repeats or moves an element. */
  private String rearrange(ArrayNode list) {
    int from = random.nextInt(list.size());
    int to = random.nextInt(list.size());
    JsonNode element = list.get(from);
    switch (random.nextInt(3)) {
      case 0 -> list.remove(from);
      case 1 -> list.insert(to, element.deepCopy());
      default -> {
        list.set(from, list.get(to));
        list.set(to, element);
      }
    }
    return "element " + from + " to " + to + " of " + list.size();
  }
}
