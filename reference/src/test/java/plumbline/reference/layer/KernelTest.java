package plumbline.reference.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plumbline.reference.layer.Exact.f;

import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;

final class KernelTest {
  private static final List<Kernel> KERNELS = List.of(Kernel.BSPLINE, Kernel.KEYS, new Kernel.Keys(f(-1, 2)),
      new Kernel.Keys(BigFraction.ZERO), new Kernel.Keys(f(5, 7)));

  @Test
  void knownValues() {
    assertEquals(f(2, 3), Kernel.BSPLINE.at(f(0, 1)));
    assertEquals(f(1, 6), Kernel.BSPLINE.at(f(1, 1)));
    assertEquals(f(23, 48), Kernel.BSPLINE.at(f(-1, 2)));
    assertEquals(f(1, 48), Kernel.BSPLINE.at(f(3, 2)));
    assertEquals(f(1, 1), Kernel.KEYS.at(f(0, 1)));
    assertEquals(f(0, 1), Kernel.KEYS.at(f(1, 1)));
    assertEquals(f(19, 32), Kernel.KEYS.at(f(1, 2)));
    assertEquals(f(-3, 32), Kernel.KEYS.at(f(-3, 2)));
    for (Kernel kernel : KERNELS) {
      assertEquals(f(0, 1), kernel.at(f(2, 1)));
      assertEquals(f(0, 1), kernel.at(f(-7, 3)));
    }
  }

  @Test
  void shiftsSumToOne() {
    for (Kernel kernel : KERNELS) {
      for (int p = 0; p < 12; p++) {
        BigFraction sum = BigFraction.ZERO;
        for (int s = -1; s <= 2; s++) {
          sum = sum.add(kernel.at(f(p, 12).subtract(s)));
        }
        assertEquals(BigFraction.ONE, sum, kernel + " at " + p + "/12");
      }
    }
  }

  @Test
  void onlyBSplineAndKeysZeroStayInTheUnitInterval() {
    for (Kernel kernel : KERNELS) {
      boolean inside = true;
      for (int p = -40; p <= 40; p++) {
        BigFraction value = kernel.at(f(p, 20));
        inside &= value.compareTo(BigFraction.ZERO) >= 0 && value.compareTo(BigFraction.ONE) <= 0;
      }
      boolean expected = kernel == Kernel.BSPLINE || kernel.equals(new Kernel.Keys(BigFraction.ZERO));
      assertEquals(expected, inside, kernel.toString());
    }
  }

  @Test
  void printsWhatItParses() {
    for (String text : List.of("bspline", "keys(-3/4)", "keys(2)", "keys(0)")) {
      assertEquals(text, Kernel.parse(text).toString());
    }
    assertEquals(Kernel.KEYS, Kernel.parse("keys(-6/8)"));
    for (String text : List.of("", "lanczos", "keys", "keys()", "keys(1/0)", "keys(0.5)", "keys(1e9)", "keys(--1)",
        "keys(1/-2)", "keys(1234567890123456789)")) {
      String message = assertThrows(IllegalArgumentException.class, () -> Kernel.parse(text)).getMessage();
      assertTrue(message.contains("def-3.1"), message);
    }
  }
}
