package plumbline.reference.operator;

import static plumbline.reference.operator.Evaluations.exact;
import static plumbline.reference.operator.Evaluations.y;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Convolution;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Kernel;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.layer.ResidualAttention;
import plumbline.reference.layer.Transposed;
import plumbline.reference.number.Rational;
import plumbline.reference.var.Decoder;
import plumbline.reference.var.FeatureMapReconstruction;
import plumbline.reference.var.FunctionClass;
import plumbline.reference.var.Pyramid;
import plumbline.reference.var.ScaleSchedule;
import plumbline.reference.var.VarBlock;
import plumbline.reference.var.VarTransformer;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.layer.TokenMapLayer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/** VAR: sections 3 and 4 and appendix B of the paper. */
final class VarOperators {

  static final List<Operator> ALL = List.of(
      Operator.of("def-3.1", "bicubic spline kernel")
          .input("x", "n", "places")
          .parameter("kernel", Parameter.Kind.TEXT, "bspline", "bspline, or keys(a) such as keys(-3/4)")
          .output("y", "n", "W(x)")
          .computes(a -> kernel(kernel(a, Kernel.BSPLINE), a.matrix("x"))),

      interpolation(Operator.of("def-3.2", "up-interpolation layer, one step").input("x", "h×w×c", "a token map"))
          .output("y", "height×width×c", "the larger token map")
          .computes(a -> {
            Interpolation layer = interpolation(a, a.size("h"), a.size("w"), "x");
            a.requireEntries(layer.height(), layer.width(), Math.max(1, a.size("c")));
            return y(layer, a.tensor("x"));
          }),

      Operator.of("def-3.3", "pyramid layer on the first scale")
          .input("x_init", "1×1×d", "the initial token map")
          .output("y", "1×1×d", "the same token map")
          .computes(a -> exact("y", new Pyramid(ScaleSchedule.square(1), Interpolation.Reading.PYTORCH)
              .apply(Rational.INSTANCE.lift(a.matrix("x_init")), Rational.INSTANCE.lift(ExactMatrix.zeros(0, a.size("d"))))
              .toExact())),

      up(Operator.of("def-3.4", "pyramid layer, scale 2 and later")
          .input("x_init", "1×d", "the initial token")
          .input("x", "n×d", "the merged token maps of all scales but the last"))
          .output("y", "m×d", "the merged token maps of all scales: x_init and each map enlarged to the next scale")
          .computes(a -> {
            Pyramid pyramid = pyramid(a);
            if (pyramid.tokensIn() == 0) {
              throw a.error("parameter scales must hold at least two scales, got " + Arguments.quote(a.text("scales")));
            }
            return pyramid(a, new PyramidMap() {
              @Override
              public <M extends Matrix<M>> M apply(M init, M merged) {
                return pyramid.apply(init, merged);
              }
            });
          }),

      up(block(Operator.of("def-3.6", "VAR transformer").input("x_init", "1×d", "the initial token"), "_*"))
          .output("y", "m×d", "the merged token maps of all scales")
          .computes(VarOperators::transformer),

      interpolation(Operator.of("rem-3.7", "up-interpolation layer as a matrix"))
          .parameter("from_height", Parameter.Kind.INTEGER, "", "pixel rows of the smaller map")
          .parameter("from_width", Parameter.Kind.INTEGER, "", "pixel columns of the smaller map")
          .output("phi", "height·width×from_height·from_width", "the matrix of the layer")
          .computes(a -> {
            int h = a.integer("from_height");
            int w = a.integer("from_width");
            Interpolation layer = interpolation(a, h, w, "the smaller map");
            a.requireEntries(layer.height(), layer.width(), h, w);
            layer.matrix(h, w); // a name for what does not fit
            return matrix("phi", layer, h, w);
          }),

      up(block(Operator.of("def-3.8", "single VAR layer")
          .input("x_init", "1×d", "the initial token")
          .optional("x", "n×d", "the merged token maps of all scales but the last; none for one scale"), ""))
          .output("y", "m×d", "FFN(Attn(Φ_up(X))), the merged token maps of all scales")
          .computes(a -> {
            VarBlock block = new VarBlock(pyramid(a), LayerOperators.attention(a), feedForward(a, ""));
            return pyramid(a, new PyramidMap() {
              @Override
              public <M extends Matrix<M>> M apply(M init, M merged) {
                return block.apply(init, merged);
              }
            });
          }),

      up(Operator.of("def-3.9", "member of the function class 𝒯^{h,s,r}")
          .input("x_init", "1×d", "the initial token")
          .weights("w_o_*", "d×heads·head_size", "output weights of each block, heads side by side")
          .weights("w_v_*", "heads·head_size×d", "value weights of each block, heads stacked")
          .weights("w_k_*", "heads·head_size×d", "key weights of each block, heads stacked")
          .weights("w_q_*", "heads·head_size×d", "query weights of each block, heads stacked")
          .weights("w_1_*", "hidden×d", "feed-forward weights to the hidden neurons")
          .weights("b_1_*", "hidden", "bias of the hidden neurons")
          .weights("w_2_*", "d×hidden", "feed-forward weights from the hidden neurons")
          .weights("b_2_*", "d", "bias of the feed-forward layer")
          .parameter("heads", Parameter.Kind.INTEGER, "1", "number of heads h")
          .parameter("head_size", Parameter.Kind.INTEGER, "1", "size of a head s")
          .parameter("hidden", Parameter.Kind.INTEGER, "4", "number of hidden neurons r")
          .choice("ffn", "whether the feed-forward layer adds its input", "residual", "plain"))
          .output("y", "m×d", "the merged token maps of all scales")
          .computes(VarOperators::member),

      Operator.of("lemma-4.4", "attention with residual and output weights")
          .input("z", "d×l", "tokens as columns")
          .input("w_o", "d×s", "output weights")
          .input("w_v", "s×d", "value weights")
          .input("w_k", "s×d", "key weights")
          .input("w_q", "s×d", "query weights")
          .output("y", "d×l", "Z + W_O W_V Z softmax of columns of (W_K Z)ᵀ(W_Q Z)")
          .computes(a -> y(new ResidualAttention(a.matrix("w_o"), a.matrix("w_v"), a.matrix("w_k"), a.matrix("w_q")),
              a.matrix("z"))),

      upReading(Operator.of("phase-two", "feature-map reconstruction")
          .family("y_*", "h_*×w_*×d", false, "the token maps, coarse to fine")
          .family("kernels_*", "d×3×3×d", false, "one convolution per token map")
          .family("b_*", "d", true, "biases of the convolutions")
          .choice("reading", "the sum of the convolutions, or each blended with its input", "sum", "blended"), "up")
          .parameter("rho", Parameter.Kind.NUMBER, "1/2", "weight ρ of the convolution (blended)")
          .output("y", "h×w×d", "the feature map")
          .computes(VarOperators::reconstruction),

      Operator.of("phase-three", "decoder from a feature map to an image")
          .input("x", "h×w×d", "a feature map")
          .input("kernels_in", "c×3×3×d", "the first convolution")
          .family("kernels_a_*", "c×3×3×c", true, "first convolution of each residual block")
          .family("kernels_b_*", "c×3×3×c", true, "second convolution of each residual block")
          .family("w_q_*", "c×c", true, "query weights of each attention block")
          .family("w_k_*", "c×c", true, "key weights of each attention block")
          .family("w_v_*", "c×c", true, "value weights of each attention block")
          .family("kernels_up_*", "c×3×3×c", true, "convolution of each up-sampling block")
          .input("kernels_out", "3×3×3×c", "the last convolution, to 3 channels")
          .parameter("blocks", Parameter.Kind.TEXT, "residual attention residual up",
              "the blocks in order, each residual, attention or up (nearest, by 2); or none")
          .choice("norm", "normalisation before activation and attention: none, or layer norm over channels", "none",
              "layer")
          .parameter("epsilon", Parameter.Kind.NUMBER, "0", "added to the variance of layer norm; the paper has none")
          .output("y", "height×width×3", "the image")
          .computes(VarOperators::decoder));

  private VarOperators() {}

  /** A layer of a pyramid: X_init and merged maps to merged maps. */
  private interface PyramidMap {
    <M extends Matrix<M>> M apply(M init, M merged);
  }

  /** The parameters that fix a reading of def-3.2 and the size of its result. */
  private static Operator.Builder interpolation(Operator.Builder operator) {
    return upReading(operator, "reading")
        .parameter("height", Parameter.Kind.INTEGER, "", "pixel rows of the result")
        .parameter("width", Parameter.Kind.INTEGER, "", "pixel columns of the result");
  }

  private static Operator.Builder upReading(Operator.Builder operator, String name) {
    return operator
        .choice(name, "up-interpolation: the formula as written, or phase-dependent weights as implementations have "
            + "them", "literal", "standard")
        .parameter("kernel", Parameter.Kind.TEXT, "by-reading",
            "bspline, or keys(a) such as keys(-3/4); by-reading is bspline if literal, keys(-3/4) if standard")
        .choice("origin", "first value of an index (literal reading)", "0", "1")
        .choice("boundary", "what reads outside of the map return (literal reading)", "replicate", "zero", "reflect");
  }

  private static Interpolation.Reading reading(Arguments a, String name) {
    return a.text(name).equals("standard")
        ? new Interpolation.Standard(kernel(a, Kernel.KEYS))
        : new Interpolation.Literal(kernel(a, Kernel.BSPLINE), a.integer("origin"),
            Interpolation.Boundary.valueOf(a.text("boundary").toUpperCase(Locale.ROOT)));
  }

  private static Interpolation interpolation(Arguments a, int h, int w, String tensor) {
    int height = a.integer("height");
    int width = a.integer("width");
    if (h < 1 || w < 1 || height <= h || width <= w) {
      throw a.error("height×width = " + height + "×" + width + " must be larger in both directions than " + tensor + ", "
          + h + "×" + w + ", which must have at least one pixel");
    }
    a.requireEntries(height, h);
    a.requireEntries(width, w);
    return new Interpolation(reading(a, "reading"), height, width);
  }

  /** The parameters of a pyramid. */
  private static Operator.Builder up(Operator.Builder operator) {
    return upReading(operator.parameter("scales", Parameter.Kind.TEXT, "",
        "sizes of the token maps, coarse to fine, such as 1x1,2x2,3x3"), "up");
  }

  /** Weights and parameters of attention and feed-forward layer. */
  private static Operator.Builder block(Operator.Builder operator, String suffix) {
    String c = "c" + suffix;
    return operator
        .weights("w_q" + suffix, "d×d", "query weights")
        .weights("w_k" + suffix, "d×d", "key weights")
        .weights("w_v" + suffix, "d×d", "value weights")
        .weights("w_1" + suffix, c + "×d", "feed-forward weights to the hidden neurons")
        .weights("b_1" + suffix, c, "bias of the hidden neurons")
        .weights("w_2" + suffix, "d×" + c, "feed-forward weights from the hidden neurons")
        .weights("b_2" + suffix, "d", "bias of the feed-forward layer")
        .choice("ffn", "whether the feed-forward layer adds its input", "residual", "plain");
  }

  private static FeedForward feedForward(Arguments a, String suffix) {
    return new FeedForward(a.matrix("w_1" + suffix), a.tensor("b_1" + suffix).column(), a.matrix("w_2" + suffix),
        a.tensor("b_2" + suffix).column(), a.text("ffn").equals("residual"));
  }

  private static Pyramid pyramid(Arguments a) {
    return new Pyramid(Scales.parse(a).schedule(a), reading(a, "up"));
  }

  private static Evaluation pyramid(Arguments a, PyramidMap map) {
    int tokens = pyramid(a).tokensIn();
    ExactMatrix x = a.has("x") ? a.matrix("x") : ExactMatrix.zeros(0, a.size("d"));
    if (x.rows() != tokens) {
      throw a.error("x must have " + tokens + " rows, the tokens of all but the last of scales " + a.text("scales")
          + ", got "
          + x.rows());
    }
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        return Map.of("y", map.apply(system.lift(a.matrix("x_init")), system.lift(x)));
      }
    };
  }

  private static Evaluation transformer(Arguments a) {
    ScaleSchedule schedule = Scales.parse(a).schedule(a);
    if (a.count("w_q", "w_k", "w_v", "w_1", "b_1", "w_2", "b_2") != schedule.size()) {
      throw a.error("there must be weights for each of scales " + a.text("scales") + ", got " + a.count("w_q"));
    }
    List<VarTransformer.Stage> stages = IntStream.rangeClosed(1, schedule.size()).mapToObj(i -> new VarTransformer.Stage(
        new Attention(a.matrix("w_q_" + i), a.matrix("w_k_" + i), a.matrix("w_v_" + i)),
        new Transposed(feedForward(a, "_" + i)))).toList();
    return y(new VarTransformer(schedule, reading(a, "up"), stages), a.matrix("x_init"));
  }

  private static Evaluation member(Arguments a) {
    ScaleSchedule schedule = Scales.parse(a).schedule(a);
    int heads = a.requirePositive("heads", a.integer("heads"));
    int size = a.requirePositive("head_size", a.integer("head_size"));
    int blocks = a.count("w_o", "w_v", "w_k", "w_q", "w_1", "b_1", "w_2", "b_2");
    if (blocks != schedule.size()) {
      throw a.error("there must be weights for each of scales " + a.text("scales") + ", got " + blocks);
    }
    FunctionClass functions = new FunctionClass(heads, size, a.requirePositive("hidden", a.integer("hidden")));
    return y(functions.member(schedule, reading(a, "up"), IntStream.rangeClosed(1, blocks).mapToObj(i ->
        new FunctionClass.Block(
            new ResidualAttention(IntStream.range(0, heads).mapToObj(head -> head(a, i, head * size, size)).toList()),
            feedForward(a, "_" + i))).toList()), a.matrix("x_init"));
  }

  /** The head of block {@code i} whose share of the stacked weights begins at {@code from}. */
  private static ResidualAttention.Head head(Arguments a, int i, int from, int size) {
    return new ResidualAttention.Head(a.matrix("w_o_" + i).columnRange(from, from + size),
        a.matrix("w_v_" + i).rowRange(from, from + size), a.matrix("w_k_" + i).rowRange(from, from + size),
        a.matrix("w_q_" + i).rowRange(from, from + size));
  }

  private static Evaluation reconstruction(Arguments a) {
    List<Tensor> maps = a.family("y");
    int count = a.count("y", "kernels");
    if (!a.family("b").isEmpty()) {
      a.count("y", "b");
    }
    int[] last = maps.get(count - 1).shape();
    for (Tensor map : maps) {
      a.requireEntries(last[0], map.shape()[0]);
      a.requireEntries(last[1], map.shape()[1]);
    }
    ScaleSchedule schedule =
        new ScaleSchedule(maps.stream().map(map -> new ScaleSchedule.Scale(map.shape()[0], map.shape()[1])).toList());
    List<Convolution> convolutions = IntStream.rangeClosed(1, count).mapToObj(i -> new Convolution(
        Scales.kernels(a.tensor("kernels_" + i)), a.has("b_" + i) ? a.matrix("b_" + i) : null)).toList();
    FeatureMapReconstruction layer = new FeatureMapReconstruction(schedule, reading(a, "up"), convolutions,
        a.text("reading").equals("blended") ? a.number("rho") : BigFraction.ONE);
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        return Map.of("y", layer.apply(schedule.merge(Evaluations.maps(system, maps))));
      }
    };
  }

  private static Evaluation decoder(Arguments a) {
    LayerNorm norm = a.text("norm").equals("layer") ? new LayerNorm(a.number("epsilon")) : null;
    List<String> words = a.text("blocks").strip().equals("none") ? List.of()
        : List.of(a.text("blocks").strip().split("[ ,]+"));
    Map<String, Integer> used = new HashMap<>();
    List<Decoder.Block> blocks = new ArrayList<>();
    for (String word : words) {
      int i = used.getOrDefault(word, 0) + 1;
      used.put(word, i);
      blocks.add(switch (word) {
        case "residual" -> new Decoder.Residual(norm,
            convolution(a, "kernels_a_" + i), convolution(a, "kernels_b_" + i), null);
        case "attention" -> new Decoder.SelfAttention(
            norm, new Attention(a.matrix("w_q_" + i), a.matrix("w_k_" + i), a.matrix("w_v_" + i)));
        case "up" -> new Decoder.UpSampling(Rescaling.up(2, Rescaling.Reading.NEAREST), convolution(a, "kernels_up_" + i));
        default -> throw a.error("parameter blocks must list residual, attention or up, got " + Arguments.quote(word));
      });
    }
    requireBlocks(a, used, "residual", a.count("kernels_a", "kernels_b"));
    requireBlocks(a, used, "attention", a.count("w_q", "w_k", "w_v"));
    requireBlocks(a, used, "up", a.count("kernels_up"));
    int up = used.getOrDefault("up", 0);
    long factor = 1L << Math.min(up, 24);
    a.requireEntries(Math.max(1, a.size("h")), factor, Math.max(1, a.size("w")), factor, Math.max(1, a.size("c")));
    return y(new Decoder(convolution(a, "kernels_in"), blocks, norm, convolution(a, "kernels_out")), a.tensor("x"));
  }

  private static void requireBlocks(Arguments a, Map<String, Integer> used, String word, int given) {
    if (used.getOrDefault(word, 0) != given) {
      throw a.error("parameter blocks names " + used.getOrDefault(word, 0) + " blocks " + word
          + ", but weights are given for "
          + given);
    }
  }

  private static Convolution convolution(Arguments a, String name) {
    return new Convolution(Scales.kernels(a.tensor(name)));
  }

  /** W(x) by Horner's rule in |x|; the piece of each place is known exactly. */
  private static Evaluation kernel(Kernel kernel, ExactMatrix x) {
    int n = x.columns();
    BigFraction[] places = new BigFraction[n];
    BigFraction[][] coefficients = new BigFraction[4][n];
    for (int i = 0; i < n; i++) {
      places[i] = x.get(0, i).abs();
      BigFraction[] piece = kernel.coefficients(x.get(0, i));
      for (int k = 0; k < 4; k++) {
        coefficients[k][i] = piece[k];
      }
    }
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        M z = system.lift(ExactMatrix.of(1, n, places));
        M y = system.lift(ExactMatrix.of(1, n, coefficients[3]));
        for (int k = 2; k >= 0; k--) {
          y = y.hadamard(z).plus(system.lift(ExactMatrix.of(1, n, coefficients[k])));
        }
        return Map.of("y", y);
      }
    };
  }

  /** The matrix of a layer: what it makes of the h·w maps with a single 1, as channels of one map. */
  static Evaluation matrix(String output, TokenMapLayer layer, int h, int w) {
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        return Map.of(output, layer.apply(new TokenMap<>(h, w, system.lift(ExactMatrix.identity(h * w)))).tokens());
      }
    };
  }

  private static Kernel kernel(Arguments a, Kernel byReading) {
    String text = a.text("kernel");
    try {
      return text.equals("by-reading") ? byReading : Kernel.parse(text);
    } catch (IllegalArgumentException e) {
      throw a.error("parameter kernel must be bspline or keys(a) such as keys(-3/4), got " + Arguments.quote(text));
    }
  }
}
