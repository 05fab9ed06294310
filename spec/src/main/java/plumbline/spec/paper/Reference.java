package plumbline.spec.paper;

/**
 * A work that the paper builds on.
 *
 * @param key its number in the paper's bibliography, such as {@code 42}
 * @param authors the authors, as printed
 * @param title the full title
 * @param venue where it appeared
 * @param arxiv its arXiv id
 */
public record Reference(String key, String authors, String title, String venue, String arxiv) {

  /** One line: {@code [key] authors, title, venue, arXiv id}. */
  @Override
  public String toString() {
    return "[" + key + "] " + authors + ": " + title + (title.endsWith("?") ? " " : ". ") + venue + ", arXiv " + arxiv + ".";
  }
}
