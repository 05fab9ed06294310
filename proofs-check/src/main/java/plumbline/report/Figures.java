package plumbline.report;

import java.util.List;
import plumbline.audit.AuditReport;
import plumbline.audit.StatementVerdict;

/** Where the figures of the page come from. A further source is one line in {@link #SOURCES}. */
public final class Figures {

  /** Makes figures for a statement; the same for the same audit. */
  @FunctionalInterface
  public interface Source {
    /** The figures that stand under the statement of {@code verdict}, in order; none for statements it has nothing about. */
    List<Figure> figures(AuditReport audit, StatementVerdict verdict);
  }

  /** All sources; figures of a statement stand in this order. Distributions of slack stand with the checks they come from. */
  static final List<Source> SOURCES = List.of();

  private Figures() {}
}
