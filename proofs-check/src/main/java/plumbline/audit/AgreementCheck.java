package plumbline.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;
import plumbline.properties.Evidence;
import plumbline.properties.Expression;
import plumbline.properties.Finding;
import plumbline.properties.KeptCase;
import plumbline.properties.operator.Agreement;
import plumbline.properties.operator.OperatorCase;
import plumbline.properties.operator.OperatorCases;
import plumbline.reference.operator.Operator;
import plumbline.spec.claim.Verdict;
import plumbline.spec.number.ExactMatrix;

/**
 * Checks that all number systems agree on a statement's operator.
 *
 * @param operator the operator
 * @param reading id of the reading to report under
 */
public record AgreementCheck(Operator operator, String reading) implements Check {
  /** Each case runs in six systems, so this check takes a part of the cases that are asked for. */
  private static final int SHARE = 4;

  @Override
  public String statement() {
    return operator.id();
  }

  @Override
  public List<String> readings() {
    return List.of(reading);
  }

  @Override
  public int cases(int requested) {
    return Math.max(1, requested / SHARE);
  }

  @Override
  public List<Evidence> run(Settings settings) {
    Evidence[] result = new Evidence[1];
    JqwikSession.run(() -> result[0] = compare(settings));
    return List.of(result[0]);
  }

  private Evidence compare(Settings settings) {
    int cases = cases(settings.cases());
    RandomGenerator<OperatorCase> generator = OperatorCases.of(operator).generator(cases, false);
    Random random = new Random(settings.seed() ^ operator.id().hashCode());
    long exact = 0;
    List<KeptCase> kept = new ArrayList<>();
    for (int c = 1; c <= cases; c++) {
      OperatorCase drawn = generator.next(random).value();
      Agreement agreement = Agreement.of(drawn, c == 1);
      if (!agreement.disagreements().isEmpty()) {
        Map<String, String> witness = new LinkedHashMap<>();
        witness.put("disagreement", agreement.disagreements().get(0));
        witness.put("parameters", new TreeMap<>(drawn.parameters()).toString());
        drawn.tensors().forEach((name, tensor) -> witness.put(name, tensor.values().toString()));
        return new Evidence("agreement of number systems", reading, "The number systems disagree, which is a bug in Plumbline.",
            Verdict.REFUTED, c, null, Agreement.BITS, witness);
      }
      exact += agreement.exact() ? 1 : 0;
      if (kept.size() < settings.keep()) {
        kept.add(kept(drawn));
      }
      settings.progress().accept(1);
    }
    String text = operator.title() + ": " + cases + " random evaluations agree in every number system"
        + (exact == 0 ? "" : exact == cases ? ", all exactly" : ", " + exact + " of them exactly") + ".";
    return new Evidence("agreement of number systems", reading, 0, text, null, Verdict.HOLDS, cases, null,
        exact == cases ? 0 : Agreement.BITS, Map.of(), kept, Map.of());
  }

  private static KeptCase kept(OperatorCase drawn) {
    Map<String, ExactMatrix> inputs = new TreeMap<>();
    drawn.tensors().forEach((name, tensor) -> inputs.put(name, tensor.values()));
    List<Finding> values = new ArrayList<>();
    drawn.evaluation().in(Expression.SYSTEM).forEach((name, formula) -> values.add(new Finding.Value(name, formula)));
    return new KeptCase(inputs, values);
  }
}
