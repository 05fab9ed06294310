package plumbline.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.junit.jupiter.api.Test;
import plumbline.reference.decide.Ladder;
import plumbline.spec.claim.Claim;
import plumbline.spec.claim.Inequality;
import plumbline.spec.claim.Verdict;
import plumbline.spec.number.ExactMatrix;

class CampaignTest {

  /** n ≤ limit, and a record of what was asked; what a campaign keeps it decides again at the end. */
  private record Below(int limit, List<Integer> seen) implements Claim<Integer> {
    @Override
    public String statement() {
      return "fact-a.1";
    }

    @Override
    public String reading() {
      return "literal";
    }

    @Override
    public String text() {
      return "n is at most the limit";
    }

    @Override
    public List<Inequality> inequalities(Integer n) {
      seen.add(n);
      return List.of(Expression.of(n).atMost(Expression.of(limit), "n ≤ limit"));
    }

    @Override
    public Map<String, ExactMatrix> show(Integer n) {
      return Map.of("n", ExactMatrix.ofIntegers(1, 1, n));
    }
  }

  private static Evidence run(Below claim, Arbitrary<Integer> inputs, int cases) {
    Property<Integer> property = new Property<>(claim, inputs);
    return new Campaign(cases, 1, new Ladder(53), 3, done -> { }).run(property);
  }

  @Test
  void fewInputsAreTakenOnceEachInOrder() {
    Below claim = new Below(9, new ArrayList<>());
    Evidence evidence = run(claim, Arbitraries.of(3, 1, 2), 500);
    assertEquals(List.of(3, 1, 2), claim.seen.subList(0, 3));
    assertEquals(3, evidence.cases());
    assertEquals("n is at most the limit [all 3 cases]", evidence.text());
    assertEquals("n is at most the limit [the one case]", run(claim, Arbitraries.just(4), 500).text());
  }

  @Test
  void asManyInputsAsCasesAreStillTakenOnce() {
    Below claim = new Below(9, new ArrayList<>());
    run(claim, Arbitraries.of(1, 2, 3), 3);
    assertEquals(List.of(1, 2, 3), claim.seen.subList(0, 3));
  }

  @Test
  void moreInputsThanCasesAreDrawn() {
    Below claim = new Below(9, new ArrayList<>());
    Evidence evidence = run(claim, Arbitraries.of(1, 2, 3, 4, 5, 6, 7, 8), 5);
    assertEquals(5, evidence.cases());
    assertEquals("n is at most the limit", evidence.text());
    assertEquals(5, Campaign.cases(new Property<>(claim, Arbitraries.integers()), 5));
  }

  @Test
  void theFirstFailureInOrderIsShown() {
    Evidence evidence = run(new Below(2, new ArrayList<>()), Arbitraries.of(1, 2, 7, 5), 500);
    assertEquals(Verdict.REFUTED, evidence.verdict());
    assertEquals("[[7]]", evidence.witness().get("n"));
    assertEquals(3, evidence.cases());
  }
}
