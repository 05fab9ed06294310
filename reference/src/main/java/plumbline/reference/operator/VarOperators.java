package plumbline.reference.operator;

import static plumbline.reference.operator.Evaluations.exact;
import static plumbline.reference.operator.Evaluations.y;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Kernel;
import plumbline.reference.layer.ResidualAttention;
import plumbline.spec.number.ExactMatrix;

/** VAR: sections 3 and 4 and appendix B of the paper. */
final class VarOperators {

  static final List<Operator> ALL = List.of(
      Operator.of("def-3.1", "bicubic spline kernel")
          .input("x", "n", "places")
          .parameter("kernel", Parameter.Kind.TEXT, "bspline", "bspline, or keys(a) such as keys(-3/4)")
          .output("y", "n", "W(x)")
          .computes(a -> {
            Kernel kernel = kernel(a, Kernel.BSPLINE);
            BigFraction[] values = new BigFraction[a.size("n")];
            Arrays.setAll(values, i -> kernel.at(a.matrix("x").get(0, i)));
            return exact("y", ExactMatrix.of(1, values.length, values));
          }),

      interpolation(Operator.of("def-3.2", "up-interpolation layer, one step").input("x", "h×w×c", "a token map"))
          .output("y", "height×width×c", "the larger token map")
          .computes(a -> {
            Interpolation layer = interpolation(a, a.size("h"), a.size("w"), "x");
            a.requireEntries(layer.height(), layer.width(), Math.max(1, a.size("c")));
            return y(layer, a.tensor("x"));
          }),

      interpolation(Operator.of("rem-3.7", "up-interpolation layer as a matrix"))
          .parameter("from_height", Parameter.Kind.INTEGER, "", "pixel rows of the smaller map")
          .parameter("from_width", Parameter.Kind.INTEGER, "", "pixel columns of the smaller map")
          .output("phi", "height·width×from_height·from_width", "the matrix of the layer")
          .computes(a -> {
            int h = a.integer("from_height");
            int w = a.integer("from_width");
            Interpolation layer = interpolation(a, h, w, "the smaller map");
            a.requireEntries(layer.height(), layer.width(), h, w);
            return exact("phi", layer.matrix(h, w));
          }),

      Operator.of("lemma-4.4", "attention with residual and output weights")
          .input("z", "d×l", "tokens as columns")
          .input("w_o", "d×s", "output weights")
          .input("w_v", "s×d", "value weights")
          .input("w_k", "s×d", "key weights")
          .input("w_q", "s×d", "query weights")
          .output("y", "d×l", "Z + W_O W_V Z softmax of columns of (W_K Z)ᵀ(W_Q Z)")
          .computes(a -> y(new ResidualAttention(a.matrix("w_o"), a.matrix("w_v"), a.matrix("w_k"), a.matrix("w_q")),
              a.matrix("z"))));

  private VarOperators() {}

  /** The parameters that fix a reading of def-3.2 and the size of its result. */
  private static Operator.Builder interpolation(Operator.Builder operator) {
    return reading(operator)
        .parameter("height", Parameter.Kind.INTEGER, "", "pixel rows of the result")
        .parameter("width", Parameter.Kind.INTEGER, "", "pixel columns of the result");
  }

  static Operator.Builder reading(Operator.Builder operator) {
    return operator
        .choice("reading", "the formula as written, or phase-dependent weights as implementations have them", "literal", "standard")
        .parameter("kernel", Parameter.Kind.TEXT, "by-reading",
            "bspline, or keys(a) such as keys(-3/4); by-reading is bspline if literal, keys(-3/4) if standard")
        .choice("origin", "first value of an index (literal reading)", "0", "1")
        .choice("boundary", "what reads outside of the map return (literal reading)", "zero", "replicate", "reflect");
  }

  static Interpolation.Reading reading(Arguments a) {
    return a.text("reading").equals("standard")
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
    return new Interpolation(reading(a), height, width);
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
