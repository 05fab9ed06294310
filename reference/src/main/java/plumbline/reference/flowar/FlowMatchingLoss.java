package plumbline.reference.flowar;

import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/**
 * The flow-matching loss, def-c.13: L = Σ_i E_t ‖NN_i(F_t^i, Ŷ^i, t) − V^i‖² with t uniform on [0, 1] and the Frobenius
 * norm, for given noise: as the exact mean over given times, or as a certified integral over t ∈ [0, 1].
 */
public final class FlowMatchingLoss {
  private static final String STATEMENT = "def-c.13";

  private final List<FlowMatchingNetwork> networks;

  /** @param networks NN_1, …, NN_K */
  public FlowMatchingLoss(List<FlowMatchingNetwork> networks) {
    this.networks = List.copyOf(networks);
  }

  /**
   * The data of one scale, each n×c.
   *
   * @param target Y^i
   * @param prediction Ŷ^i
   * @param noise F_0^i
   */
  public record Scale<M extends Matrix<M>>(M target, M prediction, M noise) {

    public Scale {
      Shape.require(STATEMENT, "Ŷ", Shape.of(prediction), target.rows(), target.columns());
      Shape.require(STATEMENT, "F_0", Shape.of(noise), target.rows(), target.columns());
    }
  }

  /**
   * Σ_i ‖NN_i(F_t^i, Ŷ^i, t) − V^i‖² at one time, 1×1.
   *
   * @param scales the data of scales 1, …, K
   * @param t the time, 1×1
   */
  public <M extends Matrix<M>> M at(List<Scale<M>> scales, M t) {
    if (scales.size() != networks.size()) {
      throw new ShapeException(STATEMENT + ": data must be given for each of " + networks.size() + " scales, got "
          + scales.size());
    }
    M loss = t.system().lift(0);
    for (int i = 0; i < scales.size(); i++) {
      Scale<M> scale = scales.get(i);
      M flow = Flow.at(scale.target(), scale.noise(), t);
      M velocity = Flow.velocity(scale.target(), scale.noise());
      M error = networks.get(i).apply(flow, scale.prediction(), t).minus(velocity);
      loss = loss.plus(error.square().sum());
    }
    return loss;
  }

  /** The mean of {@link #at} over given times, 1×1. */
  public <M extends Matrix<M>> M mean(List<Scale<M>> scales, List<M> times) {
    if (times.isEmpty()) {
      throw new IllegalArgumentException(STATEMENT + ": the mean needs at least one time");
    }
    M sum = times.stream().map(t -> at(scales, t)).reduce((a, b) -> a.plus(b)).orElseThrow();
    return sum.dividedBy(sum.system().lift(times.size()));
  }

  /**
   * An enclosure of L, 1×1, by {@linkplain UnitIntegral certified quadrature}.
   *
   * @param subintervals how many subintervals of [0, 1] to use at most
   * @param width stop earlier when the enclosure is at most this wide; 0 to use all subintervals
   */
  public <M extends Certified<M>> M enclose(
      CertifiedSystem<M> system, List<Scale<M>> scales, int subintervals, BigFraction width) {
    return UnitIntegral.enclose(system, t -> at(scales, t), subintervals, width);
  }
}
