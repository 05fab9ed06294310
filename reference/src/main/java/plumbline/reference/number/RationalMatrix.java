package plumbline.reference.number;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.Certified;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.NotExactException;
import plumbline.spec.number.Shape;

/**
 * A matrix of exact rationals, kept as integers over one common positive denominator: products and sums of whole
 * matrices then need no greatest common divisors entry by entry.
 */
public final class RationalMatrix implements Certified<RationalMatrix> {
  /** Above this many bits a denominator is worth reducing. */
  private static final int REDUCE_ABOVE = 128;

  private final int rows;
  private final int columns;
  private final BigInteger[] numerators;
  private final BigInteger denominator;

  private RationalMatrix(int rows, int columns, BigInteger[] numerators, BigInteger denominator) {
    this.rows = rows;
    this.columns = columns;
    this.numerators = numerators;
    this.denominator = denominator;
  }

  /** The exact entries of {@code exact}. */
  static RationalMatrix of(ExactMatrix exact) {
    int size = exact.size();
    BigInteger[] numerators = new BigInteger[size];
    BigInteger[] denominators = new BigInteger[size];
    for (int e = 0; e < size; e++) {
      BigFraction value = exact.get(e);
      numerators[e] = value.getNumerator();
      denominators[e] = value.getDenominator();
    }
    return overCommonDenominator(exact.rows(), exact.columns(), numerators, denominators);
  }

  /** Brings fractions with positive denominators over their least common denominator. */
  private static RationalMatrix overCommonDenominator(
      int rows, int columns, BigInteger[] numerators, BigInteger[] denominators) {
    BigInteger common = BigInteger.ONE;
    for (BigInteger d : denominators) {
      if (!common.equals(d)) {
        common = common.divide(common.gcd(d)).multiply(d);
      }
    }
    BigInteger[] scaled = new BigInteger[numerators.length];
    for (int e = 0; e < scaled.length; e++) {
      scaled[e] = numerators[e].multiply(common.divide(denominators[e]));
    }
    return new RationalMatrix(rows, columns, scaled, common);
  }

  private static RationalMatrix reduced(int rows, int columns, BigInteger[] numerators, BigInteger denominator) {
    if (denominator.bitLength() <= REDUCE_ABOVE) {
      return new RationalMatrix(rows, columns, numerators, denominator);
    }
    BigInteger divisor = denominator;
    for (int e = 0; e < numerators.length && !divisor.equals(BigInteger.ONE); e++) {
      divisor = divisor.gcd(numerators[e]);
    }
    if (divisor.equals(BigInteger.ONE)) {
      return new RationalMatrix(rows, columns, numerators, denominator);
    }
    BigInteger[] quotients = new BigInteger[numerators.length];
    for (int e = 0; e < quotients.length; e++) {
      quotients[e] = numerators[e].divide(divisor);
    }
    return new RationalMatrix(rows, columns, quotients, denominator.divide(divisor));
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
  public Rational system() {
    return Rational.INSTANCE;
  }

  /** The exact value of entry {@code e} in row-major order. */
  private BigFraction value(int e) {
    return new BigFraction(numerators[e], denominator);
  }

  /** The exact value of an entry. */
  public BigFraction get(int row, int column) {
    return value(index(row, column));
  }

  /** The exact entries as data. */
  public ExactMatrix toExact() {
    BigFraction[] values = new BigFraction[numerators.length];
    for (int e = 0; e < values.length; e++) {
      values[e] = value(e);
    }
    return ExactMatrix.of(rows, columns, values);
  }

  private int index(int row, int column) {
    if (row < 0 || row >= rows || column < 0 || column >= columns) {
      throw new IndexOutOfBoundsException("(" + row + "," + column + ") in " + Shape.of(this));
    }
    return row * columns + column;
  }

  @Override
  public int signOfLower(int row, int column) {
    return numerators[index(row, column)].signum();
  }

  @Override
  public int signOfUpper(int row, int column) {
    return signOfLower(row, column);
  }

  @Override
  public Interval enclosure(int row, int column) {
    return Interval.point(get(row, column));
  }

  private RationalMatrix map(UnaryOperator<BigInteger> function) {
    BigInteger[] result = new BigInteger[numerators.length];
    for (int e = 0; e < result.length; e++) {
      result[e] = function.apply(numerators[e]);
    }
    return new RationalMatrix(rows, columns, result, denominator);
  }

  /** Applies {@code function} to numerators over the common denominator of both. */
  private RationalMatrix combine(String operation, RationalMatrix other, BinaryOperator<BigInteger> function) {
    Shape.requireSame(operation, this, other);
    BigInteger gcd = denominator.gcd(other.denominator);
    BigInteger mine = other.denominator.divide(gcd);
    BigInteger theirs = denominator.divide(gcd);
    BigInteger[] result = new BigInteger[numerators.length];
    for (int e = 0; e < result.length; e++) {
      result[e] = function.apply(numerators[e].multiply(mine), other.numerators[e].multiply(theirs));
    }
    return reduced(rows, columns, result, denominator.multiply(mine));
  }

  @Override
  public RationalMatrix plus(RationalMatrix other) {
    return combine("sum", other, BigInteger::add);
  }

  @Override
  public RationalMatrix minus(RationalMatrix other) {
    return combine("difference", other, BigInteger::subtract);
  }

  @Override
  public RationalMatrix max(RationalMatrix other) {
    return combine("maximum", other, BigInteger::max);
  }

  @Override
  public RationalMatrix negate() {
    return map(BigInteger::negate);
  }

  @Override
  public RationalMatrix abs() {
    return map(BigInteger::abs);
  }

  @Override
  public RationalMatrix relu() {
    return map(BigInteger.ZERO::max);
  }

  @Override
  public RationalMatrix hadamard(RationalMatrix other) {
    Shape.requireSame("entrywise product", this, other);
    BigInteger[] result = new BigInteger[numerators.length];
    for (int e = 0; e < result.length; e++) {
      result[e] = numerators[e].multiply(other.numerators[e]);
    }
    return reduced(rows, columns, result, denominator.multiply(other.denominator));
  }

  @Override
  public RationalMatrix square() {
    return hadamard(this);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ArithmeticException on a zero divisor, naming the entry
   */
  @Override
  public RationalMatrix dividedBy(RationalMatrix divisor) {
    Shape.requireSame("entrywise quotient", this, divisor);
    BigInteger[] tops = new BigInteger[numerators.length];
    BigInteger[] bottoms = new BigInteger[numerators.length];
    for (int e = 0; e < tops.length; e++) {
      BigInteger by = divisor.numerators[e];
      if (by.signum() == 0) {
        throw new ArithmeticException("division by zero at entry " + place(e));
      }
      BigInteger top = numerators[e].multiply(divisor.denominator);
      BigInteger bottom = denominator.multiply(by);
      BigInteger gcd = top.gcd(bottom);
      if (by.signum() < 0) {
        gcd = gcd.negate();
      }
      tops[e] = top.divide(gcd);
      bottoms[e] = bottom.divide(gcd);
    }
    return overCommonDenominator(rows, columns, tops, bottoms);
  }

  @Override
  public RationalMatrix times(RationalMatrix right) {
    Shape.requireProduct(this, right);
    int m = right.columns;
    BigInteger[] result = new BigInteger[rows * m];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < m; j++) {
        BigInteger sum = BigInteger.ZERO;
        for (int k = 0; k < columns; k++) {
          BigInteger a = numerators[i * columns + k];
          BigInteger b = right.numerators[k * m + j];
          if (a.signum() != 0 && b.signum() != 0) {
            sum = sum.add(a.multiply(b));
          }
        }
        result[i * m + j] = sum;
      }
    }
    return reduced(rows, m, result, denominator.multiply(right.denominator));
  }

  /** {@inheritDoc} Exact at 0 only. */
  @Override
  public RationalMatrix exp() {
    for (int e = 0; e < numerators.length; e++) {
      if (numerators[e].signum() != 0) {
        throw notExact("exp", e);
      }
    }
    return of(ExactMatrix.ones(rows, columns));
  }

  /** {@inheritDoc} Exact at 0 only, like the other two. */
  @Override
  public RationalMatrix sigmoid() {
    zeroOnly("sigmoid");
    return of(ExactMatrix.of(1, 1, 0.5)).broadcast(rows, columns);
  }

  @Override
  public RationalMatrix tanh() {
    return zeroOnly("tanh");
  }

  @Override
  public RationalMatrix erf() {
    return zeroOnly("erf");
  }

  private RationalMatrix zeroOnly(String operation) {
    for (int e = 0; e < numerators.length; e++) {
      if (numerators[e].signum() != 0) {
        throw notExact(operation, e);
      }
    }
    return this;
  }

  /** {@inheritDoc} Exact at 1 only. */
  @Override
  public RationalMatrix log() {
    for (int e = 0; e < numerators.length; e++) {
      if (!numerators[e].equals(denominator)) {
        throw notExact("log", e);
      }
    }
    return of(ExactMatrix.zeros(rows, columns));
  }

  /** {@inheritDoc} Exact at squares of rationals only. */
  @Override
  public RationalMatrix sqrt() {
    BigInteger[] tops = new BigInteger[numerators.length];
    BigInteger[] bottoms = new BigInteger[numerators.length];
    for (int e = 0; e < tops.length; e++) {
      BigFraction value = value(e);
      if (value.getNumerator().signum() < 0) {
        throw notExact("sqrt", e);
      }
      tops[e] = value.getNumerator().sqrt();
      bottoms[e] = value.getDenominator().sqrt();
      if (!tops[e].multiply(tops[e]).equals(value.getNumerator())
          || !bottoms[e].multiply(bottoms[e]).equals(value.getDenominator())) {
        throw notExact("sqrt", e);
      }
    }
    return overCommonDenominator(rows, columns, tops, bottoms);
  }

  @Override
  public RationalMatrix maxOfRows() {
    Shape.requireColumns("the maximum", this);
    BigInteger[] result = new BigInteger[rows];
    for (int i = 0; i < rows; i++) {
      BigInteger best = numerators[i * columns];
      for (int j = 1; j < columns; j++) {
        best = best.max(numerators[i * columns + j]);
      }
      result[i] = best;
    }
    return new RationalMatrix(rows, 1, result, denominator);
  }

  /** {@inheritDoc} Exact where all scores of a row are equal; exp of a nonzero rational is irrational. */
  @Override
  public RationalMatrix softmaxRows() {
    for (int e = 0; e < numerators.length; e++) {
      if (!numerators[e].equals(numerators[e - e % columns])) {
        throw notExact("softmax", e);
      }
    }
    BigInteger[] result = new BigInteger[numerators.length];
    Arrays.fill(result, BigInteger.ONE);
    return new RationalMatrix(rows, columns, result, BigInteger.valueOf(Math.max(columns, 1)));
  }

  @Override
  public RationalMatrix gather(int rows, int columns, int[] source) {
    Shape.requireSource(rows, columns, source, numerators.length);
    BigInteger[] result = new BigInteger[source.length];
    for (int e = 0; e < result.length; e++) {
      result[e] = source[e] < 0 ? BigInteger.ZERO : numerators[source[e]];
    }
    return new RationalMatrix(rows, columns, result, denominator);
  }

  @Override
  public RationalMatrix above(RationalMatrix below) {
    Shape.requireStackable(this, below);
    BigInteger gcd = denominator.gcd(below.denominator);
    BigInteger upper = below.denominator.divide(gcd);
    BigInteger lower = denominator.divide(gcd);
    BigInteger[] result = new BigInteger[numerators.length + below.numerators.length];
    for (int e = 0; e < result.length; e++) {
      result[e] = e < numerators.length
          ? numerators[e].multiply(upper)
          : below.numerators[e - numerators.length].multiply(lower);
    }
    return new RationalMatrix(rows + below.rows, columns, result, denominator.multiply(upper));
  }

  private NotExactException notExact(String operation, int e) {
    return new NotExactException(operation + " of " + shortened(value(e).toString().replace(" ", ""))
        + " at entry " + place(e) + " is not rational");
  }

  private String place(int e) {
    return "(" + e / columns + "," + e % columns + ")";
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  @Override
  public String toString() {
    return shortened(toExact().toString());
  }
}
