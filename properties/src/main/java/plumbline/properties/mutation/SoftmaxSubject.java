package plumbline.properties.mutation;

import static plumbline.properties.mutation.Mutant.gross;
import static plumbline.properties.mutation.Mutant.subtle;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Softmax of each row, {@code def-b.1}. */
final class SoftmaxSubject extends Subject {

  SoftmaxSubject() {
    super("softmax", "def-b.1");
  }

  /** The softmax of rows, with one thing after the other open to a bug. */
  static final class Rows {
    private final Style style;
    Floats.Unary exp;
    /** Applied to the exponentials of a row before they are added and divided. */
    UnaryOperator<FloatTensor> exponentials = row -> row;
    Floats.Unary total = sum -> sum;
    float scale = 1;
    int skipped;
    boolean subtract = true;
    boolean oneMaximum;
    boolean stale;
    boolean causal;

    Rows(Style style) {
      this.style = style;
      this.exp = style::exp;
    }

    FloatTensor of(FloatTensor z) {
      int n = z.dim(0);
      int m = z.dim(1);
      FloatTensor y = z.copy();
      float[] values = y.values();
      float all = largest(values, 0, values.length);
      float carried = 0;
      for (int i = 0; i < n; i++) {
        int width = causal ? Math.min(i + 1, m) : m;
        float largest = !subtract ? 0 : oneMaximum ? all : largest(values, i * m, width);
        FloatTensor row = FloatTensor.zeros(1, m);
        for (int j = 0; j < width; j++) {
          row.values()[j] = exp.at(scale == 1 ? values[i * m + j] - largest : (values[i * m + j] - largest) * scale);
        }
        row = exponentials.apply(row);
        float sum = total.at(style.sum().sum(row.values(), 0, 1, m - skipped)) + (stale ? carried : 0);
        carried = sum;
        float reciprocal = 1 / sum;
        for (int j = 0; j < m; j++) {
          float p = row.values()[j];
          values[i * m + j] = style.reciprocal() ? p * reciprocal : p / sum;
        }
      }
      return y;
    }

    private static float largest(float[] values, int from, int n) {
      float largest = Float.NEGATIVE_INFINITY;
      for (int e = from; e < from + n; e++) {
        largest = Math.max(largest, values[e]);
      }
      return largest;
    }
  }

  /** A softmax of rows with something changed. */
  static Rows rows(Consumer<Rows> change) {
    Rows rows = new Rows(Style.PLAIN);
    change.accept(rows);
    return rows;
  }

  @Override
  Tensors inputs(Size size, Kind kind, Random random) {
    FloatTensor z = Floats.normal(random, size.rows(), size.width());
    if (kind == Kind.HOSTILE) {
      // rows of scores up to ±100, each around a place of its own
      for (int i = 0; i < size.rows(); i++) {
        float place = i % 3 == 0 ? 95 : i % 3 == 1 ? -95 : 0;
        for (int j = 0; j < size.width(); j++) {
          z.values()[i * size.width() + j] = place + (place == 0 ? 95 : 5) * (2 * random.nextFloat() - 1);
        }
      }
    }
    if (kind == Kind.PROBE) {
      // one score far above all others, whose exponentials are zero
      z = Floats.map(AttentionSubject.oneHot(size.rows(), size.width()), value -> 200 * value - 200);
    }
    return new Tensors().put("z", z);
  }

  @Override
  Implementation implementation(Style style) {
    return Implementation.of(new Implementation.Stage("y", List.of("z"), given -> new Rows(style).of(given.get("z"))));
  }

  private static Mutant with(Mutant.Severity severity, String name, String note, Consumer<Rows> change) {
    UnaryOperator<Implementation> planted = honest -> honest.with("y", given -> rows(change).of(given.get("z")));
    return severity == Mutant.Severity.GROSS ? gross(name, note, planted) : subtle(name, note, planted);
  }

  @Override
  List<Mutant> mutants() {
    Mutant.Severity gross = Mutant.Severity.GROSS;
    Mutant.Severity subtle = Mutant.Severity.SUBTLE;
    return List.of(
        gross("wrong axis", "columns instead of rows are normalised", honest -> honest.with("y",
            given -> Floats.transpose(new Rows(Style.PLAIN).of(Floats.transpose(given.get("z")))))),
        with(gross, "no maximum subtracted", "exp overflows or underflows", rows -> rows.subtract = false).onHostile(),
        with(gross, "one maximum for all rows", "other rows underflow to 0/0", rows -> rows.oneMaximum = true).onHostile(),
        with(gross, "last term not summed", "the sum ends one index early", rows -> rows.skipped = 1),
        with(gross, "stale accumulator", "the sum is not reset between rows", rows -> rows.stale = true),
        with(gross, "causal mask", "row i sees columns 0 … i only", rows -> rows.causal = true),
        with(gross, "not normalised", "the division is missing", rows -> rows.total = sum -> 1),
        with(gross, "2^x for exp", "a factor log₂e is missing", rows -> rows.exp = x -> (float) Math.pow(2, x)),
        gross("last row dropped", "a loop ends one row early", honest -> honest.after("y", Floats::withoutLast)),
        gross("log-softmax", "the logarithm is returned", honest -> honest.after("y",
            y -> Floats.map(y, value -> (float) Math.log(value)))),
        gross("off-by-one index", "results are written one row later",
            honest -> honest.after("y", y -> Floats.rolled(y, 1))),
        subtle("1/√m", "scores are scaled", honest -> honest.with("y",
            given -> rows(rows -> rows.scale = (float) (1 / Math.sqrt(given.get("z").dim(1)))).of(given.get("z")))),
        with(subtle, "ε = 1e−5 in the sum", "added against a division by zero", rows -> rows.total = sum -> sum + 1e-5f),
        with(subtle, "approximate exp", "a cubic, off by up to 1e−4", rows -> rows.exp = Floats::approximateExp),
        with(subtle, "float16 exponentials", "an intermediate is stored in float16",
            rows -> rows.exponentials = Floats::half),
        with(subtle, "bfloat16 exponentials", "an intermediate is stored in bfloat16",
            rows -> rows.exponentials = Floats::brain),
        with(subtle, "tf32 sum", "the sum is kept with 11 bits", rows -> rows.total = Floats::tf32),
        subtle("float16 scores", "the input is read through float16", honest -> honest.before("y", "z", Floats::half)),
        subtle("one entry off by 3e−5", "the largest, relatively", honest -> honest.after("y", Floats::oneOff)));
  }
}
