package plumbline.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import plumbline.audit.AuditReport;
import plumbline.reference.io.InputException;
import plumbline.reference.io.WholeFile;
import plumbline.spec.paper.Paper;

/** Writes an audit as one HTML page that needs no network; the same audit gives the same bytes. */
public final class Report {
  /** The name of the page in its folder. */
  public static final String PAGE = "index.html";

  private Report() {}

  /**
   * Makes the folder if it is missing, and sees that a page can be written there, before any work is done for it.
   *
   * @throws InputException if it cannot
   */
  public static void prepare(Path folder) {
    WholeFile.prepare(folder);
    if (Files.isDirectory(folder.resolve(PAGE))) {
      throw new InputException(folder.resolve(PAGE) + ": cannot be written, it is a directory");
    }
  }

  /**
   * Writes {@code index.html}, whole or not at all.
   *
   * @throws InputException if it cannot be written
   */
  public static void write(Path folder, Paper paper, AuditReport audit) {
    prepare(folder);
    WholeFile.write(folder.resolve(PAGE), html(paper, audit, Figures.SOURCES).getBytes(StandardCharsets.UTF_8));
  }

  static String html(Paper paper, AuditReport audit, List<Figures.Source> sources) {
    StringOutput page = new StringOutput();
    TemplateEngine.createPrecompiled(ContentType.Html).render("report.jte", new View(paper, audit, sources), page);
    return page.toString();
  }
}
