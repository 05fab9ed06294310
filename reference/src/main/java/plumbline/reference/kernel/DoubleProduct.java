package plumbline.reference.kernel;

/**
 * Products of binary64 matrices. Entry (i, j) is fma(a_ik, b_kj, …fma(a_i2, b_2j, fma(a_i1, b_1j, 0))…): one rounding per
 * term, in the order of the inner index, so the bits never depend on the machine.
 */
public final class DoubleProduct {
  private DoubleProduct() {}

  /** The product of a row-major n×k and a k×m matrix. */
  public static double[] multiply(double[] a, double[] b, int n, int k, int m) {
    double[] product = new double[n * m];
    multiplyAdd(a, 0, k, b, 0, m, product, 0, m, n, k, m);
    return product;
  }

  /**
   * Continues the sums of an n×m block of {@code c} with the terms of an n×k block of {@code a} times a k×m block of
   * {@code b}. A block starts at its offset, and its rows lie as many entries apart as the number after that says.
   */
  public static void multiplyAdd(double[] a, int aFrom, int aStride, double[] b, int bFrom, int bStride,
      double[] c, int cFrom, int cStride, int n, int k, int m) {
    for (int i = 0; i < n; i++) {
      for (int l = 0; l < k; l++) {
        double x = a[aFrom + i * aStride + l];
        int row = cFrom + i * cStride;
        int other = bFrom + l * bStride;
        for (int j = 0; j < m; j++) {
          c[row + j] = Math.fma(x, b[other + j], c[row + j]);
        }
      }
    }
  }
}
