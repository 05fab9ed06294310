package plumbline.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import plumbline.benchmark.Report.Comparison;
import plumbline.benchmark.Work.Opponent;

/** Lets us and the peers do a work in turns, and compares what they return. */
final class Duel {
  private final Peers peers;
  private final JavaSide java;
  private final Path folder;
  private final int rounds;

  /**
   * @param folder for inputs and results
   * @param rounds how often all sides are started anew
   */
  Duel(Peers peers, JavaSide java, Path folder, int rounds) {
    this.peers = peers;
    this.java = java;
    this.folder = folder;
    this.rounds = rounds;
  }

  /** A comparison for each opponent that is there. Results are compared in the first round, for they are always the same. */
  List<Comparison> run(Work work) throws IOException {
    List<Opponent> opponents = work.opponents().stream().filter(o -> o.peer() == null || peers.has(o.peer())).toList();
    if (opponents.isEmpty()) {
      return List.of();
    }
    InputFile operands = work.input().get();
    Path input = folder.resolve(work.name() + ".txt");
    operands.write(input);
    List<Path> outputs = new ArrayList<>();
    List<Program> programs = new ArrayList<>();
    List<List<List<Double>>> theirs = new ArrayList<>();
    for (Opponent opponent : opponents) {
      Path output = folder.resolve(work.name() + "-" + opponent.task() + "-" + outputs.size() + ".json");
      outputs.add(output);
      programs.add(opponent.peer() == null ? java.alone(opponent.task(), input, output, 1)
          : peers.program(opponent.peer(), opponent.task(), input, output));
      theirs.add(new ArrayList<>());
    }
    List<List<Double>> ours = new ArrayList<>();
    List<String> libraries = new ArrayList<>();
    List<Double> radii = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Result mine = java.run(work.benchmark(), input, folder.resolve(work.name() + ".json"), 1, programs);
      ours.add(mine.seconds());
      for (int k = 0; k < opponents.size(); k++) {
        Opponent opponent = opponents.get(k);
        Result other = Result.read(outputs.get(k));
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
}
