package plumbline.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import plumbline.properties.Evidence;

/** A check while it is done. Its evidence does not depend on how many threads help, nor on what was done before. */
public interface Work {

  /**
   * Does up to {@code limit} cases that nobody has taken; ends early if the thread is interrupted.
   *
   * @return whether there are more to take
   */
  boolean help(int limit);

  /** Whether several threads may help at once. */
  boolean shared();

  /** One evidence for each reading, once no case is left and every helper has returned. */
  List<Evidence> evidence();

  /** Work that is done by one thread, in one piece. */
  static Work whole(Supplier<List<Evidence>> run) {
    List<Evidence> found = new ArrayList<>();
    return new Work() {
      @Override
      public boolean help(int limit) {
        found.addAll(run.get());
        return false;
      }

      @Override
      public boolean shared() {
        return false;
      }

      @Override
      public List<Evidence> evidence() {
        return List.copyOf(found);
      }
    };
  }

  /**
   * Work that several threads may help with.
   *
   * @param help does up to so many cases and tells whether there are more
   * @param evidence what was found
   */
  static Work shared(IntPredicate help, Supplier<List<Evidence>> evidence) {
    return new Work() {
      @Override
      public boolean help(int limit) {
        return help.test(limit);
      }

      @Override
      public boolean shared() {
        return true;
      }

      @Override
      public List<Evidence> evidence() {
        return evidence.get();
      }
    };
  }
}
