package plumbline.reference.number;

import java.util.Arrays;

/** A run of binary exponents: in 32 bits each, until one comes that needs 64. */
final class Exponents {
  private int[] narrow;
  /** Empty as long as all fit. */
  private long[] wide = new long[0];

  Exponents(int size) {
    narrow = new int[size];
  }

  long get(int e) {
    return wide.length == 0 ? narrow[e] : wide[e];
  }

  void set(int e, long exponent) {
    if (wide.length == 0) {
      if ((int) exponent == exponent) {
        narrow[e] = (int) exponent;
        return;
      }
      widen();
    }
    wide[e] = exponent;
  }

  private void widen() {
    if (wide.length == 0) {
      wide = Arrays.stream(narrow).asLongStream().toArray();
      narrow = new int[0];
    }
  }

  /** Copies the run of {@code count} exponents of {@code source} that starts at {@code from} to {@code e}. */
  void copyRange(int e, Exponents source, int from, int count) {
    if (wide.length == 0 && source.wide.length == 0) {
      System.arraycopy(source.narrow, from, narrow, e, count);
    } else {
      for (int k = 0; k < count; k++) {
        set(e + k, source.get(from + k));
      }
    }
  }
}
