package plumbline.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.proof.Proof;
import plumbline.properties.Evidence;
import plumbline.properties.Expression;
import plumbline.properties.Finding;
import plumbline.properties.KeptCase;
import plumbline.reference.decide.Decision;
import plumbline.reference.io.Sha256;
import plumbline.reference.number.Ball;
import plumbline.reference.number.Decimals;
import plumbline.reference.number.Rational;
import plumbline.spec.claim.Inequality;
import plumbline.spec.claim.Verdict;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;

/**
 * Writes evidence as a certificate: the exact inputs of some decided cases, the formulas of both sides of each inequality,
 * and the enclosure of every entry, so that a program which shares no arithmetic with this one can check it again.
 *
 * <p><b>Format.</b> A JSON object with {@code format} ({@value #FORMAT}), {@code statement}, {@code reading}, {@code step} (of the
 * statement's proof; 0 is the statement itself), {@code check}, {@code claim}, {@code verdict} ({@code holds}, {@code defined},
 * {@code refuted}), where needed the {@code argument} of a refutation, {@code decided} (cases that the audit decided),
 * {@code replay}, where there are some the machine-checked {@code theorems} about the same reading (which Coq checks and
 * {@code verify} does not), {@code cases} (some of them) and {@code sha256}, of the compact serialisation of all else in UTF-8. A case holds
 * <ul>
 *   <li>{@code inputs}: matrices by name, {@code rows}, {@code columns} and {@code entries}, row-major, as integers or p/q;
 *   <li>{@code formulas}: nodes that refer to earlier ones by index. {@code op} is {@code constant} (a matrix), {@code input}
 *       (a {@code name}), {@code pi}, or a primitive of {@link plumbline.spec.number.Matrix} applied {@code of} its operands;
 *       {@code gather} has the {@code rows}, {@code columns} and {@code source} of the result;
 *   <li>{@code findings}: an inequality has a {@code name}, the nodes {@code left} and {@code right}, the {@code relation} (&lt;,
 *       ≤, =), claimed of every entry, and the {@code outcome}: {@code holds}, or {@code fails}, then {@code at} an entry; and
 *       the {@code left_enclosures} and {@code right_enclosures} of all entries. A value has a {@code name}, its node
 *       {@code value} and the {@code enclosures} of its entries.
 * </ul>
 * All findings of {@code holds}, {@code defined} and of a refutation by argument hold; in every other refutation the last finding
 * of each case fails and the ones before it, the hypotheses, hold.
 *
 * <p>An enclosure is two decimals of at most {@value #DIGITS} significant digits, rounded outward: they are equal where the
 * value is exactly that decimal, and otherwise at most two units of the last digit apart, unless 0 lies between them.
 */
public final class Certificate {
  /** What the first field of every certificate says. */
  public static final String FORMAT = "plumbline-certificate-1";

  private static final int DIGITS = 20;
  private static final int FIRST_BITS = 128;
  private static final int MOST_BITS = 1 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Certificate() {}

  /**
   * The certificate of a statement's evidence; empty where there is nothing that could be checked again: evidence without a
   * verdict, or without a kept case.
   *
   * @param statement id of the statement
   * @param proofs what theorems do for its readings
   * @param replay the command that finds the evidence again
   */
  public static Optional<ObjectNode> of(String statement, Evidence evidence, List<Proof> proofs, String replay) {
    List<KeptCase> cases = evidence.kept().stream().filter(kept -> !kept.findings().isEmpty()).toList();
    if (cases.isEmpty() || evidence.verdict() == Verdict.UNDECIDED || evidence.verdict() == Verdict.UNCHECKED) {
      return Optional.empty();
    }
    boolean values = cases.stream().flatMap(kept -> kept.findings().stream()).allMatch(f -> f instanceof Finding.Value);
    ObjectNode root = JSON.objectNode();
    root.put("format", FORMAT).put("statement", statement).put("reading", evidence.reading()).put("step", evidence.step())
        .put("check", evidence.check()).put("claim", evidence.text())
        .put("verdict", (values ? Verdict.DEFINED : evidence.verdict()).word());
    String argument = evidence.argument();
    if (argument != null) {
      root.put("argument", argument);
    }
    root.put("decided", evidence.cases()).put("replay", replay);
    List<Proof> about = evidence.step() > 0 ? List.of() : Proof.on(proofs, evidence.reading());
    if (!about.isEmpty()) {
      ArrayNode theorems = root.putArray("theorems");
      about.forEach(proof -> theorems.add(proof.json()));
    }
    ArrayNode list = root.putArray("cases");
    cases.forEach(kept -> list.add(new Case(kept).json()));
    return Optional.of(root.put("sha256", digest(root)));
  }

  /** SHA-256 of the compact serialisation, in UTF-8, of a certificate that has no digest yet. */
  static String digest(ObjectNode certificate) {
    try {
      return Sha256.hex(MAPPER.writeValueAsString(certificate));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** One case on its way to JSON; formulas that look the same are written once. */
  private static final class Case {
    private final KeptCase kept;
    private final Map<ExactMatrix, String> inputs = new LinkedHashMap<>();
    private final ArrayNode formulas = JSON.arrayNode();
    private final Map<Expression, Integer> known = new IdentityHashMap<>();
    private final Map<ObjectNode, Integer> written = new HashMap<>();

    Case(KeptCase kept) {
      this.kept = kept;
      kept.inputs().forEach((name, matrix) -> inputs.putIfAbsent(matrix, name));
    }

    ObjectNode json() {
      ObjectNode node = JSON.objectNode();
      ObjectNode named = node.putObject("inputs");
      kept.inputs().forEach((name, matrix) -> named.set(name, matrix(JSON.objectNode(), matrix)));
      node.set("formulas", formulas);
      ArrayNode findings = node.putArray("findings");
      kept.findings().forEach(finding -> findings.add(
          finding instanceof Finding.Decided decided ? json(decided.decision()) : json((Finding.Value) finding)));
      return node;
    }

    private ObjectNode json(Finding.Value value) {
      ObjectNode node = JSON.objectNode();
      node.put("name", value.name()).put("value", index(value.formula()));
      node.set("enclosures", enclosures(value.formula(), FIRST_BITS));
      return node;
    }

    private ObjectNode json(Decision decision) {
      Inequality inequality = decision.inequality();
      Inequality.Sides<Expression> sides = inequality.in(Expression.SYSTEM);
      ObjectNode node = JSON.objectNode();
      node.put("name", inequality.name()).put("left", index(sides.left())).put("relation", inequality.relation().symbol())
          .put("right", index(sides.right())).put("outcome", decision.fails() ? "fails" : "holds");
      if (decision.fails()) {
        node.putArray("at").add(decision.row()).add(decision.column());
      }
      int bits = Math.max(FIRST_BITS, decision.bits());
      node.set("left_enclosures", enclosures(sides.left(), bits));
      node.set("right_enclosures", enclosures(sides.right(), bits));
      return node;
    }

    /** Index of a formula among those written, which it joins if it is new; its parts come before it. */
    private int index(Expression formula) {
      Integer before = known.get(formula);
      if (before != null) {
        return before;
      }
      ObjectNode node = node(formula);
      Integer same = written.get(node);
      if (same == null) {
        same = formulas.size();
        formulas.add(node);
        written.put(node, same);
      }
      known.put(formula, same);
      return same;
    }

    private ObjectNode node(Expression expression) {
      Expression.Node formula = expression.node();
      ObjectNode node = JSON.objectNode();
      ExactMatrix constant = formula.constant();
      if (constant != null) {
        String name = inputs.get(constant);
        return name == null ? matrix(node.put("op", "constant"), constant) : node.put("op", "input").put("name", name);
      }
      node.put("op", formula.operation());
      if (!formula.operands().isEmpty()) {
        ArrayNode operands = JSON.arrayNode();
        formula.operands().forEach(operand -> operands.add(index(operand)));
        node.set("of", operands);
      }
      if (formula.operation().equals("gather")) {
        node.put("rows", expression.rows()).put("columns", expression.columns());
        ArrayNode source = node.putArray("source");
        for (int index : formula.source()) {
          source.add(index);
        }
      }
      return node;
    }
  }

  private static ObjectNode matrix(ObjectNode node, ExactMatrix matrix) {
    ArrayNode entries = node.put("rows", matrix.rows()).put("columns", matrix.columns()).putArray("entries");
    for (int e = 0; e < matrix.size(); e++) {
      BigFraction value = matrix.get(e).reduce();
      entries.add(value.getDenominator().equals(BigInteger.ONE) ? value.getNumerator().toString()
          : value.getNumerator() + "/" + value.getDenominator());
    }
    return node;
  }

  /** Enclosures of all entries: exact where the formula is rational, else with as many bits as they need. */
  private static ArrayNode enclosures(Expression formula, int bits) {
    ArrayNode list = null;
    try {
      list = enclosures(formula, Rational.INSTANCE, false);
    } catch (ArithmeticException notRational) {
      // An enclosure will do.
    }
    for (int more = bits; list == null; more *= 2) {
      if (more > MOST_BITS) {
        throw new IllegalStateException("a side of an inequality could not be enclosed to " + DIGITS + " digits");
      }
      // What stays around 0 with four times the bits is taken for 0.
      list = enclosures(formula, Ball.of(more), more >= 4 * bits);
    }
    return list;
  }

  /** The enclosures in a system, or {@code null} if some is too wide. */
  private static <M extends Certified<M>> @Nullable ArrayNode enclosures(
      Expression formula, CertifiedSystem<M> system, boolean aroundZero) {
    M value = formula.in(system);
    ArrayNode list = JSON.arrayNode();
    for (int e = 0; e < value.rows() * value.columns(); e++) {
      Interval enclosure = value.enclosure(e / value.columns(), e % value.columns());
      BigFraction lower = enclosure.lower();
      BigFraction upper = enclosure.upper();
      if (lower == null || upper == null) {
        return null;
      }
      String low = Decimals.scientific(lower, DIGITS, RoundingMode.FLOOR);
      String high = Decimals.scientific(upper, DIGITS, RoundingMode.CEILING);
      boolean zero = lower.compareTo(BigFraction.ZERO) <= 0 && upper.compareTo(BigFraction.ZERO) >= 0;
      if (!(low.equals(high) || (zero ? aroundZero : narrow(new BigDecimal(low), new BigDecimal(high))))) {
        return null;
      }
      list.addArray().add(low).add(high);
    }
    return list;
  }

  /** Whether two decimals are at most two units of the last of the digits apart. */
  private static boolean narrow(BigDecimal low, BigDecimal high) {
    BigDecimal larger = low.abs().max(high.abs());
    BigDecimal unit = larger.ulp().scaleByPowerOfTen(larger.precision() - DIGITS);
    return high.subtract(low).compareTo(unit.multiply(BigDecimal.valueOf(2))) <= 0;
  }
}
