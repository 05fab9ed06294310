package plumbline.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs methods of {@link Works}, each in a Java machine of its own. */
final class JavaSide {
  /** The Vector API is slow until it is compiled, which takes seconds. */
  static final int WARM_MILLIS = 6000;
  /** Turns of each side. */
  static final int TURNS = 9;

  private final Path folder;
  private final double seconds;

  /** @param seconds a turn, after six seconds of warming up */
  JavaSide(Path folder, double seconds) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.seconds = seconds;
  }

  /** Lets JMH warm up and measure, in turns with other programs. */
  Result run(String benchmark, Path input, Path output, int threads, List<Program> others) throws IOException {
    Path programs = folder.resolve("programs.json");
    Program.write(programs, others);
    Path log = folder.resolve(output.getFileName() + ".log");
    Options options = new OptionsBuilder()
        .include(Works.class.getName().replace(".", "\\.") + "\\." + benchmark + "$")
        .param("input", input.toString())
        .param("output", output.toString())
        .param("peers", programs.toString())
        .forks(1)
        .warmupIterations(1).warmupTime(TimeValue.milliseconds(WARM_MILLIS))
        .measurementIterations(TURNS).measurementTime(TimeValue.milliseconds(Math.round(1000 * seconds)))
        .threads(1)
        .jvmArgs(flags(threads).toArray(String[]::new))
        .shouldFailOnError(true)
        .output(log.toString())
        .build();
    Collection<RunResult> results;
    try {
      results = new Runner(options).run();
    } catch (RunnerException e) {
      throw new PeerException(benchmark + " under JMH", "see " + log);
    }
    List<Double> samples = new ArrayList<>();
    for (RunResult result : results) {
      for (BenchmarkResult fork : result.getBenchmarkResults()) {
        for (IterationResult iteration : fork.getIterationResults()) {
          samples.add(iteration.getPrimaryResult().getScore());
        }
      }
    }
    Result result = Result.read(output);
    return new Result(result.library(), samples, result.entries());
  }

  /** The same without JMH, to take turns with one that runs under it. */
  Program alone(String benchmark, Path input, Path output, int threads) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags(threads));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Alone.class.getName(), benchmark, input.toString(),
        output.toString(), Double.toString(seconds)));
    return new Program(command, folder.resolve(output.getFileName() + ".log").toString());
  }

  private static List<String> flags(int threads) {
    return List.of("-XX:+UseSerialGC", "-Xmx4g", "--add-modules", "jdk.incubator.vector", "-Dplumbline.threads=" + threads);
  }
}
