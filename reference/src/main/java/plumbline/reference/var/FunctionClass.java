package plumbline.reference.var;

import java.util.ArrayList;
import java.util.List;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.ResidualAttention;
import plumbline.reference.layer.Transposed;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/**
 * The function class 𝒯^{h,s,r} (Definition 3.9, {@code def-3.9}): compositions of K blocks FFN ∘ Attn ∘ Φ_up with h
 * heads of size s and r hidden neurons.
 *
 * <p>Definition B.3 knows neither heads nor their size, so attention is that of arXiv 2411.16525, where the class comes from
 * ({@link ResidualAttention}): the sum over h heads of W_O W_V Z softmax(…), with a residual. The theorems use 𝒯^{1,1,4}.
 *
 * @param heads h, at least 1
 * @param headSize s, at least 1
 * @param hidden r, at least 1
 */
public record FunctionClass(int heads, int headSize, int hidden) {

  /** The class 𝒯^{1,1,4} of the universality theorems. */
  public static final FunctionClass OF_THEOREMS = new FunctionClass(1, 1, 4);

  /**
   * What follows the pyramid in one block; tokens as columns.
   *
   * @param attention attention with h heads of size s
   * @param feedForward feed-forward layer with r hidden neurons
   */
  public record Block(ResidualAttention attention, FeedForward feedForward) {

    public Block {
      Shape.require("def-3.9", "W_1", feedForward.w1().shape(), -1, attention.tokenSize());
    }
  }

  public FunctionClass {
    if (heads < 1 || headSize < 1 || hidden < 1) {
      throw new IllegalArgumentException("def-3.9: h, s and r must be at least 1, got " + heads + ", " + headSize + ", "
          + hidden);
    }
  }

  /** Id of the statement that defines this class. */
  public String statement() {
    return "def-3.9";
  }

  /**
   * A member of the class.
   *
   * @param schedule K scales
   * @param reading how the up-interpolation is read
   * @param blocks K blocks of one token size, the first to be applied first
   * @throws ShapeException naming the first block that is not of this class
   */
  public VarTransformer member(ScaleSchedule schedule, Interpolation.Reading reading, List<Block> blocks) {
    List<VarTransformer.Stage> stages = new ArrayList<>();
    for (Block block : blocks) {
      int number = stages.size() + 1;
      Shape.require(statement(), "W_O of block " + number, block.attention().heads().get(0).wo().shape(),
          blocks.get(0).attention().tokenSize(), -1);
      require("the number of heads", number, block.attention().heads().size(), heads);
      for (ResidualAttention.Head head : block.attention().heads()) {
        require("the size of a head", number, head.size(), headSize);
      }
      require("the number of hidden neurons", number, block.feedForward().hidden(), hidden);
      stages.add(new VarTransformer.Stage(new Transposed(block.attention()), new Transposed(block.feedForward())));
    }
    return new VarTransformer(schedule, reading, stages);
  }

  private void require(String what, int block, int actual, int expected) {
    if (actual != expected) {
      throw new ShapeException(statement() + ": " + what + " in block " + block + " must be " + expected
          + ", got " + actual);
    }
  }

  @Override
  public String toString() {
    return "𝒯^{" + heads + "," + headSize + "," + hidden + "}";
  }
}
