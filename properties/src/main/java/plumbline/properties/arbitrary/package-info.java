/**
 * Random inputs for properties, as jqwik arbitraries: numbers, shapes, exact matrices, layers with fitting inputs,
 * functions with known Lipschitz constants, and separated embeddings.
 *
 * <p>Everything is exact: binary64 values or rationals, never rounded. Everything shrinks: towards smaller shapes, then
 * zeros, then small integers. The same jqwik seed gives the same values.
 */
package plumbline.properties.arbitrary;
