package plumbline.spec.claim;

import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The witness that a check leaves: never a bare boolean.
 *
 * @param check name of the check that was run
 * @param reading id of the reading that it took
 * @param text what was found, in one sentence
 * @param verdict what this check alone says
 * @param cases how many cases were decided with certainty
 * @param worstSlack smallest relative distance (right − left) / |right| over the decided inequalities, rounded for
 *     display, or {@code null} where there is none
 * @param bits the highest precision that a case took: 53, 128, 256, …; 0 if all were decided exactly in rationals
 * @param witness exact tensors and enclosures by name; for a refutation the counterexample
 */
public record Evidence(
    String check,
    String reading,
    String text,
    Verdict verdict,
    long cases,
    @Nullable Double worstSlack,
    int bits,
    Map<String, String> witness) {}
