package plumbline.audit;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.properties.Campaign;
import plumbline.reference.decide.Ladder;
import plumbline.reference.io.Sha256;
import plumbline.spec.paper.Paper;

/** The code that is running, as far as results may depend on it. */
public final class Build {
  private Build() {}

  /**
   * A hash of Plumbline's own classes and specification, and of what else is in the same archive. What another build has
   * decided is no evidence for this one.
   *
   * @param own a file of claims that are checked beside Plumbline's own, or {@code null}
   */
  public static String fingerprint(@Nullable Path own) throws IOException {
    Map<String, Long> entries = new TreeMap<>();
    if (own != null) {
      entries.put("own claims", checksum(own));
    }
    for (Class<?> of : List.of(Paper.class, Ladder.class, Campaign.class, Build.class)) {
      CodeSource source = of.getProtectionDomain().getCodeSource();
      if (source == null) {
        throw new IOException("it is not known where " + of.getName() + " comes from");
      }
      try {
        add(Path.of(source.getLocation().toURI()), entries);
      } catch (URISyntaxException e) {
        throw new IOException(e);
      }
    }
    return Sha256.hex(entries.toString()).substring(0, 32);
  }

  private static boolean matters(String name) {
    return name.endsWith(".class") || (name.startsWith("plumbline/") && !name.endsWith("/"));
  }

  private static long checksum(Path file) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(Files.readAllBytes(file));
    return crc.getValue();
  }

  private static void add(Path from, Map<String, Long> entries) throws IOException {
    if (Files.isDirectory(from)) {
      try (Stream<Path> files = Files.walk(from)) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
          String name = from.relativize(file).toString().replace('\\', '/');
          if (matters(name)) {
            entries.put(name, checksum(file));
          }
        }
      }
      return;
    }
    try (ZipFile archive = new ZipFile(from.toFile())) {
      for (Enumeration<? extends ZipEntry> all = archive.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (matters(entry.getName())) {
          entries.put(entry.getName(), entry.getCrc());
        }
      }
    }
  }
}
