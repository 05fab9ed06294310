package plumbline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.conformance.Judge;
import plumbline.reference.conformance.Judgement;
import plumbline.reference.conformance.Ruling;
import plumbline.reference.conformance.UlpErrors;
import plumbline.reference.envelope.Format;
import plumbline.reference.envelope.Model;
import plumbline.reference.io.InputException;
import plumbline.reference.io.NpyArray;
import plumbline.reference.io.NpzFile;
import plumbline.reference.operator.Argument;
import plumbline.reference.operator.Chain;
import plumbline.reference.operator.Evaluation;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.OperatorException;
import plumbline.reference.operator.Tensor;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.ShapeException;

/**
 * A file's outputs beside the exact result of an operator, or of a chain of operators, on the file's inputs. Tensors of the
 * k-th layer of a chain are called {@code k.NAME}; its first input is the output of the layer before, as the file gives it
 * or, where the file does not, as it exactly is.
 */
final class CaseCheck {
  /** Tensors with more entries than this are not evaluated in rationals, which could take hours. */
  private static final long RATIONAL_ENTRIES = 1 << 15;

  /** Of larger files, errors in ulps are given as precisely as the rulings take, no more. */
  private static final long MEASURED_ENTRIES = 1 << 20;

  private static final Pattern IN_CHAIN = Pattern.compile("([1-9]\\d{0,3})\\.(.+)");

  /** How to judge: the models to choose from by format, first match first, and the precision at which to give up. */
  record Settings(List<Model> models, int maxBits) {

    /** The model for this format: one that stores results in it, or else in a coarser one; without models given, the default. */
    Optional<Model> model(Format format) {
      return models.isEmpty() ? Optional.of(Model.of(format))
          : models.stream().filter(model -> model.storage() == format).findFirst()
              .or(() -> models.stream().filter(model -> model.storage().precision() < format.precision()).findFirst());
    }

    /** The model of an implementation that returned numbers of this format; without models given, the default. */
    Model model(NpyArray y) {
      Format format = format(y);
      return model(format).orElseThrow(() -> new InputException("'" + y.name() + "' is " + format.word() + ", but model "
              + models.get(0).name() + " stores results in " + models.get(0).storage().word()));
    }
  }

  /** One layer: its operator, parameters, and the file's tensors under their names without the layer's number. */
  private static final class Stage {
    private final String prefix;
    private final Operator operator;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Map<String, NpyArray> inputs = new LinkedHashMap<>();
    private final Map<String, NpyArray> outputs = new LinkedHashMap<>();

    Stage(String prefix, Operator operator) {
      this.prefix = prefix;
      this.operator = operator;
    }
  }

  private final Path file;
  private final List<Stage> stages = new ArrayList<>();
  private final Map<String, String> parameters;
  private final Settings settings;
  private final List<TensorReport> outputs = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private boolean skipped;

  private CaseCheck(Path file, List<Operator> operators, Map<String, String> parameters, Settings settings) {
    this.file = file;
    this.parameters = parameters;
    this.settings = settings;
    for (Operator operator : operators) {
      stages.add(new Stage(operators.size() == 1 ? "" : stages.size() + 1 + ".", operator));
    }
  }

  /**
   * Reads a file and judges its outputs.
   *
   * @param operators one, or a chain of several
   * @throws InputException if the file cannot be used, or its tensors or the parameters are not those of the operators
   */
  static CaseCheck run(Path file, List<Operator> operators, Map<String, String> parameters, Settings settings,
      Progress progress) {
    CaseCheck check = new CaseCheck(file, operators, parameters, settings);
    try {
      check.read();
      check.judge(progress);
    } catch (OperatorException | ShapeException e) {
      throw new InputException(file + ": " + e.getMessage(), e);
    } catch (InputException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(file.toString()) ? e : new InputException(file + ": " + message, e);
    }
    return check;
  }

  /** The stage that a name in the file or on the command line belongs to, and the name in that stage. */
  private Map.Entry<Stage, String> locate(String what, String name) {
    if (stages.size() == 1) {
      return Map.entry(stages.get(0), name);
    }
    Matcher matcher = IN_CHAIN.matcher(name);
    int k = matcher.matches() ? Integer.parseInt(String.valueOf(matcher.group(1))) : 0;
    if (k < 1 || k > stages.size()) {
      throw new InputException(what + " '" + name + "' belongs to no layer: in a chain of " + stages.size()
          + " layers, names are 1.NAME to " + stages.size() + ".NAME");
    }
    return Map.entry(stages.get(k - 1), String.valueOf(matcher.group(2)));
  }

  private void read() {
    parameters.forEach((name, value) -> {
      Map.Entry<Stage, String> place = locate("parameter", name);
      place.getKey().parameters.put(place.getValue(), value);
    });
    for (NpyArray array : NpzFile.read(file).values()) {
      Map.Entry<Stage, String> place = locate("tensor", array.name());
      Operator operator = place.getKey().operator;
      String name = place.getValue();
      if (covered(operator.outputs(), name) && !covered(operator.inputs(), name)) {
        if (!array.dtype().isFloat()) {
          throw new InputException("output '" + array.name() + "' must be floating point to have ulps, got "
              + array.dtype().word());
        }
        place.getKey().outputs.put(name, array);
      } else {
        int bad = array.firstNonFinite();
        if (bad >= 0) {
          throw new InputException("tensor '" + array.name() + "' at " + array.index(bad) + ": inputs must be finite, got "
              + array.get(bad));
        }
        place.getKey().inputs.put(name, array);
      }
    }
    if (stages.stream().allMatch(stage -> stage.outputs.isEmpty())) {
      Stage last = stages.get(stages.size() - 1);
      List<NpyArray> inputs = stages.stream().flatMap(stage -> stage.inputs.values().stream()).toList();
      // What the operator misses besides comes first.
      Chain.of(List.of(new Chain.Link(stages.get(0).operator, tensors(stages.get(0)), stages.get(0).parameters)));
      throw new InputException("no output to check: expected " + last.operator.outputs().stream()
          .map(o -> last.prefix + o.name() + " (" + o.shape() + ")").collect(Collectors.joining(", "))
          + ", found only the inputs " + NpzFile.describe(inputs));
    }
  }

  private static Map<String, Tensor> tensors(Stage stage) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    stage.inputs.forEach((name, array) -> tensors.put(name, tensor(array, array.values())));
    // Only the shapes of outputs are looked at; NaN and infinities are judged, not refused.
    stage.outputs.forEach((name, array) -> tensors.put(name, tensor(array, new double[array.size()])));
    return tensors;
  }

  private static Tensor tensor(NpyArray array, double[] values) {
    return Tensor.of(array.shape(), ExactMatrix.of(1, values.length, values));
  }

  private static boolean covered(List<Argument> arguments, String name) {
    return arguments.stream().anyMatch(argument -> covers(argument, name));
  }

  private static boolean covers(Argument argument, String name) {
    if (!argument.isFamily()) {
      return argument.name().equals(name);
    }
    String stem = argument.name().substring(0, argument.name().length() - 1);
    return name.startsWith(stem) && name.substring(stem.length()).matches("[1-9]\\d{0,5}");
  }

  /** Judges each run of layers that begins with tensors of the file and ends with outputs of the file. */
  private void judge(Progress progress) {
    List<Chain.Link> links = new ArrayList<>();
    NpyArray before = null; // the output of the layer before, if the file gives it
    boolean broken = false; // whether the current run of layers begins with no numbers
    for (Stage stage : stages) {
      Map<String, Tensor> tensors = tensors(stage);
      String taken = Chain.taken(stage.operator);
      if (links.isEmpty() || before != null || tensors.containsKey(taken)) {
        links.clear();
        broken = false;
        if (before != null && !tensors.containsKey(taken)) {
          broken = before.firstNonFinite() >= 0;
          if (!broken) {
            tensors.put(taken, tensor(before, before.values()));
          }
        }
      }
      links.add(new Chain.Link(stage.operator, tensors, stage.parameters));
      for (Argument output : stage.operator.outputs()) {
        if (stage.outputs.keySet().stream().noneMatch(name -> covers(output, name))) {
          notes.add("not in the file, not checked: " + stage.prefix + output.name());
        }
      }
      if (!stage.outputs.isEmpty() && broken) {
        skipped = true;
        notes.add("not checked: " + stage.prefix + stage.operator.id() + ", whose input is not finite in the file");
      } else if (!stage.outputs.isEmpty()) {
        judge(stage, Chain.of(links), progress);
      }
      String passed = Chain.passed(stage.operator);
      before = passed == null ? null : stage.outputs.get(passed);
    }
  }

  private void judge(Stage stage, Evaluation evaluation, Progress progress) {
    long entries = stages.stream().flatMap(s -> s.inputs.values().stream()).mapToLong(NpyArray::size).sum();
    Set<Model> models = new LinkedHashSet<>();
    stage.outputs.values().forEach(y -> models.add(settings.model(y)));
    for (Model model : models) {
      Map<String, double[]> returned = new LinkedHashMap<>();
      stage.outputs.forEach((name, y) -> {
        if (settings.model(y).equals(model)) {
          returned.put(name, y.values());
        }
      });
      Judge.Observer observer = new Judge.Observer() {
        @Override
        public void evaluating(String system) {
          progress.doing(stage.prefix + stage.operator.id() + " in " + system);
        }

        @Override
        public boolean allowsRationals() {
          return entries <= RATIONAL_ENTRIES;
        }

        @Override
        public boolean isEnough(String name, Judgement judgement) {
          NpyArray y = stage.outputs.get(name);
          return entries > MEASURED_ENTRIES || (y != null && new UlpErrors(format(y), judgement).isTight());
        }
      };
      Map<String, Judgement> judgements;
      try {
        judgements = new Judge(model, settings.maxBits()).judge(evaluation, returned, observer);
      } catch (ArithmeticException e) {
        throw new InputException(stage.operator.id() + " is undefined on these inputs: " + e.getMessage(), e);
      }
      judgements.forEach((name, judgement) -> {
        NpyArray y = stage.outputs.get(name);
        if (y != null) {
          outputs.add(new TensorReport(y, stage.operator.id(), stage.operator.title(), model, judgement,
              new UlpErrors(format(y), judgement)));
        }
      });
    }
  }

  private static Format format(NpyArray y) {
    Format format = Format.named(y.dtype().word());
    if (format == null) {
      throw new InputException("'" + y.name() + "' is " + y.dtype().word() + ", not floating point");
    }
    return format;
  }

  List<TensorReport> outputs() {
    return outputs;
  }

  /** Exit code of the worst ruling. */
  int exitCode() {
    Set<Ruling> rulings = outputs.stream().map(output -> output.judgement().ruling()).collect(Collectors.toSet());
    return rulings.contains(Ruling.BUG) ? ExitCode.BUG
        : skipped || rulings.contains(Ruling.UNDECIDED) ? ExitCode.UNDECIDED : ExitCode.DONE;
  }

  private @Nullable TensorReport firstBug() {
    return outputs.stream().filter(output -> output.judgement().ruling() == Ruling.BUG).findFirst().orElse(null);
  }

  /** Prints the report. */
  void print(PrintWriter out) {
    String given = parameters.entrySet().stream().map(p -> p.getKey() + "=" + p.getValue())
        .collect(Collectors.joining(", "));
    String what = stages.size() == 1 ? stages.get(0).operator.id() + ", " + stages.get(0).operator.title()
        : stages.stream().map(stage -> stage.prefix + stage.operator.id()).collect(Collectors.joining(", "));
    out.println(file + " as " + what + (given.isEmpty() ? "" : " (" + given + ")"));
    models().forEach(model -> {
      out.println("model " + model.name() + ", which assumes");
      model.assumptions().forEach(line -> out.println("  " + line));
    });
    for (TensorReport output : outputs) {
      output.print(out);
    }
    notes.forEach(out::println);
    TensorReport bug = firstBug();
    if (stages.size() > 1 && bug != null) {
      out.println("first layer that breaks: " + layer(bug));
    }
  }

  private String layer(TensorReport output) {
    Map.Entry<Stage, String> place = locate("tensor", output.y().name());
    return place.getKey().prefix + place.getKey().operator.id();
  }

  private Set<Model> models() {
    return outputs.stream().map(TensorReport::model).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The report as JSON. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("file", file.toString());
    json.put("statement", stages.stream().map(stage -> stage.operator.id()).collect(Collectors.joining(",")));
    ObjectNode given = json.putObject("params");
    parameters.forEach(given::put);
    ObjectNode models = json.putObject("models");
    models().forEach(model -> {
      ArrayNode assumptions = models.putArray(model.name());
      model.assumptions().forEach(assumptions::add);
    });
    ArrayNode array = json.putArray("outputs");
    outputs.forEach(output -> array.add(output.json()));
    ArrayNode remarks = json.putArray("notes");
    notes.forEach(remarks::add);
    TensorReport bug = firstBug();
    if (stages.size() > 1 && bug != null) {
      json.put("first_bug", layer(bug));
    }
    return json;
  }
}
