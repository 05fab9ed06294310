package plumbline.reference.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static plumbline.reference.layer.Exact.assertExact;
import static plumbline.reference.layer.Exact.assertShapeError;
import static plumbline.reference.layer.Exact.f;
import static plumbline.reference.layer.Exact.lift;

import java.util.List;
import java.util.Random;
import java.util.function.IntBinaryOperator;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;

/** Each layer against a naive loop over its formula, in exact rationals. */
final class LayersTest {
  private final Random random = new Random(2);

  private ExactMatrix random(int rows, int columns) {
    return Exact.random(random, rows, columns);
  }

  /** Σ_{k &lt; n} of {@code term}. */
  private static BigFraction sum(int n, java.util.function.IntFunction<BigFraction> term) {
    BigFraction sum = BigFraction.ZERO;
    for (int k = 0; k < n; k++) {
      sum = sum.add(term.apply(k));
    }
    return sum;
  }

  @Test
  void softmaxIsTakenOverRows() {
    ExactMatrix z = random(3, 4);
    ExactMatrix expected = Exact.fill(3, 4, e -> StandIn.exp(z.get(e))
        .divide(sum(4, k -> StandIn.exp(z.get(e / 4, k)))));
    assertExact(expected, new Softmax().apply(StandIn.of(z)).inner());
    assertExact(ExactMatrix.ones(2, 1), new Softmax().apply(lift(ExactMatrix.zeros(2, 1))));
    assertShapeError(() -> new Softmax().apply(lift(ExactMatrix.zeros(2, 0))), "def-b.1", "2×0");
  }

  /** A naive score X_{i,*} W_Q W_Kᵀ X_{j,*}ᵀ. */
  private static BigFraction score(ExactMatrix x, ExactMatrix wq, ExactMatrix wk, int i, int j) {
    int d = x.columns();
    return sum(d, a -> sum(d, b -> sum(d, m ->
        x.get(i, a).multiply(wq.get(a, m)).multiply(wk.get(b, m)).multiply(x.get(j, b)))));
  }

  @Test
  void attentionIsTheFormula() {
    for (int[] size : new int[][] {{4, 3}, {1, 2}, {3, 1}, {1, 1}, {0, 2}}) {
      int n = size[0];
      int d = size[1];
      ExactMatrix x = random(n, d);
      ExactMatrix wq = random(d, d);
      ExactMatrix wk = random(d, d);
      ExactMatrix wv = random(d, d);
      ExactMatrix a = Exact.fill(n, n, e -> StandIn.exp(score(x, wq, wk, e / n, e % n)));
      assertExact(a, new AttentionMatrix(wq, wk).apply(StandIn.of(x)).inner());
      ExactMatrix y = Exact.fill(n, d, e -> sum(n, j -> a.get(e / d, j)
          .multiply(sum(d, m -> x.get(j, m).multiply(wv.get(m, e % d)))))
          .divide(sum(n, j -> a.get(e / d, j))));
      assertExact(y, new Attention(wq, wk, wv).apply(StandIn.of(x)).inner());
      assertExact(y, new Attention(wq, wk, wv).onTokens(n).apply(StandIn.of(x)).inner());
      TokenMap<StandIn> map = new Attention(wq, wk, wv).onTokenMaps().apply(new TokenMap<>(1, n, StandIn.of(x)));
      assertEquals("1×" + n + "×" + d, map.shape());
      assertExact(y, map.tokens().inner());
    }
  }

  @Test
  void attentionNamesItsStatement() {
    ExactMatrix w = random(2, 2);
    Attention attention = new Attention(w, w, w);
    assertEquals("def-b.3", attention.statement());
    assertEquals("def-b.4", attention.onTokens(5).statement());
    assertEquals("def-c.7", attention.onTokenMaps().statement());
    assertShapeError(() -> attention.apply(lift(random(3, 4))), "def-b.3", "X", "n×2", "3×4");
    assertShapeError(() -> attention.onTokens(5).apply(lift(random(4, 2))), "def-b.4", "X", "5×2", "4×2");
    assertShapeError(() -> new Attention(w, random(2, 3), w), "def-b.2", "W_K", "2×2", "2×3");
    assertShapeError(() -> new Attention(random(2, 3), w, w), "def-b.2", "W_Q", "2×3");
    assertShapeError(() -> new Attention(w, w, random(3, 3)), "def-b.3", "W_V", "2×2", "3×3");
  }

  @Test
  void residualAttentionIsTheFormula() {
    int d = 3;
    int length = 4;
    int s = 2;
    ExactMatrix z = random(d, length);
    List<ResidualAttention.Head> heads = List.of(
        new ResidualAttention.Head(random(d, s), random(s, d), random(s, d), random(s, d)),
        new ResidualAttention.Head(random(d, 1), random(1, d), random(1, d), random(1, d)));
    BigFraction[] expected = new BigFraction[d * length];
    for (int e = 0; e < expected.length; e++) {
      int row = e / length;
      int k = e % length;
      expected[e] = z.get(e);
      for (ResidualAttention.Head head : heads) {
        // Weight of token l for token k: entry (l, k) of (W_K Z)ᵀ(W_Q Z), normalised over l.
        java.util.function.IntFunction<BigFraction> weight = l -> StandIn.exp(sum(head.size(), m ->
            sum(d, p -> head.wk().get(m, p).multiply(z.get(p, l)))
                .multiply(sum(d, p -> head.wq().get(m, p).multiply(z.get(p, k))))));
        BigFraction mixed = sum(length, l -> weight.apply(l).multiply(sum(head.size(), m ->
            head.wo().get(row, m).multiply(sum(d, p -> head.wv().get(m, p).multiply(z.get(p, l)))))));
        expected[e] = expected[e].add(mixed.divide(sum(length, weight)));
      }
    }
    assertExact(ExactMatrix.of(d, length, expected), new ResidualAttention(heads).apply(StandIn.of(z)).inner());
    assertEquals("lemma-4.4", new ResidualAttention(heads).statement());
  }

  @Test
  void residualAttentionChecksShapes() {
    assertShapeError(() -> new ResidualAttention(random(3, 1), random(1, 3), random(1, 2), random(1, 3)),
        "lemma-4.4", "W_K", "1×3", "1×2");
    ResidualAttention attention = new ResidualAttention(random(3, 1), random(1, 3), random(1, 3), random(1, 3));
    assertShapeError(() -> attention.apply(lift(random(2, 5))), "lemma-4.4", "Z", "3×m", "2×5");
    assertThrows(IllegalArgumentException.class, () -> new ResidualAttention(List.of()));
    assertShapeError(() -> new ResidualAttention(List.of(attention.heads().get(0),
        new ResidualAttention.Head(random(2, 1), random(1, 2), random(1, 2), random(1, 2)))), "lemma-4.4", "W_O");
  }

  @Test
  void feedForwardIsTheFormula() {
    for (int[] size : new int[][] {{3, 5, 4}, {1, 1, 1}, {2, 0, 3}, {2, 3, 0}}) {
      int d = size[0];
      int c = size[1];
      int length = size[2];
      ExactMatrix w1 = random(c, d);
      ExactMatrix b1 = random(c, 1);
      ExactMatrix w2 = random(d, c);
      ExactMatrix b2 = random(d, 1);
      ExactMatrix x = random(d, length);
      for (boolean residual : new boolean[] {true, false}) {
        ExactMatrix expected = Exact.fill(d, length, e -> {
          int i = e / length;
          int k = e % length;
          BigFraction y = sum(c, j -> {
            BigFraction hidden = sum(d, p -> w1.get(j, p).multiply(x.get(p, k))).add(b1.get(j));
            return hidden.compareTo(BigFraction.ZERO) > 0 ? w2.get(i, j).multiply(hidden) : BigFraction.ZERO;
          }).add(b2.get(i));
          return residual ? y.add(x.get(e)) : y;
        });
        FeedForward layer = new FeedForward(w1, b1, w2, b2, residual);
        assertExact(expected, layer.apply(lift(x)));
        assertExact(lift(expected).transpose().toExact(), new Transposed(layer).apply(lift(x).transpose()));
        assertEquals("def-b.5", new Transposed(layer).statement());
      }
    }
  }

  @Test
  void feedForwardChecksShapes() {
    ExactMatrix w1 = random(5, 3);
    ExactMatrix w2 = random(3, 5);
    assertShapeError(() -> new FeedForward(w1, random(5, 1), random(5, 3), random(3, 1), true), "def-b.5", "W_2", "3×5",
        "5×3");
    assertShapeError(() -> new FeedForward(w1, random(1, 5), w2, random(3, 1), true), "def-b.5", "b_1", "5×1", "1×5");
    assertShapeError(() -> new FeedForward(w1, random(5, 1), w2, random(5, 1), true), "def-b.5", "b_2", "3×1", "5×1");
    assertShapeError(() -> new FeedForward(w1, random(5, 1), w2, random(3, 1), true).apply(lift(random(4, 3))),
        "def-b.5", "X", "3×m", "4×3");
  }

  @Test
  void convolutionIsTheFormula() {
    for (int[] size : new int[][] {{4, 5, 2, 3}, {1, 1, 1, 1}, {1, 3, 2, 1}, {0, 0, 2, 2}}) {
      int h = size[0];
      int w = size[1];
      int in = size[2];
      int out = size[3];
      ExactMatrix x = random(h * w, in);
      ExactMatrix kernels = random(out, 9 * in);
      ExactMatrix bias = random(1, out);
      ExactMatrix expected = Exact.fill(h * w, out, e -> {
        int l = e % out;
        int i = e / out / w;
        int j = e / out % w;
        BigFraction sum = bias.get(l);
        for (int m = 1; m <= 3; m++) {
          for (int n = 1; n <= 3; n++) {
            for (int c = 0; c < in; c++) {
              IntBinaryOperator pixel = (p, q) -> p < 0 || p >= h || q < 0 || q >= w ? -1 : p * w + q;
              int at = pixel.applyAsInt(i + m - 2, j + n - 2);
              if (at >= 0) {
                sum = sum.add(x.get(at, c).multiply(kernels.get(((l * 3 + m - 1) * 3 + n - 1) * in + c)));
              }
            }
          }
        }
        return sum;
      });
      TokenMap<RationalMatrix> y = new Convolution(kernels, bias).apply(Exact.map(h, w, x));
      assertEquals(h + "×" + w + "×" + out, y.shape());
      assertExact(expected, y.tokens());
      RationalMatrix plain = new Convolution(kernels).apply(Exact.map(h, w, x)).tokens();
      assertExact(expected, plain.plus(lift(bias).broadcast(h * w, out)));
    }
  }

  @Test
  void convolutionChecksShapes() {
    assertShapeError(() -> new Convolution(random(2, 10)), "def-b.6", "K", "2×10");
    assertShapeError(() -> new Convolution(random(2, 9), random(1, 3)), "def-b.6", "b", "1×2", "1×3");
    assertShapeError(() -> new Convolution(random(2, 9)).apply(Exact.map(1, 2, random(2, 2))), "def-b.6", "X", "n×1", "2×2");
  }

  @Test
  void mlpIsTheFormula() {
    ExactMatrix x = random(4, 2);
    ExactMatrix w = random(2, 3);
    ExactMatrix b = random(1, 3);
    assertExact(Exact.fill(4, 3, e -> sum(2, p -> x.get(e / 3, p).multiply(w.get(p, e % 3))).add(b.get(e % 3))),
        new Mlp(w, b).apply(lift(x)));
    assertExact(ExactMatrix.zeros(0, 3), new Mlp(w, b).apply(lift(random(0, 2))));
    assertShapeError(() -> new Mlp(w, random(1, 2)), "def-c.8", "b", "1×3", "1×2");
    assertShapeError(() -> new Mlp(w, b).apply(lift(random(4, 3))), "def-c.8", "X", "n×2", "4×3");
  }

  /** Rows whose biased variance is a square: (0, 2): 1; (1, 1, 7, 7): 9; (−1, 2, 2, −1): 9/4. */
  @Test
  void layerNormIsTheFormula() {
    assertExact(ExactMatrix.ofIntegers(2, 2, -1, 1, 1, -1),
        new LayerNorm().apply(lift(ExactMatrix.ofIntegers(2, 2, 0, 2, 9, 5))));
    assertExact(ExactMatrix.ofIntegers(2, 4, -1, -1, 1, 1, -1, 1, 1, -1),
        new LayerNorm().apply(lift(ExactMatrix.ofIntegers(2, 4, 1, 1, 7, 7, -1, 2, 2, -1))));
    // Variance 9 and ε = 7: the root is 4.
    assertExact(ExactMatrix.of(1, 4, f(-3, 4), f(-3, 4), f(3, 4), f(3, 4)),
        new LayerNorm(f(7, 1)).apply(lift(ExactMatrix.ofIntegers(1, 4, 1, 1, 7, 7))));
    // A constant row, and a single channel, is zero with ε and undefined without.
    assertExact(ExactMatrix.zeros(2, 1), new LayerNorm(f(1, 4)).apply(lift(random(2, 1))));
    assertThrows(ArithmeticException.class, () -> new LayerNorm().apply(lift(ExactMatrix.ofIntegers(1, 2, 3, 3))));
    assertExact(ExactMatrix.zeros(0, 3), new LayerNorm().apply(lift(ExactMatrix.zeros(0, 3))));
    assertShapeError(() -> new LayerNorm().apply(lift(ExactMatrix.zeros(2, 0))), "def-c.9", "2×0");
    assertThrows(IllegalArgumentException.class, () -> new LayerNorm(f(-1, 1000)));
  }

  @Test
  void compositionAppliesTheFirstLayerFirst() {
    Mlp first = new Mlp(random(2, 3), random(1, 3));
    Mlp second = new Mlp(random(3, 2), random(1, 2));
    RationalMatrix x = lift(random(4, 2));
    assertExact(second.apply(first.apply(x)).toExact(), Composition.of("lemma-5.5", first, second).apply(x));
    assertExact(x.toExact(), Composition.of("lemma-5.5").apply(x));
  }
}
