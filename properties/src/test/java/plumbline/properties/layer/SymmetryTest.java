package plumbline.properties.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Seed;
import plumbline.properties.arbitrary.LayerInput;
import plumbline.properties.arbitrary.Layers;
import plumbline.properties.arbitrary.Matrices;
import plumbline.properties.arbitrary.Numbers;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.AttentionMatrix;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Mlp;
import plumbline.reference.layer.Softmax;
import plumbline.reference.number.Ball;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.BallMatrix;
import plumbline.reference.number.Rational;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;

/**
 * Equalities that every layer's definition implies: equivariance under permutations of tokens, invariance under shifts,
 * sums.
 *
 * <p>What a green test proves. Where both sides are rational, they are equal. Where they are not, no enclosure can prove
 * equality; then the enclosures of both sides intersect at 53, 128 and 512 bits, and at 512 bits neither is wider than 2^−400
 * of the larger of its magnitude and 1. So the sides differ by at most twice that: any larger difference turns the test red.
 */
class SymmetryTest {
  private static final Layers.Entries ENTRIES = Layers.Entries.ORDINARY;

  private static void requireEqual(Expression left, Expression right) {
    try {
      assertEquals(left.in(Rational.INSTANCE).toExact(), right.in(Rational.INSTANCE).toExact());
    } catch (ArithmeticException irrational) {
      BallMatrix fineLeft = left.in(Ball.of(512));
      BallMatrix fineRight = right.in(Ball.of(512));
      Enclosures.requireNarrow(fineLeft, 400);
      Enclosures.requireNarrow(fineRight, 400);
      Enclosures.requireIntersecting(fineLeft, fineRight);
      Enclosures.requireIntersecting(left.in(Ball.of(128)), right.in(Ball.of(128)));
      Enclosures.requireIntersecting(fineLeft, left.in(Ball53.INSTANCE));
      Enclosures.requireIntersecting(fineLeft, right.in(Ball53.INSTANCE));
    }
  }

  /**
   * A layer with an input and an order of its tokens.
   *
   * @param order row (or column) k of the permuted input is row (or column) order[k] of the input
   */
  record Permuted<L extends Layer>(LayerInput<L> input, List<Integer> order) {

    Expression rows(Expression x) {
      return x.selectRows(order.stream().mapToInt(k -> k).toArray());
    }

    Expression columns(Expression x) {
      return rows(x.transpose()).transpose();
    }

    /** layer(permuted x) = permuted layer(x). */
    void requireEquivariant(UnaryOperator<Expression> permutation) {
      Expression x = Expression.of(input.x());
      requireEqual(input.layer().apply(permutation.apply(x)), permutation.apply(input.layer().apply(x)));
    }
  }

  private static <L extends Layer> Arbitrary<Permuted<?>> byRows(Arbitrary<LayerInput<L>> layers) {
    return layers.flatMap(input -> order(input.x().rows()).map(order -> new Permuted<>(input, order)));
  }

  private static <L extends Layer> Arbitrary<Permuted<?>> byColumns(Arbitrary<LayerInput<L>> layers) {
    return layers.flatMap(input -> order(input.x().columns()).map(order -> new Permuted<>(input, order)));
  }

  private static Arbitrary<List<Integer>> order(int n) {
    return Arbitraries.shuffle(IntStream.range(0, n).boxed().toList());
  }

  @Provide
  Arbitrary<Permuted<?>> attention() {
    return byRows(Layers.attention(ENTRIES));
  }

  @Property(seed = Seed.FIXED, tries = 60)
  void defB3_attentionIsPermutationEquivariant(@ForAll("attention") Permuted<?> p) {
    p.requireEquivariant(p::rows);
  }

  @Provide
  Arbitrary<Permuted<?>> attentionMatrix() {
    return byRows(Layers.attentionMatrix(ENTRIES));
  }

  @Property(seed = Seed.FIXED, tries = 60)
  void defB2_attentionMatrixIsPermutedOnBothSides(@ForAll("attentionMatrix") Permuted<?> p) {
    Expression x = Expression.of(p.input.x());
    requireEqual(p.input.layer().apply(p.rows(x)), p.columns(p.rows(p.input.layer().apply(x))));
  }

  @Provide
  Arbitrary<Permuted<?>> residualAttention() {
    return byColumns(Layers.residualAttention(ENTRIES));
  }

  @Property(seed = Seed.FIXED, tries = 60)
  void lemma44_residualAttentionIsPermutationEquivariant(@ForAll("residualAttention") Permuted<?> p) {
    p.requireEquivariant(p::columns);
  }

  @Provide
  Arbitrary<Permuted<?>> feedForward() {
    return byColumns(Layers.feedForward(ENTRIES));
  }

  @Property(seed = Seed.FIXED, tries = 60)
  void defB5_feedForwardIsPermutationEquivariant(@ForAll("feedForward") Permuted<?> p) {
    p.requireEquivariant(p::columns);
  }

  @Provide
  Arbitrary<Permuted<?>> mlp() {
    return byRows(Layers.mlp(ENTRIES));
  }

  @Property(seed = Seed.FIXED, tries = 60)
  void defC8_mlpIsPermutationEquivariant(@ForAll("mlp") Permuted<?> p) {
    p.requireEquivariant(p::rows);
  }

  @Provide
  Arbitrary<Permuted<?>> layerNormTokens() {
    return byRows(Layers.layerNorm(ENTRIES));
  }

  @Property(seed = Seed.FIXED, tries = 60)
  void defC9_layerNormIsEquivariantInTokens(@ForAll("layerNormTokens") Permuted<?> p) {
    p.requireEquivariant(p::rows);
  }

  @Provide
  Arbitrary<Permuted<?>> layerNormChannels() {
    return byColumns(Layers.layerNorm(ENTRIES));
  }

  @Property(seed = Seed.FIXED, tries = 60)
  void defC9_layerNormIsEquivariantInChannels(@ForAll("layerNormChannels") Permuted<?> p) {
    p.requireEquivariant(p::columns);
  }

  @Provide
  Arbitrary<Permuted<?>> softmaxColumns() {
    return byColumns(Layers.softmax(ENTRIES));
  }

  @Property(seed = Seed.FIXED, tries = 60)
  void defB1_softmaxIsPermutationEquivariant(@ForAll("softmaxColumns") Permuted<?> p) {
    p.requireEquivariant(p::columns);
  }

  /** Scores with a number for each row to shift it by. */
  record Shifted(ExactMatrix z, ExactMatrix shift) {}

  @Provide
  Arbitrary<Shifted> shifted() {
    return Matrices.ordinary(4).flatMap(z -> Matrices.moderate(1000, z.rows(), 1).map(shift -> new Shifted(z, shift)));
  }

  @Property(seed = Seed.FIXED, tries = 60)
  void defB1_softmaxIsInvariantUnderShifts(@ForAll("shifted") Shifted s) {
    Expression z = Expression.of(s.z);
    Expression moved = z.plus(Expression.of(s.shift).broadcast(z.rows(), z.columns()));
    requireEqual(new Softmax().apply(moved), new Softmax().apply(z));
  }

  @Provide
  Arbitrary<LayerInput<Softmax>> softmax() {
    return Layers.softmax(ENTRIES);
  }

  @Property(seed = Seed.FIXED, tries = 60)
  void defB1_rowsSumToOne(@ForAll("softmax") LayerInput<Softmax> input) {
    Expression p = input.layer().apply(Expression.of(input.x()));
    requireEqual(p.sumOfRows(), Expression.of(ExactMatrix.ones(p.rows(), 1)));
  }

  /** The quotient as Definition B.1 has it, from exp, a sum and a division. */
  @Property(seed = Seed.FIXED, tries = 60)
  void defB1_softmaxIsTheQuotientOfExponentials(@ForAll("softmax") LayerInput<Softmax> input) {
    Expression z = Expression.of(input.x());
    requireEqual(input.layer().apply(z), z.exp().dividedBy(z.exp().sumOfRows().broadcast(z.rows(), z.columns())));
  }

  @Provide
  Arbitrary<LayerInput<Attention>> attentionInput() {
    return Layers.attention(ENTRIES);
  }

  /** D⁻¹ A X W_V as Definition B.3 has it, with the attention matrix A of Definition B.2 and D = diag(A 1). */
  @Property(seed = Seed.FIXED, tries = 60)
  void defB3_attentionIsTheNormalisedAttentionMatrix(@ForAll("attentionInput") LayerInput<Attention> input) {
    Expression x = Expression.of(input.x());
    Expression a = input.layer().scores().apply(x);
    Expression d = a.sumOfRows();
    Expression values = a.times(x.times(x.lift(input.layer().wv())));
    requireEqual(input.layer().apply(x), values.dividedBy(d.broadcast(values.rows(), values.columns())));
  }

  @Provide
  Arbitrary<LayerInput<AttentionMatrix>> attentionMatrixInput() {
    return Layers.attentionMatrix(ENTRIES);
  }

  /** log A_ij = X_i (W_Q W_Kᵀ) X_jᵀ: the two weights are not interchanged, nor the tokens. */
  @Property(seed = Seed.FIXED, tries = 60)
  void defB2_logarithmsAreABilinearForm(@ForAll("attentionMatrixInput") LayerInput<AttentionMatrix> input) {
    Expression x = Expression.of(input.x());
    Expression form = Expression.of(input.layer().wq()).times(Expression.of(input.layer().wk()).transpose());
    requireEqual(input.layer().apply(x).log(), x.times(form).times(x.transpose()));
  }

  /** Attention is linear in W_V: with W_V times a factor it returns its value times that factor. */
  @Property(seed = Seed.FIXED, tries = 60)
  void defB3_attentionIsLinearInItsValues(@ForAll("attentionInput") LayerInput<Attention> input) {
    Attention layer = input.layer();
    ExactMatrix identity = ExactMatrix.identity(layer.wv().rows());
    Expression x = Expression.of(input.x());
    requireEqual(layer.apply(x), new Attention(layer.scores().wq(), layer.scores().wk(), identity).apply(x)
        .times(Expression.of(layer.wv())));
  }

  @Provide
  Arbitrary<LayerInput<LayerNorm>> layerNorm() {
    return Layers.layerNorm(ENTRIES);
  }

  @Property(seed = Seed.FIXED, tries = 60)
  void defC9_rowsHaveMeanZero(@ForAll("layerNorm") LayerInput<LayerNorm> input) {
    Expression y = input.layer().apply(Expression.of(input.x()));
    requireEqual(y.sumOfRows(), Expression.of(ExactMatrix.zeros(y.rows(), 1)));
  }

  /** Rows without a constant one, a positive factor and a shift per row. */
  record Rescaled(ExactMatrix x, BigFraction factor, BigFraction shift) {}

  @Provide
  Arbitrary<Rescaled> rescaled() {
    return Combinators.combine(
        Matrices.ordinary(4).filter(SymmetryTest::hasNoConstantRow), Numbers.fractions().filter(f -> !f.equals(BigFraction.ZERO)),
        Numbers.fractions()).as((x, factor, shift) -> new Rescaled(x, factor.abs(), shift));
  }

  private static boolean hasNoConstantRow(ExactMatrix x) {
    return IntStream.range(0, x.rows()).allMatch(i ->
        IntStream.range(1, x.columns()).anyMatch(j -> !x.get(i, j).equals(x.get(i, 0))));
  }

  /** Without ε, layer norm does not see a positive factor and a shift, and its rows have variance 1. */
  @Property(seed = Seed.FIXED, tries = 60)
  void defC9_layerNormIsInvariantUnderAffineMaps(@ForAll("rescaled") Rescaled r) {
    Expression x = Expression.of(r.x);
    Expression moved = x.scaledBy(Expression.of(r.factor)).plus(Expression.of(r.shift).broadcast(x.rows(), x.columns()));
    Expression y = new LayerNorm().apply(x);
    requireEqual(new LayerNorm().apply(moved), y);
    requireEqual(y.square().sumOfRows(), Expression.of(x.columns()).broadcast(x.rows(), 1));
  }

  /** An MLP is its weights on the identity and its bias on 0. */
  @Property(seed = Seed.FIXED, tries = 60)
  void defC8_mlpReturnsItsWeights(@ForAll("mlpInput") LayerInput<Mlp> input) {
    Mlp layer = input.layer();
    int c = layer.w().rows();
    Expression bias = Expression.of(layer.b());
    requireEqual(layer.apply(Expression.of(ExactMatrix.zeros(1, c))), bias);
    requireEqual(layer.apply(Expression.of(ExactMatrix.identity(c))).minus(bias.broadcast(c, layer.w().columns())),
        Expression.of(layer.w()));
  }

  @Provide
  Arbitrary<LayerInput<Mlp>> mlpInput() {
    return Layers.mlp(ENTRIES);
  }
}
