package plumbline.reference.kernel;

/** {@link Digits} lane by lane. */
final class DigitsPlain {
  private static final int LANES = Digits.LANES;
  private static final double ROUND = Digits.ROUND;

  private DigitsPlain() {}

  /** See {@link Digits#multiply}. */
  static void multiply(double[] r, int rFrom, double[] a, int aFrom, double[] b, int bFrom, int n,
      double aShare, double bShare, double radix, int lanes) {
    for (int l = 0; l < lanes; l++) {
      multiply(r, rFrom + l, a, aFrom + l, b, bFrom + l, n, aShare, bShare, radix);
    }
  }

  private static void multiply(double[] r, int rFrom, double[] a, int aFrom, double[] b, int bFrom, int n,
      double aShare, double bShare, double radix) {
    double inverse = 1 / radix;
    double carry = 0;
    int c = n - 1;
    // Column c collects the products of weight R^−(c+2). Four at a time, the first of which only carries.
    for (; c >= 3; c -= 4) {
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double s3 = 0;
      int ai = aFrom;
      int bi = bFrom + (c - 3) * LANES;
      for (int i = 0; i <= c - 3; i++) {
        double x = a[ai];
        s3 += x * b[bi];
        s2 += x * b[bi + LANES];
        s1 += x * b[bi + 2 * LANES];
        s0 += x * b[bi + 3 * LANES];
        ai += LANES;
        bi -= LANES;
      }
      double b0 = b[bFrom];
      double b1 = b[bFrom + LANES];
      s0 += a[ai] * b[bFrom + 2 * LANES] + a[ai + LANES] * b1 + a[ai + 2 * LANES] * b0;
      s1 += a[ai] * b1 + a[ai + LANES] * b0;
      s2 += a[ai] * b0;
      int at = (c + 1) * LANES;
      if (c == n - 1) {
        carry = s0 * inverse + ROUND - ROUND;
      } else {
        carry = put(r, rFrom + at, s0 + carry + aShare * a[aFrom + at] + bShare * b[bFrom + at], radix, inverse);
      }
      at -= LANES;
      carry = put(r, rFrom + at, s1 + carry + aShare * a[aFrom + at] + bShare * b[bFrom + at], radix, inverse);
      at -= LANES;
      carry = put(r, rFrom + at, s2 + carry + aShare * a[aFrom + at] + bShare * b[bFrom + at], radix, inverse);
      at -= LANES;
      carry = put(r, rFrom + at, s3 + carry + aShare * a[aFrom + at] + bShare * b[bFrom + at], radix, inverse);
    }
    for (; c >= 0; c--) {
      double sum = carry;
      for (int i = 0; i <= c; i++) {
        sum += a[aFrom + i * LANES] * b[bFrom + (c - i) * LANES];
      }
      int at = (c + 1) * LANES;
      if (c == n - 1) {
        carry = sum * inverse + ROUND - ROUND;
      } else {
        carry = put(r, rFrom + at, sum + aShare * a[aFrom + at] + bShare * b[bFrom + at], radix, inverse);
      }
    }
    r[rFrom] = carry + aShare * a[aFrom] + bShare * b[bFrom];
  }

  /** Stores the digit of a column and returns what it carries to the next. */
  private static double put(double[] r, int at, double sum, double radix, double inverse) {
    double carry = sum * inverse + ROUND - ROUND;
    r[at] = sum - carry * radix;
    return carry;
  }

  /** See {@link Digits#combine}. */
  static void combine(double[] r, int first, int n, double[] p, int stride, int low, int high, double[] c, double divisor,
      double radix, int lanes) {
    double inverse = 1 / radix;
    double reciprocal = 1 / divisor;
    for (int l = 0; l < lanes; l++) {
      double remainder = 0;
      double before = 0;
      for (int j = 1; j < n; j++) {
        int at = j * LANES + l;
        double x = j < first ? 0 : r[at];
        for (int i = low; i <= Math.min(high, j); i++) {
          x += c[i] * p[i * stride + at];
        }
        x += remainder * radix;
        double quotient = x * reciprocal + ROUND - ROUND;
        remainder = x - quotient * divisor;
        double carry = quotient * inverse + ROUND - ROUND;
        r[at - LANES] = before + carry;
        before = quotient - carry * radix;
      }
      r[(n - 1) * LANES + l] = before;
    }
  }
}
