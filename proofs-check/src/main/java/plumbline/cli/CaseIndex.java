package plumbline.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.io.InputException;
import plumbline.reference.operator.Operator;

/**
 * The cases of a directory. Its {@code index.json} holds an array {@code cases} of objects with {@code file} (in that
 * directory), {@code statement} and {@code params}.
 */
final class CaseIndex {
  private static final ObjectMapper MAPPER = new ObjectMapper()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final long MOST_BYTES = 1 << 24;

  private record Case(Path file, Operator operator, Map<String, String> parameters) {}

  private final List<Case> cases;
  private final List<CaseCheck> checks = new ArrayList<>();

  private CaseIndex(List<Case> cases) {
    this.cases = cases;
  }

  /** Reads {@code folder/index.json}. */
  static CaseIndex read(Path folder) {
    Path index = folder.resolve("index.json");
    JsonNode root;
    try {
      if (!Files.isRegularFile(index)) {
        throw new InputException(folder + ": a directory without an index.json");
      }
      if (Files.size(index) > MOST_BYTES) {
        throw new InputException(index + ": expected at most " + MOST_BYTES + " bytes, got " + Files.size(index));
      }
      root = MAPPER.readTree(Files.readAllBytes(index));
    } catch (IOException e) {
      throw new InputException(index + ": not JSON (" + e.getMessage() + ")", e);
    }
    JsonNode array = root.path("cases");
    if (!array.isArray() || array.isEmpty()) {
      throw new InputException(index + ": expected an array 'cases'");
    }
    List<Case> cases = new ArrayList<>();
    for (JsonNode node : array) {
      String where = index + ": cases[" + cases.size() + "]";
      JsonNode name = node.path("file");
      JsonNode statement = node.path("statement");
      if (!name.isTextual() || !statement.isTextual()) {
        throw new InputException(where + ": expected the texts 'file' and 'statement'");
      }
      if (!name.textValue().matches("[\\w.+-]+") || name.textValue().startsWith(".")) {
        throw new InputException(where + ": expected a file name in this directory, got '" + name.textValue() + "'");
      }
      Map<String, String> parameters = new LinkedHashMap<>();
      node.path("params").fields().forEachRemaining(p -> parameters.put(p.getKey(), p.getValue().asText()));
      cases.add(new Case(folder.resolve(name.textValue()), CheckCommand.operator(statement.textValue()), parameters));
    }
    return new CaseIndex(cases);
  }

  int size() {
    return cases.size();
  }

  /** Checks all cases, see {@link CaseCheck#run}. */
  void run(@Nullable Double maxUlps, int maxBits, Progress progress) {
    for (Case next : cases) {
      checks.add(CaseCheck.run(next.file(), next.operator(), next.parameters(), maxUlps, maxBits, progress));
      progress.step();
    }
  }

  List<CaseCheck> checks() {
    return checks;
  }

  /** {@link ExitCode#BUG} if some case has one, else {@link ExitCode#UNDECIDED} if some case is. */
  int exitCode() {
    List<Integer> codes = checks.stream().map(CaseCheck::exitCode).toList();
    if (codes.contains(ExitCode.BUG)) {
      return ExitCode.BUG;
    }
    return codes.contains(ExitCode.UNDECIDED) ? ExitCode.UNDECIDED : ExitCode.DONE;
  }

  /** Prints a Markdown table: for each layer and type the largest certified errors over its cases. */
  void print(PrintWriter out) {
    Map<String, List<TensorComparison>> rows = new LinkedHashMap<>();
    for (CaseCheck check : checks) {
      for (TensorComparison output : check.outputs()) {
        String row = "| " + check.operator().title() + " | `" + check.operator().id() + "` | " + output.y().dtype().word();
        rows.computeIfAbsent(row, key -> new ArrayList<>()).add(output);
      }
    }
    out.println("| layer | statement | type | tensors | largest error, ulp | 99 % of entries, ulp "
        + "| largest error, ε·max\\|y\\| | bits |");
    out.println("|---|---|---|---|---|---|---|---|");
    rows.forEach((row, outputs) -> {
      Bounds largest = Bounds.ZERO;
      Bounds most = Bounds.ZERO;
      Bounds relative = Bounds.ZERO;
      TreeSet<Integer> bits = new TreeSet<>();
      boolean bad = false;
      for (TensorComparison output : outputs) {
        largest = max(largest, output.ulpsAt(1));
        most = max(most, output.ulpsAt(0.99));
        relative = max(relative, output.relative());
        bits.add(output.bits());
        bad |= output.countNaN() > 0;
      }
      double negligible = TensorComparison.NEGLIGIBLE_ULPS;
      out.println(row + " | " + outputs.size() + " | " + largest.text(negligible) + (bad ? " and NaN" : "") + " | "
          + most.text(negligible) + " | " + relative.text(negligible) + " | "
          + bits.stream().map(b -> b == 0 ? "exact" : b.toString()).collect(Collectors.joining(", ")) + " |");
    });
    for (CaseCheck check : checks) {
      if (check.exitCode() != ExitCode.DONE) {
        check.print(out);
      }
    }
  }

  private static Bounds max(Bounds a, Bounds b) {
    return new Bounds(Math.max(a.lower(), b.lower()), Math.max(a.upper(), b.upper()));
  }
}
