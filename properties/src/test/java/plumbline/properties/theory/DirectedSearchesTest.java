package plumbline.properties.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.properties.search.Counterexample;
import plumbline.properties.search.Directed;
import plumbline.properties.search.Exploration;
import plumbline.properties.search.Search;
import plumbline.reference.decide.Decision;

class DirectedSearchesTest {

  /** The Boltzmann lemma needs its gap: with entries 1/4 apart the operator is not monotone, and two vectors agree. */
  @Test
  void theBoltzmannLemmaNeedsItsGap() {
    Counterexample<ContextualMapping.Scores> found =
        Search.of(DirectedSearches.scores(n -> new BigFraction(1, 4)), ContextualMapping.boltzmann().claim()).seed(4).run()
            .orElseThrow();
    assertTrue(found.violated().fails());
    assertTrue(Search.of(DirectedSearches.scores(ContextualMapping::gap), ContextualMapping.boltzmann().claim()).seed(4).run()
        .isEmpty());
  }

  @Test
  void nothingIsFoundAgainstClaimsThatHold() {
    for (Directed<?> directed : DirectedSearches.all()) {
      nothing(directed);
    }
  }

  private static <I> void nothing(Directed<I> directed) {
    Exploration<I> explored = Search.of(directed.family(), directed.claim()).seed(11).evaluations(600).explore();
    assertEquals(Optional.empty(), explored.counterexample(), directed.claim().text());
    assertTrue(explored.evaluations() >= 500, directed.claim().text() + ": " + explored.evaluations());
    assertTrue(explored.tightest() != null, directed.claim().text());
    assertTrue(explored.decisions().stream().allMatch(Decision::holds), directed.claim().text());
  }
}
