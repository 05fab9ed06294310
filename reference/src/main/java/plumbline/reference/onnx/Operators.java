package plumbline.reference.onnx;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.number.Matrix;

/** The operators of ONNX that can be evaluated. */
final class Operators {

  /** What an operator with one output does. */
  interface Kernel {
    <M extends Matrix<M>> Value<M> apply(Call<M> call);
  }

  /** What an operator with several outputs does: as many as it has, in order; those that the node does not use may be left out. */
  interface Kernels {
    <M extends Matrix<M>> List<Value<M>> apply(Call<M> call);
  }

  /**
   * An operator.
   *
   * @param since the first opset that has it
   * @param least how many inputs it has at least
   * @param most how many inputs it has at most
   */
  record Operator(int since, int least, int most, Kernels kernels) {}

  private static final int ANY = Integer.MAX_VALUE;
  private static final Map<String, Operator> ALL = new TreeMap<>();

  static {
    one("Add", 7, 2, 2, Elementwise::add);
    one("Sub", 7, 2, 2, Elementwise::sub);
    one("Mul", 7, 2, 2, Elementwise::mul);
    one("Div", 7, 2, 2, Elementwise::div);
    one("Neg", 6, 1, 1, Elementwise::neg);
    one("Abs", 6, 1, 1, Elementwise::abs);
    one("Reciprocal", 6, 1, 1, Elementwise::reciprocal);
    one("Sqrt", 6, 1, 1, Elementwise::sqrt);
    one("Exp", 6, 1, 1, Elementwise::exp);
    one("Log", 6, 1, 1, Elementwise::log);
    one("Erf", 9, 1, 1, Elementwise::erf);
    one("Tanh", 6, 1, 1, Elementwise::tanh);
    one("Sigmoid", 6, 1, 1, Elementwise::sigmoid);
    one("Relu", 6, 1, 1, Elementwise::relu);
    one("Gelu", 20, 1, 1, Elementwise::gelu);
    one("Pow", 7, 2, 2, Elementwise::pow);
    one("Min", 6, 1, ANY, Elementwise::min);
    one("Max", 6, 1, ANY, Elementwise::max);
    one("Sum", 6, 1, ANY, Elementwise::sum);
    one("Clip", 6, 1, 3, Elementwise::clip);
    one("MatMul", 1, 2, 2, Linear::matMul);
  }

  private Operators() {}

  private static void one(String name, int since, int least, int most, Kernel kernel) {
    ALL.put(name, new Operator(since, least, most, new Kernels() {
      @Override
      public <M extends Matrix<M>> List<Value<M>> apply(Call<M> call) {
        return List.of(kernel.apply(call));
      }
    }));
  }

  private static void many(String name, int since, int least, int most, Kernels kernels) {
    ALL.put(name, new Operator(since, least, most, kernels));
  }

  /** The operator of that name in ONNX's own domain, or {@code null}. */
  static @Nullable Operator named(String name) {
    return ALL.get(name);
  }

  /** All names. */
  static Set<String> names() {
    return Set.copyOf(ALL.keySet());
  }
}
