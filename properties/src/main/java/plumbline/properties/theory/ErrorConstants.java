package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.properties.Property;
import plumbline.properties.StatedClaim;
import plumbline.properties.arbitrary.LipschitzFunction;
import plumbline.properties.arbitrary.Tape;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Interpolation.Reading;
import plumbline.reference.layer.Interpolation.Standard;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Kernel;
import plumbline.reference.var.ScaleSchedule;
import plumbline.spec.claim.Inequality;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;

/**
 * The constant of Theorem 5.6 ({@code thm-5.6}), C = Σ_{r=1}^{K} (1 + K_2)(K_1 K_2)^(K−r): errors of ε in every layer add up to at
 * most C ε. Exact rationals, and what ε a target error then needs of each layer.
 */
public final class ErrorConstants {
  /** An error of 1/256: one step of an 8-bit image on [0, 1]. */
  public static final BigFraction TARGET = new BigFraction(1, 256);

  /**
   * The constant for given Lipschitz constants.
   *
   * @param k1 K_1, of every f_r
   * @param k2 K_2, of every g_r
   * @param scales K
   * @param constant C
   * @param epsilon {@link #TARGET} / C: what each layer may err by
   */
  public record Row(BigFraction k1, BigFraction k2, int scales, BigFraction constant, BigFraction epsilon) {}

  /**
   * The constant for an up-interpolation at the ten scales of VAR, with K_2 given. f_1 is the identity of Definition 3.3.
   *
   * @param reading how Definition 3.2 is read
   * @param perScale the least Lipschitz constants of φ_up,2, …, φ_up,10 in the norm of the largest absolute entry
   * @param k1 the largest of them, at least 1: the K_1 of Assumption 5.2
   * @param sumNorm the least Lipschitz constants in the norm of the sum of absolute entries, which counts tokens (α = 1)
   * @param k2 K_2
   * @param constant C with this K_1
   * @param sharper Σ_r (1 + K_2) Π_{j&gt;r} K_1,j K_2, the same bound with each scale's own constant (Lemma 5.5)
   * @param epsilon {@link #TARGET} / C
   * @param sharperEpsilon {@link #TARGET} / sharper
   */
  public record ScaleRow(Reading reading, List<BigFraction> perScale, BigFraction k1, List<BigFraction> sumNorm, BigFraction k2,
      BigFraction constant, BigFraction sharper, BigFraction epsilon, BigFraction sharperEpsilon) {}

  /** Numbers of scales with Lipschitz constants. */
  record Case(int scales, BigFraction k1, BigFraction k2) {}

  /** An up-interpolation of maps of from×from pixels. */
  record Enlargement(Interpolation layer, int from) {

    /** The layer on one channel. */
    Expression apply(Expression x) {
      return layer.apply(new TokenMap<>(from, from, x)).tokens();
    }
  }

  private ErrorConstants() {}

  /** All properties. */
  static List<Property<?>> all() {
    return List.of(attained("literal"), attained("standard"), growsWithTokens(), closedForm());
  }

  /** C, by the geometric series: (1 + K_2)((K_1 K_2)^K − 1)/(K_1 K_2 − 1), or (1 + K_2) K where K_1 K_2 = 1. */
  public static BigFraction constant(BigFraction k1, BigFraction k2, int scales) {
    BigFraction ratio = k1.multiply(k2);
    BigFraction series = ratio.equals(BigFraction.ONE)
        ? new BigFraction(scales)
        : power(ratio, scales).subtract(BigFraction.ONE).divide(ratio.subtract(BigFraction.ONE));
    return k2.add(BigFraction.ONE).multiply(series);
  }

  /** Every pair of K_1 and K_2 from 1, 1.01, 1.1 and 2, at the ten scales of VAR. */
  public static List<Row> table() {
    List<BigFraction> values =
        List.of(BigFraction.ONE, new BigFraction(101, 100), new BigFraction(11, 10), BigFraction.TWO);
    int scales = ScaleSchedule.VAR.size();
    List<Row> rows = new ArrayList<>();
    for (BigFraction k1 : values) {
      for (BigFraction k2 : values) {
        BigFraction constant = constant(k1, k2, scales);
        rows.add(new Row(k1, k2, scales, constant, TARGET.divide(constant)));
      }
    }
    return List.copyOf(rows);
  }

  /** The up-interpolations in their literal and standard readings with the cubic B-spline and Keys a = −3/4, for K_2 = 1. */
  public static List<ScaleRow> scaleTable() {
    List<ScaleRow> rows = new ArrayList<>();
    for (Kernel kernel : List.of(Kernel.BSPLINE, Kernel.KEYS)) {
      rows.add(scaleRow(new Literal(kernel, 0, Boundary.REPLICATE), BigFraction.ONE));
      rows.add(scaleRow(new Standard(kernel), BigFraction.ONE));
    }
    return List.copyOf(rows);
  }

  /** The row of one reading and K_2. */
  public static ScaleRow scaleRow(Reading reading, BigFraction k2) {
    List<BigFraction> perScale = new ArrayList<>();
    List<BigFraction> sumNorm = new ArrayList<>();
    BigFraction k1 = BigFraction.ONE;
    for (int i = 1; i < ScaleSchedule.VAR.size(); i++) {
      // The matrix of φ_up is the Kronecker square of its axis, and so are its sums of absolute values.
      ExactMatrix axis = reading.axis(ScaleSchedule.VAR.get(i - 1).height(), ScaleSchedule.VAR.get(i).height());
      BigFraction rows = LipschitzFunction.rowSum(axis);
      BigFraction columns = LipschitzFunction.columnSum(axis);
      perScale.add(rows.multiply(rows));
      sumNorm.add(columns.multiply(columns));
      k1 = rows.multiply(rows).compareTo(k1) > 0 ? rows.multiply(rows) : k1;
    }
    BigFraction sum = BigFraction.ONE;
    BigFraction product = BigFraction.ONE;
    for (int j = perScale.size() - 1; j >= 0; j--) {
      product = product.multiply(perScale.get(j)).multiply(k2);
      sum = sum.add(product);
    }
    BigFraction sharper = sum.multiply(k2.add(BigFraction.ONE));
    BigFraction constant = constant(k1, k2, ScaleSchedule.VAR.size());
    return new ScaleRow(reading, List.copyOf(perScale), k1, List.copyOf(sumNorm), k2, constant, sharper, TARGET.divide(constant),
        TARGET.divide(sharper));
  }

  /** The geometric series is the sum, K_1 K_2 = 1 included. */
  static Property<Case> closedForm() {
    return new Property<>(
        new StatedClaim<>("thm-5.6", "amended",
            "The constant of the bound is Σ_r (1 + K_2)(K_1 K_2)^(K−r) = (1 + K_2)((K_1 K_2)^K − 1)/(K_1 K_2 − 1), and (1 + K_2) K where "
                + "K_1 K_2 = 1",
            c -> {
              Expression ratio = of(c.k1).scaledBy(of(c.k2));
              Expression sum = of(0);
              Expression term = of(1).plus(of(c.k2));
              for (int r = c.scales; r >= 1; r--) {
                sum = sum.plus(term);
                term = term.scaledBy(ratio);
              }
              return List.of(sum.equalTo(of(constant(c.k1, c.k2, c.scales)), "Σ_r (1 + K_2)(K_1 K_2)^(K−r) = closed form"));
            },
            c -> {
              Map<String, ExactMatrix> shown = new LinkedHashMap<>();
              shown.put("K", ExactMatrix.ofIntegers(1, 1, c.scales));
              shown.put("K_1", ExactMatrix.of(1, 1, c.k1));
              shown.put("K_2", ExactMatrix.of(1, 1, c.k2));
              return shown;
            }),
        Tape.read(6, tape -> {
          int scales = tape.between(1, 12);
          BigFraction k1 = tape.rational().abs();
          BigFraction k2 = tape.oneOf(BigFraction.ONE, BigFraction.TWO, new BigFraction(101, 100), tape.rational().abs());
          return tape.between(0, 3) == 3 ? new Case(scales, BigFraction.ONE.divide(k2.add(1)), k2.add(1)) : new Case(scales, k1, k2);
        }));
  }

  /** The K_1 of an up-interpolation that {@link ScaleRow} lists is the least: the signs of a row of weights attain it. */
  static Property<Enlargement> attained(String reading) {
    return new Property<>(
        new StatedClaim<>("def-3.2", reading,
            "The least Lipschitz constant of an up-interpolation in the norm of the largest absolute entry is the largest sum of "
                + "absolute weights of a pixel: some X attains it",
            e -> {
              ExactMatrix weights = e.layer.matrix(e.from, e.from);
              BigFraction k1 = LipschitzFunction.rowSum(weights);
              Expression result = e.apply(of(signs(weights, k1)));
              Inequality attained = of(k1).atMost(result.largestEntry(), "K_1 ‖X‖ ≤ ‖φ_up(X)‖");
              return List.of(attained);
            },
            ErrorConstants::show),
        Tape.read(6, tape -> {
          Reading any = reading.equals("standard")
              ? new Standard(TokenMaps.kernel(tape))
              : new Literal(TokenMaps.kernel(tape), tape.between(0, 1), tape.oneOf(Boundary.values()));
          int from = tape.between(1, 4);
          int to = from + tape.between(1, 3);
          return new Enlargement(new Interpolation(any, to, to), from);
        }));
  }

  /** The signs of the first row whose sum of absolute values is {@code sum}, as a column. */
  private static ExactMatrix signs(ExactMatrix weights, BigFraction sum) {
    for (int i = 0; i < weights.rows(); i++) {
      if (LipschitzFunction.rowSum(weights.rowRange(i, i + 1)).equals(sum)) {
        long[] signs = new long[weights.columns()];
        for (int j = 0; j < signs.length; j++) {
          signs[j] = weights.get(i, j).compareTo(BigFraction.ZERO) < 0 ? -1 : 1;
        }
        return ExactMatrix.ofIntegers(signs.length, 1, signs);
      }
    }
    throw new AssertionError("no row attains the largest sum");
  }

  /** A constant map stays constant and has more pixels: norms that add up over pixels grow, whatever the kernel. */
  static Property<Enlargement> growsWithTokens() {
    return new Property<>(
        new StatedClaim<>("def-3.2", "standard",
            "In the entrywise norm ‖·‖_α an up-interpolation from n to n' pixels has no Lipschitz constant below (n'/n)^(1/α): the map "
                + "of ones shows it, for α = 1 and 2",
            e -> {
              ExactMatrix ones = ExactMatrix.ones(e.from * e.from, 1);
              Expression result = e.apply(of(ones));
              BigFraction ratio = new BigFraction(e.layer.height() * e.layer.height(), e.from * e.from);
              return List.of(
                  of(ratio).scaledBy(of(ones).sumOfAbsolutes()).atMost(result.sumOfAbsolutes(), "(n'/n) ‖X‖_1 ≤ ‖φ_up(X)‖_1"),
                  of(ratio).scaledBy(of(ones).square().sum()).atMost(result.square().sum(), "(n'/n) ‖X‖_2² ≤ ‖φ_up(X)‖_2²"));
            },
            ErrorConstants::show),
        Tape.read(4, tape -> {
          int from = tape.between(1, 5);
          int to = from + tape.between(1, 3);
          return new Enlargement(new Interpolation(new Standard(TokenMaps.kernel(tape)), to, to), from);
        }));
  }

  private static Map<String, ExactMatrix> show(Enlargement e) {
    return Map.of("h, h'", ExactMatrix.ofIntegers(1, 2, e.from, e.layer.height()), "weights", e.layer.matrix(e.from, e.from));
  }

  private static BigFraction power(BigFraction base, int exponent) {
    BigFraction power = BigFraction.ONE;
    for (int k = 0; k < exponent; k++) {
      power = power.multiply(base);
    }
    return power;
  }
}
