package plumbline.reference.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.decide.Rung;
import plumbline.reference.envelope.Envelope;
import plumbline.reference.envelope.EnvelopeMatrix;
import plumbline.reference.envelope.Model;
import plumbline.reference.number.Ball53;
import plumbline.reference.number.Ball53Matrix;
import plumbline.reference.number.Directed;
import plumbline.reference.operator.Evaluation;
import plumbline.reference.operator.OperatorException;
import plumbline.spec.number.Certified;
import plumbline.spec.number.CertifiedSystem;
import plumbline.spec.number.NotExactException;
import plumbline.spec.number.ShapeException;
import plumbline.spec.rounding.Up;

/**
 * Judges the outputs of implementations. The errors that a model allows come from one evaluation in its envelope; the exact
 * values are enclosed ever more finely while something is open, up to a limit of precision.
 */
public final class Judge {
  /** Outputs larger than this are not evaluated in rationals, which could take hours. */
  private static final long RATIONAL_ENTRIES = 1 << 15;
  /** Exact rationals come after the enclosures at 53, 128 and 256 bits. */
  private static final int RATIONAL_AT = 3;

  private final Model model;
  private final int maxBits;

  /**
   * A judge of implementations within a model.
   *
   * @param maxBits the precision at which to give up; at least {@link Rung#MIN_BITS}
   */
  public Judge(Model model, int maxBits) {
    this.model = model;
    this.maxBits = maxBits;
  }

  /** Watches a judge, and may ask for finer enclosures than the rulings need. */
  public interface Observer {
    /** The evaluation begins anew, in this number system. */
    default void evaluating(String system) {}

    /** Whether exact rationals may be tried. */
    default boolean allowsRationals() {
      return true;
    }

    /** Whether a judgement whose rulings are settled is known well enough. */
    default boolean isEnough(String name, Judgement judgement) {
      return true;
    }
  }

  /**
   * Judges an implementation's outputs of an evaluation.
   *
   * <p>An evaluation that refuses envelopes allows anything: its outputs are undecided.
   *
   * @param outputs some or all of the evaluation's outputs by name, row-major; NaN and ±∞ allowed
   * @return the judgements by the same names
   * @throws ShapeException if a name is no output, or its size is not the exact result's
   * @throws ArithmeticException if the evaluation is undefined on its inputs
   */
  public Map<String, Judgement> judge(Evaluation evaluation, Map<String, double[]> outputs) {
    return judge(evaluation, outputs, new Observer() {});
  }

  /** As {@link #judge(Evaluation, Map)}, watched. */
  public Map<String, Judgement> judge(Evaluation evaluation, Map<String, double[]> outputs, Observer observer) {
    Map<String, Judgement> judgements = new LinkedHashMap<>();
    Envelope envelope = new Envelope(model);
    observer.evaluating(envelope.name());
    Map<String, Judgement> known;
    try {
      known = begin(evaluation.in(envelope), outputs);
    } catch (OperatorException | UnsupportedOperationException notInEnvelopes) {
      observer.evaluating(Ball53.INSTANCE.name());
      known = beginUnbounded(evaluation.in(Ball53.INSTANCE), outputs, String.valueOf(notInEnvelopes.getMessage()));
    }
    judgements.putAll(known);
    for (String name : outputs.keySet()) {
      if (!judgements.containsKey(name)) {
        throw new ShapeException("there is no output '" + name + "'");
      }
    }
    List<Rung> rungs = new ArrayList<>(Rung.upTo(maxBits));
    if (observer.allowsRationals() && judgements.values().stream().mapToLong(Judgement::size).sum() <= RATIONAL_ENTRIES) {
      rungs.add(Math.min(RATIONAL_AT, rungs.size()), Rung.EXACT);
    }
    for (Rung rung : rungs.subList(1, rungs.size())) { // the first is what the envelope came with
      Map<String, Judgement> open = new LinkedHashMap<>(judgements);
      open.entrySet().removeIf(entry -> entry.getValue().isSettled() && observer.isEnough(entry.getKey(), entry.getValue()));
      if (open.isEmpty()) {
        break;
      }
      observer.evaluating(rung.system().name());
      try {
        refine(open, evaluation, rung.system(), rung.bits());
      } catch (NotExactException irrational) {
        continue; // Enclosures alone can tell.
      }
    }
    return judgements;
  }

  private static Map<String, Judgement> begin(Map<String, EnvelopeMatrix> results, Map<String, double[]> outputs) {
    Map<String, Judgement> judgements = new LinkedHashMap<>();
    outputs.forEach((name, y) -> {
      EnvelopeMatrix result = results.get(name);
      if (result != null) {
        judgements.put(name, begin(name, y, result.exact(), result.error(), result.cause()));
      }
    });
    return judgements;
  }

  /** Where no envelope is known, anything is allowed. */
  private static Map<String, Judgement> beginUnbounded(Map<String, Ball53Matrix> results, Map<String, double[]> outputs,
      String cause) {
    Map<String, Judgement> judgements = new LinkedHashMap<>();
    outputs.forEach((name, y) -> {
      Ball53Matrix result = results.get(name);
      if (result != null) {
        @Up double[] error = new @Up double[y.length];
        Arrays.fill(error, Directed.UNBOUNDED);
        judgements.put(name, begin(name, y, result, error, cause));
      }
    });
    return judgements;
  }

  private static Judgement begin(String name, double[] y, Ball53Matrix exact, @Up double[] error, @Nullable String cause) {
    requireSize(name, y, exact);
    Judgement judgement = new Judgement(y, error, cause);
    judgement.refine(exact, Rung.MIN_BITS);
    return judgement;
  }

  private static <M extends Certified<M>> void refine(Map<String, Judgement> judgements, Evaluation evaluation,
      CertifiedSystem<M> system, int bits) {
    Map<String, M> results = evaluation.in(system);
    judgements.forEach((name, judgement) -> {
      M result = results.get(name);
      if (result != null) {
        judgement.refine(result, bits);
      }
    });
  }

  private static void requireSize(String name, double[] y, Certified<?> exact) {
    if ((long) exact.rows() * exact.columns() != y.length) {
      throw new ShapeException("output '" + name + "' has " + y.length + " entries, the exact result "
          + exact.rows() + "×" + exact.columns());
    }
  }

  /**
   * Judges one matrix whose exact values and allowed errors are known.
   *
   * @param y what was returned, row-major
   * @param exact encloses the exact values
   * @param error the error allowed of each entry, +∞ for any
   * @param cause the primitive that made errors infinite, if one did
   */
  public static Judgement judge(double[] y, Certified<?> exact, @Up double[] error, @Nullable String cause) {
    requireSize("y", y, exact);
    Judgement judgement = new Judgement(y, error, cause);
    judgement.refine(exact, Rung.MIN_BITS);
    return judgement;
  }
}
