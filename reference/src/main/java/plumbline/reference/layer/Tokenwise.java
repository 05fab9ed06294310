package plumbline.reference.layer;

import plumbline.spec.layer.Layer;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.layer.TokenMapLayer;
import plumbline.spec.number.Matrix;

/**
 * A layer on row tokens as a layer on token maps of the same height and width: the tensor is read as its (h·w)×c matrix.
 *
 * @param statement id of the statement that defines the result
 * @param layer a layer that keeps the number of rows
 */
public record Tokenwise(String statement, Layer layer) implements TokenMapLayer {

  @Override
  public <M extends Matrix<M>> TokenMap<M> apply(TokenMap<M> x) {
    return new TokenMap<>(x.height(), x.width(), layer.apply(x.tokens()));
  }
}
