package plumbline.reference.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import plumbline.reference.number.Rational;
import plumbline.reference.number.RationalMatrix;

class ChainTest {
  private static Operator operator(String id) {
    return Operators.find(id).orElseThrow();
  }

  private static Chain.Link link(String id, Map<String, Tensor> tensors) {
    return new Chain.Link(operator(id), tensors, Map.of());
  }

  private static Tensor matrix(int rows, int columns, double... values) {
    return Tensor.of(new int[] {rows, columns}, values);
  }

  private static final Map<String, Tensor> FIRST = Map.of("x", matrix(1, 2, 3, 5), "w", matrix(2, 3, 1, 2, 3, 4, 5, 6),
      "b", Tensor.of(new int[] {3}, 1, 1, 1));
  private static final Map<String, Tensor> SECOND = Map.of("w", matrix(3, 2, 1, 0, 0, 1, 1, 1), "b",
      Tensor.of(new int[] {2}, 0, -1));

  @Test
  void eachTakesTheOutputOfTheOneBefore() {
    RationalMatrix y = Chain.of(List.of(link("def-c.8", FIRST), link("def-c.8", SECOND))).in(Rational.INSTANCE).get("y");
    // x W + b = (24, 32, 40); then (24 + 40, 32 + 40 − 1)
    assertEquals(List.of(64, 71), List.of(y.get(0, 0).intValue(), y.get(0, 1).intValue()));
    assertEquals(2, y.columns());
  }

  @Test
  void aLayerThatNeedsExactNumbersCannotFollow() {
    Tensor places = Tensor.of(new int[] {2}, 0.5, 1.5);
    assertEquals(2, Chain.of(List.of(link("def-3.1", Map.of("x", places)))).in(Rational.INSTANCE).get("y").columns());
    Evaluation twice = Chain.of(List.of(link("def-3.1", Map.of("x", places)), link("def-3.1", Map.of())));
    assertTrue(assertThrows(OperatorException.class, () -> twice.in(Rational.INSTANCE)).getMessage()
        .contains("cannot follow"));
  }

  @Test
  void shapesAreCheckedBeforehand() {
    Map<String, Tensor> wrong = Map.of("w", matrix(2, 2, 1, 0, 0, 1), "b", Tensor.of(new int[] {2}, 0, 0));
    assertTrue(assertThrows(OperatorException.class, () -> Chain.of(List.of(link("def-c.8", FIRST), link("def-c.8", wrong))))
        .getMessage().contains("w must be c×d"));
    Operator pyramid = operator("def-3.4");
    Chain.Link first = new Chain.Link(pyramid, Map.of("x_init", matrix(1, 1, 1), "x", matrix(1, 1, 2)), Map.of("scales",
        "1x1,2x2"));
    assertTrue(assertThrows(OperatorException.class, () -> Chain.of(List.of(first, link("def-c.8", SECOND)))).getMessage()
        .contains("not known beforehand"));
  }
}
