package plumbline.reference.number;

import plumbline.spec.rounding.Down;
import plumbline.spec.rounding.Up;

/**
 * Binary64 operations rounded up or down. Each bounds the exact result on the doubles given (+∞ and −∞ as limits) and is
 * exact where that result is a double. Otherwise it is the next double in its direction, or where an error term
 * underflows perhaps the one after that; exp and log are up to three ulps off. Where the exact result is undefined the
 * answer is +∞ going up and −∞ going down.
 *
 * <p>Why they hold: IEEE arithmetic rounds to nearest, so the exact result lies between the neighbours of the computed
 * one; the sign of the rounding error, which an error-free transformation yields, tells on which side. The error of a
 * sum is always a double. The error of a product, a·b − p, is found by a fused multiply-add, which returns its sign
 * correctly unless it underflows to zero; it cannot when a·b is a multiple of 2^−1074, the least double. The same holds
 * for the residuals a − q·b of a quotient and x − s² of a root.
 *
 * <p>It rests on these theorems, proved in Coq ({@code proofs-check/coq}): Binary64.two_sum, Binary64.add_up_above,
 * Binary64.mul_up_above, Binary64.product_error_format, Binary64.product_error_format_grid, Binary64.div_up_above.
 */
@SuppressWarnings("rounding")
public final class Directed {
  /** Not below any number. */
  public static final @Up double UNBOUNDED = Double.POSITIVE_INFINITY;

  /** Unit roundoff, 2^−53. */
  static final double U = 0x1p-53;

  /** Exponent that {@link #lowestBit} gives to zero, which is a multiple of every power of two. */
  static final int ANY_POWER = 1 << 20;

  private static final int LEAST_EXPONENT = -1074;

  /** From here on a nonzero product of doubles has its error among the doubles: 2^−1074 · 2^106. */
  private static final double SAFE_PRODUCT = 0x1p-968;

  private Directed() {}

  /** a + b, up. */
  public static @Up double addUp(double a, double b) {
    double sum = a + b;
    if (Math.abs(sum) <= Double.MAX_VALUE) {
      // An overflow inside the transformation leaves an infinity or NaN, which counts as "unknown".
      double error = sumError(a, b, sum);
      return error <= 0 && error >= -Double.MAX_VALUE ? sum : Math.nextUp(sum);
    }
    return overflowUp(sum, a, b);
  }

  /** a + b, down. */
  public static @Down double addDown(double a, double b) {
    return -addUp(-a, -b);
  }

  /** a − b, up. */
  public static @Up double subUp(double a, double b) {
    return addUp(a, -b);
  }

  /** a − b, down. */
  public static @Down double subDown(double a, double b) {
    return -addUp(-a, b);
  }

  /** a · b, up. */
  public static @Up double mulUp(double a, double b) {
    double product = a * b;
    if (Math.abs(product) <= Double.MAX_VALUE) {
      double error = Math.fma(a, b, -product);
      return error < 0 || (error == 0 && isProductErrorExact(a, b, product)) ? product : Math.nextUp(product);
    }
    return overflowUp(product, a, b);
  }

  /** a · b, down. */
  public static @Down double mulDown(double a, double b) {
    return -mulUp(-a, b);
  }

  /** a / b, up; +∞ for b = 0. */
  public static @Up double divUp(double a, double b) {
    double quotient = a / b;
    if (b == 0) {
      return UNBOUNDED;
    }
    if (Math.abs(quotient) <= Double.MAX_VALUE) {
      double residual = Math.fma(-quotient, b, a);
      boolean above = b > 0 ? residual < 0 : residual > 0;
      boolean exact = residual == 0 && lowestBit(quotient) + lowestBit(b) >= LEAST_EXPONENT;
      return above || exact ? quotient : Math.nextUp(quotient);
    }
    return overflowUp(quotient, a, b);
  }

  /** a / b, down; −∞ for b = 0. */
  public static @Down double divDown(double a, double b) {
    return -divUp(-a, b);
  }

  /** √x, up; +∞ below zero. */
  public static @Up double sqrtUp(double x) {
    return x < 0x1p-900 ? sqrtUpScaled(x * 0x1p200) * 0x1p-100 : sqrtUpScaled(x);
  }

  /** √x, down, never below 0; 0 below zero. */
  public static @Down double sqrtDown(double x) {
    if (!(x > 0)) {
      return 0;
    }
    return x < 0x1p-900 ? sqrtDownScaled(x * 0x1p200) * 0x1p-100 : sqrtDownScaled(x);
  }

  // Below 2^−900 the argument is scaled by an exact even power of two, so that the residual cannot underflow; the root is
  // then a normal number and scaling it back is exact.
  private static double sqrtUpScaled(double x) {
    double root = Math.sqrt(x);
    if (root <= Double.MAX_VALUE) {
      return Math.fma(-root, root, x) <= 0 ? root : Math.nextUp(root);
    }
    return UNBOUNDED;
  }

  private static double sqrtDownScaled(double x) {
    double root = Math.sqrt(x);
    if (root <= Double.MAX_VALUE) {
      return Math.fma(-root, root, x) >= 0 ? root : Math.nextDown(root);
    }
    return Double.MAX_VALUE;
  }

  /**
   * e^x, up. {@link StrictMath} documents an error below one ulp; this allows two, in either direction, and the same for
   * the logarithm.
   */
  public static @Up double expUp(double x) {
    return x == 0 ? 1 : twoUp(StrictMath.exp(x));
  }

  /** e^x, down, never below 0. */
  public static @Down double expDown(double x) {
    return x == 0 ? 1 : Math.max(twoDown(StrictMath.exp(x)), 0);
  }

  /** ln x, up; +∞ below zero. */
  public static @Up double logUp(double x) {
    return x == 1 ? 0 : twoUp(StrictMath.log(x));
  }

  /** ln x, down; −∞ at zero and below. */
  public static @Down double logDown(double x) {
    return x == 1 ? 0 : x > 0 ? twoDown(StrictMath.log(x)) : Double.NEGATIVE_INFINITY;
  }

  /**
   * 1/(1 + e^−x), up; within [0, 1]. As for the two functions that follow, {@link Saturating} bounds the error of the
   * computed value and tells why; the ends are a few ulps apart, and one at the limits.
   */
  public static @Up double sigmoidUp(double x) {
    return Saturating.SIGMOID.up(x, 1);
  }

  /** 1/(1 + e^−x), down. */
  public static @Down double sigmoidDown(double x) {
    return Saturating.SIGMOID.down(x, 1);
  }

  /** tanh x, up; within [−1, 1]. */
  public static @Up double tanhUp(double x) {
    return Saturating.TANH.up(x, 1);
  }

  /** tanh x, down. */
  public static @Down double tanhDown(double x) {
    return Saturating.TANH.down(x, 1);
  }

  /** erf x, up; within [−1, 1]. */
  public static @Up double erfUp(double x) {
    return Saturating.ERF.up(x, 1);
  }

  /** erf x, down. */
  public static @Down double erfDown(double x) {
    return Saturating.ERF.down(x, 1);
  }

  /** |a·b − product| for the finite rounded {@code product}, up; 0 only where that is the error. */
  static @Up double productErrorUp(double a, double b, double product) {
    double error = Math.abs(Math.fma(a, b, -product));
    // A residual that is no double was rounded to nearest in the subnormals: by at most 2^−1075.
    return isProductErrorExact(a, b, product) ? error : error + Double.MIN_VALUE;
  }

  /** |a − quotient·b| for the finite rounded {@code quotient}, up; 0 only where that is the residual. */
  static @Up double quotientResidualUp(double a, double b, double quotient) {
    double residual = Math.abs(Math.fma(-quotient, b, a));
    return residual == 0 && lowestBit(quotient) + lowestBit(b) >= LEAST_EXPONENT ? 0 : Math.nextUp(residual);
  }

  /** |x|, for a number that is its own value. */
  static @Up double abs(double x) {
    return Math.abs(x);
  }

  /** The exponent of the lowest set bit of a finite number; {@link #ANY_POWER} for zero. */
  static int lowestBit(double x) {
    long bits = Double.doubleToRawLongBits(x);
    long mantissa = bits & ((1L << 52) - 1);
    int exponent = (int) (bits >>> 52) & 0x7ff;
    if (exponent == 0) {
      return mantissa == 0 ? ANY_POWER : LEAST_EXPONENT + Long.numberOfTrailingZeros(mantissa);
    }
    return exponent - 1 + LEAST_EXPONENT + Long.numberOfTrailingZeros(mantissa | 1L << 52);
  }

  /** Knuth's TwoSum: a + b = sum + error exactly, absent overflow; additions never underflow inexactly. */
  private static double sumError(double a, double b, double sum) {
    double bPart = sum - a;
    return (a - (sum - bPart)) + (b - bPart);
  }

  /** Whether fma(a, b, −product) is a·b − product exactly (its sign, where it needs more than 53 bits: it never does). */
  private static boolean isProductErrorExact(double a, double b, double product) {
    return Math.abs(product) >= SAFE_PRODUCT || lowestBit(a) + lowestBit(b) >= LEAST_EXPONENT;
  }

  /** Upper bound for an operation whose rounded result is not finite. */
  private static double overflowUp(double result, double a, double b) {
    if (result == Double.NEGATIVE_INFINITY && Double.isFinite(a) && Double.isFinite(b)) {
      return -Double.MAX_VALUE;
    }
    return Double.isNaN(result) ? UNBOUNDED : result;
  }

  private static double twoUp(double x) {
    return Double.isNaN(x) ? UNBOUNDED : Math.nextUp(Math.nextUp(x));
  }

  private static double twoDown(double x) {
    return Double.isNaN(x) ? Double.NEGATIVE_INFINITY : Math.nextDown(Math.nextDown(x));
  }
}
