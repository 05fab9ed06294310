package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

class Binary64Test {
  private static Binary64Matrix random(Random random, int rows, int columns) {
    Hostile.Profile profile = Hostile.profile(random);
    double[] values = new double[rows * columns];
    for (int e = 0; e < values.length; e++) {
      values[e] = random.nextInt(200) == 0 ? Double.POSITIVE_INFINITY : Hostile.value(random, profile);
    }
    return Binary64Matrix.of(rows, columns, values);
  }

  private static void assertSameBits(double[] expected, double[] actual) {
    assertEquals(expected.length, actual.length);
    for (int e = 0; e < expected.length; e++) {
      assertEquals(Double.doubleToLongBits(expected[e]), Double.doubleToLongBits(actual[e]), "entry " + e);
    }
  }

  /** A sum that is not fused, reordered or pairwise would differ in the last bit somewhere. */
  @Test
  void productHasTheBitsOfTheSequentialLoop() {
    Random random = new Random(21);
    for (int c = 0; c < 400; c++) {
      int n = random.nextInt(6);
      int k = random.nextInt(40);
      int m = random.nextInt(20);
      Binary64Matrix a = random(random, n, k);
      Binary64Matrix b = random(random, k, m);
      double[] expected = new double[n * m];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < m; j++) {
          double sum = 0;
          for (int l = 0; l < k; l++) {
            sum = Math.fma(a.get(i, l), b.get(l, j), sum);
          }
          expected[i * m + j] = sum;
        }
      }
      for (int run = 0; run < 3; run++) {
        assertSameBits(expected, a.times(b).toArray());
      }
    }
  }

  @Test
  void liftRoundsToNearest() {
    BigFraction third = new BigFraction(1, 3);
    assertSameBits(new double[] {1.0 / 3, -1.0 / 3}, Binary64.INSTANCE.lift(ExactMatrix.of(1, 2, third, third.negate())).toArray());
    assertSameBits(new double[] {0x1p-1074}, Binary64.INSTANCE.lift(ExactMatrix.of(1, 1, 0x1p-1074)).toArray());
    assertEquals(Double.POSITIVE_INFINITY,
        Binary64.INSTANCE.lift(new BigFraction(10).pow(400)).get(0, 0));
    assertEquals(Math.PI, Binary64.INSTANCE.pi().get(0, 0));
  }

  @Test
  void entrywiseOperationsAreTheIeeeOnes() {
    Random random = new Random(22);
    Binary64Matrix a = random(random, 7, 9);
    Binary64Matrix b = random(random, 7, 9);
    for (int i = 0; i < 7; i++) {
      for (int j = 0; j < 9; j++) {
        double x = a.get(i, j);
        double y = b.get(i, j);
        assertEquals(x + y, a.plus(b).get(i, j));
        assertEquals(x - y, a.minus(b).get(i, j));
        assertEquals(x * y, a.hadamard(b).get(i, j));
        assertEquals(x / y, a.dividedBy(b).get(i, j));
        assertEquals(Math.max(x, y), a.max(b).get(i, j));
        assertEquals(x * x, a.square().get(i, j));
        assertEquals(-x, a.negate().get(i, j));
        assertEquals(Math.abs(x), a.abs().get(i, j));
        assertEquals(x > 0 ? x : 0.0, a.relu().get(i, j));
        assertEquals(StrictMath.exp(x), a.exp().get(i, j));
        assertEquals(StrictMath.log(x), a.log().get(i, j));
        assertEquals(Math.sqrt(x), a.sqrt().get(i, j));
      }
    }
  }

  @Test
  void softmaxDoesNotOverflow() {
    double[] p = Binary64Matrix.of(2, 3, 1e4, 1e4, -1e4, 0, 0, 0).softmaxRows().toArray();
    assertArrayEquals(new double[] {0.5, 0.5, 0, 1.0 / 3, 1.0 / 3, 1.0 / 3}, p);
    assertEquals(new Shape(4, 0), Shape.of(Binary64Matrix.of(4, 0).softmaxRows()));
  }

  @Test
  void rearrangementsAgreeWithGather() {
    Random random = new Random(23);
    Binary64Matrix a = random(random, 3, 5);
    Binary64Matrix b = random(random, 3, 2);
    Binary64Matrix c = random(random, 2, 5);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 5; j++) {
        assertEquals(a.get(i, j), a.transpose().get(j, i));
        assertEquals(a.get(i, j), a.reshape(5, 3).get((5 * i + j) / 3, (5 * i + j) % 3));
        assertEquals(a.get(i, j), a.beside(b).get(i, j));
        assertEquals(a.get(i, j), a.above(c).get(i, j));
        assertEquals(c.get(i % 2, j), a.above(c).get(3 + i % 2, j));
        assertEquals(b.get(i, j % 2), a.beside(b).get(i, 5 + j % 2));
        assertEquals(a.get(i, j), a.block(i, 3, j, 5).get(0, 0));
        assertEquals(Math.max(a.get(i, j), a.maxOfRows().get(i, 0)), a.maxOfRows().get(i, 0));
      }
    }
    assertSameBits(new double[] {0, a.get(2, 4)}, a.gather(1, 2, new int[] {-1, 14}).toArray());
    assertThrows(ShapeException.class, () -> a.gather(1, 1, new int[] {15}));
    assertThrows(ShapeException.class, () -> a.gather(1, 1, new int[] {-2}));
    assertThrows(ShapeException.class, () -> a.gather(2, 2, new int[] {0}));
    assertThrows(ShapeException.class, () -> a.plus(b));
    assertThrows(ShapeException.class, () -> a.times(b));
    assertThrows(ShapeException.class, () -> a.reshape(-3, -5));
    assertThrows(ShapeException.class, () -> a.block(0, 4, 0, 1));
    assertThrows(ShapeException.class, () -> a.above(b));
    assertThrows(ShapeException.class, () -> a.beside(c));
    assertThrows(ShapeException.class, () -> Binary64Matrix.of(2, 0).maxOfRows());
    assertThrows(ShapeException.class, () -> Binary64Matrix.of(2, 2, 1));
  }

  @Test
  void arraysAreCopied() {
    double[] source = {1, 2};
    Binary64Matrix a = Binary64Matrix.of(1, 2, source);
    source[0] = 9;
    a.toArray()[1] = 9;
    assertTrue(a.get(0, 0) == 1 && a.get(0, 1) == 2);
  }
}
