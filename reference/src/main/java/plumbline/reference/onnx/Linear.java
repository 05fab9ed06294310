package plumbline.reference.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;

/** Matrix products, convolution and pooling. */
final class Linear {

  private Linear() {}

  /** The product of the matrices in the last two axes; the others broadcast. An array with one axis is a row, or a column. */
  static <M extends Matrix<M>> Value<M> matMul(Call<M> call) {
    call.requireSameType(0, 1);
    Value.Real<M> left = call.real(0);
    Value.Real<M> right = call.real(1);
    boolean row = left.shape().length == 1;
    boolean column = right.shape().length == 1;
    if (left.shape().length == 0 || right.shape().length == 0) {
      throw call.error("a scalar is no matrix");
    }
    int[] a = row ? new int[] {1, left.shape()[0]} : left.shape();
    int[] b = column ? new int[] {right.shape()[0], 1} : right.shape();
    int n = a[a.length - 2];
    int k = a[a.length - 1];
    int m = b[b.length - 1];
    if (b[b.length - 2] != k) {
      throw call.error("inner dimensions differ: " + left + " · " + right);
    }
    int[] aBatch = Arrays.copyOf(a, a.length - 2);
    int[] bBatch = Arrays.copyOf(b, b.length - 2);
    int[] batch = Dimensions.broadcast(aBatch, bBatch);
    int slices = Dimensions.size(batch);
    int[] shape = batch;
    if (!row) {
      shape = Dimensions.concat(shape, new int[] {n});
    }
    if (!column) {
      shape = Dimensions.concat(shape, new int[] {m});
    }
    Dimensions.size(shape);
    M x = left.matrix().reshape(Dimensions.size(aBatch) * n, k);
    M y = right.matrix().reshape(Dimensions.size(bBatch) * k, m);
    if (Dimensions.size(bBatch) == 1 && Arrays.equals(batch, aBatch) || slices == 1) {
      return Values.real(left.type(), shape, x.times(y));
    }
    if (slices > Dimensions.MOST_SLICES) {
      throw call.error("multiplies more than " + Dimensions.MOST_SLICES + " pairs of matrices");
    }
    int[] fromA = Dimensions.view(batch, Dimensions.broadcastSteps(aBatch, batch));
    int[] fromB = Dimensions.view(batch, Dimensions.broadcastSteps(bBatch, batch));
    List<M> products = new ArrayList<>();
    for (int s = 0; s < slices; s++) {
      products.add(x.rowRange(fromA[s] * n, (fromA[s] + 1) * n).times(y.rowRange(fromB[s] * k, (fromB[s] + 1) * k)));
    }
    return Values.real(left.type(), shape, products.isEmpty() ? x.gather(0, m, new int[0]) : Values.stacked(products));
  }

  /** alpha · A' · B' + beta · C with A' = A or its transpose, B' likewise, and C broadcast. */
  static <M extends Matrix<M>> Value<M> gemm(Call<M> call) {
    call.requireSameType(0, 1);
    for (int k = 0; k < 2; k++) {
      if (call.real(k).shape().length != 2) {
        throw call.error("input " + k + " must be a matrix, got " + call.value(k));
      }
    }
    if (call.opset() < 11 && !call.has(2)) {
      throw call.error("input 2 is missing");
    }
    M a = call.real(0).matrix();
    M b = call.real(1).matrix();
    if (call.flag("transA", false)) {
      a = a.transpose();
    }
    if (call.flag("transB", false)) {
      b = b.transpose();
    }
    if (a.columns() != b.rows()) {
      throw call.error("inner dimensions differ: " + call.value(0) + " · " + call.value(1));
    }
    double alpha = call.real("alpha", 1);
    double beta = call.real("beta", 1);
    int[] shape = {a.rows(), b.columns()};
    if (!call.has(2)) {
      M y = a.times(b);
      return new Value.Real<>(call.value(0).type(), shape, alpha == 1 ? y : y.scaledBy(call.lift(alpha)));
    }
    call.requireSameType(0, 2);
    int[] given = call.real(2).shape();
    boolean row = given.length == 0 || given.length == 1 || given[0] == 1;
    M c = Values.finite(Values.expanded(call.real(2), row ? new int[] {1, shape[1]} : shape)).matrix();
    c = beta == 1 ? c : c.scaledBy(call.lift(beta));
    M y = withAddend(a, alpha == 1 ? b : b.scaledBy(call.lift(alpha)), c);
    // The factor may also multiply the whole product, which may overflow before: 0 is added, with all that is not known.
    return new Value.Real<>(call.value(0).type(), shape,
        alpha == 1 ? y : y.plus(a.times(b).scaledBy(call.lift(0))));
  }

  /**
   * A · B + C as one product: C is a term of the sums like the others, since implementations add the other terms, or blocks of
   * them, to it.
   *
   * @param c a row that is added to each row, or a matrix
   */
  private static <M extends Matrix<M>> M withAddend(M a, M b, M c) {
    if (c.rows() == 1) {
      return a.beside(a.lift(ExactMatrix.ones(a.rows(), 1))).times(b.above(c));
    }
    return a.rows() <= b.columns()
        ? a.beside(a.lift(ExactMatrix.identity(a.rows()))).times(b.above(c))
        : a.beside(c).times(b.above(b.lift(ExactMatrix.identity(b.columns()))));
  }

  /**
   * How a window moves over an axis.
   *
   * @param before places of padding before the first entry
   * @param end first place after all padding that was asked for
   * @param out number of windows
   */
  private record Window(int length, int kernel, int stride, int dilation, int before, long end, int out) {
    /** The place that a window reads, possibly outside of the axis. */
    long place(int window, int tap) {
      return (long) window * stride + (long) tap * dilation - before;
    }

    /** The entry that a window reads, or −1 in the padding. */
    int entry(int window, int tap) {
      long place = place(window, tap);
      return place < 0 || place >= length ? -1 : (int) place;
    }
  }

  /** The windows of both spatial axes; an array with one has a first one of length 1. */
  private static Window[] windows(Call<?> call, int[] x, int[] kernel, boolean ceil) {
    int spatial = x.length - 2;
    int[] strides = call.sizes("strides", spatial, 1, 1);
    int[] dilations = call.sizes("dilations", spatial, 1, 1);
    String auto = call.word("auto_pad", "NOTSET", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
    int[] pads = call.sizes("pads", 2 * spatial, 0, 0);
    if (!auto.equals("NOTSET")) {
      if (ceil || Arrays.stream(pads).anyMatch(p -> p != 0)) {
        throw call.error("auto_pad '" + auto + "' together with pads or ceil_mode is not supported");
      }
    }
    Window[] windows = new Window[2];
    windows[0] = new Window(1, 1, 1, 1, 0, 1, 1);
    for (int k = 0; k < spatial; k++) {
      int length = x[2 + k];
      long reach = (kernel[k] - 1L) * dilations[k] + 1;
      long before = pads[k];
      long after = pads[spatial + k];
      long out;
      if (auto.startsWith("SAME")) {
        out = (length + strides[k] - 1L) / strides[k];
        long padding = Math.max(0, (out - 1) * strides[k] + reach - length);
        before = auto.equals("SAME_UPPER") ? padding / 2 : padding - padding / 2;
        after = padding - before;
      } else {
        long free = length + before + after - reach;
        if (free < 0) {
          throw call.error("a window of " + reach + " does not fit axis " + (2 + k) + " of " + Arrays.toString(x)
              + " padded by " + before + " and " + after);
        }
        out = (ceil ? free + strides[k] - 1 : free) / strides[k] + 1;
        // The last window must begin inside of the axis or the padding before it.
        if (ceil && (out - 1) * strides[k] >= length + before) {
          out--;
        }
      }
      windows[2 - spatial + k] = new Window(length, kernel[k], strides[k], dilations[k], Dimensions.dimension(before),
          length + after, Dimensions.dimension(out));
    }
    return windows;
  }

  /** Convolution, which does not flip its kernels, in one or two dimensions: for each group one product with all patches. */
  static <M extends Matrix<M>> Value<M> conv(Call<M> call) {
    call.requireSameType(0, 1);
    Value.Real<M> x = call.real(0);
    Value.Real<M> w = call.real(1);
    int rank = x.shape().length;
    if (rank != 3 && rank != 4 || w.shape().length != rank) {
      throw call.error("is supported in one and two dimensions, got " + x + " and " + w);
    }
    int images = x.shape()[0];
    int channels = x.shape()[1];
    int outputs = w.shape()[0];
    long groupCount = call.integer("group", 1);
    if (groupCount < 1 || groupCount > Dimensions.MOST_SLICES || channels % groupCount != 0 || outputs % groupCount != 0
        || channels / groupCount != w.shape()[1]) {
      throw call.error(groupCount + " groups do not fit " + x + " and " + w);
    }
    int groups = (int) groupCount;
    int[] kernel = Arrays.copyOfRange(w.shape(), 2, rank);
    long[] given = call.integers("kernel_shape");
    if (given != null && !Arrays.equals(given, Arrays.stream(kernel).asLongStream().toArray())) {
      throw call.error("kernel_shape " + Arrays.toString(given) + " is not the shape of " + w);
    }
    if (Arrays.stream(kernel).anyMatch(size -> size < 1)) {
      throw call.error("an empty kernel: " + w);
    }
    Window[] windows = windows(call, x.shape(), kernel, false);
    int pixels = Dimensions.size(new int[] {windows[0].out(), windows[1].out()});
    boolean biased = call.has(2);
    if (biased) {
      call.requireSameType(0, 2);
      if (!Arrays.equals(call.real(2).shape(), new int[] {outputs})) {
        throw call.error("the bias must be [" + outputs + "], got " + call.value(2));
      }
    }
    int[] shape = rank == 3
        ? new int[] {images, outputs, windows[1].out()}
        : new int[] {images, outputs, windows[0].out(), windows[1].out()};
    Dimensions.size(shape);
    int perGroup = channels / groups;
    int taps = windows[0].kernel() * windows[1].kernel();
    M kernels = w.matrix().reshape(outputs, perGroup * taps);
    int rows = outputs / groups;
    List<M> parts = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      M patches = x.matrix().gather(perGroup * taps, images * pixels,
          patches(windows, images, channels, g * perGroup, perGroup));
      M block = kernels.rowRange(g * rows, (g + 1) * rows);
      if (biased) {
        // A term of the sums: the others may be added to it.
        block = block.beside(call.real(2).matrix().reshape(outputs, 1).rowRange(g * rows, (g + 1) * rows));
        patches = patches.above(patches.lift(ExactMatrix.ones(1, images * pixels)));
      }
      parts.add(block.times(patches));
    }
    M y = Values.stacked(parts); // outputs × (images · pixels)
    if (images != 1) {
      y = y.reshape(outputs * images, pixels).gather(images * outputs, pixels, Dimensions.view(
          new int[] {images, outputs, pixels}, new int[] {pixels, images * pixels, 1}));
    }
    return Values.real(x.type(), shape, y);
  }

  /** Indices of the patches, one column for each pixel of each image, one row for each tap of each of the channels. */
  private static int[] patches(Window[] windows, int images, int channels, int first, int count) {
    Window high = windows[0];
    Window wide = windows[1];
    int columns = Dimensions.size(new int[] {images, high.out(), wide.out()});
    int[] source = new int[Dimensions.size(new int[] {count, high.kernel(), wide.kernel(), images, high.out(), wide.out()})];
    int e = 0;
    for (int c = first; columns > 0 && c < first + count; c++) {
      for (int p = 0; p < high.kernel(); p++) {
        for (int q = 0; q < wide.kernel(); q++) {
          for (int image = 0; image < images; image++) {
            int plane = (image * channels + c) * high.length();
            for (int i = 0; i < high.out(); i++) {
              int row = high.entry(i, p);
              for (int j = 0; j < wide.out(); j++, e++) {
                int column = wide.entry(j, q);
                source[e] = row < 0 || column < 0 ? -1 : (plane + row) * wide.length() + column;
              }
            }
          }
        }
      }
    }
    return source;
  }

  /**
   * The mean of each window: its sum divided by the number of its entries; with {@code count_include_pad}, also of its places
   * in the padding that was asked for, but never of those beyond, where {@code ceil_mode} lets a window reach.
   */
  static <M extends Matrix<M>> Value<M> averagePool(Call<M> call) {
    Value.Real<M> x = call.real(0);
    int rank = x.shape().length;
    if (rank != 3 && rank != 4) {
      throw call.error("is supported in one and two dimensions, got " + x);
    }
    if (call.integers("kernel_shape") == null) {
      throw call.error("attribute kernel_shape is missing");
    }
    if (call.opset() < 19 && call.hasAttribute("dilations")) {
      throw call.error("attribute dilations is not supported before opset 19");
    }
    int[] kernel = call.sizes("kernel_shape", rank - 2, 1, 1);
    boolean ceil = call.opset() >= 10 && call.flag("ceil_mode", false);
    boolean padding = call.flag("count_include_pad", false);
    Window[] windows = windows(call, x.shape(), kernel, ceil);
    Window high = windows[0];
    Window wide = windows[1];
    int planes = Dimensions.size(new int[] {x.shape()[0], x.shape()[1]});
    int taps = Dimensions.size(new int[] {high.kernel(), wide.kernel()});
    int pixels = Dimensions.size(new int[] {high.out(), wide.out()});
    int[] source = new int[Dimensions.size(new int[] {planes, pixels, taps})];
    double[] counts = new double[planes * pixels];
    int e = 0;
    for (int window = 0; window < planes * pixels; window++) {
      int plane = window / pixels;
      int i = window % pixels / wide.out();
      int j = window % pixels % wide.out();
      for (int p = 0; p < high.kernel(); p++) {
        for (int q = 0; q < wide.kernel(); q++, e++) {
          int row = high.entry(i, p);
          int column = wide.entry(j, q);
          boolean inside = row >= 0 && column >= 0;
          source[e] = inside ? (plane * high.length() + row) * wide.length() + column : -1;
          counts[window] += inside || padding && high.place(i, p) < high.end() && wide.place(j, q) < wide.end() ? 1 : 0;
        }
      }
      if (counts[window] == 0) {
        throw call.error("a window lies in the padding, and the mean of no numbers is undefined");
      }
    }
    int[] shape = rank == 3
        ? new int[] {x.shape()[0], x.shape()[1], wide.out()}
        : new int[] {x.shape()[0], x.shape()[1], high.out(), wide.out()};
    M sums = x.matrix().gather(planes * pixels, taps, source).sumOfRows();
    return Values.real(x.type(), shape, sums.dividedBy(call.system().lift(ExactMatrix.of(planes * pixels, 1, counts))));
  }
}
