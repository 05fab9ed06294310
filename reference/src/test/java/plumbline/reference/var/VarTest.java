package plumbline.reference.var;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static plumbline.reference.layer.Exact.assertExact;
import static plumbline.reference.layer.Exact.assertShapeError;
import static plumbline.reference.layer.Exact.lift;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Composition;
import plumbline.reference.layer.Convolution;
import plumbline.reference.layer.Exact;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Interpolation.Reading;
import plumbline.reference.layer.Kernel;
import plumbline.reference.layer.Mlp;
import plumbline.reference.layer.ResidualAttention;
import plumbline.reference.layer.StandIn;
import plumbline.reference.layer.Transposed;
import plumbline.reference.number.RationalMatrix;
import plumbline.spec.layer.Layer;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;

final class VarTest {
  private static final Reading LITERAL = new Literal(Kernel.BSPLINE, 0, Boundary.REPLICATE);
  private final Random random = new Random(38);

  private ExactMatrix random(int rows, int columns) {
    return Exact.random(random, rows, columns);
  }

  private Attention attention(int d) {
    return new Attention(random(d, d), random(d, d), random(d, d));
  }

  private FeedForward feedForward(int d, int hidden) {
    return new FeedForward(random(hidden, d), random(hidden, 1), random(d, hidden), random(d, 1), true);
  }

  private static StandIn interpolate(StandIn x, int from, int to) {
    return new Interpolation(LITERAL, to, to).apply(new TokenMap<>(from, from, x)).tokens();
  }

  @Test
  void schedules() {
    assertEquals(680, ScaleSchedule.VAR.tokens());
    assertEquals(10, ScaleSchedule.VAR.size());
    assertEquals(1 + 4 + 9, ScaleSchedule.VAR.prefix(3).tokens());
    assertShapeError(() -> ScaleSchedule.square(1, 2, 2), "def-3.2", "2×2 after 2×2");
    assertShapeError(() -> new ScaleSchedule(List.of(new ScaleSchedule.Scale(1, 4), new ScaleSchedule.Scale(2, 4))),
        "def-3.2", "2×4 after 1×4");
    assertShapeError(() -> ScaleSchedule.square(0), "rem-3.5", "0×0");
  }

  @Test
  void splitAndMergeAreInverse() {
    ScaleSchedule schedule = new ScaleSchedule(List.of(new ScaleSchedule.Scale(1, 2), new ScaleSchedule.Scale(2, 3)));
    ExactMatrix merged = random(8, 2);
    List<TokenMap<RationalMatrix>> maps = schedule.split(lift(merged));
    assertEquals("1×2×2", maps.get(0).shape());
    assertEquals("2×3×2", maps.get(1).shape());
    assertEquals(merged.get(2, 0), maps.get(1).tokens().get(0, 0));
    assertExact(merged, schedule.merge(maps));
    assertShapeError(() -> schedule.split(lift(random(7, 2))), "rem-3.5", "8×m", "7×2");
    assertShapeError(() -> schedule.merge(List.of(maps.get(0))), "rem-3.5", "2 token maps");
    assertShapeError(() -> schedule.merge(List.of(maps.get(1), maps.get(0))), "rem-3.5", "token map 1", "1×2×2", "2×3×2");
  }

  @Test
  void pyramidInterpolatesEachMapBelowXInit() {
    ExactMatrix init = random(1, 2);
    ExactMatrix merged = random(1 + 4, 2);
    Pyramid pyramid = new Pyramid(ScaleSchedule.square(1, 2, 3), LITERAL);
    assertEquals("def-3.4", pyramid.statement());
    assertEquals(5, pyramid.tokensIn());
    assertEquals(14, pyramid.tokensOut());
    StandIn x = StandIn.of(merged);
    StandIn expected = StandIn.of(init).above(interpolate(x.rowRange(0, 1), 1, 2))
        .above(interpolate(x.rowRange(1, 5), 2, 3));
    assertExact(expected.inner().toExact(), pyramid.apply(lift(init), lift(merged)));
    assertShapeError(() -> pyramid.apply(lift(init), lift(random(14, 2))), "def-3.4", "X", "5×2", "14×2");
    assertShapeError(() -> pyramid.apply(lift(random(2, 2)), lift(merged)), "def-3.4", "X_init", "1×m", "2×2");
    assertShapeError(() -> new Pyramid(ScaleSchedule.square(2, 3), LITERAL), "def-3.3", "2×2");
    assertShapeError(() -> new Pyramid(ScaleSchedule.square(), LITERAL), "def-3.3");
  }

  @Test
  void firstPyramidIsXInit() {
    ExactMatrix init = random(1, 3);
    Pyramid pyramid = new Pyramid(ScaleSchedule.square(1), LITERAL);
    assertEquals("def-3.3", pyramid.statement());
    assertExact(init, pyramid.apply(lift(init), lift(ExactMatrix.zeros(0, 3))));
  }

  @Test
  void blockIsFeedForwardAfterAttentionAfterPyramid() {
    Attention attention = attention(2);
    FeedForward feedForward = feedForward(2, 3);
    VarBlock block = new VarBlock(new Pyramid(ScaleSchedule.square(1, 2), LITERAL), attention, feedForward);
    StandIn init = StandIn.of(random(1, 2));
    StandIn x = StandIn.of(random(1, 2));
    StandIn mixed = attention.apply(init.above(interpolate(x, 1, 2)));
    assertExact(feedForward.apply(mixed.transpose()).transpose().inner().toExact(), block.apply(init, x).inner());
    assertEquals("def-b.4", block.attention().statement());
    assertEquals("def-3.8", block.statement());
    assertShapeError(() -> block.attention().apply(x), "def-b.4", "5×2", "1×2");
    assertShapeError(() -> new VarBlock(block.pyramid(), attention, feedForward(3, 2)), "def-3.8", "W_1", "n×2", "2×3");
  }

  /** Three scales by hand: every layer starts again from X_init and the interpolated maps of the layer before. */
  @Test
  void transformerIsTheComposition() {
    int[] sides = {1, 2, 3};
    List<Attention> attentions = List.of(attention(1), attention(1), attention(1));
    List<Layer> rests = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Layer mlp = new Mlp(random(1, 1), random(1, 1));
      rests.add(Composition.of("def-3.6", new Transposed(feedForward(1, 2)), mlp));
    }
    List<VarTransformer.Stage> stages = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      stages.add(new VarTransformer.Stage(attentions.get(i), rests.get(i)));
    }
    StandIn init = StandIn.of(random(1, 1));
    StandIn one = rests.get(0).apply(attentions.get(0).apply(init));
    StandIn two = rests.get(1).apply(attentions.get(1).apply(init.above(interpolate(one, 1, 2))));
    StandIn three = rests.get(2).apply(attentions.get(2).apply(
        init.above(interpolate(two.rowRange(0, 1), 1, 2)).above(interpolate(two.rowRange(1, 5), 2, 3))));
    VarTransformer transformer = new VarTransformer(ScaleSchedule.square(sides), LITERAL, stages);
    StandIn y = transformer.apply(init);
    assertEquals(14, y.rows());
    assertExact(three.inner().toExact(), y.inner());
    assertEquals("def-3.6", transformer.statement());
  }

  @Test
  void transformerChecksShapes() {
    Attention attention = attention(2);
    Layer keeps = new Mlp(random(2, 2), random(1, 2));
    Layer widens = new Mlp(random(2, 3), random(1, 3));
    assertShapeError(() -> new VarTransformer(ScaleSchedule.square(1, 2), LITERAL,
        List.of(new VarTransformer.Stage(attention, keeps))), "def-3.6", "1 layers", "2 scales");
    assertShapeError(() -> new VarTransformer(ScaleSchedule.square(2), LITERAL,
        List.of(new VarTransformer.Stage(attention, keeps))), "def-3.3", "2×2");
    VarTransformer wide = new VarTransformer(ScaleSchedule.square(1), LITERAL,
        List.of(new VarTransformer.Stage(attention, widens)));
    assertShapeError(() -> wide.apply(StandIn.of(random(1, 2))), "def-3.6", "g(Attn(X))", "1×2", "1×3");
    assertShapeError(() -> wide.apply(StandIn.of(random(2, 2))), "def-3.6", "X_init", "1×m", "2×2");
  }

  private FunctionClass.Block block(int d, int heads, int size, int hidden) {
    List<ResidualAttention.Head> list = new ArrayList<>();
    for (int i = 0; i < heads; i++) {
      list.add(new ResidualAttention.Head(random(d, size), random(size, d), random(size, d), random(size, d)));
    }
    return new FunctionClass.Block(new ResidualAttention(list), feedForward(d, hidden));
  }

  @Test
  void functionClassBuildsItsMembers() {
    FunctionClass functions = new FunctionClass(2, 1, 3);
    List<FunctionClass.Block> blocks = List.of(block(2, 2, 1, 3), block(2, 2, 1, 3));
    VarTransformer member = functions.member(ScaleSchedule.square(1, 2), LITERAL, blocks);
    StandIn init = StandIn.of(random(1, 2));
    StandIn one = blocks.get(0).feedForward().apply(blocks.get(0).attention().apply(init.transpose())).transpose();
    StandIn two = init.above(interpolate(one, 1, 2)).transpose();
    StandIn expected = blocks.get(1).feedForward().apply(blocks.get(1).attention().apply(two)).transpose();
    assertExact(expected.inner().toExact(), member.apply(init).inner());
  }

  @Test
  void functionClassRefusesOtherBlocks() {
    FunctionClass functions = FunctionClass.OF_THEOREMS;
    assertEquals("𝒯^{1,1,4}", functions.toString());
    ScaleSchedule one = ScaleSchedule.square(1);
    assertShapeError(() -> functions.member(one, LITERAL, List.of(block(2, 2, 1, 4))), "def-3.9", "heads in block 1",
        "1, got 2");
    assertShapeError(() -> functions.member(one, LITERAL, List.of(block(2, 1, 2, 4))), "def-3.9", "size of a head",
        "1, got 2");
    assertShapeError(() -> functions.member(one, LITERAL, List.of(block(2, 1, 1, 3))), "def-3.9", "hidden", "4, got 3");
    assertShapeError(() -> functions.member(ScaleSchedule.square(1, 2), LITERAL,
        List.of(block(2, 1, 1, 4), block(3, 1, 1, 4))),
        "def-3.9", "block 2", "2×m", "3×1");
    assertShapeError(() -> functions.member(ScaleSchedule.square(1, 2), LITERAL, List.of(block(2, 1, 1, 4))), "def-3.6");
    assertShapeError(() -> new FunctionClass.Block(block(2, 1, 1, 4).attention(), feedForward(3, 4)), "def-3.9", "W_1");
    assertThrows(IllegalArgumentException.class, () -> new FunctionClass(0, 1, 4));
  }

  @Test
  void reconstructionSumsTheConvolvedMaps() {
    ScaleSchedule schedule = ScaleSchedule.square(1, 2, 3);
    List<Convolution> convolutions = List.of(new Convolution(random(2, 18), random(1, 2)), new Convolution(random(2, 18)),
        new Convolution(random(2, 18)));
    ExactMatrix merged = random(14, 2);
    RationalMatrix plain = lift(ExactMatrix.zeros(9, 2));
    RationalMatrix blended = plain;
    BigFraction rho = new BigFraction(1, 3);
    List<TokenMap<RationalMatrix>> maps = schedule.split(lift(merged));
    for (int r = 0; r < 3; r++) {
      TokenMap<RationalMatrix> x = r == 2 ? maps.get(2) : new Interpolation(LITERAL, 3, 3).apply(maps.get(r));
      RationalMatrix convolved = convolutions.get(r).apply(x).tokens();
      plain = plain.plus(convolved);
      blended = blended.plus(x.tokens().scaledBy(lift(ExactMatrix.of(1, 1, new BigFraction(2, 3)))))
          .plus(convolved.scaledBy(lift(ExactMatrix.of(1, 1, rho))));
    }
    assertExact(plain.toExact(), FeatureMapReconstruction.plain(schedule, LITERAL, convolutions).apply(lift(merged)));
    assertExact(blended.toExact(), new FeatureMapReconstruction(schedule, LITERAL, convolutions, rho).apply(lift(merged)));
    assertEquals(BigFraction.ONE_HALF, FeatureMapReconstruction.blended(schedule, LITERAL, convolutions).rho());
    assertShapeError(() -> FeatureMapReconstruction.plain(schedule, LITERAL, convolutions.subList(0, 2)), "phase-two",
        "2", "3");
    assertShapeError(() -> FeatureMapReconstruction.plain(ScaleSchedule.square(1), LITERAL,
        List.of(new Convolution(random(3, 18)))), "phase-two", "K", "2×18", "3×18");
    assertShapeError(() -> FeatureMapReconstruction.plain(schedule, LITERAL, convolutions).apply(lift(random(13, 2))),
        "phase-two", "Y", "14×2", "13×2");
  }
}
