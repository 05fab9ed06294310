package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.Tape;
import plumbline.reference.flowar.Tokenizer;
import plumbline.reference.layer.Convolution;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Interpolation.Reading;
import plumbline.reference.layer.Interpolation.Standard;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Kernel;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.var.Pyramid;
import plumbline.reference.var.ScaleSchedule.Scale;
import plumbline.reference.var.ScaleSchedule;
import plumbline.spec.claim.Inequality;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Shape;

/**
 * Sizes, merging and linearity of token maps: {@code def-3.2}, {@code rem-3.5}, {@code rem-3.7}, {@code rem-b.7} and
 * {@code rem-c.6}. All exact.
 */
final class TokenMaps {
  private static final String LITERAL = "literal";

  /**
   * An up-interpolation with two input maps and two factors.
   *
   * @param x an (h·w)×c map
   * @param y a map of the same size
   */
  record Step(Interpolation layer, int height, int width, ExactMatrix x, ExactMatrix y, BigFraction a, BigFraction b) {}

  /**
   * Token maps of a schedule.
   *
   * @param maps one matrix per scale, all with as many columns
   */
  record Maps(ScaleSchedule schedule, List<ExactMatrix> maps, Reading reading) {}

  /** A map of height×width pixels and a convolution. */
  record Convolved(Convolution layer, int height, int width, ExactMatrix x) {}

  /** A latent and the number K of scales. */
  record Latent(int scales, int height, int width, ExactMatrix x) {}

  private TokenMaps() {}

  /**
   * Two output pixels of the literal layer are equal for every input: the weights ignore the phase, so that a pixel depends
   * on ⌊i·h/h'⌋ alone, of which there are only h values for origin 0 and h + 1 for origin 1.
   */
  static Property<Step> duplicates() {
    return new Property<>(
        new StatedClaim<>("def-3.2", LITERAL,
            "The literal layer with origin 0, or with origin 1 and h' ≥ h + 2, returns two equal rows of pixels for every "
                + "input, whatever the kernel and the boundary rule",
            TokenMaps::equalRows, TokenMaps::show),
        Tape.read(80, tape -> {
          int origin = tape.between(0, 1);
          int h = tape.between(1, 4);
          int w = tape.between(1, 3);
          Literal reading = new Literal(kernel(tape), origin, tape.oneOf(Boundary.values()));
          return step(tape, reading, h, w, h + 1 + origin + tape.between(0, 2), w + 1 + tape.between(0, 2));
        }));
  }

  private static List<Inequality> equalRows(Step step) {
    int origin = ((Literal) step.layer.reading()).origin();
    Expression y = step.layer.apply(map(step, step.x)).tokens();
    int width = step.layer.width();
    for (int i = origin + 1; i < step.layer.height() + origin; i++) {
      if (i * step.height / step.layer.height() == (i - 1) * step.height / step.layer.height()) {
        int row = (i - origin) * width;
        return List.of(y.rowRange(row - width, row).equalTo(y.rowRange(row, row + width), "Y[i−1,·,·] = Y[i,·,·]"));
      }
    }
    throw new AssertionError("the pigeonhole principle failed for " + step.height + " and " + step.layer.height());
  }

  /** With a Keys kernel, W(0) = 1 and W(±1) = W(2) = 0: the literal layer copies pixels. */
  static Property<Step> copies() {
    return new Property<>(
        new StatedClaim<>("def-3.2", LITERAL,
            "The literal layer with a Keys kernel and origin 0 copies the pixel at ⌊i·h/h'⌋, ⌊j·w/w'⌋: nearest-neighbour "
                + "sampling",
            step -> {
              int[] source = new int[step.layer.height() * step.layer.width()];
              for (int e = 0; e < source.length; e++) {
                int i = e / step.layer.width() * step.height / step.layer.height();
                int j = e % step.layer.width() * step.width / step.layer.width();
                source[e] = i * step.width + j;
              }
              TokenMap<Expression> x = map(step, step.x);
              return List.of(step.layer.apply(x).tokens().equalTo(x.tokens().selectRows(source), "Y[i,j] = one pixel of X"));
            },
            TokenMaps::show),
        Tape.read(80, tape -> {
          int h = tape.between(1, 4);
          int w = tape.between(1, 4);
          Kernel keys = new Kernel.Keys(new BigFraction(-tape.between(0, 8), 8));
          Reading reading = new Literal(keys, 0, tape.oneOf(Boundary.values()));
          return step(tape, reading, h, w, h + 1 + tape.between(0, 3), w + 1 + tape.between(0, 3));
        }));
  }

  /** φ_up is linear, and multiplication by its matrix. */
  static Property<Step> linear() {
    return new Property<>(
        new StatedClaim<>("rem-3.7", LITERAL,
            "φ_up(aX + bY) = a·φ_up(X) + b·φ_up(Y), and φ_up(X) is a (h'w')×(hw) matrix times X, in every reading",
            step -> {
              Expression x = of(step.x);
              Expression y = of(step.y);
              Expression both = x.scaledBy(of(step.a)).plus(y.scaledBy(of(step.b)));
              Expression fx = up(step, x);
              Expression fy = up(step, y);
              return List.of(
                  up(step, both).equalTo(fx.scaledBy(of(step.a)).plus(fy.scaledBy(of(step.b))), "φ(aX + bY) = aφ(X) + bφ(Y)"),
                  fx.equalTo(of(step.layer.matrix(step.height, step.width)).times(x), "φ(X) = matrix · X"),
                  size(new Shape(step.layer.height() * step.layer.width(), step.height * step.width))
                      .equalTo(size(step.layer.matrix(step.height, step.width).shape()), "the matrix is (h'w')×(hw)"));
            },
            TokenMaps::show),
        Tape.read(120, tape -> {
          int h = tape.between(1, 3);
          int w = tape.between(1, 3);
          return step(tape, reading(tape), h, w, h + 1 + tape.between(0, 2), w + 1 + tape.between(0, 2));
        }));
  }

  /** The pyramid multiplies each map by its own matrix. */
  static Property<Maps> pyramid() {
    return new Property<>(
        new StatedClaim<>("rem-3.7", LITERAL,
            "Φ_up(X_1, …, X_{r−1}) is X_init and each X_i times the matrix of φ_up,i+1",
            input -> {
              int r = input.schedule.size();
              Expression init = of(input.maps.get(r - 1)).rowRange(0, 1);
              List<TokenMap<Expression>> maps = maps(input).subList(0, r - 1);
              Expression merged = init.rowRange(0, 0);
              Expression expected = init;
              for (int i = 0; i < r - 1; i++) {
                merged = merged.above(maps.get(i).tokens());
                Scale from = input.schedule.get(i);
                Scale to = input.schedule.get(i + 1);
                ExactMatrix matrix =
                    new Interpolation(input.reading, to.height(), to.width()).matrix(from.height(), from.width());
                expected = expected.above(of(matrix).times(maps.get(i).tokens()));
              }
              Expression y = new Pyramid(input.schedule, input.reading).apply(init, merged);
              return List.of(y.equalTo(expected, "Φ_up(X) = (X_init, φ_2 X_1, …, φ_r X_{r−1})"));
            },
            TokenMaps::show),
        schedules());
  }

  /** Merging loses nothing. */
  static Property<Maps> merging() {
    return new Property<>(
        new StatedClaim<>("rem-3.5", LITERAL,
            "Maps of Σ h_i w_i positions merge to a (Σ h_i w_i)×d matrix whose rows are their tokens in order, and split again",
            input -> {
              List<TokenMap<Expression>> maps = maps(input);
              Expression merged = input.schedule.merge(maps);
              List<TokenMap<Expression>> split = input.schedule.split(merged);
              int rows = 0;
              List<Inequality> all = new ArrayList<>();
              for (int i = 0; i < maps.size(); i++) {
                Scale scale = input.schedule.get(i);
                all.add(split.get(i).tokens().equalTo(of(input.maps.get(i)), "split(merge(X))_i = X_i"));
                all.add(merged.rowRange(rows, rows + scale.tokens()).equalTo(of(input.maps.get(i)), "rows of map i = X_i"));
                rows += scale.height() * scale.width();
              }
              all.add(size(new Shape(rows, input.maps.get(0).columns())).equalTo(size(Shape.of(merged)),
                  "merged size = (Σ h_i w_i)×d"));
              return all;
            },
            TokenMaps::show),
        schedules());
  }

  /** The convolution keeps height and width. */
  static Property<Convolved> convolution() {
    return new Property<>(
        new StatedClaim<>("rem-b.7", LITERAL,
            "A 3×3 convolution with padding 1 and stride 1 keeps height and width, 1×1 maps included",
            input -> {
              TokenMap<Expression> y = input.layer.apply(new TokenMap<>(input.height, input.width, of(input.x)));
              Shape expected = new Shape((input.height + 2 - 3) / 1 + 1, (input.width + 2 - 3) / 1 + 1);
              return List.of(
                  size(expected).equalTo(size(new Shape(y.height(), y.width())), "⌊(h + 2·1 − 3)/1⌋ + 1 = height of Y"),
                  size(new Shape(input.height * input.width, input.layer.channelsOut())).equalTo(size(Shape.of(y.tokens())),
                      "Y has h·w tokens of c_out channels"));
            },
            input -> Map.of("X", input.x, "K", input.layer.kernels())),
        Tape.read(200, tape -> {
          int h = tape.between(1, 4);
          int w = tape.between(1, 4);
          int in = tape.between(1, 2);
          return new Convolved(new Convolution(tape.matrix(tape.between(1, 2), 9 * in)), h, w, tape.matrix(h * w, in));
        }));
  }

  /** With a = 2 the scales halve height and width. */
  static Property<Latent> factors() {
    return new Property<>(
        new StatedClaim<>("rem-c.6", LITERAL,
            "With a = 2 the factors are r_i = 2^(K−i), and where r_1 divides h and w, Y^i has (h/r_i)×(w/r_i) pixels: each "
                + "scale doubles the one before, and the last is X",
            input -> {
              Tokenizer tokenizer = new Tokenizer(input.scales, 2, r -> Rescaling.down(r, Rescaling.Reading.AREA));
              TokenMap<Expression> x = new TokenMap<>(input.height, input.width, of(input.x));
              List<TokenMap<Expression>> maps = tokenizer.apply(x);
              List<Inequality> all = new ArrayList<>();
              int power = 1;
              for (int i = input.scales; i >= 1; i--) {
                all.add(of(power).equalTo(of(tokenizer.factor(i)), "2^(K−i) = r_i"));
                TokenMap<Expression> y = maps.get(i - 1);
                all.add(size(new Shape(input.height, input.width))
                    .equalTo(size(new Shape(y.height() * power, y.width() * power)), "(h, w) = r_i · size of Y^i"));
                power *= 2;
              }
              all.add(maps.get(input.scales - 1).tokens().equalTo(x.tokens(), "Y^K = X"));
              return all;
            },
            input -> Map.of("X", input.x)),
        Tape.read(80, tape -> {
          int scales = tape.between(1, 3);
          int h = tape.between(1, 2) << (scales - 1);
          int w = tape.between(1, 2) << (scales - 1);
          return new Latent(scales, h, w, tape.matrix(h * w, 1));
        }));
  }

  private static Expression size(Shape shape) {
    return of(ExactMatrix.ofIntegers(1, 2, shape.rows(), shape.columns()));
  }

  private static TokenMap<Expression> map(Step step, ExactMatrix tokens) {
    return new TokenMap<>(step.height, step.width, of(tokens));
  }

  private static Expression up(Step step, Expression tokens) {
    return step.layer.apply(new TokenMap<>(step.height, step.width, tokens)).tokens();
  }

  private static List<TokenMap<Expression>> maps(Maps input) {
    List<TokenMap<Expression>> maps = new ArrayList<>();
    for (ExactMatrix tokens : input.maps) {
      Scale scale = input.schedule.get(maps.size());
      maps.add(new TokenMap<>(scale.height(), scale.width(), of(tokens)));
    }
    return maps;
  }

  static Kernel kernel(Tape tape) {
    return tape.oneOf(Kernel.BSPLINE, Kernel.KEYS, new Kernel.Keys(new BigFraction(-1, 2)));
  }

  /** Any reading of Definition 3.2. */
  static Reading reading(Tape tape) {
    Kernel kernel = kernel(tape);
    Boundary boundary = tape.oneOf(Boundary.values());
    return tape.oneOf(new Literal(kernel, 0, boundary), new Literal(kernel, 1, boundary), new Standard(kernel));
  }

  private static Step step(Tape tape, Reading reading, int h, int w, int height, int width) {
    int c = tape.between(1, 2);
    return new Step(new Interpolation(reading, height, width), h, w, tape.matrix(h * w, c), tape.matrix(h * w, c),
        tape.rational(), tape.rational());
  }

  private static Arbitrary<Maps> schedules() {
    return Tape.read(120, tape -> {
      List<Scale> scales = new ArrayList<>(List.of(new Scale(1, 1)));
      int size = tape.between(1, 3);
      while (scales.size() < size) {
        Scale last = scales.get(scales.size() - 1);
        scales.add(new Scale(last.height() + tape.between(1, 2), last.width() + tape.between(1, 2)));
      }
      int d = tape.between(1, 3);
      List<ExactMatrix> maps = new ArrayList<>();
      for (Scale scale : scales) {
        maps.add(tape.matrix(scale.tokens(), d));
      }
      return new Maps(new ScaleSchedule(scales), List.copyOf(maps), reading(tape));
    });
  }

  private static Map<String, ExactMatrix> show(Step step) {
    return Map.of("X", step.x);
  }

  private static Map<String, ExactMatrix> show(Maps input) {
    Map<String, ExactMatrix> shown = new LinkedHashMap<>();
    for (ExactMatrix map : input.maps) {
      shown.put("X_" + (shown.size() + 1), map);
    }
    return shown;
  }
}
