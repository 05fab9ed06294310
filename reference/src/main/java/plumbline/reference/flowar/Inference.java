package plumbline.reference.flowar;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.ShapeException;

/**
 * FlowAR inference, def-d.1: for i = 1, …, K, Ŷ^i is predicted from Z_init and the token maps Ỹ^1, …, Ỹ^(i−1) found so
 * far, and Ỹ^i from Ŷ^i by the flow-matching network. The output is Ỹ^K.
 *
 * <p>As written, Ỹ^i = NN_i(F^i_{t_i}, Ŷ^i, t_i) needs F^i_{t_i}, which def-c.11 makes from the true Y^i that inference
 * does not have. Two readings: {@link #literal literal}, in which F^i is an input; {@link #ode ODE}, in which
 * dF/dt = NN_i(F, Ŷ^i, t) is integrated from noise at t = 0 to t = 1 by explicit Euler steps.
 */
public final class Inference {
  private static final String STATEMENT = "def-d.1";

  private final AutoregressiveTransformer transformer;
  private final List<FlowMatchingNetwork> networks;

  /** @param networks NN_1, …, NN_K, as many as the transformer has scales */
  public Inference(AutoregressiveTransformer transformer, List<FlowMatchingNetwork> networks) {
    if (networks.size() != transformer.scales()) {
      throw new ShapeException(STATEMENT + ": " + transformer.scales() + " scales need as many flow-matching networks, got "
          + networks.size());
    }
    this.transformer = transformer;
    this.networks = List.copyOf(networks);
  }

  /**
   * Reading <i>literal</i>: Ỹ^i = NN_i(F^i_{t_i}, Ŷ^i, t_i) with F^i_{t_i} given.
   *
   * @param initial Z_init
   * @param flows F^1, …, F^K, each of the size of its scale
   * @param times t_1, …, t_K, each 1×1
   * @return Ỹ^1, …, Ỹ^K; the last is the output
   */
  public <M extends Matrix<M>> List<TokenMap<M>> literal(TokenMap<M> initial, List<TokenMap<M>> flows, List<M> times) {
    requireScales("F", flows.size());
    requireScales("t", times.size());
    List<TokenMap<M>> found = new ArrayList<>();
    for (int i = 0; i < networks.size(); i++) {
      TokenMap<M> prediction = transformer.predict(initial, found);
      M flow = sized("F", i, flows.get(i), prediction);
      found.add(like(prediction, networks.get(i).apply(flow, prediction.tokens(), times.get(i))));
    }
    return found;
  }

  /**
   * Reading <i>ODE</i>: Ỹ^i is F at t = 1, where F at t = 0 is the noise and
   * F((k+1)/N) = F(k/N) + NN_i(F(k/N), Ŷ^i, k/N)/N for k = 0, …, N−1.
   *
   * @param initial Z_init
   * @param noise F_0^1, …, F_0^K, each of the size of its scale
   * @param steps N, at least 1
   * @return Ỹ^1, …, Ỹ^K; the last is the output
   */
  public <M extends Matrix<M>> List<TokenMap<M>> ode(TokenMap<M> initial, List<TokenMap<M>> noise, int steps) {
    requireScales("F_0", noise.size());
    if (steps < 1) {
      throw new IllegalArgumentException(STATEMENT + ": steps must be at least 1, got " + steps);
    }
    M step = initial.tokens().system().lift(new BigFraction(1, steps));
    List<TokenMap<M>> found = new ArrayList<>();
    for (int i = 0; i < networks.size(); i++) {
      TokenMap<M> prediction = transformer.predict(initial, found);
      M flow = sized("F_0", i, noise.get(i), prediction);
      for (int k = 0; k < steps; k++) {
        M t = initial.tokens().system().lift(new BigFraction(k, steps));
        flow = flow.plus(networks.get(i).apply(flow, prediction.tokens(), t).scaledBy(step));
      }
      found.add(like(prediction, flow));
    }
    return found;
  }

  private static <M extends Matrix<M>> TokenMap<M> like(TokenMap<M> map, M tokens) {
    return new TokenMap<>(map.height(), map.width(), tokens);
  }

  private static <M extends Matrix<M>> M sized(String tensor, int i, TokenMap<M> given, TokenMap<M> like) {
    if (!given.shape().equals(like.shape())) {
      throw new ShapeException(STATEMENT + ": " + tensor + "^" + (i + 1) + " must be " + like.shape() + ", got "
          + given.shape());
    }
    return given.tokens();
  }

  private void requireScales(String tensor, int count) {
    if (count != networks.size()) {
      throw new ShapeException(STATEMENT + ": " + tensor + " must be given for each of " + networks.size()
          + " scales, got " + count);
    }
  }
}
