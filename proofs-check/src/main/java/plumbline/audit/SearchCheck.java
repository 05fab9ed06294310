package plumbline.audit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import plumbline.properties.Evidence;
import plumbline.properties.Finding;
import plumbline.properties.KeptCase;
import plumbline.properties.search.Counterexample;
import plumbline.properties.search.Directed;
import plumbline.properties.search.Exploration;
import plumbline.reference.decide.Decision;
import plumbline.reference.decide.Ladder;
import plumbline.reference.number.Decimals;
import plumbline.spec.claim.Claim;
import plumbline.spec.claim.Verdict;
import plumbline.spec.number.ExactMatrix;

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
  public List<Evidence> run(Settings settings) {
    return List.of(run(directed, settings));
  }

  private static <I> Evidence run(Directed<I> directed, Settings settings) {
    Claim<I> claim = directed.claim();
    Exploration<I> found = directed.search().seed(settings.seed()).evaluations(settings.cases())
        .ladder(new Ladder(Math.min(MAX_BITS, settings.ladder().maxBits()))).explore();
    settings.progress().accept(1);
    String where = claim.text() + ". A directed search of " + found.evaluations() + " evaluations (" + directed.parameters() + ") ";
    if (found.counterexample().isPresent()) {
      Counterexample<I> counterexample = found.counterexample().get();
      Decision violated = counterexample.violated();
      Map<String, String> witness = new LinkedHashMap<>();
      witness.put("inequality", violated.inequality().name());
      witness.put("left", Decimals.interval(violated.left(), 12));
      witness.put("right", Decimals.interval(violated.right(), 12));
      witness.put("system", violated.system());
      shown(claim, counterexample.input()).forEach((name, tensor) -> witness.put(name, tensor.toString()));
      return evidence(claim, where + "found a certified violation", Verdict.REFUTED, 1, counterexample.input(),
          counterexample.decisions(), witness);
    }
    I tightest = found.tightest();
    String none = where + "found no violation, which is a heuristic's word and no proof; ";
    return tightest != null && found.decisions().stream().allMatch(Decision::holds)
        ? evidence(claim, none + "its tightest proposal certainly holds", Verdict.HOLDS, 1, tightest, found.decisions(), Map.of())
        : new Evidence(NAME, claim.reading(), claim.step(), none + "its tightest proposal was not decided", null, Verdict.HOLDS, 0,
            null, 0, Map.of(), List.of(), Map.of());
  }

  private static <I> Map<String, ExactMatrix> shown(Claim<I> claim, I input) {
    return new TreeMap<>(claim.show(input));
  }

  private static <I> Evidence evidence(Claim<I> claim, String text, Verdict verdict, int cases, I input,
      List<Decision> decisions, Map<String, String> witness) {
    Double slack = null;
    int bits = 0;
    for (Decision decision : decisions) {
      Double here = decision.slack();
      slack = here != null && (slack == null || here < slack) ? here : slack;
      bits = Math.max(bits, decision.bits());
    }
    KeptCase kept = new KeptCase(shown(claim, input), decisions.stream().<Finding>map(Finding.Decided::new).toList());
    return new Evidence(NAME, claim.reading(), claim.step(), text, null, verdict, cases, slack, bits, witness, List.of(kept),
        Map.of());
  }
}
