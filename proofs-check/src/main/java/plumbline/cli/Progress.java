package plumbline.cli;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A progress bar on standard error for work that takes more than two seconds, if standard error is a terminal. */
final class Progress implements AutoCloseable {
  /** The launcher sets this property where standard error is a terminal; Java itself cannot tell. */
  private static final String TERMINAL = "plumbline.terminal";

  private static final long DELAY_MILLIS = 2000;

  private final String task;
  private final long steps;
  private final @Nullable ScheduledExecutorService timer;
  private @Nullable ProgressBar bar;
  private long done;
  private String doing = "";
  private boolean closed;

  /**
   * @param task what is done, short
   * @param steps number of calls of {@link #step}, or −1 if it is not known
   */
  Progress(String task, long steps) {
    this.task = task;
    this.steps = steps;
    if (onTerminal()) {
      timer = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread thread = new Thread(runnable, "progress");
        thread.setDaemon(true);
        return thread;
      });
      timer.schedule(this::show, DELAY_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      timer = null;
    }
  }

  /** Whether standard error is a terminal. */
  static boolean onTerminal() {
    return Boolean.getBoolean(TERMINAL);
  }

  private synchronized void show() {
    if (!closed) {
      bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(steps).setStyle(ProgressBarStyle.ASCII)
          .startsFrom(done, Duration.ofMillis(DELAY_MILLIS)).build();
      bar.setExtraMessage(doing);
    }
  }

  /** Says what is being done. */
  synchronized void doing(String what) {
    doing = " " + what;
    if (bar != null) {
      bar.setExtraMessage(doing);
    }
  }

  /** Counts one step as done. */
  void step() {
    step(1);
  }

  /** Counts steps as done. */
  synchronized void step(int steps) {
    done += steps;
    if (bar != null) {
      bar.stepBy(steps);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (timer != null) {
      timer.shutdownNow();
    }
    if (bar != null) {
      bar.close();
    }
  }
}
