package plumbline.reference.envelope;

import static plumbline.reference.number.Directed.addUp;
import static plumbline.reference.number.Directed.divUp;
import static plumbline.reference.number.Directed.mulUp;
import static plumbline.reference.number.Directed.subDown;

import java.util.Arrays;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.Directed;
import plumbline.reference.number.Magnitudes;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;
import plumbline.spec.rounding.Down;
import plumbline.spec.rounding.Up;

/**
 * A matrix of exact results, enclosed, and of the errors that an implementation may make in them; see {@link Envelope}.
 *
 * <p>Notation of the proofs: v the exact entry, |v| an upper bound of its size, e its error bound, v' what some implementation
 * has there, so |v' − v| ≤ e and |v'| ≤ |v| + e. What a primitive makes of operands v' before it rounds is at most some
 * "propagated" error away from the exact result; {@link #rounded} adds the rounding.
 */
public final class EnvelopeMatrix implements Matrix<EnvelopeMatrix> {
  private final Envelope system;
  private final Ball53Matrix exact;
  /** {@code null} where no entry has an error. */
  private final @Up double @Nullable [] error;
  private final @Nullable String cause;

  private EnvelopeMatrix(Envelope system, Ball53Matrix exact, @Up double @Nullable [] error, @Nullable String cause) {
    this.system = system;
    this.exact = exact;
    this.error = error;
    this.cause = cause;
  }

  /** Exact numbers, each rounded to the storage format. */
  static EnvelopeMatrix rounded(Envelope system, Ball53Matrix exact) {
    @Up double[] none = new @Up double[exact.rows() * exact.columns()];
    return rounded(system, "conversion to " + system.model().storage().word(), exact, none, system.roundoff(), null);
  }

  /** Encloses the exact result on the exact inputs, entry by entry. */
  public Ball53Matrix exact() {
    return exact;
  }

  /** Bounds of |t − v| for every t that a conforming implementation may return; row-major, +∞ for no bound. Copied. */
  public @Up double[] error() {
    @Up double[] copy = new @Up double[rows() * columns()];
    if (error != null) {
      System.arraycopy(error, 0, copy, 0, copy.length);
    }
    return copy;
  }

  /** The first primitive on the way here whose errors were as large as its results, or {@code null} if none was. */
  public @Nullable String cause() {
    return cause;
  }

  /**
   * The errors of correctly rounded results, or results with a relative error of {@code relative}: what is propagated to |v' − v|
   * before rounding, then relative·|v'| + η. Operands without error whose exact result is a number of the format are not rounded.
   * Beyond the largest number anything may be returned.
   */
  private static EnvelopeMatrix rounded(Envelope system, String primitive, Ball53Matrix exact, @Up double[] propagated,
      @Up double relative, @Nullable String cause) {
    Format storage = system.model().storage();
    boolean flushing = system.model().flushing();
    double[] mid = exact.midpoints();
    @Up double[] rad = exact.radii();
    @Up double[] error = new @Up double[mid.length];
    for (int e = 0; e < mid.length; e++) {
      boolean representable = rad[e] == 0 && storage.holds(mid[e])
          && (mid[e] == 0 || !flushing || Math.abs(mid[e]) >= storage.leastNormal());
      if (propagated[e] == 0 && representable) {
        continue;
      }
      @Up double size = addUp(addUp(Math.abs(mid[e]), rad[e]), propagated[e]);
      error[e] = size <= storage.roundsToFinite()
          ? addUp(propagated[e], addUp(mulUp(relative, size), system.underflow()))
          : Directed.UNBOUNDED;
    }
    return of(system, primitive, exact, error, cause);
  }

  /** Keeps the array, or drops it where it is zero; notes the primitive if its errors are as large as its results. */
  private static EnvelopeMatrix of(Envelope system, String primitive, Ball53Matrix exact, @Up double[] error,
      @Nullable String cause) {
    double[] mid = exact.midpoints();
    double largest = 0;
    double worst = 0;
    for (int e = 0; e < error.length; e++) {
      worst = Math.max(worst, error[e]);
      largest = Math.max(largest, Math.abs(mid[e]));
    }
    if (worst == 0) {
      return new EnvelopeMatrix(system, exact, null, cause);
    }
    if (cause == null && (worst > Double.MAX_VALUE || (worst >= largest && largest > system.underflow()))) {
      cause = primitive + " of " + exact.rows() + "×" + exact.columns() + " entries: "
          + (worst > Double.MAX_VALUE ? "nothing bounds what may be returned" : "errors may be as large as the results");
    }
    return new EnvelopeMatrix(system, exact, error, cause);
  }

  private @Nullable String cause(EnvelopeMatrix other) {
    return cause != null ? cause : other.cause;
  }

  /** The errors of operands: an implementation that flushes may read a subnormal number as zero. */
  private @Up double[] given() {
    @Up double[] given = error();
    if (system.model().flushing()) {
      @Up double least = system.model().storage().leastNormal();
      double[] mid = exact.midpoints();
      @Up double[] rad = exact.radii();
      for (int e = 0; e < given.length; e++) {
        boolean zero = mid[e] == 0 && rad[e] == 0 && given[e] == 0;
        if (!zero && subDown(Math.abs(mid[e]), addUp(rad[e], given[e])) < least) {
          given[e] = addUp(given[e], least);
        }
      }
    }
    return given;
  }

  /** Upper bounds of |v|. */
  private static @Up double[] sizes(Ball53Matrix matrix) {
    double[] mid = matrix.midpoints();
    @Up double[] size = matrix.radii();
    for (int e = 0; e < mid.length; e++) {
      size[e] = addUp(Math.abs(mid[e]), size[e]);
    }
    return size;
  }

  /** Lower bounds of |v|, at least 0. */
  private static @Down double[] leastSizes(Ball53Matrix matrix) {
    double[] mid = matrix.midpoints();
    @Up double[] rad = matrix.radii();
    @Down double[] least = new @Down double[mid.length];
    for (int e = 0; e < mid.length; e++) {
      @Down double low = subDown(Math.abs(mid[e]), rad[e]);
      least[e] = low > 0 ? low : 0;
    }
    return least;
  }

  private static @Up double[] sum(@Up double[] a, @Up double[] b) {
    @Up double[] sum = new @Up double[a.length];
    for (int e = 0; e < sum.length; e++) {
      sum[e] = addUp(a[e], b[e]);
    }
    return sum;
  }

  @Override
  public int rows() {
    return exact.rows();
  }

  @Override
  public int columns() {
    return exact.columns();
  }

  @Override
  public Envelope system() {
    return system;
  }

  /** Propagated: e_x + e_y. */
  @Override
  public EnvelopeMatrix plus(EnvelopeMatrix other) {
    return rounded(system, "sum", exact.plus(other.exact), sum(given(), other.given()), system.roundoff(), cause(other));
  }

  @Override
  public EnvelopeMatrix minus(EnvelopeMatrix other) {
    return rounded(system, "difference", exact.minus(other.exact), sum(given(), other.given()), system.roundoff(),
        cause(other));
  }

  @Override
  public EnvelopeMatrix negate() {
    return new EnvelopeMatrix(system, exact.negate(), error, cause);
  }

  /** Propagated: x'y' − xy = (x' − x)y + x'(y' − y), so e_x|y| + (|x| + e_x)e_y. */
  @Override
  public EnvelopeMatrix hadamard(EnvelopeMatrix other) {
    Ball53Matrix product = exact.hadamard(other.exact);
    @Up double[] x = sizes(exact);
    @Up double[] y = sizes(other.exact);
    @Up double[] propagated = given();
    @Up double[] ey = other.given();
    for (int e = 0; e < propagated.length; e++) {
      @Up double ex = propagated[e];
      propagated[e] = ex == 0 && ey[e] == 0 ? 0 : addUp(mulUp(ex, y[e]), mulUp(addUp(x[e], ex), ey[e]));
    }
    @Up double relative = isPowerOfTwo() || other.isPowerOfTwo() ? 0 : system.roundoff();
    return rounded(system, "product", product, propagated, relative, cause(other));
  }

  /** Times powers of two nothing is rounded but subnormal results, which the absolute error covers. */
  private boolean isPowerOfTwo() {
    if (error != null) {
      return false;
    }
    double[] mid = exact.midpoints();
    @Up double[] rad = exact.radii();
    for (int e = 0; e < mid.length; e++) {
      double size = Math.abs(mid[e]);
      if (rad[e] != 0 || !(size == 0 || (size >= Double.MIN_NORMAL && size == Math.scalb(1.0, Math.getExponent(size))))) {
        return false;
      }
    }
    return true;
  }

  /** Propagated: |x'² − x²| ≤ e(2|x| + e). */
  @Override
  public EnvelopeMatrix square() {
    @Up double[] x = sizes(exact);
    @Up double[] propagated = given();
    for (int e = 0; e < propagated.length; e++) {
      propagated[e] = propagated[e] == 0 ? 0 : mulUp(propagated[e], addUp(mulUp(2, x[e]), propagated[e]));
    }
    return rounded(system, "square", exact.square(), propagated, system.roundoff(), cause);
  }

  /**
   * Propagated: x'/y' − x/y = ((x' − x) − (x/y)(y' − y))/y', so (e_x + |x/y| e_y)/(|y| − e_y); no bound where y' may be 0. A
   * quotient within d ulps has a relative error of 2du.
   */
  @Override
  public EnvelopeMatrix dividedBy(EnvelopeMatrix divisor) {
    Ball53Matrix quotient = exact.dividedBy(divisor.exact);
    @Up double[] size = sizes(quotient);
    @Down double[] y = leastSizes(divisor.exact);
    @Up double[] propagated = given();
    @Up double[] ey = divisor.given();
    for (int e = 0; e < propagated.length; e++) {
      @Down double least = subDown(y[e], ey[e]);
      if (!(least > 0)) {
        propagated[e] = Directed.UNBOUNDED;
      } else if (propagated[e] != 0 || ey[e] != 0) {
        @Up double above = addUp(propagated[e], ey[e] == 0 ? 0 : mulUp(size[e], ey[e]));
        propagated[e] = divUp(above, least);
      }
    }
    if (divisor.isPowerOfTwo()) {
      return rounded(system, "quotient", quotient, propagated, 0, cause(divisor));
    }
    double ulps = system.model().division();
    @Up double relative = mulUp(mulUp(2, ulps), system.roundoff());
    return ulps > 0.5
        ? functionOf("quotient", quotient, propagated, relative, 0, cause(divisor))
        : rounded(system, "quotient", quotient, propagated, relative, cause(divisor));
  }

  /** As {@link #rounded}, but of an operation that may round even where the exact result is a number of the format. */
  private EnvelopeMatrix functionOf(String primitive, Ball53Matrix result, @Up double[] propagated, @Up double relative,
      @Up double absolute, @Nullable String cause) {
    double largest = system.model().storage().largest();
    @Up double[] size = sizes(result);
    for (int e = 0; e < propagated.length; e++) {
      @Up double computed = addUp(size[e], propagated[e]);
      @Up double own = mulUp(relative, computed);
      own = own < absolute ? absolute : own;
      propagated[e] = addUp(computed, own) <= largest
          ? addUp(addUp(propagated[e], own), system.underflow())
          : Directed.UNBOUNDED;
    }
    return of(system, primitive, result, propagated, cause);
  }

  private EnvelopeMatrix function(String primitive, Ball53Matrix result, @Up double[] propagated, Model.FunctionError own) {
    return functionOf(primitive, result, propagated, mulUp(mulUp(2, own.ulps()), system.roundoff()),
        mulUp(own.units(), system.roundoff()), cause);
  }

  /**
   * Propagated: A'B' − AB = A'(B' − B) + (A' − A)B, so (|A| + e_A)e_B + e_A|B|. Rounded: each term passes at most d roundings,
   * so with γ = (1 + u)^d − 1 the error is at most γ(|A| + e_A)(|B| + e_B), and each of the at most 2k operations may
   * underflow, which later roundings less than double. Exact zeros in a row of A, or a column of B, are no terms: adding them
   * rounds nothing. The partial sums are at most (1 + γ)(|A| + e_A)(|B| + e_B), which must stay below the largest number.
   */
  @Override
  public EnvelopeMatrix times(EnvelopeMatrix right) {
    Shape.requireProduct(this, right);
    int n = rows();
    int k = columns();
    int m = right.columns();
    Model model = system.model();
    Ball53Matrix product = exact.times(right.exact);
    if (k == 0) {
      return new EnvelopeMatrix(system, product, null, cause(right));
    }
    boolean[] aZero = zeros();
    boolean[] bZero = right.zeros();
    @Up double[] eA = factorErrors(aZero);
    @Up double[] eB = right.factorErrors(bZero);
    @Up double[] a = sizes(exact);
    @Up double[] b = sizes(right.exact);
    @Up double[] aComputed = sum(a, eA);
    @Up double[] bComputed = sum(b, eB);
    int[] rowTerms = terms(aZero, n, k, k, 1);
    int[] columnTerms = terms(bZero, m, k, 1, m);
    // γ goes with the factor that leaves fewer terms on the whole.
    boolean byRow = (double) Arrays.stream(rowTerms).sum() * m <= (double) Arrays.stream(columnTerms).sum() * n;
    @Up double[] gamma = new @Up double[byRow ? n : m];
    for (int i = 0; i < gamma.length; i++) {
      gamma[i] = system.sumGamma(model.summation().depth(byRow ? rowTerms[i] : columnTerms[i]));
    }
    @Up double[] bound;
    if (byRow) {
      // (e_A + γ(|A| + e_A))(|B| + e_B) + |A|e_B
      bound = Magnitudes.product(plusScaled(eA, aComputed, gamma, k, true), bComputed, n, k, m);
      if (!isZero(eB)) {
        bound = sum(bound, Magnitudes.product(a, eB, n, k, m));
      }
    } else {
      // (|A| + e_A)(e_B + γ(|B| + e_B)) + e_A|B|
      bound = Magnitudes.product(aComputed, plusScaled(eB, bComputed, gamma, m, false), n, k, m);
      if (!isZero(eA)) {
        bound = sum(bound, Magnitudes.product(eA, b, n, k, m));
      }
    }
    @Up double[] size = sizes(product);
    for (int i = 0, e = 0; i < n; i++) {
      for (int j = 0; j < m; j++, e++) {
        int terms = Math.min(rowTerms[i], columnTerms[j]);
        @Up double g = gamma[byRow ? i : j];
        if (terms == 0 && bound[e] <= Double.MAX_VALUE) {
          bound[e] = 0;
          continue;
        }
        // bound ≥ γ(|A| + e_A)(|B| + e_B), so bound/γ bounds all partial sums but for their own roundings.
        @Up double partial = g == 0 ? size[e] : mulUp(divUp(bound[e], down(g)), addUp(1, g));
        bound[e] = partial <= model.accumulation().largest()
            ? addUp(bound[e], mulUp(mulUp(4.0 * terms, addUp(1, g)), system.accumulationUnderflow()))
            : Directed.UNBOUNDED;
      }
    }
    return model.accumulation() == model.storage()
        ? of(system, "matrix product", product, bound, cause(right))
        : rounded(system, "matrix product", product, bound, system.roundoff(), cause(right));
  }

  private static @Down double down(@Up double exactlyKnown) {
    return subDown(exactlyKnown, 0);
  }

  /** Errors of factors of a product: those given, and the rounding or truncation to another format of multiplicands. */
  private @Up double[] factorErrors(boolean[] zero) {
    Format multiplicands = system.model().multiplicands();
    @Up double[] given = given();
    if (multiplicands == system.model().storage()) {
      return given;
    }
    @Up double[] size = sizes(exact);
    double[] mid = exact.midpoints();
    @Up double[] rad = exact.radii();
    for (int e = 0; e < given.length; e++) {
      if (!zero[e] && !(given[e] == 0 && rad[e] == 0 && multiplicands.holds(mid[e]))) {
        @Up double computed = addUp(size[e], given[e]);
        given[e] = computed <= multiplicands.largest()
            ? addUp(given[e], addUp(mulUp(mulUp(2, multiplicands.unitRoundoff()), computed), system.underflow()))
            : Directed.UNBOUNDED;
      }
    }
    return given;
  }

  private boolean[] zeros() {
    double[] mid = exact.midpoints();
    @Up double[] rad = exact.radii();
    boolean[] zero = new boolean[mid.length];
    for (int e = 0; e < zero.length; e++) {
      zero[e] = mid[e] == 0 && rad[e] == 0 && (error == null || error[e] == 0);
    }
    return zero;
  }

  private static int[] terms(boolean[] zero, int lines, int length, int lineStep, int entryStep) {
    int[] terms = new int[lines];
    for (int line = 0; line < lines; line++) {
      for (int l = 0; l < length; l++) {
        terms[line] += zero[line * lineStep + l * entryStep] ? 0 : 1;
      }
    }
    return terms;
  }

  private static boolean isZero(@Up double[] values) {
    for (double value : values) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  /** e + γ·x with a γ for each row, or each column. */
  private static @Up double[] plusScaled(@Up double[] e, @Up double[] x, @Up double[] gamma, int columns, boolean byRow) {
    @Up double[] result = new @Up double[e.length];
    for (int i = 0; i < e.length; i++) {
      result[i] = addUp(e[i], mulUp(gamma[byRow ? i / columns : i % columns], x[i]));
    }
    return result;
  }

  /** Additions only: one rounding less on each path than a product has. */
  @Override
  public EnvelopeMatrix sumOfRows() {
    int n = rows();
    int m = columns();
    Model model = system.model();
    boolean[] zero = zeros();
    int[] terms = terms(zero, n, m, m, 1);
    @Up double[] given = given();
    @Up double[] sizes = Magnitudes.rowSums(sum(sizes(exact), given), n, m);
    @Up double[] propagated = Magnitudes.rowSums(given, n, m);
    for (int i = 0; i < n; i++) {
      @Up double g = system.sumGamma(Math.max(0, model.summation().depth(terms[i]) - 1));
      propagated[i] = mulUp(sizes[i], addUp(1, g)) <= model.accumulation().largest()
          ? addUp(propagated[i], addUp(mulUp(g, sizes[i]),
              model.flushing() ? mulUp(2.0 * terms[i], system.accumulationUnderflow()) : 0))
          : Directed.UNBOUNDED;
    }
    Ball53Matrix sum = exact.sumOfRows();
    return model.accumulation() == model.storage()
        ? of(system, "sum of rows", sum, propagated, cause)
        : rounded(system, "sum of rows", sum, propagated, system.roundoff(), cause);
  }

  /** Propagated: e^v(e^e − 1). */
  @Override
  public EnvelopeMatrix exp() {
    Ball53Matrix result = exact.exp();
    @Up double[] size = sizes(result);
    @Up double[] propagated = given();
    for (int e = 0; e < propagated.length; e++) {
      propagated[e] = propagated[e] == 0 ? 0 : mulUp(size[e], Envelope.expMinusOneUp(propagated[e]));
    }
    return function("exp", result, propagated, system.model().exp());
  }

  /** Propagated: e/(v − e); no bound where v' may be 0 or less. */
  @Override
  public EnvelopeMatrix log() {
    double[] mid = exact.midpoints();
    @Up double[] rad = exact.radii();
    @Up double[] propagated = given();
    for (int e = 0; e < propagated.length; e++) {
      @Down double least = subDown(mid[e], addUp(rad[e], propagated[e]));
      propagated[e] = least > 0 ? divUp(propagated[e], least) : Directed.UNBOUNDED;
    }
    return function("log", exact.log(), propagated, system.model().log());
  }

  /** Propagated: |√v' − √v| = |v' − v|/(√v' + √v) ≤ e/√v, and at most √e; no bound where v' may be below 0. */
  @Override
  public EnvelopeMatrix sqrt() {
    double[] mid = exact.midpoints();
    @Up double[] rad = exact.radii();
    @Up double[] propagated = given();
    for (int e = 0; e < propagated.length; e++) {
      @Down double least = subDown(mid[e], rad[e]);
      if (!(least >= propagated[e])) {
        propagated[e] = Directed.UNBOUNDED;
      } else if (propagated[e] != 0) {
        @Up double quotient = divUp(propagated[e], Directed.sqrtDown(least));
        @Up double root = Directed.sqrtUp(propagated[e]);
        propagated[e] = quotient < root ? quotient : root;
      }
    }
    @Up double relative = mulUp(mulUp(2, system.model().squareRoot()), system.roundoff());
    return system.model().squareRoot() > 0.5
        ? functionOf("square root", exact.sqrt(), propagated, relative, 0, cause)
        : rounded(system, "square root", exact.sqrt(), propagated, relative, cause);
  }

  /** Propagated: v(1 − v)(e^e − 1), as for {@link #softmaxRows}. */
  @Override
  public EnvelopeMatrix sigmoid() {
    Ball53Matrix result = exact.sigmoid();
    @Up double[] size = sizes(result);
    @Down double[] least = leastSizes(result);
    @Up double[] propagated = given();
    for (int e = 0; e < propagated.length; e++) {
      propagated[e] = propagated[e] == 0 ? 0
          : atMost(1, mulUp(mulUp(size[e], Directed.subUp(1, least[e])), Envelope.expMinusOneUp(propagated[e])));
    }
    return function("sigmoid", result, propagated, system.model().sigmoid());
  }

  /** Propagated: e·sup tanh', where tanh'(t) = 1/cosh² t ≤ min(1, 4e^−2|t|); never more than 2. */
  @Override
  public EnvelopeMatrix tanh() {
    @Down double[] least = leastSizes(exact);
    @Up double[] propagated = given();
    for (int e = 0; e < propagated.length; e++) {
      @Down double nearest = subDown(least[e], propagated[e]);
      @Up double slope = nearest > 0 ? atMost(1, mulUp(4, Directed.expUp(-2 * nearest))) : 1;
      propagated[e] = atMost(2, mulUp(propagated[e], slope));
    }
    return function("tanh", exact.tanh(), propagated, system.model().tanh());
  }

  /** Propagated: e·sup erf', where erf'(t) = 2/√π e^(−t²) and 2/√π < 1.1284; never more than 2. */
  @Override
  public EnvelopeMatrix erf() {
    @Down double[] least = leastSizes(exact);
    @Up double[] propagated = given();
    for (int e = 0; e < propagated.length; e++) {
      @Down double nearest = subDown(least[e], propagated[e]);
      @Up double slope = nearest > 0 ? mulUp(1.1284, Directed.expUp(-Directed.mulDown(nearest, nearest))) : 1.1284;
      propagated[e] = atMost(2, mulUp(propagated[e], slope));
    }
    return function("erf", exact.erf(), propagated, system.model().erf());
  }

  /** The smaller of two upper bounds; {@code limit} where the other is NaN. */
  private static @Up double atMost(@Up double limit, @Up double bound) {
    return bound < limit ? bound : limit;
  }

  @Override
  public EnvelopeMatrix abs() {
    return of(system, "absolute value", exact.abs(), given(), cause);
  }

  /** |max(x', y') − max(x, y)| ≤ max(e_x, e_y). */
  @Override
  public EnvelopeMatrix max(EnvelopeMatrix other) {
    @Up double[] larger = given();
    @Up double[] otherError = other.given();
    for (int e = 0; e < larger.length; e++) {
      larger[e] = larger[e] > otherError[e] ? larger[e] : otherError[e];
    }
    return of(system, "maximum", exact.max(other.exact), larger, cause(other));
  }

  /** ReLU is 1-Lipschitz. Where v' cannot be positive the result is exactly 0. */
  @Override
  public EnvelopeMatrix relu() {
    double[] mid = exact.midpoints();
    @Up double[] rad = exact.radii();
    @Up double[] kept = given();
    for (int e = 0; e < kept.length; e++) {
      if (addUp(addUp(mid[e], rad[e]), kept[e]) <= 0) {
        kept[e] = 0;
      }
    }
    return of(system, "ReLU", exact.relu(), kept, cause);
  }

  @Override
  public EnvelopeMatrix maxOfRows() {
    Ball53Matrix result = exact.maxOfRows();
    @Up double[] given = given();
    @Up double[] largest = new @Up double[rows()];
    for (int i = 0, e = 0; i < largest.length; i++) {
      for (int j = 0; j < columns(); j++, e++) {
        largest[i] = given[e] > largest[i] ? given[e] : largest[i];
      }
    }
    return of(system, "maximum of rows", result, largest, cause);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Definition B.1 ({@code def-b.1}). A computed exponential is w_j' = e^(z_j − c)e^(λ_j) + η_j with one c for the whole row (the
   * computed largest score, or 0) and |λ_j| ≤ L_j: the error of the score, the roundings of the difference (3u for 2^(d·log2 e)),
   * the relative error of exp. So before sums and quotients round, the odds (1 − p)/p of p = p_i are off by a factor between 1/F and F with
   * F = e^(L_i) Σ_{j≠i} p_j e^(L_j)/(1 − p), and p by at most p(1 − p)(F − 1) = p(e^(L_i) Σ_{j≠i} p_j e^(L_j) − (1 − p)): for odds r/F,
   * p' − p = p'(1 − p)(1 − 1/F) with p' ≤ pF; for odds rF, p − p' = p'(1 − p)(F − 1) with p' ≤ p. Σ_{j≠i} p_j − (1 − p) = 0, so this is
   * p((e^(L_i) − 1)(1 − p) + e^(L_i) Σ_{j≠i} p_j(e^(L_j) − 1)). Then the sum and the quotient round p' by a factor (1 + u)^d, and the
   * underflows change it by at most η for each exponential, relative to a sum that is at least about 1 (1/2 is taken).
   *
   * <p>A score so far below another that its exponential is at most 2η, however it was rounded, counts with L_j = 0: its share is
   * within the underflows. Masks of −10^38 are such scores; their difference may overflow to −∞.
   *
   * <p>For exponentials of the scores themselves c = 0; they and their sum must neither overflow nor be small enough for the
   * underflows to matter: no bound outside of that.
   */
  @Override
  public EnvelopeMatrix softmaxRows() {
    int n = rows();
    int m = columns();
    Ball53Matrix result = exact.softmaxRows();
    @Up double[] p = sizes(result);
    @Down double[] leastP = leastSizes(result);
    double[] mid = exact.midpoints();
    @Up double[] rad = exact.radii();
    @Up double[] given = given();
    Model model = system.model();
    @Up double expError = mulUp(mulUp(2, model.exp().ulps()), system.roundoff());
    // A relative error δ of exp is a factor within e^(±δ/(1 − δ)).
    @Up double expLog = expError < 0.5 ? divUp(expError, subDown(1, expError)) : Directed.UNBOUNDED;
    @Up double rest = addUp(system.sumGamma(Math.max(0, model.summation().depth(m) - 1)),
        addUp(mulUp(mulUp(2, model.division()), system.roundoff()), system.gamma(2)));
    @Up double[] errors = new @Up double[mid.length];
    @Up double[] excess = new @Up double[m]; // e^L_j − 1
    boolean[] far = new boolean[m];
    // exp of the rounded difference, at most −(1 − u) times this, is below 2η with room to spare.
    double farAway = 10 - 2 * Math.log(system.underflow());
    for (int i = 0; i < n; i++) {
      int start = i * m;
      double largest = Double.NEGATIVE_INFINITY;
      double surelyReached = Double.NEGATIVE_INFINITY;
      boolean bounded = true;
      for (int e = start; e < start + m; e++) {
        @Up double reach = addUp(rad[e], given[e]);
        largest = Math.max(largest, addUp(mid[e], reach));
        surelyReached = Math.max(surelyReached, subDown(mid[e], reach));
        bounded &= reach <= Double.MAX_VALUE;
      }
      double size = 0;
      for (int j = 0; j < m; j++) {
        @Up double upper = addUp(mid[start + j], addUp(rad[start + j], given[start + j]));
        far[j] = model.softmax() == Model.Softmax.STABLE && upper < surelyReached - farAway;
        if (!far[j]) {
          size = Math.max(size, addUp(Math.abs(mid[start + j]), addUp(rad[start + j], given[start + j])));
        }
      }
      bounded &= size <= model.storage().largest() / 4;
      boolean naive = model.softmax() != Model.Softmax.STABLE;
      if (naive) {
        // m·e^size·2 below the largest number, and e^−size above all underflows.
        bounded &= addUp(size, Directed.logUp(4.0 * m)) <= Math.log(model.storage().largest()) - 1
            && -size >= Math.log(system.underflow()) + 1;
      }
      if (!bounded) {
        Arrays.fill(errors, start, start + m, Directed.UNBOUNDED);
        continue;
      }
      @Up double weighted = 0;
      for (int j = 0; j < m; j++) {
        int e = start + j;
        // The rounded difference of two scores that may be this far apart, and its product with the rounded log2 e; the naive
        // algorithm has none.
        @Up double distance = Directed.subUp(largest, subDown(mid[e], addUp(rad[e], given[e])));
        @Up double rounding = model.softmax() == Model.Softmax.NAIVE ? 0
            : addUp(mulUp(mulUp(3, system.roundoff()), distance), system.underflow());
        excess[j] = far[j] ? 0 : Envelope.expMinusOneUp(addUp(given[e], addUp(rounding, expLog)));
        weighted = addUp(weighted, mulUp(p[e], excess[j]));
      }
      // Underflows of m exponentials, of the sum and of the quotient, by a sum of at least 1/2, or e^−size at most.
      @Up double tiny = mulUp(mulUp(4, addUp(m, 4)), system.underflow());
      if (naive) {
        tiny = mulUp(tiny, Directed.expUp(size));
      }
      for (int j = 0; j < m; j++) {
        int e = start + j;
        @Up double factor = addUp(1, excess[j]);
        @Up double propagated = mulUp(p[e], addUp(mulUp(excess[j], Directed.subUp(1, leastP[e])), mulUp(factor, weighted)));
        @Up double computed = atMost(1, addUp(p[e], propagated));
        @Up double total = addUp(propagated, addUp(mulUp(rest, computed), tiny));
        // p' is at most 1 but for the last roundings.
        errors[e] = atMost(addUp(addUp(1, rest), tiny), total);
      }
    }
    return of(system, "softmax", result, errors, cause);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Definition C.9 ({@code def-c.9}); {@link Normalization} has the errors of each algorithm.
   */
  @Override
  public EnvelopeMatrix normalizeRows(BigFraction epsilon) {
    Shape.requireColumns("normalization", this);
    if (columns() == 0) {
      return this;
    }
    @Up double[] errors = new Normalization(system, exact, given(), epsilon).errors();
    return of(system, "normalization", exact.normalizeRows(epsilon), errors, cause);
  }

  /**
   * {@inheritDoc}
   *
   * <p>With weights A and B and what implementations compute for them, A' and B',
   * A'X'B' − AXB = (A' − A)X'B' + AX'(B' − B) + A(X' − X)B, which bounds what is propagated; the products and sums round each
   * term of A'X'B' at most d times, whichever axis comes first, where d is the depth of one sum over all taps, and four for the
   * product of weights and for results in between.
   *
   * <p>Weights that are not merely equal shares are polynomials of the distance t of an output sample from an input sample. An
   * implementation finds t from positions up to the size s of the input, with an error of at most 5us + u: the ratio of the sizes, its
   * reciprocal, the product with a position, the shift by one half, each rounded; or with none, where all of these are numbers of the
   * format. The slope of the kernels here is at most 2. Evaluated by Horner's rule, a cubic kernel with a between −1 and 0 errs by
   * less than 12u for |t| ≤ 1 (intermediate values up to 3) and less than 48u for |t| ≤ 2 (up to 8); there its weights are not
   * positive. Linear weights err by less than 4u. So weights err by at most the sum of these and (10s + 2)u, also beside the taps, which
   * a rounded position can make taps.
   */
  @Override
  public EnvelopeMatrix resample(ExactMatrix vertical, ExactMatrix horizontal) {
    int h = vertical.columns();
    int w = horizontal.columns();
    int c = columns();
    Ball53Matrix result = exact.resample(vertical, horizontal);
    Weights a = new Weights(system, vertical);
    Weights b = new Weights(system, horizontal);
    @Up double[] given = given();
    @Up double[] computed = sum(sizes(exact), given);
    @Up double[] bound = new @Up double[result.rows() * c];
    if (!a.isExact()) {
      bound = sum(bound, resample(a.error(), computed, b.computed(), vertical.rows(), h, horizontal.rows(), w, c));
    }
    if (!b.isExact()) {
      bound = sum(bound, resample(a.size(), computed, b.error(), vertical.rows(), h, horizontal.rows(), w, c));
    }
    bound = sum(bound, resample(a.size(), given, b.size(), vertical.rows(), h, horizontal.rows(), w, c));
    if (!(a.taps() == 1 && b.taps() == 1 && a.isExact() && b.isExact())) {
      int taps = Math.multiplyExact(a.taps(), b.taps());
      @Up double gamma = system.gamma(Math.addExact(system.model().summation().depth(taps), 4));
      @Up double[] gross = resample(a.computed(), computed, b.computed(), vertical.rows(), h, horizontal.rows(), w, c);
      @Up double underflow = mulUp(mulUp(8.0 * taps, addUp(1, gamma)), system.underflow());
      for (int e = 0; e < bound.length; e++) {
        bound[e] = addUp(gross[e], mulUp(gamma, gross[e])) <= system.model().storage().largest()
            ? addUp(bound[e], gross[e] == 0 ? 0 : addUp(mulUp(gamma, gross[e]), underflow))
            : Directed.UNBOUNDED;
      }
    }
    return of(system, "resampling", result, bound, cause);
  }

  /** Σ_{p,q} a[i,p] · x[p,q,·] · b[j,q] of upper bounds. */
  private static @Up double[] resample(@Up double[] a, @Up double[] x, @Up double[] b, int height, int h, int width, int w,
      int c) {
    @Up double[] rowsDone = Magnitudes.product(a, x, height, h, w * c);
    @Up double[] result = new @Up double[height * width * c];
    @Up double[] map = new @Up double[w * c];
    for (int i = 0; i < height; i++) {
      System.arraycopy(rowsDone, i * w * c, map, 0, w * c);
      System.arraycopy(Magnitudes.product(b, map, width, w, c), 0, result, i * width * c, width * c);
    }
    return result;
  }

  @Override
  public EnvelopeMatrix gather(int rows, int columns, int[] source) {
    Ball53Matrix result = exact.gather(rows, columns, source);
    if (error == null) {
      return new EnvelopeMatrix(system, result, null, cause);
    }
    @Up double[] gathered = new @Up double[source.length];
    for (int e = 0; e < source.length; e++) {
      gathered[e] = source[e] < 0 ? 0 : error[source[e]];
    }
    return new EnvelopeMatrix(system, result, gathered, cause);
  }

  @Override
  public EnvelopeMatrix above(EnvelopeMatrix below) {
    Ball53Matrix result = exact.above(below.exact);
    if (error == null && below.error == null) {
      return new EnvelopeMatrix(system, result, null, cause(below));
    }
    @Up double[] both = new @Up double[result.rows() * result.columns()];
    System.arraycopy(error(), 0, both, 0, rows() * columns());
    System.arraycopy(below.error(), 0, both, rows() * columns(), below.rows() * below.columns());
    return new EnvelopeMatrix(system, result, both, cause(below));
  }

  @Override
  public EnvelopeMatrix reshape(int rows, int columns) {
    return new EnvelopeMatrix(system, exact.reshape(rows, columns), error, cause);
  }

  @Override
  public EnvelopeMatrix transpose() {
    Ball53Matrix result = exact.transpose();
    if (error == null) {
      return new EnvelopeMatrix(system, result, null, cause);
    }
    int n = rows();
    int m = columns();
    @Up double[] transposed = new @Up double[error.length];
    for (int i = 0, e = 0; i < n; i++) {
      for (int j = 0; j < m; j++, e++) {
        transposed[j * n + i] = error[e];
      }
    }
    return new EnvelopeMatrix(system, result, transposed, cause);
  }

  @Override
  public EnvelopeMatrix block(int fromRow, int toRow, int fromColumn, int toColumn) {
    Ball53Matrix result = exact.block(fromRow, toRow, fromColumn, toColumn);
    if (error == null) {
      return new EnvelopeMatrix(system, result, null, cause);
    }
    int width = toColumn - fromColumn;
    @Up double[] block = new @Up double[(toRow - fromRow) * width];
    for (int i = fromRow; i < toRow; i++) {
      System.arraycopy(error, i * columns() + fromColumn, block, (i - fromRow) * width, width);
    }
    return new EnvelopeMatrix(system, result, block, cause);
  }

  /** The exact part and the errors. */
  @Override
  public String toString() {
    return exact + " with errors " + Arrays.toString(error());
  }
}
