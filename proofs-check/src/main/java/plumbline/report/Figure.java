package plumbline.report;

import java.util.List;

/** A picture that belongs to a statement. It is drawn in the browser, in the colours of the page, from the data given here. */
public sealed interface Figure permits Figure.Histogram, Figure.Plot, Figure.Grid {

  /** Id of the statement under which it stands, such as {@code lemma-4.4}. */
  String statement();

  /** What it shows, in a few words; the name by which a screen reader announces it. */
  String title();

  /** What to see in it, in one or two sentences of plain text. */
  String caption();

  /**
   * Distributions of values, a row for each; they share one axis where their ranges are alike.
   *
   * @param axis what the values are
   * @param rows the values by name; those that are not finite, and rows in which all are equal, are left out of the
   *     picture and stand in the table below it
   */
  record Histogram(String statement, String title, String caption, Axis axis, List<Row> rows) implements Figure {
    public Histogram {
      rows = List.copyOf(rows);
    }
  }

  /**
   * Named values.
   *
   * @param name what they are
   * @param values the values
   */
  record Row(String name, double[] values) {}

  /**
   * Points and lines in the plane.
   *
   * @param x the horizontal axis
   * @param y the vertical axis
   * @param series what is drawn, from back to front
   */
  record Plot(String statement, String title, String caption, Axis x, Axis y, List<Series> series) implements Figure {
    public Plot {
      series = List.copyOf(series);
    }
  }

  /**
   * Points, or a line through them.
   *
   * @param name its name in the legend
   * @param mark how it is drawn
   * @param x abscissas
   * @param y ordinates, one for each abscissa
   */
  record Series(String name, Mark mark, double[] x, double[] y) {
    public Series {
      if (x.length != y.length) {
        throw new IllegalArgumentException(name + ": " + x.length + " abscissas and " + y.length + " ordinates");
      }
    }
  }

  /** How a series is drawn: {@code REFERENCE} is a dashed line, such as a bound or the diagonal. */
  enum Mark { POINTS, LINE, REFERENCE }

  /**
   * An axis. A logarithmic one takes the base-10 logarithms of the values, which may lie far beyond the range of a double,
   * and is labelled with powers of ten.
   *
   * @param label what is measured
   * @param logarithmic whether the data are base-10 logarithms
   */
  record Axis(String label, boolean logarithmic) {}

  /**
   * Grids of pixels with a number for each pixel's class. Pixels of one class share a colour and show their number; a class
   * of a single pixel stays blank.
   *
   * @param panels grids to be seen side by side
   */
  record Grid(String statement, String title, String caption, List<Panel> panels) implements Figure {
    public Grid {
      panels = List.copyOf(panels);
    }
  }

  /**
   * One grid.
   *
   * @param name what it shows
   * @param classes the class of each pixel, by row and column
   */
  record Panel(String name, int[][] classes) {}
}
