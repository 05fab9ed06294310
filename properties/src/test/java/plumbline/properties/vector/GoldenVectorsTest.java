package plumbline.properties.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plumbline.reference.number.Binary64;
import plumbline.reference.number.Binary64Matrix;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.Operators;

class GoldenVectorsTest {
  private static final List<String> MAIN_LAYERS =
      List.of("def-b.1", "def-b.3", "def-b.5", "def-b.6", "def-c.8", "def-c.9", "def-3.2", "def-c.1", "def-c.2");

  @TempDir
  Path folder;

  @Test
  void everyStatementHasItsVectorsAndEveryFlagIsUsed() {
    for (Operator operator : Operators.all()) {
      int count = GoldenVectors.of(operator.id()).size();
      assertTrue(count >= (MAIN_LAYERS.contains(operator.id()) ? 6 : 2), operator.id() + " has " + count);
    }
    List<GoldenVector> all = GoldenVectors.all();
    assertEquals(all.size(), all.stream().map(GoldenVector::id).distinct().count());
    assertEquals(Set.of(Flag.values()), all.stream().flatMap(vector -> vector.flags().stream()).collect(Collectors.toSet()));
  }

  @Test
  void boundsAreCertainAndTightAndErrorsSaySomething() {
    for (GoldenVector vector : GoldenVectors.all()) {
      for (ExpectedOutput output : vector.expected()) {
        for (int e = 0; e < output.size(); e++) {
          String place = vector.id() + " " + output.name() + " " + e;
          assertTrue(output.lower()[e] <= output.upper()[e], place);
          assertTrue(Math.nextUp(Math.nextUp(output.lower()[e])) >= output.upper()[e], place);
          assertTrue(output.float32Error()[e] < 1e30, place);
        }
      }
    }
  }

  /** What binary64 computes, rounded once to float32, is a correct float32 result. */
  @Test
  void anHonestResultIsAccepted() {
    for (GoldenVector vector : GoldenVectors.all()) {
      Map<String, Binary64Matrix> honest = vector.inputs().evaluation().in(Binary64.INSTANCE);
      for (ExpectedOutput output : vector.expected()) {
        double[] y = honest.get(output.name()).toArray();
        for (int e = 0; e < y.length; e++) {
          assertTrue(output.accepts(e, (float) y[e]), vector.id() + " " + output.name() + " " + e + ": " + y[e]);
        }
      }
    }
  }

  @Test
  void everyFlagIsEarned() {
    List<String> unearned = new ArrayList<>();
    for (GoldenVector vector : GoldenVectors.all()) {
      List<ExpectedOutput> expected = vector.expected();
      for (Flag flag : vector.flags()) {
        Map<String, Mutants.Returned> returned = Mutants.of(flag, vector);
        if (expected.stream().noneMatch(o -> returned.containsKey(o.name()) && returned.get(o.name()).isRejected(o))) {
          unearned.add(vector.id() + " " + flag);
        }
      }
    }
    assertEquals(List.of(), unearned);
  }

  @Test
  void filesKeepTheSchemaAndAreTheSameTwice() throws Exception {
    Path again = Files.createDirectory(folder.resolve("again"));
    VectorFiles.writeSchema(folder);
    JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(Files.readString(folder.resolve(VectorFiles.SCHEMA)));
    for (Operator operator : Operators.all()) {
      VectorFiles.write(folder, operator);
      VectorFiles.write(again, operator);
      byte[] bytes = Files.readAllBytes(folder.resolve(operator.id() + ".json"));
      assertArrayEquals(bytes, Files.readAllBytes(again.resolve(operator.id() + ".json")));
      JsonNode json = new ObjectMapper().readTree(bytes);
      assertEquals(Set.of(), schema.validate(json), operator.id());
      for (JsonNode vector : json.get("vectors")) {
        for (JsonNode flag : vector.get("flags")) {
          assertTrue(json.get("flags").has(flag.asText()), vector.get("id") + " " + flag);
        }
        vector.get("outputs").forEach(output -> assertEquals(product(output.get("shape")), output.get("lower").size()));
        vector.get("inputs").forEach(input -> assertEquals(product(input.get("shape")), input.get("values").size()));
      }
    }
    String broken = new String(Files.readAllBytes(folder.resolve("def-b.1.json")), StandardCharsets.UTF_8).replaceFirst("0x1", "1");
    assertEquals(1, schema.validate(new ObjectMapper().readTree(broken)).size());
  }

  private static int product(JsonNode shape) {
    int size = 1;
    for (JsonNode dimension : shape) {
      size *= dimension.asInt();
    }
    return size;
  }
}
