package plumbline.reference.layer;

import java.math.BigInteger;
import java.util.Arrays;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;

/** Linear maps of token maps that act on pixel rows and pixel columns one after the other, the same in each channel. */
final class Separable {

  /** What a read outside of the samples 0 … n−1 of an axis returns. */
  interface Extension {
    /** The sample to read at position {@code k}, or −1 for the number zero. */
    int index(long k, int n);
  }

  /** How one output sample reads: {@code weights[k]} times the sample at {@code first + k}. */
  record Taps(long first, BigFraction... weights) {}

  private Separable() {}

  /** The {@code taps.length × from} matrix of an axis: row i holds the taps of output sample i. */
  static ExactMatrix axis(int from, Taps[] taps, Extension extension) {
    BigFraction[] weights = new BigFraction[Math.multiplyExact(taps.length, from)];
    Arrays.fill(weights, BigFraction.ZERO);
    for (int i = 0; i < taps.length; i++) {
      for (int k = 0; k < taps[i].weights().length; k++) {
        int index = extension.index(taps[i].first() + k, from);
        if (index >= 0) {
          weights[i * from + index] = weights[i * from + index].add(taps[i].weights()[k]);
        }
      }
    }
    return ExactMatrix.of(taps.length, from, weights);
  }

  /** Y[i,j,·] = Σ_{p,q} vertical[i,p] · X[p,q,·] · horizontal[j,q]. */
  static <M extends Matrix<M>> TokenMap<M> apply(TokenMap<M> x, ExactMatrix vertical, ExactMatrix horizontal) {
    return new TokenMap<>(vertical.rows(), horizontal.rows(), x.tokens().resample(vertical, horizontal));
  }

  /** The matrix of {@link #apply} on the tokens of one channel: the Kronecker product vertical ⊗ horizontal. */
  static ExactMatrix kronecker(ExactMatrix vertical, ExactMatrix horizontal) {
    int rows = Math.multiplyExact(vertical.rows(), horizontal.rows());
    int columns = Math.multiplyExact(vertical.columns(), horizontal.columns());
    BigFraction[] entries = new BigFraction[Math.multiplyExact(rows, columns)];
    for (int i = 0, e = 0; i < rows; i++) {
      for (int p = 0; p < columns; p++, e++) {
        entries[e] = vertical.get(i / horizontal.rows(), p / horizontal.columns())
            .multiply(horizontal.get(i % horizontal.rows(), p % horizontal.columns()));
      }
    }
    return ExactMatrix.of(rows, columns, entries);
  }

  /** The fraction {@code numerator / denominator}. */
  static BigFraction fraction(long numerator, long denominator) {
    return new BigFraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
  }
}
