package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import plumbline.reference.number.BallSamples.Exact;

/** Products by integers and by dot products, against exact sums and against each other. */
class BallProductTest {
  private static final int[] BITS = {2, 24, 53, 64, 65, 128, 333, 1000, 3000};
  private static final int[][] SHAPES = {
    {1, 1, 1}, {1, 2, 3}, {2, 3, 1}, {3, 1, 2}, {31, 3, 2}, {2, 33, 31}, {1, 65, 1}, {2, 130, 3}, {7, 8, 9}, {3, 2, 65},
  };

  /** What entries are like; each of the two factors' is drawn anew. */
  private enum Kind {
    /** Full mantissas, exponents near 0. */
    ORDINARY,
    /** All of {@link BallSamples#mantissa}, and exponents that spread over twice the precision. */
    SPREAD,
    /** Exponents of 10^±5000 side by side. */
    HOSTILE,
    /** A single entry of a row is greater by 2^5000. */
    HUGE,
    /** Rows and columns of zeros, and single ones. */
    ZEROS,
    /** Integers below 8. */
    INTEGERS,
    /** Exponents beyond the range of 32 bits. */
    FAR,
  }

  private enum Radii { NONE, SMALL, SOME, LARGE, INFINITE }

  private final Random random = new Random(20250206);

  private Balls matrix(int bits, int rows, int columns, Kind kind, Radii radii) {
    Balls d = new Balls(bits, rows * columns);
    BallKernel kernel = new BallKernel(bits);
    BallSamples samples = new BallSamples(random.nextLong(), bits);
    boolean byRow = random.nextBoolean();
    for (int e = 0; e < d.size; e++) {
      int line = byRow ? e / columns : e % columns;
      BigInteger m = new BigInteger(bits, random).setBit(bits - 1);
      m = random.nextBoolean() ? m : m.negate();
      long top = random.nextInt(4) - 2;
      switch (kind) {
        case ORDINARY -> { }
        case SPREAD -> {
          m = samples.mantissa();
          top = random.nextInt(4 * bits + 40);
        }
        case HOSTILE -> top = random.nextInt(3) == 0 ? random.nextInt(33220) - 16610 : random.nextBoolean() ? 16610 : -16610;
        case HUGE -> top += (byRow ? e % columns : e / columns) == line % 3 ? 5000 : 0;
        case ZEROS -> m = line % 2 == 0 || random.nextInt(4) == 0 ? BigInteger.ZERO : m;
        case INTEGERS -> {
          m = BigInteger.valueOf(random.nextInt(15) - 7);
          top = m.bitLength();
        }
        case FAR -> top = (line % 2 == 0 ? 1L << 40 : -1L << 41) + random.nextInt(20);
      }
      Mag radius = kernel.radius().setZero();
      switch (radii) {
        case NONE -> { }
        case SMALL -> radius.set(1 + random.nextDouble(), top - bits - 1);
        case SOME -> {
          if (random.nextInt(3) == 0) {
            radius.set(1 + random.nextDouble(), top - random.nextInt(2 * bits + 20));
          }
        }
        case LARGE -> radius.set(1, top + random.nextInt(2000) - 1000);
        case INFINITE -> {
          if (random.nextInt(d.size) < 2) {
            radius.setInfinite();
          }
        }
      }
      if (kind == Kind.INTEGERS && radii == Radii.NONE && bits < 3) {
        m = BigInteger.valueOf(m.signum());
      }
      kernel.store(d, e, m, top - m.bitLength());
    }
    return d;
  }

  private static BallMatrix of(Balls a, int rows, int columns) {
    return new BallMatrix(Ball.of(a.bits), rows, columns, a);
  }

  /** Both products contain exact ones of points of the factors, and the fast one is as narrow as the slow one. */
  private void check(Balls a, Balls b, int n, int k, int m) {
    Balls fast = BallProduct.multiply(a, b, n, k, m, true);
    Balls slow = BallProduct.multiply(a, b, n, k, m, false);
    BallSamples samples = new BallSamples(random.nextLong(), a.bits);
    for (int trial = 0; trial < 2; trial++) {
      Exact[] x = pick(samples, of(a, n, k), trial == 0);
      Exact[] y = pick(samples, of(b, k, m), trial == 0);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < m; j++) {
          Exact sum = Exact.of(0, 0);
          for (int l = 0; l < k; l++) {
            sum = sum.plus(x[i * k + l].times(y[l * m + j]));
          }
          BallSamples.assertContains("by integers", of(fast, n, m), i * m + j, sum);
          BallSamples.assertContains("by dot products", of(slow, n, m), i * m + j, sum);
        }
      }
    }
    for (int e = 0; e < n * m; e++) {
      assertAsNarrow(fast, slow, e);
    }
  }

  /** Infinite and exact where the other is, and a radius at most twice as large, but for 2^−7 ulp. */
  private static void assertAsNarrow(Balls fast, Balls slow, int e) {
    assertEquals(slow.isWhole(e), fast.isWhole(e));
    if (slow.isExact(e)) {
      assertTrue(fast.isExact(e), () -> fast.toString(e) + " instead of " + slow.toString(e));
      assertEquals(slow.midpoint(e), fast.midpoint(e));
    } else if (!slow.isWhole(e)) {
      Mag most = new Mag();
      slow.radius(e, most).shift(1).addPower(fast.exponent(e) - fast.bits - 7);
      assertTrue(fast.radius(e, new Mag()).compareTo(most) <= 0, () -> fast.toString(e) + " instead of " + slow.toString(e));
    }
  }

  private static Exact[] pick(BallSamples samples, BallMatrix x, boolean ends) {
    Exact[] points = new Exact[x.rows() * x.columns()];
    for (int e = 0; e < points.length; e++) {
      Exact[] all = samples.points(x, e);
      points[e] = all[samples.random.nextInt(ends ? Math.min(2, all.length) : all.length)];
    }
    return points;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void productsContainAndAreNarrow(Kind kind) {
    for (int bits : BITS) {
      for (int[] s : SHAPES) {
        if (kind == Kind.FAR && s[1] > 1) {
          continue; // exact sums of such numbers do not fit into memory
        }
        for (Radii radii : Radii.values()) {
          Kind other = kind == Kind.FAR || random.nextBoolean() ? kind : Kind.values()[random.nextInt(Kind.FAR.ordinal())];
          Balls a = matrix(bits, s[0], s[1], kind, radii);
          Balls b = matrix(bits, s[1], s[2], other, Radii.values()[random.nextInt(Radii.values().length)]);
          check(a, b, s[0], s[1], s[2]);
          check(transpose(b, s[1], s[2]), transpose(a, s[0], s[1]), s[2], s[1], s[0]);
        }
      }
    }
  }

  private static Balls transpose(Balls a, int rows, int columns) {
    return of(a, rows, columns).transpose().balls();
  }

  /** [X, −X, E]·[Y; Y; F]: what is left may be far below what was added. */
  @ParameterizedTest
  @ValueSource(ints = {2, 24, 64, 65, 128, 333, 1000})
  void sumsThatCancelAreAsExactAsBefore(int bits) {
    for (int trial = 0; trial < 20; trial++) {
      Kind kind = trial % 2 == 0 ? Kind.ORDINARY : Kind.SPREAD;
      Balls x = matrix(bits, 3, 5, kind, Radii.NONE);
      Balls y = matrix(bits, 5, 4, kind, Radii.NONE);
      BallMatrix scale = BallContainmentTest.power(Ball.of(bits), -random.nextInt(8 * bits + 200));
      BallMatrix e = of(matrix(bits, 3, 1, Kind.ORDINARY, Radii.NONE), 3, 1).times(scale);
      Balls a = of(x, 3, 5).beside(of(x, 3, 5).negate()).beside(trial % 3 == 0 ? e.minus(e) : e).balls();
      Balls b = of(y, 5, 4).above(of(y, 5, 4)).above(of(matrix(bits, 1, 4, Kind.ORDINARY, Radii.NONE), 1, 4)).balls();
      check(a, b, 3, 11, 4);
    }
  }

  /** An entry that is too small for its row is lost only where it is not asked for. */
  @ParameterizedTest
  @ValueSource(ints = {2, 53, 333})
  void smallEntriesAreFoundAgain(int bits) {
    BallMatrix one = Ball.of(bits).lift(1);
    BallMatrix small = BallContainmentTest.power(Ball.of(bits), -100_000);
    BallMatrix zero = one.minus(one);
    BallMatrix row = one.beside(small);
    BallMatrix columns = one.beside(zero).beside(one).above(zero.beside(one).beside(one));
    Balls product = BallProduct.multiply(row.balls(), columns.balls(), 1, 2, 3, true);
    assertEquals(one.balls().midpoint(0), product.midpoint(0));
    assertEquals(small.balls().midpoint(0), product.midpoint(1));
    assertTrue(product.isExact(0) && product.isExact(1) && !product.isExact(2));
    check(row.balls(), columns.balls(), 1, 2, 3);
  }

  /** Nothing of the size of the result depends on a product that is empty. */
  @ParameterizedTest
  @ValueSource(ints = {2, 64, 333})
  void emptyProductsAreZeros(int bits) {
    for (int[] s : new int[][] {{0, 3, 2}, {2, 3, 0}, {0, 0, 0}, {3, 0, 2}}) {
      Balls a = matrix(bits, s[0], s[1], Kind.ORDINARY, Radii.SMALL);
      Balls b = matrix(bits, s[1], s[2], Kind.ORDINARY, Radii.SMALL);
      BallMatrix product = of(a, s[0], s[1]).times(of(b, s[1], s[2]));
      assertEquals(s[0], product.rows());
      assertEquals(s[2], product.columns());
      for (int e = 0; e < s[0] * s[2]; e++) {
        assertTrue(product.balls().isExact(e) && product.balls().signs[e] == 0);
      }
    }
  }

  /** Ordinary entries lose nothing: the result is the exact sum, rounded once. */
  @ParameterizedTest
  @ValueSource(ints = {24, 64, 333, 1000})
  void ordinaryProductsAreThoseOfDots(int bits) {
    Balls a = matrix(bits, 33, 65, Kind.ORDINARY, Radii.SMALL);
    Balls b = matrix(bits, 65, 31, Kind.ORDINARY, Radii.NONE);
    Balls fast = BallProduct.multiply(a, b, 33, 65, 31, true);
    Balls slow = BallProduct.multiply(a, b, 33, 65, 31, false);
    assertArrayEquals(slow.mantissas, fast.mantissas);
    assertArrayEquals(slow.signs, fast.signs);
    for (int e = 0; e < fast.size; e++) {
      assertEquals(slow.exponent(e), fast.exponent(e));
      assertEquals(slow.radius(e), fast.radius(e));
    }
  }

  /** Radii are those of the definition, rounded up. */
  @Test
  void radiiAreTightAboveTheDefinition() {
    for (Kind kind : new Kind[] {Kind.ORDINARY, Kind.HOSTILE, Kind.HUGE, Kind.FAR}) {
      for (Radii radii : new Radii[] {Radii.SMALL, Radii.SOME, Radii.LARGE}) {
        Balls a = matrix(64, 5, 7, kind, radii);
        Balls b = matrix(64, 7, 3, kind, radii == Radii.SOME ? Radii.NONE : radii);
        RadiusProduct product = new RadiusProduct(a, b, 5, 7, 3);
        BallKernel kernel = new BallKernel(64);
        for (int i = 0; i < 5; i++) {
          for (int j = 0; j < 3; j++) {
            Mag most = new Mag();
            Exact least = Exact.of(0, 0);
            for (int l = 0; l < 7; l++) {
              kernel.addProductRadius(a, i * 7 + l, b, l * 3 + j, most);
              if (kind != Kind.FAR) {
                Exact x = BallSamples.exact(a.midpoint(i * 7 + l)).abs();
                Exact y = BallSamples.exact(b.midpoint(l * 3 + j)).abs();
                Exact r = BallSamples.exact(a.radius(i * 7 + l));
                Exact s = BallSamples.exact(b.radius(l * 3 + j));
                least = least.plus(x.times(s)).plus(r.times(y.plus(s)));
              }
            }
            most.multiply(1 + 0x1p-40, 0);
            product.get(i, j, kernel);
            Mag radius = kernel.radius();
            assertTrue(radius.compareTo(most) <= 0, kind + ", " + radii);
            assertTrue(Exact.of((long) (radius.m * 0x1p52), radius.e - 52).compareTo(least) >= 0, kind + ", " + radii);
          }
        }
      }
    }
  }

  /** Where exact sums would be too long: neither way fails, both overflow alike, and what they enclose meets. */
  @Test
  void bothWaysAgreeAtTheEndsOfTheExponentRange() {
    for (int trial = 0; trial < 4_000; trial++) {
      int bits = BITS[random.nextInt(7)];
      int n = 1 + random.nextInt(3);
      int k = 1 + random.nextInt(4);
      int m = 1 + random.nextInt(3);
      Balls a = extreme(bits, n * k);
      Balls b = extreme(bits, k * m);
      Balls fast = BallProduct.multiply(a, b, n, k, m, true);
      Balls slow = BallProduct.multiply(a, b, n, k, m, false);
      for (int e = 0; e < n * m; e++) {
        assertEquals(slow.isWhole(e), fast.isWhole(e));
        if (!slow.isWhole(e)) {
          Dyadic apart = fast.midpoint(e).plus(slow.midpoint(e).negate(), 400, -1);
          Dyadic radii = fast.radius(e).plus(slow.radius(e), 400, 1);
          String what = fast.toString(e) + " and " + slow.toString(e);
          assertTrue(apart.plus(radii.negate(), 400, -1).signum() <= 0, what);
          assertTrue(apart.plus(radii, 400, 1).signum() >= 0, what);
        }
      }
    }
  }

  private Balls extreme(int bits, int size) {
    Balls d = new Balls(bits, size);
    BallKernel kernel = new BallKernel(bits);
    int kind = random.nextInt(4);
    for (int e = 0; e < size; e++) {
      long end = Mag.MAX_EXPONENT - 2 - random.nextInt(4);
      long top = kind == 0 ? end : kind == 1 ? -end : kind == 2 ? random.nextLong() % end : random.nextInt(100);
      kernel.radius().setZero();
      if (random.nextInt(6) == 0) {
        kernel.radius().set(1, random.nextLong() % end);
      }
      BigInteger mantissa = random.nextInt(9) == 0 ? BigInteger.ZERO : new BigInteger(bits, random).setBit(bits - 1);
      kernel.store(d, e, random.nextBoolean() ? mantissa : mantissa.negate(), top - bits);
    }
    return d;
  }
}
