package plumbline.properties.theory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Property;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Statement;

/** The checkable claims of the paper's theory. */
public final class TheoryProperties {
  /** Name of the inequality of the amended Lemma 4.4 whose ratios are (ε/2)/δ: how small the claimed separation is. */
  public static final String CLAIMED_SEPARATION = AmendedMapping.CLAIMED;
  /** Name of the inequality whose ratios, in the same order of cases, are (true separation)/δ. */
  public static final String TRUE_SEPARATION = AmendedMapping.CONTEXTS;

  private static final String SINGLE = "two sequences of one token, L = 1, where δ = 1";
  private static final String SMALL = "two tokens of size 2⁻⁹⁸, L = 2";
  private static final String TINY = "two tokens of size 2⁻²⁹⁹⁸, L = 2, where δ = 2⁻²⁵⁶⁰ is far below binary64's range";

  private TheoryProperties() {}

  /** Every property; those that an exact input refutes are among them. */
  public static List<Property<?>> all() {
    List<Property<?>> all = new ArrayList<>(List.of(
        Kernels.bspline(), Kernels.partition(), Kernels.keys(new BigFraction(-1, 2)), Kernels.keys(new BigFraction(-3, 4)),
        Kernels.keysOutside(), Kernels.keysZero(), Kernels.keysAmended(), Kernels.keysAboveOne(),
        TokenMaps.duplicates(), TokenMaps.copies(), PixelDuplicates.literal(), PixelDuplicates.literalByOne(),
        PixelDuplicates.fromOnePixel(), PixelDuplicates.standard(), PixelDuplicates.standardDuplicates(),
        PixelDuplicates.standardNineteen(),
        TokenMaps.merging(),
        TokenMaps.linear(), TokenMaps.pyramid(),
        ContextualMapping.vocabulary(), ContextualMapping.separation(), ContextualMapping.identity(),
        ContextualMapping.asStated("residual", SINGLE, ContextualMapping.singleTokens()),
        ContextualMapping.asStated("residual", SMALL, ContextualMapping.smallTokens()),
        ContextualMapping.asStated("residual", TINY, ContextualMapping.tinyTokens()),
        ContextualMapping.closeTokens("residual", -1281),
        ContextualMapping.asStated("paper-attention", SINGLE, ContextualMapping.singleTokens()),
        ContextualMapping.closeTokens("paper-attention", -1277),
        AmendedMapping.theorem2(3, 4, 6, 3), AmendedMapping.sharpWeights(), AmendedMapping.scaled(3, 4, 6, 3),
        AmendedMapping.paperAttention(3, 4, 6, 3), AmendedMapping.paperAttentionDiffers(2, 2, 3, 2),
        Boltzmann.separates(), Boltzmann.sharpness(),
        Equivariance.lemma51(), Equivariance.lemma51Attained(), Equivariance.lemma51AllNorms(),
        Encodings.lemma51(), Encodings.lemma51Rate(), Encodings.lemma51Equivariant(),
        Chains.assumption(),
        Chains.lemma53(), Chains.lemma54(), Chains.lemma55(),
        Equivariance.theorem56(), Equivariance.step("thm-5.6"), Equivariance.largerStart(), Encodings.theorem56(),
        Chains.theorem56(), Chains.corollary61(),
        Equivariance.corollary62(), Equivariance.step("cor-6.2"), Encodings.corollary62(), Chains.corollary62(),
        Facts.a1(), Facts.a2(), Facts.a3(),
        TokenMaps.convolution(), TokenMaps.factors()));
    all.addAll(AsWritten.all());
    all.addAll(ErrorConstants.all());
    all.addAll(FunctionNorm.all());
    all.addAll(MixedNorms.all());
    all.addAll(Replay.all());
    List<String> order = Paper.load().statements().stream().map(Statement::id).toList();
    all.sort(Comparator.comparing(property -> order.indexOf(property.claim().statement())));
    return List.copyOf(all);
  }

  /** Campaigns wider than the default audit affords, in the order of the statements. */
  public static List<Thorough> thorough() {
    return List.of(
        new Thorough(AmendedMapping.theorem2(3, 4, 6, 4), 1000, 1 << 14),
        new Thorough(AmendedMapping.scaled(3, 4, 6, 4), 1000, 1 << 14),
        new Thorough(AmendedMapping.atModerateScale(3, 4, 6, 4), 1000, 1 << 14),
        new Thorough(AmendedMapping.paperAttention(3, 4, 6, 4), 1000, 1 << 14),
        new Thorough(AmendedMapping.paperAttentionDiffers(3, 4, 6, 4), 1000, 1 << 14),
        new Thorough(Boltzmann.separates(), 100_000, 1 << 14));
  }

  /**
   * The statements that promise an approximation of every target and that one target refutes, for the whole class of
   * functions. Each names the property of {@link #all} that certifies its inequality.
   */
  public static List<Refutation> refutations() {
    List<Refutation> all = new ArrayList<>(Equivariance.refutations());
    all.addAll(FunctionNorm.refutations());
    return List.copyOf(all);
  }
}
