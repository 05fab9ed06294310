package plumbline.properties.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.properties.operator.OperatorCase;
import plumbline.reference.decide.Rung;
import plumbline.reference.envelope.Envelope;
import plumbline.reference.envelope.EnvelopeMatrix;
import plumbline.reference.number.Rounding;
import plumbline.reference.operator.Argument;
import plumbline.reference.operator.Evaluation;
import plumbline.reference.operator.Operator;
import plumbline.reference.operator.Tensor;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.Interval;
import plumbline.spec.number.NotExactException;
import plumbline.spec.number.Shape;

/** Finds what the outputs of a golden vector must be. */
final class Expectations {
  /** Enclosures within two binary64 ulps are not refined: an exact value that is a binary64 number has no narrower one. */
  private static final int ULPS = 2;

  private static final int MAX_BITS = 1024;

  private Expectations() {}

  static List<ExpectedOutput> of(GoldenVector vector) {
    OperatorCase inputs = vector.inputs();
    Evaluation evaluation = inputs.evaluation();
    Map<String, Certified<?>> exact = enclosures(vector.id(), evaluation);
    Map<String, EnvelopeMatrix> envelopes = evaluation.in(new Envelope(GoldenVectors.MODEL));
    List<ExpectedOutput> outputs = new ArrayList<>();
    for (Argument output : inputs.operator().outputs()) {
      for (int k = 1; exact.containsKey(output.name().replace("*", Integer.toString(k))); k++) {
        String name = output.name().replace("*", Integer.toString(k));
        Certified<?> values = exact.get(name);
        EnvelopeMatrix envelope = envelopes.get(name);
        if (values != null && envelope != null) {
          outputs.add(output(name, shape(vector, output, k, Shape.of(values)), values, envelope.error()));
        }
        if (!output.isFamily()) {
          break;
        }
      }
    }
    return outputs;
  }

  private static ExpectedOutput output(String name, int[] shape, Certified<?> exact, double[] error) {
    int columns = exact.columns();
    double[] lower = new double[exact.rows() * columns];
    double[] upper = lower.clone();
    for (int e = 0; e < lower.length; e++) {
      Interval enclosure = exact.enclosure(e / columns, e % columns);
      lower[e] = lower(enclosure);
      upper[e] = upper(enclosure);
    }
    return new ExpectedOutput(name, shape, lower, upper, error);
  }

  private static double lower(Interval enclosure) {
    return enclosure.lower() == null ? Double.NEGATIVE_INFINITY : Rounding.down(enclosure.lower());
  }

  private static double upper(Interval enclosure) {
    return enclosure.upper() == null ? Double.POSITIVE_INFINITY : Rounding.up(enclosure.upper());
  }

  /** The exact outputs where they are rational; otherwise enclosures that binary64 cannot tell from the exact values. */
  private static Map<String, Certified<?>> enclosures(String id, Evaluation evaluation) {
    try {
      return in(evaluation, Rung.EXACT.system());
    } catch (NotExactException irrational) {
      for (Rung rung : Rung.upTo(MAX_BITS)) {
        Map<String, Certified<?>> found = in(evaluation, rung.system());
        if (found.values().stream().allMatch(Expectations::isTight)) {
          return found;
        }
      }
      throw new IllegalStateException(id + ": no enclosure within " + ULPS + " ulps at " + MAX_BITS + " bits");
    }
  }

  private static <M extends Certified<M>> Map<String, Certified<?>> in(Evaluation evaluation, CertifiedSystem<M> system) {
    return new LinkedHashMap<>(evaluation.in(system));
  }

  private static boolean isTight(Certified<?> exact) {
    for (int e = 0; e < exact.rows() * exact.columns(); e++) {
      Interval enclosure = exact.enclosure(e / exact.columns(), e % exact.columns());
      double top = upper(enclosure);
      for (int k = 0; k < ULPS; k++) {
        top = Math.nextDown(top);
      }
      if (!(top <= lower(enclosure))) {
        return false;
      }
    }
    return true;
  }

  /** The shape that the vector states, or that the signature gives, or the flat one where that has as many dimensions. */
  private static int[] shape(GoldenVector vector, Argument output, int number, Shape flat) {
    String name = output.name().replace("*", Integer.toString(number));
    int @Nullable [] stated = vector.shapes().get(name);
    String[] symbols = output.shape().equals("scalar") ? new String[0] : output.shape().split("×");
    int[] shape = stated != null ? stated.clone() : symbols.length == 1 ? new int[] {flat.columns()}
        : symbols.length == 2 ? new int[] {flat.rows(), flat.columns()} : fromSizes(symbols, sizes(vector.inputs()));
    int rows = Arrays.stream(shape).limit(Math.max(0, shape.length - 1)).reduce(1, (a, b) -> a * b);
    if (rows != flat.rows() || (shape.length > 0 && shape[shape.length - 1] != flat.columns())) {
      throw new IllegalStateException(vector.id() + ": " + name + " is " + flat + ", which is not " + Tensor.text(shape));
    }
    return shape;
  }

  private static int[] fromSizes(String[] symbols, Map<String, Integer> sizes) {
    return Arrays.stream(symbols).mapToInt(symbol -> {
      int size = 1;
      for (String factor : symbol.split("·")) {
        String[] parts = factor.split("/");
        size *= sizes.getOrDefault(parts[0], 0) / (parts.length == 1 ? 1 : sizes.getOrDefault(parts[1], 1));
      }
      return size;
    }).toArray();
  }

  /** The sizes that inputs and integer parameters give to symbols. */
  private static Map<String, Integer> sizes(OperatorCase inputs) {
    Operator operator = inputs.operator();
    Map<String, Integer> sizes = new HashMap<>();
    inputs.parameters().forEach((name, value) -> {
      if (value.matches("\\d{1,9}")) {
        sizes.put(name, Integer.valueOf(value));
      }
    });
    for (Argument input : operator.inputs()) {
      Tensor tensor = inputs.tensors().get(input.name());
      String[] symbols = input.shape().split("×");
      if (tensor != null && tensor.rank() == symbols.length) {
        for (int k = 0; k < symbols.length; k++) {
          sizes.putIfAbsent(symbols[k], tensor.shape()[k]);
        }
      }
    }
    sizes.put("3", 3);
    return sizes;
  }
}
