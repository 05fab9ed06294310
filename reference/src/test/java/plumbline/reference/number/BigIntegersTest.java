package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against {@link BigInteger} itself. */
class BigIntegersTest {
  private static final int[] LENGTHS = {1, 64, 8000, 11_999, 12_000, 12_001, 16_384, 40_000, 65_536, 100_001};

  private static BigInteger operand(Random random, int bits, int kind) {
    return switch (kind) {
      case 0 -> new BigInteger(bits, random).setBit(bits - 1);
      case 1 -> BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
      case 2 -> BigInteger.ONE.shiftLeft(bits - 1);
      case 3 -> BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.ONE);
      default -> BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE.shiftLeft(bits / 2));
    };
  }

  @Test
  void products() {
    Random random = new Random(1);
    for (int a : LENGTHS) {
      for (int b : LENGTHS) {
        for (int kind = 0; kind < 5; kind++) {
          BigInteger x = operand(random, a, kind);
          BigInteger y = operand(random, b, random.nextInt(5));
          assertEquals(x.multiply(y), BigIntegers.multiply(x, y), a + " × " + b + " bits");
          assertEquals(x.multiply(y).negate(), BigIntegers.multiply(x.negate(), y), a + " × " + b + " bits");
          assertEquals(x.multiply(y), BigIntegers.multiply(x.negate(), y.negate()), a + " × " + b + " bits");
        }
      }
      BigInteger x = operand(random, a, 0);
      assertEquals(x.multiply(x), BigIntegers.square(x));
      assertEquals(x.multiply(x), BigIntegers.square(x.negate()));
      assertEquals(BigInteger.ZERO, BigIntegers.multiply(x, BigInteger.ZERO));
    }
  }

  @Test
  void quotients() {
    Random random = new Random(2);
    for (int a : new int[] {1, 64, 30_000, 80_000, 80_001, 120_000, 200_003}) {
      for (int b : new int[] {1, 64, 39_999, 40_000, 40_001, 41_000, 60_000, 100_001}) {
        for (int kind = 0; kind < 5; kind++) {
          BigInteger y = operand(random, b, kind);
          BigInteger x = operand(random, a, random.nextInt(5));
          assertArrayEquals(x.divideAndRemainder(y), BigIntegers.divideAndRemainder(x, y), a + " / " + b + " bits");
          // Next to a multiple on both sides, where a quotient off by one would show.
          BigInteger multiple = x.multiply(y);
          for (int off = -1; off <= 1; off++) {
            BigInteger near = multiple.add(BigInteger.valueOf(off));
            assertArrayEquals(near.divideAndRemainder(y), BigIntegers.divideAndRemainder(near, y), a + " + " + b + " bits");
          }
        }
      }
    }
  }
}
