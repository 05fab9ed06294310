package plumbline.properties.mutation;

import java.util.List;

/** The layers under study. */
final class Subjects {
  private static final List<Subject> ALL = List.of(new SoftmaxSubject(), new AttentionSubject(), new FeedForwardSubject(),
      new MlpSubject(), new LayerNormSubject("0"), new LayerNormSubject("1e-6"), new ConvolutionSubject(),
      new ResamplingSubject(true), new ResamplingSubject(false), new AreaSubject());

  private Subjects() {}

  /** The layer of that name. */
  static Subject named(String name) {
    return ALL.stream().filter(layer -> layer.name().equals(name)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no layer under study is called '" + name + "'"));
  }

  static List<Subject> all() {
    return ALL;
  }
}
