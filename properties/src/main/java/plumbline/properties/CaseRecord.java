package plumbline.properties;

import java.util.List;
import plumbline.reference.decide.Outcome;

/**
 * What is remembered of a decided case; its exact input can be drawn again from its index.
 *
 * @param index number of the case, from 1
 * @param outcome fails if one of its inequalities does, else undecided if one of them is
 * @param slack smallest slack of its decided inequalities; NaN if there is none
 * @param bits highest precision that they took
 * @param names their names, where there is a ratio
 * @param ratios log₁₀ (right / left), one for each name; not to be changed
 * @param nanos time that it took a thread to draw and decide it, in nanoseconds
 */
public record CaseRecord(
    int index, Outcome outcome, double slack, int bits, List<String> names, double[] ratios, long nanos) {

  CaseRecord taking(long time) {
    return new CaseRecord(index, outcome, slack, bits, names, ratios, time);
  }
}
