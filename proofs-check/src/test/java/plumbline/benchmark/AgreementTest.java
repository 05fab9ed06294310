package plumbline.benchmark;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import plumbline.benchmark.Agreement.DisagreementException;

class AgreementTest {
  private static final Enclosure NOTHING = Enclosure.exactly(0);

  private static Enclosure ball(long m, long e, long r, long s) {
    return new Enclosure(BigInteger.valueOf(m), e, BigInteger.valueOf(r), s);
  }

  private static Entries row(Enclosure... values) {
    return new Entries(1, values.length, List.of(values));
  }

  @Test
  void ballsThatTouchMeet() {
    // [3/4, 5/4] and [5/4, 7/4]; then the second one moved up by 2^−60.
    assertTrue(ball(1, 0, 1, -2).meets(ball(3, -1, 1, -2), NOTHING));
    Enclosure above = ball((3L << 59) + 1, -60, 1, -2);
    assertFalse(ball(1, 0, 1, -2).meets(above, NOTHING));
    assertFalse(above.meets(ball(1, 0, 1, -2), NOTHING));
    assertTrue(above.meets(ball(1, 0, 1, -2), ball(1, -60, 0, 0)));
  }

  @Test
  void signsAndExponentsCount() {
    assertFalse(ball(5, 3, 0, 0).meets(ball(-5, 3, 0, 0), NOTHING));
    assertFalse(ball(5, 3, 0, 0).meets(ball(5, 4, 0, 0), NOTHING));
    assertTrue(ball(5, 3, 0, 0).meets(ball(10, 2, 0, 0), NOTHING));
    assertTrue(ball(-1, 5000, 1, 5000).meets(ball(-1, -5000, 0, 0), NOTHING));
    assertFalse(ball(-1, 5000, 1, 5000).meets(ball(1, -5000, 0, 0), NOTHING));
  }

  @Test
  void oneEntryThatDiffersFails() {
    Entries ours = row(ball(1, 0, 1, -60), ball(2, 0, 1, -60), ball(3, 0, 1, -60));
    assertDoesNotThrow(() -> Agreement.requireOverlap("x", ours, row(ball(1, 0, 0, 0), ball(2, 0, 0, 0), ball(3, 0, 0, 0))));
    Entries last = row(ball(1, 0, 0, 0), ball(2, 0, 0, 0), ball(301, -7, 0, 0));
    String message = assertThrows(DisagreementException.class, () -> Agreement.requireOverlap("x", ours, last)).getMessage();
    assertTrue(message.startsWith("x: entry (0,2)"), message);
    assertDoesNotThrow(() -> Agreement.requireOverlap("x", ours, last, k -> ball(84, -7, 0, 0)));
    assertThrows(DisagreementException.class, () -> Agreement.requireOverlap("x", ours, last, k -> ball(82, -7, 0, 0)));
    assertThrows(DisagreementException.class, () -> Agreement.requireOverlap("x", ours, row(ball(1, 0, 0, 0))));
  }

  @Test
  void textIsExact() {
    for (Enclosure x : List.of(ball(-255, -3, 1, -99), ball(0, 0, 0, 0), Enclosure.exactly(-0.1), ball(1, 1L << 40, 0, 0))) {
      assertEquals(x, Enclosure.parse(x.toString()));
    }
    assertEquals("-ff -3 a -9", ball(-255, -3, 10, -9).toString());
    assertThrows(IllegalArgumentException.class, () -> Enclosure.parse("1 0 1"));
    assertThrows(IllegalArgumentException.class, () -> Enclosure.parse("1 0 -1 0"));
  }

  @Test
  void doublesAreExact() {
    for (double x : new double[] {0.1, -3, Double.MIN_VALUE, -Double.MAX_VALUE, 0x1.fffffffffffffp-1023}) {
      Enclosure enclosure = Enclosure.exactly(x);
      assertEquals(x, Math.scalb(Math.scalb(enclosure.m().doubleValue(), (int) enclosure.e() / 2),
          (int) (enclosure.e() - enclosure.e() / 2)));
    }
    assertThrows(IllegalArgumentException.class, () -> Enclosure.exactly(Double.NaN));
  }

  @Test
  void radiiAreCompared() {
    Entries ours = row(ball(1, 0, 3, -60), ball(1, 0, 0, 0), ball(1, 0, 5, -60));
    Entries theirs = row(ball(1, 0, 3, -61), ball(1, 0, 1, 0), ball(1, 0, 5, -60));
    assertEquals(1.5, Agreement.radiusRatio(ours, theirs), 1e-9);
  }
}
