package plumbline.reference.number;

import java.util.Arrays;
import plumbline.reference.kernel.Workers;

/**
 * A matrix in block floating point: the midpoints of each row, or of each column, under one exponent.
 */
final class BlockFloats {
  /** No shift is larger: what is so far down is beyond every length. */
  private static final int FAR = 1 << 30;

  /** Of each line, the least s with |midpoint| &lt; 2^s for all its entries; 0 for a line of zeros. */
  final long[] exponents;
  /** Of each line, how many bits below 2^s its midpoints have; at most 2^30 are counted. */
  final int[] lengths;
  /** Of each entry, how far its exponent is below that of its line; at most 2^30. */
  final int[] shifts;
  /** The greatest length, at least 1. */
  final int bits;

  static BlockFloats byRow(Balls a, int rows, int columns) {
    return of(a, rows, columns, columns, 1);
  }

  static BlockFloats byColumn(Balls a, int rows, int columns) {
    return of(a, columns, rows, 1, columns);
  }

  private BlockFloats(long[] exponents, int[] lengths, int[] shifts) {
    this.exponents = exponents;
    this.lengths = lengths;
    this.shifts = shifts;
    bits = Math.max(1, Arrays.stream(lengths).max().orElse(1));
  }

  private static BlockFloats of(Balls a, int lines, int entries, int lineStride, int stride) {
    long[] exponents = new long[lines];
    int[] lengths = new int[lines];
    int[] shifts = new int[a.size];
    Workers.run(lines, Balls.TASK / Math.max(1, entries), (from, to) -> {
      for (int i = from; i < to; i++) {
        int first = i * lineStride;
        int end = first + entries * stride;
        long top = Long.MIN_VALUE;
        for (int e = first; e < end; e += stride) {
          if (a.signs[e] != 0) {
            top = Math.max(top, a.exponent(e));
          }
        }
        long length = 0;
        for (int e = first; e < end; e += stride) {
          if (a.signs[e] != 0) {
            long shift = top - a.exponent(e);
            shifts[e] = (int) Math.min(shift, FAR);
            length = Math.max(length, shift + a.length(e));
          }
        }
        exponents[i] = length == 0 ? 0 : top;
        lengths[i] = (int) Math.min(length, FAR);
      }
    });
    return new BlockFloats(exponents, lengths, shifts);
  }
}
