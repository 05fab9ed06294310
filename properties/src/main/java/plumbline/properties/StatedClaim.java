package plumbline.properties;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import plumbline.spec.claim.Claim;
import plumbline.spec.claim.Inequality;
import plumbline.spec.number.ExactMatrix;

/**
 * A claim put together from its parts.
 *
 * @param statement id of the statement
 * @param reading id of the reading
 * @param step number of the step of the statement's proof, or 0 for the statement itself
 * @param text what is claimed and on what domain
 * @param stated the inequalities of an input
 * @param shown the exact tensors of an input
 */
public record StatedClaim<I>(
    String statement,
    String reading,
    int step,
    String text,
    Function<I, List<Inequality>> stated,
    Function<I, Map<String, ExactMatrix>> shown)
    implements Claim<I> {

  /** A claim of the statement itself. */
  public StatedClaim(
      String statement,
      String reading,
      String text,
      Function<I, List<Inequality>> stated,
      Function<I, Map<String, ExactMatrix>> shown) {
    this(statement, reading, 0, text, stated, shown);
  }

  @Override
  public List<Inequality> inequalities(I input) {
    return stated.apply(input);
  }

  @Override
  public Map<String, ExactMatrix> show(I input) {
    return shown.apply(input);
  }
}
