package plumbline.reference.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plumbline.reference.kernel.IntegerProduct.Factor;

/** Products of integers from residues against {@link BigInteger}. */
class IntegerProductTest {
  private static final long UNTOUCHED = 0x5a5a5a5a5a5a5a5aL;
  private static final int[][] SHAPES = {
    {1, 1, 1}, {1, 2, 3}, {3, 1, 2}, {8, 8, 8}, {2, 127, 3}, {3, 128, 1}, {1, 129, 2}, {2, 300, 2}, {31, 33, 17},
    {17, 2, 65},
  };

  /** Random integers: full ones, zeros, few bits, shifted out in part or as a whole. */
  private static Factor random(Random random, int size, int limbs, int bits) {
    long[] mantissas = random.longs((long) size * limbs).toArray();
    byte[] signs = new byte[size];
    int[] shifts = new int[size];
    for (int e = 0; e < size; e++) {
      signs[e] = (byte) (random.nextInt(5) == 0 ? 0 : random.nextBoolean() ? 1 : -1);
      int kind = random.nextInt(6);
      shifts[e] = switch (kind) {
        case 0 -> random.nextInt(bits + 70);
        case 1 -> 1 << 30;
        case 2 -> 64 * random.nextInt(limbs + 1);
        default -> random.nextInt(3);
      };
      if (kind == 3) {
        Arrays.fill(mantissas, e * limbs, (e + 1) * limbs, -1);
      } else if (signs[e] == 0 || kind == 4) {
        Arrays.fill(mantissas, e * limbs, (e + 1) * limbs - (signs[e] == 0 ? 0 : 1), 0);
      }
    }
    return new Factor(mantissas, limbs, signs, shifts, bits);
  }

  /** The greatest integers, of one sign or of both. */
  private static Factor extreme(int size, int limbs, int bits, int sign, boolean alternate) {
    long[] mantissas = new long[size * limbs];
    Arrays.fill(mantissas, -1);
    byte[] signs = new byte[size];
    for (int e = 0; e < size; e++) {
      signs[e] = (byte) (alternate && e % 2 == 0 ? -sign : sign);
    }
    return new Factor(mantissas, limbs, signs, new int[size], bits);
  }

  private static BigInteger entry(Factor f, int e) {
    BigInteger m = BigInteger.ZERO;
    for (int l = f.limbs() - 1; l >= 0; l--) {
      m = m.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(f.mantissas()[e * f.limbs() + l])));
    }
    return m.shiftRight(64 * f.limbs() - f.bits() + f.shifts()[e]).multiply(BigInteger.valueOf(f.signs()[e]));
  }

  private static BigInteger signed(long[] limbs, int from, int n) {
    BigInteger x = BigInteger.valueOf(limbs[from + n - 1]);
    for (int l = n - 2; l >= 0; l--) {
      x = x.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(limbs[from + l])));
    }
    return x;
  }

  private static void check(Factor a, Factor b, int n, int k, int m) {
    BigInteger[] x = new BigInteger[n * k];
    BigInteger[] y = new BigInteger[k * m];
    Arrays.setAll(x, e -> entry(a, e));
    Arrays.setAll(y, e -> entry(b, e));
    int limbs = IntegerProduct.limbs(a.bits(), b.bits(), k);
    long[] product = new long[n * m * limbs + 1];
    Arrays.fill(product, UNTOUCHED);
    IntegerProduct.multiply(a, b, n, k, m, product);
    assertEquals(UNTOUCHED, product[n * m * limbs]);
    for (int i = 0; i < n; i += 1 + n / 50) {
      for (int j = 0; j < m; j++) {
        BigInteger sum = BigInteger.ZERO;
        for (int l = 0; l < k; l++) {
          sum = sum.add(x[i * k + l].multiply(y[l * m + j]));
        }
        assertEquals(sum, signed(product, (i * m + j) * limbs, limbs), "entry " + i + ", " + j);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 64", "5, 24", "24, 25", "53, 53", "79, 79", "64, 400", "349, 350", "1000, 1020", "1535, 1536",
      "1560, 1540", "3000, 3037"})
  void productsAreExact(int bitsA, int bitsB) {
    Random random = new Random(bitsA + 5000L * bitsB);
    for (int[] s : SHAPES) {
      int limbsA = 1 + random.nextInt(bitsA / 64 + 2);
      int limbsB = 1 + random.nextInt(bitsB / 64 + 2);
      check(random(random, s[0] * s[1], limbsA, bitsA), random(random, s[1] * s[2], limbsB, bitsB), s[0], s[1], s[2]);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "24, 24", "47, 48", "349, 350", "1536, 1536", "1537, 1600"})
  void theGreatestIntegersFit(int bitsA, int bitsB) {
    for (int k : new int[] {1, 63, 64, 127, 128, 129, 255, 256, 1023}) {
      for (int sign = -1; sign <= 1; sign += 2) {
        for (int alternate = 0; alternate < 4; alternate++) {
          check(extreme(2 * k, (bitsA + 63) / 64, bitsA, sign, (alternate & 1) != 0),
              extreme(k * 3, (bitsB + 63) / 64, bitsB, 1, (alternate & 2) != 0), 2, k, 3);
        }
      }
    }
  }

  /** Blocks of the product and of the inner index, and parts for several threads. */
  @Test
  void largeProductsAreExact() {
    Random random = new Random(1);
    int bits = 8000;
    for (int[] s : new int[][] {{129, 130, 2}, {2, 130, 129}}) {
      assertTrue(IntegerProduct.isPossible(bits, bits, s[1]));
      check(random(random, s[0] * s[1], 125, bits), random(random, s[1] * s[2], 125, bits), s[0], s[1], s[2]);
    }
    check(random(random, 200 * 100, 1, 60), random(random, 100 * 250, 2, 70), 200, 100, 250);
  }

  /** Sums of products of residues stay below 2^53 for any residues, which random integers do not show. */
  @Test
  void residuesAreSmallEnough() {
    Moduli moduli = Moduli.of(Moduli.MAX_COUNT);
    double most = (1 << 23) - (1 << 16);
    assertTrue(Moduli.TERMS * most * most + most < 0x1p53);
    assertTrue(Moduli.DIGIT_TERMS * 0x1p24 * most + most < 0x1p53);
    // The quotient, at most 2^10, times a digit of M.
    assertTrue(Moduli.TERMS * most * 0x1p23 + 0x1p33 < 0x1p53);
    Random random = new Random(2);
    for (int p = 0; p < moduli.count; p++) {
      double prime = moduli.prime(p);
      assertTrue(BigInteger.valueOf((long) prime).isProbablePrime(50) && (p == 0 || prime < moduli.prime(p - 1)));
      assertTrue(prime / 2 + 2 < most && prime > Math.pow(2, 23.975));
      double[] x = {0x1p53, -0x1p53, 0x1p53 - 1, prime * 0x1p29, (prime + 1) / 2, random.nextLong() >> 10};
      double[] y = x.clone();
      moduli.reduce(y, 0, y.length, p);
      for (int e = 0; e < x.length; e++) {
        assertTrue(Math.abs(y[e]) <= prime / 2 + 2);
        assertEquals(0, ((long) x[e] - (long) y[e]) % (long) prime);
      }
    }
  }
}
