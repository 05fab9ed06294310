package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Fixed-point functions at thousands of digits: against a plain series, and against twice the precision. */
class LongFunctionsTest {
  /** e^s by Horner's rule at 2w + 64 bits: off by less than one unit of 2^−w. */
  private static BigInteger plain(BigInteger s, int w) {
    int v = 2 * w + 64;
    BigInteger x = s.shiftLeft(v - w);
    int terms = 2;
    double size = 0;
    while (size < w + 8) {
      size += Math.max(1, w - s.bitLength()) + Math.log(terms++) / Math.log(2);
    }
    BigInteger y = BigInteger.ONE.shiftLeft(v);
    for (int k = terms; k > 0; k--) {
      y = BigInteger.ONE.shiftLeft(v).add(y.multiply(x).shiftRight(v).divide(BigInteger.valueOf(k)));
    }
    return y.shiftRight(v - w);
  }

  private static BigInteger argument(Random random, int length, int kind) {
    return switch (kind) {
      case 0 -> new BigInteger(length, random);
      case 1 -> BigInteger.ONE.shiftLeft(length).subtract(BigInteger.ONE);
      case 2 -> BigInteger.ZERO;
      case 3 -> BigInteger.ONE;
      case 4 -> BigInteger.ONE.shiftLeft(length - 1);
      case 5 -> BigInteger.ONE.shiftLeft(length - 1).add(BigInteger.ONE);
      case 6 -> BigInteger.valueOf(0x5a5a5a5aL).shiftLeft(Math.max(0, length - 31)).shiftRight(Math.max(0, 31 - length));
      default -> new BigInteger(length / 2 + 1, random);
    };
  }

  @Test
  void burstsOfBitsMakeTheSeries() {
    Random random = new Random(1);
    for (int w : new int[] {40, 64, 65, 257, 1000, 6016, 12_345, 33_280}) {
      for (int bits : new int[] {8, 9, 32}) {
        for (int kind = 0; kind < 8; kind++) {
          if (w > 10_000 && (bits != 32 || kind > 1)) {
            continue;
          }
          BigInteger s = argument(random, w - bits, kind);
          BigInteger below = plain(s, w).subtract(BitBurst.exp(s, w, bits));
          String message = "w = " + w + ", bits = " + bits + ", kind " + kind + ": " + below + " units below";
          assertTrue(below.compareTo(BigInteger.valueOf(-2)) >= 0 && below.compareTo(BigInteger.valueOf(128)) < 0, message);
        }
      }
    }
  }

  private static void assertNear(BigInteger expected, BigInteger actual, int log) {
    int off = expected.subtract(actual).abs().bitLength();
    assertTrue(off <= log, "off by 2^" + off + " units, 2^" + log + " allowed");
  }

  @Test
  void exponentialsKeepTheirErrorAtEveryLength() {
    Random random = new Random(2);
    for (int w : new int[] {5952, 6016, 9984, 20_032, 33_280, 70_016}) {
      for (int n = 0; n < 4; n++) {
        Dyadic x = new Dyadic(new BigInteger(w, random).subtract(BigInteger.ONE.shiftLeft(w - 1)), n * 10L - w);
        FixedPoint.Power once = FixedPoint.exp(x, w);
        FixedPoint.Power twice = FixedPoint.exp(x, 2 * w);
        BigInteger expected = twice.value().shiftLeft((int) (twice.power() - once.power()) + 2).shiftRight(w + 2);
        assertNear(expected, once.value(), FixedPoint.EXP_ERROR + FixedPoint.squarings(w));
      }
    }
  }

  @Test
  void logarithmsKeepTheirErrorAtEveryLength() {
    Random random = new Random(3);
    for (int w : new int[] {5952, 6016, 20_032, 33_280}) {
      for (int n = 0; n < 3; n++) {
        BigInteger f = new BigInteger(w - 1, random).setBit(w - 1);
        assertNear(FixedPoint.log(f.shiftLeft(w), 2 * w).shiftRight(w), FixedPoint.log(f, w),
            FixedPoint.LOG_ERROR + FixedPoint.squarings(w));
      }
    }
  }

  /** e^(log f) = f and log 2 = ln 2, which is summed in another way. */
  @Test
  void functionsAgreeWithEachOther() {
    int w = 33_280;
    int error = FixedPoint.LOG_ERROR + FixedPoint.squarings(w) + 2;
    BigInteger f = new BigInteger(w - 1, new Random(4)).setBit(w - 1);
    FixedPoint.Power power = FixedPoint.exp(new Dyadic(FixedPoint.log(f, w).negate(), -w), w);
    assertEquals(0, power.power());
    assertNear(BigInteger.ONE.shiftLeft(2 * w).divide(f), power.value(), error);
    assertNear(FixedPoint.ln2(w), FixedPoint.log(BigInteger.TWO.shiftLeft(w), w), error);
  }

  @Test
  void squareRootsAreExactAtEveryLength() {
    Random random = new Random(5);
    for (int bits : new int[] {20_000, 100_001, 160_000, 200_001}) {
      BigInteger r = new BigInteger(bits / 2, random).setBit(bits / 2 - 1);
      BigInteger square = r.multiply(r);
      for (BigInteger x : new BigInteger[] {square, square.subtract(BigInteger.ONE), square.add(r.shiftLeft(1))}) {
        BigInteger[] root = FixedPoint.sqrt(x);
        assertEquals(x, root[0].multiply(root[0]).add(root[1]));
        assertTrue(root[1].signum() >= 0 && root[1].compareTo(root[0].shiftLeft(1)) <= 0);
      }
    }
  }
}
