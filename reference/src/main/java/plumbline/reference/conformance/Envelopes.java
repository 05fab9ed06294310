package plumbline.reference.conformance;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.envelope.Model;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.operator.Evaluation;
import plumbline.spec.rounding.Up;

/** Stands in for the envelope until it is there: a fixed number of unit roundoffs of the largest value. */
record Envelopes(Ball53Matrix exact, @Up double[] error, @Nullable String cause) {

  @SuppressWarnings("rounding")
  static Map<String, Envelopes> of(Model model, Evaluation evaluation) {
    Map<String, Envelopes> envelopes = new LinkedHashMap<>();
    evaluation.in(Ball53.INSTANCE).forEach((name, m) -> {
      @Up double[] error = new @Up double[m.rows() * m.columns()];
      double largest = Arrays.stream(m.midpoints()).map(Math::abs).max().orElse(0);
      Arrays.fill(error, 1024 * model.storage().unitRoundoff() * largest);
      envelopes.put(name, new Envelopes(m, error, null));
    });
    return envelopes;
  }
}
