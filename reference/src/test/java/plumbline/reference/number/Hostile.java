package plumbline.reference.number;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;

/** Random doubles, enclosures and points that arithmetic finds hard, and exact truths to compare with. */
final class Hostile {
  /** What the entries of one matrix are like; mixing all in one matrix would drown everything in overflow. */
  enum Profile { TAME, TINY, HUGE, MIXED, INTEGERS, EDGE_OF_EXACT, EDGE_OF_UNDERFLOW }

  private static final MathContext DIGITS = new MathContext(50);
  private static final BigFraction SLACK = new BigFraction(BigInteger.ONE, BigInteger.TEN.pow(35));

  private Hostile() {}

  static Profile profile(Random random) {
    return Profile.values()[random.nextInt(Profile.values().length)];
  }

  static double value(Random random, Profile profile) {
    double sign = random.nextBoolean() ? 1 : -1;
    if (random.nextInt(8) == 0) {
      return sign * (random.nextInt(3) - 1);
    }
    return sign * switch (profile) {
      case TAME -> switch (random.nextInt(3)) {
        case 0 -> random.nextDouble();
        case 1 -> 1 + random.nextInt(5) * 0x1p-52;
        default -> Math.scalb(1 + random.nextDouble(), random.nextInt(40) - 20);
      };
      case TINY -> random.nextBoolean()
          ? Double.longBitsToDouble(random.nextLong() >>> (12 + random.nextInt(52)))
          : Math.scalb(1 + random.nextDouble(), -1022 + random.nextInt(60));
      case HUGE -> random.nextBoolean()
          ? Double.longBitsToDouble(Double.doubleToRawLongBits(Double.MAX_VALUE) - random.nextInt(4))
          : Math.scalb(1 + random.nextDouble(), 1023 - random.nextInt(600));
      case MIXED -> finite(random);
      case INTEGERS -> random.nextInt(100);
      case EDGE_OF_EXACT -> (1 << 26) + random.nextInt(1 << 25) * (random.nextBoolean() ? 1.0 : 0.5);
      case EDGE_OF_UNDERFLOW -> Math.scalb(1.0 + random.nextInt(64), -540 + random.nextInt(12));
    };
  }

  private static double finite(Random random) {
    double value;
    do {
      value = Math.abs(Double.longBitsToDouble(random.nextLong()));
    } while (!(value <= Double.MAX_VALUE));
    return value;
  }

  static double radius(Random random, Profile profile, double mid) {
    double magnitude = Math.abs(mid);
    return switch (random.nextInt(12)) {
      case 0 -> magnitude;
      case 1 -> Math.nextUp(magnitude);
      case 2 -> Math.nextDown(Math.max(magnitude, Double.MIN_VALUE));
      case 3 -> magnitude * random.nextDouble();
      case 4 -> magnitude * Math.scalb(random.nextDouble(), -random.nextInt(60));
      case 5 -> Math.abs(value(random, profile));
      case 6 -> Double.MIN_VALUE * random.nextInt(4);
      case 7 -> random.nextInt(6) == 0 ? Double.POSITIVE_INFINITY : Double.MAX_VALUE * random.nextInt(2);
      default -> 0;
    };
  }

  /** Enclosures of every kind. */
  static Ball53Matrix ball(Random random, int rows, int columns) {
    Profile profile = profile(random);
    boolean exact = random.nextInt(3) == 0;
    double[] mid = new double[rows * columns];
    double[] rad = new double[mid.length];
    for (int e = 0; e < mid.length; e++) {
      mid[e] = value(random, profile);
      rad[e] = exact ? 0 : radius(random, profile, mid[e]);
    }
    return Ball53Matrix.normal(rows, columns, mid, rad);
  }

  /** Points of the enclosures, one per entry: ends, midpoints and others. */
  static BigFraction[] points(Random random, Ball53Matrix ball) {
    double[] mid = ball.midpoints();
    double[] rad = ball.radii();
    BigFraction[] points = new BigFraction[mid.length];
    for (int e = 0; e < points.length; e++) {
      int where = random.nextInt(5);
      BigFraction share = where < 3 ? new BigFraction(where - 1) : new BigFraction(random.nextInt(15) - 7, 7);
      BigFraction length = rad[e] <= Double.MAX_VALUE ? exact(rad[e]) : exact(value(random, Profile.HUGE)).pow(2);
      points[e] = exact(mid[e]).add(length.multiply(share));
    }
    return points;
  }

  static BigFraction exact(double value) {
    return ExactMatrix.fraction(value);
  }

  /** e^x ± 10^−35 relative: Taylor on x/2^s, squared s times, with 50 digits; [0, 10^−434] for x < −1000. */
  static Interval exp(BigFraction x) {
    BigDecimal argument = new BigDecimal(x.getNumerator()).divide(new BigDecimal(x.getDenominator()), new MathContext(60));
    if (argument.compareTo(BigDecimal.valueOf(1000)) > 0) {
      throw new IllegalArgumentException("too large: " + argument.round(MathContext.DECIMAL32));
    }
    if (argument.compareTo(BigDecimal.valueOf(-1000)) < 0) {
      return new Interval(BigFraction.ZERO, new BigFraction(BigInteger.ONE, BigInteger.TEN.pow(434)));
    }
    int squarings = Math.max(0, argument.abs().toBigInteger().bitLength()) + 5;
    BigDecimal reduced = argument.divide(new BigDecimal(BigInteger.ONE.shiftLeft(squarings)), DIGITS);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    // |reduced| ≤ 1/32, so term 26 is below 32^−26/26! < 10^−65.
    for (int i = 1; i <= 26; i++) {
      term = term.multiply(reduced, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < squarings; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return widen(fraction(sum));
  }

  /** value·(1 ± 10^−35), for value ≥ 0. */
  static Interval widen(BigFraction value) {
    return new Interval(value.multiply(BigFraction.ONE.subtract(SLACK)), value.multiply(BigFraction.ONE.add(SLACK)));
  }

  static BigFraction fraction(BigDecimal value) {
    return value.scale() >= 0
        ? new BigFraction(value.unscaledValue(), BigInteger.TEN.pow(value.scale()))
        : new BigFraction(value.unscaledValue().multiply(BigInteger.TEN.pow(-value.scale())));
  }
}
