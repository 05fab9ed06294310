package plumbline.report;

import gg.jte.Content;
import gg.jte.TemplateOutput;
import gg.jte.html.escape.Escape;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Reference;
import plumbline.spec.paper.Statement;

/**
 * Plain text of the specification and of evidence, as HTML: indices such as {@code h_{r−1}} are set below and powers such as
 * {@code 10^−300} above the line, and the names of statements and cited works become links. Everything else is escaped.
 */
final class Prose {
  /** An index or a power: after a symbol, in braces or as a word; {@code up,r} is one index. */
  private static final Pattern SCRIPT = Pattern.compile(
      "(?<=[\\p{L}\\p{N}\\p{M}\\p{Sm}‖′″∞)\\]}])([_^])(?:\\{((?:[^{}]|\\{[^{}]*\\})*)\\}|(\\([^()]{1,24}\\)|[−-]?[\\p{L}\\p{N}∞]+(?:,(?=[a-z]\\b)[a-z])?))");
  /** Words of programs, whose underscores are no indices. */
  private static final Pattern PROGRAM = Pattern.compile("(?<![\\p{L}\\p{N}_])[a-z]{3,}(?:_[a-z]{2,})+(?![\\p{L}\\p{N}_])");
  private static final Pattern NAMED = Pattern.compile(
      "(?:Definition|Remark|Lemma|Assumption|Theorem|Corollary|Fact)\\s[3-6A-D]\\.[0-9]+"
          + "|\\b(?:def|rem|lemma|asm|thm|cor|fact)-[3-6a-d]\\.[0-9]+|\\[[0-9]+\\]");

  private final Map<String, String> targets;

  /**
   * @param paper the specification, which names its statements and the works it cites
   * @param shown ids of the statements on the page, to which alone links can lead
   */
  Prose(Paper paper, Set<String> shown) {
    targets = paper.statements().stream().filter(s -> shown.contains(s.id()))
        .collect(Collectors.toMap(Statement::label, Statement::id, (a, b) -> a));
    paper.statements().stream().filter(s -> shown.contains(s.id())).forEach(s -> targets.put(s.id(), s.id()));
    for (Reference work : paper.bibliography()) {
      targets.put("[" + work.key() + "]", "work-" + work.key());
    }
  }

  /** The text as HTML. */
  Content of(String text) {
    return output -> linked(text, output);
  }

  private void linked(String text, TemplateOutput output) {
    Matcher names = NAMED.matcher(text);
    int from = 0;
    while (names.find()) {
      String target = targets.get(names.group().replaceAll("\\s", " "));
      if (target != null) {
        scripts(text.substring(from, names.start()), output);
        output.writeContent("<a href=\"#");
        Escape.htmlAttribute(target, output);
        output.writeContent("\">");
        Escape.htmlContent(names.group(), output);
        output.writeContent("</a>");
        from = names.end();
      }
    }
    scripts(text.substring(from), output);
  }

  private static void scripts(String text, TemplateOutput output) {
    Matcher words = PROGRAM.matcher(text);
    int from = 0;
    while (words.find()) {
      raised(text.substring(from, words.start()), output);
      Escape.htmlContent(words.group(), output);
      from = words.end();
    }
    raised(text.substring(from), output);
  }

  private static void raised(String text, TemplateOutput output) {
    Matcher script = SCRIPT.matcher(text);
    int from = 0;
    while (script.find()) {
      Escape.htmlContent(text.substring(from, script.start()), output);
      String tag = "_".equals(script.group(1)) ? "sub" : "sup";
      String inner = script.group(2) != null ? script.group(2) : script.group(3);
      output.writeContent("<" + tag + ">");
      raised(inner == null ? "" : inner, output);
      output.writeContent("</" + tag + ">");
      from = script.end();
    }
    Escape.htmlContent(text.substring(from), output);
  }
}
