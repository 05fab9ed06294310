package plumbline.reference.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.layer.Convolution;
import plumbline.reference.layer.Interpolation;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/**
 * The layers of VAR's code (the repository FoundationVision/VAR, {@code models/basic_var.py} and {@code models/quant.py}),
 * with the names and layouts of PyTorch: a batch first, weights of linear maps as (out, in), images as (channels, height,
 * width). They are no statements of the paper, which leaves out heads, scale, biases, normalization and conditioning.
 */
final class ImplementationOperators {
  /** 0.044715 of the tanh approximation of GELU (arXiv 1606.08415). */
  private static final BigFraction GELU = new BigFraction(44_715, 1_000_000);

  static final List<Operator> ALL = List.of(
      Operator.of("var.self-attention", "self-attention of VAR's code")
          .input("x", "b×l×c", "tokens")
          .weights("w_qkv", "3·c×c", "query, key and value weights, one above the other")
          .weights("q_bias", "c", "bias of the queries; keys have none")
          .weights("v_bias", "c", "bias of the values")
          .weights("w_proj", "c×c", "weights of the projection")
          .weights("b_proj", "c", "bias of the projection")
          .input("heads", "scalar", "number of heads, a divisor of c")
          .optional("scale", "scalar", "factor of the queries; 1/(4√(c/heads)) if it is not there")
          .output("y", "b×l×c", "concatenated heads, projected")
          .computes(a -> {
            SelfAttention attention = new SelfAttention(a.matrix("w_qkv"), a.matrix("q_bias"), a.matrix("v_bias"),
                a.matrix("w_proj"), a.matrix("b_proj"), heads(a, a.tensor("heads").scalar()),
                a.has("scale") ? a.tensor("scale").scalar() : null);
            return new Evaluation() {
              @Override
              public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
                return Map.of("y", attention.apply(system.lift(a.matrix("x")), a.size("l")));
              }
            };
          }),

      Operator.of("var.ffn", "feed-forward layer of VAR's code, GELU approximated by tanh")
          .input("x", "b×l×c", "tokens")
          .weights("w_1", "r×c", "weights to the hidden neurons")
          .weights("b_1", "r", "bias of the hidden neurons")
          .weights("w_2", "d×r", "weights from the hidden neurons")
          .weights("b_2", "d", "bias of the result")
          .output("y", "b×l×d", "W_2 GELU(W_1 x + b_1) + b_2 of each token")
          .computes(a -> new Evaluation() {
            @Override
            public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
              return Map.of("y", feedForward(system.lift(a.matrix("x")), a.matrix("w_1"), a.matrix("b_1"), a.matrix("w_2"),
                  a.matrix("b_2")));
            }
          }),

      Operator.of("var.adaln-block", "transformer block of VAR's code: adaptive layer norm, attention, feed-forward layer")
          .input("x", "b×l×c", "tokens")
          .input("cond", "b×e", "the condition")
          .weights("attn_mat_qkv_weight", "3·c×c", "query, key and value weights, one above the other")
          .weights("attn_q_bias", "c", "bias of the queries")
          .weights("attn_v_bias", "c", "bias of the values")
          .weights("attn_proj_weight", "c×c", "weights of the projection")
          .weights("attn_proj_bias", "c", "bias of the projection")
          .weights("ffn_fc1_weight", "r×c", "weights to the hidden neurons")
          .weights("ffn_fc1_bias", "r", "bias of the hidden neurons")
          .weights("ffn_fc2_weight", "c×r", "weights from the hidden neurons")
          .weights("ffn_fc2_bias", "c", "bias of the feed-forward layer")
          .weights("ada_lin_1_weight", "6·c×e", "weights of the modulation: gamma1 gamma2 scale1 scale2 shift1 shift2")
          .weights("ada_lin_1_bias", "6·c", "bias of the modulation")
          .parameter("heads", Parameter.Kind.INTEGER, "4", "number of heads, a divisor of c")
          .parameter("epsilon", Parameter.Kind.NUMBER, "1e-6", "added to the variance")
          .output("y", "b×l×c", "the tokens after attention and feed-forward layer")
          .computes(ImplementationOperators::block),

      Operator.of("var.phi", "enlarging of VAR's code: bicubic interpolation, blended with a convolution")
          .input("x", "b×c×h×w", "token maps")
          .weights("conv_weight", "c×c×3×3", "kernels of the convolution, padding 1")
          .weights("conv_bias", "c", "bias of the convolution")
          .input("ratio", "scalar", "share of the convolution")
          .parameter("height", Parameter.Kind.INTEGER, "16", "pixel rows of the result")
          .parameter("width", Parameter.Kind.INTEGER, "16", "pixel columns of the result")
          .output("up", "b×c×height×width", "the interpolated token maps")
          .output("y", "b×c×height×width", "(1 − ratio)·up + ratio·conv(up)")
          .computes(ImplementationOperators::phi));

  private ImplementationOperators() {}

  private static int heads(Arguments a, BigFraction heads) {
    int c = a.size("c");
    for (int h = 1; h <= c; h++) {
      if (heads.equals(new BigFraction(h)) && c % h == 0) {
        return h;
      }
    }
    throw a.error("heads must be a divisor of c = " + c + ", got " + heads.toString().replace(" ", ""));
  }

  /** Each row x becomes W x + b. */
  private static <M extends Matrix<M>> M linear(M x, ExactMatrix w, ExactMatrix b) {
    return x.times(x.lift(w).transpose()).plus(x.lift(b).broadcast(x.rows(), w.rows()));
  }

  private static <M extends Matrix<M>> M constant(M like, BigFraction value) {
    return like.system().lift(value).broadcast(like.rows(), like.columns());
  }

  /** x · sigmoid(x). */
  private static <M extends Matrix<M>> M silu(M x) {
    return x.hadamard(x.sigmoid());
  }

  /** x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))). */
  private static <M extends Matrix<M>> M gelu(M x) {
    M slope = x.system().lift(2).dividedBy(x.system().pi()).sqrt();
    M inner = x.plus(x.square().hadamard(x).hadamard(constant(x, GELU))).scaledBy(slope);
    return x.hadamard(constant(x, BigFraction.ONE_HALF)).hadamard(constant(x, BigFraction.ONE).plus(inner.tanh()));
  }

  private static <M extends Matrix<M>> M feedForward(M x, ExactMatrix w1, ExactMatrix b1, ExactMatrix w2, ExactMatrix b2) {
    return linear(gelu(linear(x, w1, b1)), w2, b2);
  }

  /**
   * Attention of several heads within each of the images of a batch.
   *
   * @param wQkv 3c×c
   * @param scale the factor of the queries, or {@code null} for 1/(4√d) with d = c/heads
   */
  private record SelfAttention(ExactMatrix wQkv, ExactMatrix qBias, ExactMatrix vBias, ExactMatrix wProj, ExactMatrix bProj,
      int heads, @Nullable BigFraction scale) {

    /** {@code tokens} rows for each image. */
    <M extends Matrix<M>> M apply(M x, int tokens) {
      int c = x.columns();
      int d = c / heads;
      M factor = scale != null ? x.system().lift(scale)
          : x.system().lift(new BigFraction(1, 4)).dividedBy(x.system().lift(d).sqrt());
      M q = linear(x, wQkv.rowRange(0, c), qBias).scaledBy(factor);
      M k = x.times(x.lift(wQkv.rowRange(c, 2 * c)).transpose());
      M v = linear(x, wQkv.rowRange(2 * c, 3 * c), vBias);
      M images = x.rowRange(0, 0);
      for (int from = 0; from < x.rows(); from += tokens) {
        int to = from + tokens;
        M image = x.block(from, to, 0, 0);
        for (int left = 0; left < c; left += d) {
          M scores = q.block(from, to, left, left + d).times(k.block(from, to, left, left + d).transpose());
          image = image.beside(scores.softmaxRows().times(v.block(from, to, left, left + d)));
        }
        images = images.above(image);
      }
      return linear(images, wProj, bProj);
    }
  }

  private static Evaluation block(Arguments a) {
    int c = a.requirePositive("c", a.size("c"));
    int l = a.size("l");
    SelfAttention attention = new SelfAttention(a.matrix("attn_mat_qkv_weight"), a.matrix("attn_q_bias"),
        a.matrix("attn_v_bias"), a.matrix("attn_proj_weight"), a.matrix("attn_proj_bias"),
        heads(a, new BigFraction(a.integer("heads"))), null);
    BigFraction epsilon = LayerOperators.layerNorm(a, "x", a.matrix("x")).epsilon();
    int[] image = IntStream.range(0, a.matrix("x").rows()).map(row -> row / l).toArray();
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        M x = system.lift(a.matrix("x"));
        M modulation = linear(silu(system.lift(a.matrix("cond"))), a.matrix("ada_lin_1_weight"), a.matrix("ada_lin_1_bias"))
            .selectRows(image);
        List<M> parts = new ArrayList<>(); // gamma1 gamma2 scale1 scale2 shift1 shift2
        for (int k = 0; k < 6; k++) {
          parts.add(modulation.columnRange(k * c, (k + 1) * c));
        }
        x = x.plus(attention.apply(modulated(x, parts.get(2), parts.get(4)), l).hadamard(parts.get(0)));
        M y = feedForward(modulated(x, parts.get(3), parts.get(5)), a.matrix("ffn_fc1_weight"), a.matrix("ffn_fc1_bias"),
            a.matrix("ffn_fc2_weight"), a.matrix("ffn_fc2_bias"));
        return Map.of("y", x.plus(y.hadamard(parts.get(1))));
      }

      private <M extends Matrix<M>> M modulated(M x, M scale, M shift) {
        return x.normalizeRows(epsilon).hadamard(scale.plus(constant(scale, BigFraction.ONE))).plus(shift);
      }
    };
  }

  private static Evaluation phi(Arguments a) {
    int c = a.size("c");
    int h = a.size("h");
    int w = a.size("w");
    int height = a.integer("height");
    int width = a.integer("width");
    a.requireEntries(Math.max(1, a.size("b")), Math.max(1, c), height, width);
    BigFraction ratio = a.tensor("ratio").scalar();
    // (out, in, 3, 3) as out×(3·3·in)
    ExactMatrix flat = a.tensor("conv_weight").row();
    BigFraction[] kernels = new BigFraction[flat.size()];
    Arrays.setAll(kernels, e -> flat.get((e / (9 * c) * c + e % c) * 9 + e / c % 9));
    Convolution convolution = new Convolution(ExactMatrix.of(c, 9 * c, kernels), a.matrix("conv_bias"));
    boolean same = h == height && w == width; // the last scale is not interpolated
    Interpolation interpolation = new Interpolation(Interpolation.Reading.PYTORCH, height, width);
    if (!same && (h < 1 || w < 1 || height <= h || width <= w)) {
      throw a.error("x must be smaller than height×width = " + height + "×" + width
          + " in both directions, or as large, got "
          + Tensor.text(a.tensor("x").shape()));
    }
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        M x = system.lift(a.matrix("x")).reshape(a.size("b") * c, h * w);
        M up = x.block(0, 0, 0, 0).reshape(0, height * width);
        M y = up;
        for (int from = 0; from < x.rows(); from += c) {
          TokenMap<M> map = new TokenMap<>(h, w, x.rowRange(from, from + c).transpose());
          TokenMap<M> large = same ? map : interpolation.apply(map);
          M convolved = convolution.apply(large).tokens();
          M kept = large.tokens().hadamard(constant(large.tokens(), BigFraction.ONE.subtract(ratio)));
          up = up.above(large.tokens().transpose());
          y = y.above(kept.plus(convolved.hadamard(constant(convolved, ratio))).transpose());
        }
        return Map.of("up", up.reshape(up.rows() * height, width), "y", y.reshape(y.rows() * height, width));
      }
    };
  }
}
