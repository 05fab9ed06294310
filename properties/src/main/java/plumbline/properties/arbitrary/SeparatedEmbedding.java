package plumbline.properties.arbitrary;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.ExactMatrix;

/**
 * Sequences Z^(1), …, Z^(N) that are (γ_min, γ_max, ε)-tokenwise separated (Definition 4.2, {@code def-4.2}), with the three
 * constants. Tokens are columns.
 *
 * @param sequences the sequences, each d×L
 * @param gammaMin γ_min, below the length of every token
 * @param gammaMax γ_max, above the length of every token
 * @param epsilon ε, below the distance of any two different tokens
 */
public record SeparatedEmbedding(
    List<ExactMatrix> sequences, BigFraction gammaMin, BigFraction gammaMax, BigFraction epsilon) {

  public SeparatedEmbedding {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("def-4.2: there must be at least one sequence");
    }
    sequences = List.copyOf(sequences);
  }

  /** Size d of a token. */
  public int tokenSize() {
    return sequences.get(0).rows();
  }

  /** Length L of the sequences. */
  public int length() {
    return sequences.get(0).columns();
  }

  /** All tokens and constants times a positive factor. */
  public SeparatedEmbedding times(BigFraction factor) {
    return new SeparatedEmbedding(sequences.stream().map(z -> times(z, factor)).toList(),
        gammaMin.multiply(factor), gammaMax.multiply(factor), epsilon.multiply(factor));
  }

  private static ExactMatrix times(ExactMatrix z, BigFraction factor) {
    BigFraction[] entries = new BigFraction[z.size()];
    for (int e = 0; e < entries.length; e++) {
      entries[e] = z.get(e).multiply(factor);
    }
    return ExactMatrix.of(z.rows(), z.columns(), entries);
  }

  /** The sequences and constants by name. */
  public Map<String, ExactMatrix> show() {
    Map<String, ExactMatrix> shown = new LinkedHashMap<>();
    for (ExactMatrix sequence : sequences) {
      shown.put("Z^(" + (shown.size() + 1) + ")", sequence);
    }
    shown.put("γ_min", ExactMatrix.of(1, 1, gammaMin));
    shown.put("γ_max", ExactMatrix.of(1, 1, gammaMax));
    shown.put("ε", ExactMatrix.of(1, 1, epsilon));
    return shown;
  }
}
