package plumbline.reference.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkersTest {
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "7, 1", "7, 3", "7, 100", "1000, 1", "1000, 30", "1001, 0", "2147483647, 2147483647"})
  void everyIterationRunsOnceInPartsThatAreWorthIt(int n, int least) {
    AtomicIntegerArray runs = new AtomicIntegerArray(Math.min(n, 1001));
    long[] covered = new long[1];
    int[] smallest = {n};
    Workers.run(n, least, (from, to) -> {
      synchronized (covered) {
        covered[0] += to - from;
        smallest[0] = Math.min(smallest[0], to - from);
      }
      for (int i = from; i < to && i < runs.length(); i++) {
        runs.incrementAndGet(i);
      }
    });
    assertEquals(n, covered[0]);
    assertTrue(smallest[0] >= Math.min(n, least), "a part of " + smallest[0]);
    for (int i = 0; i < runs.length(); i++) {
      assertEquals(1, runs.get(i));
    }
  }

  /** So often that threads ask for a part at the same time. */
  @Test
  void noPartRunsTwiceOrNever() {
    LongAdder covered = new LongAdder();
    for (int run = 0; run < 20_000; run++) {
      Workers.run(1000, 1, (from, to) -> covered.add(to - from));
    }
    assertEquals(20_000_000, covered.sum());
  }
}
