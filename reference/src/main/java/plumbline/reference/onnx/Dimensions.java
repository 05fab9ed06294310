package plumbline.reference.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;
import plumbline.spec.number.ShapeException;

/** Shapes of n-dimensional arrays, and the row-major indices with which their entries are rearranged. */
final class Dimensions {
  /** No array has more entries: a graph of a few bytes may ask for any number. */
  static final int LIMIT = 1 << 27;
  /** No node multiplies more pairs of matrices: each costs some hundred bytes, however small it is. */
  static final int MOST_SLICES = 1 << 20;
  /** What {@link #grid} takes for a place outside of the array. */
  static final int OUTSIDE = -1;

  private Dimensions() {}

  /** Number of entries. */
  static int size(int[] shape) {
    return product(shape, 0, shape.length);
  }

  /** Product of all dimensions but the last. */
  static int rows(int[] shape) {
    return product(shape, 0, shape.length - 1);
  }

  /** The last dimension; 1 for a scalar. */
  static int columns(int[] shape) {
    return shape.length == 0 ? 1 : shape[shape.length - 1];
  }

  /**
   * Product of the dimensions {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @throws ShapeException if a dimension is negative, or the product of those that are not 0 exceeds {@link #LIMIT}
   */
  static int product(int[] shape, int from, int to) {
    long size = 1;
    boolean empty = false;
    for (int k = from; k < to; k++) {
      if (shape[k] < 0) {
        throw new ShapeException("dimension " + k + " of " + Arrays.toString(shape) + " is negative");
      }
      empty |= shape[k] == 0;
      size *= Math.max(shape[k], 1);
      if (size > LIMIT) {
        throw new ShapeException("an array " + Arrays.toString(shape) + " has more than " + LIMIT + " entries");
      }
    }
    return empty ? 0 : (int) size;
  }

  /** A dimension that a file or a computation gives. */
  static int dimension(long value) {
    if (value < 0 || value > LIMIT) {
      throw new ShapeException("no array has " + value + " entries along an axis");
    }
    return (int) value;
  }

  /** Dimensions that a file or a computation gives. */
  static int[] shape(long[] values) {
    return Arrays.stream(values).mapToInt(Dimensions::dimension).toArray();
  }

  /** By how much the row-major index grows along each axis. */
  static int[] strides(int[] shape) {
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int k = shape.length - 1; k >= 0; k--) {
      strides[k] = stride;
      stride *= Math.max(shape[k], 1); // an array without entries has no indices; nothing overflows
    }
    return strides;
  }

  /** {@code count} multiples of {@code step}, from {@code start} on. */
  static int[] ramp(int count, int start, int step) {
    int[] ramp = new int[count];
    for (int i = 0; i < count; i++) {
      ramp[i] = start + i * step;
    }
    return ramp;
  }

  /**
   * Indices of an array each of whose axes picks its entries for itself: entry (i, j, …) is {@code parts[0][i] +
   * parts[1][j] + …}, or {@link #OUTSIDE} if one of these is.
   */
  static int[] grid(int[]... parts) {
    int[] shape = new int[parts.length];
    Arrays.setAll(shape, k -> parts[k].length);
    int[] source = new int[size(shape)];
    if (source.length == 0) {
      return source;
    }
    int block = 1;
    for (int k = parts.length - 1; k >= 0; k--) {
      // The block so far holds the inner axes; the first copy comes last, because it overwrites them.
      for (int i = shape[k] - 1; i >= 0; i--) {
        int part = parts[k][i];
        for (int j = 0; j < block; j++) {
          int inner = source[j];
          source[i * block + j] = part == OUTSIDE || inner == OUTSIDE ? OUTSIDE : inner + part;
        }
      }
      block *= shape[k];
    }
    return source;
  }

  /** Indices of an array whose axis k steps through another array by {@code steps[k]}, from its first entry on. */
  static int[] view(int[] shape, int[] steps) {
    int[][] parts = new int[shape.length][];
    Arrays.setAll(parts, k -> ramp(shape[k], 0, steps[k]));
    return grid(parts);
  }

  /**
   * The shape to which arrays of both shapes are broadcast, as NumPy does.
   *
   * @throws ShapeException if there is none
   */
  static int[] broadcast(int[] a, int[] b) {
    int[] shape = new int[Math.max(a.length, b.length)];
    for (int k = 1; k <= shape.length; k++) {
      int p = k <= a.length ? a[a.length - k] : 1;
      int q = k <= b.length ? b[b.length - k] : 1;
      if (p != q && p != 1 && q != 1) {
        throw new ShapeException("shapes " + Arrays.toString(a) + " and " + Arrays.toString(b) + " do not broadcast");
      }
      shape[shape.length - k] = p == 1 ? q : p;
    }
    return shape;
  }

  /** Steps with which an array of shape {@code from} is read as one of shape {@code to}, which it broadcasts to. */
  static int[] broadcastSteps(int[] from, int[] to) {
    if (!Arrays.equals(broadcast(from, to), to)) {
      throw new ShapeException("shape " + Arrays.toString(from) + " does not broadcast to " + Arrays.toString(to));
    }
    int[] strides = strides(from);
    int[] steps = new int[to.length];
    for (int k = 0; k < from.length; k++) {
      steps[to.length - from.length + k] = from[k] == 1 ? 0 : strides[k];
    }
    return steps;
  }

  /** An axis from 0 on, for one that may count from the end. */
  static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new ShapeException("no axis " + axis + " in " + rank + " dimensions");
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** Different axes from 0 on, in the order given. */
  static int[] axes(long[] axes, int rank) {
    int[] result = Arrays.stream(axes).mapToInt(axis -> axis(axis, rank)).toArray();
    if (Arrays.stream(result).distinct().count() != result.length) {
      throw new ShapeException("axes " + Arrays.toString(axes) + " are not different");
    }
    return result;
  }

  /** All axes that are not among {@code axes}. */
  static int[] others(int[] axes, int rank) {
    boolean[] among = new boolean[rank];
    for (int axis : axes) {
      among[axis] = true;
    }
    return IntStream.range(0, rank).filter(k -> !among[k]).toArray();
  }

  /** The dimensions of the given axes. */
  static int[] select(int[] shape, int[] axes) {
    return Arrays.stream(axes).map(axis -> shape[axis]).toArray();
  }

  /** One array after the other. */
  static int[] concat(int[] a, int[] b) {
    int[] result = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, result, a.length, b.length);
    return result;
  }
}
