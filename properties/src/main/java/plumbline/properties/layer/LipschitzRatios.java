package plumbline.properties.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.math3.analysis.MultivariateFunction;
import org.apache.commons.math3.exception.TooManyEvaluationsException;
import org.apache.commons.math3.fraction.BigFraction;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.decide.LipschitzConstant;
import plumbline.reference.layer.Attention;
import plumbline.reference.number.Ball;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.BallMatrix;
import plumbline.reference.number.Decimals;
import plumbline.spec.number.ExactMatrix;

/**
 * The least Lipschitz constant of attention ({@code def-b.3}) on growing cubes of inputs, between certified bounds: data for a
 * plot of the ratio ‖Attn(X) − Attn(Y)‖ / ‖X − Y‖ against the radius. The norm is the largest absolute entry.
 */
public final class LipschitzRatios {
  /** The enclosure is refined until it is this close to the ratio that was found, or {@link #MAX_BOXES} are used. */
  private static final BigFraction CLOSE = new BigFraction(65, 64);

  private static final int MAX_BOXES = 4096;
  private static final int FIRST_BOXES = 256;
  private static final int EVALUATIONS = 120;

  /** Bits of a ratio's enclosure and of the square root of a bound. */
  private static final Ball FINE = Ball.of(128);

  /**
   * Bounds of the least Lipschitz constant on the cube [−R, R]^(n×d).
   *
   * @param radius R
   * @param x an input of the cube
   * @param y another
   * @param lower a certified lower bound: the ratio at x and y is at least this
   * @param upper a certified upper bound, from enclosures of the Jacobian on {@code boxes} parts of the cube
   * @param boxes the number of parts
   * @param closedForm ω(1 + 2R²g), see {@link Lipschitz#attention()}
   * @param euclidean what the bound in Euclidean norms gives, of the order √n R², see {@link Smoothness#euclidean()}; times √(nd),
   *     since ‖Z‖ ≤ ‖Z‖_F ≤ √(nd) ‖Z‖
   */
  public record Row(BigFraction radius, ExactMatrix x, ExactMatrix y, BigFraction lower, BigFraction upper, int boxes,
      BigFraction closedForm, BigFraction euclidean) {}

  private LipschitzRatios() {}

  /** Two tokens of one number, unit weights, radii from 1/4 to 8. */
  public static List<Row> table() {
    ExactMatrix one = ExactMatrix.ones(1, 1);
    return table(new Attention(one, one, one), 2,
        Stream.of(1, 2, 3, 4, 6, 8, 12, 16, 24, 32).map(quarters -> new BigFraction(quarters, 4)).toList());
  }

  /**
   * One row for each radius; the same for the same arguments. The time grows quickly with the number of entries of an input.
   *
   * @param attention the layer, of d×d weights
   * @param tokens n, at least 1
   * @param radii positive
   */
  public static List<Row> table(Attention attention, int tokens, List<BigFraction> radii) {
    List<Row> rows = new ArrayList<>();
    for (BigFraction radius : radii) {
      rows.add(row(attention, tokens, radius));
    }
    return List.copyOf(rows);
  }

  private static Row row(Attention attention, int tokens, BigFraction radius) {
    int d = attention.wv().rows();
    ExactMatrix lower = constant(tokens, d, radius.negate());
    ExactMatrix upper = constant(tokens, d, radius);
    LipschitzConstant.Bound coarse = LipschitzConstant.onBox(attention, lower, upper, FIRST_BOXES);
    double[] start = new double[lower.size()];
    Arrays.setAll(start, e -> Decimals.approximate(coarse.lower().get(e).add(coarse.upper().get(e)).divide(2)));
    ExactMatrix[] pair = steepest(attention, tokens, d, Decimals.approximate(radius), start);
    BigFraction ratio = ratio(attention, pair[0], pair[1]);
    LipschitzConstant.Bound bound = LipschitzConstant.onBox(attention, lower, upper, MAX_BOXES, ratio.multiply(CLOSE));
    BigFraction square = Smoothness.euclideanSquare(attention, tokens, radius.multiply(radius).multiply(d)).multiply(tokens * d);
    return new Row(radius, pair[0], pair[1], ratio, finite(bound.constant()), bound.boxes(),
        Lipschitz.attentionConstant(attention, radius), finite(FINE.lift(square).sqrt().enclosure(0, 0).upper()));
  }

  private static BigFraction finite(@Nullable BigFraction value) {
    if (value == null) {
      throw new ArithmeticException("def-b.3: no finite bound at this size of weights and radius");
    }
    return value;
  }

  private static ExactMatrix constant(int rows, int columns, BigFraction value) {
    BigFraction[] values = new BigFraction[rows * columns];
    Arrays.fill(values, value);
    return ExactMatrix.of(rows, columns, values);
  }

  /** A certified lower bound of ‖f(X) − f(Y)‖ / ‖X − Y‖. */
  private static BigFraction ratio(Attention attention, ExactMatrix x, ExactMatrix y) {
    BallMatrix change = attention.apply(FINE.lift(x)).minus(attention.apply(FINE.lift(y))).abs();
    BallMatrix distance = FINE.lift(x).minus(FINE.lift(y)).abs();
    BallMatrix ratio = largest(change).dividedBy(largest(distance));
    return finite(ratio.enclosure(0, 0).lower());
  }

  private static BallMatrix largest(BallMatrix matrix) {
    return matrix.reshape(1, matrix.rows() * matrix.columns()).maxOfRows();
  }

  /**
   * Two points of the cube between which attention changes fast, found in floating point: Nelder and Mead look for the largest row
   * sum of the Jacobian from the given start and from some faces, and the points lie to both sides of it, along the signs of the row.
   */
  private static ExactMatrix[] steepest(Attention attention, int n, int d, double radius, double[] start) {
    double step = radius * 0x1p-13;
    MultivariateFunction slope = x -> rowSum(attention, n, d, clamped(x, radius - step)).sum;
    double[] best = clamped(start, radius - step);
    List<double[]> starts = new ArrayList<>(List.of(best));
    for (int e = 0; e < n * d; e++) {
      double[] face = new double[n * d];
      face[e] = radius;
      starts.add(face);
    }
    for (double[] from : starts) {
      double[] found = climb(slope, from, radius);
      best = slope.value(found) > slope.value(best) ? clamped(found, radius - step) : best;
    }
    double[] signs = rowSum(attention, n, d, best).signs;
    double[] x = new double[best.length];
    double[] y = new double[best.length];
    for (int e = 0; e < best.length; e++) {
      x[e] = best[e] - signs[e] * step;
      y[e] = best[e] + signs[e] * step;
    }
    return new ExactMatrix[] {ExactMatrix.of(n, d, clamped(x, radius)), ExactMatrix.of(n, d, clamped(y, radius))};
  }

  private static double[] climb(MultivariateFunction slope, double[] from, double radius) {
    double[][] best = {from};
    double[] most = {slope.value(from)};
    MultivariateFunction remembering = x -> {
      double value = slope.value(x);
      if (value > most[0]) {
        most[0] = value;
        best[0] = x.clone();
      }
      return value;
    };
    try {
      new SimplexOptimizer(1e-9, 1e-12).optimize(new MaxEval(EVALUATIONS), new ObjectiveFunction(remembering), GoalType.MAXIMIZE,
          new InitialGuess(from), new NelderMeadSimplex(from.length, radius / 16));
    } catch (TooManyEvaluationsException enough) {
      return best[0];
    }
    return best[0];
  }

  /** The largest absolute row sum of the Jacobian at a point, rounded, and the signs of that row. */
  private record RowSum(double sum, double[] signs) {}

  private static RowSum rowSum(Attention attention, int n, int d, double[] x) {
    ExactMatrix point = ExactMatrix.of(n, d, x);
    Ball53Matrix jacobian = LipschitzConstant.jacobian(attention, point, point);
    RowSum largest = new RowSum(-1, new double[x.length]);
    for (int i = 0; i < jacobian.rows(); i++) {
      double sum = 0;
      double[] signs = new double[x.length];
      for (int k = 0; k < x.length; k++) {
        double entry = Decimals.midpoint(jacobian.enclosure(i, k));
        sum += Math.abs(entry);
        signs[k] = Math.signum(entry);
      }
      largest = sum > largest.sum ? new RowSum(sum, signs) : largest;
    }
    return largest;
  }

  private static double[] clamped(double[] x, double radius) {
    double[] inside = new double[x.length];
    Arrays.setAll(inside, e -> Math.max(-radius, Math.min(radius, x[e])));
    return inside;
  }
}
