package plumbline.verify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One value of a JSON file and the path that names it. What is not as expected is a {@link Rejection}. */
record Json(String path, JsonNode node) {
  static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(20).maxTokenCount(5_000_000).build())
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build())
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final int LONGEST_SHOWN = 100;

  static Json parse(byte[] file) {
    try {
      return new Json("", MAPPER.readTree(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString()));
    } catch (IOException e) {
      Rejection.unless(false, "not acceptable as JSON in UTF-8: " + shown(String.valueOf(e.getMessage())), true);
      throw new IllegalStateException(e);
    }
  }

  /** A text of unknown origin on one short line. */
  static String shown(String text) {
    String line = text.substring(0, Math.min(text.length(), LONGEST_SHOWN)).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ").strip();
    return text.length() > LONGEST_SHOWN ? line + "…" : line;
  }

  void require(boolean condition, String reason) {
    Rejection.unless(condition, path.isEmpty() ? reason : path + ": " + reason, true);
  }

  private JsonNode expect(boolean condition, String expected) {
    require(condition, "expected " + expected + ", found " + (node.isValueNode() ? shown(node.asText()) : node.getNodeType()));
    return node;
  }

  Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    expect(node.isObject(), "an object").fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** Requires an object with exactly these keys, separated by spaces. */
  Json withKeys(String expected) {
    require(keys().equals(Set.of(expected.split(" "))), "expected the keys " + expected + "; found " + shown(keys().toString()));
    return this;
  }

  String oneOf(String expected) {
    require(List.of(expected.split(" ")).contains(text()), "expected one of: " + expected + "; found " + shown(text()));
    return text();
  }

  Json get(String key) { return new Json(path.isEmpty() ? key : path + "." + shown(key), node.path(key)); }
  String text() { return expect(node.isTextual(), "a string").textValue(); }

  int integer(int least, int most) {
    return expect(node.isInt() && least <= node.intValue() && node.intValue() <= most, "an integer from " + least + " to " + most)
        .intValue();
  }

  List<Json> list() {
    List<Json> list = new ArrayList<>();
    expect(node.isArray(), "an array").forEach(each -> list.add(new Json(path + "[" + list.size() + "]", each)));
    return list;
  }

  List<Json> list(long size) {
    require(!node.isArray() || node.size() == size, "expected " + size + " elements, found " + node.size());
    return list();
  }
}
