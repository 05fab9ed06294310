package plumbline.cli;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.io.NpyArray;
import plumbline.spec.number.Certified;
import plumbline.spec.number.Interval;

/**
 * One output tensor of an implementation beside enclosures of the exact result, which are replaced by tighter ones until
 * every question is answered.
 */
final class TensorComparison {
  /** Errors in ulps up to this need no digits: y is the exact value, for all that matters. */
  static final double NEGLIGIBLE_ULPS = 0x1p-10;

  private final NpyArray y;
  private final @Nullable Double maxUlps;
  private final Interval[] exact;
  private final Bounds[] ulps;
  private final Bounds[] absolute;
  private int bits = -1;

  /**
   * @param y what the implementation returned, of a floating-point type
   * @param maxUlps the largest error that is no bug, or {@code null} if that is not asked
   */
  TensorComparison(NpyArray y, @Nullable Double maxUlps) {
    this.y = y;
    this.maxUlps = maxUlps;
    this.exact = new Interval[y.size()];
    this.ulps = new Bounds[y.size()];
    this.absolute = new Bounds[y.size()];
    Arrays.fill(exact, Interval.WHOLE);
    Arrays.fill(ulps, Bounds.UNKNOWN);
    Arrays.fill(absolute, Bounds.UNKNOWN);
  }

  /**
   * Takes new enclosures of the exact result.
   *
   * @param bits the precision that they were computed with; 0 if they are exact
   */
  void refine(Certified<?> result, int bits) {
    if ((long) result.rows() * result.columns() != y.size()) {
      throw new IllegalStateException("the exact " + y.name() + " has " + result.rows() + "×" + result.columns()
          + " entries, not " + y.size());
    }
    this.bits = bits;
    for (int e = 0; e < y.size(); e++) {
      if (exact[e].isPoint()) {
        continue;
      }
      exact[e] = result.enclosure(e / result.columns(), e % result.columns());
      UlpError error = UlpError.of(y.dtype(), y.get(e), exact[e]);
      ulps[e] = error.ulps();
      absolute[e] = error.absolute();
    }
  }

  /** Whether the reported bounds agree to three digits and each entry's verdict is known. */
  boolean isSettled() {
    double smallest = Math.scalb(1.0, y.dtype().minExponent() - y.dtype().precision() + 1);
    return bits >= 0 && verdict() != Verdict.UNDECIDED
        && ulpsAt(1).isTight(NEGLIGIBLE_ULPS)
        && ulpsAt(0.99).isTight(NEGLIGIBLE_ULPS)
        && ulpsAt(0.5).isTight(NEGLIGIBLE_ULPS)
        && largestAbsolute().isTight(smallest) && relative().isTight(NEGLIGIBLE_ULPS);
  }

  /** What the file's tensor is, at {@code maxUlps}. */
  enum Verdict { MEASURED, WITHIN, EXCEEDS, UNDECIDED }

  Verdict verdict() {
    if (maxUlps == null) {
      return Verdict.MEASURED;
    }
    boolean within = true;
    for (Bounds error : ulps) {
      if (error.lower() > maxUlps) {
        return Verdict.EXCEEDS;
      }
      within &= error.upper() <= maxUlps;
    }
    return within ? Verdict.WITHIN : Verdict.UNDECIDED;
  }

  NpyArray y() {
    return y;
  }

  /** The precision of the last enclosures; 0 if exact. */
  int bits() {
    return bits;
  }

  /** The smallest error that at least this share of the entries does not exceed; NaN entries left out. */
  Bounds ulpsAt(double share) {
    return quantile(ulps, share);
  }

  Bounds largestAbsolute() {
    return quantile(absolute, 1);
  }

  /** The largest absolute error over ε · max|v|, where ε = 2^(1 − p) and v are the exact values. */
  Bounds relative() {
    Bounds error = largestAbsolute();
    if (error.upper() == 0) {
      return Bounds.ZERO;
    }
    double lower = 0;
    double upper = 0;
    for (Interval interval : exact) {
      Bounds magnitude = UlpError.magnitude(y.dtype(), interval);
      lower = Math.max(lower, magnitude.lower());
      upper = Math.max(upper, magnitude.upper());
    }
    // Quotients of doubles, moved outward by one place; ε is a power of two.
    double epsilon = Math.scalb(1.0, 1 - y.dtype().precision());
    double low = Double.isInfinite(upper) ? 0 : Math.nextDown(error.lower() / upper) / epsilon;
    double high = lower == 0 ? Double.POSITIVE_INFINITY : Math.nextUp(error.upper() / lower) / epsilon;
    return new Bounds(Math.max(0, Math.min(low, Double.MAX_VALUE)), high);
  }

  /** The entry of the largest error in ulps, NaN entries left out; −1 if there is none. */
  int worst() {
    return worst(ulps);
  }

  /** The entry of the largest absolute error, NaN entries left out; −1 if there is none. */
  int worstAbsolute() {
    return worst(absolute);
  }

  private int worst(Bounds[] errors) {
    int worst = -1;
    for (int e = 0; e < errors.length; e++) {
      boolean counts = !Double.isNaN(y.get(e));
      if (counts && (worst < 0 || errors[e].lower() > errors[worst].lower()
          || (errors[e].lower() == errors[worst].lower() && errors[e].upper() > errors[worst].upper()))) {
        worst = e;
      }
    }
    return worst;
  }

  Interval exact(int e) {
    return exact[e];
  }

  Bounds ulps(int e) {
    return ulps[e];
  }

  /** Number of entries that are NaN. */
  int countNaN() {
    return count(e -> Double.isNaN(y.get(e)));
  }

  int firstNaN() {
    int e = 0;
    while (!Double.isNaN(y.get(e))) {
      e++;
    }
    return e;
  }

  /** Number of entries that are infinite. */
  int countInfinite() {
    return count(e -> Double.isInfinite(y.get(e)));
  }

  /** Number of infinite entries that correct rounding of the exact value gives, too. */
  int countOverflow() {
    return count(e -> Double.isInfinite(y.get(e)) && ulps[e].upper() <= 0.5);
  }

  private int count(IntPredicate test) {
    int count = 0;
    for (int e = 0; e < y.size(); e++) {
      count += test.test(e) ? 1 : 0;
    }
    return count;
  }

  private Bounds quantile(Bounds[] errors, double share) {
    double[] lower = new double[errors.length];
    double[] upper = new double[errors.length];
    int size = 0;
    for (int e = 0; e < errors.length; e++) {
      if (!Double.isNaN(y.get(e))) {
        lower[size] = errors[e].lower();
        upper[size++] = errors[e].upper();
      }
    }
    if (size == 0) {
      return Bounds.ZERO;
    }
    // Sorting both ends bounds each order statistic: k entries lie below the k-th upper end.
    Arrays.sort(lower, 0, size);
    Arrays.sort(upper, 0, size);
    int rank = Math.max(0, (int) Math.ceil(share * size) - 1);
    return new Bounds(lower[rank], upper[rank]);
  }
}
