package plumbline.properties.mutation;

import static plumbline.properties.mutation.Mutant.gross;
import static plumbline.properties.mutation.Mutant.subtle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.mutation.Implementation.Stage;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;

/** Layer norm, {@code def-c.9}, with its means and variances where they are found in two passes. */
final class LayerNormSubject extends Subject {
  private final String epsilon;
  private final float e;

  /**
   * Layer norm.
   *
   * @param epsilon ε as the operator reads it
   */
  LayerNormSubject(String epsilon) {
    super("layer norm, ε = " + epsilon.replace("-", "−"), "def-c.9");
    this.epsilon = epsilon;
    this.e = Float.parseFloat(epsilon);
  }

  @Override
  Map<String, String> parameters(Size size) {
    return Map.of("epsilon", epsilon);
  }

  @Override
  Tensors inputs(Size size, Kind kind, Random random) {
    FloatTensor x = Floats.normal(random, size.rows(), size.width());
    return new Tensors().put("x", kind == Kind.HOSTILE ? Floats.map(x, value -> value + 1000) : x);
  }

  @Override
  Implementation implementation(Style style) {
    if (style.variance() == Style.Variance.TWO_PASS) {
      return Implementation.of(
          new Stage("mean", List.of("x"), given -> mean(style.sum(), given.get("x"))),
          new Stage("variance", List.of("x", "mean"),
              given -> mean(style.sum(), Floats.map(centred(given.get("x"), given.get("mean")), value -> value * value))),
          new Stage("y", List.of("x", "mean", "variance"), given -> normalized(style, given, e)));
    }
    return Implementation.of(new Stage("y", List.of("x"), given -> {
      FloatTensor x = given.get("x");
      Tensors statistics = new Tensors(given);
      if (style.variance() == Style.Variance.WELFORD) {
        welford(x, statistics);
      } else {
        FloatTensor mean = mean(style.sum(), x);
        FloatTensor square = mean(style.sum(), Floats.map(x, value -> value * value));
        statistics.put("mean", mean).put("variance", Floats.combine(square, mean, (s, m) -> s - m * m));
      }
      return normalized(style, statistics, e);
    }));
  }

  private static FloatTensor mean(Sum sum, FloatTensor x) {
    int c = x.dim(1);
    FloatTensor means = FloatTensor.zeros(x.dim(0), 1);
    for (int i = 0; i < x.dim(0); i++) {
      means.values()[i] = sum.sum(x.values(), i * c, 1, c) / c;
    }
    return means;
  }

  private static void welford(FloatTensor x, Tensors statistics) {
    int c = x.dim(1);
    FloatTensor means = FloatTensor.zeros(x.dim(0), 1);
    FloatTensor variances = FloatTensor.zeros(x.dim(0), 1);
    for (int i = 0; i < x.dim(0); i++) {
      float mean = 0;
      float squares = 0;
      for (int j = 0; j < c; j++) {
        float value = x.values()[i * c + j];
        float delta = value - mean;
        mean += delta / (j + 1);
        squares += delta * (value - mean);
      }
      means.values()[i] = mean;
      variances.values()[i] = squares / c;
    }
    statistics.put("mean", means).put("variance", variances);
  }

  /** Each row less a number of its own. */
  private static FloatTensor centred(FloatTensor x, FloatTensor means) {
    FloatTensor y = x.copy();
    for (int k = 0; k < y.size(); k++) {
      y.values()[k] -= means.values()[k / y.dim(1)];
    }
    return y;
  }

  private static FloatTensor normalized(Style style, Tensors given, float epsilon) {
    return divided(style, centred(given.get("x"), given.get("mean")),
        Floats.map(given.get("variance"), variance -> (float) Math.sqrt(variance + epsilon)));
  }

  private static FloatTensor divided(Style style, FloatTensor centred, FloatTensor deviations) {
    FloatTensor y = centred.copy();
    for (int k = 0; k < y.size(); k++) {
      float deviation = deviations.values()[k / y.dim(1)];
      y.values()[k] = style.reciprocal() ? y.values()[k] * (1 / deviation) : y.values()[k] / deviation;
    }
    return y;
  }

  @Override
  boolean staged() {
    return true;
  }

  @Override
  boolean probed() {
    return false;
  }

  @Override
  <M extends Matrix<M>> M exact(String stage, Function<String, M> given) {
    M x = given.apply("x");
    int n = x.rows();
    int c = x.columns();
    M count = x.lift(ExactMatrix.ofIntegers(1, 1, c)).broadcast(n, 1);
    return switch (stage) {
      case "mean" -> x.sumOfRows().dividedBy(count);
      case "variance" -> x.minus(given.apply("mean").broadcast(n, c)).square().sumOfRows().dividedBy(count);
      case "y" -> {
        M variance = given.apply("variance");
        BigFraction added = ExactMatrix.fraction(e);
        M under = e == 0 ? variance : variance.plus(x.system().lift(added).broadcast(n, 1));
        yield x.minus(given.apply("mean").broadcast(n, c)).dividedBy(under.sqrt().broadcast(n, c));
      }
      default -> super.exact(stage, given);
    };
  }

  /** Stage y with other deviations: of the given tensors, with the variances among them. */
  private static UnaryOperator<Implementation> deviations(Function<Tensors, FloatTensor> deviations) {
    return honest -> honest.with("y", given -> divided(Style.PLAIN, centred(given.get("x"), given.get("mean")),
        deviations.apply(given)));
  }

  private static UnaryOperator<Implementation> after(String stage, UnaryOperator<FloatTensor> change) {
    return honest -> honest.after(stage, change);
  }

  private UnaryOperator<Implementation> epsilon(float other) {
    return honest -> honest.with("y", given -> normalized(Style.PLAIN, given, other));
  }

  /** All rows take the statistics of the whole tensor. */
  private static FloatTensor overall(FloatTensor statistics) {
    float mean = Sum.WIDE.sum(statistics.values(), 0, 1, statistics.size()) / statistics.size();
    return Floats.map(statistics, unused -> mean);
  }

  /** 1/√x by the bits of x and one step of Newton: off by up to 1.8·10⁻³; two steps: 5·10⁻⁶. */
  static float fastReciprocalRoot(float x) {
    float y = Float.intBitsToFloat(0x5f3759df - (Float.floatToRawIntBits(x) >> 1));
    return y * (1.5f - 0.5f * x * y * y);
  }

  @Override
  List<Mutant> mutants() {
    List<Mutant> mutants = new ArrayList<>(List.of(
        gross("wrong axis", "channels instead of tokens are normalised", honest -> honest.with("y", given -> {
          Tensors turned = new Tensors().put("x", Floats.transpose(given.get("x")));
          return Floats.transpose(implementation(Style.PLAIN).run(turned).get("y"));
        })),
        gross("no square root", "divided by the variance", deviations(given -> given.get("variance"))),
        gross("mean not subtracted", "divided only", honest -> honest.with("y", given ->
            divided(Style.PLAIN, given.get("x"), Floats.map(given.get("variance"), v -> (float) Math.sqrt(v))))),
        gross("root mean square", "the variance is that of the uncentred row", honest -> honest.with("variance",
            given -> mean(Sum.SEQUENTIAL, Floats.map(given.get("x"), value -> value * value)))),
        gross("sum for mean", "the division by c is missing", honest -> honest.with("variance", given -> Floats.scaled(
            mean(Sum.SEQUENTIAL, Floats.map(centred(given.get("x"), given.get("mean")), value -> value * value)),
            given.get("x").dim(1)))),
        gross("mean absolute deviation", "in place of the standard deviation", deviations(given -> mean(Sum.SEQUENTIAL,
            Floats.map(centred(given.get("x"), given.get("mean")), Math::abs)))),
        gross("last channel dropped", "the mean leaves it out", honest -> honest.with("mean",
            given -> mean(Sum.SEQUENTIAL, Floats.withoutLastColumn(given.get("x"))))),
        gross("last token dropped", "a loop ends one token early", after("y", Floats::withoutLast)),
        gross("statistics of the whole tensor", "one mean and one variance", honest -> honest
            .after("mean", LayerNormSubject::overall).after("variance", LayerNormSubject::overall)),
        gross("statistics off by one", "token i takes those of token i − 1", honest -> honest
            .before("y", "mean", mean -> Floats.rolled(mean, 1)).before("y", "variance", v -> Floats.rolled(v, 1))),
        gross("stale accumulator", "the sum goes on from token to token", after("mean", mean -> {
          FloatTensor y = mean.copy();
          for (int i = 1; i < y.size(); i++) {
            y.values()[i] += y.values()[i - 1];
          }
          return y;
        })),
        gross("wrong sign", "μ − x", after("y", y -> Floats.scaled(y, -1))),
        subtle("unbiased variance", "divided by c − 1", honest -> honest.with("variance", given -> {
          int c = given.get("x").dim(1);
          return Floats.scaled(mean(Sum.SEQUENTIAL, Floats.map(centred(given.get("x"), given.get("mean")),
              value -> value * value)), c / (c - 1f));
        })),
        subtle("ε = 1e−5", "the default of another framework", epsilon(1e-5f)),
        subtle("ε outside the root", "√σ² + 1e−5", deviations(given ->
            Floats.map(given.get("variance"), v -> (float) Math.sqrt(v) + 1e-5f))),
        subtle("float16 mean", "stored in float16", after("mean", Floats::half)),
        subtle("float16 variance", "stored in float16", after("variance", Floats::half)),
        subtle("bfloat16 variance", "stored in bfloat16", after("variance", Floats::brain)),
        subtle("fast reciprocal root", "off by up to 1.8e−3", honest -> honest.with("y", given -> {
          FloatTensor roots = Floats.map(given.get("variance"), v -> fastReciprocalRoot(v + e));
          FloatTensor y = centred(given.get("x"), given.get("mean"));
          for (int k = 0; k < y.size(); k++) {
            y.values()[k] *= roots.values()[k / y.dim(1)];
          }
          return y;
        })),
        subtle("float16 differences", "x − μ is stored in float16", honest -> honest.with("y", given ->
            divided(Style.PLAIN, Floats.half(centred(given.get("x"), given.get("mean"))),
                Floats.map(given.get("variance"), v -> (float) Math.sqrt(v + e))))),
        subtle("one entry off by 3e−5", "the largest, relatively", after("y", Floats::oneOff))));
    mutants.add(e == 0
        ? subtle("ε = 1e−6", "the paper has none", epsilon(1e-6f))
        : subtle("ε missing", "as the paper has it", epsilon(0)));
    return mutants;
  }
}
