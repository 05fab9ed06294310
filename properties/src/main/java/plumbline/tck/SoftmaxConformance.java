package plumbline.tck;

import java.util.Map;
import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import plumbline.properties.operator.OperatorCase;

/**
 * The softmax of each row (Definition B.1, {@code def-b.1}).
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public abstract class SoftmaxConformance<A> extends Conformance<A> {
  private static final int ROWS = 3;
  private static final int COLUMNS = 5;

  protected SoftmaxConformance() {
    super("def-b.1");
  }

  /** The implementation: the softmax of each row of a rows×columns matrix, the same shape. It may change {@code scores}. */
  protected abstract A softmax(A scores, int rows, int columns);

  @Override
  final A compute(OperatorCase inputs) {
    int[] shape = tensor(inputs, "z").shape();
    return softmax(array(inputs, "z"), shape[0], shape[1]);
  }

  private Computed of(String name, int rows, int columns, double... z) {
    return computed(name, inputs(Map.of(), "z", matrix(rows, columns, z)));
  }

  @Test
  public void required_defB1_entriesAreProbabilities() {
    Computed y = of("softmax", ROWS, COLUMNS, scaled(coarse(random(1), ROWS * COLUMNS), 4));
    for (int e = 0; e < y.size(); e++) {
      requireBetween("0 ≤ softmax ≤ 1", y, e, BigFraction.ZERO, BigFraction.ONE);
    }
  }

  @Test
  public void required_defB1_rowsSumToOne() {
    Computed y = of("softmax", ROWS, COLUMNS, scaled(coarse(random(2), ROWS * COLUMNS), 4));
    for (int row = 0; row < ROWS; row++) {
      BigFraction sum = BigFraction.ZERO;
      BigFraction allowed = BigFraction.ZERO;
      for (int e = row * COLUMNS; e < row * COLUMNS + COLUMNS; e++) {
        requireNumber("a probability", y, e);
        sum = sum.add(y.value(e));
        allowed = allowed.add(y.error(e));
      }
      requireAtMost("row " + row + " sums to " + sum.doubleValue(), sum.subtract(BigFraction.ONE).abs(), allowed);
    }
  }

  @Test
  public void required_defB1_shiftInvariance() {
    double[] z = coarse(random(3), ROWS * COLUMNS);
    requireEqual("softmax(z + 64) = softmax(z)", of("softmax(z)", ROWS, COLUMNS, z),
        of("softmax(z + 64)", ROWS, COLUMNS, sum(z, filled(z.length, 64))));
  }

  @Test
  public void required_defB1_permutationEquivariance() {
    double[] z = coarse(random(4), ROWS * COLUMNS);
    requireEqual("the order of scores does not matter", of("softmax(z)", ROWS, COLUMNS, z), 1,
        of("softmax(z reversed)", ROWS, COLUMNS, permuted(z, SoftmaxConformance::mirrored)), SoftmaxConformance::mirrored);
  }

  private static int mirrored(int e) {
    return e / COLUMNS * COLUMNS + COLUMNS - 1 - e % COLUMNS;
  }

  @Test
  public void required_defB1_largerScoresGetLargerProbabilities() {
    Computed y = of("softmax", 1, 6, -3, -1, 0, 0.5, 2, 5);
    for (int e = 1; e < y.size(); e++) {
      requireNumber("a probability", y, e);
      requireAtMost("y[0," + (e - 1) + "] ≤ y[0," + e + "]", y.value(e - 1).subtract(y.value(e)),
          y.error(e).add(y.error(e - 1)));
    }
  }

  @Test
  public void required_defB1_rowsAreIndependent() {
    double[] z = coarse(random(5), ROWS * COLUMNS);
    double[] other = z.clone();
    for (int e = COLUMNS; e < other.length; e++) {
      other[e] = 50 - e;
    }
    requireEqual("row 0 does not depend on the others", of("softmax(z)", ROWS, COLUMNS, z), 1,
        of("softmax(z with other rows)", ROWS, COLUMNS, other), e -> e < COLUMNS ? e : -1);
  }

  @Test
  public void required_defB1_oneScoreHasProbabilityOne() {
    requireConforming(of("one column", 3, 1, -200, 0, 200), "");
  }

  @Test
  public void required_defB1_largeScoresDoNotOverflow() {
    requireConforming(of("large scores", 2, 3, 30000, 30001, 29999, -30000, -29999, -30001),
        "; likely bug: exponentials of the scores themselves");
  }

  @Test
  public void stochastic_defB1_randomScores() {
    Random random = random(6);
    for (int k = 0; k < 40; k++) {
      int rows = 1 + random.nextInt(4);
      int columns = 1 + random.nextInt(20);
      requireConforming(of("random scores " + k, rows, columns, uniform(random, rows * columns, Math.scalb(1.0, random.nextInt(8) - 2))),
          "; -Dplumbline.seed=" + seed());
    }
  }

  @Test
  public void optional_defB1_nanStaysInItsRow() {
    optional(() -> {
      double[] y = numbers(softmax(array(new double[] {0, Double.NaN, 1, 2}), 2, 2));
      if (!Double.isNaN(y[0]) || !Double.isNaN(y[1]) || Double.isNaN(y[2]) || Double.isNaN(y[3])) {
        throw new AssertionFailedError("softmax of the rows (0, NaN) and (1, 2) is " + java.util.Arrays.toString(y));
      }
    });
  }

  @Test
  public void untested_defB1_otherMachines() {
    untested(OTHER_MACHINES);
  }
}
