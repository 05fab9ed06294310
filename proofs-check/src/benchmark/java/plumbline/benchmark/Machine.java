package plumbline.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the benchmark runs on. */
final class Machine {
  private Machine() {}

  /** Names and values. */
  static Map<String, String> describe() throws IOException {
    Map<String, String> machine = new LinkedHashMap<>();
    String cpus = read("/proc/cpuinfo");
    String flags = field(cpus, "flags");
    machine.put("processor", field(cpus, "model name") + ", family " + field(cpus, "cpu family") + ", model "
        + field(cpus, "model") + (flags.contains("avx512f") ? ", AVX-512" : flags.contains("avx2") ? ", AVX2" : ""));
    machine.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    machine.put("Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    String load = read("/proc/loadavg");
    machine.put("load at the end", load.isEmpty() ? "unknown" : load.split(" ")[1] + " (mean of five minutes)");
    return machine;
  }

  private static String read(String file) throws IOException {
    Path path = Path.of(file);
    return Files.exists(path) ? Files.readString(path) : "";
  }

  private static String field(String text, String name) {
    return text.lines().filter(line -> line.matches(name + "\\s*:.*")).findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("unknown");
  }
}
