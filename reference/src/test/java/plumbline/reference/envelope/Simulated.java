package plumbline.reference.envelope;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;
import plumbline.spec.number.Shape;

/**
 * An implementation that conforms to a model and is otherwise as bad as it may be: every rounding goes a random way, up to the
 * full unit roundoff, sums take a random order and tree with or without fused operations, functions err by what they may.
 * Computes in binary64, so the formats must have far fewer bits.
 */
record Simulated(int rows, int columns, double[] values, Simulated.Machine system) implements Matrix<Simulated> {

  /** The machine with its dice. */
  record Machine(Model model, Random random) implements NumberSystem<Simulated> {
    @Override
    public String name() {
      return "simulated";
    }

    @Override
    public Simulated lift(ExactMatrix exact) {
      double[] values = new double[exact.size()];
      Arrays.setAll(values, e -> store(exact.get(e).getNumerator().doubleValue() / exact.get(e).getDenominator().doubleValue()));
      return new Simulated(exact.rows(), exact.columns(), values, this);
    }

    @Override
    public Simulated pi() {
      return new Simulated(1, 1, new double[] {store(Math.PI)}, this);
    }

    /** Between −1 and 1, often an end. */
    double die() {
      return switch (random.nextInt(3)) {
        case 0 -> 1;
        case 1 -> -1;
        default -> random.nextDouble() * 2 - 1;
      };
    }

    /** A rounding to a format; numbers of the format stay. */
    double round(double x, Format format) {
      if (Double.isNaN(x) || Double.isInfinite(x)) {
        return x;
      }
      if (model.flushing() && x != 0 && Math.abs(x) < format.leastNormal() && random.nextBoolean()) {
        return 0;
      }
      if (format.holds(x) || random.nextInt(4) == 0) {
        return format.round(x);
      }
      double rounded = x * (1 + die() * format.unitRoundoff());
      rounded += Math.abs(x) < format.leastNormal() ? die() * format.leastSubnormal() / 2 : 0;
      return Math.abs(rounded) > format.roundsToFinite() ? Math.copySign(Double.POSITIVE_INFINITY, x) : rounded;
    }

    double store(double x) {
      return round(x, model.storage());
    }

    /** A value with a relative error of so many ulps. */
    double within(double x, double ulps) {
      double result = x * (1 + die() * 2 * ulps * model.storage().unitRoundoff());
      return Math.abs(result) < model.storage().leastNormal() ? store(x) : beyond(result);
    }

    double beyond(double x) {
      return Math.abs(x) > model.storage().roundsToFinite() ? Math.copySign(Double.POSITIVE_INFINITY, x) : x;
    }

    double read(double x) {
      return model.flushing() && Math.abs(x) < model.storage().leastNormal() && random.nextBoolean() ? 0 : x;
    }

    /** Σ a_k b_k in some order. */
    double dot(double[] a, double[] b) {
      List<Double> terms = new ArrayList<>();
      double fused = 0;
      boolean sequential = random.nextBoolean();
      Integer[] order = new Integer[a.length];
      Arrays.setAll(order, k -> k);
      Collections.shuffle(Arrays.asList(order), random);
      for (int k : order) {
        double x = multiplicand(a[k]);
        double y = multiplicand(b[k]);
        if (sequential) {
          fused = random.nextBoolean() && x * y != 0 ? accumulate(x * y + fused) : added(accumulate(x * y), fused);
        } else {
          terms.add(accumulate(x * y));
        }
      }
      return stored(sequential ? fused : sum(terms));
    }

    /** A sum; adding zero rounds nothing (random roundings leave numbers between those of the format). */
    double added(double x, double y) {
      return x == 0 || y == 0 ? x + y : accumulate(x + y);
    }

    /** A number of the accumulation's format, stored. */
    double stored(double x) {
      return model.accumulation() == model.storage() ? x : store(x);
    }

    double multiplicand(double x) {
      double read = read(x);
      return model.multiplicands() == model.storage() ? read : round(read, model.multiplicands());
    }

    double accumulate(double x) {
      return round(x, model.accumulation());
    }

    /** Adds two random terms until one is left. */
    double sum(List<Double> terms) {
      if (terms.isEmpty()) {
        return 0;
      }
      while (terms.size() > 1) {
        double x = terms.remove(random.nextInt(terms.size()));
        double y = terms.remove(random.nextInt(terms.size()));
        terms.add(added(x, y));
      }
      return terms.get(0);
    }

    double sum(double[] terms) {
      List<Double> list = new ArrayList<>();
      for (double term : terms) {
        list.add(read(term));
      }
      return sum(list);
    }
  }

  private Simulated each(DoubleUnaryOperator operation) {
    return new Simulated(rows, columns, Arrays.stream(values).map(x -> operation.applyAsDouble(system.read(x))).toArray(), system);
  }

  private Simulated with(Simulated other, DoubleBinaryOperator operation) {
    double[] result = new double[values.length];
    Arrays.setAll(result, e -> operation.applyAsDouble(system.read(values[e]), system.read(other.values[e])));
    return new Simulated(rows, columns, result, system);
  }

  private double function(double exact, Model.FunctionError error) {
    double u = system.model.storage().unitRoundoff();
    double absolute = system.random.nextBoolean() ? error.units() * u : 0;
    double allowed = Math.max(Math.abs(exact) * 2 * error.ulps() * u, absolute);
    double result = exact + system.die() * allowed * 0.999;
    return system.beyond(result);
  }

  @Override
  public Simulated plus(Simulated other) {
    return with(other, (x, y) -> system.store(x + y));
  }

  @Override
  public Simulated minus(Simulated other) {
    return with(other, (x, y) -> system.store(x - y));
  }

  @Override
  public Simulated negate() {
    return each(x -> -x);
  }

  @Override
  public Simulated hadamard(Simulated other) {
    return with(other, (x, y) -> system.store(x * y));
  }

  @Override
  public Simulated square() {
    return each(x -> system.store(x * x));
  }

  @Override
  public Simulated dividedBy(Simulated divisor) {
    return with(divisor, (x, y) -> system.model.division() <= 0.5 ? system.store(x / y) : divided(x, y));
  }

  private double divided(double x, double y) {
    return system.random.nextBoolean() ? system.store(x * system.store(1 / y)) : system.within(x / y, system.model.division());
  }

  @Override
  public Simulated times(Simulated right) {
    Shape.requireProduct(this, right);
    double[] result = new double[rows * right.columns];
    for (int i = 0, e = 0; i < rows; i++) {
      double[] row = Arrays.copyOfRange(values, i * columns, (i + 1) * columns);
      for (int j = 0; j < right.columns; j++, e++) {
        double[] column = new double[columns];
        for (int k = 0; k < columns; k++) {
          column[k] = right.values[k * right.columns + j];
        }
        result[e] = system.dot(row, column);
      }
    }
    return new Simulated(rows, right.columns, result, system);
  }

  @Override
  public Simulated sumOfRows() {
    double[] sums = new double[rows];
    Arrays.setAll(sums, i -> system.stored(system.sum(Arrays.copyOfRange(values, i * columns, (i + 1) * columns))));
    return new Simulated(rows, 1, sums, system);
  }

  @Override
  public Simulated exp() {
    return each(x -> function(Math.exp(x), system.model.exp()));
  }

  @Override
  public Simulated log() {
    return each(x -> function(Math.log(x), system.model.log()));
  }

  @Override
  public Simulated sqrt() {
    return each(x -> system.model.squareRoot() <= 0.5 ? system.store(Math.sqrt(x))
        : system.within(Math.sqrt(x), system.model.squareRoot()));
  }

  @Override
  public Simulated sigmoid() {
    return each(x -> function(1 / (1 + Math.exp(-x)), system.model.sigmoid()));
  }

  @Override
  public Simulated tanh() {
    return each(x -> function(Math.tanh(x), system.model.tanh()));
  }

  @Override
  public Simulated abs() {
    return each(Math::abs);
  }

  @Override
  public Simulated max(Simulated other) {
    return with(other, Math::max);
  }

  @Override
  public Simulated relu() {
    return each(x -> Double.isNaN(x) ? x : Math.max(x, 0));
  }

  @Override
  public Simulated maxOfRows() {
    double[] result = new double[rows];
    Arrays.setAll(result, i -> Arrays.stream(values, i * columns, (i + 1) * columns).reduce(Double.NEGATIVE_INFINITY, Math::max));
    return new Simulated(rows, 1, result, system);
  }

  @Override
  public Simulated softmaxRows() {
    boolean stable = system.model.softmax() == Model.Softmax.STABLE
        || (system.model.softmax() == Model.Softmax.EITHER && system.random.nextBoolean());
    Simulated shifted = stable ? minus(maxOfRows().broadcast(rows, columns)) : this;
    Simulated weights = shifted.exp();
    return weights.dividedBy(weights.sumOfRows().broadcast(rows, columns));
  }

  @Override
  public Simulated normalizeRows(BigFraction epsilon) {
    double[] result = new double[values.length];
    for (int i = 0; i < rows; i++) {
      double[] row = Arrays.copyOfRange(values, i * columns, (i + 1) * columns);
      normalize(row, epsilon.doubleValue(), result, i * columns);
    }
    return new Simulated(rows, columns, result, system);
  }

  private void normalize(double[] x, double epsilon, double[] result, int at) {
    int c = x.length;
    int algorithm = system.random.nextInt(system.model.variance().ordinal() + 1);
    double mean;
    double variance;
    if (algorithm == 1) {
      double[] statistics = merged(x, 0, c);
      mean = statistics[0];
      variance = system.store(divided(statistics[1], c));
    } else {
      mean = system.store(divided(system.sum(x.clone()), c));
      double[] squares = x.clone();
      for (int k = 0; k < c; k++) {
        double d = algorithm == 0 ? system.store(x[k] - mean) : x[k];
        squares[k] = system.accumulate(d * d);
      }
      variance = system.store(divided(system.sum(squares), c));
      variance = algorithm == 0 ? variance : system.store(variance - system.store(mean * mean));
    }
    double root = system.within(Math.sqrt(epsilon == 0 ? variance : system.store(variance + system.store(epsilon))),
        system.model.squareRoot());
    int form = algorithm == 0 ? system.random.nextInt(2) : system.random.nextInt(3);
    double reciprocal = divided(1, root);
    for (int k = 0; k < c; k++) {
      result[at + k] = switch (form) {
        case 0 -> divided(system.store(x[k] - mean), root);
        case 1 -> system.store(system.store(x[k] - mean) * reciprocal);
        default -> system.store(system.store(x[k] * reciprocal) - system.store(mean * reciprocal));
      };
    }
  }

  /** Mean and sum of squared deviations, merged from two parts of random sizes. */
  private double[] merged(double[] x, int from, int to) {
    if (to - from == 1) {
      return new double[] {x[from], 0};
    }
    int cut = system.random.nextBoolean() ? to - 1 : from + 1 + system.random.nextInt(to - from - 1);
    double[] a = merged(x, from, cut);
    double[] b = merged(x, cut, to);
    double nA = cut - from;
    double nB = to - cut;
    double delta = system.accumulate(b[0] - a[0]);
    double mean = system.accumulate(a[0] + system.accumulate(system.accumulate(delta * nB) / (nA + nB)));
    double spread = system.accumulate(system.accumulate(a[1] + b[1])
        + system.accumulate(system.accumulate(system.accumulate(delta * delta) * nA) * nB / (nA + nB)));
    return new double[] {mean, spread};
  }

  @Override
  public Simulated gather(int rows, int columns, int[] source) {
    double[] result = new double[source.length];
    Arrays.setAll(result, e -> source[e] < 0 ? 0 : values[source[e]]);
    return new Simulated(rows, columns, result, system);
  }

  @Override
  public Simulated above(Simulated below) {
    double[] both = Arrays.copyOf(values, values.length + below.values.length);
    System.arraycopy(below.values, 0, both, values.length, below.values.length);
    return new Simulated(rows + below.rows, columns, both, system);
  }
}
