package plumbline.reference.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Splits a loop over independent iterations among the processor's cores. What the loop writes must not depend on how it is
 * split: then results are the same for any number of threads.
 *
 * <p>The system property {@code plumbline.threads} bounds the number of threads; 1 keeps everything in the calling thread.
 */
public final class Workers {
  private static final int THREADS = threads(System.getProperty("plumbline.threads"));

  private Workers() {}

  /** Part of a loop: the iterations {@code from ≤ i < to}. */
  public interface Range {
    void run(int from, int to);
  }

  /** How many threads share a loop. */
  public static int threads() {
    return THREADS;
  }

  private static int threads(@Nullable String property) {
    int cores = Runtime.getRuntime().availableProcessors();
    if (property == null) {
      return cores;
    }
    if (!property.matches("[1-9][0-9]{0,3}")) {
      throw new IllegalArgumentException("plumbline.threads must be a number of threads from 1 on, got " + property);
    }
    return Math.min(cores, Integer.parseInt(property));
  }

  /**
   * Runs the iterations from 0 to {@code n}, in parts of at least {@code least} iterations (as many as are worth a task), and
   * returns when all are done. Threads take parts in turn, each half of its share of what is left: cores are not equally fast,
   * and the last to finish is waited for.
   */
  public static void run(int n, int least, Range range) {
    int smallest = Math.max(1, least);
    int threads = Math.min(n / smallest, THREADS);
    if (threads <= 1) {
      if (n > 0) {
        range.run(0, n);
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    IntStream.range(0, threads).parallel().forEach(thread -> {
      for (int from = next.get(); from < n; from = next.get()) {
        int to = end(from, n, smallest, threads);
        if (next.compareAndSet(from, to)) {
          range.run(from, to);
        }
      }
    });
  }

  /** Where a part that begins at {@code from} ends: no part is smaller than {@code least}. */
  private static int end(int from, int n, int least, int threads) {
    int left = n - from;
    int count = Math.max(least, left / (2 * threads));
    return left - count < least ? n : from + count;
  }
}
