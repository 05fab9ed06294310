package plumbline.reference.layer;

import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/**
 * Exact rationals in which the exponential is stood in for by the positive polynomial 1 + x + x², in softmax too. A layer
 * written over the abstract matrix can so be compared exactly with a naive loop that uses the same polynomial.
 */
public record StandIn(RationalMatrix inner) implements Matrix<StandIn> {

  public static final NumberSystem<StandIn> SYSTEM = new NumberSystem<>() {
    @Override
    public String name() {
      return "stand-in";
    }

    @Override
    public StandIn lift(ExactMatrix exact) {
      return StandIn.of(exact);
    }

    @Override
    public StandIn pi() {
      throw new ArithmeticException("no layer needs π");
    }
  };

  public static StandIn of(ExactMatrix exact) {
    return new StandIn(Rational.INSTANCE.lift(exact));
  }

  /** What stands in for exp. */
  public static BigFraction exp(BigFraction x) {
    return x.multiply(x).add(x).add(1);
  }

  @Override
  public int rows() {
    return inner.rows();
  }

  @Override
  public int columns() {
    return inner.columns();
  }

  @Override
  public NumberSystem<StandIn> system() {
    return SYSTEM;
  }

  @Override
  public StandIn plus(StandIn other) {
    return new StandIn(inner.plus(other.inner));
  }

  @Override
  public StandIn minus(StandIn other) {
    return new StandIn(inner.minus(other.inner));
  }

  @Override
  public StandIn negate() {
    return new StandIn(inner.negate());
  }

  @Override
  public StandIn hadamard(StandIn other) {
    return new StandIn(inner.hadamard(other.inner));
  }

  @Override
  public StandIn square() {
    return new StandIn(inner.square());
  }

  @Override
  public StandIn dividedBy(StandIn divisor) {
    return new StandIn(inner.dividedBy(divisor.inner));
  }

  @Override
  public StandIn times(StandIn right) {
    return new StandIn(inner.times(right.inner));
  }

  @Override
  public StandIn exp() {
    return new StandIn(inner.square().plus(inner).plus(inner.lift(ExactMatrix.ones(rows(), columns()))));
  }

  @Override
  public StandIn log() {
    return new StandIn(inner.log());
  }

  @Override
  public StandIn sqrt() {
    return new StandIn(inner.sqrt());
  }

  @Override
  public StandIn abs() {
    return new StandIn(inner.abs());
  }

  @Override
  public StandIn max(StandIn other) {
    return new StandIn(inner.max(other.inner));
  }

  @Override
  public StandIn relu() {
    return new StandIn(inner.relu());
  }

  @Override
  public StandIn maxOfRows() {
    return new StandIn(inner.maxOfRows());
  }

  @Override
  public StandIn softmaxRows() {
    StandIn exp = exp();
    return exp.dividedBy(exp.sumOfRows().broadcast(rows(), columns()));
  }

  @Override
  public StandIn gather(int rows, int columns, int[] source) {
    return new StandIn(inner.gather(rows, columns, source));
  }

  @Override
  public StandIn above(StandIn below) {
    return new StandIn(inner.above(below.inner));
  }
}
