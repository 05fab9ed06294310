package plumbline.reference.kernel;

/**
 * Products of integer polynomials by a floating-point Fourier transform whose rounding errors are bounded beforehand, so
 * that every coefficient of the product is the integer next to what is computed.
 *
 * <p>A polynomial Σ x_j t^j with 2M real coefficients is M complex numbers z_j = x_j + i·x_(M+j), its residue modulo t^M −
 * i; the product of two residues has in the same way the coefficients of the product, where that has no more than 2M. The
 * modulus is split again and again: t^(2m) − s = (t^m − w)(t^m + w) with w² = s. Of a + b·t^m remain a + w·b modulo t^m − w
 * and a − w·b modulo t^m + w. After L such levels there are 2^L residues of B = M/2^L numbers each (a <i>block</i>); these
 * are multiplied by the definition, and the levels are undone from the last to the first, but for a factor of 2^L.
 *
 * <p><b>Nodes.</b> The moduli form a binary tree: node 1 is t^M − i, and t^m − w, t^m + w are the nodes 2n and 2n + 1 below
 * node n, where w is the twiddle factor of n. So one table of twiddle factors serves all M. If the modulus of n is t^2m −
 * e^(2πi·φ), φ in [0, 1), w is e^(πi·φ); φ is 1/4 at node 1, φ/2 at 2n and φ/2 + 1/2 at 2n + 1.
 *
 * <p><b>Error.</b> u = 2^−53. Let x, y be the inputs and ‖·‖ the root of the sum of squares. With the exact twiddle
 * factors, a level multiplies ‖·‖ by √2, for |a + wb|² + |a − wb|² = 2(|a|² + |b|²). To first order in u:
 * <ul>
 *   <li>Table: a twiddle factor is off by at most β = 2.5u ({@link Twiddles}).
 *   <li>Forward level: each part of a ± wb is two fused operations; the inner one rounds a ± Re(w)·b, the outer the result.
 *       Of the pair of results, the inner operations put off each by at most u(|a| + |b|), together √2·u·√2·‖(a, b)‖; the
 *       outer ones by u times the results, together √2·u·‖(a, b)‖; the table each by β|b|, together √2·β‖(a, b)‖. So the
 *       level errs by at most η = (√2 + 1)u + β &lt; 4.92u times ‖·‖ after it.
 *   <li>Block: with x, y now residues of B numbers, entry k is Σ_i x_i·u_i, where the u_i are the numbers of y, some times
 *       s. Such a product with s is off by (2u + β)|y|. Each of four sums has B roundings and one when two are joined, so
 *       the entry is off by at most δ‖x‖·‖y‖ with δ = √2(B + 1)u + 4.5u, by Cauchy and Schwarz.
 *   <li>Backward level: a + b is off by u(|a| + |b|), (a − b)·w̄ by u for the difference, 2u for the product, β for the
 *       table: κ = 5.5u times |a| + |b|.
 * </ul>
 * After the forward levels, ‖X̂ − X‖ ≤ ((1 + η)^L − 1)·‖X‖, ‖X‖ = 2^(L/2)·‖x‖, and the same for y. A coefficient of the
 * result is the sum of one entry of each block's product times numbers of modulus 1. Let a, b be the norms of a block of X,
 * Y and a + a', b + b' bounds of those of the computed ones. The entry is at most ab, and its computed value off by at most
 * D = (1 + δ)(a + a')(b + b') − ab. Where two positions with bounds G, H of their exact values and D, E of their errors
 * meet in a backward level, the results are at most G + H and off by at most (1 + κ)(G + D + H + E) − (G + H). So a
 * coefficient is off by at most (1 + κ)^L·(1 + δ)·Σ(a + a')(b + b') − Σab; by Cauchy and Schwarz, Σab ≤ ‖X‖‖Y‖, Σ(ab' + a'b
 * + a'b') ≤ ((1 + η)^2L − 1)‖X‖‖Y‖, and ‖X‖‖Y‖ = 2^L·‖x‖‖y‖. Divided by 2^L, the error is at most
 *
 * <p>((1 + η)^2L (1 + κ)^L (1 + δ) − 1)·‖x‖‖y‖ &lt; (16L + 1.5B + 8)·u·‖x‖‖y‖ ({@link #error}),
 *
 * <p>for 2·4.92 + 5.5 &lt; 15.4 and √2(B + 1) + 4.5 &lt; 1.5B + 6; what is left over, at least 2u, is far more than the
 * terms of higher order. Underflow would need a number below 2^−900, and adds less than 2^−900.
 */
final class Convolution {
  /** Positions of two polynomials that fit into the second level cache; so many are worth a thread, too. */
  private static final int CACHED = 1 << 12;
  /** So many numbers are kept side by side for products of blocks. */
  private static final int WRAPPED = 256;

  /**
   * So many positions are first multiplied by the plain engine. Until they are compiled, vector operations take a hundred
   * times as long as afterwards, so that a program with few long products is better off without them.
   */
  private static final long COLD = 1 << 22;

  private static volatile Twiddles table = new Twiddles(64);
  /** Positions multiplied, while there are few; which engine runs changes no bit. */
  private static volatile long done;

  private final double[] xr;
  private final double[] xi;
  private final double[] yr;
  private final double[] yi;
  private final int block;
  private final Twiddles twiddles;
  private final boolean vector;

  private Convolution(double[] xr, double[] xi, double[] yr, double[] yi, int block, Twiddles twiddles, boolean vector) {
    this.xr = xr;
    this.xi = xi;
    this.yr = yr;
    this.yi = yi;
    this.block = block;
    this.vector = vector;
    this.twiddles = twiddles;
  }

  /** The bound of {@link Convolution}: errors are at most this times ‖x‖‖y‖. */
  static double error(int block, int levels) {
    return (16 * levels + 1.5 * block + 8) * 0x1p-53;
  }

  /**
   * Replaces the M = block·2^levels complex numbers x by 2^levels·x·y modulo t^M − i, and spoils y. If the arrays of y are
   * those of x, this is the square.
   *
   * @param block a multiple of 8, at most 256
   */
  static void multiply(double[] xr, double[] xi, double[] yr, double[] yi, int block, int levels) {
    boolean cold = done < COLD;
    if (cold) {
      done += (long) block << levels;
    }
    multiply(xr, xi, yr, yi, block, levels, Simd.AVAILABLE && !cold);
  }

  /** By the vector or the plain engine. */
  static void multiply(double[] xr, double[] xi, double[] yr, double[] yi, int block, int levels, boolean vector) {
    Twiddles twiddles = table;
    if (twiddles.re.length < 1 << levels) {
      twiddles = new Twiddles(1 << levels);
      table = twiddles;
    }
    new Convolution(xr, xi, yr, yi, block, twiddles, vector).multiply(1, 0, block << levels, levels, true);
  }

  /** Multiplies the residues of one node. */
  private void multiply(int node, int at, int length, int levels, boolean threads) {
    if (length <= CACHED || levels < 2) {
      multiplyCached(node, at, length, levels);
      return;
    }
    int quarter = length / 4;
    if (threads) {
      Workers.run(xr == yr ? 1 : 2, 1, (from, to) -> {
        for (int k = from; k < to; k++) {
          forward4(k == 0 ? xr : yr, k == 0 ? xi : yi, at, at + length, quarter, node);
        }
      });
      Workers.run(4, 1, (from, to) -> {
        for (int k = from; k < to; k++) {
          multiply(4 * node + k, at + k * quarter, quarter, levels - 2, false);
        }
      });
    } else {
      forward4(xr, xi, at, at + length, quarter, node);
      if (xr != yr) {
        forward4(yr, yi, at, at + length, quarter, node);
      }
      for (int k = 0; k < 4; k++) {
        multiply(4 * node + k, at + k * quarter, quarter, levels - 2, false);
      }
    }
    inverse4(xr, xi, at, at + length, quarter, node);
  }

  private void multiplyCached(int node, int at, int length, int levels) {
    forward(xr, xi, node, at, length, levels);
    if (xr != yr) {
      forward(yr, yi, node, at, length, levels);
    }
    multiplyBlocks(node << levels, at, length);
    inverse(xr, xi, node, at, length, levels);
  }

  private void forward(double[] re, double[] im, int node, int at, int length, int levels) {
    int level = levels & 1;
    if (level == 1) {
      if (vector) {
        ButterfliesVector.forward2(re, im, at, length / 2, twiddles.re[node], twiddles.im[node]);
      } else {
        ButterfliesPlain.forward2(re, im, at, length / 2, twiddles.re[node], twiddles.im[node]);
      }
    }
    for (; level < levels; level += 2) {
      forward4(re, im, at, at + length, length >> level + 2, node << level);
    }
  }

  private void inverse(double[] re, double[] im, int node, int at, int length, int levels) {
    int level = levels - 2;
    for (; level >= 0; level -= 2) {
      inverse4(re, im, at, at + length, length >> level + 2, node << level);
    }
    if (level == -1) {
      if (vector) {
        ButterfliesVector.inverse2(re, im, at, length / 2, twiddles.re[node], twiddles.im[node]);
      } else {
        ButterfliesPlain.inverse2(re, im, at, length / 2, twiddles.re[node], twiddles.im[node]);
      }
    }
  }

  private void forward4(double[] re, double[] im, int from, int to, int m, int node) {
    if (vector) {
      ButterfliesVector.forward4(re, im, from, to, m, twiddles.re, twiddles.im, node);
    } else {
      ButterfliesPlain.forward4(re, im, from, to, m, twiddles.re, twiddles.im, node);
    }
  }

  private void inverse4(double[] re, double[] im, int from, int to, int m, int node) {
    if (vector) {
      ButterfliesVector.inverse4(re, im, from, to, m, twiddles.re, twiddles.im, node);
    } else {
      ButterfliesPlain.inverse4(re, im, from, to, m, twiddles.re, twiddles.im, node);
    }
  }

  /** Multiplies the blocks of the nodes from {@code node} on. */
  private void multiplyBlocks(int node, int at, int length) {
    // Several blocks of y are written before one is read: reading at other offsets than were written must wait for that.
    int several = Math.min(length, WRAPPED / block * block);
    double[] ur = new double[2 * several];
    double[] ui = new double[2 * several];
    double[] zr = new double[block];
    double[] zi = new double[block];
    for (int from = at; from < at + length; from += several) {
      int to = Math.min(from + several, at + length);
      for (int i = from; i < to; i += block) {
        int n = node + (i - at) / block;
        double sign = (n & 1) == 0 ? 1 : -1;
        double sr = sign * twiddles.re[n >> 1];
        double si = sign * twiddles.im[n >> 1];
        if (vector) {
          ButterfliesVector.wrap(yr, yi, i, block, ur, ui, 2 * (i - from), sr, si);
        } else {
          ButterfliesPlain.wrap(yr, yi, i, block, ur, ui, 2 * (i - from), sr, si);
        }
      }
      for (int i = from; i < to; i += block) {
        if (vector) {
          ButterfliesVector.multiply(xr, xi, i, block, ur, ui, 2 * (i - from), zr, zi);
        } else {
          ButterfliesPlain.multiply(xr, xi, i, block, ur, ui, 2 * (i - from), zr, zi);
        }
      }
    }
  }

  /**
   * The twiddle factors of the nodes from 1 on; entry 0 is −i, so that node n's modulus is t^m − s with s = entry n/2 for an
   * even n, else its negative, for n = 1 as well.
   *
   * <p>Off by at most 2.5u: with t = φ/2 exact, halved and mirrored into [0, 1/8], the angle 2π·t ≤ π/4 has a relative
   * error of 0.36u from the constant and u from the product, so it is off by at most 1.07u; sine and cosine by one ulp
   * ({@link StrictMath}), which is at most u below 1: together at most (1.07 + √2)u.
   */
  private static final class Twiddles {
    final double[] re;
    final double[] im;

    Twiddles(int size) {
      re = new double[size];
      im = new double[size];
      im[0] = -1;
      double[] turns = new double[size];
      for (int n = 1; n < size; n++) {
        double t = n == 1 ? 0.125 : (n & 1) == 0 ? turns[n / 2] / 2 : turns[n / 2] / 2 + 0.25;
        turns[n] = t;
        double quarter = t >= 0.25 ? t - 0.25 : t;
        boolean mirrored = quarter > 0.125;
        double angle = 2 * Math.PI * (mirrored ? 0.25 - quarter : quarter);
        double c = StrictMath.cos(angle);
        double s = StrictMath.sin(angle);
        double x = mirrored ? s : c;
        double y = mirrored ? c : s;
        re[n] = t >= 0.25 ? -y : x;
        im[n] = t >= 0.25 ? x : y;
      }
    }
  }
}
