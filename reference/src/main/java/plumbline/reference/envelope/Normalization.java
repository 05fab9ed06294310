package plumbline.reference.envelope;

import static plumbline.reference.number.Directed.addUp;
import static plumbline.reference.number.Directed.divUp;
import static plumbline.reference.number.Directed.mulUp;
import static plumbline.reference.number.Directed.subDown;

import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.Directed;
import plumbline.reference.number.Rounding;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.rounding.Down;
import plumbline.spec.rounding.Up;

/**
 * The errors of layer normalization (Definition C.9, {@code def-c.9}), row by row, for the algorithms that a {@link Model}
 * allows. In the notation of the proofs: x_j the c entries of a row, e_j their errors, μ the mean, c_j = x_j − μ, V the variance,
 * δ_j = x_j' − x_j; a hat marks what an implementation computes.
 *
 * <p><b>Inputs.</b> V(x') = mean (c_j + δ_j − mean δ)², so |V(x') − V| ≤ 2 mean |c_j|e_j + mean e_j².
 *
 * <p><b>Mean.</b> A sum in any order and a division: |μ̂ − μ(x')| ≤ m = γ mean |x'|. An update M_n = (n_A M_A + n_B M_B)/n, computed
 * as M_A + (M_B − M_A) n_B/n with n_B ≤ n_A, passes on a convex combination of the errors so far and rounds by at most
 * u|M| + 4u|M_B − M_A| n_B/n. In the mean of n entries, the rounding at a node of the tree has weight (entries below it)/n, and
 * (entries)·|M| ≤ Σ |x'| over them: the first parts sum to at most u Σ |x'| for a path of n nodes. Along a path Σ n_B/n ≤ ln n,
 * since each merge multiplies the number of entries by 1/(1 − n_B/n): the second parts sum to at most 8u ln n max |x'|. So
 * |M̂ − M| ≤ E = u(Σ |x'| + 8 ln c max |x'|)(1 + γ) for all sets that occur.
 *
 * <p><b>Variance</b> of x'. <i>Two passes</i>: d̂_j = c_j' − (μ̂ − μ') + r_j with |r_j| ≤ u|d_j|, and Σ c_j' = 0, so mean d̂² is off
 * by at most 2 mean |c_j'|r_j + mean (m + r_j)². <i>One pass</i>: mean x'² − μ̂² is off by γ mean x'² + m(2|μ'| + m) and the roundings
 * of μ̂² and of the difference. <i>Updates</i>: cV = Σ w δ² over the merges, δ = M_B − M_A and w = n_A n_B/n; with δ̂ off by 2E,
 * Σ w(4E|δ| + 4E²), where Σ w|δ| ≤ √(Σ w)√(cV) and Σ w ≤ Σ min(n_A, n_B) ≤ (c/2) log₂ c or, one by one, ≤ c; so V is off by at
 * most 4Eσ√L + 4E²L with L = 1 + log₂(c)/2. All then sum nonnegative terms with a relative error γ.
 *
 * <p><b>Result.</b> ŝ = √(V̂ + ε) with a relative error θ, and (x − μ̂)/ŝ, (x − μ̂)·(1/ŝ) or x·(1/ŝ) − μ̂·(1/ŝ): the numerator is
 * off by e_j + |μ̂ − μ| and its roundings, those of the last form relative to |x_j| + |μ|.
 */
final class Normalization {
  private final Envelope system;
  private final Model model;
  private final int n;
  private final int c;
  private final @Up double[] x;
  private final @Up double[] given;
  private final @Up double[] centred;
  private final @Up double[] mean;
  private final @Up double[] variance;
  /** Bounds of V + ε from below. */
  private final @Down double[] leastSum;
  private final @Up double epsilon;
  private final @Down double leastEpsilon;

  private final @Up double[] inputNorms;
  private final @Up double[] errors;
  private final @Up double[] norms;

  /**
   * @param exact the rows
   * @param given errors of entries
   * @param inputNorms norms of the errors of rows
   */
  Normalization(Envelope system, Ball53Matrix exact, @Up double[] given, @Up double[] inputNorms, BigFraction epsilon) {
    this.system = system;
    this.model = system.model();
    this.n = exact.rows();
    this.c = exact.columns();
    this.given = given;
    this.inputNorms = inputNorms;
    this.errors = new @Up double[n * c];
    this.norms = new @Up double[n];
    this.epsilon = Rounding.up(epsilon);
    this.leastEpsilon = Rounding.down(epsilon);
    Ball53Matrix count = Ball53.INSTANCE.lift(ExactMatrix.ofIntegers(1, 1, c)).broadcast(n, 1);
    Ball53Matrix mu = exact.sumOfRows().dividedBy(count);
    Ball53Matrix differences = exact.minus(mu.broadcast(n, c));
    Ball53Matrix spread = differences.square().sumOfRows().dividedBy(count);
    Ball53Matrix sum = spread.plus(Ball53.INSTANCE.lift(ExactMatrix.of(1, 1, epsilon)).broadcast(n, 1));
    x = sizes(exact);
    centred = sizes(differences);
    mean = sizes(mu);
    variance = sizes(spread);
    double[] mid = sum.midpoints();
    @Up double[] rad = sum.radii();
    leastSum = new @Down double[n];
    for (int i = 0; i < n; i++) {
      leastSum[i] = subDown(mid[i], rad[i]);
    }
  }

  private static @Up double[] sizes(Ball53Matrix matrix) {
    double[] mid = matrix.midpoints();
    @Up double[] size = matrix.radii();
    for (int e = 0; e < mid.length; e++) {
      size[e] = addUp(Math.abs(mid[e]), size[e]);
    }
    return size;
  }

  /** Computes all bounds. */
  void run() {
    @Up double[] roundings = new @Up double[c];
    for (int i = 0; i < n; i++) {
      row(i, true, errors, i * c);
      row(i, false, roundings, 0);
      @Up double input = inputChange(i);
      norms[i] = addUp(input, Norms.rows(roundings, 1, c)[0]);
      for (int j = 0; j < c; j++) {
        @Up double apart = addUp(input, roundings[j]);
        errors[i * c + j] = apart < errors[i * c + j] ? apart : errors[i * c + j];
      }
    }
  }

  /**
   * The derivative of (x − μ)/s is the projection along 1, less that along the result by the share V/s², divided by s: at most 1/s in
   * norm. On the way from x to x', √V changes by at most N/√c where N is the norm of x' − x; so the result changes by at most N
   * divided by the least s on the way.
   */
  private @Up double inputChange(int i) {
    if (inputNorms[i] == 0) {
      return 0;
    }
    // The least √V is √(leastSum − ε); leastSum and ε are added and subtracted downward.
    @Down double leastVariance = Directed.subDown(leastSum[i], epsilon);
    @Down double deviation = subDown(Directed.sqrtDown(leastVariance), divUp(inputNorms[i], Directed.sqrtDown(c)));
    @Down double kept = deviation > 0 ? Directed.mulDown(deviation, deviation) : 0;
    @Down double least = Directed.sqrtDown(Directed.addDown(kept, leastEpsilon));
    return least > 0 ? divUp(inputNorms[i], least) : Directed.UNBOUNDED;
  }

  /** The error bounds, n×c. */
  @Up double[] errors() {
    return errors;
  }

  /** The norms of the errors of each row. */
  @Up double[] norms() {
    return norms;
  }

  /**
   * The errors of one row.
   *
   * @param fromExact whether against the result on the exact inputs, or on what was read for them: then inputs have no errors, but
   *     are only known to be as close to the exact ones as their errors say
   */
  private void row(int i, boolean fromExact, @Up double[] errors, int at) {
    @Up double u = system.roundoff();
    @Up double tiny = addUp(system.underflow(), system.accumulationUnderflow());
    int start = i * c;
    @Up double sizes = 0; // Σ |x'|
    @Up double squares = 0; // Σ x'²
    @Up double largest = 0;
    @Up double inputs = 0; // Σ e
    @Up double inputSpread = 0; // Σ 2|c|e + e²
    for (int e = start; e < start + c; e++) {
      @Up double size = addUp(x[e], given[e]);
      sizes = addUp(sizes, size);
      squares = addUp(squares, mulUp(size, size));
      largest = size > largest ? size : largest;
      inputs = addUp(inputs, given[e]);
      inputSpread = addUp(inputSpread, mulUp(given[e], addUp(mulUp(2, centred[e]), given[e])));
    }
    if (!(mulUp(squares, 4) <= model.accumulation().largest() && mulUp(sizes, 4) <= model.storage().largest())) {
      fill(errors, at, Directed.UNBOUNDED);
      return;
    }
    @Up double meanInput = divUp(inputs, c);
    int depth = model.summation().depth(c);
    int quotientRoundings = 2 + (int) Math.ceil(2 * model.division());
    // Sums are accumulated; what they are divided to is computed and kept in the storage format.
    @Up double stored = system.gamma(quotientRoundings + 2);
    @Up double meanGamma = product(system.sumGamma(depth), stored);
    @Up double m = addUp(mulUp(meanGamma, divUp(sizes, c)), mulUp(4, tiny));
    boolean updates = model.variance() != Model.Variance.TWO_PASS;
    int levels = 1 + (32 - Integer.numberOfLeadingZeros(c));
    // ln c < 0.7 log₂ c; γ covers that later roundings multiply earlier ones.
    @Up double perRounding = mulUp(system.sumGamma(1), addUp(1, system.sumGamma(c + 8 * levels)));
    @Up double updated = addUp(addUp(mulUp(perRounding, addUp(sizes, mulUp(mulUp(5.6, levels), largest))),
        mulUp(stored, largest)), mulUp(4.0 * c, tiny));
    @Up double meanRounding = updates && updated > m ? updated : m;
    @Up double meanError = fromExact ? addUp(meanInput, meanRounding) : meanRounding;

    @Up double sumGamma = product(system.sumGamma((updates ? Math.max(depth, c) : depth) + 8), stored);
    @Up double inputsMoveVariance = divUp(inputSpread, c);
    @Up double fromInputs = fromExact ? inputsMoveVariance : 0;
    @Up double trueVariance = addUp(variance[i], inputsMoveVariance);
    // What the result is compared with has a variance of at least this, and that plus ε at least this.
    @Up double moved = fromExact ? 0 : inputsMoveVariance;
    @Down double leastReference = subDown(leastSum[i], moved);
    @Up double spreadError = twoPass(start, meanInput, m, u, tiny);
    if (model.variance().compareTo(Model.Variance.WELFORD) >= 0) {
      spreadError = larger(spreadError, byUpdates(trueVariance, updated, levels));
    }
    if (model.variance() == Model.Variance.ONE_PASS) {
      spreadError = larger(spreadError, onePass(divUp(squares, c), addUp(mean[i], meanInput), m, sumGamma));
    }
    @Up double computedVariance = addUp(trueVariance, spreadError);
    @Up double varianceError = addUp(fromInputs, addUp(spreadError, mulUp(addUp(sumGamma, mulUp(2, u)), computedVariance)));
    @Up double sumError = addUp(addUp(varianceError, mulUp(8, tiny)),
        mulUp(mulUp(2, u), addUp(addUp(trueVariance, epsilon), varianceError)));

    @Down double leastComputed = subDown(leastReference, sumError);
    if (!(leastComputed > 0)) {
      fill(errors, at, Directed.UNBOUNDED);
      return;
    }
    // |√W' − √W|/√W = |W' − W|/(√W(√W' + √W))
    @Down double root = Directed.sqrtDown(leastReference);
    @Down double divisor = Directed.mulDown(root, Directed.addDown(root, Directed.sqrtDown(leastComputed)));
    @Up double ratio = divUp(sumError, divisor);
    @Up double rootError = addUp(ratio, mulUp(addUp(1, ratio), mulUp(addUp(mulUp(2, model.squareRoot()), 2), u)));
    if (!(rootError < 0.5)) {
      fill(errors, at, Directed.UNBOUNDED);
      return;
    }
    @Up double theta = addUp(divUp(rootError, subDown(1, rootError)),
        mulUp(addUp(mulUp(4, model.division()), 8), u));
    for (int e = start; e < start + c; e++) {
      // |x_j − μ| of what the result is compared with
      @Up double centredSize = fromExact ? centred[e] : addUp(centred[e], addUp(given[e], meanInput));
      @Up double numerator = fromExact ? addUp(given[e], meanError) : meanError;
      @Up double roundings = mulUp(u, addUp(centredSize, numerator));
      if (updates) {
        roundings = addUp(roundings,
            mulUp(mulUp(3, u), addUp(addUp(x[e], given[e]), addUp(mean[i], addUp(meanInput, meanError)))));
      }
      numerator = addUp(numerator, roundings);
      @Up double scaled = addUp(numerator, mulUp(addUp(centredSize, numerator), theta));
      errors[at + e - start] = addUp(divUp(scaled, root), mulUp(mulUp(8, tiny), addUp(1, divUp(1, root))));
    }
  }

  private @Up double twoPass(int start, @Up double meanInput, @Up double m, @Up double u, @Up double tiny) {
    @Up double sum = 0;
    for (int e = start; e < start + c; e++) {
      @Up double computed = addUp(centred[e], addUp(given[e], meanInput));
      @Up double rounding = addUp(mulUp(u, addUp(computed, m)), tiny);
      @Up double shift = addUp(m, rounding);
      sum = addUp(sum, addUp(mulUp(mulUp(2, computed), rounding), mulUp(shift, shift)));
    }
    return divUp(sum, c);
  }

  private static @Up double byUpdates(@Up double variance, @Up double updated, int levels) {
    @Up double l = addUp(1, divUp(levels, 2));
    @Up double linear = mulUp(mulUp(4, updated), mulUp(Directed.sqrtUp(variance), Directed.sqrtUp(l)));
    return addUp(linear, mulUp(mulUp(4, mulUp(updated, updated)), l));
  }

  private @Up double onePass(@Up double meanSquare, @Up double mu, @Up double m, @Up double sumGamma) {
    @Up double computedMean = addUp(mu, m);
    @Up double squared = addUp(mulUp(m, addUp(mu, computedMean)), mulUp(mulUp(2, system.roundoff()), mulUp(computedMean, computedMean)));
    return addUp(mulUp(addUp(sumGamma, mulUp(2, system.roundoff())), meanSquare), squared);
  }

  private void fill(@Up double[] errors, int start, @Up double value) {
    for (int e = start; e < start + c; e++) {
      errors[e] = value;
    }
  }

  /** (1 + a)(1 + b) − 1. */
  private static @Up double product(@Up double a, @Up double b) {
    return addUp(addUp(a, b), mulUp(a, b));
  }

  private static @Up double larger(@Up double a, @Up double b) {
    return a > b ? a : b;
  }
}
