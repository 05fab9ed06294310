package plumbline.properties.theory;

import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.properties.arbitrary.LipschitzFunction;
import plumbline.properties.arbitrary.LipschitzFunctions;
import plumbline.properties.arbitrary.Tape;
import plumbline.properties.semantics.Triangulation;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Composition;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Rescaling;
import plumbline.reference.layer.Transposed;
import plumbline.spec.layer.Layer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;

/**
 * Piecewise affine functions whose norms ‖·‖_α over a box are exact ({@link Triangulation}).
 *
 * @param layer the function
 * @param constant K: it is K-Lipschitz in the entrywise α-norm, for every α from 1 to ∞. For a linear map the larger one
 *     of its greatest row and column sums is such a K, because its norm in α is at most a weighted geometric mean of the
 *     two (Riesz and Thorin)
 */
record PiecewiseAffine(Layer layer, BigFraction constant) implements Layer {

  /** a(x) + b(x). */
  record Sum(Layer a, Layer b) implements Layer {
    @Override
    public String statement() {
      return a.statement();
    }

    @Override
    public <M extends Matrix<M>> M apply(M x) {
      return a.apply(x).plus(b.apply(x));
    }
  }

  /** a(x) − b(x). */
  record Difference(Layer a, Layer b) implements Layer {
    @Override
    public String statement() {
      return a.statement();
    }

    @Override
    public <M extends Matrix<M>> M apply(M x) {
      return a.apply(x).minus(b.apply(x));
    }
  }

  @Override
  public String statement() {
    return layer.statement();
  }

  @Override
  public <M extends Matrix<M>> M apply(M x) {
    return layer.apply(x);
  }

  /** second ∘ first. */
  static Layer then(Layer first, Layer second) {
    return Composition.of(first.statement(), first, second);
  }

  /** Reads an affine function, or one with a single kink. */
  static PiecewiseAffine draw(Tape tape, String statement, Shape from, Shape to) {
    if (tape.between(0, 2) == 0) {
      return affine(tape, statement, from, to);
    }
    int in = from.rows() * from.columns();
    int out = to.rows() * to.columns();
    PiecewiseAffine inner = affine(statement, tape.matrix(in, 1), tape.matrix(1, 1));
    PiecewiseAffine outer = affine(statement, tape.matrix(1, out), tape.matrix(to.rows(), to.columns()));
    return new PiecewiseAffine(
        Composition.of(statement, inner.layer, new LipschitzFunctions.Relu(statement), outer.layer),
        inner.constant.multiply(outer.constant));
  }

  /** Reads an affine function. */
  static PiecewiseAffine affine(Tape tape, String statement, Shape from, Shape to) {
    return affine(statement, tape.matrix(from.rows() * from.columns(), to.rows() * to.columns()),
        tape.matrix(to.rows(), to.columns()));
  }

  private static PiecewiseAffine affine(String statement, ExactMatrix weights, ExactMatrix bias) {
    BigFraction rows = LipschitzFunction.rowSum(weights);
    BigFraction columns = LipschitzFunction.columnSum(weights);
    return new PiecewiseAffine(new LipschitzFunctions.Affine(statement, weights, bias),
        rows.compareTo(columns) > 0 ? rows : columns);
  }

  /** Reads a one-layer transformer whose attention is the mean of the tokens, with one hidden neuron. */
  static Layer transformer(Tape tape, int d) {
    return then(FunctionNorm.mean(d), new Transposed(new FeedForward(
        tape.matrix(1, d), tape.matrix(1, 1), tape.matrix(d, 1), tape.matrix(d, 1), tape.between(0, 1) == 1)));
  }

  /** The exact weights of a layer by name, for a reader who would compute it. */
  static Map<String, ExactMatrix> weights(String name, Layer layer) {
    Map<String, ExactMatrix> weights = new TreeMap<>();
    if (layer instanceof PiecewiseAffine inner) {
      weights.putAll(weights(name, inner.layer));
    } else if (layer instanceof LipschitzFunction inner) {
      weights.putAll(weights(name, inner.layer()));
    } else if (layer instanceof Composition chain) {
      for (int k = 0; k < chain.layers().size(); k++) {
        weights.putAll(weights(name + "." + (k + 1), chain.layers().get(k)));
      }
    } else if (layer instanceof Sum sum) {
      weights.putAll(weights(name + ".a", sum.a));
      weights.putAll(weights(name + ".b", sum.b));
    } else if (layer instanceof LipschitzFunctions.Perturbed perturbed) {
      weights.putAll(weights(name + ".base", perturbed.base()));
      weights.putAll(weights(name + ".clamped", perturbed.inner()));
      weights.put(name + ".error", ExactMatrix.of(1, 1, perturbed.error()));
    } else if (layer instanceof LipschitzFunctions.Affine affine) {
      weights.put(name + ".W", affine.weights());
      weights.put(name + ".b", affine.bias());
    } else if (layer instanceof LipschitzFunctions.OnMaps maps) {
      weights.put(name + ".Φ", maps.layer() instanceof Interpolation up ? up.matrix(maps.height(), maps.width())
          : ((Rescaling) maps.layer()).matrix(maps.height(), maps.width()));
    } else if (layer instanceof Attention attention) {
      weights.put(name + ".W_Q", attention.scores().wq());
      weights.put(name + ".W_K", attention.scores().wk());
      weights.put(name + ".W_V", attention.wv());
    } else if (layer instanceof Transposed transposed && transposed.layer() instanceof FeedForward ffn) {
      weights.put(name + ".W_1", ffn.w1());
      weights.put(name + ".b_1", ffn.b1());
      weights.put(name + ".W_2", ffn.w2());
      weights.put(name + ".b_2", ffn.b2());
    }
    return weights;
  }
}
