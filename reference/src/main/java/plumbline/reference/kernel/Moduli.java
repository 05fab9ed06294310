package plumbline.reference.kernel;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * The largest primes p below 2^24 − 2^18 and what it takes to go from integers to residues and back. Residues r are
 * balanced: |r| ≤ p/2 + 2, hence |r| &lt; 2^23 − 2^16.
 *
 * <p>Let M be the product of the primes and w_p the inverse of M/p mod p. For an integer X with |X| ≤ M/4 and residues
 * y_p ≡ w_p·X mod p, X = Σ y_p·(M/p) − q·M, where q is the integer nearest to Σ y_p/p: the two sides are congruent modulo
 * each prime if q is any integer, and Σ y_p/p = X/M + q, where |X/M| ≤ 1/4.
 *
 * <p>It rests on these theorems, proved in Coq ({@code proofs-check/coq}): Moduli.residues_determine,
 * Moduli.recombination, Moduli.nearest_quotient.
 */
final class Moduli {
  /** Bits of a digit. */
  static final int DIGIT = 24;
  /** So many products of two residues, and a residue, are below 2^53 in sum: 128·(2^23 − 2^16)² + 2^23 &lt; 2^53. */
  static final int TERMS = 128;
  /** So many products of a digit below 2^24 and a residue, and a residue, are. */
  static final int DIGIT_TERMS = 64;
  /** More primes would make tables too large. */
  static final int MAX_COUNT = 1024;

  private static final int BELOW = (1 << 24) - (1 << 18);
  /** Every prime is above 2^(PRIME_BITS / 1000). */
  private static final int PRIME_MILLIBITS = 23975;
  private static final double[] PRIMES = primes();
  private static final SoftCache<Moduli> KNOWN = new SoftCache<>();

  final int count;
  /** Digits that hold the number M and those M/p, balanced. */
  final int digits;
  /** In column p first 1/p, then the digits of M/p, lowest first, each of at most 2^23 in magnitude. */
  final double[] recombination;
  /** Digits of −M, balanced. */
  final double[] negativeProduct;
  private final double[] weights;

  private Moduli(int count) {
    this.count = count;
    BigInteger product = BigInteger.ONE;
    for (int p = 0; p < count; p++) {
      product = product.multiply(BigInteger.valueOf((long) PRIMES[p]));
    }
    digits = product.bitLength() / DIGIT + 2;
    recombination = new double[(digits + 1) * count];
    weights = new double[count];
    for (int p = 0; p < count; p++) {
      BigInteger prime = BigInteger.valueOf((long) PRIMES[p]);
      BigInteger cofactor = product.divide(prime);
      weights[p] = cofactor.mod(prime).modInverse(prime).doubleValue();
      spread(cofactor, recombination, count + p, count, digits);
      recombination[p] = 1 / PRIMES[p];
    }
    negativeProduct = new double[digits];
    spread(product.negate(), negativeProduct, 0, 1, digits);
  }

  /** The first {@code count} primes. */
  static Moduli of(int count) {
    return KNOWN.get(count, Moduli::new);
  }

  /** How many primes determine integers of magnitude up to 2^{@code bits}: M is above 2^(bits + 2). */
  static int countFor(long bits) {
    return Math.toIntExact(((bits + 2) * 1000 + PRIME_MILLIBITS - 1) / PRIME_MILLIBITS);
  }

  double prime(int p) {
    return PRIMES[p];
  }

  /**
   * A count×{@code length} table: in row p the residues of 2^(24·(length − 1)), …, 2^24, 1 modulo the p-th prime, times w_p
   * if {@code weighted}.
   */
  double[] powers(int length, boolean weighted) {
    double[] table = new double[count * length];
    for (int p = 0; p < count; p++) {
      long prime = (long) PRIMES[p];
      long power = weighted ? (long) weights[p] : 1;
      for (int t = length - 1; t >= 0; t--) {
        table[p * length + t] = power > prime / 2 ? power - prime : power;
        power = (power << DIGIT) % prime;
      }
    }
    return table;
  }

  /** Replaces the integers x[from..to), |x| ≤ 2^53, by balanced residues modulo the p-th prime. */
  // q is nearest to x/p up to an error of 2^30·2^−52 of the quotient, so |x − q·p| ≤ p/2 + 2: the fused operation is exact.
  void reduce(double[] x, int from, int to, int p) {
    double prime = PRIMES[p];
    double inverse = 1 / prime;
    for (int i = from; i < to; i++) {
      double q = x[i] * inverse + 0x1.8p52 - 0x1.8p52;
      x[i] = Math.fma(-q, prime, x[i]);
    }
  }

  /** Writes balanced digits, −2^23 ≤ d &lt; 2^23. */
  private static void spread(BigInteger value, double[] to, int at, int stride, int length) {
    int half = 1 << (DIGIT - 1);
    for (int d = 0; d < length; d++) {
      int low = (value.intValue() & 2 * half - 1);
      int digit = low >= half ? low - 2 * half : low;
      to[at + d * stride] = digit;
      value = value.subtract(BigInteger.valueOf(digit)).shiftRight(DIGIT);
    }
    if (value.signum() != 0) {
      throw new IllegalStateException("too few digits");
    }
  }

  private static double[] primes() {
    int size = 1 << 15;
    boolean[] composite = new boolean[size];
    // composite[i]: BELOW − 1 − i has a divisor below 2^12.
    for (int d = 2; d < 1 << 12; d++) {
      for (int i = (BELOW - 1) % d; i < size; i += d) {
        composite[i] = true;
      }
    }
    double[] primes = new double[size];
    int count = 0;
    for (int i = 0; i < size && count < MAX_COUNT; i++) {
      if (!composite[i]) {
        primes[count++] = BELOW - 1 - i;
      }
    }
    return Arrays.copyOf(primes, count);
  }
}
