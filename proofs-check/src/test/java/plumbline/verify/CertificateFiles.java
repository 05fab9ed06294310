package plumbline.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Valid certificates as files, for tests of the command line. */
public final class CertificateFiles {
  private CertificateFiles() {}

  /** Writes {@code holds.json}, {@code refuted.json}, {@code argued.json} and {@code defined.json}. */
  public static void write(Path folder) throws IOException {
    for (var entry : Certificates.valid().entrySet()) {
      Files.write(folder.resolve(entry.getKey() + ".json"), Certificates.seal(entry.getValue()));
    }
  }
}
