package plumbline.reference.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Shape;
import plumbline.spec.number.ShapeException;

class TensorTest {

  @Test
  void allDimensionsButTheLastBecomeRows() {
    assertEquals(new Shape(1, 1), Tensor.of(new int[0], 7).values().shape());
    assertEquals(new Shape(1, 3), Tensor.of(new int[] {3}, 1, 2, 3).values().shape());
    assertEquals(new Shape(6, 2), Tensor.of(new int[] {3, 2, 2}, new double[12]).values().shape());
    assertEquals(new Shape(0, 2), Tensor.of(new int[] {3, 0, 2}).values().shape());
  }

  @Test
  void entriesKeepTheirOrderAndValues() {
    Tensor tensor = Tensor.of(new int[] {2, 1, 2}, ExactMatrix.of(4, 1, new BigFraction(1, 3), BigFraction.ONE,
        BigFraction.TWO,
        new BigFraction(5, 7)));
    assertEquals(new BigFraction(5, 7), tensor.values().get(1, 1));
    assertEquals(new BigFraction(2), tensor.values().get(1, 0));
    assertEquals(new Shape(1, 4), tensor.row().shape());
    assertEquals(new BigFraction(5, 7), tensor.row().get(0, 3));
    assertEquals(new BigFraction(1, 3), tensor.column().get(0, 0));
    assertEquals(new Shape(4, 1), tensor.column().shape());
  }

  @Test
  void shapesAreCopiedBothWays() {
    int[] shape = {2, 1};
    Tensor tensor = Tensor.of(shape, 1, 2);
    shape[0] = 9;
    tensor.shape()[1] = 9;
    assertArrayEquals(new int[] {2, 1}, tensor.shape());
  }

  @Test
  void valuesMustFillTheShape() {
    assertThrows(ShapeException.class, () -> Tensor.of(new int[] {2, 2}, 1, 2, 3));
    assertThrows(ShapeException.class, () -> Tensor.of(new int[] {-1, -1}, 1));
    assertThrows(ShapeException.class, () -> Tensor.of(new int[0], 1, 2).scalar());
    assertThrows(ShapeException.class, () -> Tensor.of(new int[] {2}, 1, 2).scalar());
    assertThrows(ShapeException.class, () -> Tensor.of(new int[] {1 << 30, 1 << 30, 1 << 30, 1}, 1));
  }

  @Test
  void equalityLooksAtShapeAndValues() {
    assertEquals(Tensor.of(new int[] {2}, 1, 2), Tensor.of(new int[] {2}, ExactMatrix.ofIntegers(2, 1, 1, 2)));
    org.junit.jupiter.api.Assertions.assertNotEquals(Tensor.of(new int[] {2}, 1, 2), Tensor.of(new int[] {1, 2}, 1, 2));
  }
}
