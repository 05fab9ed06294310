package plumbline.reference.number;

import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.EnsuresNonNull;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.rounding.Down;
import plumbline.spec.rounding.Up;

/**
 * A run of balls in flat arrays. Ball e is {@code sign·M·2^(exponent − 64·limbs) ± radius}, where M is the run of
 * {@code limbs} limbs that starts at {@code e·limbs}, its top bit set (or sign 0 and M = 0); only the top {@code bits}
 * bits of M may be set. Radii are {@code mantissa·2^exponent} as in {@link Mag}, with a mantissa of 24 bits; absent arrays
 * mean that all are 0. An infinite radius (then the midpoint is 0) is the whole line. Written once, by one thread, then only
 * read. Beside its limbs a ball takes 5 bytes, and 8 more where there are radii.
 */
final class Balls {
  /** To look at so many balls is worth a task for another thread. */
  static final int TASK = 1 << 13;

  final int bits;
  final int limbs;
  final int size;
  final long[] mantissas;
  final byte[] signs;
  private final Exponents exponents;
  private @Up float @Nullable [] radii;
  private @Nullable Exponents radiusExponents;

  Balls(int bits, int size) {
    this.bits = bits;
    limbs = (bits + 63) / 64;
    this.size = size;
    mantissas = new long[Math.multiplyExact(size, limbs)];
    exponents = new Exponents(size);
    signs = new byte[size];
  }

  /** The least t with |midpoint of entry {@code e}| &lt; 2^t; 0 for zero. */
  long exponent(int e) {
    return exponents.get(e);
  }

  void setExponent(int e, long exponent) {
    exponents.set(e, exponent);
  }

  /** Whether every entry is exact, as far as can be told without looking at them. */
  boolean areExact() {
    return radii == null;
  }

  boolean isExact(int e) {
    return radii == null || radii[e] == 0;
  }

  boolean isWhole(int e) {
    return radii != null && radii[e] == Float.POSITIVE_INFINITY;
  }

  /** Reads the radius of entry {@code e} into {@code to}. */
  Mag radius(int e, Mag to) {
    if (radii == null || radiusExponents == null) {
      return to.setZero();
    }
    to.m = radii[e];
    to.e = radiusExponents.get(e);
    return to;
  }

  /** Stores the radius, rounded up to 24 bits. */
  // Proof: the cast rounds to nearest and nextUp makes up for it; a mantissa that becomes 2 is 1 with the next exponent.
  @SuppressWarnings("rounding")
  void setRadius(int e, Mag radius) {
    if (radii == null || radiusExponents == null) {
      if (radius.isZero()) {
        return;
      }
      allocateRadii();
    }
    float mantissa = (float) radius.m;
    if (mantissa < radius.m) {
      mantissa = Math.nextUp(mantissa);
    }
    boolean carry = mantissa == 2;
    radii[e] = carry ? 1 : mantissa;
    radiusExponents.set(e, carry ? radius.e + 1 : radius.e);
  }

  /** Makes room for radii, which several threads may then set, of entries that are not the same. */
  @EnsuresNonNull({"radii", "radiusExponents"})
  void allocateRadii() {
    radii = new @Up float[size];
    radiusExponents = new Exponents(size);
  }

  /** An upper bound of |midpoint|, within 2^−52 of it. */
  // Proof: the top 53 bits of M, plus one for those below if any, are an integer up to 2^53, exact as a double.
  @SuppressWarnings("rounding")
  Mag magnitude(int e, Mag to) {
    if (signs[e] == 0) {
      return to.setZero();
    }
    long top = mantissas[(e + 1) * limbs - 1];
    long head = top >>> 11;
    if (limbs > 1 || top << 53 != 0) {
      head++;
    }
    return to.set(head * 0x1p-52, exponents.get(e) - 1);
  }

  /** An upper bound of |midpoint|·2^−scale, within 2^−52 of it, or 2^least if that is more and the midpoint is not 0. */
  // Proof: as for the other magnitude; scaling by a power of two in the normal range is exact.
  @SuppressWarnings("rounding")
  @Up double magnitude(int e, long scale, int least) {
    if (signs[e] == 0) {
      return 0;
    }
    long top = mantissas[(e + 1) * limbs - 1];
    long head = (top >>> 11) + (limbs > 1 || top << 53 != 0 ? 1 : 0);
    return head * Mag.power((int) Math.max(exponents.get(e) - 1 - scale, least) - 52);
  }

  /** The radius, not infinite, times 2^−scale, or a number from 2^least on if that is more and the radius is not 0. */
  // Proof: scaling by a power of two in the normal range is exact, and by a larger one than asked for raises the number.
  @SuppressWarnings("rounding")
  @Up double radius(int e, long scale, int least) {
    return radii == null || radiusExponents == null || radii[e] == 0 ? 0
        : radii[e] * Mag.power((int) Math.max(radiusExponents.get(e) - scale, least));
  }

  /** The exponent of the radius of entry {@code e}, which is m·2^this with m from 1 to 2 unless it is 0 or infinite. */
  long radiusExponent(int e) {
    return radiusExponents == null ? 0 : radiusExponents.get(e);
  }

  /** The bits of a midpoint that is not 0, from the highest to the lowest that is set. */
  int length(int e) {
    int i = e * limbs;
    while (mantissas[i] == 0) {
      i++;
    }
    return 64 * ((e + 1) * limbs - i) - Long.numberOfTrailingZeros(mantissas[i]);
  }

  /** A lower bound, at least 1/2, of (|midpoint| − r)·2^(1 − exponent); r is 0 or has an exponent lower by 20 or more. */
  // Proof: the top 53 bits of M are exact as a double in [1, 2); r·2^(1 − exponent) is at most the power taken off, and one
  // rounding of the difference is made up for by nextDown.
  @SuppressWarnings("rounding")
  @Down double least(int e, Mag r) {
    double head = (mantissas[(e + 1) * limbs - 1] >>> 11) * 0x1p-52;
    return r.isZero() ? head : Math.nextDown(head - Mag.power((int) Math.max(-900, r.e + 2 - exponents.get(e))));
  }

  /** Sign of |midpoint| − radius: 1 if the ball does not touch 0, 0 if 0 is one of its ends, −1 if 0 is inside. Exact. */
  int compareToRadius(int e) {
    if (radii == null || radiusExponents == null || radii[e] == 0) {
      return signs[e] == 0 ? 0 : 1;
    }
    if (signs[e] == 0 || radii[e] == Float.POSITIVE_INFINITY) {
      return -1;
    }
    long gap = exponents.get(e) - 1 - radiusExponents.get(e);
    if (gap != 0) {
      return gap > 0 ? 1 : -1;
    }
    int base = e * limbs;
    long top = mantissas[base + limbs - 1];
    int c = Long.compare(top >>> 11, (long) ((double) radii[e] * 0x1p52));
    if (c != 0 || top << 53 != 0) {
      return c != 0 ? c : 1;
    }
    for (int i = 0; i < limbs - 1; i++) {
      if (mantissas[base + i] != 0) {
        return 1;
      }
    }
    return 0;
  }

  /** Sign of the lower end. */
  int signOfLower(int e) {
    return signs[e] > 0 ? compareToRadius(e) : isExact(e) ? signs[e] : -1;
  }

  /** Sign of the upper end. */
  int signOfUpper(int e) {
    return signs[e] < 0 ? -compareToRadius(e) : isExact(e) ? signs[e] : 1;
  }

  Dyadic midpoint(int e) {
    if (signs[e] == 0) {
      return Dyadic.ZERO;
    }
    var m = Limbs.toBig(mantissas, e * limbs, limbs);
    return new Dyadic(signs[e] < 0 ? m.negate() : m, exponents.get(e) - 64L * limbs);
  }

  Dyadic radius(int e) {
    return radii == null || radiusExponents == null ? Dyadic.ZERO : Dyadic.of(radii[e], radiusExponents.get(e));
  }

  /**
   * The lower (direction −1) or upper (1) end of entry {@code e}, not the whole line; exact if that takes at most
   * {@code precision} bits, else moved outward.
   */
  Dyadic end(int e, int direction, int precision) {
    Dyadic radius = radius(e);
    return midpoint(e).plus(direction < 0 ? radius.negate() : radius, precision, direction);
  }

  /** A copy of entry {@code from} of {@code source} (of the same precision) as entry {@code e}. */
  void copy(int e, Balls source, int from) {
    System.arraycopy(source.mantissas, from * limbs, mantissas, e * limbs, limbs);
    exponents.set(e, source.exponents.get(from));
    signs[e] = source.signs[from];
    if (source.radii != null && source.radiusExponents != null && source.radii[from] != 0) {
      if (radii == null || radiusExponents == null) {
        allocateRadii();
      }
      radii[e] = source.radii[from];
      radiusExponents.set(e, source.radiusExponents.get(from));
    }
  }

  /** Copies entry {@code from + k} of {@code source} to entry {@code e + k} for all {@code k < count}. */
  void copyRange(int e, Balls source, int from, int count) {
    System.arraycopy(source.mantissas, from * limbs, mantissas, e * limbs, count * limbs);
    exponents.copyRange(e, source.exponents, from, count);
    System.arraycopy(source.signs, from, signs, e, count);
    if (source.radii != null && source.radiusExponents != null) {
      if (radii == null || radiusExponents == null) {
        allocateRadii();
      }
      System.arraycopy(source.radii, from, radii, e, count);
      radiusExponents.copyRange(e, source.radiusExponents, from, count);
    }
  }

  /** Makes entry {@code e} the whole line. */
  void setWhole(int e, Mag scratch) {
    clearMidpoint(e);
    setRadius(e, scratch.setInfinite());
  }

  void clearMidpoint(int e) {
    Arrays.fill(mantissas, e * limbs, (e + 1) * limbs, 0);
    exponents.set(e, 0);
    signs[e] = 0;
  }

  /** {@code midpoint ± radius}, both rounded to a few digits: for reading, not for deciding. */
  String toString(int e) {
    if (isWhole(e)) {
      return "(−∞, ∞)";
    }
    String middle = midpoint(e).toDecimal((int) (bits * 0.30103) + 2);
    return isExact(e) ? middle : middle + " ± " + radius(e).toDecimal(3);
  }
}
