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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import plumbline.reference.conformance.Bounds;
import plumbline.reference.conformance.UlpErrors;
import plumbline.reference.io.InputException;
import plumbline.reference.number.Decimals;
import plumbline.reference.operator.Operator;

/**
 * The cases of a directory. Its {@code index.json} holds an array {@code cases} of objects with {@code file} (in that
 * directory), {@code statement} and {@code params}.
 */
final class CaseIndex {
  private static final ObjectMapper MAPPER = new ObjectMapper()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final long MOST_BYTES = 1 << 24;

  private record Case(Path file, List<Operator> operators, Map<String, String> parameters) {}

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
      cases.add(new Case(folder.resolve(name.textValue()), CheckCommand.operators(statement.textValue()), parameters));
    }
    return new CaseIndex(cases);
  }

  int size() {
    return cases.size();
  }

  /** Checks all cases, see {@link CaseCheck#run}. */
  void run(CaseCheck.Settings settings, Progress progress) {
    for (Case next : cases) {
      checks.add(CaseCheck.run(next.file(), next.operators(), next.parameters(), settings, progress));
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

  /** Prints a Markdown table: for each layer and type the verdicts and the largest certified errors over its cases. */
  void print(PrintWriter out) {
    Map<String, List<TensorReport>> rows = new LinkedHashMap<>();
    for (CaseCheck check : checks) {
      for (TensorReport output : check.outputs()) {
        String row = "| " + output.title() + " | `" + output.id() + "` | " + output.y().dtype().word();
        rows.computeIfAbsent(row, key -> new ArrayList<>()).add(output);
      }
    }
    out.println("| layer | statement | type | tensors | verdict | envelope used | tightness | largest error, ulp "
        + "| 99 % of entries, ulp | largest error, ε·max\\|y\\| | bits |");
    out.println("|---|---|---|---|---|---|---|---|---|---|---|");
    rows.forEach((row, outputs) -> {
      Bounds share = Bounds.ZERO;
      Bounds largest = Bounds.ZERO;
      Bounds most = Bounds.ZERO;
      Bounds relative = Bounds.ZERO;
      double tightness = Double.NaN;
      TreeSet<Integer> bits = new TreeSet<>();
      Map<String, Integer> verdicts = new TreeMap<>();
      boolean bad = false;
      for (TensorReport output : outputs) {
        share = Bounds.max(share, output.judgement().share());
        largest = Bounds.max(largest, output.errors().ulpsAt(1));
        most = Bounds.max(most, output.errors().ulpsAt(0.99));
        relative = Bounds.max(relative, output.errors().relative());
        double median = output.judgement().tightness();
        tightness = tightness >= median ? tightness : Double.isNaN(median) ? tightness : median;
        bits.add(output.judgement().bits());
        verdicts.merge(output.judgement().ruling().word(), 1, Integer::sum);
        bad |= output.errors().countNaN() > 0;
      }
      double negligible = UlpErrors.NEGLIGIBLE;
      out.println(row + " | " + outputs.size() + " | " + verdicts.entrySet().stream()
          .map(v -> verdicts.size() == 1 ? v.getKey() : v.getValue() + " " + v.getKey()).collect(Collectors.joining(", "))
          + " | " + share.text(0) + " | " + (Double.isNaN(tightness) ? "-" : Decimals.brief(tightness)) + " | "
          + largest.text(negligible) + (bad ? " and NaN" : "") + " | "
          + most.text(negligible) + " | " + relative.text(negligible) + " | "
          + bits.stream().map(b -> b == 0 ? "exact" : b.toString()).collect(Collectors.joining(", ")) + " |");
    });
    for (CaseCheck check : checks) {
      if (check.exitCode() != ExitCode.DONE) {
        check.print(out);
      }
    }
  }
}
