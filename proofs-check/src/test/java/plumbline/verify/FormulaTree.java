package plumbline.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/** The formulas of a certificate's case, evaluated by one of Plumbline's own number systems as far as they are needed. */
final class FormulaTree<M extends Matrix<M>> {
  private final JsonNode example;
  private final NumberSystem<M> system;
  private final Map<Integer, M> known = new HashMap<>();

  FormulaTree(JsonNode example, NumberSystem<M> system) {
    this.example = example;
    this.system = system;
  }

  M value(int node) {
    M value = known.get(node);
    if (value == null) {
      value = evaluate(node);
      known.put(node, value);
    }
    return value;
  }

  private M operand(int node, int which) {
    int operand = example.get("formulas").get(node).get("of").get(which).intValue();
    if (operand < 0 || operand >= node) {
      throw new IllegalArgumentException("operand " + operand + " of node " + node);
    }
    return value(operand);
  }

  private M evaluate(int index) {
    JsonNode node = example.get("formulas").get(index);
    int arity = node.path("of").size();
    M x = arity > 0 ? operand(index, 0) : null;
    M y = arity > 1 ? operand(index, 1) : null;
    return switch (node.get("op").asText()) {
      case "constant" -> system.lift(exact(node));
      case "input" -> system.lift(exact(example.get("inputs").get(node.get("name").asText())));
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
          if (source[e] < -1 || source[e] >= x.rows() * x.columns()) {
            throw new IllegalArgumentException("source " + source[e]);
          }
        }
        if (source.length != node.get("rows").intValue() * node.get("columns").intValue()) {
          throw new IllegalArgumentException("size of gather");
        }
        yield x.gather(node.get("rows").intValue(), node.get("columns").intValue(), source);
      }
      default -> throw new IllegalArgumentException(node.toString());
    };
  }

  static ExactMatrix exact(JsonNode matrix) {
    List<BigFraction> entries = new ArrayList<>();
    for (JsonNode entry : matrix.get("entries")) {
      String[] parts = entry.asText().split("/");
      BigInteger p = new BigInteger(parts[0]);
      BigInteger q = parts.length == 1 ? BigInteger.ONE : new BigInteger(parts[1]);
      if (!(q.equals(BigInteger.ONE) ? p.toString() : p + "/" + q).equals(entry.asText()) || !p.gcd(q).equals(BigInteger.ONE)) {
        throw new IllegalArgumentException("not in lowest terms: " + entry);
      }
      entries.add(new BigFraction(p, q));
    }
    return ExactMatrix.of(matrix.get("rows").intValue(), matrix.get("columns").intValue(),
        entries.toArray(BigFraction[]::new));
  }
}
