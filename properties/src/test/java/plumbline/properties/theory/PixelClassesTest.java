package plumbline.properties.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import plumbline.reference.layer.Interpolation;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Interpolation.Reading;
import plumbline.reference.layer.Interpolation.Standard;
import plumbline.reference.layer.Kernel;
import plumbline.spec.number.ExactMatrix;

class PixelClassesTest {

  /** The classes of the rows of the whole matrix Φ, found without taking it apart. */
  private static List<Integer> byMatrix(Reading reading, int h, int w, int height, int width) {
    ExactMatrix phi = new Interpolation(reading, height, width).matrix(h, w);
    Map<ExactMatrix, Integer> classes = new HashMap<>();
    return java.util.stream.IntStream.range(0, phi.rows())
        .mapToObj(row -> classes.computeIfAbsent(phi.rowRange(row, row + 1), k -> classes.size())).toList();
  }

  @Test
  void classesAreThoseOfTheMatrix() {
    for (Kernel kernel : List.of(Kernel.BSPLINE, Kernel.KEYS)) {
      for (Boundary boundary : Boundary.values()) {
        for (int origin = 0; origin <= 1; origin++) {
          Literal reading = new Literal(kernel, origin, boundary);
          assertEquals(byMatrix(reading, 1, 1, 2, 3), PixelClasses.of(reading, 1, 1, 2, 3).ids(), reading::toString);
          assertEquals(byMatrix(reading, 1, 2, 2, 3), PixelClasses.of(reading, 1, 2, 2, 3).ids(), reading::toString);
          assertEquals(byMatrix(reading, 3, 2, 4, 5), PixelClasses.of(reading, 3, 2, 4, 5).ids(), reading::toString);
        }
      }
      assertEquals(byMatrix(new Standard(kernel), 2, 3, 5, 4), PixelClasses.of(new Standard(kernel), 2, 3, 5, 4).ids());
    }
  }

  /** With boundary zero one pixel still makes equal pixels: 1/6·2/3 = 2/3·1/6, though neither axis has equal rows. */
  @Test
  void proportionalAxesMakeEqualPixels() {
    Reading reading = new Literal(Kernel.BSPLINE, 1, Boundary.ZERO);
    assertEquals(2, PixelClasses.axis(reading, 1, 2).count());
    assertEquals(List.of(0, 1, 1, 2), PixelClasses.of(reading, 1, 1, 2, 2).ids());
  }

  @Test
  void stepsOfVar() {
    List<PixelClasses.Step> steps = PixelClasses.steps();
    assertEquals(List.of(1, 4, 9, 16, 36, 169), steps.stream().map(step -> step.literal().count()).toList());
    assertEquals(List.of(1, 9, 16, 25, 64, 256), steps.stream().map(step -> step.standard().count()).toList());
    PixelClasses third = steps.get(1).literal();
    assertTrue(third.hasDuplicates());
    assertEquals(third.id(0, 0), third.id(1, 1));
    assertEquals(3, third.id(2, 2));
    assertFalse(steps.get(1).standard().hasDuplicates());
  }

  /** The least enlargement at which the standard Keys layer has duplicates, and the next ones. */
  @Test
  void equalRowsOfTheStandardReading() {
    for (int r = 1; r < 19; r++) {
      assertEquals(List.of(), PixelDuplicates.equalRows(r));
    }
    assertEquals(List.of(new PixelDuplicates.Sizes(0, 5)), PixelDuplicates.equalRows(19));
    PixelClasses classes = PixelClasses.axis(Reading.PYTORCH, 2, 38);
    assertEquals(36, classes.count());
    assertEquals(classes.id(0, 0), classes.id(5, 0));
    assertEquals(classes.id(37, 0), classes.id(32, 0));
  }

  /** Keys with a = 0 is constant beyond the outer samples: duplicates from threefold enlargements on. */
  @Test
  void otherKernelsMayDiffer() {
    Reading reading = new Standard(new Kernel.Keys(BigFraction.ZERO));
    assertEquals(5, PixelClasses.axis(reading, 2, 5).count());
    assertEquals(4, PixelClasses.axis(reading, 2, 6).count());
  }
}
