package plumbline.properties.mutation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.properties.mutation.Implementation.Stage;
import plumbline.reference.conformance.Judge;
import plumbline.reference.conformance.Judgement;
import plumbline.reference.conformance.Ruling;
import plumbline.reference.envelope.Envelope;
import plumbline.reference.envelope.EnvelopeMatrix;
import plumbline.reference.envelope.Model;
import plumbline.reference.kernel.Workers;
import plumbline.reference.operator.Tensor;

/**
 * Judges honest float32 implementations of layers, and ones with a planted bug, by what a model allows. Each is judged end
 * to end, from the layer's inputs to its result; layers of several stages also stage by stage, where each tensor that the
 * implementation hands out is judged from the tensors that this stage was given.
 */
public final class Study {
  /** The position of the first size that is large. */
  private static final int REAL = 4;

  private final Envelope envelope;
  private final double factor;

  /** A study of float32 implementations within a model. */
  public Study(Model model) {
    this(model, 1);
  }

  /** A study with wrong envelopes: all errors are multiplied by a factor. */
  Study(Model model, double factor) {
    this.envelope = new Envelope(model);
    this.factor = factor;
  }

  /** How much is run. */
  public enum Extent {
    /** Sizes up to 64 tokens, in seconds. */
    SMALL,
    /** All sizes up to 680 tokens of width 1024, in minutes. */
    FULL;

    private int seeds(int size) {
      return this == SMALL ? 2 : size <= 2 ? 20 : size == 3 ? 4 : 1;
    }
  }

  /**
   * Inputs of a layer.
   *
   * @param layer which
   * @param size how large
   * @param position the size's position among the layer's sizes, from 0
   * @param kind what they are like
   * @param seed tells inputs of one size and kind apart
   */
  record Case(Subject layer, Subject.Size size, int position, Kind kind, int seed) {
    @Override
    public String toString() {
      return layer.name() + " " + layer.text(size) + (kind == Kind.ORDINARY ? "" : " " + kind.word())
          + ", seed " + seed;
    }

    private Tensors inputs() {
      // The same on every machine: hash codes of strings and of records of them are specified, of enums are not.
      return layer.inputs(size, kind, new Random(Objects.hash(layer.name(), position, kind.name(), seed)));
    }
  }

  /**
   * What became of an implementation on a case.
   *
   * @param name the style, or the bug
   * @param bug the bug; {@code null} for an honest style
   * @param equivalent whether a bug left every bit of the result as it was, so that there is nothing to be found in it
   * @param whole its result, judged from the inputs
   * @param used |y − v| of the worst entry over the error allowed, a lower bound
   * @param hidden whether a bug left every bit of all stages as it was
   * @param staged {@code BUG} if one of its stages is, judged from its operands; {@code whole} if there is one stage
   */
  record Outcome(String name, @Nullable Mutant bug, boolean equivalent, Ruling whole, double used, boolean hidden,
      Ruling staged) {}

  /** The names of the layers under study. */
  public static List<String> layers() {
    return Subjects.all().stream().map(Subject::name).toList();
  }

  /** How many cases a study of these layers has. */
  public static int size(Extent extent, List<String> layers) {
    return cases(extent, layers.stream().map(Subjects::named).toList()).size();
  }

  /** All cases of a study, the quick ones first. */
  static List<Case> cases(Extent extent, List<Subject> layers) {
    List<Case> cases = new ArrayList<>();
    int sizes = extent == Extent.SMALL ? 3 : Integer.MAX_VALUE;
    for (int position = 0; position < sizes; position++) {
      int before = cases.size();
      for (Subject layer : layers) {
        if (position < layer.sizes().size()) {
          Subject.Size size = layer.sizes().get(position);
          for (int seed = 1; seed <= extent.seeds(position); seed++) {
            cases.add(new Case(layer, size, position, Kind.ORDINARY, seed));
          }
          for (int seed = 1; seed <= Math.max(1, extent.seeds(position) / 4); seed++) {
            cases.add(new Case(layer, size, position, Kind.HOSTILE, seed));
            if (layer.probed()) {
              cases.add(new Case(layer, size, position, Kind.PROBE, seed));
            }
          }
        }
      }
      if (cases.size() == before) {
        break;
      }
    }
    return cases;
  }

  /** Judges all honest styles of a case, and the bugs that show on its kind of inputs. */
  List<Outcome> run(Case c) {
    return new Run(c).outcomes();
  }

  /** Watches a study. */
  public interface Watcher {
    /** A case begins. */
    default void started(String what) {}

    /** A case is done. */
    default void finished() {}
  }

  /**
   * Runs a study, on all processors.
   *
   * @param layers names among {@link #layers}
   * @throws IllegalArgumentException if one is not
   */
  public StudyReport run(Extent extent, List<String> layers, Watcher watcher) throws InterruptedException {
    List<Subject> subjects = layers.stream().map(Subjects::named).toList();
    List<Case> cases = cases(extent, subjects);
    ExecutorService workers = Executors.newFixedThreadPool(Workers.threads());
    try {
      List<Future<List<Outcome>>> runs = new ArrayList<>();
      for (Case c : cases) {
        runs.add(workers.submit(() -> {
          watcher.started(c.toString());
          List<Outcome> outcomes = run(c);
          watcher.finished();
          return outcomes;
        }));
      }
      StudyReport report = new StudyReport(envelope.model(), subjects);
      for (int i = 0; i < cases.size(); i++) {
        report.add(cases.get(i), runs.get(i).get());
      }
      return report;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a case of the mutation study failed: " + e.getCause(), e.getCause());
    } finally {
      workers.shutdownNow();
    }
  }

  private Judgement judge(FloatTensor y, EnvelopeMatrix allowed) {
    double[] error = allowed.error();
    if (factor != 1) {
      Arrays.setAll(error, e -> error[e] * factor);
    }
    return Judge.judge(y.doubles(), allowed.exact(), error, allowed.cause());
  }

  /** One case under way. */
  private final class Run {
    private final Case c;
    private final Tensors inputs;
    private final EnvelopeMatrix whole;
    private final Implementation plain;
    private final Tensors honest;
    /** Of stages from the plain implementation's operands. */
    private final Map<String, EnvelopeMatrix> stages = new HashMap<>();

    Run(Case c) {
      this.c = c;
      this.inputs = c.inputs();
      Map<String, Tensor> exact = new HashMap<>();
      inputs.all().forEach((name, tensor) -> exact.put(name, tensor.exact()));
      EnvelopeMatrix result = c.layer().operator().evaluate(envelope, exact, c.layer().parameters(c.size())).get("y");
      if (result == null) {
        throw new IllegalStateException(c + " has no result y");
      }
      this.whole = result;
      this.plain = c.layer().implementation(Style.PLAIN);
      this.honest = plain.run(inputs);
    }

    List<Outcome> outcomes() {
      List<Outcome> outcomes = new ArrayList<>();
      for (Style style : styles()) {
        Implementation implementation = c.layer().implementation(style);
        Tensors results = style == Style.PLAIN ? honest : implementation.run(inputs);
        outcomes.add(outcome(style.name(), null, implementation, results));
      }
      for (Mutant mutant : c.layer().mutants()) {
        if (mutant.kind() == c.kind() || (c.kind() == Kind.PROBE && mutant.kind() == Kind.ORDINARY)) {
          Implementation planted = mutant.change().apply(plain);
          outcomes.add(outcome(mutant.name(), mutant, planted, planted.run(inputs, honest)));
        }
      }
      return outcomes;
    }

    /** All; on real sizes, where each takes seconds, only a few beyond ordinary inputs. */
    private List<Style> styles() {
      return c.position() < REAL || c.kind() == Kind.ORDINARY ? Style.HONEST : Style.HONEST.subList(0, 2);
    }

    private Outcome outcome(String name, @Nullable Mutant bug, Implementation implementation, Tensors results) {
      FloatTensor y = results.get("y");
      boolean equivalent = bug != null && y.same(honest.get("y"));
      boolean hidden = bug != null && implementation.stages().stream()
          .allMatch(stage -> results.get(stage.name()).same(honest.get(stage.name())));
      Judgement judgement = judge(y, whole);
      Ruling ruling = judgement.ruling();
      return new Outcome(name, bug, equivalent, ruling, judgement.share().lower(), hidden,
          implementation.stages().size() == 1 ? ruling : byStages(implementation, results, bug == null));
    }

    /** The first stage that is a bug makes all one. Of an implementation with a bug, only changed stages need a look. */
    private Ruling byStages(Implementation implementation, Tensors results, boolean all) {
      Ruling ruling = Ruling.ROUNDING;
      for (Stage stage : implementation.stages()) {
        boolean known = stage.operands().stream().allMatch(operand -> results.get(operand).finite());
        if (!known || (!all && !implementation.isChanged(stage.name()))) {
          continue;
        }
        boolean same = stage.operands().stream().allMatch(operand -> results.get(operand) == honest.get(operand));
        EnvelopeMatrix allowed = same ? stages.computeIfAbsent(stage.name(), name -> allowed(name, honest))
            : allowed(stage.name(), results);
        Ruling here = judge(results.get(stage.name()), allowed).ruling();
        if (here == Ruling.BUG) {
          return here;
        }
        ruling = here == Ruling.UNDECIDED ? here : ruling;
      }
      return ruling;
    }

    private EnvelopeMatrix allowed(String stage, Tensors given) {
      return c.layer().<EnvelopeMatrix>exact(stage, operand -> envelope.lift(given.get(operand).exact().values()));
    }
  }
}
