package plumbline.proof;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.io.InputException;
import plumbline.reference.io.Sha256;

/** The texts that the proofs consist of: Coq's files in the order of {@value #PROJECT}, the ties, the allowed axioms, the index. */
public final class CoqSources {
  /** Lists the files, as Coq's own tools read it. */
  public static final String PROJECT = "_CoqProject";
  /** The first line of {@value #PROJECT}, and the name that all modules begin with. */
  static final String MAPPING = "-Q . " + Coq.LIBRARY;

  private static final String RESOURCES = "/plumbline/proof/coq/";
  private static final Pattern FILE = Pattern.compile("[A-Z][A-Za-z0-9_]*\\.v");

  private final String where;
  private final Map<String, String> files = new LinkedHashMap<>();
  /** SHA-256 by name of file: a file counts in the hashes of all theorems that depend on it. */
  private final Map<String, String> hashes = new HashMap<>();
  private final String ties;
  private final String axioms;
  private final @Nullable String index;

  private CoqSources(String where, Function<String, @Nullable String> reader) {
    this.where = where;
    for (String file : listed(where, require(where, reader, PROJECT))) {
      String text = require(where, reader, file);
      files.put(file, text);
      hashes.put(file, Sha256.hex(text));
    }
    ties = require(where, reader, Ties.FILE);
    axioms = require(where, reader, Axioms.FILE);
    index = reader.apply(TheoremIndex.FILE);
  }

  /** What this program was built with. */
  public static CoqSources packaged() {
    return new CoqSources("the proofs of this build", name -> {
      try (InputStream in = CoqSources.class.getResourceAsStream(RESOURCES + name)) {
        return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /**
   * What is in a directory.
   *
   * @throws InputException if a file is missing, or {@value #PROJECT} is not as it should be
   */
  public static CoqSources in(Path directory) {
    return new CoqSources(directory.toString(), name -> {
      Path file = directory.resolve(name);
      try {
        return Files.isRegularFile(file) ? Files.readString(file) : null;
      } catch (IOException e) {
        throw new InputException(file + ": cannot be read (" + e + ")", e);
      }
    });
  }

  private static String require(String where, Function<String, @Nullable String> reader, String name) {
    String text = reader.apply(name);
    if (text == null) {
      throw new InputException(where + ": no file " + name);
    }
    return text;
  }

  /** The files that {@value #PROJECT} lists after its mapping; other options of Coq could weaken what it checks. */
  private static List<String> listed(String where, String project) {
    List<String> lines = project.lines().map(line -> line.replaceFirst("#.*", "").strip()).filter(line -> !line.isEmpty()).toList();
    if (lines.isEmpty() || !lines.get(0).equals(MAPPING)) {
      throw new InputException(where + ": " + PROJECT + " should begin with '" + MAPPING + "'");
    }
    List<String> files = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      if (!FILE.matcher(line).matches() || files.contains(line)) {
        throw new InputException(where + ": " + PROJECT + ": expected the name of another file such as Facts.v, found '" + line + "'");
      }
      files.add(line);
    }
    return files;
  }

  /** Where they come from, for messages. */
  String where() {
    return where;
  }

  /** Text by name of file, in the order in which Coq compiles them. */
  public Map<String, String> files() {
    return files;
  }

  /** The text of {@value Ties#FILE}. */
  String ties() {
    return ties;
  }

  /** The text of {@value Axioms#FILE}. */
  String axioms() {
    return axioms;
  }

  /** The text of {@value TheoremIndex#FILE}, if it is there. */
  Optional<String> index() {
    return Optional.ofNullable(index);
  }

  /**
   * SHA-256 of some files, by name and content, and of the list of allowed axioms. A file that is not there counts as such, so
   * that no hash of present files equals it.
   */
  public String hash(Collection<String> names) {
    StringBuilder all = new StringBuilder();
    for (String name : new TreeSet<>(names)) {
      all.append(name).append(' ').append(hashes.getOrDefault(name, "missing")).append('\n');
    }
    return Sha256.hex(all.append(Axioms.FILE).append(' ').append(Sha256.hex(axioms)).append('\n').toString());
  }
}
