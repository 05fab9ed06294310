package plumbline.properties.semantics;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;
import plumbline.spec.number.Shape;

/**
 * Layers on variables instead of numbers: every entry is a formula in the variables of {@link #variables}, in a normal form.
 * Two entries with the same normal form are equal for <em>all</em> values of the variables; weights may be variables too.
 *
 * <p>An entry is a linear combination, with rational coefficients, of products and of values of functions. Used are the
 * vector space laws, that products commute, that a softmax or a maximum does not depend on the order of the other entries of
 * its row, and that a function has equal values at equal arguments; nothing else. So different normal forms say nothing.
 */
public final class Formal implements NumberSystem<Formal.Formulas> {
  /** Stands for the number 1 in a linear combination. */
  private static final int ONE = 0;

  /** A product or the value of a function; operands are numbers of combinations. */
  private record Atom(String operation, List<Integer> operands) {}

  private final Map<BigFraction, Integer> variables = new HashMap<>();
  private final Map<Atom, Integer> atoms = new HashMap<>(Map.of(new Atom("1", List.of()), ONE));
  private final Map<SortedMap<Integer, BigFraction>, Integer> combinations = new HashMap<>();

  /**
   * A matrix of variables not used before. Each is represented by a number that stands for it in whatever is lifted into
   * this system, and for nothing else: 1/(2²⁰⁰ + k).
   */
  public ExactMatrix variables(int rows, int columns) {
    BigFraction[] values = new BigFraction[rows * columns];
    Arrays.setAll(values, e -> {
      int k = variables.size();
      BigFraction name = new BigFraction(BigInteger.ONE, BigInteger.ONE.shiftLeft(200).add(BigInteger.valueOf(k + 1L)));
      variables.put(name, atom("variable", List.of(-1 - k)));
      return name;
    });
    return ExactMatrix.of(rows, columns, values);
  }

  @Override
  public String name() {
    return "formal";
  }

  @Override
  public Formulas lift(ExactMatrix exact) {
    List<SortedMap<Integer, BigFraction>> entries = new ArrayList<>(exact.size());
    for (int e = 0; e < exact.size(); e++) {
      Integer variable = variables.get(exact.get(e));
      entries.add(variable == null ? multiple(ONE, exact.get(e)) : multiple(variable, BigFraction.ONE));
    }
    return new Formulas(this, exact.rows(), exact.columns(), entries);
  }

  @Override
  public Formulas pi() {
    return new Formulas(this, 1, 1, List.of(multiple(atom("pi", List.of()), BigFraction.ONE)));
  }

  private int atom(String operation, List<Integer> operands) {
    return atoms.computeIfAbsent(new Atom(operation, operands), atom -> atoms.size());
  }

  private int number(SortedMap<Integer, BigFraction> combination) {
    return combinations.computeIfAbsent(combination, c -> combinations.size());
  }

  private static SortedMap<Integer, BigFraction> multiple(int atom, BigFraction factor) {
    return factor.compareTo(BigFraction.ZERO) == 0 ? new TreeMap<>() : new TreeMap<>(Map.of(atom, factor));
  }

  /** x + factor·y. */
  private static SortedMap<Integer, BigFraction> combine(
      SortedMap<Integer, BigFraction> x, SortedMap<Integer, BigFraction> y, BigFraction factor) {
    SortedMap<Integer, BigFraction> sum = new TreeMap<>(x);
    y.forEach((atom, coefficient) -> {
      BigFraction total = sum.getOrDefault(atom, BigFraction.ZERO).add(coefficient.multiply(factor));
      if (total.compareTo(BigFraction.ZERO) == 0) {
        sum.remove(atom);
      } else {
        sum.put(atom, total);
      }
    });
    return sum;
  }

  private static boolean isNumber(SortedMap<Integer, BigFraction> x) {
    return x.isEmpty() || (x.size() == 1 && x.firstKey() == ONE);
  }

  private SortedMap<Integer, BigFraction> product(SortedMap<Integer, BigFraction> x, SortedMap<Integer, BigFraction> y) {
    if (isNumber(y)) {
      return combine(new TreeMap<>(), x, y.getOrDefault(ONE, BigFraction.ZERO));
    }
    return isNumber(x) ? product(y, x) : symmetric("product", List.of(x, y));
  }

  private SortedMap<Integer, BigFraction> function(String operation, List<SortedMap<Integer, BigFraction>> operands) {
    return multiple(atom(operation, operands.stream().map(this::number).toList()), BigFraction.ONE);
  }

  /** A function whose operands may be permuted. */
  private SortedMap<Integer, BigFraction> symmetric(String operation, List<SortedMap<Integer, BigFraction>> operands) {
    return multiple(atom(operation, operands.stream().map(this::number).sorted().toList()), BigFraction.ONE);
  }

  /** A matrix of formulas. */
  public static final class Formulas implements Matrix<Formulas> {
    private final Formal system;
    private final int rows;
    private final int columns;
    private final List<SortedMap<Integer, BigFraction>> entries;

    private Formulas(Formal system, int rows, int columns, List<SortedMap<Integer, BigFraction>> entries) {
      this.system = system;
      this.rows = rows;
      this.columns = columns;
      this.entries = entries;
    }

    /** How many rows differ in their normal form; 1 if all rows are equal whatever the variables are. */
    public int distinctRows() {
      Set<List<SortedMap<Integer, BigFraction>>> distinct = new HashSet<>();
      for (int i = 0; i < rows; i++) {
        distinct.add(entries.subList(i * columns, (i + 1) * columns));
      }
      return distinct.size();
    }

    @Override
    public int rows() {
      return rows;
    }

    @Override
    public int columns() {
      return columns;
    }

    @Override
    public NumberSystem<Formulas> system() {
      return system;
    }

    private SortedMap<Integer, BigFraction> at(int row, int column) {
      return entries.get(row * columns + column);
    }

    private interface Binary {
      SortedMap<Integer, BigFraction> apply(SortedMap<Integer, BigFraction> x, SortedMap<Integer, BigFraction> y);
    }

    private Formulas entrywise(String word, Formulas other, Binary operation) {
      Shape.requireSame(word, this, other);
      List<SortedMap<Integer, BigFraction>> result = new ArrayList<>(entries.size());
      for (int e = 0; e < entries.size(); e++) {
        result.add(operation.apply(entries.get(e), other.entries.get(e)));
      }
      return new Formulas(system, rows, columns, result);
    }

    private Formulas unary(String operation) {
      return new Formulas(system, rows, columns, entries.stream().map(x -> system.function(operation, List.of(x))).toList());
    }

    @Override
    public Formulas plus(Formulas other) {
      return entrywise("sum", other, (x, y) -> combine(x, y, BigFraction.ONE));
    }

    @Override
    public Formulas minus(Formulas other) {
      return entrywise("difference", other, (x, y) -> combine(x, y, BigFraction.MINUS_ONE));
    }

    @Override
    public Formulas negate() {
      return minus(this).minus(this);
    }

    @Override
    public Formulas hadamard(Formulas other) {
      return entrywise("entrywise product", other, system::product);
    }

    @Override
    public Formulas square() {
      return hadamard(this);
    }

    @Override
    public Formulas dividedBy(Formulas divisor) {
      return entrywise("quotient", divisor, (x, y) -> system.function("quotient", List.of(x, y)));
    }

    @Override
    public Formulas times(Formulas right) {
      Shape.requireProduct(this, right);
      List<SortedMap<Integer, BigFraction>> result = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < right.columns; j++) {
          SortedMap<Integer, BigFraction> entry = Collections.emptySortedMap();
          for (int k = 0; k < columns; k++) {
            entry = combine(entry, system.product(at(i, k), right.at(k, j)), BigFraction.ONE);
          }
          result.add(entry);
        }
      }
      return new Formulas(system, rows, right.columns, result);
    }

    @Override
    public Formulas exp() {
      return unary("exp");
    }

    @Override
    public Formulas log() {
      return unary("log");
    }

    @Override
    public Formulas sqrt() {
      return unary("sqrt");
    }

    @Override
    public Formulas erf() {
      return unary("erf");
    }

    @Override
    public Formulas abs() {
      return unary("abs");
    }

    @Override
    public Formulas max(Formulas other) {
      return entrywise("maximum", other, (x, y) -> system.symmetric("max", List.of(x, y)));
    }

    @Override
    public Formulas relu() {
      return unary("relu");
    }

    @Override
    public Formulas maxOfRows() {
      Shape.requireColumns("maximum", this);
      List<SortedMap<Integer, BigFraction>> result = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        result.add(system.symmetric("max", entries.subList(i * columns, (i + 1) * columns)));
      }
      return new Formulas(system, rows, 1, result);
    }

    /** An entry of a softmax is a function of its own score and of the scores of its row in any order. */
    @Override
    public Formulas softmaxRows() {
      Shape.requireColumns("softmax", this);
      List<SortedMap<Integer, BigFraction>> result = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        SortedMap<Integer, BigFraction> row = system.symmetric("row", entries.subList(i * columns, (i + 1) * columns));
        for (int j = 0; j < columns; j++) {
          result.add(system.function("softmax", List.of(at(i, j), row)));
        }
      }
      return new Formulas(system, rows, columns, result);
    }

    @Override
    public Formulas gather(int rows, int columns, int[] source) {
      Shape.requireSource(rows, columns, source, entries.size());
      List<SortedMap<Integer, BigFraction>> result = new ArrayList<>(source.length);
      for (int index : source) {
        result.add(index < 0 ? Collections.emptySortedMap() : entries.get(index));
      }
      return new Formulas(system, rows, columns, result);
    }

    @Override
    public Formulas above(Formulas below) {
      Shape.requireStackable(this, below);
      List<SortedMap<Integer, BigFraction>> result = new ArrayList<>(entries);
      result.addAll(below.entries);
      return new Formulas(system, rows + below.rows, columns, result);
    }

    /** The shape; formulas may be large. */
    @Override
    public String toString() {
      return "formulas " + Shape.of(this);
    }
  }
}
