package plumbline.reference.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.number.Ball;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Directed;
import plumbline.reference.number.Rounding;
import plumbline.spec.number.Certified;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/** Whatever a conforming machine returns is within the error bound of the exact result, and the bound is of use. */
class EnvelopeTest {
  private static final BigFraction EPSILON = new BigFraction(1, 1_000_000);
  private final Random random = new Random(4);

  /** A computation on some inputs, in any number system. */
  private interface Computation {
    <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs);
  }

  private static final List<Model> MODELS = models();

  private static List<Model> models() {
    List<Model> models = new ArrayList<>();
    for (Model model : Model.presets()) {
      if (model.storage() != Format.FLOAT64) {
        models.add(model);
      }
    }
    Model base = Model.named("any-f32");
    models.add(new Model("naive", base.storage(), base.multiplicands(), base.accumulation(), Model.Summation.ANY, 0.5, 0.5,
        base.exp(), base.log(), base.tanh(), base.sigmoid(), base.erf(), false, Model.Softmax.EITHER, Model.Variance.WELFORD));
    models.add(new Model("wide", Format.FLOAT32, Format.FLOAT32, Format.FLOAT64, Model.Summation.ANY, 1, 0.5,
        base.exp(), base.log(), base.tanh(), base.sigmoid(), base.erf(), true, Model.Softmax.NAIVE, Model.Variance.ONE_PASS));
    return models;
  }

  private double number(Format format, int range) {
    double value = switch (random.nextInt(8)) {
      case 0 -> random.nextInt(5) - 2;
      case 1 -> 1 + random.nextInt(3) * 2 * format.unitRoundoff();
      default -> random.nextGaussian();
    };
    return format.round(Math.scalb(value, random.nextInt(2 * range + 1) - range));
  }

  private ExactMatrix input(Format format, int rows, int columns, int range) {
    double[] values = new double[rows * columns];
    Arrays.setAll(values, e -> number(format, range));
    return ExactMatrix.of(rows, columns, values);
  }

  /** How the bounds compare with what the machine did. */
  private static final class Tightness {
    double largestError;
    double largestBound;
    int bounded;
    int entries;
  }

  private Tightness check(Model model, Computation computation, List<ExactMatrix> inputs, int trials) {
    EnvelopeMatrix envelope = computation.in(new Envelope(model), inputs);
    double[] bounds = envelope.error();
    Certified<?> exact = computation.in(Ball.of(160), inputs);
    double[] lower = new double[bounds.length];
    double[] upper = new double[bounds.length];
    for (int e = 0; e < bounds.length; e++) {
      Interval v = exact.enclosure(e / envelope.columns(), e % envelope.columns());
      lower[e] = v.lower() == null ? Double.NEGATIVE_INFINITY : Rounding.down(v.lower());
      upper[e] = v.upper() == null ? Double.POSITIVE_INFINITY : Rounding.up(v.upper());
    }
    Tightness tightness = new Tightness();
    tightness.entries = bounds.length;
    for (int t = 0; t < trials; t++) {
      double[] returned = computation.in(new Simulated.Machine(model, random), inputs).values();
      checkNorms(model, envelope, returned, lower, upper);
      for (int e = 0; e < returned.length; e++) {
        if (Double.isInfinite(bounds[e])) {
          continue;
        }
        int entry = e;
        Supplier<String> what = () -> model.name() + " entry " + entry + ": " + returned[entry] + " for " + lower[entry] + " to "
            + upper[entry] + " with error " + bounds[entry] + " on " + inputs;
        assertTrue(Double.isFinite(returned[e]), what);
        // Upper bounds of the distance, exact but for their last place.
        double error = Math.max(Directed.subUp(returned[e], lower[e]), Directed.subUp(upper[e], returned[e]));
        assertTrue(error <= bounds[e], what);
        tightness.largestError = Math.max(tightness.largestError, error);
        tightness.largestBound = Math.max(tightness.largestBound, bounds[e]);
      }
    }
    for (double bound : bounds) {
      tightness.bounded += Double.isInfinite(bound) ? 0 : 1;
    }
    return tightness;
  }

  /** The norms of errors of rows and columns, to the precision of binary64. */
  private static void checkNorms(Model model, EnvelopeMatrix envelope, double[] returned, double[] lower, double[] upper) {
    int n = envelope.rows();
    int m = envelope.columns();
    double[] rows = new double[n];
    double[] columns = new double[m];
    for (int e = 0; e < returned.length; e++) {
      double error = Math.max(0, Math.max(lower[e] - returned[e], returned[e] - upper[e]));
      rows[e / m] = Math.hypot(rows[e / m], error);
      columns[e % m] = Math.hypot(columns[e % m], error);
    }
    double[] rowBounds = envelope.errorNormsOfRows();
    double[] columnBounds = envelope.errorNormsOfColumns();
    for (int i = 0; i < n; i++) {
      double row = rows[i];
      double bound = rowBounds[i];
      assertTrue(!(row > bound * (1 + 1e-12)), () -> model.name() + ": a row's norm is " + row + ", not at most " + bound);
    }
    for (int j = 0; j < m; j++) {
      double column = columns[j];
      double bound = columnBounds[j];
      assertTrue(!(column > bound * (1 + 1e-12)), () -> model.name() + ": a column's norm is " + column + ", not at most " + bound);
    }
  }

  /** Errors of a depth of two: what the operation propagates matters as well as what it rounds. */
  private static <M extends Matrix<M>> M third(M x) {
    return x.dividedBy(x.system().lift(3).broadcast(x.rows(), x.columns()));
  }

  private record Named(String name, Computation computation) {}

  private static final List<Named> ENTRYWISE = List.of(
      new Named("plus", new Computation() {
        @Override
        public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
          return third(system.lift(inputs.get(0))).plus(third(system.lift(inputs.get(1))));
        }
      }),
      new Named("minus", new Computation() {
        @Override
        public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
          return third(system.lift(inputs.get(0))).minus(system.lift(inputs.get(1)));
        }
      }),
      new Named("hadamard", new Computation() {
        @Override
        public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
          return third(system.lift(inputs.get(0))).hadamard(third(system.lift(inputs.get(1))));
        }
      }),
      new Named("square", new Computation() {
        @Override
        public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
          return third(system.lift(inputs.get(0))).square();
        }
      }),
      new Named("divide", new Computation() {
        @Override
        public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
          return third(system.lift(inputs.get(0))).dividedBy(third(system.lift(inputs.get(1))));
        }
      }),
      new Named("exp", new Computation() {
        @Override
        public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
          return third(system.lift(inputs.get(0))).exp();
        }
      }),
      new Named("log", new Computation() {
        @Override
        public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
          return third(system.lift(inputs.get(0)).square()).log();
        }
      }),
      new Named("sqrt", new Computation() {
        @Override
        public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
          return third(system.lift(inputs.get(0)).square()).sqrt();
        }
      }),
      new Named("sigmoid", new Computation() {
        @Override
        public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
          return third(system.lift(inputs.get(0))).sigmoid();
        }
      }),
      new Named("tanh", new Computation() {
        @Override
        public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
          return third(system.lift(inputs.get(0))).tanh();
        }
      }),
      new Named("abs max relu", new Computation() {
        @Override
        public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
          M x = third(system.lift(inputs.get(0)));
          return x.abs().max(third(system.lift(inputs.get(1)))).minus(x.relu()).relu();
        }
      }));

  @Test
  void entrywiseOperations() {
    for (Model model : MODELS) {
      int far = model.storage().maxExponent() - 3;
      for (Named named : ENTRYWISE) {
        boolean exponential = Set.of("exp", "sigmoid", "tanh").contains(named.name);
        for (int range : new int[] {1, 6, exponential ? 8 : far}) {
          for (int t = 0; t < 4; t++) {
            List<ExactMatrix> inputs = List.of(input(model.storage(), 3, 4, range), input(model.storage(), 3, 4, range));
            check(model, named.computation, inputs, 6);
          }
        }
      }
    }
  }

  private static final Computation PRODUCT = new Computation() {
    @Override
    public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
      return third(system.lift(inputs.get(0))).times(third(system.lift(inputs.get(1))));
    }
  };

  private static final Computation SOFTMAX = new Computation() {
    @Override
    public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
      return third(system.lift(inputs.get(0))).softmaxRows();
    }
  };

  private static final Computation NORMALIZE = new Computation() {
    @Override
    public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
      return third(system.lift(inputs.get(0))).normalizeRows(EPSILON);
    }
  };

  private static final Computation ATTENTION = new Computation() {
    @Override
    public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
      M x = system.lift(inputs.get(0));
      M w = system.lift(inputs.get(1));
      return x.times(w).times(x.transpose()).softmaxRows().times(x);
    }
  };

  @Test
  void products() {
    for (Model model : MODELS) {
      for (int k : new int[] {1, 2, 7, 33}) {
        for (int range : new int[] {0, 6, model.storage().maxExponent() / 2}) {
          check(model, PRODUCT, List.of(input(model.storage(), 3, k, range), input(model.storage(), k, 2, range)), 8);
        }
      }
    }
  }

  @Test
  void productsWithZeros() {
    // Nine in ten entries are zero: sums are short, and no more roundings are allowed than that.
    for (Model model : MODELS) {
      for (int t = 0; t < 5; t++) {
        double[] sparse = new double[4 * 30];
        Arrays.setAll(sparse, e -> random.nextInt(10) == 0 ? number(model.storage(), 2) : 0);
        ExactMatrix left = ExactMatrix.of(4, 30, sparse);
        check(model, PRODUCT, List.of(left, input(model.storage(), 30, 3, 2)), 8);
        check(model, PRODUCT, List.of(input(model.storage(), 3, 30, 2), ExactMatrix.of(30, 4, sparse)), 8);
      }
    }
  }

  @Test
  void softmax() {
    for (Model model : MODELS) {
      for (int m : new int[] {1, 2, 5, 40}) {
        for (int range : new int[] {0, 3, 7}) {
          check(model, SOFTMAX, List.of(input(model.storage(), 3, m, range)), 10);
        }
      }
    }
  }

  @Test
  void normalization() {
    for (Model model : MODELS) {
      for (int c : new int[] {1, 2, 5, 24}) {
        for (int range : new int[] {0, 2}) {
          for (double offset : new double[] {0, 3, 40, 1000}) {
            ExactMatrix x = input(model.storage(), 3, c, range);
            double[] moved = new double[x.size()];
            Arrays.setAll(moved, e -> model.storage().round(x.binary64()[e] + offset));
            check(model, NORMALIZE, List.of(ExactMatrix.of(3, c, moved)), 12);
          }
        }
      }
    }
  }

  @Test
  void attention() {
    for (Model model : MODELS) {
      for (int n : new int[] {1, 3, 8}) {
        check(model, ATTENTION, List.of(input(model.storage(), n, 4, 0), input(model.storage(), 4, 4, 0)), 10);
      }
    }
  }

  /** A transformer block with two heads and a pre-norm: a chain in which norms are better than entries. */
  private static final Computation BLOCK = new Computation() {
    @Override
    public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
      M x = system.lift(inputs.get(0));
      M w = system.lift(inputs.get(1));
      M z = x.normalizeRows(EPSILON).times(w);
      int half = z.columns() / 2;
      M left = head(z.columnRange(0, half));
      M right = head(z.columnRange(half, z.columns()));
      M mixed = x.plus(left.beside(right).times(w.transpose()));
      M hidden = mixed.normalizeRows(EPSILON).times(w);
      M gate = hidden.tanh().hadamard(hidden.sigmoid()).max(hidden.relu().minus(hidden.abs()));
      return mixed.plus(third(gate).times(w)).reshape(x.rows() * 2, x.columns() / 2).transpose();
    }

    private <M extends Matrix<M>> M head(M z) {
      return z.times(z.transpose()).softmaxRows().times(z);
    }
  };

  /** Tokens as columns: the weights are the left factors. */
  private static final Computation COLUMNS = new Computation() {
    @Override
    public <M extends Matrix<M>> M in(NumberSystem<M> system, List<ExactMatrix> inputs) {
      M x = third(system.lift(inputs.get(0)));
      M w = system.lift(inputs.get(1));
      return x.plus(w.times(w.times(x).relu()));
    }
  };

  @Test
  void chains() {
    for (Model model : MODELS) {
      for (int n : new int[] {2, 6}) {
        check(model, BLOCK, List.of(input(model.storage(), n, 8, 0), input(model.storage(), 8, 8, 0)), 10);
        check(model, COLUMNS, List.of(input(model.storage(), 8, n, 0), input(model.storage(), 8, 8, 0)), 10);
      }
    }
  }

  @Test
  void sumsMayBeginWithWhatIsAdded() {
    // 2^24 takes up 1 without a trace, seven times; their sum first would not.
    Envelope system = new Envelope(Model.named("ieee-f32"));
    EnvelopeMatrix ones = system.lift(ExactMatrix.ones(1, 7));
    EnvelopeMatrix product = ones.times(system.lift(ExactMatrix.ones(7, 1)));
    EnvelopeMatrix large = system.lift(ExactMatrix.of(1, 1, 0x1p24));
    for (EnvelopeMatrix sum : List.of(product.plus(large), large.plus(product), product.reshape(1, 1).minus(large.negate()))) {
      assertTrue(sum.error()[0] >= 7 && sum.error()[0] < 20, sum.toString());
    }
    assertTrue(product.relu().plus(large).error()[0] < 7);
  }

  @Test
  void boundsAreOfUse() {
    Model model = Model.named("torch-cpu-f32");
    List<ExactMatrix> square = List.of(input(Format.FLOAT32, 16, 16, 0), input(Format.FLOAT32, 16, 16, 0));
    record Use(Computation computation, double factor) {}
    for (Use use : List.of(new Use(PRODUCT, 20), new Use(SOFTMAX, 30), new Use(NORMALIZE, 1000), new Use(ATTENTION, 600))) {
      Tightness tightness = check(model, use.computation, square, 20);
      assertEquals(tightness.entries, tightness.bounded);
      assertTrue(tightness.largestBound <= use.factor * tightness.largestError,
          tightness.largestBound + " against " + tightness.largestError);
    }
  }

  @Test
  void exactWhereNothingIsRounded() {
    Envelope system = new Envelope(Model.named("ieee-f32"));
    EnvelopeMatrix x = system.lift(ExactMatrix.ofIntegers(2, 2, 1, 2, 3, -4));
    double[] none = new double[4];
    for (EnvelopeMatrix y : List.of(x, x.plus(x), x.minus(x), x.hadamard(x), x.square(), x.negate(), x.relu(), x.abs(),
        x.transpose(), x.max(x), x.dividedBy(system.lift(2).broadcast(2, 2)), x.square().sqrt())) {
      assertTrue(Arrays.equals(none, y.error()), y.toString());
    }
    assertTrue(x.dividedBy(system.lift(3).broadcast(2, 2)).error()[0] > 0);
    assertTrue(system.lift(new BigFraction(1, 10)).error()[0] > 0);
  }

  @Test
  void namesThePrimitiveThatToldNothing() {
    Envelope system = new Envelope(Model.named("any-f32"));
    EnvelopeMatrix x = system.lift(ExactMatrix.ofIntegers(1, 2, 1, 1));
    assertNull(x.plus(x).cause());
    EnvelopeMatrix third = third(x);
    EnvelopeMatrix nothing = x.dividedBy(third.minus(third));
    assertNotNull(nothing.cause());
    assertTrue(nothing.exp().plus(x).cause().startsWith("quotient of 1×2"), nothing.exp().plus(x).cause());
    EnvelopeMatrix overflow = system.lift(ExactMatrix.of(1, 1, 3e38)).plus(system.lift(ExactMatrix.of(1, 1, 3e38)));
    assertEquals(Double.POSITIVE_INFINITY, overflow.error()[0]);
    // 0·∞ is NaN.
    EnvelopeMatrix zero = system.lift(ExactMatrix.zeros(1, 1));
    assertEquals(Double.POSITIVE_INFINITY, overflow.times(zero).error()[0]);
    assertEquals(Double.POSITIVE_INFINITY, overflow.hadamard(zero).error()[0]);
  }

  @Test
  void masksOfTheLargestNumber() {
    Model model = Model.named("any-f32");
    double mask = -Format.FLOAT32.largest();
    List<ExactMatrix> scores = List.of(ExactMatrix.of(2, 3, 0.5, mask, 1, mask, mask, 2));
    double[] bounds = SOFTMAX.in(new Envelope(model), scores).error();
    for (double bound : bounds) {
      assertTrue(bound < 1e-5, Arrays.toString(bounds));
    }
    check(model, SOFTMAX, scores, 20);
    // A score added to the mask is lost in it, and does not overflow.
    EnvelopeMatrix masked = new Envelope(model).lift(ExactMatrix.of(1, 1, mask)).plus(new Envelope(model).lift(ExactMatrix.of(1, 1, -7.5)));
    assertTrue(Double.isFinite(masked.error()[0]));
  }

  @Test
  void subnormalOperandsMayBeReadAsZero() {
    // 2^-130 times 2^100 is 0 where operands are flushed.
    for (String name : List.of("any-f32", "ieee-f32")) {
      Envelope system = new Envelope(Model.named(name));
      EnvelopeMatrix tiny = system.lift(ExactMatrix.of(1, 1, 0x1p-130));
      EnvelopeMatrix large = system.lift(ExactMatrix.of(1, 1, 0x1p100));
      for (EnvelopeMatrix product : List.of(tiny.hadamard(large), large.times(tiny), tiny.dividedBy(system.lift(ExactMatrix.of(1, 1, 0x1p-100))))) {
        assertEquals(system.model().flushing(), product.error()[0] >= 0x1p-30, name + product);
      }
    }
  }

  /** Changes by what is allowed, in binary64, where roundings are far smaller. */
  @Test
  void normalizationOfChangedInputs() {
    Envelope system = new Envelope(Model.named("ieee-f64"));
    for (int t = 0; t < 2000; t++) {
      int c = 2 + random.nextInt(6);
      double epsilon = random.nextBoolean() ? 1 : 1.0 / (1 << random.nextInt(20));
      double[] x = new double[c];
      double[] moved = new double[c];
      double[] given = new double[c];
      double norm = 0;
      for (int j = 0; j < c; j++) {
        x[j] = random.nextGaussian() * (random.nextBoolean() ? 1 : 0.01);
        given[j] = Math.abs(random.nextGaussian()) * 0.1;
        double change = given[j] * (random.nextBoolean() ? 1 : -1);
        moved[j] = x[j] + change;
        norm = Math.hypot(norm, change);
      }
      double allowed = norm * (1 + 1e-12);
      Normalization normalization = new Normalization(system, Ball53.INSTANCE.lift(ExactMatrix.of(1, c, x)), given,
          new double[] {allowed}, ExactMatrix.fraction(epsilon));
      normalization.run();
      double[] y = normalized(x, epsilon);
      double[] z = normalized(moved, epsilon);
      double distance = 0;
      for (int j = 0; j < c; j++) {
        double change = Math.abs(y[j] - z[j]);
        distance = Math.hypot(distance, change);
        double bound = normalization.errors()[j];
        assertTrue(change <= bound * (1 + 1e-9), () -> change + " is more than " + bound);
      }
      assertTrue(distance <= normalization.norms()[0] * (1 + 1e-9), distance + " is more than " + normalization.norms()[0]);
    }
  }

  private static double[] normalized(double[] x, double epsilon) {
    double mean = Arrays.stream(x).sum() / x.length;
    double root = Math.sqrt(Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / x.length + epsilon);
    return Arrays.stream(x).map(v -> (v - mean) / root).toArray();
  }

  @Test
  void normsOfGatheredRows() {
    // Rows (e0 e1 e2) and (e3 e4 e5) with entries up to 3 and norms 4 and 1; one line takes two of the first, an exact zero, and two of
    // the second, then the first of the first again.
    int[] source = {0, 2, -1, 3, 5, 0};
    double[] errors = {3, 3, 3, 3, 3, 3};
    double[] norms = Norms.gathered(source, errors, new double[] {4, 1}, 3, 1, 6, 6, 1);
    assertEquals(Math.sqrt(16 + 1 + 9), norms[0], 1e-12);
    double[] columns = Norms.gathered(source, errors, new double[] {4, 1}, 3, 2, 3, 1, 2);
    // Columns (0, none, 5) and (2, 3, 0): each part on its own.
    assertEquals(Math.sqrt(9 + 1), columns[0], 1e-12);
    assertEquals(Math.sqrt(9 + 1 + 9), columns[1], 1e-12);
  }

  @Test
  void emptyShapes() {
    Envelope system = new Envelope(Model.named("any-f32"));
    EnvelopeMatrix wide = system.lift(ExactMatrix.zeros(0, 3));
    EnvelopeMatrix tall = system.lift(ExactMatrix.zeros(3, 0));
    assertEquals(9, tall.times(wide).error().length);
    assertTrue(Arrays.equals(new double[9], tall.times(wide).error()));
    assertEquals(0, wide.times(tall).error().length);
    assertEquals(0, wide.softmaxRows().error().length);
    assertEquals(3, tall.sumOfRows().rows());
    assertFalse(wide.normalizeRows(EPSILON).rows() > 0);
  }

  @Test
  void formats() {
    assertEquals(65504, Format.FLOAT16.largest());
    assertEquals(Float.MAX_VALUE, Format.FLOAT32.largest());
    assertEquals(Double.MAX_VALUE, Format.FLOAT64.largest());
    assertEquals(Float.MIN_VALUE, Format.FLOAT32.leastSubnormal());
    assertEquals(Double.MIN_VALUE, Format.FLOAT64.leastSubnormal());
    for (int t = 0; t < 20_000; t++) {
      double x = Math.scalb(random.nextGaussian(), random.nextInt(340) - 170);
      assertEquals((double) (float) x, Format.FLOAT32.round(x));
      assertEquals((float) x == x && Float.isFinite((float) x), Format.FLOAT32.holds(x));
    }
    assertTrue(Format.FLOAT16.holds(0x1p-24) && !Format.FLOAT16.holds(0x1p-25) && !Format.FLOAT16.holds(65505));
    assertTrue(Format.BFLOAT16.holds(0x1.02p0) && !Format.BFLOAT16.holds(0x1.01p0));
    assertEquals(Double.POSITIVE_INFINITY, Format.FLOAT16.round(65520));
    assertEquals(65504, Format.FLOAT16.round(65519));
  }

  @Test
  void depthOfSums() {
    assertEquals(1, Model.Summation.ANY.depth(1));
    assertEquals(64, Model.Summation.ANY.depth(64));
    assertEquals(0, Model.Summation.ANY.depth(0));
    // 64 = 8 blocks of 8: the product, 7 additions in a block, 7 of blocks.
    assertEquals(15, new Model.Summation(8).depth(64));
    assertEquals(128 + 7, new Model.Summation(128).depth(1024));
  }

  @Test
  void theEnclosureIsThatOfBall53() {
    ExactMatrix x = input(Format.FLOAT32, 5, 6, 2);
    assertEquals(Ball53.INSTANCE.lift(x).softmaxRows().toString(), new Envelope(Model.named("any-f32")).lift(x).softmaxRows().exact().toString());
  }

  /** ∞ − ∞ is NaN, which bounded functions return as it is. */
  @Test
  void boundedFunctionsOfAnythingAreAnything() {
    Envelope envelope = new Envelope(Model.named("any-f32"));
    EnvelopeMatrix infinite = envelope.lift(ExactMatrix.of(1, 1, 0x1p100)).square();
    EnvelopeMatrix anything = infinite.minus(infinite);
    for (EnvelopeMatrix result : List.of(anything.tanh(), anything.sigmoid(), anything.erf())) {
      assertEquals(Directed.UNBOUNDED, result.error()[0], result.toString());
    }
    EnvelopeMatrix finite = envelope.lift(ExactMatrix.of(1, 1, 0x1p60)).square();
    for (EnvelopeMatrix result : List.of(finite.tanh(), finite.sigmoid(), finite.erf())) {
      assertTrue(result.error()[0] < 0x1p-20, result.toString());
    }
  }
}
