package plumbline.audit;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.io.InputException;

/** Does jobs on every core: workers begin those that nobody has begun, and when there are none, help with others. */
final class Workers {
  private final List<Job> jobs;
  private final int measured;
  private final Map<Thread, String> running;
  private int measuring;

  /**
   * @param jobs to be done in about this order
   * @param measured do this many cases of each job that can be shared first
   * @param running told which statement each worker is at
   */
  Workers(List<Job> jobs, int measured, Map<Thread, String> running) {
    this.jobs = jobs;
    this.measured = measured;
    this.running = running;
    this.measuring = measured == 0 ? jobs.size() : 0;
  }

  /** Returns when all is done; raises what the first job raises that breaks down, after which the others stop. */
  void run() throws InterruptedException {
    int threads = plumbline.reference.kernel.Workers.threads();
    ExecutorService pool = Executors.newFixedThreadPool(threads, task -> {
      Thread thread = new Thread(task, "audit");
      thread.setDaemon(true);
      return thread;
    });
    try {
      ExecutorCompletionService<Boolean> workers = new ExecutorCompletionService<>(pool);
      for (int k = 0; k < threads; k++) {
        workers.submit(this::work, true);
      }
      for (int k = 0; k < threads; k++) {
        workers.take().get();
      }
    } catch (ExecutionException failure) {
      Throwable cause = failure.getCause();
      if (cause instanceof InputException input) {
        throw input;
      }
      throw new IllegalStateException("a check broke down: " + cause, cause);
    } finally {
      pool.shutdownNow();
    }
  }

  private void work() {
    try {
      for (Job job = measure(); job != null; job = measure()) {
        help(job, measured);
      }
      for (Job job = take(); job != null; job = take()) {
        help(job, Integer.MAX_VALUE);
      }
    } finally {
      running.remove(Thread.currentThread());
    }
  }

  private synchronized @Nullable Job measure() {
    while (measuring < jobs.size() && !Thread.currentThread().isInterrupted()) {
      Job job = jobs.get(measuring++);
      if (job.work.shared()) {
        job.helpers++;
        return job;
      }
    }
    return null;
  }

  private synchronized @Nullable Job take() {
    Optional<Job> fresh = jobs.stream().filter(job -> !job.begun && !job.exhausted).findFirst();
    Optional<Job> job = fresh.isPresent() ? fresh : jobs.stream()
        .filter(each -> each.work.shared() && !each.exhausted).min(Comparator.comparing(each -> each.helpers));
    if (job.isEmpty() || Thread.currentThread().isInterrupted()) {
      return null;
    }
    job.get().begun = true;
    job.get().helpers++;
    return job.get();
  }

  private void help(Job job, int limit) {
    running.put(Thread.currentThread(), job.check.statement());
    boolean more = job.work.help(limit);
    boolean last;
    synchronized (this) {
      job.exhausted |= !more;
      job.helpers--;
      last = job.exhausted && job.helpers == 0;
    }
    if (last) {
      job.finish();
    }
  }
}
