package plumbline.report;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One exact number, matrix or text of a counterexample.
 *
 * @param name its name
 * @param rows the entries of a matrix by row; empty if it is no matrix
 * @param text what it says, where it is no matrix
 * @param folded whether it is too long to stand open on the page
 */
public record Witness(String name, List<List<String>> rows, String text, boolean folded) {
  private static final int LONGEST_TEXT = 400;
  private static final int MOST_ENTRIES = 64;
  private static final int LONGEST_ENTRIES = 480;
  /** What a campaign says of the inequality that decided a case. */
  private static final List<String> DECISION = List.of("inequality", "left", "right", "system");
  /** A number of many digits, as long as a large power of two or longer. */
  private static final Pattern LONG = Pattern.compile("(?<![\\d.])\\d{7,}(?![\\d.])");

  /** How the inequality was decided, by name; empty if that is not told. */
  static List<Witness> decision(Map<String, String> witness) {
    return DECISION.stream().filter(witness::containsKey).map(name -> of(name, witness.getOrDefault(name, ""))).toList();
  }

  /** All other that {@code witness} shows, in its order. */
  static List<Witness> values(Map<String, String> witness) {
    return witness.entrySet().stream().filter(e -> !DECISION.contains(e.getKey())).map(e -> of(e.getKey(), e.getValue())).toList();
  }

  private static Witness of(String name, String exact) {
    String value = powers(exact);
    List<List<String>> rows = rows(value);
    if (rows.size() == 1 && rows.get(0).size() == 1) {
      return new Witness(name, List.of(), rows.get(0).get(0), value.length() > LONGEST_TEXT);
    }
    int entries = rows.stream().mapToInt(List::size).sum();
    boolean folded = rows.isEmpty() ? value.length() > LONGEST_TEXT : entries > MOST_ENTRIES || value.length() > LONGEST_ENTRIES;
    return new Witness(name, rows, value, folded);
  }

  /** The same numbers, with large powers of two written as such: {@code 3/2^100}. */
  private static String powers(String value) {
    return LONG.matcher(value).replaceAll(digits -> {
      BigInteger number = new BigInteger(digits.group());
      return number.bitCount() == 1 ? "2^" + number.getLowestSetBit() : digits.group();
    });
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

  /** Rows and columns of a matrix, such as {@code 4×1}; the beginning and the length of a text. */
  public String summary() {
    return rows.isEmpty() ? text.substring(0, text.offsetByCodePoints(0, 24)) + "… (" + text.length() + " characters)" : rows.size() + "×" + rows.get(0).size();
  }
}
