package plumbline.reference.decide;

import java.util.ArrayList;
import java.util.List;
import plumbline.reference.number.Ball;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Rational;
import plumbline.spec.number.CertifiedSystem;

/**
 * One step of the precision ladder.
 *
 * @param system a certified number system
 * @param bits its precision; 0 if it is exact
 */
public record Rung(CertifiedSystem<?> system, int bits) {
  /** The least limit of a ladder: below, nothing could be tried. */
  public static final int MIN_BITS = 53;

  /** Exact rationals, which decide what enclosures leave open because an exact value lies on a border. */
  public static final Rung EXACT = new Rung(Rational.INSTANCE, 0);

  private static final int FIRST_BALL = 128;

  /** The enclosures 53, 128, 256, … bits, the last at the limit {@code maxBits}, at least {@link #MIN_BITS}. */
  public static List<Rung> upTo(int maxBits) {
    if (maxBits < MIN_BITS) {
      throw new IllegalArgumentException("the precision limit must be at least " + MIN_BITS + " bits, got " + maxBits);
    }
    List<Rung> rungs = new ArrayList<>();
    rungs.add(new Rung(Ball53.INSTANCE, MIN_BITS));
    int last = MIN_BITS;
    for (long bits = FIRST_BALL; last < maxBits; bits *= 2) {
      last = (int) Math.min(bits, maxBits);
      rungs.add(new Rung(Ball.of(last), last));
    }
    return rungs;
  }
}
