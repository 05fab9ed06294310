package plumbline.reference.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Long products against {@link BigInteger}, and the bound on the transform's error against exact sums. */
class LongMultiplicationTest {
  private interface Engine {
    void multiply(long[] r, int ro, long[] a, int ao, int an, long[] b, int bo, int bn);
  }

  private static final Engine TRANSFORM = (r, ro, a, ao, an, b, bo, bn) ->
      new LongMultiplication.Transform(an, bn).multiply(r, ro, a, ao, b, bo);

  static BigInteger big(long[] a, int from, int n) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * n);
    for (int i = n - 1; i >= 0; i--) {
      buffer.putLong(a[from + i]);
    }
    return new BigInteger(1, buffer.array());
  }

  static long[] limbs(BigInteger value, int n) {
    byte[] bytes = value.toByteArray();
    ByteBuffer buffer = ByteBuffer.allocate(8 * n);
    int used = Math.min(bytes.length, 8 * n);
    buffer.put(8 * n - used, bytes, bytes.length - used, used);
    long[] a = new long[n];
    for (int i = 0; i < n; i++) {
      a[i] = buffer.getLong(8 * (n - 1 - i));
    }
    return a;
  }

  /** Inside larger arrays, where nothing outside the result may change. */
  private static void check(Engine engine, long[] a, long[] b) {
    int ao = a.length % 3;
    int bo = b.length % 5;
    int ro = (a.length + b.length) % 4;
    long[] x = new long[ao + a.length + 2];
    long[] y = new long[bo + b.length + 1];
    Arrays.fill(x, -3);
    Arrays.fill(y, -5);
    System.arraycopy(a, 0, x, ao, a.length);
    System.arraycopy(b, 0, y, bo, b.length);
    long[] r = new long[ro + a.length + b.length + 1];
    Arrays.fill(r, -7);
    engine.multiply(r, ro, x, ao, a.length, y, bo, b.length);
    String message = a.length + " × " + b.length + " limbs";
    assertEquals(big(a, 0, a.length).multiply(big(b, 0, b.length)), big(r, ro, a.length + b.length), message);
    Arrays.fill(r, ro, ro + a.length + b.length, -7);
    assertTrue(Arrays.stream(r).allMatch(limb -> limb == -7), message);
    assertEquals(big(a, 0, a.length), big(x, ao, a.length), message);
  }

  private static void checkSquare(Engine engine, long[] a) {
    long[] r = new long[2 * a.length];
    engine.multiply(r, 0, a, 0, a.length, a, 0, a.length);
    assertEquals(big(a, 0, a.length).pow(2), big(r, 0, r.length), a.length + " limbs squared");
  }

  /** Operands that stress carries, signs of digits and the sizes of coefficients; {@code bits} per digit. */
  private static long[] operand(Random random, int n, int kind, int bits) {
    switch (kind) {
      case 0:
        return random.longs(n).toArray();
      case 1:
        return random.longs(n).map(x -> -1).toArray();
      case 2:
        return new long[n];
      case 3: {
        long[] one = new long[n];
        one[0] = 1;
        return one;
      }
      case 4: {
        long[] power = new long[n];
        power[random.nextInt(n)] = 1L << random.nextInt(64);
        return power;
      }
      case 5: {
        long[] sparse = new long[n];
        for (int i = 0; i < 3; i++) {
          sparse[random.nextInt(n)] |= random.nextLong();
        }
        return sparse;
      }
      case 6: // long runs of ones and zeros
        return limbs(BigInteger.ONE.shiftLeft(64 * n - random.nextInt(70))
            .subtract(BigInteger.ONE.shiftLeft(random.nextInt(64 * n))).max(BigInteger.ZERO), n);
      case 7: // each digit −2^(bits−1), as large as a digit gets
        return digits(n, bits, 1L << bits - 1, 0, random);
      case 8: // each digit 2^(bits−1) − 1, the largest positive one without a carry
        return digits(n, bits, (1L << bits - 1) - 1, 0, random);
      default: // digits of the largest size, of random signs
        return digits(n, bits, (1L << bits - 1) - 1, 1, random);
    }
  }

  private static final int KINDS = 10;

  /** Digits {@code digit}, or at random one more. */
  private static long[] digits(int n, int bits, long digit, int more, Random random) {
    long[] a = new long[n];
    for (long at = 0; at + bits <= 64L * n; at += bits) {
      long value = digit + random.nextInt(more + 1);
      int limb = (int) (at >>> 6);
      int shift = (int) at & 63;
      a[limb] |= value << shift;
      if (shift + bits > 64) {
        a[limb + 1] |= value >>> 64 - shift;
      }
    }
    return a;
  }

  private static void checkKinds(Engine engine, Random random, int an, int bn) {
    int bits = new LongMultiplication.Transform(an, bn).bits;
    for (int kind = 0; kind < KINDS; kind++) {
      long[] a = operand(random, an, kind, bits);
      check(engine, a, operand(random, bn, random.nextInt(KINDS), bits));
      check(engine, a, operand(random, bn, kind, bits));
      checkSquare(engine, a);
    }
  }

  static long[] anyOperand(Random random, int n) {
    return operand(random, n, random.nextInt(KINDS), 20);
  }

  @Test
  void quotientsByOneLimbAreExact() {
    Random random = new Random(8);
    for (int trial = 0; trial < 20_000; trial++) {
      int n = 1 + random.nextInt(6);
      long[] x = anyOperand(random, n);
      long divisor = switch (trial % 8) {
        case 0 -> 1;
        case 1 -> Long.MAX_VALUE;
        case 2 -> 1L << random.nextInt(63);
        case 3 -> (1L << 32) - random.nextInt(3);
        case 4 -> Long.MAX_VALUE - random.nextInt(1000);
        case 5 -> (1L << 62) + random.nextInt(3);
        default -> Math.max(1, random.nextLong() >>> 1 + random.nextInt(63));
      };
      BigInteger expected = big(x, 0, n).divide(BigInteger.valueOf(divisor));
      LongMultiplication.divide(x, n, divisor, LongMultiplication.reciprocal(divisor));
      assertEquals(expected, big(x, 0, n), () -> n + " limbs by " + divisor);
    }
  }

  @Test
  void multiplesAreAddedExactly() {
    Random random = new Random(9);
    for (int trial = 0; trial < 20_000; trial++) {
      int n = 1 + random.nextInt(6);
      long[] r = anyOperand(random, n + 2);
      long[] a = anyOperand(random, n + 1);
      long[] factor = {trial % 3 == 0 ? -1 : trial % 3 == 1 ? random.nextLong() : 1L << random.nextInt(64)};
      BigInteger expected = big(r, 1, n).add(big(a, 1, n).multiply(big(factor, 0, 1)));
      long below = r[0];
      long above = r[n + 1];
      long beyond = LongMultiplication.addMultiple(r, 1, a, 1, n, factor[0]);
      assertEquals(below, r[0]);
      assertEquals(above, r[n + 1]);
      r[n + 1] = beyond;
      assertEquals(expected, big(r, 1, n + 1));
    }
  }

  @Test
  void highLimbsAreTooSmallByOneAtMost() {
    Random random = new Random(10);
    int exact = 0;
    for (int trial = 0; trial < 20_000; trial++) {
      int an = 1 + random.nextInt(trial % 20 == 0 ? 60 : 9);
      int bn = 1 + random.nextInt(trial % 20 == 0 ? 60 : 9);
      int from = random.nextInt(Math.max(an, bn) + 1);
      long[] a = anyOperand(random, an + 1);
      long[] b = anyOperand(random, bn + 2);
      long[] r = random.longs(an + bn + 1).toArray();
      long after = r[an + bn];
      LongMultiplication.multiplyHigh(r, from, a, 1, an, b, 2, bn);
      BigInteger off = big(a, 1, an).multiply(big(b, 2, bn)).shiftRight(64 * from).subtract(big(r, from, an + bn - from));
      assertTrue(off.signum() == 0 || off.equals(BigInteger.ONE), () -> an + " × " + bn + " limbs from " + from + ": " + off);
      assertEquals(after, r[an + bn]);
      exact += off.signum() == 0 ? 1 : 0;
    }
    // Almost always: an error of one takes a sum just above a multiple of the unit.
    assertTrue(exact > 15_000, exact + " exact");
  }

  @Test
  void shortProductsByEveryWay() {
    Random random = new Random(1);
    for (int an = 1; an <= 24; an++) {
      for (int bn = 1; bn <= 24; bn++) {
        checkKinds(TRANSFORM, random, an, bn);
        checkKinds(LongMultiplication::multiply, random, an, bn);
      }
    }
  }

  @Test
  void lengthsAroundThresholdsAndPowersOfTwo() {
    Random random = new Random(2);
    for (int n = LongMultiplication.TRANSFORM - 3; n <= LongMultiplication.TRANSFORM + 3; n++) {
      for (int m = LongMultiplication.TRANSFORM - 3; m <= LongMultiplication.TRANSFORM + 3; m++) {
        checkKinds(LongMultiplication::multiply, random, n, m);
      }
    }
    for (int power = 64; power <= 1024; power *= 2) {
      for (int n = power - 1; n <= power + 1; n++) {
        checkKinds(LongMultiplication::multiply, random, n, n);
        checkKinds(LongMultiplication::multiply, random, n, n / 2 + 1);
      }
    }
  }

  @Test
  void everyLengthAtWhichTheTransformChangesItsSize() {
    Random random = new Random(3);
    int size = 0;
    for (int n = 1; n <= 3000; n++) {
      LongMultiplication.Transform transform = new LongMultiplication.Transform(n, n);
      if (transform.block << transform.levels != size) {
        size = transform.block << transform.levels;
        checkKinds(TRANSFORM, random, n, n);
        if (n > 1) {
          // The last before it fills the size before that.
          checkKinds(TRANSFORM, random, n - 1, n - 1);
        }
      }
    }
  }

  @Test
  void unequalLengths() {
    Random random = new Random(4);
    int[][] lengths = {{2000, 1}, {2000, 50}, {1000, 333}, {1000, 334}, {41, 5000}, {20000, 64}, {3000, 2999}};
    for (int[] n : lengths) {
      checkKinds(LongMultiplication::multiply, random, n[0], n[1]);
    }
    checkKinds(TRANSFORM, random, 2000, 1);
    checkKinds(TRANSFORM, random, 3000, 40);
  }

  @Test
  void aMillionDigits() {
    Random random = new Random(5);
    int bits = new LongMultiplication.Transform(52000, 52000).bits;
    for (int kind : new int[] {0, 9}) {
      check(LongMultiplication::multiply, operand(random, 52000, 0, bits), operand(random, 51000, kind, bits));
    }
    checkSquare(LongMultiplication::multiply, operand(random, 52000, 0, bits));
  }

  /** (2^a − 1)(2^b − 1) = 2^(a+b) − 2^a − 2^b + 1: all carries, at lengths at which {@link BigInteger} takes too long. */
  @Test
  void onesAtEveryScaleAndBeyondOneTransform() {
    int[][] lengths = {{1 << 14, 1 << 14}, {(1 << 16) + 1, (1 << 16) - 1}, {1 << 18, 1 << 18}, {1 << 19, (1 << 19) + 5},
        {(1 << 20) + 3, 70000}};
    for (int[] n : lengths) {
      long[] a = new long[n[0]];
      long[] b = new long[n[1]];
      Arrays.fill(a, -1);
      Arrays.fill(b, -1);
      long[] r = new long[a.length + b.length];
      LongMultiplication.multiply(r, 0, a, 0, a.length, b, 0, b.length);
      BigInteger expected = BigInteger.ONE.shiftLeft(64 * r.length).subtract(BigInteger.ONE.shiftLeft(64 * a.length))
          .subtract(BigInteger.ONE.shiftLeft(64 * b.length)).add(BigInteger.ONE);
      assertEquals(expected, big(r, 0, r.length), a.length + " × " + b.length);
    }
  }

  /** The bound of {@link Convolution} against exact sums, on numbers of one size and many signs. */
  @Test
  void errorsStayBelowTheBound() {
    Random random = new Random(6);
    double most = 0;
    for (int block : new int[] {8, 16, 24, 40, 256}) {
      for (int levels = 0; block << levels <= 2048; levels++) {
        for (int kind = 0; kind < 5; kind++) {
          double share = shareOfBound(random, block, levels, kind, random.nextBoolean());
          assertTrue(share <= 1, "block " + block + ", " + levels + " levels: " + share + " of the bound");
          most = Math.max(most, share);
        }
      }
    }
    assertTrue(most > 1e-3, "the bound is so loose that the test says nothing: " + most);
  }

  private static double shareOfBound(Random random, int block, int levels, int kind, boolean vector) {
    int m = block << levels;
    long[] x = coefficients(random, m, kind);
    long[] y = coefficients(random, m, kind == 4 ? 0 : kind);
    double[] xr = doubles(x, 0, m);
    double[] xi = doubles(x, m, 2 * m);
    double[] yr = doubles(y, 0, m);
    double[] yi = doubles(y, m, 2 * m);
    Convolution.multiply(xr, xi, yr, yi, block, levels, vector);
    double worst = 0;
    double normX = 0;
    double normY = 0;
    for (int k = 0; k < 2 * m; k++) {
      long sum = 0;
      for (int i = 0; i < 2 * m; i++) {
        // Modulo t^(2m) + 1.
        sum += i <= k ? x[i] * y[k - i] : -x[i] * y[2 * m + k - i];
      }
      // |sum| < 2^50: the difference of the two is off by less than a tenth of the bound.
      worst = Math.max(worst, Math.abs(Math.scalb(k < m ? xr[k] : xi[k - m], -levels) - sum));
      normX += (double) x[k] * x[k];
      normY += (double) y[k] * y[k];
    }
    return worst / (Convolution.error(block, levels) * Math.sqrt(normX) * Math.sqrt(normY));
  }

  /** At most 2^18. */
  private static long[] coefficients(Random random, int m, int kind) {
    long size = 1 << 18;
    return random.ints(2 * m, 0, 4).mapToLong(r -> switch (kind) {
      case 0 -> size;
      case 1 -> (r & 1) == 0 ? size : -size;
      case 2 -> random.nextInt((int) (2 * size)) - size;
      case 3 -> r == 0 ? size : 0;
      default -> (r & 1) == 0 ? size - 1 : -size;
    }).toArray();
  }

  private static double[] doubles(long[] x, int from, int to) {
    return Arrays.stream(x, from, to).mapToDouble(v -> v).toArray();
  }

  /** Each step of the vector engine against the plain one, bit for bit. */
  @Test
  void enginesDoTheSame() {
    assertTrue(Simd.AVAILABLE, "the Vector API is not there: nothing would be compared");
    Random random = new Random(7);
    double[] wr = random.doubles(64, -1, 1).toArray();
    double[] wi = random.doubles(64, -1, 1).toArray();
    for (int m : new int[] {8, 16, 24, 40}) {
      for (int step = 0; step < 6; step++) {
        double[][] plain = new double[6][];
        for (int i = 0; i < plain.length; i++) {
          plain[i] = random.doubles(5 + 12 * m, -1e9, 1e9).toArray();
        }
        double[][] vector = Arrays.stream(plain).map(double[]::clone).toArray(double[][]::new);
        step(step, plain, wr, wi, m, false);
        step(step, vector, wr, wi, m, true);
        for (int i = 0; i < plain.length; i++) {
          assertArrayEquals(bits(plain[i]), bits(vector[i]), "step " + step + ", m = " + m + ", array " + i);
        }
      }
    }
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray();
  }

  private static void step(int step, double[][] a, double[] wr, double[] wi, int m, boolean vector) {
    switch (step) {
      case 0 -> {
        if (vector) {
          ButterfliesVector.forward2(a[0], a[1], 3, m, wr[7], wi[7]);
        } else {
          ButterfliesPlain.forward2(a[0], a[1], 3, m, wr[7], wi[7]);
        }
      }
      case 1 -> {
        if (vector) {
          ButterfliesVector.inverse2(a[0], a[1], 3, m, wr[7], wi[7]);
        } else {
          ButterfliesPlain.inverse2(a[0], a[1], 3, m, wr[7], wi[7]);
        }
      }
      case 2 -> {
        if (vector) {
          ButterfliesVector.forward4(a[0], a[1], 1, 1 + 12 * m, m, wr, wi, 5);
        } else {
          ButterfliesPlain.forward4(a[0], a[1], 1, 1 + 12 * m, m, wr, wi, 5);
        }
      }
      case 3 -> {
        if (vector) {
          ButterfliesVector.inverse4(a[0], a[1], 1, 1 + 12 * m, m, wr, wi, 5);
        } else {
          ButterfliesPlain.inverse4(a[0], a[1], 1, 1 + 12 * m, m, wr, wi, 5);
        }
      }
      case 4 -> {
        if (vector) {
          ButterfliesVector.wrap(a[0], a[1], 2, m, a[2], a[3], 4, wr[9], wi[9]);
        } else {
          ButterfliesPlain.wrap(a[0], a[1], 2, m, a[2], a[3], 4, wr[9], wi[9]);
        }
      }
      default -> {
        if (vector) {
          ButterfliesVector.multiply(a[0], a[1], 2, m, a[2], a[3], 4, a[4], a[5]);
        } else {
          ButterfliesPlain.multiply(a[0], a[1], 2, m, a[2], a[3], 4, a[4], a[5]);
        }
      }
    }
  }
}
