package plumbline.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import plumbline.benchmark.Report.Fact;

/** Runs {@link VarModel} in a Java machine of its own, with all cores and as much memory as the target allows. */
final class Model {
  private Model() {}

  /** Time, memory and radii of a pass through this many of 16 blocks; limits where it is all of them. */
  static List<Fact> measure(int blocks, Path log) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "-Xmx9g", "--add-modules", "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
        VarModel.class.getName(), Integer.toString(blocks)).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(60, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException("the model took more than an hour");
    }
    String output = Files.readString(log, StandardCharsets.UTF_8);
    if (process.exitValue() != 0) {
      throw new IOException("the model failed: " + output);
    }
    double[] numbers = Stream.of(output.lines().reduce((first, last) -> last).orElseThrow().split(" "))
        .mapToDouble(Double::parseDouble).toArray();
    String what = ", VAR-d16 in Ball(53), " + blocks + " of 16 blocks, "
        + String.format(Locale.ROOT, "%,d", (long) numbers[2]) + " weights";
    boolean whole = blocks == 16;
    return List.of(
        new Fact(7, "minutes of a forward pass" + what, List.of(numbers[0] / 60), "min", whole ? 10.0 : null, true),
        new Fact(7, "peak memory of its process", List.of(numbers[1] / (1L << 30)), "GiB", whole ? 10.0 : null, true),
        new Fact(7, "log10 of its median radius over its largest output", List.of(Math.log10(numbers[3])), "", null, true),
        new Fact(7, "log10 of its largest radius over its largest output", List.of(Math.log10(numbers[4])), "", null, true));
  }
}
