package plumbline.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/** The formulas of a certificate's case, evaluated by Plumbline's own number systems. */
final class FormulaTree {
  private FormulaTree() {}

  static <M extends Matrix<M>> List<M> evaluate(JsonNode example, NumberSystem<M> system) {
    List<M> values = new ArrayList<>();
    for (JsonNode node : example.get("formulas")) {
      values.add(evaluate(node, example.get("inputs"), values, system));
    }
    return values;
  }

  private static <M extends Matrix<M>> M evaluate(JsonNode node, JsonNode inputs, List<M> values, NumberSystem<M> system) {
    String op = node.get("op").asText();
    M x = node.has("of") ? values.get(node.get("of").get(0).intValue()) : null;
    M y = node.has("of") && node.get("of").size() == 2 ? values.get(node.get("of").get(1).intValue()) : null;
    return switch (op) {
      case "constant" -> system.lift(exact(node));
      case "input" -> system.lift(exact(inputs.get(node.get("name").asText())));
      case "pi" -> system.pi();
      case "negate" -> x.negate();
      case "square" -> x.square();
      case "exp" -> x.exp();
      case "log" -> x.log();
      case "sqrt" -> x.sqrt();
      case "abs" -> x.abs();
      case "relu" -> x.relu();
      case "maxOfRows" -> x.maxOfRows();
      case "softmaxRows" -> x.softmaxRows();
      case "plus" -> x.plus(y);
      case "minus" -> x.minus(y);
      case "hadamard" -> x.hadamard(y);
      case "dividedBy" -> x.dividedBy(y);
      case "max" -> x.max(y);
      case "times" -> x.times(y);
      case "above" -> x.above(y);
      case "gather" -> {
        int[] source = new int[node.get("source").size()];
        for (int e = 0; e < source.length; e++) {
          source[e] = node.get("source").get(e).intValue();
        }
        yield x.gather(node.get("rows").intValue(), node.get("columns").intValue(), source);
      }
      default -> throw new IllegalArgumentException(op);
    };
  }

  private static ExactMatrix exact(JsonNode matrix) {
    List<BigFraction> entries = new ArrayList<>();
    for (JsonNode entry : matrix.get("entries")) {
      String[] parts = entry.asText().split("/");
      java.math.BigInteger p = new java.math.BigInteger(parts[0]);
      entries.add(parts.length == 1 ? new BigFraction(p) : new BigFraction(p, new java.math.BigInteger(parts[1])));
    }
    return ExactMatrix.of(matrix.get("rows").intValue(), matrix.get("columns").intValue(),
        entries.toArray(BigFraction[]::new));
  }
}
