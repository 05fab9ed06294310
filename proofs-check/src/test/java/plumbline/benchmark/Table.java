package plumbline.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import plumbline.benchmark.Report.Comparison;
import plumbline.benchmark.Report.Fact;

/** The report as text, in Markdown. */
final class Table {
  private Table() {}

  static String of(Report report) {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, String> item : report.machine().entrySet()) {
      lines.add("- " + item.getKey() + ": " + item.getValue());
    }
    for (String missing : report.missing()) {
      lines.add("- left out: " + missing);
    }
    if (!report.comparisons().isEmpty()) {
      lines.add("");
      lines.add("| target | work | Plumbline | peer | its time | ratio | least–largest | wanted | met | radius |");
      lines.add("| --: | --- | --: | --- | --: | --: | --: | --: | --- | --: |");
      report.comparisons().forEach(comparison -> lines.add(line(comparison)));
    }
    if (!report.facts().isEmpty()) {
      lines.add("");
      lines.add("| target | measured | value | least–largest | wanted | met |");
      lines.add("| --: | --- | --: | --: | --: | --- |");
      report.facts().forEach(fact -> lines.add(line(fact)));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String line(Comparison c) {
    List<Double> ratios = c.ratios();
    boolean wanted = c.wanted() > 0;
    return "| " + c.target() + " | " + work(c) + " | " + time(Comparison.all(c.ours())) + " | " + c.library() + " | "
        + time(Comparison.all(c.theirs())) + " | " + number(c.ratio()) + " | " + number(Samples.least(ratios)) + "–"
        + number(Samples.largest(ratios)) + " | " + (wanted ? "≥ " + number(c.wanted()) : "") + " | "
        + (wanted ? c.ratio() >= c.wanted() ? "yes" : "no" : "") + " | "
        + (c.radius() > 0 ? number(c.radius()) : "") + " |";
  }

  private static String line(Fact f) {
    String limit = f.limit() == null ? "" : (f.atMost() ? "≤ " : "≥ ") + number(f.limit()) + unit(f.unit());
    String range = f.samples().size() == 1 ? ""
        : number(Samples.least(f.samples())) + "–" + number(Samples.largest(f.samples()));
    return "| " + f.target() + " | " + f.what() + " | " + number(f.value()) + unit(f.unit()) + " | " + range + " | " + limit
        + " | " + (f.limit() == null ? "" : f.met() ? "yes" : "no") + " |";
  }

  private static String unit(String unit) {
    return unit.isEmpty() ? "" : " " + unit;
  }

  /** What was computed, with its size. */
  static String work(Comparison c) {
    String size = c.n() > 1 ? ", n = " + c.n() : "";
    return c.kind() + size + (c.digits() > 16 ? ", " + String.format(Locale.ROOT, "%,d", c.digits()) + " digits" : "");
  }

  /** The median with its unit, and the spread about it. */
  static String time(List<Double> samples) {
    double median = Samples.median(samples);
    int unit = median < 1e-6 ? 0 : median < 1e-3 ? 1 : median < 1 ? 2 : 3;
    String text = number(median * new double[] {1e9, 1e6, 1e3, 1}[unit]) + " " + new String[] {"ns", "µs", "ms", "s"}[unit];
    return samples.size() == 1 ? text : text + " ± " + Math.round(100 * Samples.spread(samples)) + " %";
  }

  /** Three digits, without an exponent. */
  static String number(double value) {
    int digits = value == 0 ? 2 : Math.max(0, 2 - (int) Math.floor(Math.log10(Math.abs(value))));
    return String.format(Locale.ROOT, "%,." + Math.min(digits, 6) + "f", value);
  }
}
