package plumbline.reference.number;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.commons.math3.fraction.BigFraction;
import org.apfloat.Apfloat;
import org.apfloat.Apint;
import org.apfloat.FixedPrecisionApfloatHelper;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.NumberSystem;

/**
 * Arbitrary precision by the apfloat library at a fixed number of decimal digits: every operation is rounded and none
 * is guaranteed. It decides nothing; it is the independent second opinion on {@link Ball}.
 */
public final class Apfloats implements NumberSystem<ApfloatMatrix> {
  private final FixedPrecisionApfloatHelper arithmetic;

  private Apfloats(long digits) {
    this.arithmetic = new FixedPrecisionApfloatHelper(digits);
  }

  /**
   * The system at a precision.
   *
   * @param digits significant decimal digits, at least 2
   */
  public static Apfloats of(long digits) {
    if (digits < 2) {
      throw new IllegalArgumentException("apfloat needs at least 2 digits, got " + digits);
    }
    return new Apfloats(digits);
  }

  /** Significant decimal digits. */
  public long digits() {
    return arithmetic.precision();
  }

  /** The exact value of an apfloat number, a decimal fraction. */
  public static BigFraction exact(Apfloat value) {
    BigDecimal decimal = new BigDecimal(value.toString());
    return decimal.scale() >= 0
        ? new BigFraction(decimal.unscaledValue(), BigInteger.TEN.pow(decimal.scale()))
        : new BigFraction(decimal.toBigIntegerExact());
  }

  FixedPrecisionApfloatHelper arithmetic() {
    return arithmetic;
  }

  @Override
  public String name() {
    return "apfloat(" + digits() + ")";
  }

  @Override
  public ApfloatMatrix lift(ExactMatrix exact) {
    Apfloat[] entries = new Apfloat[exact.size()];
    for (int e = 0; e < entries.length; e++) {
      BigFraction value = exact.get(e);
      Apint numerator = new Apint(value.getNumerator());
      entries[e] = value.getDenominator().equals(BigInteger.ONE)
          ? arithmetic.valueOf(numerator)
          : arithmetic.divide(numerator, new Apint(value.getDenominator()));
    }
    return new ApfloatMatrix(this, exact.rows(), exact.columns(), entries);
  }

  @Override
  public ApfloatMatrix pi() {
    return new ApfloatMatrix(this, 1, 1, new Apfloat[] {arithmetic.pi()});
  }

  @Override
  public String toString() {
    return name();
  }
}
