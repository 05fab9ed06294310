package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;

/** Softmax of {@link Ball53Matrix} at the corners where a probability is extreme, by softmax of 200-bit balls. */
class Ball53SoftmaxTest {
  private static final double[] WIDEST = {0, 1e-17, 1e-9, 1e-3, 0.0078, 0x1p-7, 0.1, 3};
  private static final double[] SPREADS = {0, 1e-8, 1, 30, 300, 640, 700};

  @Test
  void endsAreTightAtEverySpreadAndRadius() {
    Random random = new Random(91);
    for (int m : new int[] {2, 3, 8, 17, 65}) {
      for (double spread : SPREADS) {
        for (double widest : WIDEST) {
          check(random, m, spread, widest, m > 8 ? 3 : m);
        }
      }
    }
  }

  @Test
  void sumsOfManyTermsAreCovered() {
    Random random = new Random(92);
    check(random, 5000, 2, 1e-9, 3);
    check(random, 5000, 0, 0.0078, 3);
    // Nearly equal scores: every partial sum rounds.
    check(random, 3000, 1e-12, 0, 3);
  }

  @Test
  void equalScoresGiveEqualShares() {
    double[] scores = {-0.1, -0.1, -0.1, -0.1};
    Ball53Matrix p = Ball53Matrix.exact(1, 4, scores).softmaxRows();
    for (int j = 0; j < 4; j++) {
      assertEquals(Interval.point(new BigFraction(1, 4)), p.enclosure(0, j));
    }
  }

  private static void check(Random random, int m, double spread, double widest, int corners) {
    double[] mid = new double[m];
    double[] rad = new double[m];
    // Far from 0 the ends of wide scores round; differences of midpoints do not.
    double shift = spread <= 640 && widest < 0x1p-7 && random.nextInt(3) == 0 ? 1e6 * random.nextGaussian() : 0;
    for (int j = 0; j < m; j++) {
      mid[j] = shift + spread * -random.nextDouble();
      rad[j] = random.nextInt(4) == 0 ? widest : widest * random.nextDouble();
    }
    Ball53Matrix scores = Ball53Matrix.normal(1, m, mid.clone(), rad.clone());
    Ball53Matrix result = scores.softmaxRows();
    for (int c = 0; c < corners; c++) {
      int own = m == corners ? c : random.nextInt(m);
      Interval low = corner(mid, rad, own, -1);
      Interval high = corner(mid, rad, own, 1);
      Interval enclosure = result.enclosure(0, own);
      String what = "m = " + m + ", spread = " + spread + ", widest = " + widest + ", entry " + own + ": "
          + Decimals.interval(enclosure, 25) + " around " + Decimals.interval(low, 25) + ", " + Decimals.interval(high, 25);
      BigFraction lower = enclosure.lower();
      BigFraction upper = enclosure.upper();
      assertTrue(lower.compareTo(low.upper()) <= 0 && upper.compareTo(high.lower()) >= 0, what);
      assertTrue(lower.compareTo(BigFraction.ZERO) >= 0 && upper.compareTo(BigFraction.ONE) <= 0, what);
      // A few roundings per term and unit of distance, of what is enclosed here and of what binary64 makes of it, and a twentieth.
      double top = Decimals.approximate(high.upper());
      double allowed = 1.05 * Decimals.approximate(high.upper().subtract(low.lower()))
          + (8 * m + 4 * spread + 250) * 0x1p-53 * top + 0x1p-1060;
      assertTrue(Decimals.approximate(upper.subtract(lower)) <= allowed, what);
    }
  }

  /** Probability {@code own} with that score at its lower (−1) or upper (1) end, and the others at their other ends. */
  private static Interval corner(double[] mid, double[] rad, int own, int direction) {
    BigFraction[] points = new BigFraction[mid.length];
    for (int j = 0; j < points.length; j++) {
      BigFraction radius = Hostile.exact(rad[j]);
      points[j] = Hostile.exact(mid[j]).add(j == own ? radius.multiply(direction) : radius.multiply(-direction));
    }
    return Ball.of(200).lift(ExactMatrix.of(1, points.length, points)).softmaxRows().enclosure(0, own);
  }
}
