package plumbline.properties.theory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.reference.layer.Interpolation.Boundary;
import plumbline.reference.layer.Interpolation.Literal;
import plumbline.reference.layer.Interpolation.Reading;
import plumbline.reference.layer.Kernel;
import plumbline.spec.number.ExactMatrix;

/**
 * Which pixels of an enlarged token map ({@code def-3.2}) are equal for every input: those with equal rows of the matrix Φ
 * of {@code rem-3.7}. Decided exactly.
 *
 * @param reading how the interpolation is read
 * @param fromHeight h, pixel rows of the input
 * @param fromWidth w
 * @param height h', pixel rows of the result
 * @param width w'
 * @param ids the class of each pixel, row-major, numbered from 0 in the order of their first pixels
 * @param count number of classes; h'·w' if no two pixels are always equal
 */
public record PixelClasses(
    Reading reading, int fromHeight, int fromWidth, int height, int width, List<Integer> ids, int count) {

  /** The default of the literal reading: B-spline, origin 0, replicate boundary. */
  public static final Reading LITERAL = new Literal(Kernel.BSPLINE, 0, Boundary.REPLICATE);

  /**
   * A step of VAR's schedule in both readings, for a drawing.
   *
   * @param literal {@link #LITERAL}
   * @param standard the standard reading with VAR's kernel
   */
  public record Step(PixelClasses literal, PixelClasses standard) {}

  /** A row of an axis: factor · direction, the first entry of the direction that is not zero being 1; zero has factor 0. */
  private record Row(BigFraction factor, List<BigFraction> direction) {}

  /** The classes of a layer that takes h×w to height×width pixels. */
  public static PixelClasses of(Reading reading, int h, int w, int height, int width) {
    List<Row> vertical = rows(reading.axis(h, height));
    List<Row> horizontal = rows(reading.axis(w, width));
    Map<List<Object>, Integer> classes = new HashMap<>();
    List<Integer> ids = new ArrayList<>(height * width);
    for (Row a : vertical) {
      for (Row b : horizontal) {
        // Row (i, j) of Φ is a ⊗ b: two such products are equal when directions and products of factors are, or both are 0.
        BigFraction factor = a.factor.multiply(b.factor);
        List<Object> key = factor.compareTo(BigFraction.ZERO) == 0 ? List.of() : List.of(factor, a.direction, b.direction);
        ids.add(classes.computeIfAbsent(key, k -> classes.size()));
      }
    }
    return new PixelClasses(reading, h, w, height, width, List.copyOf(ids), classes.size());
  }

  /** The classes of one axis, a map one pixel wide on both sides: n samples to m. */
  static PixelClasses axis(Reading reading, int n, int m) {
    return of(reading, n, 1, m, 1);
  }

  /** The enlargements of VAR's square scales that a report draws: 1→2, 2→3, 3→4, 4→5, 6→8, 13→16. */
  public static List<Step> steps() {
    int[][] sizes = {{1, 2}, {2, 3}, {3, 4}, {4, 5}, {6, 8}, {13, 16}};
    List<Step> steps = new ArrayList<>();
    for (int[] size : sizes) {
      steps.add(new Step(of(LITERAL, size[0], size[0], size[1], size[1]),
          of(Reading.PYTORCH, size[0], size[0], size[1], size[1])));
    }
    return List.copyOf(steps);
  }

  /** The class of pixel (i, j), both from 0. */
  public int id(int i, int j) {
    return ids.get(i * width + j);
  }

  /** Whether two pixels are equal for every input. */
  public boolean hasDuplicates() {
    return count < height * width;
  }

  private static List<Row> rows(ExactMatrix axis) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < axis.rows(); i++) {
      BigFraction factor = BigFraction.ZERO;
      List<BigFraction> direction = new ArrayList<>();
      for (int p = 0; p < axis.columns(); p++) {
        BigFraction weight = axis.get(i, p);
        if (factor.compareTo(BigFraction.ZERO) == 0) {
          factor = weight;
        }
        direction.add(factor.compareTo(BigFraction.ZERO) == 0 ? BigFraction.ZERO : weight.divide(factor));
      }
      rows.add(new Row(factor, direction));
    }
    return rows;
  }
}
