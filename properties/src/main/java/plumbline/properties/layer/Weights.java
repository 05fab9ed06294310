package plumbline.properties.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.properties.arbitrary.LipschitzFunctions.OnMaps;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.AttentionMatrix;
import plumbline.reference.layer.Convolution;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Mlp;
import plumbline.reference.layer.ResidualAttention;
import plumbline.reference.layer.Transposed;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;

/** The weights of layers by the names that the paper gives them, to show a case. */
final class Weights {
  private Weights() {}

  /** The weights of {@code layer}; empty for a layer without any or an unknown one. */
  static Map<String, ExactMatrix> of(Layer layer) {
    Map<String, ExactMatrix> weights = new LinkedHashMap<>();
    if (layer instanceof Attention attention) {
      weights.putAll(of(attention.scores()));
      weights.put("W_V", attention.wv());
    } else if (layer instanceof AttentionMatrix matrix) {
      weights.put("W_Q", matrix.wq());
      weights.put("W_K", matrix.wk());
    } else if (layer instanceof ResidualAttention attention) {
      for (ResidualAttention.Head head : attention.heads()) {
        String suffix = weights.isEmpty() ? "" : "_" + (weights.size() / 4 + 1);
        weights.put("W_O" + suffix, head.wo());
        weights.put("W_V" + suffix, head.wv());
        weights.put("W_K" + suffix, head.wk());
        weights.put("W_Q" + suffix, head.wq());
      }
    } else if (layer instanceof FeedForward ffn) {
      weights.put("W_1", ffn.w1());
      weights.put("b_1", ffn.b1());
      weights.put("W_2", ffn.w2());
      weights.put("b_2", ffn.b2());
    } else if (layer instanceof Mlp mlp) {
      weights.put("W", mlp.w());
      weights.put("b", mlp.b());
    } else if (layer instanceof LayerNorm norm) {
      weights.put("ε", ExactMatrix.of(1, 1, norm.epsilon()));
    } else if (layer instanceof Transposed transposed) {
      weights.putAll(of(transposed.layer()));
    } else if (layer instanceof OnMaps onMaps) {
      weights.put("h, w", ExactMatrix.ofIntegers(1, 2, onMaps.height(), onMaps.width()));
      if (onMaps.layer() instanceof Convolution convolution) {
        weights.put("K", convolution.kernels());
        @Nullable ExactMatrix bias = convolution.bias();
        if (bias != null) {
          weights.put("b", bias);
        }
      }
    }
    return weights;
  }
}
