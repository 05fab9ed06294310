package plumbline.properties.mutation;

import static plumbline.properties.mutation.Floats.transpose;
import static plumbline.properties.mutation.Mutant.gross;
import static plumbline.properties.mutation.Mutant.subtle;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import plumbline.properties.mutation.Implementation.Stage;
import plumbline.spec.number.Matrix;

/** Attention, {@code def-b.3}, with its queries, keys, values, scores and weights. */
final class AttentionSubject extends Subject {

  AttentionSubject() {
    super("attention", "def-b.3");
  }

  @Override
  Tensors inputs(Size size, Kind kind, Random random) {
    int d = size.width();
    float weight = (float) (1 / Math.sqrt(d));
    FloatTensor x = kind == Kind.PROBE ? oneHot(Math.max(size.rows(), d), d) : Floats.normal(random, size.rows(), d);
    // hostile: scores up to several hundreds, whatever the width
    float query = kind == Kind.HOSTILE ? weight * 400 / (float) Math.sqrt(d) : weight;
    return new Tensors().put("x", x).put("w_q", Floats.scaled(Floats.normal(random, d, d), query))
        .put("w_k", Floats.scaled(Floats.normal(random, d, d), weight))
        .put("w_v", Floats.scaled(Floats.normal(random, d, d), weight));
  }

  /** The rows e_0, e_1, …, cyclically. */
  static FloatTensor oneHot(int rows, int columns) {
    FloatTensor x = FloatTensor.zeros(rows, columns);
    for (int i = 0; i < rows; i++) {
      x.values()[i * columns + i % columns] = 1;
    }
    return x;
  }

  @Override
  Implementation implementation(Style style) {
    Sum sum = style.sum();
    return Implementation.of(
        new Stage("q", List.of("x", "w_q"), given -> sum.product(given.get("x"), given.get("w_q"))),
        new Stage("k", List.of("x", "w_k"), given -> sum.product(given.get("x"), given.get("w_k"))),
        new Stage("v", List.of("x", "w_v"), given -> sum.product(given.get("x"), given.get("w_v"))),
        new Stage("scores", List.of("q", "k"), given -> sum.product(given.get("q"), transpose(given.get("k")))),
        new Stage("weights", List.of("scores"), given -> new SoftmaxSubject.Rows(style).of(given.get("scores"))),
        new Stage("y", List.of("weights", "v"), given -> sum.product(given.get("weights"), given.get("v"))));
  }

  @Override
  boolean staged() {
    return true;
  }

  @Override
  <M extends Matrix<M>> M exact(String stage, Function<String, M> given) {
    return switch (stage) {
      case "q" -> given.apply("x").times(given.apply("w_q"));
      case "k" -> given.apply("x").times(given.apply("w_k"));
      case "v" -> given.apply("x").times(given.apply("w_v"));
      case "scores" -> given.apply("q").times(given.apply("k").transpose());
      case "weights" -> given.apply("scores").softmaxRows();
      case "y" -> given.apply("weights").times(given.apply("v"));
      default -> super.exact(stage, given);
    };
  }

  /** A softmax with something changed. */
  private static UnaryOperator<Implementation> softmax(Consumer<SoftmaxSubject.Rows> change) {
    return honest -> honest.with("weights", given -> SoftmaxSubject.rows(change).of(given.get("scores")));
  }

  /** Something done to the result of some stages. */
  private static UnaryOperator<Implementation> after(UnaryOperator<FloatTensor> change, String... stages) {
    return honest -> {
      Implementation planted = honest;
      for (String stage : stages) {
        planted = planted.after(stage, change);
      }
      return planted;
    };
  }

  private static UnaryOperator<Implementation> before(String stage, String operand, UnaryOperator<FloatTensor> change) {
    return honest -> honest.before(stage, operand, change);
  }

  @Override
  List<Mutant> mutants() {
    return List.of(
        gross("causal mask", "token i sees tokens 0 … i only", softmax(rows -> rows.causal = true)),
        gross("softmax along the wrong axis", "queries compete for a key", honest -> honest.with("weights",
            given -> transpose(new SoftmaxSubject.Rows(Style.PLAIN).of(transpose(given.get("scores")))))),
        gross("W_V transposed", "a layout of another framework", before("v", "w_v", Floats::transpose)),
        gross("W_Q transposed", "a layout of another framework", before("q", "w_q", Floats::transpose)),
        gross("queries and keys exchanged", "the scores are transposed", after(Floats::transpose, "scores")),
        gross("W_Q used for the keys", "a copied line", honest -> honest.with("k", given -> given.get("q"))),
        gross("last key dropped", "a loop ends one token early",
            softmax(rows -> rows.exponentials = Floats::withoutLastColumn)),
        gross("last query dropped", "a loop ends one token early", after(Floats::withoutLast, "y")),
        gross("residual added", "the caller adds it, too", honest -> honest.with("y", given -> Floats.plus(given.get("x"),
            Sum.SEQUENTIAL.product(given.get("weights"), given.get("v"))))),
        gross("not normalised", "the division is missing", softmax(rows -> rows.total = sum -> 1)),
        gross("no maximum subtracted", "exp overflows", softmax(rows -> rows.subtract = false)).onHostile(),
        gross("stale accumulator", "sums go on from token to token", honest -> honest.with("y",
            given -> Floats.staleProduct(given.get("weights"), given.get("v")))),
        gross("values off by one", "token j brings the value of token j − 1", before("y", "v", v -> Floats.rolled(v, 1))),
        subtle("keys off by one", "token j brings the key of token j − 1", before("scores", "k", k -> Floats.rolled(k, 1))),
        subtle("1/√d", "the scores are scaled", honest -> honest.with("scores",
            given -> Floats.scaled(Sum.SEQUENTIAL.product(given.get("q"), transpose(given.get("k"))),
                (float) (1 / Math.sqrt(given.get("x").dim(1)))))),
        subtle("float16 queries and keys", "intermediates are stored in float16", after(Floats::half, "q", "k")),
        subtle("float16 values", "an intermediate is stored in float16", after(Floats::half, "v")),
        subtle("float16 scores", "an intermediate is stored in float16", after(Floats::half, "scores")),
        subtle("float16 weights", "an intermediate is stored in float16", after(Floats::half, "weights")),
        subtle("bfloat16 weights", "an intermediate is stored in bfloat16", after(Floats::brain, "weights")),
        subtle("tf32 projections", "factors of X W_Q, X W_K, X W_V keep 11 bits", honest -> honest
            .before("q", "x", Floats::tf32).before("q", "w_q", Floats::tf32).before("k", "x", Floats::tf32)
            .before("k", "w_k", Floats::tf32).before("v", "x", Floats::tf32).before("v", "w_v", Floats::tf32)),
        subtle("tf32 scores", "factors of Q Kᵀ keep 11 bits", honest -> honest
            .before("scores", "q", Floats::tf32).before("scores", "k", Floats::tf32)),
        subtle("tf32 accumulation", "sums of A V are kept with 11 bits", honest -> honest.with("y",
            given -> Floats.productInTf32(given.get("weights"), given.get("v")))),
        subtle("approximate exp", "a cubic, off by up to 1e−4", softmax(rows -> rows.exp = Floats::approximateExp)),
        subtle("one weight off by 64 ulp", "the largest of W_V", before("v", "w_v", Floats::oneWeightOff)),
        subtle("one entry off by 3e−5", "the largest, relatively", after(Floats::oneOff, "y")));
  }
}
