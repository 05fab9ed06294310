package plumbline.reference.number;

import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.ShapeException;

/**
 * Enclosures at any precision: balls with a binary midpoint of {@code bits} bits and a radius of 53. Exponents reach
 * ±2^60: what is larger becomes the whole line, what is smaller a ball around 0. Every operation meets the contract of
 * {@link plumbline.spec.number}; midpoints are rounded to nearest, so a radius grows by half an ulp per operation at
 * most, and not at all where the midpoint is exact.
 *
 * <p>A half-line is not a ball: an enclosure without an upper end has no lower one either.
 */
public final class Ball implements CertifiedSystem<BallMatrix> {
  /** The highest precision, in bits. */
  public static final int MAX_BITS = 1 << 24;

  private static final ConcurrentHashMap<Integer, Ball> KNOWN = new ConcurrentHashMap<>();

  private final int bits;

  private Ball(int bits) {
    this.bits = bits;
  }

  /**
   * The system with midpoints of {@code bits} bits, one object per precision.
   *
   * @throws IllegalArgumentException unless 2 ≤ {@code bits} ≤ {@link #MAX_BITS}
   */
  public static Ball of(int bits) {
    if (bits < 2 || bits > MAX_BITS) {
      throw new IllegalArgumentException("ball precision must be 2 to " + MAX_BITS + " bits, got " + bits);
    }
    return KNOWN.computeIfAbsent(bits, Ball::new);
  }

  /** Bits of a midpoint. */
  public int bits() {
    return bits;
  }

  @Override
  public String name() {
    return "ball(" + bits + ")";
  }

  /** Entries of at most {@link #bits} bits exactly, others rounded to nearest with half an ulp of radius. */
  @Override
  public BallMatrix lift(ExactMatrix exact) {
    Balls d = new Balls(bits, exact.size());
    BallKernel kernel = new BallKernel(bits);
    if (exact.isBinary64()) {
      double[] values = exact.binary64();
      for (int e = 0; e < values.length; e++) {
        kernel.lift(d, e, values[e]);
      }
    } else {
      for (int e = 0; e < d.size; e++) {
        kernel.lift(d, e, exact.get(e));
      }
    }
    return new BallMatrix(this, exact.rows(), exact.columns(), d);
  }

  @Override
  public BallMatrix enclose(ExactMatrix lower, ExactMatrix upper) {
    if (!lower.shape().equals(upper.shape())) {
      throw new ShapeException(
          "enclose needs equal shapes, got " + lower.shape() + " and " + upper.shape());
    }
    Balls d = new Balls(bits, lower.size());
    BallKernel kernel = new BallKernel(bits);
    for (int e = 0; e < d.size; e++) {
      BigFraction low = lower.get(e);
      BigFraction high = upper.get(e);
      if (low.compareTo(high) > 0) {
        throw new IllegalArgumentException("entry " + e + ": lower end " + low + " exceeds upper end " + high);
      }
      kernel.enclose(d, e, low, high);
    }
    return new BallMatrix(this, lower.rows(), lower.columns(), d);
  }

  @Override
  public BallMatrix pi() {
    Balls d = new Balls(bits, 1);
    new BallKernel(bits).pi(d, 0);
    return new BallMatrix(this, 1, 1, d);
  }

  @Override
  public String toString() {
    return name();
  }
}
