package plumbline.reference.onnx;

import org.apache.commons.math3.fraction.BigFraction;
import plumbline.spec.number.Certified;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.Matrix;

/**
 * What is certain about a real number, so that it may decide which way a graph goes: for the exact number, and for every
 * number that the system admits instead of it. Other systems than certified ones decide nothing.
 */
final class Exact {

  private Exact() {}

  /** Sign (−1, 0, 1) of entry {@code e} in row-major order. */
  static <M extends Matrix<M>> int sign(Call<M> call, M matrix, int e, String question) {
    Interval range = range(call, matrix, e, question);
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
    throw call.undecided(question + " cannot be decided in " + call.system().name());
  }

  /** The numbers that entry {@code e} may be. */
  static <M extends Matrix<M>> Interval range(Call<M> call, M matrix, int e, String question) {
    if (matrix instanceof DryMatrix) {
      throw new DryMatrix.UnknownException();
    }
    if (matrix instanceof Certified<?> certified) {
      return certified.enclosure(e / matrix.columns(), e % matrix.columns());
    }
    throw call.undecided(question + " cannot be decided in " + call.system().name() + ", which certifies nothing");
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
        values[e] = whole.values()[e];
        if ((long) values[e] != whole.values()[e] || Math.abs(values[e]) > 0x1p53) {
          throw call.error("input " + input + " holds " + whole.values()[e] + ", which is too large");
        }
      }
      return values;
    }
    M matrix = call.real(input).matrix();
    double[] values = new double[matrix.rows() * matrix.columns()];
    for (int e = 0; e < values.length; e++) {
      values[e] = point(call, matrix, e, "the exact value of entry " + e + " of input " + input);
    }
    return values;
  }

  /** The exact value of an entry, a binary64 number. */
  static <M extends Matrix<M>> double point(Call<M> call, M matrix, int e, String question) {
    Interval range = range(call, matrix, e, question);
    BigFraction value = range.lower();
    if (value != null && range.isPoint()) {
      int shift = value.getDenominator().bitLength() - 1;
      double candidate = Math.scalb(value.getNumerator().doubleValue(), -shift);
      if (Double.isFinite(candidate) && ExactMatrix.fraction(candidate).equals(value)) {
        return candidate;
      }
    }
    throw call.undecided(question + " cannot be decided in " + call.system().name());
  }
}
