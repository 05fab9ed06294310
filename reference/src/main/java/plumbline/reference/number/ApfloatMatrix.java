package plumbline.reference.number;

import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.apfloat.Apfloat;
import org.apfloat.FixedPrecisionApfloatHelper;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;

/** A matrix of apfloat numbers at one precision; every operation is rounded. */
public final class ApfloatMatrix implements Matrix<ApfloatMatrix> {
  private final Apfloats system;
  private final int rows;
  private final int columns;
  private final Apfloat[] entries;

  ApfloatMatrix(Apfloats system, int rows, int columns, Apfloat[] entries) {
    this.system = system;
    this.rows = rows;
    this.columns = columns;
    this.entries = entries;
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
  public Apfloats system() {
    return system;
  }

  /** The apfloat number at an entry. */
  public Apfloat get(int row, int column) {
    return entries[row * columns + column];
  }

  private FixedPrecisionApfloatHelper arithmetic() {
    return system.arithmetic();
  }

  private ApfloatMatrix map(UnaryOperator<Apfloat> function) {
    Apfloat[] result = new Apfloat[entries.length];
    Arrays.setAll(result, e -> function.apply(entries[e]));
    return new ApfloatMatrix(system, rows, columns, result);
  }

  private ApfloatMatrix combine(String operation, ApfloatMatrix other, BinaryOperator<Apfloat> function) {
    Shape.requireSame(operation, this, other);
    Apfloat[] result = new Apfloat[entries.length];
    Arrays.setAll(result, e -> function.apply(entries[e], other.entries[e]));
    return new ApfloatMatrix(system, rows, columns, result);
  }

  private static Apfloat larger(Apfloat a, Apfloat b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  @Override
  public ApfloatMatrix plus(ApfloatMatrix other) {
    return combine("sum", other, arithmetic()::add);
  }

  @Override
  public ApfloatMatrix minus(ApfloatMatrix other) {
    return combine("difference", other, arithmetic()::subtract);
  }

  @Override
  public ApfloatMatrix negate() {
    return map(arithmetic()::negate);
  }

  @Override
  public ApfloatMatrix hadamard(ApfloatMatrix other) {
    return combine("entrywise product", other, arithmetic()::multiply);
  }

  @Override
  public ApfloatMatrix square() {
    return hadamard(this);
  }

  @Override
  public ApfloatMatrix dividedBy(ApfloatMatrix divisor) {
    return combine("entrywise quotient", divisor, arithmetic()::divide);
  }

  @Override
  public ApfloatMatrix times(ApfloatMatrix right) {
    Shape.requireProduct(this, right);
    int m = right.columns;
    Apfloat[] result = new Apfloat[rows * m];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < m; j++) {
        Apfloat sum = Apfloat.ZERO;
        for (int k = 0; k < columns; k++) {
          Apfloat a = entries[i * columns + k];
          Apfloat b = right.entries[k * m + j];
          if (a.signum() != 0 && b.signum() != 0) {
            sum = arithmetic().add(sum, arithmetic().multiply(a, b));
          }
        }
        result[i * m + j] = sum;
      }
    }
    return new ApfloatMatrix(system, rows, m, result);
  }

  @Override
  public ApfloatMatrix exp() {
    return map(arithmetic()::exp);
  }

  @Override
  public ApfloatMatrix log() {
    return map(arithmetic()::log);
  }

  @Override
  public ApfloatMatrix sqrt() {
    return map(arithmetic()::sqrt);
  }

  @Override
  public ApfloatMatrix tanh() {
    return map(arithmetic()::tanh);
  }

  @Override
  public ApfloatMatrix erf() {
    return map(arithmetic()::erf);
  }

  @Override
  public ApfloatMatrix abs() {
    return map(arithmetic()::abs);
  }

  @Override
  public ApfloatMatrix max(ApfloatMatrix other) {
    return combine("maximum", other, ApfloatMatrix::larger);
  }

  @Override
  public ApfloatMatrix relu() {
    return map(x -> x.signum() < 0 ? Apfloat.ZERO : x);
  }

  @Override
  public ApfloatMatrix maxOfRows() {
    Shape.requireColumns("the maximum", this);
    Apfloat[] result = new Apfloat[rows];
    for (int i = 0; i < rows; i++) {
      Apfloat best = entries[i * columns];
      for (int j = 1; j < columns; j++) {
        best = larger(best, entries[i * columns + j]);
      }
      result[i] = best;
    }
    return new ApfloatMatrix(system, rows, 1, result);
  }

  @Override
  public ApfloatMatrix softmaxRows() {
    if (columns == 0) {
      return this;
    }
    ApfloatMatrix weights = minus(maxOfRows().broadcast(rows, columns)).exp();
    return weights.dividedBy(weights.sumOfRows().broadcast(rows, columns));
  }

  @Override
  public ApfloatMatrix gather(int rows, int columns, int[] source) {
    Shape.requireSource(rows, columns, source, entries.length);
    Apfloat[] result = new Apfloat[source.length];
    Arrays.setAll(result, e -> source[e] < 0 ? Apfloat.ZERO : entries[source[e]]);
    return new ApfloatMatrix(system, rows, columns, result);
  }

  @Override
  public ApfloatMatrix above(ApfloatMatrix below) {
    Shape.requireStackable(this, below);
    Apfloat[] result = new Apfloat[entries.length + below.entries.length];
    Arrays.setAll(result, e -> e < entries.length ? entries[e] : below.entries[e - entries.length]);
    return new ApfloatMatrix(system, rows + below.rows, columns, result);
  }

  @Override
  public String toString() {
    return Arrays.toString(entries);
  }
}
