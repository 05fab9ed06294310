/** Formal proofs: which theorem settles which reading, the check that Coq accepts them all, and what the audit shows of it. */
package plumbline.proof;
