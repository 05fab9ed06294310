package plumbline.properties.mutation;

import java.util.Arrays;

/** Ways to add products in float32. */
enum Sum {
  /** From the first term to the last. */
  SEQUENTIAL {
    @Override
    float dot(float[] a, int a0, int da, float[] b, int b0, int db, int n) {
      float sum = 0;
      for (int k = 0; k < n; k++) {
        sum += a[a0 + k * da] * b[b0 + k * db];
      }
      return sum;
    }
  },
  /** From the last term to the first. */
  REVERSED {
    @Override
    float dot(float[] a, int a0, int da, float[] b, int b0, int db, int n) {
      float sum = 0;
      for (int k = n - 1; k >= 0; k--) {
        sum += a[a0 + k * da] * b[b0 + k * db];
      }
      return sum;
    }
  },
  /** One half, then the other. */
  PAIRWISE {
    @Override
    float dot(float[] a, int a0, int da, float[] b, int b0, int db, int n) {
      if (n <= 4) {
        return SEQUENTIAL.dot(a, a0, da, b, b0, db, n);
      }
      int half = n / 2;
      return dot(a, a0, da, b, b0, db, half) + dot(a, a0 + half * da, da, b, b0 + half * db, db, n - half);
    }
  },
  /** Fused multiply-adds from the first term to the last. */
  FUSED {
    @Override
    float dot(float[] a, int a0, int da, float[] b, int b0, int db, int n) {
      float sum = 0;
      for (int k = 0; k < n; k++) {
        sum = Math.fma(a[a0 + k * da], b[b0 + k * db], sum);
      }
      return sum;
    }
  },
  /** Eight partial sums, as vector instructions keep them. */
  LANES {
    @Override
    float dot(float[] a, int a0, int da, float[] b, int b0, int db, int n) {
      float[] lanes = new float[8];
      for (int k = 0; k < n; k++) {
        lanes[k & 7] += a[a0 + k * da] * b[b0 + k * db];
      }
      return ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
    }
  },
  /** In binary64, rounded once at the end. */
  WIDE {
    @Override
    float dot(float[] a, int a0, int da, float[] b, int b0, int db, int n) {
      double sum = 0;
      for (int k = 0; k < n; k++) {
        sum += (double) a[a0 + k * da] * b[b0 + k * db];
      }
      return (float) sum;
    }
  };

  private static final float[] ONE = {1};

  /** Σ_k a[a0 + k·da] · b[b0 + k·db], k from 0 to n−1. */
  abstract float dot(float[] a, int a0, int da, float[] b, int b0, int db, int n);

  /** Σ_k a[a0 + k·da]. */
  float sum(float[] a, int a0, int da, int n) {
    return dot(a, a0, da, ONE, 0, 0, n);
  }

  /** The product of an n×k and a k×m matrix. */
  FloatTensor product(FloatTensor a, FloatTensor b) {
    int n = a.dim(0);
    int inner = a.dim(1);
    int m = b.dim(1);
    if (this == SEQUENTIAL) {
      return byRows(a, b, n, inner, m);
    }
    float[] columns = Floats.transpose(b).values();
    FloatTensor y = FloatTensor.zeros(n, m);
    for (int i = 0, e = 0; i < n; i++) {
      for (int j = 0; j < m; j++, e++) {
        y.values()[e] = dot(a.values(), i * inner, 1, columns, j * inner, 1, inner);
      }
    }
    return y;
  }

  /** The sequential sums of {@link #product}, a row of them at a time, which a compiler makes vector instructions of. */
  private static FloatTensor byRows(FloatTensor a, FloatTensor b, int n, int inner, int m) {
    float[] right = b.values();
    float[] result = new float[n * m];
    float[] row = new float[m];
    for (int i = 0; i < n; i++) {
      Arrays.fill(row, 0);
      for (int k = 0; k < inner; k++) {
        float factor = a.values()[i * inner + k];
        int from = k * m;
        for (int j = 0; j < m; j++) {
          row[j] += factor * right[from + j];
        }
      }
      System.arraycopy(row, 0, result, i * m, m);
    }
    return new FloatTensor(result, n, m);
  }
}
