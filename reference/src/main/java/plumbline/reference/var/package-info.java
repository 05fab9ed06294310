/**
 * The visual autoregressive transformer: token maps and pyramids (phase one), feature-map reconstruction (phase two),
 * decoder (phase three). Tokens are rows; where a statement counts them as columns, the transposes are written out.
 */
package plumbline.reference.var;
