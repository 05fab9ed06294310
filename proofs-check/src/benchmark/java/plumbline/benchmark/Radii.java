package plumbline.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import plumbline.benchmark.Report.Fact;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.spec.number.ExactMatrix;

/**
 * Radii of products in Ball(53) of exact doubles, against the bound of the rounding error of the product of midpoints:
 * k·2^−53·(|A||B|) for a sum of k products (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1, first-order).
 */
final class Radii {
  private Radii() {}

  /** For the products X W_Q and softmax(…)·V of the layer of target 3. */
  static List<Fact> measure() {
    InputFile layer = Inputs.attention(256, 64, 16);
    ExactMatrix x = layer.exact("X");
    ExactMatrix w = layer.exact("W_Q");
    Ball53Matrix q = Ball53.INSTANCE.lift(x).times(Ball53.INSTANCE.lift(w));
    Ball53Matrix k = Ball53.INSTANCE.lift(x).times(Ball53.INSTANCE.lift(layer.exact("W_K")));
    ExactMatrix shares = ExactMatrix.of(256, 256, q.times(k.transpose()).softmaxRows().midpoints());
    ExactMatrix values = ExactMatrix.of(256, 64, q.midpoints());
    List<Fact> facts = new ArrayList<>();
    facts.add(fact("X W_Q, 256×64 by 64×64", x, w));
    facts.add(fact("softmax by V, 256×256 by 256×64", shares, values));
    return facts;
  }

  private static Fact fact(String what, ExactMatrix left, ExactMatrix right) {
    double[] radii = Ball53.INSTANCE.lift(left).times(Ball53.INSTANCE.lift(right)).radii();
    double[] a = left.binary64();
    double[] b = right.binary64();
    double[] ratios = new double[radii.length];
    for (int e = 0; e < radii.length; e++) {
      double sum = 0;
      for (int k = 0; k < left.columns(); k++) {
        sum += Math.abs(a[e / right.columns() * left.columns() + k] * b[k * right.columns() + e % right.columns()]);
      }
      ratios[e] = radii[e] / (left.columns() * 0x1p-53 * sum);
    }
    return new Fact(3, "largest radius of an entry over the bound of its rounding error, " + what,
        List.of(Arrays.stream(ratios).max().orElseThrow()), "", 8.0, true);
  }
}
