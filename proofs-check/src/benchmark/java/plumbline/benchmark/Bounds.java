package plumbline.benchmark;

import java.math.BigInteger;
import java.util.function.IntFunction;

/** How far from the exact result a peer that rounds may be. Each bound is first-order, doubled for what that leaves out. */
final class Bounds {
  private Bounds() {}

  /** Functions that promise about one unit in the last of {@code bits}: four units of it. */
  static IntFunction<Enclosure> lastUnits(Entries theirs, int bits) {
    return k -> {
      Enclosure value = theirs.values().get(k);
      return Enclosure.exactly(value.m().abs(), value.e() + 2 - bits);
    };
  }

  /**
   * Two products A B of doubles, each summed in any order: every one is within n·2^−53·(|A||B|) of the exact one, first-order.
   */
  static IntFunction<Enclosure> doubleProduct(InputFile file) {
    double[] sums = absoluteProduct(file, "A", "B");
    int n = file.matrices().get("A").columns();
    return k -> Enclosure.exactly(4 * (n + 1) * 0x1p-53 * sums[k]);
  }

  /**
   * Attention with relative errors u of every operation. A score is off by 3 d u S, S the largest entry of
   * (|X||W_Q|)(|X||W_K|)ᵀ, so its exponential by that plus 4 u, relative; so is the sum of a row, plus n u; an entry of X W_V by
   * d u of (|X||W_V|); the last product and the quotient add n u and 2 u.
   *
   * @param logOfUnit log2 u
   */
  static IntFunction<Enclosure> attention(InputFile file, double logOfUnit) {
    int n = file.matrices().get("X").rows();
    int d = file.matrices().get("X").columns();
    double s = 0;
    double[] q = absoluteProduct(file, "X", "W_Q");
    double[] k = absoluteProduct(file, "X", "W_K");
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int l = 0; l < d; l++) {
          sum += q[i * d + l] * k[j * d + l];
        }
        s = Math.max(s, sum);
      }
    }
    double v = 0;
    for (double value : absoluteProduct(file, "X", "W_V")) {
      v = Math.max(v, value);
    }
    double units = 2 * (2 * (3 * d * s + 4) + 2 * n + d + 2) * v;
    Enclosure bound = Enclosure.exactly(BigInteger.valueOf((long) Math.ceil(units)), (long) Math.ceil(logOfUnit));
    return entry -> bound;
  }

  private static double[] absoluteProduct(InputFile file, String left, String right) {
    double[] a = file.doubles(left);
    double[] b = file.doubles(right);
    int inner = file.matrices().get(left).columns();
    int columns = file.matrices().get(right).columns();
    double[] c = new double[a.length / inner * columns];
    for (int i = 0; i < a.length / inner; i++) {
      for (int l = 0; l < inner; l++) {
        double x = Math.abs(a[i * inner + l]);
        for (int j = 0; j < columns; j++) {
          c[i * columns + j] += x * Math.abs(b[l * columns + j]);
        }
      }
    }
    return c;
  }
}
