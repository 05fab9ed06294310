package plumbline.reference.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static plumbline.reference.layer.Exact.assertExact;
import static plumbline.reference.layer.Exact.assertShapeError;
import static plumbline.reference.layer.Exact.f;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Interpolation.Reading;
import plumbline.reference.layer.Interpolation.Standard;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;

final class InterpolationTest {
  private final Random random = new Random(32);

  private static List<Reading> readings() {
    List<Reading> readings = new ArrayList<>();
    for (Kernel kernel : List.of(Kernel.BSPLINE, Kernel.KEYS)) {
      readings.add(new Standard(kernel));
      for (int origin = 0; origin <= 1; origin++) {
        for (Boundary boundary : Boundary.values()) {
          readings.add(new Literal(kernel, origin, boundary));
        }
      }
    }
    return readings;
  }

  /** X[i, j, l] with indices from {@code origin}; reads outside as the boundary says, one step of the mirror at a time. */
  private static BigFraction read(ExactMatrix x, int h, int w, int l, int origin, Boundary boundary, int i, int j) {
    int p = i - origin;
    int q = j - origin;
    if (boundary == Boundary.ZERO && (p < 0 || p >= h || q < 0 || q >= w)) {
      return BigFraction.ZERO;
    }
    return x.get(inside(p, h, boundary) * w + inside(q, w, boundary), l);
  }

  private static int inside(int p, int n, Boundary boundary) {
    int q = p;
    while (q < 0 || q >= n) {
      if (boundary == Boundary.REFLECT && n > 1) {
        q = q < 0 ? -q : 2 * (n - 1) - q;
      } else {
        q = q < 0 ? 0 : n - 1;
      }
    }
    return q;
  }

  private static ExactMatrix naive(Reading reading, ExactMatrix x, int h, int w, int height, int width) {
    int c = x.columns();
    BigFraction[] y = new BigFraction[height * width * c];
    for (int i = 0, e = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        for (int l = 0; l < c; l++, e++) {
          BigFraction sum = BigFraction.ZERO;
          for (int s = -1; s <= 2; s++) {
            for (int t = -1; t <= 2; t++) {
              if (reading instanceof Literal literal) {
                int o = literal.origin();
                int base = (int) Math.floor((double) ((i + o) * h) / height);
                int across = (int) Math.floor((double) ((j + o) * w) / width);
                sum = sum.add(literal.kernel().at(f(s, 1)).multiply(literal.kernel().at(f(t, 1)))
                    .multiply(read(x, h, w, l, o, literal.boundary(), base + s, across + t)));
              } else if (reading instanceof Standard standard) {
                BigFraction u = f(2 * i + 1, 2).multiply(f(h, height)).subtract(f(1, 2));
                BigFraction v = f(2 * j + 1, 2).multiply(f(w, width)).subtract(f(1, 2));
                int base = (int) Math.floor(u.doubleValue());
                int across = (int) Math.floor(v.doubleValue());
                sum = sum.add(standard.kernel().at(u.subtract(base + s))
                    .multiply(standard.kernel().at(v.subtract(across + t)))
                    .multiply(read(x, h, w, l, 0, Boundary.REPLICATE, base + s, across + t)));
              }
            }
          }
          y[e] = sum;
        }
      }
    }
    return ExactMatrix.of(height * width, c, y);
  }

  /** {from height, from width, to height, to width}. */
  private static final int[][] SIZES = {{1, 1, 2, 2}, {1, 2, 3, 5}, {2, 3, 4, 6}, {3, 4, 5, 7}, {2, 1, 7, 9}, {5, 5, 6, 8}};

  @Test
  void mapIsTheFormula() {
    for (Reading reading : readings()) {
      for (int[] s : SIZES) {
        ExactMatrix x = Exact.random(random, s[0] * s[1], 2);
        TokenMap<RationalMatrix> y = new Interpolation(reading, s[2], s[3]).apply(Exact.map(s[0], s[1], x));
        assertEquals(s[2] + "×" + s[3] + "×2", y.shape());
        assertExact(naive(reading, x, s[0], s[1], s[2], s[3]), y.tokens());
      }
    }
  }

  @Test
  void matrixIsTheMap() {
    for (Reading reading : readings()) {
      for (int[] s : SIZES) {
        Interpolation layer = new Interpolation(reading, s[2], s[3]);
        ExactMatrix x = Exact.random(random, s[0] * s[1], 3);
        RationalMatrix product = Exact.lift(layer.matrix(s[0], s[1])).times(Exact.lift(x));
        assertExact(product.toExact(), layer.apply(Exact.map(s[0], s[1], x)).tokens());
      }
    }
  }

  @Test
  void weightsOfEachOutputSumToOneUnlessZerosAreRead() {
    for (Reading reading : readings()) {
      // Keys kernels read one sample, W(0) = 1; with origin 1 the first ones, ⌊i·h/h'⌋ = 0, lie outside.
      boolean zeros = reading instanceof Literal literal && literal.boundary() == Boundary.ZERO
          && (literal.origin() == 1 || literal.kernel() == Kernel.BSPLINE);
      ExactMatrix sums = Exact.lift(reading.axis(3, 7)).sumOfRows().toExact();
      assertEquals(!zeros, sums.equals(ExactMatrix.ones(7, 1)), reading.toString());
    }
  }

  /** With W at the integers and origin 0, doubling a map repeats every row: the phase is lost. */
  @Test
  void literalReadingRepeatsRows() {
    ExactMatrix axis = new Literal(Kernel.BSPLINE, 0, Boundary.REPLICATE).axis(4, 8);
    for (int i = 0; i < 8; i += 2) {
      for (int p = 0; p < 4; p++) {
        assertEquals(axis.get(i, p), axis.get(i + 1, p));
      }
    }
    assertEquals(f(1, 6), axis.get(4, 1));
    assertEquals(f(2, 3), axis.get(4, 2));
    assertEquals(f(1, 6), axis.get(4, 3));
  }

  @Test
  void boundariesByHand() {
    BigFraction b = f(1, 6);
    BigFraction m = f(2, 3);
    // Output 0 reads samples −1, 0, 1, 2 with weights 1/6, 2/3, 1/6, 0; output 2 (origin 0, 2 → 4) reads 0, 1, 2, 3.
    assertRow(new Literal(Kernel.BSPLINE, 0, Boundary.ZERO), 0, m, b);
    assertRow(new Literal(Kernel.BSPLINE, 0, Boundary.REPLICATE), 0, m.add(b), b);
    assertRow(new Literal(Kernel.BSPLINE, 0, Boundary.REFLECT), 0, m, b.add(b));
    assertRow(new Literal(Kernel.BSPLINE, 0, Boundary.ZERO), 2, b, m);
    // Origin 1: output 1 of 4 reads ⌊1/2⌋ + s = s, so samples 0 (outside), 1, 2 of X_1, X_2.
    assertRow(new Literal(Kernel.BSPLINE, 1, Boundary.ZERO), 0, b, BigFraction.ZERO);
    assertRow(new Literal(Kernel.BSPLINE, 1, Boundary.REPLICATE), 0, BigFraction.ONE, BigFraction.ZERO);
    assertRow(new Literal(Kernel.BSPLINE, 1, Boundary.ZERO), 3, b, m);
    // PyTorch, 2 → 4: the phase is 3/4 at ⌊u⌋ = −1, so sample 1 is read with W(5/4) = −27/256.
    assertRow(Reading.PYTORCH, 0, f(283, 256), f(-27, 256));
  }

  private static void assertRow(Reading reading, int row, BigFraction... weights) {
    ExactMatrix axis = reading.axis(2, 4);
    for (int p = 0; p < weights.length; p++) {
      assertEquals(weights[p], axis.get(row, p), reading + " row " + row + " weight " + p);
    }
  }

  @Test
  void onePixelIsSpreadAndNoChannelsAreFine() {
    ExactMatrix pixel = ExactMatrix.ofIntegers(1, 2, 3, -5);
    TokenMap<RationalMatrix> y = new Interpolation(Reading.PYTORCH, 2, 3).apply(Exact.map(1, 1, pixel));
    assertExact(ExactMatrix.ofIntegers(6, 2, 3, -5, 3, -5, 3, -5, 3, -5, 3, -5, 3, -5), y.tokens());
    TokenMap<RationalMatrix> none = new Interpolation(Reading.PYTORCH, 2, 3).apply(Exact.map(1, 2, ExactMatrix.zeros(2, 0)));
    assertEquals("2×3×0", none.shape());
  }

  @Test
  void refusesWhatTheDefinitionExcludes() {
    Interpolation layer = new Interpolation(Reading.PYTORCH, 4, 4);
    for (int[] s : new int[][] {{4, 4}, {4, 2}, {2, 4}, {5, 5}, {0, 0}, {0, 3}}) {
      ExactMatrix x = ExactMatrix.zeros(s[0] * s[1], 1);
      assertShapeError(() -> layer.apply(Exact.map(s[0], s[1], x)), "def-3.2", "4×4", s[0] + "×" + s[1]);
      assertShapeError(() -> layer.matrix(s[0], s[1]), "def-3.2");
    }
    assertShapeError(() -> new Interpolation(Reading.PYTORCH, 1, 4), "def-3.2", "1×4");
    assertThrows(IllegalArgumentException.class, () -> new Literal(Kernel.BSPLINE, 2, Boundary.ZERO));
  }
}
