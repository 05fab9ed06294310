package plumbline.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Statistics of what was measured. */
final class Samples {
  private Samples() {}

  /** The middle one, or the mean of the two in the middle. */
  static double median(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no samples");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  static double least(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  static double largest(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  /**
   * The middle one of the ratios of samples that were taken in turns. Where one side had fewer turns, the ratio of the middle
   * samples.
   */
  static double ratio(List<Double> above, List<Double> below) {
    return above.size() == below.size()
        ? median(IntStream.range(0, above.size()).mapToObj(k -> above.get(k) / below.get(k)).toList())
        : median(above) / median(below);
  }

  /** The median distance from the median, as a share of it. */
  static double spread(List<Double> values) {
    double median = median(values);
    return median(values.stream().map(value -> Math.abs(value - median)).toList()) / median;
  }

  /** Slope of the straight line through points (log x, log y) that has the least squares. */
  static double exponent(double[] x, double[] y) {
    double[] u = Arrays.stream(x).map(Math::log).toArray();
    double[] v = Arrays.stream(y).map(Math::log).toArray();
    double meanU = Arrays.stream(u).average().orElseThrow();
    double meanV = Arrays.stream(v).average().orElseThrow();
    double above = 0;
    double below = 0;
    for (int k = 0; k < u.length; k++) {
      above += (u[k] - meanU) * (v[k] - meanV);
      below += (u[k] - meanU) * (u[k] - meanU);
    }
    return above / below;
  }
}
