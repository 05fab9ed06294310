package plumbline.reference.operator;

import static plumbline.reference.operator.Evaluations.of;
import static plumbline.reference.operator.Evaluations.y;

import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.AttentionMatrix;
import plumbline.reference.layer.Convolution;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Mlp;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.layer.Softmax;
import plumbline.spec.number.ExactMatrix;

/** The layers of appendices B and C. */
final class LayerOperators {
  static final String[] UP_READINGS = {"nearest", "linear", "bicubic", "area"};
  static final String[] DOWN_READINGS = {"area", "nearest", "linear", "bicubic"};

  static final List<Operator> ALL = List.of(
      Operator.of("def-b.1", "softmax of each row")
          .input("z", "n×m", "scores, one distribution per row")
          .output("y", "n×m", "probabilities")
          .computes(a -> {
            if (a.matrix("z").rows() > 0) {
              a.requirePositive("m", a.size("m"));
            }
            return y(new Softmax(), a.matrix("z"));
          }),

      Operator.of("def-b.2", "attention matrix")
          .input("x", "n×d", "tokens as rows")
          .input("w_q", "d×d", "query weights")
          .input("w_k", "d×d", "key weights")
          .output("a", "n×n", "exp of the scores, not normalised")
          .computes(a -> of("a", new AttentionMatrix(a.matrix("w_q"), a.matrix("w_k")), a.matrix("x"))),

      Operator.of("def-b.3", "attention")
          .input("x", "n×d", "tokens as rows")
          .input("w_q", "d×d", "query weights")
          .input("w_k", "d×d", "key weights")
          .input("w_v", "d×d", "value weights")
          .output("y", "n×d", "D⁻¹ A X W_V")
          .computes(a -> y(attention(a), a.matrix("x"))),

      Operator.of("def-b.4", "attention on merged token maps")
          .input("x", "n×d", "the merged token maps, coarse to fine")
          .input("w_q", "d×d", "query weights")
          .input("w_k", "d×d", "key weights")
          .input("w_v", "d×d", "value weights")
          .parameter("scales", Parameter.Kind.TEXT, "", "sizes of the token maps, such as 1x1,2x2,3x3; n is their sum")
          .output("y", "n×d", "D⁻¹ A X W_V")
          .computes(a -> y(attention(a).onTokens(Scales.parse(a).tokens()), a.requireTokens("x"))),

      Operator.of("def-b.5", "feed-forward layer")
          .input("x", "d×l", "tokens as columns")
          .input("w_1", "c×d", "weights to the hidden neurons")
          .input("b_1", "c", "bias of the hidden neurons")
          .input("w_2", "d×c", "weights from the hidden neurons")
          .input("b_2", "d", "bias of the result")
          .choice("reading", "whether X is added to the result", "residual", "plain")
          .output("y", "d×l", "[X +] W_2 ReLU(W_1 X + b_1) + b_2")
          .computes(a -> y(new FeedForward(a.matrix("w_1"), a.tensor("b_1").column(), a.matrix("w_2"),
              a.tensor("b_2").column(),
              a.text("reading").equals("residual")), a.matrix("x"))),

      Operator.of("def-b.6", "3×3 convolution, padding 1, stride 1")
          .input("x", "h×w×c_in", "a token map")
          .input("kernels", "c_out×3×3×c_in", "one kernel per output channel")
          .optional("b", "c_out", "bias per output channel (reading bias)")
          .output("y", "h×w×c_out", "the convolved token map")
          .computes(a -> y(new Convolution(Scales.kernels(a.tensor("kernels")), a.has("b") ? a.matrix("b") : null),
              a.tensor("x"))),

      rescaling("def-c.1", "up-interpolation by a factor", true, false),
      rescaling("def-c.2", "down-interpolation by a factor", false, false),
      rescaling("def-c.3", "up-interpolation by a factor, as a matrix", true, true),
      rescaling("def-c.4", "down-interpolation by a factor, as a matrix", false, true),

      Operator.of("def-c.7", "attention on a token map")
          .input("x", "h×w×c", "a token map")
          .input("w_q", "c×c", "query weights")
          .input("w_k", "c×c", "key weights")
          .input("w_v", "c×c", "value weights")
          .output("y", "h×w×c", "attention on its hw×c matrix")
          .computes(a -> y(attention(a).onTokenMaps(), a.tensor("x"))),

      Operator.of("def-c.8", "MLP: one affine map")
          .input("x", "n×c", "tokens as rows")
          .input("w", "c×d", "weights")
          .input("b", "d", "bias")
          .output("y", "n×d", "X W + b")
          .computes(a -> y(new Mlp(a.matrix("w"), a.matrix("b")), a.matrix("x"))),

      Operator.of("def-c.9", "layer norm")
          .input("x", "n×c", "tokens as rows")
          .parameter("epsilon", Parameter.Kind.NUMBER, "0", "added to the variance; the paper has none")
          .output("y", "n×c", "each row minus its mean, divided by its standard deviation")
          .computes(a -> y(layerNorm(a, "x", a.matrix("x")), a.matrix("x"))));

  private LayerOperators() {}

  static Attention attention(Arguments a) {
    return new Attention(a.matrix("w_q"), a.matrix("w_k"), a.matrix("w_v"));
  }

  /** Layer norm with the parameter epsilon, which must be positive if some row of {@code x} is constant. */
  static LayerNorm layerNorm(Arguments a, String name, ExactMatrix x) {
    BigFraction epsilon = a.number("epsilon");
    if (epsilon.compareTo(BigFraction.ZERO) < 0) {
      throw a.error("parameter epsilon must be at least 0, got " + Arguments.quote(a.text("epsilon")));
    }
    if (x.rows() > 0) {
      a.requirePositive("c", x.columns());
    }
    for (int i = 0; epsilon.equals(BigFraction.ZERO) && i < x.rows(); i++) {
      BigFraction first = x.get(i, 0);
      int j = 1;
      while (j < x.columns() && x.get(i, j).equals(first)) {
        j++;
      }
      if (j == x.columns()) {
        throw a.error("row " + i + " of " + name
            + " is constant: its variance is 0 and the layer is undefined without epsilon");
      }
    }
    return new LayerNorm(epsilon);
  }

  static Rescaling.Reading reading(String name) {
    return Rescaling.Reading.valueOf(name.toUpperCase(java.util.Locale.ROOT));
  }

  private static Operator rescaling(String id, String title, boolean up, boolean asMatrix) {
    return Operator.of(id, title)
        .input("x", "h×w×c", "a token map")
        .choice("reading", "how new samples are found", up ? UP_READINGS : DOWN_READINGS)
        .parameter("factor", Parameter.Kind.INTEGER, "", "the integer factor r, at least 1")
        .output("y", up ? "h·factor×w·factor×c" : "h/factor×w/factor×c", "the rescaled token map")
        .computes(a -> {
          int r = a.requirePositive("factor", a.integer("factor"));
          int h = a.requirePositive("h", a.size("h"));
          int w = a.requirePositive("w", a.size("w"));
          a.requireEntries(up ? new long[] {h, r, w, r, Math.max(1, a.size("c"))} : new long[] {h, w});
          Rescaling layer = up ? Rescaling.up(r, reading(a.text("reading"))) : Rescaling.down(r, reading(a.text("reading")));
          if (!up && (h % r != 0 || w % r != 0)) {
            throw a.error("x must have sides that are multiples of factor = " + r + ", got "
                + Tensor.text(a.tensor("x").shape()));
          }
          if (asMatrix) { // the same numbers, and the same freedom to round them
            a.requireEntries(up ? new long[] {h, r, w, r, h, w} : new long[] {h, w, h / r, w / r});
          }
          return y(layer, a.tensor("x"));
        });
  }
}
