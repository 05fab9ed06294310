package plumbline.properties.arbitrary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Seed;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.NotExactException;
import plumbline.spec.number.Shape;

/** The arbitraries deliver what their documentation promises, decided in exact rationals. */
class ArbitrariesTest {
  @Provide
  Arbitrary<SeparatedEmbedding> embeddings() {
    return SeparatedEmbeddings.of(3, 4, 6, 4);
  }

  /** Each hypothesis of Lemma 4.4, token by token, from the squares of norms and distances. */
  @Property(seed = Seed.FIXED, tries = 300)
  void def42_embeddingsAreSeparatedWithoutDuplicates(@ForAll("embeddings") SeparatedEmbedding e) {
    assertTrue(e.gammaMin().compareTo(BigFraction.ZERO) > 0 && e.epsilon().compareTo(BigFraction.ZERO) > 0);
    for (ExactMatrix z : e.sequences()) {
      assertEquals(new Shape(e.tokenSize(), e.length()), z.shape());
      for (int k = 0; k < z.columns(); k++) {
        BigFraction norm = squaredDistance(z, k, ExactMatrix.zeros(z.rows(), 1), 0);
        assertTrue(norm.compareTo(e.gammaMin().pow(2)) > 0, "γ_min");
        assertTrue(norm.compareTo(e.gammaMax().pow(2)) < 0, "γ_max");
        for (ExactMatrix other : e.sequences()) {
          for (int l = 0; l < other.columns(); l++) {
            BigFraction distance = squaredDistance(z, k, other, l);
            boolean same = distance.equals(BigFraction.ZERO);
            assertTrue(same || distance.compareTo(e.epsilon().pow(2)) > 0, "ε");
            assertFalse(same && other == z && k != l, "a token twice");
          }
        }
      }
    }
  }

  private static BigFraction squaredDistance(ExactMatrix a, int k, ExactMatrix b, int l) {
    BigFraction sum = BigFraction.ZERO;
    for (int i = 0; i < a.rows(); i++) {
      sum = sum.add(a.get(i, k).subtract(b.get(i, l)).pow(2));
    }
    return sum;
  }

  @Provide
  Arbitrary<Double> hostile() {
    return Numbers.hostile();
  }

  @Property(seed = Seed.FIXED, tries = 2000)
  void hostileNumbersAreFiniteAndCoverTheRange(@ForAll("hostile") double x) {
    assertTrue(Double.isFinite(x));
    boolean subnormal = x != 0 && Math.abs(x) < Double.MIN_NORMAL;
    boolean large = Math.abs(x) > 0x1p900;
    Statistics.label("range").collect(subnormal ? "subnormal" : large ? "large" : "between")
        .coverage(c -> {
          c.check("subnormal").percentage(p -> p > 3);
          c.check("large").percentage(p -> p > 15);
          c.check("between").percentage(p -> p > 5);
        });
  }

  @Provide
  Arbitrary<Tuple.Tuple2<Double, Double>> cancelling() {
    return Numbers.cancelling();
  }

  @Property(seed = Seed.FIXED, tries = 500)
  void cancellingPairsCancel(@ForAll("cancelling") Tuple.Tuple2<Double, Double> pair) {
    double x = pair.get1();
    assertTrue(Math.abs(x + pair.get2()) <= 4 * Math.ulp(x));
  }

  @Provide
  Arbitrary<LayerInput<? extends Layer>> layers() {
    return Layers.any(Layers.Entries.INTEGERS);
  }

  /** Every layer accepts the input it comes with: only a value that is not rational may stop it. */
  @Property(seed = Seed.FIXED, tries = 500)
  void layersFitTheirInputs(@ForAll("layers") LayerInput<? extends Layer> layer) {
    try {
      RationalMatrix value = layer.in(Rational.INSTANCE);
      assertFalse(value.rows() == 0 || value.columns() == 0);
    } catch (NotExactException irrational) {
      assertNotEquals("", irrational.getMessage());
    }
  }

  /** A case that fails "no entry above 2 in absolute value" shrinks to one entry of ±3 among zeros. */
  @Example
  void matricesShrinkToSmallCases() {
    Arbitrary<ExactMatrix> arbitrary = Matrices.ordinary(4);
    Shrinkable<ExactMatrix> smallest = arbitrary.generator(100).stream(new Random(1))
        .filter(s -> fails(s.value())).findFirst().orElseThrow();
    boolean smaller = true;
    while (smaller) {
      var next = smallest.shrink().filter(s -> fails(s.value())).findFirst();
      smaller = next.isPresent();
      smallest = next.orElse(smallest);
    }
    ExactMatrix least = smallest.value();
    BigFraction sum = BigFraction.ZERO;
    for (int e = 0; e < least.size(); e++) {
      sum = sum.add(least.get(e).abs());
    }
    assertEquals(new BigFraction(3), sum, least::toString);
  }

  private static boolean fails(ExactMatrix matrix) {
    for (int e = 0; e < matrix.size(); e++) {
      if (matrix.get(e).abs().compareTo(BigFraction.TWO) > 0) {
        return true;
      }
    }
    return false;
  }
}
