package plumbline.benchmark;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Whether two programs computed the same: our enclosures against a peer's numbers, entry by entry. */
final class Agreement {
  private static final Enclosure NOTHING = Enclosure.exactly(BigInteger.ZERO, 0);

  private Agreement() {}

  /** The results contradict each other. */
  static final class DisagreementException extends RuntimeException {
    DisagreementException(String message) {
      super(message);
    }
  }

  /**
   * Passes where every enclosure has a number in common with the peer's: a peer's exact number then lies in ours, and two
   * enclosures of one number overlap.
   */
  static void requireOverlap(String what, Entries ours, Entries theirs) {
    requireOverlap(what, ours, theirs, k -> NOTHING);
  }

  /**
   * Passes where every number of a peer that rounds is no further from our enclosure than the bound of its error.
   *
   * @param bound an exact number at least 0 for each entry: the error that the peer may make
   */
  static void requireOverlap(String what, Entries ours, Entries theirs, IntFunction<Enclosure> bound) {
    if (ours.rows() != theirs.rows() || ours.columns() != theirs.columns()) {
      throw new DisagreementException(what + ": " + ours.rows() + "×" + ours.columns() + " entries of ours, "
          + theirs.rows() + "×" + theirs.columns() + " of the peer");
    }
    for (int k = 0; k < ours.values().size(); k++) {
      Enclosure mine = ours.values().get(k);
      Enclosure other = theirs.values().get(k);
      if (!mine.meets(other, bound.apply(k))) {
        throw new DisagreementException(what + ": entry (" + k / ours.columns() + "," + k % ours.columns()
            + ") is " + brief(mine) + " by us and " + brief(other) + " by the peer");
      }
    }
  }

  private static String brief(Enclosure x) {
    return x.midpoint() + (x.r().signum() == 0 ? "" : " ± 2^" + Math.round(x.logOfRadius()));
  }

  /** The median, over entries where neither is exact, of our radius over the peer's; 0 without such entries. */
  static double radiusRatio(Entries ours, Entries theirs) {
    List<Double> ratios = new ArrayList<>();
    for (int k = 0; k < ours.values().size(); k++) {
      double log = ours.values().get(k).logOfRadius() - theirs.values().get(k).logOfRadius();
      if (Double.isFinite(log)) {
        ratios.add(Math.pow(2, log));
      }
    }
    return ratios.isEmpty() ? 0 : Samples.median(ratios);
  }
}
