package plumbline.properties.layer;

import java.math.BigInteger;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;
import plumbline.spec.number.Shape;

/**
 * What a rounded number system may return: an a-priori error bound that is carried along with the computation, in certified
 * arithmetic. After each primitive that rounds, the enclosure is widened by the relative and absolute error that the system
 * states for that primitive; products are sums of rounded products in the order of the inner index.
 *
 * <p>By induction over the primitives an entry's enclosure holds every number that such a system can have computed there,
 * as long as nothing overflows.
 *
 * @param inner all values that may have been computed
 * @param model the system's errors
 */
record Envelope<C extends Certified<C>>(C inner, Model<C> model) implements Matrix<Envelope<C>> {

  /**
   * The errors of a rounded system: computed = exact·(1 + a) + b with |a|, |b| bounded.
   *
   * @param certified the arithmetic that encloses
   * @param relative bound on |a| for +, −, ×, ÷, √ and conversion
   * @param transcendental bound on |a| for exp and log
   * @param absolute bound on |b|: what underflow may lose
   * @param exactDoubles whether binary64 values are converted exactly
   */
  record Model<C extends Certified<C>>(CertifiedSystem<C> certified, BigFraction relative, BigFraction transcendental,
      BigFraction absolute, boolean exactDoubles) implements NumberSystem<Envelope<C>> {

    /**
     * IEEE 754 binary64: half a unit in the last place, or half the least subnormal number, per operation. StrictMath is
     * fdlibm, whose exp and log are within one unit.
     */
    static <C extends Certified<C>> Model<C> binary64(CertifiedSystem<C> certified) {
      return new Model<>(certified, powerOfTwo(53), powerOfTwo(52), powerOfTwo(1074), true);
    }

    /**
     * Apfloat at a number of decimal digits: apfloat says that results are about as precise as asked for, without a bound. A
     * hundred units in the last digit are granted to arithmetic, ten thousand to exp and log.
     */
    static <C extends Certified<C>> Model<C> apfloat(CertifiedSystem<C> certified, int digits) {
      BigFraction unit = new BigFraction(BigInteger.ONE, BigInteger.TEN.pow(digits - 1));
      return new Model<>(certified, unit.multiply(100), unit.multiply(10_000), BigFraction.ZERO, false);
    }

    private static BigFraction powerOfTwo(int negated) {
      return new BigFraction(BigInteger.ONE, BigInteger.ONE.shiftLeft(negated));
    }

    @Override
    public String name() {
      return "envelope over " + certified.name();
    }

    @Override
    public Envelope<C> lift(ExactMatrix exact) {
      C lifted = certified.lift(exact);
      return new Envelope<>(exactDoubles && exact.isBinary64() ? lifted : widened(lifted, relative), this);
    }

    @Override
    public Envelope<C> pi() {
      return new Envelope<>(widened(certified.pi(), relative), this);
    }

    private C widened(C exact, BigFraction relativeError) {
      C factor = interval(BigFraction.ONE.subtract(relativeError), BigFraction.ONE.add(relativeError), exact);
      return exact.hadamard(factor).plus(interval(absolute.negate(), absolute, exact));
    }

    private C interval(BigFraction low, BigFraction high, C like) {
      return certified.enclose(ExactMatrix.of(1, 1, low), ExactMatrix.of(1, 1, high)).broadcast(like.rows(), like.columns());
    }
  }

  private Envelope<C> rounded(C exact) {
    return new Envelope<>(model.widened(exact, model.relative), model);
  }

  private Envelope<C> same(UnaryOperator<C> exactOperation) {
    return new Envelope<>(exactOperation.apply(inner), model);
  }

  @Override
  public int rows() {
    return inner.rows();
  }

  @Override
  public int columns() {
    return inner.columns();
  }

  @Override
  public NumberSystem<Envelope<C>> system() {
    return model;
  }

  @Override
  public Envelope<C> plus(Envelope<C> other) {
    return rounded(inner.plus(other.inner));
  }

  @Override
  public Envelope<C> minus(Envelope<C> other) {
    return rounded(inner.minus(other.inner));
  }

  @Override
  public Envelope<C> negate() {
    return same(Matrix::negate);
  }

  @Override
  public Envelope<C> hadamard(Envelope<C> other) {
    return rounded(inner.hadamard(other.inner));
  }

  @Override
  public Envelope<C> square() {
    return rounded(inner.square());
  }

  @Override
  public Envelope<C> dividedBy(Envelope<C> divisor) {
    return rounded(inner.dividedBy(divisor.inner));
  }

  @Override
  public Envelope<C> times(Envelope<C> right) {
    Shape.requireProduct(this, right);
    int m = right.columns();
    Envelope<C> sum = new Envelope<>(model.certified.lift(ExactMatrix.zeros(rows(), m)), model);
    for (int k = 0; k < columns(); k++) {
      sum = sum.plus(columnRange(k, k + 1).broadcast(rows(), m).hadamard(right.rowRange(k, k + 1).broadcast(rows(), m)));
    }
    return sum;
  }

  @Override
  public Envelope<C> exp() {
    return new Envelope<>(model.widened(inner.exp(), model.transcendental), model);
  }

  @Override
  public Envelope<C> log() {
    return new Envelope<>(model.widened(inner.log(), model.transcendental), model);
  }

  @Override
  public Envelope<C> sqrt() {
    return rounded(inner.sqrt());
  }

  @Override
  public Envelope<C> abs() {
    return same(Matrix::abs);
  }

  @Override
  public Envelope<C> max(Envelope<C> other) {
    return new Envelope<>(inner.max(other.inner), model);
  }

  @Override
  public Envelope<C> relu() {
    return same(Matrix::relu);
  }

  @Override
  public Envelope<C> maxOfRows() {
    return same(Matrix::maxOfRows);
  }

  /** Both rounded systems subtract the largest score, take exponentials, sum them in order and divide. */
  @Override
  public Envelope<C> softmaxRows() {
    Envelope<C> weights = minus(maxOfRows().broadcast(rows(), columns())).exp();
    return weights.dividedBy(weights.sumOfRows().broadcast(rows(), columns()));
  }

  @Override
  public Envelope<C> gather(int rows, int columns, int[] source) {
    return same(x -> x.gather(rows, columns, source));
  }

  @Override
  public Envelope<C> above(Envelope<C> below) {
    return new Envelope<>(inner.above(below.inner), model);
  }
}
