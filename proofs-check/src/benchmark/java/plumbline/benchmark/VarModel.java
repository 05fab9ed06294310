package plumbline.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;

/**
 * A forward pass of the shape of VAR-d16 (FoundationVision/VAR, {@code models/var.py}): 680 tokens in ten scales, each of which
 * sees itself and those before, 16 blocks of width 1024 with 16 heads and 4096 hidden neurons, adaptive layer norms, and the
 * head that scores 4096 words. All 310 million weights are random float32 numbers and are held as such.
 */
final class VarModel {
  private static final int[] SIDES = {1, 2, 3, 4, 5, 6, 8, 10, 13, 16};
  private static final int C = 1024;
  private static final int HEADS = 16;
  private static final int HIDDEN = 4096;
  private static final int WORD = 32;
  private static final int VOCABULARY = 4096;
  private static final int CLASSES = 1001;
  private static final BigFraction EPSILON = new BigFraction(1, 1_000_000);
  private static final BigFraction GELU = new BigFraction(44_715, 1_000_000);

  private final SplittableRandom random = new SplittableRandom(20250206);
  private final List<Weight> weights = new ArrayList<>();
  private Iterator<Weight> next = weights.iterator();

  private VarModel() {}

  private record Weight(int rows, int columns, float[] values) {
    ExactMatrix exact() {
      double[] doubles = new double[values.length];
      Arrays.setAll(doubles, k -> values[k]);
      return ExactMatrix.of(rows, columns, doubles);
    }
  }

  /**
   * Prints a line of numbers: seconds of the pass, peak bytes of the process, parameters, median and largest radius of the
   * result over its largest entry.
   *
   * @param args the number of blocks
   */
  public static void main(String[] args) throws Exception {
    VarModel model = new VarModel();
    int blocks = Integer.parseInt(args[0]);
    model.generate(blocks);
    long parameters = model.weights.stream().mapToLong(w -> w.values.length).sum();
    long start = System.nanoTime();
    Ball53Matrix y = model.apply(Ball53.INSTANCE.lift(model.tokens()), blocks);
    double seconds = 1e-9 * (System.nanoTime() - start);
    double largest = Arrays.stream(y.midpoints()).map(Math::abs).max().orElseThrow();
    double[] radii = y.radii().clone();
    Arrays.sort(radii);
    System.out.println(seconds + " " + peak() + " " + parameters + " " + radii[radii.length / 2] / largest + " "
        + radii[radii.length - 1] / largest);
  }

  private static long peak() throws Exception {
    String line = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmHWM:"))
        .findFirst().orElseThrow();
    return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
  }

  private void weight(double deviation, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) (deviation * random.nextGaussian());
    }
    weights.add(new Weight(rows, columns, values));
  }

  /** In the order in which {@link #apply} takes them; deviations as VAR's code starts training with, but for modulations. */
  private void generate(int blocks) {
    double deviation = Math.sqrt(1.0 / C / 3);
    weight(1, CLASSES, C);
    weight(deviation, C, WORD);
    weight(0.02, 1, C);
    weight(deviation, tokenCount(), C);
    for (int block = 0; block < blocks; block++) {
      weight(0.1 / Math.sqrt(C), 6 * C, C);
      weight(0.1, 1, 6 * C);
      weight(deviation, 3 * C, C);
      weight(0.02, 1, C);
      weight(0.02, 1, C);
      weight(deviation / Math.sqrt(2 * blocks), C, C);
      weight(0.02, 1, C);
      weight(deviation, HIDDEN, C);
      weight(0.02, 1, HIDDEN);
      weight(deviation / Math.sqrt(2 * blocks), C, HIDDEN);
      weight(0.02, 1, C);
    }
    weight(0.1 / Math.sqrt(C), 2 * C, C);
    weight(0.1, 1, 2 * C);
    weight(deviation, VOCABULARY, C);
    weight(0.02, 1, VOCABULARY);
    next = weights.iterator();
  }

  private static int tokenCount() {
    return Arrays.stream(SIDES).map(side -> side * side).sum();
  }

  private ExactMatrix tokens() {
    double[] values = new double[tokenCount() * WORD];
    Arrays.setAll(values, k -> (float) random.nextGaussian());
    return ExactMatrix.of(tokenCount(), WORD, values);
  }

  private ExactMatrix take() {
    return next.next().exact();
  }

  private <M extends Matrix<M>> M apply(M words, int blocks) {
    M condition = words.lift(take().rowRange(7, 8));
    M x = linear(words).plus(words.lift(take()));
    M active = condition.hadamard(condition.sigmoid());
    for (int block = 0; block < blocks; block++) {
      M parts = linear(active);
      M normal = modulated(x, parts.columnRange(2 * C, 3 * C), parts.columnRange(4 * C, 5 * C));
      x = x.plus(attention(normal).hadamard(parts.columnRange(0, C).broadcast(x.rows(), C)));
      normal = modulated(x, parts.columnRange(3 * C, 4 * C), parts.columnRange(5 * C, 6 * C));
      M y = linear(gelu(linear(normal)));
      x = x.plus(y.hadamard(parts.columnRange(C, 2 * C).broadcast(x.rows(), C)));
    }
    M parts = linear(active);
    return linear(modulated(x, parts.columnRange(0, C), parts.columnRange(C, 2 * C)));
  }

  /** Each row x becomes W x + b. */
  private <M extends Matrix<M>> M linear(M x) {
    ExactMatrix w = take();
    return x.times(x.lift(w).transpose()).plus(x.lift(take()).broadcast(x.rows(), w.rows()));
  }

  private static <M extends Matrix<M>> M modulated(M x, M scale, M shift) {
    M one = x.system().lift(1).broadcast(1, C);
    return x.normalizeRows(EPSILON).hadamard(scale.plus(one).broadcast(x.rows(), C)).plus(shift.broadcast(x.rows(), C));
  }

  /** Queries of a scale see the keys of all scales up to it. */
  private <M extends Matrix<M>> M attention(M x) {
    ExactMatrix w = take();
    M q = x.times(x.lift(w.rowRange(0, C)).transpose()).plus(x.lift(take()).broadcast(x.rows(), C));
    M k = x.times(x.lift(w.rowRange(C, 2 * C)).transpose());
    M v = x.times(x.lift(w.rowRange(2 * C, 3 * C)).transpose()).plus(x.lift(take()).broadcast(x.rows(), C));
    int d = C / HEADS;
    q = q.scaledBy(x.system().lift(new BigFraction(1, 4 * (int) Math.sqrt(d))));
    M all = x.rowRange(0, 0);
    int from = 0;
    for (int side : SIDES) {
      int to = from + side * side;
      M scale = x.block(from, to, 0, 0);
      for (int left = 0; left < C; left += d) {
        M scores = q.block(from, to, left, left + d).times(k.block(0, to, left, left + d).transpose());
        scale = scale.beside(scores.softmaxRows().times(v.block(0, to, left, left + d)));
      }
      all = all.above(scale);
      from = to;
    }
    return linear(all);
  }

  /** x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))). */
  private static <M extends Matrix<M>> M gelu(M x) {
    M slope = x.system().lift(2).dividedBy(x.system().pi()).sqrt();
    M cubic = x.system().lift(GELU);
    M inner = x.plus(x.square().hadamard(x).scaledBy(cubic)).scaledBy(slope);
    M one = x.system().lift(1).broadcast(x.rows(), x.columns());
    return x.scaledBy(x.system().lift(BigFraction.ONE_HALF)).hadamard(one.plus(inner.tanh()));
  }
}
