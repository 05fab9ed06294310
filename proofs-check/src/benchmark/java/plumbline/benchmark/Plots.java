package plumbline.benchmark;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.svg.SVGGraphics2D;
import plumbline.benchmark.Report.Comparison;

/** How cost grows, as SVG files with logarithmic axes. */
final class Plots {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 420;

  private Plots() {}

  /** Writes each plot for which at least three sizes were measured, and returns their files. */
  static List<Path> write(Report report, Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    List<Comparison> all = report.comparisons();
    byN(files, folder, "product-by-n", "Certified product of n×n matrices, 100 digits", all,
        c -> c.kind().equals(Work.PRODUCT) && c.digits() == 100);
    byN(files, folder, "binary64-product-by-n", "Product of n×n matrices of doubles", all,
        c -> c.kind().equals(Work.DOUBLE_PRODUCT));
    byDigits(files, folder, "product-by-digits", "Certified product of 64×64 matrices", all,
        c -> c.kind().equals(Work.PRODUCT) && c.n() == 64);
    byDigits(files, folder, "exp-by-digits", "exp of a number", all, c -> c.kind().equals(Work.EXP));
    byDigits(files, folder, "matrix-exp-by-digits", "exp of each entry of a 64×64 matrix", all,
        c -> c.kind().equals(Work.EXP_OF_MATRIX));
    byDigits(files, folder, "multiplication-by-digits", "Multiplication of two numbers", all,
        c -> c.kind().equals(Work.MULTIPLY));
    return files;
  }

  private static void byN(List<Path> files, Path folder, String name, String title, List<Comparison> all,
      Predicate<Comparison> which) throws IOException {
    plot(files, folder.resolve(name + ".svg"), title, "n", all.stream().filter(which).toList(), Comparison::n);
  }

  private static void byDigits(List<Path> files, Path folder, String name, String title, List<Comparison> all,
      Predicate<Comparison> which) throws IOException {
    plot(files, folder.resolve(name + ".svg"), title, "decimal digits", all.stream().filter(which).toList(),
        Comparison::digits);
  }

  private static void plot(List<Path> files, Path file, String title, String axis, List<Comparison> comparisons,
      ToIntFunction<Comparison> size) throws IOException {
    if (comparisons.stream().mapToInt(size).distinct().count() < 3) {
      return;
    }
    XYSeriesCollection lines = new XYSeriesCollection();
    List<String> libraries = comparisons.stream().map(Comparison::library).distinct().toList();
    add(lines, "Plumbline", comparisons.stream().filter(c -> c.library().equals(libraries.get(0))).toList(), size, true);
    for (String library : libraries) {
      add(lines, library, comparisons.stream().filter(c -> c.library().equals(library)).toList(),
          size, false);
    }
    Files.createDirectories(file.getParent());
    JFreeChart chart = ChartFactory.createXYLineChart(title, axis, "seconds", lines);
    chart.setBackgroundPaint(Color.WHITE);
    XYPlot plot = chart.getXYPlot();
    plot.setBackgroundPaint(Color.WHITE);
    plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    plot.setDomainAxis(axis(axis, axis.equals("n") ? 2 : 10, "#,##0"));
    plot.setRangeAxis(axis("seconds", 10, "0E0"));
    plot.setRenderer(new XYLineAndShapeRenderer());
    SVGGraphics2D svg = new SVGGraphics2D(WIDTH, HEIGHT);
    svg.setDefsKeyPrefix("plot-");
    chart.draw(svg, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
    Files.writeString(file, svg.getSVGDocument());
    files.add(file);
  }

  /** A line, whose name tells the power of the size that fits it best. */
  private static void add(XYSeriesCollection lines, String name, List<Comparison> comparisons, ToIntFunction<Comparison> size,
      boolean ours) {
    List<Comparison> sorted = comparisons.stream().sorted(Comparator.comparingInt(size)).toList();
    double[] x = sorted.stream().mapToDouble(c -> size.applyAsInt(c)).toArray();
    double[] y = sorted.stream().mapToDouble(c -> Samples.median(Comparison.all(ours ? c.ours() : c.theirs()))).toArray();
    XYSeries line = new XYSeries(x.length < 2 ? name
        : name + String.format(Locale.ROOT, ", power %.1f", Samples.exponent(x, y)));
    for (int k = 0; k < x.length; k++) {
      line.add(x[k], y[k]);
    }
    lines.addSeries(line);
  }

  /** An axis with a tick at each power of the base. */
  private static LogAxis axis(String label, int base, String numbers) {
    LogAxis axis = new LogAxis(label);
    axis.setBase(base);
    axis.setTickUnit(new NumberTickUnit(1));
    axis.setNumberFormatOverride(new DecimalFormat(numbers, DecimalFormatSymbols.getInstance(Locale.ROOT)));
    return axis;
  }
}
