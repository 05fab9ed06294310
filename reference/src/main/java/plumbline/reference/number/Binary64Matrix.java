package plumbline.reference.number;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import plumbline.reference.kernel.DoubleProduct;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/** A matrix of binary64 numbers, NaN and ±∞ included; see {@link Binary64}. */
public final class Binary64Matrix implements Matrix<Binary64Matrix> {
  private final int rows;
  private final int columns;
  private final double[] values;

  /** Keeps the array; callers hand over a fresh one. */
  Binary64Matrix(int rows, int columns, double[] values) {
    if (DoubleArrays.size(rows, columns) != values.length) {
      throw new ShapeException(values.length + " values do not fill " + rows + "×" + columns);
    }
    this.rows = rows;
    this.columns = columns;
    this.values = values;
  }

  /** A matrix of the given values (copied), row by row. */
  public static Binary64Matrix of(int rows, int columns, double... values) {
    return new Binary64Matrix(rows, columns, values.clone());
  }

  /** The entries in row-major order, copied. */
  public double[] toArray() {
    return values.clone();
  }

  /** One entry as a double. */
  public double get(int row, int column) {
    return values[Objects.checkIndex(row, rows) * columns + Objects.checkIndex(column, columns)];
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
  public Binary64 system() {
    return Binary64.INSTANCE;
  }

  @Override
  public Binary64Matrix plus(Binary64Matrix other) {
    Shape.requireSame("sum", this, other);
    double[] sum = values.clone();
    double[] b = other.values;
    for (int e = 0; e < sum.length; e++) {
      sum[e] += b[e];
    }
    return shaped(sum);
  }

  @Override
  public Binary64Matrix minus(Binary64Matrix other) {
    Shape.requireSame("difference", this, other);
    double[] difference = values.clone();
    double[] b = other.values;
    for (int e = 0; e < difference.length; e++) {
      difference[e] -= b[e];
    }
    return shaped(difference);
  }

  @Override
  public Binary64Matrix negate() {
    return map(x -> -x);
  }

  @Override
  public Binary64Matrix hadamard(Binary64Matrix other) {
    Shape.requireSame("entrywise product", this, other);
    double[] product = values.clone();
    double[] b = other.values;
    for (int e = 0; e < product.length; e++) {
      product[e] *= b[e];
    }
    return shaped(product);
  }

  @Override
  public Binary64Matrix square() {
    return map(x -> x * x);
  }

  @Override
  public Binary64Matrix dividedBy(Binary64Matrix divisor) {
    Shape.requireSame("entrywise quotient", this, divisor);
    return map(divisor, (x, y) -> x / y);
  }

  /** {@inheritDoc} Each entry is summed sequentially from 0 over the inner index, with one fused operation for each term. */
  @Override
  public Binary64Matrix times(Binary64Matrix right) {
    Shape.requireProduct(this, right);
    DoubleArrays.size(rows, right.columns);
    return new Binary64Matrix(rows, right.columns,
        DoubleProduct.multiply(values, right.values, rows, columns, right.columns));
  }

  @Override
  public Binary64Matrix exp() {
    return map(StrictMath::exp);
  }

  @Override
  public Binary64Matrix log() {
    return map(StrictMath::log);
  }

  @Override
  public Binary64Matrix sqrt() {
    return map(Math::sqrt);
  }

  /** {@inheritDoc} As 1/(1 + e^−x), or e^x/(1 + e^x) for x &lt; 0. */
  @Override
  public Binary64Matrix sigmoid() {
    return map(Saturating.SIGMOID::value);
  }

  @Override
  public Binary64Matrix tanh() {
    return map(Saturating.TANH::value);
  }

  /** {@inheritDoc} Off by at most 1.2 units roundoff, by Taylor series around multiples of 1/32. */
  @Override
  public Binary64Matrix erf() {
    return map(Saturating.ERF::value);
  }

  @Override
  public Binary64Matrix abs() {
    return map(Math::abs);
  }

  @Override
  public Binary64Matrix max(Binary64Matrix other) {
    Shape.requireSame("entrywise maximum", this, other);
    return map(other, Math::max);
  }

  @Override
  public Binary64Matrix relu() {
    return map(x -> Math.max(x, 0.0));
  }

  @Override
  public Binary64Matrix maxOfRows() {
    Shape.requireColumns("the maximum", this);
    double[] largest = new double[rows];
    for (int i = 0; i < rows; i++) {
      largest[i] = largestOfRow(i);
    }
    return new Binary64Matrix(rows, 1, largest);
  }

  /** {@inheritDoc} Subtracts the row maximum first, then exponentials, their sequential sum, and a division each. */
  @Override
  public Binary64Matrix softmaxRows() {
    double[] result = new double[values.length];
    for (int i = 0; i < rows; i++) {
      double shift = largestOfRow(i);
      double sum = 0;
      for (int e = i * columns; e < (i + 1) * columns; e++) {
        result[e] = StrictMath.exp(values[e] - shift);
        sum += result[e];
      }
      for (int e = i * columns; e < (i + 1) * columns; e++) {
        result[e] /= sum;
      }
    }
    return shaped(result);
  }

  @Override
  public Binary64Matrix gather(int rows, int columns, int[] source) {
    double[] result = new double[DoubleArrays.size(rows, columns)];
    DoubleArrays.gather(values, source, result);
    return new Binary64Matrix(rows, columns, result);
  }

  @Override
  public Binary64Matrix above(Binary64Matrix below) {
    Shape.requireStackable(this, below);
    double[] result = Arrays.copyOf(values, DoubleArrays.size(Math.addExact(rows, below.rows), columns));
    System.arraycopy(below.values, 0, result, values.length, below.values.length);
    return new Binary64Matrix(rows + below.rows, columns, result);
  }

  @Override
  public Binary64Matrix beside(Binary64Matrix right) {
    DoubleArrays.requireSameRows(rows, right.rows);
    int width = Math.addExact(columns, right.columns);
    double[] result = new double[DoubleArrays.size(rows, width)];
    DoubleArrays.beside(values, columns, right.values, right.columns, rows, result);
    return new Binary64Matrix(rows, width, result);
  }

  @Override
  public Binary64Matrix transpose() {
    double[] result = new double[values.length];
    DoubleArrays.transpose(values, rows, columns, result);
    return new Binary64Matrix(columns, rows, result);
  }

  @Override
  public Binary64Matrix reshape(int rows, int columns) {
    return new Binary64Matrix(rows, columns, values);
  }

  @Override
  public Binary64Matrix block(int fromRow, int toRow, int fromColumn, int toColumn) {
    DoubleArrays.requireBlock(fromRow, toRow, rows, fromColumn, toColumn, columns);
    int height = toRow - fromRow;
    int width = toColumn - fromColumn;
    double[] result = new double[height * width];
    DoubleArrays.block(values, columns, fromRow, fromColumn, height, width, result);
    return new Binary64Matrix(height, width, result);
  }

  /** Shape and values. */
  @Override
  public String toString() {
    return Shape.of(this) + " " + Arrays.toString(values);
  }

  private double largestOfRow(int row) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int e = row * columns; e < (row + 1) * columns; e++) {
      largest = Math.max(largest, values[e]);
    }
    return largest;
  }

  private Binary64Matrix shaped(double[] result) {
    return new Binary64Matrix(rows, columns, result);
  }

  private Binary64Matrix map(DoubleUnaryOperator operation) {
    double[] result = new double[values.length];
    for (int e = 0; e < result.length; e++) {
      result[e] = operation.applyAsDouble(values[e]);
    }
    return shaped(result);
  }

  private Binary64Matrix map(Binary64Matrix other, DoubleBinaryOperator operation) {
    double[] result = new double[values.length];
    for (int e = 0; e < result.length; e++) {
      result[e] = operation.applyAsDouble(values[e], other.values[e]);
    }
    return shaped(result);
  }
}
