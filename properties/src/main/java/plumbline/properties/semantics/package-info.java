/**
 * Further meanings of a layer, beside its value at given numbers: one formula for all weights and inputs ({@link
 * plumbline.properties.semantics.Formal}), bounds over a box that are formulas themselves ({@link
 * plumbline.properties.semantics.IntervalExtension}), and exact integrals where a layer is piecewise affine ({@link
 * plumbline.properties.semantics.Triangulation}).
 */
package plumbline.properties.semantics;
