package plumbline.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import plumbline.benchmark.Report.Comparison;
import plumbline.benchmark.Report.Fact;

/** {@code plumbline benchmark}: measures our arithmetic against other libraries', and checks that the results agree. */
@Command(name = "plumbline benchmark", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Measures arithmetic against other libraries in turns, checks that the results agree, and prints a table of ratios:",
    "the time of the peer over ours, so that above 1 we are faster.%n",
    "Targets: 1 certified product, 2 binary64 product, 3 Ball(53), 4 exp, 5 long multiplication, 6 certified attention,",
    "7 memory and a whole model, 8 threads.%n"})
public final class Main implements Callable<Integer> {
  private static final Path ROOT = Path.of(System.getProperty("plumbline.root", ".")).toAbsolutePath();

  /** Lines of the README with the table between. */
  private static final String BEGIN = "<!-- what ./plumbline benchmark --keep printed -->\n";
  private static final String END = "<!-- until here -->\n";

  @Option(names = "--only", paramLabel = "TARGET", split = ",", description = "These targets alone.")
  private Set<Integer> only = new TreeSet<>();

  @Option(names = "--quick", description = "Shorter: fewer rounds, no series, one block of the model.")
  private boolean quick;

  @Option(names = "--rounds", paramLabel = "N", description = "How often all sides are started anew; 3, or 2 if quick.")
  private int rounds;

  @Option(names = "--out", paramLabel = "DIR", description = "Where table, JSON and plots go; by default ${DEFAULT-VALUE}.")
  private Path out = ROOT.resolve("proofs-check/target/benchmark");

  @Option(names = "--keep", description = "Keep them in the repository instead, the table in its README.")
  private boolean keep;

  private final PrintStream progress = new PrintStream(System.err, true, StandardCharsets.UTF_8);

  private Main() {}

  /** Exit code 0, or 1 if results contradict each other, 2 on other errors. */
  public static void main(String[] args) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler((exception, command, parsed) -> {
      System.err.println("plumbline: " + exception.getMessage());
      if (!(exception instanceof Agreement.DisagreementException || exception instanceof PeerException)) {
        exception.printStackTrace();
      }
      return exception instanceof Agreement.DisagreementException ? 1 : 2;
    });
    System.exit(line.execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path scratch = ROOT.resolve("proofs-check/target/benchmark-files");
    Path sources = ROOT.resolve("proofs-check/src/benchmark");
    if (keep) {
      out = sources.resolve("results");
    }
    Peers peers = new Peers(sources, scratch.resolve("peers"), seconds());
    peers.build();
    peers.missing().forEach(line -> progress.println("left out: " + line));
    JavaSide java = new JavaSide(scratch.resolve("jmh"), seconds());
    Duel duel = new Duel(peers, java, scratch, rounds());

    List<Work> works = Work.all().stream().filter(work -> wanted(work.target()) && !(quick && work.scaling())).toList();
    List<Comparison> comparisons = new ArrayList<>();
    for (Work work : works) {
      for (Comparison comparison : duel.run(work)) {
        comparisons.add(comparison);
        progress.println("[" + (works.indexOf(work) + 1) + "/" + works.size() + "] " + Table.work(comparison) + ": "
            + Table.number(comparison.ratio()) + " × " + comparison.library());
      }
    }
    List<Fact> facts = facts(scratch, peers, java);
    Report report = new Report(Machine.describe(), comparisons, facts, peers.missing());
    write(report);
    Plots.write(report, out).forEach(file -> progress.println("wrote " + file));
    PrintStream table = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    table.print(Table.of(report));
    return 0;
  }

  private int rounds() {
    return rounds > 0 ? rounds : quick ? 2 : 3;
  }

  private double seconds() {
    return quick ? 0.1 : 0.2;
  }

  private List<Fact> facts(Path scratch, Peers peers, JavaSide java) throws Exception {
    List<Fact> facts = new ArrayList<>();
    if (wanted(3)) {
      facts.addAll(Radii.measure());
    }
    if (wanted(7)) {
      facts.addAll(Memory.measure());
      progress.println("a forward pass of VAR-d16 …");
      facts.addAll(Model.measure(quick ? 1 : 16, scratch.resolve("model.log")));
    }
    if (wanted(8)) {
      progress.println("one thread against two …");
      facts.addAll(new Threads(ROOT, scratch, peers, java, rounds()).measure());
    }
    return facts;
  }

  private boolean wanted(int target) {
    return only.isEmpty() || only.contains(target);
  }

  private void write(Report report) throws IOException {
    Files.createDirectories(out);
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(out.resolve("benchmark.json").toFile(), report);
    Files.writeString(out.resolve("benchmark.md"), Table.of(report));
    if (keep) {
      Path readme = ROOT.resolve("README.md");
      String text = Files.readString(readme);
      int from = text.indexOf(BEGIN) + BEGIN.length();
      int to = text.indexOf(END, from);
      if (from < BEGIN.length() || to < 0) {
        throw new IOException(readme + " lacks the lines " + BEGIN + END);
      }
      Files.writeString(readme, text.substring(0, from) + Table.of(report) + text.substring(to));
    }
  }
}
