package plumbline.spec.number;

import org.apache.commons.math3.fraction.BigFraction;

/**
 * A semantics for real arithmetic: gives a meaning to every primitive of {@link Matrix}.
 *
 * @param <M> the matrices of this system
 */
public interface NumberSystem<M extends Matrix<M>> {

  /** Short name that a user may type and that reports print, such as {@code rational} or {@code ball(128)}. */
  String name();

  /** Brings an exact matrix into this system: exactly, rounded to nearest, or as the tightest enclosure. */
  M lift(ExactMatrix exact);

  /** The circle constant π as a 1×1 matrix. */
  M pi();

  /** A 1×1 matrix holding one exact number. */
  default M lift(BigFraction value) {
    return lift(ExactMatrix.of(1, 1, value));
  }

  /** A 1×1 matrix holding one integer. */
  default M lift(long value) {
    return lift(ExactMatrix.ofIntegers(1, 1, value));
  }
}
