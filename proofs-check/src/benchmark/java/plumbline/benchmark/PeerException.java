package plumbline.benchmark;

/** A program that measures, a peer's or ours, failed. */
final class PeerException extends RuntimeException {
  PeerException(String program, String problem) {
    super(program + " failed: " + problem);
  }
}
