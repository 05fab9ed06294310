package plumbline.reference.var;

import java.util.List;
import plumbline.reference.layer.Interpolation;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/**
 * The VAR transformer (Definition 3.6, {@code def-3.6}):
 * TF(X_init) = g_r ∘ Attn_r ∘ Φ_up,r ∘ … ∘ g_1 ∘ Attn_1 ∘ Φ_up,1 (X_init), with g_i all of layer i but attention.
 *
 * <p>How the composition is typed: after layer i−1 the state is the merged token maps of the scales 1 … i−1, of n_{i−1}
 * = Σ_{j&lt;i} h_j w_j rows. Φ_up,i takes these as X_1, …, X_{i−1} to the scales 1 … i (Definition 3.4), n_i rows, which
 * Attn_i and g_i keep. Its first map is X_init again in every layer, so X_init reaches each Φ_up,i beside the state;
 * before layer 1 the state is empty.
 *
 * @param schedule the scales, as many as there are stages, the first 1×1
 * @param reading how the up-interpolation is read
 * @param stages Attn_i and g_i for i = 1 … r
 */
public record VarTransformer(ScaleSchedule schedule, Interpolation.Reading reading, List<Stage> stages) implements Layer {

  /**
   * What follows the pyramid in one layer; both keep the shape n_i×d, tokens as rows.
   *
   * @param attention Attn_i
   * @param rest g_i: layer norm, MLP, feed-forward
   */
  public record Stage(Layer attention, Layer rest) {

    <M extends Matrix<M>> M apply(M x) {
      M mixed = attention.apply(x);
      Shape.require("def-3.6", "Attn(X)", Shape.of(mixed), x.rows(), x.columns());
      M y = rest.apply(mixed);
      Shape.require("def-3.6", "g(Attn(X))", Shape.of(y), x.rows(), x.columns());
      return y;
    }
  }

  public VarTransformer {
    stages = List.copyOf(stages);
    if (stages.size() != schedule.size()) {
      throw new ShapeException("def-3.6: there must be one layer per scale, got " + stages.size() + " layers and "
          + schedule.size() + " scales");
    }
    pyramid(schedule, reading, schedule.size());
  }

  @Override
  public String statement() {
    return "def-3.6";
  }

  /** TF(X_init) for X_init of shape 1×d: (Σ_{i≤r} h_i w_i)×d. */
  @Override
  public <M extends Matrix<M>> M apply(M init) {
    Shape.require(statement(), "X_init", Shape.of(init), 1, -1);
    M state = init.rowRange(0, 0);
    for (int i = 1; i <= stages.size(); i++) {
      state = stages.get(i - 1).apply(pyramid(schedule, reading, i).apply(init, state));
    }
    return state;
  }

  private static Pyramid pyramid(ScaleSchedule schedule, Interpolation.Reading reading, int r) {
    return new Pyramid(schedule.prefix(r), reading);
  }
}
