package plumbline.reference.flowar;

import java.util.Collection;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.Shape;

/**
 * Certified quadrature over t ∈ [0, 1]: the integral of f lies in Σ |T|·f(T) over the subintervals T of any partition,
 * where f(T) encloses f on T. The subinterval that contributes most to the width is halved until a limit is reached, so
 * the width falls about in proportion to 1/subintervals for a smooth integrand.
 */
public final class UnitIntegral {
  private static final String STATEMENT = "def-c.13";

  private UnitIntegral() {}

  /** A function of one number t ∈ [0, 1], evaluated on enclosures of t. */
  @FunctionalInterface
  public interface Integrand<M extends Certified<M>> {

    /** An enclosure, 1×1, of every f(t) for t in the 1×1 enclosure {@code t}. */
    M at(M t);
  }

  /**
   * An enclosure of ∫_0^1 f(t) dt, 1×1.
   *
   * @param system the certified system; one that holds exact values only raises
   *     {@link plumbline.spec.number.NotExactException}, for it has no enclosures of an interval
   * @param subintervals how many subintervals to use at most, at least 1; f is evaluated fewer than twice as many times
   * @param width stop earlier when the enclosure is at most this wide; 0 to use all subintervals
   */
  public static <M extends Certified<M>> M enclose(
      CertifiedSystem<M> system, Integrand<M> integrand, int subintervals, BigFraction width) {
    if (subintervals < 1) {
      throw new IllegalArgumentException(STATEMENT + ": subintervals must be at least 1, got " + subintervals);
    }
    Comparator<Piece<M>> widest = Comparator.comparing((Piece<M> piece) -> piece.width == null ? 1 : 0)
        .thenComparing(piece -> piece.width == null ? piece.length() : piece.width);
    PriorityQueue<Piece<M>> pieces = new PriorityQueue<>(widest.reversed());
    pieces.add(piece(system, integrand, BigFraction.ZERO, BigFraction.ONE));
    for (int count = 1; count < subintervals; count++) {
      // looking at the sum costs as much as making it: once per doubling
      if (Integer.bitCount(count) == 1 && width.compareTo(BigFraction.ZERO) > 0 && isAtMost(width, sum(system, pieces))) {
        break;
      }
      Piece<M> worst = pieces.remove();
      BigFraction middle = worst.from.add(worst.to).divide(2);
      pieces.add(piece(system, integrand, worst.from, middle));
      pieces.add(piece(system, integrand, middle, worst.to));
    }
    return sum(system, pieces);
  }

  /** The subinterval from–to, the enclosure of its share of the integral, and the width of that; null if unbounded. */
  private record Piece<M>(BigFraction from, BigFraction to, M area, @Nullable BigFraction width) {
    BigFraction length() {
      return to.subtract(from);
    }
  }

  private static <M extends Certified<M>> Piece<M> piece(
      CertifiedSystem<M> system, Integrand<M> integrand, BigFraction from, BigFraction to) {
    M value = integrand.at(system.enclose(ExactMatrix.of(1, 1, from), ExactMatrix.of(1, 1, to)));
    Shape.require(STATEMENT, "integrand", Shape.of(value), 1, 1);
    M area = value.hadamard(system.lift(to.subtract(from)));
    return new Piece<>(from, to, area, width(area));
  }

  private static <M extends Certified<M>> M sum(CertifiedSystem<M> system, Collection<Piece<M>> pieces) {
    // in the order of t, so that the result does not depend on how the queue lies in memory
    return pieces.stream().sorted(Comparator.comparing(Piece::from)).map(Piece::area).reduce(system.lift(0), M::plus);
  }

  private static boolean isAtMost(BigFraction limit, Certified<?> total) {
    BigFraction width = width(total);
    return width != null && width.compareTo(limit) <= 0;
  }

  private static @Nullable BigFraction width(Certified<?> value) {
    Interval interval = value.enclosure(0, 0);
    BigFraction lower = interval.lower();
    BigFraction upper = interval.upper();
    return lower == null || upper == null ? null : upper.subtract(lower);
  }
}
