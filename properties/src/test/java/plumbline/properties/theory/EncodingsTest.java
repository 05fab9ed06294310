package plumbline.properties.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.properties.Campaign;
import plumbline.properties.Evidence;
import plumbline.properties.Property;
import plumbline.reference.decide.Ladder;
import plumbline.spec.claim.Inequality;
import plumbline.spec.claim.Verdict;

/** The complete checks are complete: every cell of the box, every size, every piece. */
class EncodingsTest {
  private static final Ladder LADDER = new Ladder(1024);

  private static Evidence run(Property<?> property, int cases) {
    return new Campaign(cases, 1, LADDER, 3, done -> { }).run(property);
  }

  @Test
  void finiteDomainsAreRunThrough() {
    for (Property<?> property : List.of(Kernels.bspline(), Kernels.partition(), Kernels.keysZero(), Kernels.keysAmended(),
        PixelDuplicates.literalByOne(), PixelDuplicates.fromOnePixel(), PixelDuplicates.standard(),
        PixelDuplicates.standardNineteen(), Encodings.lemma51(), Encodings.theorem56(), Encodings.corollary62(),
        Equivariance.lemma51Attained())) {
      Evidence evidence = run(property, 500);
      assertEquals(Verdict.HOLDS, evidence.verdict(), evidence::toString);
      assertEquals(Campaign.cases(property, 500), evidence.cases());
      assertTrue(evidence.text().endsWith("[all " + evidence.cases() + " cases]"), evidence::text);
    }
  }

  /** The cells cover the box: 2^k + 1 of each kind. */
  @Test
  void everyCellIsLookedAt() {
    List<Inequality> cells = Encodings.lemma51().claim().inequalities(3);
    assertEquals(2 * 9, cells.size());
    assertEquals(9, Encodings.theorem56().claim().inequalities(3).size());
  }

  /** The bounds that the counterexample needs hold with more than the two encodings' signs: sharper attention, closer. */
  @Test
  void closerThanTheLowerBoundWithoutEncoding() {
    // 2^(−2) < 1/2, the distance of every transformer without encoding, in the sup norm.
    Evidence evidence = run(Encodings.lemma51(), 500);
    assertTrue(evidence.worstSlack() != null && evidence.worstSlack() > 0, evidence::toString);
  }

  @Test
  void smallestCounterexampleOfTheKernel() {
    Evidence evidence = run(Kernels.keys(new BigFraction(-1, 2)), 500);
    assertEquals(Verdict.REFUTED, evidence.verdict());
    assertEquals("[[3/2]]", evidence.witness().get("x"));
    assertEquals("-0.0625", evidence.witness().get("right"));
    assertEquals("-0.09375", run(Kernels.keys(new BigFraction(-3, 4)), 500).witness().get("right"));
  }
}
