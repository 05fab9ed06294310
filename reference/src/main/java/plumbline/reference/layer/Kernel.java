package plumbline.reference.layer;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A bicubic spline kernel (Definition 3.1, {@code def-3.1}): an even, piecewise cubic W that is zero outside (−2, 2), with
 * W(x−1) + W(x) + W(x+1) + … = 1 for every x.
 *
 * <p>The definition also asks for W(x) ∈ [0,1]. The cubic B-spline meets this; of the Keys kernels only a = 0 does: for
 * a &lt; 0 the kernel is negative on 1 &lt; |x| &lt; 2, for a &gt; 0 just below |x| = 1.
 */
public sealed interface Kernel {

  /** The cubic B-spline: W(0) = 2/3, W(±1) = 1/6. It smooths: it does not reproduce the samples. */
  Kernel BSPLINE = new BSpline();

  /** The Keys kernel with a = −3/4, the one of PyTorch's bicubic interpolation. */
  Kernel KEYS = new Keys(new BigFraction(-3, 4));

  /** The coefficients c_0, c_1, c_2, c_3 of W(x) as a polynomial in |x|, on the piece where x lies. */
  BigFraction[] coefficients(BigFraction x);

  /** The value W(x), exactly. */
  default BigFraction at(BigFraction x) {
    BigFraction[] c = coefficients(x);
    BigFraction z = x.abs();
    return c[3].multiply(z).add(c[2]).multiply(z).add(c[1]).multiply(z).add(c[0]);
  }

  /** {@code scale} times a cubic with these integer coefficients, the constant first. */
  private static BigFraction[] cubic(BigFraction scale, int c0, int c1, int c2, int c3) {
    return new BigFraction[] {scale.multiply(c0), scale.multiply(c1), scale.multiply(c2), scale.multiply(c3)};
  }

  private static boolean isAtMost(BigFraction x, int border) {
    return x.abs().compareTo(new BigFraction(border)) <= 0;
  }

  /**
   * Reads {@code bspline} or {@code keys(a)} with a an integer or a fraction p/q of at most 18 digits each.
   *
   * @throws IllegalArgumentException on anything else
   */
  static Kernel parse(String text) {
    if (text.equals("bspline")) {
      return BSPLINE;
    }
    Matcher keys = Pattern.compile("keys\\((-?[0-9]{1,18})(?:/([0-9]{1,18}))?\\)").matcher(text);
    if (keys.matches()) {
      @Nullable String numerator = keys.group(1);
      @Nullable String denominator = keys.group(2);
      BigInteger below = denominator == null ? BigInteger.ONE : new BigInteger(denominator);
      if (numerator != null && below.signum() > 0) {
        return new Keys(new BigFraction(new BigInteger(numerator), below));
      }
    }
    throw new IllegalArgumentException("def-3.1: a kernel is bspline or keys(a), such as keys(-3/4); got " + text);
  }

  /** The cubic B-spline. */
  record BSpline() implements Kernel {
    private static final BigFraction SIXTH = new BigFraction(1, 6);

    /** 2/3 − x² + |x|³/2 on |x| ≤ 1, (2 − |x|)³/6 = (8 − 12|x| + 6x² − |x|³)/6 on 1 ≤ |x| ≤ 2. */
    @Override
    public BigFraction[] coefficients(BigFraction x) {
      return isAtMost(x, 1) ? cubic(SIXTH, 4, 0, -6, 3)
          : isAtMost(x, 2) ? cubic(SIXTH, 8, -12, 6, -1) : cubic(BigFraction.ZERO, 0, 0, 0, 0);
    }

    @Override
    public String toString() {
      return "bspline";
    }
  }

  /**
   * The Keys kernel: W(0) = 1, W(n) = 0 at every other integer, so that it reproduces the samples.
   *
   * @param a the slope of W at 1
   */
  record Keys(BigFraction a) implements Kernel {

    /** (a+2)|x|³ − (a+3)x² + 1 on |x| ≤ 1, a(|x|−1)(|x|−2)² = a(|x|³ − 5x² + 8|x| − 4) on 1 ≤ |x| ≤ 2. */
    @Override
    public BigFraction[] coefficients(BigFraction x) {
      return isAtMost(x, 1)
          ? new BigFraction[] {BigFraction.ONE, BigFraction.ZERO, a.add(3).negate(), a.add(2)}
          : isAtMost(x, 2) ? cubic(a, -4, 8, -5, 1) : cubic(BigFraction.ZERO, 0, 0, 0, 0);
    }

    @Override
    public String toString() {
      return "keys(" + a.toString().replace(" ", "") + ")";
    }
  }
}
