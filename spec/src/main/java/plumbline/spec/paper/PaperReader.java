package plumbline.spec.paper;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads the specification strictly: what is not exactly as it should be is an exception that names the entry. */
final class PaperReader {
  private static final String RESOURCE = "paper.yaml";
  private static final ObjectMapper YAML =
      new ObjectMapper(YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());
  private static final Pattern NUMBERED = Pattern.compile("(def|rem|lemma|asm|thm|cor|fact)-([3-6]|[a-d])\\.[1-9][0-9]?");
  private static final Pattern PHASE = Pattern.compile("phase-(two|three)");
  private static final Pattern READING = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final Pattern CITATION = Pattern.compile("\\[([^\\]]*)\\]");

  private PaperReader() {}

  static Paper readResource() {
    try (InputStream in = PaperReader.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new SpecificationException(RESOURCE + " is missing from the library");
      }
      return read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a specification.
   *
   * @throws SpecificationException if it is malformed
   */
  static Paper read(String yaml) {
    JsonNode tree;
    try {
      tree = YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new SpecificationException(RESOURCE + ": " + String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " "));
    }
    Fields top = new Fields(RESOURCE, tree);
    Publication publication = publication(top.object("paper"));
    List<Notation> notation = new ArrayList<>();
    for (Fields f : top.objects("notation")) {
      notation.add(new Notation(f.text("formula"), f.text("text")));
      f.done();
    }
    Map<String, Reference> bibliography = new LinkedHashMap<>();
    for (Fields f : top.objects("bibliography")) {
      String key = f.text("key");
      Reference work = new Reference(key, f.text("authors"), f.text("title"), f.text("venue"), f.text("arxiv"));
      f.done();
      if (bibliography.put(key, work) != null) {
        throw f.fault("duplicate key '" + key + "'");
      }
    }
    Map<String, Statement> statements = new LinkedHashMap<>();
    for (Fields f : top.objects("statements")) {
      Statement statement = statement(f);
      if (statements.put(statement.id(), statement) != null) {
        throw f.fault("duplicate id");
      }
    }
    top.done();
    for (Statement statement : statements.values()) {
      resolve(statement, statements, bibliography);
    }
    return new Paper(publication, notation, List.copyOf(bibliography.values()), statements);
  }

  private static Publication publication(Fields f) {
    Publication publication = new Publication(f.text("title"), f.text("authors"), f.text("arxiv"), f.text("version"),
        f.text("date"), f.text("later-title"), f.text("later-venue"));
    f.done();
    return publication;
  }

  private static Statement statement(Fields f) {
    String id = f.text("id");
    f.rename(id);
    Kind kind = kind(f, id);
    List<Reading> readings = new ArrayList<>();
    Set<String> readingIds = new HashSet<>();
    @Nullable Reading defaultReading = null;
    for (Fields r : f.objects("readings")) {
      Reading reading = reading(id, r);
      if (!readingIds.add(reading.id())) {
        throw r.fault("duplicate reading");
      }
      if (reading.isDefault()) {
        if (defaultReading != null) {
          throw f.fault("two default readings, '" + defaultReading.id() + "' and '" + reading.id() + "'");
        }
        defaultReading = reading;
      }
      readings.add(reading);
    }
    if (defaultReading == null) {
      throw f.fault("no default reading");
    }
    List<Reconstruction> reconstructed = new ArrayList<>();
    for (Fields r : f.objects("reconstructed")) {
      reconstructed.add(new Reconstruction(r.text("what"), r.text("why")));
      r.done();
    }
    List<ProofStep> proof = new ArrayList<>();
    for (Fields step : f.optionalObjects("proof")) {
      proof.add(new ProofStep(step.text("formula"), step.text("text")));
      step.done();
    }
    Statement statement = new Statement(id, kind, f.text("title"), f.text("formula"), f.texts("hypotheses"),
        f.text("text"), reconstructed, readings, defaultReading, f.texts("references"), f.texts("sources"),
        f.texts("remarks"), proof, f.optionalText("unchecked"));
    f.done();
    if (statement.sources().isEmpty()) {
      throw f.fault("'sources' is empty");
    }
    return statement;
  }

  private static Kind kind(Fields f, String id) {
    String word = f.text("kind");
    for (Kind kind : Kind.values()) {
      if (kind.word().equals(word)) {
        if (!(kind == Kind.PHASE ? PHASE : NUMBERED).matcher(id).matches() || !id.startsWith(kind.prefix() + "-")) {
          throw f.fault("not the id of a " + word);
        }
        return kind;
      }
    }
    throw f.fault("unknown kind '" + word + "'");
  }

  private static Reading reading(String statement, Fields f) {
    String id = f.text("id");
    f.rename(statement + ", reading " + id);
    if (!READING.matcher(id).matches()) {
      throw f.fault("not a reading's id");
    }
    List<Parameter> parameters = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Fields p : f.optionalObjects("parameters")) {
      Parameter parameter = new Parameter(p.text("name"), p.texts("values"), p.optionalTextOrEmpty("default"),
          p.text("text"));
      p.done();
      if (!names.add(parameter.name())) {
        throw f.fault("duplicate parameter '" + parameter.name() + "'");
      }
      if (!parameter.values().isEmpty() && !parameter.values().contains(parameter.defaultValue())) {
        throw f.fault("the default of parameter '" + parameter.name() + "' is not one of its values");
      }
      parameters.add(parameter);
    }
    Reading reading = new Reading(id, f.text("text"), f.optionalText("default"), f.optionalText("formula"), parameters);
    f.done();
    return reading;
  }

  private static void resolve(Statement statement, Map<String, ?> statements, Map<String, ?> works) {
    Set<String> seen = new HashSet<>();
    for (String reference : statement.references()) {
      if (!statements.containsKey(reference) || reference.equals(statement.id())) {
        throw new SpecificationException(statement.id() + ": dangling reference '" + reference + "'");
      }
      if (!seen.add(reference)) {
        throw new SpecificationException(statement.id() + ": duplicate reference '" + reference + "'");
      }
    }
    for (String source : statement.sources()) {
      Matcher citation = CITATION.matcher(source);
      while (citation.find()) {
        String key = citation.group(1);
        if (key == null || !works.containsKey(key)) {
          throw new SpecificationException(statement.id() + ": source [" + key + "] is not in the bibliography");
        }
      }
    }
  }

  /** The fields of one mapping; each is asked for once, and {@link #done} rejects what nobody asked for. */
  private static final class Fields {
    private String name;
    private final JsonNode node;
    private final Set<String> left = new LinkedHashSet<>();

    Fields(String name, @Nullable JsonNode node) {
      this.name = name;
      if (node == null || !node.isObject()) {
        throw new SpecificationException(name + ": expected a mapping");
      }
      this.node = node;
      node.fieldNames().forEachRemaining(left::add);
    }

    void rename(String entry) {
      name = entry;
    }

    SpecificationException fault(String message) {
      return new SpecificationException(name + ": " + message);
    }

    String text(String field) {
      return text(field, take(field));
    }

    @Nullable String optionalText(String field) {
      return node.has(field) ? text(field) : null;
    }

    String optionalTextOrEmpty(String field) {
      return node.has(field) ? text(field) : "";
    }

    List<String> texts(String field) {
      List<String> texts = new ArrayList<>();
      for (JsonNode item : list(field)) {
        texts.add(text(field, item));
      }
      return texts;
    }

    Fields object(String field) {
      return new Fields(field, take(field));
    }

    List<Fields> objects(String field) {
      List<Fields> objects = new ArrayList<>();
      for (JsonNode item : list(field)) {
        objects.add(new Fields(name + ", item " + (objects.size() + 1) + " of '" + field + "'", item));
      }
      return objects;
    }

    List<Fields> optionalObjects(String field) {
      return node.has(field) ? objects(field) : List.of();
    }

    void done() {
      if (!left.isEmpty()) {
        throw fault("unknown field '" + left.iterator().next() + "'");
      }
    }

    private JsonNode take(String field) {
      JsonNode value = node.get(field);
      if (value == null) {
        throw fault("missing field '" + field + "'");
      }
      left.remove(field);
      return value;
    }

    private JsonNode list(String field) {
      JsonNode value = take(field);
      if (!value.isArray()) {
        throw fault("'" + field + "' must be a list");
      }
      return value;
    }

    private String text(String field, JsonNode value) {
      if (!value.isTextual() || value.textValue().isBlank()) {
        throw fault("'" + field + "' must be non-empty text (quote numbers)");
      }
      return value.textValue().strip();
    }
  }
}
