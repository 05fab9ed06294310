package plumbline.properties.layer;

import java.util.List;
import java.util.Map;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.LayerInput;
import plumbline.properties.arbitrary.Layers;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Softmax;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.claim.Inequality;
import plumbline.spec.number.ExactMatrix;

/** Softmax gives weights of convex combinations, and attention returns such combinations of its values. */
public final class Convexity {
  private static final String LITERAL = "literal";

  private Convexity() {}

  /** All of them. */
  public static List<Property<?>> all() {
    return List.of(softmax(), attention());
  }

  /** Definition B.1: entries are positive, and less than 1 where there is more than one. */
  public static Property<LayerInput<Softmax>> softmax() {
    return new Property<>(
        new StatedClaim<>("def-b.1", LITERAL, "Softmax is positive, and below 1 where there are at least two scores",
            Convexity::unitInterval, Convexity::show),
        Layers.softmax(Layers.Entries.ORDINARY));
  }

  private static List<Inequality> unitInterval(LayerInput<Softmax> input) {
    Expression p = input.layer().apply(Expression.of(input.x()));
    Expression zeros = Expression.of(ExactMatrix.zeros(p.rows(), p.columns()));
    Expression ones = Expression.of(ExactMatrix.ones(p.rows(), p.columns()));
    return List.of(zeros.lessThan(p, "0 < p"), p.columns() == 1 ? p.equalTo(ones, "p = 1") : p.lessThan(ones, "p < 1"));
  }

  /**
   * Definition B.3: each number that attention returns lies between the least and the greatest of its column of X W_V, as
   * the mean with positive weights that it is; strictly so, since columns of equal numbers are not drawn for n ≥ 2: there
   * both sides are equal without being rational, which no enclosure can settle.
   */
  public static Property<LayerInput<Attention>> attention() {
    return new Property<>(
        new StatedClaim<>("def-b.3", LITERAL,
            "Attention returns convex combinations: min_j (X W_V)_jk ≤ Attn(X)_ik ≤ max_j (X W_V)_jk",
            Convexity::betweenValues, Convexity::show),
        Layers.attention(Layers.Entries.ORDINARY).filter(input -> input.x().rows() == 1 || !hasConstantColumn(input)));
  }

  private static List<Inequality> betweenValues(LayerInput<Attention> input) {
    Expression x = Expression.of(input.x());
    Expression values = x.times(x.lift(input.layer().wv())).transpose();
    Expression y = input.layer().apply(x);
    Expression greatest = values.maxOfRows().transpose().broadcast(y.rows(), y.columns());
    Expression least = values.negate().maxOfRows().negate().transpose().broadcast(y.rows(), y.columns());
    return List.of(least.atMost(y, "min_j (X W_V)_jk ≤ Attn(X)_ik"), y.atMost(greatest, "Attn(X)_ik ≤ max_j (X W_V)_jk"));
  }

  private static boolean hasConstantColumn(LayerInput<Attention> input) {
    RationalMatrix values = Rational.INSTANCE.lift(input.x()).times(Rational.INSTANCE.lift(input.layer().wv())).transpose();
    RationalMatrix spread = values.maxOfRows().plus(values.negate().maxOfRows());
    for (int k = 0; k < spread.rows(); k++) {
      if (spread.signOfUpper(k, 0) == 0) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, ExactMatrix> show(LayerInput<?> input) {
    Map<String, ExactMatrix> shown = Weights.of(input.layer());
    shown.put("X", input.x());
    return shown;
  }
}
