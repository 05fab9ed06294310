package plumbline.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import plumbline.reference.io.Sha256;

/** The scripts, styles and fonts that the page carries with it. */
final class Assets {
  /** A font of KaTeX's style sheet: woff2, then formats for older browsers, which are dropped. */
  private static final Pattern FONT = Pattern.compile("src:url\\(fonts/([\\w-]+\\.woff2)\\) format\\(\"woff2\"\\)[^}]*");

  private final String style;
  private final String early;
  private final List<String> scripts;

  Assets() {
    Properties webjars = new Properties();
    try (InputStream in = open("webjars.properties")) {
      webjars.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String katex = webjars.getProperty("katex", "");
    style = inlined(text(katex + "katex.min.css"), katex) + text("report.css");
    early = text("theme.js");
    scripts = List.of(text(katex + "katex.min.js"), text(webjars.getProperty("d3", "") + "d3.min.js"), text("figures.js"),
        text("report.js"));
  }

  /** The style sheet. */
  String style() {
    return style;
  }

  /** The script that runs before the page is drawn. */
  String early() {
    return early;
  }

  /** The scripts at the end of the page, in order. */
  List<String> scripts() {
    return scripts;
  }

  /** A policy under which nothing is fetched and no script runs but these: what a text might smuggle in is not one of them. */
  String policy() {
    String hashes = Stream.concat(Stream.of(early), scripts.stream())
        .map(script -> "'sha256-" + Base64.getEncoder().encodeToString(Sha256.bytes(script)) + "'").collect(Collectors.joining(" "));
    return "default-src 'none'; script-src " + hashes + "; style-src 'unsafe-inline'; font-src data:; base-uri 'none';"
        + " form-action 'none'";
  }

  private static String inlined(String css, String folder) {
    return FONT.matcher(css).replaceAll(font -> Matcher.quoteReplacement("src:url(data:font/woff2;base64,"
        + Base64.getEncoder().encodeToString(bytes(folder + "fonts/" + font.group(1))) + ") format(\"woff2\")"));
  }

  private static String text(String resource) {
    return new String(bytes(resource), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String resource) {
    try (InputStream in = open(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = Assets.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException(resource + " is missing from the program");
    }
    return in;
  }
}
