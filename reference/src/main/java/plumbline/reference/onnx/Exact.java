package plumbline.reference.onnx;

import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.envelope.EnvelopeMatrix;
import plumbline.spec.number.Certified;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.Matrix;

/**
 * What is certain about the entries of a matrix, so that they may decide which way a graph goes: for the exact numbers, and for
 * all that a conforming implementation may have instead. A system that certifies nothing decides nothing.
 */
final class Exact {
  private final Call<?> call;
  private final Certified<?> enclosed;
  /** Row-major bounds of the distance between exact numbers and what implementations have; empty for none. */
  private final double[] error;

  private Exact(Call<?> call, Certified<?> enclosed, double[] error) {
    this.call = call;
    this.enclosed = enclosed;
    this.error = error;
  }

  /** What is certain about {@code matrix}, which the node needs in order to decide something. */
  static Exact of(Call<?> call, Matrix<?> matrix) {
    if (matrix instanceof DryMatrix) {
      throw new DryMatrix.UnknownException();
    }
    if (matrix instanceof EnvelopeMatrix envelope) {
      return new Exact(call, envelope.exact(), envelope.error());
    }
    if (matrix instanceof Certified<?> certified) {
      return new Exact(call, certified, new double[0]);
    }
    throw call.undecided("depends on the exact value of a number, and " + call.system().name() + " certifies nothing");
  }

  /** The numbers that entry {@code e} may be. */
  Interval range(int e) {
    Interval range = enclosed.enclosure(e / enclosed.columns(), e % enclosed.columns());
    BigFraction lower = range.lower();
    BigFraction upper = range.upper();
    if (error.length == 0 || error[e] == 0) {
      return range;
    }
    if (lower == null || upper == null || !(error[e] <= Double.MAX_VALUE)) {
      return Interval.WHOLE;
    }
    BigFraction distance = ExactMatrix.fraction(error[e]);
    return new Interval(lower.subtract(distance), upper.add(distance));
  }

  /** Sign (−1, 0, 1) of entry {@code e}. */
  int sign(int e, String question) {
    Interval range = range(e);
    BigFraction lower = range.lower();
    BigFraction upper = range.upper();
    if (lower != null && lower.compareTo(BigFraction.ZERO) > 0) {
      return 1;
    }
    if (upper != null && upper.compareTo(BigFraction.ZERO) < 0) {
      return -1;
    }
    if (range.isPoint()) {
      return 0;
    }
    throw undecided(e, question);
  }

  /** The value of entry {@code e}, which must be one binary64 number. */
  double point(int e, String question) {
    Interval range = range(e);
    BigFraction value = range.lower();
    if (value != null && range.isPoint()) {
      int shift = value.getDenominator().bitLength() - 1;
      double candidate = Math.scalb(value.getNumerator().doubleValue(), -shift);
      if (Double.isFinite(candidate) && ExactMatrix.fraction(candidate).equals(value)) {
        return candidate;
      }
    }
    throw undecided(e, question);
  }

  /** That {@code question} about entry {@code e} has no certain answer. */
  UndecidedException undecided(int e, String question) {
    return call.undecided(question + " cannot be decided for entry " + e + " in " + call.system().name());
  }

  /** The entries of an input that must be known exactly, as binary64 numbers. */
  static <M extends Matrix<M>> double[] values(Call<M> call, int input) {
    Literal literal = call.literal(input);
    if (literal != null && literal.type().isReal()) {
      return literal.reals();
    }
    if (call.value(input) instanceof Value.Whole<M> whole) {
      double[] values = new double[whole.values().length];
      for (int e = 0; e < values.length; e++) {
        if (Math.abs(whole.values()[e]) > 1L << 53) {
          throw call.error("input " + input + " holds " + whole.values()[e] + ", which is too large");
        }
        values[e] = whole.values()[e];
      }
      return values;
    }
    M matrix = call.real(input).matrix();
    Exact exact = of(call, matrix);
    double[] values = new double[matrix.rows() * matrix.columns()];
    for (int e = 0; e < values.length; e++) {
      values[e] = exact.point(e, "the exact value of input " + input);
    }
    return values;
  }
}
