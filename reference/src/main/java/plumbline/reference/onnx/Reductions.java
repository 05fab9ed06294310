package plumbline.reference.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;

/** Operators that act along axes: sums, means, extrema, softmax and normalization. */
final class Reductions {

  private Reductions() {}

  static <M extends Matrix<M>> Value<M> reduceSum(Call<M> call) {
    return reduce(call, 13, x -> x.sumOfRows(), Math::addExact, 0L);
  }

  static <M extends Matrix<M>> Value<M> reduceMean(Call<M> call) {
    return reduce(call, 18, Reductions::mean, null, null);
  }

  static <M extends Matrix<M>> Value<M> reduceMax(Call<M> call) {
    return reduce(call, 18, x -> x.maxOfRows(), Math::max, null);
  }

  static <M extends Matrix<M>> Value<M> reduceMin(Call<M> call) {
    return reduce(call, 18, x -> x.negate().maxOfRows().negate(), Math::min, null);
  }

  /** The mean of each row: the sum, divided once. */
  private static <M extends Matrix<M>> M mean(M x) {
    if (x.columns() == 0) {
      throw new IllegalArgumentException("the mean of no numbers is undefined");
    }
    return x.sumOfRows().dividedBy(x.system().lift(x.columns()).broadcast(x.rows(), 1));
  }

  /**
   * Reduces along axes.
   *
   * @param since the opset from which on the axes are an input
   * @param real what becomes of the rows of a matrix
   * @param whole how integers are combined; {@code null} if they are not
   * @param empty what no integers are combined to; {@code null} if nothing
   */
  private static <M extends Matrix<M>> Value<M> reduce(
      Call<M> call, int since, UnaryOperator<M> real, @Nullable LongBinaryOperator whole, @Nullable Long empty) {
    Value<M> x = call.value(0);
    int rank = x.shape().length;
    boolean keep = call.flag("keepdims", true);
    if (call.opset() < since && call.inputs() > 1) {
      throw call.error("axes are an attribute before opset " + since);
    }
    long[] given = call.listSince(since, "axes", 1);
    boolean noop = call.opset() >= since && call.flag("noop_with_empty_axes", false);
    if ((given == null || given.length == 0) && noop) {
      return x;
    }
    int[] axes = given == null || given.length == 0 ? Dimensions.ramp(rank, 0, 1) : Dimensions.axes(given, rank);
    int[] kept = Dimensions.others(axes, rank);
    int[] shape = Dimensions.select(x.shape(), kept);
    if (keep) {
      shape = x.shape().clone();
      for (int axis : axes) {
        shape[axis] = 1;
      }
    }
    int rows = Dimensions.size(Dimensions.select(x.shape(), kept));
    int columns = Dimensions.size(Dimensions.select(x.shape(), axes));
    Arrays.sort(axes);
    Value<M> last = Values.transposed(x, Dimensions.concat(kept, axes));
    if (last instanceof Value.Whole<M> integers && whole != null && x.type() != Literal.ElementType.BOOL) {
      long[] result = new long[rows];
      for (int i = 0; i < rows; i++) {
        if (columns == 0) {
          if (empty == null) {
            throw call.error("no numbers have an extremum");
          }
          result[i] = empty;
          continue;
        }
        long value = integers.values()[i * columns];
        for (int j = 1; j < columns; j++) {
          value = whole.applyAsLong(value, integers.values()[i * columns + j]);
        }
        result[i] = value;
      }
      return Values.whole(x.type(), shape, result);
    }
    call.real(0);
    return Values.real(x.type(), shape, real.apply(Values.finite(last).matrix().reshape(rows, columns)));
  }

  /** The mean over all axes but the first two. */
  static <M extends Matrix<M>> Value<M> globalAveragePool(Call<M> call) {
    Value.Real<M> x = call.real(0);
    int[] shape = x.shape().clone();
    if (shape.length < 3) {
      throw call.error("input 0 must have at least 3 dimensions, got " + x);
    }
    int columns = Dimensions.product(shape, 2, shape.length);
    Arrays.fill(shape, 2, shape.length, 1);
    return Values.real(x.type(), shape, mean(x.matrix().reshape(shape[0] * shape[1], columns)));
  }

  /** Before opset 13 over all axes from the given one on, from then on over this axis alone. */
  static <M extends Matrix<M>> Value<M> softmax(Call<M> call) {
    Value<M> x = call.value(0);
    if (x instanceof Value.Whole) {
      call.real(0);
    }
    int rank = x.shape().length;
    if (call.opset() < 13) {
      int axis = Dimensions.axis(call.integer("axis", 1), rank);
      return Values.reshaped(rows(call, Values.reshaped(x, new int[] {
          Dimensions.product(x.shape(), 0, axis), Dimensions.product(x.shape(), axis, rank)})), x.shape());
    }
    int axis = Dimensions.axis(call.integer("axis", -1), rank);
    // The axis and the last one exchanged, which is its own inverse.
    int[] order = Dimensions.ramp(rank, 0, 1);
    order[axis] = rank - 1;
    order[rank - 1] = axis;
    return Values.transposed(rows(call, Values.transposed(x, order)), order);
  }

  private static <M extends Matrix<M>> Value<M> rows(Call<M> call, Value<M> x) {
    M matrix = Values.finite(x).matrix();
    M result = x instanceof Masked<M> masked ? maskedSoftmax(call, matrix, masked.infinite()) : matrix.softmaxRows();
    return new Value.Real<>(x.type(), x.shape(), result);
  }

  /** The softmax of each row without the entries of {@code masked}, which become an exact 0. */
  static <M extends Matrix<M>> M maskedSoftmax(Call<M> call, M scores, BitSet masked) {
    if (masked.isEmpty()) {
      return scores.softmaxRows();
    }
    int n = scores.rows();
    int m = scores.columns();
    Map<BitSet, List<Integer>> patterns = new LinkedHashMap<>();
    for (int i = 0; i < n; i++) {
      patterns.computeIfAbsent(masked.get(i * m, (i + 1) * m), pattern -> new ArrayList<>()).add(i);
    }
    List<M> parts = new ArrayList<>();
    int[] place = new int[n * m];
    Arrays.fill(place, -1);
    int at = 0;
    for (Map.Entry<BitSet, List<Integer>> entry : patterns.entrySet()) {
      int[] columns = IntStream.range(0, m).filter(j -> !entry.getKey().get(j)).toArray();
      int[] rows = entry.getValue().stream().mapToInt(i -> i).toArray();
      if (columns.length == 0) {
        throw call.error("all scores of row " + rows[0] + " are −∞");
      }
      int[] source = new int[rows.length * columns.length];
      for (int i = 0, e = 0; i < rows.length; i++) {
        for (int j = 0; j < columns.length; j++, e++) {
          source[e] = rows[i] * m + columns[j];
          place[source[e]] = at++;
        }
      }
      parts.add(scores.gather(rows.length, columns.length, source).softmaxRows().reshape(source.length, 1));
    }
    return Values.stacked(parts).gather(n, m, place);
  }

  /** Over all axes from the given one on; the mean and 1/√(σ² + ε) are further outputs. */
  static <M extends Matrix<M>> List<Value<M>> layerNormalization(Call<M> call) {
    Value.Real<M> x = call.real(0);
    int rank = x.shape().length;
    int axis = Dimensions.axis(call.integer("axis", -1), rank);
    double epsilon = call.real("epsilon", 1e-5f);
    call.integer("stash_type", 1);
    if (epsilon < 0) {
      throw call.error("epsilon is " + epsilon);
    }
    call.requireSameType(0, 1);
    int rows = Dimensions.product(x.shape(), 0, axis);
    int columns = Dimensions.product(x.shape(), axis, rank);
    M matrix = x.matrix().reshape(rows, columns);
    M y = matrix.normalizeRows(ExactMatrix.fraction(epsilon)).reshape(x.matrix().rows(), x.matrix().columns());
    y = y.hadamard(fitted(call, 1, x.shape()));
    if (call.has(2)) {
      call.requireSameType(0, 2);
      y = y.plus(fitted(call, 2, x.shape()));
    }
    List<Value<M>> outputs = new ArrayList<>(List.of(new Value.Real<>(x.type(), x.shape(), y)));
    if (call.wants(1) || call.wants(2)) {
      int[] shape = x.shape().clone();
      Arrays.fill(shape, axis, rank, 1);
      M mean = mean(matrix);
      outputs.add(Values.real(x.type(), shape, mean));
      M variance = mean(matrix.minus(mean.broadcast(rows, columns)).square());
      M deviation = variance.plus(call.lift(epsilon).broadcast(rows, 1)).sqrt();
      outputs.add(Values.real(x.type(), shape, call.lift(1).broadcast(rows, 1).dividedBy(deviation)));
    }
    return outputs;
  }

  /** A scale or shift, which broadcasts to the shape of what it acts on. */
  private static <M extends Matrix<M>> M fitted(Call<M> call, int input, int[] shape) {
    return Values.finite(Values.expanded(call.real(input), shape)).matrix();
  }
}
