/**
 * Directed search for counterexamples: optimisers propose in floating point, the ladder decides exactly, and what is
 * confirmed is made as simple as it gets.
 */
package plumbline.properties.search;
