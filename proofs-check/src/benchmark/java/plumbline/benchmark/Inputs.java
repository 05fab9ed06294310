package plumbline.benchmark;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Operands from a fixed seed. */
final class Inputs {
  private static final long SEED = 20250206;

  private Inputs() {}

  /** The bits that hold this many digits: ⌈digits · log2 10⌉. */
  static int bits(int digits) {
    return BigInteger.TEN.pow(digits).subtract(BigInteger.ONE).bitLength();
  }

  /** Two n×n matrices of balls: midpoints uniform in (−1, 1), with all bits; radii of one unit in the last of them. */
  static InputFile products(int n, int digits) {
    int bits = bits(digits);
    Random random = new Random(SEED);
    return new InputFile(digits, bits, both(n, () -> new Enclosure(uniform(random, bits), -bits, BigInteger.ONE, -bits)));
  }

  /** Two n×n matrices of doubles, uniform in (−1, 1). */
  static InputFile doubles(int n) {
    Random random = new Random(SEED);
    return new InputFile(16, 53, both(n, () -> Enclosure.exactly(uniform(random, 53), -53)));
  }

  /** An n×n matrix of exact numbers, uniform in (−8, 8). */
  static InputFile arguments(int n, int digits) {
    int bits = bits(digits);
    Random random = new Random(SEED);
    return new InputFile(digits, bits, Map.of("A", matrix(n, n, () -> Enclosure.exactly(uniform(random, bits), 3L - bits))));
  }

  /** Two integers of all the bits. */
  static InputFile integers(int digits) {
    int bits = bits(digits);
    Random random = new Random(SEED);
    return new InputFile(digits, bits, both(1, () -> Enclosure.exactly(new BigInteger(bits, random).setBit(bits - 1), 0)));
  }

  /**
   * A layer of attention and its n tokens of width d, all binary64: tokens normal, weights normal with deviation 1/√d, those of
   * scores half of that, so that scores are some units large.
   */
  static InputFile attention(int n, int d, int digits) {
    Random random = new Random(SEED);
    Map<String, Entries> matrices = new LinkedHashMap<>();
    matrices.put("X", matrix(n, d, () -> Enclosure.exactly(random.nextGaussian())));
    for (String name : List.of("W_Q", "W_K", "W_V")) {
      double deviation = (name.equals("W_V") ? 1 : 0.5) / Math.sqrt(d);
      matrices.put(name, matrix(d, d, () -> Enclosure.exactly(deviation * random.nextGaussian())));
    }
    return new InputFile(digits, digits <= 16 ? 53 : bits(digits), matrices);
  }

  private interface Source {
    Enclosure next();
  }

  private static Map<String, Entries> both(int n, Source source) {
    Map<String, Entries> matrices = new LinkedHashMap<>();
    matrices.put("A", matrix(n, n, source));
    matrices.put("B", matrix(n, n, source));
    return matrices;
  }

  private static Entries matrix(int rows, int columns, Source source) {
    List<Enclosure> values = new ArrayList<>(rows * columns);
    for (int k = 0; k < rows * columns; k++) {
      values.add(source.next());
    }
    return new Entries(rows, columns, values);
  }

  private static BigInteger uniform(Random random, int bits) {
    BigInteger m = new BigInteger(bits, random);
    return random.nextBoolean() ? m : m.negate();
  }
}
