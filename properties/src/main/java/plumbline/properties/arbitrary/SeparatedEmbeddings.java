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
    List<ExactMatrix> tokens = tokens(tape, d, tape.between(length, maxVocabulary));
    List<ExactMatrix> sequences = new ArrayList<>();
    Set<ExactMatrix> used = new HashSet<>();
    // Mostly several: one sequence has no context to tell.
    int count = tape.between(0, 3) == 0 ? tape.between(1, maxSequences) : maxSequences;
    for (int n = 0; n < count; n++) {
      List<ExactMatrix> left = new ArrayList<>(tokens);
      BigFraction[] entries = new BigFraction[d * length];
      for (int k = 0; k < length; k++) {
        ExactMatrix token = left.remove(tape.between(0, left.size() - 1));
        used.add(token);
        for (int i = 0; i < d; i++) {
          entries[i * length + k] = token.get(i).multiply(unit);
        }
      }
      sequences.add(ExactMatrix.of(d, length, entries));
    }
    return new SeparatedEmbedding(sequences,
        below(used.stream().map(SeparatedEmbeddings::squaredNorm).min(BigInteger::compareTo).orElseThrow()).multiply(unit),
        above(used.stream().map(SeparatedEmbeddings::squaredNorm).max(BigInteger::compareTo).orElseThrow()).multiply(unit),
        below(closest(List.copyOf(used))).multiply(unit));
  }

  /** Different integer vectors, none zero; where the numbers of the tape repeat, the next free vector. */
  private static List<ExactMatrix> tokens(Tape tape, int d, int count) {
    int reach = d == 1 ? Math.max(3, count) : 2;
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
