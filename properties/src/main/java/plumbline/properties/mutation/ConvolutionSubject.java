package plumbline.properties.mutation;

import static plumbline.properties.mutation.Mutant.gross;
import static plumbline.properties.mutation.Mutant.subtle;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import plumbline.properties.mutation.Implementation.Stage;

/** The 3×3 convolution of a map with a bias, {@code def-b.6}: as many channels out as in. */
final class ConvolutionSubject extends Subject {

  ConvolutionSubject() {
    super("3×3 convolution", "def-b.6");
  }

  @Override
  List<Size> sizes() {
    return mapSizes();
  }

  /** Sizes of maps. */
  static List<Size> mapSizes() {
    return List.of(new Size(2, 2), new Size(4, 8), new Size(8, 16), new Size(16, 32), new Size(32, 64));
  }

  /** A size of a map as tables print it. */
  static String mapText(Size size) {
    return size.rows() + "×" + size.rows() + "×" + size.width();
  }

  @Override
  String text(Size size) {
    return mapText(size);
  }

  @Override
  Tensors inputs(Size size, Kind kind, Random random) {
    int c = size.width();
    FloatTensor x;
    if (kind == Kind.PROBE) {
      // one pixel of each channel, no two under one kernel, whatever map this takes
      int blocks = (int) Math.ceil(Math.sqrt(c));
      x = FloatTensor.zeros(3 * blocks, 3 * blocks, c);
      for (int l = 0; l < c; l++) {
        x.values()[((l / blocks * 3 + 1) * 3 * blocks + l % blocks * 3 + 1) * c + l] = 1;
      }
    } else {
      x = Floats.normal(random, size.rows(), size.rows(), c);
      x = kind == Kind.HOSTILE ? Floats.map(x, value -> value + 100) : x;
    }
    return new Tensors().put("x", x)
        .put("kernels", Floats.scaled(Floats.normal(random, c, 3, 3, c), (float) (1 / Math.sqrt(9 * c))))
        .put("b", Floats.scaled(Floats.normal(random, c), 0.5f));
  }

  /** How a convolution reads a map. */
  private static final class Reader {
    /** Row or column to read, of {@code size}; −1 reads zero. */
    interface Padding {
      int index(int k, int size);
    }

    private Padding padding = (k, size) -> k < 0 || k >= size ? -1 : k;
    private int shift = -1;
    private int skippedTap = -1;
    private int stride = 1;

    /** The (h·w)×(9·c) matrix of all patches. */
    FloatTensor patches(FloatTensor x) {
      int h = x.dim(0);
      int w = x.dim(1);
      int c = x.dim(2);
      FloatTensor patches = FloatTensor.zeros(h * w, 9 * c);
      for (int i = 0, e = 0; i < h; i++) {
        for (int j = 0; j < w; j++) {
          for (int tap = 0; tap < 9; tap++, e += c) {
            int row = padding.index(i * stride + tap / 3 + shift, h);
            int column = padding.index(j * stride + tap % 3 + shift, w);
            if (row >= 0 && column >= 0 && tap != skippedTap) {
              System.arraycopy(x.values(), (row * w + column) * c, patches.values(), e, c);
            }
          }
        }
      }
      return patches;
    }
  }

  private static FloatTensor convolved(Reader reader, Tensors given, Function<FloatTensor, FloatTensor> product) {
    FloatTensor x = given.get("x");
    FloatTensor y = product.apply(reader.patches(x));
    return MlpSubject.plusBias(y, given.get("b")).as(x.shape());
  }

  /** The kernels as a (9·c)×c_out matrix. */
  private static FloatTensor matrix(FloatTensor kernels) {
    return Floats.transpose(kernels.as(kernels.dim(0), 9 * kernels.dim(3)));
  }

  @Override
  Implementation implementation(Style style) {
    return Implementation.of(new Stage("y", List.of("x", "kernels", "b"), given ->
        convolved(new Reader(), given, patches -> style.sum().product(patches, matrix(given.get("kernels"))))));
  }

  private static UnaryOperator<Implementation> reader(Consumer<Reader> change) {
    return honest -> honest.with("y", given -> {
      Reader reader = new Reader();
      change.accept(reader);
      return convolved(reader, given, patches -> Sum.SEQUENTIAL.product(patches, matrix(given.get("kernels"))));
    });
  }

  private static UnaryOperator<Implementation> before(String operand, UnaryOperator<FloatTensor> change) {
    return honest -> honest.before("y", operand, change);
  }

  private static UnaryOperator<Implementation> after(UnaryOperator<FloatTensor> change) {
    return honest -> honest.after("y", change);
  }

  /** Kernels with their nine taps in another order. */
  private static FloatTensor taps(FloatTensor kernels, IntUnaryOperator order) {
    FloatTensor y = kernels.copy();
    int c = kernels.dim(3);
    for (int e = 0; e < y.size(); e++) {
      int tap = e / c % 9;
      y.values()[e] = kernels.values()[e + (order.applyAsInt(tap) - tap) * c];
    }
    return y;
  }

  /** Another product of patches and kernels. */
  private static UnaryOperator<Implementation> product(BinaryOperator<FloatTensor> product) {
    return honest -> honest.with("y", given ->
        convolved(new Reader(), given, patches -> product.apply(patches, matrix(given.get("kernels")))));
  }

  @Override
  List<Mutant> mutants() {
    return List.of(
        gross("replicate padding", "the border is repeated",
            reader(r -> r.padding = (k, n) -> Math.max(0, Math.min(k, n - 1)))),
        gross("circular padding", "the map is wrapped", reader(r -> r.padding = Math::floorMod)),
        gross("padding on the wrong side", "two pixels after, none before", reader(r -> r.shift = 0)),
        gross("kernel transposed", "rows and columns exchanged", before("kernels", k -> taps(k, t -> t % 3 * 3 + t / 3))),
        gross("channels in and out exchanged", "a layout of another framework", before("kernels", kernels -> {
          FloatTensor k = kernels.copy();
          int c = k.dim(3);
          for (int e = 0; e < k.size(); e++) {
            k.values()[e] = kernels.values()[(e % c * 9 + e / c % 9) * c + e / (9 * c)];
          }
          return k;
        })),
        gross("channels reversed", "BGR for RGB", before("x", x -> {
          FloatTensor y = x.copy();
          int c = x.dim(2);
          Arrays.setAll(new int[y.size()], e -> {
            y.values()[e] = x.values()[e - e % c + c - 1 - e % c];
            return 0;
          });
          return y;
        })),
        gross("planes for pixels", "read as c×h×w", before("x", x -> Floats.misread(x.as(x.dim(0) * x.dim(1), x.dim(2)))
            .as(x.shape()))),
        gross("bias missing", "forgotten", before("b", b -> FloatTensor.zeros(b.shape()))),
        gross("bias doubled", "the caller adds it, too", before("b", b -> Floats.scaled(b, 2))),
        gross("last channel dropped", "a loop ends one channel early", before("x", Floats::withoutLastColumn)),
        gross("last row dropped", "a loop ends one row early", after(Floats::withoutLast)),
        gross("last tap dropped", "a loop ends one tap early", reader(r -> r.skippedTap = 8)),
        gross("stride 2", "every other pixel", reader(r -> r.stride = 2)),
        gross("stale accumulator", "sums go on from pixel to pixel", product(Floats::staleProduct)),
        gross("ReLU added", "one activation too many", after(Floats::relu)),
        subtle("kernel flipped", "a convolution in the sense of signal processing",
            before("kernels", k -> taps(k, t -> 8 - t))),
        subtle("off-by-one index", "channel i takes the bias of channel i − 1", before("b", b -> Floats.rolled(b, 1))),
        subtle("float16 product", "the sum is stored in float16 before the bias is added",
            product((x, k) -> Floats.half(Sum.SEQUENTIAL.product(x, k)))),
        subtle("float16 kernels", "stored in float16", before("kernels", Floats::half)),
        subtle("bfloat16 input", "read through bfloat16", before("x", Floats::brain)),
        subtle("tf32 factors", "input and kernels keep 11 bits", honest -> honest.before("y", "x", Floats::tf32)
            .before("y", "kernels", Floats::tf32)),
        subtle("tf32 accumulation", "sums are kept with 11 bits", product(Floats::productInTf32)),
        subtle("one weight off by 64 ulp", "the largest", before("kernels", Floats::oneWeightOff))
            .missed("a sum of many terms that begins with the bias may round by as much"),
        subtle("one entry off by 3e−5", "the largest, relatively", after(Floats::oneOff)));
  }
}
