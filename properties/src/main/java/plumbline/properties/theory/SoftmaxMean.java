package plumbline.properties.theory;

import static plumbline.properties.Expression.of;

import java.util.List;
import java.util.TreeMap;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Expression;
import plumbline.spec.number.ExactMatrix;

/**
 * The mean m(s; t) = Σ_i t_i e^(s t_i) / Σ_i e^(s t_i) of numbers under the softmax of their multiples. The Boltzmann
 * operator is boltz(a) = m(1; a), and rank-1 attention adds such means to its tokens.
 *
 * <p>Means that share their leading numbers agree to thousands of digits, but their difference can be written without
 * cancellation:
 * <pre>
 *   m(s; t) − m(s'; t') = Σ_e c_e e^(e) / (Σ_i e^(s t_i) · Σ_j e^(s' t'_j)),   c_e = Σ_{i,j : s t_i + s' t'_j = e} (t_i − t'_j),
 * </pre>
 * which is Σ_{i,j} (t_i − t'_j) e^(s t_i + s' t'_j) with terms of one exponent collected. Exponents and coefficients are
 * exact, so what cancels is gone before anything is rounded, and after e^(the largest e) is taken out the leading term is
 * a rational number other than 0. By the Lindemann–Weierstrass theorem the sum is 0 only if no term is left: any other
 * difference of such means is decided at some precision.
 *
 * @param scale s
 * @param values t, at least one number
 */
record SoftmaxMean(BigFraction scale, List<BigFraction> values) {

  /** m(s; t) − m(s'; t') as a formula free of cancellation, 1×1. */
  Expression minus(SoftmaxMean other) {
    TreeMap<BigFraction, BigFraction> terms = new TreeMap<>();
    for (BigFraction t : values) {
      for (BigFraction u : other.values) {
        terms.merge(scale.multiply(t).add(other.scale.multiply(u)), t.subtract(u), BigFraction::add);
      }
    }
    terms.values().removeIf(coefficient -> coefficient.equals(BigFraction.ZERO));
    if (terms.isEmpty()) {
      return of(0);
    }
    BigFraction top = terms.lastKey();
    Expression sum = row(terms.values().stream().toList())
        .hadamard(row(terms.keySet().stream().map(e -> e.subtract(top)).toList()).exp()).sum();
    Expression rest = of(top.subtract(peak()).subtract(other.peak())).exp();
    return sum.hadamard(rest).dividedBy(partition().hadamard(other.partition()));
  }

  /** The largest s t_i. */
  private BigFraction peak() {
    return values.stream().map(scale::multiply).max(BigFraction::compareTo).orElseThrow();
  }

  /** Σ_i e^(s t_i) / e^(the largest s t_i). */
  private Expression partition() {
    BigFraction peak = peak();
    return row(values.stream().map(t -> scale.multiply(t).subtract(peak)).toList()).exp().sum();
  }

  private static Expression row(List<BigFraction> numbers) {
    return of(ExactMatrix.of(1, numbers.size(), numbers.toArray(new BigFraction[0])));
  }
}
