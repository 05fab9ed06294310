package plumbline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import plumbline.reference.io.InputException;
import plumbline.verify.Verifier;
import plumbline.verify.Verifier.Verification;

/** Checks certificates again, with a checker that shares no arithmetic with the audit that wrote them. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
        "Check certificates anew, with a small checker that shares no code with the audit's arithmetic.%n",
        "A certificate holds one verdict of the audit: the statement and its reading, cases with exact inputs, the formulas"
            + " of both sides of each inequality, what was found, and the digits of both sides.%n",
        "Proved anew, in rational and interval arithmetic: that the digits are those of the formulas at these inputs, that"
            + " each inequality holds or fails there as it says, and that the verdict follows.%n",
        "Not checked: that a formula is the statement's. The formula stands in the certificate, to be read. 'holds' is about"
            + " the cases in the certificate: they are some of those that the audit decided, and no proof of all others;"
            + " 'refuted' is final, as one counterexample is enough. A digest guards against accidents, not against a"
            + " forger.%n"},
    footerHeading = "%nExamples:%n",
    footer = {
        "  plumbline verify certificates/              every .json file below",
        "  plumbline verify lemma-5.3.json",
        "  plumbline verify certificates/ --quiet      rejected ones and the summary only",
        "",
        "Exit codes: 0 all accepted; 1 a certificate was rejected; 2 bad usage, or a file that cannot be read."})
final class VerifyCommand implements Callable<Integer> {
  private static final int LARGEST_FILE = 64 << 20;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "A certificate, or a directory of .json files.")
  private List<Path> paths = new ArrayList<>();

  @Option(names = "--quiet", description = "Print rejected certificates and the summary only.")
  private boolean quiet;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON, too.")
  private @Nullable Path json;

  @Spec
  @SuppressWarnings("nullness:initialization.field.uninitialized") // picocli sets it before any use
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (json != null) {
      JsonFile.requireWritable(json);
    }
    List<Path> files = files();
    Map<Path, Verification> results = new LinkedHashMap<>();
    try (Progress progress = new Progress("verify", files.size())) {
      for (Path file : files) {
        progress.doing(String.valueOf(file.getFileName()));
        results.put(file, Verifier.verify(read(file)));
        progress.step();
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    results.forEach((file, result) -> {
      if (!quiet || !result.accepted()) {
        out.println(line(file, result));
      }
    });
    long rejected = results.values().stream().filter(result -> !result.accepted()).count();
    out.println(count(results.size(), "certificate") + ": " + (results.size() - rejected) + " accepted, " + rejected
        + " rejected");
    out.flush();
    if (json != null) {
      JsonFile.write(json, report(results));
    }
    return rejected == 0 ? ExitCode.DONE : ExitCode.BUG;
  }

  /** The files named, and the .json files in the directories named, each once and sorted. */
  private TreeSet<Path> sorted(Path path) {
    TreeSet<Path> files = new TreeSet<>();
    if (!Files.isDirectory(path)) {
      files.add(path);
      return files;
    }
    try (Stream<Path> below = Files.walk(path)) {
      below.filter(file -> file.toString().endsWith(".json") && Files.isRegularFile(file)).forEach(files::add);
    } catch (IOException | UncheckedIOException e) {
      throw new InputException(shown(path) + ": cannot be read (" + e + ")", e);
    }
    if (files.isEmpty()) {
      throw new InputException(shown(path) + ": expected certificates, found no .json file in this directory");
    }
    return files;
  }

  private List<Path> files() {
    return paths.stream().flatMap(path -> sorted(path).stream()).distinct().toList();
  }

  /** The bytes of a file, or as many as show that it is too large. */
  private static byte[] read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InputException(shown(file) + ": expected a certificate or a directory, found "
          + (Files.exists(file) ? "neither" : "nothing of this name"));
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(LARGEST_FILE + 1);
    } catch (IOException e) {
      throw new InputException(shown(file) + ": cannot be read (" + e + ")", e);
    }
  }

  private static String line(Path file, Verification result) {
    if (!result.accepted()) {
      return "rejected  " + shown(file) + ": " + result.reason();
    }
    String precision = result.bits() == 0 ? "exact" : result.bits() + " bits";
    return String.format("accepted  %-12s %-16s %-8s %s, %s, %s  %s", result.statement(), result.reading(), result.verdict(),
        count(result.cases(), "case"), count(result.findings(), "finding"), precision, shown(file));
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** A file name may hold anything; here it stays on its line. */
  private static String shown(Path file) {
    return file.toString().replaceAll("\\p{C}", "?");
  }

  private static ObjectNode report(Map<Path, Verification> results) throws IOException {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("tool", "plumbline").put("version", Main.Version.version());
    ArrayNode certificates = report.putArray("certificates");
    results.forEach((file, result) -> {
      ObjectNode one = certificates.addObject().put("file", file.toString()).put("accepted", result.accepted());
      if (!result.accepted()) {
        one.put("reason", result.reason());
      }
      one.put("statement", result.statement()).put("reading", result.reading()).put("verdict", result.verdict())
          .put("cases", result.cases()).put("findings", result.findings()).put("bits", result.bits());
    });
    return report;
  }
}
