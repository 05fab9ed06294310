package plumbline.reference.envelope;

import static plumbline.reference.number.Directed.addUp;
import static plumbline.reference.number.Directed.mulUp;

import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.Directed;
import plumbline.reference.number.Magnitudes;
import plumbline.spec.rounding.Up;

/**
 * Upper bounds of Euclidean norms. Where many small errors meet in a matrix product, the norm of a row of errors grows with the
 * largest singular value of the other factor, which for usual weights is far less than the sums of absolute values that entry by
 * entry bounds grow with.
 */
final class Norms {
  private Norms() {}

  /** Norms of the lines of an array: rows for (count, length, length, 1), columns for (count, length, 1, count). */
  static @Up double[] of(@Up double[] values, int count, int length, int lineStep, int entryStep) {
    @Up double[] norms = new @Up double[count];
    for (int line = 0; line < count; line++) {
      @Up double sum = 0;
      for (int l = 0, e = line * lineStep; l < length; l++, e += entryStep) {
        sum = addUp(sum, mulUp(values[e], values[e]));
      }
      norms[line] = Directed.sqrtUp(sum);
    }
    return norms;
  }

  static @Up double[] rows(@Up double[] values, int rows, int columns) {
    return of(values, rows, columns, columns, 1);
  }

  static @Up double[] columns(@Up double[] values, int rows, int columns) {
    return of(values, columns, rows, 1, columns);
  }

  /** Entry by entry the smaller one; {@code null} is no bound. */
  static @Up double[] smaller(@Up double @Nullable [] a, @Up double[] b) {
    if (a == null) {
      return b;
    }
    @Up double[] result = new @Up double[b.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = a[i] < b[i] ? a[i] : b[i];
    }
    return result;
  }

  /** Entry by entry the sum; {@code null}, no bound, if either is. */
  static @Up double @Nullable [] sum(@Up double @Nullable [] a, @Up double @Nullable [] b) {
    if (a == null || b == null) {
      return null;
    }
    return Magnitudes.sum(a, b);
  }

  /** Every bound times a factor. */
  static @Up double[] scaled(@Up double[] norms, @Up double factor) {
    @Up double[] result = new @Up double[norms.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = norms[i] == 0 ? 0 : mulUp(norms[i], factor);
    }
    return result;
  }

  /** √(a² + b²). */
  static @Up double hypot(@Up double a, @Up double b) {
    return Directed.sqrtUp(addUp(mulUp(a, a), mulUp(b, b)));
  }

  /**
   * Norms of lines that are gathered from rows of known norms: entries that follow each other in one old row are a part of that
   * row, so their norm is at most the row's, and at most their own bounds'.
   *
   * @param source old entry of each new one, or −1 for an exact zero; the new lines are as in {@link #of}
   * @param width columns of the old matrix
   */
  static @Up double[] gathered(int[] source, @Up double[] errors, @Up double[] rowNorms, int width, int count, int length,
      int lineStep, int entryStep) {
    @Up double[] norms = new @Up double[count];
    for (int line = 0; line < count; line++) {
      @Up double squares = 0;
      @Up double part = 0;
      int row = -1;
      int last = -1;
      for (int l = 0, e = line * lineStep; l < length; l++, e += entryStep) {
        int from = source[e];
        if (from < 0) {
          continue;
        }
        if (from / width != row || from <= last) {
          squares = addUp(squares, row < 0 ? 0 : capped(part, rowNorms[row]));
          part = 0;
          row = from / width;
        }
        last = from;
        part = addUp(part, mulUp(errors[from], errors[from]));
      }
      norms[line] = Directed.sqrtUp(addUp(squares, row < 0 ? 0 : capped(part, rowNorms[row])));
    }
    return norms;
  }

  private static @Up double capped(@Up double squares, @Up double norm) {
    @Up double limit = mulUp(norm, norm);
    return squares < limit ? squares : limit;
  }

  /**
   * The largest singular value of any matrix in the enclosure, or more: for G = WWᵀ or WᵀW, σ² = λ(G) ≤ ‖G‖_∞ and
   * σ⁴ = λ(G²) ≤ ‖G²‖_∞.
   */
  static @Up double spectral(Ball53Matrix w) {
    Ball53Matrix wide = w.rows() <= w.columns() ? w : w.transpose();
    Ball53Matrix gram = wide.times(wide.transpose());
    @Up double once = largestRowSum(gram);
    @Up double twice = Directed.sqrtUp(largestRowSum(gram.times(gram)));
    return Directed.sqrtUp(once < twice ? once : twice);
  }

  private static @Up double largestRowSum(Ball53Matrix matrix) {
    @Up double largest = 0;
    @Up double[] sizes = matrix.magnitudes();
    for (int i = 0, e = 0; i < matrix.rows(); i++) {
      @Up double sum = 0;
      for (int j = 0; j < matrix.columns(); j++, e++) {
        sum = addUp(sum, sizes[e]);
      }
      largest = sum > largest ? sum : largest;
    }
    return largest;
  }
}
