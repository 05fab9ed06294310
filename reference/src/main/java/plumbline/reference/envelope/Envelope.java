package plumbline.reference.envelope;

import static plumbline.reference.number.Directed.addUp;
import static plumbline.reference.number.Directed.divUp;
import static plumbline.reference.number.Directed.mulUp;
import static plumbline.reference.number.Directed.subDown;

import plumbline.reference.number.Ball53;
import plumbline.reference.number.Directed;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.NumberSystem;
import plumbline.spec.rounding.Up;

/**
 * What a correct implementation may return. An entry is an enclosure of the exact result v on the exact inputs, and a bound b
 * such that every implementation that conforms to the {@link Model} returns some number t with |t − v| ≤ b. Where b is +∞ it
 * may return anything, NaN included.
 *
 * <p>Errors are not added to the enclosure but carried beside it, to first order with a rigorous remainder, so that quantities
 * that depend on each other (a score and the largest score, x and the mean of x) do not count twice. The standard model of
 * rounding: a computed result is v(1 + δ) + η with |δ| ≤ u and |η| at most half the least subnormal number, or the least normal
 * one where subnormals may be flushed. u is taken 2^−10 larger than the unit roundoff, which covers results that are rounded
 * twice, first to a format with at least eleven more bits.
 */
public final class Envelope implements NumberSystem<EnvelopeMatrix> {
  private static final double ROUNDED_TWICE = 1 + 0x1p-10;

  private final Model model;
  private final @Up double roundoff;
  private final @Up double accumulationRoundoff;
  private final @Up double underflow;
  private final @Up double accumulationUnderflow;

  public Envelope(Model model) {
    this.model = model;
    this.roundoff = mulUp(model.storage().unitRoundoff(), ROUNDED_TWICE);
    // Truncation errs by up to a whole place.
    this.accumulationRoundoff = mulUp(model.accumulation().unitRoundoff(), model.mayTruncate() ? 2 * ROUNDED_TWICE : ROUNDED_TWICE);
    this.underflow = underflow(model.storage());
    this.accumulationUnderflow = underflow(model.accumulation());
  }

  private @Up double underflow(Format format) {
    return model.flushing() ? format.leastNormal() : format.leastSubnormal();
  }

  /** The assumptions. */
  public Model model() {
    return model;
  }

  @Override
  public String name() {
    return "envelope(" + model.name() + ")";
  }

  /** Numbers of the storage format are given exactly; others are rounded to it. */
  @Override
  public EnvelopeMatrix lift(ExactMatrix exact) {
    return EnvelopeMatrix.rounded(this, Ball53.INSTANCE.lift(exact));
  }

  @Override
  public EnvelopeMatrix pi() {
    return EnvelopeMatrix.rounded(this, Ball53.INSTANCE.pi());
  }

  /** Relative error of one rounding to the storage format. */
  @Up double roundoff() {
    return roundoff;
  }

  /** Absolute error of one rounding to the storage format where the result is, or is flushed as, a subnormal number. */
  @Up double underflow() {
    return underflow;
  }

  /** Absolute error of one rounding inside a sum. */
  @Up double accumulationUnderflow() {
    return accumulationUnderflow;
  }

  /** (1 + u)^roundings − 1 or more, in the storage format. */
  @Up double gamma(int roundings) {
    return gamma(roundings, roundoff);
  }

  /** (1 + u)^roundings − 1 or more, in the format of sums. */
  @Up double sumGamma(int roundings) {
    return gamma(roundings, accumulationRoundoff);
  }

  /** (1 + u)^n − 1 ≤ nu/(1 − nu), for nu < 1; +∞ from there on. */
  private static @Up double gamma(int n, @Up double u) {
    @Up double nu = mulUp(n, u);
    return nu < 1 ? divUp(nu, subDown(1, nu)) : Directed.UNBOUNDED;
  }

  /** e^t − 1 or more, for t at least 0: at most t + t² up to 1. */
  static @Up double expMinusOneUp(@Up double t) {
    return t <= 1 ? addUp(t, mulUp(t, t)) : Directed.subUp(Directed.expUp(t), 1);
  }
}
