package plumbline.reference.conformance;

import java.math.BigInteger;
import java.util.Arrays;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.Directed;
import plumbline.reference.number.Rounding;
import plumbline.spec.number.Certified;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.rounding.Down;
import plumbline.spec.rounding.Up;

/**
 * What is known about one tensor that an implementation returned. For each entry there are the number y that it returned,
 * an enclosure of the exact value v, and the error E that its model allows: an implementation within the model returns some
 * number with |y − v| ≤ E.
 *
 * <p>An entry is {@link Ruling#BUG} if |y − v| &gt; E certainly; a NaN or an infinity is, wherever E is finite. It is
 * {@link Ruling#ROUNDING} if |y − v| ≤ E certainly and E says something: E = 0, or E &lt; max|v| over the tensor. Otherwise
 * it is {@link Ruling#UNDECIDED}. Comparisons are exact: bounds in directed doubles first, rationals where these are too close.
 */
public final class Judgement {
  /** Ends of enclosures beyond 2^FAR, or nearer to 0 than 2^−FAR, are not compared as they are. */
  private static final int FAR = 1 << 14;

  /** Distances closer than this to the error, relatively, are compared in rationals. */
  private static final double CLOSE = 0x1p-49;

  /** An envelope of this relative distance from the largest value is as large. */
  private static final double FINE = 0x1p-20;

  private enum Position { UNKNOWN, INSIDE, OUTSIDE }

  private final double[] y;
  private final @Up double[] error;
  private final @Nullable String cause;
  private final Position[] position;
  private final @Down double[] least;
  private final @Up double[] most;
  private @Nullable Certified<?> exact;
  private int bits = -1;
  private @Down double leastLargest = 0;
  private @Up double mostLargest = Directed.UNBOUNDED;

  /**
   * Keeps the arrays.
   *
   * @param y what was returned, row-major; NaN and infinities allowed
   * @param error the error allowed of each entry; +∞ where anything is
   * @param cause the primitive that made errors infinite, if one did
   */
  Judgement(double[] y, @Up double[] error, @Nullable String cause) {
    if (y.length != error.length) {
      throw new IllegalArgumentException(y.length + " values cannot have " + error.length + " errors");
    }
    this.y = y;
    this.error = error;
    this.cause = cause;
    this.position = new Position[y.length];
    this.least = new @Down double[y.length];
    this.most = new @Up double[y.length];
    Arrays.fill(position, Position.UNKNOWN);
    Arrays.fill(most, Directed.UNBOUNDED);
  }

  /** Takes an enclosure of the exact values; what was known before stays known. */
  void refine(Certified<?> result, int bits) {
    if ((long) result.rows() * result.columns() != y.length) {
      throw new IllegalArgumentException(result.rows() + "×" + result.columns() + " exact values for " + y.length
          + " entries");
    }
    this.exact = result;
    this.bits = bits;
    if (result instanceof Ball53Matrix balls) {
      refine(balls);
    } else {
      refine(result);
    }
  }

  private void refine(Ball53Matrix balls) {
    double[] middle = balls.midpoints();
    @Up double[] radius = balls.radii();
    @Down double low = leastLargest;
    @Up double high = 0;
    for (int e = 0; e < y.length; e++) {
      double m = middle[e];
      @Up double r = radius[e];
      low = greater(low, Directed.subDown(Math.abs(m), r));
      high = larger(high, Directed.addUp(Math.abs(m), r));
      if (!isNumber(e)) {
        continue;
      }
      locate(e, Directed.subDown(greater(Directed.subDown(y[e], m), Directed.subDown(m, y[e])), r),
          Directed.addUp(larger(Directed.subUp(y[e], m), Directed.subUp(m, y[e])), r));
      if (position[e] == Position.UNKNOWN && isClose(e)) {
        int columns = balls.columns();
        locateExactly(e, balls.enclosure(e / columns, e % columns));
      }
    }
    leastLargest = low;
    mostLargest = smaller(mostLargest, high);
  }

  private void refine(Certified<?> result) {
    @Down double low = leastLargest;
    @Up double high = 0;
    for (int e = 0; e < y.length; e++) {
      Interval v = comparable(result.enclosure(e / result.columns(), e % result.columns()));
      Bounds magnitude = distance(v, BigFraction.ZERO);
      low = greater(low, magnitude.lower());
      high = larger(high, magnitude.upper());
      if (isNumber(e)) {
        locateExactly(e, v);
      }
    }
    leastLargest = low;
    mostLargest = smaller(mostLargest, high);
  }

  /** Settles what is no number; says whether y is one. */
  private boolean isNumber(int e) {
    if (Double.isFinite(y[e])) {
      return true;
    }
    least[e] = Bounds.INFINITE.lower();
    position[e] = error[e] <= Double.MAX_VALUE ? Position.OUTSIDE : Position.INSIDE;
    return false;
  }

  private void locate(int e, @Down double low, @Up double high) {
    least[e] = greater(least[e], low);
    most[e] = smaller(most[e], high);
    if (position[e] == Position.UNKNOWN) {
      position[e] = most[e] <= error[e] ? Position.INSIDE : least[e] > error[e] ? Position.OUTSIDE : Position.UNKNOWN;
    }
  }

  private boolean isClose(int e) {
    double slack = CLOSE * error[e];
    return most[e] <= error[e] + slack || least[e] >= error[e] - slack;
  }

  private void locateExactly(int e, Interval v) {
    BigFraction value = ExactMatrix.fraction(y[e]);
    Bounds distance = distance(v, value);
    locate(e, distance.lower(), distance.upper());
    BigFraction lower = v.lower();
    BigFraction upper = v.upper();
    if (position[e] != Position.UNKNOWN || lower == null || upper == null || !(error[e] <= Double.MAX_VALUE)) {
      return;
    }
    BigFraction allowed = ExactMatrix.fraction(error[e]);
    BigFraction below = value.subtract(allowed);
    BigFraction above = value.add(allowed);
    if (below.compareTo(lower) <= 0 && upper.compareTo(above) <= 0) {
      position[e] = Position.INSIDE;
    } else if (upper.compareTo(below) < 0 || above.compareTo(lower) < 0) {
      position[e] = Position.OUTSIDE;
    }
  }

  /** |v − value| for v in an interval. */
  private static Bounds distance(Interval v, BigFraction value) {
    BigFraction lower = v.lower();
    BigFraction upper = v.upper();
    if (lower == null || upper == null) {
      return Bounds.UNKNOWN;
    }
    BigFraction below = lower.subtract(value); // positive if the whole interval lies above the value
    BigFraction above = value.subtract(upper);
    BigFraction farthest = below.negate().compareTo(above.negate()) >= 0 ? below.negate() : above.negate();
    BigFraction nearest = below.compareTo(above) >= 0 ? below : above;
    return new Bounds(nearest.getNumerator().signum() <= 0 ? 0 : Rounding.down(nearest), Rounding.up(farthest));
  }

  /** Whether finer enclosures of the exact values cannot change the ruling of any entry. */
  public boolean isSettled() {
    boolean largestKnown = mostLargest - leastLargest <= FINE * leastLargest;
    for (int e = 0; e < y.length; e++) {
      boolean told = position[e] == Position.OUTSIDE || !(error[e] <= Double.MAX_VALUE) || (position[e] == Position.INSIDE
          && (largestKnown || error[e] == 0 || error[e] < leastLargest || error[e] >= mostLargest));
      if (!told) {
        return false;
      }
    }
    return bits >= 0;
  }

  /** Number of entries. */
  public int size() {
    return y.length;
  }

  /** Of the tensor: {@link Ruling#BUG} if one entry is, else {@link Ruling#UNDECIDED} if one is. */
  public Ruling ruling() {
    Ruling ruling = Ruling.ROUNDING;
    for (int e = 0; e < y.length; e++) {
      Ruling here = ruling(e);
      if (here == Ruling.BUG) {
        return here;
      }
      ruling = here == Ruling.UNDECIDED ? here : ruling;
    }
    return ruling;
  }

  /** Of one entry, counted in row-major order. */
  public Ruling ruling(int entry) {
    if (!(error[entry] <= Double.MAX_VALUE)) {
      return Ruling.UNDECIDED;
    }
    return switch (position[entry]) {
      case OUTSIDE -> Ruling.BUG;
      case UNKNOWN -> Ruling.UNDECIDED;
      case INSIDE -> error[entry] == 0 || error[entry] < leastLargest ? Ruling.ROUNDING : Ruling.UNDECIDED;
    };
  }

  /** Number of entries with this ruling. */
  public int count(Ruling ruling) {
    int count = 0;
    for (int e = 0; e < y.length; e++) {
      count += ruling(e) == ruling ? 1 : 0;
    }
    return count;
  }

  /** Why the tensor is undecided, for a person; {@code null} if it is not. */
  public @Nullable String reason() {
    if (ruling() != Ruling.UNDECIDED) {
      return null;
    }
    boolean infinite = false;
    boolean wide = false;
    for (int e = 0; e < y.length; e++) {
      infinite |= !(error[e] <= Double.MAX_VALUE);
      wide |= position[e] == Position.INSIDE && ruling(e) == Ruling.UNDECIDED;
    }
    String where = cause == null ? "" : ", because of " + cause;
    if (infinite) {
      return "the model allows any result" + where;
    }
    return wide ? "the envelope is as large as the values" + where
        : "the exact value is not known well enough at " + (bits == 0 ? "any precision" : bits + " bits");
  }

  /** The primitive that made an error infinite, or {@code null}. */
  public @Nullable String cause() {
    return cause;
  }

  /** What was returned. */
  public double returned(int entry) {
    return y[entry];
  }

  /** The error that the model allows; +∞ if any number, NaN too. */
  public @Up double error(int entry) {
    return error[entry];
  }

  /** Encloses the exact value. */
  public Interval exact(int entry) {
    Certified<?> result = exact;
    return result == null ? Interval.WHOLE
        : comparable(result.enclosure(entry / result.columns(), entry % result.columns()));
  }

  /** The interval with ends that have few enough bits to be compared fast; where they have more, they move outward. */
  private static Interval comparable(Interval v) {
    BigFraction lower = v.lower();
    BigFraction upper = v.upper();
    return new Interval(lower == null ? null : outward(lower, -1), upper == null ? null : outward(upper, 1));
  }

  private static @Nullable BigFraction outward(BigFraction end, int direction) {
    int sign = end.getNumerator().signum();
    int magnitude = end.getNumerator().bitLength() - end.getDenominator().bitLength();
    if (sign == 0 || Math.abs(magnitude) <= FAR) {
      return end;
    }
    // Beyond 2^FAR − 1 or below 2^−FAR + 1 in magnitude.
    if (magnitude > 0) {
      return sign == direction ? null : UlpError.power(FAR - 1).multiply(BigInteger.valueOf(sign));
    }
    return sign == direction ? UlpError.power(1 - FAR).multiply(BigInteger.valueOf(sign)) : BigFraction.ZERO;
  }

  /** The finest enclosures of the exact values, row-major; {@code null} before there were any. */
  @Nullable Certified<?> exact() {
    return exact;
  }

  /** The precision of the enclosures in bits; 0 if they are exact. */
  public int bits() {
    return bits;
  }

  /** |y − v|; ∞ if y is NaN or infinite. */
  public Bounds distance(int entry) {
    return new Bounds(least[entry], most[entry]);
  }

  /** |y − v| over the error that is allowed: above 1, it is a bug. */
  public Bounds share(int entry) {
    @Up double allowed = error[entry];
    if (allowed == 0 || !(allowed <= Double.MAX_VALUE)) {
      return allowed != 0 || most[entry] == 0 ? Bounds.ZERO : least[entry] > 0 ? Bounds.INFINITE : Bounds.UNKNOWN;
    }
    return new Bounds(greater(0, Directed.divDown(least[entry], allowed)), Directed.divUp(most[entry], allowed));
  }

  /** The largest share of an entry; {@link Bounds#ZERO} if there are no entries. */
  public Bounds share() {
    Bounds largest = Bounds.ZERO;
    for (int e = 0; e < y.length; e++) {
      largest = Bounds.max(largest, share(e));
    }
    return largest;
  }

  /** The entry of the largest certain {@link #share(int) share}; −1 if there are no entries. */
  public int worst() {
    int[] worst = worst(1);
    return worst.length == 0 ? -1 : worst[0];
  }

  /** The entries of the {@code count} largest certain shares, the largest first. */
  public int[] worst(int count) {
    Integer[] kept = new Integer[Math.min(count, y.length)];
    Bounds[] shares = new Bounds[kept.length];
    int size = 0;
    for (int e = 0; e < y.length; e++) {
      Bounds share = share(e);
      int at = size;
      while (at > 0 && isWorse(share, shares[at - 1])) {
        at--;
      }
      if (at < kept.length) {
        size = Math.min(size + 1, kept.length);
        System.arraycopy(kept, at, kept, at + 1, size - at - 1);
        System.arraycopy(shares, at, shares, at + 1, size - at - 1);
        kept[at] = e;
        shares[at] = share;
      }
    }
    return Arrays.stream(kept).mapToInt(Integer::intValue).toArray();
  }

  private static boolean isWorse(Bounds a, Bounds b) {
    return a.lower() != b.lower() ? a.lower() > b.lower() : a.upper() > b.upper();
  }

  /**
   * How many times larger the allowed error is than the observed one: the median over entries that certainly have an error,
   * rounded down within what is known; NaN if there are none.
   */
  public double tightness() {
    double[] ratios = new double[y.length];
    int size = 0;
    for (int e = 0; e < y.length; e++) {
      if (least[e] > 0 && error[e] <= Double.MAX_VALUE && least[e] <= Double.MAX_VALUE) {
        ratios[size++] = Directed.divDown(error[e], most[e]);
      }
    }
    Arrays.sort(ratios, 0, size);
    return size == 0 ? Double.NaN : ratios[size / 2];
  }

  /** The largest allowed error over the largest observed one; NaN if none is certain. */
  public double tightnessOfLargest() {
    double allowed = 0;
    double observed = 0;
    boolean some = false;
    for (int e = 0; e < y.length; e++) {
      if (error[e] <= Double.MAX_VALUE && least[e] <= Double.MAX_VALUE) {
        allowed = Math.max(allowed, error[e]);
        observed = Math.max(observed, most[e]);
        some |= least[e] > 0;
      }
    }
    return some ? Directed.divDown(allowed, observed) : Double.NaN;
  }

  @SuppressWarnings("rounding") // The greater of two lower bounds is one.
  private static @Down double greater(@Down double a, @Down double b) {
    return Math.max(a, b);
  }

  @SuppressWarnings("rounding") // The larger of two numbers is not above the larger of their upper bounds.
  private static @Up double larger(@Up double a, @Up double b) {
    return Math.max(a, b);
  }

  @SuppressWarnings("rounding") // The smaller of two upper bounds of one number is one.
  private static @Up double smaller(@Up double a, @Up double b) {
    return Math.min(a, b);
  }
}
