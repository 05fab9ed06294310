package plumbline.reference.kernel;

/**
 * The steps of {@link Convolution} in one thread: on complex numbers that two arrays hold, real and imaginary parts apart.
 * What each step rounds is in the comments of {@link Convolution}, which bounds the sum of it.
 */
final class ButterfliesPlain {
  private ButterfliesPlain() {}

  /** Replaces a, b, the runs of m positions from {@code at} and after that, by a + w·b, a − w·b. */
  static void forward2(double[] re, double[] im, int at, int m, double wr, double wi) {
    for (int i = at; i < at + m; i++) {
      double ar = re[i];
      double ai = im[i];
      double br = re[i + m];
      double bi = im[i + m];
      re[i] = Math.fma(-wi, bi, Math.fma(wr, br, ar));
      im[i] = Math.fma(wi, br, Math.fma(wr, bi, ai));
      re[i + m] = Math.fma(wi, bi, Math.fma(-wr, br, ar));
      im[i + m] = Math.fma(-wi, br, Math.fma(-wr, bi, ai));
    }
  }

  /** Replaces a, b by a + b, (a − b)·w̄: {@link #forward2} undone, but for a factor of 2. */
  static void inverse2(double[] re, double[] im, int at, int m, double wr, double wi) {
    for (int i = at; i < at + m; i++) {
      double dr = re[i] - re[i + m];
      double di = im[i] - im[i + m];
      re[i] += re[i + m];
      im[i] += im[i + m];
      re[i + m] = Math.fma(wi, di, wr * dr);
      im[i + m] = Math.fma(-wi, dr, wr * di);
    }
  }

  /** Two levels for each node from {@code node} on, whose 4m positions follow each other from {@code from} to {@code to}. */
  static void forward4(double[] re, double[] im, int from, int to, int m, double[] wr, double[] wi, int node) {
    for (int at = from; at < to; at += 4 * m, node++) {
      forward2(re, im, at, 2 * m, wr[node], wi[node]);
      forward2(re, im, at, m, wr[2 * node], wi[2 * node]);
      forward2(re, im, at + 2 * m, m, -wi[2 * node], wr[2 * node]);
    }
  }

  /** {@link #forward4} undone, but for a factor of 4. */
  static void inverse4(double[] re, double[] im, int from, int to, int m, double[] wr, double[] wi, int node) {
    for (int at = from; at < to; at += 4 * m, node++) {
      inverse2(re, im, at, m, wr[2 * node], wi[2 * node]);
      inverse2(re, im, at + 2 * m, m, -wi[2 * node], wr[2 * node]);
      inverse2(re, im, at, 2 * m, wr[node], wi[node]);
    }
  }

  /** Writes s·y and then y, the b positions from {@code at}, to {@code ur, ui} from {@code to} on. */
  static void wrap(double[] re, double[] im, int at, int b, double[] ur, double[] ui, int to, double sr, double si) {
    for (int i = 0; i < b; i++) {
      double x = re[at + i];
      double y = im[at + i];
      ur[to + i] = Math.fma(y, -si, x * sr);
      ui[to + i] = Math.fma(x, si, y * sr);
      ur[to + b + i] = x;
      ui[to + b + i] = y;
    }
  }

  /**
   * Replaces x, the b positions from {@code at}, by x(t)·y(t) modulo t^b − s, for the y of {@link #wrap}: entry k is
   * Σ_i x_i·u_(b+k−i).
   */
  static void multiply(double[] re, double[] im, int at, int b, double[] ur, double[] ui, int from,
      double[] zr, double[] zi) {
    for (int k = 0; k < b; k++) {
      double rr = 0;
      double ii = 0;
      double ri = 0;
      double ir = 0;
      for (int i = 0; i < b; i++) {
        double u = ur[from + b - i + k];
        double v = ui[from + b - i + k];
        rr = Math.fma(re[at + i], u, rr);
        ii = Math.fma(im[at + i], v, ii);
        ri = Math.fma(re[at + i], v, ri);
        ir = Math.fma(im[at + i], u, ir);
      }
      zr[k] = rr - ii;
      zi[k] = ri + ir;
    }
    System.arraycopy(zr, 0, re, at, b);
    System.arraycopy(zi, 0, im, at, b);
  }
}
