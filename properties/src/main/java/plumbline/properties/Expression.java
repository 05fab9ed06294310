package plumbline.properties;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.claim.Inequality;
import plumbline.spec.claim.Relation;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;
import plumbline.spec.number.Shape;

/**
 * A matrix formula over exact constants that is written down, not computed: it can be evaluated in any number system.
 * Since it is itself a {@link Matrix}, layers apply to it and give the formula of their result; so both sides of an
 * {@link Inequality} are written as one would compute them.
 *
 * <p>Shapes are checked when the formula is written. A part that is used twice is evaluated once.
 */
public final class Expression implements Matrix<Expression> {

  /** Where formulas come from: constants. */
  public static final NumberSystem<Expression> SYSTEM = new NumberSystem<>() {
    @Override
    public String name() {
      return "expression";
    }

    @Override
    public Expression lift(ExactMatrix exact) {
      return of(exact);
    }

    @Override
    public Expression pi() {
      return new Expression(1, 1, new Node("pi", List.of(), null, NO_SOURCE), new Operation() {
        @Override
        public <M extends Matrix<M>> M apply(NumberSystem<M> system, List<M> operands) {
          return system.pi();
        }
      });
    }
  };

  /** The outermost operation of a formula, to be done in any number system. */
  private interface Operation {
    <M extends Matrix<M>> M apply(NumberSystem<M> system, List<M> operands);
  }

  /** An operation on one matrix; implemented by a reference to a generic method. */
  private interface Unary {
    <M extends Matrix<M>> M apply(M x);
  }

  /** An operation on two matrices. */
  private interface Binary {
    <M extends Matrix<M>> M apply(M x, M y);
  }

  /**
   * The outermost operation of a formula, for programs that read it.
   *
   * @param operation {@code constant}, {@code pi}, or the name of the primitive of {@link Matrix}
   * @param operands what it is applied to
   * @param constant the value of a constant, else {@code null}
   * @param source the source of a {@code gather}, not to be changed; else empty
   */
  public record Node(String operation, List<Expression> operands, @Nullable ExactMatrix constant, int[] source) {}

  private static final int[] NO_SOURCE = {};

  private final int rows;
  private final int columns;
  private final Node node;
  private final Operation operation;

  private Expression(int rows, int columns, Node node, Operation operation) {
    this.rows = rows;
    this.columns = columns;
    this.node = node;
    this.operation = operation;
  }

  /** The outermost operation. Formulas that share a part share the object. */
  public Node node() {
    return node;
  }

  /** A constant. */
  public static Expression of(ExactMatrix exact) {
    return new Expression(exact.rows(), exact.columns(), new Node("constant", List.of(), exact, NO_SOURCE), new Operation() {
      @Override
      public <M extends Matrix<M>> M apply(NumberSystem<M> system, List<M> operands) {
        return system.lift(exact);
      }
    });
  }

  /** A constant number, 1×1. */
  public static Expression of(BigFraction value) {
    return of(ExactMatrix.of(1, 1, value));
  }

  /** A constant integer, 1×1. */
  public static Expression of(long value) {
    return of(ExactMatrix.ofIntegers(1, 1, value));
  }

  /** The circle constant π, 1×1. */
  public static Expression pi() {
    return SYSTEM.pi();
  }

  /** The value of this formula in a number system. */
  public <M extends Matrix<M>> M in(NumberSystem<M> system) {
    return evaluate(system, new IdentityHashMap<>());
  }

  private <M extends Matrix<M>> M evaluate(NumberSystem<M> system, Map<Expression, M> known) {
    M value = known.get(this);
    if (value == null) {
      List<M> values = new ArrayList<>(node.operands.size());
      for (Expression operand : node.operands) {
        values.add(operand.evaluate(system, known));
      }
      value = operation.apply(system, values);
      known.put(this, value);
    }
    return value;
  }

  /** The claim {@code this < right}, of every entry. */
  public Inequality lessThan(Expression right, String name) {
    return inequality(Relation.LESS, right, name);
  }

  /** The claim {@code this ≤ right}, of every entry. */
  public Inequality atMost(Expression right, String name) {
    return inequality(Relation.LESS_OR_EQUAL, right, name);
  }

  /** The claim {@code this = right}, of every entry; decidable for rational formulas only. */
  public Inequality equalTo(Expression right, String name) {
    return inequality(Relation.EQUAL, right, name);
  }

  private Inequality inequality(Relation relation, Expression right, String name) {
    Shape.requireSame(name, this, right);
    Expression left = this;
    return new Inequality(name, relation) {
      @Override
      public <M extends Matrix<M>> Sides<M> in(NumberSystem<M> system) {
        Map<Expression, M> known = new IdentityHashMap<>();
        return new Sides<>(left.evaluate(system, known), right.evaluate(system, known));
      }
    };
  }

  /** The largest absolute value of an entry, 1×1: the norm ‖·‖_∞ of this matrix read as one vector; not empty. */
  public Expression largestEntry() {
    return abs().reshape(1, rows * columns).maxOfRows();
  }

  /** The sum of the absolute values of all entries, 1×1: the norm ‖·‖₁ of this matrix read as one vector. */
  public Expression sumOfAbsolutes() {
    return abs().sum();
  }

  /** The squared Euclidean norms of the columns, as a row. */
  public Expression squaredNormsOfColumns() {
    return square().transpose().sumOfRows().transpose();
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
  public NumberSystem<Expression> system() {
    return SYSTEM;
  }

  @Override
  public Expression plus(Expression other) {
    return entrywise("plus", "sum", other, Matrix::plus);
  }

  @Override
  public Expression minus(Expression other) {
    return entrywise("minus", "difference", other, Matrix::minus);
  }

  @Override
  public Expression negate() {
    return unary("negate", rows, columns, Matrix::negate);
  }

  @Override
  public Expression hadamard(Expression other) {
    return entrywise("hadamard", "entrywise product", other, Matrix::hadamard);
  }

  @Override
  public Expression square() {
    return unary("square", rows, columns, Matrix::square);
  }

  @Override
  public Expression dividedBy(Expression divisor) {
    return entrywise("dividedBy", "quotient", divisor, Matrix::dividedBy);
  }

  @Override
  public Expression times(Expression right) {
    Shape.requireProduct(this, right);
    return binary("times", rows, right.columns, right, Matrix::times);
  }

  @Override
  public Expression exp() {
    return unary("exp", rows, columns, Matrix::exp);
  }

  @Override
  public Expression log() {
    return unary("log", rows, columns, Matrix::log);
  }

  @Override
  public Expression sqrt() {
    return unary("sqrt", rows, columns, Matrix::sqrt);
  }

  /** {@inheritDoc} Of the functions that level off, this one alone is no softmax; certificates do not know it. */
  @Override
  public Expression erf() {
    return unary("erf", rows, columns, Matrix::erf);
  }

  @Override
  public Expression abs() {
    return unary("abs", rows, columns, Matrix::abs);
  }

  @Override
  public Expression max(Expression other) {
    return entrywise("max", "maximum", other, Matrix::max);
  }

  @Override
  public Expression relu() {
    return unary("relu", rows, columns, Matrix::relu);
  }

  @Override
  public Expression maxOfRows() {
    Shape.requireColumns("maximum", this);
    return unary("maxOfRows", rows, 1, Matrix::maxOfRows);
  }

  @Override
  public Expression softmaxRows() {
    Shape.requireColumns("softmax", this);
    return unary("softmaxRows", rows, columns, Matrix::softmaxRows);
  }

  @Override
  public Expression gather(int rows, int columns, int[] source) {
    Shape.requireSource(rows, columns, source, this.rows * this.columns);
    int[] copy = source.clone();
    return new Expression(rows, columns, new Node("gather", List.of(this), null, copy), new Operation() {
      @Override
      public <M extends Matrix<M>> M apply(NumberSystem<M> system, List<M> operands) {
        return operands.get(0).gather(rows, columns, copy);
      }
    });
  }

  @Override
  public Expression above(Expression below) {
    Shape.requireStackable(this, below);
    return binary("above", rows + below.rows, columns, below, Matrix::above);
  }

  private Expression entrywise(String operation, String word, Expression other, Binary binary) {
    Shape.requireSame(word, this, other);
    return binary(operation, rows, columns, other, binary);
  }

  private Expression unary(String operation, int rows, int columns, Unary unary) {
    return new Expression(rows, columns, new Node(operation, List.of(this), null, NO_SOURCE), new Operation() {
      @Override
      public <M extends Matrix<M>> M apply(NumberSystem<M> system, List<M> operands) {
        return unary.apply(operands.get(0));
      }
    });
  }

  private Expression binary(String operation, int rows, int columns, Expression other, Binary binary) {
    return new Expression(rows, columns, new Node(operation, List.of(this, other), null, NO_SOURCE), new Operation() {
      @Override
      public <M extends Matrix<M>> M apply(NumberSystem<M> system, List<M> operands) {
        return binary.apply(operands.get(0), operands.get(1));
      }
    });
  }

  /** The shape; the formula itself may be large. */
  @Override
  public String toString() {
    return "expression " + Shape.of(this);
  }
}
