package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.arbitrary.Tape;
import plumbline.reference.layer.Kernel;
import plumbline.spec.claim.Inequality;
import plumbline.spec.number.ExactMatrix;

/** What {@code def-3.1} asks of the kernel W: piecewise cubic, with values in [0, 1]. */
final class Kernels {

  /**
   * A kernel and a point.
   *
   * @param piece the integer piece [piece, piece + 1] on which W is to be one cubic
   * @param x a point of that piece
   */
  record Point(Kernel kernel, int piece, BigFraction x) {}

  private Kernels() {}

  /** The cubic B-spline qualifies. */
  static Property<Point> bspline() {
    return new Property<>(
        new StatedClaim<>("def-3.1", "bspline",
            "The cubic B-spline is cubic between integers, has values in [0, 1], and its integer shifts sum to 1",
            point -> {
              List<Inequality> all = new ArrayList<>(range(point, BigFraction.ZERO));
              all.add(cubic(point));
              all.add(partition(point));
              return all;
            },
            Kernels::show),
        points(tape -> Kernel.BSPLINE));
  }

  /** The Keys kernel does not: W(3/2) = a/8 is negative for every a below 0. */
  static Property<Point> keys() {
    return new Property<>(
        new StatedClaim<>("def-3.1", "keys", "The Keys kernel has values in [0, 1]",
            point -> range(point, BigFraction.ZERO), Kernels::show),
        Arbitraries.of(new BigFraction(-3, 4), new BigFraction(-1, 2))
            .map(a -> new Point(new Kernel.Keys(a), 1, new BigFraction(3, 2))));
  }

  /** The range that Keys kernels do have. */
  static Property<Point> keysAmended() {
    return new Property<>(
        new StatedClaim<>("def-3.1", "amended",
            "The Keys kernel with −2 ≤ a ≤ 0 is cubic between integers, has values in [4a/27, 1], and its integer shifts sum "
                + "to 1",
            point -> {
              List<Inequality> all = new ArrayList<>(range(point, a(point).multiply(new BigFraction(4, 27))));
              all.add(cubic(point));
              all.add(partition(point));
              return all;
            },
            Kernels::show),
        points(tape -> new Kernel.Keys(new BigFraction(-tape.between(0, 16), 8))));
  }

  private static Arbitrary<Point> points(Function<Tape, Kernel> kernel) {
    return Tape.read(4, tape -> {
      int piece = tape.between(-3, 2);
      // The lowest value of a Keys kernel is at 4/3: thirds are hit as well as halves.
      return new Point(kernel.apply(tape), piece, new BigFraction(tape.between(0, 60), 60).add(piece));
    });
  }

  private static BigFraction a(Point point) {
    if (point.kernel instanceof Kernel.Keys keys) {
      return keys.a();
    }
    throw new IllegalArgumentException("def-3.1: " + point.kernel + " is not a Keys kernel");
  }

  private static List<Inequality> range(Point point, BigFraction least) {
    Expression value = of(point.kernel.at(point.x));
    return List.of(of(least).atMost(value, "least value ≤ W(x)"), value.atMost(of(1), "W(x) ≤ 1"));
  }

  /** The fourth difference of a cubic vanishes; five points from the piece's left end to x lie in one piece. */
  private static Inequality cubic(Point point) {
    BigFraction step = point.x.subtract(point.piece).divide(4);
    BigFraction difference = BigFraction.ZERO;
    int[] binomial = {1, -4, 6, -4, 1};
    for (int k = 0; k <= 4; k++) {
      difference = difference.add(point.kernel.at(step.multiply(k).add(point.piece)).multiply(binomial[k]));
    }
    return of(difference).equalTo(of(0), "fourth difference of W inside a piece = 0");
  }

  private static Inequality partition(Point point) {
    BigFraction sum = BigFraction.ZERO;
    for (int k = -6; k <= 6; k++) {
      sum = sum.add(point.kernel.at(point.x.subtract(k)));
    }
    return of(sum).equalTo(of(1), "Σ_k W(x − k) = 1");
  }

  private static Map<String, ExactMatrix> show(Point point) {
    ExactMatrix x = ExactMatrix.of(1, 1, point.x);
    return point.kernel instanceof Kernel.Keys keys ? Map.of("a", ExactMatrix.of(1, 1, keys.a()), "x", x) : Map.of("x", x);
  }
}
