package plumbline.reference.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ButterfliesPlain} by the Vector API: the same operations on the same numbers, several positions at a time. Lengths
 * are multiples of 8, which no vector of this class exceeds.
 */
final class ButterfliesVector {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED.length() > 8
      ? DoubleVector.SPECIES_512 : DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private ButterfliesVector() {}

  static void forward2(double[] re, double[] im, int at, int m, double wr, double wi) {
    DoubleVector c = DoubleVector.broadcast(SPECIES, wr);
    DoubleVector s = DoubleVector.broadcast(SPECIES, wi);
    DoubleVector cn = DoubleVector.broadcast(SPECIES, -wr);
    DoubleVector sn = DoubleVector.broadcast(SPECIES, -wi);
    for (int i = at; i < at + m; i += LANES) {
      DoubleVector ar = DoubleVector.fromArray(SPECIES, re, i);
      DoubleVector ai = DoubleVector.fromArray(SPECIES, im, i);
      DoubleVector br = DoubleVector.fromArray(SPECIES, re, i + m);
      DoubleVector bi = DoubleVector.fromArray(SPECIES, im, i + m);
      sn.fma(bi, c.fma(br, ar)).intoArray(re, i);
      s.fma(br, c.fma(bi, ai)).intoArray(im, i);
      s.fma(bi, cn.fma(br, ar)).intoArray(re, i + m);
      sn.fma(br, cn.fma(bi, ai)).intoArray(im, i + m);
    }
  }

  static void inverse2(double[] re, double[] im, int at, int m, double wr, double wi) {
    DoubleVector c = DoubleVector.broadcast(SPECIES, wr);
    DoubleVector s = DoubleVector.broadcast(SPECIES, wi);
    DoubleVector sn = DoubleVector.broadcast(SPECIES, -wi);
    for (int i = at; i < at + m; i += LANES) {
      DoubleVector ar = DoubleVector.fromArray(SPECIES, re, i);
      DoubleVector ai = DoubleVector.fromArray(SPECIES, im, i);
      DoubleVector br = DoubleVector.fromArray(SPECIES, re, i + m);
      DoubleVector bi = DoubleVector.fromArray(SPECIES, im, i + m);
      ar.add(br).intoArray(re, i);
      ai.add(bi).intoArray(im, i);
      DoubleVector dr = ar.sub(br);
      DoubleVector di = ai.sub(bi);
      s.fma(di, c.mul(dr)).intoArray(re, i + m);
      sn.fma(dr, c.mul(di)).intoArray(im, i + m);
    }
  }

  static void forward4(double[] re, double[] im, int from, int to, int m, double[] wr, double[] wi, int node) {
    for (int at = from; at < to; at += 4 * m, node++) {
      DoubleVector c = DoubleVector.broadcast(SPECIES, wr[node]);
      DoubleVector s = DoubleVector.broadcast(SPECIES, wi[node]);
      DoubleVector cn = DoubleVector.broadcast(SPECIES, -wr[node]);
      DoubleVector sn = DoubleVector.broadcast(SPECIES, -wi[node]);
      DoubleVector d = DoubleVector.broadcast(SPECIES, wr[2 * node]);
      DoubleVector t = DoubleVector.broadcast(SPECIES, wi[2 * node]);
      DoubleVector dn = DoubleVector.broadcast(SPECIES, -wr[2 * node]);
      DoubleVector tn = DoubleVector.broadcast(SPECIES, -wi[2 * node]);
      for (int i = at; i < at + m; i += LANES) {
        DoubleVector xr = DoubleVector.fromArray(SPECIES, re, i);
        DoubleVector xi = DoubleVector.fromArray(SPECIES, im, i);
        DoubleVector yr = DoubleVector.fromArray(SPECIES, re, i + 2 * m);
        DoubleVector yi = DoubleVector.fromArray(SPECIES, im, i + 2 * m);
        DoubleVector ar = sn.fma(yi, c.fma(yr, xr));
        DoubleVector ai = s.fma(yr, c.fma(yi, xi));
        DoubleVector br = s.fma(yi, cn.fma(yr, xr));
        DoubleVector bi = sn.fma(yr, cn.fma(yi, xi));
        xr = DoubleVector.fromArray(SPECIES, re, i + m);
        xi = DoubleVector.fromArray(SPECIES, im, i + m);
        yr = DoubleVector.fromArray(SPECIES, re, i + 3 * m);
        yi = DoubleVector.fromArray(SPECIES, im, i + 3 * m);
        DoubleVector er = sn.fma(yi, c.fma(yr, xr));
        DoubleVector ei = s.fma(yr, c.fma(yi, xi));
        DoubleVector fr = s.fma(yi, cn.fma(yr, xr));
        DoubleVector fi = sn.fma(yr, cn.fma(yi, xi));
        tn.fma(ei, d.fma(er, ar)).intoArray(re, i);
        t.fma(er, d.fma(ei, ai)).intoArray(im, i);
        t.fma(ei, dn.fma(er, ar)).intoArray(re, i + m);
        tn.fma(er, dn.fma(ei, ai)).intoArray(im, i + m);
        // The twiddle factor of the odd child is i times that of the even one.
        dn.fma(fi, tn.fma(fr, br)).intoArray(re, i + 2 * m);
        d.fma(fr, tn.fma(fi, bi)).intoArray(im, i + 2 * m);
        d.fma(fi, t.fma(fr, br)).intoArray(re, i + 3 * m);
        dn.fma(fr, t.fma(fi, bi)).intoArray(im, i + 3 * m);
      }
    }
  }

  static void inverse4(double[] re, double[] im, int from, int to, int m, double[] wr, double[] wi, int node) {
    for (int at = from; at < to; at += 4 * m, node++) {
      DoubleVector c = DoubleVector.broadcast(SPECIES, wr[node]);
      DoubleVector s = DoubleVector.broadcast(SPECIES, wi[node]);
      DoubleVector sn = DoubleVector.broadcast(SPECIES, -wi[node]);
      DoubleVector d = DoubleVector.broadcast(SPECIES, wr[2 * node]);
      DoubleVector t = DoubleVector.broadcast(SPECIES, wi[2 * node]);
      DoubleVector dn = DoubleVector.broadcast(SPECIES, -wr[2 * node]);
      DoubleVector tn = DoubleVector.broadcast(SPECIES, -wi[2 * node]);
      for (int i = at; i < at + m; i += LANES) {
        DoubleVector xr = DoubleVector.fromArray(SPECIES, re, i);
        DoubleVector xi = DoubleVector.fromArray(SPECIES, im, i);
        DoubleVector yr = DoubleVector.fromArray(SPECIES, re, i + m);
        DoubleVector yi = DoubleVector.fromArray(SPECIES, im, i + m);
        DoubleVector ar = xr.add(yr);
        DoubleVector ai = xi.add(yi);
        xr = xr.sub(yr);
        xi = xi.sub(yi);
        DoubleVector er = t.fma(xi, d.mul(xr));
        DoubleVector ei = tn.fma(xr, d.mul(xi));
        xr = DoubleVector.fromArray(SPECIES, re, i + 2 * m);
        xi = DoubleVector.fromArray(SPECIES, im, i + 2 * m);
        yr = DoubleVector.fromArray(SPECIES, re, i + 3 * m);
        yi = DoubleVector.fromArray(SPECIES, im, i + 3 * m);
        DoubleVector br = xr.add(yr);
        DoubleVector bi = xi.add(yi);
        xr = xr.sub(yr);
        xi = xi.sub(yi);
        // The twiddle factor of the odd child is i times that of the even one.
        DoubleVector fr = d.fma(xi, tn.mul(xr));
        DoubleVector fi = dn.fma(xr, tn.mul(xi));
        ar.add(br).intoArray(re, i);
        ai.add(bi).intoArray(im, i);
        ar = ar.sub(br);
        ai = ai.sub(bi);
        s.fma(ai, c.mul(ar)).intoArray(re, i + 2 * m);
        sn.fma(ar, c.mul(ai)).intoArray(im, i + 2 * m);
        er.add(fr).intoArray(re, i + m);
        ei.add(fi).intoArray(im, i + m);
        er = er.sub(fr);
        ei = ei.sub(fi);
        s.fma(ei, c.mul(er)).intoArray(re, i + 3 * m);
        sn.fma(er, c.mul(ei)).intoArray(im, i + 3 * m);
      }
    }
  }

  static void wrap(double[] re, double[] im, int at, int b, double[] ur, double[] ui, int to, double sr, double si) {
    for (int i = 0; i < b; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, re, at + i);
      DoubleVector y = DoubleVector.fromArray(SPECIES, im, at + i);
      y.fma(DoubleVector.broadcast(SPECIES, -si), x.mul(sr)).intoArray(ur, to + i);
      x.fma(DoubleVector.broadcast(SPECIES, si), y.mul(sr)).intoArray(ui, to + i);
      x.intoArray(ur, to + b + i);
      y.intoArray(ui, to + b + i);
    }
  }

  static void multiply(double[] re, double[] im, int at, int b, double[] ur, double[] ui, int from,
      double[] zr, double[] zi) {
    for (int k = 0; k < b; k += LANES) {
      DoubleVector rr = DoubleVector.zero(SPECIES);
      DoubleVector ii = rr;
      DoubleVector ri = rr;
      DoubleVector ir = rr;
      for (int i = 0; i < b; i++) {
        DoubleVector x = DoubleVector.broadcast(SPECIES, re[at + i]);
        DoubleVector y = DoubleVector.broadcast(SPECIES, im[at + i]);
        DoubleVector u = DoubleVector.fromArray(SPECIES, ur, from + b - i + k);
        DoubleVector v = DoubleVector.fromArray(SPECIES, ui, from + b - i + k);
        rr = x.fma(u, rr);
        ii = y.fma(v, ii);
        ri = x.fma(v, ri);
        ir = y.fma(u, ir);
      }
      rr.sub(ii).intoArray(zr, k);
      ri.add(ir).intoArray(zi, k);
    }
    System.arraycopy(zr, 0, re, at, b);
    System.arraycopy(zi, 0, im, at, b);
  }
}
