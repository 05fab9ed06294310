package plumbline.reference.kernel;

import java.lang.ref.SoftReference;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A large scratch array that a thread keeps for its next use, as long as there is memory: a new one would be cleared first,
 * and the collector would copy it about.
 */
public final class Room<A extends Object> {
  static final Room<double[]> DOUBLES = new Room<>(double[]::new, array -> array.length);
  public static final Room<long[]> LONGS = new Room<>(long[]::new, array -> array.length);

  /** Longer arrays take so long to fill that clearing them does not matter, and are not kept. */
  private static final int LONGEST = 1 << 24;

  private final IntFunction<A> create;
  private final ToIntFunction<A> length;
  private final ThreadLocal<@Nullable SoftReference<A>> spare = new ThreadLocal<>();

  private Room(IntFunction<A> create, ToIntFunction<A> length) {
    this.create = create;
    this.length = length;
  }

  /** An array of at least {@code size} numbers, whatever they are. It is the caller's until given back. */
  public A take(int size) {
    SoftReference<A> reference = spare.get();
    A array = reference == null ? null : reference.get();
    spare.remove();
    return array != null && length.applyAsInt(array) >= size ? array : create.apply(size);
  }

  /** Keeps it for the next one. The caller must not use it any more. */
  public void giveBack(A array) {
    if (length.applyAsInt(array) <= LONGEST) {
      spare.set(new SoftReference<>(array));
    }
  }
}
