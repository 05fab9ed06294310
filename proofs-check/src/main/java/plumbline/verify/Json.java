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

  static Json parse(byte[] file) throws IOException {
    return new Json("", MAPPER.readTree(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString()));
  }
  /** A text of unknown origin on one short line. */
  static String shown(String text) {
    return text.substring(0, Math.min(text.length(), 100)).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ").strip();
  }

  void require(boolean condition, String reason) {
    Rejection.unless(condition, path.isEmpty() ? reason : path + ": " + reason, true);
  }

  private JsonNode expect(boolean condition, String expected) {
    require(condition, "expected " + expected + ", found " + (node.isValueNode() ? shown(node.asText()) : node.getNodeType()));
    return node;
  }

  Json get(String key) { return new Json(path.isEmpty() ? key : path + "." + shown(key), node.path(key)); }
  String text() { return expect(node.isTextual(), "a string").textValue(); }
  String oneOf(String words) { return expect(List.of(words.split(" ")).contains(text()), "one of: " + words).textValue(); }

  int integer(int least, int most) {
    boolean fits = node.isInt() && least <= node.intValue() && node.intValue() <= most;
    return expect(fits, "an integer from " + least + " to " + most).intValue();
  }

  Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    expect(node.isObject(), "an object").fieldNames().forEachRemaining(keys::add);
    return keys;
  }
  /** Requires an object with exactly these keys, which are separated by spaces. */
  Json withKeys(String expected) {
    require(keys().equals(Set.of(expected.split(" "))), "expected the keys " + expected + "; found " + shown(keys().toString()));
    return this;
  }

  List<Json> list() { return list(node.size()); }
  List<Json> list(long size) {
    List<Json> list = new ArrayList<>();
    expect(node.isArray() && node.size() == size, "an array of size " + size + ", not " + node.size())
        .forEach(each -> list.add(new Json(path + "[" + list.size() + "]", each)));
    return list;
  }
}
