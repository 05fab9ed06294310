package plumbline.properties.theory;

import java.util.List;
import plumbline.properties.Property;

/** The checkable claims of the paper's theory. */
public final class TheoryProperties {

  private TheoryProperties() {}

  /** Every property, in the order of the statements; those that an exact input refutes are among them. */
  public static List<Property<?>> all() {
    return List.of(
        Kernels.bspline(), Kernels.keys(), Kernels.keysAmended(),
        TokenMaps.duplicates(), TokenMaps.copies(),
        TokenMaps.merging(),
        TokenMaps.linear(), TokenMaps.pyramid(),
        Chains.assumption(),
        FunctionNorm.lemma53(), Chains.lemma53(),
        FunctionNorm.lemma54(), Chains.lemma54(),
        FunctionNorm.lemma55(), Chains.lemma55(),
        Chains.theorem56(),
        FunctionNorm.corollary61(), Chains.corollary61(),
        Chains.corollary62(),
        Facts.a1(), Facts.a2(), Facts.a3(),
        TokenMaps.convolution(), TokenMaps.factors());
  }
}
