package plumbline.properties.theory;

import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.Property;

/** The checkable claims of the paper's theory. */
public final class TheoryProperties {
  private static final String SINGLE = "two sequences of one token, L = 1, where δ = 1";
  private static final String SMALL = "two tokens of size 2⁻⁹⁸, L = 2";
  private static final String TINY = "two tokens of size 2⁻²⁹⁹⁸, L = 2, where δ = 2⁻²⁵⁶⁰ is far below binary64's range";

  private TheoryProperties() {}

  /** Every property, in the order of the statements; those that an exact input refutes are among them. */
  public static List<Property<?>> all() {
    return List.of(
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
        ContextualMapping.closeTokens("residual", -7745),
        ContextualMapping.asStated("paper-attention", SINGLE, ContextualMapping.singleTokens()),
        ContextualMapping.closeTokens("paper-attention", -7737),
        AmendedMapping.theorem2(3, 4, 6, 3), AmendedMapping.sharpWeights(), AmendedMapping.scaled(3, 4, 6, 3),
        AmendedMapping.paperAttention(3, 4, 6, 3),
        Boltzmann.separates(), Boltzmann.sharpness(),
        Equivariance.lemma51(), Equivariance.lemma51Attained(), Equivariance.lemma51AllNorms(),
        Encodings.lemma51(), Encodings.lemma51Rate(), Encodings.lemma51Equivariant(),
        Chains.assumption(),
        FunctionNorm.lemma53(), Chains.lemma53(),
        FunctionNorm.lemma54(), Chains.lemma54(),
        FunctionNorm.lemma55(), Chains.lemma55(),
        Equivariance.theorem56(), Equivariance.largerStart(), Encodings.theorem56(), Chains.theorem56(),
        FunctionNorm.corollary61(), Chains.corollary61(),
        Equivariance.corollary62(), Encodings.corollary62(), Chains.corollary62(),
        Facts.a1(), Facts.a2(), Facts.a3(),
        TokenMaps.convolution(), TokenMaps.factors());
  }

  /** Campaigns wider than the default audit affords, in the order of the statements. */
  public static List<Thorough> thorough() {
    return List.of(
        new Thorough(AmendedMapping.theorem2(3, 4, 6, 4), 1000, 1 << 14),
        new Thorough(AmendedMapping.scaled(3, 4, 6, 4), 1000, 1 << 14),
        new Thorough(AmendedMapping.atModerateScale(3, 4, 6, 4), 1000, 1 << 14),
        new Thorough(AmendedMapping.paperAttention(3, 4, 6, 4), 1000, 1 << 14),
        new Thorough(Boltzmann.separates(), 100_000, 1 << 14));
  }

  /**
   * The statements that promise an approximation of every target and that one target refutes, for the whole class of
   * functions. Each names the property of {@link #all} that certifies its inequality.
   */
  public static List<Refutation> refutations() {
    return Equivariance.refutations();
  }
}
