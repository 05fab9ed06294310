package plumbline.tck;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import plumbline.properties.operator.OperatorCase;

/**
 * The 3×3 convolution with padding 1 and stride 1 (Definition B.6, {@code def-b.6}): a correlation, zero outside.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public abstract class ConvolutionConformance<A> extends Conformance<A> {
  private static final int H = 4;
  private static final int W = 5;
  private static final int IN = 2;
  private static final int OUT = 3;

  protected ConvolutionConformance() {
    super("def-b.6");
  }

  /**
   * The implementation. It may change its arguments.
   *
   * @param x h×w×channelsIn
   * @param kernels channelsOut×3×3×channelsIn
   * @param bias channelsOut; zeros where there is none
   * @return h×w×channelsOut
   */
  protected abstract A convolve(A x, A kernels, A bias, int h, int w, int channelsIn, int channelsOut);

  @Override
  final A compute(OperatorCase inputs) {
    int[] shape = tensor(inputs, "x").shape();
    int out = tensor(inputs, "kernels").shape()[0];
    A bias = inputs.tensors().containsKey("b") ? array(inputs, "b") : array(new double[out]);
    return convolve(array(inputs, "x"), array(inputs, "kernels"), bias, shape[0], shape[1], shape[2], out);
  }

  private Computed of(String name, int h, int w, int in, int out, double[] x, double[] kernels) {
    return computed(name, inputs(Map.of(), "x", map(h, w, in, x), "kernels", plumbline.reference.operator.Tensor.of(
        new int[] {out, 3, 3, in}, kernels)));
  }

  @Test
  public void required_defB6_theCentreTapAloneIsTheIdentity() {
    requireConforming(of("centre tap", H, W, 1, 1, uniform(random(1), H * W, 2), new double[] {0, 0, 0, 0, 1, 0, 0, 0, 0}), "");
  }

  @Test
  public void required_defB6_theKernelIsNotFlipped() {
    requireConforming(of("impulse", 3, 3, 1, 1, new double[] {0, 0, 0, 0, 1, 0, 0, 0, 0}, new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}),
        "; likely bug: the kernel is flipped or transposed");
  }

  @Test
  public void required_defB6_zeroOutside() {
    requireConforming(of("ones", 2, 2, 1, 1, filled(4, 1), filled(9, 1)), "; likely bug: the border is not zero");
  }

  @Test
  public void required_defB6_linear() {
    double[] x = coarse(random(2), H * W * IN);
    double[] other = coarse(random(3), H * W * IN);
    double[] kernels = coarse(random(4), OUT * 9 * IN);
    requireSum("conv(x) + conv(x') = conv(x + x')", of("conv(x)", H, W, IN, OUT, x, kernels), of("conv(x')", H, W, IN, OUT, other, kernels),
        of("conv(x + x')", H, W, IN, OUT, sum(x, other), kernels));
  }

  @Test
  public void required_defB6_translationEquivarianceInside() {
    double[] x = coarse(random(5), H * W * IN);
    double[] kernels = coarse(random(6), OUT * 9 * IN);
    // One column to the right: the pixels of columns 2 … W−2 then see what those to their left saw.
    double[] moved = permuted(x, e -> e / IN % W == 0 ? e : e - IN);
    requireEqual("a map moved to the right", of("conv(x)", H, W, IN, OUT, x, kernels), 1,
        of("conv(x moved)", H, W, IN, OUT, moved, kernels), e -> e / OUT % W >= 1 && e / OUT % W <= W - 3 ? e + OUT : -1);
  }

  @Test
  public void required_defB6_channelsOutAreIndependent() {
    double[] x = coarse(random(7), H * W * IN);
    double[] kernels = coarse(random(8), OUT * 9 * IN);
    double[] other = kernels.clone();
    for (int e = 9 * IN; e < other.length; e++) {
      other[e] = -kernels[e] - 1;
    }
    requireEqual("channel 0 does not depend on the kernels of others", of("conv", H, W, IN, OUT, x, kernels), 1,
        of("conv with other kernels", H, W, IN, OUT, x, other), e -> e % OUT == 0 ? e : -1);
  }

  @Test
  public void stochastic_defB6_randomMaps() {
    Random random = random(9);
    for (int k = 0; k < 20; k++) {
      int h = 1 + random.nextInt(5);
      int w = 1 + random.nextInt(5);
      int in = 1 + random.nextInt(4);
      int out = 1 + random.nextInt(3);
      requireConforming(of("random maps " + k, h, w, in, out, uniform(random, h * w * in, 2), uniform(random, out * 9 * in, 1)),
          "; -Dplumbline.seed=" + seed());
    }
  }

  @Test
  public void optional_defB6_noPixelsGiveNoPixels() {
    optional(() -> of("no pixels", 0, 3, 1, 1, new double[0], filled(9, 1)));
  }

  @Test
  public void untested_defB6_otherMachines() {
    untested(OTHER_MACHINES);
  }
}
