package plumbline.properties.mutation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import plumbline.reference.envelope.Format;

class FloatsTest {

  @Test
  void thePolynomialIsAnHonestExpAndTheCubicIsOffBy1e4() {
    double worst = 0;
    for (float x = -80; x < 80; x += 0.00317f) {
      double exact = StrictMath.exp(x);
      assertEquals(exact, Floats.exp(x), 2 * Math.ulp((float) exact), "exp " + x);
      worst = Math.max(worst, Math.abs(Floats.approximateExp(x) / exact - 1));
    }
    assertTrue(worst > 8e-5 && worst < 1.5e-4, "off by " + worst);
    assertEquals(0, Floats.exp(-200));
    assertEquals(Float.POSITIVE_INFINITY, Floats.exp(100));
  }

  @Test
  void roundingIsThatOfTheFormats() {
    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      float x = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(x) && Math.abs(x) >= Float.MIN_NORMAL) {
        assertEquals((float) Format.TF32.round(x), Floats.tf32(x), "tf32 " + x);
      }
    }
    assertTrue(Float.isNaN(Floats.tf32(Float.NaN)));
    assertEquals(Float.POSITIVE_INFINITY, Floats.tf32(Float.POSITIVE_INFINITY));
    assertEquals(0.333251953125f, Floats.half(1f / 3));
  }

  /** Integers: every order of summation is exact, so all agree. */
  @Test
  void everySumIsTheSum() {
    Random random = new Random(4);
    for (int n = 0; n < 40; n++) {
      FloatTensor a = Floats.map(Floats.normal(random, 3, n), value -> Math.round(10 * value));
      FloatTensor b = Floats.map(Floats.normal(random, n, 5), value -> Math.round(10 * value));
      float[] expected = new float[15];
      for (int e = 0; e < 15; e++) {
        for (int k = 0; k < n; k++) {
          expected[e] += a.values()[e / 5 * n + k] * b.values()[k * 5 + e % 5];
        }
      }
      for (Sum sum : Sum.values()) {
        assertArrayEquals(expected, sum.product(a, b).values(), sum + " of " + n);
      }
    }
  }

  @Test
  void layoutsAreMisreadAsTheyAre() {
    FloatTensor x = new FloatTensor(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, Floats.transpose(x).values());
    assertArrayEquals(new float[] {1, 3, 5, 2, 4, 6}, Floats.misread(x).values());
    assertArrayEquals(new float[] {4, 5, 6, 1, 2, 3}, Floats.rolled(x, 1).values());
    assertArrayEquals(new float[] {1, 2, 3, 0, 0, 0}, Floats.withoutLast(x).values());
    assertArrayEquals(new float[] {1, 2, 0, 4, 5, 0}, Floats.withoutLastColumn(x).values());
    assertEquals(6 * (1 + 3e-5f), Floats.oneOff(x).values()[5]);
    assertEquals(6 + 64 * Math.ulp(6f), Floats.oneWeightOff(x).values()[5]);
    for (float value = 0.01f; value < 100; value *= 1.01f) {
      assertEquals(1 / Math.sqrt(value), LayerNormSubject.fastReciprocalRoot(value), 1.8e-3 / Math.sqrt(value));
    }
  }
}
