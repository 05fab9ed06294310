package plumbline.reference.onnx;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/** One run of a node: its inputs and attributes, checked as they are read. */
final class Call<M extends Matrix<M>> {
  private final Node node;
  private final int opset;
  private final NumberSystem<M> system;
  private final List<@Nullable Value<M>> inputs;
  private final List<@Nullable Literal> literals;
  private final Set<String> known = new HashSet<>();

  /**
   * @param inputs the inputs, {@code null} where an optional one is left out
   * @param literals the inputs that are the same in every run, {@code null} for others
   */
  Call(Node node, int opset, NumberSystem<M> system, List<@Nullable Value<M>> inputs, List<@Nullable Literal> literals) {
    this.node = node;
    this.opset = opset;
    this.system = system;
    this.inputs = inputs;
    this.literals = literals;
  }

  Node node() {
    return node;
  }

  int opset() {
    return opset;
  }

  NumberSystem<M> system() {
    return system;
  }

  int inputs() {
    return inputs.size();
  }

  int outputs() {
    return node.outputs().size();
  }

  /** Whether the node uses an output. */
  boolean wants(int output) {
    return output < node.outputs().size() && !node.outputs().get(output).isEmpty();
  }

  GraphException error(String message) {
    return new GraphException(node, message, null);
  }

  UndecidedException undecided(String message) {
    return new UndecidedException(node, message);
  }

  boolean has(int input) {
    return input < inputs.size() && inputs.get(input) != null;
  }

  Value<M> value(int input) {
    Value<M> value = input < inputs.size() ? inputs.get(input) : null;
    if (value == null) {
      throw error("input " + input + " is missing");
    }
    return value;
  }

  /** A floating-point input without −∞. */
  Value.Real<M> real(int input) {
    Value<M> value = value(input);
    if (value instanceof Value.Real<M> real) {
      return real;
    }
    throw error(value instanceof Masked
        ? "input " + input + " holds −∞, which only masks of a softmax may"
        : "input " + input + " must be floating-point numbers, got " + value);
  }

  /** An integer or boolean input. */
  Value.Whole<M> whole(int input) {
    Value<M> value = value(input);
    if (value instanceof Value.Whole<M> whole) {
      return whole;
    }
    throw error("input " + input + " must be integers, got " + value);
  }

  /** A boolean input. */
  Value.Whole<M> bool(int input) {
    Value.Whole<M> value = whole(input);
    if (value.type() != Literal.ElementType.BOOL) {
      throw error("input " + input + " must be BOOL, got " + value);
    }
    return value;
  }

  /** An input that lists integers, such as axes or a shape. */
  long[] list(int input) {
    Value.Whole<M> value = whole(input);
    if (value.shape().length > 1) {
      throw error("input " + input + " must be a list of integers, got " + value);
    }
    return value.values();
  }

  /** An input that holds one integer. */
  long integer(int input) {
    long[] values = list(input);
    if (values.length != 1) {
      throw error("input " + input + " must be one integer, got " + value(input));
    }
    return values[0];
  }

  /** An input that is the same in every run: an initializer, a constant or an input of the graph; or {@code null}. */
  @Nullable Literal literal(int input) {
    return input < literals.size() ? literals.get(input) : null;
  }

  /** Raises an error unless both inputs have one element type. */
  void requireSameType(int a, int b) {
    if (value(a).type() != value(b).type()) {
      throw error("inputs " + a + " and " + b + " must have one type, got " + value(a) + " and " + value(b));
    }
  }

  M lift(double exact) {
    return system.lift(ExactMatrix.of(1, 1, exact));
  }

  boolean hasAttribute(String name) {
    known.add(name);
    return node.attributes().containsKey(name);
  }

  /** An attribute of a type, or {@code null} if there is none. */
  private <T> @Nullable T attribute(String name, Class<T> type, String kind) {
    known.add(name);
    Object value = node.attributes().get(name);
    if (value == null) {
      return null;
    }
    if (!type.isInstance(value)) {
      throw error("attribute " + name + " must be " + kind);
    }
    return type.cast(value);
  }

  long integer(String name, long fallback) {
    Long value = attribute(name, Long.class, "an integer");
    return value == null ? fallback : value;
  }

  /** An attribute that is 0 or 1. */
  boolean flag(String name, boolean fallback) {
    long value = integer(name, fallback ? 1 : 0);
    if (value != 0 && value != 1) {
      throw error("attribute " + name + " must be 0 or 1, got " + value);
    }
    return value == 1;
  }

  /** A floating-point attribute, exactly. */
  double real(String name, double fallback) {
    Float value = attribute(name, Float.class, "a number");
    if (value == null) {
      return fallback;
    }
    if (Float.isNaN(value) || Float.isInfinite(value)) {
      throw error("attribute " + name + " is " + value + ", not a real number");
    }
    return value;
  }

  String string(String name, String fallback) {
    String value = attribute(name, String.class, "a string");
    return value == null ? fallback : value;
  }

  /** A string attribute that is one of the given words. */
  String word(String name, String fallback, String... words) {
    String value = string(name, fallback);
    if (!Arrays.asList(words).contains(value)) {
      throw error("attribute " + name + " = '" + value + "' is not supported; " + String.join(", ", words) + " are");
    }
    return value;
  }

  long @Nullable [] integers(String name) {
    return attribute(name, long[].class, "a list of integers");
  }

  /** A list of {@code count} numbers from {@code least} to {@link Dimensions#LIMIT}, all {@code fallback} if the attribute is missing. */
  int[] sizes(String name, int count, int fallback, int least) {
    long[] values = integers(name);
    if (values == null) {
      int[] all = new int[count];
      Arrays.fill(all, fallback);
      return all;
    }
    if (values.length != count || LongStream.of(values).anyMatch(v -> v < least || v > Dimensions.LIMIT)) {
      throw error("attribute " + name + " must be " + count + " integers, at least " + least + ", got " + Arrays.toString(values));
    }
    return LongStream.of(values).mapToInt(v -> (int) v).toArray();
  }

  /** A list that is an attribute before opset {@code since}, and input {@code input} from then on; {@code null} if not given. */
  long @Nullable [] listSince(int since, String name, int input) {
    if (opset < since) {
      return integers(name);
    }
    return has(input) ? list(input) : null;
  }

  @Nullable Literal literal(String name) {
    return attribute(name, Literal.class, "a tensor");
  }

  /** Raises an error if the node has an attribute that its operator has not looked at: its meaning is not implemented. */
  void requireAllRead() {
    Set<String> unread = new TreeSet<>(node.attributes().keySet());
    unread.removeAll(known);
    if (!unread.isEmpty()) {
      throw error("attribute " + unread.iterator().next() + " is not supported in opset " + opset);
    }
  }
}
