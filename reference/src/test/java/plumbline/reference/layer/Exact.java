package plumbline.reference.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.IntFunction;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.function.Executable;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.ShapeException;

/** What the layer tests share: small random rationals, and exact comparison. */
public final class Exact {

  private Exact() {}

  /** Random rationals p/q with |p| at most 9 and q in 1 … 4. */
  public static ExactMatrix random(Random random, int rows, int columns) {
    return fill(rows, columns, e -> new BigFraction(random.nextInt(19) - 9, 1 + random.nextInt(4)));
  }

  public static ExactMatrix fill(int rows, int columns, IntFunction<BigFraction> entry) {
    BigFraction[] values = new BigFraction[rows * columns];
    for (int e = 0; e < values.length; e++) {
      values[e] = entry.apply(e);
    }
    return ExactMatrix.of(rows, columns, values);
  }

  public static RationalMatrix lift(ExactMatrix exact) {
    return Rational.INSTANCE.lift(exact);
  }

  public static TokenMap<RationalMatrix> map(int height, int width, ExactMatrix tokens) {
    return new TokenMap<>(height, width, lift(tokens));
  }

  public static BigFraction f(int numerator, int denominator) {
    return new BigFraction(numerator, denominator);
  }

  public static void assertExact(ExactMatrix expected, RationalMatrix actual) {
    assertEquals(expected, actual.toExact());
  }

  /** The shape error names the statement and holds each of the given parts. */
  public static void assertShapeError(Executable executable, String... parts) {
    String message = assertThrows(ShapeException.class, executable).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> part + " not in: " + message);
    }
  }
}
