package plumbline.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A program that takes turns: see {@code measure()} in {@code c/peer.h}.
 *
 * @param log where its standard error goes
 */
record Program(List<String> command, String log) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static List<Program> read(Path file) throws IOException {
    return List.of(JSON.readValue(file.toFile(), Program[].class));
  }

  static void write(Path file, List<Program> programs) throws IOException {
    JSON.writeValue(file.toFile(), programs);
  }
}
