package plumbline.reference.conformance;

import java.util.Arrays;
import java.util.function.IntPredicate;
import plumbline.reference.envelope.Format;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.Directed;
import plumbline.spec.number.Certified;
import plumbline.spec.number.Interval;
import plumbline.spec.rounding.Down;
import plumbline.spec.rounding.Up;

/** Certified errors of a returned tensor, in ulps as {@link UlpError} has them, whatever a model allows. */
public final class UlpErrors {
  /** Errors in ulps up to this need no digits: y is the exact value, for all that matters. */
  public static final double NEGLIGIBLE = 0x1p-10;

  private final Format format;
  private final Judgement judgement;
  private final Bounds[] ulps;
  private final Bounds[] absolute;
  private Bounds magnitude = Bounds.ZERO;

  /**
   * Measures the errors of a tensor.
   *
   * @param format the format whose ulps are meant; what was returned are numbers of it
   */
  public UlpErrors(Format format, Judgement judgement) {
    this.format = format;
    this.judgement = judgement;
    int size = judgement.size();
    this.ulps = new Bounds[size];
    this.absolute = new Bounds[size];
    Certified<?> exact = judgement.exact();
    double[] middle = exact instanceof Ball53Matrix balls ? balls.midpoints() : new double[0];
    double[] radius = exact instanceof Ball53Matrix balls ? balls.radii() : new double[0];
    for (int e = 0; e < size; e++) {
      if (middle.length == 0 || !measure(e, Directed.subDown(middle[e], radius[e]), Directed.addUp(middle[e], radius[e]))) {
        Interval v = judgement.exact(e);
        UlpError error = UlpError.of(format, judgement.returned(e), v);
        ulps[e] = error.ulps();
        absolute[e] = error.absolute();
        magnitude = Bounds.max(magnitude, UlpError.magnitude(format, v));
      }
    }
  }

  /** Measures the error of an ordinary entry in doubles; says whether it was one. */
  private boolean measure(int e, @Down double low, @Up double high) {
    double largest = Math.max(-low, high);
    double smallest = Math.max(0, Math.max(low, -high));
    // Infinities, and values that count as the end of the range, are for UlpError.
    if (!(largest < Math.scalb(1.0, format.maxExponent())) || !Double.isFinite(judgement.returned(e))) {
      return false;
    }
    Bounds distance = judgement.distance(e);
    ulps[e] = new Bounds(scaledDown(distance.lower(), -ulpExponent(largest)), scaledUp(distance.upper(),
        -ulpExponent(smallest)));
    absolute[e] = distance;
    magnitude = Bounds.max(magnitude, magnitude(smallest, largest));
    return true;
  }

  @SuppressWarnings("rounding") // Absolute values of directed ends, without rounding.
  private static Bounds magnitude(double smallest, double largest) {
    return new Bounds(smallest, largest);
  }

  /** The exponent of ulp(v) for |v| below 2^maxExponent; Java's exponent of a subnormal double is below all. */
  private int ulpExponent(double magnitude) {
    return Math.max(format.minExponent(), Math.getExponent(magnitude)) - format.precision() + 1;
  }

  @SuppressWarnings("rounding") // Exact unless subnormal, where one place down is below, or infinite.
  private static @Down double scaledDown(@Down double value, int exponent) {
    double scaled = Math.scalb(value, exponent);
    return scaled < Double.MIN_NORMAL ? Math.max(0, Math.nextDown(scaled)) : Math.min(scaled, Double.MAX_VALUE);
  }

  @SuppressWarnings("rounding") // Exact unless subnormal, where one place up is above, or infinite, which is above.
  private static @Up double scaledUp(@Up double value, int exponent) {
    double scaled = Math.scalb(value, exponent);
    return value == 0 ? 0 : scaled < Double.MIN_NORMAL ? Math.nextUp(scaled) : scaled;
  }

  /** Whether the bounds below agree to three digits. */
  public boolean isTight() {
    return judgement.bits() >= 0
        && ulpsAt(1).isTight(NEGLIGIBLE)
        && ulpsAt(0.99).isTight(NEGLIGIBLE)
        && ulpsAt(0.5).isTight(NEGLIGIBLE)
        && largestAbsolute().isTight(format.leastSubnormal()) && relative().isTight(NEGLIGIBLE);
  }

  /** The format whose ulps are meant. */
  public Format format() {
    return format;
  }

  /** |y − v| / ulp(v) of an entry. */
  public Bounds ulps(int e) {
    return ulps[e];
  }

  /** The smallest error that at least this share of the entries does not exceed; NaN entries left out. */
  public Bounds ulpsAt(double share) {
    return quantile(ulps, share);
  }

  /** The largest |y − v|, NaN entries left out. */
  public Bounds largestAbsolute() {
    return quantile(absolute, 1);
  }

  /** The largest |v|. */
  public Bounds largestValue() {
    return magnitude;
  }

  /** The largest absolute error over ε · max|v|, where ε = 2^(1 − p) and v are the exact values. */
  @SuppressWarnings("rounding") // ε is a power of two, and quotients by it in range; MAX_VALUE is below what overflows.
  public Bounds relative() {
    Bounds error = largestAbsolute();
    if (error.upper() == 0) {
      return Bounds.ZERO;
    }
    double epsilon = 2 * format.unitRoundoff();
    double low = Double.isInfinite(magnitude.upper()) ? 0 : Directed.divDown(error.lower(), magnitude.upper()) / epsilon;
    double high = magnitude.lower() == 0 ? Double.POSITIVE_INFINITY : Directed.divUp(error.upper(),
        magnitude.lower()) / epsilon;
    return new Bounds(Math.max(0, Math.min(low, Double.MAX_VALUE)), high);
  }

  /** The entry of the largest error in ulps, NaN entries left out; −1 if there is none. */
  public int worst() {
    return worst(ulps);
  }

  /** The entry of the largest absolute error, NaN entries left out; −1 if there is none. */
  public int worstAbsolute() {
    return worst(absolute);
  }

  private int worst(Bounds[] errors) {
    int worst = -1;
    for (int e = 0; e < errors.length; e++) {
      boolean counts = !Double.isNaN(judgement.returned(e));
      if (counts && (worst < 0 || errors[e].lower() > errors[worst].lower()
          || (errors[e].lower() == errors[worst].lower() && errors[e].upper() > errors[worst].upper()))) {
        worst = e;
      }
    }
    return worst;
  }

  /** Number of entries that are NaN. */
  public int countNaN() {
    return count(e -> Double.isNaN(judgement.returned(e)));
  }

  /** The first entry that is NaN; −1 if there is none. */
  public int firstNaN() {
    int e = 0;
    while (e < judgement.size() && !Double.isNaN(judgement.returned(e))) {
      e++;
    }
    return e < judgement.size() ? e : -1;
  }

  /** Number of entries that are infinite. */
  public int countInfinite() {
    return count(e -> Double.isInfinite(judgement.returned(e)));
  }

  /** Number of infinite entries that correct rounding of the exact value gives, too. */
  public int countOverflow() {
    return count(e -> Double.isInfinite(judgement.returned(e)) && ulps[e].upper() <= 0.5);
  }

  private int count(IntPredicate test) {
    int count = 0;
    for (int e = 0; e < judgement.size(); e++) {
      count += test.test(e) ? 1 : 0;
    }
    return count;
  }

  private Bounds quantile(Bounds[] errors, double share) {
    double[] lower = new double[errors.length];
    double[] upper = new double[errors.length];
    int size = 0;
    for (int e = 0; e < errors.length; e++) {
      if (!Double.isNaN(judgement.returned(e))) {
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
    return order(lower[rank], upper[rank]);
  }

  @SuppressWarnings("rounding") // As quantile says.
  private static Bounds order(double lower, double upper) {
    return new Bounds(lower, upper);
  }
}
