package plumbline.reference.layer;

import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.layer.TokenMapLayer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/**
 * The 3×3 convolution, padding 1, stride 1 (Definition B.6, {@code def-b.6}):
 * Y[i,j,l] = Σ_{m,n=1}^{3} Σ_c X[i+m−2, j+n−2, c] K^l[m,n,c], zero outside of X. Like every deep-learning "convolution" it
 * is a correlation: the kernel is not flipped.
 *
 * @param kernels c_out×(9·c_in): row l is K^l, row-major over (m, n, c); so a (c_out, 3, 3, c_in) array as it lies in memory
 * @param bias 1×c_out, added to every pixel (a reading), or {@code null}
 */
public record Convolution(ExactMatrix kernels, @Nullable ExactMatrix bias) implements TokenMapLayer {

  public Convolution {
    if (kernels.columns() % 9 != 0) {
      throw new ShapeException("def-b.6: K must be c_out×(3·3·c_in), got " + kernels.shape());
    }
    if (bias != null) {
      Shape.require("def-b.6", "b", bias.shape(), 1, kernels.rows());
    }
  }

  /** The convolution without a bias. */
  public Convolution(ExactMatrix kernels) {
    this(kernels, null);
  }

  public int channelsIn() {
    return kernels.columns() / 9;
  }

  public int channelsOut() {
    return kernels.rows();
  }

  @Override
  public String statement() {
    return "def-b.6";
  }

  @Override
  public <M extends Matrix<M>> TokenMap<M> apply(TokenMap<M> x) {
    Shape.require(statement(), "X", Shape.of(x.tokens()), -1, channelsIn());
    M y = patches(x).times(x.tokens().lift(kernels).transpose());
    if (bias != null) {
      y = y.plus(y.lift(bias).broadcast(y.rows(), y.columns()));
    }
    return new TokenMap<>(x.height(), x.width(), y);
  }

  /** The (h·w)×(9·c) matrix whose row is the 3×3 patch around a pixel, in the order of {@link #kernels}. */
  private static <M extends Matrix<M>> M patches(TokenMap<M> x) {
    int h = x.height();
    int w = x.width();
    int c = x.channels();
    int[] source = new int[Math.multiplyExact(9 * c, h * w)];
    Arrays.setAll(source, e -> {
      int channel = e % c;
      int tap = e / c % 9;
      int pixel = e / (9 * c);
      int i = pixel / w + tap / 3 - 1;
      int j = pixel % w + tap % 3 - 1;
      return i < 0 || i >= h || j < 0 || j >= w ? -1 : (i * w + j) * c + channel;
    });
    return x.tokens().gather(h * w, 9 * c, source);
  }
}
