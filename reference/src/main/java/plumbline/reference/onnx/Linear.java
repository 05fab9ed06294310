package plumbline.reference.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.number.Matrix;

/** Matrix products, convolution and pooling. */
final class Linear {

  private Linear() {}

  /** The product of the matrices in the last two axes; the others broadcast. An array with one axis is a row, or a column. */
  static <M extends Matrix<M>> Value<M> matMul(Call<M> call) {
    call.requireSameType(0, 1);
    Value.Real<M> left = call.real(0);
    Value.Real<M> right = call.real(1);
    boolean row = left.shape().length == 1;
    boolean column = right.shape().length == 1;
    if (left.shape().length == 0 || right.shape().length == 0) {
      throw call.error("a scalar is no matrix");
    }
    int[] a = row ? new int[] {1, left.shape()[0]} : left.shape();
    int[] b = column ? new int[] {right.shape()[0], 1} : right.shape();
    int n = a[a.length - 2];
    int k = a[a.length - 1];
    int m = b[b.length - 1];
    if (b[b.length - 2] != k) {
      throw call.error("inner dimensions differ: " + left + " · " + right);
    }
    int[] aBatch = Arrays.copyOf(a, a.length - 2);
    int[] bBatch = Arrays.copyOf(b, b.length - 2);
    int[] batch = Dimensions.broadcast(aBatch, bBatch);
    int slices = Dimensions.size(batch);
    int[] shape = batch;
    if (!row) {
      shape = Dimensions.concat(shape, new int[] {n});
    }
    if (!column) {
      shape = Dimensions.concat(shape, new int[] {m});
    }
    Dimensions.size(shape);
    M x = left.matrix().reshape(Dimensions.size(aBatch) * n, k);
    M y = right.matrix().reshape(Dimensions.size(bBatch) * k, m);
    if (Dimensions.size(bBatch) == 1 && Arrays.equals(batch, aBatch) || slices == 1) {
      return Values.real(left.type(), shape, x.times(y));
    }
    int[] fromA = Dimensions.view(batch, Dimensions.broadcastSteps(aBatch, batch));
    int[] fromB = Dimensions.view(batch, Dimensions.broadcastSteps(bBatch, batch));
    List<M> products = new ArrayList<>();
    for (int s = 0; s < slices; s++) {
      products.add(x.rowRange(fromA[s] * n, (fromA[s] + 1) * n).times(y.rowRange(fromB[s] * k, (fromB[s] + 1) * k)));
    }
    return Values.real(left.type(), shape, products.isEmpty() ? x.gather(0, m, new int[0]) : Values.stacked(products));
  }
}
