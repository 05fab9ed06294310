package plumbline.proof;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A theorem that Coq accepted.
 *
 * @param name its name with that of its file, such as {@code Facts.fact_a_1}
 * @param statement what it states, as Coq prints it, line by line
 * @param axioms the full names of all axioms that its proof rests on
 * @param files the files that it was checked from: its own, and all that this one depends on
 * @param sha256 hash of these files and of the list of allowed axioms, see {@link CoqSources#hash}
 */
@JsonPropertyOrder({"name", "statement", "axioms", "files", "sha256"})
public record Theorem(
    @JsonProperty(required = true) String name,
    @JsonProperty(required = true) List<String> statement,
    @JsonProperty(required = true) List<String> axioms,
    @JsonProperty(required = true) List<String> files,
    @JsonProperty(required = true) String sha256) {

  /** The file that it stands in, such as {@code Facts.v}. */
  public String file() {
    return fileOf(name);
  }

  static String fileOf(String name) {
    return name.substring(0, name.indexOf('.')) + ".v";
  }

  /** The short names of its axioms. */
  public String assumptions() {
    return axioms.isEmpty() ? "none"
        : axioms.stream().map(Theorem::shortName).collect(Collectors.joining(", "));
  }

  /** The last part of an axiom's full name. */
  public static String shortName(String axiom) {
    return axiom.substring(axiom.lastIndexOf('.') + 1);
  }
}
