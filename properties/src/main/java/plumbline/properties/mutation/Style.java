package plumbline.properties.mutation;

import java.util.List;

/**
 * What an honest implementation is free to choose.
 *
 * @param name what is special, in a few words
 * @param sum how sums are added
 * @param polynomial whether exp is a float32 polynomial, else binary64's exp rounded
 * @param reciprocal whether a row is multiplied by a reciprocal rather than divided
 * @param variance how a variance is found
 * @param axes how the two axes of a map are resampled
 * @param wideWeights whether interpolation weights are found in binary64 and rounded
 */
record Style(String name, Sum sum, boolean polynomial, boolean reciprocal, Variance variance, Axes axes,
    boolean wideWeights) {

  /** How a variance is found. */
  enum Variance {
    TWO_PASS, WELFORD, ONE_PASS
  }

  /** How the two axes of a map are resampled. */
  enum Axes {
    /** Each pixel column first, then each row. */
    VERTICAL_FIRST,
    HORIZONTAL_FIRST,
    /** One sum over all taps, each weight a product. */
    AT_ONCE
  }

  /** The style that bugs are planted in. */
  static final Style PLAIN = new Style("sequential", Sum.SEQUENTIAL, false, false, Variance.TWO_PASS, Axes.VERTICAL_FIRST,
      false);

  /** Styles that must never be called a bug; the plain one first. */
  static final List<Style> HONEST = List.of(PLAIN,
      new Style("reversed", Sum.REVERSED, true, true, Variance.WELFORD, Axes.HORIZONTAL_FIRST, true),
      new Style("pairwise", Sum.PAIRWISE, false, true, Variance.ONE_PASS, Axes.AT_ONCE, false),
      new Style("fused", Sum.FUSED, true, false, Variance.TWO_PASS, Axes.HORIZONTAL_FIRST, false),
      new Style("lanes", Sum.LANES, true, true, Variance.TWO_PASS, Axes.AT_ONCE, true),
      new Style("double", Sum.WIDE, false, false, Variance.ONE_PASS, Axes.VERTICAL_FIRST, true),
      new Style("fused, Welford", Sum.FUSED, false, true, Variance.WELFORD, Axes.AT_ONCE, false),
      new Style("sequential, one pass", Sum.SEQUENTIAL, true, true, Variance.ONE_PASS, Axes.HORIZONTAL_FIRST, false));

  float exp(float x) {
    return polynomial ? Floats.exp(x) : (float) Math.exp(x);
  }
}
