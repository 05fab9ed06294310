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
    one("Gemm", 7, 2, 3, Linear::gemm);
    one("Conv", 1, 2, 3, Linear::conv);
    one("AveragePool", 7, 1, 1, Linear::averagePool);
    one("GlobalAveragePool", 1, 1, 1, Reductions::globalAveragePool);
    one("Resize", 10, 2, 4, Resizing::resize);
    one("Attention", 23, 3, 6, ScaledAttention::attention);
    one("ReduceSum", 1, 1, 2, Reductions::reduceSum);
    one("ReduceMean", 1, 1, 2, Reductions::reduceMean);
    one("ReduceMax", 1, 1, 2, Reductions::reduceMax);
    one("ReduceMin", 1, 1, 2, Reductions::reduceMin);
    one("Softmax", 1, 1, 1, Reductions::softmax);
    many("LayerNormalization", 17, 2, 3, Reductions::layerNormalization);
    one("InstanceNormalization", 6, 3, 3, Reductions::instanceNormalization);
    one("GroupNormalization", 21, 3, 3, Reductions::groupNormalization);
    one("BatchNormalization", 7, 5, 5, Reductions::batchNormalization);
    one("RMSNormalization", 23, 2, 2, Reductions::rmsNormalization);
    one("Equal", 7, 2, 2, Choices::equal);
    one("Less", 7, 2, 2, Choices::less);
    one("LessOrEqual", 12, 2, 2, Choices::lessOrEqual);
    one("Greater", 7, 2, 2, Choices::greater);
    one("GreaterOrEqual", 12, 2, 2, Choices::greaterOrEqual);
    one("And", 7, 2, 2, Choices::and);
    one("Or", 7, 2, 2, Choices::or);
    one("Xor", 7, 2, 2, Choices::xor);
    one("Not", 1, 1, 1, Choices::not);
    one("Where", 9, 3, 3, Choices::where);
    one("Cast", 6, 1, 1, Choices::cast);
    one("Identity", 1, 1, 1, Moving::identity);
    many("Dropout", 7, 1, 3, Moving::dropout);
    one("Reshape", 5, 2, 2, Moving::reshape);
    one("Flatten", 1, 1, 1, Moving::flatten);
    one("Squeeze", 1, 1, 2, Moving::squeeze);
    one("Unsqueeze", 1, 1, 2, Moving::unsqueeze);
    one("Transpose", 1, 1, 1, Moving::transpose);
    one("Expand", 8, 2, 2, Moving::expand);
    one("Tile", 6, 2, 2, Moving::tile);
    one("Concat", 4, 1, ANY, Moving::concat);
    many("Split", 2, 1, 2, Moving::split);
    one("Slice", 1, 1, 5, Moving::slice);
    one("Gather", 1, 2, 2, Moving::gather);
    one("Pad", 2, 1, 4, Moving::pad);
    one("Shape", 1, 1, 1, Moving::shape);
    one("Size", 1, 1, 1, Moving::size);
    one("ConstantOfShape", 9, 1, 1, Moving::constantOfShape);
    one("Range", 11, 3, 3, Moving::range);
    one("Trilu", 14, 1, 2, Moving::trilu);
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
