package plumbline.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.audit.Audit;
import plumbline.audit.Journal;
import plumbline.audit.Meter;
import plumbline.audit.Settings;
import plumbline.audit.StatementVerdict;
import plumbline.reference.kernel.Workers;

/**
 * An audit with a journal: it can be stopped at any time, and the same command goes on where it was. Tells on standard error
 * how far it is.
 */
final class ThoroughAudit {
  /** Where the journal is unless the user says otherwise. */
  static final String JOURNAL = ".plumbline/thorough";

  private static final int PARTS = 1000;

  private final Audit audit;
  private final String build;
  private final Path directory;
  private final PrintWriter err;
  private final Duration interval;

  /**
   * @param audit what to run
   * @param build the code that the audit depends on
   * @param directory the journal's directory
   * @param err standard error
   * @param interval time between two lines of progress where standard error is no terminal
   */
  ThoroughAudit(Audit audit, String build, Path directory, PrintWriter err, Duration interval) {
    this.audit = audit;
    this.build = build;
    this.directory = directory;
    this.err = err;
    this.interval = interval;
  }

  List<StatementVerdict> run(Settings settings) throws InterruptedException {
    try (Journal journal = Journal.open(directory, build, this::say)) {
      Meter meter = new Meter(journal, Workers.threads());
      say("decided cases are kept in " + directory + "; an audit that was stopped goes on from there");
      AtomicBoolean finished = new AtomicBoolean();
      try (Display display = new Display(meter)) {
        Thread stop = new Thread(() -> {
          if (finished.compareAndSet(false, true)) {
            display.close();
            journal.close();
            say("stopped; the same command resumes (" + journal.cases() + " cases are kept in " + directory + ")");
          }
        }, "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
          return audit.run(new Settings(
              settings.cases(), settings.seed(), settings.ladder(), settings.keep(), done -> { }, meter));
        } finally {
          if (finished.compareAndSet(false, true)) {
            forget(stop);
          }
        }
      }
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException endingAnyway) {
      // The hook sees that there is nothing left to do.
      return;
    }
  }

  private synchronized void say(String line) {
    err.println("plumbline: " + line);
    err.flush();
  }

  /** "34 % done, about 12 min left; 412000 of 1310000 cases; at lemma-4.4". */
  private String line(Meter.Reading now) {
    Optional<Duration> left = now.left();
    return percent(now) + " % done, "
        + (left.isPresent() ? "about " + rough(left.get()) + " left" : "measuring the time left")
        + "; " + now.done() + " of " + now.all() + " cases"
        + (now.found() > 0 ? ", " + now.found() + " of them found in the journal" : "") + at();
  }

  private String at() {
    return audit.running().isEmpty() ? "" : "; at " + String.join(", ", audit.running());
  }

  private static long percent(Meter.Reading now) {
    return (long) Math.floor(100 * now.part());
  }

  static String rough(Duration time) {
    long seconds = time.toSeconds();
    return seconds < 100 ? seconds + " s" : seconds < 6000 ? (seconds + 30) / 60 + " min"
        : String.format(Locale.ROOT, "%.1f h", seconds / 3600.0);
  }

  /** Shows the progress from time to time: a bar on a terminal, else a line. */
  private final class Display implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
      Thread thread = new Thread(task, "progress");
      thread.setDaemon(true);
      return thread;
    });
    private final @Nullable ProgressBar bar;
    private boolean closed;

    Display(Meter meter) {
      if (Progress.onTerminal()) {
        ProgressBar bar = new ProgressBarBuilder().setTaskName("audit").setInitialMax(PARTS).setStyle(ProgressBarStyle.ASCII)
            .setEtaFunction(state -> meter.read().left()).build();
        this.bar = bar;
        timer.scheduleWithFixedDelay(() -> show(bar, meter.read()), 1, 1, TimeUnit.SECONDS);
      } else {
        this.bar = null;
        timer.scheduleWithFixedDelay(() -> say(line(meter.read())), interval.toMillis(), interval.toMillis(),
            TimeUnit.MILLISECONDS);
      }
    }

    private void show(ProgressBar bar, Meter.Reading now) {
      bar.stepTo((long) Math.floor(PARTS * now.part()));
      bar.setExtraMessage(" " + now.done() + " of " + now.all() + " cases" + at());
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        timer.shutdownNow();
        if (bar != null) {
          bar.close();
        }
      }
    }
  }
}
