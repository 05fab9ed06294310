package plumbline.reference.operator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/** The catalogue of statements that can be evaluated. */
public final class Operators {
  private static final List<Operator> ALL = List.of(
      Operator.of("def-b.1", "softmax of each row")
          .input("z", "n×m", "scores, one distribution per row")
          .output("y", "n×m", "probabilities")
          .computes(a -> y(new Map1() {
            @Override
            public <M extends Matrix<M>> M apply(M z) {
              return z.softmaxRows();
            }
          }, a.matrix("z"))));

  private Operators() {}

  /** All operators in the order of the paper. */
  public static List<Operator> all() {
    return ALL;
  }

  /** The operator of a statement. */
  public static Optional<Operator> find(String id) {
    return ALL.stream().filter(operator -> operator.id().equals(id)).findFirst();
  }

  private interface Map1 {
    <M extends Matrix<M>> M apply(M z);
  }

  private static Evaluation y(Map1 map, ExactMatrix x) {
    return new Evaluation() {
      @Override
      public <M extends Matrix<M>> Map<String, M> in(NumberSystem<M> system) {
        return Map.of("y", map.apply(system.lift(x)));
      }
    };
  }
}
