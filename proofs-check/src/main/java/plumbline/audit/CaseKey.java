package plumbline.audit;

import plumbline.spec.claim.Claim;

/**
 * What determines the cases of one check and their outcomes, within one build of Plumbline.
 *
 * @param statement id of the statement
 * @param reading id of the reading
 * @param step number of the step of its proof, or 0
 * @param text what is claimed, or what the check does
 * @param seed seed of the random cases
 * @param cases their number, which some distributions depend on
 * @param maxBits precision limit of the ladder
 */
public record CaseKey(String statement, String reading, int step, String text, long seed, int cases, int maxBits) {

  static CaseKey of(Claim<?> claim, int cases, Settings settings) {
    return new CaseKey(claim.statement(), claim.reading(), claim.step(), claim.text(), settings.seed(), cases,
        settings.ladder().maxBits());
  }
}
