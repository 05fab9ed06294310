package plumbline.reference.decide;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.Tangents;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;

/**
 * Certified Lipschitz constants of a layer on a box, in the norm ‖·‖ of the largest absolute entry, from enclosures of its
 * Jacobian: ‖f(X) − f(Y)‖ ≤ K ‖X − Y‖ for all X, Y of the box.
 *
 * <p>On one box, K is the largest absolute row sum of the enclosed Jacobian (contract of {@link Tangents}). The segment from X
 * to Y runs through boxes of any subdivision, and f changes along each piece by at most the constant of its box times its
 * length; so the largest constant over the parts is one for the whole, and smaller boxes have tighter enclosures.
 */
public final class LipschitzConstant {

  /**
   * A constant and the part of the box that it comes from: where the layer may vary fastest.
   *
   * @param constant K, or {@code null} where no finite constant was found
   * @param boxes number of parts that the box was divided into
   * @param lower least entries of the part with the largest constant
   * @param upper its greatest entries
   */
  public record Bound(@Nullable BigFraction constant, int boxes, ExactMatrix lower, ExactMatrix upper) {}

  /** A part of the box with its own constant; {@code null} for none. */
  private record Part(ExactMatrix lower, ExactMatrix upper, @Nullable BigFraction constant) {}

  /** The largest constant first; no constant counts as the largest. */
  private static final Comparator<Part> LARGEST_FIRST = (a, b) -> {
    BigFraction left = a.constant;
    BigFraction right = b.constant;
    return left == null ? (right == null ? 0 : -1) : right == null ? 1 : right.compareTo(left);
  };

  private LipschitzConstant() {}

  /**
   * A Lipschitz constant of {@code layer} on the box of all matrices between {@code lower} and {@code upper}. The part with the
   * largest constant is halved across its longest edge until there are {@code maxBoxes} parts or nothing is left to halve.
   *
   * @param maxBoxes at least 1
   * @throws IllegalArgumentException if some lower end exceeds its upper end, or the box is empty of entries
   */
  public static Bound onBox(Layer layer, ExactMatrix lower, ExactMatrix upper, int maxBoxes) {
    return onBox(layer, lower, upper, maxBoxes, BigFraction.ZERO);
  }

  /**
   * The same, but done as soon as a constant of at most {@code enough} is certified: what is known to be close to the least one
   * need not be made smaller.
   */
  public static Bound onBox(Layer layer, ExactMatrix lower, ExactMatrix upper, int maxBoxes, BigFraction enough) {
    if (maxBoxes < 1 || lower.size() == 0) {
      throw new IllegalArgumentException("a Lipschitz constant needs an entry and a box, got " + lower.shape() + " and "
          + maxBoxes + " boxes");
    }
    PriorityQueue<Part> parts = new PriorityQueue<>(LARGEST_FIRST);
    Part worst = part(layer, lower, upper);
    int boxes = 1;
    while (boxes < maxBoxes && !(worst.constant != null && worst.constant.compareTo(enough) <= 0)) {
      int edge = longestEdge(worst);
      if (edge < 0) {
        break;
      }
      BigFraction middle = worst.lower.get(edge).add(worst.upper.get(edge)).divide(2);
      parts.add(part(layer, worst.lower, with(worst.upper, edge, middle)));
      parts.add(part(layer, with(worst.lower, edge, middle), worst.upper));
      boxes++;
      Part next = parts.poll();
      if (next == null) {
        throw new AssertionError("two parts were added");
      }
      worst = next;
    }
    return new Bound(worst.constant, boxes, worst.lower, worst.upper);
  }

  private static Part part(Layer layer, ExactMatrix lower, ExactMatrix upper) {
    Ball53Matrix sums = jacobian(layer, lower, upper).abs().sumOfRows();
    BigFraction largest = BigFraction.ZERO;
    for (int e = 0; e < sums.rows(); e++) {
      BigFraction end = sums.enclosure(e, 0).upper();
      if (end == null) {
        return new Part(lower, upper, null);
      }
      largest = end.compareTo(largest) > 0 ? end : largest;
    }
    return new Part(lower, upper, largest);
  }

  /** The enclosure of the Jacobian of {@code layer} on a box: one row for each entry of the result, one column for each input. */
  public static Ball53Matrix jacobian(Layer layer, ExactMatrix lower, ExactMatrix upper) {
    return layer.apply(Tangents.variables(Ball53.INSTANCE, lower, upper)).jacobian();
  }

  /** The longest edge of a part; −1 if it is a point. */
  private static int longestEdge(Part part) {
    int longest = -1;
    BigFraction length = BigFraction.ZERO;
    for (int e = 0; e < part.lower.size(); e++) {
      BigFraction here = part.upper.get(e).subtract(part.lower.get(e));
      if (here.compareTo(length) > 0) {
        longest = e;
        length = here;
      }
    }
    return longest;
  }

  private static ExactMatrix with(ExactMatrix matrix, int entry, BigFraction value) {
    BigFraction[] values = new BigFraction[matrix.size()];
    for (int e = 0; e < values.length; e++) {
      values[e] = e == entry ? value : matrix.get(e);
    }
    return ExactMatrix.of(matrix.rows(), matrix.columns(), values);
  }
}
