package plumbline.properties.arbitrary;

import net.jqwik.api.Arbitrary;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.layer.Attention;
import plumbline.reference.layer.Composition;
import plumbline.reference.layer.FeedForward;
import plumbline.reference.layer.Transposed;
import plumbline.spec.layer.Layer;
import plumbline.spec.layer.TokenMap;
import plumbline.spec.layer.TokenMapLayer;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.Shape;

/** Functions with exact Lipschitz constants in ‖·‖_∞, and approximations of them with exact errors; all rational. */
public final class LipschitzFunctions {

  private LipschitzFunctions() {}

  /**
   * The affine map of all entries x ↦ vec(x)·W + b, from rows×columns matrices to matrices of the shape of b.
   *
   * @param statement id of the statement for which it stands in
   * @param weights W, (rows·columns)×(entries of the result)
   * @param bias b, of the shape of the result
   */
  public record Affine(String statement, ExactMatrix weights, ExactMatrix bias) implements Layer {

    public Affine {
      Shape.require(statement, "W", weights.shape(), -1, bias.size());
    }

    @Override
    public <M extends Matrix<M>> M apply(M x) {
      M y = x.reshape(1, x.rows() * x.columns()).times(x.lift(weights));
      return y.reshape(bias.rows(), bias.columns()).plus(x.lift(bias));
    }

    /** The least Lipschitz constant in ‖·‖_∞. */
    public BigFraction constant() {
      return LipschitzFunction.columnSum(weights);
    }
  }

  /**
   * A function plus a bounded one: x ↦ base(x) + ε·min(max(inner(x), −1), 1).
   *
   * @param base the function
   * @param inner what the bounded part is made of
   * @param error ε
   */
  public record Perturbed(Layer base, Layer inner, BigFraction error) implements Layer {

    @Override
    public String statement() {
      return base.statement();
    }

    @Override
    public <M extends Matrix<M>> M apply(M x) {
      M y = base.apply(x);
      M one = y.lift(ExactMatrix.ones(y.rows(), y.columns()));
      M clamped = inner.apply(x).max(one.negate()).negate().max(one.negate()).negate();
      return y.plus(clamped.scaledBy(y.lift(ExactMatrix.of(1, 1, error))));
    }
  }

  /** A layer on token maps as a layer on their matrices. */
  public record OnMaps(TokenMapLayer layer, int height, int width) implements Layer {

    @Override
    public String statement() {
      return layer.statement();
    }

    @Override
    public <M extends Matrix<M>> M apply(M x) {
      return layer.apply(new TokenMap<>(height, width, x)).tokens();
    }
  }

  /** max(x, 0) of every entry. */
  public record Relu(String statement) implements Layer {
    @Override
    public <M extends Matrix<M>> M apply(M x) {
      return x.relu();
    }
  }

  /** Random functions from {@code from} to {@code to}: affine, or two affine maps with a ReLU between. */
  public static Arbitrary<LipschitzFunction> between(String statement, Shape from, Shape to) {
    return Tape.read(200, tape -> draw(tape, statement, from, to));
  }

  /** Reads such a function. */
  public static LipschitzFunction draw(Tape tape, String statement, Shape from, Shape to) {
    if (tape.between(0, 1) == 0) {
      Affine affine = affine(tape, statement, from, to);
      return new LipschitzFunction(affine, affine.constant());
    }
    Affine first = affine(tape, statement, from, new Shape(1, 2));
    Affine second = affine(tape, statement, new Shape(1, 2), to);
    return new LipschitzFunction(Composition.of(statement, first, new Relu(statement), second),
        first.constant().multiply(second.constant()));
  }

  /**
   * Reads a one-layer transformer FFN ∘ Attn on n×d, whose scores are all equal: its attention is a mean, exactly. One in
   * four is the mean alone, whose constant is sharp.
   */
  public static LipschitzFunction drawTransformer(Tape tape, int d) {
    if (tape.between(0, 3) == 0) {
      ExactMatrix zero = ExactMatrix.zeros(d, d);
      return new LipschitzFunction(new Attention(zero, zero, ExactMatrix.identity(d)), BigFraction.ONE);
    }
    ExactMatrix wv = tape.matrix(d, d);
    ExactMatrix zero = ExactMatrix.zeros(d, d);
    FeedForward ffn = new FeedForward(tape.matrix(2, d), tape.matrix(2, 1), tape.matrix(d, 2), tape.matrix(d, 1),
        tape.between(0, 1) == 1);
    BigFraction constant = LipschitzFunction.rowSum(ffn.w2()).multiply(LipschitzFunction.rowSum(ffn.w1()))
        .add(ffn.residual() ? 1 : 0);
    return new LipschitzFunction(
        Composition.of("def-3.8", new Attention(zero, tape.matrix(d, d), wv), new Transposed(ffn)),
        constant.multiply(LipschitzFunction.columnSum(wv)));
  }

  /**
   * Reads an approximation of {@code base} within {@code error}: a constant shift by the whole error, or a random clamped
   * affine map.
   *
   * @param base a function from {@code from} to {@code to}
   */
  public static LipschitzFunction drawNear(Tape tape, LipschitzFunction base, Shape from, Shape to, BigFraction error) {
    Layer inner;
    BigFraction slope = BigFraction.ZERO;
    if (tape.between(0, 2) == 0) {
      inner = new Affine(base.statement(), ExactMatrix.zeros(from.rows() * from.columns(), to.rows() * to.columns()),
          ExactMatrix.ones(to.rows(), to.columns()));
    } else {
      Affine first = affine(tape, base.statement(), from, new Shape(1, 1));
      Affine second = affine(tape, base.statement(), new Shape(1, 1), to);
      inner = Composition.of(base.statement(), first, second);
      slope = first.constant().multiply(second.constant());
    }
    return new LipschitzFunction(new Perturbed(base.layer(), inner, error),
        base.constant().add(slope.multiply(error.abs())));
  }

  private static Affine affine(Tape tape, String statement, Shape from, Shape to) {
    int in = from.rows() * from.columns();
    int out = to.rows() * to.columns();
    return new Affine(statement, tape.matrix(in, out), tape.matrix(to.rows(), to.columns()));
  }
}
