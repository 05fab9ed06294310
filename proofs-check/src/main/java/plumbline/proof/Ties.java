package plumbline.proof;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import plumbline.reference.io.InputException;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Statement;

/**
 * All that theorems are tied to.
 *
 * @param readings readings of the paper's statements
 * @param kernels classes of the arithmetic
 */
public record Ties(
    @JsonProperty(required = true) List<Tie> readings, @JsonProperty(required = true) List<KernelTie> kernels) {
  /** The file that lists them, beside the proofs. */
  public static final String FILE = "theorems.yaml";

  private static final ObjectMapper YAML =
      new ObjectMapper(YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
  private static final Pattern THEOREM = Pattern.compile("[A-Z][A-Za-z0-9_]*\\.[A-Za-z_][A-Za-z0-9_']*");

  /**
   * Reads {@value #FILE}.
   *
   * @throws InputException if it is malformed, or names what is not there
   */
  static Ties read(String yaml, Paper paper) {
    Ties ties;
    try {
      ties = YAML.readValue(yaml, Ties.class);
    } catch (JsonProcessingException e) {
      throw new InputException(FILE + ": " + e.getOriginalMessage().replaceAll("\\s+", " ")
          + (e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr()), e);
    }
    Set<String> settled = new HashSet<>();
    for (Tie tie : ties.readings()) {
      String where = FILE + ": " + tie.statement() + ", " + tie.reading() + ": ";
      Statement statement = paper.statements().stream().filter(s -> s.id().equals(tie.statement())).findFirst()
          .orElseThrow(() -> new InputException(where + "no such statement"));
      require(statement.reading(tie.reading()).isPresent(), where + "no such reading");
      require(tie.role() != Role.SUPPORTS || tie.missing() == null, where + "what only supports has nothing missing");
      require(tie.missing() == null || !tie.missing().isBlank(), where + "'missing' is empty");
      require(!tie.settles() || settled.add(tie.statement() + " " + tie.reading()), where + "settled twice");
      check(where, tie.theorems(), tie.says());
    }
    for (KernelTie tie : ties.kernels()) {
      String where = FILE + ": " + tie.kernel() + ": ";
      require(KernelTie.class.getResource("/" + tie.kernel().replace('.', '/') + ".class") != null, where + "no such class");
      check(where, tie.theorems(), tie.says());
    }
    return ties;
  }

  private static void check(String where, List<String> theorems, String says) {
    require(!theorems.isEmpty(), where + "no theorems");
    require(!says.isBlank(), where + "'says' is empty");
    for (String theorem : theorems) {
      require(THEOREM.matcher(theorem).matches(), where + "expected a theorem as File.name, found '" + theorem + "'");
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new InputException(message);
    }
  }

  /** The names of all theorems that are tied to something, each once, by file and name. */
  public List<String> theorems() {
    return List.copyOf(new TreeSet<>(Stream.concat(readings.stream().map(Tie::theorems), kernels.stream().map(KernelTie::theorems))
        .flatMap(List::stream).toList()));
  }
}
