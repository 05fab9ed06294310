package plumbline.properties.arbitrary;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import org.apache.commons.math3.fraction.BigFraction;

/** Exact numbers: small, simple, bounded and hostile ones. */
public final class Numbers {
  private static final long SIGNIFICAND = (1L << 53) - 1;

  /** 2^−1074, the least positive binary64 value. */
  private static final int LEAST_EXPONENT = -1074;

  /** (2⁵³ − 1)·2^971 is the greatest finite binary64 value. */
  private static final int GREATEST_EXPONENT = 971;

  private Numbers() {}

  /** Integers from −bound to bound, as binary64 values; shrink to 0. */
  public static Arbitrary<Double> integers(int bound) {
    return Arbitraries.integers().between(-bound, bound).withDistribution(RandomDistribution.uniform()).map(k -> k + 0.0);
  }

  /** Fractions p/q with |p| ≤ 12 and 1 ≤ q ≤ 12; most are no binary64 values. Shrink to 0 and to integers. */
  public static Arbitrary<BigFraction> fractions() {
    return Combinators.combine(
        Arbitraries.integers().between(-12, 12).withDistribution(RandomDistribution.uniform()),
        Arbitraries.integers().between(1, 12).withDistribution(RandomDistribution.uniform()))
        .as(BigFraction::new);
  }

  /** Rationals in [−bound, bound], multiples of bound/64 and both ends among them; shrink to 0. */
  public static Arbitrary<BigFraction> within(BigFraction bound) {
    return Arbitraries.integers().between(-64, 64).withDistribution(RandomDistribution.uniform())
        .map(k -> bound.multiply(new BigFraction(k, 64)));
  }

  /** Binary64 values in [−bound, bound] with full significands, and the integers there; shrink to 0 and to integers. */
  public static Arbitrary<Double> moderate(int bound) {
    Arbitrary<Double> full = Arbitraries.longs().between(-SIGNIFICAND, SIGNIFICAND)
        .withDistribution(RandomDistribution.uniform()).map(m -> Math.scalb((double) m, -53) * bound);
    return Arbitraries.oneOf(integers(bound), full);
  }

  /**
   * Any finite binary64 value, with the extremes at least as likely as the middle: subnormals, values next to overflow,
   * odd significands, integers. A value is m·2^e; it shrinks to m = 0 and e = 0.
   */
  public static Arbitrary<Double> hostile() {
    Arbitrary<Integer> exponent = Arbitraries.oneOf(
        Arbitraries.just(0),
        exponents(-60, 10, 0),
        exponents(LEAST_EXPONENT, -1010, -1010),
        exponents(900, GREATEST_EXPONENT, 900),
        exponents(LEAST_EXPONENT, GREATEST_EXPONENT, 0));
    Arbitrary<Long> significand = Arbitraries.oneOf(
        Arbitraries.longs().between(-4, 4).withDistribution(RandomDistribution.uniform()),
        Arbitraries.of(SIGNIFICAND, -SIGNIFICAND, 1L << 52, -(1L << 52), (1L << 52) + 1),
        Arbitraries.longs().between(-SIGNIFICAND, SIGNIFICAND).withDistribution(RandomDistribution.uniform()));
    return Combinators.combine(significand, exponent).as(Numbers::scaled);
  }

  /** Each range starts from a fresh arbitrary: jqwik 1.9.3 lets arbitraries derived from one share their bounds. */
  private static Arbitrary<Integer> exponents(int least, int greatest, int simplest) {
    return Arbitraries.integers().withDistribution(RandomDistribution.uniform()).between(least, greatest)
        .shrinkTowards(simplest);
  }

  /** m·2^e, which is exact for |m| &lt; 2⁵³ and −1074 ≤ e ≤ 971. One scaling step, so that nothing is rounded twice. */
  private static double scaled(long m, int e) {
    return Math.scalb((double) m, e) + 0.0;
  }

  /**
   * Pairs of binary64 values whose sum cancels to at most a few units in the last place: x and −x, displaced by −2 to 2
   * units. They are what loses every correct digit of a rounded sum.
   */
  public static Arbitrary<Tuple.Tuple2<Double, Double>> cancelling() {
    return Combinators.combine(moderate(1000), Arbitraries.integers().between(-2, 2))
        .as((x, steps) -> Tuple.of(x, -(x + steps * Math.ulp(x)) + 0.0));
  }
}
