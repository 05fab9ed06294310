package plumbline.verify;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A matrix computed from the nodes {@code of}, or from numbers, or by taking entries. Entries are numbered row by row. */
record Formula(String op, int rows, int columns, List<Integer> of, List<Fraction> numbers, List<Integer> source) {
  private static final Formula PI = new Formula("pi", 1, 1, List.of(), List.of(), List.of());
  private static final int LARGEST_SIDE = 1_000_000;
  private static final int MOST_DIGITS = 100_000;
  private static final Pattern NUMBER = Pattern.compile("(0|-?[1-9][0-9]*)(?:/([1-9][0-9]*))?");
  private static final Set<String> UNARY =
      Set.of("negate", "square", "exp", "log", "sqrt", "abs", "relu", "maxOfRows", "softmaxRows");
  private static final Set<String> BINARY = Set.of("plus", "minus", "hadamard", "dividedBy", "max", "times", "above");

  long size() { return (long) rows * columns; }

  /** A constant or an input. */
  static Formula matrix(Json json) {
    int rows = json.get("rows").integer(0, LARGEST_SIDE);
    int columns = json.get("columns").integer(0, LARGEST_SIDE);
    List<Json> entries = json.get("entries").list((long) rows * columns);
    return new Formula("constant", rows, columns, List.of(), entries.stream().map(Formula::number).toList(), List.of());
  }

  /** An integer, or p/q in lowest terms with q > 1. */
  private static Fraction number(Json json) {
    Matcher parts = NUMBER.matcher(json.text());
    json.require(json.text().length() <= MOST_DIGITS && parts.matches(), "expected an integer or a fraction p/q");
    BigInteger p = new BigInteger(Optional.ofNullable(parts.group(1)).orElse(""));
    BigInteger q = new BigInteger(Optional.ofNullable(parts.group(2)).orElse("1"));
    boolean whole = parts.group(2) == null;
    json.require(whole || q.bitLength() > 1 && p.gcd(q).bitLength() == 1, "expected a fraction in lowest terms");
    return new Fraction(p, q, 0);
  }

  /** Reads a node that may refer to earlier ones. */
  static Formula read(Json json, Map<String, Formula> inputs, List<Formula> earlier) {
    String op = json.get("op").text();
    if (op.equals("constant")) {
      return matrix(json.withKeys("op rows columns entries"));
    } else if (op.equals("input")) {
      String name = json.withKeys("op name").get("name").text();
      json.require(inputs.containsKey(name), "there is no input of that name");
      return inputs.getOrDefault(name, PI);
    } else if (op.equals("pi")) {
      json.withKeys("op");
      return PI;
    }
    boolean gather = op.equals("gather");
    json.require(gather || UNARY.contains(op) || BINARY.contains(op), "unknown op");
    Json node = gather ? json.withKeys("op of rows columns source") : json.withKeys("op of");
    List<Json> operands = node.get("of").list(BINARY.contains(op) ? 2 : 1);
    List<Integer> of = operands.stream().map(each -> each.integer(0, earlier.size() - 1)).toList();
    Formula x = earlier.get(of.get(0));
    Formula y = earlier.get(of.get(of.size() - 1));
    boolean fits = switch (op) {
      case "maxOfRows", "softmaxRows" -> x.columns >= 1;
      case "times" -> x.columns == y.rows;
      case "above" -> x.columns == y.columns && x.rows + y.rows <= LARGEST_SIDE;
      default -> x.rows == y.rows && x.columns == y.columns;
    };
    node.require(fits, "no " + op + " of these shapes");
    int rows = gather ? node.get("rows").integer(0, LARGEST_SIDE) : op.equals("above") ? x.rows + y.rows : x.rows;
    int columns = gather ? node.get("columns").integer(0, LARGEST_SIDE) : op.equals("maxOfRows") ? 1 : y.columns;
    int last = (int) Math.min(x.size(), Integer.MAX_VALUE) - 1;
    List<Json> source = gather ? node.get("source").list((long) rows * columns) : List.of();
    return new Formula(op, rows, columns, of, List.of(), source.stream().map(each -> each.integer(-1, last)).toList());
  }

  /** Enclosures of every entry of every node. */
  static List<List<Interval>> evaluate(List<Formula> nodes, Arithmetic arithmetic) {
    List<List<Interval>> values = new ArrayList<>();
    for (Formula node : nodes) {
      List<List<Interval>> operands = node.of.stream().map(values::get).toList();
      List<Interval> x = operands.isEmpty() ? List.of() : operands.get(0);
      List<Interval> y = operands.isEmpty() ? List.of() : operands.get(operands.size() - 1);
      int inner = node.of.isEmpty() ? 0 : nodes.get(node.of.get(0)).columns;
      List<Interval> entries = new ArrayList<>();
      for (int e = 0; e < node.size(); e++) {
        try {
          entries.add(node.entry(e, x, y, inner, arithmetic));
        } catch (Rejection why) {
          entries.add(new Interval(Fraction.ZERO, Fraction.ZERO, Optional.of(why)));
        }
      }
      values.add(entries);
    }
    return values;
  }

  /** Entry e, for operands x and y of which the first has {@code inner} columns. */
  private Interval entry(int e, List<Interval> x, List<Interval> y, int inner, Arithmetic a) {
    return switch (op) {
      case "constant" -> a.hull(numbers.get(e));
      case "pi" -> a.pi();
      case "negate" -> a.negate(x.get(e));
      case "square" -> a.square(x.get(e));
      case "exp" -> a.exp(x.get(e));
      case "log" -> a.log(x.get(e));
      case "sqrt" -> a.sqrt(x.get(e));
      case "abs" -> a.abs(x.get(e));
      case "relu" -> a.max(x.get(e), Interval.of(0));
      case "plus" -> a.plus(x.get(e), y.get(e));
      case "minus" -> a.minus(x.get(e), y.get(e));
      case "hadamard" -> a.times(x.get(e), y.get(e));
      case "dividedBy" -> a.dividedBy(x.get(e), y.get(e));
      case "max" -> a.max(x.get(e), y.get(e));
      case "above" -> e < x.size() ? x.get(e) : y.get(e - x.size());
      case "gather" -> source.get(e) < 0 ? Interval.of(0) : x.get(source.get(e));
      case "maxOfRows" -> x.subList(e * inner, (e + 1) * inner).stream().reduce(a::max).orElseThrow();
      case "softmaxRows" -> a.softmax(x.subList(e / inner * inner, (e / inner + 1) * inner), e % inner);
      case "times" -> {
        Interval sum = Interval.of(0);
        for (int k = 0; k < inner; k++) {
          sum = a.plus(sum, a.times(x.get(e / columns * inner + k), y.get(k * columns + e % columns)));
        }
        yield sum;
      }
      default -> throw new IllegalStateException(op);
    };
  }
}
