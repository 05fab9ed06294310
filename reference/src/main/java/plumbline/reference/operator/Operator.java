package plumbline.reference.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.spec.number.Matrix;
import plumbline.spec.number.NumberSystem;

/**
 * A statement of the paper that can be evaluated: its signature and how it is computed.
 *
 * <p>{@link #prepare} checks everything before any work: names, shapes and parameters, the sizes of the weights, and the
 * exact domain of the statement. Each error is one line that names the statement, the tensor or parameter, what was
 * expected and what came.
 */
public final class Operator {
  private final String id;
  private final String title;
  private final List<Argument> inputs;
  private final List<Argument> outputs;
  private final List<Parameter> parameters;
  private final Function<Arguments, Evaluation> body;

  private Operator(Builder builder, Function<Arguments, Evaluation> body) {
    this.id = builder.id;
    this.title = builder.title;
    this.inputs = List.copyOf(builder.inputs);
    this.outputs = List.copyOf(builder.outputs);
    this.parameters = List.copyOf(builder.parameters);
    this.body = body;
  }

  /** Id of the statement, such as {@code def-b.3}. */
  public String id() {
    return id;
  }

  /** What it computes, in a few words. */
  public String title() {
    return title;
  }

  /** The tensors that it takes: data and weights. */
  public List<Argument> inputs() {
    return inputs;
  }

  /** The tensors that it returns. */
  public List<Argument> outputs() {
    return outputs;
  }

  /** Its parameters. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** The signature on one line: {@code def-b.3(x: n×d, w_q: d×d, …) → y: n×d}. */
  public String signature() {
    String given = inputs.stream().map(Operator::text).collect(Collectors.joining(", "));
    String returned = outputs.stream().map(Operator::text).collect(Collectors.joining(", "));
    return id + "(" + given + ") → " + returned;
  }

  /**
   * Checks tensors and parameters and returns the computation. No work is done before every check has passed.
   *
   * @param tensors the inputs by name; outputs among them are checked for shape where it is known, and not used
   * @param given the parameters by name; those left out take their defaults
   * @throws OperatorException if something is unknown, missing, or not as the statement needs it
   */
  public Evaluation prepare(Map<String, Tensor> tensors, Map<String, String> given) {
    Map<String, String> values = parameterValues(given);
    Map<String, Tensor> used = new LinkedHashMap<>();
    Map<String, Integer> sizes = sizes(tensors, values, used);
    for (String name : tensors.keySet()) {
      if (!used.containsKey(name) && outputs.stream().noneMatch(o -> matches(o, name))) {
        throw new OperatorException(id + ": unknown tensor " + Arguments.quote(name) + "; it takes " + names(inputs));
      }
    }
    checkOutputs(tensors, sizes);
    return Arguments.named(id, () -> body.apply(new Arguments(id, used, values, sizes)));
  }

  /** Integer parameters and the sizes that the inputs bind; the inputs are added to {@code used}. */
  private Map<String, Integer> sizes(Map<String, Tensor> tensors, Map<String, String> values, Map<String, Tensor> used) {
    Map<String, Integer> sizes = new TreeMap<>();
    for (Parameter parameter : parameters) {
      String value = values.get(parameter.name());
      if (parameter.kind() == Parameter.Kind.INTEGER && value != null) {
        sizes.put(parameter.name(), Arguments.integer(id, parameter.name(), value));
      }
    }
    for (Argument input : inputs) {
      take(input, tensors, used, sizes);
    }
    return sizes;
  }

  /** The shape of the output that {@link Chain#passed goes on} in a chain; {@code null} if it is not known beforehand. */
  int @Nullable [] outputShape(Map<String, Tensor> tensors, Map<String, String> given) {
    Map<String, Integer> sizes = sizes(tensors, parameterValues(given), new LinkedHashMap<>());
    String passed = Chain.passed(this);
    String symbols = outputs.stream().filter(o -> o.name().equals(passed)).map(Argument::shape).findFirst().orElse("?");
    int[] shape = symbols.equals("scalar") ? new int[0]
        : Arrays.stream(symbols.split("×")).mapToInt(dim -> size(dim, sizes)).toArray();
    return Arrays.stream(shape).anyMatch(dim -> dim < 0) ? null : shape;
  }

  /** The checks of {@link #prepare} alone. */
  public void validate(Map<String, Tensor> tensors, Map<String, String> given) {
    prepare(tensors, given);
  }

  /** Checks, then computes the outputs in a number system, flattened like {@link Tensor#values()}. */
  public <M extends Matrix<M>> Map<String, M> evaluate(
      NumberSystem<M> system, Map<String, Tensor> tensors, Map<String, String> given) {
    return prepare(tensors, given).in(system);
  }

  private Map<String, String> parameterValues(Map<String, String> given) {
    for (String name : given.keySet()) {
      if (parameters.stream().noneMatch(p -> p.name().equals(name))) {
        throw new OperatorException(id + ": unknown parameter " + Arguments.quote(name) + "; it takes "
            + (parameters.isEmpty() ? "none" : parameters.stream().map(Parameter::name).collect(Collectors.joining(", "))));
      }
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      String value = given.getOrDefault(parameter.name(), parameter.defaultValue());
      if (value.isEmpty()) {
        throw new OperatorException(id + ": parameter " + parameter.name() + " is missing: " + parameter.doc());
      }
      switch (parameter.kind()) {
        case CHOICE -> {
          if (!parameter.allowed().contains(value)) {
            throw new OperatorException(id + ": parameter " + parameter.name() + " must be one of "
                + String.join(", ", parameter.allowed()) + ", got " + Arguments.quote(value));
          }
        }
        case INTEGER -> Arguments.integer(id, parameter.name(), value);
        case NUMBER -> Arguments.number(id, parameter.name(), value);
        case TEXT -> { }
      }
      values.put(parameter.name(), value);
    }
    return values;
  }

  private void take(Argument input, Map<String, Tensor> tensors, Map<String, Tensor> used, Map<String, Integer> sizes) {
    if (input.isFamily()) {
      int count = 0;
      for (Tensor member = tensors.get(member(input, 1)); member != null; member = tensors.get(member(input, count + 1))) {
        count++;
        used.put(member(input, count), member);
        bind(member(input, count), input.shape().replace("*", Integer.toString(count)), member, sizes, true);
      }
      if (count == 0 && !input.optional()) {
        throw missing(member(input, 1), input);
      }
      return;
    }
    Tensor tensor = tensors.get(input.name());
    if (tensor == null) {
      if (input.optional()) {
        return;
      }
      throw missing(input.name(), input);
    }
    used.put(input.name(), tensor);
    bind(input.name(), input.shape(), tensor, sizes, true);
  }

  private OperatorException missing(String name, Argument input) {
    return new OperatorException(id + ": tensor " + name + " (" + input.shape() + ") is missing; it takes " + names(inputs));
  }

  private void checkOutputs(Map<String, Tensor> tensors, Map<String, Integer> sizes) {
    for (Argument output : outputs) {
      tensors.forEach((name, tensor) -> {
        if (matches(output, name)) {
          String number = name.substring(name.lastIndexOf('_') + 1);
          bind(name, output.isFamily() ? output.shape().replace("*", number) : output.shape(), tensor, sizes, false);
        }
      });
    }
  }

  /** Checks a shape against its symbols; symbols met for the first time take their size from it if {@code binding}. */
  private void bind(String name, String symbols, Tensor tensor, Map<String, Integer> sizes, boolean binding) {
    String[] dims = symbols.equals("scalar") ? new String[0] : symbols.split("×");
    int[] shape = tensor.shape();
    boolean fits = shape.length == dims.length || (dims.length == 0 && tensor.size() == 1);
    int[] expected = new int[dims.length];
    Arrays.fill(expected, -1);
    for (int k = 0; k < dims.length; k++) {
      expected[k] = size(dims[k], sizes);
      if (expected[k] < 0 && binding && fits && isSymbol(dims[k])) {
        sizes.put(dims[k], shape[k]);
        expected[k] = shape[k];
      }
      fits &= shape.length == dims.length && (expected[k] < 0 || expected[k] == shape[k]);
    }
    if (!fits) {
      String numbers = Tensor.text(expected);
      throw new OperatorException(id + ": " + name + " must be " + symbols
          + (symbols.equals(numbers) || numbers.matches("[?×]*") ? "" : " = " + numbers) + ", got " + Tensor.text(shape));
    }
  }

  /** The value of a dimension: a number, a symbol, a product or an exact quotient; −1 if it is not known. */
  private static int size(String dim, Map<String, Integer> sizes) {
    long value = 1;
    for (String factor : dim.split("·")) {
      String[] parts = factor.split("/");
      int top = atom(parts[0], sizes);
      int bottom = parts.length == 1 ? 1 : atom(parts[1], sizes);
      if (top < 0 || bottom <= 0 || top % bottom != 0) {
        return -1;
      }
      value *= top / bottom;
      if (value > Integer.MAX_VALUE) {
        return -1;
      }
    }
    return (int) value;
  }

  private static int atom(String text, Map<String, Integer> sizes) {
    Integer known = sizes.get(text);
    return known != null ? known : text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
  }

  private static boolean isSymbol(String dim) {
    return !dim.matches(".*[·/].*") && !dim.matches("\\d+");
  }

  private static boolean matches(Argument argument, String name) {
    String stem = argument.name().substring(0, Math.max(0, argument.name().length() - 1));
    return argument.isFamily()
        ? name.startsWith(stem) && name.substring(stem.length()).matches("[1-9]\\d{0,5}")
        : argument.name().equals(name);
  }

  private static String member(Argument family, int number) {
    return family.name().substring(0, family.name().length() - 1) + number;
  }

  private static String text(Argument argument) {
    return (argument.optional() ? "[" : "") + argument.name() + ": " + argument.shape() + (argument.optional() ? "]" : "");
  }

  private static String names(List<Argument> arguments) {
    return arguments.isEmpty() ? "none" : arguments.stream().map(Operator::text).collect(Collectors.joining(", "));
  }

  /** Starts the description of an operator. */
  static Builder of(String id, String title) {
    return new Builder(id, title);
  }

  /** Describes an operator. */
  static final class Builder {
    private final String id;
    private final String title;
    private final List<Argument> inputs = new ArrayList<>();
    private final List<Argument> outputs = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();

    private Builder(String id, String title) {
      this.id = id;
      this.title = title;
    }

    Builder input(String name, String shape, String doc) {
      inputs.add(new Argument(name, shape, false, doc));
      return this;
    }

    Builder optional(String name, String shape, String doc) {
      inputs.add(new Argument(name, shape, true, doc));
      return this;
    }

    /** A family {@code name_*} of tensors. */
    Builder family(String name, String shape, boolean optional, String doc) {
      inputs.add(new Argument(name, shape, optional, doc));
      return this;
    }

    /** Weights; the same as an input. */
    Builder weights(String name, String shape, String doc) {
      return input(name, shape, doc);
    }

    Builder output(String name, String shape, String doc) {
      outputs.add(new Argument(name, shape, false, doc));
      return this;
    }

    Builder choice(String name, String doc, String... allowed) {
      parameters.add(new Parameter(name, Parameter.Kind.CHOICE, allowed[0], List.of(allowed), doc));
      return this;
    }

    Builder parameter(String name, Parameter.Kind kind, String defaultValue, String doc) {
      parameters.add(new Parameter(name, kind, defaultValue, List.of(), doc));
      return this;
    }

    Operator computes(Function<Arguments, Evaluation> body) {
      return new Operator(this, body);
    }
  }
}
