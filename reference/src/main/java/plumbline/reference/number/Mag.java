package plumbline.reference.number;

import plumbline.spec.rounding.Down;
import plumbline.spec.rounding.Up;

/**
 * An upper bound on a magnitude, {@code m·2^e}: {@code m} is 0, in [1, 2), or infinite. A mutable accumulator whose
 * operations all round up; the exponent reaches far beyond binary64.
 */
final class Mag {
  /** Magnitudes beyond 2^{@value #MAX_EXPONENT_LOG} are infinite, below its inverse they are that inverse. */
  static final int MAX_EXPONENT_LOG = 60;
  static final long MAX_EXPONENT = 1L << MAX_EXPONENT_LOG;

  /** Mantissa. */
  @Up double m;
  /** Exponent; 0 when the mantissa is 0 or infinite. */
  long e;

  Mag() {
    m = 0;
  }

  boolean isZero() {
    return m == 0;
  }

  boolean isInfinite() {
    return m == Double.POSITIVE_INFINITY;
  }

  Mag setZero() {
    m = 0;
    e = 0;
    return this;
  }

  // Proof: +∞ is above every magnitude.
  @SuppressWarnings("rounding")
  Mag setInfinite() {
    m = Double.POSITIVE_INFINITY;
    e = 0;
    return this;
  }

  Mag set(Mag other) {
    m = other.m;
    e = other.e;
    return this;
  }

  /** Sets {@code mantissa·2^exponent}, for a mantissa that is 0, infinite or a normal double. */
  Mag set(@Up double mantissa, long exponent) {
    m = mantissa;
    e = exponent;
    normalise();
    return this;
  }

  /** Sets 2^exponent. */
  Mag setPower(long exponent) {
    return set(1, exponent);
  }

  /** Adds {@code mantissa·2^exponent}; the mantissa is 0, in [1, 2), or infinite. */
  // Proof: the smaller term is either scaled exactly (a power of two in the normal range) and added with one rounding to
  // nearest, which nextUp turns into an upper bound; or it is below 2^-60 of the larger mantissa, hence below the gap
  // that nextUp adds, at least 2^-52.
  @SuppressWarnings("rounding")
  Mag add(@Up double mantissa, long exponent) {
    if (mantissa == 0 || isInfinite()) {
      return this;
    }
    if (m == 0 || mantissa == Double.POSITIVE_INFINITY) {
      return set(mantissa, exponent);
    }
    long gap = e - exponent;
    if (gap >= 0) {
      m = Math.nextUp(gap > 60 ? m : m + mantissa * power((int) -gap));
    } else {
      m = Math.nextUp(gap < -60 ? mantissa : mantissa + m * power((int) gap));
      e = exponent;
    }
    normalise();
    return this;
  }

  Mag add(Mag other) {
    return add(other.m, other.e);
  }

  /** Adds 2^exponent. */
  Mag addPower(long exponent) {
    return add(1, exponent);
  }

  /** Multiplies by {@code mantissa·2^exponent}; the mantissa is 0, in [1, 2), or infinite; 0·∞ is 0. */
  // Proof: one rounding to nearest in the normal range, turned into an upper bound by nextUp.
  @SuppressWarnings("rounding")
  Mag multiply(@Up double mantissa, long exponent) {
    if (m == 0 || mantissa == 0) {
      return setZero();
    }
    if (isInfinite() || mantissa == Double.POSITIVE_INFINITY) {
      return setInfinite();
    }
    m = Math.nextUp(m * mantissa);
    e += exponent;
    normalise();
    return this;
  }

  Mag multiply(Mag other) {
    return multiply(other.m, other.e);
  }

  /** Multiplies by 2^shift. */
  Mag shift(long shift) {
    if (m != 0 && !isInfinite()) {
      e += shift;
      normalise();
    }
    return this;
  }

  /** Divides by a number that is at least {@code lower·2^exponent} &gt; 0, {@code lower} a normal double. */
  // Proof: the quotient by a smaller number is larger; one rounding to nearest, turned into an upper bound by nextUp.
  @SuppressWarnings("rounding")
  Mag divide(@Down double lower, long exponent) {
    if (m == 0 || isInfinite()) {
      return this;
    }
    m = Math.nextUp(m / lower);
    e -= exponent;
    normalise();
    return this;
  }

  /** −1, 0 or 1 as this bound is below, equal to or above the other. */
  int compareTo(Mag other) {
    if (m == 0 || other.m == 0 || isInfinite() || other.isInfinite() || e == other.e) {
      return Double.compare(m, other.m);
    }
    return Long.compare(e, other.e);
  }

  /** Rounds the mantissa up to {@code bits} bits, 2 to 53. */
  // Proof: m·2^(bits−1) is below 2^53, so scaling and ceil are exact, and ceil does not lower.
  @SuppressWarnings("rounding")
  Mag ceiling(int bits) {
    if (m != 0 && !isInfinite() && bits < 53) {
      m = Math.ceil(m * power(bits - 1)) * power(1 - bits);
      normalise();
    }
    return this;
  }

  // Proof: another exponent of a normal double scales it exactly, and so does a power of two that makes a subnormal one
  // normal; the exponent clamp only raises.
  @SuppressWarnings("rounding")
  private void normalise() {
    long bits = Double.doubleToRawLongBits(m);
    int exponent = (int) (bits >>> 52) - 1023;
    if (exponent == -1023 && m != 0) {
      m *= 0x1p52;
      e -= 52;
      normalise();
      return;
    }
    if (exponent == -1023 || exponent == 1024) {
      e = 0;
      return;
    }
    e += exponent;
    m = Double.longBitsToDouble(bits & (1L << 52) - 1 | 1023L << 52);
    if (e > MAX_EXPONENT) {
      setInfinite();
    } else if (e < -MAX_EXPONENT) {
      m = 1;
      e = -MAX_EXPONENT;
    }
  }

  /** At most √lower, or √(2·lower). */
  // Proof: doubling is exact; the root is correctly rounded and grows with its argument; nextDown makes up for the rounding.
  @SuppressWarnings("rounding")
  static @Down double sqrtDown(@Down double lower, boolean twice) {
    return Math.nextDown(Math.sqrt(twice ? 2 * lower : lower));
  }

  /** 2^k as a double, for k from −1022 to 1023. */
  static double power(int k) {
    return Double.longBitsToDouble((long) (k + 1023) << 52);
  }
}
