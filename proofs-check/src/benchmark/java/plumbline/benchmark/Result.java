package plumbline.benchmark;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.BallEntries;
import plumbline.reference.number.BallMatrix;
import plumbline.reference.number.Binary64Matrix;

/** What a program returned, in the JSON that all sides write. */
record Result(String library, List<Double> seconds, Entries entries) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Result read(Path file) throws IOException {
    JsonNode root = JSON.readTree(file.toFile());
    List<Double> seconds = new ArrayList<>();
    root.get("seconds").forEach(value -> seconds.add(value.doubleValue()));
    List<Enclosure> values = StreamSupport.stream(root.get("entries").spliterator(), false)
        .map(entry -> Enclosure.parse(entry.textValue())).toList();
    return new Result(root.get("library").textValue(), seconds,
        new Entries(root.get("rows").intValue(), root.get("columns").intValue(), values));
  }

  static void write(Path file, String library, List<Double> seconds, Entries entries) throws IOException {
    try (JsonGenerator out = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      out.writeStartObject();
      out.writeStringField("library", library);
      out.writeArrayFieldStart("seconds");
      for (double value : seconds) {
        out.writeNumber(value);
      }
      out.writeEndArray();
      out.writeNumberField("rows", entries.rows());
      out.writeNumberField("columns", entries.columns());
      out.writeArrayFieldStart("entries");
      for (Enclosure value : entries.values()) {
        out.writeString(value.toString());
      }
      out.writeEndArray();
      out.writeEndObject();
    }
  }

  static Entries entries(BallMatrix matrix) {
    return new Entries(matrix.rows(), matrix.columns(), IntStream.range(0, matrix.rows() * matrix.columns())
        .mapToObj(k -> BallEntries.read(matrix, k, Enclosure::new)).toList());
  }

  static Entries entries(Binary64Matrix matrix) {
    double[] values = matrix.toArray();
    return new Entries(matrix.rows(), matrix.columns(),
        IntStream.range(0, values.length).mapToObj(k -> Enclosure.exactly(values[k])).toList());
  }

  static Entries entries(Ball53Matrix matrix) {
    double[] midpoints = matrix.midpoints();
    double[] radii = matrix.radii();
    List<Enclosure> values = new ArrayList<>();
    for (int k = 0; k < midpoints.length; k++) {
      Enclosure middle = Enclosure.exactly(midpoints[k]);
      Enclosure radius = Enclosure.exactly(radii[k]);
      values.add(new Enclosure(middle.m(), middle.e(), radius.m(), radius.e()));
    }
    return new Entries(matrix.rows(), matrix.columns(), values);
  }
}
