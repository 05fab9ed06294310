package plumbline.properties.mutation;

import java.util.List;

/** The layers under study. */
final class Subjects {
  private static final List<Subject> ALL = List.of(new SoftmaxSubject(), new AttentionSubject(), new FeedForwardSubject(),
      new MlpSubject(), new LayerNormSubject("0"), new LayerNormSubject("1e-6"), new ConvolutionSubject(),
      new ResamplingSubject(true), new ResamplingSubject(false), new AreaSubject());

  private Subjects() {}

  static List<Subject> all() {
    return ALL;
  }
}
