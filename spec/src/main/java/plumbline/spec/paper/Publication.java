package plumbline.spec.paper;

/**
 * The paper itself.
 *
 * @param title title of the version that is specified
 * @param authors the authors, as printed
 * @param arxiv its arXiv id
 * @param version the arXiv version that is specified
 * @param date when that version was submitted
 * @param laterTitle title of the later version
 * @param laterVenue where the later version appeared
 */
public record Publication(
    String title, String authors, String arxiv, String version, String date, String laterTitle, String laterVenue) {}
