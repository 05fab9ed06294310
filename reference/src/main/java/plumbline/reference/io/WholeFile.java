package plumbline.reference.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files whole or not at all. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Makes a directory if it is not there, before any work is done for what will be in it.
   *
   * @throws InputException if it cannot be made or written to
   */
  public static void prepare(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new InputException(directory + ": cannot be made a directory (" + e + ")", e);
    }
    if (!Files.isWritable(directory)) {
      throw new InputException(directory + ": cannot be written");
    }
  }

  /**
   * Writes to a temporary file beside {@code file}, which then takes its place.
   *
   * @throws InputException if that fails; then {@code file} is as it was
   */
  public static void write(Path file, byte[] content) {
    // Not createTempFile: that would leave a file which only its owner may read.
    Path temporary = file.toAbsolutePath().resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try {
        Files.write(temporary, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new InputException(file + ": cannot be written (" + e + ")", e);
    }
  }
}
