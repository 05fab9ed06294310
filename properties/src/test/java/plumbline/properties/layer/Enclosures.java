package plumbline.properties.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.number.ApfloatMatrix;
import plumbline.reference.number.Apfloats;
import plumbline.reference.number.Ball;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.BallMatrix;
import plumbline.spec.number.Certified;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.Shape;

/** What enclosures must satisfy, entry by entry. Numbers of huge exponents are compared within their system, never written out. */
final class Enclosures {
  private Enclosures() {}

  /** Each exact value lies in its enclosure. */
  static void requireContained(ExactMatrix exact, Certified<?> enclosures) {
    assertEquals(exact.shape(), Shape.of(enclosures));
    for (int e = 0; e < exact.size(); e++) {
      int row = e / exact.columns();
      int column = e % exact.columns();
      Interval enclosure = enclosures.enclosure(row, column);
      BigFraction value = exact.get(e);
      assertTrue(enclosure.contains(value),
          () -> value + " at (" + row + "," + column + ") is not in " + enclosure + " of " + enclosures.system().name());
    }
  }

  /** The entries of {@code a} and {@code b}, enclosures of the same numbers, intersect. */
  static void requireIntersecting(BallMatrix a, BallMatrix b) {
    assertEquals(Shape.of(a), Shape.of(b));
    BallMatrix gap = a.minus(b);
    for (int row = 0; row < a.rows(); row++) {
      for (int column = 0; column < a.columns(); column++) {
        assertTrue(gap.signOfLower(row, column) <= 0 && gap.signOfUpper(row, column) >= 0,
            "disjoint at (" + row + "," + column + "): " + a.entry(row, column) + " and " + b.entry(row, column));
      }
    }
  }

  /** The entries of {@code a} and {@code b} intersect. */
  static void requireIntersecting(BallMatrix a, Ball53Matrix b) {
    assertEquals(Shape.of(a), Shape.of(b));
    for (int row = 0; row < a.rows(); row++) {
      for (int column = 0; column < a.columns(); column++) {
        Interval interval = b.enclosure(row, column);
        BigFraction lower = interval.lower();
        BigFraction upper = interval.upper();
        if (lower != null && upper != null) {
          // Ends of a Ball53 enclosure are sums of two binary64 numbers: exact in so many bits.
          Ball exact = Ball.of(4096);
          requireIntersecting(exact.lift(ExactMatrix.zeros(1, 1)).plus(a.entry(row, column)),
              exact.enclose(ExactMatrix.of(1, 1, lower), ExactMatrix.of(1, 1, upper)));
        }
      }
    }
  }

  /** No enclosure is wider than 2^−bits of the larger of its magnitude and 1. */
  static void requireNarrow(BallMatrix x, int bits) {
    BallMatrix ones = x.lift(ExactMatrix.ones(x.rows(), x.columns()));
    BallMatrix unit = x.lift(ExactMatrix.of(1, 1, new BigFraction(BigInteger.ONE, BigInteger.ONE.shiftLeft(bits))));
    BallMatrix room = x.abs().max(ones).scaledBy(unit).minus(x.minus(x));
    for (int row = 0; row < x.rows(); row++) {
      for (int column = 0; column < x.columns(); column++) {
        assertTrue(room.signOfLower(row, column) > 0, "wide at (" + row + "," + column + "): " + x.entry(row, column));
      }
    }
  }

  /** The exact values of apfloat numbers. */
  static ExactMatrix exact(ApfloatMatrix matrix) {
    List<BigFraction> values = new ArrayList<>();
    for (int row = 0; row < matrix.rows(); row++) {
      for (int column = 0; column < matrix.columns(); column++) {
        values.add(Apfloats.exact(matrix.get(row, column)));
      }
    }
    return ExactMatrix.of(matrix.rows(), matrix.columns(), values.toArray(new BigFraction[0]));
  }
}
