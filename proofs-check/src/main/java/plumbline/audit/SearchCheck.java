package plumbline.audit;

import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.properties.Evidence;
import plumbline.properties.KeptCase;
import plumbline.properties.search.Counterexample;
import plumbline.properties.search.Directed;
import plumbline.properties.search.Exploration;
import plumbline.reference.decide.Decision;
import plumbline.reference.decide.Ladder;
import plumbline.spec.claim.Claim;
import plumbline.spec.claim.Verdict;

/**
 * Looks for a violation of a claim by directed search. A certified violation refutes; finding none is a heuristic's word, and
 * the one case that it counts is the tightest proposal, decided exactly.
 *
 * @param directed the claim, and where to look
 */
public record SearchCheck(Directed<?> directed) implements Check {
  private static final String NAME = "directed search";
  private static final int MAX_BITS = 1024;

  @Override
  public String statement() {
    return directed.claim().statement();
  }

  @Override
  public List<String> readings() {
    return List.of(directed.claim().reading());
  }

  @Override
  public int cases(int requested) {
    return 1;
  }

  /** As many evaluations in floating point as cases are asked for. */
  @Override
  public Work start(Settings settings) {
    return Work.whole(() -> List.of(run(directed, settings)));
  }

  private static <I> Evidence run(Directed<I> directed, Settings settings) {
    Claim<I> claim = directed.claim();
    Exploration<I> found = directed.search().seed(settings.seed()).evaluations(settings.cases())
        .ladder(new Ladder(Math.min(MAX_BITS, settings.ladder().maxBits()))).explore();
    settings.progress().accept(1);
    String where = claim.text() + ". A directed search of " + found.evaluations() + " evaluations (" + directed.parameters() + ") ";
    if (found.counterexample().isPresent()) {
      Counterexample<I> counterexample = found.counterexample().get();
      return evidence(claim, where + "found a certified violation", Verdict.REFUTED, counterexample.input(),
          counterexample.decisions(), counterexample.violated());
    }
    I tightest = found.tightest();
    String none = where + "found no violation, which is a heuristic's word and no proof; ";
    return tightest != null && found.decisions().stream().allMatch(Decision::holds)
        ? evidence(claim, none + "its tightest proposal certainly holds", Verdict.HOLDS, tightest, found.decisions(), null)
        : new Evidence(NAME, claim.reading(), claim.step(), none + "its tightest proposal was not decided", null, Verdict.HOLDS, 0,
            null, 0, Map.of(), List.of(), Map.of());
  }

  private static <I> Evidence evidence(Claim<I> claim, String text, Verdict verdict, I input,
      List<Decision> decisions, @Nullable Decision violated) {
    Double slack = null;
    int bits = 0;
    for (Decision decision : decisions) {
      Double here = decision.slack();
      slack = here != null && (slack == null || here < slack) ? here : slack;
      bits = Math.max(bits, decision.bits());
    }
    KeptCase kept = KeptCase.of(claim, input, decisions);
    return new Evidence(NAME, claim.reading(), claim.step(), text, null, verdict, 1, slack, bits,
        violated == null ? Map.of() : kept.witness(violated), List.of(kept), Map.of());
  }
}
