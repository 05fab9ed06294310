package plumbline.reference.operator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Transposed;
import plumbline.spec.layer.Layer;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.layer.TokenMapLayer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/** Ways to make an evaluation from layers and exact tensors. */
final class Evaluations {

  private Evaluations() {}

  /** {@code output} = layer(x). */
  static Evaluation of(String output, Layer layer, ExactMatrix x) {
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        return Map.of(output, layer.apply(system.lift(x)));
      }
    };
  }

  /** y = layer(x). */
  static Evaluation y(Layer layer, ExactMatrix x) {
    return of("y", layer, x);
  }

  /** y = layer(x) for a token map x, h×w×c. */
  static Evaluation y(TokenMapLayer layer, Tensor x) {
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        return Map.of("y", layer.apply(map(system, x)).tokens());
      }
    };
  }

  /** {@code output} = an exact matrix, known without any rounding. */
  static Evaluation exact(String output, ExactMatrix value) {
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        return Map.of(output, system.lift(value));
      }
    };
  }

  /** An h×w×c tensor as a token map. */
  static <M extends Matrix<M>> TokenMap<M> map(NumberSystem<M> system, Tensor x) {
    int[] shape = x.shape();
    return new TokenMap<>(shape[0], shape[1], system.lift(x.values()));
  }

  /** h×w×c tensors as token maps. */
  static <M extends Matrix<M>> List<TokenMap<M>> maps(NumberSystem<M> system, List<Tensor> tensors) {
    return tensors.stream().map(tensor -> map(system, tensor)).toList();
  }

  /** Numbers the matrices {@code name_1}, {@code name_2}, …. */
  static <M extends Matrix<M>> Map<String, M> numbered(String name, List<TokenMap<M>> maps) {
    Map<String, M> outputs = new LinkedHashMap<>();
    for (TokenMap<M> map : maps) {
      outputs.put(name + "_" + (outputs.size() + 1), map.tokens());
    }
    return outputs;
  }

  /** FFN (def-b.5) with tokens as rows, from {@code w_1, b_1, w_2, b_2}. */
  static Layer feedForwardOnRows(Tensor w1, Tensor b1, Tensor w2, Tensor b2, String reading) {
    return new Transposed(new FeedForward(w1.values(), b1.column(), w2.values(), b2.column(), reading.equals("residual")));
  }
}
