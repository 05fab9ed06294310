package plumbline.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import net.jqwik.api.RandomGenerator;
import plumbline.properties.CaseRecord;
import plumbline.properties.Cases;
import plumbline.properties.Evidence;
import plumbline.properties.Expression;
import plumbline.properties.Finding;
import plumbline.properties.KeptCase;
import plumbline.properties.operator.Agreement;
import plumbline.properties.operator.OperatorCase;
import plumbline.properties.operator.OperatorCases;
import plumbline.reference.decide.Outcome;
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

  private static final String NAME = "agreement of number systems";

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
  public Work start(Settings settings) {
    int cases = cases(settings.cases());
    CaseKey key = new CaseKey(operator.id(), reading, 0, NAME, settings.seed(), cases, Agreement.BITS);
    Cases<OperatorCase> run = new Cases<>(cases, () -> source(cases, settings.seed()), AgreementCheck::judge,
        settings.logs().open(key), done -> settings.progress().accept(1));
    return Work.shared(run::help, () -> List.of(evidence(run, settings.keep())));
  }

  /** The cases in order, from one source of randomness. */
  private IntFunction<OperatorCase> source(int cases, long seed) {
    RandomGenerator<OperatorCase> generator = OperatorCases.of(operator).generator(cases, false);
    Random random = new Random(seed ^ operator.id().hashCode());
    int[] drawn = {0};
    return c -> {
      while (++drawn[0] < c) {
        generator.next(random);
      }
      return generator.next(random).value();
    };
  }

  private static CaseRecord judge(int c, OperatorCase drawn) {
    Agreement agreement = Agreement.of(drawn, c == 1);
    return new CaseRecord(c, agreement.disagreements().isEmpty() ? Outcome.HOLDS : Outcome.FAILS, Double.NaN,
        agreement.exact() ? 0 : Agreement.BITS, List.of(), new double[0], 0);
  }

  private Evidence evidence(Cases<OperatorCase> run, int keep) {
    List<CaseRecord> records = run.records();
    int cases = records.size();
    IntFunction<OperatorCase> again = run.again();
    if (records.get(cases - 1).outcome() == Outcome.FAILS) {
      OperatorCase drawn = again.apply(cases);
      Map<String, String> witness = new LinkedHashMap<>();
      witness.put("disagreement", Agreement.of(drawn, cases == 1).disagreements().get(0));
      witness.put("parameters", new TreeMap<>(drawn.parameters()).toString());
      drawn.tensors().forEach((name, tensor) -> witness.put(name, tensor.values().toString()));
      return new Evidence(NAME, reading, "The number systems disagree, which is a bug in Plumbline.", Verdict.REFUTED, cases,
          null, Agreement.BITS, witness);
    }
    long exact = records.stream().filter(each -> each.bits() == 0).count();
    List<KeptCase> kept = new ArrayList<>();
    for (int c = 1; c <= Math.min(keep, cases); c++) {
      kept.add(kept(again.apply(c)));
    }
    String text = operator.title() + ": " + cases + " random evaluations agree in every number system"
        + (exact == 0 ? "" : exact == cases ? ", all exactly" : ", " + exact + " of them exactly") + ".";
    return new Evidence(NAME, reading, 0, text, null, Verdict.HOLDS, cases, null, exact == cases ? 0 : Agreement.BITS,
        Map.of(), kept, Map.of());
  }

  private static KeptCase kept(OperatorCase drawn) {
    Map<String, ExactMatrix> inputs = new TreeMap<>();
    drawn.tensors().forEach((name, tensor) -> inputs.put(name, tensor.values()));
    List<Finding> values = new ArrayList<>();
    drawn.evaluation().in(Expression.SYSTEM).forEach((name, formula) -> values.add(new Finding.Value(name, formula)));
    return new KeptCase(inputs, values);
  }
}
