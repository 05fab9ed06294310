package plumbline.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import plumbline.benchmark.Peers.Peer;

/**
 * One work that we and peers do in turns.
 *
 * @param target number of the target that it belongs to
 * @param kind what is computed, without its size
 * @param benchmark method of {@link Works}
 * @param digits decimal digits; 16 for binary64
 * @param n rows of the matrices, or 1
 * @param scaling whether it is there to show how cost grows, and left out of a quick run
 */
record Work(int target, String kind, String benchmark, int digits, int n, boolean scaling, Supplier<InputFile> input,
    List<Opponent> opponents) {

  static final String PRODUCT = "certified product";
  static final String DOUBLE_PRODUCT = "binary64 product";
  static final String EXP_OF_MATRIX = "exp of each entry";
  static final String EXP = "exp of a number";
  static final String MULTIPLY = "multiplication";

  /** How far off a peer's numbers may be. */
  interface Slack {
    IntFunction<Enclosure> of(InputFile input, Entries theirs);
  }

  /** Enclosures, and exact numbers, have no error beyond what they say. */
  private static final Slack NONE = (input, theirs) -> k -> Enclosure.exactly(0);

  /**
   * Who does the same.
   *
   * @param peer a program, or {@code null} for a method of {@link Works}
   * @param task what the program, or the method, is told to do
   * @param wanted the ratio of the peer's time to ours that the target asks for, or 0
   */
  record Opponent(Peer peer, String task, double wanted, Slack slack) {}

  /** All works, by target. */
  static List<Work> all() {
    List<Work> works = new ArrayList<>();
    for (int n : new int[] {64, 256}) {
      for (int digits : new int[] {20, 50, 100, 300}) {
        works.add(product(n, digits, n == 64 ? 2 : 3));
      }
    }
    Stream.of(8, 16, 32, 128, 512).map(n -> product(n, 100, 0)).forEach(works::add);
    works.add(product(64, 1000, 0));
    for (int n : new int[] {32, 64, 128, 256, 512, 1024}) {
      works.add(new Work(2, DOUBLE_PRODUCT, "doubleProduct", 16, n, n < 128, () -> Inputs.doubles(n), List.of(
          new Opponent(Peer.OPENBLAS, "product", n < 128 ? 0 : 0.7, (input, theirs) -> Bounds.doubleProduct(input)),
          new Opponent(Peer.NUMPY, "product", 0, (input, theirs) -> Bounds.doubleProduct(input)))));
    }
    works.add(new Work(3, "attention in Ball(53), d = 64", "attention53", 16, 256, false, () -> Inputs.attention(256, 64, 16),
        List.of(new Opponent(null, "doubleAttention", 0.25, NONE))));
    for (int digits : new int[] {50, 100, 300, 1000}) {
      works.add(new Work(4, EXP_OF_MATRIX, "exp", digits, 64, false, () -> Inputs.arguments(64, digits), List.of(
          new Opponent(Peer.FLINT, "exp", 0.5, NONE))));
    }
    for (int digits : new int[] {100, 1000, 10_000, 100_000}) {
      double wanted = digits < 10_000 ? 0 : 1;
      works.add(new Work(4, EXP, "exp", digits, 1, digits < 10_000, () -> Inputs.arguments(1, digits), List.of(
          new Opponent(Peer.MPMATH, "exp", wanted, (input, theirs) -> Bounds.lastUnits(theirs, input.bits())),
          new Opponent(Peer.FLINT, "exp", 0, NONE))));
    }
    for (int digits : new int[] {1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000}) {
      works.add(new Work(5, MULTIPLY, "multiply", digits, 1, false, () -> Inputs.integers(digits), List.of(
          new Opponent(Peer.GMP, "multiply", digits < 3000 ? 0 : 0.25, NONE),
          new Opponent(null, "bigInteger", 0, NONE))));
    }
    works.add(new Work(6, "certified attention, d = 32", "attention", 100, 64, false, () -> Inputs.attention(64, 32, 100),
        List.of(
            new Opponent(Peer.FLINT, "attention", 2, NONE),
            new Opponent(Peer.MPMATH, "attention", 50, (input, theirs) -> Bounds.attention(input, -input.bits())),
            new Opponent(null, "apfloatAttention", 500,
                (input, theirs) -> Bounds.attention(input, (1 - input.digits()) * Math.log(10) / Math.log(2))))));
    return works;
  }

  private static Work product(int n, int digits, double wanted) {
    return new Work(1, PRODUCT, "product", digits, n, wanted == 0, () -> Inputs.products(n, digits),
        List.of(new Opponent(Peer.FLINT, "product", wanted, NONE)));
  }

  String name() {
    return benchmark + "-" + digits + "-" + n;
  }
}
