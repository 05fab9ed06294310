package plumbline.properties;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
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
      return new Expression(1, 1, List.of(), new Operation() {
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

  private final int rows;
  private final int columns;
  private final List<Expression> operands;
  private final Operation operation;

  private Expression(int rows, int columns, List<Expression> operands, Operation operation) {
    this.rows = rows;
    this.columns = columns;
    this.operands = operands;
    this.operation = operation;
  }

  /** A constant. */
  public static Expression of(ExactMatrix exact) {
    return new Expression(exact.rows(), exact.columns(), List.of(), new Operation() {
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
      List<M> values = new ArrayList<>(operands.size());
      for (Expression operand : operands) {
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
    return entrywise("sum", other, Matrix::plus);
  }

  @Override
  public Expression minus(Expression other) {
    return entrywise("difference", other, Matrix::minus);
  }

  @Override
  public Expression negate() {
    return entrywise(Matrix::negate);
  }

  @Override
  public Expression hadamard(Expression other) {
    return entrywise("entrywise product", other, Matrix::hadamard);
  }

  @Override
  public Expression square() {
    return entrywise(Matrix::square);
  }

  @Override
  public Expression dividedBy(Expression divisor) {
    return entrywise("quotient", divisor, Matrix::dividedBy);
  }

  @Override
  public Expression times(Expression right) {
    Shape.requireProduct(this, right);
    return binary(rows, right.columns, right, Matrix::times);
  }

  @Override
  public Expression exp() {
    return entrywise(Matrix::exp);
  }

  @Override
  public Expression log() {
    return entrywise(Matrix::log);
  }

  @Override
  public Expression sqrt() {
    return entrywise(Matrix::sqrt);
  }

  @Override
  public Expression abs() {
    return entrywise(Matrix::abs);
  }

  @Override
  public Expression max(Expression other) {
    return entrywise("maximum", other, Matrix::max);
  }

  @Override
  public Expression relu() {
    return entrywise(Matrix::relu);
  }

  @Override
  public Expression maxOfRows() {
    Shape.requireColumns("maximum", this);
    return unary(rows, 1, Matrix::maxOfRows);
  }

  @Override
  public Expression softmaxRows() {
    Shape.requireColumns("softmax", this);
    return entrywise(Matrix::softmaxRows);
  }

  @Override
  public Expression gather(int rows, int columns, int[] source) {
    Shape.requireSource(rows, columns, source, this.rows * this.columns);
    int[] copy = source.clone();
    return new Expression(rows, columns, List.of(this), new Operation() {
      @Override
      public <M extends Matrix<M>> M apply(NumberSystem<M> system, List<M> operands) {
        return operands.get(0).gather(rows, columns, copy);
      }
    });
  }

  @Override
  public Expression above(Expression below) {
    Shape.requireStackable(this, below);
    return binary(rows + below.rows, columns, below, Matrix::above);
  }

  private Expression entrywise(Unary unary) {
    return unary(rows, columns, unary);
  }

  private Expression entrywise(String name, Expression other, Binary binary) {
    Shape.requireSame(name, this, other);
    return binary(rows, columns, other, binary);
  }

  private Expression unary(int rows, int columns, Unary unary) {
    return new Expression(rows, columns, List.of(this), new Operation() {
      @Override
      public <M extends Matrix<M>> M apply(NumberSystem<M> system, List<M> operands) {
        return unary.apply(operands.get(0));
      }
    });
  }

  private Expression binary(int rows, int columns, Expression other, Binary binary) {
    return new Expression(rows, columns, List.of(this, other), new Operation() {
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
