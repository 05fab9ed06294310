package plumbline.proof;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What theorems do for one reading of a statement, as a person judged it who compared the two. That the theorems are
 * proved is Coq's word; that they say what the reading says is this one's.
 *
 * @param statement id of the statement, such as {@code fact-a.1}
 * @param reading id of the reading
 * @param role what they do for it, all of them together
 * @param theorems their names with that of their file, such as {@code Facts.fact_a_1}
 * @param says how, in a sentence
 * @param missing what of the reading is left open; {@code null} where nothing is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"statement", "reading", "role", "theorems", "says", "missing"})
public record Tie(
    @JsonProperty(required = true) String statement,
    @JsonProperty(required = true) String reading,
    @JsonProperty(required = true) Role role,
    @JsonProperty(required = true) List<String> theorems,
    @JsonProperty(required = true) String says,
    @JsonProperty @Nullable String missing) {

  /** Whether the reading is proved, or refuted, as a whole: it is not where something is missing. */
  public boolean settles() {
    return role != Role.SUPPORTS && missing == null;
  }
}
