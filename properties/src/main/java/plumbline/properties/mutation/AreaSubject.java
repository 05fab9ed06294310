package plumbline.properties.mutation;

import static plumbline.properties.mutation.Mutant.gross;
import static plumbline.properties.mutation.Mutant.subtle;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import plumbline.properties.mutation.Implementation.Stage;

/** Down-interpolation by area, {@code def-c.2}: the mean of each r×r block of pixels. */
final class AreaSubject extends Subject {

  AreaSubject() {
    super("area down-scaling", "def-c.2");
  }

  @Override
  List<Size> sizes() {
    return List.of(new Size(4, 2), new Size(6, 8), new Size(12, 16), new Size(24, 32), new Size(32, 64));
  }

  @Override
  String text(Size size) {
    return ConvolutionSubject.mapText(size);
  }

  /** The factor r: 3 where it divides the size, so that 1/r² is rounded. */
  private static int factor(int rows) {
    return rows % 3 == 0 ? 3 : 2;
  }

  @Override
  Map<String, String> parameters(Size size) {
    return Map.of("reading", "area", "factor", Integer.toString(factor(size.rows())));
  }

  @Override
  Tensors inputs(Size size, Kind kind, Random random) {
    FloatTensor x = Floats.normal(random, size.rows(), size.rows(), size.width());
    return new Tensors().put("x", kind == Kind.HOSTILE ? Floats.map(x, value -> value + 100) : x);
  }

  /** Means of blocks, open to bugs. */
  private static final class Blocks {
    private final Style style;
    Floats.Unary total = sum -> sum;
    float count = -1;
    int shift;
    int skipped;
    boolean largest;
    boolean stale;

    Blocks(Style style) {
      this.style = style;
    }

    FloatTensor of(FloatTensor x) {
      int r = factor(x.dim(0));
      int c = x.dim(2);
      int height = x.dim(0) / r;
      int width = x.dim(1) / r;
      FloatTensor y = FloatTensor.zeros(height, width, c);
      float[] block = new float[r * r];
      float carried = 0;
      for (int e = 0; e < y.size(); e++) {
        for (int k = 0; k < r * r; k++) {
          int row = Math.min(e / c / width * r + k / r + shift, x.dim(0) - 1);
          int column = Math.min(e / c % width * r + k % r + shift, x.dim(1) - 1);
          block[k] = x.values()[(row * x.dim(1) + column) * c + e % c];
        }
        float added = largest ? max(block) * r * r : style.sum().sum(block, 0, 1, r * r - skipped);
        float sum = total.at(added) + (stale ? carried : 0);
        carried = sum;
        float n = count < 0 ? r * r : count;
        y.values()[e] = style.reciprocal() ? sum * (1 / n) : sum / n;
      }
      return y;
    }

    private static float max(float[] values) {
      float largest = values[0];
      for (float value : values) {
        largest = Math.max(largest, value);
      }
      return largest;
    }
  }

  @Override
  Implementation implementation(Style style) {
    return Implementation.of(new Stage("y", List.of("x"), given -> new Blocks(style).of(given.get("x"))));
  }

  private static UnaryOperator<Implementation> blocks(Consumer<Blocks> change) {
    return honest -> honest.with("y", given -> {
      Blocks blocks = new Blocks(Style.PLAIN);
      change.accept(blocks);
      return blocks.of(given.get("x"));
    });
  }

  private static UnaryOperator<Implementation> after(UnaryOperator<FloatTensor> change) {
    return honest -> honest.after("y", change);
  }

  private static UnaryOperator<Implementation> before(UnaryOperator<FloatTensor> change) {
    return honest -> honest.before("y", "x", change);
  }

  /** One sample of each block: its first pixel, or one in the middle. */
  private static UnaryOperator<Implementation> sample(boolean middle) {
    return honest -> honest.with("y", given -> {
      FloatTensor x = given.get("x");
      int r = factor(x.dim(0));
      int c = x.dim(2);
      int width = x.dim(1) / r;
      FloatTensor y = FloatTensor.zeros(x.dim(0) / r, width, c);
      int in = middle ? r / 2 : 0;
      for (int e = 0; e < y.size(); e++) {
        y.values()[e] = x.values()[((e / c / width * r + in) * x.dim(1) + e / c % width * r + in) * c + e % c];
      }
      return y;
    });
  }

  @Override
  boolean probed() {
    return false;
  }

  @Override
  List<Mutant> mutants() {
    return List.of(
        gross("largest for mean", "max pooling", blocks(blocks -> blocks.largest = true)),
        gross("sum for mean", "the division is missing", blocks(blocks -> blocks.count = 1)),
        gross("divided by r", "instead of r²", honest -> honest.with("y", given -> {
          FloatTensor x = given.get("x");
          return Floats.scaled(new Blocks(Style.PLAIN).of(x), factor(x.dim(0)));
        })),
        gross("nearest", "the first pixel of each block", sample(false)),
        gross("middle pixel", "of each block", sample(true)),
        gross("last pixel of a block dropped", "a loop ends one pixel early", blocks(blocks -> blocks.skipped = 1)),
        gross("last row dropped", "a loop ends one row early", after(Floats::withoutLast)),
        gross("last channel dropped", "a loop ends one channel early", after(Floats::withoutLastColumn)),
        gross("planes for pixels", "read as c×h×w",
            before(x -> Floats.misread(x.as(x.dim(0) * x.dim(1), x.dim(2))).as(x.shape()))),
        gross("axes exchanged", "the result is transposed", before(ResamplingSubject::turned)),
        gross("stale accumulator", "sums go on from pixel to pixel", blocks(blocks -> blocks.stale = true)),
        gross("ReLU added", "one activation too many", after(Floats::relu)),
        subtle("off-by-one index", "blocks begin one pixel late", blocks(blocks -> blocks.shift = 1)),
        subtle("divided by r² − 1", "as for an unbiased variance", honest -> honest.with("y", given -> {
          FloatTensor x = given.get("x");
          float area = factor(x.dim(0)) * factor(x.dim(0));
          return Floats.scaled(new Blocks(Style.PLAIN).of(x), area / (area - 1));
        })),
        subtle("float16 sum", "stored in float16", blocks(blocks -> blocks.total = Floats::half)),
        subtle("tf32 sum", "kept with 11 bits", blocks(blocks -> blocks.total = Floats::tf32)),
        subtle("bfloat16 input", "read through bfloat16", before(Floats::brain)),
        subtle("1/r² in float16", "the weight is stored in float16", honest -> honest.with("y", given -> {
          FloatTensor x = given.get("x");
          int area = factor(x.dim(0)) * factor(x.dim(0));
          Blocks sums = new Blocks(Style.PLAIN);
          sums.count = 1;
          return Floats.scaled(sums.of(x), Floats.half(1f / area));
        })),
        subtle("one entry off by 3e−5", "the largest, relatively", after(Floats::oneOff)));
  }
}
