package plumbline.reference.var;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static plumbline.reference.layer.Exact.assertExact;
import static plumbline.reference.layer.Exact.assertShapeError;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Convolution;
import plumbline.reference.layer.Exact;
import plumbline.reference.layer.LayerNorm;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.layer.StandIn;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;

/** The decoder against its formulas, with two channels where it normalises: their variance is always a square. */
final class DecoderTest {
  private final Random random = new Random(3);

  private Convolution convolution(int in, int out) {
    return new Convolution(Exact.random(random, out, 9 * in), Exact.random(random, 1, out));
  }

  private TokenMap<StandIn> map(int h, int w, int c) {
    return new TokenMap<>(h, w, StandIn.of(Exact.random(random, h * w, c)));
  }

  private static TokenMap<StandIn> with(TokenMap<StandIn> x, StandIn tokens) {
    return new TokenMap<>(x.height(), x.width(), tokens);
  }

  private static TokenMap<StandIn> relu(TokenMap<StandIn> x) {
    return with(x, x.tokens().relu());
  }

  private static void assertSame(TokenMap<StandIn> expected, TokenMap<StandIn> actual) {
    assertEquals(expected.shape(), actual.shape());
    assertExact(expected.tokens().inner().toExact(), actual.tokens().inner());
  }

  @Test
  void residualBlock() {
    TokenMap<StandIn> x = map(2, 3, 2);
    Convolution first = convolution(2, 3);
    Convolution second = convolution(3, 3);
    Convolution shortcut = convolution(2, 3);
    StandIn inner = second.apply(relu(first.apply(relu(x)))).tokens();
    assertSame(with(x, shortcut.apply(x).tokens().plus(inner)), new Decoder.Residual(null, first, second, shortcut)
        .apply(x));
    // With normalisation: two channels become −1 and 1 in some order where they differ.
    TokenMap<StandIn> z = new TokenMap<>(2, 3, StandIn.of(ExactMatrix.ofIntegers(6, 2, 1, 4, 5, 2, 0, 3, 7, 1, 2, 9, 8, 3)));
    LayerNorm norm = new LayerNorm();
    Convolution a = convolution(2, 2);
    Convolution b = convolution(2, 2);
    TokenMap<StandIn> hidden = a.apply(relu(with(z, norm.apply(z.tokens()))));
    TokenMap<StandIn> out = b.apply(relu(with(hidden, norm.apply(hidden.tokens()))));
    assertSame(with(z, z.tokens().plus(out.tokens())), new Decoder.Residual(norm, a, b, null).apply(z));
  }

  @Test
  void attentionBlock() {
    TokenMap<StandIn> x = map(2, 2, 2);
    Attention attention = new Attention(Exact.random(random, 2, 2), Exact.random(random, 2, 2), Exact.random(random, 2, 2));
    assertSame(with(x, x.tokens().plus(attention.apply(x.tokens()))), new Decoder.SelfAttention(null, attention).apply(x));
    LayerNorm norm = new LayerNorm();
    assertSame(with(x, x.tokens().plus(attention.apply(norm.apply(x.tokens())))),
        new Decoder.SelfAttention(norm, attention).apply(x));
  }

  @Test
  void decoderAppliesItsBlocksInOrder() {
    Convolution first = convolution(1, 2);
    Decoder.Block residual = new Decoder.Residual(null, convolution(2, 2), convolution(2, 2), null);
    Decoder.Block up = new Decoder.UpSampling(Rescaling.up(2, Rescaling.Reading.NEAREST), convolution(2, 4));
    Convolution last = convolution(4, 3);
    Decoder decoder = new Decoder(first, List.of(residual, up), null, last);
    TokenMap<StandIn> x = map(2, 3, 1);
    assertSame(last.apply(relu(up.apply(residual.apply(first.apply(x))))), decoder.apply(x));
    assertEquals("4×6×3", decoder.apply(x).shape());
    assertEquals("phase-three", decoder.statement());
    assertEquals("phase-three", up.statement());
  }

  @Test
  void decoderChecksChannelsWhenBuilt() {
    Convolution two = convolution(2, 2);
    assertShapeError(() -> new Decoder(two, List.of(), null, two), "phase-three", "3 channels", "2");
    assertShapeError(() -> new Decoder(two, List.of(), null, convolution(4, 3)), "phase-three", "last", "2 channels", "4");
    Decoder.Block up = new Decoder.UpSampling(Rescaling.up(2, Rescaling.Reading.NEAREST), convolution(3, 3));
    assertShapeError(() -> new Decoder(two, List.of(up), null, convolution(3, 3)), "phase-three", "up-sampling", "2", "3");
    assertShapeError(() -> new Decoder.Residual(null, two, convolution(3, 2), null), "phase-three", "second");
    assertShapeError(() -> new Decoder.Residual(null, convolution(2, 3), convolution(3, 3), null), "phase-three", "3 and 2");
    ExactMatrix w = ExactMatrix.identity(3);
    assertShapeError(() -> new Decoder(two, List.of(new Decoder.SelfAttention(null, new Attention(w, w, w))), null,
        convolution(2, 3)), "phase-three", "W_V", "2×2", "3×3");
    assertThrows(IllegalArgumentException.class,
        () -> new Decoder.UpSampling(Rescaling.down(2, Rescaling.Reading.AREA), two));
    assertShapeError(() -> new Decoder(two, List.of(), null, convolution(2, 3)).apply(map(1, 1, 4)), "def-b.6", "n×2",
        "1×4");
  }
}
