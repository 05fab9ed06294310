package plumbline.benchmark;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jfree.svg.SVGGraphics2D;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import plumbline.benchmark.Report.Comparison;

/** How cost grows, as SVG files with logarithmic axes. */
final class Plots {
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
    XYChart chart = new XYChartBuilder().width(640).height(420).title(title).xAxisTitle(axis)
        .yAxisTitle("seconds").build();
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNW);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    List<String> libraries = comparisons.stream().map(Comparison::library).distinct().toList();
    add(chart, "Plumbline", comparisons.stream().filter(c -> c.library().equals(libraries.get(0))).toList(), size, true);
    for (String library : libraries) {
      add(chart, library, comparisons.stream().filter(c -> c.library().equals(library)).toList(),
          size, false);
    }
    Files.createDirectories(file.getParent());
    SVGGraphics2D svg = new SVGGraphics2D(chart.getWidth(), chart.getHeight());
    svg.setDefsKeyPrefix("plot-");
    chart.paint(svg, chart.getWidth(), chart.getHeight());
    Files.writeString(file, svg.getSVGDocument());
    files.add(file);
  }

  /** A line, whose name tells the power of the size that fits it best. */
  private static void add(XYChart chart, String name, List<Comparison> comparisons, ToIntFunction<Comparison> size,
      boolean ours) {
    List<Comparison> sorted = comparisons.stream().sorted(Comparator.comparingInt(size)).toList();
    double[] x = sorted.stream().mapToDouble(c -> size.applyAsInt(c)).toArray();
    double[] y = sorted.stream().mapToDouble(c -> Samples.median(Comparison.all(ours ? c.ours() : c.theirs()))).toArray();
    chart.addSeries(x.length < 2 ? name
        : name + String.format(Locale.ROOT, ", power %.1f", Samples.exponent(x, y)), x, y);
  }
}
