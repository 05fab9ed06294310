package plumbline.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A method of {@link Works} as a {@link Program}, without JMH, for a Java machine that takes turns with another one.
 * Usage: Alone BENCHMARK INPUT OUTPUT SECONDS
 */
final class Alone {
  /** See {@code c/peer.h}. */
  private static final long SLOW = 5_000_000_000L;

  private final Works works = new Works();
  private final Method method;
  private final Task task;

  private Alone(String benchmark) throws ReflectiveOperationException {
    method = Arrays.stream(Works.class.getMethods()).filter(m -> m.getName().equals(benchmark)).findFirst().orElseThrow();
    task = (Task) method.getParameterTypes()[0].getConstructor().newInstance();
  }

  public static void main(String[] args) throws Exception {
    Alone alone = new Alone(args[0]);
    alone.task.input = args[1];
    alone.task.output = args[2];
    alone.task.read();
    alone.task.write(alone.measure((long) (1e9 * Double.parseDouble(args[3]))));
  }

  /** As {@code measure()} in {@code c/peer.h}, but for the time that compilers take to warm up. */
  private List<Double> measure(long nanos) throws ReflectiveOperationException, IOException {
    long warm = System.nanoTime() + JavaSide.WARM_MILLIS * 1_000_000L;
    long operations = 1;
    long spent = nanosOf(operations);
    if (spent > SLOW) {
      System.out.println("slow");
      return List.of(1e-9 * spent);
    }
    while (System.nanoTime() < warm || spent < nanos / 2) {
      if (spent < nanos / 2) {
        operations *= 2;
      } else if (operations > 1 && spent > nanos) {
        operations /= 2;
      }
      spent = nanosOf(operations);
    }
    System.out.println("ready");
    List<Double> samples = new ArrayList<>();
    BufferedReader turns = new BufferedReader(new InputStreamReader(System.in));
    while (turns.readLine() != null) {
      samples.add(1e-9 * nanosOf(operations) / operations);
      System.out.println("done");
    }
    return samples;
  }

  private long nanosOf(long operations) throws IllegalAccessException, InvocationTargetException {
    long start = System.nanoTime();
    for (long k = 0; k < operations; k++) {
      method.invoke(works, task);
    }
    return System.nanoTime() - start;
  }
}
