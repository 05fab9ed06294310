package plumbline.proof;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * Theorems that a class of Plumbline's arithmetic rests on.
 *
 * @param kernel name of the class, such as {@code plumbline.reference.number.Ball53Matrix}
 * @param theorems their names with that of their file
 * @param says what they say of it, and what they do not
 */
@JsonPropertyOrder({"kernel", "theorems", "says"})
public record KernelTie(
    @JsonProperty(required = true) String kernel,
    @JsonProperty(required = true) List<String> theorems,
    @JsonProperty(required = true) String says) {}
