package plumbline.reference.onnx;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.envelope.Envelope;
import plumbline.reference.layer.Kernel;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;

/**
 * The operator {@code Resize}. Sample positions and weights are exact rationals; scales are exactly those that the model gives,
 * and where it gives sizes, the quotients of these.
 */
final class Resizing {
  private static final BigFraction HALF = new BigFraction(1, 2);
  /** Dense weights of an axis have at most this many entries. */
  private static final int MOST_WEIGHTS = 1 << 24;
  /** The sample before a position, of axes that grow; implementations differ about those that shrink. */
  private static final String UPWARDS_ONLY = "floor of axes that grow";

  private Resizing() {}

  /**
   * What does not depend on the axis.
   *
   * @param mode nearest, linear or cubic
   * @param positions the coordinate transformation
   * @param nearest how a position is rounded to a sample
   * @param kernel the cubic kernel
   * @param exclude whether samples outside of the axis are left out, and the other weights scaled to the sum 1
   */
  record Method(String mode, String positions, String nearest, Kernel kernel, boolean exclude) {}

  static <M extends Matrix<M>> Value<M> resize(Call<M> call) {
    Value<M> x = call.value(0);
    int[] shape = x.shape();
    int rank = shape.length;
    Method method = method(call);
    Axis[] axes = axes(call, shape);
    int[] to = new int[rank];
    Arrays.setAll(to, k -> axes[k].to());
    Dimensions.size(to);
    if (Dimensions.size(shape) == 0) {
      if (Dimensions.size(to) != 0) {
        throw call.error("cannot resize " + x + " to " + Arrays.toString(to));
      }
      return Values.reshaped(x, to);
    }
    if (method.mode().equals("nearest")) {
      int[] strides = Dimensions.strides(shape);
      int[][] parts = new int[rank][];
      Arrays.setAll(parts, k -> axes[k].unchanged()
          ? Dimensions.ramp(shape[k], 0, strides[k])
          : Arrays.stream(certain(call, method, axes[k])).map(i -> i * strides[k]).toArray());
      return Values.moved(x, to, Dimensions.grid(parts));
    }
    if (method.exclude() && call.system() instanceof Envelope) {
      throw call.undecided("how far weights that are divided by their sum may be off");
    }
    List<Integer> changed = new ArrayList<>();
    List<ExactMatrix> weights = new ArrayList<>();
    for (int k = 0; k < rank; k++) {
      if (axes[k].unchanged()) {
        continue;
      }
      changed.add(k);
      weights.add(weights(method, axes[k]));
    }
    Value.Real<M> real = call.real(0);
    if (changed.isEmpty()) {
      return real;
    }
    if (changed.size() > 2) {
      throw call.error("resizes more than two axes: " + x + " to " + Arrays.toString(to));
    }
    int[] moving = changed.stream().mapToInt(k -> k).toArray();
    int[] others = Dimensions.others(moving, rank);
    // Pixels become rows, everything else columns.
    int[] order = Dimensions.concat(moving, others);
    int rest = Dimensions.size(Dimensions.select(shape, others));
    M pixels = Values.finite(Values.transposed(real, order)).matrix()
        .reshape(Dimensions.size(Dimensions.select(shape, moving)), rest);
    ExactMatrix vertical = moving.length == 2 ? weights.get(0) : ExactMatrix.identity(1);
    M resized = pixels.resample(vertical, weights.get(moving.length - 1));
    int[] back = new int[rank];
    for (int k = 0; k < rank; k++) {
      back[order[k]] = k;
    }
    return Values.transposed(Values.real(x.type(), Dimensions.select(to, order), resized), back);
  }

  private static Method method(Call<?> call) {
    if (call.opset() < 11) {
      // Positions are not defined there; implementations take these.
      return new Method(call.word("mode", "nearest", "nearest", "linear"), "asymmetric", UPWARDS_ONLY, Kernel.KEYS, false);
    }
    String mode = call.word("mode", "nearest", "nearest", "linear", "cubic");
    String positions = call.opset() >= 19
        ? call.word("coordinate_transformation_mode", "half_pixel", "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel",
            "align_corners", "asymmetric")
        : call.opset() >= 13
            ? call.word("coordinate_transformation_mode", "half_pixel", "half_pixel", "pytorch_half_pixel", "align_corners",
                "asymmetric")
            : call.word("coordinate_transformation_mode", "half_pixel", "half_pixel", "pytorch_half_pixel", "align_corners",
                "asymmetric", "tf_half_pixel_for_nn");
    String nearest = call.word("nearest_mode", "round_prefer_floor", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil");
    boolean exclude = call.flag("exclude_outside", false);
    BigFraction a = ExactMatrix.fraction(call.real("cubic_coeff_a", -0.75));
    call.real("extrapolation_value", 0); // of a transformation that is not supported
    if (call.opset() >= 18) {
      if (call.flag("antialias", false)) {
        throw call.error("antialias is not supported");
      }
      call.word("keep_aspect_ratio_policy", "stretch", "stretch");
    }
    if (positions.equals("tf_half_pixel_for_nn") && !mode.equals("nearest")) {
      throw call.error("coordinate_transformation_mode 'tf_half_pixel_for_nn' is for nearest only");
    }
    return new Method(mode, positions, nearest, new Kernel.Keys(a), exclude);
  }

  /**
   * An axis.
   *
   * @param from samples of the input
   * @param to samples of the output
   * @param scale output samples for each input sample
   */
  record Axis(int from, int to, BigFraction scale) {
    /** Every transformation maps such an axis to itself. */
    boolean unchanged() {
      return from == to && scale.equals(BigFraction.ONE);
    }
  }

  private static Axis[] axes(Call<?> call, int[] shape) {
    int rank = shape.length;
    int scalesAt = call.opset() < 11 ? 1 : 2;
    int most = call.opset() < 11 ? 2 : 4;
    if (call.inputs() > most) {
      throw call.error("has " + call.inputs() + " inputs, not 1 to " + most);
    }
    long[] chosen = call.opset() >= 18 ? call.integers("axes") : null;
    int[] which = chosen == null ? Dimensions.ramp(rank, 0, 1) : Dimensions.axes(chosen, rank);
    boolean sizes = call.opset() >= 11 && call.has(3) && Dimensions.size(call.value(3).shape()) > 0;
    boolean scales = call.has(scalesAt) && Dimensions.size(call.value(scalesAt).shape()) > 0;
    if (sizes == scales) {
      throw call.error("needs either scales or sizes");
    }
    Axis[] axes = new Axis[rank];
    Arrays.setAll(axes, k -> new Axis(shape[k], shape[k], BigFraction.ONE));
    if (sizes) {
      long[] given = call.list(3);
      requireCount(call, "sizes", given.length, which);
      for (int k = 0; k < which.length; k++) {
        int from = shape[which[k]];
        int to = Dimensions.dimension(given[k]);
        axes[which[k]] = new Axis(from, to, from == 0 || to == 0 ? BigFraction.ONE : new BigFraction(to, from));
      }
      return axes;
    }
    double[] given = Exact.values(call, scalesAt);
    requireCount(call, "scales", given.length, which);
    for (int k = 0; k < which.length; k++) {
      if (!(given[k] > 0)) {
        throw call.error("a scale is " + given[k] + ", not positive");
      }
      int from = shape[which[k]];
      BigFraction scale = ExactMatrix.fraction(given[k]);
      BigInteger to = floor(scale.multiply(from));
      if (to.bitLength() > 31) {
        throw call.error("scale " + given[k] + " makes axis " + which[k] + " too long");
      }
      axes[which[k]] = new Axis(from, Dimensions.dimension(to.longValueExact()), scale);
    }
    return axes;
  }

  private static void requireCount(Call<?> call, String what, int count, int[] axes) {
    if (count != axes.length) {
      throw call.error(count + " " + what + " for " + axes.length + " axes");
    }
  }

  /** The position in the input, in samples, that output sample {@code i} reads. */
  static BigFraction position(Method method, Axis axis, int i) {
    BigFraction centre = new BigFraction(2 * (long) i + 1).multiply(HALF);
    return switch (method.positions()) {
      case "asymmetric" -> new BigFraction(i).divide(axis.scale());
      case "align_corners" -> axis.to() == 1
          ? BigFraction.ZERO
          : new BigFraction((long) i * (axis.from() - 1)).divide(new BigFraction(axis.to() - 1));
      case "pytorch_half_pixel" -> axis.to() == 1 ? BigFraction.ZERO : centre.divide(axis.scale()).subtract(HALF);
      case "tf_half_pixel_for_nn" -> centre.divide(axis.scale());
      case "half_pixel_symmetric" -> {
        BigFraction adjustment = new BigFraction(axis.to()).divide(axis.scale().multiply(axis.from()));
        BigFraction offset = new BigFraction(axis.from()).multiply(HALF).multiply(BigFraction.ONE.subtract(adjustment));
        yield offset.add(centre.divide(axis.scale())).subtract(HALF);
      }
      default -> centre.divide(axis.scale()).subtract(HALF);
    };
  }

  /**
   * The samples that are nearest, in an envelope only if they are so for every implementation: one that finds positions in floating
   * point may land on the other side of a border between two samples, unless all is done by powers of two.
   */
  private static int[] certain(Call<?> call, Method method, Axis axis) {
    int[] samples = samples(method, axis);
    if (!(call.system() instanceof Envelope envelope) || isPowerOfTwo(axis.scale()) && dividesByScale(method, axis)) {
      return samples;
    }
    // Each of a few operations errs by at most a unit roundoff of numbers that are no larger than the axis is long.
    double roundoff = envelope.model().storage().unitRoundoff();
    BigFraction margin = ExactMatrix.fraction(roundoff).multiply(16L * (axis.from() + 1L));
    for (int i = 0; i < samples.length; i++) {
      BigFraction position = position(method, axis, i);
      if (sample(method, axis, position.subtract(margin)) != sample(method, axis, position.add(margin))) {
        throw call.undecided("which sample is nearest to " + position.toString().replace(" ", "")
            + " depends on how an implementation rounds");
      }
    }
    return samples;
  }

  /** Whether the scale is all that positions are divided by. */
  private static boolean dividesByScale(Method method, Axis axis) {
    return switch (method.positions()) {
      case "align_corners" -> false;
      case "half_pixel_symmetric" -> axis.scale().multiply(axis.from()).equals(new BigFraction(axis.to()));
      default -> true;
    };
  }

  private static boolean isPowerOfTwo(BigFraction scale) {
    return scale.getNumerator().bitCount() == 1 && scale.getDenominator().bitCount() == 1;
  }

  /** The samples that are nearest to the positions of the output. */
  static int[] samples(Method method, Axis axis) {
    int[] samples = new int[axis.to()];
    for (int i = 0; i < samples.length; i++) {
      BigFraction position = position(method, axis, i);
      boolean between = !position.getDenominator().equals(BigInteger.ONE);
      if (method.nearest().equals(UPWARDS_ONLY) && axis.scale().compareTo(BigFraction.ONE) < 0 && between) {
        throw new IllegalArgumentException("which sample is nearest to " + position + " is not defined in opset 10");
      }
      samples[i] = sample(method, axis, position);
    }
    return samples;
  }

  private static int sample(Method method, Axis axis, BigFraction position) {
    BigInteger floor = floor(position);
    BigFraction phase = position.subtract(new BigFraction(floor));
    boolean up = switch (method.nearest()) {
      case "floor", UPWARDS_ONLY -> false;
      case "ceil" -> phase.compareTo(BigFraction.ZERO) > 0;
      case "round_prefer_ceil" -> phase.compareTo(HALF) >= 0;
      default -> phase.compareTo(HALF) > 0;
    };
    return clamped(up ? floor.add(BigInteger.ONE) : floor, axis.from());
  }

  /** The {@code to × from} matrix of the weights with which output samples read input samples; those outside read the border. */
  static ExactMatrix weights(Method method, Axis axis) {
    if ((long) axis.to() * axis.from() > MOST_WEIGHTS) {
      throw new IllegalArgumentException("resizes " + axis.from() + " to " + axis.to() + " samples, which is too many");
    }
    BigFraction[] weights = new BigFraction[axis.to() * axis.from()];
    Arrays.fill(weights, BigFraction.ZERO);
    for (int i = 0; i < axis.to(); i++) {
      BigFraction position = position(method, axis, i);
      BigInteger floor = floor(position);
      BigFraction phase = position.subtract(new BigFraction(floor));
      boolean cubic = method.mode().equals("cubic");
      BigFraction total = BigFraction.ZERO;
      for (int tap = cubic ? -1 : 0; tap <= (cubic ? 2 : 1); tap++) {
        BigFraction distance = phase.subtract(tap);
        BigFraction weight = cubic ? method.kernel().at(distance) : BigFraction.ONE.subtract(distance.abs());
        BigInteger place = floor.add(BigInteger.valueOf(tap));
        int sample = clamped(place, axis.from());
        if (method.exclude() && !place.equals(BigInteger.valueOf(sample))) {
          continue;
        }
        weights[i * axis.from() + sample] = weights[i * axis.from() + sample].add(weight);
        total = total.add(weight);
      }
      if (method.exclude()) {
        if (total.equals(BigFraction.ZERO)) {
          throw new IllegalArgumentException("the weights that output sample " + i + " gives to samples inside sum to 0");
        }
        for (int e = i * axis.from(); e < (i + 1) * axis.from(); e++) {
          weights[e] = weights[e].divide(total);
        }
      }
    }
    return ExactMatrix.of(axis.to(), axis.from(), weights);
  }

  private static BigInteger floor(BigFraction value) {
    BigInteger[] parts = value.getNumerator().divideAndRemainder(value.getDenominator());
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  private static int clamped(BigInteger place, int length) {
    return place.signum() < 0 ? 0 : place.compareTo(BigInteger.valueOf(length)) >= 0 ? length - 1 : place.intValueExact();
  }
}
