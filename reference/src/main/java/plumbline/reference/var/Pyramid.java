package plumbline.reference.var;

import java.util.ArrayList;
import java.util.List;
import plumbline.reference.layer.Interpolation;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/**
 * The pyramid up-interpolation layer Φ_up,r. For r = 1 it returns X_init ({@code def-3.3}); for r ≥ 2 it takes token maps
 * X_1, …, X_{r−1} to Y_1 = X_init and Y_i = φ_up,i(X_{i−1}), i = 2 … r ({@code def-3.4}). Maps go in and out merged
 * ({@code rem-3.5}).
 *
 * <p>X_init is an argument beside the maps: Y_1 is X_init for every r, although X_init is not among X_1, …, X_{r−1}.
 *
 * @param schedule the scales 1 … r, the first 1×1
 * @param reading how φ_up is read
 */
public record Pyramid(ScaleSchedule schedule, Interpolation.Reading reading) {

  public Pyramid {
    if (schedule.size() == 0 || schedule.get(0).tokens() != 1) {
      throw new ShapeException("def-3.3: the first scale must be 1×1, got "
          + (schedule.size() == 0 ? "no scale" : schedule.get(0)));
    }
  }

  /** Id of the statement that defines this case. */
  public String statement() {
    return schedule.size() == 1 ? "def-3.3" : "def-3.4";
  }

  /** Number of rows of the merged X_1, …, X_{r−1}: Σ_{i&lt;r} h_i w_i, so 0 for r = 1. */
  public int tokensIn() {
    return schedule.prefix(schedule.size() - 1).tokens();
  }

  /** Number of rows of the merged Y_1, …, Y_r: Σ_{i≤r} h_i w_i. */
  public int tokensOut() {
    return schedule.tokens();
  }

  /**
   * Applies the layer.
   *
   * @param init X_init, 1×d
   * @param merged X_1, …, X_{r−1} merged, (Σ_{i&lt;r} h_i w_i)×d; for r = 1 the 0×d matrix
   * @return Y_1, …, Y_r merged, (Σ_{i≤r} h_i w_i)×d
   */
  public <M extends Matrix<M>> M apply(M init, M merged) {
    Shape.require(statement(), "X_init", Shape.of(init), 1, -1);
    Shape.require(statement(), "X", Shape.of(merged), tokensIn(), init.columns());
    List<TokenMap<M>> maps = new ArrayList<>();
    maps.add(new TokenMap<>(1, 1, init));
    for (TokenMap<M> x : schedule.prefix(schedule.size() - 1).split(merged)) {
      ScaleSchedule.Scale next = schedule.get(maps.size());
      maps.add(new Interpolation(reading, next.height(), next.width()).apply(x));
    }
    return schedule.merge(maps);
  }
}
