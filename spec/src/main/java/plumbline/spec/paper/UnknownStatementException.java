package plumbline.spec.paper;

/** No statement has the id that was asked for; the message is one line and names ids near it. */
public final class UnknownStatementException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  UnknownStatementException(String message) {
    super(message);
  }
}
