package plumbline.spec.layer;

import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/**
 * A token map: an h×w×c tensor kept as its (h·w)×c matrix of tokens, row-major over pixels (section 3.1 of the paper:
 * a matrix and its tensorization are the same numbers).
 *
 * @param <M> the matrices of the number system
 * @param height number of pixel rows, h
 * @param width number of pixel columns, w
 * @param tokens the (h·w)×c matrix; row i·w + j is the token at pixel (i, j)
 */
public record TokenMap<M extends Matrix<M>>(int height, int width, M tokens) {

  public TokenMap {
    if (height < 0 || width < 0 || (long) height * width != tokens.rows()) {
      throw new ShapeException("a token map of " + height + "×" + width + " pixels needs " + (long) height * width
          + " rows, got " + Shape.of(tokens));
    }
  }

  /** Number of channels, c. */
  public int channels() {
    return tokens.columns();
  }

  /** Shape as {@code h×w×c}. */
  public String shape() {
    return height + "×" + width + "×" + channels();
  }
}
