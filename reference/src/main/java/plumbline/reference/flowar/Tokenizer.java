package plumbline.reference.flowar;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.layer.TokenMapLayer;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.ShapeException;

/**
 * The multi-scale tokenizer, def-c.5: TN(X) = {Y^1, …, Y^K} with Y^i = φ_down(X, r_i) of (h/r_i)×(w/r_i)×c and
 * r_i = a^(K−i), so that Y^K = X. The paper uses a = 2 (rem-c.6).
 */
public final class Tokenizer {
  private static final String STATEMENT = "def-c.5";

  private final int scales;
  private final int base;
  private final IntFunction<? extends TokenMapLayer> down;

  /**
   * @param scales K, at least 1
   * @param base a, at least 1
   * @param down φ_down(·, r) for a factor r (def-c.2)
   */
  public Tokenizer(int scales, int base, IntFunction<? extends TokenMapLayer> down) {
    if (scales < 1 || base < 1) {
      throw new IllegalArgumentException(STATEMENT + ": K and a must be at least 1, got K = " + scales + ", a = " + base);
    }
    this.scales = scales;
    this.base = base;
    this.down = down;
  }

  /** Number of scales, K. */
  public int scales() {
    return scales;
  }

  /** The factor r_i = a^(K−i) of scale i, for i = 1, …, K. */
  public int factor(int i) {
    if (i < 1 || i > scales) {
      throw new IndexOutOfBoundsException(STATEMENT + ": scale " + i + " of " + scales);
    }
    int factor = 1;
    for (int k = i; k < scales; k++) {
      try {
        factor = Math.multiplyExact(factor, base);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(STATEMENT + ": factor " + base + "^" + (scales - i) + " is too large", e);
      }
    }
    return factor;
  }

  /**
   * The token maps Y^1, …, Y^K, coarse to fine.
   *
   * @throws ShapeException unless r_1 divides height and width of {@code x}
   */
  public <M extends Matrix<M>> List<TokenMap<M>> apply(TokenMap<M> x) {
    int coarsest = factor(1);
    if (x.height() % coarsest != 0 || x.width() % coarsest != 0) {
      throw new ShapeException(STATEMENT + ": height and width of X must be multiples of r_1 = " + coarsest + ", got "
          + x.shape());
    }
    List<TokenMap<M>> maps = new ArrayList<>();
    for (int i = 1; i <= scales; i++) {
      maps.add(down.apply(factor(i)).apply(x));
    }
    return List.copyOf(maps);
  }
}
