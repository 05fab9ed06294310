package plumbline.properties.theory;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.ExactMatrix;

/**
 * The vocabulary of sequences Z^(1), …, Z^(N) (Definition 4.1, {@code def-4.1}): 𝒱^(i) is the set of the columns of Z^(i), 𝒱 the
 * union of these.
 *
 * @param bySequence 𝒱^(1), …, 𝒱^(N), their tokens as columns d×1
 */
record Vocabulary(List<Set<ExactMatrix>> bySequence) {

  static Vocabulary of(List<ExactMatrix> sequences) {
    List<Set<ExactMatrix>> sets = new ArrayList<>();
    for (ExactMatrix z : sequences) {
      Set<ExactMatrix> tokens = new LinkedHashSet<>();
      for (int k = 0; k < z.columns(); k++) {
        tokens.add(token(z, k));
      }
      sets.add(tokens);
    }
    return new Vocabulary(List.copyOf(sets));
  }

  /** 𝒱, its tokens in order of appearance. */
  List<ExactMatrix> tokens() {
    Set<ExactMatrix> all = new LinkedHashSet<>();
    bySequence.forEach(all::addAll);
    return List.copyOf(all);
  }

  /** |𝒱|. */
  int size() {
    return tokens().size();
  }

  /** Column k of {@code z}. */
  static ExactMatrix token(ExactMatrix z, int k) {
    BigFraction[] entries = new BigFraction[z.rows()];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = z.get(i, k);
    }
    return ExactMatrix.of(entries.length, 1, entries);
  }
}
