package plumbline.properties.vector;

import static plumbline.properties.vector.Flag.ACTIVATION;
import static plumbline.properties.vector.Flag.BASE_TWO;
import static plumbline.properties.vector.Flag.BIASED_OR_UNBIASED_VARIANCE;
import static plumbline.properties.vector.Flag.CANCELLATION;
import static plumbline.properties.vector.Flag.CAUSAL_MASK;
import static plumbline.properties.vector.Flag.CHANNELS_FIRST;
import static plumbline.properties.vector.Flag.EMPTY;
import static plumbline.properties.vector.Flag.EPSILON;
import static plumbline.properties.vector.Flag.GLOBAL_MAXIMUM;
import static plumbline.properties.vector.Flag.HALF_PRECISION;
import static plumbline.properties.vector.Flag.KERNEL_FLIP;
import static plumbline.properties.vector.Flag.MEAN_NOT_SUBTRACTED;
import static plumbline.properties.vector.Flag.MISSING_BIAS;
import static plumbline.properties.vector.Flag.OVERFLOW_WITHOUT_MAX_SUBTRACTION;
import static plumbline.properties.vector.Flag.PADDING;
import static plumbline.properties.vector.Flag.RESIDUAL;
import static plumbline.properties.vector.Flag.SCALED_SCORES;
import static plumbline.properties.vector.Flag.SINGLE_TOKEN;
import static plumbline.properties.vector.Flag.SUBNORMAL;
import static plumbline.properties.vector.Flag.SWAPPED_QUERIES_AND_KEYS;
import static plumbline.properties.vector.Flag.TRANSPOSED_WEIGHTS;
import static plumbline.properties.vector.Flag.VALUES_NOT_PROJECTED;
import static plumbline.properties.vector.Flag.WRONG_AXIS;
import static plumbline.properties.vector.GoldenVector.of;

import java.util.List;
import java.util.stream.Stream;

/** Vectors of the building blocks: appendix B and the layers of appendix C that act on tokens. */
final class BlockVectors {

  private BlockVectors() {}

  static List<GoldenVector> all() {
    return Stream.of(softmax(), scores(), attention(), feedForward(), convolution(), mlp(), layerNorm()).flatMap(List::stream)
        .toList();
  }

  private static List<GoldenVector> softmax() {
    return List.of(
        of("def-b.1", "large-scores").flags(OVERFLOW_WITHOUT_MAX_SUBTRACTION)
            .matrix("z", 2, 3, 1000, 1001, 999, 89, 88, 90)
            .says("scores whose exponentials exceed the largest float32 number",
                "exp(z) overflows, and ∞/∞ is NaN: subtract the largest score of the row first"),
        of("def-b.1", "very-negative-scores").flags(OVERFLOW_WITHOUT_MAX_SUBTRACTION)
            .matrix("z", 2, 3, -1000, -1001, -999, -200, -200.5, -201)
            .says("scores whose exponentials are all below the least float32 number",
                "every exp(z) is 0, and 0/0 is NaN: subtract the largest score of the row first"),
        of("def-b.1", "rows-far-apart").flags(GLOBAL_MAXIMUM, WRONG_AXIS)
            .matrix("z", 2, 2, 200, 201, -1, 1)
            .says("the second row lies far below the first", "the maximum was taken over the whole matrix, so that the second row"
                + " underflows to 0/0"),
        of("def-b.1", "wrong-axis").flags(WRONG_AXIS, BASE_TWO, EPSILON)
            .matrix("z", 2, 3, 0, 1, 2, 0.5, -1, 0.25)
            .says("ordinary scores", "the columns were normalized instead of the rows, or 2^z was taken for e^z"),
        of("def-b.1", "single-column").flags(WRONG_AXIS)
            .matrix("z", 3, 1, 0, 1, -2)
            .says("one score in each row, so every probability is 1", "the only column was normalized instead of the rows"),
        of("def-b.1", "no-rows").flags(EMPTY)
            .matrix("z", 0, 3)
            .says("no rows", "an empty batch must give an empty result, not an exception and not NaN"),
        of("def-b.1", "tiny-probabilities").flags(SUBNORMAL, EPSILON, BASE_TWO)
            .matrix("z", 2, 3, 0, -16, -100, 0, -0.5, -103)
            .says("probabilities down to subnormal float32 numbers; flushing these to zero is accepted",
                "an exponential of subnormal size wraps around, or a small number was added to the sum"),
        of("def-b.1", "wide-row").flags(HALF_PRECISION, CANCELLATION)
            .random("z", 8, 2, 64)
            .says("64 random scores in each row", "scores or exponentials passed through float16 or bfloat16"));
  }

  private static List<GoldenVector> scores() {
    return List.of(
        of("def-b.2", "not-symmetric").flags(SCALED_SCORES, TRANSPOSED_WEIGHTS, SWAPPED_QUERIES_AND_KEYS, WRONG_AXIS)
            .matrix("x", 2, 2, 1, 0.5, -1, 0.75).matrix("w_q", 2, 2, 1, 0.5, 0, -1).matrix("w_k", 2, 2, 0.5, 1, -0.25, 0.5)
            .says("weights without any symmetry", "a factor of the scores is transposed, exchanged or scaled"),
        of("def-b.2", "single-token").flags(SCALED_SCORES)
            .matrix("x", 1, 3, 1, -0.5, 0.25).identity("w_q", 3, 1).identity("w_k", 3, 2)
            .says("one token", "the scores are scaled"));
  }

  private static List<GoldenVector> attention() {
    return Stream.concat(
        Stream.of(
            of("def-b.3", "causal-mask").flags(CAUSAL_MASK, SCALED_SCORES, WRONG_AXIS)
                .matrix("x", 4, 2, 1, 0, 0.5, -1, -0.75, 0.25, 2, 1).identity("w_q", 2, 1).identity("w_k", 2, 1)
                .identity("w_v", 2, 1)
                .says("every token must see every other one", "later tokens were masked, or scores were divided by √d"),
            of("def-b.3", "transposed-weights")
                .flags(TRANSPOSED_WEIGHTS, SWAPPED_QUERIES_AND_KEYS, VALUES_NOT_PROJECTED, SCALED_SCORES)
                .matrix("x", 3, 2, 1, 0.5, -1, 0.25, 0.5, -0.75).matrix("w_q", 2, 2, 1, 2, 0, -1)
                .matrix("w_k", 2, 2, 0.5, -1, 1, 0.25).matrix("w_v", 2, 2, 1, 3, -2, 0.5)
                .says("weights without any symmetry", "a weight matrix is transposed, exchanged with another, or left out"),
            of("def-b.3", "large-scores").flags(OVERFLOW_WITHOUT_MAX_SUBTRACTION)
                .matrix("x", 2, 2, 8, 6, 7, 8).identity("w_q", 2, 1).identity("w_k", 2, 1).identity("w_v", 2, 1)
                .says("scores near 100", "exp of a score overflows in float32: subtract the largest score of the row first"),
            of("def-b.3", "very-negative-scores").flags(OVERFLOW_WITHOUT_MAX_SUBTRACTION)
                .matrix("x", 2, 1, 16, 15.9375).identity("w_q", 1, -1).identity("w_k", 1, 1).identity("w_v", 1, 1)
                .says("scores near −250", "every exponential is 0 in float32, and 0/0 is NaN"),
            of("def-b.3", "single-token").flags(SINGLE_TOKEN, VALUES_NOT_PROJECTED, TRANSPOSED_WEIGHTS)
                .matrix("x", 1, 3, 1, -0.5, 2).identity("w_q", 3, 1).identity("w_k", 3, 1)
                .matrix("w_v", 3, 3, 1, 2, 3, 0, 1, 4, 0, 0, 1)
                .says("one token attends to itself alone: the result is its value", "the axis of the one token was dropped"),
            of("def-b.3", "padding").flags(PADDING)
                .matrix("x", 3, 2, -1, -0.5, -0.75, -1, -1, -1).identity("w_q", 2, 0.5).identity("w_k", 2, -0.5)
                .identity("w_v", 2, 1)
                .says("three tokens with negative scores", "tokens of zeros that fill up a batch take part in the softmax"),
            of("def-b.3", "no-tokens").flags(EMPTY)
                .matrix("x", 0, 2).identity("w_q", 2, 1).identity("w_k", 2, 1).identity("w_v", 2, 1)
                .says("no tokens", "an empty batch must give an empty result, not an exception and not NaN"),
            of("def-b.3", "random").flags(HALF_PRECISION, CANCELLATION, CAUSAL_MASK, SCALED_SCORES, SWAPPED_QUERIES_AND_KEYS)
                .random("x", 1, 17, 8).random("w_q", 0.5, 8, 8).random("w_k", 0.5, 8, 8).random("w_v", 0.5, 8, 8)
                .says("17 random tokens of size 8", "any of the bugs above, or factors that passed through float16 or bfloat16")),
        Stream.of(
            of("def-b.4", "two-scales").flags(CAUSAL_MASK, SCALED_SCORES, TRANSPOSED_WEIGHTS).parameter("scales", "1x1,2x2")
                .random("x", 1, 5, 3).random("w_q", 1, 3, 3).random("w_k", 1, 3, 3).random("w_v", 1, 3, 3)
                .says("a token map of 1×1 and one of 2×2, merged", "the coarser scale is kept from seeing the finer one"),
            of("def-b.4", "one-scale").flags(SINGLE_TOKEN, VALUES_NOT_PROJECTED).parameter("scales", "1x1")
                .matrix("x", 1, 2, 1, -0.5).identity("w_q", 2, 1).identity("w_k", 2, 1).matrix("w_v", 2, 2, 0, 2, 1, 0.5)
                .says("one token map of one pixel", "the axis of the one token was dropped"),
            of("def-c.7", "two-by-two").flags(CAUSAL_MASK, SCALED_SCORES, TRANSPOSED_WEIGHTS, SWAPPED_QUERIES_AND_KEYS)
                .random("x", 1, 2, 2, 3).random("w_q", 1, 3, 3).random("w_k", 1, 3, 3).random("w_v", 1, 3, 3)
                .says("a token map of 2×2 pixels", "attention over pixel rows alone, masked, scaled or with transposed weights"),
            of("def-c.7", "channels-first").flags(CHANNELS_FIRST, VALUES_NOT_PROJECTED)
                .matrix("w_v", 2, 2, 1, 2, 0, 1).identity("w_q", 2, 1).identity("w_k", 2, 1)
                .tensor("x", new int[] {1, 3, 2}, 1, 0, -1, 0.5, 0.25, 2)
                .says("a token map of 1×3 pixels with two channels", "the map was read as channel, row, column"))).toList();
  }

  private static List<GoldenVector> feedForward() {
    return List.of(
        of("def-b.5", "residual").flags(RESIDUAL, MISSING_BIAS, ACTIVATION, TRANSPOSED_WEIGHTS)
            .matrix("x", 2, 2, 1, -2, 0.5, 3).matrix("w_1", 2, 2, 1, 2, -1, 1).tensor("b_1", new int[] {2}, 0.5, -0.25)
            .matrix("w_2", 2, 2, 1, -1, 3, 0.5).tensor("b_2", new int[] {2}, 0.75, -1)
            .says("the residual reading: X is added", "X is not added, a bias is left out, or the activation is another one"),
        of("def-b.5", "plain").flags(RESIDUAL, MISSING_BIAS).parameter("reading", "plain")
            .matrix("x", 2, 2, 1, -2, 0.5, 3).matrix("w_1", 2, 2, 1, 2, -1, 1).tensor("b_1", new int[] {2}, 0.5, -0.25)
            .matrix("w_2", 2, 2, 1, -1, 3, 0.5).tensor("b_2", new int[] {2}, 0.75, -1)
            .says("the plain reading: X is not added", "X is added"),
        of("def-b.5", "tokens-are-columns").flags(WRONG_AXIS)
            .matrix("x", 2, 2, 1, 2, 3, 4).matrix("w_1", 1, 2, 1, 1).tensor("b_1", new int[] {1}, 0)
            .matrix("w_2", 2, 1, 1, -1).tensor("b_2", new int[] {2}, 10, -10)
            .says("as many tokens as channels", "tokens were taken as rows, or the bias was added along the tokens"),
        of("def-b.5", "small-activations").flags(ACTIVATION)
            .matrix("x", 1, 3, -1, 0.125, 1).matrix("w_1", 1, 1, 1).tensor("b_1", new int[] {1}, 0)
            .matrix("w_2", 1, 1, 1).tensor("b_2", new int[] {1}, 0)
            .says("hidden values −1, 1/8 and 1", "GELU or another smooth activation was taken for max(x, 0)"),
        of("def-b.5", "no-hidden-neurons").flags(EMPTY, MISSING_BIAS)
            .matrix("x", 2, 1, 1, -1).matrix("w_1", 0, 2).tensor("b_1", new int[] {0}).matrix("w_2", 2, 0)
            .tensor("b_2", new int[] {2}, 0.5, 0.25)
            .says("an empty sum: the result is X + b_2", "a special case returns zeros where the sum is empty"),
        of("def-b.5", "cancellation").flags(CANCELLATION, HALF_PRECISION)
            .matrix("x", 2, 1, 4097, 4096).matrix("w_1", 1, 2, 0, 1).tensor("b_1", new int[] {1}, 0.25)
            .matrix("w_2", 2, 1, -1, 0).tensor("b_2", new int[] {2}, 0.5, 0)
            .says("4097 − ReLU(4096 + 1/4) + 1/2", "an intermediate format is narrower than float32"),
        of("def-b.5", "random").flags(HALF_PRECISION, CANCELLATION, RESIDUAL, MISSING_BIAS, ACTIVATION)
            .random("x", 1, 8, 5).random("w_1", 0.5, 32, 8).random("b_1", 0.5, 32).random("w_2", 0.5, 8, 32).random("b_2", 0.5, 8)
            .says("five random tokens of size 8, 32 hidden neurons", "any of the bugs above"));
  }

  private static List<GoldenVector> convolution() {
    double[] counting = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    return List.of(
        of("def-b.6", "impulse").flags(KERNEL_FLIP, TRANSPOSED_WEIGHTS)
            .tensor("x", new int[] {3, 3, 1}, 0, 0, 0, 0, 1, 0, 0, 0, 0).tensor("kernels", new int[] {1, 3, 3, 1}, counting)
            .says("one pixel of 1: the result is the kernel, turned around", "the kernel was flipped or transposed"),
        of("def-b.6", "ones").flags(PADDING)
            .tensor("x", new int[] {3, 4, 1}, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1).tensor("kernels", new int[] {1, 3, 3, 1}, counting)
            .says("a constant map: the result shows how many taps fall outside", "the border was replicated, not zero"),
        of("def-b.6", "one-pixel").flags(PADDING)
            .tensor("x", new int[] {1, 1, 1}, 2).tensor("kernels", new int[] {1, 3, 3, 1}, counting)
            .says("a single pixel: the centre tap alone counts", "the border was replicated, not zero"),
        of("def-b.6", "channels").flags(CHANNELS_FIRST, KERNEL_FLIP, MISSING_BIAS)
            .random("x", 2, 2, 3, 2).random("kernels", 1, 3, 3, 3, 2).tensor("b", new int[] {3}, 1, -1, 0.5)
            .says("two channels in, three out, with a bias",
                "kernels are read as (c_out, c_in, 3, 3), or the bias is left out"),
        of("def-b.6", "no-pixels").flags(EMPTY)
            .tensor("x", new int[] {0, 3, 1}).tensor("kernels", new int[] {1, 3, 3, 1}, counting)
            .says("no pixel rows", "an empty map must give an empty map"),
        of("def-b.6", "cancellation").flags(CANCELLATION, HALF_PRECISION)
            .tensor("x", new int[] {1, 3, 1}, 4097, 4098, 4097)
            .tensor("kernels", new int[] {1, 3, 3, 1}, 0, 0, 0, 1, -2, 1, 0, 0, 0)
            .says("a second difference of large values", "the factors are narrower than float32"),
        of("def-b.6", "random").flags(KERNEL_FLIP, PADDING, HALF_PRECISION, CANCELLATION, TRANSPOSED_WEIGHTS, CHANNELS_FIRST)
            .random("x", 1, 4, 5, 4).random("kernels", 0.5, 2, 3, 3, 4)
            .says("a random map of 4×5 pixels with four channels", "any of the bugs above"));
  }

  private static List<GoldenVector> mlp() {
    return List.of(
        of("def-c.8", "transposed-weights").flags(TRANSPOSED_WEIGHTS, MISSING_BIAS)
            .matrix("x", 1, 2, 1, 2).matrix("w", 2, 2, 1, 2, 3, 4).tensor("b", new int[] {2}, 10, -10)
            .says("square weights", "W is read as its transpose, as libraries keep it, or the bias is left out"),
        of("def-c.8", "bias-per-channel").flags(WRONG_AXIS)
            .matrix("x", 2, 2, 1, 0, 0, 1).identity("w", 2, 1).tensor("b", new int[] {2}, 1, -1)
            .says("as many tokens as channels", "the bias is added along the tokens"),
        of("def-c.8", "no-activation").flags(ACTIVATION)
            .matrix("x", 1, 2, -1, 2).identity("w", 2, 1).tensor("b", new int[] {2}, -1, 0)
            .says("a negative result", "an activation follows; this MLP is one affine map"),
        of("def-c.8", "empty-sum").flags(EMPTY, MISSING_BIAS)
            .matrix("x", 2, 0).matrix("w", 0, 2).tensor("b", new int[] {2}, 0.5, -3)
            .says("no channels: every row is b", "a special case returns zeros where the sum is empty"),
        of("def-c.8", "cancellation").flags(CANCELLATION, HALF_PRECISION)
            .matrix("x", 1, 3, 4097, 4096, 1).matrix("w", 3, 1, 1, -1, 0.5).tensor("b", new int[] {1}, -1)
            .says("4097 − 4096 + 1/2 − 1", "the factors are narrower than float32"),
        of("def-c.8", "random").flags(HALF_PRECISION, CANCELLATION, MISSING_BIAS)
            .random("x", 1, 4, 33).random("w", 1, 33, 3).random("b", 1, 3)
            .says("sums of 33 products", "the factors are narrower than float32"));
  }

  private static List<GoldenVector> layerNorm() {
    return List.of(
        of("def-c.9", "biased-variance").flags(BIASED_OR_UNBIASED_VARIANCE, MEAN_NOT_SUBTRACTED)
            .matrix("x", 2, 4, 1, 2, 3, 4, -1, 0, 0, 3)
            .says("four channels", "the variance is divided by c − 1 instead of c"),
        of("def-c.9", "two-channels").flags(BIASED_OR_UNBIASED_VARIANCE, EPSILON)
            .matrix("x", 2, 2, 1, 1.015625, -0.00390625, 0)
            .says("two channels that differ little: the result is −1 and 1", "ε was added under the root though it is 0 here"),
        of("def-c.9", "epsilon").flags(EPSILON).parameter("epsilon", "1e-5")
            .matrix("x", 2, 3, 0.001, 0.002, 0.0035, -0.01, 0.01, 0.03)
            .says("a variance of the size of ε = 1e−5", "another ε, or ε added to the standard deviation"),
        of("def-c.9", "constant-row").flags(EPSILON).parameter("epsilon", "0.00390625")
            .matrix("x", 2, 3, 2, 2, 2, 1, 1.0625, 0.875)
            .says("a constant row becomes 0 where ε is positive", "without ε the constant row is 0/0"),
        of("def-c.9", "wrong-axis").flags(WRONG_AXIS)
            .matrix("x", 3, 3, 1, 2, 4, 3, 5, 9, -2, 0, 1)
            .says("as many tokens as channels", "columns were normalized instead of rows"),
        of("def-c.9", "offset").flags(CANCELLATION, HALF_PRECISION, MEAN_NOT_SUBTRACTED)
            .matrix("x", 1, 4, 17.0078125, 16, 15.9921875, 17)
            .says("a mean that is large against the deviation", "the inputs are narrower than float32, or the mean was not subtracted"),
        of("def-c.9", "no-tokens").flags(EMPTY)
            .matrix("x", 0, 3)
            .says("no tokens", "an empty batch must give an empty result, not an exception and not NaN"),
        of("def-c.9", "random").flags(BIASED_OR_UNBIASED_VARIANCE, MEAN_NOT_SUBTRACTED, HALF_PRECISION, CANCELLATION)
            .random("x", 2, 3, 24)
            .says("three random tokens of size 24", "any of the bugs above"));
  }
}
