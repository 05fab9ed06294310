package plumbline.tck;

import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.conformance.Judgement;
import plumbline.spec.number.ExactMatrix;

/**
 * What an implementation returned for one case.
 *
 * @param name what the case is called in messages
 * @param columns columns of the result
 * @param judgement the result against the exact one
 */
record Computed(String name, int columns, Judgement judgement) {

  int size() {
    return judgement.size();
  }

  double get(int e) {
    return judgement.returned(e);
  }

  boolean isFinite(int e) {
    return Double.isFinite(get(e));
  }

  /** The returned number, exactly. */
  BigFraction value(int e) {
    return ExactMatrix.fraction(get(e));
  }

  /** Whether the model allows anything here. */
  boolean isUnbounded(int e) {
    return !Double.isFinite(judgement.error(e));
  }

  /** The error that the model allows. */
  BigFraction error(int e) {
    return ExactMatrix.fraction(judgement.error(e));
  }

  String place(int e) {
    return name + " y[" + e / columns + "," + e % columns + "]";
  }
}
