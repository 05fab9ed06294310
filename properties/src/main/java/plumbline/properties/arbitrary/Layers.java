package plumbline.properties.arbitrary;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.arbitrary.LipschitzFunctions.OnMaps;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.AttentionMatrix;
import plumbline.reference.layer.Convolution;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Kernel;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Mlp;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.layer.ResidualAttention;
import plumbline.reference.layer.Softmax;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;

/**
 * Random layers with exact weights and inputs that fit them, at most {@value #SIZE} tokens of {@value #SIZE} numbers.
 * Weights and inputs come from one source of {@link Entries entries}.
 */
public final class Layers {
  static final int SIZE = 4;

  /** A source of matrices of a given shape. */
  @FunctionalInterface
  public interface Entries {
    /** Random matrices of that shape. */
    Arbitrary<ExactMatrix> of(int rows, int columns);

    /** {@link Matrices#ordinary(int, int)}. */
    Entries ORDINARY = Matrices::ordinary;

    /** {@link Matrices#integers}: what every system holds exactly. */
    Entries INTEGERS = Matrices::integers;

    /** {@link Matrices#hostile(int, int)}. */
    Entries HOSTILE = Matrices::hostile;
  }

  private Layers() {}

  /** Softmax of each row, {@code def-b.1}. */
  public static Arbitrary<LayerInput<Softmax>> softmax(Entries entries) {
    return Shapes.small(SIZE).flatMap(s -> entries.of(s.rows(), s.columns())).map(z -> new LayerInput<>(new Softmax(), z));
  }

  /** The attention matrix, {@code def-b.2}. */
  public static Arbitrary<LayerInput<AttentionMatrix>> attentionMatrix(Entries entries) {
    return Shapes.small(3).flatMap(s -> Combinators.combine(
        square(entries, s.columns()), square(entries, s.columns()), entries.of(s.rows(), s.columns()))
        .as((wq, wk, x) -> new LayerInput<>(new AttentionMatrix(wq, wk), x)));
  }

  /** Attention, {@code def-b.3}. */
  public static Arbitrary<LayerInput<Attention>> attention(Entries entries) {
    return Shapes.small(SIZE).flatMap(s -> attention(entries, s.rows(), s.columns()));
  }

  /** Attention on {@code n} tokens of {@code d} numbers, {@code def-b.3}. */
  public static Arbitrary<LayerInput<Attention>> attention(Entries entries, int n, int d) {
    return Combinators.combine(square(entries, d), square(entries, d), square(entries, d), entries.of(n, d))
        .as((wq, wk, wv, x) -> new LayerInput<>(new Attention(wq, wk, wv), x));
  }

  /** Attention with a residual and one head of any size, {@code lemma-4.4}. Tokens are columns. */
  public static Arbitrary<LayerInput<ResidualAttention>> residualAttention(Entries entries) {
    return Combinators.combine(Shapes.size(1, 3), Shapes.size(1, 3), Shapes.size(1, 3)).as((d, s, l) ->
        Combinators.combine(entries.of(d, s), entries.of(s, d), entries.of(s, d), entries.of(s, d), entries.of(d, l))
            .as((wo, wv, wk, wq, z) -> new LayerInput<>(new ResidualAttention(wo, wv, wk, wq), z)))
        .flatMap(a -> a);
  }

  /** The feed-forward layer with and without residual, {@code def-b.5}. Tokens are columns. */
  public static Arbitrary<LayerInput<FeedForward>> feedForward(Entries entries) {
    return Combinators.combine(Shapes.size(1, SIZE), Shapes.size(1, SIZE), Shapes.size(1, SIZE), Arbitraries.of(true, false))
        .as((d, c, l, residual) -> Combinators.combine(
            entries.of(c, d), entries.of(c, 1), entries.of(d, c), entries.of(d, 1), entries.of(d, l))
            .as((w1, b1, w2, b2, x) -> new LayerInput<>(new FeedForward(w1, b1, w2, b2, residual), x)))
        .flatMap(a -> a);
  }

  /** The MLP layer, {@code def-c.8}. */
  public static Arbitrary<LayerInput<Mlp>> mlp(Entries entries) {
    return Combinators.combine(Shapes.size(1, SIZE), Shapes.size(1, SIZE), Shapes.size(1, SIZE)).as((n, c, d) ->
        Combinators.combine(entries.of(c, d), entries.of(1, d), entries.of(n, c))
            .as((w, b, x) -> new LayerInput<>(new Mlp(w, b), x)))
        .flatMap(a -> a);
  }

  /** The 3×3 convolution with and without bias, {@code def-b.6}, as a layer on the matrix of its token map. */
  public static Arbitrary<LayerInput<OnMaps>> convolution(Entries entries) {
    return Combinators.combine(Shapes.size(1, 3), Shapes.size(1, 4), Shapes.size(1, 2), Shapes.size(1, 2), Arbitraries.of(true, false))
        .as((h, w, in, out, biased) -> Combinators.combine(
            entries.of(out, 9 * in), entries.of(1, out), entries.of(h * w, in))
            .as((kernels, bias, x) -> new LayerInput<>(
                new OnMaps(biased ? new Convolution(kernels, bias) : new Convolution(kernels), h, w), x)))
        .flatMap(a -> a);
  }

  /** Layer norm, {@code def-c.9}, with ε from 1/16 to 1: defined on every input. */
  public static Arbitrary<LayerInput<LayerNorm>> layerNorm(Entries entries) {
    Arbitrary<BigFraction> epsilons = Arbitraries.of(BigFraction.ONE, new BigFraction(1, 4), new BigFraction(1, 16));
    return Shapes.small(SIZE).flatMap(s -> Combinators.combine(epsilons, entries.of(s.rows(), s.columns()))
        .as((epsilon, x) -> new LayerInput<>(new LayerNorm(epsilon), x)));
  }

  /** One step of the up-interpolation layer in any reading, {@code def-3.2}, as a layer on matrices. */
  public static Arbitrary<LayerInput<OnMaps>> interpolation(Entries entries) {
    return interpolation(Arbitraries.oneOf(literal(), standard()), entries);
  }

  /** One step of the up-interpolation layer in one of the given readings, {@code def-3.2}, as a layer on matrices. */
  public static Arbitrary<LayerInput<OnMaps>> interpolation(Arbitrary<Interpolation.Reading> readings, Entries entries) {
    return Combinators.combine(readings, Shapes.small(3), Shapes.small(3), Shapes.size(1, 2)).as((reading, from, more, c) ->
        entries.of(from.rows() * from.columns(), c).map(x -> new LayerInput<>(new OnMaps(
            new Interpolation(reading, from.rows() + more.rows(), from.columns() + more.columns()), from.rows(), from.columns()), x)))
        .flatMap(a -> a);
  }

  /** Up- or down-sampling by an integer factor in any reading, {@code def-c.1} and {@code def-c.2}, as a layer on matrices. */
  public static Arbitrary<LayerInput<OnMaps>> rescaling(Entries entries) {
    return Combinators.combine(Arbitraries.of(Rescaling.Direction.values()), Arbitraries.of(Rescaling.Reading.values()))
        .as((direction, reading) -> rescaling(direction, reading, entries)).flatMap(a -> a);
  }

  /** Up- or down-sampling by an integer factor, {@code def-c.1} or {@code def-c.2}, as a layer on matrices. */
  public static Arbitrary<LayerInput<OnMaps>> rescaling(
      Rescaling.Direction direction, Rescaling.Reading reading, Entries entries) {
    return Combinators.combine(Shapes.size(1, 3), Shapes.small(3), Shapes.size(1, 2)).as((factor, base, c) -> {
      int side = direction == Rescaling.Direction.DOWN ? factor : 1;
      int h = base.rows() * side;
      int w = base.columns() * side;
      return entries.of(h * w, c)
          .map(x -> new LayerInput<>(new OnMaps(new Rescaling(direction, factor, reading), h, w), x));
    }).flatMap(a -> a);
  }

  /** The literal readings of Definition 3.2: both kernels, both origins, all boundaries. */
  public static Arbitrary<Interpolation.Reading> literal() {
    return Combinators.combine(kernels(), Arbitraries.of(0, 1), Arbitraries.of(Interpolation.Boundary.values()))
        .as(Interpolation.Literal::new);
  }

  /** The standard readings of Definition 3.2: both kernels. */
  public static Arbitrary<Interpolation.Reading> standard() {
    return kernels().map(Interpolation.Standard::new);
  }

  private static Arbitrary<Kernel> kernels() {
    return Arbitraries.of(Kernel.BSPLINE, Kernel.KEYS);
  }

  /** Any of the layers above. */
  public static Arbitrary<LayerInput<? extends Layer>> any(Entries entries) {
    List<Arbitrary<LayerInput<? extends Layer>>> all = List.of(
        softmax(entries).map(c -> c), attentionMatrix(entries).map(c -> c), attention(entries).map(c -> c),
        residualAttention(entries).map(c -> c), feedForward(entries).map(c -> c), mlp(entries).map(c -> c),
        convolution(entries).map(c -> c), layerNorm(entries).map(c -> c), interpolation(entries).map(c -> c),
        rescaling(entries).map(c -> c));
    return Arbitraries.oneOf(all);
  }

  private static Arbitrary<ExactMatrix> square(Entries entries, int n) {
    return entries.of(n, n);
  }
}
