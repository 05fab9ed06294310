package plumbline.properties.vector;

import static plumbline.properties.vector.Flag.CHUNK_ORDER;
import static plumbline.properties.vector.Flag.DATA_AND_NOISE_SWAPPED;
import static plumbline.properties.vector.Flag.EPSILON;
import static plumbline.properties.vector.Flag.HALF_PRECISION;
import static plumbline.properties.vector.Flag.KERNEL_FLIP;
import static plumbline.properties.vector.Flag.MISSING_BIAS;
import static plumbline.properties.vector.Flag.RESIDUAL;
import static plumbline.properties.vector.Flag.SAMPLING;
import static plumbline.properties.vector.Flag.SCALED_SCORES;
import static plumbline.properties.vector.Flag.SCALE_ORDER;
import static plumbline.properties.vector.Flag.SWAPPED_QUERIES_AND_KEYS;
import static plumbline.properties.vector.Flag.TIME_IGNORED;
import static plumbline.properties.vector.Flag.TRANSPOSED_WEIGHTS;
import static plumbline.properties.vector.Flag.VALUES_NOT_PROJECTED;
import static plumbline.properties.vector.GoldenVector.of;

import java.util.List;
import java.util.stream.Stream;

/** Vectors of what is composed of several layers: VAR, FlowAR, the phases after the transformer. */
final class ModelVectors {

  private ModelVectors() {}

  static List<GoldenVector> all() {
    return Stream.of(var(), phases(), flow(), inference()).flatMap(List::stream).toList();
  }

  private static GoldenVector.Builder block(GoldenVector.Builder vector, String prefix, String suffix, int d, int hidden) {
    return vector.random(prefix + "w_q" + suffix, 1, d, d).random(prefix + "w_k" + suffix, 1, d, d)
        .random(prefix + "w_v" + suffix, 1, d, d).random(prefix + "w_1" + suffix, 1, hidden, d)
        .random(prefix + "b_1" + suffix, 1, hidden).random(prefix + "w_2" + suffix, 1, d, hidden)
        .random(prefix + "b_2" + suffix, 1, d);
  }

  private static GoldenVector.Builder network(GoldenVector.Builder vector, String suffix, int c) {
    return vector.random("w_6" + suffix, 1, c, 6 * c).random("b_6" + suffix, 1, 6 * c).random("w_q" + suffix, 1, c, c)
        .random("w_k" + suffix, 1, c, c).random("w_v" + suffix, 1, c, c).random("w" + suffix, 1, c, c)
        .random("b" + suffix, 1, c);
  }

  private static GoldenVector.Builder member(GoldenVector.Builder vector, int i, int d, int inner, int hidden) {
    return vector.random("w_o_" + i, 1, d, inner).random("w_v_" + i, 1, inner, d).random("w_k_" + i, 1, inner, d)
        .random("w_q_" + i, 1, inner, d).random("w_1_" + i, 1, hidden, d).random("b_1_" + i, 1, hidden)
        .random("w_2_" + i, 1, d, hidden).random("b_2_" + i, 1, d);
  }

  private static List<GoldenVector> var() {
    return List.of(
        block(block(of("def-3.6", "two-scales").parameter("scales", "1x1,2x2"), "", "_1", 2, 3), "", "_2", 2, 3)
            .random("x_init", 1, 1, 2).flags(RESIDUAL, MISSING_BIAS, SCALE_ORDER, TRANSPOSED_WEIGHTS, HALF_PRECISION)
            .says("two layers, from one token to 1×1 and 2×2", "weights of the layers are exchanged, or any bug of a layer"),
        block(of("def-3.6", "one-scale").parameter("scales", "1x1").parameter("ffn", "plain"), "", "_1", 3, 2)
            .random("x_init", 1, 1, 3).flags(RESIDUAL, MISSING_BIAS, VALUES_NOT_PROJECTED)
            .says("one layer on one token", "the feed-forward layer adds its input, or values are not projected"),
        block(of("def-3.8", "two-scales").parameter("scales", "1x1,2x2").parameter("up", "standard"), "", "", 2, 3)
            .random("x_init", 1, 1, 2).random("x", 1, 1, 2).flags(RESIDUAL, MISSING_BIAS, SCALED_SCORES)
            .says("FFN ∘ Attn ∘ Φ_up from 1×1 to 2×2", "scaled scores, transposed weights, or a missing residual"),
        block(of("def-3.8", "one-scale").parameter("scales", "1x1"), "", "", 2, 2)
            .random("x_init", 1, 1, 2).flags(RESIDUAL, VALUES_NOT_PROJECTED, TRANSPOSED_WEIGHTS)
            .says("one scale: nothing to enlarge", "any bug of attention or of the feed-forward layer"),
        member(member(of("def-3.9", "theorem").parameter("scales", "1x1,2x2"), 1, 2, 1, 4), 2, 2, 1, 4)
            .random("x_init", 1, 1, 2).flags(RESIDUAL, MISSING_BIAS, SCALE_ORDER)
            .says("one head of size 1 and four hidden neurons, as the theorem has it", "weights of the blocks are exchanged"),
        member(of("def-3.9", "two-heads").parameter("scales", "1x1").parameter("heads", "2").parameter("head_size", "2")
            .parameter("hidden", "3").parameter("ffn", "plain"), 1, 3, 4, 3)
            .random("x_init", 1, 1, 3).flags(RESIDUAL, MISSING_BIAS, HALF_PRECISION)
            .says("two heads of size 2", "heads interleaved, or the feed-forward layer adds its input"),
        of("lemma-4.4", "square").random("z", 1, 2, 3).random("w_o", 1, 2, 2).random("w_v", 1, 2, 2).random("w_k", 1, 2, 2)
            .random("w_q", 1, 2, 2).flags(TRANSPOSED_WEIGHTS, SWAPPED_QUERIES_AND_KEYS, HALF_PRECISION)
            .says("tokens as columns, with residual and output weights", "queries and keys exchanged, or weights transposed"),
        of("lemma-4.4", "rank-one").random("z", 1, 3, 4).random("w_o", 1, 3, 1).random("w_v", 1, 1, 3).random("w_k", 1, 1, 3)
            .random("w_q", 1, 1, 3).flags(SWAPPED_QUERIES_AND_KEYS, HALF_PRECISION)
            .says("a head of size 1", "softmax of the rows instead of the columns"));
  }

  private static List<GoldenVector> phases() {
    return List.of(
        of("phase-two", "sum").random("y_1", 1, 1, 2, 2).random("y_2", 1, 3, 3, 2).random("kernels_1", 1, 2, 3, 3, 2)
            .random("kernels_2", 1, 2, 3, 3, 2).random("b_1", 1, 2).random("b_2", 1, 2).shape("y", 3, 3, 2)
            .flags(MISSING_BIAS, KERNEL_FLIP, SAMPLING, SCALE_ORDER)
            .says("two token maps, enlarged, convolved and summed", "kernels flipped or exchanged, a bias left out"),
        of("phase-two", "blended").parameter("reading", "blended").parameter("up", "standard").random("y_1", 1, 1, 2, 1)
            .random("y_2", 1, 2, 3, 1).random("kernels_1", 1, 1, 3, 3, 1).random("kernels_2", 1, 1, 3, 3, 1).shape("y", 2, 3, 1)
            .flags(KERNEL_FLIP, SAMPLING, HALF_PRECISION)
            .says("each convolution blended half and half with its input", "the convolution alone"),
        of("phase-three", "no-blocks").parameter("blocks", "none").random("x", 1, 2, 2, 2).random("kernels_in", 1, 2, 3, 3, 2)
            .random("kernels_out", 1, 3, 3, 3, 2).shape("y", 2, 2, 3).flags(KERNEL_FLIP, TRANSPOSED_WEIGHTS, HALF_PRECISION)
            .says("two convolutions with an activation between them", "kernels flipped or transposed"),
        of("phase-three", "one-of-each").parameter("blocks", "residual attention up").random("x", 1, 1, 2, 2)
            .random("kernels_in", 0.5, 2, 3, 3, 2).random("kernels_a_1", 0.5, 2, 3, 3, 2).random("kernels_b_1", 0.5, 2, 3, 3, 2)
            .random("w_q_1", 1, 2, 2).random("w_k_1", 1, 2, 2).random("w_v_1", 1, 2, 2).random("kernels_up_1", 0.5, 2, 3, 3, 2)
            .random("kernels_out", 0.5, 3, 3, 3, 2).shape("y", 2, 4, 3).flags(KERNEL_FLIP, VALUES_NOT_PROJECTED, SCALED_SCORES)
            .says("one residual, one attention and one up-sampling block", "any bug of a block"));
  }

  private static List<GoldenVector> flow() {
    return List.of(
        of("def-c.11", "quarter").matrix("y_i", 2, 2, 1, -2, 0.5, 4).matrix("f_0", 2, 2, 0, 1, -1, 3)
            .tensor("t", new int[0], 0.25).flags(DATA_AND_NOISE_SWAPPED, TIME_IGNORED)
            .says("a quarter of the way", "t and 1 − t are exchanged, or the velocity has the wrong sign"),
        of("def-c.11", "end").matrix("y_i", 1, 2, 1.00048828125, -2).matrix("f_0", 1, 2, 0x1p100, -0x1p-130)
            .tensor("t", new int[0], 1).flags(DATA_AND_NOISE_SWAPPED, TIME_IGNORED)
            .says("the end of the flow is the data, however large the noise", "t and 1 − t are exchanged"),
        network(of("def-c.12", "three-tokens").parameter("epsilon", "0.0625"), "", 3).random("f_t", 1, 3, 3)
            .random("y_hat", 1, 3, 3).tensor("t", new int[0], 0.375).flags(CHUNK_ORDER, EPSILON, TIME_IGNORED, MISSING_BIAS)
            .says("three tokens of size 3", "the order of the six blocks is another one, or t is not added"),
        network(of("def-c.12", "other-order").parameter("epsilon", "0.25").parameter("chunks",
            "gamma1 gamma2 alpha1 alpha2 beta1 beta2"), "", 2).random("f_t", 1, 1, 2).random("y_hat", 1, 1, 2)
            .tensor("t", new int[0], 1).flags(CHUNK_ORDER, TIME_IGNORED, HALF_PRECISION)
            .says("one token, the six blocks in the order that FlowAR's code has", "the paper's order"),
        network(of("def-c.13", "one-scale").parameter("epsilon", "0.25"), "_1", 2).random("y_1", 1, 1, 2)
            .random("y_hat_1", 1, 1, 2).random("f_0_1", 1, 1, 2).tensor("t", new int[] {2}, 0.25, 0.5)
            .flags(DATA_AND_NOISE_SWAPPED, CHUNK_ORDER, TIME_IGNORED)
            .says("the mean over two times", "the velocity has the wrong sign, or t is not used"),
        network(network(of("def-c.13", "two-scales").parameter("epsilon", "0.25"), "_1", 2), "_2", 2).random("y_1", 1, 1, 2)
            .random("y_hat_1", 1, 1, 2).random("f_0_1", 1, 1, 2).random("y_2", 1, 2, 2).random("y_hat_2", 1, 2, 2)
            .random("f_0_2", 1, 2, 2).tensor("t", new int[] {1}, 0.5).flags(DATA_AND_NOISE_SWAPPED, MISSING_BIAS, EPSILON)
            .says("the sum over two scales", "a scale is left out, or the loss is divided by the number of entries"));
  }

  private static List<GoldenVector> inference() {
    GoldenVector.Builder two = of("def-d.1", "literal").parameter("epsilon", "0.25");
    for (int i = 1; i <= 2; i++) {
      network(block(two, "tf_", "_" + i, 2, 2), "_" + i, 2);
    }
    return List.of(
        block(of("def-c.10", "two-scales"), "", "", 2, 3).random("z_init", 1, 1, 1, 2).random("y_1", 1, 1, 1, 2)
            .shape("y", 2, 2, 2).flags(RESIDUAL, SCALED_SCORES, MISSING_BIAS)
            .says("the second scale, 2×2, after one of 1×1", "scaled scores, or the first block in place of the last"),
        block(of("def-c.10", "first-scale").parameter("ffn", "plain"), "", "", 2, 2).random("z_init", 1, 2, 1, 2)
            .shape("y", 2, 1, 2).flags(RESIDUAL, SCALED_SCORES, TRANSPOSED_WEIGHTS)
            .says("the first scale depends on Z_init alone", "the feed-forward layer adds its input"),
        two.random("z_init", 1, 1, 1, 2).random("f_1", 1, 1, 1, 2).random("f_2", 1, 2, 2, 2)
            .tensor("t", new int[] {2}, 0.25, 0.75).shape("y_1", 1, 1, 2).shape("y_2", 2, 2, 2)
            .flags(TIME_IGNORED, CHUNK_ORDER, RESIDUAL)
            .says("two scales with F given", "times or blocks in another order"),
        network(block(of("def-d.1", "ode").parameter("reading", "ode").parameter("steps", "2").parameter("epsilon", "0.25"), "tf_", "_1",
            2, 2), "_1", 2).random("z_init", 1, 1, 1, 2).random("f_1", 1, 1, 1, 2).shape("y_1", 1, 1, 2)
            .flags(CHUNK_ORDER, MISSING_BIAS, EPSILON)
            .says("two Euler steps from noise", "another number of steps, or time from 1 to 0"));
  }
}
