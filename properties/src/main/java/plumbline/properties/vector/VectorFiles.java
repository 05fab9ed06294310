package plumbline.properties.vector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import plumbline.properties.operator.OperatorCase;
import plumbline.reference.io.WholeFile;
import plumbline.reference.operator.Argument;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.Parameter;
import plumbline.reference.operator.Tensor;

/**
 * Golden vectors as JSON files, one per statement, and the JSON schema that they keep. Numbers are hexadecimal floats, as C,
 * Java and Python read and print them. The same bytes on every run and machine.
 */
public final class VectorFiles {
  /** The name of the schema's file. */
  public static final String SCHEMA = "vectors.schema.json";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private VectorFiles() {}

  /** The JSON schema (draft 2020-12). */
  public static byte[] schema() {
    try (InputStream in = VectorFiles.class.getResourceAsStream(SCHEMA)) {
      if (in == null) {
        throw new IllegalStateException(SCHEMA + " is missing in the build");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes the vectors of a statement as {@code STATEMENT.json}; the directory must be there.
   *
   * @return how many vectors were written
   * @throws plumbline.reference.io.InputException if the file cannot be written
   */
  public static int write(Path directory, Operator operator) {
    List<GoldenVector> vectors = GoldenVectors.of(operator.id());
    WholeFile.write(directory.resolve(operator.id() + ".json"), bytes(json(operator, vectors)));
    return vectors.size();
  }

  /** Writes the schema beside the vectors. */
  public static void writeSchema(Path directory) {
    WholeFile.write(directory.resolve(SCHEMA), schema());
  }

  /** The content of a statement's file. */
  static byte[] bytes(ObjectNode json) {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter()
        .withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try {
      return (MAPPER.writer(printer).writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static ObjectNode json(Operator operator, List<GoldenVector> vectors) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("schema", SCHEMA).put("source", "arXiv 2502.06167").put("statement", operator.id()).put("title", operator.title())
        .put("signature", operator.signature());
    ObjectNode model = json.putObject("float32_model").put("name", GoldenVectors.MODEL.name());
    ArrayNode assumptions = model.putArray("assumptions");
    GoldenVectors.MODEL.assumptions().forEach(assumptions::add);
    ObjectNode flags = json.putObject("flags");
    TreeSet<Flag> used = new TreeSet<>();
    vectors.forEach(vector -> used.addAll(vector.flags()));
    used.forEach(flag -> flags.put(flag.word(), flag.meaning()));
    ArrayNode array = json.putArray("vectors");
    vectors.forEach(vector -> array.add(json(vector)));
    return json;
  }

  private static ObjectNode json(GoldenVector vector) {
    OperatorCase inputs = vector.inputs();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", vector.id()).put("comment", vector.comment()).put("bug", vector.bug());
    ArrayNode flags = json.putArray("flags");
    vector.flags().forEach(flag -> flags.add(flag.word()));
    ObjectNode parameters = json.putObject("parameters");
    for (Parameter parameter : inputs.operator().parameters()) {
      parameters.put(parameter.name(), inputs.parameters().getOrDefault(parameter.name(), parameter.defaultValue()));
    }
    ObjectNode tensors = json.putObject("inputs");
    for (Argument input : inputs.operator().inputs()) {
      for (int k = 1; k <= inputs.tensors().size(); k++) {
        String name = input.name().replace("*", Integer.toString(k));
        Tensor tensor = inputs.tensors().get(name);
        if (tensor != null) {
          numbers(shape(tensors.putObject(name), tensor.shape()), "values", tensor.values().binary64());
        }
        if (!input.isFamily()) {
          break;
        }
      }
    }
    ObjectNode outputs = json.putObject("outputs");
    for (ExpectedOutput output : vector.expected()) {
      ObjectNode expected = shape(outputs.putObject(output.name()), output.shape());
      numbers(expected, "lower", output.lower());
      numbers(expected, "upper", output.upper());
      numbers(expected, "float32_error", output.float32Error());
    }
    return json;
  }

  private static ObjectNode shape(ObjectNode json, int[] shape) {
    ArrayNode dimensions = json.putArray("shape");
    for (int dimension : shape) {
      dimensions.add(dimension);
    }
    return json;
  }

  private static void numbers(ObjectNode json, String name, double[] values) {
    ArrayNode array = json.putArray(name);
    for (double value : values) {
      array.add(Double.toHexString(value));
    }
  }
}
