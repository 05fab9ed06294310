package plumbline.properties.vector;

import java.util.Locale;

/** A kind of bug that a golden vector catches. */
public enum Flag {
  ACTIVATION("another activation than max(x, 0), such as GELU"),
  ALIGN_CORNERS("sample positions i·(h−1)/(h'−1), so that the corner pixels coincide, instead of half-pixel centres"),
  BASE_TWO("powers of 2 instead of e"),
  BIASED_OR_UNBIASED_VARIANCE("the sum of squares is divided by c − 1 instead of c"),
  CANCELLATION("bfloat16 factors: what they drop is all that is left after a cancellation"),
  CAUSAL_MASK("later tokens are masked, which the definition does not do"),
  CHANNELS_FIRST("weights or pixels are read in the order channel, row, column"),
  CHUNK_ORDER("the six blocks of the first MLP are taken in another order"),
  DATA_AND_NOISE_SWAPPED("the flow runs from the data to the noise"),
  EMPTY("a size of 0: a special case is missing, or returns something"),
  EPSILON("ε is added where there is none, or another ε than the one asked for"),
  GLOBAL_MAXIMUM("the largest of all scores is subtracted instead of the largest of the row"),
  HALF_PIXEL("sample positions i·h/h' without the half-pixel shift"),
  HALF_PRECISION("inputs and weights pass through float16"),
  INDEX_ORIGIN("indices run from 1 where they should run from 0, or the reverse"),
  KERNEL_COEFFICIENT("another member of the family of bicubic kernels"),
  KERNEL_FLIP("the kernel is flipped: a convolution in the strict sense, where the definition has a correlation"),
  MEAN_NOT_SUBTRACTED("the root of the mean square (RMS norm) in place of the standard deviation, and no mean subtracted"),
  MISSING_BIAS("a bias is not added"),
  OVERFLOW_WITHOUT_MAX_SUBTRACTION("exponentials of the scores themselves overflow or all underflow in float32"),
  PADDING("what lies outside, or fills up a batch, takes part in the result as it should not"),
  RESIDUAL("the input is added to the result where it should not be, or is not where it should"),
  SAMPLING("another way to find new samples: nearest, linear, bicubic, area"),
  SCALED_SCORES("scores are divided by √d, which the definition does not do"),
  SCALE_ORDER("token maps are merged fine to coarse, or weights of the scales are exchanged"),
  SINGLE_TOKEN("the axis of a single token is dropped, so that what runs over tokens runs over channels"),
  SUBNORMAL("an exponential of subnormal size is put together from exponent bits that wrap around; a zero is accepted"),
  SWAPPED_QUERIES_AND_KEYS("queries and keys are exchanged, which transposes the scores"),
  TIME_IGNORED("the time t has no effect"),
  TRANSPOSED_WEIGHTS("square weights are read as their transpose"),
  VALUES_NOT_PROJECTED("the value weights are left out"),
  WRONG_AXIS("an operation runs along the other axis, or data are read in column-major order");

  private final String meaning;

  Flag(String meaning) {
    this.meaning = meaning;
  }

  /** The bug, in a few words. */
  public String meaning() {
    return meaning;
  }

  /** The name in the files, such as {@code causal-mask}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return word();
  }
}
