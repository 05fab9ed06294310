/**
 * What a correct floating-point implementation may return: {@link plumbline.reference.envelope.Envelope} is a number system
 * whose entries are an enclosure of the exact result and a bound on the error of every implementation that keeps the
 * assumptions of a {@link plumbline.reference.envelope.Model}.
 */
package plumbline.reference.envelope;
