package plumbline.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import plumbline.verify.Verifier.Verification;

class VerifierTest {
  @Test
  void validCertificatesAreAccepted() {
    Certificates.valid().forEach((name, file) -> {
      Verification result = Verifier.verify(Certificates.seal(file));
      assertEquals("", result.reason(), name);
      assertTrue(result.accepted());
      assertEquals(file.get("cases").size(), result.cases());
      assertEquals("lemma-5.3 sup " + file.get("verdict").asText(),
          result.statement() + " " + result.reading() + " " + result.verdict());
    });
  }

  @Test
  void whatIsRationalNeedsNoBits() {
    ObjectNode file = Certificates.start("holds");
    Certificates.add(file, "{}", Certificates.constant(1, 2, "1/4", "3"), Certificates.node("square", 0)).value(1);
    assertEquals(0, Verifier.verify(Certificates.seal(file)).bits());
  }

  @Test
  void aCloseCallTakesMoreBits() {
    ObjectNode file = Certificates.start("holds");
    String close = "1" + "0".repeat(60);
    Certificates.add(file, "{}", "{'op':'constant','rows':1,'columns':1,'entries':['1/" + close + "']}",
        Certificates.node("exp", 0), Certificates.constant(1, 1, "1")).holds(2, "<", 1);
    Verification result = Verifier.verify(Certificates.seal(file));
    assertEquals("", result.reason());
    assertEquals(256, result.bits());
  }

  /** What 128 bits leave open is not accepted: exp(10^−60) is neither 1 nor at most 1, and (√2)² is not seen to be 2. */
  @Test
  void whatIsNotSettledIsNotAccepted() {
    String close = "{'op':'constant','rows':1,'columns':1,'entries':['1/1" + "0".repeat(60) + "']}";
    ObjectNode point = Certificates.start("holds");
    Certificates.add(point, "{}", close, Certificates.node("exp", 0)).value(1);
    finding(point, 0).putArray("enclosures").addArray().add("1").add("1");
    assertRejected("the true value is outside", Certificates.seal(point));
    for (String relation : new String[] {"≤", "="}) {
      ObjectNode order = Certificates.start("holds");
      Certificates.add(order, "{}", close, Certificates.node("exp", 0), Certificates.constant(1, 1, "1")).holds(1, relation, 2);
      assertRejected("certainly fails", Certificates.seal(order));
      ObjectNode equal = Certificates.start("holds");
      Certificates.add(equal, "{}", Certificates.constant(1, 1, "2"), Certificates.node("sqrt", 0),
          Certificates.node("square", 1)).holds(2, relation, 0);
      ((ArrayNode) finding(equal, 0).putArray("left_enclosures").addArray()).add("0").add("3");
      assertRejected("not settled", Certificates.seal(equal));
    }
  }

  /** An altered certificate with a right digest is rejected in one line that says this. */
  private static void assertRejected(String reason, String verdict, Consumer<ObjectNode> change) {
    ObjectNode file = Certificates.valid().get(verdict).deepCopy();
    change.accept(file);
    assertRejected(reason, Certificates.seal(file));
  }

  private static void assertRejected(String reason, byte[] file) {
    Verification result = Verifier.verify(file);
    assertFalse(result.accepted());
    assertTrue(result.reason().contains(reason), result.reason() + "  does not say: " + reason);
    assertEquals(1, result.reason().lines().count());
  }

  private static ObjectNode example(ObjectNode file) {
    return (ObjectNode) file.get("cases").get(0);
  }

  private static ObjectNode finding(ObjectNode file, int index) {
    return (ObjectNode) example(file).get("findings").get(index);
  }

  private static ObjectNode node(ObjectNode file, int index) {
    return (ObjectNode) example(file).get("formulas").get(index);
  }

  @Test
  void eachRuleRejectsWhatBreaksIt() {
    assertRejected("expected the keys", "holds", file -> file.put("more", 1));
    assertRejected("expected the keys", "holds", file -> file.remove("replay"));
    assertRejected("format: expected one of", "holds", file -> file.put("format", "plumbline-certificate-2"));
    assertRejected("claim: expected a string", "holds", file -> file.put("claim", 3));
    assertRejected("step: expected an integer", "holds", file -> file.put("step", -1));
    assertRejected("step: expected an integer", "holds", file -> file.put("step", 1.0));
    assertRejected("'decided' cases", "holds", file -> file.put("decided", 1));
    assertRejected("'decided' cases", "holds", file -> file.putArray("cases"));
    assertRejected("verdict: expected one of", "holds", file -> file.put("verdict", "proved"));
    assertRejected("only a refutation has an argument", "holds", file -> file.put("argument", "because"));
    assertRejected("only a refutation has an argument", "argued", file -> file.put("argument", " "));
    assertRejected("asks for the other outcome", "holds", file -> file.put("verdict", "refuted"));
    assertRejected("asks for the other outcome", "refuted", file -> file.put("verdict", "holds"));
    assertRejected("asks for the other outcome", "refuted", file -> file.put("argument", "because"));
    assertRejected("there is no finding", "holds", file -> example(file).putArray("findings"));
    assertRejected("certainly fails", "holds", file -> finding(file, 2).put("relation", "="));
    assertRejected("certainly holds", "refuted", file -> ((ArrayNode) finding(file, 3).putArray("at")).add(0).add(0));
    assertRejected("at[1]: expected an integer", "refuted", file -> finding(file, 3).putArray("at").add(0).add(2));
    assertRejected("shapes differ", "holds", file -> {
      finding(file, 2).put("left", 0).set("left_enclosures", Certificates.enclosures(example(file), 0));
    });
    assertRejected("an array of size 6", "holds", file -> finding(file, 4).putArray("enclosures"));
    assertRejected("of: expected an array of size 1", "holds", file -> node(file, 1).putArray("of").add(0).add(0));
    assertRejected("expected an integer from 0 to 0", "holds", file -> node(file, 1).putArray("of").add(1));
    assertRejected("unknown op", "holds", file -> node(file, 1).put("op", "sinh"));
    assertRejected("no plus of these shapes", "holds", file -> node(file, 14).put("op", "plus").putArray("of").add(6).add(8));
    assertRejected("no input of that name", "holds", file -> node(file, 0).put("name", "y"));
    assertRejected("expected lowest terms", "holds", file -> node(file, 8).putArray("entries").add("6/2"));
    assertRejected("expected lowest terms", "holds", file -> node(file, 8).putArray("entries").add("3/1"));
    assertRejected("an integer or a fraction", "holds", file -> node(file, 8).putArray("entries").add("03"));
    assertRejected("an integer or a fraction", "holds", file -> node(file, 8).putArray("entries").add("1".repeat(100_001)));
    assertRejected("source[0]: expected an integer", "holds",
        file -> ((ObjectNode) file.get("cases").get(1).get("formulas").get(4)).putArray("source").add(8).add(0).add(0));
  }

  @Test
  void enclosuresAreHeldToTheFormat() {
    // entry 0 of finding 2 of the refuted one is 3; exp(1) = 2.7182818284590452353(6…)
    assertEnclosure("", "2.7182818284590452353", "2.7182818284590452354");
    assertEnclosure("", "2.7182818284590452352", "2.7182818284590452354");
    assertEnclosure("wider than 2 units", "2.7182818284590452352", "2.7182818284590452355");
    assertEnclosure("the true value is outside", "2.7182818284590452354", "2.7182818284590452355");
    assertEnclosure("the true value is outside", "2.7182818284590452353", "2.7182818284590452353");
    assertEnclosure("wrong order", "2.7182818284590452354", "2.7182818284590452353");
    assertEnclosure("at most 20 digits", "2.71828182845904523536", "2.71828182845904523537");
    assertEnclosure("wider than 2 units", "1e-999999", "2.7182818284590452354");
    assertEnclosure("expected a decimal", "NaN", "2.7182818284590452354");
    assertEnclosure("expected a decimal", "1e-9999999999", "2.7182818284590452354");
    assertEnclosure("", "-1e999999", "2.7182818284590452354");
    assertEnclosure("", "0", "3");
    assertEnclosure("the true value is outside", "0", "2.7");
  }

  private static void assertEnclosure(String reason, String lo, String hi) {
    ObjectNode file = Certificates.start("holds");
    Certificates.add(file, "{}", Certificates.constant(1, 1, "1"), Certificates.node("exp", 0)).value(1);
    finding(file, 0).putArray("enclosures").addArray().add(lo).add(hi);
    Verification result = Verifier.verify(Certificates.seal(file));
    assertTrue(result.accepted() == reason.isEmpty() && result.reason().contains(reason), result + " does not say: " + reason);
  }

  @Test
  void theDigestIsChecked() {
    String sealed = new String(Certificates.seal(Certificates.valid().get("holds")), StandardCharsets.UTF_8);
    assertTrue(Verifier.verify(sealed.replace(",", " ,\n").getBytes(StandardCharsets.UTF_8)).reason().isEmpty());
    assertRejected("sha256 is not the digest", sealed.replace("a claim", "a c1aim").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void hostileFilesEndInOneLine() {
    String sealed = new String(Certificates.seal(Certificates.valid().get("holds")), StandardCharsets.UTF_8);
    assertRejected("Duplicate field", sealed.replace("\"step\":0", "\"step\":0,\"step\":0").getBytes(StandardCharsets.UTF_8));
    assertRejected("it cannot be read", (sealed + "{}").getBytes(StandardCharsets.UTF_8));
    assertRejected("it cannot be read", sealed.substring(0, 500).getBytes(StandardCharsets.UTF_8));
    assertRejected("it cannot be read", new byte[] {(byte) 0xff, (byte) 0xfe, '{', 0});
    assertRejected("it cannot be read", "[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    assertRejected("it cannot be read", ("[" + "0,".repeat(6_000_000) + "0]").getBytes(StandardCharsets.UTF_8));
    assertRejected("expected an object", "null".getBytes(StandardCharsets.UTF_8));
    assertRejected("expected", new byte[0]);
  }

  @Test
  void hostileFormulasEndInOneLine() {
    assertFormula("exp is or may be beyond", Certificates.constant(1, 1, "1" + "0".repeat(99_000)), Certificates.node("exp", 0));
    assertFormula("logarithm's argument", Certificates.constant(1, 1, "0"), Certificates.node("log", 0));
    assertFormula("divisor is or may be 0", Certificates.constant(1, 1, "0"), Certificates.node("dividedBy", 0, 0));
    assertFormula("square root's argument", Certificates.constant(1, 1, "-1"), Certificates.node("sqrt", 0));
    assertFormula("more than 1000000 entries", "{'op':'constant','rows':100000,'columns':0,'entries':[]}",
        "{'op':'constant','rows':0,'columns':100000,'entries':[]}", Certificates.node("times", 0, 1));
    String[] squares = new String[52];
    squares[0] = Certificates.constant(1, 1, "3/7");
    for (int i = 1; i < 52; i++) {
      squares[i] = Certificates.node("square", i - 1);
    }
    assertFormula("out of range", squares);
  }

  /** The last node has no enclosure, so whatever is claimed of it is rejected for this reason. */
  private static void assertFormula(String reason, String... formulas) {
    ObjectNode file = Certificates.start("holds");
    Certificates.add(file, "{}", formulas);
    ObjectNode finding = ((ArrayNode) example(file).get("findings")).addObject();
    finding.put("name", "y").put("value", formulas.length - 1).putArray("enclosures").addArray().add("0").add("0");
    assertRejected(reason, Certificates.seal(file));
  }
}
