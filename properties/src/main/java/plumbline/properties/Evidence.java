package plumbline.properties;

import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.claim.Verdict;

/**
 * The witness that a check leaves: never a bare boolean.
 *
 * @param check name of the check that was run
 * @param reading id of the reading that it took
 * @param step number of the step of the statement's proof that it was about, from 1; 0 for the statement itself
 * @param text what was claimed or found, in one sentence
 * @param argument how what was certified refutes the statement, where that takes an argument; else {@code null}
 * @param verdict what this check alone says
 * @param cases how many cases were decided with certainty
 * @param worstSlack smallest relative distance (right − left) / |right| over the decided inequalities, rounded for
 *     display, or {@code null} where there is none
 * @param bits the highest precision that a case took: 53, 128, 256, …; 0 if all were decided exactly in rationals
 * @param witness exact tensors and enclosures by name; for a refutation the counterexample
 * @param kept some of the decided cases, to be checked again by others: a refutation's counterexample, else the tightest
 *     case and some more
 * @param ratios log₁₀ (right / left) of each decided inequality with positive sides, by its name, in the order of the
 *     cases; rounded for display
 */
public record Evidence(
    String check,
    String reading,
    int step,
    String text,
    @Nullable String argument,
    Verdict verdict,
    long cases,
    @Nullable Double worstSlack,
    int bits,
    Map<String, String> witness,
    List<KeptCase> kept,
    Map<String, double[]> ratios) {

  /** Evidence without an argument, kept cases and ratios. */
  public Evidence(String check, String reading, String text, Verdict verdict, long cases, @Nullable Double worstSlack,
      int bits, Map<String, String> witness) {
    this(check, reading, 0, text, null, verdict, cases, worstSlack, bits, witness, List.of(), Map.of());
  }

  /** This evidence, taken as an argument that refutes a statement. */
  public Evidence refuting(String reading, String argument, Map<String, String> witness) {
    return new Evidence(check, reading, step, text, argument, Verdict.REFUTED, cases, worstSlack, bits, witness, kept, ratios);
  }

  /** This evidence with another verdict, about another reading. */
  public Evidence as(String reading, Verdict verdict, String text) {
    return new Evidence(check, reading, step, text, argument, verdict, cases, worstSlack, bits, witness, kept, ratios);
  }
}
