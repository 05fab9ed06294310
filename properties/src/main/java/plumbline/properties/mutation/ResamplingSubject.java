package plumbline.properties.mutation;

import static plumbline.properties.mutation.Mutant.gross;
import static plumbline.properties.mutation.Mutant.subtle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import plumbline.properties.mutation.Implementation.Stage;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Rescaling;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.layer.TokenMapLayer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;

/** Up-interpolation: bicubic to any size ({@code def-3.2}, standard reading), or linear by a factor ({@code def-c.1}). */
final class ResamplingSubject extends Subject {
  private static final int FACTOR = 3;

  private final boolean cubic;

  ResamplingSubject(boolean cubic) {
    super(cubic ? "bicubic interpolation" : "linear up-scaling", cubic ? "def-3.2" : "def-c.1");
    this.cubic = cubic;
  }

  @Override
  List<Size> sizes() {
    return ConvolutionSubject.mapSizes();
  }

  @Override
  String text(Size size) {
    return ConvolutionSubject.mapText(size);
  }

  /** Pixel rows and columns of the result: few phases are exact in a narrow format. */
  private int to(int from) {
    return cubic ? 2 * from + 1 : FACTOR * from;
  }

  @Override
  Map<String, String> parameters(Size size) {
    String side = Integer.toString(to(size.rows()));
    return cubic
        ? Map.of("reading", "standard", "height", side, "width", side)
        : Map.of("reading", "linear", "factor", Integer.toString(FACTOR));
  }

  @Override
  Tensors inputs(Size size, Kind kind, Random random) {
    FloatTensor x = Floats.normal(random, size.rows(), size.rows(), size.width());
    if (kind == Kind.PROBE) {
      // impulses, of which no two are within reach of one kernel: the result is made of products of weights
      x = FloatTensor.zeros(size.rows(), size.rows(), size.width());
      for (int e = 0; e < x.size(); e++) {
        int pixel = e / size.width();
        boolean here = pixel / size.rows() % 5 == e % size.width() % 5 && pixel % size.rows() % 5 == 1;
        x.values()[e] = here ? 1 : 0;
      }
    }
    return new Tensors().put("x", kind == Kind.HOSTILE ? Floats.map(x, value -> value + 100) : x);
  }

  /** Weights of an axis and how it is read, open to bugs. */
  private final class Axis {
    Coordinates coordinates = (i, from, to) -> (i + 0.5f) * ((float) from / to) - 0.5f;
    /** The kernel's value at a phase, for the tap at an offset from −1. */
    Floats.Unary kernel = cubic ? x -> keys(-0.75f, x) : x -> Math.max(0, 1 - Math.abs(x));
    Padding padding = (k, n) -> Math.max(0, Math.min(k, n - 1));
    UnaryOperator<FloatTensor> weights = w -> w;
    int shift;
    boolean wide;
    boolean nearest;

    /** The to×from matrix of the weights. */
    FloatTensor matrix(int from, int to) {
      FloatTensor w = FloatTensor.zeros(to, from);
      for (int i = 0; i < to; i++) {
        float u = coordinates.at(i, from, to);
        double exact = (i + 0.5) * from / to - 0.5;
        int first = (int) Math.floor(wide ? exact : u);
        float phase = wide ? (float) (exact - first) : u - first;
        if (nearest) {
          w.values()[i * from + Math.max(0, Math.min(from - 1, Math.round(u)))] = 1;
          continue;
        }
        for (int tap = -1; tap <= 2; tap++) {
          int k = padding.index(first + tap + shift, from);
          if (k >= 0) {
            w.values()[i * from + k] += kernel.at(phase - tap);
          }
        }
      }
      return weights.apply(w);
    }
  }

  /** Where an output sample lies among the input's. */
  private interface Coordinates {
    float at(int i, int from, int to);
  }

  /** The sample that is read for one outside; −1 reads zero. */
  private interface Padding {
    int index(int k, int size);
  }

  private static float keys(float a, float x) {
    float z = Math.abs(x);
    if (z <= 1) {
      return ((a + 2) * z - (a + 3)) * z * z + 1;
    }
    return z >= 2 ? 0 : ((a * z - 5 * a) * z + 8 * a) * z - 4 * a;
  }

  /** Y[i,j,l] = Σ_p w[i,p] X[p,j,l], the zero weights left out. */
  private static FloatTensor alongRows(Sum sum, FloatTensor weights, FloatTensor x) {
    int row = x.dim(1) * x.dim(2);
    FloatTensor y = FloatTensor.zeros(weights.dim(0), x.dim(1), x.dim(2));
    for (int i = 0; i < weights.dim(0); i++) {
      int[] taps = taps(weights, i);
      for (int e = 0; e < row; e++) {
        y.values()[i * row + e] = sum.dot(weights.values(), i * weights.dim(1) + taps[0], 1, x.values(),
            taps[0] * row + e, row, taps[1] - taps[0]);
      }
    }
    return y;
  }

  /** Y[i,j,l] = Σ_q w[j,q] X[i,q,l], the zero weights left out. */
  private static FloatTensor alongColumns(Sum sum, FloatTensor weights, FloatTensor x) {
    int c = x.dim(2);
    int from = x.dim(1);
    int to = weights.dim(0);
    FloatTensor y = FloatTensor.zeros(x.dim(0), to, c);
    for (int j = 0; j < to; j++) {
      int[] taps = taps(weights, j);
      for (int i = 0; i < x.dim(0); i++) {
        for (int l = 0; l < c; l++) {
          y.values()[(i * to + j) * c + l] = sum.dot(weights.values(), j * from + taps[0], 1, x.values(),
              (i * from + taps[0]) * c + l, c, taps[1] - taps[0]);
        }
      }
    }
    return y;
  }

  private static FloatTensor atOnce(Sum sum, FloatTensor x, FloatTensor vertical, FloatTensor horizontal) {
    int c = x.dim(2);
    int w = x.dim(1);
    FloatTensor y = FloatTensor.zeros(vertical.dim(0), horizontal.dim(0), c);
    for (int i = 0, e = 0; i < vertical.dim(0); i++) {
      int[] rows = taps(vertical, i);
      for (int j = 0; j < horizontal.dim(0); j++) {
        int[] columns = taps(horizontal, j);
        int across = columns[1] - columns[0];
        int n = (rows[1] - rows[0]) * across;
        float[] products = new float[n];
        float[] samples = new float[n];
        for (int l = 0; l < c; l++, e++) {
          for (int k = 0; k < n; k++) {
            int p = rows[0] + k / across;
            int q = columns[0] + k % across;
            products[k] = vertical.values()[i * vertical.dim(1) + p] * horizontal.values()[j * w + q];
            samples[k] = x.values()[(p * w + q) * c + l];
          }
          y.values()[e] = sum.dot(products, 0, 1, samples, 0, 1, n);
        }
      }
    }
    return y;
  }

  /** From the first weight of a row that is not zero to after the last. */
  private static int[] taps(FloatTensor weights, int row) {
    int m = weights.dim(1);
    int first = 0;
    int end = m;
    while (first < end && weights.values()[row * m + first] == 0) {
      first++;
    }
    while (end > first && weights.values()[row * m + end - 1] == 0) {
      end--;
    }
    return new int[] {Math.min(first, m - 1), end};
  }

  /** One that takes the vertical axis first hands out the weights and the map between the axes. */
  @Override
  Implementation implementation(Style style) {
    Axis axis = new Axis();
    axis.wide = style.wideWeights();
    Sum sum = style.sum();
    if (style.axes() == Style.Axes.VERTICAL_FIRST) {
      return Implementation.of(
          new Stage("vertical", List.of("x"), given -> axis.matrix(given.get("x").dim(0), to(given.get("x").dim(0)))),
          new Stage("horizontal", List.of("x"), given -> axis.matrix(given.get("x").dim(1), to(given.get("x").dim(1)))),
          new Stage("between", List.of("x", "vertical"), given -> alongRows(sum, given.get("vertical"), given.get("x"))),
          new Stage("y", List.of("between", "horizontal"),
              given -> alongColumns(sum, given.get("horizontal"), given.get("between"))));
    }
    return Implementation.of(new Stage("y", List.of("x"), given -> {
      FloatTensor x = given.get("x");
      FloatTensor vertical = axis.matrix(x.dim(0), to(x.dim(0)));
      FloatTensor horizontal = axis.matrix(x.dim(1), to(x.dim(1)));
      return style.axes() == Style.Axes.AT_ONCE ? atOnce(sum, x, vertical, horizontal)
          : alongRows(sum, vertical, alongColumns(sum, horizontal, x));
    }));
  }

  @Override
  boolean staged() {
    return true;
  }

  @Override
  <M extends Matrix<M>> M exact(String stage, Function<String, M> given) {
    if (stage.equals("vertical") || stage.equals("horizontal")) {
      return weights(given.apply("x"));
    }
    int c = given.apply("x").columns();
    int from = side(given.apply("x").rows());
    int to = to(from);
    if (stage.equals("between")) {
      return given.apply("vertical").times(given.apply("x").reshape(from, from * c)).reshape(to * from, c);
    }
    int[] swap = new int[from * to];
    Arrays.setAll(swap, e -> e % to * from + e / to);
    int[] back = new int[to * to];
    Arrays.setAll(back, e -> e % to * to + e / to);
    M columns = given.apply("between").selectRows(swap).reshape(from, to * c);
    return given.apply("horizontal").times(columns).reshape(to * to, c).selectRows(back);
  }

  /** The weights of an axis: the layer on impulses in a column of pixels, one to a channel. */
  private <M extends Matrix<M>> M weights(M x) {
    int from = side(x.rows());
    int to = to(from);
    int across = cubic ? 2 : FACTOR;
    TokenMapLayer layer = cubic ? new Interpolation(Interpolation.Reading.PYTORCH, to, across)
        : Rescaling.up(FACTOR, Rescaling.Reading.LINEAR);
    int[] rows = new int[to];
    Arrays.setAll(rows, i -> i * across);
    return layer.apply(new TokenMap<>(from, 1, x.lift(ExactMatrix.identity(from)))).tokens().selectRows(rows);
  }

  /** Maps here are square. */
  private static int side(int pixels) {
    return (int) Math.round(Math.sqrt(pixels));
  }

  /** Both axes with something changed. */
  private UnaryOperator<Implementation> axis(Consumer<Axis> change) {
    Axis axis = new Axis();
    change.accept(axis);
    return honest -> honest
        .with("vertical", given -> axis.matrix(given.get("x").dim(0), to(given.get("x").dim(0))))
        .with("horizontal", given -> axis.matrix(given.get("x").dim(1), to(given.get("x").dim(1))));
  }

  private static UnaryOperator<Implementation> after(UnaryOperator<FloatTensor> change) {
    return honest -> honest.after("y", change);
  }

  private static UnaryOperator<Implementation> before(UnaryOperator<FloatTensor> change) {
    return honest -> honest.before("between", "x", change);
  }

  /** A map with rows and columns exchanged; maps here are square. */
  static FloatTensor turned(FloatTensor x) {
    FloatTensor y = x.copy();
    int n = x.dim(0);
    int c = x.dim(2);
    for (int e = 0; e < y.size(); e++) {
      int pixel = e / c;
      y.values()[e] = x.values()[(pixel % n * n + pixel / n) * c + e % c];
    }
    return y;
  }

  @Override
  List<Mutant> mutants() {
    List<Mutant> mutants = new ArrayList<>(List.of(
        gross("nearest", "another mode", axis(axis -> axis.nearest = true)),
        gross(cubic ? "linear" : "bicubic", "another mode",
            axis(axis -> axis.kernel = cubic ? x -> Math.max(0, 1 - Math.abs(x)) : x -> keys(-0.75f, x))),
        gross("axes exchanged", "the result is transposed", after(ResamplingSubject::turned)),
        gross("zero padding", "samples outside are zero", axis(axis -> axis.padding = (k, n) -> k < 0 || k >= n ? -1 : k)),
        gross("reflect padding", "the map is mirrored", axis(axis -> axis.padding =
            (k, n) -> n == 1 ? 0 : Math.min(Math.floorMod(k, 2 * n - 2), 2 * n - 2 - Math.floorMod(k, 2 * n - 2)))),
        gross("circular padding", "the map is wrapped", axis(axis -> axis.padding = Math::floorMod)),
        gross("planes for pixels", "read as c×h×w",
            before(x -> Floats.misread(x.as(x.dim(0) * x.dim(1), x.dim(2))).as(x.shape()))),
        gross("last row dropped", "a loop ends one row early", after(Floats::withoutLast)),
        gross("last channel dropped", "a loop ends one channel early", after(Floats::withoutLastColumn)),
        gross("weights reversed", "1 − phase for phase", axis(axis -> {
          Floats.Unary kernel = axis.kernel;
          axis.kernel = x -> kernel.at(1 - x);
        })),
        subtle("align_corners", "the first and last samples coincide",
            axis(axis -> axis.coordinates = (i, from, to) -> i * ((float) (from - 1) / (to - 1)))),
        subtle("asymmetric coordinates", "no half-pixel centres",
            axis(axis -> axis.coordinates = (i, from, to) -> i * ((float) from / to))),
        subtle("off-by-one index", "taps begin one sample late", axis(axis -> axis.shift = 1)),
        subtle("float16 weights", "stored in float16", axis(axis -> axis.weights = Floats::half)),
        subtle("bfloat16 weights", "stored in bfloat16", axis(axis -> axis.weights = Floats::brain)),
        subtle("tf32 input", "read with 11 bits", before(Floats::tf32)),
        subtle("float16 between the axes", "an intermediate is stored in float16",
            honest -> honest.after("between", Floats::half)),
        subtle("scale in float16", "the ratio of the sizes is stored in float16", axis(axis -> axis.coordinates =
            (i, from, to) -> (i + 0.5f) * Floats.half((float) from / to) - 0.5f)),
        subtle("one weight off by 64 ulp", "the largest", axis(axis -> axis.weights = Floats::oneWeightOff))
            .missed("sample positions and cubics in float32 may be off by as much"),
        subtle("one entry off by 3e−5", "the largest, relatively", after(Floats::oneOff))));
    if (cubic) {
      mutants.add(subtle("Keys a = −1/2", "another kernel", axis(axis -> axis.kernel = x -> keys(-0.5f, x))));
      mutants.add(gross("cubic B-spline", "another kernel", axis(axis -> axis.kernel = x -> {
        float z = Math.abs(x);
        return z < 1 ? 2f / 3 + z * z * (z / 2 - 1) : z < 2 ? (2 - z) * (2 - z) * (2 - z) / 6 : 0;
      })));
    } else {
      mutants.add(subtle("smoothstep", "another kernel", axis(axis -> axis.kernel = x -> {
        float z = Math.max(0, 1 - Math.abs(x));
        return z * z * (3 - 2 * z);
      })));
    }
    return mutants;
  }
}
