package plumbline.reference.onnx;

import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.io.InputException;

/** A graph, or an input of one, that cannot be evaluated. The message is one line and begins with the node, if there is one. */
public sealed class GraphException extends InputException permits UndecidedException {
  private static final long serialVersionUID = 1L;

  public GraphException(String message) {
    super(message);
  }

  public GraphException(Node node, String message, @Nullable Throwable cause) {
    super(node + ": " + message, cause);
  }
}
