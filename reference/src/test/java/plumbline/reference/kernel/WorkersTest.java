package plumbline.reference.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkersTest {
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "7, 1", "7, 3", "7, 100", "1000, 1", "1001, 0", "2147483647, 2147483647"})
  void everyIterationRunsOnce(int n, int least) {
    AtomicIntegerArray runs = new AtomicIntegerArray(Math.min(n, 1001));
    long[] covered = new long[1];
    Workers.run(n, least, (from, to) -> {
      synchronized (covered) {
        covered[0] += to - from;
      }
      for (int i = from; i < to && i < runs.length(); i++) {
        runs.incrementAndGet(i);
      }
    });
    assertEquals(n, covered[0]);
    for (int i = 0; i < runs.length(); i++) {
      assertEquals(1, runs.get(i));
    }
  }
}
