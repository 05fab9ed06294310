package plumbline.reference.number;

import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.NotExactException;

/**
 * Exact rational arithmetic: every result is the exact value. What has no rational value (exp, most square roots)
 * raises {@link NotExactException} naming the operation and the entry; the cases that do (exp 0, √(9/4), a softmax of
 * equal scores) are computed.
 */
public final class Rational implements CertifiedSystem<RationalMatrix> {

  /** The one instance. */
  public static final Rational INSTANCE = new Rational();

  private Rational() {}

  @Override
  public String name() {
    return "rational";
  }

  @Override
  public RationalMatrix lift(ExactMatrix exact) {
    return RationalMatrix.of(exact);
  }

  @Override
  public RationalMatrix pi() {
    throw new NotExactException("π is not rational");
  }

  /** A point matrix; {@code lower} and {@code upper} must be equal. */
  @Override
  public RationalMatrix enclose(ExactMatrix lower, ExactMatrix upper) {
    if (!lower.equals(upper)) {
      throw new NotExactException("an interval of positive width has no single exact value");
    }
    return lift(lower);
  }

  @Override
  public String toString() {
    return name();
  }
}
