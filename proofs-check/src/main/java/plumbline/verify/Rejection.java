package plumbline.verify;

/** Why a certificate is not accepted, or an entry has no enclosure; final if more bits cannot help. */
final class Rejection extends RuntimeException {
  private static final long serialVersionUID = 1;
  final boolean isFinal;

  Rejection(String reason, boolean isFinal) {
    super(reason, null, false, false);
    this.isFinal = isFinal;
  }

  static void unless(boolean condition, String reason, boolean isFinal) {
    if (!condition) { throw new Rejection(reason, isFinal); }
  }
}
