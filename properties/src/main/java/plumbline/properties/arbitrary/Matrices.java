package plumbline.properties.arbitrary;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.ExactMatrix;

/** Exact matrices of a given shape. Entries shrink to 0. */
public final class Matrices {
  private Matrices() {}

  /** Integers from −3 to 3. */
  public static Arbitrary<ExactMatrix> integers(int rows, int columns) {
    return doubles(rows, columns, Numbers.integers(3));
  }

  /** Fractions with small numerators and denominators; see {@link Numbers#fractions()}. */
  public static Arbitrary<ExactMatrix> fractions(int rows, int columns) {
    return rationals(rows, columns, Numbers.fractions());
  }

  /** Entries in [−bound, bound], multiples of bound/64. */
  public static Arbitrary<ExactMatrix> within(BigFraction bound, int rows, int columns) {
    return rationals(rows, columns, Numbers.within(bound));
  }

  /** Binary64 values in [−bound, bound]. */
  public static Arbitrary<ExactMatrix> moderate(int bound, int rows, int columns) {
    return doubles(rows, columns, Numbers.moderate(bound));
  }

  /** Integers, fractions, or full significands in [−2, 2]: what a layer meets in ordinary use. */
  public static Arbitrary<ExactMatrix> ordinary(int rows, int columns) {
    return Arbitraries.oneOf(
        integers(rows, columns), fractions(rows, columns), moderate(2, rows, columns));
  }

  /**
   * Binary64 values at their worst: subnormals, next to overflow, huge ratios, rows of cancelling pairs, or all of them
   * mixed.
   */
  public static Arbitrary<ExactMatrix> hostile(int rows, int columns) {
    return Arbitraries.oneOf(doubles(rows, columns, Numbers.hostile()), cancelling(rows, columns),
        doubles(rows, columns, Arbitraries.oneOf(Numbers.integers(3), Numbers.hostile())));
  }

  /** Neighbouring entries nearly cancel: x, −x ± a few ulps, y, −y ± a few ulps, …. */
  public static Arbitrary<ExactMatrix> cancelling(int rows, int columns) {
    int size = Math.multiplyExact(rows, columns);
    return Numbers.cancelling().list().ofSize((size + 1) / 2).map(pairs -> {
      double[] values = new double[size];
      for (int e = 0; e < size; e++) {
        Tuple.Tuple2<Double, Double> pair = pairs.get(e / 2);
        values[e] = e % 2 == 0 ? pair.get1() : pair.get2();
      }
      return ExactMatrix.of(rows, columns, values);
    });
  }

  /** Ordinary matrices of random shape from 1×1 to max×max. */
  public static Arbitrary<ExactMatrix> ordinary(int max) {
    return Shapes.small(max).flatMap(shape -> ordinary(shape.rows(), shape.columns()));
  }

  /** Hostile matrices of random shape, empty ones included. */
  public static Arbitrary<ExactMatrix> hostile(int max) {
    return Shapes.orEmpty(max).flatMap(shape -> hostile(shape.rows(), shape.columns()));
  }

  /** A matrix of binary64 values. */
  public static Arbitrary<ExactMatrix> doubles(int rows, int columns, Arbitrary<Double> entries) {
    return entries.list().ofSize(Math.multiplyExact(rows, columns)).map(list -> {
      double[] values = list.stream().mapToDouble(Double::doubleValue).toArray();
      return ExactMatrix.of(rows, columns, values);
    });
  }

  /** A matrix of rationals. */
  public static Arbitrary<ExactMatrix> rationals(int rows, int columns, Arbitrary<BigFraction> entries) {
    return entries.list().ofSize(Math.multiplyExact(rows, columns))
        .map(list -> ExactMatrix.of(rows, columns, list.toArray(new BigFraction[0])));
  }
}
