package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import plumbline.reference.number.BallSamples.Exact;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;

/** exp and softmax of whole matrices against those of single entries at higher precision. */
class BallExpTest {
  private static int higher(int bits) {
    return bits > 2000 ? bits + 400 : 4 * bits + 80;
  }

  /** One by one, without batches. */
  private static Balls exp(BallMatrix a) {
    Balls d = new Balls(a.balls().bits, a.balls().size);
    BallKernel kernel = new BallKernel(d.bits);
    for (int e = 0; e < d.size; e++) {
      kernel.exp(d, e, a.balls(), e);
    }
    return d;
  }

  private static Balls softmax(BallMatrix z) {
    Balls d = new Balls(z.balls().bits, z.balls().size);
    BallKernel kernel = new BallKernel(d.bits);
    for (int i = 0; i < z.rows(); i++) {
      kernel.softmax(d, z.balls(), i * z.columns(), z.columns());
    }
    return d;
  }

  private static BallMatrix wrap(BallMatrix like, Balls d) {
    return new BallMatrix(like.system(), like.rows(), like.columns(), d);
  }

  /** A ball with this midpoint, rounded, and a radius of {@code r·2^e}, 0 for none. */
  private static BallMatrix ball(Ball system, BigInteger m, long exponent, double r, long e) {
    Balls d = new Balls(system.bits(), 1);
    BallKernel kernel = new BallKernel(system.bits());
    kernel.radius().set(r, e);
    kernel.store(d, 0, m, exponent);
    if (r == 0) {
      d.setRadius(0, new Mag());
    }
    return new BallMatrix(system, 1, 1, d);
  }

  private static BallMatrix column(Ball system, List<BallMatrix> entries) {
    Balls d = new Balls(system.bits(), entries.size());
    for (int e = 0; e < d.size; e++) {
      d.copy(e, entries.get(e).balls(), 0);
    }
    return new BallMatrix(system, d.size, 1, d);
  }

  private static List<BallMatrix> hostile(BallSamples samples) {
    Ball system = samples.system;
    int bits = system.bits();
    List<BallMatrix> list = new ArrayList<>();
    BigInteger one = BigInteger.ONE;
    list.add(system.lift(0));
    list.add(ball(system, BigInteger.ZERO, 0, 1, -7));
    list.add(ball(system, BigInteger.ZERO, 0, 1, -6));
    list.add(ball(system, BigInteger.ZERO, 0, 1.5, -3L * bits));
    list.add(ball(system, BigInteger.ZERO, 0, 1, -(1L << 50)));
    list.add(ball(system, BigInteger.ZERO, 0, Double.POSITIVE_INFINITY, 0));
    for (int sign : new int[] {1, -1}) {
      BigInteger s = BigInteger.valueOf(sign);
      for (long e : new long[] {-5, -24, -25, -63, -64, -65, 1 - bits, -bits, -bits - 1, -2L * bits, -5L * bits,
          -(1L << 40)}) {
        list.add(ball(system, s, e, 0, 0));
        list.add(ball(system, s, e, 1.25, e - bits));
      }
      for (long e : new long[] {0, 1, 3, 10, 28, 29, 30, 31, 60}) {
        // Just below, at, and above a power of two.
        for (int offset = -1; offset <= 1; offset++) {
          list.add(ball(system, s.shiftLeft(bits).add(BigInteger.valueOf(offset)), e - bits, 0, 0));
        }
      }
      for (int k : new int[] {1, 2, 3, 5, 10, 10_000, 1 << 29}) {
        list.add(system.lift(sign * Math.min(k, 1000)));
        // Multiples of ln 2 within an ulp: t is next to 0 or to ln 2.
        BigInteger multiple = FixedPoint.ln2(2 * bits + 64).multiply(BigInteger.valueOf((long) sign * k));
        int drop = multiple.bitLength() - bits;
        for (int ulps = -1; ulps <= 1; ulps++) {
          list.add(ball(system, multiple.shiftRight(drop).add(BigInteger.valueOf(ulps)), drop - 2L * bits - 64, 0, 0));
        }
      }
    }
    for (int n = 0; n < (bits > 1000 ? 10 : 60); n++) {
      BallMatrix a = samples.ball(8, true);
      while (a.balls().exponent(0) > 40) {
        a = samples.ball(8, true);
      }
      list.add(a);
      list.add(ball(system, new BigInteger(bits, samples.random), 3L - bits, 1 + samples.random.nextDouble(),
          -7 - samples.random.nextInt(bits)));
    }
    return list;
  }

  private static Exact half(BallMatrix r, int e, int bits) {
    // Half an ulp of the midpoint: 2^(exponent − bits − 1).
    return Exact.of(1, r.balls().exponent(e) - bits - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 24, 53, 64, 65, 128, 167, 333, 1000, 3322, 6000, 6001})
  void exponentialsContain(int bits) {
    BallSamples samples = new BallSamples(bits, bits);
    Ball high = Ball.of(higher(bits));
    List<BallMatrix> list = hostile(samples);
    BallMatrix a = column(samples.system, list);
    BallMatrix r = a.exp();
    for (int e = 0; e < list.size(); e += bits > 2000 ? 3 : 1) {
      BallMatrix entry = list.get(e);
      assertTrue(BallSamples.isWhole(r, e) || r.signOfLower(e, 0) >= 0);
      if (BallSamples.isWhole(a, e)) {
        assertTrue(BallSamples.isWhole(r, e));
        continue;
      }
      Exact[] points = samples.points(entry, 0);
      for (Exact x : points) {
        BallMatrix truth = wrap(entry, exp(ball(high, x.m(), x.e(), 0, 0)));
        int at = e;
        if (!BallSamples.isWhole(r, e) && !BallSamples.isWhole(truth, 0)) {
          Dyadic low = r.balls().end(e, -1, 1 << 20);
          Dyadic top = r.balls().end(e, 1, 1 << 20);
          assertTrue(truth.balls().end(0, 1, 1 << 20).compareTo(low) >= 0
                  && truth.balls().end(0, -1, 1 << 20).compareTo(top) <= 0,
              () -> "exp " + entry + " is " + truth + ", not in " + r.balls().toString(at));
        }
      }
      if (BallSamples.isExact(a, e) && a.balls().exponent(e) <= 31) {
        Exact radius = BallSamples.exact(r.balls().radius(e));
        assertTrue(radius.times(Exact.of(16, 0)).compareTo(half(r, e, bits).times(Exact.of(17, 0))) <= 0,
            entry + " is wide");
      }
    }
    // Not wider than one by one, but for a little of an ulp.
    BallMatrix slow = wrap(a, exp(a));
    for (int e = 0; e < list.size(); e++) {
      assertNotWider(r, slow, e, bits);
    }
    assertTrue(BallSamples.isExact(r, 0), "e^0 = 1");
  }

  private static void assertNotWider(BallMatrix r, BallMatrix slow, int e, int bits) {
    assertEquals(BallSamples.isWhole(slow, e), BallSamples.isWhole(r, e));
    if (!BallSamples.isWhole(r, e)) {
      Dyadic allowed = slow.balls().radius(e).times(new Dyadic(BigInteger.valueOf(1025), -10))
          .plus(Dyadic.ONE.shift(Math.max(r.balls().exponent(e), slow.balls().exponent(e)) - bits - 1), 1 << 20, 1)
          .times(new Dyadic(BigInteger.valueOf(17), -4));
      assertTrue(r.balls().radius(e).compareTo(allowed) <= 0,
          () -> r.balls().toString(e) + " is wider than " + slow.balls().toString(e));
    }
  }

  /** Any number of entries, in any order, with others among them that go one by one. */
  @ParameterizedTest
  @ValueSource(ints = {53, 167, 333, 1000})
  void everyEntryIsOnItsOwn(int bits) {
    BallSamples samples = new BallSamples(bits + 1, bits);
    List<BallMatrix> list = hostile(samples);
    BallMatrix all = column(samples.system, list).exp();
    for (int n : new int[] {0, 1, 3, 4, 5, 15, 16, 17, 63, 64, 65, 129, 500, 1025}) {
      List<BallMatrix> some = new ArrayList<>();
      List<Integer> from = new ArrayList<>();
      for (int k = 0; k < n; k++) {
        from.add(samples.random.nextInt(list.size()));
        some.add(list.get(from.get(k)));
      }
      BallMatrix r = column(samples.system, some).exp();
      assertEquals(n, r.rows());
      for (int k = 0; k < n; k++) {
        if (n >= 15) {
          assertEquals(all.balls().midpoint(from.get(k)), r.balls().midpoint(k));
          assertEquals(all.balls().radius(from.get(k)), r.balls().radius(k));
        } else {
          BallSamples.assertMeets("exp", r.rowRange(k, k + 1), all.rowRange(from.get(k), from.get(k) + 1), 0);
        }
      }
    }
  }

  private static BallMatrix scores(BallSamples samples, int rows, int columns) {
    Ball system = samples.system;
    int bits = system.bits();
    Balls d = new Balls(bits, rows * columns);
    for (int i = 0; i < rows; i++) {
      int kind = i % 12;
      long reach = kind == 2 ? 20 : kind == 3 ? 28 : 4;
      BallMatrix same = ball(system, new BigInteger(bits, samples.random), 2L - bits, 0, 0);
      for (int j = 0; j < columns; j++) {
        BigInteger m = new BigInteger(bits, samples.random).subtract(BigInteger.ONE.shiftLeft(Math.max(0, bits - 1)));
        long e = samples.random.nextInt((int) reach + 4) - 4L - bits;
        BallMatrix x = switch (kind) {
          case 0 -> same;
          case 1 -> j % 3 == 0 ? same.plus(ball(system, BigInteger.ONE, 2L - bits, 0, 0)) : same;
          case 4 -> ball(system, m, e, 1 + samples.random.nextDouble(), -21 - samples.random.nextInt(2 * bits));
          case 5 -> ball(system, m, e, 1.999, -21);
          case 6 -> ball(system, m, e, j == 0 ? 1.5 : 0, -22);
          case 7 -> ball(system, m, e, 1, j == 1 ? -20 : -40);
          case 8 -> j == 2 ? ball(system, BigInteger.ONE, 30, 0, 0) : ball(system, m, e, 0, 0);
          case 9 -> ball(system, BigInteger.ONE.shiftLeft(5).add(BigInteger.valueOf(j)), bits + 60L, 0, 0);
          case 10 -> j == 1 ? ball(system, BigInteger.ZERO, 0, Double.POSITIVE_INFINITY, 0)
              : ball(system, m, e, 0, 0);
          case 11 -> j == 0 ? system.lift(0)
              : ball(system, BigInteger.ONE, j == 1 ? 9 : -4L * bits, 1, j == 1 ? -30 : -5L * bits);
          default -> ball(system, m, e, 0, 0);
        };
        d.copy(i * columns + j, x.balls(), 0);
      }
    }
    return new BallMatrix(system, rows, columns, d);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 24, 53, 64, 65, 128, 167, 333, 1000, 3322, 6000, 6001})
  void softmaxContains(int bits) {
    BallSamples samples = new BallSamples(bits + 2, bits);
    Ball high = Ball.of(higher(bits));
    for (int columns : bits > 2000 ? new int[] {3} : new int[] {1, 2, 3, 5, 17, 70}) {
      int rows = bits > 2000 ? 12 : columns > 20 ? 12 : 36;
      BallMatrix z = scores(samples, rows, columns);
      BallMatrix p = z.softmaxRows();
      BallMatrix slow = wrap(z, softmax(z));
      for (int e = 0; e < rows * columns; e++) {
        assertTrue(p.balls().signOfLower(e) >= 0);
        assertNotWider(p, slow, e, bits);
      }
      for (int i = 0; i < rows; i++) {
        int kind = i % 12;
        if (kind == 10) {
          continue;
        }
        // Entry j at one of its ends and the others at the opposite: there p_j is greatest and least.
        for (int j = 0; j < columns; j += columns > 20 ? 23 : 1) {
          for (int direction = -1; direction <= 1; direction += 2) {
            Balls point = new Balls(high.bits(), columns);
            for (int k = 0; k < columns; k++) {
              Dyadic end = z.balls().end(i * columns + k, k == j ? direction : -direction, higher(bits) - 20);
              point.copy(k, ball(high, end.mantissa(), end.exponent(), 0, 0).balls(), 0);
            }
            Balls truth = softmax(new BallMatrix(high, 1, columns, point));
            Dyadic low = p.balls().end(i * columns + j, -1, 1 << 20);
            Dyadic top = p.balls().end(i * columns + j, 1, 1 << 20);
            int row = i;
            int column = j;
            assertTrue(truth.end(j, 1, 1 << 20).compareTo(low) >= 0 && truth.end(j, -1, 1 << 20).compareTo(top) <= 0,
                () -> "row " + row + ", column " + column + ": " + truth.toString(column) + " is not in "
                    + p.balls().toString(row * columns + column));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 128, 333, 1000})
  void equalScoresAreSharedExactly(int bits) {
    Ball system = Ball.of(bits);
    BallMatrix third = system.lift(new BigFraction(1, 3));
    BallMatrix x = ball(system, third.balls().midpoint(0).mantissa(), third.balls().midpoint(0).exponent(), 0, 0);
    BallMatrix p = x.broadcast(5, 8).softmaxRows();
    for (int e = 0; e < 40; e++) {
      assertEquals(Interval.point(new BigFraction(1, 8)), BallSamples.interval(p, e));
    }
    // Scores that differ only far below what any precision keeps are not equal.
    BallMatrix zeros = system.lift(ExactMatrix.zeros(1, 7));
    BallMatrix tiny = ball(system, BigInteger.ONE, -100_000, 0, 0);
    BallMatrix q = zeros.beside(tiny).softmaxRows();
    for (int j = 0; j < 8; j++) {
      assertTrue(!BallSamples.isExact(q, j) && BallSamples.contains(q, j, Exact.of(1, -3)));
      BallSamples.assertMeets("softmax", q, wrap(q, softmax(zeros.beside(tiny))), j);
    }
  }

  /** Rows do not depend on each other, nor on how many there are. */
  @Test
  void everyRowIsOnItsOwn() {
    BallSamples samples = new BallSamples(3, 333);
    BallMatrix z = scores(samples, 48, 7);
    BallMatrix p = z.softmaxRows();
    for (int from = 0; from < 48; from += 5) {
      BallMatrix part = z.rowRange(from, Math.min(48, from + 5)).softmaxRows();
      for (int e = 0; e < part.balls().size; e++) {
        assertEquals(p.balls().midpoint(from * 7 + e), part.balls().midpoint(e));
        assertEquals(p.balls().radius(from * 7 + e), part.balls().radius(e));
      }
    }
    assertEquals(0, z.rowRange(0, 0).softmaxRows().rows());
    assertEquals(3, samples.system.lift(ExactMatrix.zeros(3, 0)).softmaxRows().rows());
  }
}
