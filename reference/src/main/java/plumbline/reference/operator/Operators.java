package plumbline.reference.operator;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import plumbline.spec.paper.Paper;

/** The catalogue of statements that can be evaluated. */
public final class Operators {
  private static final List<Operator> ALL = Stream.of(VarOperators.ALL, LayerOperators.ALL, FlowOperators.ALL)
      .flatMap(List::stream)
      .sorted(Comparator.comparing(operator -> Paper.load().statements().indexOf(Paper.load().statement(operator.id()))))
      .toList();

  private Operators() {}

  /** All operators in the order of the paper. */
  public static List<Operator> all() {
    return ALL;
  }

  /** Layers of VAR's code, with its tensor layouts; no statements of the paper. */
  public static List<Operator> implementations() {
    return ImplementationOperators.ALL;
  }

  /** The operator of a statement or of a layer of VAR's code, if there is one. */
  public static Optional<Operator> find(String id) {
    return Stream.concat(ALL.stream(), ImplementationOperators.ALL.stream()).filter(operator -> operator.id()
        .equals(id)).findFirst();
  }
}
