package plumbline.reference.number;

import plumbline.reference.kernel.DoubleProduct;
import plumbline.reference.kernel.Workers;
import plumbline.spec.rounding.Up;

/**
 * What the radii of two factors, n×k and k×m, do to their product: upper bounds of
 * Σ_l |a_il|·rad(b_lj) + rad(a_il)·(|b_lj| + rad(b_lj)). They are two products of binary64 matrices, in which each row of
 * the left factor and each column of the right one is scaled by a power of two, so that its largest numbers are near 1.
 * Numbers that are far smaller are raised; where that might show in a sum, and where a radius is infinite, the sum is taken
 * term by term.
 *
 * <p>It rests on these theorems, proved in Coq ({@code proofs-check/coq}): Ball53.radius_product,
 * Ball53.fused_lower_normal.
 */
final class RadiusProduct {
  /** The least scaled number but 0: no product of two is subnormal. */
  private static final int LEAST = -500;
  /** k times this is far more than what raised numbers may add to a sum, k·2^(LEAST + 2). */
  private static final double SURE = 0x1p-440;

  /** Exponents of two sums that are no further apart are made the same; the sums themselves are between 2^−1000 and 2^34. */
  private static final int NEAR = 400;

  private final Balls a;
  private final Balls b;
  private final int k;
  private final int m;
  private final Scaled rows;
  private final Scaled columns;
  /** Σ |a|·rad(b), scaled; empty if b is exact. */
  private final double[] right;
  /** Σ rad(a)·(|b| + rad(b)), scaled; empty if a is exact. */
  private final double[] left;

  RadiusProduct(Balls a, Balls b, int n, int k, int m) {
    this.a = a;
    this.b = b;
    this.k = k;
    this.m = m;
    rows = Scaled.of(a, n, k, k, 1, !b.areExact(), false);
    columns = Scaled.of(b, m, k, 1, m, !a.areExact(), true);
    right = b.areExact() ? new double[0] : DoubleProduct.multiply(rows.sizes, columns.radii, n, k, m);
    left = a.areExact() ? new double[0] : DoubleProduct.multiply(rows.radii, columns.sizes, n, k, m);
  }

  /** Sets the radius of the kernel to the bound for entry (i, j). */
  // Proof: every factor is 0 or between 2^LEAST and 2, so each fused operation has a relative error of at most 2^−53, and a
  // sum of k terms ≥ 0 one of at most k·2^−53·1.01. To scale the second sum loses at most 2^−1075, and the first is at least
  // 2^(2·LEAST); to add them loses one rounding. The factor, with its own rounding and that of the last product, makes up for
  // all that.
  @SuppressWarnings("rounding")
  void get(int i, int j, BallKernel kernel) {
    Mag radius = kernel.radius();
    radius.setZero();
    boolean raised = rows.isRaised[i] || columns.isRaised[j];
    if (rows.isInfinite[i] || columns.isInfinite[j]
        || raised && (isUnsure(right, i * m + j) || isUnsure(left, i * m + j))) {
      for (int l = 0; l < k && !radius.isInfinite(); l++) {
        kernel.addProductRadius(a, i * k + l, b, l * m + j, radius);
      }
      return;
    }
    double factor = 1 + (k + 8.0) * 0x1p-52;
    double first = right.length == 0 ? 0 : right[i * m + j];
    double second = left.length == 0 ? 0 : left[i * m + j];
    long firstExponent = rows.size[i] + columns.radius[j];
    long secondExponent = rows.radius[i] + columns.size[j];
    long gap = secondExponent - firstExponent;
    if (first != 0 && second != 0 && Math.abs(gap) <= NEAR) {
      radius.set((first + second * Mag.power((int) gap)) * factor, firstExponent);
      return;
    }
    if (first != 0) {
      radius.set(first * factor, firstExponent);
    }
    if (second != 0) {
      double sum = second * factor;
      int exponent = Math.getExponent(sum);
      radius.add(sum * Mag.power(-exponent), secondExponent + exponent);
    }
  }

  private boolean isUnsure(double[] sums, int e) {
    return sums.length > 0 && sums[e] != 0 && sums[e] < k * SURE;
  }

  /** The rows of a left or the columns of a right factor. */
  private static final class Scaled {
    /** Of each line, what {@link #sizes} are scaled by, as a power of two; 0 if there are none. */
    final long[] size;
    /** Of each line, what {@link #radii} are scaled by. */
    final long[] radius;
    final boolean[] isInfinite;
    /** Whether numbers of the line are raised. */
    final boolean[] isRaised;
    /** Upper bounds of midpoints' magnitudes or, where asked for, of the sums of those and the radii. */
    final @Up double[] sizes;
    final @Up double[] radii;

    private Scaled(int lines, int sizes, int radii) {
      size = new long[lines];
      radius = new long[lines];
      isInfinite = new boolean[lines];
      isRaised = new boolean[lines];
      this.sizes = new @Up double[sizes];
      this.radii = new @Up double[radii];
    }

    static Scaled of(Balls a, int lines, int entries, int lineStride, int stride, boolean withSizes, boolean addRadii) {
      Scaled scaled = new Scaled(lines, withSizes ? a.size : 0, a.areExact() ? 0 : a.size);
      if (withSizes || !a.areExact()) {
        Workers.run(lines, Balls.TASK / Math.max(1, entries), (from, to) -> {
          for (int i = from; i < to; i++) {
            scaled.set(a, i, i * lineStride, i * lineStride + entries * stride, stride, addRadii);
          }
        });
      }
      return scaled;
    }

    /** Line i, entries from {@code first} on. */
    private void set(Balls a, int i, int first, int end, int stride, boolean addRadii) {
      Span mids = new Span();
      Span rads = new Span();
      for (int e = first; e < end; e += stride) {
        if (a.signs[e] != 0) {
          mids.add(a.exponent(e) - 1);
        }
        if (a.isWhole(e)) {
          isInfinite[i] = true;
        } else if (!a.isExact(e)) {
          rads.add(a.radiusExponent(e));
        }
      }
      long top = Math.max(mids.most, rads.most);
      size[i] = top == Long.MIN_VALUE ? 0 : top;
      radius[i] = rads.most == Long.MIN_VALUE ? 0 : rads.most;
      isRaised[i] = mids.isBelow(size[i] + LEAST) || rads.isBelow(size[i] + LEAST) || rads.isBelow(radius[i] + LEAST);
      for (int e = first; e < end && !isInfinite[i]; e += stride) {
        if (sizes.length > 0) {
          sizes[e] = size(a, e, size[i], addRadii);
        }
        if (radii.length > 0) {
          radii[e] = a.radius(e, radius[i], LEAST);
        }
      }
    }

    // Proof: nextUp makes up for the rounding of the sum.
    @SuppressWarnings("rounding")
    private static @Up double size(Balls a, int e, long scale, boolean addRadius) {
      double size = a.magnitude(e, scale, LEAST);
      double radius = addRadius ? a.radius(e, scale, LEAST) : 0;
      return radius == 0 ? size : Math.nextUp(size + radius);
    }
  }

  /** The range of some exponents. */
  private static final class Span {
    long most = Long.MIN_VALUE;
    long least = Long.MAX_VALUE;

    void add(long exponent) {
      most = Math.max(most, exponent);
      least = Math.min(least, exponent);
    }

    boolean isBelow(long exponent) {
      return least < exponent;
    }
  }
}
