package plumbline.reference.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** e^t of one number against its series. */
class LongExpTest {
  private static BigInteger argument(Random random, int n, int trial) {
    BigInteger one = BigInteger.ONE.shiftLeft(64 * n);
    BigInteger most = one.multiply(BigInteger.valueOf(7)).divide(BigInteger.TEN);
    return switch (trial) {
      case 0 -> BigInteger.ZERO;
      case 1 -> BigInteger.ONE;
      case 2 -> most;
      case 3 -> one.shiftRight(1);
      case 4 -> one.shiftRight(1).subtract(BigInteger.ONE);
      case 5 -> one.shiftRight(7).subtract(BigInteger.ONE);
      case 6 -> one.shiftRight(14).subtract(BigInteger.ONE);
      case 7 -> one.shiftRight(14);
      default -> {
        BigInteger t = LongMultiplicationTest.big(LongMultiplicationTest.anyOperand(random, n), 0, n).mod(most.add(BigInteger.ONE));
        yield trial % 3 == 0 ? t.shiftRight(random.nextInt(64 * n)) : t;
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 8, 11, 16, 21, 31, 32, 33, 53, 97, 150, 311, 400, 639, 641, 800})
  void resultsAreTooSmallByLessThanTheirBound(int n) {
    Random random = new Random(n);
    int trials = n < 40 ? 200 : n < 200 ? 40 : 12;
    LongExp exp = new LongExp(n);
    for (int trial = 0; trial < trials; trial++) {
      BigInteger t = argument(random, n, trial);
      long[] y = new long[n + 1];
      exp.exp(LongMultiplicationTest.limbs(t, n), y);
      // In units of 2^−64 of a unit; the series is a few of them off.
      BigInteger exact = BatchExpTest.exp(t, 64 * n, 64 * n + 64);
      BigInteger off = exact.subtract(LongMultiplicationTest.big(y, 0, n + 1).shiftLeft(64));
      assertTrue(off.compareTo(BigInteger.valueOf(-65536)) > 0, "too large, trial " + trial);
      assertTrue(off.bitLength() <= 64 + exp.halvings() + 5, () -> "off by 2^" + (off.bitLength() - 64) + " units");
      assertTrue(exp.halvings() + 5 <= LongExp.error(n));
    }
  }

  @Test
  void instancesLeaveNothingBehind() {
    Random random = new Random(7);
    LongExp used = new LongExp(9);
    for (int trial = 0; trial < 50; trial++) {
      long[] t = LongMultiplicationTest.limbs(argument(random, 9, trial), 9);
      long[] first = new long[10];
      long[] second = new long[10];
      used.exp(t, first);
      new LongExp(9).exp(t, second);
      assertEquals(LongMultiplicationTest.big(second, 0, 10), LongMultiplicationTest.big(first, 0, 10));
    }
  }
}
