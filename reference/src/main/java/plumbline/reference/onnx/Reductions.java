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
    if (n > Dimensions.MOST_SLICES) {
      throw call.error("masks more than " + Dimensions.MOST_SLICES + " rows");
    }
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
    double epsilon = epsilon(call);
    call.integer("stash_type", 1);
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

  /** Each channel of each image normalized over all its places, then scaled and shifted. */
  static <M extends Matrix<M>> Value<M> instanceNormalization(Call<M> call) {
    int[] shape = images(call);
    return groups(call, shape[0] * shape[1]);
  }

  /** Groups of channels of each image normalized over all their places; then each channel scaled and shifted. */
  static <M extends Matrix<M>> Value<M> groupNormalization(Call<M> call) {
    int[] shape = images(call);
    long groups = call.integer("num_groups", 0);
    call.integer("stash_type", 1);
    if (groups < 1 || shape[1] % groups != 0) {
      throw call.error(groups + " groups do not fit " + call.value(0));
    }
    return groups(call, (int) (shape[0] * groups));
  }

  private static int[] images(Call<?> call) {
    int[] shape = call.real(0).shape();
    if (shape.length < 3) {
      throw call.error("input 0 must have at least 3 dimensions, got " + call.value(0));
    }
    return shape;
  }

  private static <M extends Matrix<M>> Value<M> groups(Call<M> call, int rows) {
    Value.Real<M> x = call.real(0);
    double epsilon = epsilon(call);
    int size = Dimensions.size(x.shape());
    M y = x.matrix().reshape(rows, rows == 0 ? 0 : size / rows).normalizeRows(ExactMatrix.fraction(epsilon))
        .reshape(x.matrix().rows(), x.matrix().columns());
    return new Value.Real<>(x.type(), x.shape(), y.hadamard(channels(call, 1)).plus(channels(call, 2)));
  }

  private static double epsilon(Call<?> call) {
    double epsilon = call.real("epsilon", 1e-5f);
    if (epsilon < 0) {
      throw call.error("epsilon is " + epsilon);
    }
    return epsilon;
  }

  /** An input with one entry for each channel, axis 1 of input 0, broadcast to the shape of input 0. */
  private static <M extends Matrix<M>> M channels(Call<M> call, int input) {
    call.requireSameType(0, input);
    int[] shape = call.value(0).shape();
    if (!Arrays.equals(call.real(input).shape(), new int[] {shape[1]})) {
      throw call.error("input " + input + " must be [" + shape[1] + "], got " + call.value(input));
    }
    int[] column = new int[shape.length - 1];
    Arrays.fill(column, 1);
    column[0] = shape[1];
    return Values.finite(Values.expanded(Values.reshaped(call.real(input), column), shape)).matrix();
  }

  /**
   * What inference does: (x − mean) / √(variance + ε) · scale + shift, all given for each channel. It is evaluated as
   * x · f + (shift − mean · f) with f = 1/√(variance + ε) · scale, as many implementations do: where x and mean are large beside
   * their difference, both products are rounded, and the errors of this order are no smaller than those of the other.
   */
  static <M extends Matrix<M>> Value<M> batchNormalization(Call<M> call) {
    Value.Real<M> x = call.real(0);
    if (x.shape().length < 2) {
      throw call.error("input 0 must have channels, got " + x);
    }
    call.real("momentum", 0.9f);
    if (call.opset() >= 14 && call.flag("training_mode", false)) {
      throw call.error("training is not supported");
    }
    int rows = x.matrix().rows();
    int columns = x.matrix().columns();
    M epsilon = call.lift(epsilon(call)).broadcast(rows, columns);
    M factor = Elementwise.reciprocal(channels(call, 4).plus(epsilon).sqrt()).hadamard(channels(call, 1));
    M shift = channels(call, 2).minus(channels(call, 3).hadamard(factor));
    return new Value.Real<>(x.type(), x.shape(), x.matrix().hadamard(factor).plus(shift));
  }

  /** x / √(mean x² + ε) over all axes from the given one on, scaled. */
  static <M extends Matrix<M>> Value<M> rmsNormalization(Call<M> call) {
    Value.Real<M> x = call.real(0);
    int rank = x.shape().length;
    int axis = Dimensions.axis(call.integer("axis", -1), rank);
    call.integer("stash_type", 1);
    call.requireSameType(0, 1);
    int rows = Dimensions.product(x.shape(), 0, axis);
    int columns = Dimensions.product(x.shape(), axis, rank);
    M matrix = x.matrix().reshape(rows, columns);
    M root = mean(matrix.square()).plus(call.lift(epsilon(call)).broadcast(rows, 1)).sqrt();
    M y = matrix.dividedBy(root.broadcast(rows, columns)).reshape(x.matrix().rows(), x.matrix().columns());
    return new Value.Real<>(x.type(), x.shape(), y.hadamard(fitted(call, 1, x.shape())));
  }
}
