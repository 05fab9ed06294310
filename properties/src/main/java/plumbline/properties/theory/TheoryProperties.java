package plumbline.properties.theory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import plumbline.properties.Property;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Statement;

/** The checkable claims of the paper's theory. */
public final class TheoryProperties {
  private static final String SINGLE = "two sequences of one token, L = 1, where δ = 1";
  private static final String SMALL = "two tokens of size 2⁻⁹⁸, L = 2";
  private static final String TINY = "two tokens of size 2⁻²⁹⁹⁸, L = 2, where δ = 2⁻²⁵⁶⁰ is far below binary64's range";

  private TheoryProperties() {}

  /** Every property; those that an exact input refutes are among them. */
  public static List<Property<?>> all() {
    List<Property<?>> all = new ArrayList<>(List.of(
        Kernels.bspline(), Kernels.keys(), Kernels.keysAmended(),
        TokenMaps.duplicates(), TokenMaps.copies(),
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
        Equivariance.lemma51(),
        Chains.assumption(),
        Chains.lemma53(), Chains.lemma54(), Chains.lemma55(),
        Equivariance.theorem56(), Equivariance.step("thm-5.6"), Chains.theorem56(),
        Chains.corollary61(),
        Equivariance.corollary62(), Equivariance.step("cor-6.2"), Chains.corollary62(),
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
