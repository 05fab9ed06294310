package plumbline.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One exact number, matrix or text of a counterexample.
 *
 * @param name its name
 * @param rows the entries of a matrix by row; empty if it is no matrix
 * @param text what it says, where it is no matrix
 * @param folded whether it is too long to stand open on the page
 */
public record Witness(String name, List<List<String>> rows, String text, boolean folded) {
  private static final int LONGEST_TEXT = 600;
  private static final int MOST_ENTRIES = 64;
  private static final int LONGEST_ENTRIES = 480;

  /** All that {@code witness} shows, in its order. */
  static List<Witness> of(Map<String, String> witness) {
    return witness.entrySet().stream().map(e -> of(e.getKey(), e.getValue())).toList();
  }

  private static Witness of(String name, String value) {
    List<List<String>> rows = rows(value);
    if (rows.size() == 1 && rows.get(0).size() == 1) {
      return new Witness(name, List.of(), rows.get(0).get(0), value.length() > LONGEST_TEXT);
    }
    int entries = rows.stream().mapToInt(List::size).sum();
    boolean folded = rows.isEmpty() ? value.length() > LONGEST_TEXT : entries > MOST_ENTRIES || value.length() > LONGEST_ENTRIES;
    return new Witness(name, rows, value, folded);
  }

  /** The entries of {@code [[a, b], [c, d]]}; nothing for any other text. */
  private static List<List<String>> rows(String value) {
    if (!value.startsWith("[[") || !value.endsWith("]]")) {
      return List.of();
    }
    List<List<String>> rows = new ArrayList<>();
    for (String row : value.substring(2, value.length() - 2).split("\\], \\[", -1)) {
      rows.add(Arrays.asList(row.split(", ", -1)));
    }
    boolean matrix = rows.stream().allMatch(row -> row.size() == rows.get(0).size()
        && row.stream().allMatch(entry -> !entry.isEmpty() && entry.indexOf('[') < 0 && entry.indexOf(']') < 0));
    return matrix ? rows : List.of();
  }

  /** Rows and columns of a matrix, such as {@code 4×1}; its length for a text. */
  public String size() {
    return rows.isEmpty() ? text.length() + " characters" : rows.size() + "×" + rows.get(0).size();
  }
}
