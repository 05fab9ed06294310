package plumbline.properties.arbitrary;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomDistribution;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.ExactMatrix;

/**
 * A tape of random numbers from which structured inputs are read. An input read from a tape shrinks when the tape does:
 * every choice shrinks to its first possibility, and a tape that is at its end reads as zeros.
 */
public final class Tape {
  private static final int RANGE = 1 << 20;

  private final List<Integer> numbers;
  private int position;

  private Tape(List<Integer> numbers) {
    this.numbers = numbers;
  }

  /**
   * The inputs that {@code reader} reads from random tapes.
   *
   * @param length numbers on the tape; as many as the reader takes, or the rest reads as zeros
   */
  public static <T> Arbitrary<T> read(int length, Function<Tape, T> reader) {
    return Arbitraries.integers().between(0, RANGE - 1).withDistribution(RandomDistribution.uniform()).withoutEdgeCases()
        .list().ofSize(length).map(numbers -> reader.apply(new Tape(numbers)));
  }

  private int next() {
    return position < numbers.size() ? numbers.get(position++) : 0;
  }

  /** A number from {@code low} to {@code high}, both included; shrinks to {@code low}. */
  public int between(int low, int high) {
    return low + (int) ((long) next() * (high - low + 1L) / RANGE);
  }

  /** One of the given things; shrinks to the first. */
  @SafeVarargs
  public final <T> T oneOf(T... things) {
    return things[between(0, things.length - 1)];
  }

  /** A rational p/q with |p| ≤ 9 and 1 ≤ q ≤ 4; shrinks to 0. */
  public BigFraction rational() {
    int p = between(0, 18);
    return new BigFraction(p % 2 == 0 ? p / 2 : -(p + 1) / 2, between(1, 4));
  }

  /** A rational in [0, 1] with a denominator of 64; shrinks to 0. */
  public BigFraction unit() {
    return new BigFraction(between(0, 64), 64);
  }

  /** A matrix of such {@link #rational rationals}. */
  public ExactMatrix matrix(int rows, int columns) {
    BigFraction[] values = new BigFraction[rows * columns];
    for (int e = 0; e < values.length; e++) {
      values[e] = rational();
    }
    return ExactMatrix.of(rows, columns, values);
  }

  /** As many things as asked for, read one after the other. */
  public <T> List<T> list(int size, Function<Tape, T> reader) {
    List<T> list = new ArrayList<>(size);
    for (int k = 0; k < size; k++) {
      list.add(reader.apply(this));
    }
    return List.copyOf(list);
  }
}
