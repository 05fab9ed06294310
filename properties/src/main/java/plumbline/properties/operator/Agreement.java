package plumbline.properties.operator;

import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.number.Apfloats;
import plumbline.reference.number.ApfloatMatrix;
import plumbline.reference.number.Ball;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.BallMatrix;
import plumbline.reference.number.Binary64;
import plumbline.reference.number.Binary64Matrix;
import plumbline.reference.number.Decimals;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.reference.operator.Evaluation;
import plumbline.spec.number.Certified;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.NotExactException;

/**
 * How the number systems agree on one evaluation.
 *
 * <p>With certainty: the enclosures {@code Ball(53)}, {@code Ball(128)} and {@code Ball(256)} of an entry share a point
 * and do not widen as precision grows, and an exact rational value lies in all three; {@code Binary64} returns a point of
 * {@code Ball(53)}, whose radius also covers binary64's own rounding. Apfloat promises nothing, so its second opinion at
 * {@value #DIGITS} digits is only asked to come within 10^−{@value #TRUSTED_DIGITS} of the finest enclosure, relative to the
 * largest entry.
 *
 * @param exact whether the evaluation is rational, so that the exact value took part
 * @param disagreements what does not agree, a line each; empty if all do
 */
public record Agreement(boolean exact, List<String> disagreements) {
  /** The finest enclosure. */
  public static final int BITS = 256;

  private static final int DIGITS = 50;
  private static final int TRUSTED_DIGITS = 30;
  private static final BigFraction UNBOUNDED = new BigFraction(BigInteger.TEN.pow(1000));

  /**
   * Evaluates a case in every number system and compares.
   *
   * @param secondOpinion whether apfloat takes part, which costs hundreds of times what the others do
   */
  public static Agreement of(OperatorCase drawn, boolean secondOpinion) {
    Evaluation evaluation = drawn.evaluation();
    Map<String, Ball53Matrix> coarse = evaluation.in(Ball53.INSTANCE);
    Map<String, BallMatrix> middle = evaluation.in(Ball.of(128));
    Map<String, BallMatrix> fine = evaluation.in(Ball.of(BITS));
    Map<String, Binary64Matrix> binary64 = evaluation.in(Binary64.INSTANCE);
    Map<String, ApfloatMatrix> apfloat = secondOpinion ? evaluation.in(Apfloats.of(DIGITS)) : null;
    Map<String, RationalMatrix> rational = rational(evaluation);
    List<String> disagreements = new ArrayList<>();
    for (String name : fine.keySet()) {
      Certified<?> finest = output(fine, name);
      List<Certified<?>> enclosures = new ArrayList<>(List.of(output(coarse, name), output(middle, name), finest));
      if (rational != null) {
        enclosures.add(output(rational, name));
      }
      ExactMatrix rounded = ExactMatrix.of(finest.rows(), finest.columns(), output(binary64, name).toArray());
      BigFraction scale = BigFraction.ONE;
      for (int e = 0; e < rounded.size(); e++) {
        BigFraction size = rounded.get(e).abs();
        scale = size.compareTo(scale) > 0 ? size : scale;
      }
      BigFraction trusted = scale.divide(BigInteger.TEN.pow(TRUSTED_DIGITS));
      for (int row = 0; row < finest.rows(); row++) {
        for (int column = 0; column < finest.columns(); column++) {
          String place = drawn.operator().id() + ": " + name + "(" + row + "," + column + ")";
          compare(place, enclosures, row, column, disagreements);
          require(enclosures.get(0).enclosure(row, column), rounded.get(row, column), place + " in binary64", disagreements);
          if (apfloat != null) {
            require(widened(finest.enclosure(row, column), trusted), Apfloats.exact(output(apfloat, name).get(row, column)),
                place + " in apfloat(" + DIGITS + ")", disagreements);
          }
        }
      }
    }
    return new Agreement(rational != null, List.copyOf(disagreements));
  }

  /** The exact outputs, or {@code null} if some step is not rational. */
  private static @Nullable Map<String, RationalMatrix> rational(Evaluation evaluation) {
    try {
      return evaluation.in(Rational.INSTANCE);
    } catch (NotExactException irrational) {
      return null;
    }
  }

  private static void compare(
      String place, List<Certified<?>> enclosures, int row, int column, List<String> disagreements) {
    for (int k = 1; k < enclosures.size(); k++) {
      Interval wide = enclosures.get(k - 1).enclosure(row, column);
      Interval narrow = enclosures.get(k).enclosure(row, column);
      for (int j = 0; j < k; j++) {
        if (!enclosures.get(j).enclosure(row, column).intersects(narrow)) {
          disagreements.add(place + " in " + enclosures.get(j).system().name() + " and " + enclosures.get(k).system().name()
              + ": " + Decimals.interval(enclosures.get(j).enclosure(row, column), 20) + " and " + Decimals.interval(narrow, 20));
        }
      }
      if (width(narrow).compareTo(width(wide)) > 0) {
        disagreements.add(place + " is wider in " + enclosures.get(k).system().name() + " than in "
            + enclosures.get(k - 1).system().name());
      }
    }
  }

  private static <M> M output(Map<String, M> outputs, String name) {
    M output = outputs.get(name);
    if (output == null) {
      throw new IllegalStateException("the output " + name + " is missing in some number system");
    }
    return output;
  }

  private static BigFraction width(Interval interval) {
    BigFraction lower = interval.lower();
    BigFraction upper = interval.upper();
    return lower == null || upper == null ? UNBOUNDED : upper.subtract(lower);
  }

  private static Interval widened(Interval interval, BigFraction by) {
    BigFraction lower = interval.lower();
    BigFraction upper = interval.upper();
    return new Interval(lower == null ? null : lower.subtract(by), upper == null ? null : upper.add(by));
  }

  private static void require(Interval enclosure, BigFraction value, String what, List<String> disagreements) {
    if (!enclosure.contains(value)) {
      disagreements.add(what + ": " + Decimals.scientific(value, 20, RoundingMode.HALF_EVEN) + " is outside "
          + Decimals.interval(enclosure, 20));
    }
  }
}
