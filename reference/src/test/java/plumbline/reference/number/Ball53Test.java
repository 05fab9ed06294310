package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

class Ball53Test {
  private static final int CASES = 10_000;
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double MAX = Double.MAX_VALUE;
  private static final double MIN = Double.MIN_VALUE;

  private static Ball53Matrix ball(double mid, double rad) {
    return Ball53Matrix.normal(1, 1, new double[] {mid}, new double[] {rad});
  }

  private static Ball53Matrix exact(int rows, int columns, double... values) {
    return Ball53.INSTANCE.lift(ExactMatrix.of(rows, columns, values));
  }

  private static double rad(Ball53Matrix ball) {
    return ball.radii()[0];
  }

  private static Interval interval(double low, double high) {
    return new Interval(Hostile.exact(low), Hostile.exact(high));
  }

  private static void assertExactly(double value, Ball53Matrix ball) {
    assertEquals(Interval.point(Hostile.exact(value)), ball.enclosure(0, 0));
  }

  private static void assertWhole(Ball53Matrix ball) {
    assertEquals(Interval.WHOLE, ball.enclosure(0, 0));
    assertEquals(0, ball.midpoints()[0]);
  }

  private static void assertContains(Ball53Matrix result, int e, BigFraction truth, Object... inputs) {
    Interval enclosure = result.enclosure(e / result.columns(), e % result.columns());
    assertTrue(enclosure.contains(truth),
        () -> "entry " + e + " of " + result + " misses " + truth.bigDecimalValue(40, BigDecimal.ROUND_HALF_EVEN)
            + " from " + Arrays.toString(inputs));
  }

  // Containment against exact rational arithmetic.

  private static void checkUnary(UnaryOperator<Ball53Matrix> ball, UnaryOperator<BigFraction> exact, int seed) {
    Random random = new Random(seed);
    for (int done = 0; done < CASES;) {
      Ball53Matrix x = Hostile.ball(random, random.nextInt(4), random.nextInt(5));
      Ball53Matrix result = ball.apply(x);
      for (int trial = 0; trial < 3; trial++) {
        BigFraction[] points = Hostile.points(random, x);
        for (int e = 0; e < points.length; e++, done++) {
          assertContains(result, e, exact.apply(points[e]), x);
        }
      }
    }
  }

  private static void checkBinary(BinaryOperator<Ball53Matrix> ball, BinaryOperator<BigFraction> exact, int seed) {
    Random random = new Random(seed);
    for (int done = 0; done < CASES;) {
      int rows = random.nextInt(4);
      int columns = random.nextInt(5);
      Ball53Matrix x = Hostile.ball(random, rows, columns);
      Ball53Matrix y = random.nextInt(4) == 0 ? x.negate().plus(exact(rows, columns, new double[rows * columns]))
          : Hostile.ball(random, rows, columns);
      Ball53Matrix result = ball.apply(x, y);
      for (int trial = 0; trial < 3; trial++) {
        BigFraction[] first = Hostile.points(random, x);
        BigFraction[] second = Hostile.points(random, y);
        for (int e = 0; e < first.length; e++, done++) {
          BigFraction truth = exact.apply(first[e], second[e]);
          if (truth != null) {
            assertContains(result, e, truth, x, y);
          }
        }
      }
    }
  }

  @Test
  void containsSums() {
    checkBinary(Ball53Matrix::plus, BigFraction::add, 31);
  }

  @Test
  void containsDifferences() {
    checkBinary(Ball53Matrix::minus, BigFraction::subtract, 32);
  }

  @Test
  void containsEntrywiseProducts() {
    checkBinary(Ball53Matrix::hadamard, BigFraction::multiply, 33);
  }

  @Test
  void containsQuotients() {
    checkBinary(Ball53Matrix::dividedBy, (x, y) -> y.equals(BigFraction.ZERO) ? null : x.divide(y), 34);
  }

  @Test
  void containsMaxima() {
    checkBinary(Ball53Matrix::max, (x, y) -> x.compareTo(y) > 0 ? x : y, 35);
  }

  @Test
  void containsUnaryResults() {
    checkUnary(Ball53Matrix::negate, BigFraction::negate, 36);
    checkUnary(Ball53Matrix::square, x -> x.multiply(x), 37);
    checkUnary(Ball53Matrix::abs, BigFraction::abs, 38);
    checkUnary(Ball53Matrix::relu, x -> x.compareTo(BigFraction.ZERO) > 0 ? x : BigFraction.ZERO, 39);
  }

  @Test
  void containsRoots() {
    Random random = new Random(40);
    for (int done = 0; done < CASES;) {
      Ball53Matrix x = Hostile.ball(random, random.nextInt(4), random.nextInt(5));
      Ball53Matrix result = x.sqrt();
      for (int trial = 0; trial < 3; trial++) {
        BigFraction[] points = Hostile.points(random, x);
        for (int e = 0; e < points.length; e++, done++) {
          BigFraction point = points[e];
          if (point.compareTo(BigFraction.ZERO) >= 0) {
            Interval root = result.enclosure(e / x.columns(), e % x.columns());
            BigFraction low = root.lower();
            BigFraction high = root.upper();
            assertTrue(low == null || low.compareTo(BigFraction.ZERO) <= 0 || low.multiply(low).compareTo(point) <= 0, x::toString);
            assertTrue(high == null || (high.compareTo(BigFraction.ZERO) >= 0 && high.multiply(high).compareTo(point) >= 0),
                x::toString);
          }
        }
      }
    }
  }

  @Test
  void containsExponentials() {
    Random random = new Random(41);
    BigFraction beyond = new BigFraction(711);
    for (int done = 0; done < CASES;) {
      Ball53Matrix x = random.nextBoolean() ? Hostile.ball(random, 3, 4) : moderate(random, 3, 4, 800);
      Ball53Matrix result = x.exp();
      for (int trial = 0; trial < 3; trial++) {
        BigFraction[] points = Hostile.points(random, x);
        for (int e = 0; e < points.length; e++, done++) {
          Interval enclosure = result.enclosure(e / 4, e % 4);
          if (points[e].compareTo(beyond) > 0) {
            assertEquals(null, enclosure.upper());
          } else {
            assertTrue(enclosure.intersects(Hostile.exp(points[e])), x::toString);
            assertTrue(enclosure.lower() == null || enclosure.lower().compareTo(BigFraction.ZERO) >= 0, x::toString);
          }
        }
      }
    }
  }

  /** low ≤ ln x ≤ high is e^low ≤ x ≤ e^high. */
  @Test
  void containsLogarithms() {
    Random random = new Random(42);
    for (int done = 0; done < CASES;) {
      Ball53Matrix x = Hostile.ball(random, 3, 4).abs();
      Ball53Matrix result = x.log();
      for (int trial = 0; trial < 3; trial++) {
        BigFraction[] points = Hostile.points(random, x);
        for (int e = 0; e < points.length; e++, done++) {
          if (points[e].compareTo(BigFraction.ZERO) > 0) {
            Interval log = result.enclosure(e / 4, e % 4);
            assertTrue(log.lower() == null || Hostile.exp(log.lower()).lower().compareTo(points[e]) <= 0, x::toString);
            assertTrue(log.upper() == null || Hostile.exp(log.upper()).upper().compareTo(points[e]) >= 0, x::toString);
          }
        }
      }
    }
  }

  private static Ball53Matrix moderate(Random random, int rows, int columns, double size) {
    double[] mid = new double[rows * columns];
    double[] rad = new double[mid.length];
    for (int e = 0; e < mid.length; e++) {
      mid[e] = (random.nextDouble() - 0.5) * 2 * size;
      rad[e] = random.nextInt(3) == 0 ? 0 : Math.pow(10, random.nextInt(20) - 17) * random.nextDouble();
    }
    return Ball53Matrix.normal(rows, columns, mid, rad);
  }

  @Test
  void containsSoftmax() {
    Random random = new Random(43);
    for (int done = 0; done < CASES;) {
      int m = 1 + random.nextInt(6);
      Ball53Matrix z = switch (random.nextInt(4)) {
        case 0 -> Hostile.ball(random, 3, m);
        case 1 -> moderate(random, 3, m, 1);
        case 2 -> moderate(random, 3, m, 900);
        default -> moderate(random, 3, m, 20);
      };
      Ball53Matrix result = z.softmaxRows();
      BigFraction[] mid = Arrays.stream(z.midpoints()).mapToObj(Hostile::exact).toArray(BigFraction[]::new);
      double[] rad = z.radii();
      for (int own = -m; own < m; own++) {
        // Points at random, or the corner where entry `own` is extreme one way and all others the other way.
        BigFraction[] points = Hostile.points(random, z);
        if (own >= 0) {
          boolean low = random.nextBoolean();
          for (int e = 0; e < points.length; e++) {
            if (rad[e] <= MAX) {
              BigFraction shift = Hostile.exact(rad[e]);
              points[e] = (e % m == own) == low ? mid[e].subtract(shift) : mid[e].add(shift);
            }
          }
        }
        for (int i = 0; i < 3; i++) {
          Interval[] truth = softmax(Arrays.copyOfRange(points, i * m, (i + 1) * m));
          for (int j = 0; j < m; j++, done++) {
            Interval enclosure = result.enclosure(i, j);
            assertTrue(enclosure.intersects(truth[j]), () -> z + " gives " + result);
            assertTrue(interval(0, 1).contains(enclosure), () -> z + " leaves [0,1]: " + result);
          }
        }
      }
    }
  }

  private static Interval[] softmax(BigFraction[] z) {
    BigFraction largest = z[0];
    for (BigFraction score : z) {
      largest = score.compareTo(largest) > 0 ? score : largest;
    }
    Interval[] powers = new Interval[z.length];
    BigFraction low = BigFraction.ZERO;
    BigFraction high = BigFraction.ZERO;
    for (int j = 0; j < z.length; j++) {
      powers[j] = Hostile.exp(z[j].subtract(largest));
      low = low.add(powers[j].lower());
      high = high.add(powers[j].upper());
    }
    for (int j = 0; j < z.length; j++) {
      powers[j] = new Interval(powers[j].lower().divide(high), powers[j].upper().divide(low));
    }
    return powers;
  }

  @Test
  void containsMatrixProducts() {
    Random random = new Random(44);
    for (int done = 0; done < CASES;) {
      int n = random.nextInt(5);
      int k = random.nextInt(10);
      int m = random.nextInt(10);
      Ball53Matrix a = Hostile.ball(random, n, k);
      Ball53Matrix b = Hostile.ball(random, k, m);
      Ball53Matrix result = a.times(b);
      assertEquals(new Shape(n, m), Shape.of(result));
      for (int trial = 0; trial < 2; trial++) {
        BigFraction[] x = Hostile.points(random, a);
        BigFraction[] y = Hostile.points(random, b);
        for (int e = 0; e < n * m; e++, done++) {
          assertContains(result, e, dot(x, y, e / m, e % m, k, m), a, b);
        }
      }
    }
  }

  /** Factors so close to the limits of exactness that a wrong criterion would call rounded sums exact. */
  @Test
  void containsProductsAtTheEdgeOfExactness() {
    Random random = new Random(45);
    int exactOnes = 0;
    int roundedOnes = 0;
    for (int c = 0; c < 1_500; c++) {
      int n = 1 + random.nextInt(3);
      int k = 1 + random.nextInt(4);
      int m = 1 + random.nextInt(6);
      Hostile.Profile profile = random.nextBoolean() ? Hostile.Profile.EDGE_OF_EXACT : Hostile.Profile.EDGE_OF_UNDERFLOW;
      double[] a = random.doubles(n * k).map(x -> Hostile.value(random, profile)).toArray();
      double[] b = random.doubles(k * m).map(x -> Hostile.value(random, profile)).toArray();
      Ball53Matrix result = exact(n, k, a).times(exact(k, m, b));
      BigFraction[] x = Arrays.stream(a).mapToObj(Hostile::exact).toArray(BigFraction[]::new);
      BigFraction[] y = Arrays.stream(b).mapToObj(Hostile::exact).toArray(BigFraction[]::new);
      for (int e = 0; e < n * m; e++) {
        assertContains(result, e, dot(x, y, e / m, e % m, k, m));
        exactOnes += result.radii()[e] == 0 ? 1 : 0;
        roundedOnes += result.radii()[e] != 0 ? 1 : 0;
      }
    }
    assertTrue(exactOnes > 500 && roundedOnes > 500, exactOnes + " exact, " + roundedOnes + " rounded");
  }

  private static BigFraction dot(BigFraction[] x, BigFraction[] y, int i, int j, int k, int m) {
    BigFraction sum = BigFraction.ZERO;
    for (int l = 0; l < k; l++) {
      sum = sum.add(x[i * k + l].multiply(y[l * m + j]));
    }
    return sum;
  }

  @Test
  void containsMaximaOfRows() {
    Random random = new Random(46);
    for (int done = 0; done < CASES;) {
      int m = 1 + random.nextInt(4);
      Ball53Matrix x = Hostile.ball(random, 4, m);
      Ball53Matrix result = x.maxOfRows();
      for (int trial = 0; trial < 3; trial++) {
        BigFraction[] points = Hostile.points(random, x);
        for (int i = 0; i < 4; i++, done++) {
          BigFraction largest = points[i * m];
          for (int j = 1; j < m; j++) {
            largest = points[i * m + j].compareTo(largest) > 0 ? points[i * m + j] : largest;
          }
          assertContains(result, i, largest, x);
        }
      }
    }
  }

  @Test
  void containsWhatIsLiftedOrEnclosed() {
    Random random = new Random(47);
    for (int done = 0; done < CASES; done++) {
      BigFraction low = new BigFraction(new BigInteger(1 + random.nextInt(1200), random).subtract(BigInteger.ONE.shiftLeft(600)),
          BigInteger.ONE.add(new BigInteger(1 + random.nextInt(1500), random)));
      BigFraction high = random.nextBoolean() ? low
          : low.add(low.abs().multiply(new BigFraction(random.nextInt(5), 1 + random.nextInt(100))));
      ExactMatrix lower = ExactMatrix.of(1, 1, low);
      Ball53Matrix enclosed = Ball53.INSTANCE.enclose(lower, ExactMatrix.of(1, 1, high));
      assertContains(enclosed, 0, low);
      assertContains(enclosed, 0, high);
      Ball53Matrix lifted = Ball53.INSTANCE.lift(lower);
      assertContains(lifted, 0, low);
      double mid = lifted.midpoints()[0];
      if (mid != 0 && rad(lifted) <= MAX) {
        assertTrue(rad(lifted) <= 0.5 * Math.ulp(mid) || Math.abs(mid) < 1e-300, "half an ulp");
      }
      if (low.getNumerator().signum() >= 0 && rad(enclosed) <= MAX) {
        assertTrue(enclosed.signOfLower(0, 0) >= 0, "enclosure of nonnegative numbers crosses zero");
      }
    }
    assertThrows(IllegalArgumentException.class,
        () -> Ball53.INSTANCE.enclose(ExactMatrix.ofIntegers(1, 1, 2), ExactMatrix.ofIntegers(1, 1, 1)));
    assertThrows(ShapeException.class,
        () -> Ball53.INSTANCE.enclose(ExactMatrix.ofIntegers(1, 1, 2), ExactMatrix.ofIntegers(1, 0)));
    assertExactly(0.1, Ball53.INSTANCE.lift(Hostile.exact(0.1)));
    assertWhole(Ball53.INSTANCE.lift(new BigFraction(10).pow(309)));
    assertEquals(interval(-3, 4), Ball53.INSTANCE.enclose(ExactMatrix.ofIntegers(1, 1, -3), ExactMatrix.ofIntegers(1, 1, 4))
        .enclosure(0, 0));
  }

  @Test
  void pi() {
    BigFraction low = Hostile.fraction(new BigDecimal("3.14159265358979323846264338327950288419716939937510"));
    BigFraction high = low.add(new BigFraction(BigInteger.ONE, BigInteger.TEN.pow(50)));
    Ball53Matrix pi = Ball53.INSTANCE.pi();
    assertTrue(pi.enclosure(0, 0).contains(new Interval(low, high)));
    assertEquals(Math.PI, pi.midpoints()[0]);
    assertEquals(Rounding.up(high.subtract(Hostile.exact(Math.PI))), rad(pi));
  }

  // Exactness.

  @Test
  void entrywiseResultsThatNeedNoRoundingAreExact() {
    Ball53Matrix x = exact(1, 1, 0x1.8p-500);
    assertExactly(0x1.2p-999, x.hadamard(x));
    assertExactly(0x1.2p-999, x.square());
    assertExactly(3, exact(1, 1, 1).plus(exact(1, 1, 2)));
    assertExactly(0.375, exact(1, 1, 0.5).minus(exact(1, 1, 0.125)));
    assertExactly(0.75, exact(1, 1, 3).dividedBy(exact(1, 1, 4)));
    assertExactly(MIN, exact(1, 1, 3 * MIN).dividedBy(exact(1, 1, 3)));
    assertExactly(0, exact(1, 1, 0).dividedBy(ball(3, 1)));
    assertExactly(1.5, exact(1, 1, 2.25).sqrt());
    assertExactly(0x1p-537, exact(1, 1, MIN).sqrt());
    assertExactly(0, exact(1, 1, 0).sqrt());
    assertExactly(1, exact(1, 1, 0).exp());
    assertExactly(0, exact(1, 1, 1).log());
    assertExactly(2, exact(1, 1, -2).abs());
    assertExactly(0, exact(1, 1, -2).relu());
    assertExactly(0, ball(-2, 2).relu());
    assertExactly(7, exact(1, 2, 7, -3).maxOfRows());
    assertExactly(7, exact(1, 1, 7).max(ball(5, 2)));
    assertExactly(1, ball(0, INF).softmaxRows());
    assertExactly(0, exact(1, 1, 0).hadamard(ball(0, INF)));
    assertExactly(0, ball(3, MAX).hadamard(exact(1, 1, -0.0)));
    assertExactly(MAX, exact(1, 1, MAX).plus(exact(1, 1, 0)));
  }

  @Test
  void whatRoundsIsNotExact() {
    Ball53Matrix x = exact(1, 1, 1 + 0x1p-52);
    assertTrue(rad(x.hadamard(x)) > 0);
    assertTrue(rad(x.square()) > 0);
    assertTrue(rad(x.times(x)) > 0);
    assertTrue(rad(x.plus(exact(1, 1, 0x1p-60))) > 0);
    assertTrue(rad(exact(1, 1, 1).dividedBy(exact(1, 1, 3))) > 0);
    assertTrue(rad(exact(1, 1, MIN).dividedBy(exact(1, 1, 2))) > 0);
    assertTrue(rad(exact(1, 1, MIN).hadamard(exact(1, 1, MIN))) > 0);
    assertTrue(rad(exact(1, 1, MIN).times(exact(1, 1, 0.5))) > 0);
    assertTrue(rad(exact(1, 1, 2).sqrt()) > 0);
  }

  @Test
  void productsOfSmallIntegersIdentitiesAndDyadicWeightsAreExact() {
    Random random = new Random(51);
    double[] integers = random.ints(35, -1000, 1000).asDoubleStream().toArray();
    double[] dyadic = random.ints(35, -1000, 1000).mapToDouble(x -> x / 1024.0).toArray();
    double[] uniform = random.doubles(35).toArray();
    Ball53Matrix product = exact(5, 7, integers).times(exact(7, 5, dyadic));
    assertTrue(Arrays.stream(product.radii()).allMatch(r -> r == 0));
    Ball53Matrix same = Ball53.INSTANCE.lift(ExactMatrix.identity(5)).times(exact(5, 7, uniform));
    assertTrue(Arrays.stream(same.radii()).allMatch(r -> r == 0));
    assertTrue(Arrays.equals(same.midpoints(), uniform));
    // One row of integers and one that rounds: only the latter has radii.
    double[] half = integers.clone();
    System.arraycopy(uniform, 0, half, 28, 7);
    Ball53Matrix mixed = exact(5, 7, half).times(exact(7, 5, uniform));
    assertTrue(Arrays.stream(mixed.radii(), 20, 25).allMatch(r -> r > 0));
    double[] radii = exact(5, 7, half).times(exact(7, 5, integers)).radii();
    assertTrue(Arrays.stream(radii, 0, 20).allMatch(r -> r == 0));
    assertTrue(Arrays.stream(exact(2, 0).times(exact(0, 3)).radii()).allMatch(r -> r == 0));
    assertEquals(Interval.point(BigFraction.ZERO), exact(2, 0).times(exact(0, 3)).enclosure(1, 2));
    assertExactly(0x1p53 - 1, exact(1, 1, 0x1p53 - 1).times(exact(1, 1, 1)));
    assertExactly(0x1p1000, exact(1, 2, 0x1p500, 0).times(exact(2, 1, 0x1p500, 0x1p480)));
  }

  // Tightness.

  @Test
  void productRadiusIsAFewUlpsOfTheAbsoluteProduct() {
    Random random = new Random(52);
    for (int k : new int[] {1, 2, 7, 64, 1000}) {
      Ball53Matrix a = exact(3, k, random.doubles(3 * k, -1, 1).toArray());
      Ball53Matrix b = exact(k, 5, random.doubles(5 * k, -1, 1).toArray());
      double[] size = a.abs().times(b.abs()).midpoints();
      double[] radii = a.times(b).radii();
      for (int e = 0; e < radii.length; e++) {
        assertTrue(radii[e] <= 8 * k * 0x1p-53 * size[e], "k = " + k + ": " + radii[e] + " for " + size[e]);
      }
      // With radii: half a percent above A_r(|B| + B_r) + |A|B_r, all radii being 1/8.
      Ball53Matrix eighth = Ball53Matrix.normal(3, k, a.midpoints(), fill(3 * k, 0.125));
      Ball53Matrix eighthToo = Ball53Matrix.normal(k, 5, b.midpoints(), fill(5 * k, 0.125));
      double[] both = eighth.times(eighthToo).radii();
      double[] left = eighth.times(b).radii();
      double[] right = a.times(eighthToo).radii();
      double[] rowSums = a.abs().sumOfRows().midpoints();
      double[] columnSums = b.abs().transpose().sumOfRows().midpoints();
      for (int e = 0; e < both.length; e++) {
        double expected = 0.125 * (rowSums[e / 5] + columnSums[e % 5]) + k / 64.0;
        assertTrue(both[e] >= 0.995 * expected && both[e] <= 1.005 * expected, "both");
        assertTrue(left[e] <= 1.005 * 0.125 * columnSums[e % 5], "left");
        assertTrue(right[e] <= 1.005 * 0.125 * rowSums[e / 5], "right");
      }
    }
  }

  private static double[] fill(int size, double value) {
    double[] array = new double[size];
    Arrays.fill(array, value);
    return array;
  }

  @Test
  void entrywiseRadiiAreAFewUlps() {
    Random random = new Random(53);
    for (int c = 0; c < 1_000; c++) {
      Ball53Matrix x = exact(1, 1, 1 + random.nextDouble() * 100);
      Ball53Matrix y = exact(1, 1, 1 + random.nextDouble() * 100);
      assertUlps(0.51, x.plus(y));
      assertUlps(0.51, x.hadamard(y));
      assertUlps(0.51, x.dividedBy(y));
      assertUlps(0.51, x.square());
      assertUlps(1, x.sqrt());
      assertUlps(4, x.exp());
      assertUlps(4, x.log());
      Ball53Matrix p = x.beside(y).beside(x.minus(y)).softmaxRows();
      for (int j = 0; j < 3; j++) {
        assertUlps(1000, p.entry(0, j));
      }
    }
  }

  private static void assertUlps(double limit, Ball53Matrix result) {
    double ulp = Math.ulp(result.midpoints()[0]);
    assertTrue(rad(result) <= limit * ulp, () -> result + " has " + rad(result) / ulp + " ulps");
  }

  @Test
  void wideEnclosuresStayTight() {
    assertNear(0, 2, ball(1.5, 2.5).sqrt());
    assertNear(0, 16, ball(1, 3).square());
    assertNear(1, 9, ball(2, 1).square());
    assertNear(0, 4, ball(1, 3).abs());
    assertNear(0, 4, ball(1, 3).relu());
    assertNear(1.0 / 3, 1, exact(1, 1, 1).dividedBy(ball(2, 1)));
    assertNear(-1, 2, ball(0.5, 1.5).dividedBy(ball(2, 1)));
    assertNear(-2, 1, ball(0.5, 1.5).dividedBy(ball(-2, 1)));
    assertNear(StrictMath.exp(-1), StrictMath.exp(3), ball(1, 2).exp());
    assertNear(0, StrictMath.log(3), ball(2, 1).log());
    assertNear(1, 5, ball(0, 1).max(ball(3, 2)));
    assertNear(1, 5, ball(0, 1).beside(ball(3, 2)).maxOfRows());
    Ball53Matrix p = ball(0, 1).beside(ball(0, 1)).softmaxRows();
    double most = 1 / (1 + StrictMath.exp(-2));
    assertNear(1 - most, most, p);
    // One score that may be anything leaves the ratio of the others: at most e/(1 + e) here.
    Ball53Matrix free = exact(1, 2, 1, 0).beside(ball(0, 1e6)).softmaxRows();
    double ratio = StrictMath.E / (1 + StrictMath.E);
    assertNear(0, ratio, free);
    assertNear(0, 1, free.entry(0, 2));
    assertNear(0, ratio, exact(1, 2, 1, 0).beside(ball(0, INF)).softmaxRows());
    assertNear(0, 1, ball(0, INF).beside(ball(0, INF)).softmaxRows());
  }

  private static void assertNear(double low, double high, Ball53Matrix result) {
    double mid = result.midpoints()[0];
    double rad = rad(result);
    double slack = 1e-14 * Math.max(Math.abs(low), Math.abs(high));
    assertTrue(mid - rad <= low + slack && mid - rad >= low - slack && mid + rad <= high + slack && mid + rad >= high - slack,
        () -> result + " is not [" + low + ", " + high + "]");
  }

  // Limits and normal form.

  @Test
  void theWholeLineWhereNothingIsKnown() {
    Ball53Matrix whole = ball(0, INF);
    assertWhole(ball(Double.NaN, 1));
    assertWhole(ball(1, Double.NaN));
    assertWhole(ball(INF, 0));
    assertWhole(exact(1, 1, MAX).plus(exact(1, 1, MAX)));
    assertWhole(exact(1, 1, MAX).square());
    assertWhole(exact(1, 1, MAX).times(exact(1, 1, -2)));
    assertWhole(exact(1, 2, 0x1p1000, 0x1p1000).times(exact(2, 1, 0x1p1000, -0x1p1000)));
    assertWhole(exact(1, 1, 800).exp());
    assertWhole(exact(1, 1, 1).dividedBy(exact(1, 1, 0)));
    assertWhole(exact(1, 1, 1).dividedBy(ball(1, 1)));
    assertWhole(exact(1, 1, 0).dividedBy(exact(1, 1, 0)));
    assertWhole(exact(1, 1, 0).log());
    assertWhole(exact(1, 1, -1).log());
    assertWhole(ball(1, 2).log());
    assertWhole(exact(1, 1, -1).sqrt());
    assertWhole(whole.plus(exact(1, 1, 1)));
    assertWhole(whole.minus(whole));
    assertWhole(whole.hadamard(exact(1, 1, MIN)));
    assertWhole(whole.times(whole));
    assertWhole(whole.times(ball(0, MIN)));
    assertWhole(whole.exp());
    assertWhole(whole.log());
    assertWhole(whole.sqrt());
    assertWhole(whole.square());
    assertWhole(whole.relu());
    assertWhole(whole.abs());
    assertWhole(whole.negate());
    assertWhole(whole.max(exact(1, 1, 1)));
    assertWhole(whole.dividedBy(exact(1, 1, 1)));
    assertEquals(-1, whole.signOfLower(0, 0));
    assertEquals(1, whole.signOfUpper(0, 0));
  }

  /** An unknown entry spoils only the sums that it takes part in. */
  @Test
  void wholeEntriesSpreadNoFurtherThanTheyMust() {
    Ball53Matrix a = exact(2, 1, 1, 2).beside(ball(0, INF).above(exact(1, 1, 0)));
    Ball53Matrix product = a.times(exact(2, 2, 1, 2, 0, 3));
    assertEquals(Interval.point(BigFraction.ONE), product.enclosure(0, 0));
    assertEquals(Interval.WHOLE, product.enclosure(0, 1));
    assertEquals(Interval.point(new BigFraction(2)), product.enclosure(1, 0));
    assertEquals(Interval.point(new BigFraction(4)), product.enclosure(1, 1));
    Ball53Matrix mirrored = exact(2, 2, 1, 2, 0, 3).transpose().times(a.transpose());
    assertEquals(Interval.WHOLE, mirrored.enclosure(1, 0));
    assertEquals(Interval.point(BigFraction.ONE), mirrored.enclosure(0, 0));
  }

  @Test
  void signsAreExact() {
    Random random = new Random(54);
    for (int c = 0; c < 2_000; c++) {
      Ball53Matrix x = Hostile.ball(random, 1, 1);
      Interval enclosure = x.enclosure(0, 0);
      assertEquals(enclosure.lower() == null ? -1 : enclosure.lower().getNumerator().signum(), x.signOfLower(0, 0));
      assertEquals(enclosure.upper() == null ? 1 : enclosure.upper().getNumerator().signum(), x.signOfUpper(0, 0));
    }
    assertEquals(0, exact(1, 1, -0.0).signOfLower(0, 0));
    assertEquals(0, exact(1, 1, 0).negate().signOfUpper(0, 0));
  }

  @Test
  void emptyShapes() {
    Ball53Matrix none = exact(0, 3);
    assertEquals(new Shape(0, 3), Shape.of(none.plus(none).exp().softmaxRows().relu().abs().square()));
    assertEquals(new Shape(0, 1), Shape.of(none.maxOfRows()));
    assertEquals(new Shape(3, 0), Shape.of(none.transpose()));
    assertEquals(new Shape(2, 0), Shape.of(exact(2, 0).softmaxRows()));
    assertThrows(ShapeException.class, () -> exact(2, 0).maxOfRows());
    assertThrows(ShapeException.class, () -> none.plus(exact(3, 0)));
    assertThrows(ShapeException.class, () -> none.times(none));
  }

  @Test
  void rearrangementsKeepMidpointsAndRadii() {
    Random random = new Random(55);
    for (int c = 0; c < 50; c++) {
      Ball53Matrix a = Hostile.ball(random, 3, 5);
      Ball53Matrix b = Hostile.ball(random, 3, 2);
      Ball53Matrix below = Hostile.ball(random, 2, 5);
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 5; j++) {
          Interval entry = a.enclosure(i, j);
          assertEquals(entry, a.transpose().enclosure(j, i));
          assertEquals(entry, a.reshape(5, 3).enclosure((5 * i + j) / 3, (5 * i + j) % 3));
          assertEquals(entry, a.beside(b).enclosure(i, j));
          assertEquals(entry, b.beside(a).enclosure(i, 2 + j));
          assertEquals(entry, a.above(below).enclosure(i, j));
          assertEquals(entry, below.above(a).enclosure(2 + i, j));
          assertEquals(entry, a.block(i, 3, j, 5).enclosure(0, 0));
          assertEquals(entry, a.gather(1, 2, new int[] {-1, 5 * i + j}).enclosure(0, 1));
        }
      }
      assertEquals(Interval.point(BigFraction.ZERO), a.gather(1, 1, new int[] {-1}).enclosure(0, 0));
      assertThrows(ShapeException.class, () -> a.gather(1, 1, new int[] {15}));
    }
  }
}
