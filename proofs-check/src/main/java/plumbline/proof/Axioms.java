package plumbline.proof;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import plumbline.reference.io.InputException;

/** The axioms that proofs may rest on. */
final class Axioms {
  /** The file that lists them: full name and reason, a line each; {@code #} begins a comment. */
  static final String FILE = "axioms.txt";

  private static final Pattern LINE = Pattern.compile("(Coq(?:\\.[A-Za-z_][A-Za-z0-9_']*)+)\\s+(\\S.*)");
  private static final Pattern PRINTED = Pattern.compile("([A-Za-z_][A-Za-z0-9_'.]*)(?:\\s*:.*)?");
  private static final String NONE = "Closed under the global context";

  private final Map<String, String> reasons = new LinkedHashMap<>();

  /**
   * Reads {@value #FILE}.
   *
   * @throws InputException if a line is not as it should be
   */
  Axioms(String text) {
    for (String line : text.lines().map(String::strip).filter(each -> !each.isEmpty() && !each.startsWith("#")).toList()) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new InputException(FILE + ": expected the full name of an axiom of Coq's library and a reason, found '" + line + "'");
      }
      if (reasons.put(String.valueOf(matcher.group(1)), String.valueOf(matcher.group(2))) != null) {
        throw new InputException(FILE + ": " + matcher.group(1) + " stands there twice");
      }
    }
  }

  /** Their full names, in the order of the file. */
  List<String> names() {
    return List.copyOf(reasons.keySet());
  }

  /**
   * What {@code Print Assumptions} printed, one item for each assumption: the name of an axiom as printed or, where the line is
   * of no form known here, the line itself, which no axiom is called.
   */
  static List<String> printed(String output) {
    if (output.strip().equals(NONE)) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    List<String> lines = output.lines().toList();
    for (String line : lines) {
      if (line.isBlank() || line.startsWith(" ") || line.equals("Axioms:")) {
        continue;
      }
      Matcher matcher = PRINTED.matcher(line);
      found.add(matcher.matches() ? String.valueOf(matcher.group(1)) : line);
    }
    return found.isEmpty() ? List.of("what is not understood: " + output.strip()) : found;
  }
}
