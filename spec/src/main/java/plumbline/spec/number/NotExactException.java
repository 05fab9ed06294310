package plumbline.spec.number;

/** A result that the exact system cannot hold was asked of it; the message names the operation and the entry. */
public final class NotExactException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  public NotExactException(String message) {
    super(message);
  }
}
