package plumbline.properties.mutation;

import static plumbline.properties.mutation.Mutant.gross;
import static plumbline.properties.mutation.Mutant.subtle;

import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import plumbline.properties.mutation.Implementation.Stage;

/** The MLP layer, one affine map of tokens: {@code def-c.8}. */
final class MlpSubject extends Subject {

  MlpSubject() {
    super("MLP", "def-c.8");
  }

  @Override
  Tensors inputs(Size size, Kind kind, Random random) {
    int d = size.width();
    FloatTensor x = kind == Kind.PROBE ? AttentionSubject.oneHot(Math.max(size.rows(), d), d)
        : Floats.normal(random, size.rows(), d);
    return new Tensors().put("x", kind == Kind.HOSTILE ? Floats.map(x, value -> value + 100) : x)
        .put("w", Floats.scaled(Floats.normal(random, d, d), (float) (1 / Math.sqrt(d))))
        .put("b", Floats.scaled(Floats.normal(random, d), 0.5f));
  }

  /** Each column of a matrix plus one number. */
  static FloatTensor plusBias(FloatTensor x, FloatTensor b) {
    FloatTensor y = x.copy();
    for (int e = 0; e < y.size(); e++) {
      y.values()[e] += b.values()[e % b.size()];
    }
    return y;
  }

  @Override
  Implementation implementation(Style style) {
    return Implementation.of(new Stage("y", List.of("x", "w", "b"),
        given -> plusBias(style.sum().product(given.get("x"), given.get("w")), given.get("b"))));
  }

  private static UnaryOperator<Implementation> before(String operand, UnaryOperator<FloatTensor> change) {
    return honest -> honest.before("y", operand, change);
  }

  private static UnaryOperator<Implementation> after(UnaryOperator<FloatTensor> change) {
    return honest -> honest.after("y", change);
  }

  @Override
  List<Mutant> mutants() {
    return List.of(
        gross("W transposed", "a layout of another framework", before("w", Floats::transpose)),
        gross("bias missing", "forgotten", before("b", b -> FloatTensor.zeros(b.shape()))),
        gross("bias doubled", "the caller adds it, too", before("b", b -> Floats.scaled(b, 2))),
        gross("bias along the wrong axis", "token i takes entry i", honest -> honest.with("y", given -> {
          FloatTensor y = Sum.SEQUENTIAL.product(given.get("x"), given.get("w"));
          for (int e = 0; e < y.size(); e++) {
            y.values()[e] += given.get("b").values()[e / y.dim(1) % y.dim(1)];
          }
          return y;
        })),
        gross("ReLU added", "one activation too many", after(Floats::relu)),
        gross("residual added", "the caller adds it, too", honest -> honest.with("y", given -> Floats.plus(given.get("x"),
            plusBias(Sum.SEQUENTIAL.product(given.get("x"), given.get("w")), given.get("b"))))),
        gross("last token dropped", "a loop ends one token early", after(Floats::withoutLast)),
        gross("last channel dropped", "a loop ends one channel early", before("x", Floats::withoutLastColumn)),
        gross("wrong axis", "tokens are read as columns", before("x", Floats::misread)),
        gross("stale accumulator", "sums go on from token to token", honest -> honest.with("y",
            given -> plusBias(Floats.staleProduct(given.get("x"), given.get("w")), given.get("b")))),
        gross("rows of W off by one", "channel i meets the weights of channel i − 1",
            before("w", w -> Floats.rolled(w, 1))),
        subtle("off-by-one index", "channel i takes the bias of channel i − 1", before("b", b -> Floats.rolled(b, 1))),
        subtle("float16 product", "the product is stored in float16 before the bias is added", honest -> honest.with("y",
            given -> plusBias(Floats.half(Sum.SEQUENTIAL.product(given.get("x"), given.get("w"))), given.get("b")))),
        subtle("float16 weights", "stored in float16", before("w", Floats::half)),
        subtle("bfloat16 weights", "stored in bfloat16", before("w", Floats::brain)),
        subtle("tf32 factors", "X and W keep 11 bits", honest -> honest.before("y", "x", Floats::tf32)
            .before("y", "w", Floats::tf32)),
        subtle("tf32 accumulation", "sums are kept with 11 bits", honest -> honest.with("y",
            given -> plusBias(Floats.productInTf32(given.get("x"), given.get("w")), given.get("b")))),
        subtle("one weight off by 64 ulp", "the largest", before("w", Floats::oneWeightOff)),
        subtle("one entry off by 3e−5", "the largest, relatively", after(Floats::oneOff)));
  }
}
