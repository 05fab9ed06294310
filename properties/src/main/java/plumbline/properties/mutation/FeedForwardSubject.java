package plumbline.properties.mutation;

import static plumbline.properties.mutation.Mutant.gross;
import static plumbline.properties.mutation.Mutant.subtle;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import plumbline.properties.mutation.Implementation.Stage;
import plumbline.spec.number.Matrix;

/** The feed-forward layer, {@code def-b.5}, with its hidden neurons before and after activation. Tokens are columns. */
final class FeedForwardSubject extends Subject {
  /** Hidden neurons per channel. */
  private static final int EXPANSION = 4;

  FeedForwardSubject() {
    super("feed-forward", "def-b.5");
  }

  @Override
  Tensors inputs(Size size, Kind kind, Random random) {
    int d = size.width();
    int c = EXPANSION * d;
    FloatTensor x = kind == Kind.PROBE ? Floats.transpose(AttentionSubject.oneHot(Math.max(size.rows(), d), d))
        : Floats.normal(random, d, size.rows());
    return new Tensors().put("x", kind == Kind.HOSTILE ? Floats.map(x, value -> value + 100) : x)
        .put("w_1", Floats.scaled(Floats.normal(random, c, d), (float) (1 / Math.sqrt(d))))
        .put("b_1", Floats.scaled(Floats.normal(random, c), 0.5f))
        .put("w_2", Floats.scaled(Floats.normal(random, d, c), (float) (1 / Math.sqrt(c))))
        .put("b_2", Floats.scaled(Floats.normal(random, d), 0.5f));
  }

  /** Each row of a matrix plus one number. */
  private static FloatTensor plusBias(FloatTensor x, FloatTensor b) {
    FloatTensor y = x.copy();
    for (int e = 0; e < y.size(); e++) {
      y.values()[e] += b.values()[e / y.dim(1)];
    }
    return y;
  }

  @Override
  Implementation implementation(Style style) {
    return Implementation.of(
        new Stage("pre", List.of("x", "w_1", "b_1"),
            given -> plusBias(style.sum().product(given.get("w_1"), given.get("x")), given.get("b_1"))),
        new Stage("hidden", List.of("pre"), given -> Floats.relu(given.get("pre"))),
        new Stage("y", List.of("x", "hidden", "w_2", "b_2"),
            given -> Floats.plus(given.get("x"), update(style.sum(), given))));
  }

  /** W_2 H + b_2. */
  private static FloatTensor update(Sum sum, Tensors given) {
    return plusBias(sum.product(given.get("w_2"), given.get("hidden")), given.get("b_2"));
  }

  @Override
  boolean staged() {
    return true;
  }

  @Override
  <M extends Matrix<M>> M exact(String stage, Function<String, M> given) {
    return switch (stage) {
      case "pre" -> affine(given.apply("w_1"), given.apply("x"), given.apply("b_1"));
      case "hidden" -> given.apply("pre").relu();
      case "y" -> given.apply("x").plus(affine(given.apply("w_2"), given.apply("hidden"), given.apply("b_2")));
      default -> super.exact(stage, given);
    };
  }

  private static <M extends Matrix<M>> M affine(M w, M x, M b) {
    return w.times(x).plus(b.transpose().broadcast(w.rows(), x.columns()));
  }

  private static UnaryOperator<Implementation> before(String stage, String operand, UnaryOperator<FloatTensor> change) {
    return honest -> honest.before(stage, operand, change);
  }

  private static UnaryOperator<Implementation> after(String stage, UnaryOperator<FloatTensor> change) {
    return honest -> honest.after(stage, change);
  }

  private static FloatTensor none(FloatTensor x) {
    return FloatTensor.zeros(x.shape());
  }

  private static float gelu(float x) {
    return (float) (0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))));
  }

  @Override
  List<Mutant> mutants() {
    return List.of(
        gross("ReLU missing", "the activation is forgotten", honest -> honest.with("hidden", given -> given.get("pre"))),
        gross("ReLU before bias", "the bias is added after the activation", honest -> honest.with("hidden", given ->
            plusBias(Floats.relu(Sum.SEQUENTIAL.product(given.get("w_1"), given.get("x"))), given.get("b_1")))),
        gross("b₁ missing", "no bias of the hidden neurons", before("pre", "b_1", FeedForwardSubject::none)),
        gross("b₂ missing", "no bias of the result", before("y", "b_2", FeedForwardSubject::none)),
        gross("b₂ doubled", "the caller adds it, too", before("y", "b_2", b -> Floats.scaled(b, 2))),
        gross("residual missing", "the plain reading", before("y", "x", FeedForwardSubject::none)),
        gross("residual doubled", "the caller adds it, too", before("y", "x", x -> Floats.scaled(x, 2))),
        gross("W₁ transposed", "read in the other order", before("pre", "w_1", Floats::misread)),
        gross("W₂ transposed", "read in the other order", before("y", "w_2", Floats::misread)),
        gross("wrong axis", "tokens are read as rows", before("pre", "x", Floats::misread)),
        gross("leaky ReLU 0.01", "another activation", honest -> honest.with("hidden",
            given -> Floats.map(given.get("pre"), value -> value > 0 ? value : 0.01f * value))),
        gross("GELU", "another activation", honest -> honest.with("hidden",
            given -> Floats.map(given.get("pre"), FeedForwardSubject::gelu))),
        gross("last token dropped", "a loop ends one token early", after("y", Floats::withoutLastColumn)),
        gross("last hidden neuron dropped", "a loop ends one neuron early", before("y", "hidden", Floats::withoutLast)),
        gross("ReLU on the result", "one activation too many", after("y", Floats::relu)),
        gross("stale accumulator", "sums go on from row to row", honest -> honest.with("y", given ->
            Floats.plus(given.get("x"),
                plusBias(Floats.staleProduct(given.get("w_2"), given.get("hidden")), given.get("b_2"))))),
        subtle("off-by-one index", "neuron i takes the bias of neuron i − 1",
            before("pre", "b_1", b -> Floats.rolled(b, 1))),
        subtle("float16 hidden neurons", "an intermediate is stored in float16", after("hidden", Floats::half)),
        subtle("bfloat16 hidden neurons", "an intermediate is stored in bfloat16", after("hidden", Floats::brain)),
        subtle("float16 weights", "W₁ is stored in float16", before("pre", "w_1", Floats::half)),
        subtle("tf32 factors", "factors of both products keep 11 bits", honest -> honest.before("pre", "w_1", Floats::tf32)
            .before("pre", "x", Floats::tf32).before("y", "w_2", Floats::tf32).before("y", "hidden", Floats::tf32)),
        subtle("tf32 accumulation", "sums of W₂ H are kept with 11 bits", honest -> honest.with("y",
            given -> Floats.plus(given.get("x"), plusBias(Floats.productInTf32(given.get("w_2"), given.get("hidden")),
                given.get("b_2"))))),
        subtle("one weight off by 64 ulp", "the largest of W₁", before("pre", "w_1", Floats::oneWeightOff)),
        subtle("one entry off by 3e−5", "the largest, relatively", after("y", Floats::oneOff)));
  }
}
