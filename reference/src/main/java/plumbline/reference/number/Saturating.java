package plumbline.reference.number;

import plumbline.spec.rounding.Down;
import plumbline.spec.rounding.Up;

/**
 * Increasing functions that level off at both ends, with the algorithm of {@link Binary64} and a bound of its error:
 * |value(x) − f(x)| ≤ min(relative·u·|f(x)|, absolute·u) + 2^−1073, u = 2^−53. Where |x| is at least {@code levelFrom}, f(x) is
 * within u/2 of the limit on that side, and so is value(x), unless the limit is 0.
 */
enum Saturating {
  /**
   * 1/(1 + e^−x), or e^x/(1 + e^x) for x &lt; 0. {@link StrictMath#exp} documents an error below one ulp: E = e^−|x| ≤ 1 is off
   * by 2u relatively and u absolutely, or by 2^−1074; 1 + E and the quotient round by u each: 4u relatively. Absolutely, E
   * adds at most ulp(E)/(1 + E)², the sum u/(1 + E)² and the quotient u/2: 1.5u, for (u + ulp(E))/(1 + E)² ≤ u.
   * From 40 on, E &lt; 2^−57.
   */
  SIGMOID(4.2, 1.6, 40, 0) {
    @Override
    double value(double x) {
      double e = StrictMath.exp(-Math.abs(x));
      return x < 0 ? e / (1 + e) : 1 / (1 + e);
    }
  },

  /**
   * {@link Math#tanh} documents an error of at most 2.5 ulps, results within ±1, and ±1 where the exact result is within half an
   * ulp of that, and is implemented by {@link StrictMath#tanh}. An ulp of a number is at most 2u times it, and one of a number
   * below 1 at most u. From 22 on, 1 − tanh x &lt; 2e^−44 &lt; 2^−62.
   */
  TANH(5.1, 2.6, 22, -1) {
    @Override
    double value(double x) {
      return StrictMath.tanh(x);
    }
  },

  /** See {@link ErrorFunction#erf}; from 6 on, 1 − erf x &lt; 2^−55. */
  ERF(1.25, 0.57, 6, -1) {
    @Override
    double value(double x) {
      return ErrorFunction.erf(x);
    }
  };

  private final double relative;
  private final double absolute;
  private final double levelFrom;
  private final double least;

  /** The error bounds with a margin for the roundings in {@link #error}. */
  Saturating(double relative, double absolute, double levelFrom, double least) {
    this.relative = relative;
    this.absolute = absolute;
    this.levelFrom = levelFrom;
    this.least = least;
  }

  /** The result of binary64 arithmetic; NaN for NaN. */
  abstract double value(double x);

  /** The lower limit, 0 or −1; the upper one is 1. */
  double least() {
    return least;
  }

  /**
   * f(x), up; with {@code times} = 2 also every {@link #value} at points up to x. For f(x') + min(k|f(x')|, a) grows with f(x'),
   * and the bound of the error that holds from {@code levelFrom} on matters on the side of the lower limit only, where it
   * holds for all lower points too: on the other side the limit itself is the bound.
   */
  @SuppressWarnings("rounding") // 0 is not below a value at x ≤ 0, nor 1 below any; values at 0 are exact.
  @Up double up(double x, int times) {
    double value = value(x);
    if (Double.isNaN(value)) {
      return Directed.UNBOUNDED;
    }
    if (x == 0) {
      return value;
    }
    double high = Directed.addUp(value, times * error(x, value));
    return Math.min(high, least < 0 && x < 0 ? 0 : 1);
  }

  /** f(x), down; with {@code times} = 2 also below every {@link #value} at points from x on. */
  @SuppressWarnings("rounding") // As in up.
  @Down double down(double x, int times) {
    double value = value(x);
    if (Double.isNaN(value)) {
      return Double.NEGATIVE_INFINITY;
    }
    if (x == 0) {
      return value;
    }
    double low = Directed.subDown(value, times * error(x, value));
    return Math.max(low, x > 0 ? 0 : least);
  }

  private double error(double x, double value) {
    double limit = (Math.abs(x) >= levelFrom ? 0.5 : absolute) * Directed.U;
    return Math.min(relative * Directed.U * Math.abs(value), limit) + 2 * Double.MIN_VALUE;
  }
}
