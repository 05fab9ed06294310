package plumbline.reference.onnx;

import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;
import plumbline.spec.number.Shape;

/** A matrix that has a shape and no entries: evaluating a graph with these finds what does not fit before any work is done. */
final class DryMatrix implements Matrix<DryMatrix> {

  /** The number system of shapes. */
  static final NumberSystem<DryMatrix> SYSTEM = new NumberSystem<>() {
    @Override
    public String name() {
      return "shapes";
    }

    @Override
    public DryMatrix lift(ExactMatrix exact) {
      return new DryMatrix(exact.rows(), exact.columns());
    }

    @Override
    public DryMatrix pi() {
      return new DryMatrix(1, 1);
    }
  };

  /** An entry was asked for, which only a real run knows. */
  static final class UnknownException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final int rows;
  private final int columns;

  DryMatrix(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
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
  public NumberSystem<DryMatrix> system() {
    return SYSTEM;
  }

  private DryMatrix same(DryMatrix other) {
    Shape.requireSame("operation", this, other);
    return this;
  }

  @Override
  public DryMatrix plus(DryMatrix other) {
    return same(other);
  }

  @Override
  public DryMatrix minus(DryMatrix other) {
    return same(other);
  }

  @Override
  public DryMatrix negate() {
    return this;
  }

  @Override
  public DryMatrix hadamard(DryMatrix other) {
    return same(other);
  }

  @Override
  public DryMatrix square() {
    return this;
  }

  @Override
  public DryMatrix dividedBy(DryMatrix divisor) {
    return same(divisor);
  }

  @Override
  public DryMatrix times(DryMatrix right) {
    Shape.requireProduct(this, right);
    return new DryMatrix(rows, right.columns);
  }

  @Override
  public DryMatrix exp() {
    return this;
  }

  @Override
  public DryMatrix log() {
    return this;
  }

  @Override
  public DryMatrix sqrt() {
    return this;
  }

  @Override
  public DryMatrix abs() {
    return this;
  }

  @Override
  public DryMatrix max(DryMatrix other) {
    return same(other);
  }

  @Override
  public DryMatrix relu() {
    return this;
  }

  @Override
  public DryMatrix maxOfRows() {
    Shape.requireColumns("the maximum", this);
    return new DryMatrix(rows, 1);
  }

  @Override
  public DryMatrix softmaxRows() {
    return this;
  }

  @Override
  public DryMatrix sigmoid() {
    return this;
  }

  @Override
  public DryMatrix tanh() {
    return this;
  }

  @Override
  public DryMatrix erf() {
    return this;
  }

  @Override
  public DryMatrix normalizeRows(BigFraction epsilon) {
    Shape.requireColumns("normalization", this);
    return this;
  }

  @Override
  public DryMatrix resample(ExactMatrix vertical, ExactMatrix horizontal) {
    return new DryMatrix(vertical.rows() * horizontal.rows(), columns);
  }

  @Override
  public DryMatrix gather(int rows, int columns, int[] source) {
    Shape.requireSource(rows, columns, source, this.rows * this.columns);
    return new DryMatrix(rows, columns);
  }

  @Override
  public DryMatrix above(DryMatrix below) {
    Shape.requireStackable(this, below);
    return new DryMatrix(rows + below.rows, columns);
  }

  @Override
  public DryMatrix transpose() {
    return new DryMatrix(columns, rows);
  }

  @Override
  public DryMatrix reshape(int rows, int columns) {
    if (rows * columns != this.rows * this.columns) {
      return Matrix.super.reshape(rows, columns);
    }
    return new DryMatrix(rows, columns);
  }

  @Override
  public DryMatrix broadcast(int rows, int columns) {
    return new DryMatrix(rows, columns);
  }

  @Override
  public DryMatrix sumOfRows() {
    return new DryMatrix(rows, 1);
  }
}
