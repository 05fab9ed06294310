package plumbline.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.commons.math3.fraction.BigFraction;
import plumbline.audit.AuditReport;
import plumbline.audit.StatementVerdict;
import plumbline.properties.Evidence;
import plumbline.properties.layer.LipschitzRatios;
import plumbline.properties.theory.PixelClasses;
import plumbline.properties.theory.TheoryProperties;
import plumbline.reference.number.Decimals;

/** Where the figures of the page come from. A further source is one line in {@link #SOURCES}. */
public final class Figures {

  /** Makes figures for a statement; the same for the same audit. */
  @FunctionalInterface
  public interface Source {
    /** The figures that stand under the statement of {@code verdict}, in order; none for statements it has nothing about. */
    List<Figure> figures(AuditReport audit, StatementVerdict verdict);
  }

  /** All sources; figures of a statement stand in this order. Distributions of slack stand with the checks they come from. */
  static final List<Source> SOURCES = List.of(
      (audit, verdict) -> verdict.statement().id().equals("def-3.2") ? List.of(duplicates()) : List.of(),
      (audit, verdict) -> verdict.statement().id().equals("lemma-4.4") ? separations(verdict) : List.of(),
      (audit, verdict) -> verdict.statement().id().equals("def-b.3") ? List.of(lipschitz()) : List.of());

  private Figures() {}

  /** Pixels of VAR's enlargements that are equal for every input ({@code def-3.2}). */
  private static Figure duplicates() {
    List<Figure.Panel> panels = new ArrayList<>();
    for (PixelClasses.Step step : PixelClasses.steps()) {
      String sizes = step.literal().fromHeight() + "×" + step.literal().fromWidth() + " to " + step.literal().height() + "×"
          + step.literal().width();
      panels.add(new Figure.Panel(sizes + ", literal", step.literal().grid()));
      panels.add(new Figure.Panel(sizes + ", standard", step.standard().grid()));
    }
    return new Figure.Grid("def-3.2", "Pixels that are equal for every input",
        "Steps of VAR's scales in the literal reading (cubic B-spline, origin 0, replicate) and in the standard one (Keys, a = −3/4)."
            + " Pixels with the same number have the same weights, so they are equal whatever the input is.",
        panels);
  }

  /** Claimed against true separation of context IDs ({@code lemma-4.4}), where a check measured both in every case. */
  private static List<Figure> separations(StatementVerdict verdict) {
    List<Figure> figures = new ArrayList<>();
    for (Evidence evidence : verdict.evidence()) {
      double[] claimed = evidence.ratios().getOrDefault(TheoryProperties.CLAIMED_SEPARATION, new double[0]);
      double[] contexts = evidence.ratios().getOrDefault(TheoryProperties.TRUE_SEPARATION, new double[0]);
      if (claimed.length < 2 || claimed.length != contexts.length) {
        continue;
      }
      double[] x = new double[claimed.length];
      double[] y = new double[claimed.length];
      double least = 0;
      for (int k = 0; k < x.length; k++) {
        x[k] = -claimed[k];
        y[k] = contexts[k] - claimed[k];
        least = Math.min(least, x[k]);
      }
      figures.add(new Figure.Plot("lemma-4.4", "Claimed against true separation (" + evidence.reading() + ")",
          "One point for each embedding: the δ that is claimed, and the least distance of two context IDs of one token in two"
              + " contexts, both in units of ε/2. On the dashed line the claim would be sharp.",
          new Figure.Axis("claimed separation δ / (ε/2)", true), new Figure.Axis("true separation / (ε/2)", true),
          List.of(new Figure.Series("sharp", Figure.Mark.REFERENCE, new double[] {least, 0}, new double[] {least, 0}),
              new Figure.Series("embeddings", Figure.Mark.POINTS, x, y))));
    }
    return figures;
  }

  /** The Lipschitz constant of attention on growing boxes ({@code def-b.3}). */
  private static Figure lipschitz() {
    List<LipschitzRatios.Row> rows = LipschitzRatios.table();
    return new Figure.Plot("def-b.3", "Lipschitz constant of attention on [−R, R]²",
        "Two tokens of one number, unit weights, norm of the largest entry. The least constant lies between the two lowest curves,"
            + " both certified: a pair that was found, and an enclosure of the Jacobian. It grows without bound: attention is"
            + " Lipschitz on bounded sets only.",
        new Figure.Axis("radius R", false), new Figure.Axis("Lipschitz constant", true),
        List.of(line("Euclidean bound", Figure.Mark.REFERENCE, rows, LipschitzRatios.Row::euclidean),
            line("closed form ω(1 + 2R²g)", Figure.Mark.LINE, rows, LipschitzRatios.Row::closedForm),
            line("Jacobian enclosure (upper bound)", Figure.Mark.LINE, rows, LipschitzRatios.Row::upper),
            line("pair found (lower bound)", Figure.Mark.POINTS, rows, LipschitzRatios.Row::lower)));
  }

  private static Figure.Series line(
      String name, Figure.Mark mark, List<LipschitzRatios.Row> rows, Function<LipschitzRatios.Row, BigFraction> value) {
    double[] x = rows.stream().mapToDouble(row -> Decimals.approximate(row.radius())).toArray();
    double[] y = rows.stream().mapToDouble(row -> Decimals.log10(value.apply(row))).toArray();
    return new Figure.Series(name, mark, x, y);
  }
}
