package plumbline.reference.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import plumbline.spec.number.Matrix;

/** The operator {@code Attention} of opset 23, without a cache of past keys. */
final class ScaledAttention {

  private ScaledAttention() {}

  /**
   * Where the heads of a query, key or value lie: in [batch, heads, tokens, width], or in [batch, tokens, heads · width].
   */
  private record Heads<M extends Matrix<M>>(M matrix, int batch, int heads, int tokens, int width, boolean apart) {

    static <M extends Matrix<M>> Heads<M> of(Call<M> call, int input, long count, int rank) {
      Value.Real<M> value = call.real(input);
      int[] shape = value.shape();
      call.requireSameType(0, input);
      if (shape.length != rank || rank != 3 && rank != 4) {
        throw call.error("query, key and value must all have 3 or all 4 dimensions, got " + value + " for input " + input);
      }
      if (rank == 4) {
        return new Heads<>(value.matrix(), shape[0], shape[1], shape[2], shape[3], true);
      }
      if (count < 1 || shape[2] % count != 0) {
        throw call.error(count + " heads do not fit input " + input + ", " + value);
      }
      return new Heads<>(value.matrix(), shape[0], (int) count, shape[1], (int) (shape[2] / count), false);
    }

    /** One head of one batch entry, tokens × width. */
    M head(int b, int h) {
      return apart
          ? matrix.rowRange((b * heads + h) * tokens, (b * heads + h + 1) * tokens)
          : matrix.block(b * tokens, (b + 1) * tokens, h * width, (h + 1) * width);
    }
  }

  /**
   * softmax(softcap(scale · Q Kᵀ) + mask) V for each head; several query heads may share a key and value head. The scale is
   * 1/√width unless it is given; as in ONNX's definition its root multiplies queries and keys.
   */
  static <M extends Matrix<M>> Value<M> attention(Call<M> call) {
    int rank = call.real(0).shape().length;
    long queryHeads = call.integer("q_num_heads", 0);
    long keyHeads = call.integer("kv_num_heads", 0);
    Heads<M> q = Heads.of(call, 0, queryHeads, rank);
    Heads<M> k = Heads.of(call, 1, keyHeads, rank);
    Heads<M> v = Heads.of(call, 2, keyHeads, rank);
    boolean causal = call.flag("is_causal", false);
    double softcap = call.real("softcap", 0);
    call.integer("softmax_precision", 0); // a rounding, which the exact result does not have
    call.integer("qk_matmul_output_mode", 0);
    if (call.has(4) || call.has(5)) {
      throw call.error("a cache of past keys and values is not supported");
    }
    if (rank == 4 && (queryHeads != 0 && queryHeads != q.heads() || keyHeads != 0 && keyHeads != k.heads())) {
      throw call.error("q_num_heads and kv_num_heads do not fit " + call.value(0) + " and " + call.value(1));
    }
    if (k.heads() == 0 || k.heads() != v.heads() || q.heads() % k.heads() != 0 || q.batch() != k.batch()
        || k.batch() != v.batch() || q.width() != k.width() || k.tokens() != v.tokens() || softcap < 0) {
      throw call.error("query " + call.value(0) + ", key " + call.value(1) + ", value " + call.value(2) + " do not fit, with "
          + q.heads() + " and " + k.heads() + " heads");
    }
    int batch = q.batch();
    int heads = q.heads();
    int n = q.tokens();
    int m = k.tokens();
    int[] all = {batch, heads, n, m};
    Dimensions.size(all);
    if (Dimensions.product(all, 0, 2) > Dimensions.MOST_SLICES) {
      throw call.error("has more than " + Dimensions.MOST_SLICES + " heads");
    }
    M root = root(call, q.width());
    Bias<M> bias = Bias.of(call, all);
    List<M> outputs = new ArrayList<>();
    for (int b = 0; b < batch; b++) {
      for (int h = 0; h < heads; h++) {
        int shared = h / (heads / k.heads());
        M scores = q.head(b, h).scaledBy(root).times(k.head(b, shared).scaledBy(root).transpose());
        if (call.real("scale", 1) < 0) {
          scores = scores.negate();
        }
        if (softcap > 0) {
          M cap = call.lift(softcap);
          scores = scores.dividedBy(cap.broadcast(n, m)).tanh().scaledBy(cap);
        }
        BitSet masked = new BitSet();
        scores = bias.addTo(scores, b * heads + h, masked);
        for (int i = 0; causal && i < n; i++) {
          masked.set(i * m + Math.min(i + 1, m), (i + 1) * m);
        }
        outputs.add(Reductions.maskedSoftmax(call, scores, masked).times(v.head(b, shared)));
      }
    }
    int[] apart = {batch, heads, n, v.width()};
    Dimensions.size(apart);
    M stacked = outputs.isEmpty() ? q.matrix().gather(0, v.width(), new int[0]) : Values.stacked(outputs);
    Value<M> y = Values.real(call.value(0).type(), apart, stacked);
    return rank == 4 ? y
        : Values.reshaped(Values.transposed(y, new int[] {0, 2, 1, 3}), new int[] {batch, n, heads * v.width()});
  }

  /** √|scale|; of 1/√width if no scale is given. */
  private static <M extends Matrix<M>> M root(Call<M> call, int width) {
    if (call.hasAttribute("scale")) {
      return call.lift(Math.abs(call.real("scale", 1))).sqrt();
    }
    if (width == 0) {
      throw call.error("heads have no entries, and 1/√0 is undefined");
    }
    return call.lift(1).dividedBy(call.lift(width).sqrt().sqrt());
  }

  /** The mask: numbers that are added, and scores that are left out. */
  private record Bias<M extends Matrix<M>>(M numbers, BitSet infinite, int[] places, boolean none) {

    static <M extends Matrix<M>> Bias<M> of(Call<M> call, int[] all) {
      if (!call.has(3)) {
        return new Bias<>(call.lift(0), new BitSet(), new int[0], true);
      }
      Value<M> mask = call.value(3);
      int rank = mask.shape().length;
      if (rank < 2 || mask.shape()[rank - 1] != all[3]) {
        throw call.error("the mask must have a column for each key, got " + mask);
      }
      int[] places = Dimensions.view(all, Dimensions.broadcastSteps(mask.shape(), all));
      if (mask instanceof Value.Whole) {
        BitSet infinite = new BitSet();
        long[] attends = call.bool(3).values();
        for (int e = 0; e < attends.length; e++) {
          infinite.set(e, attends[e] == 0);
        }
        return new Bias<>(call.lift(0), infinite, places, true);
      }
      call.requireSameType(0, 3);
      return new Bias<>(Values.finite(mask).matrix(), mask instanceof Masked<M> masked ? masked.infinite() : new BitSet(),
          places, false);
    }

    /** The scores of a head with the mask added; scores that are left out are noted in {@code masked}. */
    M addTo(M scores, int head, BitSet masked) {
      if (places.length == 0) {
        return scores;
      }
      int size = scores.rows() * scores.columns();
      int[] source = Arrays.copyOfRange(places, head * size, (head + 1) * size);
      for (int e = 0; e < size; e++) {
        masked.set(e, infinite.get(source[e]));
      }
      return none ? scores : scores.plus(numbers.gather(scores.rows(), scores.columns(), source));
    }
  }
}
