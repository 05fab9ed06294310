package plumbline.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;
import plumbline.benchmark.Report.Comparison;
import plumbline.benchmark.Work.Opponent;

/** Lets us and the peers do a work in turns, and compares what they return. */
final class Duel {
  private final Peers peers;
  private final JavaSide java;
  private final Path folder;
  private final int rounds;
  private final double seconds;

  /**
   * @param folder for inputs and results
   * @param seconds for each side in each round
   */
  Duel(Peers peers, Path folder, int rounds, double seconds) {
    this.peers = peers;
    this.java = new JavaSide(folder.resolve("jmh"));
    this.folder = folder;
    this.rounds = rounds;
    this.seconds = seconds;
  }

  /** A comparison for each opponent that is there. Results are compared in the first round, for they are always the same. */
  List<Comparison> run(Work work) throws IOException, InterruptedException, RunnerException {
    List<Opponent> opponents = work.opponents().stream().filter(o -> o.peer() == null || peers.has(o.peer())).toList();
    if (opponents.isEmpty()) {
      return List.of();
    }
    InputFile operands = work.input().get();
    Path input = folder.resolve(work.name() + ".txt");
    operands.write(input);
    List<List<Double>> ours = new ArrayList<>();
    List<List<List<Double>>> theirs = new ArrayList<>();
    List<String> libraries = new ArrayList<>();
    List<Double> radii = new ArrayList<>();
    Path output = folder.resolve(work.name() + ".json");
    boolean slow = false;
    for (int round = 0; round < rounds; round++) {
      Result mine = java.run(work.benchmark(), input, output, seconds, slow, 1);
      ours.add(mine.seconds());
      slow = Samples.median(mine.seconds()) > 2;
      for (int k = 0; k < opponents.size(); k++) {
        Opponent opponent = opponents.get(k);
        if (round == 0) {
          theirs.add(new ArrayList<>());
        }
        if (opponent.slow() && round > 0) {
          theirs.get(k).add(theirs.get(k).get(0));
          continue;
        }
        Result other = run(opponent, input, folder.resolve(work.name() + "-" + opponent.task() + "-" + k + ".json"));
        theirs.get(k).add(other.seconds());
        if (round == 0) {
          Agreement.requireOverlap(work.name() + ", " + other.library(), mine.entries(), other.entries(),
              opponent.slack().of(operands, other.entries()));
          libraries.add(other.library());
          radii.add(opponent.peer() == Peers.Peer.FLINT ? Agreement.radiusRatio(mine.entries(), other.entries()) : 0);
        }
      }
    }
    Files.delete(input);
    List<Comparison> comparisons = new ArrayList<>();
    for (int k = 0; k < opponents.size(); k++) {
      comparisons.add(new Comparison(work.target(), work.kind(), work.digits(), work.n(), libraries.get(k),
          opponents.get(k).wanted(), ours, theirs.get(k), radii.get(k)));
    }
    return comparisons;
  }

  private Result run(Opponent opponent, Path input, Path output) throws IOException, InterruptedException, RunnerException {
    return opponent.peer() == null
        ? java.run(opponent.task(), input, output, seconds, opponent.slow(), 1)
        : peers.run(opponent.peer(), opponent.task(), input, output, seconds);
  }
}
