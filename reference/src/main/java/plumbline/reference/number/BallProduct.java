package plumbline.reference.number;

import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.kernel.IntegerProduct;
import plumbline.reference.kernel.IntegerProduct.Factor;
import plumbline.reference.kernel.Room;
import plumbline.reference.kernel.Workers;

/**
 * One matrix product of balls: (n×k)·(k×m). The midpoint of an entry is its dot product of midpoints rounded once, from a
 * sum that is exact or has an error too small to matter: below 2^−8 ulp of the result, or below the radius that comes from
 * the factors' radii. What error there is, is added to the radius. (Where exponents spread extremely, see {@link
 * DotProduct}.)
 *
 * <p>Larger products go through {@link IntegerProduct}. Rows of the left factor and columns of the right one are scaled to
 * integers of f and g bits: with |a_il| &lt; 2^s and |b_lj| &lt; 2^t for all l,
 * a_il = 2^(s − f)·(x_il + ξ_il) and b_lj = 2^(t − g)·(y_lj + η_lj),
 * where x and y are rounded towards 0, so |ξ|, |η| &lt; 1, and all ξ of a row (η of a column) are 0 if f (g) bits suffice
 * for it. The product of x and y is exact. From a·b − 2^(s + t − f − g)·x·y = 2^(s − f)·ξ·b + 2^(s − f)·x·2^(t − g)·η and
 * |2^(s − f)·x| ≤ |a| it follows that
 *
 * <pre>|Σ_l a_il·b_lj − 2^(s + t − f − g)·Σ_l x_il·y_lj| &lt; k·2^(s + t)·(2^−f + 2^−g),</pre>
 *
 * <p>where 2^−f counts only if the row has remainders, and 2^−g if the column has. Entries for which that is not small
 * enough, and those without a radius whose exact value may have no more bits than a midpoint, are summed anew by a {@link
 * DotProduct}.
 *
 * <p>It rests on these theorems, proved in Coq ({@code proofs-check/coq}): Enclosures.ball_matrix_product,
 * Enclosures.fixed_point_product.
 */
final class BallProduct {
  /** A scaled factor has so many bits more than a midpoint, and as many more as k has: ordinary rows have no remainders. */
  private static final int GUARD = 16;

  private final Balls a;
  private final Balls b;
  private final int bits;
  private final int n;
  private final int k;
  private final int m;
  private final RadiusProduct radii;
  private final @Nullable Blocks blocks;

  /** Scaled factors and the product of their integers. */
  private static final class Blocks {
    final BlockFloats a;
    final BlockFloats b;
    final int bitsA;
    final int bitsB;
    final int limbs;
    final long[] product;

    Blocks(Balls a, Balls b, int n, int k, int m) {
      int most = a.bits + GUARD + log(k);
      this.a = BlockFloats.byRow(a, n, k);
      this.b = BlockFloats.byColumn(b, k, m);
      bitsA = Math.min(this.a.bits, most);
      bitsB = Math.min(this.b.bits, most);
      limbs = IntegerProduct.limbs(bitsA, bitsB, k);
      product = Room.LONGS.take(Math.multiplyExact(Math.multiplyExact(n, m), limbs));
      IntegerProduct.multiply(new Factor(a.mantissas, a.limbs, a.signs, this.a.shifts, bitsA),
          new Factor(b.mantissas, b.limbs, b.signs, this.b.shifts, bitsB), n, k, m, product);
    }
  }

  private BallProduct(Balls a, Balls b, int n, int k, int m, boolean scaled) {
    this.a = a;
    this.b = b;
    bits = a.bits;
    this.n = n;
    this.k = k;
    this.m = m;
    radii = new RadiusProduct(a, b, n, k, m);
    blocks = scaled ? new Blocks(a, b, n, k, m) : null;
  }

  /** The product of balls of one precision. */
  static Balls multiply(Balls a, Balls b, int n, int k, int m) {
    return multiply(a, b, n, k, m, isWorthScaling(a.bits, n, k, m));
  }

  /** The same, by integers (then none of n, k, m is 0) or by dot products. */
  static Balls multiply(Balls a, Balls b, int n, int k, int m, boolean scaled) {
    return new BallProduct(a, b, n, k, m, scaled).compute();
  }

  /**
   * Whether a product by integers takes less time. By measurement at 53 to 10,000 bits, to split an entry of a factor into
   * residues takes as long as one term of a dot product, to make one of the product from them as long as three, and the
   * tables and all else of small products as long as 256; what terms take besides, a tenth or less, is left out.
   */
  private static boolean isWorthScaling(int bits, int n, int k, int m) {
    int most = bits + GUARD + log(k);
    return IntegerProduct.isPossible(most, most, k)
        && (double) n * k * m > (double) n * k + (double) k * m + 3.0 * n * m + 256;
  }

  /** k is below 2 to this. */
  private static int log(int k) {
    return 32 - Integer.numberOfLeadingZeros(k);
  }

  private Balls compute() {
    Balls d = new Balls(bits, Math.multiplyExact(n, m));
    Workers.run(n, 1 + 1000 / Math.max(1, m), (from, to) -> {
      Balls part = new Balls(bits, (to - from) * m);
      BallKernel kernel = new BallKernel(bits);
      DotProduct dots = new DotProduct(a, b, k, m, kernel);
      Sums sums = blocks == null ? null : new Sums(blocks, kernel);
      for (int i = from; i < to; i++) {
        row(i, part, (i - from) * m, kernel, dots, sums);
      }
      synchronized (d) {
        d.copyRange(from * m, part, 0, part.size);
      }
    });
    if (blocks != null) {
      Room.LONGS.giveBack(blocks.product);
    }
    return d;
  }

  /** Stores row i from entry {@code e} on. */
  private void row(int i, Balls d, int e, BallKernel kernel, DotProduct dots, @Nullable Sums sums) {
    for (int j = 0; j < m; j++) {
      radii.get(i, j, kernel);
      if (sums == null || !sums.store(d, e + j, i, j)) {
        dots.store(d, e + j, i, j);
      }
    }
  }

  /** Midpoints from the product of integers. */
  private final class Sums {
    private final Blocks blocks;
    private final BallKernel kernel;
    private final long[] sum;
    private final Mag error = new Mag();

    Sums(Blocks blocks, BallKernel kernel) {
      this.blocks = blocks;
      this.kernel = kernel;
      sum = new long[blocks.limbs];
    }

    /** Stores entry (i, j), whose radius the kernel holds, as entry {@code e}, unless its error is too large. */
    boolean store(Balls d, int e, int i, int j) {
      int limbs = sum.length;
      int sign = Limbs.magnitude(blocks.product, (i * m + j) * limbs, sum, 0, limbs);
      long top = blocks.a.exponents[i] + blocks.b.exponents[j];
      long unit = top - blocks.bitsA - blocks.bitsB;
      boolean lossA = blocks.a.lengths[i] > blocks.bitsA;
      boolean lossB = blocks.b.lengths[j] > blocks.bitsB;
      if (lossA || lossB) {
        // The exact sum is less than 2^lost integers away: 2^bitsB·k for a's remainders and 2^bitsA·k for b's.
        int lost = log(k) + (lossA && lossB ? Math.max(blocks.bitsA, blocks.bitsB) + 1 : lossA ? blocks.bitsB : blocks.bitsA);
        error.setPower(unit + lost);
        Mag radius = kernel.radius();
        int length = Limbs.bitLength(sum, limbs);
        if (error.compareTo(radius) > 0 && length < lost + bits + 8
            || radius.isZero() && Limbs.areEqual(sum, lost, length - bits)) {
          return false;
        }
        radius.add(error);
      }
      kernel.store(d, e, sign, sum, limbs, unit + 64L * limbs);
      return true;
    }
  }
}
