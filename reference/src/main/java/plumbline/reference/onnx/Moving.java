package plumbline.reference.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.onnx.Literal.ElementType;
import plumbline.spec.number.Matrix;

/** Operators that move entries, or make constants. Exact in every number system. */
final class Moving {

  private Moving() {}

  /** The value of a node of the operator {@code Constant}. */
  static Literal constant(Node node, int opset) {
    if (node.attributes().size() != 1 || !node.inputs().isEmpty()) {
      throw new GraphException(node, "has " + node.attributes().size() + " attributes and " + node.inputs().size()
          + " inputs, not one and none", null);
    }
    Map.Entry<String, Object> attribute = node.attributes().entrySet().iterator().next();
    String name = attribute.getKey();
    Object value = attribute.getValue();
    if (name.equals("value") && value instanceof Literal literal) {
      return literal;
    }
    if (opset >= 12 && name.equals("value_float") && value instanceof Float number) {
      return Literal.reals(ElementType.FLOAT, new int[0], number);
    }
    if (opset >= 12 && name.equals("value_floats") && value instanceof float[] numbers) {
      double[] values = new double[numbers.length];
      Arrays.setAll(values, e -> numbers[e]);
      return Literal.reals(ElementType.FLOAT, new int[] {numbers.length}, values);
    }
    if (opset >= 12 && name.equals("value_int") && value instanceof Long number) {
      return Literal.integers(ElementType.INT64, new int[0], number);
    }
    if (opset >= 12 && name.equals("value_ints") && value instanceof long[] numbers) {
      return Literal.integers(ElementType.INT64, new int[] {numbers.length}, numbers);
    }
    throw new GraphException(node, "attribute " + name + " is not supported in opset " + opset, null);
  }

  static <M extends Matrix<M>> Value<M> identity(Call<M> call) {
    return call.value(0);
  }

  /** What inference does: nothing. The mask keeps every entry. */
  static <M extends Matrix<M>> List<Value<M>> dropout(Call<M> call) {
    if (call.opset() < 12) {
      call.real("ratio", 0);
    } else {
      call.integer("seed", 0);
      if (call.has(2) && call.bool(2).values()[0] != 0) {
        throw call.error("training is not supported");
      }
    }
    Value<M> x = call.value(0);
    if (!call.wants(1)) {
      return List.of(x);
    }
    if (call.opset() < 10) {
      throw call.error("the mask is not supported before opset 10");
    }
    long[] ones = new long[Dimensions.size(x.shape())];
    Arrays.fill(ones, 1);
    return List.of(x, new Value.Whole<>(ElementType.BOOL, x.shape(), ones));
  }

  static <M extends Matrix<M>> Value<M> reshape(Call<M> call) {
    Value<M> x = call.value(0);
    long[] wanted = call.list(1);
    boolean zeros = call.opset() >= 14 && call.flag("allowzero", false);
    int[] shape = new int[wanted.length];
    int open = -1;
    for (int k = 0; k < shape.length; k++) {
      if (wanted[k] == -1 && open < 0) {
        open = k;
        shape[k] = 1;
      } else if (wanted[k] == 0 && !zeros) {
        if (k >= x.shape().length) {
          throw call.error("no dimension " + k + " of " + x + " to keep");
        }
        shape[k] = x.shape()[k];
      } else if (wanted[k] < 0) {
        throw call.error("no shape " + Arrays.toString(wanted));
      } else {
        shape[k] = Dimensions.dimension(wanted[k]);
      }
    }
    int size = Dimensions.size(x.shape());
    int given = Dimensions.size(shape);
    if (open >= 0 && given > 0) {
      shape[open] = size / given;
    }
    if (Dimensions.size(shape) != size || open >= 0 && given == 0) {
      throw call.error("cannot reshape " + x + " to " + Arrays.toString(wanted));
    }
    return Values.reshaped(x, shape);
  }

  static <M extends Matrix<M>> Value<M> flatten(Call<M> call) {
    Value<M> x = call.value(0);
    int rank = x.shape().length;
    long axis = call.integer("axis", 1);
    int at = axis == rank ? rank : Dimensions.axis(axis, rank);
    return Values.reshaped(x,
        new int[] {Dimensions.product(x.shape(), 0, at), Dimensions.product(x.shape(), at, rank)});
  }

  static <M extends Matrix<M>> Value<M> squeeze(Call<M> call) {
    Value<M> x = call.value(0);
    int[] shape = x.shape();
    long[] given = call.listSince(13, "axes", 1);
    if (given != null && given.length == 0) {
      throw call.error("axes are empty, which implementations read as none or as all");
    }
    int[] axes = given == null
        ? IntStream.range(0, shape.length).filter(k -> shape[k] == 1).toArray()
        : Dimensions.axes(given, shape.length);
    for (int axis : axes) {
      if (shape[axis] != 1) {
        throw call.error("axis " + axis + " of " + x + " is not 1");
      }
    }
    return Values.reshaped(x, Dimensions.select(shape, Dimensions.others(axes, shape.length)));
  }

  static <M extends Matrix<M>> Value<M> unsqueeze(Call<M> call) {
    Value<M> x = call.value(0);
    long[] given = call.listSince(13, "axes", 1);
    if (given == null) {
      throw call.error("axes are missing");
    }
    int rank = x.shape().length + given.length;
    int[] shape = new int[rank];
    for (int axis : Dimensions.axes(given, rank)) {
      shape[axis] = -1;
    }
    int from = 0;
    for (int k = 0; k < rank; k++) {
      shape[k] = shape[k] < 0 ? 1 : x.shape()[from++];
    }
    return Values.reshaped(x, shape);
  }

  static <M extends Matrix<M>> Value<M> transpose(Call<M> call) {
    Value<M> x = call.value(0);
    int rank = x.shape().length;
    long[] order = call.integers("perm");
    if (order == null) {
      order = LongStream.range(0, rank).map(k -> rank - 1 - k).toArray();
    }
    if (order.length != rank || LongStream.of(order).anyMatch(k -> k < 0)) {
      throw call.error("perm " + Arrays.toString(order) + " is no order of the axes of " + x);
    }
    return Values.transposed(x, Dimensions.axes(order, rank));
  }

  static <M extends Matrix<M>> Value<M> expand(Call<M> call) {
    Value<M> x = call.value(0);
    int[] shape = Dimensions.broadcast(x.shape(), Dimensions.shape(call.list(1)));
    Dimensions.size(shape);
    return Values.expanded(x, shape);
  }

  static <M extends Matrix<M>> Value<M> tile(Call<M> call) {
    Value<M> x = call.value(0);
    long[] repeats = call.list(1);
    int[] shape = x.shape().clone();
    if (repeats.length != shape.length) {
      throw call.error(repeats.length + " repeats for " + x);
    }
    for (int k = 0; k < shape.length; k++) {
      shape[k] = Dimensions.dimension(Math.multiplyExact(Dimensions.dimension(repeats[k]), (long) shape[k]));
    }
    Dimensions.size(shape);
    int[] strides = Dimensions.strides(x.shape());
    int[][] parts = new int[shape.length][];
    for (int k = 0; k < shape.length; k++) {
      int dimension = x.shape()[k];
      int stride = strides[k];
      parts[k] = new int[shape[k]];
      Arrays.setAll(parts[k], i -> i % dimension * stride);
    }
    return Values.moved(x, shape, Dimensions.grid(parts));
  }

  static <M extends Matrix<M>> Value<M> concat(Call<M> call) {
    int[] shape = call.value(0).shape().clone();
    if (!call.hasAttribute("axis")) {
      throw call.error("attribute axis is missing");
    }
    int axis = Dimensions.axis(call.integer("axis", 0), shape.length);
    List<Value<M>> parts = new ArrayList<>();
    long length = 0;
    for (int k = 0; k < call.inputs(); k++) {
      Value<M> part = call.value(k);
      call.requireSameType(0, k);
      int[] like = part.shape().clone();
      if (like.length == shape.length) {
        length += like[axis];
        like[axis] = shape[axis];
      }
      if (!Arrays.equals(like, shape)) {
        throw call.error("inputs 0 and " + k + " differ in another axis than " + axis + ": " + call.value(0) + ", " + part);
      }
      parts.add(part);
    }
    shape[axis] = Dimensions.dimension(length);
    int size = Dimensions.size(shape);
    Value<M> joined = Values.joined(parts);
    int outer = Dimensions.product(shape, 0, axis);
    if (outer == 1 || size == 0) {
      return Values.reshaped(joined, shape);
    }
    int inner = Dimensions.product(shape, axis + 1, shape.length);
    int[] source = new int[size];
    int start = 0;
    int offset = 0;
    for (Value<M> part : parts) {
      int run = part.shape()[axis] * inner;
      for (int o = 0; o < outer; o++) {
        for (int i = 0; i < run; i++) {
          source[o * shape[axis] * inner + offset + i] = start + o * run + i;
        }
      }
      start += outer * run;
      offset += run;
    }
    return Values.moved(joined, shape, source);
  }

  static <M extends Matrix<M>> List<Value<M>> split(Call<M> call) {
    Value<M> x = call.value(0);
    int axis = Dimensions.axis(call.integer("axis", 0), x.shape().length);
    int length = x.shape()[axis];
    int count = call.outputs();
    long[] sizes = call.listSince(13, "split", 1);
    if (call.opset() >= 18 && call.hasAttribute("num_outputs")) {
      if (sizes != null || call.integer("num_outputs", 0) != count) {
        throw call.error("num_outputs must be the number of outputs, and the only thing that says how to split");
      }
    } else if (call.opset() >= 18 && sizes == null) {
      throw call.error("neither sizes nor num_outputs are given");
    }
    if (sizes == null) {
      // Parts of equal size; since opset 18 the last may be smaller.
      long size = (length + count - 1L) / Math.max(count, 1);
      sizes = LongStream.range(0, count).map(k -> Math.max(0, Math.min(size, length - k * size))).toArray();
      if (call.opset() < 18 && length % Math.max(count, 1) != 0) {
        throw call.error("axis " + axis + " of " + x + " does not split into " + count + " equal parts");
      }
    }
    if (sizes.length != count || LongStream.of(sizes).anyMatch(s -> s < 0 || s > length)
        || LongStream.of(sizes).sum() != length) {
      throw call.error("sizes " + Arrays.toString(sizes) + " do not split axis " + axis + " of " + x + " into " + count);
    }
    List<Value<M>> parts = new ArrayList<>();
    int from = 0;
    for (long size : sizes) {
      parts.add(picked(x, axis, Dimensions.ramp((int) size, from, 1)));
      from += (int) size;
    }
    return parts;
  }

  /** The given places along one axis, which may repeat. */
  static <M extends Matrix<M>> Value<M> picked(Value<M> x, int axis, int[] places) {
    int[] shape = x.shape().clone();
    int[] strides = Dimensions.strides(shape);
    int[][] parts = new int[shape.length][];
    shape[axis] = places.length;
    Arrays.setAll(parts, k -> k == axis
        ? Arrays.stream(places).map(i -> i < 0 ? Dimensions.OUTSIDE : i * strides[k]).toArray()
        : Dimensions.ramp(shape[k], 0, strides[k]));
    return Values.moved(x, shape, Dimensions.grid(parts));
  }

  static <M extends Matrix<M>> Value<M> slice(Call<M> call) {
    Value<M> x = call.value(0);
    int rank = x.shape().length;
    long[] starts = call.listSince(10, "starts", 1);
    long[] ends = call.listSince(10, "ends", 2);
    long[] axes = call.listSince(10, "axes", 3);
    long[] steps = call.opset() >= 10 && call.has(4) ? call.list(4) : null;
    if (starts == null || ends == null) {
      throw call.error("starts and ends are missing");
    }
    int[] which = Dimensions.axes(axes == null ? LongStream.range(0, starts.length).toArray() : axes, rank);
    if (ends.length != starts.length || which.length != starts.length || steps != null && steps.length != starts.length) {
      throw call.error("starts, ends, axes and steps differ in length");
    }
    int[][] places = new int[rank][];
    Arrays.setAll(places, k -> Dimensions.ramp(x.shape()[k], 0, 1));
    for (int k = 0; k < which.length; k++) {
      int length = x.shape()[which[k]];
      long step = steps == null ? 1 : steps[k];
      if (step == 0) {
        throw call.error("a step is 0");
      }
      // NumPy's rule: negative positions count from the end, then both are clamped.
      long start = Math.max(step > 0 ? 0 : -1, Math.min(starts[k] < 0 ? starts[k] + length : starts[k],
          step > 0 ? length : length - 1));
      long end = Math.max(step > 0 ? 0 : -1, Math.min(ends[k] < 0 ? ends[k] + length : ends[k],
          step > 0 ? length : length - 1));
      long bounded = Math.max(-length - 1L, Math.min(step, length + 1L));
      int count = (int) Math.max(0, bounded > 0 ? (end - start + bounded - 1) / bounded : (start - end - bounded - 1) / -bounded);
      places[which[k]] = Dimensions.ramp(count, (int) start, (int) bounded);
    }
    int[] strides = Dimensions.strides(x.shape());
    int[] shape = new int[rank];
    int[][] parts = new int[rank][];
    for (int k = 0; k < rank; k++) {
      int stride = strides[k];
      shape[k] = places[k].length;
      parts[k] = Arrays.stream(places[k]).map(i -> i * stride).toArray();
    }
    return Values.moved(x, shape, Dimensions.grid(parts));
  }

  static <M extends Matrix<M>> Value<M> gather(Call<M> call) {
    Value<M> x = call.value(0);
    Value.Whole<M> indices = call.whole(1);
    int rank = x.shape().length;
    int axis = Dimensions.axis(call.integer("axis", 0), rank);
    int length = x.shape()[axis];
    int[] places = new int[indices.values().length];
    for (int e = 0; e < places.length; e++) {
      long index = indices.values()[e];
      if (index < -length || index >= length || index < 0 && call.opset() < 11) {
        throw call.error("index " + index + " is outside axis " + axis + " of " + x);
      }
      places[e] = (int) (index < 0 ? index + length : index);
    }
    int[] shape = Dimensions.concat(Dimensions.concat(Arrays.copyOf(x.shape(), axis), indices.shape()),
        Arrays.copyOfRange(x.shape(), axis + 1, rank));
    Dimensions.size(shape);
    return Values.reshaped(picked(x, axis, places), shape);
  }

  static <M extends Matrix<M>> Value<M> pad(Call<M> call) {
    Value<M> x = call.value(0);
    int rank = x.shape().length;
    String mode = call.opset() < 19
        ? call.word("mode", "constant", "constant", "reflect", "edge")
        : call.word("mode", "constant", "constant", "reflect", "edge", "wrap");
    long[] pads = call.listSince(11, "pads", 1);
    int[] axes = call.opset() >= 18 && call.has(3) ? Dimensions.axes(call.list(3), rank) : Dimensions.ramp(rank, 0, 1);
    if (pads == null || pads.length != 2 * axes.length) {
      throw call.error("pads must be " + 2 * axes.length + " integers");
    }
    int[] shape = x.shape().clone();
    int[] strides = Dimensions.strides(x.shape());
    int[][] parts = new int[rank][];
    Arrays.setAll(parts, k -> Dimensions.ramp(shape[k], 0, strides[k]));
    for (int k = 0; k < axes.length; k++) {
      int axis = axes[k];
      int length = shape[axis];
      long before = pads[k];
      long after = pads[axes.length + k];
      if (Math.abs(before) > Dimensions.LIMIT || Math.abs(after) > Dimensions.LIMIT) {
        throw call.error("pads " + Arrays.toString(pads) + " are too large");
      }
      shape[axis] = Dimensions.dimension(length + before + after);
      parts[axis] = new int[shape[axis]];
      for (int i = 0; i < shape[axis]; i++) {
        int place = inside(call, mode, i - before, length);
        parts[axis][i] = place < 0 ? Dimensions.OUTSIDE : place * strides[axis];
      }
    }
    Dimensions.size(shape);
    int[] source = Dimensions.grid(parts);
    Value<M> constant = constant(call, x, mode);
    if (constant == null) {
      return Values.moved(x, shape, source);
    }
    int size = Dimensions.size(x.shape());
    Arrays.setAll(source, e -> source[e] < 0 ? size : source[e]);
    return Values.moved(Values.joined(List.of(x, constant)), shape, source);
  }

  /** What a constant padding is filled with; {@code null} for 0, which needs no place of its own. */
  private static <M extends Matrix<M>> @Nullable Value<M> constant(Call<M> call, Value<M> x, String mode) {
    if (call.opset() < 11) {
      double value = call.real("value", 0);
      return value == 0 || !mode.equals("constant") ? null : new Value.Real<>(x.type(), new int[0], call.lift(value));
    }
    if (!call.has(2) || !mode.equals("constant")) {
      return null;
    }
    call.requireSameType(0, 2);
    if (Dimensions.size(call.value(2).shape()) != 1) {
      throw call.error("the constant must be a scalar, got " + call.value(2));
    }
    return call.value(2);
  }

  /** The entry that a place before, on, or after an axis reads; −1 for the constant. */
  private static int inside(Call<?> call, String mode, long place, int length) {
    if (place >= 0 && place < length) {
      return (int) place;
    }
    if (mode.equals("constant")) {
      return -1;
    }
    if (length == 0) {
      throw call.error("nothing to fill an empty axis with");
    }
    return switch (mode) {
      case "edge" -> place < 0 ? 0 : length - 1;
      case "wrap" -> (int) Math.floorMod(place, (long) length);
      default -> {
        // x2 x1 | x0 x1 x2: the border entry is not repeated; one entry is its own image.
        int inPeriod = length == 1 ? 0 : (int) Math.floorMod(place, 2L * (length - 1));
        yield Math.min(inPeriod, 2 * (length - 1) - inPeriod);
      }
    };
  }

  static <M extends Matrix<M>> Value<M> shape(Call<M> call) {
    int[] shape = call.value(0).shape();
    int rank = shape.length;
    long start = 0;
    long end = rank;
    if (call.opset() >= 15) {
      start = call.integer("start", 0);
      end = call.integer("end", rank);
    }
    int from = (int) Math.max(0, Math.min(start < 0 ? start + rank : start, rank));
    int to = (int) Math.max(from, Math.min(end < 0 ? end + rank : end, rank));
    return new Value.Whole<>(ElementType.INT64, new int[] {to - from},
        Arrays.stream(shape, from, to).asLongStream().toArray());
  }

  static <M extends Matrix<M>> Value<M> size(Call<M> call) {
    return new Value.Whole<>(ElementType.INT64, new int[0], new long[] {Dimensions.size(call.value(0).shape())});
  }

  static <M extends Matrix<M>> Value<M> constantOfShape(Call<M> call) {
    int[] shape = Dimensions.shape(call.list(0));
    Literal value = call.literal("value");
    if (value == null) {
      value = Literal.reals(ElementType.FLOAT, new int[] {1}, 0);
    }
    if (value.size() != 1 || value.type().isReal() && Double.isNaN(value.reals()[0] - value.reals()[0])
        && value.reals()[0] != Double.NEGATIVE_INFINITY) {
      throw call.error("value must be one number, got " + value);
    }
    Dimensions.size(shape);
    return Values.expanded(Values.of(call.system(), new Literal(value.type(), new int[0], value.reals(), value.integers())),
        shape);
  }

  static <M extends Matrix<M>> Value<M> range(Call<M> call) {
    call.requireSameType(0, 1);
    call.requireSameType(0, 2);
    for (int k = 0; k < 3; k++) {
      if (Dimensions.size(call.value(k).shape()) != 1) {
        throw call.error("input " + k + " must be a scalar, got " + call.value(k));
      }
    }
    if (call.value(0).type().isReal()) {
      throw call.error("ranges of " + call.value(0).type() + " are not supported");
    }
    long start = call.whole(0).values()[0];
    long limit = call.whole(1).values()[0];
    long delta = call.whole(2).values()[0];
    if (delta == 0) {
      throw call.error("the step is 0");
    }
    long distance = Math.subtractExact(limit, start);
    long count = distance == 0 || distance > 0 != delta > 0 ? 0 : (distance - Long.signum(delta)) / delta + 1;
    int length = Dimensions.dimension(count);
    return Values.whole(call.value(0).type(), new int[] {length},
        LongStream.range(0, length).map(i -> start + i * delta).toArray());
  }

  static <M extends Matrix<M>> Value<M> trilu(Call<M> call) {
    Value<M> x = call.value(0);
    int[] shape = x.shape();
    if (shape.length < 2) {
      throw call.error("input 0 must be matrices, got " + x);
    }
    boolean upper = call.flag("upper", true);
    long diagonal = call.has(1) ? call.integer(1) : 0;
    int m = shape[shape.length - 1];
    int n = shape[shape.length - 2];
    int[] source = new int[Dimensions.size(shape)];
    for (int e = 0; e < source.length; e++) {
      long above = (long) e % m - e / m % n;
      source[e] = above == diagonal || above > diagonal == upper ? e : Dimensions.OUTSIDE;
    }
    return Values.moved(x, shape, source);
  }
}
