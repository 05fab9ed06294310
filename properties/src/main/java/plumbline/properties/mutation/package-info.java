/**
 * The mutation study: does the verdict <em>bug</em> catch bugs, and never an honest implementation? Plain float32
 * implementations of layers, written apart from the reference, with the freedoms that honest ones take and with the bugs
 * that real ones have; {@link plumbline.properties.mutation.Study} judges both and counts.
 */
package plumbline.properties.mutation;
