package plumbline.reference.operator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

/** Operators one after the other, each with the output of the one before as its first input. */
public final class Chain {
  private Chain() {}

  /**
   * One operator of a chain.
   *
   * @param tensors its inputs by name; without the first one, unless it begins the chain
   */
  public record Link(Operator operator, Map<String, Tensor> tensors, Map<String, String> parameters) {}

  /** The output that goes on to the next operator: {@code y}, or the only one; {@code null} if there is no such. */
  public static @Nullable String passed(Operator operator) {
    List<Argument> outputs = operator.outputs();
    return outputs.stream().map(Argument::name).filter("y"::equals).findFirst()
        .orElse(outputs.size() == 1 && !outputs.get(0).isFamily() ? outputs.get(0).name() : null);
  }

  /** The input that the output of the operator before goes to. */
  public static String taken(Operator operator) {
    return operator.inputs().get(0).name();
  }

  /**
   * The whole chain as one evaluation; its outputs are those of the last operator.
   *
   * @throws OperatorException if tensors or parameters are not what an operator takes, or an operator cannot follow
   */
  public static Evaluation of(List<Link> links) {
    Link first = links.get(0);
    Evaluation evaluation = first.operator().prepare(first.tensors(), first.parameters());
    int[] shape = first.operator().outputShape(first.tensors(), first.parameters());
    for (int k = 1; k < links.size(); k++) {
      Link link = links.get(k);
      Operator before = links.get(k - 1).operator();
      String output = passed(before);
      if (output == null) {
        throw new OperatorException(before.id() + " returns several tensors: none of them is the next layer's input");
      }
      if (shape == null) {
        throw new OperatorException(before.id() + ": the shape of " + output + " is not known beforehand; give this tensor");
      }
      // Any numbers, no two of a row equal: preparation looks at shapes and for constant rows only.
      Tensor placeholder = Tensor.of(shape, ExactMatrix.of(1, size(shape), IntStream.range(0,
          size(shape)).asDoubleStream().toArray()));
      Map<String, Tensor> tensors = new LinkedHashMap<>(link.tensors());
      tensors.put(taken(link.operator()), placeholder);
      Evaluation next = link.operator().prepare(tensors, link.parameters());
      shape = link.operator().outputShape(tensors, link.parameters());
      evaluation = then(evaluation, output, next, placeholder.values(), link.operator());
    }
    return evaluation;
  }

  private static int size(int[] shape) {
    return IntStream.of(shape).reduce(1, Math::multiplyExact);
  }

  private static Evaluation then(Evaluation before, String output, Evaluation next, ExactMatrix placeholder,
      Operator operator) {
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        M value = before.in(system).get(output);
        if (value == null) {
          throw new OperatorException("there is no output " + output + " to go on with");
        }
        if (value.rows() != placeholder.rows() || value.columns() != placeholder.columns()) {
          throw new ShapeException(operator.id() + " expects " + placeholder.shape() + ", got " + Shape.of(value));
        }
        Replacing<M> replacing = new Replacing<>(system, placeholder, value);
        Map<String, M> outputs = next.in(replacing);
        if (!replacing.used) {
          throw new OperatorException(operator.id() + " needs exact numbers as " + taken(operator)
              + " and cannot follow another layer; give this tensor");
        }
        return outputs;
      }
    };
  }

  /** The system itself, but one exact matrix, this object and no equal one, becomes a value that was computed before. */
  private static final class Replacing<M extends Matrix<M>> implements NumberSystem<M> {
    private final NumberSystem<M> system;
    private final ExactMatrix placeholder;
    private final M value;
    private boolean used;

    Replacing(NumberSystem<M> system, ExactMatrix placeholder, M value) {
      this.system = system;
      this.placeholder = placeholder;
      this.value = value;
    }

    @Override
    public String name() {
      return system.name();
    }

    @Override
    @SuppressWarnings("interning") // The object is meant.
    public M lift(ExactMatrix exact) {
      if (exact != placeholder) {
        return system.lift(exact);
      }
      used = true;
      return value;
    }

    @Override
    public M pi() {
      return system.pi();
    }
  }
}
