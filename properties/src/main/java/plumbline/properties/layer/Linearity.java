package plumbline.properties.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.LayerInput;
import plumbline.properties.arbitrary.Layers;
import plumbline.properties.arbitrary.LipschitzFunctions.OnMaps;
import plumbline.properties.arbitrary.Matrices;
import plumbline.properties.arbitrary.Numbers;
import plumbline.reference.layer.Convolution;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Mlp;
import plumbline.reference.layer.Rescaling;
import plumbline.spec.claim.Inequality;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;

/** The layers that are linear, that are matrices, and that act on each token alone; equalities of rationals, decided exactly. */
public final class Linearity {
  private static final String LITERAL = "literal";
  private static final Layers.Entries ENTRIES = Layers.Entries.ORDINARY;

  /**
   * A layer with two inputs and two factors.
   *
   * @param layer the layer
   * @param x the one input
   * @param y the other, of the same shape
   * @param a factor of x
   * @param b factor of y
   */
  public record Combination(Layer layer, ExactMatrix x, ExactMatrix y, BigFraction a, BigFraction b) {}

  private Linearity() {}

  /** All of them, one for each reading of each statement. */
  public static List<Property<?>> all() {
    List<Property<?>> all = new ArrayList<>(List.of(interpolation(), interpolationMatrix(), convolution(), mlp(),
        feedForward("residual"), feedForward("plain")));
    for (Rescaling.Direction direction : Rescaling.Direction.values()) {
      for (Rescaling.Reading reading : Rescaling.Reading.values()) {
        all.add(rescaling(direction, reading));
        all.add(rescalingMatrix(direction, reading));
      }
    }
    return List.copyOf(all);
  }

  /** Remark 3.7: the up-interpolation layer is linear, in every reading. */
  public static Property<Combination> interpolation() {
    return linear("rem-3.7", LITERAL, "The up-interpolation layer", Layers.interpolation(ENTRIES));
  }

  /** Definitions C.1 and C.2 are linear. */
  public static Property<Combination> rescaling(Rescaling.Direction direction, Rescaling.Reading reading) {
    return linear(new Rescaling(direction, 1, reading).statement(), reading.toString(), "Interpolation by a factor",
        Layers.rescaling(direction, reading, ENTRIES));
  }

  /** Definition B.6 without a bias is linear. */
  public static Property<Combination> convolution() {
    return linear("def-b.6", "plain", "The convolution without a bias", Layers.convolution(ENTRIES).map(input ->
        new LayerInput<>(new OnMaps(new Convolution(((Convolution) input.layer().layer()).kernels()),
            input.layer().height(), input.layer().width()), input.x())));
  }

  /** Definition C.8 without a bias is linear. */
  public static Property<Combination> mlp() {
    return linear("def-c.8", LITERAL, "The MLP layer without a bias", Layers.mlp(ENTRIES).map(input ->
        new LayerInput<>(new Mlp(input.layer().w(), ExactMatrix.zeros(1, input.layer().w().columns())), input.x())));
  }

  private static <L extends Layer> Property<Combination> linear(
      String statement, String reading, String what, Arbitrary<LayerInput<L>> layers) {
    return new Property<>(
        new StatedClaim<>(statement, reading, what + " is linear: f(aX + bY) = a f(X) + b f(Y)",
            Linearity::linearity, Linearity::show),
        layers.flatMap(input -> Combinators.combine(
            Matrices.ordinary(input.x().rows(), input.x().columns()), Numbers.fractions(), Numbers.fractions())
            .as((y, a, b) -> new Combination(input.layer(), input.x(), y, a, b))));
  }

  private static List<Inequality> linearity(Combination c) {
    Expression x = Expression.of(c.x);
    Expression y = Expression.of(c.y);
    Expression a = Expression.of(c.a);
    Expression b = Expression.of(c.b);
    Expression together = c.layer.apply(x.scaledBy(a).plus(y.scaledBy(b)));
    return List.of(together.equalTo(
        c.layer.apply(x).scaledBy(a).plus(c.layer.apply(y).scaledBy(b)), "f(aX + bY) = a f(X) + b f(Y)"));
  }

  private static Map<String, ExactMatrix> show(Combination c) {
    Map<String, ExactMatrix> shown = Weights.of(c.layer);
    shown.put("X", c.x);
    shown.put("Y", c.y);
    shown.put("a, b", ExactMatrix.of(1, 2, c.a, c.b));
    return shown;
  }

  /** Remark 3.7: the up-interpolation layer is the product with its (h'w')×(hw) matrix. */
  public static Property<LayerInput<OnMaps>> interpolationMatrix() {
    return matrix("rem-3.7", LITERAL, "The up-interpolation layer is the product with its matrix",
        Layers.interpolation(ENTRIES));
  }

  /** Definitions C.3 and C.4: interpolation by a factor is the product with its matrix. */
  public static Property<LayerInput<OnMaps>> rescalingMatrix(Rescaling.Direction direction, Rescaling.Reading reading) {
    return matrix(direction == Rescaling.Direction.UP ? "def-c.3" : "def-c.4", reading.toString(),
        "Interpolation by a factor is the product with its matrix", Layers.rescaling(direction, reading, ENTRIES));
  }

  private static Property<LayerInput<OnMaps>> matrix(
      String statement, String reading, String text, Arbitrary<LayerInput<OnMaps>> layers) {
    return new Property<>(new StatedClaim<>(statement, reading, text, Linearity::product, Linearity::show), layers);
  }

  private static List<Inequality> product(LayerInput<OnMaps> input) {
    OnMaps maps = input.layer();
    ExactMatrix matrix = maps.layer() instanceof Interpolation interpolation
        ? interpolation.matrix(maps.height(), maps.width())
        : ((Rescaling) maps.layer()).matrix(maps.height(), maps.width());
    Expression x = Expression.of(input.x());
    return List.of(maps.apply(x).equalTo(Expression.of(matrix).times(x), "φ(X) = Φ X"));
  }

  /** Definition B.5: the feed-forward layer acts on each column alone. */
  public static Property<LayerInput<FeedForward>> feedForward(String reading) {
    return new Property<>(
        new StatedClaim<>("def-b.5", reading, "The feed-forward layer acts on each token alone: FFN(X)_{:,k} = FFN(X_{:,k})",
            Linearity::tokenwise, Linearity::show),
        Layers.feedForward(ENTRIES).filter(input -> input.layer().residual() == reading.equals("residual")));
  }

  private static List<Inequality> tokenwise(LayerInput<FeedForward> input) {
    Expression x = Expression.of(input.x());
    Expression whole = input.layer().apply(x);
    Expression first = input.layer().apply(x.columnRange(0, 1));
    for (int k = 1; k < x.columns(); k++) {
      first = first.beside(input.layer().apply(x.columnRange(k, k + 1)));
    }
    return List.of(whole.equalTo(first, "FFN(X)_{:,k} = FFN(X_{:,k})"));
  }

  private static Map<String, ExactMatrix> show(LayerInput<?> input) {
    Map<String, ExactMatrix> shown = Weights.of(input.layer());
    shown.put("X", input.x());
    return shown;
  }
}
