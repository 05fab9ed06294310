package plumbline.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import plumbline.proof.Coq;
import plumbline.proof.CoqSources;
import plumbline.proof.ProofCheck;
import plumbline.proof.Theorem;
import plumbline.proof.TheoremIndex;
import plumbline.reference.io.InputException;
import plumbline.reference.io.WholeFile;

/** Has Coq check the formal proofs. */
@Command(
    name = "proofs",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
        "Have Coq check the formal proofs that 'audit' shows as proved.%n",
        "Compiles every file, asks Coq what each theorem states and which axioms it rests on, and compares this with the index"
            + " that the audit shows. Refused are axioms other than those listed in axioms.txt, proofs that were given"
            + " up (Admitted, admit), options that make Coq check less, theorems that are missing, and an index that is not"
            + " what Coq says now. Files that have not changed are not compiled again.%n",
        "Which theorem settles which reading of which statement is listed in theorems.yaml. That a theorem says what the reading"
            + " says is for a reader to see: 'plumbline explain ID' shows both.%n"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plumbline proofs                                     check the proofs of this build",
        "  plumbline proofs --sources proofs-check/coq          those in a directory",
        "  plumbline proofs --sources proofs-check/coq --update and write what is found as their index",
        "",
        "Exit codes: 0 all proofs are accepted; 1 something is not; 2 bad usage, or no Coq."})
final class ProofsCommand implements Callable<Integer> {
  private static final int JOBS = Math.min(2, Runtime.getRuntime().availableProcessors());

  @Option(names = "--sources", paramLabel = "DIR",
      description = "Check the files in this directory instead of those that this program was built with.")
  private @Nullable Path directory;

  @Option(names = "--build", paramLabel = "DIR",
      description = "Compile in this directory (default: coq, beside the program).")
  private @Nullable Path build;

  @Option(names = "--jobs", paramLabel = "N", description = "Compile so many files at once (default: 2 at most).")
  private int jobs = JOBS;

  @Option(names = "--update", description = "With --sources: write the index, if everything is accepted.")
  private boolean update;

  @Spec
  @SuppressWarnings("nullness:initialization.field.uninitialized") // picocli sets it before any use
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    require(jobs >= 1, "--jobs must be at least 1, got " + jobs);
    require(!update || directory != null, "--update is for --sources");
    CoqSources sources = directory == null ? CoqSources.packaged() : CoqSources.in(directory);
    String install = "; on Debian: " + Coq.installation(sources);
    Coq coq = Coq.find().orElseThrow(() -> new InputException("Coq is needed, and there is no coqc on PATH" + install));
    List<String> missing = coq.missing(sources);
    if (!missing.isEmpty()) {
      throw new InputException("Coq has no library " + String.join(", ", missing) + install);
    }
    ProofCheck check = new ProofCheck(sources, coq, build == null ? besideProgram() : build);
    ProofCheck.Result result;
    try (Progress progress = new Progress("proofs", check.steps())) {
      result = check.run(jobs, what -> {
        progress.doing(what);
        progress.step();
      });
    }
    List<String> faults = new ArrayList<>(result.faults());
    PrintWriter out = spec.commandLine().getOut();
    if (update && directory != null && faults.isEmpty()) {
      Path file = directory.resolve(TheoremIndex.FILE);
      String text = result.index().text();
      boolean same = Files.isRegularFile(file) && Files.readString(file).equals(text);
      if (!same) {
        WholeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
      }
      out.println(file + (same ? " is up to date" : " is written"));
    } else if (faults.isEmpty()) {
      faults.addAll(check.stale(result.index()));
    }
    report(out, result, faults);
    out.flush();
    return faults.isEmpty() ? ExitCode.DONE : ExitCode.BUG;
  }

  private static void report(PrintWriter out, ProofCheck.Result result, List<String> faults) {
    TheoremIndex index = result.index();
    index.readings().forEach(tie -> out.println(tie.statement() + " (" + tie.reading() + "): " + tie.role().word() + " it"
        + (tie.missing() == null ? "" : " in part") + ": " + String.join(", ", tie.theorems())));
    index.kernels().forEach(tie -> out.println(tie.kernel() + ": " + String.join(", ", tie.theorems())));
    out.println("Coq " + index.coq() + ": " + count(result.compiled(), "file") + " compiled, " + result.kept() + " known from before; "
        + count(index.theorems().size(), "tied theorem") + "; axioms: "
        + index.theorems().stream().map(Theorem::axioms).flatMap(List::stream).distinct().map(Theorem::shortName).sorted()
            .collect(Collectors.joining(", ")));
    faults.forEach(fault -> out.println("NOT ACCEPTED: " + fault));
    out.println(faults.isEmpty() ? "every proof is accepted" : count(faults.size(), "fault"));
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** The folder {@code coq} in the one that the program's jar or classes are in. */
  private static Path besideProgram() {
    CodeSource source = ProofsCommand.class.getProtectionDomain().getCodeSource();
    try {
      Path here = source == null ? null : Path.of(source.getLocation().toURI()).getParent();
      if (here != null) {
        return here.resolve("coq");
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    throw new InputException("it is not known where this program is; name a directory with --build");
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
