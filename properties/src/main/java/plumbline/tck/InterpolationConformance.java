package plumbline.tck;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import plumbline.properties.operator.OperatorCase;
import plumbline.properties.vector.GoldenVector;

/**
 * One step of bicubic up-interpolation (Definition 3.2, {@code def-3.2}).
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public abstract class InterpolationConformance<A> extends Conformance<A> {

  protected InterpolationConformance() {
    super("def-3.2");
  }

  /** The implementation: h×w×c to height×width×c, height &gt; h and width &gt; w. It may change {@code x}. */
  protected abstract A interpolate(A x, int h, int w, int c, int height, int width);

  /**
   * What the implementation computes, in the parameters of {@code plumbline explain def-3.2}. The default is what most
   * libraries call bicubic: half-pixel centres, Keys' kernel with a = −3/4, replicated border.
   */
  protected Map<String, String> reading() {
    return Map.of("reading", "standard", "kernel", "keys(-3/4)");
  }

  @Override
  final A compute(OperatorCase inputs) {
    int[] shape = tensor(inputs, "x").shape();
    return interpolate(array(inputs, "x"), shape[0], shape[1], shape[2], Integer.parseInt(parameter(inputs, "height")),
        Integer.parseInt(parameter(inputs, "width")));
  }

  @Override
  final boolean applies(GoldenVector vector) {
    return resolved(vector.inputs()).equals(resolved(of("", 1, 1, 1, 2, 2, 0)));
  }

  private static List<String> resolved(OperatorCase inputs) {
    boolean standard = parameter(inputs, "reading").equals("standard");
    String kernel = parameter(inputs, "kernel");
    String name = kernel.equals("by-reading") ? standard ? "keys(-3/4)" : "bspline" : kernel;
    return standard ? List.of("standard", name)
        : List.of("literal", name, parameter(inputs, "origin"), parameter(inputs, "boundary"));
  }

  private OperatorCase of(String name, int h, int w, int c, int height, int width, double... x) {
    Map<String, String> parameters = new HashMap<>(reading());
    parameters.put("height", Integer.toString(height));
    parameters.put("width", Integer.toString(width));
    return inputs(parameters, "x", map(h, w, c, x));
  }

  private Computed run(String name, int h, int w, int c, int height, int width, double... x) {
    return computed(name, of(name, h, w, c, height, width, x));
  }

  @Test
  public void required_def32_constantMaps() {
    requireConforming(run("a constant map", 3, 2, 2, 5, 4, filled(12, 3)), "");
  }

  @Test
  public void required_def32_linear() {
    double[] x = coarse(random(1), 12);
    double[] other = coarse(random(2), 12);
    requireSum("φ(x) + φ(x') = φ(x + x')", run("φ(x)", 4, 3, 1, 6, 7, x), run("φ(x')", 4, 3, 1, 6, 7, other),
        run("φ(x + x')", 4, 3, 1, 6, 7, sum(x, other)));
  }

  @Test
  public void required_def32_channelsAreIndependent() {
    double[] x = coarse(random(3), 8);
    double[] other = x.clone();
    for (int e = 1; e < other.length; e += 2) {
      other[e] = -x[e] - 1;
    }
    requireEqual("channel 0 does not depend on channel 1", run("φ(x)", 2, 2, 2, 3, 4, x), 1,
        run("φ(x with another channel 1)", 2, 2, 2, 3, 4, other), e -> e % 2 == 0 ? e : -1);
  }

  @Test
  public void required_def32_rowsAndColumnsAreTreatedAlike() {
    double[] x = coarse(random(4), 6);
    requireEqual("φ(xᵀ) = φ(x)ᵀ", run("φ(x)", 2, 3, 1, 5, 4, x), 1,
        run("φ(xᵀ)", 3, 2, 1, 4, 5, permuted(x, e -> e % 2 * 3 + e / 2)), e -> e % 4 * 5 + e / 4);
  }

  @Test
  public void stochastic_def32_randomMaps() {
    Random random = random(5);
    for (int k = 0; k < 20; k++) {
      int h = 1 + random.nextInt(4);
      int w = 1 + random.nextInt(4);
      int c = 1 + random.nextInt(2);
      requireConforming(run("random maps " + k, h, w, c, h + 1 + random.nextInt(4), w + 1 + random.nextInt(4),
          uniform(random, h * w * c, 2)), "; -Dplumbline.seed=" + seed());
    }
  }

  @Test
  public void untested_def32_otherMachines() {
    untested(OTHER_MACHINES);
  }
}
