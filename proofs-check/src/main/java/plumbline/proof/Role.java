package plumbline.proof;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What theorems do for a reading. */
public enum Role {
  /** Their conclusion is the reading, or a part of it. */
  PROVES,
  /** They contradict the reading, or what it says in some case. */
  REFUTES,
  /** They are about the thing that it speaks of, and settle nothing. */
  SUPPORTS;

  /** The word in files and reports. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
