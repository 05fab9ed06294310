/**
 * Conformance suites that others run on their own implementations: extend one class per layer, supply the function, and get
 * the golden vectors and the laws of that layer as JUnit tests.
 *
 * <p>Arrays are row-major. The type argument says which numbers the implementation computes with: {@code float[]} or
 * {@code double[]}. Nothing is judged by a tolerance: every inequality is one that each implementation within the
 * {@link plumbline.reference.envelope.Model} certainly keeps, so a red test is a proof that this one is not among them.
 *
 * <p>Names of tests begin with what they ask:
 * <ul>
 * <li>{@code required_}: every conforming implementation keeps this, on fixed inputs;
 * <li>{@code stochastic_}: the same on random inputs; {@code -Dplumbline.seed=N} chooses others, and failures print the seed;
 * <li>{@code optional_}: desirable; where it is not so, the test is skipped and says what happened;
 * <li>{@code untested_}: said and not tested; always skipped.
 * </ul>
 */
package plumbline.tck;
