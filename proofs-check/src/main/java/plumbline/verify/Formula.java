package plumbline.verify;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A matrix computed from the nodes {@code of}, or from numbers, or by taking entries. Entries are numbered row by row. */
record Formula(String op, int rows, int columns, List<Integer> of, List<Fraction> numbers, List<Integer> source) {
  private static final int LARGEST_SIDE = 1_000_000;
  private static final int MOST_DIGITS = 100_000;
  private static final Pattern NUMBER = Pattern.compile("(0|-?[1-9][0-9]*)(?:/([1-9][0-9]*))?");
  private static final Formula PI = new Formula("pi", 1, 1, List.of(), List.of(), List.of());
  private static final Map<String, Unary> UNARY = Map.of("negate", Arithmetic::negate, "square", Arithmetic::square,
      "exp", Arithmetic::exp, "log", Arithmetic::log, "sqrt", Arithmetic::sqrt, "abs", Arithmetic::abs, "relu", Arithmetic::relu);
  private static final Map<String, Binary> BINARY = Map.of("plus", Arithmetic::plus, "minus", Arithmetic::minus,
      "hadamard", Arithmetic::times, "dividedBy", Arithmetic::dividedBy, "max", Arithmetic::max);
  private static final List<String> OF_ROWS = List.of("maxOfRows", "softmaxRows");
  private static final List<String> OF_TWO = List.of("times", "above");
  /** An operation on the entries at one place. */
  private interface Unary { Interval apply(Arithmetic a, Interval x); }
  private interface Binary { Interval apply(Arithmetic a, Interval x, Interval y); }
  /** The entries of a matrix; one that has no enclosure raises a rejection that says why. */
  record Values(List<Supplier<Interval>> entries) {
    Interval get(int e) { return entries.get(e).get(); }
    int size() { return entries.size(); }
  }

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
    json.require(parts.group(2) == null || q.bitLength() > 1 && p.gcd(q).bitLength() == 1, "expected lowest terms");
    return new Fraction(p, q, 0);
  }
  /** Reads a node that may refer to earlier ones. */
  static Formula read(Json json, Map<String, Formula> inputs, List<Formula> earlier) {
    String op = json.get("op").text();
    if (op.equals("constant")) { return matrix(json.withKeys("op rows columns entries")); }
    if (op.equals("pi") && json.withKeys("op").keys().size() == 1) { return PI; }
    if (op.equals("input")) {
      String name = json.withKeys("op name").get("name").text();
      json.require(inputs.containsKey(name), "there is no input of that name");
      return inputs.getOrDefault(name, PI);
    }
    boolean isGather = op.equals("gather");
    int arity = UNARY.containsKey(op) || OF_ROWS.contains(op) || isGather ? 1 : 2;
    json.require(arity == 1 || BINARY.containsKey(op) || OF_TWO.contains(op), "unknown op");
    List<Json> operands = json.withKeys(isGather ? "op of rows columns source" : "op of").get("of").list(arity);
    List<Integer> of = operands.stream().map(each -> each.integer(0, earlier.size() - 1)).toList();
    Formula x = earlier.get(of.get(0));
    Formula y = earlier.get(of.get(arity - 1));
    boolean fits = OF_ROWS.contains(op) ? x.columns >= 1 : op.equals("times") ? x.columns == y.rows
        : x.columns == y.columns && (op.equals("above") ? x.rows + y.rows <= LARGEST_SIDE : x.rows == y.rows);
    json.require(fits, "no " + op + " of these shapes");
    int rows = isGather ? json.get("rows").integer(0, LARGEST_SIDE) : op.equals("above") ? x.rows + y.rows : x.rows;
    int columns = isGather ? json.get("columns").integer(0, LARGEST_SIDE) : op.equals("maxOfRows") ? 1 : y.columns;
    int last = (int) Math.min(x.size(), Integer.MAX_VALUE) - 1;
    List<Json> source = isGather ? json.get("source").list((long) rows * columns) : List.of();
    return new Formula(op, rows, columns, of, List.of(), source.stream().map(each -> each.integer(-1, last)).toList());
  }
  /** Enclosures of every entry of every node. */
  static List<Values> evaluate(List<Formula> nodes, Arithmetic arithmetic) {
    List<Values> values = new ArrayList<>();
    for (Formula node : nodes) {
      List<Supplier<Interval>> entries = new ArrayList<>();
      Values x = node.of.isEmpty() ? new Values(entries) : values.get(node.of.get(0));
      Values y = node.of.isEmpty() ? x : values.get(node.of.get(node.of.size() - 1));
      int inner = node.of.isEmpty() ? 0 : nodes.get(node.of.get(0)).columns;
      for (int e = 0; e < node.size(); e++) {
        try {
          Interval value = node.entry(e, x, y, inner, arithmetic);
          entries.add(() -> value);
        } catch (Rejection why) {
          entries.add(() -> { throw why; });
        }
      }
      values.add(new Values(entries));
    }
    return values;
  }
  /** Entry e, for operands with values x and y of which the first has {@code inner} columns. */
  @SuppressWarnings("nullness") // read admits no other op
  private Interval entry(int e, Values x, Values y, int inner, Arithmetic a) {
    int row = columns == 0 ? 0 : e / columns * inner;
    return switch (op) {
      case "constant" -> a.hull(numbers.get(e));
      case "pi" -> a.pi();
      case "above" -> e < x.size() ? x.get(e) : y.get(e - x.size());
      case "gather" -> source.get(e) < 0 ? Interval.of(0) : x.get(source.get(e));
      case "maxOfRows" -> IntStream.range(row, row + inner).mapToObj(x::get).reduce(a::max).orElseThrow();
      case "softmaxRows" -> { // entry j is 1 / Σ_k exp(z_k − z_j), where the summand k = j is 1
        IntStream others = IntStream.range(row, row + inner).filter(k -> k != e);
        yield a.dividedBy(Interval.of(1), others.mapToObj(k -> a.exp(a.minus(x.get(k), x.get(e)))).reduce(Interval.of(1), a::plus));
      }
      case "times" -> IntStream.range(0, inner).mapToObj(k -> a.times(x.get(row + k), y.get(k * columns + e % columns)))
          .reduce(Interval.of(0), a::plus);
      default -> UNARY.containsKey(op) ? UNARY.get(op).apply(a, x.get(e)) : BINARY.get(op).apply(a, x.get(e), y.get(e));
    };
  }
}
