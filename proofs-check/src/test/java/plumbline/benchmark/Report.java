package plumbline.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * All that a run measured.
 *
 * @param machine what it ran on, as pairs of name and value
 * @param comparisons times against peers
 * @param facts measurements that are no times of ours over times of a peer
 * @param missing peers that were not there, with what installs them
 */
record Report(Map<String, String> machine, List<Comparison> comparisons, List<Fact> facts, List<String> missing) {

  /**
   * One work done by us and by a peer in turns.
   *
   * @param target number of the target that it belongs to
   * @param kind work without its size, such as "exp of one number"
   * @param digits decimal digits, or 16 for binary64
   * @param n rows of the matrices, or 1
   * @param library the peer
   * @param wanted least ratio that meets the target, or 0 where there is none
   * @param ours seconds of one operation: a list of samples per round
   * @param theirs the same of the peer
   * @param radius our radius over the peer's, the median of all entries; 0 where there is no such thing
   */
  record Comparison(int target, String kind, int digits, int n, String library, double wanted, List<List<Double>> ours,
      List<List<Double>> theirs, double radius) {

    /** The peer's time over ours in each round. */
    List<Double> ratios() {
      return IntStream.range(0, ours.size()).mapToObj(k -> Samples.ratio(theirs.get(k), ours.get(k))).toList();
    }

    double ratio() {
      return Samples.median(ratios());
    }

    static List<Double> all(List<List<Double>> rounds) {
      List<Double> all = new ArrayList<>();
      rounds.forEach(all::addAll);
      return all;
    }
  }

  /**
   * One quantity and its limit.
   *
   * @param samples measured one after another
   * @param limit what the target allows, or {@code null}
   * @param atMost whether the limit is an upper one
   */
  record Fact(int target, String what, List<Double> samples, String unit, Double limit, boolean atMost) {
    double value() {
      return Samples.median(samples);
    }

    boolean met() {
      return limit == null || (atMost ? value() <= limit : value() >= limit);
    }
  }
}
