package plumbline.verify;

/** The reals from {@code lo} to {@code hi}. */
record Interval(Fraction lo, Fraction hi) {
  static Interval of(Fraction value) { return new Interval(value, value); }
  static Interval of(long value) { return of(Fraction.of(value)); }
  Interval scaled(long k) { return new Interval(lo.scaled(k), hi.scaled(k)); } // this · 2^k
  /** Every number here is below (at most) every number there. */
  boolean isBelow(Interval there) { return hi.compareTo(there.lo) < 0; }
  boolean isAtMost(Interval there) { return hi.compareTo(there.lo) <= 0; }
}
