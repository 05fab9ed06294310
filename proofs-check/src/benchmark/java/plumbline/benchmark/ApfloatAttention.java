package plumbline.benchmark;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apfloat.Apfloat;
import org.apfloat.ApfloatContext;
import org.apfloat.ApfloatMath;
import org.apfloat.Apint;
import org.apfloat.ApintMath;

/** exp(Q Kᵀ) V with each row divided by the sum of its weights, by plain loops over apfloat's numbers; one thread. */
final class ApfloatAttention {
  private final int digits;
  private final Apfloat[][] x;
  private final Apfloat[][] wq;
  private final Apfloat[][] wk;
  private final Apfloat[][] wv;
  private Apfloat[][] y = {};

  ApfloatAttention(InputFile file) {
    ApfloatContext.getContext().setNumberOfProcessors(1);
    digits = file.digits();
    x = matrix(file, "X");
    wq = matrix(file, "W_Q");
    wk = matrix(file, "W_K");
    wv = matrix(file, "W_V");
  }

  private Apfloat[][] matrix(InputFile file, String name) {
    Entries entries = file.matrices().get(name);
    double[] values = file.doubles(name);
    Apfloat[][] matrix = new Apfloat[entries.rows()][entries.columns()];
    for (int k = 0; k < values.length; k++) {
      matrix[k / entries.columns()][k % entries.columns()] = new Apfloat(new BigDecimal(values[k]), digits);
    }
    return matrix;
  }

  Apfloat[][] compute() {
    Apfloat[][] weights = times(times(x, wq), transpose(times(x, wk)));
    for (Apfloat[] row : weights) {
      for (int j = 0; j < row.length; j++) {
        row[j] = ApfloatMath.exp(row[j]);
      }
    }
    y = times(weights, times(x, wv));
    for (int i = 0; i < y.length; i++) {
      Apfloat sum = weights[i][0];
      for (int j = 1; j < weights[i].length; j++) {
        sum = sum.add(weights[i][j]);
      }
      for (int j = 0; j < y[i].length; j++) {
        y[i][j] = y[i][j].divide(sum);
      }
    }
    return y;
  }

  private static Apfloat[][] times(Apfloat[][] a, Apfloat[][] b) {
    Apfloat[][] c = new Apfloat[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b[0].length; j++) {
        Apfloat sum = a[i][0].multiply(b[0][j]);
        for (int k = 1; k < b.length; k++) {
          sum = sum.add(a[i][k].multiply(b[k][j]));
        }
        c[i][j] = sum;
      }
    }
    return c;
  }

  private static Apfloat[][] transpose(Apfloat[][] a) {
    Apfloat[][] t = new Apfloat[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        t[j][i] = a[i][j];
      }
    }
    return t;
  }

  /** The last result, enclosed on a binary grid finer than its digits. */
  Entries result() {
    List<Enclosure> values = new ArrayList<>();
    int power = (int) Math.ceil(3.33 * (digits + 50));
    Apint scale = ApintMath.pow(new Apint(2), power);
    for (Apfloat[] row : y) {
      for (Apfloat value : row) {
        BigInteger cut = value.precision(Apfloat.INFINITE).multiply(scale).floor().toBigInteger();
        values.add(new Enclosure(cut.shiftLeft(1).add(BigInteger.ONE), -power - 1L, BigInteger.ONE, -power - 1L));
      }
    }
    return new Entries(y.length, y[0].length, values);
  }
}
