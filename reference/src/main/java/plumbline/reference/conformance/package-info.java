/**
 * Judges what another implementation returned: whether it can be the result of rounding, within the assumptions of a
 * {@link plumbline.reference.envelope.Model}, or is proved to be a bug; and measures its certified error in ulps.
 */
package plumbline.reference.conformance;
