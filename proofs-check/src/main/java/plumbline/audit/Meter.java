package plumbline.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import plumbline.properties.CaseLog;
import plumbline.properties.CaseRecord;
import plumbline.reference.decide.Outcome;

/** Measures what the cases of each check cost, and says how much is done of all and how long the rest will take. */
public final class Meter implements CaseLogs {
  /** The first cases of a check pay for the loading and compiling of code; they count only while there are no others. */
  private static final int WARMING = 10;

  private final CaseLogs logs;
  private final int workers;
  private final List<Gauge> gauges = new ArrayList<>();

  /**
   * @param logs where the cases go
   * @param workers how many cases are decided at a time
   */
  public Meter(CaseLogs logs, int workers) {
    this.logs = logs;
    this.workers = workers;
  }

  /**
   * How far it is.
   *
   * @param done cases done
   * @param all cases asked for; a check that finds a counterexample does not take all of its own
   * @param found how many of those done were found in the logs
   * @param part part of the work that is done, from 0 to 1, every check weighed by the cost of its cases
   * @param left time that the rest will take at the cost measured; not known before every check has been measured
   */
  public record Reading(long done, long all, long found, double part, Optional<Duration> left) {}

  @Override
  public synchronized CaseLog open(CaseKey key) {
    Gauge gauge = new Gauge(logs.open(key), key.cases());
    gauges.add(gauge);
    return gauge;
  }

  /** How far it is. */
  public synchronized Reading read() {
    long done = 0;
    long all = 0;
    long found = 0;
    double spent = 0;
    double left = 0;
    boolean measured = true;
    for (Gauge gauge : gauges) {
      synchronized (gauge) {
        done += gauge.done;
        all += gauge.cases;
        found += gauge.found;
        measured &= gauge.done > 0;
        spent += gauge.done * gauge.cost();
        left += gauge.failed ? 0 : (gauge.cases - gauge.done) * gauge.cost();
      }
    }
    double part = spent + left == 0 ? (done == all ? 1 : 0) : spent / (spent + left);
    Duration time = Duration.ofMillis(Math.round(left / workers / 1e6));
    return new Reading(done, all, found, part, measured ? Optional.of(time) : Optional.empty());
  }

  /** Passes cases on and counts them. */
  private static final class Gauge implements CaseLog {
    private final CaseLog log;
    private final int cases;
    private int done;
    private int found;
    private boolean failed;
    private long nanos;
    /** Time of those that warm up. */
    private long firstNanos;

    Gauge(CaseLog log, int cases) {
      this.log = log;
      this.cases = cases;
    }

    /** Nanoseconds for a case. */
    private double cost() {
      int rest = done - Math.min(done, WARMING);
      return rest > 0 ? (double) (nanos - firstNanos) / rest : done == 0 ? 0 : (double) nanos / done;
    }

    @Override
    public List<CaseRecord> known() {
      List<CaseRecord> known = log.known();
      known.forEach(this::count);
      synchronized (this) {
        found = known.size();
      }
      return known;
    }

    @Override
    public void add(CaseRecord decided) {
      log.add(decided);
      count(decided);
    }

    private synchronized void count(CaseRecord decided) {
      nanos += decided.nanos();
      firstNanos += done < WARMING ? decided.nanos() : 0;
      done++;
      failed |= decided.outcome() == Outcome.FAILS;
    }
  }
}
