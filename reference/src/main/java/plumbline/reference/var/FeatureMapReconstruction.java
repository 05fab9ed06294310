package plumbline.reference.var;

import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.layer.Convolution;
import plumbline.reference.layer.Interpolation;
import plumbline.spec.layer.Layer;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/**
 * Feature-map reconstruction, the second phase of VAR ({@code phase-two}, Appendix B.1): each of the token maps
 * Y_1, …, Y_K is up-interpolated to the size of the last (which stays as it is), convolved, and all are summed:
 * Σ_r (1−ρ) x_r + ρ conv_r(x_r) with x_r = φ_up(Y_r).
 *
 * <p>The plain reading has ρ = 1, so Σ_r conv_r(x_r). The blended reading, of FoundationVision/VAR, has ρ = 1/2.
 *
 * @param schedule the scales of Y_1, …, Y_K
 * @param reading how the up-interpolation is read
 * @param convolutions conv_1, …, conv_K, each d to d channels
 * @param rho ρ
 */
public record FeatureMapReconstruction(
    ScaleSchedule schedule, Interpolation.Reading reading, List<Convolution> convolutions, BigFraction rho)
    implements Layer {

  public FeatureMapReconstruction {
    convolutions = List.copyOf(convolutions);
    if (convolutions.isEmpty() || convolutions.size() != schedule.size()) {
      throw new ShapeException("phase-two: there must be one convolution per scale, got " + convolutions.size()
          + " convolutions and " + schedule.size() + " scales");
    }
    int d = convolutions.get(0).channelsIn();
    for (Convolution convolution : convolutions) {
      Shape.require("phase-two", "K", convolution.kernels().shape(), d, 9 * d);
    }
  }

  /** The plain reading: Σ_r conv_r(φ_up(Y_r)). */
  public static FeatureMapReconstruction plain(
      ScaleSchedule schedule, Interpolation.Reading reading, List<Convolution> convolutions) {
    return new FeatureMapReconstruction(schedule, reading, convolutions, BigFraction.ONE);
  }

  /** The blended reading with ρ = 1/2. */
  public static FeatureMapReconstruction blended(
      ScaleSchedule schedule, Interpolation.Reading reading, List<Convolution> convolutions) {
    return new FeatureMapReconstruction(schedule, reading, convolutions, BigFraction.ONE_HALF);
  }

  @Override
  public String statement() {
    return "phase-two";
  }

  /**
   * Applies the layer.
   *
   * @param merged Y_1, …, Y_K merged, (Σ h_i w_i)×d
   * @return the feature map as its (h_K·w_K)×d matrix
   */
  @Override
  public <M extends Matrix<M>> M apply(M merged) {
    Shape.require(statement(), "Y", Shape.of(merged), schedule.tokens(), convolutions.get(0).channelsIn());
    List<TokenMap<M>> maps = schedule.split(merged);
    M sum = blend(maps.get(0), 0);
    for (int r = 1; r < maps.size(); r++) {
      sum = sum.plus(blend(maps.get(r), r));
    }
    return sum;
  }

  private <M extends Matrix<M>> M blend(TokenMap<M> y, int r) {
    ScaleSchedule.Scale last = schedule.last();
    TokenMap<M> x = r == schedule.size() - 1 ? y : new Interpolation(reading, last.height(), last.width()).apply(y);
    M convolved = convolutions.get(r).apply(x).tokens();
    if (rho.equals(BigFraction.ONE)) {
      return convolved;
    }
    return scaled(x.tokens(), BigFraction.ONE.subtract(rho)).plus(scaled(convolved, rho));
  }

  private static <M extends Matrix<M>> M scaled(M x, BigFraction factor) {
    return x.scaledBy(x.lift(ExactMatrix.of(1, 1, factor)));
  }
}
