/**
 * Loops over primitive arrays that carry the cost of everything else: products of binary64 matrices, residues, long
 * multiplication. They know neither shapes nor balls. What a kernel returns is a function of its arguments alone: not of the
 * processor, the number of threads, or whether the Vector API is there.
 */
package plumbline.reference.kernel;
