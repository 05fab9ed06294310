package plumbline.properties.arbitrary;

import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;

/**
 * A function between matrices that is K-Lipschitz in the norm ‖·‖_∞ (the largest absolute value of an entry), on its whole
 * domain, with an exact K.
 *
 * @param layer the function
 * @param constant K: ‖layer(x) − layer(y)‖_∞ ≤ K ‖x − y‖_∞ for all x, y
 */
public record LipschitzFunction(Layer layer, BigFraction constant) implements Layer {

  @Override
  public String statement() {
    return layer.statement();
  }

  @Override
  public <M extends Matrix<M>> M apply(M x) {
    return layer.apply(x);
  }

  /** The largest sum of absolute values of a row: the constant of x ↦ weights·x in ‖·‖_∞, for each column of x. */
  public static BigFraction rowSum(ExactMatrix weights) {
    BigFraction largest = BigFraction.ZERO;
    for (int i = 0; i < weights.rows(); i++) {
      BigFraction sum = BigFraction.ZERO;
      for (int j = 0; j < weights.columns(); j++) {
        sum = sum.add(weights.get(i, j).abs());
      }
      if (sum.compareTo(largest) > 0) {
        largest = sum;
      }
    }
    return largest;
  }

  /** The largest sum of absolute values of a column: the constant of x ↦ x·weights in ‖·‖_∞, for each row of x. */
  public static BigFraction columnSum(ExactMatrix weights) {
    BigFraction largest = BigFraction.ZERO;
    for (int j = 0; j < weights.columns(); j++) {
      BigFraction sum = BigFraction.ZERO;
      for (int i = 0; i < weights.rows(); i++) {
        sum = sum.add(weights.get(i, j).abs());
      }
      if (sum.compareTo(largest) > 0) {
        largest = sum;
      }
    }
    return largest;
  }
}
