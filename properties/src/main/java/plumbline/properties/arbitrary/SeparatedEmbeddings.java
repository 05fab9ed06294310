package plumbline.properties.arbitrary;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.ExactMatrix;

/**
 * Token sequences that are (γ_min, γ_max, ε)-tokenwise separated (Definition 4.2, {@code def-4.2}) in the ℓ₂ norm and hold
 * no token twice, as Lemma 4.4 asks. Tokens are the columns of each d×L sequence.
 *
 * @param vocabulary the distinct tokens of all sequences as columns, d×|𝒱| (Definition 4.1, {@code def-4.1})
 * @param sequences for each sequence the columns of {@code vocabulary} that it consists of
 * @param gammaMin γ_min, positive and below the norm of every token
 * @param gammaMax γ_max, above the norm of every token
 * @param epsilon ε, positive and below the distance of any two tokens
 */
public record SeparatedEmbeddings(
    ExactMatrix vocabulary, List<List<Integer>> sequences, BigFraction gammaMin, BigFraction gammaMax, BigFraction epsilon) {

  /** γ's and ε are as near to the exact norms and distances as multiples of 2^−16 strictly can be. */
  private static final int SCALE = 16;

  public SeparatedEmbeddings {
    sequences = sequences.stream().map(List::copyOf).toList();
  }

  /** Size d of a token. */
  public int tokenSize() {
    return vocabulary.rows();
  }

  /** Number L of tokens in a sequence. */
  public int length() {
    return sequences.get(0).size();
  }

  /** Number of distinct tokens in all sequences, |𝒱|. */
  public int vocabularySize() {
    return vocabulary.columns();
  }

  /** Sequence {@code i} as a d×L matrix, i from 0. */
  public ExactMatrix sequence(int i) {
    List<Integer> tokens = sequences.get(i);
    BigFraction[] values = new BigFraction[tokenSize() * tokens.size()];
    for (int e = 0; e < values.length; e++) {
      values[e] = vocabulary.get(e / tokens.size(), tokens.get(e % tokens.size()));
    }
    return ExactMatrix.of(tokenSize(), tokens.size(), values);
  }

  /** All sequences by name, to show a case. */
  public Map<String, ExactMatrix> show() {
    Map<String, ExactMatrix> tensors = new TreeMap<>();
    IntStream.range(0, sequences.size()).forEach(i -> tensors.put("Z_" + (i + 1), sequence(i)));
    return tensors;
  }

  /**
   * Random embeddings: d ≤ 3, L ≤ 4, up to 6 tokens with integer entries from −3 to 3, none of them 0, and 1 to 4
   * sequences. They shrink to few tokens, few sequences, small entries.
   */
  public static Arbitrary<SeparatedEmbeddings> any() {
    return Combinators.combine(Shapes.size(1, 3), Shapes.size(1, 4)).as(SeparatedEmbeddings::of).flatMap(a -> a);
  }

  /** Random embeddings of token size {@code d} ≤ 3 and sequence length {@code length} ≤ 4. */
  public static Arbitrary<SeparatedEmbeddings> of(int d, int length) {
    // One integer stands for one nonzero token, so that distinct integers are distinct tokens: −3 … 3 in each coordinate.
    int count = d == 1 ? 7 : d == 2 ? 49 : 343;
    Arbitrary<List<Integer>> tokens = Arbitraries.integers().between(0, count - 1)
        .withDistribution(RandomDistribution.uniform()).filter(code -> code != 0)
        .list().ofMinSize(length).ofMaxSize(6).uniqueElements();
    return tokens.flatMap(codes -> {
      List<Integer> indices = IntStream.range(0, codes.size()).boxed().toList();
      Arbitrary<List<Integer>> sequence = Arbitraries.shuffle(indices).map(order -> List.copyOf(order.subList(0, length)));
      return sequence.list().ofMinSize(1).ofMaxSize(4).map(sequences -> of(d, codes, sequences));
    });
  }

  private static SeparatedEmbeddings of(int d, List<Integer> codes, List<List<Integer>> sequences) {
    List<Integer> used = sequences.stream().flatMap(List::stream).distinct().sorted().toList();
    long[] entries = new long[d * used.size()];
    for (int k = 0; k < used.size(); k++) {
      int code = codes.get(used.get(k));
      for (int i = 0; i < d; i++, code /= 7) {
        int digit = code % 7;
        entries[i * used.size() + k] = digit % 2 == 0 ? digit / 2 : -(digit + 1) / 2;
      }
    }
    List<List<Integer>> renumbered = sequences.stream().map(s -> s.stream().map(used::indexOf).toList()).toList();
    return of(ExactMatrix.ofIntegers(d, used.size(), entries), renumbered);
  }

  /** The tightest γ's and ε, to multiples of 2^−16, for integer tokens. A single token has ε = 1. */
  private static SeparatedEmbeddings of(ExactMatrix vocabulary, List<List<Integer>> sequences) {
    List<BigFraction> norms = new ArrayList<>();
    List<BigFraction> distances = new ArrayList<>();
    for (int k = 0; k < vocabulary.columns(); k++) {
      norms.add(squaredDistance(vocabulary, k, -1));
      for (int l = 0; l < k; l++) {
        distances.add(squaredDistance(vocabulary, k, l));
      }
    }
    Collections.sort(norms);
    Collections.sort(distances);
    return new SeparatedEmbeddings(vocabulary, sequences, below(norms.get(0)),
        below(norms.get(norms.size() - 1)).add(new BigFraction(2, 1 << SCALE)),
        distances.isEmpty() ? BigFraction.ONE : below(distances.get(0)));
  }

  /** ‖column k − column l‖₂², or ‖column k‖₂² for l = −1. */
  private static BigFraction squaredDistance(ExactMatrix matrix, int k, int l) {
    BigFraction sum = BigFraction.ZERO;
    for (int i = 0; i < matrix.rows(); i++) {
      BigFraction difference = l < 0 ? matrix.get(i, k) : matrix.get(i, k).subtract(matrix.get(i, l));
      sum = sum.add(difference.multiply(difference));
    }
    return sum;
  }

  /** The largest multiple of 2^−16 strictly below √square, for a positive integer; it is positive. */
  private static BigFraction below(BigFraction square) {
    BigInteger scaled = square.getNumerator().shiftLeft(2 * SCALE);
    BigInteger root = scaled.sqrt();
    boolean exact = root.multiply(root).equals(scaled);
    return new BigFraction(exact ? root.subtract(BigInteger.ONE) : root, BigInteger.ONE.shiftLeft(SCALE));
  }
}
