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
  /** Values beyond it are drawn there: a width of bins must not overflow. */
  private static final double FARTHEST = 1e300;

  private FigureData() {}

  /** A table of the figure's data.
   *
   * @param head names of the columns
   * @param rows the cells of each row
   */
  public record Table(List<String> head, List<List<String>> rows) {}

  /** The figure as JSON for the script. */
  static String json(Figure figure) {
    ObjectNode root = MAPPER.createObjectNode();
    if (figure instanceof Figure.Histogram histogram) {
      histogram(root.put("kind", "histogram"), histogram);
    } else if (figure instanceof Figure.Plot plot) {
      plot(root.put("kind", "plot"), plot);
    } else if (figure instanceof Figure.Grid grid) {
      grid(root.put("kind", "grid"), grid);
    }
    return root.toString();
  }

  private static void histogram(ObjectNode root, Figure.Histogram histogram) {
    axis(root.putObject("axis"), histogram.axis());
    double[] all = histogram.rows().stream().flatMapToDouble(row -> finite(row.values())).toArray();
    double least = Math.min(0, Arrays.stream(all).min().orElse(0));
    double most = Math.max(0, Arrays.stream(all).max().orElse(1));
    double width = step((most - least) / BINS);
    long first = (long) Math.floor(least / width);
    int bins = Math.max(1, (int) (Math.floor(most / width) - first) + 1);
    root.put("first", first * width).put("width", width).put("bins", bins);
    ArrayNode rows = root.putArray("rows");
    for (Figure.Row row : histogram.rows()) {
      int[] counts = new int[bins];
      finite(row.values()).forEach(value -> counts[Math.min(bins - 1, (int) ((long) Math.floor(value / width) - first))]++);
      ObjectNode node = rows.addObject().put("name", row.name());
      // Most bins are empty where values lie far apart.
      ArrayNode filled = node.putArray("counts");
      for (int b = 0; b < bins; b++) {
        if (counts[b] > 0) {
          filled.addArray().add(b).add(counts[b]);
        }
      }
    }
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
        List<String> cells = new ArrayList<>(List.of(series.name(), Integer.toString(series.x().length)));
        cells.addAll(quantiles(series.x()));
        cells.addAll(quantiles(series.y()));
        rows.add(cells);
      }
      String x = plot.x().label();
      String y = plot.y().label();
      return new Table(List.of("", "points", "least " + x, "median", "largest", "least " + y, "median", "largest"), rows);
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

  private static List<String> quantiles(double[] values) {
    double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    return sorted.length == 0 ? List.of("-", "-", "-")
        : DoubleStream.of(sorted[0], sorted[(sorted.length - 1) / 2], sorted[sorted.length - 1]).mapToObj(Decimals::brief).toList();
  }
}
