package plumbline.properties.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.properties.Expression;
import plumbline.properties.search.Counterexample;
import plumbline.properties.search.Directed;
import plumbline.properties.search.Exploration;
import plumbline.properties.search.Search;
import plumbline.reference.decide.Decision;

class DirectedSearchesTest {

  /** The Boltzmann lemma needs its gap: with entries 1/4 apart the operator is not monotone, and two vectors agree. */
  @Test
  void theBoltzmannLemmaNeedsItsGap() {
    Counterexample<Boltzmann.Scores> found =
        Search.of(DirectedSearches.scores(n -> new BigFraction(1, 4), n -> Expression.of(new BigFraction(1, 8))),
            Boltzmann.separates().claim()).aim(Boltzmann.SEPARATES).seed(4).run().orElseThrow();
    assertEquals(Boltzmann.SEPARATES, found.violated().inequality().name());
    assertTrue(found.violated().fails());
    assertTrue(found.input().leastGap().compareTo(new BigFraction(1, 4)) >= 0);
  }

  @Test
  void nothingIsFoundAgainstClaimsThatHold() {
    for (Directed<?> directed : DirectedSearches.all()) {
      nothing(directed);
    }
  }

  private static <I> void nothing(Directed<I> directed) {
    Exploration<I> explored = directed.search().seed(11).evaluations(600).explore();
    assertEquals(Optional.empty(), explored.counterexample(), directed.claim().text());
    assertTrue(explored.evaluations() >= 500, directed.claim().text() + ": " + explored.evaluations());
    assertTrue(explored.tightest() != null, directed.claim().text());
    assertTrue(explored.decisions().stream().allMatch(Decision::holds), directed.claim().text());
  }
}
