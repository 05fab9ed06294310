package plumbline.reference.onnx;

/**
 * A node asks which of two real numbers is larger, or another question that has one answer only for a number known well
 * enough, and the number system does not decide it. More precision may.
 */
public final class UndecidedException extends GraphException {
  private static final long serialVersionUID = 1L;

  UndecidedException(Node node, String message) {
    super(node, message, null);
  }
}
