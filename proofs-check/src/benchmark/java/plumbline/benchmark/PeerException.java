package plumbline.benchmark;

/** A peer's program failed. */
final class PeerException extends RuntimeException {
  PeerException(Program program, String problem) {
    super(String.join(" ", program.command()) + " failed: " + problem);
  }
}
