package plumbline.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import plumbline.reference.number.Decimals;

/** What the page's script draws a figure from, and the same in numbers for those who do not look at pictures. */
public final class FigureData {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int BINS = 48;
  /** No strip on a shared axis has less than this part of it. */
  private static final int SQUEEZE = 6;
  /** Values beyond it are drawn there: a width of bins must not overflow. */
  private static final double FARTHEST = 1e300;

  private FigureData() {}

  /**
   * A table of the figure's data.
   *
   * @param head names of the columns
   * @param rows the cells of each row, the first of which names it
   */
  public record Table(List<String> head, List<List<String>> rows) {}

  /**
   * A part of the picture.
   *
   * @param name what stands above it; empty if nothing does
   * @param json what the script draws it from
   */
  public record Part(String name, String json) {}

  /** The parts of the picture, from top to bottom. */
  static List<Part> parts(Figure figure) {
    if (figure instanceof Figure.Histogram histogram) {
      return strips(histogram);
    }
    ObjectNode root = MAPPER.createObjectNode();
    if (figure instanceof Figure.Plot plot) {
      plot(root.put("kind", "plot"), plot);
    } else if (figure instanceof Figure.Grid grid) {
      grid(root.put("kind", "grid"), grid);
    }
    return List.of(new Part("", root.toString()));
  }

  /** Whether a picture shows more of these values than a number does. */
  static boolean varies(double[] values) {
    return finite(values).distinct().count() > 1;
  }

  /** A strip for each row that varies; strips share an axis unless one of them would then be squeezed into a few bins. */
  private static List<Part> strips(Figure.Histogram histogram) {
    List<Figure.Row> rows = histogram.rows().stream().filter(row -> varies(row.values())).toList();
    List<double[]> ranges = rows.stream().map(row -> range(row.values())).toList();
    double[] all = range(ranges.stream().flatMapToDouble(Arrays::stream).toArray());
    boolean shared = ranges.stream().allMatch(r -> (r[1] - r[0]) * SQUEEZE >= all[1] - all[0]);
    List<Part> parts = new ArrayList<>();
    for (Figure.Row row : rows) {
      boolean last = parts.size() == rows.size() - 1;
      parts.add(new Part(row.name(), strip(histogram.axis(), row, shared ? all : range(row.values()), !shared || last, last)));
    }
    return parts;
  }

  private static String strip(Figure.Axis axis, Figure.Row row, double[] range, boolean ticks, boolean label) {
    double width = step(range[1] / BINS - range[0] / BINS);
    long first = (long) Math.floor(range[0] / width);
    int bins = (int) ((long) Math.floor(range[1] / width) - first) + 1;
    int[] counts = new int[bins];
    finite(row.values()).forEach(value -> counts[(int) ((long) Math.floor(value / width) - first)]++);
    ObjectNode root = MAPPER.createObjectNode().put("kind", "histogram").put("first", first * width).put("width", width)
        .put("bins", bins).put("ticks", ticks).put("log", axis.logarithmic()).put("label", label ? axis.label() : "");
    // Most bins are empty where values lie far apart.
    ArrayNode filled = root.putArray("counts");
    for (int b = 0; b < bins; b++) {
      if (counts[b] > 0) {
        filled.addArray().add(b).add(counts[b]);
      }
    }
    return root.toString();
  }

  /** The least and the largest of the finite values and 0. */
  private static double[] range(double[] values) {
    return new double[] {Math.min(0, finite(values).min().orElse(0)), Math.max(0, finite(values).max().orElse(0))};
  }

  /** The least of 1, 2 and 5 times a power of ten that is not below {@code width}, so that bins begin at round numbers. */
  private static double step(double width) {
    if (!(width > 0)) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(width)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= width) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private static void plot(ObjectNode root, Figure.Plot plot) {
    axis(root.putObject("x"), plot.x());
    axis(root.putObject("y"), plot.y());
    ArrayNode list = root.putArray("series");
    for (Figure.Series series : plot.series()) {
      ObjectNode node = list.addObject().put("name", series.name()).put("mark", series.mark().name().toLowerCase(Locale.ROOT));
      ArrayNode points = node.putArray("points");
      for (int i = 0; i < series.x().length; i++) {
        if (Double.isFinite(series.x()[i]) && Double.isFinite(series.y()[i])) {
          points.addArray().add(rounded(series.x()[i])).add(rounded(series.y()[i]));
        }
      }
    }
  }

  private static void grid(ObjectNode root, Figure.Grid grid) {
    ArrayNode list = root.putArray("panels");
    for (Figure.Panel panel : grid.panels()) {
      ArrayNode rows = list.addObject().put("name", panel.name()).putArray("classes");
      for (int[] row : panel.classes()) {
        ArrayNode cells = rows.addArray();
        Arrays.stream(row).forEach(cells::add);
      }
    }
  }

  private static void axis(ObjectNode node, Figure.Axis axis) {
    node.put("label", axis.label()).put("log", axis.logarithmic());
  }

  /** Six significant digits are more than a picture can show. */
  private static double rounded(double value) {
    return Double.parseDouble(String.format(Locale.ROOT, "%.6g", value));
  }

  private static DoubleStream finite(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).map(value -> Math.max(-FARTHEST, Math.min(FARTHEST, value)));
  }

  /** The figure's data in numbers. */
  static Table table(Figure figure) {
    if (figure instanceof Figure.Histogram histogram) {
      List<List<String>> rows = new ArrayList<>();
      for (Figure.Row row : histogram.rows()) {
        List<String> cells = new ArrayList<>(List.of(row.name(), Integer.toString(row.values().length)));
        cells.addAll(quantiles(row.values()));
        rows.add(cells);
      }
      return new Table(List.of("", "values", "least", "median", "largest"), rows);
    }
    if (figure instanceof Figure.Plot plot) {
      List<List<String>> rows = new ArrayList<>();
      for (Figure.Series series : plot.series()) {
        if (series.mark() == Figure.Mark.REFERENCE) {
          continue;
        }
        List<String> cells = new ArrayList<>(List.of(series.name(), Integer.toString(series.x().length)));
        cells.addAll(quantiles(series.x()));
        cells.addAll(quantiles(series.y()));
        rows.add(cells);
      }
      String x = quantity(plot.x());
      String y = quantity(plot.y());
      return new Table(List.of("", "points", x + ": least", "median", "largest", y + ": least", "median", "largest"), rows);
    }
    Figure.Grid grid = (Figure.Grid) figure;
    List<List<String>> rows = new ArrayList<>();
    for (Figure.Panel panel : grid.panels()) {
      Map<Integer, Integer> sizes = new LinkedHashMap<>();
      Arrays.stream(panel.classes()).flatMapToInt(Arrays::stream).forEach(c -> sizes.merge(c, 1, Integer::sum));
      long shared = sizes.values().stream().filter(size -> size > 1).count();
      rows.add(List.of(panel.name(), Integer.toString(sizes.values().stream().mapToInt(size -> size).sum()),
          Integer.toString(sizes.size()), Long.toString(shared)));
    }
    return new Table(List.of("", "pixels", "different ones", "of them shared by several pixels"), rows);
  }

  private static String quantity(Figure.Axis axis) {
    return (axis.logarithmic() ? "log₁₀ " : "") + axis.label();
  }

  private static List<String> quantiles(double[] values) {
    double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    return sorted.length == 0 ? List.of("-", "-", "-")
        : DoubleStream.of(sorted[0], sorted[(sorted.length - 1) / 2], sorted[sorted.length - 1]).mapToObj(value -> Decimals.brief(value).replace('-', '−')).toList();
  }
}
