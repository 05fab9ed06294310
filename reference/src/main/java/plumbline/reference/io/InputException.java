package plumbline.reference.io;

import org.checkerframework.checker.nullness.qual.Nullable;

/** Input that cannot be used. The message is one line: where (file, tensor, index), what was expected, what came. */
public class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 600;

  public InputException(String message) {
    this(message, null);
  }

  public InputException(String message, @Nullable Throwable cause) {
    super(oneLine(message), cause);
  }

  /** Text taken from files may hold anything: control characters are escaped and great length is cut. */
  private static String oneLine(String message) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < message.length() && i < LONGEST; i++) {
      char c = message.charAt(i);
      int type = Character.getType(c);
      boolean unprintable = Character.isISOControl(c) || type == Character.LINE_SEPARATOR || type == Character.FORMAT
          || type == Character.PARAGRAPH_SEPARATOR || type == Character.SURROGATE;
      line.append(unprintable ? String.format("\\u%04x", (int) c) : String.valueOf(c));
    }
    return message.length() > LONGEST ? line.append("…").toString() : line.toString();
  }
}
