package plumbline.spec.paper;

/** The specification is malformed; the message names the entry and what is wrong with it. */
public final class SpecificationException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  SpecificationException(String message) {
    super(message);
  }
}
