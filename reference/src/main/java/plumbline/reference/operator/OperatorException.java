package plumbline.reference.operator;

/** The tensors or parameters given to an operator are not those of its statement; one line says which and why. */
public final class OperatorException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public OperatorException(String message) {
    super(message);
  }
}
