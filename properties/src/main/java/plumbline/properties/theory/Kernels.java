package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.Tape;
import plumbline.reference.layer.Kernel.Keys;
import plumbline.reference.layer.Kernel;
import plumbline.spec.claim.Inequality;
import plumbline.spec.number.ExactMatrix;

/**
 * What {@code def-3.1} asks of the kernel W: piecewise cubic, with values in [0, 1].
 *
 * <p>On a piece a cubic is a convex combination of its four Bernstein coefficients at every point, so a bound on these is a
 * bound on all its values. They follow from four values of W; a fifth confirms that W is the cubic that these determine.
 */
final class Kernels {
  private static final BigFraction THIRD = BigFraction.ONE_THIRD;

  /**
   * A kernel on an interval that lies in one of its pieces.
   *
   * @param left left end of the interval
   * @param right right end
   */
  record Piece(Kernel kernel, BigFraction left, BigFraction right) {

    /** The point at the fraction {@code t} of the interval. */
    BigFraction at(BigFraction t) {
      return left.add(right.subtract(left).multiply(t));
    }

    /** W at 0, 1/3, 2/3 and 1 of the interval, 1×4. */
    ExactMatrix values() {
      BigFraction[] values = new BigFraction[4];
      for (int k = 0; k < 4; k++) {
        values[k] = kernel.at(at(new BigFraction(k, 3)));
      }
      return ExactMatrix.of(1, 4, values);
    }

    /** The Bernstein coefficients of W on the interval, 1×4. */
    Expression bernstein() {
      ExactMatrix sixths = ExactMatrix.ofIntegers(4, 4, 6, -5, 2, 0, 0, 18, -9, 0, 0, -9, 18, 0, 0, 2, -5, 6);
      return of(values()).times(of(sixths)).scaledBy(of(new BigFraction(1, 6)));
    }
  }

  private Kernels() {}

  /** The cubic B-spline qualifies: a complete proof, piece by piece. */
  static Property<Piece> bspline() {
    return new Property<>(
        new StatedClaim<>("def-3.1", "bspline",
            "The cubic B-spline has values in [0, 1] everywhere: on each of its pieces between −3 and 3 the Bernstein "
                + "coefficients are (outside of (−2, 2) it is zero by definition)",
            piece -> range(piece, of(0), of(1)), Kernels::show),
        Arbitraries.of(pieces(Kernel.BSPLINE, -3, 3)));
  }

  /** The integer shifts of the cubic B-spline sum to 1. */
  static Property<Piece> partition() {
    return new Property<>(
        new StatedClaim<>("def-3.1", "bspline",
            "The integer shifts of the cubic B-spline, and of every Keys kernel, sum to 1 everywhere: on [0, 1] the "
                + "Bernstein coefficients of the four that are not zero there sum to 1 (affine in a, so a = −3 and a = 0 "
                + "decide)",
            first -> {
              Expression sum = of(ExactMatrix.zeros(1, 4));
              for (int k = -2; k < 2; k++) {
                sum = sum.plus(integerPiece(first.kernel, k).bernstein());
              }
              return List.of(sum.equalTo(of(ExactMatrix.ones(1, 4)), "Σ_k W(x − k) = 1"));
            },
            Kernels::show),
        Arbitraries.of(integerPiece(Kernel.BSPLINE, -2), integerPiece(keys(-3), -2), integerPiece(keys(0), -2)));
  }

  /** A Keys kernel does not: one point suffices. */
  static Property<Piece> keys(BigFraction a) {
    return new Property<>(
        new StatedClaim<>("def-3.1", "keys", "The Keys kernel with a = " + text(a) + " has values in [0, 1], at x = 3/2 too",
            point -> List.of(of(0).atMost(of(point.kernel.at(point.left)), "0 ≤ W(x)")),
            point -> Map.of("a", ExactMatrix.of(1, 1, a), "x", ExactMatrix.of(1, 1, point.left))),
        Arbitraries.just(new Piece(new Keys(a), new BigFraction(3, 2), new BigFraction(3, 2))));
  }

  /** No Keys kernel but a = 0 does. */
  static Property<Keys> keysOutside() {
    return new Property<>(
        new StatedClaim<>("def-3.1", "amended",
            "Of all Keys kernels only a = 0 has values in [0, 1]: W_a(3/2) = a/8 < 0 for every a < 0, and "
                + "W_a((a+3)/(2a+3)) = −(a+2)a³/(2a+3)³ < 0 for every a > 0 (random a ≠ 0; both equations are identities "
                + "of polynomials in a of degree at most 4, once multiplied by (2a+3)³, so that five values of a prove "
                + "them)",
            kernel -> {
              BigFraction a = kernel.a();
              if (a.compareTo(BigFraction.ZERO) < 0) {
                Expression value = of(kernel.at(new BigFraction(3, 2)));
                return List.of(value.equalTo(of(a.divide(8)), "W(3/2) = a/8"), value.lessThan(of(0), "W(3/2) < 0"));
              }
              BigFraction twice = a.multiply(2).add(3);
              Expression value = of(kernel.at(a.add(3).divide(twice)));
              BigFraction closed = a.add(2).multiply(a.pow(3)).divide(twice.pow(3)).negate();
              return List.of(value.equalTo(of(closed), "W(z) = −(a+2)a³/(2a+3)³"), value.lessThan(of(0), "W(z) < 0"));
            },
            kernel -> Map.of("a", ExactMatrix.of(1, 1, kernel.a()))),
        Tape.read(2, tape -> {
          int p = tape.between(1, 40);
          return new Keys(new BigFraction(p % 2 == 0 ? p / 2 : -(p + 1) / 2, tape.between(1, 8)));
        }));
  }

  /** Keys with a = 0 qualifies. */
  static Property<Piece> keysZero() {
    return new Property<>(
        new StatedClaim<>("def-3.1", "amended",
            "The Keys kernel with a = 0 has values in [0, 1] everywhere: on each piece the Bernstein coefficients are",
            piece -> range(piece, of(0), of(1)), Kernels::show),
        Arbitraries.of(pieces(keys(0), -3, 3)));
  }

  /** The range that Keys kernels do have, on pieces whose ends include 4/3, where the lowest value is. */
  static Property<Piece> keysAmended() {
    List<Piece> pieces = new ArrayList<>();
    for (int a : new int[] {-3, 0}) {
      for (int sign : new int[] {-1, 1}) {
        for (int[] thirds : new int[][] {{0, 3}, {3, 4}, {4, 6}, {6, 9}}) {
          pieces.add(new Piece(keys(a), THIRD.multiply(sign * thirds[0]), THIRD.multiply(sign * thirds[1])));
        }
      }
    }
    return new Property<>(
        new StatedClaim<>("def-3.1", "amended",
            "The Keys kernel with −3 ≤ a ≤ 0 has values in [4a/27, 1] everywhere, and the value 4a/27 at ±4/3: on each "
                + "piece, cut at ±4/3, the Bernstein coefficients lie there for a = −3 and a = 0, and all that is "
                + "compared is affine in a",
            piece -> {
              List<Inequality> all =
                  new ArrayList<>(range(piece, of(a(piece).multiply(new BigFraction(4, 27))), of(1)));
              all.add(of(a(piece).multiply(new BigFraction(4, 27)))
                  .equalTo(of(piece.kernel.at(new BigFraction(4, 3))), "4a/27 = W(4/3)"));
              return all;
            },
            Kernels::show),
        Arbitraries.of(pieces));
  }

  /** For a &lt; −3 the kernel exceeds 1: the amended range is best possible. */
  static Property<Keys> keysAboveOne() {
    return new Property<>(
        new StatedClaim<>("def-3.1", "amended",
            "For a < −3 the Keys kernel exceeds 1: with c = −a − 3 > 0, W(z) > 1 at z = c/(c+2) (random a)",
            kernel -> {
              BigFraction c = kernel.a().add(3).negate();
              return List.of(of(1).lessThan(of(kernel.at(c.divide(c.add(2)))), "1 < W(z)"));
            },
            kernel -> Map.of("a", ExactMatrix.of(1, 1, kernel.a()))),
        Tape.read(2, tape -> new Keys(new BigFraction(-tape.between(1, 40), tape.between(1, 8)).subtract(3))));
  }

  private static Keys keys(int a) {
    return new Keys(new BigFraction(a));
  }

  private static Piece integerPiece(Kernel kernel, int left) {
    return new Piece(kernel, new BigFraction(left), new BigFraction(left + 1));
  }

  private static List<Piece> pieces(Kernel kernel, int from, int to) {
    List<Piece> pieces = new ArrayList<>();
    for (int k = from; k < to; k++) {
      pieces.add(integerPiece(kernel, k));
    }
    return pieces;
  }

  private static BigFraction a(Piece piece) {
    if (piece.kernel instanceof Keys keys) {
      return keys.a();
    }
    throw new IllegalArgumentException("def-3.1: " + piece.kernel + " is not a Keys kernel");
  }

  /** The Bernstein coefficients in [least, most], and a fifth point on the cubic that they give. */
  private static List<Inequality> range(Piece piece, Expression least, Expression most) {
    Expression b = piece.bernstein();
    Expression middle = b.times(of(ExactMatrix.ofIntegers(4, 1, 1, 3, 3, 1))).scaledBy(of(new BigFraction(1, 8)));
    return List.of(
        least.broadcast(1, 4).atMost(b, "least value ≤ Bernstein coefficients of W"),
        b.atMost(most.broadcast(1, 4), "Bernstein coefficients of W ≤ largest value"),
        middle.equalTo(of(piece.kernel.at(piece.at(BigFraction.ONE_HALF))), "the cubic at 1/2 of the piece = W there"));
  }

  private static String text(BigFraction a) {
    return a.toString().replace(" ", "").replace("-", "−");
  }

  private static Map<String, ExactMatrix> show(Piece piece) {
    Map<String, ExactMatrix> shown = new LinkedHashMap<>();
    if (piece.kernel instanceof Keys keys) {
      shown.put("a", ExactMatrix.of(1, 1, keys.a()));
    }
    shown.put("ends of the piece", ExactMatrix.of(1, 2, piece.left, piece.right));
    shown.put("W at 0, 1/3, 2/3, 1 of it", piece.values());
    return shown;
  }
}
