package plumbline.tck;

import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import plumbline.properties.operator.OperatorCase;
import plumbline.properties.vector.GoldenVector;
import plumbline.reference.layer.Rescaling;

/**
 * Up-interpolation or down-interpolation by an integer factor (Definitions C.1 and C.2, {@code def-c.1} and {@code def-c.2}).
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public abstract class RescalingConformance<A> extends Conformance<A> {
  private final Rescaling.Direction direction;
  private final Rescaling.Reading reading;

  /**
   * A suite for one direction and one mode.
   *
   * @param reading how new samples are found, half-pixel centres and no antialiasing throughout
   */
  protected RescalingConformance(Rescaling.Direction direction, Rescaling.Reading reading) {
    super(direction == Rescaling.Direction.UP ? "def-c.1" : "def-c.2");
    this.direction = direction;
    this.reading = reading;
  }

  /** The implementation: h×w×c to h·factor×w·factor×c, or to h/factor×w/factor×c. It may change {@code x}. */
  protected abstract A rescale(A x, int h, int w, int c, int factor);

  @Override
  final A compute(OperatorCase inputs) {
    int[] shape = tensor(inputs, "x").shape();
    return rescale(array(inputs, "x"), shape[0], shape[1], shape[2], Integer.parseInt(parameter(inputs, "factor")));
  }

  private String word() {
    return reading.name().toLowerCase(Locale.ROOT);
  }

  @Override
  final boolean applies(GoldenVector vector) {
    return parameter(vector.inputs(), "reading").equals(word());
  }

  private Computed of(String name, int h, int w, int c, int factor, double... x) {
    return computed(name, inputs(Map.of("reading", word(), "factor", Integer.toString(factor)), "x", map(h, w, c, x)));
  }

  private boolean up() {
    return direction == Rescaling.Direction.UP;
  }

  @Test
  public void required_defC1C2_factorOneIsTheIdentity() {
    requireConforming(of("factor 1", 2, 3, 2, 1, uniform(random(1), 12, 2)), "");
  }

  @Test
  public void required_defC1C2_constantMapsStayConstant() {
    requireConforming(of("a constant map", 4, 2, 2, 2, filled(16, 3)), "");
  }

  @Test
  public void required_defC1C2_linear() {
    double[] x = coarse(random(2), 16);
    double[] other = coarse(random(3), 16);
    requireSum("φ(x) + φ(x') = φ(x + x')", of("φ(x)", 4, 4, 1, 2, x), of("φ(x')", 4, 4, 1, 2, other),
        of("φ(x + x')", 4, 4, 1, 2, sum(x, other)));
  }

  @Test
  public void required_defC1C2_rowsAndColumnsAreTreatedAlike() {
    double[] x = coarse(random(4), 8);
    int width = up() ? 8 : 2;
    int height = up() ? 4 : 1;
    requireEqual("φ(xᵀ) = φ(x)ᵀ", of("φ(x)", 2, 4, 1, 2, x), 1, of("φ(xᵀ)", 4, 2, 1, 2, permuted(x, e -> e % 2 * 4 + e / 2)),
        e -> e % width * height + e / width);
  }

  @Test
  public void stochastic_defC1C2_randomMaps() {
    Random random = random(5);
    for (int k = 0; k < 20; k++) {
      int factor = 1 + random.nextInt(3);
      int h = (1 + random.nextInt(3)) * (up() ? 1 : factor);
      int w = (1 + random.nextInt(3)) * (up() ? 1 : factor);
      int c = 1 + random.nextInt(2);
      requireConforming(of("random maps " + k, h, w, c, factor, uniform(random, h * w * c, 2)), "; -Dplumbline.seed=" + seed());
    }
  }

  @Test
  public void untested_defC1C2_otherMachines() {
    untested(OTHER_MACHINES);
  }
}
