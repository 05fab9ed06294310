package plumbline.verify;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;

/**
 * Interval arithmetic: a result holds the true value for every choice of numbers in the operands. With 0 {@code bits} it is
 * exact, and what is no short fraction is a {@link Rejection}; otherwise ends are rounded outward to about so many bits.
 * The bits and terms that a function uses decide how narrow its result is, never whether it is right: functions are
 * computed in interval arithmetic themselves, with an interval for the terms left out. {@code time[0]} is about the
 * microseconds left, and counts down alike on every machine.
 */
record Arithmetic(int bits, double[] time) {
  private static final Interval LARGEST = Interval.of(1L << 48); // argument of exp
  private static final Interval ONE = Interval.of(1);

  private Fraction round(Fraction x, boolean up) {
    time[0] -= 1 + Math.pow(x.size() / 1024.0, 1.6);
    Rejection.unless(time[0] >= 0, "it takes more time than the checker is allowed", bits > 0);
    return bits == 0 ? x.reduced() : x.multipleOf(x.magnitude() - bits, up);
  }
  /** The rounded interval from the least to the largest of some numbers. */
  Interval hull(Fraction... values) {
    Fraction lo = Collections.min(List.of(values));
    Fraction hi = Collections.max(List.of(values));
    Fraction low = round(lo, false);
    return new Interval(low, lo == hi && bits == 0 ? low : round(hi, true));
  }

  Interval decimal(BigDecimal value) {
    Fraction digits = new Fraction(value.unscaledValue(), BigInteger.ONE, 0);
    Fraction power = new Fraction(BigInteger.TEN.pow(Math.abs(value.scale())), BigInteger.ONE, 0);
    return hull(value.scale() > 0 ? digits.over(power) : digits.times(power));
  }

  Interval plus(Interval x, Interval y) { return hull(sum(x.lo(), y.lo(), false), sum(x.hi(), y.hi(), true)); }
  Interval negate(Interval x) { return new Interval(x.hi().negate(), x.lo().negate()); }
  Interval minus(Interval x, Interval y) { return plus(x, negate(y)); }
  /** x + y; when rounding, first rounds both to multiples of 2^k far below the larger, which keeps the sum short. */
  private Fraction sum(Fraction x, Fraction y, boolean up) {
    long k = Math.max(x.magnitude(), y.magnitude()) - bits - 8;
    boolean exact = bits == 0 || x.signum() == 0 || y.signum() == 0;
    return exact ? x.plus(y) : x.multipleOf(k, up).plus(y.multipleOf(k, up));
  }
  /** The product is monotone in each factor, so its extremes are at the ends. */
  Interval times(Interval x, Interval y) {
    return hull(x.lo().times(y.lo()), x.lo().times(y.hi()), x.hi().times(y.lo()), x.hi().times(y.hi()));
  }
  /** Where the divisor is not 0 the quotient is monotone in both operands, so its extremes are at the ends. */
  Interval dividedBy(Interval x, Interval y) {
    boolean isZero = y.lo().signum() == 0 && y.hi().signum() == 0;
    Rejection.unless(y.lo().signum() * y.hi().signum() > 0, "a divisor is or may be 0", isZero);
    return hull(x.lo().over(y.lo()), x.lo().over(y.hi()), x.hi().over(y.lo()), x.hi().over(y.hi()));
  }

  Interval max(Interval x, Interval y) { return new Interval(x.lo().max(y.lo()), x.hi().max(y.hi())); }
  Interval relu(Interval x) { return max(x, Interval.of(0)); }
  Interval abs(Interval x) { return relu(max(x, negate(x))); }
  Interval square(Interval x) { return times(abs(x), abs(x)); }

  Interval sqrt(Interval x) {
    Rejection.unless(x.lo().signum() >= 0, "a square root's argument is or may be negative", x.hi().signum() < 0);
    return hull(x.lo().root(bits, false), x.hi().root(bits, true));
  }

  Interval exp(Interval x) {
    Interval size = abs(x);
    Rejection.unless(size.isAtMost(LARGEST), "an argument of exp is or may be beyond ±2^48", LARGEST.isBelow(size));
    return new Interval(exp(x.lo()).lo(), exp(x.hi()).hi()); // it increases
  }

  /**
   * exp(x) = exp(t)^(2^s) with t = x / 2^s and |t| ≤ 1/2. The series of exp(t), with the terms from the N-th on as a factor
   * u, is 1 + t/1 (1 + t/2 (1 + … t/N · u)), where u = Σ_j t^j N!/(N+j)!.
   */
  private Interval exp(Fraction x) {
    if (x.signum() == 0) { return ONE; }
    Arithmetic wide = wider("exp of a number that is not 0");
    int s = 3 + (int) Math.sqrt(bits) + (int) Math.max(0, x.magnitude());
    Interval t = Interval.of(x).scaled(-s);
    Interval u = wide.powerSeries(t);
    for (int i = wide.bits / (int) Math.sqrt(bits) + 2; i >= 1; i--) {
      u = wide.plus(ONE, wide.dividedBy(wide.times(t, u), Interval.of(i)));
    }
    for (int i = 0; i < s; i++) { u = wide.square(u); }
    return hull(u.lo(), u.hi());
  }

  Interval log(Interval x) {
    Rejection.unless(x.lo().signum() > 0, "a logarithm's argument is or may be 0 or negative", x.hi().signum() <= 0);
    return new Interval(log(x.lo()).lo(), log(x.hi()).hi()); // it increases
  }
  /** ln x = 2^s ln v, where v = x^(1/2^s) by s square roots, and ln v = 2 artanh z, where z = (v − 1)/(v + 1). */
  private Interval log(Fraction x) {
    if (x.compareTo(Fraction.of(1)) == 0) { return Interval.of(0); }
    Arithmetic wide = wider("the logarithm of a number that is not 1");
    int s = 3 + (int) Math.sqrt(bits) / 4 + Long.SIZE - Long.numberOfLeadingZeros(Math.abs(x.magnitude()));
    Interval v = Interval.of(x);
    for (int i = 0; i < s; i++) { v = wide.sqrt(v); }
    Interval z = wide.dividedBy(wide.minus(v, ONE), wide.plus(v, ONE));
    return times(z, wide.oddSeries(wide.square(z), wide.bits / (6 + (int) Math.sqrt(bits) / 2) + 2)).scaled(s + 1);
  }
  /** π = 16 arctan(1/5) − 4 arctan(1/239), since (5 + i)^4 = 2 (1 + i)(239 + i). */
  Interval pi() {
    Arithmetic wide = wider("π");
    Interval fifth = wide.oddSeries(ratio(-1, 5 * 5), wide.bits / 4 + 2);
    Interval small = wide.oddSeries(ratio(-1, 239 * 239), wide.bits / 15 + 2);
    return minus(wide.times(ratio(16, 5), fifth), wide.times(ratio(4, 239), small));
  }

  /**
   * Σ_i y^i/(2i+1) for |y| ≤ 1/2: artanh(z)/z for y = z², arctan(z)/z for y = −z². The terms from the N-th on are y^N u with
   * u = Σ_j y^j/(2(N+j)+1).
   */
  private Interval oddSeries(Interval y, int terms) {
    Interval u = powerSeries(y);
    for (int i = terms - 1; i >= 0; i--) { u = plus(ratio(1, 2 * i + 1), times(y, u)); }
    return u;
  }
  /** [−2, 2], which holds every Σ_j c_j y^j with |c_j| ≤ 1, since |y| ≤ 1/2 is required. */
  private Interval powerSeries(Interval y) {
    Rejection.unless(abs(y).hi().compareTo(Fraction.of(1).scaled(-1)) <= 0, "a series' argument is not known well", false);
    return new Interval(Fraction.of(-2), Fraction.of(2));
  }

  private static Interval ratio(long p, long q) { return Interval.of(Fraction.of(p).over(Fraction.of(q))); }
  /** Rounding arithmetic with enough bits for the errors that a function builds up. */
  private Arithmetic wider(String what) {
    Rejection.unless(bits > 0, what + " is irrational", false);
    return new Arithmetic(bits + 2 * (int) Math.sqrt(bits) + 96, time);
  }
}
