package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ExponentsTest {
  private static final long[] VALUES =
      {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE + 1L, 7, Integer.MIN_VALUE - 1L, Mag.MAX_EXPONENT, -5};

  @Test
  void keepsWhatIsSet() {
    for (int first = 0; first < VALUES.length; first++) {
      Exponents exponents = new Exponents(VALUES.length);
      for (int k = 0; k < VALUES.length; k++) {
        int e = (first + k) % VALUES.length;
        exponents.set(e, VALUES[e]);
        for (int j = 0; j <= k; j++) {
          int f = (first + j) % VALUES.length;
          assertEquals(VALUES[f], exponents.get(f));
        }
      }
    }
  }

  @Test
  void copiesBetweenWidths() {
    for (int from = 0; from < VALUES.length; from++) {
      for (int count = 0; count <= VALUES.length - from; count++) {
        Exponents source = new Exponents(VALUES.length);
        for (int e = from; e < VALUES.length; e++) {
          source.set(e, VALUES[e]);
        }
        Exponents copy = new Exponents(VALUES.length + 2);
        copy.set(0, 11);
        copy.copyRange(1, source, from, count);
        assertEquals(11, copy.get(0));
        for (int k = 0; k < count; k++) {
          assertEquals(VALUES[from + k], copy.get(1 + k));
        }
        assertEquals(0, copy.get(count + 1));
      }
    }
  }
}
