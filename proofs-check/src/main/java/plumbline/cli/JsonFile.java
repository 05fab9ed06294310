package plumbline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import plumbline.reference.io.InputException;

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

  /** Writes to a temporary file beside {@code file}, which then takes its place. */
  static void write(Path file, JsonNode json) {
    try {
      Path temporary = folder(file).resolve("." + file.getFileName() + ".part");
      try {
        Files.write(temporary, MAPPER.writeValueAsBytes(json));
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new InputException(file + ": cannot be written (" + e + ")", e);
    }
  }

  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file.toAbsolutePath() : folder;
  }
}
