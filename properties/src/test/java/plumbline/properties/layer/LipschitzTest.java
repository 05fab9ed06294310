package plumbline.properties.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Case;
import plumbline.properties.Seed;
import plumbline.reference.decide.Ladder;
import plumbline.reference.decide.Outcome;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.layer.Softmax;
import plumbline.spec.number.ExactMatrix;

/** ‖f(X) − f(Y)‖ ≤ K ‖X − Y‖ for every layer with the constant that {@link Lipschitz} proves, decided by the ladder. */
class LipschitzTest {

  @Provide
  Arbitrary<Case<?>> interpolation() {
    return Case.of(List.of(Lipschitz.interpolation("literal"), Lipschitz.interpolation("standard")));
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void def32_interpolationIsLipschitz(@ForAll("interpolation") Case<?> c) {
    c.check();
  }

  @Provide
  Arbitrary<Case<?>> rescaling() {
    return Case.of(Stream.of(Rescaling.Reading.values()).flatMap(reading -> Stream.of(Rescaling.Direction.values())
        .map(direction -> Lipschitz.rescaling(direction, reading))).toList());
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void defC1_defC2_rescalingIsLipschitz(@ForAll("rescaling") Case<?> c) {
    c.check();
  }

  @Provide
  Arbitrary<Case<?>> softmax() {
    return Case.of(Lipschitz.softmax());
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void defB1_softmaxIsLipschitz(@ForAll("softmax") Case<?> c) {
    c.check();
  }

  @Provide
  Arbitrary<Case<?>> attention() {
    return Case.of(Lipschitz.attention());
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void defB3_attentionIsLipschitzOnBoundedDomains(@ForAll("attention") Case<?> c) {
    c.check();
  }

  @Provide
  Arbitrary<Case<?>> feedForward() {
    return Case.of(List.of(Lipschitz.feedForward("residual"), Lipschitz.feedForward("plain")));
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void defB5_feedForwardIsLipschitz(@ForAll("feedForward") Case<?> c) {
    c.check();
  }

  @Provide
  Arbitrary<Case<?>> convolution() {
    return Case.of(List.of(Lipschitz.convolution("plain"), Lipschitz.convolution("bias")));
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void defB6_convolutionIsLipschitz(@ForAll("convolution") Case<?> c) {
    c.check();
  }

  @Provide
  Arbitrary<Case<?>> mlp() {
    return Case.of(Lipschitz.mlp());
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void defC8_mlpIsLipschitz(@ForAll("mlp") Case<?> c) {
    c.check();
  }

  @Provide
  Arbitrary<Case<?>> layerNorm() {
    return Case.of(Lipschitz.layerNorm());
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void defC9_layerNormWithEpsilonIsLipschitz(@ForAll("layerNorm") Case<?> c) {
    c.check();
  }

  /** 1/2 is the least constant of softmax: 499/1000 is refuted next to equal scores. So the check can turn red. */
  @Example
  void defB1_aSmallerConstantIsRefuted() {
    Lipschitz.Pair<Softmax> pair = new Lipschitz.Pair<>(new Softmax(), ExactMatrix.of(1, 2, 0.0, 0.0),
        ExactMatrix.of(1, 2, 0x1p-10, -0x1p-10));
    assertEquals(Outcome.FAILS,
        new Ladder(256).decide(Lipschitz.inequality(pair, new BigFraction(499, 1000))).outcome());
  }
}
