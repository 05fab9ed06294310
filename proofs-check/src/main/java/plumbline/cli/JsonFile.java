package plumbline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.file.Files;
import java.nio.file.Path;
import plumbline.reference.io.InputException;
import plumbline.reference.io.WholeFile;

/** Writes JSON reports whole or not at all. */
final class JsonFile {
  private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private JsonFile() {}

  /** Raises {@link InputException} if a report cannot be written there, before any work is done for it. */
  static void requireWritable(Path file) {
    Path folder = folder(file);
    if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new InputException(file + ": cannot be written, " + folder + " is no writable directory");
    }
    if (Files.isDirectory(file)) {
      throw new InputException(file + ": cannot be written, it is a directory");
    }
  }

  /** Writes the file whole or not at all. */
  static void write(Path file, JsonNode json) {
    try {
      WholeFile.write(file, MAPPER.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new InputException(file + ": cannot be written (" + e + ")", e);
    }
  }

  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file.toAbsolutePath() : folder;
  }
}
