package plumbline.reference.kernel;

import java.lang.ref.SoftReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Tables by number, each made when it is first asked for and kept as long as there is memory. For several threads. */
final class SoftCache<V extends Object> {
  private final ConcurrentHashMap<Integer, SoftReference<V>> known = new ConcurrentHashMap<>();

  V get(int key, IntFunction<V> make) {
    SoftReference<V> reference = known.get(key);
    @Nullable V value = reference == null ? null : reference.get();
    if (value == null) {
      value = make.apply(key);
      known.put(key, new SoftReference<>(value));
    }
    return value;
  }
}
