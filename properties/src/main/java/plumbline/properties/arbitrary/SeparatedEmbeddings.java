package plumbline.properties.arbitrary;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.ExactMatrix;

/**
 * Random tokenwise separated sequences without duplicates, as Lemma 4.4 ({@code lemma-4.4}) wants them: multiples of integer
 * vectors, with constants γ_min, γ_max and ε that are within 1/64 of the best possible (relative to the multiplier).
 */
public final class SeparatedEmbeddings {
  private static final int GRID = 64;

  private SeparatedEmbeddings() {}

  /**
   * Embeddings of at most the given sizes.
   *
   * @param maxTokenSize largest d, at least 1
   * @param maxLength largest L, at least 2; L is at least 2
   * @param maxVocabulary largest number of different tokens, at least {@code maxLength}
   * @param maxSequences largest number N of sequences, at least 1
   */
  public static Arbitrary<SeparatedEmbedding> of(int maxTokenSize, int maxLength, int maxVocabulary, int maxSequences) {
    return Tape.read(80, tape -> draw(tape, maxTokenSize, maxLength, maxVocabulary, maxSequences));
  }

  /** Reads an embedding; parameters as {@link #of}. */
  public static SeparatedEmbedding draw(Tape tape, int maxTokenSize, int maxLength, int maxVocabulary, int maxSequences) {
    int d = tape.between(1, maxTokenSize);
    int length = tape.between(2, maxLength);
    BigFraction unit = new BigFraction(tape.between(1, 5), tape.between(1, 4));
    List<ExactMatrix> tokens = tokens(tape, d, tape.between(length, maxVocabulary), 2);
    List<List<ExactMatrix>> sequences = new ArrayList<>();
    // Mostly several: one sequence has no context to tell.
    int count = tape.between(0, 3) == 0 ? tape.between(1, maxSequences) : maxSequences;
    for (int n = 0; n < count; n++) {
      sequences.add(pick(tape, tokens, length));
    }
    return embedding(sequences, unit);
  }

  /**
   * Reads an embedding in which some token stands in two contexts: the second of at least two sequences shares a token
   * with the first, and has another vocabulary. Parameters as {@link #of}, but {@code maxVocabulary} must exceed 2 and
   * {@code maxSequences} be at least 2.
   */
  public static SeparatedEmbedding drawContexts(
      Tape tape, int maxTokenSize, int maxLength, int maxVocabulary, int maxSequences) {
    int d = tape.between(1, maxTokenSize);
    int length = tape.between(2, Math.min(maxLength, maxVocabulary - 1));
    BigFraction unit = new BigFraction(tape.between(1, 5), tape.between(1, 4));
    List<ExactMatrix> tokens = tokens(tape, d, tape.between(length + 1, maxVocabulary), tape.between(2, 4));
    List<List<ExactMatrix>> sequences = new ArrayList<>();
    sequences.add(pick(tape, tokens, length));
    List<ExactMatrix> others = new ArrayList<>(tokens);
    others.removeAll(sequences.get(0));
    List<ExactMatrix> second = new ArrayList<>(
        List.of(sequences.get(0).get(tape.between(0, length - 1)), others.get(tape.between(0, others.size() - 1))));
    List<ExactMatrix> left = new ArrayList<>(tokens);
    left.removeAll(second);
    second.addAll(pick(tape, left, length - 2));
    sequences.add(second);
    for (int n = tape.between(2, maxSequences); n > 2; n--) {
      sequences.add(pick(tape, tokens, length));
    }
    return embedding(sequences, unit);
  }

  /** So many of the tokens, without repeats. */
  private static List<ExactMatrix> pick(Tape tape, List<ExactMatrix> tokens, int length) {
    List<ExactMatrix> left = new ArrayList<>(tokens);
    List<ExactMatrix> picked = new ArrayList<>();
    for (int k = 0; k < length; k++) {
      picked.add(left.remove(tape.between(0, left.size() - 1)));
    }
    return picked;
  }

  /** The sequences times {@code unit}, with their constants. */
  private static SeparatedEmbedding embedding(List<List<ExactMatrix>> sequences, BigFraction unit) {
    Set<ExactMatrix> used = new HashSet<>();
    List<ExactMatrix> matrices = new ArrayList<>();
    for (List<ExactMatrix> sequence : sequences) {
      used.addAll(sequence);
      int d = sequence.get(0).rows();
      BigFraction[] entries = new BigFraction[d * sequence.size()];
      for (int e = 0; e < entries.length; e++) {
        entries[e] = sequence.get(e % sequence.size()).get(e / sequence.size()).multiply(unit);
      }
      matrices.add(ExactMatrix.of(d, sequence.size(), entries));
    }
    return new SeparatedEmbedding(matrices,
        below(used.stream().map(SeparatedEmbeddings::squaredNorm).min(BigInteger::compareTo).orElseThrow()).multiply(unit),
        above(used.stream().map(SeparatedEmbeddings::squaredNorm).max(BigInteger::compareTo).orElseThrow()).multiply(unit),
        below(closest(List.copyOf(used))).multiply(unit));
  }

  /** Different integer vectors, none zero, of entries up to a reach; where the numbers of the tape repeat, the next free vector. */
  private static List<ExactMatrix> tokens(Tape tape, int d, int count, int reachOfMany) {
    int reach = d == 1 ? Math.max(3, count) : reachOfMany;
    int side = 2 * reach + 1;
    int all = (int) Math.pow(side, d);
    List<ExactMatrix> tokens = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      int code = tape.between(0, all - 1);
      ExactMatrix token = token(code, d, reach);
      while (squaredNorm(token).signum() == 0 || tokens.contains(token)) {
        code = (code + 1) % all;
        token = token(code, d, reach);
      }
      tokens.add(token);
    }
    return tokens;
  }

  private static ExactMatrix token(int code, int d, int reach) {
    long[] entries = new long[d];
    int rest = code;
    for (int i = 0; i < d; i++) {
      entries[i] = rest % (2 * reach + 1) - reach;
      rest /= 2 * reach + 1;
    }
    return ExactMatrix.ofIntegers(d, 1, entries);
  }

  private static BigInteger squaredNorm(ExactMatrix token) {
    BigFraction sum = BigFraction.ZERO;
    for (int i = 0; i < token.size(); i++) {
      sum = sum.add(token.get(i).pow(2));
    }
    return sum.getNumerator();
  }

  private static BigInteger closest(List<ExactMatrix> tokens) {
    BigInteger least = BigInteger.ONE.shiftLeft(62);
    for (ExactMatrix a : tokens) {
      for (ExactMatrix b : tokens) {
        if (!a.equals(b)) {
          BigFraction sum = BigFraction.ZERO;
          for (int i = 0; i < a.size(); i++) {
            sum = sum.add(a.get(i).subtract(b.get(i)).pow(2));
          }
          least = least.min(sum.getNumerator());
        }
      }
    }
    return least;
  }

  /** The largest multiple of 1/64 below √n. */
  private static BigFraction below(BigInteger n) {
    BigInteger scaled = n.multiply(BigInteger.valueOf((long) GRID * GRID));
    BigInteger root = scaled.subtract(BigInteger.ONE).sqrt();
    return new BigFraction(root, BigInteger.valueOf(GRID));
  }

  /** The least multiple of 1/64 above √n. */
  private static BigFraction above(BigInteger n) {
    BigInteger scaled = n.multiply(BigInteger.valueOf((long) GRID * GRID));
    return new BigFraction(scaled.sqrt().add(BigInteger.ONE), BigInteger.valueOf(GRID));
  }
}
