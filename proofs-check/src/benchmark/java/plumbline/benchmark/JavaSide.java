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
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs a method of {@link Works} by JMH, in a Java machine of its own. */
final class JavaSide {
  /** The Vector API is slow until it is compiled, which takes seconds. */
  private static final int WARM_MILLIS = 6000;

  private final Path folder;

  JavaSide(Path folder) {
    this.folder = folder;
  }

  /**
   * Lets JMH warm up and measure.
   *
   * @param seconds the time to measure for, after six seconds of warming up
   * @param slow one operation to warm up and one to measure
   */
  Result run(String benchmark, Path input, Path output, double seconds, boolean slow, int threads)
      throws IOException, RunnerException {
    Files.createDirectories(folder);
    int iterations = slow ? 1 : 3;
    TimeValue time = TimeValue.milliseconds(slow ? 1 : Math.round(1000 * seconds / iterations));
    TimeValue warm = TimeValue.milliseconds(slow ? 1 : WARM_MILLIS);
    Collection<RunResult> results = new Runner(new OptionsBuilder()
        .include(Works.class.getName().replace(".", "\\.") + "\\." + benchmark + "$")
        .param("input", input.toString())
        .param("output", output.toString())
        .forks(1)
        .warmupIterations(1).warmupTime(warm)
        .measurementIterations(iterations).measurementTime(time)
        .threads(1)
        .jvmArgs("-XX:+UseSerialGC", "-Xmx4g", "--add-modules", "jdk.incubator.vector",
            "-Dplumbline.threads=" + threads)
        .shouldFailOnError(true)
        .output(folder.resolve(output.getFileName() + ".log").toString())
        .build()).run();
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
}
