package plumbline.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import plumbline.benchmark.Peers.Peer;
import plumbline.benchmark.Report.Fact;

/** What two threads gain, and what the machine gives two processes that know nothing of each other. */
final class Threads {
  private final Path root;
  private final Path folder;
  private final Peers peers;
  private final JavaSide java;
  private final int rounds;

  Threads(Path root, Path folder, Peers peers, JavaSide java, int rounds) {
    this.root = root;
    this.folder = folder;
    this.peers = peers;
    this.java = java;
    this.rounds = rounds;
  }

  List<Fact> measure() throws Exception {
    List<Fact> facts = new ArrayList<>();
    InputFile doubles = Inputs.doubles(512);
    Path input = folder.resolve("threads-512.txt");
    doubles.write(input);
    if (peers.has(Peer.OPENBLAS)) {
      facts.add(machine(Peer.OPENBLAS, "product", input, "OpenBLAS, product of 512×512 doubles"));
    }
    Path integers = folder.resolve("threads-integers.txt");
    Inputs.integers(100_000).write(integers);
    if (peers.has(Peer.GMP)) {
      facts.add(machine(Peer.GMP, "multiply", integers, "GMP, multiplication of 100,000 digits"));
    }
    Path large = folder.resolve("threads-1024.txt");
    Inputs.doubles(1024).write(large);
    facts.add(product("doubleProduct", large, "binary64 product, n = 1024"));
    Path balls = folder.resolve("threads-balls.txt");
    Inputs.products(256, 100).write(balls);
    facts.add(product("product", balls, "certified product, n = 256, 100 digits"));
    facts.add(audit());
    return facts;
  }

  /** Turns of one alone, then of both at once. */
  private Fact machine(Peer peer, String task, Path input, String what) throws IOException, InterruptedException {
    Path first = folder.resolve("threads-1.json");
    Path second = folder.resolve("threads-2.json");
    List<Double> gains = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Turns one = Turns.start(peers.program(peer, task, input, first));
      Turns other = Turns.start(peers.program(peer, task, input, second));
      for (int turn = 0; turn < JavaSide.TURNS; turn++) {
        one.begin();
        one.end();
        one.begin();
        other.begin();
        one.end();
        other.end();
      }
      one.finish();
      other.finish();
      List<Double> aloneAndNot = Result.read(first).seconds();
      List<Double> together = Result.read(second).seconds();
      gains.add(Samples.median(IntStream.range(0, together.size()).mapToObj(turn ->
          aloneAndNot.get(2 * turn) * (1 / aloneAndNot.get(2 * turn + 1) + 1 / together.get(turn))).toList()));
    }
    return new Fact(8, "work per time of two processes at once over one, " + what, gains, "", null, false);
  }

  private Fact product(String benchmark, Path input, String what) throws IOException {
    Path output = folder.resolve("threads-product.json");
    Path alone = folder.resolve("threads-product-alone.json");
    List<Double> gains = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Result two = java.run(benchmark, input, output, 2, List.of(java.alone(benchmark, input, alone, 1)));
      gains.add(Samples.ratio(Result.read(alone).seconds(), two.seconds()));
    }
    return new Fact(8, "time with one thread over time with two, " + what, gains, "", 1.8, false);
  }

  private Fact audit() throws IOException, InterruptedException {
    List<Double> gains = new ArrayList<>();
    audit(false); // builds what is stale
    for (int round = 0; round < rounds; round++) {
      gains.add(audit(true) / audit(false));
    }
    return new Fact(8, "time on one core over time on two, audit", gains, "", 1.8, false);
  }

  /** Bound to a core, for with one thread the machine's compiler would still have the other core. */
  private double audit(boolean oneCore) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(oneCore ? List.of("taskset", "-c", "0") : List.of());
    command.addAll(List.of(root.resolve("plumbline").toString(), "audit"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
        .redirectOutput(folder.resolve("audit.log").toFile());
    long start = System.nanoTime();
    Process process = builder.start();
    if (!process.waitFor(15, TimeUnit.MINUTES)) {
      process.destroy();
      throw new IOException("the audit took more than 15 minutes");
    }
    if (process.exitValue() != 0) {
      throw new IOException("the audit failed; its output is in " + folder.resolve("audit.log"));
    }
    return 1e-9 * (System.nanoTime() - start);
  }
}
