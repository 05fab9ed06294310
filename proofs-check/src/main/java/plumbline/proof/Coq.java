package plumbline.proof;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.io.InputException;

/** Coq's programs on this machine. */
public final class Coq {
  /** What the names of all modules of the project begin with. */
  static final String LIBRARY = "Plumbline";

  private static final long MINUTES = 20;
  private static final Pattern FROM = Pattern.compile("^From\\s+(\\w+)");
  private static final Map<String, String> PACKAGES = new TreeMap<>(Map.of("Coquelicot", "libcoq-coquelicot", "Flocq", "libcoq-flocq",
      "Interval", "libcoq-interval", "mathcomp", "libcoq-mathcomp-ssreflect", "Bignums", "libcoq-bignums"));

  private final Path compiler;
  private final Path dependencies;
  private final String version;

  private Coq(Path compiler, Path dependencies, String version) {
    this.compiler = compiler;
    this.dependencies = dependencies;
    this.version = version;
  }

  /** Coq, if {@code coqc} and {@code coqdep} are on {@code PATH}. */
  public static Optional<Coq> find() throws InterruptedException {
    Path compiler = program("coqc");
    Path dependencies = program("coqdep");
    if (compiler == null || dependencies == null) {
      return Optional.empty();
    }
    Run run = run(Path.of("."), List.of(compiler.toString(), "--print-version"));
    return run.code() == 0 ? Optional.of(new Coq(compiler, dependencies, run.output().split("\\s")[0])) : Optional.empty();
  }

  private static @Nullable Path program(String name) {
    for (String folder : Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator)) {
      Path file = Path.of(folder).resolve(name);
      if (!folder.isEmpty() && Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }

  /** Such as {@code 8.16.1}. */
  public String version() {
    return version;
  }

  /** The command that installs Coq and the libraries that these sources require, on Debian. */
  public static String installation(CoqSources sources) {
    List<String> packages = new ArrayList<>(List.of("coq"));
    libraries(sources).forEach(library -> packages.add(PACKAGES.getOrDefault(library, "libcoq-" + library)));
    return "apt-get install --no-install-recommends " + String.join(" ", packages);
  }

  /** The libraries besides Coq's own that some sources require. */
  private static TreeSet<String> libraries(CoqSources sources) {
    TreeSet<String> libraries = new TreeSet<>();
    for (String source : sources.files().values()) {
      for (String sentence : new Vernacular(source).imports()) {
        Matcher from = FROM.matcher(sentence);
        String library = from.find() ? String.valueOf(from.group(1)) : "Coq";
        if (!List.of("Coq", LIBRARY).contains(library)) {
          libraries.add(library);
        }
      }
    }
    return libraries;
  }

  /** The libraries that some sources require and that are not there. */
  public List<String> missing(CoqSources sources) throws InterruptedException {
    Run where = run(Path.of("."), List.of(compiler.toString(), "-where"));
    Path contributed = Path.of(where.output().strip()).resolve("user-contrib");
    return libraries(sources).stream().filter(library -> !Files.isDirectory(contributed.resolve(library))).toList();
  }

  /** Compiles a file of a folder, in which the modules of {@value #LIBRARY} lie; returns what Coq has to say against it. */
  Optional<String> compile(Path folder, String file) throws InterruptedException {
    Run run = run(folder, List.of(compiler.toString(), "-q", "-Q", ".", LIBRARY, file));
    return run.code() == 0 ? Optional.empty() : Optional.of(run.output().strip());
  }

  /** The files of a folder that each of them requires itself. */
  Map<String, List<String>> dependencies(Path folder, Collection<String> files) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(dependencies.toString(), "-Q", ".", LIBRARY));
    command.addAll(files);
    Run run = run(folder, command);
    Map<String, List<String>> required = new TreeMap<>();
    for (String line : run.output().lines().toList()) {
      int colon = line.indexOf(": ");
      String made = line.split("[ :]")[0];
      if (colon > 0 && made.endsWith(".vo")) {
        required.put(made.replaceFirst("o$", ""), Stream.of(line.substring(colon + 2).split(" "))
            .filter(each -> each.endsWith(".vo")).map(each -> each.replaceFirst("^\\./", "").replaceFirst("o$", "")).toList());
      }
    }
    if (run.code() != 0 || !required.keySet().containsAll(files)) {
      throw new InputException("coqdep failed: " + run.output().strip());
    }
    return required;
  }

  /** How a program ended, and all that it printed. */
  private record Run(int code, String output) {}

  private static Run run(Path folder, List<String> command) throws InterruptedException {
    Process process = null;
    try {
      Path output = Files.createTempFile("plumbline-coq", ".out");
      try {
        process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile())
            .start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
          return new Run(-1, "not done after " + MINUTES + " minutes");
        }
        return new Run(process.exitValue(), Files.readString(output));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new InputException(command.get(0) + ": cannot be run (" + e + ")", e);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }
}
