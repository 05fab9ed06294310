package plumbline.reference.number;

import java.math.BigInteger;
import java.util.Objects;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.number.Certified;
import plumbline.spec.number.Interval;
import plumbline.spec.number.Shape;

/**
 * A matrix of balls, see {@link Ball}. An operand of another precision is first rounded to the precision of the matrix
 * whose method is called.
 */
public final class BallMatrix implements Certified<BallMatrix> {
  /** Ends of {@link #enclosure} have at most this many bits above and below the point; others move outward. */
  private static final int END_BITS = 1 << 20;

  private final Ball system;
  private final int rows;
  private final int columns;
  private final Balls balls;

  BallMatrix(Ball system, int rows, int columns, Balls balls) {
    this.system = system;
    this.rows = rows;
    this.columns = columns;
    this.balls = balls;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public Ball system() {
    return system;
  }

  /** The entries. */
  Balls balls() {
    return balls;
  }

  private BallMatrix same(Balls result) {
    return new BallMatrix(system, rows, columns, result);
  }

  /** A scalar operation on entry {@code e}; {@code d} is the result. */
  private interface Unary {
    void apply(BallKernel kernel, Balls d, int e, Balls a);
  }

  private interface Binary {
    void apply(BallKernel kernel, Balls d, int e, Balls a, Balls b);
  }

  private BallMatrix map(Unary operation) {
    Balls d = new Balls(balls.bits, balls.size);
    BallKernel kernel = new BallKernel(balls.bits);
    for (int e = 0; e < d.size; e++) {
      operation.apply(kernel, d, e, balls);
    }
    return same(d);
  }

  private BallMatrix zip(String name, BallMatrix other, Binary operation) {
    Shape.requireSame(name, this, other);
    Balls b = here(other);
    Balls d = new Balls(balls.bits, balls.size);
    BallKernel kernel = new BallKernel(balls.bits);
    for (int e = 0; e < d.size; e++) {
      operation.apply(kernel, d, e, balls, b);
    }
    return same(d);
  }

  /** The entries of {@code other} at this precision. */
  private Balls here(BallMatrix other) {
    Balls b = other.balls;
    if (b.bits == balls.bits) {
      return b;
    }
    Balls d = new Balls(balls.bits, b.size);
    BallKernel kernel = new BallKernel(balls.bits);
    for (int e = 0; e < d.size; e++) {
      kernel.convert(d, e, b, e);
    }
    return d;
  }

  @Override
  public BallMatrix plus(BallMatrix other) {
    return zip("plus", other, (kernel, d, e, a, b) -> kernel.add(d, e, a, e, b, e, 1));
  }

  @Override
  public BallMatrix minus(BallMatrix other) {
    return zip("minus", other, (kernel, d, e, a, b) -> kernel.add(d, e, a, e, b, e, -1));
  }

  @Override
  public BallMatrix negate() {
    Balls d = new Balls(balls.bits, balls.size);
    d.copyRange(0, balls, 0, d.size);
    for (int e = 0; e < d.size; e++) {
      d.signs[e] = (byte) -d.signs[e];
    }
    return same(d);
  }

  @Override
  public BallMatrix hadamard(BallMatrix other) {
    return zip("hadamard", other, (kernel, d, e, a, b) -> kernel.multiply(d, e, a, e, b, e));
  }

  @Override
  public BallMatrix square() {
    return map((kernel, d, e, a) -> kernel.square(d, e, a, e));
  }

  /** {@inheritDoc} By an enclosure that contains 0: the whole line. */
  @Override
  public BallMatrix dividedBy(BallMatrix divisor) {
    return zip("dividedBy", divisor, (kernel, d, e, a, b) -> kernel.divide(d, e, a, e, b, e));
  }

  @Override
  public BallMatrix times(BallMatrix right) {
    Shape.requireProduct(this, right);
    return new BallMatrix(system, rows, right.columns,
        BallProduct.multiply(balls, here(right), rows, columns, right.columns));
  }

  @Override
  public BallMatrix exp() {
    return same(BallExp.exp(balls));
  }

  /** {@inheritDoc} An enclosure that reaches 0 gives the whole line, for log has no lower end there. */
  @Override
  public BallMatrix log() {
    return map((kernel, d, e, a) -> kernel.log(d, e, a, e));
  }

  /** {@inheritDoc} Of an enclosure that reaches below 0 the part at and above 0 counts; without one, the whole line. */
  @Override
  public BallMatrix sqrt() {
    return map((kernel, d, e, a) -> kernel.sqrt(d, e, a, e));
  }

  /**
   * {@inheritDoc} The relative accuracy holds for tiny values too. Where a function is within 2^−(bits + 2) of a limit other
   * than 0, the midpoint is the limit and the radius a bound of that distance, at least
   * 2^−(2·bits + 256). So an enclosure may reach beyond ±1, but not by
   * more than its rounding does; a sign that is known stays known. The same holds for the two functions that follow.
   */
  @Override
  public BallMatrix sigmoid() {
    return map((kernel, d, e, a) -> kernel.sigmoid(d, e, a, e));
  }

  @Override
  public BallMatrix tanh() {
    return map((kernel, d, e, a) -> kernel.tanh(d, e, a, e));
  }

  @Override
  public BallMatrix erf() {
    return map((kernel, d, e, a) -> kernel.erf(d, e, a, e));
  }

  @Override
  public BallMatrix abs() {
    return map((kernel, d, e, a) -> kernel.abs(d, e, a, e));
  }

  @Override
  public BallMatrix max(BallMatrix other) {
    return zip("max", other, (kernel, d, e, a, b) -> kernel.max(d, e, a, e, b, e));
  }

  @Override
  public BallMatrix relu() {
    return map((kernel, d, e, a) -> kernel.relu(d, e, a, e));
  }

  @Override
  public BallMatrix maxOfRows() {
    Shape.requireColumns("the maximum", this);
    Balls d = new Balls(balls.bits, rows);
    BallKernel kernel = new BallKernel(balls.bits);
    for (int i = 0; i < rows; i++) {
      kernel.max(d, i, balls, i * columns, columns);
    }
    return new BallMatrix(system, rows, 1, d);
  }

  /** {@inheritDoc} The relative accuracy holds for the least of the p_j too. */
  @Override
  public BallMatrix softmaxRows() {
    return same(BallExp.softmax(balls, rows, columns));
  }

  @Override
  public BallMatrix gather(int rows, int columns, int[] source) {
    Shape.requireSource(rows, columns, source, balls.size);
    Balls d = new Balls(balls.bits, source.length);
    for (int e = 0; e < source.length; e++) {
      if (source[e] != -1) {
        d.copy(e, balls, source[e]);
      }
    }
    return new BallMatrix(system, rows, columns, d);
  }

  @Override
  public BallMatrix above(BallMatrix below) {
    Shape.requireStackable(this, below);
    Balls d = new Balls(balls.bits, Math.addExact(balls.size, below.balls.size));
    d.copyRange(0, balls, 0, balls.size);
    d.copyRange(balls.size, here(below), 0, below.balls.size);
    return new BallMatrix(system, rows + below.rows, columns, d);
  }

  private int index(int row, int column) {
    return Objects.checkIndex(row, rows) * columns + Objects.checkIndex(column, columns);
  }

  @Override
  public int signOfLower(int row, int column) {
    return balls.signOfLower(index(row, column));
  }

  @Override
  public int signOfUpper(int row, int column) {
    return balls.signOfUpper(index(row, column));
  }

  /**
   * {@inheritDoc} An end of magnitude beyond 2^(2^20), or with bits below 2^−(2^20), is too long for exact comparisons; it moves
   * outward: to infinity, or to a multiple of that.
   */
  @Override
  public Interval enclosure(int row, int column) {
    int e = index(row, column);
    if (balls.isWhole(e)) {
      return Interval.WHOLE;
    }
    return new Interval(end(e, -1), end(e, 1));
  }

  private @Nullable BigFraction end(int e, int direction) {
    Dyadic end = balls.end(e, direction, END_BITS);
    if (end.signum() != 0 && end.top() > END_BITS) {
      return end.signum() == direction ? null : new Dyadic(BigInteger.valueOf(-direction), END_BITS).fraction();
    }
    return end.exponent() < -END_BITS ? new Dyadic(end.onGrid(-END_BITS, direction), -END_BITS).fraction() : end.fraction();
  }

  /** An upper bound of the widest radius, as the exponent of a power of two; {@link Long#MIN_VALUE} if all are exact. */
  long radiusExponent() {
    Mag widest = new Mag();
    Mag radius = new Mag();
    for (int e = 0; e < balls.size; e++) {
      if (balls.radius(e, radius).compareTo(widest) > 0) {
        widest.set(radius);
      }
    }
    return widest.isZero() ? Long.MIN_VALUE : widest.isInfinite() ? Long.MAX_VALUE : widest.e + 1;
  }

  /** Each entry as {@code midpoint ± radius}, in decimal. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < rows; i++) {
      text.append(i == 0 ? "[" : ", [");
      for (int j = 0; j < columns; j++) {
        text.append(j == 0 ? "" : ", ").append(balls.toString(i * columns + j));
      }
      text.append("]");
    }
    return text.append("]").toString();
  }
}
