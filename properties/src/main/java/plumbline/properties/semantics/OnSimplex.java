package plumbline.properties.semantics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NotExactException;
import plumbline.spec.number.NumberSystem;

/**
 * A matrix of functions that are affine on one simplex, kept as their exact values at its vertices. Layers that are
 * piecewise affine, such as feed-forward layers and attention with constant scores, apply to it as they are: every operation
 * gives the affine functions that it leads to on the whole simplex, or raises {@link Kink} where it leads to none.
 */
final class OnSimplex implements Matrix<OnSimplex> {

  /** An operation bends inside the simplex: the place where, on one of its edges. */
  static final class Kink extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int from;
    private final int to;
    private final transient BigFraction fraction;

    Kink(int from, int to, BigFraction fraction) {
      super("a kink between vertices " + from + " and " + to, null, false, false);
      this.from = from;
      this.to = to;
      this.fraction = fraction;
    }

    /** The vertex where the edge begins. */
    int from() {
      return from;
    }

    /** The vertex where it ends. */
    int to() {
      return to;
    }

    /** How much of the edge lies before the kink; strictly between 0 and 1. */
    BigFraction fraction() {
      return fraction;
    }
  }

  /**
   * Functions on a simplex.
   *
   * @param vertices how many vertices it has
   */
  private record System(int vertices) implements NumberSystem<OnSimplex> {
    @Override
    public String name() {
      return "affine on a simplex";
    }

    @Override
    public OnSimplex lift(ExactMatrix exact) {
      RationalMatrix constant = Rational.INSTANCE.lift(exact);
      List<RationalMatrix> values = new ArrayList<>(vertices);
      for (int v = 0; v < vertices; v++) {
        values.add(constant);
      }
      return new OnSimplex(values);
    }

    @Override
    public OnSimplex pi() {
      throw new NotExactException("π is not rational");
    }
  }

  private final List<RationalMatrix> values;

  private OnSimplex(List<RationalMatrix> values) {
    this.values = values;
  }

  /** The coordinates of the points of a simplex, which are affine functions on it. */
  static OnSimplex points(List<ExactMatrix> vertices) {
    return new OnSimplex(vertices.stream().map(Rational.INSTANCE::lift).toList());
  }

  @Override
  public int rows() {
    return values.get(0).rows();
  }

  @Override
  public int columns() {
    return values.get(0).columns();
  }

  @Override
  public NumberSystem<OnSimplex> system() {
    return new System(values.size());
  }

  /** Whether every entry is zero on the whole simplex. */
  boolean isZero() {
    return values.stream().allMatch(OnSimplex::isZero);
  }

  private static boolean isZero(RationalMatrix matrix) {
    for (int e = 0; e < matrix.rows() * matrix.columns(); e++) {
      if (matrix.signOfLower(e / matrix.columns(), e % matrix.columns()) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether every entry has the same value at all vertices. */
  private boolean constant() {
    RationalMatrix first = values.get(0);
    return values.stream().allMatch(other -> other == first || isZero(other.minus(first)));
  }

  /** An operation that takes affine functions to affine functions. */
  private OnSimplex map(UnaryOperator<RationalMatrix> operation) {
    return new OnSimplex(values.stream().map(operation).toList());
  }

  private OnSimplex map(OnSimplex other, BinaryOperator<RationalMatrix> operation) {
    List<RationalMatrix> results = new ArrayList<>(values.size());
    for (int v = 0; v < values.size(); v++) {
      results.add(operation.apply(values.get(v), other.values.get(v)));
    }
    return new OnSimplex(results);
  }

  private OnSimplex ofConstant(String operation, UnaryOperator<RationalMatrix> function) {
    if (!constant()) {
      throw new NotExactException("the " + operation + " of a function that varies is not affine");
    }
    return map(function);
  }

  private OnSimplex product(OnSimplex other, BinaryOperator<RationalMatrix> product) {
    if (!constant() && !other.constant()) {
      throw new NotExactException("a product of two functions that vary is not affine");
    }
    return map(other, product);
  }

  /** This, where no entry changes its sign on the simplex. */
  private OnSimplex oneSigned() {
    int m = columns();
    for (int e = 0; e < rows() * m; e++) {
      int positive = -1;
      int negative = -1;
      for (int v = 0; v < values.size(); v++) {
        int sign = values.get(v).signOfLower(e / m, e % m);
        positive = sign > 0 ? v : positive;
        negative = sign < 0 ? v : negative;
      }
      if (positive >= 0 && negative >= 0) {
        BigFraction above = values.get(positive).get(e / m, e % m);
        BigFraction below = values.get(negative).get(e / m, e % m);
        throw new Kink(positive, negative, above.divide(above.subtract(below)));
      }
    }
    return this;
  }

  @Override
  public OnSimplex plus(OnSimplex other) {
    return map(other, RationalMatrix::plus);
  }

  @Override
  public OnSimplex minus(OnSimplex other) {
    return map(other, RationalMatrix::minus);
  }

  @Override
  public OnSimplex negate() {
    return map(RationalMatrix::negate);
  }

  @Override
  public OnSimplex hadamard(OnSimplex other) {
    return product(other, RationalMatrix::hadamard);
  }

  @Override
  public OnSimplex square() {
    return ofConstant("square", RationalMatrix::square);
  }

  @Override
  public OnSimplex dividedBy(OnSimplex divisor) {
    if (!divisor.constant()) {
      throw new NotExactException("a quotient by a function that varies is not affine");
    }
    return map(divisor, RationalMatrix::dividedBy);
  }

  @Override
  public OnSimplex times(OnSimplex right) {
    return product(right, RationalMatrix::times);
  }

  @Override
  public OnSimplex exp() {
    return ofConstant("exponential", RationalMatrix::exp);
  }

  @Override
  public OnSimplex log() {
    return ofConstant("logarithm", RationalMatrix::log);
  }

  @Override
  public OnSimplex sqrt() {
    return ofConstant("square root", RationalMatrix::sqrt);
  }

  @Override
  public OnSimplex erf() {
    return ofConstant("error function", RationalMatrix::erf);
  }

  @Override
  public OnSimplex abs() {
    return oneSigned().map(RationalMatrix::abs);
  }

  @Override
  public OnSimplex max(OnSimplex other) {
    return other.plus(minus(other).relu());
  }

  @Override
  public OnSimplex relu() {
    return oneSigned().map(RationalMatrix::relu);
  }

  @Override
  public OnSimplex maxOfRows() {
    OnSimplex largest = columnRange(0, 1);
    for (int j = 1; j < columns(); j++) {
      largest = largest.max(columnRange(j, j + 1));
    }
    return largest;
  }

  @Override
  public OnSimplex softmaxRows() {
    return ofConstant("softmax", RationalMatrix::softmaxRows);
  }

  @Override
  public OnSimplex gather(int rows, int columns, int[] source) {
    return map(matrix -> matrix.gather(rows, columns, source));
  }

  @Override
  public OnSimplex above(OnSimplex below) {
    return map(below, RationalMatrix::above);
  }
}
