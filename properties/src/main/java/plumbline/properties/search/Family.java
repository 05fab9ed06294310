package plumbline.properties.search;

import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.apache.commons.math3.fraction.BigFraction;

/**
 * Inputs of a claim's domain, parametrised by a size and by as many numbers as the size asks for.
 *
 * @param <I> the inputs
 * @param smallest smallest size (number of tokens, dimension); where there is none, equal to {@code largest}
 * @param largest largest size
 * @param dimension how many numbers a size takes, at least 1
 * @param low least value of each number
 * @param high greatest value of each number
 * @param member the exact input for a size and its numbers; empty outside of the domain
 */
public record Family<I>(
    int smallest, int largest, IntUnaryOperator dimension, BigFraction low, BigFraction high, Member<I> member) {

  /**
   * From numbers to an exact input.
   *
   * @param <I> the inputs
   */
  public interface Member<I> {
    /** The input, or nothing where these numbers give none of the domain. */
    Optional<I> at(int size, List<BigFraction> numbers);
  }

  public Family {
    if (smallest > largest || low.compareTo(high) >= 0) {
      throw new IllegalArgumentException("a family needs smallest ≤ largest and low < high, got sizes " + smallest + " to "
          + largest + " and numbers from " + low + " to " + high);
    }
  }

  /** A family of one size. */
  public static <I> Family<I> of(int dimension, long low, long high, Member<I> member) {
    return new Family<>(dimension, dimension, size -> size, new BigFraction(low), new BigFraction(high), member);
  }

  boolean contains(BigFraction number) {
    return low.compareTo(number) <= 0 && number.compareTo(high) <= 0;
  }
}
