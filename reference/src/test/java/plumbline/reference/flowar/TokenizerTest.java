package plumbline.reference.flowar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.ShapeException;

class TokenizerTest {
  private static final Tokenizer THREE = new Tokenizer(3, 2, r -> Rescaling.down(r, Rescaling.Reading.AREA));

  @Test
  void mapsAreBlockMeansOfTheLatent() {
    int h = 4;
    int w = 8;
    int c = 3;
    double[] x = new double[h * w * c];
    for (int e = 0; e < x.length; e++) {
      x[e] = (e * 29 % 53 - 26) / 8.0;
    }
    List<TokenMap<RationalMatrix>> maps = THREE.apply(new TokenMap<>(h, w, Rational.INSTANCE.lift(ExactMatrix.of(h * w,
        c, x))));
    assertEquals(3, maps.size());
    for (int k = 0; k < 3; k++) {
      int r = new int[] {4, 2, 1}[k];
      TokenMap<RationalMatrix> map = maps.get(k);
      assertEquals(h / r + "×" + w / r + "×" + c, map.shape());
      for (int e = 0; e < map.tokens().rows() * c; e++) {
        int l = e % c;
        int j = e / c % (w / r);
        int i = e / c / (w / r);
        double sum = 0;
        for (int p = 0; p < r * r; p++) {
          sum += x[((i * r + p / r) * w + j * r + p % r) * c + l];
        }
        assertEquals(ExactMatrix.fraction(sum / (r * r)), map.tokens().get(e / c, l), "scale " + k + ", entry " + e);
      }
    }
  }

  @Test
  void factorsArePowersOfTheBase() {
    assertEquals(9, new Tokenizer(3, 3, r -> Rescaling.down(r, Rescaling.Reading.AREA)).factor(1));
    assertEquals(1, THREE.factor(3));
    assertEquals(2, THREE.factor(2));
    assertThrows(IndexOutOfBoundsException.class, () -> THREE.factor(0));
    assertThrows(IllegalArgumentException.class, () -> new Tokenizer(40, 2, r -> Rescaling.down(r,
        Rescaling.Reading.AREA)).factor(1));
  }

  @Test
  void sidesMustBeMultiples() {
    RationalMatrix x = Rational.INSTANCE.lift(ExactMatrix.of(24, 1, java.util.Collections.nCopies(24, BigFraction.ONE)
        .toArray(new BigFraction[0])));
    assertEquals("def-c.5: height and width of X must be multiples of r_1 = 4, got 4×6×1",
        assertThrows(ShapeException.class, () -> THREE.apply(new TokenMap<>(4, 6, x))).getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Tokenizer(0, 2, r -> Rescaling.down(r, Rescaling.Reading.AREA)));
  }
}
