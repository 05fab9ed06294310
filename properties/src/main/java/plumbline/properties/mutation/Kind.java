package plumbline.properties.mutation;

/** What a layer's inputs are like. */
enum Kind {
  /** As in practice: activations N(0, 1), weights N(0, 1)/√d. */
  ORDINARY,
  /** At the edge: scores up to ±100, activations with a large mean. */
  HOSTILE,
  /** One-hot activations, which leave honest arithmetic next to nothing to round. */
  PROBE
}
