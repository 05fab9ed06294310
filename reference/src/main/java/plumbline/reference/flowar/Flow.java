package plumbline.reference.flowar;

import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;

/** The flow from noise to a token map, def-c.11: F_t = t Y + (1 − t) F_0 for t ∈ [0, 1], with velocity V = dF_t/dt. */
public final class Flow {
  private static final String STATEMENT = "def-c.11";

  private Flow() {}

  /**
   * F_t = t Y + (1 − t) F_0.
   *
   * @param y Y^i, n×c
   * @param noise F_0^i, n×c
   * @param t the time, 1×1
   */
  public static <M extends Matrix<M>> M at(M y, M noise, M t) {
    Shape.require(STATEMENT, "F_0", Shape.of(noise), y.rows(), y.columns());
    Shape.require(STATEMENT, "t", Shape.of(t), 1, 1);
    M rest = t.system().lift(1).minus(t);
    return y.scaledBy(t).plus(noise.scaledBy(rest));
  }

  /** V = Y − F_0. */
  public static <M extends Matrix<M>> M velocity(M y, M noise) {
    Shape.require(STATEMENT, "F_0", Shape.of(noise), y.rows(), y.columns());
    return y.minus(noise);
  }
}
