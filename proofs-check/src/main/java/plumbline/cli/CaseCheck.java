package plumbline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.math3.fraction.BigFraction;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.decide.Rung;
import plumbline.reference.io.InputException;
import plumbline.reference.io.NpyArray;
import plumbline.reference.io.NpzFile;
import plumbline.reference.number.Decimals;
import plumbline.reference.operator.Argument;
import plumbline.reference.operator.Evaluation;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.OperatorException;
import plumbline.reference.operator.Tensor;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.ExactMatrix;
import plumbline.spec.number.Interval;
import plumbline.spec.number.NotExactException;
import plumbline.spec.number.ShapeException;

/** A file's outputs beside the exact result of a statement on the file's inputs. */
final class CaseCheck {
  /** Inputs larger than this are not evaluated in rationals, which could take hours. */
  private static final long RATIONAL_ENTRIES = 1 << 15;
  /** Exact rationals come after the enclosures at 53, 128 and 256 bits. */
  private static final int RATIONAL_AT = 3;

  private final Path file;
  private final Operator operator;
  private final Map<String, String> parameters;
  private final @Nullable Double maxUlps;
  private final List<NpyArray> inputs = new ArrayList<>();
  private final List<TensorComparison> outputs = new ArrayList<>();
  private final List<String> absent = new ArrayList<>();

  private CaseCheck(Path file, Operator operator, Map<String, String> parameters, @Nullable Double maxUlps) {
    this.file = file;
    this.operator = operator;
    this.parameters = parameters;
    this.maxUlps = maxUlps;
  }

  /**
   * Reads a file and measures its outputs.
   *
   * @param maxUlps the largest error that is no bug, or {@code null} if no verdict is asked for
   * @param maxBits the highest precision to try
   * @throws InputException if the file cannot be used
   * @throws OperatorException if its tensors or the parameters are not those of the statement
   */
  static CaseCheck run(Path file, Operator operator, Map<String, String> parameters, @Nullable Double maxUlps, int maxBits,
      Progress progress) {
    CaseCheck check = new CaseCheck(file, operator, parameters, maxUlps);
    Evaluation evaluation = check.prepare();
    check.decide(evaluation, maxBits, progress);
    return check;
  }

  private Evaluation prepare() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (NpyArray array : NpzFile.read(file).values()) {
      double[] values = array.values();
      if (covered(operator.outputs(), array.name()) && !covered(operator.inputs(), array.name())) {
        if (!array.dtype().isFloat()) {
          throw new InputException(file + ": output '" + array.name() + "' must be floating point to have ulps, got "
              + array.dtype().word());
        }
        outputs.add(new TensorComparison(array, maxUlps));
        // Only its shape is looked at; NaN and infinities are reported, not refused.
        values = new double[values.length];
      } else {
        int bad = array.firstNonFinite();
        if (bad >= 0) {
          throw new InputException(file + ": tensor '" + array.name() + "' at " + array.index(bad)
              + ": inputs must be finite, got " + array.get(bad));
        }
        inputs.add(array);
      }
      tensors.put(array.name(), Tensor.of(array.shape(), ExactMatrix.of(1, values.length, values)));
    }
    try {
      Evaluation evaluation = operator.prepare(tensors, parameters);
      for (Argument output : operator.outputs()) {
        if (outputs.stream().noneMatch(o -> covers(output, o.y().name()))) {
          absent.add(output.name());
        }
      }
      if (outputs.isEmpty()) {
        throw new InputException(file + ": no output to check: expected "
            + operator.outputs().stream().map(o -> o.name() + " (" + o.shape() + ")").collect(Collectors.joining(", "))
            + ", found only the inputs " + NpzFile.describe(inputs));
      }
      return evaluation;
    } catch (OperatorException e) {
      throw new InputException(file + ": " + e.getMessage(), e);
    }
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

  private void decide(Evaluation evaluation, int maxBits, Progress progress) {
    long entries = inputs.stream().mapToLong(NpyArray::size).sum() + outputs.stream().mapToLong(o -> o.y().size()).sum();
    List<Rung> rungs = new ArrayList<>(Rung.upTo(maxBits));
    if (entries <= RATIONAL_ENTRIES) {
      rungs.add(Math.min(RATIONAL_AT, rungs.size()), Rung.EXACT);
    }
    for (Rung rung : rungs) {
      progress.doing(operator.id() + " in " + rung.system().name());
      try {
        refine(rung.system(), evaluation, rung.bits());
      } catch (NotExactException irrational) {
        continue; // Enclosures alone can tell.
      } catch (ShapeException e) {
        throw new InputException(file + ": " + e.getMessage(), e);
      } catch (ArithmeticException e) {
        throw new InputException(file + ": " + operator.id() + " is undefined on these inputs: " + e.getMessage(), e);
      }
      if (outputs.stream().allMatch(TensorComparison::isSettled)) {
        return;
      }
    }
  }

  private <M extends Certified<M>> void refine(CertifiedSystem<M> system, Evaluation evaluation, int bits) {
    Map<String, M> results = evaluation.in(system);
    for (TensorComparison output : outputs) {
      if (output.isSettled()) {
        continue;
      }
      M result = results.get(output.y().name());
      if (result == null) {
        throw new InputException(file + ": tensor '" + output.y().name() + "' is no output of " + operator.id()
            + " on these inputs, which are " + String.join(", ", results.keySet().stream().sorted().toList()));
      }
      if ((long) result.rows() * result.columns() != output.y().size()) {
        throw new InputException(file + ": " + output.y() + ": the exact result has " + result.rows() + "×"
            + result.columns() + " entries");
      }
      output.refine(result, bits);
    }
  }

  List<TensorComparison> outputs() {
    return outputs;
  }

  Operator operator() {
    return operator;
  }

  Map<String, String> parameters() {
    return parameters;
  }

  int exitCode() {
    boolean undecided = false;
    for (TensorComparison output : outputs) {
      if (output.verdict() == TensorComparison.Verdict.EXCEEDS) {
        return ExitCode.BUG;
      }
      undecided |= !output.isSettled();
    }
    return undecided ? ExitCode.UNDECIDED : ExitCode.DONE;
  }

  /** Prints the report. */
  void print(PrintWriter out) {
    String given = parameters.entrySet().stream().map(p -> p.getKey() + "=" + p.getValue())
        .collect(Collectors.joining(", "));
    out.println(file + " as " + operator.id() + ", " + operator.title() + (given.isEmpty() ? "" : " (" + given + ")"));
    for (TensorComparison output : outputs) {
      print(out, output);
    }
    if (!absent.isEmpty()) {
      out.println("not in the file, not checked: " + String.join(", ", absent));
    }
  }

  private void print(PrintWriter out, TensorComparison output) {
    NpyArray y = output.y();
    out.println(y);
    int worst = output.worst();
    if (worst >= 0) {
      double negligible = TensorComparison.NEGLIGIBLE_ULPS;
      int far = output.worstAbsolute();
      out.println("  largest error   " + output.ulpsAt(1).text(negligible) + " ulp " + at(output, worst));
      out.println("  of the entries  99 %: " + output.ulpsAt(0.99).text(negligible) + " ulp or less; half: "
          + output.ulpsAt(0.5).text(negligible) + " ulp or less");
      out.println("  absolute        " + output.largestAbsolute().text(0)
          + (far == worst ? " there" : " " + at(output, far)));
      out.println("  relative        " + output.relative().text(negligible) + " ε·max|" + y.name() + "|, ε = 2^"
          + (1 - y.dtype().precision()));
      nearZero(out, output, worst);
    }
    if (output.countNaN() > 0) {
      int e = output.firstNaN();
      out.println("  NaN             " + output.countNaN() + " of " + y.size() + " entries, the first at " + y.index(e)
          + ", where the exact value is " + exact(output, e) + "; left out above");
    }
    if (output.countInfinite() > 0) {
      out.println("  infinite        " + output.countInfinite() + " of " + y.size() + " entries; for "
          + output.countOverflow() + " of them the exact value rounds to infinity; ∞ counts as 2^" + (y.dtype().maxExponent() + 1));
    }
    out.println("  decided with    " + (output.isSettled() ? "" : "undecided at ")
        + (output.bits() == 0 ? "exact rationals" : output.bits() + " bits"));
    if (maxUlps != null) {
      out.println("  verdict         " + word(output) + (output.verdict() == TensorComparison.Verdict.UNDECIDED
          ? ": whether every error is at most " : " ") + number(maxUlps) + " ulp");
    }
  }

  /** Says why an error is large in ulps and small in every other respect. */
  private static void nearZero(PrintWriter out, TensorComparison output, int worst) {
    Bounds here = UlpError.magnitude(output.y().dtype(), output.exact(worst));
    double largest = 0;
    for (int e = 0; e < output.y().size(); e++) {
      largest = Math.max(largest, UlpError.magnitude(output.y().dtype(), output.exact(e)).lower());
    }
    if (output.ulps(worst).lower() > 1 && here.upper() * 16 <= largest) {
      String name = "max|" + output.y().name() + "|";
      out.println("  note            the exact value there is "
          + (here.upper() == 0 ? "0" : Decimals.brief(largest / here.upper())
          + " times smaller than " + name) + ", and its ulp is as small;");
      out.println("                  if it is what a cancellation leaves, judge it by the absolute and relative lines");
    }
  }

  private static String at(TensorComparison output, int e) {
    double y = output.y().get(e);
    String value = output.y().dtype().precision() > 24 ? Double.toString(y) : Float.toString((float) y);
    return "at " + output.y().index(e) + ": file " + value + ", exact " + exact(output, e);
  }

  /** The exact value to a few digits more than the type has, as far as they are known. */
  private static String exact(TensorComparison output, int e) {
    Interval interval = output.exact(e);
    BigFraction lower = interval.lower();
    BigFraction upper = interval.upper();
    if (lower == null || upper == null) {
      return Decimals.interval(interval, 3);
    }
    for (int digits = output.y().dtype().precision() * 3 / 10 + 4; digits > 2; digits--) {
      String text = Decimals.scientific(lower, digits, RoundingMode.HALF_EVEN);
      if (text.equals(Decimals.scientific(upper, digits, RoundingMode.HALF_EVEN))) {
        return text;
      }
    }
    return "in " + Decimals.interval(interval, 3);
  }

  private static String word(TensorComparison output) {
    return output.verdict().name().toLowerCase(Locale.ROOT);
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value);
  }

  /** The report as JSON. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("file", file.toString());
    json.put("statement", operator.id());
    ObjectNode given = json.putObject("params");
    parameters.forEach(given::put);
    if (maxUlps != null) {
      json.put("max_ulps", maxUlps);
    }
    ArrayNode array = json.putArray("outputs");
    for (TensorComparison output : outputs) {
      array.add(json(output));
    }
    return json;
  }

  private static ObjectNode json(TensorComparison output) {
    NpyArray y = output.y();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", y.name());
    json.put("dtype", y.dtype().word());
    ArrayNode shape = json.putArray("shape");
    for (int dimension : y.shape()) {
      shape.add(dimension);
    }
    json.put("verdict", word(output));
    json.put("settled", output.isSettled());
    json.put("bits", output.bits());
    bounds(json, "max_ulps", output.ulpsAt(1));
    bounds(json, "p99_ulps", output.ulpsAt(0.99));
    bounds(json, "median_ulps", output.ulpsAt(0.5));
    bounds(json, "max_absolute", output.largestAbsolute());
    bounds(json, "max_relative_epsilon", output.relative());
    int worst = output.worst();
    if (worst >= 0) {
      json.set("worst", entry(output, worst));
      json.set("worst_absolute", entry(output, output.worstAbsolute()));
    }
    json.put("nan", output.countNaN());
    json.put("infinite", output.countInfinite());
    json.put("overflow", output.countOverflow());
    return json;
  }

  private static ObjectNode entry(TensorComparison output, int e) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode index = json.putArray("index");
    for (int i : NpyArray.index(output.y().shape(), e)) {
      index.add(i);
    }
    return json.put("value", output.y().get(e)).put("exact", exact(output, e));
  }

  private static void bounds(ObjectNode json, String name, Bounds bounds) {
    json.putArray(name).add(bounds.lower()).add(bounds.upper());
  }
}
