package plumbline.reference.onnx;

import java.util.Arrays;
import java.util.BitSet;
import plumbline.spec.number.Matrix;

/**
 * An array of which some entries are −∞, as in the masks of attention: these may be moved, added to, and given to a softmax.
 *
 * @param finite the other entries; 0 where an entry is −∞
 * @param infinite which entries are −∞, row-major
 */
record Masked<M extends Matrix<M>>(Value.Real<M> finite, BitSet infinite) implements Value<M> {

  @Override
  public Literal.ElementType type() {
    return finite.type();
  }

  @Override
  public int[] shape() {
    return finite.shape();
  }

  @Override
  public String toString() {
    return type() + " " + Arrays.toString(shape()) + " with −∞";
  }
}
