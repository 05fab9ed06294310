package plumbline.properties;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import plumbline.reference.decide.Decision;
import plumbline.reference.number.Decimals;
import plumbline.spec.claim.Claim;
import plumbline.spec.number.ExactMatrix;

/**
 * A case that a check decided, kept for a certificate.
 *
 * @param inputs its exact tensors by name
 * @param findings what was decided or computed from them, in order
 */
public record KeptCase(Map<String, ExactMatrix> inputs, List<Finding> findings) {

  /** An input of a claim with the decisions on it. */
  public static <I> KeptCase of(Claim<I> claim, I input, List<Decision> decisions) {
    return new KeptCase(new TreeMap<>(claim.show(input)), decisions.stream().<Finding>map(Finding.Decided::new).toList());
  }

  /** The exact inputs, after both sides of the inequality that decided the case. */
  public Map<String, String> witness(Decision decisive) {
    Map<String, String> witness = new LinkedHashMap<>();
    witness.put("inequality", decisive.inequality().name());
    witness.put("left", Decimals.interval(decisive.left(), 12));
    witness.put("right", Decimals.interval(decisive.right(), 12));
    witness.put("system", decisive.system());
    inputs.forEach((name, tensor) -> witness.put(name, tensor.toString()));
    return witness;
  }
}
