package plumbline.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The programs in C and Python that others' libraries do the same work in. */
final class Peers {

  /** A library. */
  enum Peer {
    FLINT("apt-get install gcc libflint-dev libflint-arb-dev, or PLUMBLINE_FLINT=PREFIX of a newer FLINT"),
    GMP("apt-get install gcc libgmp-dev"),
    OPENBLAS("apt-get install gcc libopenblas-dev"),
    MPMATH("apt-get install python3-mpmath python3-gmpy2"),
    NUMPY("apt-get install python3-numpy libopenblas0");

    final String install;

    Peer(String install) {
      this.install = install;
    }
  }

  private static final String PYTHON = "/usr/bin/python3";
  /** Kernels of OpenBLAS to choose from; the first are those it takes by itself. */
  private static final List<String> KERNELS = List.of("", "SkylakeX", "Haswell");

  private final Path sources;
  private final Path folder;
  private final double seconds;
  private final Map<Peer, List<String>> commands = new EnumMap<>(Peer.class);
  private final List<String> missing = new ArrayList<>();
  private String kernels = KERNELS.get(0);

  /**
   * @param sources the folder of c and python
   * @param folder where programs and what compilers say go
   * @param seconds a turn
   */
  Peers(Path sources, Path folder, double seconds) {
    this.sources = sources;
    this.folder = folder;
    this.seconds = seconds;
  }

  /** Builds what can be built; says in {@link #missing} what is not there. */
  void build() throws IOException, InterruptedException {
    Files.createDirectories(folder);
    String prefix = System.getenv("PLUMBLINE_FLINT");
    if (prefix == null || prefix.isEmpty()) {
      compile(Peer.FLINT, "flint.c", "-lflint-arb", "-lflint", "-lgmp");
    } else {
      compile(Peer.FLINT, "flint.c", "-I" + prefix + "/include", "-L" + prefix + "/lib", "-Wl,-rpath," + prefix + "/lib",
          "-lflint", "-lgmp");
    }
    compile(Peer.GMP, "gmp.c", "-lgmp");
    compile(Peer.OPENBLAS, "blas.c", "-lopenblas");
    python(Peer.MPMATH, "mpmath_peer.py", "import mpmath, gmpy2");
    python(Peer.NUMPY, "numpy_peer.py", "import numpy");
    if (has(Peer.OPENBLAS)) {
      chooseKernels();
    }
  }

  /** A processor newer than itself, OpenBLAS takes for one of 2004. So the fastest kernels that run here are found by trial. */
  private void chooseKernels() throws IOException, InterruptedException {
    Path input = folder.resolve("kernels.txt");
    Inputs.doubles(256).write(input);
    String fastest = kernels;
    double least = Double.POSITIVE_INFINITY;
    for (String candidate : KERNELS) {
      kernels = candidate;
      double time;
      try {
        time = Collections.min(run(Peer.OPENBLAS, "product", input, folder.resolve("kernels.json")).seconds());
      } catch (PeerException withoutThoseInstructions) {
        continue;
      }
      if (time < least) {
        least = time;
        fastest = candidate;
      }
    }
    kernels = fastest;
  }

  private void compile(Peer peer, String source, String... libraries) throws IOException, InterruptedException {
    Path program = folder.resolve(source.replace(".c", ""));
    List<String> command = new ArrayList<>(List.of("cc", "-O3", "-march=native", "-std=gnu11", "-Wall", "-Wextra", "-o",
        program.toString(), sources.resolve("c").resolve(source).toString()));
    command.addAll(List.of(libraries));
    command.add("-lm");
    check(peer, command, List.of(program.toString()));
  }

  private void python(Peer peer, String source, String imports) throws IOException, InterruptedException {
    check(peer, List.of(PYTHON, "-c", imports), List.of(PYTHON, sources.resolve("python").resolve(source).toString()));
  }

  /** A peer is there if its test succeeds: that its program compiles, or that Python finds what it imports. */
  private void check(Peer peer, List<String> test, List<String> command) throws IOException, InterruptedException {
    String problem;
    try {
      problem = run(test);
    } catch (IOException notFound) {
      problem = notFound.getMessage();
    }
    if (problem == null) {
      commands.put(peer, command);
    } else {
      String reason = problem.lines().filter(line -> line.contains("rror")).findFirst().orElse(problem.strip());
      missing.add(peer + " (" + peer.install + "): " + reason);
    }
  }

  /** A line for each peer that is not there: its name, the command that installs it, and what went wrong. */
  List<String> missing() {
    return missing;
  }

  boolean has(Peer peer) {
    return commands.containsKey(peer);
  }

  /** A peer's program for a work: one thread, and kernels that fit the processor. */
  Program program(Peer peer, String task, Path input, Path output) {
    List<String> command = new ArrayList<>(List.of("env", "-u", "OPENBLAS_CORETYPE", "-u", "OPENBLAS_L2_SIZE",
        "OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1"));
    if (!kernels.isEmpty()) {
      command.add("OPENBLAS_CORETYPE=" + kernels);
    }
    command.addAll(commands.get(peer));
    command.addAll(List.of(task, input.toString(), output.toString(), Double.toString(seconds)));
    return new Program(command, folder.resolve(output.getFileName() + ".log").toString());
  }

  /** Lets a peer do a work with nobody else. */
  private Result run(Peer peer, String task, Path input, Path output) throws IOException, InterruptedException {
    Turns turns = Turns.start(program(peer, task, input, output));
    for (int turn = 0; turn < JavaSide.TURNS; turn++) {
      turns.take();
    }
    turns.finish();
    return Result.read(output);
  }

  /** {@code null}, or what a command that failed had to say. */
  private String run(List<String> command) throws IOException, InterruptedException {
    Path log = folder.resolve(Path.of(command.get(0)).getFileName() + ".log");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
      return "it took more than two minutes";
    }
    return process.exitValue() == 0 ? null : Files.readString(log, StandardCharsets.UTF_8);
  }
}
