package plumbline.properties.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import plumbline.properties.operator.OperatorCase;
import plumbline.reference.operator.Operators;
import plumbline.reference.operator.Tensor;
import plumbline.spec.number.ExactMatrix;

/**
 * Inputs and weights of one statement, all float32 numbers, chosen so that certain bugs show.
 *
 * @param id the statement's id, a slash and a name, such as {@code def-b.1/large-scores}
 * @param comment what the inputs are
 * @param bug what goes wrong in an implementation that fails here
 * @param flags the bugs that certainly fail here
 * @param inputs the operator, its tensors and parameters
 * @param shapes the shapes of outputs that the signature leaves open, by name
 */
public record GoldenVector(String id, String comment, String bug, List<Flag> flags, OperatorCase inputs,
    Map<String, int[]> shapes) {

  /** Id of the statement. */
  public String statement() {
    return inputs.operator().id();
  }

  /** What the outputs must be, in the order of the signature. */
  public List<ExpectedOutput> expected() {
    return Expectations.of(this);
  }

  @Override
  public String toString() {
    return id;
  }

  /** Starts a vector of a statement. */
  static Builder of(String statement, String name) {
    return new Builder(statement, name);
  }

  /** Builds a vector. */
  static final class Builder {
    private final String statement;
    private final String name;
    private final List<Flag> flags = new ArrayList<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Map<String, int[]> shapes = new LinkedHashMap<>();

    private Builder(String statement, String name) {
      this.statement = statement;
      this.name = name;
    }

    Builder flags(Flag... these) {
      flags.addAll(Arrays.asList(these));
      return this;
    }

    Builder parameter(String parameter, String value) {
      parameters.put(parameter, value);
      return this;
    }

    /** A tensor of the given entries, each rounded to float32. */
    Builder tensor(String tensor, int[] shape, double... entries) {
      double[] values = new double[entries.length];
      Arrays.setAll(values, e -> (float) entries[e]);
      tensors.put(tensor, Tensor.of(shape, values));
      return this;
    }

    /** An n×m tensor. */
    Builder matrix(String tensor, int n, int m, double... entries) {
      return tensor(tensor, new int[] {n, m}, entries);
    }

    /** The n×n identity times a number. */
    Builder identity(String tensor, int n, double times) {
      double[] entries = new double[n * n];
      for (int i = 0; i < n; i++) {
        entries[i * n + i] = times;
      }
      return matrix(tensor, n, n, entries);
    }

    /** Numbers of 24 bits, uniform in [−scale, scale), the same for each name on every machine. */
    Builder random(String tensor, double scale, int... shape) {
      Random random = new Random(31L * (statement + name).hashCode() + tensor.hashCode());
      double[] entries = new double[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
      Arrays.setAll(entries, e -> (random.nextInt(1 << 24) - (1 << 23)) * 0x1p-23 * scale);
      return tensor(tensor, shape, entries);
    }

    /** A shape that the signature leaves open. */
    Builder shape(String output, int... shape) {
      shapes.put(output, shape);
      return this;
    }

    GoldenVector says(String comment, String bug) {
      OperatorCase inputs = new OperatorCase(Operators.find(statement).orElseThrow(), kept(tensors), kept(parameters));
      requireFloat32(inputs);
      return new GoldenVector(statement + "/" + name, comment, bug, List.copyOf(new TreeSet<>(flags)), inputs, kept(shapes));
    }

    private static <V> Map<String, V> kept(Map<String, V> map) {
      return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    private void requireFloat32(OperatorCase inputs) {
      inputs.tensors().forEach((tensor, values) -> {
        ExactMatrix entries = values.values();
        for (double entry : entries.binary64()) {
          if ((float) entry != entry) {
            throw new IllegalStateException(statement + "/" + name + ": " + tensor + " holds " + entry + ", no float32 number");
          }
        }
      });
    }
  }
}
