package plumbline.reference.envelope;

import static plumbline.reference.number.Directed.addUp;
import static plumbline.reference.number.Directed.mulUp;

import java.util.Arrays;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.number.Rounding;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.rounding.Up;

/**
 * The weights of one axis of a resampling and what an implementation may have computed for them; the bounds are explained at
 * {@link EnvelopeMatrix#resample}. All arrays are row-major, {@code to × from}.
 */
final class Weights {
  /** Samples outside of the map are read as the nearest one, so that the weights of up to four taps add up at an edge. */
  private static final int MERGED_TAPS = 4;
  /** Twice the negative weights of a cubic kernel that may have cancelled where taps were merged. */
  private static final double MERGED_AWAY = 0.5;
  /** Errors of evaluating a weight at a given distance, in unit roundoffs. */
  private static final double LINEAR = 4;
  private static final double INNER_TAP = 12;
  private static final double OUTER_TAP = 48;

  private final @Up double[] size;
  private final @Up double[] error;
  private final @Up double[] computed;
  private final int taps;
  private final boolean exact;

  Weights(Envelope system, ExactMatrix axis) {
    int from = axis.columns();
    size = new @Up double[axis.size()];
    error = new @Up double[axis.size()];
    computed = new @Up double[axis.size()];
    boolean copies = true;
    boolean shares = from > 1;
    boolean negative = false;
    int most = 0;
    boolean[] copy = new boolean[axis.rows()];
    for (int i = 0; i < axis.rows(); i++) {
      BigFraction first = BigFraction.ZERO;
      int count = 0;
      for (int p = 0; p < from; p++) {
        BigFraction weight = axis.get(i, p);
        size[i * from + p] = Rounding.up(weight.abs());
        negative |= weight.getNumerator().signum() < 0;
        if (!weight.equals(BigFraction.ZERO)) {
          count++;
          first = count == 1 ? weight : first;
          shares &= weight.equals(first);
        }
      }
      copy[i] = count == 1 && first.equals(BigFraction.ONE);
      copies &= copy[i];
      most = Math.max(most, count);
    }
    // Linear and cubic weights copy all samples only where an axis shrinks, or stays; the others are of the nearest sample. Where it
    // shrinks nothing tells these apart, so that positions and weights of 0 and 1 may be off as a cubic kernel's are.
    exact = copies && from > 1 && axis.rows() >= from;
    // Linear weights half-way between samples are equal, too; of an axis that is halved they err no more than shares do.
    shares &= !copies && (most >= 3 || from == 2 * axis.rows());
    boolean surelyZero = !copies && hasFewBits(system.model().storage(), axis);
    taps = exact || shares ? Math.max(1, most) : Math.max(MERGED_TAPS, most);
    boolean sure = hasExactPositions(system.model().storage(), axis);
    boolean linear = !copies && most <= 2 && !negative;
    @Up double position = sure ? 0 : mulUp(2, addUp(mulUp(addUp(mulUp(6, system.model().division()), 4), from), 2));
    for (int i = 0; i < axis.rows() && !exact; i++) {
      for (int p = 0; p < from; p++) {
        int e = i * from + p;
        if (shares) {
          error[e] = mulUp(mulUp(4, system.roundoff()), size[e]);
        } else if (size[e] > 0 || ((!sure || (copy[i] && !surelyZero)) && isNearTap(i * from, p, from, copy[i] ? 2 : 1))) {
          boolean edge = p == 0 || p == from - 1;
          boolean inner = !edge && negative && axis.get(e).getNumerator().signum() > 0;
          @Up double evaluation = linear ? LINEAR : inner ? INNER_TAP : OUTER_TAP;
          @Up double own = mulUp(addUp(evaluation, position), system.roundoff());
          error[e] = edge ? mulUp(MERGED_TAPS, own) : own;
        }
      }
    }
    for (int i = 0; i < axis.rows(); i++) {
      for (int p = 0; p < from; p++) {
        int e = i * from + p;
        boolean merged = error[e] > 0 && !shares && (p == 0 || p == from - 1);
        computed[e] = addUp(addUp(size[e], error[e]), merged ? MERGED_AWAY : 0);
      }
    }
  }

  /**
   * Whether sample positions are found without rounding: the ratio of the sizes is a power of two, so that it, its reciprocal and
   * its products with half integers are numbers of the format, as are then the weights, polynomials of positions with few bits.
   */
  private static boolean hasExactPositions(Format storage, ExactMatrix axis) {
    int larger = Math.max(axis.rows(), axis.columns());
    int smaller = Math.max(1, Math.min(axis.rows(), axis.columns()));
    if (larger % smaller != 0 || Integer.bitCount(larger / smaller) != 1 || 4L * larger >= 1L << storage.precision()) {
      return false;
    }
    return axis.isBinary64() && Arrays.stream(axis.binary64()).allMatch(storage::holds);
  }

  /** Whether all weights have so few bits that Horner's rule finds them, zeros too, without rounding: its values are below 16. */
  private static boolean hasFewBits(Format storage, ExactMatrix axis) {
    double units = Math.scalb(1.0, Math.max(0, storage.precision() - 4));
    return axis.isBinary64() && Arrays.stream(axis.binary64()).allMatch(weight -> weight * units == Math.rint(weight * units));
  }

  /** Whether this or one of {@code reach} neighbours on each side has weight. */
  private boolean isNearTap(int row, int p, int from, int reach) {
    for (int q = Math.max(0, p - reach); q <= Math.min(from - 1, p + reach); q++) {
      if (size[row + q] > 0) {
        return true;
      }
    }
    return false;
  }

  /** Upper bounds of the exact weights' sizes. */
  @Up double[] size() {
    return size;
  }

  /** How far a computed weight may be off. */
  @Up double[] error() {
    return error;
  }

  /** Upper bounds of the sizes of computed weights, with those that cancel at an edge counted separately. */
  @Up double[] computed() {
    return computed;
  }

  /** The largest number of taps of an output sample. */
  int taps() {
    return taps;
  }

  /** Whether every output sample is a copy of an input sample. */
  boolean isExact() {
    return exact;
  }
}
