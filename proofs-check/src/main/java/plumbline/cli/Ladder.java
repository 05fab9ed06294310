package plumbline.cli;

import java.util.ArrayList;
import java.util.List;
import plumbline.reference.number.Ball;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Rational;
import plumbline.spec.number.CertifiedSystem;

/** The number systems that decide, cheapest first: enclosures of 53, 128, 256, … bits, and exact rationals. */
final class Ladder {
  /** The least precision. */
  static final int MIN_BITS = 53;

  private static final int FIRST_BALL = 128;
  private static final int RATIONAL_AFTER = 256;

  /**
   * A step of the ladder.
   *
   * @param system an enclosing or exact number system
   * @param bits its precision; 0 if it is exact
   */
  record Rung(CertifiedSystem<?> system, int bits) {}

  private Ladder() {}

  /**
   * The ladder up to a precision.
   *
   * @param maxBits the highest precision, at least {@link #MIN_BITS}
   * @param rational whether exact rationals are affordable: they decide what enclosures leave open because an exact value
   *     lies on the border of two answers
   */
  static List<Rung> upTo(int maxBits, boolean rational) {
    List<Rung> rungs = new ArrayList<>();
    rungs.add(new Rung(Ball53.INSTANCE, MIN_BITS));
    int last = MIN_BITS;
    for (int bits = FIRST_BALL; last < maxBits; bits = Math.multiplyExact(bits, 2)) {
      if (rational && last >= RATIONAL_AFTER) {
        rungs.add(new Rung(Rational.INSTANCE, 0));
        rational = false;
      }
      last = Math.min(bits, maxBits);
      rungs.add(new Rung(Ball.of(last), last));
    }
    if (rational) {
      rungs.add(new Rung(Rational.INSTANCE, 0));
    }
    return rungs;
  }
}
