package plumbline.proof;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of Coq as its sentences, without comments and with empty strings. This is not how Coq reads it, and no proof rests on
 * it: it finds early, with a line number, what leaves something unproved, and it sees files that no tied theorem depends on.
 */
final class Vernacular {

  /**
   * A sentence.
   *
   * @param line its first line, from 1
   * @param text all of it, without its final period
   */
  record Sentence(int line, String text) {}

  private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_'.]*");
  /** What may stand before the word that says what a sentence is. */
  private static final Pattern BEFORE = Pattern.compile(
      "^(?:\\s+|[-+*{}]+|\\d+:|all:|#\\[[^\\]]*\\]|(?:Local|Global|Polymorphic|Monomorphic|Program|Private|Cumulative|Time|Timeout\\s+\\d+)\\b)+");
  private static final Set<String> ASSUME = Set.of("Axiom", "Axioms", "Parameter", "Parameters", "Conjecture", "Conjectures",
      "Primitive", "Admitted");
  private static final Set<String> ASSUME_UNLESS_IN_SECTION = Set.of("Variable", "Variables", "Hypothesis", "Hypotheses", "Context");
  private static final Set<String> GIVE_UP = Set.of("admit", "give_up");
  private static final Pattern UNSAFE = Pattern.compile(
      "^(?:(?:Set|Unset)\\s+(?:Guard|Positivity|Universe)\\s+Checking|Set\\s+Definitional\\s+UIP|Admit\\s+Obligations|Load\\b|Drop\\b"
          + "|Declare\\s+(?:Module|ML\\s+Module)|(?:Rec\\s+)?Add\\s+(?:Rec\\s+)?LoadPath|Add\\s+ML\\s+Path)");
  private static final Pattern BYPASS = Pattern.compile("#\\[[^\\]]*\\bbypass_check\\b");
  private static final Pattern OPENS = Pattern.compile("^(Section|Module)\\s+(?:(?:Type|Import|Export)\\s+)?([\\p{L}_][\\p{L}\\p{N}_']*)(?!.*:=)", Pattern.DOTALL);
  private static final Pattern IMPORT = Pattern.compile("^(?:From\\s.*)?Require\\b|^(?:Import|Export|Open\\s+Scope)\\b", Pattern.DOTALL);

  private final List<Sentence> sentences = new ArrayList<>();

  Vernacular(String source) {
    StringBuilder text = new StringBuilder();
    int line = 1;
    int first = 0;
    int i = 0;
    while (i < source.length()) {
      int from = i;
      char c = source.charAt(i);
      if (source.startsWith("(*", i)) {
        i = afterComment(source, i);
        text.append(' ');
      } else if (c == '"') {
        i = afterString(source, i);
        text.append("\"\"");
        first = first == 0 ? line : first;
      } else if (c == '.' && ends(source, i)) {
        add(first, text);
        first = 0;
        i++;
      } else {
        text.append(c);
        first = first == 0 && !Character.isWhitespace(c) ? line : first;
        i++;
      }
      line += (int) source.substring(from, i).chars().filter(each -> each == '\n').count();
    }
    add(first, text);
  }

  private void add(int line, StringBuilder text) {
    if (!text.toString().isBlank()) {
      sentences.add(new Sentence(line, text.toString().strip()));
    }
    text.setLength(0);
  }

  /** A period ends a sentence before a blank or the end, but not the second of two, which are a notation's. */
  private static boolean ends(String source, int at) {
    boolean blank = at + 1 == source.length() || Character.isWhitespace(source.charAt(at + 1));
    int dots = 1;
    while (at - dots >= 0 && source.charAt(at - dots) == '.') {
      dots++;
    }
    return blank && dots != 2;
  }

  /** Comments nest, and a string in a comment may hold what would end it. */
  private static int afterComment(String source, int at) {
    int depth = 0;
    int i = at;
    while (i < source.length()) {
      if (source.startsWith("(*", i)) {
        depth++;
        i += 2;
      } else if (source.startsWith("*)", i)) {
        depth--;
        i += 2;
        if (depth == 0) {
          return i;
        }
      } else {
        i = source.charAt(i) == '"' ? afterString(source, i) : i + 1;
      }
    }
    return i;
  }

  /** A doubled quotation mark stands for one and so ends a string that another begins at once. */
  private static int afterString(String source, int at) {
    int end = source.indexOf('"', at + 1);
    return end < 0 ? source.length() : end + 1;
  }

  List<Sentence> sentences() {
    return sentences;
  }

  /** The sentences that bring names, notations and scopes into view. */
  List<String> imports() {
    return sentences.stream().map(sentence -> sentence.text().replaceFirst("^(?:Local|Global)\\s+", ""))
        .filter(text -> IMPORT.matcher(text).find()).toList();
  }

  /** What leaves something unproved, or tells Coq to check less; a line each, beginning with the line's number. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    Deque<String> open = new ArrayDeque<>();
    for (Sentence sentence : sentences) {
      String text = BEFORE.matcher(sentence.text()).replaceFirst("");
      Matcher words = WORD.matcher(text);
      String first = words.lookingAt() ? words.group() : "";
      Matcher opens = OPENS.matcher(text);
      if (opens.find()) {
        open.push(String.valueOf(opens.group(1)));
      } else if (first.equals("End") && !open.isEmpty()) {
        open.pop();
      }
      Matcher unsafe = UNSAFE.matcher(text);
      String fault = ASSUME.contains(first) ? first
          : ASSUME_UNLESS_IN_SECTION.contains(first) && !open.contains("Section") ? first + " outside a section"
          : unsafe.find() ? unsafe.group().replaceAll("\\s+", " ")
          : BYPASS.matcher(sentence.text()).find() ? "bypass_check"
          : words.reset().results().map(word -> word.group()).filter(GIVE_UP::contains).findFirst().orElse("");
      if (!fault.isEmpty()) {
        faults.add(sentence.line() + ": " + fault);
      }
    }
    return faults;
  }
}
