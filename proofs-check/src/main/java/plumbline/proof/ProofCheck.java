package plumbline.proof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.io.InputException;
import plumbline.reference.io.Sha256;
import plumbline.reference.io.WholeFile;
import plumbline.spec.paper.Paper;

/**
 * Has Coq compile all files, asks it what every tied theorem states and assumes, and makes the index. What was compiled in an
 * earlier run in the same folder, from the same sources by the same Coq, is not compiled again.
 */
public final class ProofCheck {
  private static final String QUERY = "Query";

  /**
   * What was found.
   *
   * @param faults what is wrong, each in a line or more; if there is none, every tied theorem is proved
   * @param index what is tied, as far as Coq accepts it
   * @param compiled how many files were compiled
   * @param kept how many were known from an earlier run
   */
  public record Result(List<String> faults, TheoremIndex index, int compiled, int kept) {}

  private final CoqSources sources;
  private final Coq coq;
  private final Path folder;
  private final Ties ties;
  private final Axioms axioms;
  private final Map<String, List<String>> theoremsOf = new TreeMap<>();

  /**
   * @param sources what is checked
   * @param coq who checks it
   * @param folder where it is compiled; files of Coq in it that are none of the sources are deleted
   * @throws InputException if the ties or the axioms are malformed
   */
  public ProofCheck(CoqSources sources, Coq coq, Path folder) {
    this.sources = sources;
    this.coq = coq;
    this.folder = folder;
    this.ties = Ties.read(sources.ties(), Paper.load());
    this.axioms = new Axioms(sources.axioms());
    for (String theorem : ties.theorems()) {
      theoremsOf.computeIfAbsent(Theorem.fileOf(theorem), file -> new ArrayList<>()).add(theorem);
    }
  }

  /** How many steps {@link #run} will report. */
  public int steps() {
    return sources.files().size() + theoremsOf.size();
  }

  /**
   * Checks everything, whatever the index says; see {@link #stale}.
   *
   * @param jobs how many files to compile at once, where they do not need each other
   * @param done told the name of each file that is done
   */
  public Result run(int jobs, Consumer<String> done) throws InterruptedException {
    List<String> faults = new ArrayList<>();
    sources.files().forEach((file, text) -> new Vernacular(text).faults().forEach(fault -> faults.add(file + ":" + fault)));
    Closures closures;
    try {
      prepare();
      closures = new Closures(coq.dependencies(folder, new ArrayList<String>(sources.files().keySet())));
    } catch (IOException e) {
      throw new InputException(folder + ": cannot be written (" + e + ")", e);
    }
    faults.addAll(closures.faults);
    Compilation compilation = new Compilation(closures, done);
    List<Theorem> theorems = new ArrayList<>();
    ExecutorService workers = Executors.newFixedThreadPool(jobs);
    try {
      compilation.run(workers, faults);
      Map<String, Future<Query>> queries = new LinkedHashMap<>();
      theoremsOf.forEach((file, names) -> {
        if (!sources.files().containsKey(file)) {
          faults.add(Ties.FILE + ": " + String.join(", ", names) + ": no file " + file);
        } else if (compilation.good.contains(file)) {
          Query query = new Query(file, names, closures.of(file));
          queries.put(file, workers.submit(query));
        }
      });
      for (Map.Entry<String, Future<Query>> query : queries.entrySet()) {
        theorems.addAll(query.getValue().get().found);
        faults.addAll(query.getValue().get().faults);
        done.accept("theorems of " + query.getKey());
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof InputException input ? input : new IllegalStateException(e.getCause());
    } finally {
      workers.shutdownNow();
    }
    TheoremIndex index = new TheoremIndex(coq.version(), theorems, ties.readings(), ties.kernels());
    return new Result(faults, index, compilation.compiled, compilation.good.size() - compilation.compiled);
  }

  /** In what the index that is kept beside the sources is not the one that was made; empty if it is. */
  public List<String> stale(TheoremIndex made) {
    Optional<String> kept = sources.index();
    return kept.isEmpty() ? List.of("there is no " + TheoremIndex.FILE)
        : made.differencesFrom(TheoremIndex.read(kept.get())).stream().map(each -> TheoremIndex.FILE + ": " + each).toList();
  }

  /** Puts the sources into the folder, and nothing else of Coq's. */
  private void prepare() throws IOException {
    Files.createDirectories(folder);
    Set<String> modules = sources.files().keySet().stream().map(ProofCheck::module).collect(Collectors.toSet());
    try (Stream<Path> present = Files.list(folder)) {
      for (Path file : present.toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.matches(".*\\.(v|vo|vos|vok|glob|aux|out|sha256)") && !modules.contains(name.replaceFirst("\\..*", ""))
            && !name.startsWith(QUERY)) {
          Files.delete(file);
        }
      }
    }
    for (Map.Entry<String, String> file : sources.files().entrySet()) {
      write(file.getKey(), file.getValue());
    }
  }

  private void write(String name, String text) throws IOException {
    Path path = folder.resolve(name);
    if (!Files.isRegularFile(path) || !Files.readString(path).equals(text)) {
      WholeFile.write(path, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String module(String file) {
    return file.substring(0, file.length() - 2);
  }

  /** What each file depends on, itself included. */
  private final class Closures {
    private final Map<String, Set<String>> closures = new HashMap<>();
    private final Map<String, List<String>> direct;
    final List<String> faults = new ArrayList<>();

    Closures(Map<String, List<String>> direct) {
      this.direct = direct;
      for (String file : sources.files().keySet()) {
        Set<String> closure = new TreeSet<>(Set.of(file));
        for (String needed : direct(file)) {
          Set<String> more = closures.get(needed);
          if (more == null) {
            faults.add(CoqSources.PROJECT + ": " + file + " requires " + needed + ", which should be listed before it");
          } else {
            closure.addAll(more);
          }
        }
        closures.put(file, closure);
      }
    }

    List<String> direct(String file) {
      return direct.getOrDefault(file, List.of());
    }

    Set<String> of(String file) {
      return closures.getOrDefault(file, Set.of(file));
    }

    String stamp(String file) {
      return coq.version() + " " + sources.hash(of(file));
    }
  }

  /** Compiles all files, each when those that it requires are done. */
  private final class Compilation {
    private final Closures closures;
    private final Consumer<String> done;
    final Set<String> good = new HashSet<>();
    int compiled;

    Compilation(Closures closures, Consumer<String> done) {
      this.closures = closures;
      this.done = done;
    }

    void run(ExecutorService workers, List<String> faults) throws InterruptedException, ExecutionException {
      Map<String, Future<Boolean>> outcomes = new LinkedHashMap<>();
      Map<String, String> complaints = new TreeMap<>();
      // A worker waits for files before its own alone, which other workers have taken before or have done.
      for (String file : sources.files().keySet()) {
        List<Future<Boolean>> needed = new ArrayList<>();
        closures.direct(file).forEach(each -> Optional.ofNullable(outcomes.get(each)).ifPresent(needed::add));
        outcomes.put(file, workers.submit(() -> compile(file, needed, complaints)));
      }
      for (Map.Entry<String, Future<Boolean>> outcome : outcomes.entrySet()) {
        if (outcome.getValue().get()) {
          good.add(outcome.getKey());
        }
        done.accept(outcome.getKey());
      }
      faults.addAll(complaints.values());
    }

    /** Whether a file is compiled now. */
    private boolean compile(String file, List<Future<Boolean>> needed, Map<String, String> complaints)
        throws InterruptedException, ExecutionException, IOException {
      for (Future<Boolean> each : needed) {
        if (!each.get()) {
          complain(complaints, file, file + " is not compiled, since it requires what failed");
          return false;
        }
      }
      Path stamp = folder.resolve(file + ".sha256");
      if (Files.exists(folder.resolve(file + "o")) && Files.exists(stamp) && Files.readString(stamp).equals(closures.stamp(file))) {
        return true;
      }
      Files.deleteIfExists(stamp);
      Optional<String> complaint = coq.compile(folder, file);
      if (complaint.isPresent()) {
        complain(complaints, file, file + " is not accepted: " + complaint.get());
        return false;
      }
      Files.writeString(stamp, closures.stamp(file));
      synchronized (this) {
        compiled++;
      }
      return true;
    }

    private synchronized void complain(Map<String, String> complaints, String file, String complaint) {
      complaints.put(file, complaint);
    }
  }

  /**
   * What Coq says of the tied theorems of one file. They are printed as that file sees them, with its imports and scopes; axioms are
   * told apart by their full names.
   */
  private final class Query implements Callable<Query> {
    private static final int WIDTH = 100;
    private static final Pattern LINE = Pattern.compile("line (\\d+),");

    private final String file;
    private final List<String> theorems;
    private final Collection<String> closure;
    private final String name;
    private final List<String> lines = new ArrayList<>();
    private final Map<Integer, String> theoremAt = new HashMap<>();
    final List<Theorem> found = new ArrayList<>();
    final List<String> faults = new ArrayList<>();

    Query(String file, List<String> theorems, Collection<String> closure) {
      this.file = file;
      this.theorems = theorems;
      this.closure = closure;
      this.name = QUERY + module(file);
    }

    @Override
    public Query call() throws InterruptedException {
      ask();
      String text = String.join("\n", lines) + "\n";
      String stamp = coq.version() + " " + sources.hash(closure) + " " + Sha256.hex(text);
      try {
        Path stamped = folder.resolve(name + ".v.sha256");
        if (!Files.exists(stamped) || !Files.readString(stamped).equals(stamp)) {
          Files.deleteIfExists(stamped);
          write(name + ".v", text);
          Optional<String> complaint = coq.compile(folder, name + ".v");
          if (complaint.isPresent()) {
            faults.add(explained(complaint.get()));
            return this;
          }
          Files.writeString(stamped, stamp);
        }
        answers();
        return this;
      } catch (IOException e) {
        throw new InputException(folder + ": " + e, e);
      }
    }

    private void ask() {
      lines.addAll(new Vernacular(Optional.ofNullable(sources.files().get(file)).orElse("")).imports().stream()
          .map(each -> each + ".").toList());
      axioms.names().stream().map(axiom -> axiom.substring(0, axiom.lastIndexOf('.'))).distinct()
          .forEach(library -> lines.add("Require " + library + "."));
      lines.add("From " + Coq.LIBRARY + " Require Import " + module(file) + ".");
      lines.add("Set Printing Width " + WIDTH + ".");
      for (String axiom : axioms.names()) {
        lines.add(redirected(axiom, "axiom") + "About " + axiom + ".");
      }
      for (String theorem : theorems) {
        String full = Coq.LIBRARY + "." + theorem;
        theoremAt.put(lineNumber(), theorem);
        lines.add("Definition is_proposition_" + theoremAt.size() + " : Prop := ltac:(let t := type of @" + full + " in exact t). "
            + redirected(theorem, "statement") + "Check @" + full + ". "
            + redirected(theorem, "assumptions") + "Print Assumptions " + full + ".");
      }
    }

    private int lineNumber() {
      return 1 + (int) String.join("\n", lines).chars().filter(c -> c == '\n').count() + 1;
    }

    private String redirected(String of, String what) {
      return "Redirect \"" + output(of, what) + "\" ";
    }

    private String output(String of, String what) {
      return name + "." + of + "." + what;
    }

    private String answer(String of, String what) throws IOException {
      return Files.readString(folder.resolve(output(of, what) + ".out"));
    }

    private String explained(String complaint) {
      Matcher line = LINE.matcher(complaint);
      String theorem = line.find() ? theoremAt.get(Integer.parseInt(String.valueOf(line.group(1)))) : null;
      return (theorem == null ? "the theorems of " + file : theorem) + ": " + complaint;
    }

    private void answers() throws IOException {
      Map<String, String> full = new HashMap<>();
      for (String axiom : axioms.names()) {
        full.put(answer(axiom, "axiom").split("[\\s:]")[0], axiom);
      }
      for (String theorem : theorems) {
        List<String> rests = new ArrayList<>();
        for (String printed : Axioms.printed(answer(theorem, "assumptions"))) {
          @Nullable String axiom = full.get(printed);
          if (axiom == null) {
            faults.add(theorem + " rests on what is not in " + Axioms.FILE + ": " + printed);
          } else {
            rests.add(axiom);
          }
        }
        List<String> statement = statement(answer(theorem, "statement"));
        found.add(new Theorem(theorem, statement, rests.stream().sorted().toList(), List.copyOf(closure), sources.hash(closure)));
      }
    }

    /** What stands after the name and the colon; later lines are indented as far as the first. */
    private static List<String> statement(String printed) {
      String type = printed.strip().replaceFirst("^\\S+\\s+: ", "");
      return type.lines().map(line -> line.startsWith("       ") ? line.substring(7) : line).map(String::stripTrailing).toList();
    }
  }
}
