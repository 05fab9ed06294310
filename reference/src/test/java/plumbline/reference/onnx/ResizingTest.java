package plumbline.reference.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plumbline.reference.onnx.Runs.count;
import static plumbline.reference.onnx.Runs.dims;
import static plumbline.reference.onnx.Runs.f;
import static plumbline.reference.onnx.Runs.i;
import static plumbline.reference.onnx.Runs.random;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.envelope.Envelope;
import plumbline.reference.envelope.EnvelopeMatrix;
import plumbline.reference.envelope.Format;
import plumbline.reference.envelope.Model;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Kernel;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.reference.onnx.Resizing.Axis;
import plumbline.reference.onnx.Resizing.Method;
import plumbline.reference.onnx.Runs.Op;
import plumbline.spec.number.ExactMatrix;

/** Resizing: positions, weights and what they do to images. */
final class ResizingTest {

  private static Method method(String mode, String positions, String nearest) {
    return new Method(mode, positions, nearest, Kernel.KEYS, false);
  }

  private static Axis axis(int from, int to) {
    return new Axis(from, to, new BigFraction(to, from));
  }

  /** The paper's bicubic interpolation in the standard reading is the cubic mode with half-pixel positions. */
  @Test
  void cubicWeightsAreThoseOfTheLayer() {
    for (int from = 1; from <= 6; from++) {
      for (int to = 1; to <= 9; to++) {
        assertEquals(Interpolation.Reading.PYTORCH.axis(from, to),
            Resizing.weights(method("cubic", "half_pixel", "floor"), axis(from, to)), from + " to " + to);
      }
    }
  }

  @Test
  void linearWeights() {
    String[][] cases = {
        {"half_pixel", "2", "4", "[[1, 0], [3/4, 1/4], [1/4, 3/4], [0, 1]]"},
        {"asymmetric", "2", "4", "[[1, 0], [1/2, 1/2], [0, 1], [0, 1]]"},
        {"align_corners", "2", "4", "[[1, 0], [2/3, 1/3], [1/3, 2/3], [0, 1]]"},
        {"pytorch_half_pixel", "2", "4", "[[1, 0], [3/4, 1/4], [1/4, 3/4], [0, 1]]"},
        {"half_pixel", "4", "2", "[[1/2, 1/2, 0, 0], [0, 0, 1/2, 1/2]]"},
        {"half_pixel", "4", "1", "[[0, 1/2, 1/2, 0]]"},
        {"pytorch_half_pixel", "4", "1", "[[1, 0, 0, 0]]"},
        {"align_corners", "4", "1", "[[1, 0, 0, 0]]"},
        {"asymmetric", "4", "1", "[[1, 0, 0, 0]]"},
        {"asymmetric", "3", "2", "[[1, 0, 0], [0, 1/2, 1/2]]"},
        {"align_corners", "3", "2", "[[1, 0, 0], [0, 0, 1]]"}};
    for (String[] line : cases) {
      assertEquals(line[3], Resizing.weights(method("linear", line[0], "floor"),
          axis(Integer.parseInt(line[1]), Integer.parseInt(line[2]))).toString(), String.join(" ", line));
    }
  }

  /** A scale of 5/2 gives ⌊3 · 5/2⌋ = 7 of 7.5 samples; the symmetric positions centre them. */
  @Test
  void symmetricPositionsOfScalesThatDoNotFit() {
    Axis axis = new Axis(3, 7, new BigFraction(5, 2));
    Method method = method("linear", "half_pixel_symmetric", "floor");
    assertEquals(new BigFraction(1), Resizing.position(method, axis, 3));
    assertEquals(new BigFraction(2), Resizing.position(method, axis, 0).add(Resizing.position(method, axis, 6)));
    assertEquals(new BigFraction(2, 5).multiply(new BigFraction(1, 2)).subtract(new BigFraction(1, 2)),
        Resizing.position(method("linear", "half_pixel", "floor"), axis, 0));
  }

  @Test
  void cubicWithAnotherCoefficientAndWithoutOutside() {
    Method half = new Method("cubic", "half_pixel", "floor", new Kernel.Keys(new BigFraction(-1, 2)), false);
    // Phase 3/4 before the first sample: W(3/4 + 1), W(3/4), W(1/4), W(5/4) for a = −1/2 are −3, 29, 111, −9 of 128.
    ExactMatrix weights = Resizing.weights(half, axis(2, 4));
    assertEquals(new BigFraction(-3 + 29 + 111, 128), weights.get(0, 0));
    assertEquals(new BigFraction(-9, 128), weights.get(0, 1));
    Method excluding = new Method("cubic", "half_pixel", "floor", new Kernel.Keys(new BigFraction(-1, 2)), true);
    ExactMatrix inside = Resizing.weights(excluding, axis(2, 4));
    assertEquals(new BigFraction(111, 102), inside.get(0, 0));
    assertEquals(new BigFraction(-9, 102), inside.get(0, 1));
  }

  @Test
  void nearestSamples() {
    String[][] cases = {
        {"half_pixel", "round_prefer_floor", "2", "4", "0 0 1 1"},
        {"asymmetric", "floor", "2", "4", "0 0 1 1"},
        {"asymmetric", "ceil", "2", "4", "0 1 1 1"},
        {"asymmetric", "round_prefer_floor", "2", "4", "0 0 1 1"},
        {"asymmetric", "round_prefer_ceil", "2", "4", "0 1 1 1"},
        {"half_pixel", "round_prefer_floor", "4", "2", "0 2"},
        {"half_pixel", "round_prefer_ceil", "4", "2", "1 3"},
        {"half_pixel", "ceil", "4", "2", "1 3"},
        {"align_corners", "round_prefer_floor", "4", "3", "0 1 3"},
        {"align_corners", "round_prefer_ceil", "4", "3", "0 2 3"},
        {"tf_half_pixel_for_nn", "floor", "4", "2", "1 3"}};
    for (String[] line : cases) {
      int[] samples = Resizing.samples(method("nearest", line[0], line[1]),
          axis(Integer.parseInt(line[2]), Integer.parseInt(line[3])));
      assertArrayEquals(Arrays.stream(line[4].split(" ")).mapToInt(Integer::parseInt).toArray(), samples,
          String.join(" ", line));
    }
  }

  /** Sample 5 of 10 reads position 3 of 6 exactly; an implementation may find 2.9999998. */
  @Test
  void envelopesDoNotGuessSamples() {
    Envelope envelope = new Envelope(Model.of(Format.FLOAT32));
    Op floor = Op.of("Resize", 13, "coordinate_transformation_mode", "asymmetric", "nearest_mode", "floor");
    GraphEvaluation tie = GraphEvaluation.prepare(floor.graph(count(6), null, null, i(10)), Map.of());
    tie.in(Rational.INSTANCE);
    UndecidedException open = assertThrows(UndecidedException.class, () -> tie.in(envelope));
    assertEquals("Resize 'it': which sample is nearest to 3 depends on how an implementation rounds", open.getMessage());
    GraphEvaluation.prepare(floor.graph(count(6), null, null, i(12)), Map.of()).in(envelope);
    GraphEvaluation.prepare(Op.of("Resize", 13).graph(count(6), null, null, i(10)), Map.of()).in(envelope);
  }

  /** Positions of half_pixel_symmetric, and of align_corners, are found by divisions even where the scale is a power of two. */
  @Test
  void envelopesRoundPositionsOfWholeSamples() {
    Envelope envelope = new Envelope(Model.of(Format.FLOAT32));
    Op ceil = Op.of("Resize", 19, "coordinate_transformation_mode", "half_pixel_symmetric", "nearest_mode", "ceil");
    GraphEvaluation tie = GraphEvaluation.prepare(ceil.graph(count(31), null, f(0.125)), Map.of());
    assertThrows(UndecidedException.class, () -> tie.in(envelope));
    GraphEvaluation.prepare(ceil.graph(count(32), null, f(0.125)), Map.of()).in(envelope);
    // Sample 1 of 2 reads position 16 of 22: 15.999997 in float32.
    for (String mode : List.of("linear", "cubic")) {
      Op op = Op.of("Resize", 19, "coordinate_transformation_mode", "half_pixel_symmetric", "mode", mode);
      EnvelopeMatrix y = ((Value.Real<EnvelopeMatrix>) GraphEvaluation.prepare(op.graph(count(22), null, null, i(2)), Map.of())
          .in(envelope).get("y0")).matrix();
      assertTrue(y.error()[1] > 3e-6, y.toString());
    }
    Op exclude = Op.of("Resize", 13, "mode", "cubic", "exclude_outside", 1);
    assertThrows(UndecidedException.class, () ->
        GraphEvaluation.prepare(exclude.graph(count(4), null, null, i(8)), Map.of()).in(envelope));
  }

  /** With a = −0.6 in float32 Horner's rule does not find the weight 0 of neighbours. */
  @Test
  void envelopesRoundCubicWeightsOfWholeSamples() {
    Envelope envelope = new Envelope(Model.of(Format.FLOAT32));
    Op op = Op.of("Resize", 13, "mode", "cubic", "coordinate_transformation_mode", "asymmetric", "cubic_coeff_a", -0.6);
    EnvelopeMatrix y = ((Value.Real<EnvelopeMatrix>) GraphEvaluation.prepare(
        op.graph(f(0, 0x1p30, 0, 0, 0, 0), null, null, i(12)), Map.of()).in(envelope).get("y0")).matrix();
    assertTrue(y.error()[0] >= 0x1p30 * 0x1p-23, y.toString());
  }

  @Test
  void images() {
    Literal x = f(dims(1, 1, 2, 2), 1, 2, 3, 4);
    Literal none = f(dims(0));
    Op.of("Resize", 13).gives(dims(1, 1, 4, 4), new double[] {1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4},
        x, none, f(1, 1, 2, 2));
    Op.of("Resize", 10).gives(dims(1, 1, 2, 4), new double[] {1, 1, 2, 2, 3, 3, 4, 4}, x, f(1, 1, 1, 2));
    Op.of("Resize", 11, "mode", "linear").gives(dims(1, 1, 2, 4), "1 5/4 7/4 2 3 13/4 15/4 4", x, none, none, i(1, 1, 2, 4));
    Op.of("Resize", 13, "mode", "linear", "coordinate_transformation_mode", "align_corners").gives(dims(1, 1, 3, 3),
        "1 3/2 2 2 5/2 3 3 7/2 4", x, null, f(1, 1, 1.5, 1.5));
    Op.of("Resize", 18, "mode", "linear", "axes", dims(3, 2)).gives(dims(1, 1, 1, 2), "2 3", x, null, null, i(2, 1));
    Op.of("Resize", 18, "mode", "linear", "axes", dims(0)).gives(dims(1, 1, 2, 2), "1 2 3 4", x, null, f(1));
    Op.of("Resize", 13, "mode", "linear").gives(dims(1, 1, 2), "1 3", f(dims(1, 1, 4), 0, 2, 2, 4), null, null, i(1, 1, 2));
    Op.of("Resize", 13, "mode", "linear").gives(dims(1, 4, 1), "1 5/4 7/4 2", f(dims(1, 2, 1), 1, 2), null, null, i(1, 4, 1));
    Op.of("Resize", 13).gives(dims(2, 2), new double[] {5, 5, 6, 6}, i(dims(2, 1), 5, 6), null, null, i(2, 2));
    Op.of("Resize", 13).gives(dims(0, 3), new double[0], f(dims(0, 2)), null, null, i(0, 3));
  }

  @Test
  void channelsAreResizedAlike() {
    Literal x = random(new Random(8), 2, 3, 3, 2);
    RationalMatrix y = ((Value.Real<RationalMatrix>) Op.of("Resize", 13, "mode", "cubic").run(x, null, null, i(2, 3, 5, 3))
        .get(0)).matrix();
    ExactMatrix vertical = Interpolation.Reading.PYTORCH.axis(3, 5);
    ExactMatrix horizontal = Interpolation.Reading.PYTORCH.axis(2, 3);
    for (int plane = 0; plane < 6; plane++) {
      for (int i = 0; i < 5; i++) {
        for (int j = 0; j < 3; j++) {
          BigFraction sum = BigFraction.ZERO;
          for (int p = 0; p < 3; p++) {
            for (int q = 0; q < 2; q++) {
              sum = sum.add(vertical.get(i, p).multiply(horizontal.get(j, q))
                  .multiply(ExactMatrix.fraction(x.reals()[(plane * 3 + p) * 2 + q])));
            }
          }
          assertEquals(sum, y.get(plane * 5 + i, j));
        }
      }
    }
  }

  @Test
  void errors() {
    Literal x = count(1, 1, 2, 2);
    Op.of("Resize", 13).fails("either scales or sizes", x, null, null);
    Op.of("Resize", 13).fails("either scales or sizes", x, null, f(1, 1, 2, 2), i(1, 1, 4, 4));
    Op.of("Resize", 13).fails("2 scales for 4 axes", x, null, f(2, 2));
    Op.of("Resize", 13).fails("not positive", x, null, f(1, 1, -2, 2));
    Op.of("Resize", 13).fails("", x, null, f(1, 1, 1e30, 2));
    Op.of("Resize", 13).fails("] has more than", x, null, null, i(1, 1, 1 << 20, 1 << 20));
    Op.of("Resize", 13, "mode", "linear").fails("too many", x, null, null, i(1, 1, 1 << 24, 1));
    Op.of("Resize", 18, "mode", "linear", "antialias", 1).fails("antialias", x, null, f(1, 1, 2, 2));
    Op.of("Resize", 18, "keep_aspect_ratio_policy", "not_larger").fails("keep_aspect_ratio_policy", x, null, null, i(1, 1, 4, 4));
    Op.of("Resize", 13, "coordinate_transformation_mode", "tf_crop_and_resize").fails("tf_crop_and_resize", x, null,
        f(1, 1, 2, 2));
    Op.of("Resize", 13, "mode", "linear").fails("two axes", count(2, 2, 2), null, f(2, 2, 2));
    Op.of("Resize", 13, "mode", "cubic").fails("floating-point", i(dims(1, 1, 1, 1), 1), null, f(1, 1, 2, 2));
    Op.of("Resize", 10).fails("not defined in opset 10", count(1, 1, 2, 3), f(1, 1, 1, 0.75));
  }
}
