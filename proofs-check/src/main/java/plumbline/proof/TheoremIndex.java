package plumbline.proof;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import plumbline.reference.io.InputException;

/**
 * What the check of the proofs found, kept so that it can be shown where there is no Coq.
 *
 * @param coq the version of Coq
 * @param theorems every tied theorem, by name
 * @param readings what they do for readings
 * @param kernels what they do for the arithmetic
 */
@JsonPropertyOrder({"coq", "theorems", "readings", "kernels"})
public record TheoremIndex(
    @JsonProperty(required = true) String coq,
    @JsonProperty(required = true) List<Theorem> theorems,
    @JsonProperty(required = true) List<Tie> readings,
    @JsonProperty(required = true) List<KernelTie> kernels) {
  /** The file that it is kept in, beside the proofs. */
  public static final String FILE = "index.json";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * Reads {@value #FILE}.
   *
   * @throws InputException if it is malformed
   */
  static TheoremIndex read(String json) {
    try {
      return MAPPER.readValue(json, TheoremIndex.class);
    } catch (JsonProcessingException e) {
      throw new InputException(FILE + ": " + e.getOriginalMessage().replaceAll("\\s+", " "), e);
    }
  }

  /** The text of {@value #FILE}. */
  public String text() {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    printer.indentArraysWith(indenter);
    printer.indentObjectsWith(indenter);
    try {
      return MAPPER.writer(printer).writeValueAsString(this) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** In what this index, which was just made, differs from one that was kept; the version of Coq alone makes no difference. */
  List<String> differencesFrom(TheoremIndex kept) {
    List<String> differences = new ArrayList<>();
    Map<String, Theorem> before = new LinkedHashMap<>();
    kept.theorems.forEach(theorem -> before.put(theorem.name(), theorem));
    for (Theorem theorem : theorems) {
      Theorem old = before.remove(theorem.name());
      if (old == null) {
        differences.add(theorem.name() + " is not in it");
      } else if (!old.statement().equals(theorem.statement())) {
        differences.add(theorem.name() + " has another statement in it:\n" + lines(old.statement()) + "\n  but Coq "
            + coq + " prints:\n" + lines(theorem.statement()));
      } else if (!old.axioms().equals(theorem.axioms())) {
        differences.add(theorem.name() + " rests on other axioms in it: " + old.assumptions() + ", but now on "
            + theorem.assumptions());
      } else if (!old.equals(theorem)) {
        differences.add(theorem.name() + " was checked from other sources: " + String.join(", ", theorem.files())
            + " or the list of axioms changed");
      }
    }
    before.keySet().forEach(name -> differences.add(name + " is in it and tied to nothing"));
    if (!kept.readings.equals(readings) || !kept.kernels.equals(kernels)) {
      differences.add("its ties are not those of " + Ties.FILE);
    }
    return differences;
  }

  private static String lines(List<String> statement) {
    return "    " + String.join("\n    ", statement);
  }
}
