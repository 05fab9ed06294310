package plumbline.properties;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import net.jqwik.api.JqwikException;
import net.jqwik.api.sessions.JqwikSession;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.decide.Outcome;

/**
 * The numbered cases of one check, decided by as many threads as help. What comes out does not depend on who decides what,
 * nor on which of the cases are known from before: it is about cases 1, 2, … up to the first that fails, or to the last.
 *
 * <p>jqwik draws for one thread at a time, so inputs are drawn ahead by whoever runs out of them; only deciding is parallel.
 *
 * @param <I> the inputs
 */
public final class Cases<I> {
  private static final int MOST_DRAWN = 64;

  /**
   * Decides one case.
   *
   * @param <I> the inputs
   */
  public interface Judge<I> {
    /** What is to be remembered of the case with this index and input; its time is measured by the caller. */
    CaseRecord decide(int index, I input);
  }

  /** A case that is drawn and not decided. */
  private record Drawn<I>(int index, I input) {}

  private final Supplier<IntFunction<I>> source;
  private final Judge<I> judge;
  private final CaseLog log;
  private final IntConsumer progress;
  private final @Nullable CaseRecord[] records;
  private final Queue<Drawn<I>> drawn = new ArrayDeque<>();
  private @Nullable IntFunction<I> drawing;
  private int next = 1;
  private int batch = 1;
  private int done;
  private int failing = Integer.MAX_VALUE;

  /**
   * @param count number of cases
   * @param source opens a source of inputs, which is asked for ascending indices within sessions of jqwik
   * @param judge decides them
   * @param log knows the cases that are decided, and is told of more
   * @param progress told the number of cases done so far, after each that does not fail
   */
  public Cases(int count, Supplier<IntFunction<I>> source, Judge<I> judge, CaseLog log, IntConsumer progress) {
    this.source = source;
    this.judge = judge;
    this.log = log;
    this.progress = progress;
    this.records = new @Nullable CaseRecord[count];
    for (CaseRecord known : log.known()) {
      keep(known);
    }
  }

  /** What {@code draw} returns, run within a session of jqwik. */
  static <T> T inSession(Supplier<T> draw) {
    List<T> result = new ArrayList<>(1);
    JqwikSession.run(() -> result.add(draw.get()));
    if (result.isEmpty()) {
      throw new JqwikException("the session ended without a result");
    }
    return result.get(0);
  }

  private synchronized void keep(CaseRecord decided) {
    records[decided.index() - 1] = decided;
    if (decided.outcome() == Outcome.FAILS) {
      failing = Math.min(failing, decided.index());
    } else {
      progress.accept(++done);
    }
  }

  /**
   * Decides up to {@code limit} cases that nobody has taken; ends early if the thread is interrupted.
   *
   * @return whether there are more to take
   */
  public boolean help(int limit) {
    for (int n = 0; n < limit && !Thread.currentThread().isInterrupted(); n++) {
      long start = System.nanoTime();
      Drawn<I> taken = take();
      if (taken == null) {
        return false;
      }
      CaseRecord decided = judge.decide(taken.index, taken.input).taking(System.nanoTime() - start);
      log.add(decided);
      keep(decided);
    }
    return true;
  }

  private synchronized @Nullable Drawn<I> take() {
    if (drawn.isEmpty()) {
      inSession(() -> {
        draw();
        return drawn;
      });
      batch = Math.min(2 * batch, MOST_DRAWN);
    }
    Drawn<I> first = drawn.peek();
    return first == null || first.index > failing ? null : drawn.poll();
  }

  private synchronized void draw() {
    IntFunction<I> open = drawing;
    while (drawn.size() < batch && next <= Math.min(records.length, failing)) {
      if (records[next - 1] == null) {
        if (open == null) {
          open = source.get();
          drawing = open;
        }
        drawn.add(new Drawn<>(next, open.apply(next)));
      }
      next++;
    }
  }

  /** The decided cases in order, up to the first that fails, once every helper has returned and no case is left. */
  public synchronized List<CaseRecord> records() {
    List<CaseRecord> decided = new ArrayList<>();
    for (CaseRecord each : records) {
      if (each == null || decided.size() == failing) {
        break;
      }
      decided.add(each);
    }
    if (decided.size() < Math.min(records.length, failing)) {
      throw new IllegalStateException("case " + (decided.size() + 1) + " is not decided");
    }
    return decided;
  }

  /** Draws cases again, in ascending order. */
  public IntFunction<I> again() {
    IntFunction<I> fresh = inSession(source);
    return index -> inSession(() -> fresh.apply(index));
  }
}
