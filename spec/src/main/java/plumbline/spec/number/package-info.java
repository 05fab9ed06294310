/**
 * The abstract matrix and number system: what a layer may ask of arithmetic, and what each arithmetic promises in return.
 *
 * <p><b>Contract of every enclosing operation.</b> The result contains the exact mathematical result for every choice of
 * points in the inputs; exact inputs whose computation needs no rounding give an exact result; with growing precision
 * the result converges. Overflow, underflow, NaN and infinities never break containment: where nothing is known, the
 * enclosure is the whole line.
 */
package plumbline.spec.number;
