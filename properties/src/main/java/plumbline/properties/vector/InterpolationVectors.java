package plumbline.properties.vector;

import static plumbline.properties.vector.Flag.ALIGN_CORNERS;
import static plumbline.properties.vector.Flag.CANCELLATION;
import static plumbline.properties.vector.Flag.CHANNELS_FIRST;
import static plumbline.properties.vector.Flag.EMPTY;
import static plumbline.properties.vector.Flag.HALF_PIXEL;
import static plumbline.properties.vector.Flag.HALF_PRECISION;
import static plumbline.properties.vector.Flag.INDEX_ORIGIN;
import static plumbline.properties.vector.Flag.KERNEL_COEFFICIENT;
import static plumbline.properties.vector.Flag.PADDING;
import static plumbline.properties.vector.Flag.SAMPLING;
import static plumbline.properties.vector.Flag.SCALE_ORDER;
import static plumbline.properties.vector.Flag.WRONG_AXIS;
import static plumbline.properties.vector.GoldenVector.of;

import java.util.ArrayList;
import java.util.List;

/** Vectors of everything that changes the size of token maps. */
final class InterpolationVectors {
  private static final double[] SQUARE = {1, 2, -1, 0.5, 4, 3, -2, 0, 7};

  private InterpolationVectors() {}

  static List<GoldenVector> all() {
    List<GoldenVector> all = new ArrayList<>();
    all.addAll(kernel());
    all.addAll(interpolation());
    all.addAll(pyramid());
    for (String up : List.of("def-c.1", "def-c.3")) {
      all.addAll(enlarging(up));
    }
    for (String down : List.of("def-c.2", "def-c.4")) {
      all.addAll(reducing(down));
    }
    all.addAll(tokenizer());
    return all;
  }

  private static List<GoldenVector> kernel() {
    return List.of(
        of("def-3.1", "bspline").flags(KERNEL_COEFFICIENT)
            .tensor("x", new int[] {9}, -2, -1.5, -1, -0.25, 0, 0.5, 1, 1.75, 3)
            .says("the cubic B-spline at and between the knots", "an interpolating (Keys) kernel was taken for the B-spline"),
        of("def-3.1", "keys").flags(KERNEL_COEFFICIENT).parameter("kernel", "keys(-3/4)")
            .tensor("x", new int[] {9}, -2, -1.5, -1, -0.25, 0, 0.5, 1, 1.75, 3)
            .says("the Keys kernel with a = −3/4", "a = −1/2 was taken for −3/4"));
  }

  private static GoldenVector.Builder step(String name, String reading) {
    return of("def-3.2", name).parameter("reading", reading);
  }

  private static List<GoldenVector> interpolation() {
    return List.of(
        step("half-pixel-centres", "standard").parameter("height", "5").parameter("width", "6")
            .flags(ALIGN_CORNERS, HALF_PIXEL, KERNEL_COEFFICIENT, WRONG_AXIS).tensor("x", new int[] {3, 3, 1}, SQUARE)
            .says("3×3 to 5×6 pixels, half-pixel centres", "align_corners, no half-pixel shift, or a = −1/2"),
        step("impulse", "standard").parameter("height", "4").parameter("width", "4").flags(ALIGN_CORNERS, HALF_PIXEL,
                KERNEL_COEFFICIENT)
            .tensor("x", new int[] {2, 2, 1}, 1, 0, 0, 0)
            .says("one pixel of 1 in 2×2: all taps but two fall on the border", "sample positions or kernel"),
        step("channels", "standard").parameter("height", "3").parameter("width", "4").flags(CHANNELS_FIRST)
            .tensor("x", new int[] {2, 2, 2}, 1, -1, 2, 0.5, 3, 0, -4, 8)
            .says("two channels", "the map was read as channel, row, column"),
        step("literal", "literal").parameter("height", "5").parameter("width", "7")
            .flags(INDEX_ORIGIN, PADDING, KERNEL_COEFFICIENT, SAMPLING).tensor("x", new int[] {3, 3, 1}, SQUARE)
            .says("Definition 3.2 as it is written: weights that do not depend on the phase",
                "indices from 1, zeros outside, or phase-dependent weights"),
        step("literal-origin-one", "literal").parameter("height", "4").parameter("width", "4").parameter("origin", "1")
            .parameter("boundary", "zero").flags(INDEX_ORIGIN, PADDING).tensor("x", new int[] {2, 2, 1}, 1, 2, 3, 5)
            .says("indices from 1, zero outside", "indices from 0, or a replicated border"),
        step("literal-reflect", "literal").parameter("height", "4").parameter("width", "5").parameter("boundary", "reflect")
            .flags(PADDING, INDEX_ORIGIN).tensor("x", new int[] {3, 3, 1}, SQUARE)
            .says("reflection at the border pixel", "the border pixel was repeated"),
        step("random", "standard").parameter("height", "7").parameter("width", "8")
            .flags(ALIGN_CORNERS, HALF_PIXEL, KERNEL_COEFFICIENT, HALF_PRECISION, CANCELLATION).random("x", 1, 4, 5, 2)
            .says("a random map of 4×5 pixels with two channels", "any of the bugs above"),
        of("rem-3.7", "standard").parameter("reading", "standard").parameter("from_height", "2").parameter("from_width", "2")
            .parameter("height", "3").parameter("width", "4").flags(KERNEL_COEFFICIENT, SAMPLING)
            .says("the matrix of the layer from 2×2 to 3×4 pixels", "sample positions, kernel, or the order of pixels"),
        of("rem-3.7", "literal").parameter("from_height", "1").parameter("from_width", "3").parameter("height", "2")
            .parameter("width", "5").parameter("boundary", "zero").flags(INDEX_ORIGIN, PADDING)
            .says("the matrix of the layer from 1×3 to 2×5 pixels, zero outside", "index origin or boundary"));
  }

  private static List<GoldenVector> pyramid() {
    return List.of(
        of("def-3.3", "identity").flags(HALF_PRECISION).tensor("x_init", new int[] {1, 1, 3}, 1.00048828125, -3, 0)
            .says("the first scale is returned as it is", "float16 on the way"),
        of("def-3.3", "no-channels").flags(EMPTY).tensor("x_init", new int[] {1, 1, 0})
            .says("no channels", "an empty map must give an empty map"),
        of("def-3.4", "three-scales").parameter("scales", "1x1,2x2,3x4").flags(SCALE_ORDER, PADDING)
            .matrix("x_init", 1, 1, 3).matrix("x", 5, 1, 1, 2, -1, 0.5, 4)
            .says("maps of 1×1 and 2×2 are enlarged to 2×2 and 3×4", "the maps are merged in another order"),
        of("def-3.4", "standard").parameter("scales", "1x1,3x2").parameter("up", "standard").flags(SCALE_ORDER)
            .matrix("x_init", 1, 2, 3, -1).matrix("x", 1, 2, 0.5, 0.25)
            .says("one pixel is enlarged: a constant map follows X_init", "X_init itself was enlarged"));
  }

  private static List<GoldenVector> enlarging(String id) {
    return List.of(
        of(id, "nearest").parameter("factor", "2").flags(SAMPLING, WRONG_AXIS).tensor("x", new int[] {2, 2, 1}, 1, 2, 3, 4)
            .says("each pixel becomes a block of 2×2", "the map was repeated as a whole, or another mode was used"),
        of(id, "nearest-by-three").parameter("factor", "3").flags(INDEX_ORIGIN, SAMPLING).tensor("x", new int[] {1, 2, 2}, 1, -1, 2, 5)
            .says("each pixel becomes a block of 3×3", "positions were rounded up instead of down"),
        of(id, "linear").parameter("factor", "2").parameter("reading", "linear").flags(ALIGN_CORNERS, HALF_PIXEL, SAMPLING)
            .tensor("x", new int[] {2, 3, 1}, 1, 2, 4, -1, 0, 8)
            .says("bilinear, half-pixel centres", "align_corners, or no half-pixel shift"),
        of(id, "bicubic").parameter("factor", "2").parameter("reading", "bicubic")
            .flags(ALIGN_CORNERS, HALF_PIXEL, KERNEL_COEFFICIENT).tensor("x", new int[] {3, 3, 1}, SQUARE)
            .says("bicubic, a = −3/4, half-pixel centres", "align_corners, no half-pixel shift, or a = −1/2"),
        of(id, "one-pixel").parameter("factor", "3").parameter("reading", "bicubic").flags(PADDING)
            .tensor("x", new int[] {1, 1, 1}, 3)
            .says("one pixel becomes a constant map", "taps outside of the map count as zero"),
        of(id, "factor-one").parameter("factor", "1").parameter("reading", "linear").flags(HALF_PRECISION, WRONG_AXIS)
            .tensor("x", new int[] {2, 2, 1}, 1.00048828125, 2, 3, 4)
            .says("the identity", "float16 on the way, or rows and columns exchanged"));
  }

  private static List<GoldenVector> reducing(String id) {
    return List.of(
        of(id, "area").parameter("factor", "2").flags(SAMPLING, WRONG_AXIS)
            .tensor("x", new int[] {2, 4, 1}, 1, 2, 3, 4, 5, 6, 7, 9)
            .says("the mean of each 2×2 block", "one pixel of the block was taken for their mean"),
        of(id, "area-by-three").parameter("factor", "3").flags(SAMPLING).random("x", 2, 3, 6, 2)
            .says("the mean of each 3×3 block, two channels", "one pixel of the block was taken for their mean"),
        of(id, "nearest").parameter("factor", "2").parameter("reading", "nearest").flags(INDEX_ORIGIN, SAMPLING)
            .tensor("x", new int[] {2, 4, 1}, 1, 2, 3, 4, 5, 6, 7, 9)
            .says("the first pixel of each block", "the last pixel of each block, or the mean"),
        of(id, "linear").parameter("factor", "2").parameter("reading", "linear").flags(ALIGN_CORNERS, HALF_PIXEL)
            .tensor("x", new int[] {4, 4, 1}, 1, 2, 4, -1, 0, 8, 3, 3, 5, -6, 1, 0, 2, 2, 7, 9)
            .says("bilinear without antialiasing, half-pixel centres", "align_corners, or no half-pixel shift"),
        of(id, "bicubic").parameter("factor", "2").parameter("reading", "bicubic").flags(KERNEL_COEFFICIENT, HALF_PIXEL)
            .tensor("x", new int[] {4, 4, 1}, 1, 2, 4, -1, 0, 8, 3, 3, 5, -6, 1, 0, 2, 2, 7, 9)
            .says("bicubic without antialiasing, a = −3/4", "a = −1/2, or antialiasing"),
        of(id, "factor-one").parameter("factor", "1").flags(HALF_PRECISION, WRONG_AXIS)
            .tensor("x", new int[] {2, 2, 1}, 1.00048828125, 2, 3, 4)
            .says("the identity", "float16 on the way, or rows and columns exchanged"));
  }

  private static List<GoldenVector> tokenizer() {
    return List.of(
        of("def-c.5", "three-scales").parameter("scales", "3").flags(SCALE_ORDER, SAMPLING)
            .tensor("x", new int[] {4, 4, 1}, 1, 2, 4, -1, 0, 8, 3, 3, 5, -6, 1, 0, 2, 2, 7, 9)
            .shape("y_1", 1, 1, 1).shape("y_2", 2, 2, 1).shape("y_3", 4, 4, 1)
            .says("a latent of 4×4 pixels at 1×1, 2×2 and 4×4", "scales from fine to coarse, or one pixel for a mean"),
        of("def-c.5", "one-scale").parameter("scales", "1").flags(HALF_PRECISION)
            .tensor("x", new int[] {1, 2, 1}, 1.00048828125, -3).shape("y_1", 1, 2, 1)
            .says("one scale is the latent itself", "float16 on the way"));
  }
}
