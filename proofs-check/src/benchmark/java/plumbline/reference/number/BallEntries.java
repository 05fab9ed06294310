package plumbline.reference.number;

import java.math.BigInteger;

/**
 * Midpoint and radius of an entry, exactly and in time proportional to their length, for the benchmark alone: the ends of
 * {@link BallMatrix#enclosure} are fractions in lowest terms, which takes minutes at a million digits.
 */
public final class BallEntries {
  private BallEntries() {}

  /** Told the ball {@code m·2^e ± r·2^s}. */
  public interface Receiver<T> {
    T ball(BigInteger m, long e, BigInteger r, long s);
  }

  /** Tells the entry in row-major order, which must be finite. */
  public static <T> T read(BallMatrix matrix, int entry, Receiver<T> receiver) {
    Balls balls = matrix.balls();
    if (balls.isWhole(entry)) {
      throw new ArithmeticException("entry " + entry + " is the whole line");
    }
    Dyadic m = balls.midpoint(entry);
    Dyadic r = balls.radius(entry);
    return receiver.ball(m.mantissa(), m.exponent(), r.mantissa(), r.exponent());
  }
}
