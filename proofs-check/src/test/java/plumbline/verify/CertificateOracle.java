package plumbline.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.number.Ball;
import plumbline.reference.number.Rational;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.Interval;
import plumbline.spec.number.NotExactException;

/**
 * Whether what a certificate says is true, decided without the checker: by Plumbline's own number systems, exactly where
 * that can be and with enclosures of 1024 bits otherwise. What is left open, or does not make sense, is not true.
 */
final class CertificateOracle {
  private final JsonNode example;
  private final Map<Integer, List<Interval>> known = new HashMap<>();

  private CertificateOracle(JsonNode example) {
    this.example = example;
  }

  static boolean isTrue(JsonNode file) {
    if (file.has("argument") && !file.get("verdict").asText().equals("refuted")) {
      return false;
    }
    boolean counterexample = file.get("verdict").asText().equals("refuted") && !file.has("argument");
    try {
      for (JsonNode example : file.get("cases")) {
        int last = example.get("findings").size() - 1;
        for (int f = 0; f <= last; f++) {
          boolean fails = example.get("findings").get(f).path("outcome").asText().equals("fails");
          if (fails != (counterexample && f == last) || !new CertificateOracle(example).holds(f)) {
            return false;
          }
        }
        for (JsonNode input : example.get("inputs")) {
          FormulaTree.exact(input);
        }
        for (int node = 0; node < example.get("formulas").size(); node++) {
          new FormulaTree<>(example, Ball.of(64)).value(node);
        }
        if (last < 0) {
          return false;
        }
      }
      return file.get("cases").size() > 0;
    } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException | NullPointerException e) {
      return false; // a node that refers to nothing, shapes that do not fit, or a division by 0
    }
  }

  private boolean holds(int index) {
    JsonNode finding = example.get("findings").get(index);
    if (finding.has("value")) {
      return encloses(finding.get("enclosures"), entries(finding.get("value").intValue()));
    }
    int left = finding.get("left").intValue();
    int right = finding.get("right").intValue();
    List<Interval> x = entries(left);
    List<Interval> y = entries(right);
    int[] shape = shape(left);
    boolean same = shape[0] == shape(right)[0] && shape[1] == shape(right)[1];
    if (!same || !encloses(finding.get("left_enclosures"), x) || !encloses(finding.get("right_enclosures"), y)) {
      return false;
    }
    String relation = finding.get("relation").asText();
    if (finding.get("outcome").asText().equals("fails")) {
      int row = finding.get("at").get(0).intValue();
      int column = finding.get("at").get(1).intValue();
      int e = row * shape[1] + column;
      return row < shape[0] && column < shape[1] && fails(x.get(e), relation, y.get(e));
    }
    for (int e = 0; e < x.size(); e++) {
      if (!holds(x.get(e), relation, y.get(e))) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(Interval x, String relation, Interval y) {
    return switch (relation) {
      case "<" -> x.upper().compareTo(y.lower()) < 0;
      case "≤" -> x.upper().compareTo(y.lower()) <= 0;
      default -> x.isPoint() && y.isPoint() && x.lower().equals(y.lower());
    };
  }

  private static boolean fails(Interval x, String relation, Interval y) {
    return switch (relation) {
      case "<" -> x.lower().compareTo(y.upper()) >= 0;
      case "≤" -> x.lower().compareTo(y.upper()) > 0;
      default -> !x.intersects(y);
    };
  }

  private static boolean encloses(JsonNode claimed, List<Interval> values) {
    for (int e = 0; e < values.size(); e++) {
      BigDecimal lo = new BigDecimal(claimed.get(e).get(0).asText());
      BigDecimal hi = new BigDecimal(claimed.get(e).get(1).asText());
      if (breaksTheWidthRule(lo, hi)
          || !values.get(e).isFinite()
          || !new Interval(fraction(lo), fraction(hi)).contains(values.get(e))) {
        return false;
      }
    }
    return claimed.size() == values.size();
  }

  /** Whether the ends are in the wrong order, too long, or wider than two units of the larger end's 20th digit. */
  static boolean breaksTheWidthRule(BigDecimal lo, BigDecimal hi) {
    if (lo.compareTo(hi) > 0 || lo.precision() > 20 || hi.precision() > 20) {
      return true;
    }
    BigDecimal larger = lo.abs().compareTo(hi.abs()) > 0 ? lo : hi;
    BigDecimal unit = BigDecimal.ONE.scaleByPowerOfTen(larger.precision() - larger.scale() - 20);
    return lo.signum() * hi.signum() > 0 && hi.subtract(lo).compareTo(unit.add(unit)) > 0;
  }

  private static BigFraction fraction(BigDecimal value) {
    return value.scale() > 0
        ? new BigFraction(value.unscaledValue(), BigInteger.TEN.pow(value.scale()))
        : new BigFraction(value.toBigInteger());
  }

  private int[] shape(int node) {
    var value = new FormulaTree<>(example, Ball.of(64)).value(node);
    return new int[] {value.rows(), value.columns()};
  }

  private List<Interval> entries(int node) {
    return known.computeIfAbsent(node, key -> {
      try {
        return entries(node, Rational.INSTANCE);
      } catch (NotExactException e) {
        return entries(node, Ball.of(1024));
      }
    });
  }

  private <M extends Certified<M>> List<Interval> entries(int node, CertifiedSystem<M> system) {
    M value = new FormulaTree<>(example, system).value(node);
    List<Interval> entries = new ArrayList<>();
    for (int e = 0; e < value.rows() * value.columns(); e++) {
      entries.add(value.enclosure(e / value.columns(), e % value.columns()));
    }
    return entries;
  }
}
