package plumbline.properties.semantics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.properties.Expression;
import plumbline.reference.decide.Ladder;
import plumbline.reference.number.Rational;
import plumbline.spec.claim.Inequality;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;

/** The ends of an extension really enclose: every operation, at random points of random boxes. */
class IntervalExtensionTest {
  private static final Ladder LADDER = new Ladder(4096);

  private interface Formula {
    <M extends Matrix<M>> M apply(M x, M y);
  }

  private static final ExactMatrix W = ExactMatrix.ofIntegers(2, 2, 1, -2, -3, 2);

  private static Formula formula(int k) {
    return new Formula() {
      @Override
      public <M extends Matrix<M>> M apply(M x, M y) {
        List<M> all = List.of(x.plus(y), x.minus(y), x.negate(), x.hadamard(y), x.square(), x.times(y), x.times(x.lift(W)),
            x.lift(W).times(x), x.exp(), x.abs(), x.max(y), x.relu(), x.maxOfRows().beside(y.maxOfRows()), x.softmaxRows(),
            x.above(y).rowRange(1, 3), x.transpose(), x.abs().plus(x.lift(ExactMatrix.ones(2, 2))).log(), x.square().sqrt(),
            x.times(y).softmaxRows().times(x.lift(W)), x.tanh(), x.erf());
        return all.get(k);
      }
    };
  }

  private static final int FORMULAS = 21;

  private static BigFraction random(Random random) {
    return new BigFraction(random.nextInt(65) - 32, 16);
  }

  @Test
  void enclosesEveryPoint() {
    Random random = new Random(20250212);
    for (int repeat = 0; repeat < 40; repeat++) {
      ExactMatrix[] lower = new ExactMatrix[2];
      ExactMatrix[] upper = new ExactMatrix[2];
      ExactMatrix[] point = new ExactMatrix[2];
      for (int m = 0; m < 2; m++) {
        BigFraction[][] entries = new BigFraction[3][4];
        for (int e = 0; e < 4; e++) {
          BigFraction a = random(random);
          BigFraction b = random(random);
          entries[0][e] = a.compareTo(b) < 0 ? a : b;
          entries[1][e] = a.compareTo(b) < 0 ? b : a;
          BigFraction t = new BigFraction(random.nextInt(5), 4);
          entries[2][e] = entries[0][e].add(entries[1][e].subtract(entries[0][e]).multiply(t));
        }
        lower[m] = ExactMatrix.of(2, 2, entries[0]);
        upper[m] = ExactMatrix.of(2, 2, entries[1]);
        point[m] = ExactMatrix.of(2, 2, entries[2]);
      }
      for (int k = 0; k < FORMULAS; k++) {
        IntervalExtension bounds =
            formula(k).apply(IntervalExtension.box(lower[0], upper[0]), IntervalExtension.box(lower[1], upper[1]));
        Expression value = formula(k).apply(Expression.of(point[0]), Expression.of(point[1]));
        String name = "formula " + k;
        // A tie of two irrational sides cannot be decided; a point outside of its bounds can.
        for (Inequality each : List.of(bounds.lower().atMost(value, name), value.atMost(bounds.upper(), name))) {
          assertTrue(!LADDER.decide(each).fails(), () -> name + " at " + point[0] + ", " + point[1]);
        }
      }
    }
  }

  private static String ends(IntervalExtension x) {
    return x.lower().in(Rational.INSTANCE).toExact() + " " + x.upper().in(Rational.INSTANCE).toExact();
  }

  /** Bounds that are attained: wider ones would be useless, though they would enclose. */
  @Test
  void endsAreTight() {
    IntervalExtension x = IntervalExtension.box(ExactMatrix.ofIntegers(1, 1, -2), ExactMatrix.ofIntegers(1, 1, 3));
    assertEquals("[[-4]] [[6]]", ends(x.plus(x)));
    assertEquals("[[-6]] [[9]]", ends(x.hadamard(x)));
    assertEquals("[[-6]] [[9]]", ends(x.times(x)));
    assertEquals("[[0]] [[9]]", ends(x.square()));
    assertEquals("[[0]] [[3]]", ends(x.abs()));
    assertEquals("[[0]] [[3]]", ends(x.relu()));
    assertEquals("[[-6]] [[4]]", ends(x.times(x.lift(ExactMatrix.ofIntegers(1, 1, -2)))));
    assertEquals("[[3]]", x.magnitude().in(Rational.INSTANCE).toExact().toString());
    IntervalExtension row = IntervalExtension.box(ExactMatrix.ofIntegers(1, 2, 0, 0), ExactMatrix.ofIntegers(1, 2, 0, 0));
    assertEquals("[[1/2, 1/2]] [[1/2, 1/2]]", ends(row.softmaxRows()));
    assertThrows(UnsupportedOperationException.class, () -> x.dividedBy(x));
  }
}
