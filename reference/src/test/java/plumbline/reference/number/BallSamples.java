package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.apfloat.Apfloat;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;

/** Random and hostile balls, exact scalars to hold them against, and the containment check. */
final class BallSamples {
  static final int[] BITS = {2, 3, 24, 53, 64, 65, 113, 128, 333, 1000, 1600, 4096};

  final Random random;
  final Ball system;

  BallSamples(long seed, int bits) {
    random = new Random(seed);
    system = Ball.of(bits);
  }

  /** An exact number m·2^e, on plain BigInteger arithmetic. */
  record Exact(BigInteger m, long e) {
    static Exact of(long m, long e) {
      return new Exact(BigInteger.valueOf(m), e);
    }

    Exact plus(Exact o) {
      long unit = m.signum() == 0 ? o.e : o.m.signum() == 0 ? e : Math.min(e, o.e);
      return new Exact(on(unit).add(o.on(unit)), unit);
    }

    Exact times(Exact o) {
      return new Exact(m.multiply(o.m), e + o.e);
    }

    Exact negate() {
      return new Exact(m.negate(), e);
    }

    Exact abs() {
      return new Exact(m.abs(), e);
    }

    private BigInteger on(long unit) {
      return m.signum() == 0 ? m : m.shiftLeft(Math.toIntExact(e - unit));
    }

    int compareTo(Exact o) {
      int sign = m.signum();
      if (sign != o.m.signum() || sign == 0) {
        return Integer.compare(sign, o.m.signum());
      }
      int c = Long.compare(e + m.abs().bitLength(), o.e + o.m.abs().bitLength());
      return c != 0 ? sign * c : plus(o.negate()).m.signum();
    }

    BigFraction fraction() {
      return e >= 0 ? new BigFraction(m.shiftLeft((int) e), BigInteger.ONE)
          : new BigFraction(m, BigInteger.ONE.shiftLeft((int) -e));
    }

    Apfloat apfloat(int digits) {
      Apfloat power = org.apfloat.ApfloatMath.pow(new Apfloat(2, digits), e);
      return new Apfloat(m, digits).multiply(power);
    }
  }

  static Exact exact(Dyadic d) {
    return new Exact(d.mantissa(), d.exponent());
  }

  static Exact lower(BallMatrix x, int e) {
    return exact(x.balls().end(e, -1, 1 << 27));
  }

  static Exact upper(BallMatrix x, int e) {
    return exact(x.balls().end(e, 1, 1 << 27));
  }

  static boolean isWhole(BallMatrix x, int e) {
    return x.balls().isWhole(e);
  }

  static boolean isExact(BallMatrix x, int e) {
    return x.balls().isExact(e);
  }

  static boolean contains(BallMatrix x, int e, Exact value) {
    return isWhole(x, e) || (lower(x, e).compareTo(value) <= 0 && upper(x, e).compareTo(value) >= 0);
  }

  static void assertContains(String what, BallMatrix x, int e, Exact value) {
    assertTrue(contains(x, e, value), () -> what + ": " + x.balls().toString(e) + " lacks " + value);
  }

  /** A mantissa: few bits, many bits, powers of two, all ones, zero. */
  BigInteger mantissa() {
    int bits = system.bits();
    BigInteger m = switch (random.nextInt(7)) {
      case 0 -> BigInteger.valueOf(random.nextInt(16));
      case 1 -> BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
      case 2 -> BigInteger.ONE.shiftLeft(Math.max(1, bits - 1)).add(BigInteger.ONE);
      case 3 -> new BigInteger(3 * bits + 10, random);
      default -> new BigInteger(bits, random).setBit(bits - 1);
    };
    return random.nextBoolean() ? m.negate() : m;
  }

  /** An exponent: near 0, or with {@code reach}, anywhere. */
  long exponent(long reach) {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> (long) (random.nextGaussian() * reach);
      default -> random.nextInt(2 * system.bits() + 20) - system.bits() - 10;
    };
  }

  Exact number(long reach) {
    BigInteger m = mantissa();
    return new Exact(m, exponent(reach) - m.bitLength());
  }

  /** One ball: exact, narrow, wide, around 0, or (if allowed) the whole line. */
  BallMatrix ball(long reach, boolean whole) {
    Balls d = new Balls(system.bits(), 1);
    BallKernel kernel = new BallKernel(system.bits());
    Exact mid = number(reach);
    kernel.radius().setZero();
    long top = mid.e + mid.m.bitLength();
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> { }
      case 3 -> kernel.radius().set(1 + random.nextDouble(), top - system.bits() + random.nextInt(20));
      case 4 -> kernel.radius().set(1 + random.nextDouble(), top - random.nextInt(2 * system.bits() + 20));
      case 5 -> kernel.radius().set(1 + random.nextDouble(), top + random.nextInt(30) - 10);
      case 6 -> kernel.radius().set(random.nextBoolean() ? 1 : 1.5, exponent(reach));
      default -> {
        if (whole) {
          kernel.radius().setInfinite();
        }
      }
    }
    kernel.store(d, 0, mid.m, mid.e);
    return new BallMatrix(system, 1, 1, d);
  }

  /** Some points of entry {@code e}: its ends, its midpoint, and one between; of the whole line, any. */
  Exact[] points(BallMatrix x, int e) {
    if (isWhole(x, e)) {
      return new Exact[] {number(100), Exact.of(0, 0)};
    }
    Exact mid = exact(x.balls().midpoint(e));
    if (isExact(x, e)) {
      return new Exact[] {mid};
    }
    Exact part = exact(x.balls().radius(e)).times(Exact.of(random.nextInt(2 << 20) - (1 << 20), -20));
    return new Exact[] {lower(x, e), upper(x, e), mid, mid.plus(part)};
  }

  /** Asserts that b's and a's enclosures share a number. */
  static void assertMeets(String what, BallMatrix a, BallMatrix b, int e) {
    if (!isWhole(a, e) && !isWhole(b, e)) {
      assertFalse(lower(a, e).compareTo(upper(b, e)) > 0 || lower(b, e).compareTo(upper(a, e)) > 0,
          () -> what + ": " + a.balls().toString(e) + " and " + b.balls().toString(e) + " are apart");
    }
  }

  static Interval interval(BallMatrix x, int e) {
    return x.enclosure(e / x.columns(), e % x.columns());
  }

  static ExactMatrix matrix(BigFraction value) {
    return ExactMatrix.of(1, 1, value);
  }
}
