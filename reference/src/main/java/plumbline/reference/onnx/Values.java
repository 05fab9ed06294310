package plumbline.reference.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import plumbline.reference.onnx.Literal.ElementType;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/** Making values, and moving their entries; exact in every number system. */
final class Values {

  private Values() {}

  /** Real numbers of the given shape; {@code matrix} holds the entries row-major, in any shape of its own. */
  static <M extends Matrix<M>> Value.Real<M> real(ElementType type, int[] shape, M matrix) {
    int rows = Dimensions.rows(shape);
    int columns = Dimensions.columns(shape);
    return new Value.Real<>(type, shape,
        matrix.rows() == rows && matrix.columns() == columns ? matrix : matrix.reshape(rows, columns));
  }

  /** Integers or booleans; an {@link ArithmeticException} if one is beyond the type's range. */
  static <M extends Matrix<M>> Value.Whole<M> whole(ElementType type, int[] shape, long... values) {
    for (long value : values) {
      if (!holds(type, value)) {
        throw new ArithmeticException(value + " is beyond the range of " + type);
      }
    }
    return new Value.Whole<>(type, shape, values);
  }

  /** Whether an integer or boolean type has this value. */
  static boolean holds(ElementType type, long value) {
    return switch (type) {
      case BOOL -> value == 0 || value == 1;
      case INT8 -> value == (byte) value;
      case INT16 -> value == (short) value;
      case INT32 -> value == (int) value;
      case UINT8 -> value >= 0 && value < 1L << 8;
      case UINT16 -> value >= 0 && value < 1L << 16;
      case UINT32 -> value >= 0 && value < 1L << 32;
      case UINT64 -> value >= 0; // the upper half of its range is not representable here, so overflow shows as well
      case INT64 -> true;
      default -> false;
    };
  }

  /** A literal, brought into a number system. */
  static <M extends Matrix<M>> Value<M> of(NumberSystem<M> system, Literal literal) {
    int[] shape = literal.shape();
    if (!literal.type().isReal()) {
      return whole(literal.type(), shape, literal.integers());
    }
    BitSet infinite = new BitSet();
    double[] entries = literal.reals();
    for (int e = 0; e < entries.length; e++) {
      if (entries[e] == Double.NEGATIVE_INFINITY) {
        infinite.set(e);
      }
    }
    if (!infinite.isEmpty()) {
      entries = entries.clone();
      for (int e = infinite.nextSetBit(0); e >= 0; e = infinite.nextSetBit(e + 1)) {
        entries[e] = 0;
      }
    }
    return masked(new Value.Real<>(literal.type(), shape,
        system.lift(ExactMatrix.of(Dimensions.rows(shape), Dimensions.columns(shape), entries))), infinite);
  }

  /** The real numbers themselves where no entry is −∞. */
  static <M extends Matrix<M>> Value<M> masked(Value.Real<M> finite, BitSet infinite) {
    return infinite.isEmpty() ? finite : new Masked<>(finite, infinite);
  }

  /** Entry e of the result is entry {@code source[e]}, or 0 for −1. */
  static <M extends Matrix<M>> Value<M> moved(Value<M> value, int[] shape, int[] source) {
    if (value instanceof Value.Real<M> real) {
      return new Value.Real<>(real.type(), shape,
          real.matrix().gather(Dimensions.rows(shape), Dimensions.columns(shape), source));
    }
    if (value instanceof Masked<M> masked) {
      return masked((Value.Real<M>) moved(masked.finite(), shape, source), moved(masked.infinite(), source));
    }
    long[] from = ((Value.Whole<M>) value).values();
    long[] values = new long[source.length];
    for (int e = 0; e < values.length; e++) {
      values[e] = source[e] < 0 ? 0 : from[source[e]];
    }
    return new Value.Whole<>(value.type(), shape, values);
  }

  private static BitSet moved(BitSet set, int[] source) {
    BitSet result = new BitSet();
    for (int e = 0; e < source.length; e++) {
      if (source[e] >= 0 && set.get(source[e])) {
        result.set(e);
      }
    }
    return result;
  }

  /** The same entries under another shape of the same size. */
  static <M extends Matrix<M>> Value<M> reshaped(Value<M> value, int[] shape) {
    if (value instanceof Value.Real<M> real) {
      return real(real.type(), shape, real.matrix());
    }
    if (value instanceof Masked<M> masked) {
      return new Masked<>(real(masked.type(), shape, masked.finite().matrix()), masked.infinite());
    }
    return new Value.Whole<>(value.type(), shape, ((Value.Whole<M>) value).values());
  }

  /** A value broadcast to a shape. */
  static <M extends Matrix<M>> Value<M> expanded(Value<M> value, int[] shape) {
    if (Arrays.equals(value.shape(), shape)) {
      return value;
    }
    if (value instanceof Value.Real<M> real) {
      return new Value.Real<>(real.type(), shape, expanded(real, real.shape(), shape));
    }
    return moved(value, shape, Dimensions.view(shape, Dimensions.broadcastSteps(value.shape(), shape)));
  }

  private static <M extends Matrix<M>> M expanded(Value.Real<M> real, int[] from, int[] to) {
    int[] steps = Dimensions.broadcastSteps(from, to);
    int rows = Dimensions.rows(to);
    int columns = Dimensions.columns(to);
    int size = Dimensions.size(from);
    if (size == 1) {
      return real.matrix().reshape(1, 1).broadcast(rows, columns);
    }
    if (from.length > 0 && size == columns && from[from.length - 1] == columns) {
      return real.matrix().reshape(1, columns).broadcast(rows, columns);
    }
    return real.matrix().gather(rows, columns, Dimensions.view(to, steps));
  }

  /** The axes in another order: axis k of the result is axis {@code order[k]}. */
  static <M extends Matrix<M>> Value<M> transposed(Value<M> value, int[] order) {
    int[] shape = value.shape();
    int[] to = Dimensions.select(shape, order);
    boolean same = true;
    for (int k = 0; k < order.length; k++) {
      same &= order[k] == k;
    }
    return same ? value
        : moved(value, to, Dimensions.view(to, Dimensions.select(Dimensions.strides(shape), order)));
  }

  /** All entries of all values, which have one type, one after the other. */
  static <M extends Matrix<M>> Value<M> joined(List<Value<M>> values) {
    long size = 0;
    List<M> columns = new ArrayList<>();
    BitSet infinite = new BitSet();
    for (Value<M> value : values) {
      int count = Dimensions.size(value.shape());
      if (value instanceof Masked<M> masked) {
        masked.infinite().stream().map(e -> e + columns.stream().mapToInt(Matrix::rows).sum()).forEach(infinite::set);
      }
      if (!(value instanceof Value.Whole<M>)) {
        columns.add(finite(value).matrix().reshape(count, 1));
      }
      size += count;
    }
    int[] shape = {Dimensions.dimension(size)};
    ElementType type = values.get(0).type();
    if (type.isReal()) {
      return masked(real(type, shape, stacked(columns)), infinite);
    }
    long[] all = new long[shape[0]];
    int at = 0;
    for (Value<M> value : values) {
      long[] part = ((Value.Whole<M>) value).values();
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return new Value.Whole<>(type, shape, all);
  }

  /** The entries that are not −∞. */
  static <M extends Matrix<M>> Value.Real<M> finite(Value<M> value) {
    return value instanceof Masked<M> masked ? masked.finite() : (Value.Real<M>) value;
  }

  /** One matrix on top of the other; in a balanced tree, so that each entry is copied a logarithmic number of times. */
  static <M extends Matrix<M>> M stacked(List<M> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    int half = parts.size() / 2;
    return stacked(parts.subList(0, half)).above(stacked(parts.subList(half, parts.size())));
  }
}
