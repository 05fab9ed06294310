package plumbline.spec.number;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A matrix of exact numbers as data: weights, inputs, counterexamples. It holds values and does no arithmetic.
 *
 * <p>Finite binary64 values are kept as they are (each is an exact dyadic rational); other rationals as a numerator and
 * a positive denominator in lowest terms. −0.0 is the number 0.
 */
public final class ExactMatrix {
  private static final BigFraction[] NONE = {};

  private final int rows;
  private final int columns;
  private final double @Nullable [] doubles;
  private final BigFraction[] fractions;

  private ExactMatrix(int rows, int columns, double @Nullable [] doubles, BigFraction[] fractions, int size) {
    if (rows < 0 || columns < 0 || (long) rows * columns != size) {
      throw new ShapeException(size + " values do not fill " + rows + "×" + columns);
    }
    this.rows = rows;
    this.columns = columns;
    this.doubles = doubles;
    this.fractions = fractions;
  }

  /**
   * A matrix of binary64 values, taken exactly.
   *
   * @throws IllegalArgumentException on NaN or infinity, naming the entry
   */
  public static ExactMatrix of(int rows, int columns, double... values) {
    double[] copy = values.clone();
    for (int e = 0; e < copy.length; e++) {
      if (!Double.isFinite(copy[e])) {
        throw new IllegalArgumentException("entry (" + (columns == 0 ? 0 : e / columns) + "," + (columns == 0 ? 0 : e % columns)
            + ") is " + copy[e] + ", not a real number");
      }
      copy[e] += 0.0;
    }
    return new ExactMatrix(rows, columns, copy, NONE, copy.length);
  }

  /** A matrix of rationals. */
  public static ExactMatrix of(int rows, int columns, BigFraction... values) {
    return new ExactMatrix(rows, columns, null, values.clone(), values.length);
  }

  /** A matrix of integers. */
  public static ExactMatrix ofIntegers(int rows, int columns, long... values) {
    boolean small = true;
    for (long value : values) {
      small &= Math.abs(value) <= 1L << 53 && value != Long.MIN_VALUE;
    }
    if (small) {
      double[] doubles = new double[values.length];
      Arrays.setAll(doubles, e -> values[e]);
      return new ExactMatrix(rows, columns, doubles, NONE, doubles.length);
    }
    BigFraction[] fractions = new BigFraction[values.length];
    Arrays.setAll(fractions, e -> new BigFraction(values[e]));
    return new ExactMatrix(rows, columns, null, fractions, fractions.length);
  }

  /** All entries zero. */
  public static ExactMatrix zeros(int rows, int columns) {
    return ofIntegers(rows, columns, new long[Math.multiplyExact(rows, columns)]);
  }

  /** All entries one. */
  public static ExactMatrix ones(int rows, int columns) {
    long[] values = new long[Math.multiplyExact(rows, columns)];
    Arrays.fill(values, 1);
    return ofIntegers(rows, columns, values);
  }

  /** The n×n identity. */
  public static ExactMatrix identity(int n) {
    long[] values = new long[Math.multiplyExact(n, n)];
    for (int i = 0; i < n; i++) {
      values[i * n + i] = 1;
    }
    return ofIntegers(n, n, values);
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  /** Number of entries. */
  public int size() {
    return rows * columns;
  }

  public Shape shape() {
    return new Shape(rows, columns);
  }

  /** Whether the entries are kept as binary64 values. */
  public boolean isBinary64() {
    return doubles != null;
  }

  /**
   * The entries in row-major order as binary64 values, exactly.
   *
   * @throws IllegalStateException unless {@link #isBinary64()}
   */
  public double[] binary64() {
    if (doubles == null) {
      throw new IllegalStateException("the entries are rationals, not binary64 values");
    }
    return doubles.clone();
  }

  /** Entry {@code e} in row-major order. */
  public BigFraction get(int e) {
    if (doubles != null) {
      return fraction(doubles[e]);
    }
    return fractions[e];
  }

  /** The entry at a row and a column. */
  public BigFraction get(int row, int column) {
    Objects.checkIndex(row, rows);
    Objects.checkIndex(column, columns);
    return get(row * columns + column);
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
  public ExactMatrix rowRange(int from, int to) {
    return block(from, to, 0, columns);
  }

  /** Columns {@code from} (inclusive) to {@code to} (exclusive). */
  public ExactMatrix columnRange(int from, int to) {
    return block(0, rows, from, to);
  }

  private ExactMatrix block(int fromRow, int toRow, int fromColumn, int toColumn) {
    Objects.checkFromToIndex(fromRow, toRow, rows);
    Objects.checkFromToIndex(fromColumn, toColumn, columns);
    int width = toColumn - fromColumn;
    if (doubles != null) {
      double[] values = new double[(toRow - fromRow) * width];
      for (int i = fromRow; i < toRow; i++) {
        System.arraycopy(doubles, i * columns + fromColumn, values, (i - fromRow) * width, width);
      }
      return new ExactMatrix(toRow - fromRow, width, values, NONE, values.length);
    }
    BigFraction[] values = new BigFraction[(toRow - fromRow) * width];
    Arrays.setAll(values, e -> get(fromRow + e / width, fromColumn + e % width));
    return of(toRow - fromRow, width, values);
  }

  /** The exact value of a finite binary64 number. */
  public static BigFraction fraction(double value) {
    if (value == 0) {
      return BigFraction.ZERO;
    }
    int exponent = Math.getExponent(value);
    if (exponent > Double.MAX_EXPONENT) {
      throw new IllegalArgumentException(value + " is not a real number");
    }
    long mantissa = Double.doubleToRawLongBits(value) & ((1L << 52) - 1);
    if (exponent < Double.MIN_EXPONENT) {
      exponent = Double.MIN_EXPONENT;
    } else {
      mantissa |= 1L << 52;
    }
    int trailing = Long.numberOfTrailingZeros(mantissa);
    BigInteger significand = BigInteger.valueOf(value < 0 ? -(mantissa >> trailing) : mantissa >> trailing);
    int shift = exponent - 52 + trailing;
    return shift >= 0
        ? new BigFraction(significand.shiftLeft(shift), BigInteger.ONE)
        : new BigFraction(significand, BigInteger.ONE.shiftLeft(-shift));
  }

  /** Equal when shapes and values are equal, however they are kept. */
  @Override
  public boolean equals(@Nullable Object object) {
    if (!(object instanceof ExactMatrix other) || rows != other.rows || columns != other.columns) {
      return false;
    }
    for (int e = 0; e < size(); e++) {
      if (!get(e).equals(other.get(e))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = 31 * rows + columns;
    for (int e = 0; e < size(); e++) {
      hash = 31 * hash + get(e).hashCode();
    }
    return hash;
  }

  /** The entries as exact fractions, rows in brackets. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < rows; i++) {
      text.append(i == 0 ? "[" : ", [");
      for (int j = 0; j < columns; j++) {
        text.append(j == 0 ? "" : ", ").append(get(i, j).toString().replace(" ", ""));
      }
      text.append("]");
    }
    return text.append("]").toString();
  }
}
