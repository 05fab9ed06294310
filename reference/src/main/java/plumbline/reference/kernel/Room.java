package plumbline.reference.kernel;

import java.lang.ref.SoftReference;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A large scratch array that a thread keeps for its next use, as long as there is memory: a new one would be cleared first,
 * and the collector would copy it about.
 */
final class Room {
  private static final ThreadLocal<@Nullable SoftReference<double[]>> SPARE = new ThreadLocal<>();

  private Room() {}

  /** An array of at least {@code size} numbers, whatever they are. It is the caller's until given back. */
  static double[] take(int size) {
    SoftReference<double[]> reference = SPARE.get();
    double[] spare = reference == null ? null : reference.get();
    SPARE.remove();
    return spare != null && spare.length >= size ? spare : new double[size];
  }

  static void giveBack(double[] array) {
    SPARE.set(new SoftReference<>(array));
  }
}
