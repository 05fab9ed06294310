package plumbline.properties.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.properties.Campaign;
import plumbline.properties.Evidence;
import plumbline.properties.Expression;
import plumbline.properties.arbitrary.SeparatedEmbedding;
import plumbline.reference.decide.Decision;
import plumbline.reference.decide.Ladder;
import plumbline.reference.number.Ball;
import plumbline.reference.number.Rational;
import plumbline.spec.claim.Verdict;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;

/** The amended readings of Lemma 4.4 ({@code lemma-4.4}) and the formulas that they are decided by. */
class AmendedMappingTest {
  private static final int HOLD = 902;
  private static final BigFraction TINY = BigFraction.ONE.divide(BigFraction.TWO.pow(100));

  /** The difference of means without cancellation is the difference of the means as they are defined. */
  @Test
  void differencesOfMeansAreWhatTheyClaim() {
    Random random = new Random(4);
    for (int n = 0; n < 60; n++) {
      SoftmaxMean a = mean(random);
      SoftmaxMean b = mean(random);
      assertSame(direct(a).minus(direct(b)), a.minus(b), 1024);
    }
  }

  /** Means of the same numbers, in any order, differ by an exact 0; a common number alone does not make them equal. */
  @Test
  void equalMeansCancelExactly() {
    SoftmaxMean a = new SoftmaxMean(new BigFraction(3, 7), numbers(5, -2, 1));
    SoftmaxMean b = new SoftmaxMean(new BigFraction(3, 7), numbers(1, 5, -2));
    assertEquals(BigFraction.ZERO, a.minus(b).in(Rational.INSTANCE).toExact().get(0));
    SoftmaxMean c = new SoftmaxMean(new BigFraction(1000), numbers(5, -2, 0));
    SoftmaxMean d = new SoftmaxMean(new BigFraction(1000), numbers(5, -3, 0));
    // (−5−0)e^(5000+0) cancels; what is left begins with (5 − (−3)) e^(5000−3000) − (5 − (−2)) e^(5000−2000).
    assertEquals(-1, c.minus(d).in(Ball.of(128)).signOfUpper(0, 0));
  }

  /** The distances in context, free of cancellation, are those of the layer's own output. */
  @Test
  void contextDistancesAreThoseOfTheLayer() {
    int found = 0;
    for (RankOne input : sample(AmendedMapping.weighted(2, 3, 4, 3, RankOne::mild), 20)) {
      List<ExactMatrix> sequences = input.embedding().sequences();
      List<Expression> images = sequences.stream().map(z -> input.residual().apply(Expression.of(z))).toList();
      List<Expression> squares = Separation.squaredDistances(images,
          Separation.pairs(sequences).stream().filter(Separation.Pair::sameToken).toList());
      List<Expression> contexts = input.contexts();
      assertEquals(squares.size(), contexts.size());
      for (int p = 0; p < squares.size(); p++, found++) {
        assertSame(squares.get(p), contexts.get(p).square(), 1024);
      }
    }
    assertTrue(found >= 20);
  }

  /** The same with the weights of the proof, whose scores are large: this takes the layer thousands of bits. */
  @Test
  void contextDistancesAreThoseOfTheLayerWithLargeScores() {
    SeparatedEmbedding embedding = new SeparatedEmbedding(
        List.of(ExactMatrix.ofIntegers(1, 2, 3, 1), ExactMatrix.ofIntegers(1, 2, 3, -2)),
        new BigFraction(9, 10), new BigFraction(31, 10), new BigFraction(19, 10));
    RankOne input = RankOne.sharp(embedding, 1);
    List<Expression> images =
        embedding.sequences().stream().map(z -> input.residual().apply(Expression.of(z))).toList();
    Expression square = Separation.squaredDistances(images, List.of(new Separation.Pair(1, 0, 0, 0, true))).get(0);
    assertSame(square, input.contexts().get(0).square(), 1 << 15);
  }

  /** The means of all pairs are those of the paper's attention along v. */
  @Test
  void meansAreThoseOfThePaperAttention() {
    for (RankOne input : sample(AmendedMapping.weighted(2, 3, 4, 3, RankOne::mild), 10)) {
      List<ExactMatrix> sequences = input.embedding().sequences();
      Expression v = Expression.of(input.v());
      List<Expression> images = sequences.stream()
          .map(z -> input.paper().apply(Expression.of(z).transpose()).times(v).transpose()).toList();
      List<Expression> squares = Separation.squaredDistances(images, Separation.pairs(sequences));
      for (int p = 0; p < squares.size(); p++) {
        assertSame(squares.get(p), input.means().get(p).square(), 1024);
      }
    }
  }

  /** Every instance of the wide campaign is decided, and its tightest pair is far below binary64. */
  @Test
  void wideCampaignIsDecided() {
    Thorough wide = TheoryProperties.thorough().get(0);
    Evidence evidence = new Campaign(100, 9, new Ladder(wide.maxBits()), 3, done -> { }).run(wide.property());
    assertEquals(Verdict.HOLDS, evidence.verdict(), evidence::toString);
    assertEquals(100, evidence.cases());
    for (String name : List.of(AmendedMapping.CLAIMED, AmendedMapping.CONTEXTS)) {
      double[] ratios = evidence.ratios().getOrDefault(name, new double[0]);
      assertEquals(100, ratios.length, name);
      for (double ratio : ratios) {
        assertTrue(ratio > 100, name);
      }
    }
  }

  /**
   * Whether the weights of the proof of Theorem 2 also meet the δ as stated, on 1,000 random embeddings, none of which scale
   * excludes: on most. The remarks of the specification quote these numbers.
   */
  @Test
  void weightsOfTheProofAgainstTheDeltaAsStated() {
    Ladder ladder = new Ladder(1 << 14);
    int holds = 0;
    int fails = 0;
    int excluded = 0;
    for (RankOne input : sample(AmendedMapping.weighted(3, 4, 6, 4, RankOne::sharp), 1000)) {
      Expression delta = ContextualMapping.delta(input.embedding());
      Expression gamma = ContextualMapping.gamma(input.embedding());
      if (ladder.decide(delta.lessThan(gamma.plus(gamma), "δ < 2γ")).fails()) {
        excluded++;
        continue;
      }
      Decision decision = ladder.decide(delta.lessThan(Separation.least(input.contexts()), "δ < separation"));
      holds += decision.holds() ? 1 : 0;
      fails += decision.fails() ? 1 : 0;
    }
    assertEquals(List.of(HOLD, 1000 - HOLD, 0), List.of(holds, fails, excluded));
  }

  /** The bounds by which {@link ContextualMapping#closeTokens} rules out all attention layers, against a scan of β and w. */
  @Test
  void noAttentionSeparatesCloseTokensFarther() {
    double gamma = 6.1875;
    double widestResidual = 0;
    double widestPaper = 0;
    for (double beta = -3; beta <= 3; beta += 1e-4) {
      double a = 4 + 1 / (1 + Math.exp(-4 * beta));
      double b = 4 + 1 / (1 + Math.exp(-5 * beta));
      // The separation is convex in w, so it is widest at an end of the interval that ‖q‖ < γ leaves.
      for (double w : new double[] {
          Math.max((-gamma - 4) / a, (-gamma - 5) / b), Math.min((gamma - 4) / a, (gamma - 5) / b)}) {
        widestResidual = Math.max(widestResidual, Math.abs(1 + w * (b - a)));
      }
      widestPaper = Math.max(widestPaper, gamma / Math.max(a, b) * Math.abs(b - a));
    }
    double quarter = 1.0 / 64;
    assertTrue(widestResidual < 1 + (gamma + 4) * quarter && widestResidual > 1 + 0.6 * (gamma + 4) * quarter,
        "with residual " + widestResidual);
    assertTrue(widestPaper < gamma * quarter && widestPaper > 0.6 * gamma * quarter, "without residual " + widestPaper);
  }

  static <T> List<T> sample(Arbitrary<T> arbitrary, int count) {
    List<T> list = new ArrayList<>();
    Random random = new Random(17);
    net.jqwik.api.sessions.JqwikSession.run(() -> {
      var generator = arbitrary.generator(count);
      for (int n = 0; n < count; n++) {
        list.add(generator.next(random).value());
      }
    });
    return list;
  }

  private static SoftmaxMean mean(Random random) {
    BigFraction[] numbers = new BigFraction[1 + random.nextInt(4)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = new BigFraction(random.nextInt(41) - 20, 1 + random.nextInt(3));
    }
    return new SoftmaxMean(new BigFraction(random.nextInt(41) - 20, 1 + random.nextInt(5)), List.of(numbers));
  }

  private static List<BigFraction> numbers(int... numbers) {
    return java.util.Arrays.stream(numbers).mapToObj(BigFraction::new).toList();
  }

  /** Σ t_i softmax(s t)_i. */
  private static Expression direct(SoftmaxMean mean) {
    Expression t = Expression.of(
        ExactMatrix.of(1, mean.values().size(), mean.values().toArray(new BigFraction[0])));
    return t.hadamard(t.scaledBy(Expression.of(mean.scale())).softmaxRows()).sum();
  }

  /** Two formulas agree to 100 bits: of each other, as far as enclosures can tell. */
  private static void assertSame(Expression expected, Expression actual, int bits) {
    Interval difference = expected.minus(actual).in(Ball.of(bits)).enclosure(0, 0);
    assertTrue(difference.contains(BigFraction.ZERO), () -> "differ by " + difference);
    Interval size = actual.in(Ball.of(bits)).enclosure(0, 0);
    BigFraction low = size.lower();
    BigFraction high = size.upper();
    BigFraction scale = low.abs().compareTo(high.abs()) < 0 ? low.abs() : high.abs();
    BigFraction width = difference.upper().subtract(difference.lower());
    assertTrue(scale.equals(BigFraction.ZERO) ? width.compareTo(TINY) < 0 : width.compareTo(scale.multiply(TINY)) < 0,
        "the comparison needs more bits");
  }
}
