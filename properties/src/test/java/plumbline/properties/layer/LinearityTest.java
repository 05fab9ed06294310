package plumbline.properties.layer;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import plumbline.properties.Case;
import plumbline.properties.Seed;
import plumbline.reference.layer.Rescaling;

/** Linear layers are linear, and maps are their matrices: exact equalities of rationals. */
class LinearityTest {

  @Provide
  Arbitrary<Case<?>> interpolation() {
    return Case.of(Linearity.interpolation());
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void rem37_interpolationIsLinear(@ForAll("interpolation") Case<?> c) {
    c.check();
  }

  @Provide
  Arbitrary<Case<?>> interpolationMatrix() {
    return Case.of(Linearity.interpolationMatrix());
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void rem37_interpolationIsItsMatrix(@ForAll("interpolationMatrix") Case<?> c) {
    c.check();
  }

  private static Stream<Rescaling.Direction> directions() {
    return Stream.of(Rescaling.Direction.values());
  }

  @Provide
  Arbitrary<Case<?>> rescaling() {
    return Case.of(directions().flatMap(d -> Stream.of(Rescaling.Reading.values()).map(r -> Linearity.rescaling(d, r))).toList());
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void defC1_defC2_rescalingIsLinear(@ForAll("rescaling") Case<?> c) {
    c.check();
  }

  @Provide
  Arbitrary<Case<?>> rescalingMatrix() {
    return Case.of(
        directions().flatMap(d -> Stream.of(Rescaling.Reading.values()).map(r -> Linearity.rescalingMatrix(d, r))).toList());
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void defC3_defC4_rescalingIsItsMatrix(@ForAll("rescalingMatrix") Case<?> c) {
    c.check();
  }

  @Provide
  Arbitrary<Case<?>> convolution() {
    return Case.of(Linearity.convolution());
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void defB6_convolutionIsLinear(@ForAll("convolution") Case<?> c) {
    c.check();
  }

  @Provide
  Arbitrary<Case<?>> mlp() {
    return Case.of(Linearity.mlp());
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void defC8_mlpWithoutBiasIsLinear(@ForAll("mlp") Case<?> c) {
    c.check();
  }

  @Provide
  Arbitrary<Case<?>> feedForward() {
    return Case.of(List.of(Linearity.feedForward("residual"), Linearity.feedForward("plain")));
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void defB5_feedForwardActsOnEachTokenAlone(@ForAll("feedForward") Case<?> c) {
    c.check();
  }
}
