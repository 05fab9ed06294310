package plumbline.properties.mutation;

import java.util.Locale;

/** What a layer's inputs are like. */
enum Kind {
  /** As in practice: activations N(0, 1), weights N(0, 1)/√d. */
  ORDINARY,
  /** At the edge: scores up to ±100, activations with a large mean. */
  HOSTILE,
  /** One-hot activations, which leave honest arithmetic next to nothing to round. */
  PROBE;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
