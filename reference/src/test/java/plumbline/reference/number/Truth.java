package plumbline.reference.number;

import java.math.BigInteger;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.Interval;

/**
 * The functions that level off, to more than 400 bits, independently of the tested code: the alternating series of erf, an
 * inequality for its tail, tanh and the logistic function from e^|x| by squaring, π by Machin's formula.
 */
enum Truth {
  SIGMOID {
    @Override
    BigFraction value(BigFraction x) {
      BigFraction power = exp(x.abs());
      BigFraction small = power.add(1).reciprocal();
      return negative(x) ? small : BigFraction.ONE.subtract(small);
    }
  },
  TANH {
    @Override
    BigFraction value(BigFraction x) {
      if (x.abs().compareTo(TINY) < 0) {
        return x;
      }
      BigFraction square = exp(x.abs().multiply(2));
      BigFraction result = square.subtract(1).divide(square.add(1));
      return negative(x) ? result.negate() : result;
    }
  },
  ERF {
    @Override
    BigFraction value(BigFraction x) {
      if (x.abs().compareTo(TINY) < 0) {
        return x.multiply(2).divide(ROOT_OF_PI);
      }
      if (x.abs().compareTo(new BigFraction(12)) > 0) {
        throw new IllegalArgumentException("too large for the series: " + x);
      }
      // x − x³/3 + x⁵/(2!·5) − …: terms below e^144 < 2^208.
      BigInteger argument = floor(x);
      BigInteger square = argument.multiply(argument).shiftRight(P);
      BigInteger power = argument;
      BigInteger sum = BigInteger.ZERO;
      for (int n = 0; n == 0 || power.abs().bitLength() > 1; n++) {
        sum = sum.add(power.divide(BigInteger.valueOf(2L * n + 1)));
        power = power.multiply(square).shiftRight(P).divide(BigInteger.valueOf(-n - 1));
      }
      return new BigFraction(sum.shiftLeft(1), BigInteger.ONE.shiftLeft(P)).divide(ROOT_OF_PI);
    }
  };

  private static final int P = 1200;
  private static final BigFraction TINY = new BigFraction(BigInteger.ONE, BigInteger.ONE.shiftLeft(250));
  private static final BigFraction SLACK = new BigFraction(BigInteger.ONE, BigInteger.ONE.shiftLeft(420));
  private static final BigFraction ROOT_OF_PI = new BigFraction(
      atan(5).shiftLeft(4).subtract(atan(239).shiftLeft(2)).shiftLeft(P).sqrt(), BigInteger.ONE.shiftLeft(P));

  abstract BigFraction value(BigFraction x);

  /** Contains the value, with a relative width of 2^−419; or, beyond 12 and 1500, a distance to the limit of 2^−200 or 2^−2000. */
  final Interval at(BigFraction x) {
    int limit = this == ERF ? 12 : 1500;
    if (x.abs().compareTo(new BigFraction(limit)) > 0) {
      BigFraction far = new BigFraction(BigInteger.ONE, BigInteger.ONE.shiftLeft(this == ERF ? 200 : 2000));
      BigFraction near = BigFraction.ONE.subtract(far);
      return !negative(x) ? new Interval(near, BigFraction.ONE)
          : this == SIGMOID ? new Interval(BigFraction.ZERO, far) : new Interval(BigFraction.ONE.negate(), near.negate());
    }
    BigFraction value = value(x);
    BigFraction slack = value.abs().multiply(SLACK);
    return new Interval(value.subtract(slack), value.add(slack));
  }

  final Interval at(double x) {
    return at(Hostile.exact(x));
  }

  private static boolean negative(BigFraction x) {
    return x.getNumerator().signum() < 0;
  }

  private static BigInteger floor(BigFraction x) {
    return x.getNumerator().shiftLeft(P).divide(x.getDenominator());
  }

  /** atan(1/n) to nearly P bits. */
  private static BigInteger atan(int n) {
    BigInteger power = BigInteger.ONE.shiftLeft(P).divide(BigInteger.valueOf(n));
    BigInteger sum = BigInteger.ZERO;
    for (int k = 0; power.bitLength() > 1; k++) {
      sum = sum.add(power.divide(BigInteger.valueOf(k % 2 == 0 ? 2L * k + 1 : -2L * k - 1)));
      power = power.divide(BigInteger.valueOf((long) n * n));
    }
    return sum;
  }

  /** e^x for 0 ≤ x ≤ 3000: Taylor on x/2^24, squared 24 times. */
  private static BigFraction exp(BigFraction x) {
    BigInteger argument = floor(x).shiftRight(24);
    BigInteger term = BigInteger.ONE.shiftLeft(P);
    BigInteger sum = BigInteger.ZERO;
    for (int n = 1; term.signum() > 0; n++) {
      sum = sum.add(term);
      term = term.multiply(argument).shiftRight(P).divide(BigInteger.valueOf(n));
    }
    for (int i = 0; i < 24; i++) {
      sum = sum.multiply(sum).shiftRight(P);
    }
    return new BigFraction(sum, BigInteger.ONE.shiftLeft(P));
  }
}
