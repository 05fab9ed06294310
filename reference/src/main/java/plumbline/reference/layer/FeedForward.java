package plumbline.reference.layer;

import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;

/**
 * The feed-forward layer (Definition B.5, {@code def-b.5}): FFN(X)_{:,k} = X_{:,k} + W_2 ReLU(W_1 X_{:,k} + b_1) + b_2; the
 * plain reading leaves out the first term. Tokens are the <em>columns</em> of X, d×L.
 *
 * @param w1 W_1, c×d: c hidden neurons
 * @param b1 b_1, c×1
 * @param w2 W_2, d×c
 * @param b2 b_2, d×1
 * @param residual whether X is added, as arXiv 2411.16525 has it
 */
public record FeedForward(ExactMatrix w1, ExactMatrix b1, ExactMatrix w2, ExactMatrix b2, boolean residual)
    implements Layer {

  public FeedForward {
    Shape.require("def-b.5", "W_2", w2.shape(), w1.columns(), w1.rows());
    Shape.require("def-b.5", "b_1", b1.shape(), w1.rows(), 1);
    Shape.require("def-b.5", "b_2", b2.shape(), w1.columns(), 1);
  }

  /** Number c of hidden neurons. */
  public int hidden() {
    return w1.rows();
  }

  /** Size d of a token. */
  public int tokenSize() {
    return w1.columns();
  }

  @Override
  public String statement() {
    return "def-b.5";
  }

  @Override
  public <M extends Matrix<M>> M apply(M x) {
    Shape.require(statement(), "X", Shape.of(x), tokenSize(), -1);
    int length = x.columns();
    M hidden = x.lift(w1).times(x).plus(x.lift(b1).broadcast(hidden(), length)).relu();
    M y = x.lift(w2).times(hidden).plus(x.lift(b2).broadcast(tokenSize(), length));
    return residual ? x.plus(y) : y;
  }
}
