package plumbline.reference.kernel;

import java.util.Arrays;

/**
 * Exact products of matrices of long integers. Both factors are reduced modulo so many primes of 24 bits that the residues
 * determine each entry of the product. Modulo each prime it is a product of binary64 matrices in which every partial sum is
 * an integer below 2^53, so that nothing is rounded. Then the entries are put together again from their residues (see {@link
 * Moduli}). The changes of representation are exact products of binary64 matrices too: digits of 24 bits times the residues
 * of powers of 2^24, and residues times digits.
 *
 * <p>It rests on these theorems, proved in Coq ({@code proofs-check/coq}): Ball53.fused_exact.
 */
public final class IntegerProduct {
  /** Entries whose digits or residues are at hand at one time. */
  private static final int CHUNK = 256;
  /** Residues of the factors and the product that are at hand at one time. */
  private static final int ROOM = 1 << 24;
  /** So many products of residues are worth a task for another thread. */
  private static final long TASK = 1 << 20;
  /** With fewer, threads would wait for each other's last prime. */
  private static final int PRIMES_PER_THREAD = 6;

  private final Factor a;
  private final Factor b;
  private final int n;
  private final int k;
  private final int m;
  private final Moduli moduli;
  private final double[] powersA;
  private final double[] powersB;
  private final int limbs;
  private final long[] product;

  /**
   * A row-major matrix of integers of at most {@code bits} bits: entry e is {@code signs[e]} times
   * ⌊M·2^(bits − 64·limbs − shifts[e])⌋, where M is the natural number in {@code mantissas[e·limbs .. (e + 1)·limbs)}, least
   * significant limb first, and shifts[e] ≥ 0.
   */
  public record Factor(long[] mantissas, int limbs, byte[] signs, int[] shifts, int bits) {
    int digits() {
      return (bits + Moduli.DIGIT - 1) / Moduli.DIGIT;
    }
  }

  private IntegerProduct(Factor a, Factor b, int n, int k, int m, long[] product) {
    this.a = a;
    this.b = b;
    this.n = n;
    this.k = k;
    this.m = m;
    moduli = Moduli.of(primes(a.bits, b.bits, k));
    powersA = moduli.powers(a.digits(), false);
    powersB = moduli.powers(b.digits(), true);
    limbs = limbs(a.bits, b.bits, k);
    this.product = product;
  }

  /** The number of primes that the product of factors of so many bits takes. */
  public static int primes(int bitsA, int bitsB, int k) {
    return Moduli.countFor(magnitude(bitsA, bitsB, k));
  }

  /** Whether there are primes enough. */
  public static boolean isPossible(int bitsA, int bitsB, int k) {
    return primes(bitsA, bitsB, k) <= Moduli.MAX_COUNT;
  }

  /** The 64-bit limbs of an entry of the product, with its sign. */
  public static int limbs(int bitsA, int bitsB, int k) {
    return (int) (magnitude(bitsA, bitsB, k) / 64) + 1;
  }

  /** An entry of the product is at most 2 to this in magnitude. */
  private static long magnitude(int bitsA, int bitsB, int k) {
    return (long) bitsA + bitsB + 32 - Integer.numberOfLeadingZeros(k);
  }

  /**
   * Writes the product of an n×k and a k×m matrix, none of n, k, m 0, to the beginning of {@code product}: row-major, entries
   * of {@link #limbs} limbs each in two's complement, least significant limb first.
   */
  public static void multiply(Factor a, Factor b, int n, int k, int m, long[] product) {
    new IntegerProduct(a, b, n, k, m, product).compute();
  }

  /** Block by block of the product, so large that all residues fit. */
  private void compute() {
    int side = (int) Math.sqrt(ROOM / 3.0 / moduli.count) / Moduli.TERMS * Moduli.TERMS;
    side = Math.max(side, Moduli.TERMS);
    int rows = Math.min(side, n);
    int columns = Math.min(side, m);
    int depth = Math.min(side, k);
    int y = moduli.count * rows * depth;
    int z = y + moduli.count * depth * columns;
    double[] room = Room.DOUBLES.take(z + moduli.count * rows * columns);
    for (int i = 0; i < n; i += rows) {
      int height = Math.min(rows, n - i);
      for (int j = 0; j < m; j += columns) {
        int width = Math.min(columns, m - j);
        for (int l = 0; l < k; l += depth) {
          int inner = Math.min(depth, k - l);
          residues(a, powersA, i * k + l, k, height, inner, room, 0);
          residues(b, powersB, l * m + j, m, inner, width, room, y);
          products(room, 0, y, z, height, inner, width, l > 0);
        }
        recombine(room, z, i * m + j, height, width);
      }
    }
    Room.DOUBLES.giveBack(room);
  }

  /** The residues of a block of a factor, one matrix after the other. */
  private void residues(Factor f, double[] powers, int first, int stride, int rows, int columns, double[] to, int at) {
    int size = rows * columns;
    int digits = f.digits();
    Workers.run((size + CHUNK - 1) / CHUNK, least((long) moduli.count * digits), (fromChunk, toChunk) -> {
      double[] d = new double[(digits + 7) / 8 * 8 * CHUNK];
      long[] scratch = new long[(digits + 7) / 8 * 3 + 1];
      for (int from = fromChunk * CHUNK; from < Math.min(size, toChunk * CHUNK); from += CHUNK) {
        int count = Math.min(CHUNK, size - from);
        int column = from % columns;
        int entry = first + from / columns * stride + column;
        for (int e = 0; e < count; e++) {
          digits(f, entry++, digits, scratch, d, e);
          if (++column == columns) {
            column = 0;
            entry += stride - columns;
          }
        }
        for (int p = 0; p < moduli.count; p++) {
          Arrays.fill(to, at + p * size + from, at + p * size + from + count, 0);
        }
        for (int t = 0; t < digits; t += Moduli.DIGIT_TERMS) {
          DoubleProduct.multiplyAdd(powers, t, digits, d, t * CHUNK, CHUNK, to, at + from, size,
              moduli.count, Math.min(Moduli.DIGIT_TERMS, digits - t), count);
          for (int p = 0; p < moduli.count; p++) {
            moduli.reduce(to, at + p * size + from, at + p * size + from + count, p);
          }
        }
      }
    });
  }

  /**
   * Writes the digits of an entry, highest first, to the column {@code e} of {@code d}. It has rows for a multiple of 8
   * digits; what comes in those that are too many is below the last bit.
   */
  private static void digits(Factor f, int entry, int digits, long[] scratch, double[] d, int e) {
    double sign = f.signs[entry];
    int n = scratch.length - 1;
    long shift = (long) f.shifts[entry] + digits * Moduli.DIGIT - f.bits;
    align(f.mantissas, entry * f.limbs, f.limbs, shift, scratch, n);
    int at = e;
    long mask = (1L << Moduli.DIGIT) - 1;
    for (int i = n - 1; i > 0; i -= 3) {
      long high = scratch[i];
      long middle = scratch[i - 1];
      long low = scratch[i - 2];
      d[at] = sign * (high >>> 40);
      d[at + CHUNK] = sign * (high >>> 16 & mask);
      d[at + 2 * CHUNK] = sign * ((high << 8 | middle >>> 56) & mask);
      d[at + 3 * CHUNK] = sign * (middle >>> 32 & mask);
      if (at + 4 * CHUNK >= digits * CHUNK) {
        return;
      }
      d[at + 4 * CHUNK] = sign * (middle >>> 8 & mask);
      d[at + 5 * CHUNK] = sign * ((middle << 16 | low >>> 48) & mask);
      d[at + 6 * CHUNK] = sign * (low >>> 24 & mask);
      d[at + 7 * CHUNK] = sign * (low & mask);
      at += 8 * CHUNK;
    }
  }

  /** Copies a number to the top of {@code to[0..n)}, moved down by {@code shift} bits; lower bits are lost. */
  private static void align(long[] from, int at, int limbs, long shift, long[] to, int n) {
    int skip = (int) Math.min(shift >>> 6, n);
    int down = (int) shift & 63;
    int i = n - 1;
    for (int s = 0; s < skip; s++) {
      to[i--] = 0;
    }
    long above = 0;
    for (int l = limbs - 1; l >= 0 && i >= 0; l--) {
      long limb = from[at + l];
      // Two shifts, for one by 64 would do nothing.
      to[i--] = above << 1 << 63 - down | limb >>> down;
      above = limb;
    }
    if (i >= 0) {
      to[i--] = above << 1 << 63 - down;
    }
    while (i >= 0) {
      to[i--] = 0;
    }
  }

  /** The residues at x times those at y, added to those at z, or to 0. Threads share the primes, or few primes each product. */
  private void products(double[] room, int x, int y, int z, int n, int k, int m, boolean add) {
    boolean share = moduli.count >= PRIMES_PER_THREAD * Workers.threads();
    Workers.run(moduli.count, share ? (int) Math.max(1, TASK / ((long) n * k * m)) : moduli.count, (from, to) -> {
      for (int p = from; p < to; p++) {
        int end = z + (p + 1) * n * m;
        if (!add) {
          Arrays.fill(room, end - n * m, end, 0);
        }
        for (int l = 0; l < k; l += Moduli.TERMS) {
          DoubleProduct.multiplyAdd(room, x + p * n * k + l, k, room, y + p * k * m + l * m, m, room, end - n * m, m,
              n, Math.min(Moduli.TERMS, k - l), m, !share);
          moduli.reduce(room, end - n * m, end, p);
        }
      }
    });
  }

  /** Puts the entries of a block of the product together. */
  private void recombine(double[] residues, int at, int first, int rows, int columns) {
    int size = rows * columns;
    int count = moduli.count;
    // Eight digits for each three limbs; those of higher digits do not matter.
    int places = (limbs + 2) / 3 * 8;
    int height = 1 + Math.min(moduli.digits, places);
    Workers.run((size + CHUNK - 1) / CHUNK, least((long) height * count), (fromChunk, toChunk) -> {
      double[] d = new double[(1 + places) * CHUNK];
      double[] quotients = new double[CHUNK];
      double[] carried = new double[CHUNK];
      double[] sums = new double[CHUNK];
      for (int from = fromChunk * CHUNK; from < Math.min(size, toChunk * CHUNK); from += CHUNK) {
        int width = Math.min(CHUNK, size - from);
        Arrays.fill(d, 0);
        for (int p = 0; p < count; p += Moduli.TERMS) {
          DoubleProduct.multiplyAdd(moduli.recombination, p, count, residues, at + p * size + from, size, d, 0, CHUNK,
              height, Math.min(Moduli.TERMS, count - p), width);
          carry(d, places, p + Moduli.TERMS >= count, quotients, carried, sums);
        }
        int column = from % columns;
        int entry = first + from / columns * m + column;
        for (int e = 0; e < width; e++) {
          store(d, CHUNK + e, entry++ * limbs);
          if (++column == columns) {
            column = 0;
            entry += m - columns;
          }
        }
      }
    });
  }

  /**
   * Carries in columns of {@code places} sums, lowest first, below a row of quotients: the sums become digits from 0 to
   * 2^24 − 1, modulo 2^(24·places). At last, M times the quotient is subtracted. All numbers are integers below 2^53 in
   * magnitude, so that nothing is rounded but the quotients.
   */
  // A digit and 128 products of residues and balanced digits are at most 2^53 − 2^46 + 2^24, what is carried at most 2^29,
  // and a quotient times a digit of M at most 2^33.
  private void carry(double[] d, int places, boolean last, double[] quotients, double[] carried, double[] sums) {
    System.arraycopy(d, 0, quotients, 0, CHUNK);
    for (int e = 0; e < CHUNK; e++) {
      quotients[e] = Math.rint(quotients[e]);
    }
    Arrays.fill(carried, 0);
    for (int r = 0; r < places; r++) {
      System.arraycopy(d, (1 + r) * CHUNK, sums, 0, CHUNK);
      carry(sums, carried, quotients, last && r < moduli.digits ? moduli.negativeProduct[r] : 0);
      System.arraycopy(sums, 0, d, (1 + r) * CHUNK, CHUNK);
    }
  }

  /** One place; a loop whose indices are all the same, for only that becomes vector instructions. */
  private static void carry(double[] sums, double[] carried, double[] quotients, double factor) {
    for (int e = 0; e < CHUNK; e++) {
      double x = sums[e] + carried[e] + factor * quotients[e];
      double above = Math.floor(x * 0x1p-24);
      sums[e] = x - above * 0x1p24;
      carried[e] = above;
    }
  }

  /** The digits from {@code d[e]} on as an integer in two's complement. */
  private void store(double[] d, int e, int to) {
    int end = to + limbs;
    while (to < end) {
      long middle = (long) d[e + 2 * CHUNK];
      product[to++] = (long) d[e] | (long) d[e + CHUNK] << 24 | middle << 48;
      if (to < end) {
        long high = (long) d[e + 5 * CHUNK];
        product[to++] = middle >>> 16 | (long) d[e + 3 * CHUNK] << 8 | (long) d[e + 4 * CHUNK] << 32 | high << 56;
        if (to < end) {
          product[to++] = high >>> 8 | (long) d[e + 6 * CHUNK] << 16 | (long) d[e + 7 * CHUNK] << 40;
        }
      }
      e += 8 * CHUNK;
    }
  }

  /** How many chunks of entries with so many terms each are worth a task. */
  private static int least(long work) {
    return (int) Math.max(1, TASK / work / CHUNK);
  }
}
