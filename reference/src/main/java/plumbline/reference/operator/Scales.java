package plumbline.reference.operator;

import java.util.ArrayList;
import java.util.List;
import plumbline.reference.var.ScaleSchedule;
import plumbline.spec.number.ExactMatrix;

/** Sizes of token maps, coarse to fine, as the parameter {@code scales} gives them: {@code 1x1,2x2,3x3}. */
record Scales(List<int[]> sizes) {

  static Scales parse(Arguments a) {
    String text = a.text("scales");
    if (!text.matches("[0-9]{1,5}x[0-9]{1,5}(,[0-9]{1,5}x[0-9]{1,5}){0,99}")) {
      throw a.error("parameter scales must be sizes such as 1x1,2x2,3x3, got " + Arguments.quote(text));
    }
    List<int[]> sizes = new ArrayList<>();
    for (String size : text.split(",")) {
      int[] pair = {Integer.parseInt(size.substring(0, size.indexOf('x'))),
          Integer.parseInt(size.substring(size.indexOf('x') + 1))};
      a.requireEntries(pair[0], pair[1]);
      sizes.add(pair);
    }
    return new Scales(sizes);
  }

  /** Σ h_i w_i. */
  int tokens() {
    return sizes.stream().mapToInt(size -> size[0] * size[1]).sum();
  }

  /** As a schedule of growing sizes whose maps, with d channels, and interpolations can be held. */
  ScaleSchedule schedule(Arguments a) {
    a.requireEntries(tokens(), Math.max(1, a.size("d")));
    for (int i = 1; i < sizes.size(); i++) {
      a.requireEntries(sizes.get(i)[0], sizes.get(i - 1)[0]);
      a.requireEntries(sizes.get(i)[1], sizes.get(i - 1)[1]);
    }
    return new ScaleSchedule(sizes.stream().map(size -> new ScaleSchedule.Scale(size[0], size[1])).toList());
  }

  /** A (c_out, 3, 3, c_in) tensor as the c_out×(9·c_in) matrix with the same memory order. */
  static ExactMatrix kernels(Tensor kernels) {
    int[] shape = kernels.shape();
    return Tensor.of(new int[] {shape[0], 9 * shape[3]}, kernels.values()).values();
  }
}
