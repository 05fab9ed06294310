/**
 * What the paper's layers must satisfy, whatever implements them: Lipschitz inequalities, linearity, agreement of a map with
 * its matrix, token by token action, convex combinations. Each is a {@link plumbline.properties.Property}: a certified claim
 * with random inputs of its domain.
 */
package plumbline.properties.layer;
