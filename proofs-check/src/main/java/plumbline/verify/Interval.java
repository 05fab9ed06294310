package plumbline.verify;

import java.util.Optional;

/** The reals from {@code lo} to {@code hi}; or no enclosure, and why: then what needs an end has no enclosure either. */
record Interval(Fraction lo, Fraction hi, Optional<Rejection> unknown) {
  Interval(Fraction lo, Fraction hi) { this(lo, hi, Optional.empty()); }
  static Interval of(Fraction value) { return new Interval(value, value); }
  static Interval of(long value) { return of(Fraction.of(value)); }

  @Override
  public Fraction lo() {
    unknown.ifPresent(why -> { throw why; });
    return lo;
  }

  @Override
  public Fraction hi() { return unknown.isEmpty() ? hi : lo(); }

  /** Every number here is below (at most) every number there. */
  boolean isBelow(Interval there) { return hi().compareTo(there.lo()) < 0; }
  boolean isAtMost(Interval there) { return hi().compareTo(there.lo()) <= 0; }
  Interval scaled(long k) { return new Interval(lo().scaled(k), hi().scaled(k)); } // this · 2^k
}
