package plumbline.properties.mutation;

import java.util.Arrays;
import java.util.Random;
import plumbline.reference.envelope.Format;

/** Float32 arithmetic on tensors: what honest implementations and bugs are made of. */
final class Floats {

  private Floats() {}

  /** A function of a float. */
  interface Unary {
    float at(float x);
  }

  /** A function of two floats. */
  interface Binary {
    float at(float x, float y);
  }

  static FloatTensor map(FloatTensor x, Unary function) {
    FloatTensor y = x.copy();
    for (int e = 0; e < y.size(); e++) {
      y.values()[e] = function.at(y.values()[e]);
    }
    return y;
  }

  static FloatTensor combine(FloatTensor x, FloatTensor y, Binary function) {
    FloatTensor z = x.copy();
    for (int e = 0; e < z.size(); e++) {
      z.values()[e] = function.at(x.values()[e], y.values()[e]);
    }
    return z;
  }

  static FloatTensor plus(FloatTensor x, FloatTensor y) {
    return combine(x, y, Float::sum);
  }

  static FloatTensor scaled(FloatTensor x, float factor) {
    return map(x, value -> value * factor);
  }

  static FloatTensor relu(FloatTensor x) {
    return map(x, value -> Math.max(value, 0));
  }

  /** A matrix with its rows and columns exchanged. */
  static FloatTensor transpose(FloatTensor x) {
    int n = x.dim(0);
    int m = x.dim(1);
    FloatTensor y = FloatTensor.zeros(m, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < m; j++) {
        y.values()[j * n + i] = x.values()[i * m + j];
      }
    }
    return y;
  }

  /** The same memory read in column-major order, under the same shape: what mixing up a layout does to a matrix. */
  static FloatTensor misread(FloatTensor x) {
    return transpose(x.as(x.dim(1), x.dim(0))).as(x.shape());
  }

  /** Row i becomes row i + by, cyclically. */
  static FloatTensor rolled(FloatTensor x, int by) {
    int row = x.size() / x.dim(0);
    FloatTensor y = FloatTensor.zeros(x.shape());
    for (int e = 0; e < x.size(); e++) {
      y.values()[Math.floorMod(e + by * row, x.size())] = x.values()[e];
    }
    return y;
  }

  /** The last slice of the first dimension becomes zero. */
  static FloatTensor withoutLast(FloatTensor x) {
    FloatTensor y = x.copy();
    int row = x.size() / x.dim(0);
    Arrays.fill(y.values(), y.size() - row, y.size(), 0);
    return y;
  }

  /** The last slice of the last dimension becomes zero. */
  static FloatTensor withoutLastColumn(FloatTensor x) {
    FloatTensor y = x.copy();
    int columns = x.dim(x.shape().length - 1);
    for (int e = columns - 1; e < y.size(); e += columns) {
      y.values()[e] = 0;
    }
    return y;
  }

  /** All entries rounded to a narrower format. */
  static FloatTensor round(Format format, FloatTensor x) {
    return map(x, value -> (float) format.round(value));
  }

  static FloatTensor half(FloatTensor x) {
    return round(Format.FLOAT16, x);
  }

  /** A float32 rounded to float16. */
  static float half(float x) {
    return (float) Format.FLOAT16.round(x);
  }

  static FloatTensor brain(FloatTensor x) {
    return round(Format.BFLOAT16, x);
  }

  /** A float32 rounded to the eleven significant bits of tf32, ties to even. */
  static float tf32(float x) {
    int bits = Float.floatToRawIntBits(x);
    return Float.isFinite(x) ? Float.intBitsToFloat(bits + 0xfff + (bits >>> 13 & 1) & ~0x1fff) : x;
  }

  static FloatTensor tf32(FloatTensor x) {
    return map(x, Floats::tf32);
  }

  /** A product that is added up in tf32: every partial sum is rounded to eleven bits. */
  static FloatTensor productInTf32(FloatTensor a, FloatTensor b) {
    int n = a.dim(0);
    int inner = a.dim(1);
    int m = b.dim(1);
    FloatTensor y = FloatTensor.zeros(n, m);
    float[] sums = y.values();
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < inner; k++) {
        float factor = a.values()[i * inner + k];
        for (int j = 0; j < m; j++) {
          sums[i * m + j] = tf32(sums[i * m + j] + factor * b.values()[k * m + j]);
        }
      }
    }
    return y;
  }

  /** A product whose accumulator is not reset between the rows of the result. */
  static FloatTensor staleProduct(FloatTensor a, FloatTensor b) {
    FloatTensor y = Sum.SEQUENTIAL.product(a, b);
    int m = b.dim(1);
    for (int e = m; e < y.size(); e++) {
      y.values()[e] += y.values()[e - m];
    }
    return y;
  }

  /** The entry of largest magnitude, off by 3·10⁻⁵ of itself. */
  static FloatTensor oneOff(FloatTensor x) {
    FloatTensor y = x.copy();
    int e = largest(x);
    y.values()[e] *= 1 + 3e-5f;
    return y;
  }

  /** The entry of largest magnitude, off by 64 units in its last place. */
  static FloatTensor oneWeightOff(FloatTensor x) {
    FloatTensor y = x.copy();
    int e = largest(x);
    y.values()[e] += 64 * Math.ulp(y.values()[e]);
    return y;
  }

  /** The first index of the largest magnitude. */
  private static int largest(FloatTensor x) {
    int largest = 0;
    for (int e = 0; e < x.size(); e++) {
      if (Math.abs(x.values()[e]) > Math.abs(x.values()[largest])) {
        largest = e;
      }
    }
    return largest;
  }

  /** exp in float32 alone: Cephes' expf, within two ulp. */
  static float exp(float x) {
    if (x > 88.72283f) {
      return Float.POSITIVE_INFINITY;
    }
    if (x < -103.9f) {
      return 0;
    }
    float n = (float) Math.floor(1.44269504f * x + 0.5f);
    float r = x - n * 0.693359375f - n * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    return Math.scalb(p * (r * r) + r + 1, (int) n);
  }

  /** exp with a cubic for 2^f, 0 ≤ f &lt; 1: off by up to 10⁻⁴ of itself. */
  static float approximateExp(float x) {
    float t = Math.max(x * 1.44269504f, -200);
    int n = (int) Math.floor(t);
    float f = t - n;
    return Math.scalb(((0.0780242f * f + 0.2260671f) * f + 0.6958335f) * f + 0.9999f, n);
  }

  /** Independent N(0, 1) entries. */
  static FloatTensor normal(Random random, int... shape) {
    return map(FloatTensor.zeros(shape), unused -> (float) random.nextGaussian());
  }
}
