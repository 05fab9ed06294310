package plumbline.properties.layer;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import plumbline.properties.Case;
import plumbline.properties.Seed;

/** Softmax gives weights of convex combinations, and attention returns such combinations; decided by the ladder. */
class ConvexityTest {

  @Provide
  Arbitrary<Case<?>> softmax() {
    return Case.of(Convexity.softmax());
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void defB1_softmaxLiesBetweenZeroAndOne(@ForAll("softmax") Case<?> c) {
    c.check();
  }

  @Provide
  Arbitrary<Case<?>> attention() {
    return Case.of(Convexity.attention());
  }

  @Property(seed = Seed.FIXED, tries = 100)
  void defB3_rowsAreConvexCombinations(@ForAll("attention") Case<?> c) {
    c.check();
  }
}
