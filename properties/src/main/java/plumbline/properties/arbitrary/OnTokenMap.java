package plumbline.properties.arbitrary;

import plumbline.spec.layer.Layer;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.layer.TokenMapLayer;
import plumbline.spec.number.Matrix;

/**
 * A layer on token maps, taken as a layer on their matrices: the (h·w)×c matrix of a token map of fixed height and width
 * goes in, the matrix of the resulting token map comes out.
 *
 * @param layer the layer on token maps
 * @param height h, pixel rows of its input
 * @param width w, pixel columns of its input
 */
public record OnTokenMap(TokenMapLayer layer, int height, int width) implements Layer {

  @Override
  public String statement() {
    return layer.statement();
  }

  @Override
  public <M extends Matrix<M>> M apply(M x) {
    return layer.apply(new TokenMap<>(height, width, x)).tokens();
  }
}
