package plumbline.properties.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import plumbline.properties.Seed;
import plumbline.properties.arbitrary.LayerInput;
import plumbline.properties.arbitrary.Layers;
import plumbline.reference.number.ApfloatMatrix;
import plumbline.reference.number.Apfloats;
import plumbline.reference.number.Ball;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.BallMatrix;
import plumbline.reference.number.Binary64;
import plumbline.reference.number.Binary64Matrix;
import plumbline.reference.number.Rational;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;

/**
 * Every layer means the same in every number system: exact values lie in every enclosure, enclosures at different precisions
 * share a point, and rounded systems stay within what their rounding can do.
 */
class NumberSystemsAgreeTest {
  private static final int DIGITS = 60;

  /** Layers without exp and √, on anything. */
  @Provide
  Arbitrary<LayerInput<? extends Layer>> rational() {
    return anyEntries(entries -> Arbitraries.oneOf(List.<Arbitrary<LayerInput<? extends Layer>>>of(
        Layers.feedForward(entries).map(c -> c), Layers.mlp(entries).map(c -> c), Layers.convolution(entries).map(c -> c),
        Layers.interpolation(entries).map(c -> c), Layers.rescaling(entries).map(c -> c))));
  }

  @Provide
  Arbitrary<LayerInput<? extends Layer>> any() {
    return anyEntries(Layers::any);
  }

  private static Arbitrary<LayerInput<? extends Layer>> anyEntries(
      Function<Layers.Entries, Arbitrary<LayerInput<? extends Layer>>> layers) {
    return Arbitraries.oneOf(layers.apply(Layers.Entries.ORDINARY), layers.apply(Layers.Entries.INTEGERS),
        layers.apply(Layers.Entries.HOSTILE));
  }

  @Provide
  Arbitrary<LayerInput<? extends Layer>> moderate() {
    return Arbitraries.oneOf(Layers.any(Layers.Entries.ORDINARY), Layers.any(Layers.Entries.INTEGERS));
  }

  /** Values that are known exactly lie in every enclosure; each layer without exp and √, hostile weights and inputs too. */
  @Property(seed = Seed.FIXED, tries = 300)
  void exactValuesLieInEveryEnclosure(@ForAll("rational") LayerInput<? extends Layer> input) {
    ExactMatrix exact = input.in(Rational.INSTANCE).toExact();
    Enclosures.requireContained(exact, input.in(Ball53.INSTANCE));
    Enclosures.requireContained(exact, input.in(Ball.of(128)));
    Enclosures.requireContained(exact, input.in(Ball.of(256)));
  }

  /**
   * All layers: enclosures of one number at 53, 128 and 256 bits share it, so each two of them intersect. Disjoint ones prove
   * a bug. Intersecting ones bound how far the wider one can be from the true value by the width of the narrower, which at
   * 256 bits is far below the distance of neighbouring binary64 numbers.
   */
  @Property(seed = Seed.FIXED, tries = 300)
  void enclosuresAtAllPrecisionsShareAPoint(@ForAll("any") LayerInput<? extends Layer> input) {
    BallMatrix fine = input.in(Ball.of(256));
    Enclosures.requireIntersecting(fine, input.in(Ball.of(128)));
    Enclosures.requireIntersecting(fine, input.in(Ball53.INSTANCE));
  }

  /** For moderate inputs enclosures at 256 bits are narrow: were they not, the other properties here would prove little. */
  @Property(seed = Seed.FIXED, tries = 100)
  void enclosuresAreNarrowAt256Bits(@ForAll("moderate") LayerInput<? extends Layer> input) {
    Enclosures.requireNarrow(input.in(Ball.of(256)), 200);
  }

  /** What binary64 returns, where it is finite, lies in the enclosure of {@code Ball(53)}, hostile inputs or not. */
  @Property(seed = Seed.FIXED, tries = 300)
  void binary64LiesInBall53(@ForAll("any") LayerInput<? extends Layer> input) {
    Binary64Matrix value = input.in(Binary64.INSTANCE);
    Ball53Matrix enclosures = input.in(Ball53.INSTANCE);
    for (int row = 0; row < value.rows(); row++) {
      for (int column = 0; column < value.columns(); column++) {
        double computed = value.get(row, column);
        if (Double.isFinite(computed)) {
          Enclosures.requireContained(ExactMatrix.of(1, 1, computed), enclosures.entry(row, column));
        }
      }
    }
  }

  /**
   * What binary64 returns is within its a-priori error bound: half a unit in the last place for each operation, carried along
   * the computation and certified in {@code Ball(256)}.
   */
  @Property(seed = Seed.FIXED, tries = 300)
  void binary64StaysWithinItsRounding(@ForAll("moderate") LayerInput<? extends Layer> input) {
    Binary64Matrix value = input.in(Binary64.INSTANCE);
    BallMatrix possible = input.in(Envelope.Model.binary64(Ball.of(256))).inner();
    BallMatrix largest = possible.lift(ExactMatrix.of(1, 1, Double.MAX_VALUE));
    for (int row = 0; row < value.rows(); row++) {
      for (int column = 0; column < value.columns(); column++) {
        double computed = value.get(row, column);
        BallMatrix here = possible.entry(row, column);
        if (computed == Double.POSITIVE_INFINITY) {
          // Overflow is right where the bound admits values beyond the range.
          assertEquals(1, here.minus(largest).signOfUpper(0, 0));
        } else {
          Enclosures.requireIntersecting(here, possible.lift(ExactMatrix.of(1, 1, computed)));
        }
      }
    }
  }

  /**
   * What apfloat returns is within its rounding at 60 digits, carried along the computation and certified in
   * {@code Ball(256)}. Apfloat shares no code with the enclosures, so this is a second opinion on both.
   */
  @Property(seed = Seed.FIXED, tries = 100)
  void apfloatStaysWithinItsRounding(@ForAll("moderate") LayerInput<? extends Layer> input) {
    ApfloatMatrix value = input.in(Apfloats.of(DIGITS));
    BallMatrix possible = input.in(Envelope.Model.apfloat(Ball.of(256), DIGITS)).inner();
    Enclosures.requireIntersecting(possible, possible.lift(Enclosures.exact(value)));
  }
}
