package plumbline.reference.number;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;

/**
 * For any doubles in the inputs, what Binary64 returns lies in what Ball53 returns: with this of every primitive, the
 * enclosure of a layer bounds binary64's rounding error in it.
 */
class Ball53EnclosesBinary64Test {
  private static final int TRIALS = 3000;
  private final Random random = new Random(64);

  /** A ball matrix and doubles that lie in it. */
  private record Sample(Ball53Matrix balls, Binary64Matrix points) {}

  private double number(int range) {
    double value = random.nextInt(8) == 0 ? random.nextInt(9) - 4 : random.nextDouble() * 2 - 1;
    return Math.scalb(value, random.nextInt(2 * range + 1) - range);
  }

  /** Points with a width of some ulps, of half their size, or none. */
  private Sample sample(int rows, int columns, int range) {
    double[] mid = new double[rows * columns];
    double[] rad = new double[mid.length];
    double[] points = new double[mid.length];
    for (int e = 0; e < mid.length; e++) {
      double center = number(range);
      double width = switch (random.nextInt(3)) {
        case 0 -> 0;
        case 1 -> random.nextInt(5) * Math.ulp(center);
        default -> Math.abs(center) / 2;
      };
      mid[e] = center;
      rad[e] = width;
      double point = center + width * (random.nextDouble() * 2 - 1);
      points[e] = Math.abs(point - center) <= width ? point : center;
    }
    return new Sample(Ball53Matrix.normal(rows, columns, mid, rad), Binary64Matrix.of(rows, columns, points));
  }

  private static void assertEncloses(Sample sample) {
    for (int i = 0; i < sample.balls.rows(); i++) {
      for (int j = 0; j < sample.balls.columns(); j++) {
        double value = sample.points.get(i, j);
        if (Double.isFinite(value)) {
          Interval enclosure = sample.balls.enclosure(i, j);
          assertTrue(enclosure.contains(ExactMatrix.fraction(value)),
              () -> value + " is outside " + Decimals.interval(enclosure, 20));
        }
      }
    }
  }

  private void checkUnary(int rows, int columns, int range, UnaryOperator<Ball53Matrix> balls, UnaryOperator<Binary64Matrix> rounded) {
    for (int t = 0; t < TRIALS; t++) {
      Sample x = sample(rows, columns, range);
      assertEncloses(new Sample(balls.apply(x.balls), rounded.apply(x.points)));
    }
  }

  private void checkBinary(int range, BinaryOperator<Ball53Matrix> balls, BinaryOperator<Binary64Matrix> rounded) {
    for (int t = 0; t < TRIALS; t++) {
      Sample x = sample(2, 2, range);
      Sample y = sample(2, 2, range);
      assertEncloses(new Sample(balls.apply(x.balls, y.balls), rounded.apply(x.points, y.points)));
    }
  }

  @Test
  void sumsAndDifferences() {
    for (int range : new int[] {2, 60, 1020}) {
      checkBinary(range, Ball53Matrix::plus, Binary64Matrix::plus);
      checkBinary(range, Ball53Matrix::minus, Binary64Matrix::minus);
    }
  }

  @Test
  void entrywiseProductsSquaresAndQuotients() {
    for (int range : new int[] {2, 60, 1020}) {
      checkBinary(range, Ball53Matrix::hadamard, Binary64Matrix::hadamard);
      checkBinary(range, Ball53Matrix::dividedBy, Binary64Matrix::dividedBy);
      checkUnary(2, 2, range, Ball53Matrix::square, Binary64Matrix::square);
    }
  }

  @Test
  void matrixProducts() {
    for (int range : new int[] {2, 60, 540}) {
      for (int t = 0; t < TRIALS; t++) {
        int inner = 1 + random.nextInt(9);
        Sample x = sample(2, inner, range);
        Sample y = sample(inner, 2, range);
        assertEncloses(new Sample(x.balls.times(y.balls), x.points.times(y.points)));
      }
    }
  }

  @Test
  void functions() {
    checkUnary(2, 2, 9, Ball53Matrix::exp, Binary64Matrix::exp);
    for (int range : new int[] {2, 6, 1020}) {
      checkUnary(2, 2, range, Ball53Matrix::sigmoid, Binary64Matrix::sigmoid);
      checkUnary(2, 2, range, Ball53Matrix::tanh, Binary64Matrix::tanh);
      checkUnary(2, 2, range, Ball53Matrix::erf, Binary64Matrix::erf);
    }
    checkUnary(2, 2, 1020, x -> x.abs().log(), x -> x.abs().log());
    checkUnary(2, 2, 1020, x -> x.abs().sqrt(), x -> x.abs().sqrt());
    checkUnary(2, 2, 1020, Ball53Matrix::relu, Binary64Matrix::relu);
    checkUnary(2, 3, 1020, Ball53Matrix::maxOfRows, Binary64Matrix::maxOfRows);
  }

  @Test
  void softmax() {
    for (int range : new int[] {0, 3, 9}) {
      for (int columns : new int[] {1, 2, 3, 17}) {
        checkUnary(1, columns, range, Ball53Matrix::softmaxRows, Binary64Matrix::softmaxRows);
      }
    }
  }

  /** Scores without radii, where the enclosure of the exact value is narrowest. */
  @Test
  void softmaxOfExactScores() {
    for (int t = 0; t < TRIALS; t++) {
      double[] scores = new double[2 + random.nextInt(30)];
      for (int j = 0; j < scores.length; j++) {
        scores[j] = number(6);
      }
      Binary64Matrix points = Binary64Matrix.of(1, scores.length, scores);
      assertEncloses(new Sample(Ball53Matrix.exact(1, scores.length, scores.clone()).softmaxRows(), points.softmaxRows()));
    }
  }
}
