package plumbline.reference.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every engine against the definition, one fma at a time, bit for bit. */
class DoubleProductTest {
  private static final double[] HOSTILE = {0.0, -0.0, 1, -1, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MIN_NORMAL,
      0x1p-600, -0x1p-537, 0x1.fffffffffffffp-1, 1 + 0x1p-52, 1e300, -1e300, Double.MAX_VALUE, -Double.MAX_VALUE};

  private interface Engine {
    void multiplyAdd(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
        double[] c, int cFrom, int cStride, int n, int k, int m);
  }

  private static void packed(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int cFrom, int cStride, int n, int k, int m) {
    double[] panels = new double[k * DoubleProductVector.panelled(m)];
    Arrays.fill(panels, Double.NaN);
    int middle = Math.min(m, 32);
    DoubleProductVector.pack(b, bFrom, bStride, k, m, middle, m, panels);
    DoubleProductVector.pack(b, bFrom, bStride, k, m, 0, middle, panels);
    DoubleProductVector.multiplyAdd(a, aFrom, aStride, panels, c, cFrom, cStride, n, k, m);
  }

  private static final Engine[] ENGINES = {DoubleProduct::multiplyAdd, DoubleProductPlain::multiplyAdd,
      DoubleProductVector::multiplyAdd, DoubleProductTest::packed};

  private static void definition(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int cFrom, int cStride, int n, int k, int m) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < m; j++) {
        for (int l = 0; l < k; l++) {
          int to = cFrom + i * cStride + j;
          c[to] = Math.fma(a[aFrom + i * aStride + l], b[bFrom + l * bStride + j], c[to]);
        }
      }
    }
  }

  private static double[] ordinary(Random random, int length) {
    double[] values = new double[length];
    for (int e = 0; e < length; e++) {
      values[e] = random.nextGaussian();
    }
    return values;
  }

  private static double[] hostile(Random random, int length, boolean special) {
    double[] values = new double[length];
    for (int e = 0; e < length; e++) {
      int kind = random.nextInt(special ? 40 : 37);
      values[e] = kind < 15 ? HOSTILE[kind]
          : kind < 37 ? Math.scalb(random.nextGaussian(), random.nextInt(60) - 30)
          : kind == 37 ? Double.NaN : kind == 38 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
    return values;
  }

  /** Inside larger arrays, where nothing outside the block of the product may change. */
  private static void check(Random random, int n, int k, int m, int kind) {
    int aFrom = random.nextInt(5);
    int aStride = k + random.nextInt(4);
    int bFrom = random.nextInt(5);
    int bStride = m + random.nextInt(4);
    int cFrom = random.nextInt(5);
    int cStride = m + random.nextInt(4);
    int aSize = aFrom + n * aStride;
    int bSize = bFrom + k * bStride;
    int cSize = cFrom + n * cStride;
    double[] a = kind == 0 ? ordinary(random, aSize) : hostile(random, aSize, kind == 2);
    double[] b = kind == 0 ? ordinary(random, bSize) : hostile(random, bSize, kind == 2);
    double[] c = kind == 0 ? ordinary(random, cSize) : hostile(random, cSize, kind == 2);
    double[] expected = c.clone();
    definition(a, aFrom, aStride, b, bFrom, bStride, expected, cFrom, cStride, n, k, m);
    for (int e = 0; e < ENGINES.length; e++) {
      double[] result = c.clone();
      ENGINES[e].multiplyAdd(a, aFrom, aStride, b, bFrom, bStride, result, cFrom, cStride, n, k, m);
      assertSameBits(expected, result, "engine " + e + ", " + n + "×" + k + "×" + m);
    }
  }

  /** All NaNs are one. */
  private static void assertSameBits(double[] expected, double[] actual, String message) {
    assertArrayEquals(bits(expected), bits(actual), message);
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray();
  }

  @Test
  void everyEngineDoesWhatTheDefinitionSays() {
    assertTrue(Simd.AVAILABLE, "the Vector API is not there: nothing would be compared");
    Random random = new Random(1);
    for (int n = 0; n <= 20; n++) {
      for (int m = 0; m <= 36; m++) {
        check(random, n, random.nextInt(12), m, random.nextInt(3));
      }
    }
    int[] sides = {1, 2, 7, 8, 15, 31, 32, 33, 40, 63, 65, 100};
    for (int n : sides) {
      for (int m : sides) {
        check(random, n, sides[random.nextInt(sides.length)], m, random.nextInt(3));
      }
    }
  }

  @Test
  void blocksOfCachesMeetWithoutChangingBits() {
    Random random = new Random(2);
    int[][] shapes = {{131, 300, 70}, {140, 530, 150}, {9, 520, 530}, {40, 257, 1030}, {300, 3, 513}, {2, 700, 2}, {500, 70, 1},
        {130, 77, 201}};
    for (int[] s : shapes) {
      for (int kind = 0; kind < 3; kind++) {
        check(random, s[0], s[1], s[2], kind);
      }
    }
  }

  @Test
  void partsForThreadsMeetWithoutChangingBits() {
    Random random = new Random(3);
    check(random, 150, 130, 300, 0);
    check(random, 1000, 90, 47, 1);
    check(random, 33, 300, 450, 2);
  }

  @Test
  void negativeZeroSurvivesWhereFusedSumsKeepIt() {
    double[] c = new double[64 * 64];
    Arrays.fill(c, -0.0);
    double[] a = new double[64 * 64];
    Arrays.fill(a, -0.0);
    double[] b = new double[64 * 64];
    Arrays.fill(b, 1);
    DoubleProduct.multiplyAdd(a, 0, 64, b, 0, 64, c, 0, 64, 64, 64, 64);
    for (double x : c) {
      assertEquals(Double.doubleToLongBits(-0.0), Double.doubleToLongBits(x));
    }
  }
}
