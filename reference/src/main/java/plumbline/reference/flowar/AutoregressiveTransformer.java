package plumbline.reference.flowar;

import java.util.List;
import plumbline.spec.layer.Layer;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.layer.TokenMapLayer;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.ShapeException;

/**
 * The autoregressive transformer, def-c.10. For scale i it predicts Ŷ^i, the last (h/r_i)·(w/r_i) rows of
 * TF_i(Z_i) = FFN_i ∘ Attn_i (Z_i), from Z_i = [Z_init, φ_up(Y^1), …, φ_up(Y^(i−1))], whose token maps are merged row by
 * row; each φ_up enlarges by the factor a, so that φ_up(Y^j) has the size of Y^(j+1).
 */
public final class AutoregressiveTransformer {
  private static final String STATEMENT = "def-c.10";

  private final int factor;
  private final TokenMapLayer up;
  private final List<Block> blocks;

  /**
   * One scale's transformer, acting on tokens as rows.
   *
   * @param attention Attn_i (def-c.7)
   * @param feedForward FFN_i (def-b.5, brought to rows)
   */
  public record Block(Layer attention, Layer feedForward) {

    /** TF_i(z) = FFN_i(Attn_i(z)). */
    public <M extends Matrix<M>> M apply(M z) {
      return feedForward.apply(attention.apply(z));
    }
  }

  /**
   * @param factor a, the ratio between one scale and the next
   * @param up φ_up(·, a) (def-c.1)
   * @param blocks TF_1, …, TF_K
   */
  public AutoregressiveTransformer(int factor, TokenMapLayer up, List<Block> blocks) {
    if (factor < 1) {
      throw new IllegalArgumentException(STATEMENT + ": a must be at least 1, got " + factor);
    }
    this.factor = factor;
    this.up = up;
    this.blocks = List.copyOf(blocks);
  }

  /** Number of scales, K. */
  public int scales() {
    return blocks.size();
  }

  /**
   * Z_i = [Z_init, φ_up(Y^1), …, φ_up(Y^(i−1))] as its matrix of Σ_{j≤i} (h/r_j)·(w/r_j) rows.
   *
   * @param initial Z_init, of the size of Y^1
   * @param coarser Y^1, …, Y^(i−1)
   */
  public <M extends Matrix<M>> M merge(TokenMap<M> initial, List<TokenMap<M>> coarser) {
    M z = initial.tokens();
    TokenMap<M> expected = initial;
    for (int j = 0; j < coarser.size(); j++) {
      TokenMap<M> y = coarser.get(j);
      requireSize("Y^" + (j + 1), y, expected.height(), expected.width(), initial.channels());
      expected = up.apply(y);
      requireSize("φ_up(Y^" + (j + 1) + ")", expected, size(y.height()), size(y.width()), initial.channels());
      z = z.above(expected.tokens());
    }
    return z;
  }

  /**
   * Ŷ^i for i = {@code coarser.size() + 1}, of (h/r_i)×(w/r_i)×c.
   *
   * @param initial Z_init, of the size of Y^1
   * @param coarser Y^1, …, Y^(i−1)
   */
  public <M extends Matrix<M>> TokenMap<M> predict(TokenMap<M> initial, List<TokenMap<M>> coarser) {
    if (coarser.size() >= blocks.size()) {
      throw new ShapeException(STATEMENT + ": scale " + (coarser.size() + 1) + " asked of " + blocks.size() + " scales");
    }
    int height = initial.height();
    int width = initial.width();
    if (!coarser.isEmpty()) {
      TokenMap<M> last = coarser.get(coarser.size() - 1);
      height = size(last.height());
      width = size(last.width());
    }
    M z = blocks.get(coarser.size()).apply(merge(initial, coarser));
    int rows = Math.multiplyExact(height, width);
    return new TokenMap<>(height, width, z.rowRange(z.rows() - rows, z.rows()));
  }

  private int size(int coarse) {
    return Math.multiplyExact(coarse, factor);
  }

  private static void requireSize(String tensor, TokenMap<?> map, int height, int width, int channels) {
    if (map.height() != height || map.width() != width || map.channels() != channels) {
      throw new ShapeException(STATEMENT + ": " + tensor + " must be " + height + "×" + width + "×" + channels
          + ", got " + map.shape());
    }
  }
}
