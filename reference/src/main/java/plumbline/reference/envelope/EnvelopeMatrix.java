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
 *
 * <p>Beside the errors of entries, bounds of the Euclidean norms of the errors of whole rows and columns are carried where some are
 * known that are better than those which the entries' bounds give. Each entry's error is at most its row's and its column's.
 */
public final class EnvelopeMatrix implements Matrix<EnvelopeMatrix> {
  private final Envelope system;
  private final Ball53Matrix exact;
  /** {@code null} where no entry has an error. */
  private final @Up double @Nullable [] error;
  /** Norms of the errors of each row and each column; {@code null} where the entries' bounds say no less. */
  private final @Up double @Nullable [] rowNorms;
  private final @Up double @Nullable [] columnNorms;
  private final @Nullable String cause;
  /** Roundings that a term of the sum passes through if this is a matrix product, to which an addend may be a term; else 0. */
  private int sumDepth;
  /** The largest singular value of the exact matrix; below 0 as long as nobody asked. */
  private double spectralNorm = -1;

  private EnvelopeMatrix(Envelope system, Ball53Matrix exact, @Up double @Nullable [] error, @Up double @Nullable [] rowNorms,
      @Up double @Nullable [] columnNorms, @Nullable String cause) {
    this.system = system;
    this.exact = exact;
    this.error = error;
    this.rowNorms = rowNorms;
    this.columnNorms = columnNorms;
    this.cause = cause;
  }

  private EnvelopeMatrix(Envelope system, Ball53Matrix exact, @Up double @Nullable [] error, @Nullable String cause) {
    this(system, exact, error, null, null, cause);
  }

  /** Errors of entries, and norms of those of rows and columns where better ones are known. */
  private record Errors(@Up double[] entries, @Up double @Nullable [] rows, @Up double @Nullable [] columns) {
    static Errors of(@Up double[] entries) {
      return new Errors(entries, null, null);
    }

    /** With what the operation itself adds to each entry's error. */
    Errors plus(@Up double[] own, int height, int width) {
      return new Errors(Magnitudes.sum(entries, own), rows == null ? null : Norms.sum(rows, Norms.rows(own, height, width)),
          columns == null ? null : Norms.sum(columns, Norms.columns(own, height, width)));
    }

    /** No entry's error exceeds its row's or its column's norm. */
    Errors capped(int width) {
      if (rows == null && columns == null) {
        return this;
      }
      @Up double[] least = entries.clone();
      for (int e = 0; e < least.length; e++) {
        least[e] = rows != null && rows[e / width] < least[e] ? rows[e / width] : least[e];
        least[e] = columns != null && columns[e % width] < least[e] ? columns[e % width] : least[e];
      }
      return new Errors(least, rows, columns);
    }
  }

  /** Exact numbers, each rounded to the storage format. */
  static EnvelopeMatrix rounded(Envelope system, Ball53Matrix exact) {
    @Up double[] none = new @Up double[exact.rows() * exact.columns()];
    return rounded(system, "conversion to " + system.model().storage().word(), exact, Errors.of(none), system.roundoff(), null);
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

  /** Bounds of the Euclidean norms of the rows of t − v. */
  @Up double[] errorNormsOfRows() {
    return keptRowNorms(error());
  }

  /** Bounds of the Euclidean norms of the columns of t − v. */
  @Up double[] errorNormsOfColumns() {
    return keptColumnNorms(error());
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
  private static EnvelopeMatrix rounded(Envelope system, String primitive, Ball53Matrix exact, Errors propagated,
      @Up double relative, @Nullable String cause) {
    Format storage = system.model().storage();
    boolean flushing = system.model().flushing();
    double[] mid = exact.midpoints();
    @Up double[] rad = exact.radii();
    Errors errors = propagated.capped(exact.columns());
    @Up double[] entries = errors.entries;
    @Up double[] own = new @Up double[mid.length];
    for (int e = 0; e < mid.length; e++) {
      boolean representable = rad[e] == 0 && storage.holds(mid[e])
          && (mid[e] == 0 || !flushing || Math.abs(mid[e]) >= storage.leastNormal());
      if (entries[e] == 0 && representable) {
        continue;
      }
      @Up double size = addUp(addUp(Math.abs(mid[e]), rad[e]), entries[e]);
      own[e] = size <= storage.roundsToFinite()
          ? addUp(mulUp(relative, size), system.underflow())
          : Directed.UNBOUNDED;
    }
    return of(system, primitive, exact, errors.plus(own, exact.rows(), exact.columns()), cause);
  }

  private static EnvelopeMatrix of(Envelope system, String primitive, Ball53Matrix exact, @Up double[] error,
      @Nullable String cause) {
    return of(system, primitive, exact, Errors.of(error), cause);
  }

  /** Drops errors where all are zero; notes the primitive if they are as large as its results. */
  private static EnvelopeMatrix of(Envelope system, String primitive, Ball53Matrix exact, Errors errors,
      @Nullable String cause) {
    double[] mid = exact.midpoints();
    @Up double[] error = errors.capped(exact.columns()).entries;
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
    return new EnvelopeMatrix(system, exact, error, errors.rows, errors.columns, cause);
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

  /** What reading subnormal numbers as zero may add to the norm of a line of so many entries. */
  private @Up double readingNorm(int entries) {
    return system.model().flushing() ? mulUp(system.model().storage().leastNormal(), Directed.sqrtUp(entries)) : 0;
  }

  /** Norms of the rows of the errors {@code given}. */
  private @Up double[] rowNorms(@Up double[] given) {
    @Up double[] entries = Norms.rows(given, rows(), columns());
    return rowNorms == null ? entries : Norms.smaller(added(rowNorms, readingNorm(columns())), entries);
  }

  /** Norms of the columns of the errors {@code given}. */
  private @Up double[] columnNorms(@Up double[] given) {
    @Up double[] entries = Norms.columns(given, rows(), columns());
    return columnNorms == null ? entries : Norms.smaller(added(columnNorms, readingNorm(rows())), entries);
  }

  private static @Up double[] added(@Up double[] norms, @Up double more) {
    @Up double[] result = norms.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = addUp(result[i], more);
    }
    return result;
  }

  /** The errors that are read, with the norms that are kept of them, each multiplied by a Lipschitz constant of rows. */
  private Errors read(@Up double[] entries, @Up double[] given, @Up double lipschitz) {
    return new Errors(entries, rowNorms == null ? null : Norms.scaled(rowNorms(given), lipschitz),
        columnNorms == null ? null : Norms.scaled(columnNorms(given), lipschitz));
  }

  /** Errors of a sum or a difference of operands, or of an operation that is 1-Lipschitz in each. */
  private Errors together(EnvelopeMatrix other, @Up double[] entries, @Up double[] given, @Up double[] otherGiven) {
    boolean rows = rowNorms != null || other.rowNorms != null;
    boolean columns = columnNorms != null || other.columnNorms != null;
    return new Errors(entries, rows ? Norms.sum(rowNorms(given), other.rowNorms(otherGiven)) : null,
        columns ? Norms.sum(columnNorms(given), other.columnNorms(otherGiven)) : null);
  }

  private @Up double spectralNorm() {
    if (spectralNorm < 0) {
      spectralNorm = Norms.spectral(exact);
    }
    return vouched(spectralNorm);
  }

  @SuppressWarnings("rounding") // set by Norms.spectral alone
  private static @Up double vouched(double norm) {
    return norm;
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
    return sum("sum", exact.plus(other.exact), other);
  }

  @Override
  public EnvelopeMatrix minus(EnvelopeMatrix other) {
    return sum("difference", exact.minus(other.exact), other);
  }

  /**
   * A matrix product and what is added to it may be one sum that begins with the addend: it then passes through as many roundings
   * as the products do.
   */
  private EnvelopeMatrix sum(String primitive, Ball53Matrix result, EnvelopeMatrix other) {
    @Up double[] given = given();
    @Up double[] otherGiven = other.given();
    Errors errors = together(other, Magnitudes.sum(given, otherGiven), given, otherGiven);
    if (sumDepth > 0) {
      errors = errors.plus(asTerm(other, otherGiven, sumDepth), rows(), columns());
    }
    if (other.sumDepth > 0) {
      errors = errors.plus(asTerm(this, given, other.sumDepth), rows(), columns());
    }
    return rounded(system, primitive, result, errors, system.roundoff(), cause(other));
  }

  private static @Up double[] asTerm(EnvelopeMatrix addend, @Up double[] given, int depth) {
    @Up double[] roundings = Magnitudes.sum(addend.exact.magnitudes(), given);
    @Up double gamma = addend.system.sumGamma(depth);
    for (int e = 0; e < roundings.length; e++) {
      roundings[e] = roundings[e] == 0 ? 0 : mulUp(gamma, roundings[e]);
    }
    return roundings;
  }

  @Override
  public EnvelopeMatrix negate() {
    return new EnvelopeMatrix(system, exact.negate(), error, rowNorms, columnNorms, cause);
  }

  /**
   * Propagated: x'y' − xy = (x' − x)y + x'(y' − y), so e_x|y| + (|x| + e_x)e_y; the norm of a row of it is at most that of the row of
   * x' − x times the largest |y| in the row, and so on.
   */
  @Override
  public EnvelopeMatrix hadamard(EnvelopeMatrix other) {
    Ball53Matrix product = exact.hadamard(other.exact);
    @Up double[] y = other.exact.magnitudes();
    @Up double[] ex = given();
    @Up double[] ey = other.given();
    @Up double[] xComputed = Magnitudes.sum(exact.magnitudes(), ex);
    @Up double[] propagated = new @Up double[ex.length];
    for (int e = 0; e < propagated.length; e++) {
      propagated[e] = ex[e] == 0 && ey[e] == 0 ? 0 : addUp(mulUp(ex[e], y[e]), mulUp(xComputed[e], ey[e]));
    }
    @Up double @Nullable [] rows = rowNorms == null && other.rowNorms == null ? null
        : Norms.sum(timesLargest(rowNorms(ex), y), timesLargest(other.rowNorms(ey), xComputed));
    @Up double relative = isPowerOfTwo() || other.isPowerOfTwo() ? 0 : system.roundoff();
    return rounded(system, "product", product, new Errors(propagated, rows, null), relative, cause(other));
  }

  /** The norm of each row times the largest entry in it. */
  private @Up double[] timesLargest(@Up double[] norms, @Up double[] sizes) {
    @Up double[] result = new @Up double[norms.length];
    for (int i = 0; i < norms.length; i++) {
      @Up double largest = 0;
      for (int e = i * columns(); e < (i + 1) * columns(); e++) {
        largest = sizes[e] > largest ? sizes[e] : largest;
      }
      result[i] = norms[i] == 0 ? 0 : mulUp(norms[i], largest);
    }
    return result;
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
    @Up double[] x = exact.magnitudes();
    @Up double[] propagated = given();
    for (int e = 0; e < propagated.length; e++) {
      propagated[e] = propagated[e] == 0 ? 0 : mulUp(propagated[e], addUp(mulUp(2, x[e]), propagated[e]));
    }
    return rounded(system, "square", exact.square(), Errors.of(propagated), system.roundoff(), cause);
  }

  /**
   * Propagated: x'/y' − x/y = ((x' − x) − (x/y)(y' − y))/y', so (e_x + |x/y| e_y)/(|y| − e_y); no bound where y' may be 0. A
   * quotient within d ulps has a relative error of 2du.
   */
  @Override
  public EnvelopeMatrix dividedBy(EnvelopeMatrix divisor) {
    Ball53Matrix quotient = exact.dividedBy(divisor.exact);
    @Up double[] size = quotient.magnitudes();
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
    Errors errors = Errors.of(propagated);
    if (rowNorms != null && divisor.error == null && isZero(ey)) {
      // Rows of (x' − x)/y.
      @Up double[] reciprocals = new @Up double[y.length];
      for (int e = 0; e < y.length; e++) {
        reciprocals[e] = divUp(1, y[e]);
      }
      errors = new Errors(propagated, timesLargest(rowNorms(given()), reciprocals), null);
    }
    if (divisor.isPowerOfTwo()) {
      return rounded(system, "quotient", quotient, errors, 0, cause(divisor));
    }
    double ulps = system.model().division();
    @Up double relative = mulUp(mulUp(2, ulps), system.roundoff());
    return ulps > 0.5
        ? functionOf("quotient", quotient, errors, relative, 0, cause(divisor))
        : rounded(system, "quotient", quotient, errors, relative, cause(divisor));
  }

  /** As {@link #rounded}, but of an operation that may round even where the exact result is a number of the format. */
  private EnvelopeMatrix functionOf(String primitive, Ball53Matrix result, Errors propagated, @Up double relative,
      @Up double absolute, @Nullable String cause) {
    double largest = system.model().storage().largest();
    @Up double[] size = result.magnitudes();
    Errors errors = propagated.capped(result.columns());
    @Up double[] own = new @Up double[size.length];
    for (int e = 0; e < own.length; e++) {
      @Up double computed = addUp(size[e], errors.entries[e]);
      @Up double error = mulUp(relative, computed);
      error = error < absolute ? absolute : error;
      own[e] = addUp(computed, error) <= largest ? addUp(error, system.underflow()) : Directed.UNBOUNDED;
    }
    return of(system, primitive, result, errors.plus(own, result.rows(), result.columns()), cause);
  }

  private EnvelopeMatrix function(String primitive, Ball53Matrix result, Errors propagated, Model.FunctionError own) {
    return functionOf(primitive, result, propagated, mulUp(mulUp(2, own.ulps()), system.roundoff()),
        mulUp(own.units(), system.roundoff()), cause);
  }

  /**
   * Propagated: A'B' − AB = (A' − A)B + A'(B' − B), so e_A|B| + (|A| + e_A)e_B; by Cauchy and Schwarz also at most the norm of a row
   * of A' − A times that of a column of B, and so on. The norm of a row of (A' − A)B is at most that of the row of A' − A times the
   * largest singular value of B, and at most Σ_k e_A,ik ‖B_k‖; that of a row of A'(B' − B) at most Σ_k |A'_ik| ‖B'_k − B_k‖.
   *
   * <p>Rounded: each term passes at most d roundings, so with γ = (1 + u)^d − 1 the error is at most γ(|A| + e_A)(|B| + e_B), and
   * each of the at most 2k operations may underflow, which later roundings less than double. Exact zeros in a row of A, or a
   * column of B, are no terms: adding them rounds nothing. The partial sums are at most (1 + γ)(|A| + e_A)(|B| + e_B), which must
   * stay below the largest number.
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
    @Up double[] aComputed = Magnitudes.sum(exact.magnitudes(), eA);
    @Up double[] bComputed = Magnitudes.sum(right.exact.magnitudes(), eB);
    Errors propagated = propagated(right, eA, eB, aComputed);

    int[] rowTerms = terms(aZero, n, k, k, 1);
    int[] columnTerms = terms(bZero, m, k, 1, m);
    @Up double[] gross = Magnitudes.product(aComputed, bComputed, n, k, m);
    @Up double[] own = new @Up double[n * m];
    for (int i = 0, e = 0; i < n; i++) {
      for (int j = 0; j < m; j++, e++) {
        int terms = Math.min(rowTerms[i], columnTerms[j]);
        if (terms == 0 && gross[e] <= Double.MAX_VALUE) {
          continue;
        }
        @Up double gamma = system.sumGamma(model.summation().depth(terms));
        own[e] = mulUp(gross[e], addUp(1, gamma)) <= model.accumulation().largest()
            ? addUp(mulUp(gamma, gross[e]), mulUp(mulUp(4.0 * terms, addUp(1, gamma)), system.accumulationUnderflow()))
            : Directed.UNBOUNDED;
      }
    }
    Errors errors = propagated.capped(m).plus(own, n, m);
    EnvelopeMatrix result = model.accumulation() == model.storage()
        ? of(system, "matrix product", product, errors, cause(right))
        : rounded(system, "matrix product", product, errors, system.roundoff(), cause(right));
    result.sumDepth = model.summation().depth(k + 1);
    return result;
  }

  /** What errors of the factors of a product propagate; see {@link #times}. */
  private Errors propagated(EnvelopeMatrix right, @Up double[] eA, @Up double[] eB, @Up double[] aComputed) {
    int n = rows();
    int k = columns();
    int m = right.columns();
    @Up double[] entries = new @Up double[n * m];
    @Up double[] rows = new @Up double[n];
    @Up double @Nullable [] columns = null;
    if (!isZero(eA)) {
      @Up double[] b = right.exact.magnitudes();
      @Up double[] norms = factorRowNorms(eA);
      entries = Magnitudes.sum(entries,
          smallerOuter(Magnitudes.product(eA, b, n, k, m), norms, Norms.columns(b, k, m)));
      @Up double[] through = Magnitudes.product(eA, Norms.rows(b, k, m), n, k, 1);
      if (right.error == null && Math.min(k, m) > 1 && isFinite(norms)) {
        through = Norms.smaller(Norms.scaled(norms, right.spectralNorm()), through);
      }
      rows = Magnitudes.sum(rows, through);
    }
    if (!isZero(eB)) {
      @Up double[] norms = right.factorColumnNorms(eB);
      entries = Magnitudes.sum(entries,
          smallerOuter(Magnitudes.product(aComputed, eB, n, k, m), Norms.rows(aComputed, n, k), norms));
      rows = Magnitudes.sum(rows, Magnitudes.product(aComputed, right.factorRowNorms(eB), n, k, 1));
      if (isZero(eA) && error == null && Math.min(n, k) > 1 && isFinite(norms)) {
        columns = Norms.scaled(norms, spectralNorm());
      }
    }
    return new Errors(entries, rows, columns);
  }

  /** Entry by entry the smaller of a bound and the product of a row's and a column's norm. */
  private static @Up double[] smallerOuter(@Up double[] bound, @Up double[] rows, @Up double[] columns) {
    for (int i = 0, e = 0; i < rows.length; i++) {
      for (int j = 0; j < columns.length; j++, e++) {
        bound[e] = atMost(bound[e], mulUp(rows[i], columns[j]));
      }
    }
    return bound;
  }

  /** Norms of the rows of a factor's errors: those carried, unless factors are first rounded to another format. */
  private @Up double[] factorRowNorms(@Up double[] errors) {
    return system.model().multiplicands() == system.model().storage()
        ? rowNorms(errors)
        : Norms.rows(errors, rows(), columns());
  }

  private @Up double[] factorColumnNorms(@Up double[] errors) {
    return system.model().multiplicands() == system.model().storage()
        ? columnNorms(errors)
        : Norms.columns(errors, rows(), columns());
  }

  private static boolean isFinite(@Up double[] values) {
    for (double value : values) {
      if (!(value <= Double.MAX_VALUE)) {
        return false;
      }
    }
    return true;
  }

  /** Errors of factors of a product: those given, and the rounding or truncation to another format of multiplicands. */
  private @Up double[] factorErrors(boolean[] zero) {
    Format multiplicands = system.model().multiplicands();
    @Up double[] given = given();
    if (multiplicands == system.model().storage()) {
      return given;
    }
    @Up double[] size = exact.magnitudes();
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

  /** Additions only: one rounding less on each path than a product has. */
  @Override
  public EnvelopeMatrix sumOfRows() {
    int n = rows();
    int m = columns();
    Model model = system.model();
    boolean[] zero = zeros();
    int[] terms = terms(zero, n, m, m, 1);
    @Up double[] given = given();
    @Up double[] sizes = Magnitudes.rowSums(Magnitudes.sum(exact.magnitudes(), given), n, m);
    @Up double[] propagated = Norms.smaller(Norms.scaled(rowNorms(given), Directed.sqrtUp(m)), Magnitudes.rowSums(given, n, m));
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
        : rounded(system, "sum of rows", sum, Errors.of(propagated), system.roundoff(), cause);
  }

  /** Propagated: e^v(e^e − 1). */
  @Override
  public EnvelopeMatrix exp() {
    Ball53Matrix result = exact.exp();
    @Up double[] size = result.magnitudes();
    @Up double[] propagated = given();
    for (int e = 0; e < propagated.length; e++) {
      propagated[e] = propagated[e] == 0 ? 0 : mulUp(size[e], Envelope.expMinusOneUp(propagated[e]));
    }
    return function("exp", result, Errors.of(propagated), system.model().exp());
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
    return function("log", exact.log(), Errors.of(propagated), system.model().log());
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
        ? functionOf("square root", exact.sqrt(), Errors.of(propagated), relative, 0, cause)
        : rounded(system, "square root", exact.sqrt(), Errors.of(propagated), relative, cause);
  }

  /** Propagated: v(1 − v)(e^e − 1), as for {@link #softmaxRows}. */
  @Override
  public EnvelopeMatrix sigmoid() {
    Ball53Matrix result = exact.sigmoid();
    @Up double[] size = result.magnitudes();
    @Down double[] least = leastSizes(result);
    @Up double[] given = given();
    @Up double[] propagated = given.clone();
    for (int e = 0; e < propagated.length; e++) {
      propagated[e] = propagated[e] == 0 ? 0
          : ofNumber(given[e], atMost(1,
              mulUp(mulUp(size[e], Directed.subUp(1, least[e])), Envelope.expMinusOneUp(propagated[e]))));
    }
    return function("sigmoid", result, read(propagated, given, 0.25), system.model().sigmoid());
  }

  /** Propagated: e·sup tanh', where tanh'(t) = 1/cosh² t ≤ min(1, 4e^−2|t|); never more than 2. */
  @Override
  public EnvelopeMatrix tanh() {
    @Down double[] least = leastSizes(exact);
    @Up double[] given = given();
    @Up double[] propagated = given.clone();
    for (int e = 0; e < propagated.length; e++) {
      @Down double nearest = subDown(least[e], propagated[e]);
      @Up double slope = nearest > 0 ? atMost(1, mulUp(4, Directed.expUp(-2 * nearest))) : 1;
      propagated[e] = ofNumber(given[e], atMost(2, mulUp(propagated[e], slope)));
    }
    return function("tanh", exact.tanh(), read(propagated, given, 1), system.model().tanh());
  }

  /** Propagated: e·sup erf', where erf'(t) = 2/√π e^(−t²) and 2/√π < 1.1284; never more than 2. */
  @Override
  public EnvelopeMatrix erf() {
    @Down double[] least = leastSizes(exact);
    @Up double[] given = given();
    @Up double[] propagated = given.clone();
    for (int e = 0; e < propagated.length; e++) {
      @Down double nearest = subDown(least[e], propagated[e]);
      @Up double slope = nearest > 0 ? mulUp(1.1284, Directed.expUp(-Directed.mulDown(nearest, nearest))) : 1.1284;
      propagated[e] = ofNumber(given[e], atMost(2, mulUp(propagated[e], slope)));
    }
    return function("erf", exact.erf(), read(propagated, given, 1.1284), system.model().erf());
  }

  /** An error of a bounded function: none is certain of an operand that may be NaN, which the function passes on. */
  private static @Up double ofNumber(@Up double given, @Up double bound) {
    return given <= Double.MAX_VALUE ? bound : Directed.UNBOUNDED;
  }

  /** The smaller of two upper bounds; {@code limit} where the other is NaN. */
  private static @Up double atMost(@Up double limit, @Up double bound) {
    return bound < limit ? bound : limit;
  }

  @Override
  public EnvelopeMatrix abs() {
    @Up double[] given = given();
    return of(system, "absolute value", exact.abs(), read(given, given, 1), cause);
  }

  /** |max(x', y') − max(x, y)| ≤ max(e_x, e_y). */
  @Override
  public EnvelopeMatrix max(EnvelopeMatrix other) {
    @Up double[] given = given();
    @Up double[] otherGiven = other.given();
    @Up double[] larger = given.clone();
    for (int e = 0; e < larger.length; e++) {
      larger[e] = larger[e] > otherGiven[e] ? larger[e] : otherGiven[e];
    }
    return of(system, "maximum", exact.max(other.exact), together(other, larger, given, otherGiven), cause(other));
  }

  /** ReLU is 1-Lipschitz. Where v' cannot be positive the result is exactly 0. */
  @Override
  public EnvelopeMatrix relu() {
    double[] mid = exact.midpoints();
    @Up double[] rad = exact.radii();
    @Up double[] given = given();
    @Up double[] kept = given.clone();
    for (int e = 0; e < kept.length; e++) {
      if (addUp(addUp(mid[e], rad[e]), kept[e]) <= 0) {
        kept[e] = 0;
      }
    }
    return of(system, "ReLU", exact.relu(), read(kept, given, 1), cause);
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
    @Up double[] p = result.magnitudes();
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
    @Up double[] right = new @Up double[m + 1];
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
      for (int j = 0; j < m; j++) {
        int e = start + j;
        // The rounded difference of two scores that may be this far apart, and its product with the rounded log2 e; the naive
        // algorithm has none.
        @Up double distance = Directed.subUp(largest, subDown(mid[e], addUp(rad[e], given[e])));
        @Up double rounding = model.softmax() == Model.Softmax.NAIVE ? 0
            : addUp(mulUp(mulUp(3, system.roundoff()), distance), system.underflow());
        excess[j] = far[j] ? 0 : Envelope.expMinusOneUp(addUp(given[e], addUp(rounding, expLog)));
      }
      // Σ p_j(e^L_j − 1) over all j to the right of each place
      for (int j = m - 1; j >= 0; j--) {
        right[j] = addUp(right[j + 1], mulUp(p[start + j], excess[j]));
      }
      @Up double left = 0;
      // Underflows of m exponentials, of the sum and of the quotient, by a sum of at least 1/2, or e^−size at most.
      @Up double tiny = mulUp(mulUp(4, addUp(m, 4)), system.underflow());
      if (naive) {
        tiny = mulUp(tiny, Directed.expUp(size));
      }
      for (int j = 0; j < m; j++) {
        int e = start + j;
        @Up double factor = addUp(1, excess[j]);
        @Up double others = addUp(left, right[j + 1]);
        left = addUp(left, mulUp(p[e], excess[j]));
        @Up double propagated = mulUp(p[e], addUp(mulUp(excess[j], Directed.subUp(1, leastP[e])), mulUp(factor, others)));
        @Up double computed = atMost(1, addUp(p[e], propagated));
        @Up double total = addUp(propagated, addUp(mulUp(rest, computed), tiny));
        // p' lies between 0 and 1 but for the last roundings.
        @Up double away = Directed.subUp(1, leastP[e]);
        errors[e] = atMost(addUp(addUp(away > p[e] ? away : p[e], rest), tiny), total);
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
    @Up double[] given = given();
    Normalization normalization = new Normalization(system, exact, given, rowNorms(given), epsilon);
    normalization.run();
    return of(system, "normalization", exact.normalizeRows(epsilon),
        new Errors(normalization.errors(), normalization.norms(), null), cause);
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
   * implementation finds t from positions up to the size s of the input, with an error of at most (6d + 4)us + 2u, where quotients err
   * by d ulps: the ratio of the sizes and its reciprocal, 2du each; the product with a position and the shift by one half; an offset
   * s/2·(1 − q) with a quotient q of nearly 1 that is found from the ratio. Or with none, where all of these are numbers of the format.
   * A weight of 0 at a whole distance is found exactly only where the kernel's weights have few bits. The slope of the kernels here is at most 2. Evaluated by Horner's rule, a cubic kernel with a between −1 and 0 errs by
   * less than 12u for |t| ≤ 1 (intermediate values up to 3) and less than 48u for |t| ≤ 2 (up to 8); there its weights are not
   * positive. Linear weights err by less than 4u. So weights err by at most the sum of these and twice the error of t, also beside the taps, which
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
    @Up double[] computed = Magnitudes.sum(exact.magnitudes(), given);
    @Up double[] bound = new @Up double[result.rows() * c];
    if (!a.isExact()) {
      bound = Magnitudes.sum(bound, resample(a.error(), computed, b.computed(), vertical.rows(), h, horizontal.rows(), w, c));
    }
    if (!b.isExact()) {
      bound = Magnitudes.sum(bound, resample(a.size(), computed, b.error(), vertical.rows(), h, horizontal.rows(), w, c));
    }
    bound = Magnitudes.sum(bound, resample(a.size(), given, b.size(), vertical.rows(), h, horizontal.rows(), w, c));
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
    if (rowNorms == null) {
      return new EnvelopeMatrix(system, result, gathered, cause);
    }
    return new EnvelopeMatrix(system, result, gathered,
        Norms.gathered(source, error, rowNorms, columns(), rows, columns, columns, 1),
        Norms.gathered(source, error, rowNorms, columns(), columns, rows, 1, columns), cause);
  }

  @Override
  public EnvelopeMatrix above(EnvelopeMatrix below) {
    Ball53Matrix result = exact.above(below.exact);
    if (error == null && below.error == null) {
      return new EnvelopeMatrix(system, result, null, cause(below));
    }
    @Up double[] upper = error();
    @Up double[] lower = below.error();
    @Up double[] both = new @Up double[result.rows() * result.columns()];
    System.arraycopy(upper, 0, both, 0, upper.length);
    System.arraycopy(lower, 0, both, upper.length, lower.length);
    @Up double @Nullable [] rows = null;
    if (rowNorms != null || below.rowNorms != null) {
      rows = new @Up double[result.rows()];
      System.arraycopy(keptRowNorms(upper), 0, rows, 0, rows());
      System.arraycopy(below.keptRowNorms(lower), 0, rows, rows(), below.rows());
    }
    @Up double @Nullable [] columns = null;
    if (columnNorms != null || below.columnNorms != null) {
      columns = new @Up double[columns()];
      @Up double[] a = keptColumnNorms(upper);
      @Up double[] b = below.keptColumnNorms(lower);
      for (int j = 0; j < columns.length; j++) {
        columns[j] = Norms.hypot(a[j], b[j]);
      }
    }
    return new EnvelopeMatrix(system, result, both, rows, columns, cause(below));
  }

  private @Up double[] keptRowNorms(@Up double[] errors) {
    return Norms.smaller(rowNorms, Norms.rows(errors, rows(), columns()));
  }

  private @Up double[] keptColumnNorms(@Up double[] errors) {
    return Norms.smaller(columnNorms, Norms.columns(errors, rows(), columns()));
  }

  @Override
  public EnvelopeMatrix reshape(int rows, int columns) {
    EnvelopeMatrix result;
    if (rowNorms == null || columns() == 0) {
      result = new EnvelopeMatrix(system, exact.reshape(rows, columns), error, cause);
    } else {
      int[] source = new int[rows() * columns()];
      Arrays.setAll(source, e -> e);
      result = gather(rows, columns, source);
    }
    result.sumDepth = sumDepth;
    return result;
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
    return new EnvelopeMatrix(system, result, transposed, columnNorms, rowNorms, cause);
  }

  /** A part of a row has at most the norm of the row. */
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
    return new EnvelopeMatrix(system, result, block, part(rowNorms, fromRow, toRow), part(columnNorms, fromColumn, toColumn),
        cause);
  }

  private static @Up double @Nullable [] part(@Up double @Nullable [] norms, int from, int to) {
    if (norms == null) {
      return null;
    }
    @Up double[] part = new @Up double[to - from];
    System.arraycopy(norms, from, part, 0, part.length);
    return part;
  }

  /** The exact part and the errors. */
  @Override
  public String toString() {
    return exact + " with errors " + Arrays.toString(error());
  }
}
