package plumbline.spec.number;

/** A tensor's shape is not the one that the operation or statement needs; the message names both. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public ShapeException(String message) {
    super(message);
  }
}
